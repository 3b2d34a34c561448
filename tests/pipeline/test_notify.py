import smtplib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from tests.pipeline.conftest import DANGER_NOW, MakeTip
from tipintake.delivery.channels.base import (
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.models import HandOff, Notice
from tipintake.delivery.retries import MOST_ATTEMPTS
from tipintake.delivery.undelivered import told_nobody
from tipintake.directory.models import Contact, Line
from tipintake.pipeline import notify
from tipintake.pipeline.announce import announce_due
from tipintake.pipeline.escalate import escalate_overdue
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.staff.models import AuditEntry


@dataclass
class Post:
    """A channel that answers by address and remembers what it was given."""

    answers: dict[str, Exception] = field(default_factory=dict)
    sent: list[tuple[str, Message]] = field(default_factory=list)
    tried: list[tuple[str, UUID]] = field(default_factory=list)

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        self.tried.append((to.address, message.id))
        if to.address in self.answers:
            raise self.answers[to.address]
        self.sent.append((to.address, message))

    def run(self, now: datetime) -> None:
        channels = {"email": self, "webhook": self, "call_sheet": self, "console": self}
        while notify_due(now=now, channels=channels):
            pass


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def desk_of_wentzville(kept: MakeTip) -> Line:
    """Wentzville has two endpoints; every other line is told through the call list."""
    line = Line.objects.get(code="wentzville-pd")
    line.contacts.all().delete()
    for address in ("first@police.example", "second@police.example"):
        Contact.objects.create(line=line, channel="email", address=address, source="test")
    return line


def routed(kept: MakeTip, now: datetime, **changes: object) -> HandOff:
    tip = kept(**changes)
    assert route_waiting(now=now) == 1
    return tip.hand_offs.get(line__code="wentzville-pd")


def states(hand_off: HandOff) -> dict[str, str]:
    return dict(hand_off.notices.values_list("contact__address", "state"))


def test_every_endpoint_of_the_line_is_told_once(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    post.run(now)
    post.run(now + timedelta(minutes=30))
    told = [address for address, message in post.sent if message.line == "wentzville-pd"]
    assert sorted(told) == ["first@police.example", "second@police.example"]
    hand_off.refresh_from_db()
    assert hand_off.state == "NOTIFIED"
    assert hand_off.notify_at is None


@pytest.mark.parametrize("channel", ["call_sheet", "console"])
def test_a_line_that_only_people_can_tell_is_not_said_to_be_told(
    kept: MakeTip, now: datetime, post: Post, channel: str
) -> None:
    Contact.objects.filter(line__code="wentzville-pd").update(channel=channel)
    hand_off = routed(kept, now, **DANGER_NOW)
    due_at = hand_off.due_at
    post.run(now)
    post.run(now + timedelta(minutes=5))
    hand_off.refresh_from_db()
    assert (hand_off.state, hand_off.due_at) == ("QUEUED", due_at)
    assert set(hand_off.notices.values_list("state", flat=True)) == {"SENT"}
    acts = AuditEntry.objects.filter(facts__line="wentzville-pd").values_list("act", flat=True)
    assert list(acts) == ["hand_off.to_be_called"]


def test_an_urgent_tip_that_only_people_can_tell_of_is_among_those_to_be_told(
    kept: MakeTip, now: datetime, post: Post
) -> None:
    hand_off = routed(kept, now, **DANGER_NOW)
    assert hand_off not in told_nobody(HandOff.objects.all())  # it may be told by wire yet
    post.run(now)
    assert hand_off in told_nobody(HandOff.objects.all())
    post.run(now + timedelta(minutes=5))
    assert hand_off in told_nobody(HandOff.objects.all())


def test_an_urgent_tip_that_a_machine_told_of_is_not_among_them(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now, **DANGER_NOW)
    post.answers["second@police.example"] = PermanentFailure("no such mailbox")
    post.run(now)
    assert hand_off not in told_nobody(HandOff.objects.all())


def test_an_alarm_at_triage_does_not_say_that_the_line_was_told(
    kept: MakeTip, now: datetime, post: Post
) -> None:
    Contact.objects.filter(line__code="regional-triage", role="SUPERVISOR").update(
        channel="email", address="supervisor@desk.example"
    )
    hand_off = routed(kept, now, **DANGER_NOW)
    post.run(now)
    assert escalate_overdue(now=hand_off.due_at) >= 1
    post.run(hand_off.due_at)
    assert "supervisor@desk.example" in {address for address, _ in post.sent}
    hand_off.refresh_from_db()
    assert hand_off.state == "QUEUED"


def test_one_success_says_nothing_of_the_other_endpoint(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    post.answers["second@police.example"] = TemporaryFailure("out of order")
    post.run(now)
    assert states(hand_off) == {
        "first@police.example": "SENT",
        "second@police.example": "WAITING",
    }
    failed = hand_off.notices.get(contact__address="second@police.example")
    assert failed.last_error == "out of order"
    assert now < failed.next_at <= now + timedelta(minutes=1)
    del post.answers["second@police.example"]
    post.run(failed.next_at)
    assert states(hand_off)["second@police.example"] == "SENT"
    assert len({i for address, i in post.tried if address == "second@police.example"}) == 1


def test_a_hand_off_is_not_told_while_no_endpoint_took_it(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    for address in ("first@police.example", "second@police.example"):
        post.answers[address] = TemporaryFailure("out of order")
    post.run(now)
    hand_off.refresh_from_db()
    assert hand_off.state == "QUEUED"


def test_an_endpoint_that_never_answers_is_given_up_and_somebody_is_told(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    supervisor = Contact.objects.filter(
        line__code="regional-triage", role="SUPERVISOR", active=True
    ).first()
    assert supervisor is not None
    Contact.objects.filter(pk=supervisor.pk).update(address="supervisor@desk.example")
    hand_off = routed(kept, now)
    post.answers["second@police.example"] = TemporaryFailure("out of order")
    moment = now
    for _ in range(MOST_ATTEMPTS + 3):
        post.run(moment)
        moment += timedelta(hours=6)
    dead = hand_off.notices.get(contact__address="second@police.example", purpose="ARRIVED")
    assert dead.state == "DEAD"
    assert dead.attempts == MOST_ATTEMPTS
    assert [m.type for a, m in post.sent if a == "supervisor@desk.example"].count(
        "notice.given_up"
    ) == 1
    assert AuditEntry.objects.filter(act="notice.given_up").count() == 1


def test_a_refusal_for_good_is_not_tried_again(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    post.answers["second@police.example"] = PermanentFailure("no such mailbox")
    post.run(now)
    post.run(now + timedelta(days=1))
    assert states(hand_off)["second@police.example"] == "DEAD"
    assert [address for address, _ in post.tried].count("second@police.example") == 1


def test_a_relay_that_refuses_everybody_for_two_minutes_loses_no_notice(
    kept: MakeTip, now: datetime, desk_of_wentzville: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(letter: EmailMessage, fail_silently: bool = False) -> int:
        raise smtplib.SMTPRecipientsRefused({letter.to[0]: (554, b"5.7.1 Relay access denied")})

    hand_off = routed(kept, now)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", refuses)
        notify_due(now=now)
    assert set(states(hand_off).values()) == {"WAITING"}
    notify_due(now=now + timedelta(minutes=2))
    assert set(states(hand_off).values()) == {"SENT"}
    assert len(mail.outbox) == 2


def test_an_endpoint_that_is_gone_is_switched_off(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    routed(kept, now)
    post.answers["second@police.example"] = PermanentFailure("gone", gone=True)
    post.run(now)
    assert not Contact.objects.get(address="second@police.example").active


def test_an_unexpected_failure_is_tried_again_and_stops_nobody(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    post.answers["first@police.example"] = ZeroDivisionError("canary-in-message")
    post.run(now)
    assert states(hand_off) == {
        "first@police.example": "WAITING",
        "second@police.example": "SENT",
    }
    assert "canary" not in hand_off.notices.get(contact__address="first@police.example").last_error


def test_a_killed_sender_is_replaced_under_the_same_id(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    announce_due(now=now)
    claimed = notify._claim(now, 10, outward=True)
    killed = next(one for one in claimed if one.hand_off_id == hand_off.pk)
    post.run(now)
    assert killed.pk not in {i for _, i in post.tried}
    post.run(now + notify.LEASE)
    assert [i for _, i in post.tried].count(killed.pk) == 1
    killed.refresh_from_db()
    assert killed.state == "SENT"
    assert killed.attempts == 2


def test_a_sender_that_comes_back_late_does_not_undo_what_another_did(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    routed(kept, now)
    announce_due(now=now)
    late = notify._claim(now, 10, outward=True)[0]
    post.run(now + notify.LEASE)
    notify._try_again(late, "too late", now + notify.LEASE)
    assert Notice.objects.get(pk=late.pk).state == "SENT"


def test_of_notices_shown_together_those_that_another_took_over_stay_its_own(
    kept: MakeTip, now: datetime
) -> None:
    for _ in range(3):
        routed(kept, now)
    announce_due(now=now)
    mine = notify._claim(now, 10, outward=False)
    over = next(one for one in mine if one.hand_off.line.code == "wentzville-pd")
    notify._mark([over], Notice.State.WAITING, next_at=now)
    (theirs,) = notify._claim(now + timedelta(seconds=1), 10, outward=False)
    notify._note_shown(mine, now)
    states = dict(Notice.objects.values_list("pk", "state"))
    assert (theirs.pk, states.pop(over.pk)) == (over.pk, "SENDING")
    assert set(states.values()) == {"SENT"}
    called = AuditEntry.objects.filter(act="hand_off.to_be_called", facts__line="wentzville-pd")
    assert called.count() == 2
    notify._note_shown([theirs], now)
    assert called.count() == 3


def test_a_notice_by_a_channel_that_this_release_does_not_know_is_tried(
    kept: MakeTip, now: datetime, post: Post
) -> None:
    """Else nobody would ever hear that it cannot be sent."""
    Contact.objects.filter(line__code="wentzville-pd").update(channel="pigeon")
    hand_off = routed(kept, now)
    post.run(now)
    (state,) = hand_off.notices.values_list("state", "last_error")
    assert state == ("WAITING", "unexpected failure (KeyError)")


def test_a_tip_that_is_purged_while_its_notice_is_tried_strands_no_other(
    kept: MakeTip, now: datetime, post: Post
) -> None:
    gone, other = routed(kept, now), routed(kept, now)
    announce_due(now=now)
    batch = notify._claim(now, 10, outward=False)
    for taken in batch:
        if taken.hand_off_id == gone.pk:
            taken.hand_off.state = "CLOSED"
    gone.tip.delete()
    channels = {"call_sheet": post, "console": post}
    notify._send_all(batch, channels, lambda: now)
    assert set(other.notices.values_list("state", flat=True)) == {"SENT"}


def test_an_acknowledged_tip_is_not_announced_any_more(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now)
    post.answers["second@police.example"] = TemporaryFailure("out of order")
    post.run(now)
    HandOff.objects.filter(pk=hand_off.pk).update(state="ACKNOWLEDGED")
    del post.answers["second@police.example"]
    post.run(now + timedelta(hours=1))
    assert states(hand_off)["second@police.example"] == "NEEDLESS"


def test_an_urgent_tip_is_said_again_until_somebody_acknowledges(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now, **DANGER_NOW)
    post.run(now)
    post.run(now + timedelta(minutes=1))
    post.run(now + timedelta(minutes=5))
    ids = [message.id for address, message in post.sent if address == "first@police.example"]
    assert len(ids) == 2
    assert len(set(ids)) == 2
    HandOff.objects.filter(pk=hand_off.pk).update(state="ACKNOWLEDGED")
    post.run(now + timedelta(minutes=10))
    assert len([a for a, _ in post.sent if a == "first@police.example"]) == 2
    hand_off.refresh_from_db()
    assert hand_off.notify_at is None


def test_a_reminder_hurries_a_notice_that_is_still_being_tried(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    hand_off = routed(kept, now, **DANGER_NOW)
    post.answers["first@police.example"] = TemporaryFailure("busy", again_in=timedelta(hours=2))
    post.run(now)
    del post.answers["first@police.example"]
    post.run(now + timedelta(minutes=5))
    taken = hand_off.notices.get(contact__address="first@police.example")
    assert taken.state == "SENT"


def test_the_most_urgent_goes_out_first(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    routed(kept, now - timedelta(minutes=10))
    routed(kept, now, **DANGER_NOW)
    post.run(now)
    priorities = [message.priority for _, message in post.sent]
    assert priorities == sorted(priorities)


def test_a_broken_endpoint_does_not_hold_up_its_other_notices_one_time_out_each(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    for _ in range(5):
        routed(kept, now)
    post.answers["first@police.example"] = TemporaryFailure("out of order")
    post.run(now)
    assert [address for address, _ in post.tried].count("first@police.example") == 1
    assert [address for address, _ in post.sent].count("second@police.example") == 5


def test_a_line_without_any_contact_is_said_aloud(
    kept: MakeTip, now: datetime, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    Contact.objects.filter(line__code="wentzville-pd").delete()
    hand_off = routed(kept, now)
    post.run(now)
    assert "wentzville-pd" in caplog.text
    hand_off.refresh_from_db()
    assert hand_off.state == "QUEUED"


def test_nothing_of_the_tip_is_in_a_message(
    kept: MakeTip, now: datetime, post: Post, desk_of_wentzville: Line
) -> None:
    canary = "KANARIE behind the building by the red door, every Friday night at ten"
    tip = kept(
        narrative=canary,
        vehicles=[{"plate_raw": "KANARIE", "features": "KANARIE sticker"}],
        locations=[{"place_type": "HOTEL_MOTEL", "city": "Wentzville", "name": "KANARIE Inn"}],
        online=[{"url": "https://kanarie.example/x", "handle": "kanarie"}],
    )
    route_waiting(now=now)
    post.run(now)
    assert post.sent
    assert not [m for _, m in post.sent if "kanarie" in repr(m).lower()]
    assert {message.reference for _, message in post.sent} == {tip.reference}
