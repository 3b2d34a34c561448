"""Coming back: what is asked, what is answered, and what of it is kept."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from config.database_roles import PUBLIC
from tests.outage import away_at_the_commit
from tests.pipeline.conftest import HOTEL_PATTERN, Silence, draft
from tests.tips.photos import PDF, PLAIN_PICTURE, PLANTED, attachment
from tests.waiting import eventually, somebody_waits_for_us
from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact
from tipintake.door.status import status_of
from tipintake.pipeline import follow_up
from tipintake.pipeline.follow_up import More, UnknownReceipt, draft_of, preview_more, send_more
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import Refused, submit_tip
from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import Verdict
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff.models import AuditEntry
from tipintake.tips import messages, secrets
from tipintake.tips.draft import LocationDraft, VehicleDraft
from tipintake.tips.models import Attachment, DataKey, HeldSpan, Message, Tip
from tipintake.tips.pictures import jpeg_of
from tipintake.tips.said import key_of
from tipintake.tips.vocabulary import CameBy
from tipintake.triage import dialog

Given = tuple[ReceiptCode, Tip]
QUESTION = "Which floor was the room on?"
OWN = "My name is Zebulon Quackenbush. The van drove to the second floor of the parking garage."


@pytest.fixture
def given(region: Gazetteer, silence: Silence, now: datetime) -> Given:
    """A receipt and its tip, routed."""
    receipt = submit_tip(draft(), came_by=CameBy.WEB, now=now)
    route_waiting(now=now)
    return receipt.code, Tip.objects.get(reference=receipt.reference)


@pytest.fixture
def private() -> PrivateKey:
    return keys.desk_private(settings.PRIVATE_KEYS_DIR)


def read_by_desk(tip: Tip, private: PrivateKey) -> list[str]:
    return [one.text for one in dialog.said_in(tip, private)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_an_answer_waits_for_the_worker_that_has_the_tip_in_hand(
    region: Gazetteer, silence: Silence, now: datetime
) -> None:
    receipt = submit_tip(draft(), came_by=CameBy.WEB, now=now)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Tip.objects.select_for_update().get(reference=receipt.reference)
            answered = pool.submit(answer_and_hang_up, receipt.code, now)
            eventually(lambda: answered.done() or somebody_waits_for_us(), seconds=30)
            assert not answered.done(), answered.exception()
        answered.result(30)
    assert Message.objects.get().direction == Message.Direction.ANSWER


def answer_and_hang_up(code: ReceiptCode, now: datetime) -> None:
    try:
        send_more(code, More(text=OWN), now=now)
    finally:
        connection.close()


# --- Questions -------------------------------------------------------------------------------


def test_a_question_is_read_with_the_receipt_and_at_the_desk_and_by_nobody_else(
    given: Given, private: PrivateKey, now: datetime
) -> None:
    code, tip = given
    asked = dialog.ask(tip, words=QUESTION, by="sam", now=now)
    page = status_of(code)
    assert page is not None
    assert [one.text for one in page.questions] == [QUESTION]
    assert read_by_desk(tip, private) == [QUESTION]
    assert QUESTION.encode() not in bytes(asked.for_desk) + bytes(asked.for_resident)
    with pytest.raises(CannotOpen):
        messages.words_for_resident(asked, receipts.reply_keys(receipts.new()))
    with pytest.raises(CannotOpen):
        messages.words_for_desk(asked, PrivateKey.new())


@pytest.mark.parametrize(
    "text",
    [
        "I am at 4200 Natural Bridge, room 12. He locks the door.",
        "They moved us. I live at 512 Elm St now with four others.",
        "Estoy en 4200 Natural Bridge, cuarto 12.",
        "I work at the Golden Spa on Olive and sleep at 8812 Page Ave.",
    ],
)
def test_where_somebody_in_the_situation_is_stays_in_what_they_add_as_in_their_tip(
    region: Gazetteer, silence: Silence, now: datetime, private: PrivateKey, text: str
) -> None:
    own = draft(reporter_is_victim=True, narrative="I am kept here and cannot leave.")
    code = submit_tip(own, came_by=CameBy.WEB, now=now).code
    tip = Tip.objects.get()
    assert preview_more(code, More(text=text), now=now).cleaned.draft.narrative == text
    send_more(code, More(text=text), now=now)
    assert read_by_desk(tip, private) == [text]


def test_a_template_is_read_in_the_language_of_the_page(given: Given, now: datetime) -> None:
    code, tip = given
    dialog.ask(tip, template="WHERE", by="sam", now=now)
    assert status_of(code).questions[0].text.startswith("Where exactly")  # type: ignore[union-attr]
    with translation.override("es"):
        assert status_of(code).questions[0].text.startswith("¿Dónde")  # type: ignore[union-attr]


def test_what_could_point_to_somebody_does_not_leave_the_desk() -> None:
    out = dialog.scrubbed("My name is Zebulon Quackenbush, call me at 636-555-0137.")
    assert "Quackenbush" not in out.text
    assert "0137" not in out.text
    assert out.taken_out


def test_every_template_stands_in_both_languages() -> None:
    for one in dialog.TEMPLATES.values():
        assert one.en
        assert one.es
        assert one.en != one.es
        assert max(len(one.en), len(one.es)) <= dialog.LIMIT


def test_the_audit_learns_that_somebody_asked_and_not_what(given: Given, now: datetime) -> None:
    _code, tip = given
    dialog.ask(tip, words=QUESTION, by="sam", now=now)
    entry = AuditEntry.objects.get(act="message.asked")
    assert (entry.actor, entry.subject, entry.facts) == (
        "sam",
        tip.reference,
        {"template": "own words"},
    )


# --- Answers ---------------------------------------------------------------------------------


def test_an_answer_is_scrubbed_sealed_and_dated_to_the_hour(
    given: Given, private: PrivateKey, now: datetime
) -> None:
    code, tip = given
    send_more(code, More(text=OWN), now=now)
    (message,) = Message.objects.all()
    assert (message.at.minute, message.at.second, message.at.microsecond) == (0, 0, 0)
    assert b"floor" not in bytes(message.for_desk)
    (said,) = dialog.said_in(tip, private)
    assert said.unread
    assert "floor" in said.text
    assert "Quackenbush" not in said.text
    entry = AuditEntry.objects.get(act="message.answered")
    assert entry.at.minute == 0
    assert entry.facts == {"vehicles": 0, "places": 0, "files": 0}


def test_the_person_sees_their_own_answer_only_as_sent(given: Given, now: datetime) -> None:
    code, tip = given
    dialog.ask(tip, words=QUESTION, by="sam", now=now)
    status_of(code)
    send_more(code, More(text="The second floor, in the back."), now=now)
    page = status_of(code)
    assert page is not None
    assert [(one.is_question, one.text) for one in page.dialog] == [(True, QUESTION), (False, "")]
    asked = Message.objects.get(direction="QUESTION")
    assert asked.read_at is not None
    assert asked.read_at.minute == 0


def test_a_vehicle_and_a_place_become_evidence_of_the_tip(given: Given, now: datetime) -> None:
    code, tip = given
    more = More(
        vehicles=(VehicleDraft(plate_raw="XY9 8Z?", make="Ford"), VehicleDraft()),
        locations=(LocationDraft(name="Second Motel", city="O'Fallon"), LocationDraft()),
    )
    send_more(code, more, now=now)
    send_more(code, More(vehicles=(VehicleDraft(plate_raw="ABC 123"),)), now=now)
    assert list(tip.vehicles.values_list("position", "plate_canonical")) == [
        (0, "XY98Z?"),
        (1, "ABC123"),
    ]
    assert tip.vehicles.filter(plate_skeleton="A8C123").exists()
    assert [one.name for one in tip.locations.all()] == ["", "Second Motel"]
    tip.refresh_from_db()
    assert tip.decisions.count() == 1


def test_a_picture_added_later_stands_behind_the_first_ones(
    region: Gazetteer, silence: Silence, private: PrivateKey, now: datetime
) -> None:
    first = replace(draft(), attachments=(attachment(PDF),))
    code = submit_tip(first, came_by=CameBy.WEB, now=now).code
    tip = Tip.objects.get()
    send_more(code, More(attachments=(attachment(), attachment(PLAIN_PICTURE))), now=now)
    send_more(code, More(text="One more of it.", attachments=(attachment(),)), now=now)
    rows = tip.attachments.filter(page=1).values_list("position", "kind")
    assert list(rows) == [(0, "pdf"), (1, "jpeg"), (2, "png"), (3, "jpeg")]
    for row in tip.attachments.all():
        assert jpeg_of(row, private).startswith(b"\xff\xd8\xff")
        assert not any(plant in jpeg_of(row, private) for plant in PLANTED)
    assert not tip.attachments.confirmed().exists()
    # In no order: of what residents do, the audit keeps none.
    facts = {one.facts["files"] for one in AuditEntry.objects.filter(act="message.answered")}
    assert facts == {2, 1}
    assert read_by_desk(tip, private)[0] == ""


def test_a_picture_added_later_needs_no_private_key(
    given: Given, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path / "nothing-here"
    send_more(given[0], More(attachments=(attachment(),)), now=now)
    assert given[1].attachments.count() == 1


def test_destroying_the_tips_key_shreds_the_pictures_that_came_later(
    given: Given, private: PrivateKey, now: datetime
) -> None:
    code, tip = given
    send_more(code, More(attachments=(attachment(),)), now=now)
    DataKey.objects.filter(tip=tip).delete()
    with pytest.raises(DataKey.DoesNotExist):
        jpeg_of(Attachment.objects.get(), private)


@pytest.mark.parametrize(
    "changes", [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}]
)
def test_a_tip_that_may_be_about_such_a_picture_takes_none_later_either(
    region: Gazetteer, silence: Silence, now: datetime, changes: dict[str, Any]
) -> None:
    code = submit_tip(draft(**changes), came_by=CameBy.WEB, now=now).code
    assert not draft_of(code, More(), files=1).takes_pictures
    with pytest.raises(Refused) as refusal:
        send_more(code, More(attachments=(attachment(),)), now=now)
    assert {one.code for one in refusal.value.problems} == {"no_pictures_of_this_kind"}
    assert not Attachment.objects.exists()


def test_the_files_of_one_tip_have_a_limit_that_is_asked_before_any_is_opened(
    given: Given, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_up, "MOST_FILES", 3)
    more = More(attachments=(attachment(PDF), attachment()))
    send_more(given[0], more, now=now)
    assert draft_of(given[0], More(), files=1).takes_pictures
    with pytest.raises(Refused) as refusal:
        draft_of(given[0], More(), files=2)
    assert "as a new tip" in refusal.value.problems[0].message
    with pytest.raises(Refused):
        send_more(given[0], more, now=now)
    with pytest.raises(UnknownReceipt):
        draft_of(receipts.new(), More(), files=1)


def test_what_the_tip_already_showed_is_kept_in_the_answer(
    region: Gazetteer, silence: Silence, private: PrivateKey, now: datetime
) -> None:
    number = "314-555-0142"
    receipt = submit_tip(draft(online=[{"ad_phone": number}]), came_by=CameBy.WEB, now=now)
    tip = Tip.objects.get(reference=receipt.reference)
    send_more(receipt.code, More(text=f"Again {number} on a card."), now=now)
    assert number in read_by_desk(tip, private)[0]


def test_held_words_of_an_answer_can_be_opened_by_the_privacy_officer(
    given: Given, private: PrivateKey, now: datetime
) -> None:
    code, _tip = given
    more = More(text="On the wall stands 314-555-0142 and nothing else.")
    found = preview_more(code, more, now=now).cleaned.findings["/narrative"]
    phone = next(one for one in found if more.text[one.start : one.end] == "314-555-0142")
    decisions = {key_of("/narrative", more.text, phone): Verdict.UNSURE}
    send_more(code, more, now=now, decisions=decisions)
    (span,) = HeldSpan.objects.all()
    answer = Message.objects.get()
    assert span.field == f"/messages/{answer.pk.hex}"
    assert secrets.held_words_of(span, private) == "314-555-0142"


def test_a_preview_keeps_nothing(given: Given, now: datetime) -> None:
    code, _tip = given
    before = AuditEntry.objects.count()
    seen = preview_more(code, More(text="My name is Zebulon Quackenbush."), now=now)
    assert seen.cleaned.findings
    assert not Message.objects.exists()
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("more", "code_of_problem"),
    [
        (More(), "says_nothing"),
        (More(text="   "), "says_nothing"),
        (More(text="x" * 4001), "max_length"),
        (More(vehicles=(VehicleDraft(year_from=2010, year_to=2001),)), "years_in_disorder"),
        (More(locations=(LocationDraft(exit="219"),)), "highway_needed"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_what_to_do(
    given: Given, now: datetime, more: More, code_of_problem: str
) -> None:
    with pytest.raises(Refused) as refusal:
        send_more(given[0], more, now=now)
    assert code_of_problem in {one.code for one in refusal.value.problems}
    assert not Message.objects.exists()


def test_nobody_fills_the_desk_through_one_receipt(
    given: Given, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_up, "MOST_ANSWERS", 2)
    for number in range(2):
        send_more(given[0], More(text=f"Answer number {number}"), now=now)
    with pytest.raises(Refused, match="1 to mend") as refusal:
        send_more(given[0], More(text="One more"), now=now)
    assert "as a new tip" in refusal.value.problems[0].message


def test_an_unknown_and_a_purged_receipt_take_nothing(given: Given, now: datetime) -> None:
    code, tip = given
    more = More(text="The second floor.")
    for act in (send_more, preview_more):
        with pytest.raises(UnknownReceipt):
            act(receipts.new(), more, now=now)
    tip.delete()
    with pytest.raises(UnknownReceipt):
        send_more(code, more, now=now)
    assert not Message.objects.exists()


def test_the_key_that_shreds_the_tip_shreds_its_answers(
    given: Given, private: PrivateKey, now: datetime
) -> None:
    code, tip = given
    send_more(code, More(text="The second floor."), now=now)
    DataKey.objects.all().delete()
    with pytest.raises(DataKey.DoesNotExist):
        dialog.said_in(Tip.objects.get(pk=tip.pk), private)
    with pytest.raises(Refused):
        send_more(code, More(text="And more."), now=now)


# --- Telling the lines -----------------------------------------------------------------------


@pytest.fixture
def told(given: Given, now: datetime, mailoutbox: list[Any]) -> Callable[[], list[Any]]:
    """Mail that goes to the line of the tip, after its arrival was announced."""
    line = given[1].hand_offs.get(is_primary=True).line
    Contact.objects.create(
        line=line, channel="email", address="desk@agency.example", source="made for tests"
    )
    while notify_due(now=now):
        pass
    mailoutbox.clear()

    def sent() -> list[Any]:
        while notify_due(now=now + timedelta(minutes=5)):
            pass
        return mailoutbox

    return sent


def test_the_line_is_told_that_there_is_more_and_nothing_of_what(
    given: Given, told: Callable[[], list[Any]], now: datetime, silence: Silence
) -> None:
    code, tip = given
    send_more(code, More(text="The second floor."), now=now)
    send_more(code, More(text="Or the third."), now=now)
    (letter,) = told()
    assert "more about tip" in letter.subject
    assert tip.reference in letter.body
    assert "floor" not in letter.subject + letter.body
    assert set(Notice.objects.filter(purpose="MORE").values_list("round")) == {(0,)}


def test_of_contacts_an_answer_reads_what_the_public_host_may(
    given: Given, told: Callable[[], list[Any]], now: datetime
) -> None:
    """A column more, and whoever answers under that role of PostgreSQL is refused."""
    (granted,) = PUBLIC["tipintake_contact"]
    with CaptureQueriesContext(connection) as asked:
        send_more(given[0], More(text=OWN), now=now)
    sql = "\n".join(one["sql"] for one in asked.captured_queries)
    read = set(re.findall(r'"tipintake_contact"\."(\w+)"', sql))
    assert read
    assert read <= set(re.findall(r"\w+", granted))
    assert len(told()) == 1


def test_a_line_that_has_acknowledged_is_told_too(
    given: Given, told: Callable[[], list[Any]], now: datetime
) -> None:
    HandOff.objects.update(state="ACKNOWLEDGED")
    send_more(given[0], More(text="The second floor."), now=now)
    assert len(told()) == 1


def test_of_a_closed_tip_those_are_told_who_closed_it(
    given: Given, told: Callable[[], list[Any]], now: datetime
) -> None:
    HandOff.objects.update(state="CLOSED")
    send_more(given[0], More(text="The second floor."), now=now)
    assert len(told()) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_whose_commit_was_not_confirmed_is_found(
    given: Given, silence: Silence, now: datetime
) -> None:
    code, tip = given
    silence.rung.clear()
    with away_at_the_commit(back=True):
        send_more(code, More(text="White, with a ladder."), now=now)
    assert tip.messages.count() == 1
    assert silence.rung == ["notify"]


@pytest.mark.django_db(transaction=True)
def test_of_an_answer_that_cannot_be_asked_for_nobody_says_that_it_was_not_kept(
    given: Given, now: datetime
) -> None:
    code, tip = given
    with pytest.raises(PerhapsKept), away_at_the_commit(back=False):
        send_more(code, More(text="White, with a ladder."), now=now)
    assert tip.messages.count() == 1


def test_many_guesses_show_nothing_and_lock_nobody_out(given: Given) -> None:
    """Ten thousand, and whether their times tell anything: bench/receipts.py."""
    assert not any(status_of(receipts.new()) for _ in range(2_000))
    assert status_of(given[0]) is not None


def test_a_hotel_pattern_stays_where_it_was_placed(given: Given, now: datetime) -> None:
    code, tip = given
    before = sorted(tip.hand_offs.values_list("line__code", "state", "priority"))
    send_more(code, More(locations=(LocationDraft(city="Creve Coeur"),)), now=now)
    route_waiting(now=now)
    assert sorted(tip.hand_offs.values_list("line__code", "state", "priority")) == before
    assert HOTEL_PATTERN["category"] == tip.category
