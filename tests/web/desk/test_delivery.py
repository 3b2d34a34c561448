"""The delivery page: attempts, dead letters, trying again and sending another way."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import Lines, LogOn, MakeTip, hand_off, said_by, text
from tipintake.delivery.channels.base import Endpoint, Message, TemporaryFailure
from tipintake.delivery.models import Attempt, HandOff, Notice
from tipintake.delivery.undelivered import others_for
from tipintake.directory.models import Contact
from tipintake.pipeline.notify import notify_due
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip


@pytest.fixture
def webhook(lines: Lines) -> Contact:
    return Contact.objects.create(
        line=lines["wentzville-pd"],
        channel=Contact.Channel.WEBHOOK,
        name="CAD",
        address="https://cad.police.example/tips",
        source="made for tests",
    )


def dead_letter(tip: Tip, to: Contact, *, line: str = "wentzville-pd", **fields: Any) -> Notice:
    now = timezone.now()
    row = Notice.objects.create(
        **{
            "id": uuid.uuid4(),
            "hand_off": hand_off(tip, line),
            "contact": to,
            "priority": "P2",
            "state": Notice.State.DEAD,
            "attempts": 8,
            "next_at": now,
            "last_error": "the webhook answered 500",
            **fields,
        }
    )
    Attempt.objects.create(
        notice=row,
        begun_at=now - timedelta(minutes=9),
        ended_at=now - timedelta(minutes=9),
        outcome="AGAIN",
        reason="the webhook answered 500",
    )
    Attempt.objects.create(notice=row, begun_at=now - timedelta(minutes=3))
    return row


class Taking:
    """A channel that takes everything, or nothing."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.got: list[tuple[str, Message]] = []

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        if self.failure is not None:
            raise self.failure
        self.got.append((to.address, message))


def deliver(channel: Taking, now: datetime) -> None:
    every = dict.fromkeys(("email", "webhook", "call_sheet", "console"), channel)
    while notify_due(now=now, channels=every):
        pass


def test_a_dead_letter_is_shown_with_its_attempts(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    tip = make_tip("wentzville-pd")
    dead_letter(tip, webhook)
    said = text(triage, "/delivery/")
    assert tip.reference in said
    assert "Signed webhook (CAD)" in said
    assert "2 attempts" in said
    assert "the webhook answered 500" in said
    assert "its sender was stopped before it came to an end" in said
    assert "cad.police.example" not in said


def test_trying_again_keeps_the_id_that_the_endpoint_may_have_seen(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    answer = triage.post(f"/delivery/{dead.pk}/again/")
    assert answer.status_code == 302
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("WAITING", 0)
    channel = Taking()
    deliver(channel, timezone.now())
    ((address, message),) = channel.got
    assert (address, message.id) == (webhook.address, dead.pk)
    dead.refresh_from_db()
    assert dead.state == "SENT"
    assert dead.tries.order_by("begun_at").last().outcome == "TAKEN"  # type: ignore[union-attr]
    assert hand_off(dead.hand_off.tip, "wentzville-pd").state == "NOTIFIED"
    entry = AuditEntry.objects.get(act="notice.tried_again")
    assert (entry.actor, entry.subject) == ("triage", dead.hand_off.tip.reference)


def test_it_is_given_up_again_when_it_fails_again(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    triage.post(f"/delivery/{dead.pk}/again/")
    moment = timezone.now()
    for _ in range(10):
        deliver(Taking(TemporaryFailure("out of order")), moment)
        moment += timedelta(hours=6)
    dead.refresh_from_db()
    assert (dead.state, dead.last_error) == ("DEAD", "out of order")
    assert dead.tries.filter(reason="out of order").count() == 8


def test_another_contact_is_told_instead_under_an_id_of_its_own(
    triage: Client, make_tip: MakeTip, webhook: Contact, email_contact: Contact
) -> None:
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    answer = triage.post(f"/delivery/{dead.pk}/elsewhere/", {"to": email_contact.pk})
    assert answer.status_code == 302
    channel = Taking()
    deliver(channel, timezone.now())
    ((address, message),) = channel.got
    assert address == email_contact.address
    assert message.id != dead.pk
    dead.refresh_from_db()
    assert dead.state == "MOVED"
    assert hand_off(dead.hand_off.tip, "wentzville-pd").state == "NOTIFIED"
    assert "Nothing was given up" in text(triage, "/delivery/")
    assert AuditEntry.objects.get(act="notice.sent_elsewhere").facts["to"] == "wentzville-pd"
    again = triage.post(f"/delivery/{dead.pk}/elsewhere/", {"to": email_contact.pk})
    assert again.status_code == 422
    assert Notice.objects.filter(contact=email_contact).count() == 1


def test_telling_own_staff_does_not_say_that_the_line_was_told(
    triage: Client, make_tip: MakeTip, webhook: Contact, lines: Lines
) -> None:
    own = Contact.objects.create(
        line=lines["regional-triage"],
        channel="email",
        address="shift@desk.example",
        role="SUPERVISOR",
        source="made for tests",
    )
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    assert triage.post(f"/delivery/{dead.pk}/elsewhere/", {"to": own.pk}).status_code == 302
    channel = Taking()
    deliver(channel, timezone.now())
    assert [address for address, _ in channel.got] == ["shift@desk.example"]
    assert hand_off(dead.hand_off.tip, "wentzville-pd").state == "QUEUED"


def test_own_staff_are_not_told_of_somebody_who_asked_for_nobody_else(
    log_on: LogOn, make_tip: MakeTip, lines: Lines
) -> None:
    Contact.objects.create(
        line=lines["regional-triage"], channel="email", address="shift@desk.example", source="test"
    )
    theirs, other = (
        Contact.objects.create(
            line=lines["victim-advocate"], channel="email", address=address, source="test"
        )
        for address in ("first@advocate.example", "second@advocate.example")
    )
    tip = make_tip("victim-advocate", rule="R7", reporter_is_victim=True, police_consent=False)
    dead = dead_letter(tip, theirs, line="victim-advocate")
    assert [one.pk for one in others_for(dead)] == [other.pk]


def test_no_other_agency_can_be_chosen(
    triage: Client, make_tip: MakeTip, webhook: Contact, lines: Lines
) -> None:
    other = Contact.objects.create(
        line=lines["ofallon-pd"], channel="email", address="x@other.example", source="test"
    )
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    assert f'value="{other.pk}"' not in triage.get("/delivery/").content.decode()
    for to in (str(other.pk), "", "0", "x", "9" * 30, "²"):
        assert triage.post(f"/delivery/{dead.pk}/elsewhere/", {"to": to}).status_code == 422
    dead.refresh_from_db()
    assert dead.state == "DEAD"
    assert Notice.objects.count() == 1


def test_a_stopped_contact_is_not_tried_again_by_mistake(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    dead = dead_letter(make_tip("wentzville-pd"), webhook)
    Contact.objects.filter(pk=webhook.pk).update(active=False)
    page = triage.get("/delivery/").content.decode()
    assert "/again/" not in page
    assert "takes no more notices" in page
    answer = triage.post(f"/delivery/{dead.pk}/again/")
    assert answer.status_code == 422
    assert "contact start" in said_by(answer.content.decode())


def test_a_stopped_contact_leaves_dead_letters_instead_of_silence(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    tip = make_tip("wentzville-pd")
    row = dead_letter(tip, webhook, state="WAITING", attempts=0)
    Contact.objects.filter(pk=webhook.pk).update(active=False)
    deliver(Taking(), timezone.now())
    row.refresh_from_db()
    assert row.state == "DEAD"
    assert tip.reference in re.split("Nobody at the line", text(triage, "/delivery/"))[0]


def test_a_tip_that_no_machine_tells_of_is_on_the_page(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", "regional-triage", priority="P1")
    said = text(triage, "/delivery/")
    untold = said.partition("Nobody at the line was told by wire")[2].partition("Still tried")[0]
    assert tip.reference in untold
    assert "636-555-0105" in untold
    assert "Regional triage" not in untold
    HandOff.objects.filter(tip=tip).update(state="ACKNOWLEDGED")
    said = text(triage, "/delivery/")
    assert tip.reference not in said.partition("Nobody at the line was told by wire")[2]


def test_what_is_still_tried_says_when_next(
    triage: Client, make_tip: MakeTip, webhook: Contact
) -> None:
    tip = make_tip("wentzville-pd")
    dead_letter(tip, webhook, state="WAITING", attempts=2)
    said = text(triage, "/delivery/")
    tried = said.partition("Still tried")[2].partition("Taken last")[0]
    assert tip.reference in tried
    assert "next try" in tried


def test_letters_of_other_lines_are_not_here(
    log_on: LogOn, make_tip: MakeTip, webhook: Contact, lines: Lines
) -> None:
    tip = make_tip("wentzville-pd")
    dead = dead_letter(tip, webhook)
    other = log_on(Role.ANALYST, lines=("ofallon-pd",), name="other")
    assert tip.reference not in text(other, "/delivery/")
    assert other.post(f"/delivery/{dead.pk}/again/").status_code == 404
    assert other.post(f"/delivery/{dead.pk}/elsewhere/", {"to": "1"}).status_code == 404
    dead.refresh_from_db()
    assert dead.state == "DEAD"


def test_a_purged_tip_takes_its_notices_and_attempts_along(
    make_tip: MakeTip, webhook: Contact
) -> None:
    tip = make_tip("wentzville-pd")
    dead_letter(tip, webhook)
    tip.delete()
    assert not Notice.objects.exists()
    assert not Attempt.objects.exists()
