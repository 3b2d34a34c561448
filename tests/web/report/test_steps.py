"""The form in steps: every word is kept between two pages, and by nobody but the visitor."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from redis import Redis

from tests.outage import away_after, away_at_the_commit
from tests.web.report.test_check_and_send import mark_of
from tests.web.residents import Page, Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import unfinished
from tipintake.tips.models import Tip
from tipintake.web.report import sending, stepped
from tipintake.web.site.ways import WAYS

KIND: dict[str, str | list[str]] = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "RECENT",
    "minor_present": "UNKNOWN",
}
WORDS = (
    "Two women are driven to the motel each night and never leave alone. "
    "My name is Joan Example, call me at 314-555-0163."
)
TOLD: dict[str, str | list[str]] = {"narrative": WORDS, "indicators": ["CTL_ACCOMPANIED"]}
WHERE: dict[str, str | list[str]] = {
    "locations__0__name": "Budget Inn",
    "locations__0__city": "Wentzville",
    "sighting__kind": "RECURRING",
    "sighting__weekdays": ["FR"],
    "sighting__local_start": "22:00",
    "sighting__local_end": "02:00",
}


class Walker(Resident):
    """Somebody who goes from step to step; a redirect is followed as a browser does."""

    def press(self, act: str, **changes: str | list[str]) -> Page:
        values = self.page.form()
        for name, value in changes.items():
            values[name.replace("__", "-")] = value if isinstance(value, list) else [value]
        button = next(one for one in self.page.buttons if one.value == act)
        path = urlsplit(button.attrs.get("formaction", self.at)).path
        return self.post(path, {**values, "do": [act]})

    def post(self, path: str, values: dict[str, Any]) -> Page:
        answer = self.client.post(path, values)
        self.at = path
        while answer.status_code == 303:
            self.at = urlsplit(answer.headers["Location"]).path
            answer = self.client.get(self.at)
        self.page = Page(answer)
        return self.page

    def go(self, path: str) -> Page:
        self.at = path
        self.page = self.read(path)
        return self.page

    def keys(self) -> list[str]:
        return sorted(self.client.cookies.keys())


@pytest.fixture
def stored(steps: str) -> Iterator[Redis]:
    client = Redis.from_url(steps.replace("redis+socket://", "unix://"))
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def walker(region: Gazetteer, stored: Redis) -> Walker:
    found = Walker(Client())
    found.go("/r/1/")
    found.age_the_token()
    return found


def to_the_check(walker: Walker) -> Page:
    walker.press("continue", **KIND)
    walker.press("continue", **TOLD)
    walker.press("continue", **WHERE)
    walker.press("continue", vehicles__0__plate_raw="AB1?23")
    return walker.press("continue")


def everything(stored: Redis) -> bytes:
    found = [bytes(key) for key in stored.scan_iter()]
    return b"\n".join([*found, *(cast("bytes", stored.get(key) or b"") for key in found)])


def test_from_the_first_step_to_the_receipt(walker: Walker, stored: Redis) -> None:
    page = to_the_check(walker)
    assert walker.at == "/r/check/"
    assert "Check before sending" in page.text
    page = walker.press("send")
    assert page.status == 201
    assert "Write down this code" in page.text or "code" in page.text
    tip = Tip.objects.get()
    assert tip.vehicles.get().plate_raw == "AB1?23"
    assert list(stored.scan_iter("unfinished:*")) == []
    assert walker.client.cookies["draft"].value == ""


def test_a_database_that_goes_away_once_the_tip_is_kept_leaves_the_code_and_no_draft(
    walker: Walker, stored: Redis
) -> None:
    to_the_check(walker)
    with away_after(sending, "submit_tip"):
        page = walker.press("send")
    assert page.status == 201
    assert "Your code" in page.headings
    assert list(stored.scan_iter("unfinished:*")) == []


def test_the_first_page_leaves_no_cookie_and_the_first_continue_does(walker: Walker) -> None:
    assert walker.keys() == []
    walker.press("continue", **KIND)
    (cookie,) = walker.client.cookies.values()
    assert cookie.key == "draft"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["expires"] == cookie["max-age"] == ""


def test_what_is_kept_is_ciphertext_under_a_name_that_tells_nothing(
    walker: Walker, stored: Redis
) -> None:
    to_the_check(walker)
    secret = walker.client.cookies["draft"].value
    held = everything(stored)
    assert held
    for canary in ("Joan", "Budget", "Wentzville", "SEX_TRAFFICKING", "AB1?23", secret):
        assert canary.encode() not in held
    (key,) = stored.scan_iter()
    assert 0 < cast("int", stored.ttl(key)) <= 30 * 60


def test_back_and_reload_find_every_word_again(walker: Walker) -> None:
    walker.press("continue", **KIND)
    walker.press("continue", **TOLD)
    walker.press("back", **WHERE)
    assert walker.at == "/r/2/"
    assert walker.page.value("narrative") == WORDS
    assert walker.go("/r/2/").form()["indicators"] == ["CTL_ACCOMPANIED"]
    page = walker.go("/r/3/")
    assert page.value("locations-0-name") == "Budget Inn"
    assert page.form()["sighting-weekdays"] == ["FR"]
    assert walker.go("/r/1/").value("category") == "SEX_TRAFFICKING"


def test_a_step_says_what_to_mend_and_keeps_what_was_typed(walker: Walker) -> None:
    page = walker.press("continue", category="OTHER_UNSURE")
    assert walker.at == "/r/1/"
    assert "Something needs another look" in page.text
    assert "#id_immediacy_0" in [link.get("href") for link in page.links]
    assert page.value("category") == "OTHER_UNSURE"
    page = walker.press("continue", **KIND)
    assert walker.at == "/r/2/"
    assert "Something needs another look" not in page.text
    page = walker.press("continue", narrative="x" * 5000)
    assert walker.at == "/r/2/"
    assert "5,000" in page.text or "5000" in page.text
    assert page.value("narrative") == "x" * 5000


def test_rows_come_and_go_without_losing_the_others(walker: Walker) -> None:
    walker.press("continue", **KIND)
    walker.press("continue", **TOLD)
    walker.press("continue")
    page = walker.press("add-vehicles", vehicles__0__plate_raw="AAA111")
    page = walker.press("add-vehicles", vehicles__1__plate_raw="BBB222")
    assert {"vehicles-0-plate_raw", "vehicles-1-plate_raw", "vehicles-2-plate_raw"} <= set(
        page.form()
    )
    page = walker.press("remove-vehicles-0", persons__0__age_from="30")
    assert page.value("vehicles-0-plate_raw") == "BBB222"
    assert page.value("persons-0-age_from") == "30"


def test_nothing_to_report_leads_back_to_the_step_that_can_mend_it(walker: Walker) -> None:
    walker.press("continue", **KIND)
    for _ in range(3):
        walker.press("continue")
    page = walker.press("continue")
    assert walker.at == "/r/2/"
    assert "Tell us one thing you noticed" in page.text
    page = walker.press("continue", **TOLD)
    assert walker.at == "/r/check/"


def test_change_leads_to_the_step_and_from_there_back_to_the_check(walker: Walker) -> None:
    to_the_check(walker)
    walker.press("change vehicles-0")
    assert walker.at == "/r/4/"
    page = walker.press("continue", vehicles__0__plate_raw="ZZ9999")
    assert walker.at == "/r/check/"
    assert "ZZ9999" in page.text


def test_a_decision_is_kept_on_the_way(walker: Walker) -> None:
    page = to_the_check(walker)
    name = next(one.name for one in page.controls if one.name.startswith("decide "))
    values = {**page.form(), name: ["keep"], "do": ["change vehicles-0"]}
    walker.post("/r/check/", values)
    page = walker.press("continue")
    assert walker.at == "/r/check/"
    assert page.value(name) in {"keep", ""}
    assert any("Left in" in one for one in page.said)


def test_what_was_said_to_be_mine_is_taken_out_after_the_words_were_changed(
    walker: Walker,
) -> None:
    said = "The ad says to text 314-555-0142."
    walker.press("continue", **KIND)
    walker.press("continue", narrative=said)
    page = walker.press("check")
    mine = {**page.form(), mark_of(page, "314-555-0142"): ["remove"], "do": ["change told"]}
    walker.post("/r/check/", mine)
    page = walker.press("continue", narrative=f"It was late. {said}")
    assert walker.at == "/r/check/"
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert "It was late." in words
    assert "314-555-0142" not in words


def test_the_other_language_keeps_the_step_and_its_words(walker: Walker) -> None:
    walker.press("continue", **KIND)
    page = walker.page
    values = {**page.form(), "narrative": [WORDS], "do": ["language"]}
    page = walker.post("/es/r/2/", values)
    assert walker.at == "/es/r/2/"
    assert page.lang == "es"
    assert page.value("narrative") == WORDS


def test_leaving_forgets_what_was_kept(walker: Walker, stored: Redis) -> None:
    to_the_check(walker)
    assert list(stored.scan_iter())
    answer = walker.client.get("/exit/")
    assert "Set-Cookie" not in answer.headers
    assert '"cookies"' in answer.headers["Clear-Site-Data"]
    assert list(stored.scan_iter()) == []
    assert walker.go("/r/2/").status == 410


def test_after_half_an_hour_what_is_typed_now_is_not_lost(walker: Walker, stored: Redis) -> None:
    walker.press("continue", **KIND)
    stored.flushall()
    page = walker.press("continue", **TOLD)
    assert walker.at == "/r/1/"
    assert "half an hour had passed" in page.text
    walker.press("continue", **KIND)
    assert walker.at == "/r/2/"
    assert walker.page.value("narrative") == WORDS
    walker.press("continue")
    assert walker.at == "/r/3/"  # said once, and then on


def test_without_a_broker_a_page_that_is_only_read_says_that_nothing_is_lost(
    walker: Walker, settings: Settings
) -> None:
    walker.press("continue", **KIND)
    kept = settings.REDIS_URL
    settings.REDIS_URL = "redis+socket:///nowhere/valkey.sock"
    for path in ("/r/2/", "/r/check/"):
        page = walker.go(path)
        assert page.status == 503
        assert "Your answers are still locked away" in page.text
        assert "Should they be gone by then, the page says so." in page.text
        assert path in [link.get("href") for link in page.links]
    settings.REDIS_URL = kept
    assert walker.go("/r/1/").value("category") == "SEX_TRAFFICKING"


def test_without_a_broker_the_words_stay_and_the_other_form_takes_them(
    walker: Walker, settings: Settings
) -> None:
    walker.press("continue", **KIND)
    settings.REDIS_URL = "redis+socket:///nowhere/valkey.sock"
    page = walker.press("continue", **TOLD)
    assert page.status == 503
    assert "We cannot keep your steps just now" in page.text
    assert page.value("narrative") == WORDS
    page = walker.press("change")
    assert walker.at == "/r/all/"
    assert page.value("narrative") == WORDS
    assert "Set-Cookie" not in walker.client.get("/r/all/").headers


def test_a_page_of_another_site_keeps_nothing(walker: Walker, stored: Redis) -> None:
    answer = walker.client.post(
        "/r/1/", {**KIND, "do": "continue"}, HTTP_SEC_FETCH_SITE="cross-site"
    )
    assert answer.status_code == 409
    assert list(stored.scan_iter()) == []


@pytest.mark.parametrize("cookie", ["x", "é" * 43, "a" * 44, "../" * 14 + "a", ""])
def test_a_cookie_of_somebody_elses_making_opens_nothing(walker: Walker, cookie: str) -> None:
    walker.client.cookies["draft"] = cookie
    assert walker.go("/r/2/").status == 410
    assert walker.go("/r/1/").status == 200


def test_another_visitors_words_do_not_open_with_my_secret(steps: str) -> None:
    mine, theirs = unfinished.new_secret(), unfinished.new_secret()
    unfinished.keep(theirs, "their words", up_to=unfinished.NEW)
    assert unfinished.read(mine) is None
    assert unfinished.read(theirs) == "their words"
    unfinished.forget(theirs)
    assert unfinished.read(theirs) is None
    assert mine not in repr(mine)


@pytest.mark.parametrize(
    ("code", "name", "value"),
    [
        ("me", "reporter_is_victim", "on"),
        ("child-online", "category", "ONLINE_CHILD_EXPLOITATION"),
    ],
)
def test_a_way_in_brings_its_answers_along(
    walker: Walker, code: str, name: str, value: str
) -> None:
    walker.go(f"/r/as/{code}/")
    assert walker.keys() == []
    values = {**walker.page.form(), "do": ["continue"], **{k: [v] for k, v in KIND.items()}}
    values["category"] = ["ONLINE_CHILD_EXPLOITATION"]
    walker.post("/r/1/", values)
    step = "/r/5/" if name == "reporter_is_victim" else "/r/1/"
    assert walker.go(step).value(name) == value


@pytest.mark.parametrize("code", [way.code for way in WAYS])
def test_a_way_in_goes_on_in_the_other_language(walker: Walker, code: str) -> None:
    walker.go(f"/r/as/{code}/")
    page = walker.press("language", **KIND)
    assert (page.status, page.lang, walker.at) == (200, "es", "/es/r/1/")
    assert page.value("way") == code
    assert page.value("reporter_is_victim") == ("on" if code == "me" else "")
    assert {name: page.value(name) for name in KIND} == KIND


def test_who_had_begun_and_then_says_that_it_is_about_them_is_believed(walker: Walker) -> None:
    to_the_check(walker)
    walker.go("/r/as/me/")
    walker.post("/r/1/", {**walker.page.form(), "do": ["continue"], **KIND})
    assert walker.at == "/r/2/"
    assert walker.page.value("narrative") == WORDS
    for _step in (2, 3, 4):
        walker.press("continue")
    assert walker.at == "/r/5/"
    assert walker.page.value("reporter_is_victim") == "on"


def test_who_takes_it_back_on_the_last_step_is_believed_on_the_first(walker: Walker) -> None:
    walker.go("/r/as/me/")
    walker.post("/r/1/", {**walker.page.form(), "do": ["continue"], **KIND})
    walker.go("/r/5/")
    walker.press("back", reporter_is_victim=[])
    walker.go("/r/1/")
    walker.press("continue")
    assert walker.go("/r/5/").value("reporter_is_victim") == ""


def test_hotel_staff_see_their_signs_first(
    walker: Walker, resident_in: Callable[[str], Resident]
) -> None:
    walker.go("/r/as/hotel/")
    walker.post("/r/1/", {**walker.page.form(), "do": ["continue"], **KIND})
    boxes = [one.value for one in walker.page.controls if one.name == "indicators"]
    assert boxes[0].startswith("HTL_")


def test_a_reload_of_the_receipt_says_that_it_was_sent(walker: Walker) -> None:
    page = to_the_check(walker)
    values = {**page.form(), "do": ["send"]}
    assert walker.post("/r/check/", values).status == 201
    page = walker.post("/r/check/", values)
    assert page.status == 409
    assert "This was already sent" in page.text
    assert Tip.objects.count() == 1


def test_an_installation_that_was_given_a_new_secret_lets_nobody_press_send_for_ever(
    walker: Walker, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_the_check(walker)
    settings.SECRET_KEY = "another secret of this installation"
    assert walker.press("send").status == 409
    later = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert walker.press("send").status == 201
    assert Tip.objects.count() == 1


def test_two_windows_that_send_at_one_moment_keep_one_tip(walker: Walker, stored: Redis) -> None:
    """Both read the report before either was done with it."""
    page = to_the_check(walker)
    secret = unfinished.Secret(walker.client.cookies["draft"].value)
    words = unfinished.read(secret)
    values = {**page.form(), "do": ["send"]}
    receipt = walker.post("/r/check/", values)
    assert words is not None
    unfinished.keep(secret, words, up_to=unfinished.BEGUN)
    walker.client.cookies["draft"] = secret
    assert walker.post("/r/check/", values).html == receipt.html
    assert Tip.objects.count() == 1


def test_what_was_written_in_another_window_is_not_lost_without_a_word(walker: Walker) -> None:
    walker.press("continue", **KIND)
    other = {**walker.page.form(), "do": ["continue"]}  # this step, open there and empty
    walker.press("continue", **TOLD)
    page = walker.post("/r/2/", {**other, "narrative": ["Something else."]})
    assert page.status == 409
    assert "in another window too" in page.text
    assert page.value("narrative") == "Something else."
    assert walker.read("/r/2/").value("narrative") == WORDS
    walker.post("/r/2/", {**page.form(), "do": ["continue"]})
    assert walker.at == "/r/3/"
    assert walker.go("/r/2/").value("narrative") == "Something else."


def test_the_same_page_pressed_twice_or_one_that_only_adds_is_taken(walker: Walker) -> None:
    walker.press("continue", **KIND)
    twice = {**walker.page.form(), **TOLD, "do": ["continue"]}
    for more in ({}, {}, {"basis": ["SAW"]}):
        walker.post("/r/2/", {**twice, **more})
        assert walker.at == "/r/3/"


def test_nothing_is_sent_that_the_page_did_not_show(walker: Walker) -> None:
    shown = {**to_the_check(walker).form(), "do": ["send"]}
    walker.go("/r/2/")
    walker.press("continue", narrative="My brother Joe owns the van that comes each night.")
    page = walker.post("/r/check/", shown)
    assert page.status == 409
    assert "You changed your answers in another window" in page.text
    assert Tip.objects.count() == 0
    assert walker.press("send").status == 201


@pytest.mark.parametrize("broker", ["started anew", "away"])
def test_a_broker_that_is_lost_at_the_last_page_costs_no_tip(
    walker: Walker, stored: Redis, settings: Settings, broker: str
) -> None:
    page = to_the_check(walker)
    assert "Joan" not in page.value("copy")
    stored.flushall()
    if broker == "away":
        settings.REDIS_URL = "redis+socket:///nowhere/valkey.sock"
    page = walker.press("send")
    assert page.status == 201
    assert Tip.objects.get().vehicles.get().plate_raw == "AB1?23"
    again = walker.post("/r/check/", page.form())
    assert again.status in {410, 503}
    assert Tip.objects.count() == 1


def test_the_copy_of_the_last_page_leads_back_to_the_form(walker: Walker, stored: Redis) -> None:
    to_the_check(walker)
    stored.flushall()
    walker.press("change told")
    assert walker.at == "/r/2/"
    assert walker.page.value("narrative") == WORDS


@pytest.mark.parametrize("how", ["old", "sent", "of another browser", "left", "changed"])
def test_a_copy_opens_nothing_later_for_others_or_after_it_was_sent(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    page = to_the_check(walker)
    values = {**page.form(), "do": ["change told"]}
    secret = walker.client.cookies["draft"].value
    if how == "sent":
        walker.post("/r/check/", {**values, "do": ["send"]})
        walker.client.cookies["draft"] = secret
    stored.flushall()
    if how == "old":
        later = timezone.now() + timedelta(minutes=31)
        monkeypatch.setattr(timezone, "now", lambda: later)
    elif how == "of another browser":
        walker.client.cookies["draft"] = unfinished.new_secret()
    elif how == "left":
        del walker.client.cookies["draft"]
    elif how == "changed":
        values["copy"] = [values["copy"][0][:-8] + "AAAAAAA="]
    page = walker.post("/r/check/", values)
    assert page.status in {409, 410}
    assert WORDS not in page.html
    assert everything(stored) == b""


@pytest.mark.parametrize("at", ["/r/check/", "/r/5/", "/r/2/"])
def test_a_receipt_that_was_lost_on_its_way_comes_again(
    walker: Walker, stored: Redis, at: str
) -> None:
    """A browser that has the answer has no cookie any more; one that was cut off has it still."""
    page = to_the_check(walker)
    secret = walker.client.cookies["draft"].value
    values = {**page.form(), "do": ["send"]}
    receipt = walker.post("/r/check/", values)
    assert receipt.status == 201
    walker.client.cookies["draft"] = secret
    again = walker.post(at, values)
    assert again.html == receipt.html
    assert walker.client.cookies["draft"].value == ""
    assert Tip.objects.count() == 1
    walker.client.cookies["draft"] = secret
    assert walker.go(at).html == receipt.html
    assert walker.go(at).status == 410  # shown, and shown no more


def test_the_receipt_is_kept_for_five_minutes_as_ciphertext_and_not_after_leaving(
    walker: Walker, stored: Redis
) -> None:
    page = to_the_check(walker)
    secret = walker.client.cookies["draft"].value
    receipt = walker.post("/r/check/", {**page.form(), "do": ["send"]})
    held = everything(stored)
    assert b"Your code" not in held
    assert secret.encode() not in held
    (key,) = stored.scan_iter()
    assert 0 < cast("int", stored.ttl(key)) <= 5 * 60
    assert "Your code" in receipt.headings
    walker.client.cookies["draft"] = secret
    walker.client.get("/exit/")
    assert list(stored.scan_iter()) == []


def test_a_full_broker_keeps_no_receipt_and_no_report(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = to_the_check(walker)
    monkeypatch.setattr(unfinished, "_full", lambda: 1.0)
    assert walker.post("/r/check/", {**page.form(), "do": ["send"]}).status == 201
    assert list(stored.scan_iter()) == []


class Pressed:
    """Send pressed once, with its answer not there yet: what a second press meets."""

    def __init__(self, walker: Walker, stored: Redis) -> None:
        page = to_the_check(walker)
        self.walker = walker
        self.secret = unfinished.Secret(walker.client.cookies["draft"].value)
        self.values = {**page.form(), "do": ["send"]}
        words = unfinished.read(self.secret)
        assert words is not None
        walker.post("/r/check/", self.values)
        stored.flushall()
        unfinished.keep(self.secret, words, up_to=unfinished.BEGUN)

    def again(self) -> Page:
        self.walker.client.cookies["draft"] = self.secret
        return self.walker.post("/r/check/", self.values)


def pauses(patch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> list[float]:
    """The pauses between two looks, none of which takes time; `meanwhile` happens in each."""
    taken: list[float] = []

    def pause(seconds: float) -> None:
        taken.append(seconds)
        meanwhile()

    patch.setattr(stepped, "time", SimpleNamespace(sleep=pause))
    return taken


def test_without_its_answer_a_second_press_is_told_that_the_tip_is_safe(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = Pressed(walker, stored)
    taken = pauses(monkeypatch, lambda: None)
    page = pressed.again()
    assert page.status == 409
    assert "This was already sent" in page.text
    assert taken == [stepped.BETWEEN_LOOKS] * stepped.MOST_LOOKS


def test_a_second_press_waits_for_the_answer_to_the_first(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = Pressed(walker, stored)
    answer = b"<html lang=en><title>Sent</title><h1>The first answer</h1></html>"

    def first_ends() -> None:
        if len(taken) == 3:
            unfinished.finish(pressed.secret, answer)

    taken = pauses(monkeypatch, first_ends)
    assert pressed.again().headings == ["The first answer"]
    assert len(taken) == 3


def test_while_one_press_waits_no_other_keeps_a_thread(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = Pressed(walker, stored)
    others: list[int] = []
    taken = pauses(monkeypatch, lambda: others.append(pressed.again().status))
    pressed.again()
    assert others == [409] * stepped.MOST_LOOKS
    assert len(taken) == stepped.MOST_LOOKS, "only the first waited"


def test_one_that_waited_while_the_broker_went_away_lets_the_next_wait(
    walker: Walker, stored: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed = Pressed(walker, stored)

    def away(_secret: unfinished.Secret) -> None:
        raise unfinished.Unavailable

    with monkeypatch.context() as patch:
        taken = pauses(patch, lambda: patch.setattr(unfinished, "answer", away))
        assert pressed.again().status == 409
        assert len(taken) == 1
    taken = pauses(monkeypatch, lambda: None)
    pressed.again()
    assert len(taken) == stepped.MOST_LOOKS


@pytest.mark.django_db(transaction=True)
def test_a_tip_by_steps_that_was_perhaps_kept_is_not_kept_twice(walker: Walker) -> None:
    page = to_the_check(walker)
    with away_at_the_commit(back=False):
        page = walker.post("/r/check/", {**page.form(), "do": ["send"]})
    assert page.status == 503
    assert "It may be kept already or not" in page.text
    page = walker.post("/r/all/", {**page.form(), "do": ["send"]})
    assert page.status == 409
    assert "That tip is safe." in page.text
    assert Tip.objects.count() == 1


@pytest.mark.parametrize("number", [1, 2])
def test_what_is_begun_on_a_page_of_a_report_that_was_sent_meanwhile_is_a_tip_of_its_own(
    walker: Walker, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two windows of one browser: in one of them the report is sent."""
    walker.press("continue", **KIND)
    other = walker.go(f"/r/{number}/").form()
    walker.go("/r/2/")
    walker.press("continue", **TOLD)
    for _ in range(2):
        walker.press("continue")
    assert walker.press("continue").status == 200
    assert walker.press("send").status == 201
    page = walker.post(f"/r/{number}/", {**other, **KIND, "do": ["continue"]})
    if number == 2:
        page = walker.press("continue", **KIND)
    walker.press("continue", narrative="A man in a gray van waits for her behind the school.")
    for _ in range(3):
        page = walker.press("continue")
    assert walker.at == "/r/check/", page.text
    later = timezone.now() + timedelta(seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert walker.press("send").status == 201
    assert Tip.objects.count() == 2
