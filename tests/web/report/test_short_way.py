"""Whoever has told enough is done at once, and "you may leave all of it empty" is true."""

from datetime import time

import pytest
from redis import Redis

from tests.web.report.test_own_words import begun
from tests.web.report.test_steps import KIND, TOLD, Walker, stored, walker
from tipintake.door import unfinished
from tipintake.tips.models import Sighting, Tip
from tipintake.web.report import sending
from tipintake.web.report.steps import IS_OWN

__all__ = ["stored", "walker"]  # fixtures

STORY = "A gray van waits every Friday night behind a motel in Wentzville. She is never alone."


def test_whoever_has_told_enough_goes_straight_on_to_the_check(
    walker: Walker, stored: Redis
) -> None:
    walker.press("continue", **KIND)
    page = walker.press("check", narrative=STORY)
    assert walker.at == "/r/check/"
    assert "Wentzville Police" in page.text
    assert walker.press("send").status == 201
    assert Tip.objects.count() == 1
    assert list(stored.scan_iter("unfinished:*")) == []


def test_with_nothing_told_it_says_what_is_missing(walker: Walker) -> None:
    walker.press("continue", **KIND)
    page = walker.press("check")
    assert walker.at == "/r/2/"
    assert "Something needs another look" in page.text


def test_who_wrote_of_themselves_alone_is_told_so_on_the_check_page(walker: Walker) -> None:
    own = "I live at 512 Elm Street, call me at 314-555-0163."
    walker.press("continue", **KIND)
    page = walker.press("check", narrative=own)
    assert walker.at == "/r/check/"
    assert "What points to you" in page.text
    assert "What points to you" in walker.press("send").text
    page = walker.press("change told")
    assert walker.at == "/r/2/"
    assert page.value("narrative") == own
    walker.press("continue", narrative=f"{own} {STORY}")
    assert walker.at == "/r/check/"
    assert walker.press("send").status == 201
    assert Tip.objects.count() == 1


def test_what_is_to_mend_on_this_step_is_mended_first(walker: Walker) -> None:
    walker.press("continue", **KIND)
    page = walker.press("check", narrative="x" * 4001)
    assert walker.at == "/r/2/"
    assert len(page.value("narrative")) == 4001


def test_it_is_offered_once_something_can_be_told_and_until_the_check(walker: Walker) -> None:
    offered = []
    for number, answers in enumerate((KIND, TOLD, {}, {}, {}), start=1):
        offered += [number] if "check" in walker.page.acts() else []
        page = walker.press("continue", **answers)
    assert offered == [2, 3, 4]
    assert walker.at == "/r/check/"
    assert "check" not in walker.press("change told").acts()
    assert "continue" in walker.page.acts()
    assert page.status == 200


@pytest.mark.parametrize(
    ("typed", "said", "rule", "start"),
    [
        ({"sighting__weekdays": ["FR"]}, "Friday", "FREQ=WEEKLY;BYDAY=FR", None),
        ({}, "Again and again", "", None),
        ({"sighting__local_start": "22:00"}, "Again and again from about 10:00 PM", "", time(22)),
    ],
)
def test_what_comes_again_and_again_needs_neither_hours_nor_days(
    walker: Walker, typed: dict[str, str | list[str]], said: str, rule: str, start: time | None
) -> None:
    walker.press("continue", **KIND)
    walker.press("continue", **TOLD)
    page = walker.press("check", sighting__kind="RECURRING", **typed)
    assert walker.at == "/r/check/"
    assert said in page.text
    assert walker.press("send").status == 201
    kept = Sighting.objects.get()
    assert (kept.kind, kept.rrule, kept.local_start) == ("RECURRING", rule, start)


def test_an_end_alone_is_not_lost_but_asked_about(walker: Walker) -> None:
    walker.press("continue", **KIND)
    walker.press("continue", **TOLD)
    page = walker.press("check", sighting__kind="RECURRING", sighting__local_end="02:00")
    assert walker.at == "/r/3/"
    assert "From about what time of day?" in page.text
    assert page.value("sighting-local_end") == "02:00"


def test_what_was_passed_by_can_still_be_added_from_the_check(walker: Walker) -> None:
    walker.press("continue", **KIND)
    page = walker.press("check", narrative=STORY)
    acts = ("locations", "sighting", "vehicles", "persons", "online", "who")
    assert {f"change {one}" for one in acts} <= set(page.acts())
    page = walker.press("change vehicles")
    assert walker.at == "/r/4/"
    page = walker.press("continue", vehicles__0__plate_raw="KQ7")
    assert walker.at == "/r/check/"
    assert "KQ7" in page.text
    assert "change vehicles" not in page.acts()
    assert "change vehicles-0" in page.acts()


def test_the_short_way_asks_whether_it_is_about_oneself_and_then_of_the_police(
    walker: Walker,
) -> None:
    walker.press("continue", **KIND)
    page = walker.press("check", narrative=STORY)
    assert "change who" in page.acts()
    page = walker.press("send", reporter_is_victim="on")
    assert walker.at == "/r/5/"
    assert not Tip.objects.exists()
    assert "police_consent" in page.form() or "police" in page.text
    walker.press("continue")
    assert walker.press("send").status == 201
    kept = Tip.objects.get()
    assert (kept.reporter_is_victim, kept.police_consent) == (True, None)


def test_whoever_passed_that_step_is_not_asked_again(walker: Walker) -> None:
    for answers in (KIND, TOLD, {}, {}, {}):
        page = walker.press("continue", **answers)
    assert walker.at == "/r/check/"
    assert "reporter_is_victim" not in page.form()


def test_after_half_an_hour_it_is_still_known_that_it_is_about_oneself(
    walker: Walker, stored: Redis
) -> None:
    begun(walker, "me")
    stored.flushall()
    walker.press("continue", narrative=STORY)
    assert walker.at == "/r/1/"
    page = walker.press("continue", **KIND)
    assert walker.at == "/r/2/"
    assert "check" not in page.acts()
    for _ in range(4):
        page = walker.press("continue")
    assert walker.at == "/r/check/"
    assert "You did not say yes to the police" in page.text


@pytest.fixture
def failed_once(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """The short way, whose sending a fault of ours has stopped; tried again."""
    walker.press("continue", **KIND)
    walker.press("check", narrative=STORY)

    def fails(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(sending, "submit_tip", fails)
        assert walker.press("send").status == 503
    walker.at = "/r/all/"  # where the page that carries it posts to
    assert "I am the one in this situation" in walker.press("check").text
    return walker


def test_after_a_fault_of_ours_it_is_asked_still(failed_once: Walker) -> None:
    page = failed_once.press("send", reporter_is_victim="on")
    assert page.status == 200
    assert not Tip.objects.exists()
    assert {"police_consent"} <= {control.name for control in page.controls}
    failed_once.press("check", reporter_is_victim="on")
    assert failed_once.press("send").status == 201
    tip = Tip.objects.get()
    assert (tip.reporter_is_victim, tip.police_consent) == (True, None)


def test_after_a_fault_of_ours_somebody_else_sends_as_before(failed_once: Walker) -> None:
    assert "I am the one in this situation" in failed_once.press("check").text
    assert failed_once.press("send").status == 201
    assert not Tip.objects.get().reporter_is_victim


def test_what_no_longer_fits_when_it_is_about_oneself_stays_and_is_said(
    walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker.press("continue", **KIND)
    walker.press("check", narrative=STORY)
    real = unfinished.keep

    def full(secret: unfinished.Secret, words: str, *, up_to: float) -> None:
        if IS_OWN in words:
            raise unfinished.TooLong
        real(secret, words, up_to=up_to)

    monkeypatch.setattr(unfinished, "keep", full)
    page = walker.press("send", reporter_is_victim="on")
    assert page.status == 413
    assert page.value("narrative") == STORY
    assert not Tip.objects.exists()
