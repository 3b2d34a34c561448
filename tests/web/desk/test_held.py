"""Held words: opened, released, destroyed and locked away by the privacy officer alone."""

import re
import shutil
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.desk.conftest import (
    LogOn,
    MakeTip,
    hidden,
    hold_back,
    lock_away,
    said_by,
    text,
)
from tipintake.pipeline import watch
from tipintake.pipeline.sweep import sweep
from tipintake.privacy import keys
from tipintake.privacy.seal import PrivateKey
from tipintake.staff.digest import as_text, digest_of
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import messages, own_keys
from tipintake.tips.models import (
    DataKey,
    HeldSpan,
    Message,
    OnlineLead,
    Tip,
    VaultEntry,
    Vehicle,
)
from tipintake.tips.secrets import narrative_of, vault_words_of
from tipintake.triage.dialog import said_in
from tipintake.triage.held import Reason, release

NUMBER = "314-555-0142"
TWO = "First [held], then [held], and [removed]."
Judge = Callable[..., Any]


@pytest.fixture
def officer(log_on: LogOn) -> Client:
    return log_on(Role.PRIVACY_OFFICER, lines=("wentzville-pd",), name="officer")


@pytest.fixture
def judge(officer: Client) -> Judge:
    def act(span: HeldSpan, what: str, reason: str = "EVIDENCE") -> Any:
        return officer.post(f"/held/{span.pk}/{what}/", {"reason": reason})

    return act


def words(tip: Tip) -> str:
    fresh = Tip.objects.get(pk=tip.pk)
    return narrative_of(fresh, keys.desk_private(settings.PRIVATE_KEYS_DIR))


def test_of_what_is_due_no_days_below_none_are_told(officer: Client, make_tip: MakeTip) -> None:
    span = hold_back(make_tip("wentzville-pd"), "/narrative", NUMBER)
    gone = timezone.localdate() - timedelta(days=42)
    HeldSpan.objects.filter(pk=span.pk).update(destroy_after=gone)
    said = text(officer, "/held/")
    assert "time is over: destroyed with the next round" in said
    assert "days left" not in said


def test_the_list_says_what_and_how_long_and_never_the_words(
    officer: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    hold_back(tip, "/narrative", NUMBER)
    said = text(officer, "/held/")
    assert tip.reference in said
    assert "A phone number or e-mail" in said
    assert "rule contact-without-cue" in said
    assert "9 days left" in said
    assert NUMBER not in said


def test_one_is_opened_for_a_reason_with_the_words_around_it(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    span = hold_back(tip, "/narrative", NUMBER, mark=1)
    refused = judge(span, "open", reason="")
    assert refused.status_code == 422
    assert NUMBER not in refused.content.decode()
    assert not AuditEntry.objects.filter(act="held_span.opened").exists()
    opened = said_by(judge(span, "open").content.decode())
    assert f"First [held], then {NUMBER} , and [removed]." in opened
    entry = AuditEntry.objects.get(act="held_span.opened")
    assert (entry.actor, entry.subject) == ("officer", tip.reference)
    assert entry.facts == {"kind": "REPORTER_CONTACT", "reason": "EVIDENCE"}
    assert HeldSpan.objects.exists()


def test_why_it_is_judged_is_asked_anew_and_not_taken_from_why_it_was_opened(
    judge: Judge, make_tip: MakeTip
) -> None:
    span = hold_back(make_tip("wentzville-pd", narrative=TWO), "/narrative", "Anna", mark=0)
    page = judge(span, "open").content.decode()
    assert page.count('name="reason"') == 2
    assert "selected" not in page
    assert judge(span, "destroy", reason="").status_code == 422
    assert HeldSpan.objects.exists()


def test_from_a_page_that_says_what_is_missing_one_goes_on(
    judge: Judge, make_tip: MakeTip
) -> None:
    span = hold_back(make_tip("wentzville-pd"), "/narrative", NUMBER)
    assert f'action="/held/{span.pk}/open/"' in judge(span, "release", "").content.decode()


def test_who_comes_second_reads_what_became_of_the_words(
    officer: Client, judge: Judge, make_tip: MakeTip, log_on: LogOn
) -> None:
    """Who wanted to destroy them must not take them for gone when they stand in the tip."""
    tip = make_tip("wentzville-pd")
    span = hold_back(tip, "/narrative", NUMBER)
    other = log_on(Role.PRIVACY_OFFICER, name="other")
    form = {"reason": "WRITER", "tip": hidden(judge(span, "open").content.decode(), "tip")}
    judge(span, "release")
    answer = other.post(f"/held/{span.pk}/destroy/", form, follow=True)
    page = said_by(answer.content.decode())
    assert "These words are not held any more: somebody released, destroyed" in page
    assert f"Last with {tip.reference}: Held words released (officer, today" in page
    for unseen in ({**form, "tip": "T-0000-0000"}, {"reason": "WRITER"}):
        answer = other.post(f"/held/{span.pk}/destroy/", unseen, follow=True)
        assert "Last with" not in said_by(answer.content.decode())


def test_a_tip_whose_words_were_released_is_unread_again(
    judge: Judge, make_tip: MakeTip, triage: Client
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    span, other = (
        hold_back(tip, "/narrative", "Anna"),
        hold_back(tip, "/narrative", NUMBER, mark=1),
    )
    triage.get(f"/tips/{tip.reference}/")
    judge(other, "destroy")
    assert tip.reference not in text(triage, "/queue/?q=is:unread")
    judge(span, "release")
    assert tip.reference in text(triage, "/queue/?q=is:unread")


def test_of_a_tip_on_legal_hold_no_end_is_told(officer: Client, make_tip: MakeTip) -> None:
    span = hold_back(make_tip("wentzville-pd", legal_hold="COURT_ORDER"), "/narrative", NUMBER)
    HeldSpan.objects.filter(pk=span.pk).update(destroy_after="2020-01-01")
    said = text(officer, "/held/")
    assert "kept: the tip is on legal hold" in said
    assert "time is over" not in said


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_released_words_stand_in_the_tip_where_their_mark_stood(
    judge: Judge, make_tip: MakeTip, triage: Client, order: tuple[int, int]
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    both = (hold_back(tip, "/narrative", "Anna"), hold_back(tip, "/narrative", NUMBER, mark=1))
    for at in order:
        assert judge(both[at], "release").status_code == 302
    assert words(tip) == f"First Anna, then {NUMBER}, and [removed]."
    assert NUMBER in text(triage, f"/tips/{tip.reference}/")
    assert not HeldSpan.objects.exists()


def test_destroyed_words_leave_a_mark_and_the_others_can_still_be_released(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    first = hold_back(tip, "/narrative", "Anna")
    second = hold_back(tip, "/narrative", NUMBER, mark=1)
    judge(first, "destroy", reason="WRITER")
    judge(second, "release")
    assert words(tip) == f"First [removed], then {NUMBER}, and [removed]."
    assert AuditEntry.objects.get(act="held_span.destroyed").facts["reason"] == "WRITER"


def test_what_the_sweep_destroyed_keeps_its_mark_and_shifts_nothing(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    first = hold_back(tip, "/narrative", "Anna")
    second = hold_back(tip, "/narrative", NUMBER, mark=1)
    HeldSpan.objects.filter(pk=first.pk).update(destroy_after="2020-01-01")
    watch.beat(watch.SWEPT, now=timezone.now())
    sweep(now=timezone.now())
    assert not HeldSpan.objects.filter(pk=first.pk).exists()
    judge(second, "release")
    assert words(tip) == f"First [held], then {NUMBER}, and [removed]."


def test_words_of_a_field_are_put_back_into_the_field(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    vehicle = Vehicle.objects.create(tip=tip, position=2, features="sticker [held]")
    judge(hold_back(tip, "/vehicles/2/features", NUMBER), "release")
    vehicle.refresh_from_db()
    assert vehicle.features == f"sticker {NUMBER}"


def test_a_plate_and_a_user_name_that_were_held_are_searched_once_they_are_released(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    vehicle = Vehicle.objects.create(
        tip=tip, position=0, plate_raw="[held]", plate_canonical="HELD", plate_skeleton="HEL0"
    )
    lead = OnlineLead.objects.create(tip=tip, position=0, handle="[held]", handle_canonical="")
    judge(hold_back(tip, "/vehicles/0/plate_raw", "AB? C2O"), "release")
    judge(hold_back(tip, "/online/0/handle", "@Bella_Rose"), "release")
    vehicle.refresh_from_db()
    lead.refresh_from_db()
    assert (vehicle.plate_raw, vehicle.plate_canonical) == ("AB? C2O", "AB?C2O")
    assert (vehicle.plate_skeleton, vehicle.plate_partial) == ("A8?C20", True)
    assert (lead.handle, lead.handle_canonical) == ("@Bella_Rose", "bella_rose")


def test_words_that_do_not_fit_are_refused_and_kept(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    Vehicle.objects.create(tip=tip, position=0, make="x" * 30 + "[?]")
    span = hold_back(tip, "/vehicles/0/make", NUMBER)
    response = judge(span, "release")
    assert response.status_code == 422
    assert "longer than 40 characters" in response.content.decode()
    assert HeldSpan.objects.filter(pk=span.pk).exists()


def test_words_of_a_later_message_are_put_back_into_it(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    key = uuid.uuid4()
    made = messages.answer(tip, "On the wall: [held].", key=key, now=timezone.now())
    made.number = 1
    made.save(force_insert=True)
    judge(hold_back(tip, f"/messages/{key.hex}", NUMBER), "release")
    (said,) = said_in(tip, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    assert said.text == f"On the wall: {NUMBER}."
    assert Message.objects.get().at.minute == 0


def test_a_held_name_of_a_victim_goes_into_the_vault_and_out_of_the_text(
    judge: Judge, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    name = hold_back(tip, "/narrative", "Anna", kind="VICTIM_NAME")
    later = hold_back(tip, "/narrative", NUMBER, mark=1)
    assert judge(name, "lock-away", reason="SAFETY").status_code == 302
    assert words(tip) == "First [removed], then [held], and [removed]."
    assert not HeldSpan.objects.filter(pk=name.pk).exists()
    entry = tip.vault.get()
    assert (entry.field, entry.kind) == ("/narrative", "VICTIM_NAME")
    assert vault_words_of(entry, keys.vault_private(settings.PRIVATE_KEYS_DIR)) == "Anna"
    carer = log_on(Role.CHILD_VICTIM, lines=("wentzville-pd",), name="carer")
    opened = carer.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"}).content.decode()
    assert "Anna" in opened
    judge(later, "release")
    assert words(tip) == f"First [removed], then {NUMBER}, and [removed]."


def test_no_name_is_locked_away_under_a_key_that_no_copy_holds(
    judge: Judge, make_tip: MakeTip, tmp_path: Path, settings: Settings
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    span = hold_back(tip, "/narrative", "Anna", kind="VICTIM_NAME")
    own_keys.remember(settings.KEYS_DIR)
    settings.KEYS_DIR = shutil.copytree(settings.KEYS_DIR, tmp_path / "keys")
    keys.write_public(settings.KEYS_DIR, "vault", PrivateKey.new().public)
    refused = judge(span, "lock-away", reason="SAFETY")
    assert refused.status_code == 422
    assert "Bring the keys back" in said_by(refused.content.decode())
    assert HeldSpan.objects.filter(pk=span.pk).exists()
    assert words(tip) == TWO


def test_that_it_was_locked_away_is_an_act_of_its_own_without_the_name(
    judge: Judge, make_tip: MakeTip, triage: Client
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    judge(hold_back(tip, "/narrative", "Anna", kind="MINOR_NAME"), "lock-away", reason="SAFETY")
    entry = AuditEntry.objects.get(act="held_span.locked_away")
    assert (entry.actor, entry.subject) == ("officer", tip.reference)
    assert entry.facts == {"kind": "MINOR_NAME", "reason": "SAFETY"}
    assert "A held name was locked away in the vault" in text(triage, f"/tips/{tip.reference}/")
    week = timedelta(days=7)
    digest = as_text(digest_of(timezone.now() - week, timezone.now() + week))
    assert "Held words opened, released, destroyed or locked away: 1 (officer 1)" in digest


def test_a_name_that_the_vault_has_already_is_locked_away_too(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    lock_away(tip, "Anna")
    judge(hold_back(tip, "/narrative", "Anna", kind="VICTIM_NAME"), "lock-away")
    assert tip.vault.count() == 2


def test_a_name_whose_mark_is_gone_is_locked_away_all_the_same(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative="No mark stands here any more.")
    judge(hold_back(tip, "/narrative", "Anna", kind="VICTIM_NAME"), "lock-away")
    assert tip.vault.count() == 1
    assert words(tip) == "No mark stands here any more."


def test_a_name_of_a_tip_on_legal_hold_can_be_locked_away(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO, legal_hold="COURT_ORDER")
    judge(hold_back(tip, "/narrative", "Anna", kind="VICTIM_NAME"), "lock-away")
    assert tip.vault.count() == 1


def buttons(page: str) -> list[str]:
    return re.findall(
        r"<button type=\"submit\">([^<]+)</button>",
        page.partition("<main")[2].partition("</main>")[0],
    )


def test_the_first_choice_on_a_name_is_to_lock_it_away(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    name = hold_back(tip, "/narrative", "Anna", kind="MINOR_NAME")
    page = judge(name, "open").content.decode()
    assert buttons(page) == [
        "Lock away: the name of a victim or a child",
        "Release: it is no such name",
        "Destroy",
    ]
    assert "exports hand it over" in page
    assert "a name, perhaps a child&#x27;s" in page
    number = hold_back(tip, "/narrative", NUMBER, mark=1)
    assert buttons(judge(number, "open").content.decode()) == ["Release", "Destroy"]
    assert judge(number, "lock-away").status_code == 404
    assert not VaultEntry.objects.exists()


def test_nothing_of_a_tip_on_legal_hold_is_destroyed(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO, legal_hold="COURT_ORDER")
    span = hold_back(tip, "/narrative", "Anna")
    response = judge(span, "destroy")
    assert response.status_code == 422
    assert "on legal hold" in response.content.decode()
    assert HeldSpan.objects.filter(pk=span.pk).exists()
    assert words(tip) == TWO


def test_of_two_officers_at_one_moment_neither_undoes_the_others_release(
    judge: Judge, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    first = hold_back(tip, "/narrative", "Anna")
    second = hold_back(tip, "/narrative", NUMBER, mark=1)
    stale = HeldSpan.objects.select_related("tip").get(pk=second.pk)
    judge(first, "release")
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    release(stale, Reason.EVIDENCE, private=private, by="other", now=timezone.now())
    assert words(tip) == f"First Anna, then {NUMBER}, and [removed]."


def test_two_officers_do_not_judge_the_same_words_twice(judge: Judge, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    span = hold_back(tip, "/narrative", "Anna")
    hold_back(tip, "/narrative", NUMBER, mark=1)
    judge(span, "release")
    assert judge(span, "release").headers["Location"] == "/held/"
    assert words(tip) == "First Anna, then [held], and [removed]."


@pytest.mark.parametrize("what", ["open", "lock-away", "release", "destroy"])
def test_without_the_tips_key_a_sentence_says_so(
    judge: Judge, make_tip: MakeTip, what: str
) -> None:
    tip = make_tip("wentzville-pd", narrative=TWO)
    span = hold_back(tip, "/narrative", NUMBER, kind="VICTIM_NAME")
    DataKey.objects.all().delete()
    response = judge(span, what)
    assert response.status_code == 422 or what == "destroy"
    assert NUMBER not in response.content.decode()
    assert HeldSpan.objects.filter(pk=span.pk).exists() or what == "destroy"


def test_the_words_are_never_in_the_audit(judge: Judge, make_tip: MakeTip) -> None:
    span = hold_back(make_tip("wentzville-pd", narrative=TWO), "/narrative", NUMBER)
    judge(span, "open")
    judge(span, "release")
    assert NUMBER not in " ".join(str(one.content()) for one in AuditEntry.objects.all())
