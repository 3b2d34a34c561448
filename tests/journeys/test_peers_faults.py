"""What services like this one get wrong, read in their code or seen: one test for each here.

The number is the fault's in the list that this service is measured by. Where a fault has more
sides than one, the tests beside the code try the others.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from tests.pipeline.conftest import DANGER_NOW, MakeTip, Silence, draft, kept, silence
from tests.tips.photos import FILE_NAME, PLANTED, attachment
from tipintake.delivery.acts import Act, Reason
from tipintake.delivery.channels.base import Endpoint, Message, TemporaryFailure
from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer, renew
from tipintake.directory.models import Alias, Contact, Line
from tipintake.pipeline import answering, notify, placing
from tipintake.pipeline.announce import announce_due
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.pipeline.sweep import sweep
from tipintake.privacy import keys
from tipintake.routing.decide import decide
from tipintake.routing.facts import facts_of_draft
from tipintake.staff.models import AuditEntry
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.pictures import jpeg_of
from tipintake.tips.secrets import narrative_of
from tipintake.tips.vocabulary import CameBy, Category, Disposition, Immediacy

__all__ = ["kept", "silence"]

WENTZVILLE = "wentzville-pd"


class Post:
    """A channel that fails for some addresses, and remembers the rest."""

    def __init__(self, **failing: Exception) -> None:
        self.failing = failing
        self.taken: list[tuple[str, Message]] = []
        self.within_a_transaction: list[bool] = []

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        self.within_a_transaction.append(connection.in_atomic_block)
        if to.address in self.failing:
            raise self.failing[to.address]
        self.taken.append((to.address, message))

    def run(self, now: datetime) -> None:
        every = dict.fromkeys(("email", "webhook", "call_sheet", "console"), self)
        while notify_due(now=now, channels=every):
            pass


@pytest.fixture
def two_endpoints(kept: MakeTip) -> Line:
    line = Line.objects.get(code=WENTZVILLE)
    line.contacts.all().delete()
    for address in ("first", "second"):
        Contact.objects.create(line=line, channel="webhook", address=address, source="test")
    return line


def states(hand_off: HandOff) -> dict[str, str]:
    arrived = hand_off.notices.filter(purpose="ARRIVED")
    return dict(arrived.values_list("contact__address", "state"))


def test_fault_1_a_rule_that_errors_at_run_time_swallows_no_report(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    tip = kept(DANGER_NOW)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(placing, "decide", broken)
    assert route_waiting(now=now) == 1
    primary = tip.hand_offs.get(is_primary=True)
    assert (primary.line.code, primary.priority) == ("regional-triage", "P1")
    assert primary.because
    assert "route.by_hand" in caplog.text


def test_fault_2_no_answer_that_the_form_takes_breaks_a_rule(region: Gazetteer) -> None:
    """Not tried on one dummy: every sign alone in every category, however urgent."""
    tried = 0
    for category, immediacy, sign in product(
        Category.values, Immediacy.values, [None, *INDICATORS]
    ):
        facts = facts_of_draft(
            draft(
                category=category,
                immediacy=immediacy,
                indicators=[sign] if sign else [],
                narrative="",
            ),
            (),
        )
        decided = decide(facts, region)
        assert decided.primary
        assert decided.because
        tried += 1
    assert tried == len(Category) * len(Immediacy) * (len(INDICATORS) + 1)


def test_fault_3_a_change_of_the_map_is_seen_by_a_process_that_runs_already(
    kept: MakeTip, now: datetime
) -> None:
    before = current_gazetteer()
    assert current_gazetteer() is before  # it is kept in memory, which is where the fault is
    alias = Alias.objects.filter(approved=False, jurisdiction="wentzville-mo").first()
    if alias is None:
        alias = Alias.objects.create(
            kind="landmark",
            text="Fictional Plaza",
            jurisdiction="wentzville-mo",
            source="test",
        )
    place = {"place_type": "OTHER", "name": alias.text}
    unplaced = kept(locations=[place])
    route_waiting(now=now)
    Alias.objects.filter(pk=alias.pk).update(approved=True, outcome="resolved")
    renew(now=now)
    placed = kept(locations=[place])
    route_waiting(now=now)
    assert unplaced.decisions.get().jurisdiction != "wentzville-mo"
    assert placed.decisions.get().jurisdiction == "wentzville-mo"


@pytest.mark.parametrize(
    ("came", "due"),
    [
        # Thursday evening in St. Louis is Friday in UTC: due on Friday all the same.
        ("2026-11-13T03:00", "2026-11-13T23:00"),
        # Friday evening is Saturday in UTC: due on Monday.
        ("2026-11-14T03:00", "2026-11-16T23:00"),
        # Sunday evening is Monday in UTC: due on Monday, not on Tuesday.
        ("2026-11-16T03:00", "2026-11-16T23:00"),
    ],
)
def test_fault_4_weekday_and_hour_are_read_in_one_time_zone(came: str, due: str) -> None:
    start, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (came, due))
    assert acknowledge_by("P3", start) == end


@pytest.mark.parametrize(
    "place",
    [
        {"lat": 38.8114, "lon": -90.8529},
        {"lat": 0.0, "lon": 0.0},
        {"highway": "I-70", "exit": "999"},
        {"city": "Xanadu"},
        {},
    ],
)
def test_fault_5_a_place_that_matches_nothing_has_somebody_who_reads_it(
    kept: MakeTip, now: datetime, place: dict[str, Any]
) -> None:
    tip = kept(locations=[{"place_type": "OTHER", **place}])
    assert route_waiting(now=now) == 1
    decision = tip.decisions.get()
    assert decision.primary
    assert tip.hand_offs.filter(is_primary=True).count() == 1
    assert decision.because


def test_fault_6_a_photo_keeps_neither_its_place_nor_its_name(
    region: Gazetteer, silence: Silence, now: datetime
) -> None:
    sent = replace(draft(), attachments=(attachment(),))
    submit_tip(sent, came_by=CameBy.API, now=now)
    row = Attachment.objects.get()
    assert "GPS position" in row.removed
    picture = jpeg_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    assert not any(plant in picture for plant in PLANTED)
    kept_in_clear = repr(Attachment.objects.values()).encode()
    assert FILE_NAME.encode() not in kept_in_clear + picture
    assert not {"name", "file", "file_name"} & {one.name for one in Attachment._meta.fields}


def test_fault_7_a_phone_number_in_the_words_goes_and_a_purge_takes_the_words(
    kept: MakeTip, now: datetime
) -> None:
    number = "314-555-0142"
    tip = kept(
        narrative=f"A van waits behind the motel each Friday. My name is Ann, call me at {number}."
    )
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    words = narrative_of(tip, private)
    assert number not in words
    assert "behind the motel" in words
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED",
        disposition=Disposition.UNFOUNDED,
        closed_on=(now - timedelta(days=60)).date(),
        routed_at=now - timedelta(days=70),
    )
    assert purge_due(now=now, limit=5) == 1
    assert not Tip.objects.filter(pk=tip.pk).exists()


def test_fault_8_history_says_why_and_not_only_where(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    route_waiting(now=now)
    decision = tip.decisions.get()
    assert decision.because
    assert decision.rules
    assert decision.policy_version
    row = tip.hand_offs.get(line__code=WENTZVILLE)
    answering.pass_on(
        row,
        Act.DECLINE,
        to=Line.objects.get(code="regional-triage"),
        reason=Reason.OTHER_AREA,
        by="sam",
        now=now,
        by_agency=True,
    )
    assert all(one.because for one in HandOff.objects.filter(tip=tip))
    entry = AuditEntry.objects.get(act="hand_off.declined")
    assert entry.facts == {
        "line": WENTZVILLE,
        "to": "regional-triage",
        "reason": "OTHER_AREA",
    }
    assert tip.decisions.get().because == decision.because  # what was decided stays as it was


def test_fault_9_a_delivery_is_given_up_in_sight_and_a_killed_one_is_taken_up_again(
    kept: MakeTip, now: datetime, two_endpoints: Line
) -> None:
    tip = kept()
    route_waiting(now=now)
    row = tip.hand_offs.get(line__code=WENTZVILLE)
    announce_due(now=now)
    claimed = notify._claim(now, 10, outward=True)
    killed = next(one for one in claimed if one.hand_off_id == row.pk)
    assert killed.state == Notice.State.SENDING
    post = Post(second=TemporaryFailure("out of order"))
    moment = now + notify.LEASE
    for _ in range(12):
        post.run(moment)
        moment += timedelta(hours=6)
    assert states(row) == {"first": "SENT", "second": "DEAD"}
    dead = row.notices.get(state="DEAD")
    assert dead.attempts == dead.tries.count() == 8
    entry = AuditEntry.objects.get(act="notice.given_up")
    assert (entry.subject, entry.facts["reason"]) == (tip.reference, "out of order")
    assert killed.pk in {one.id for _, one in post.taken} | {dead.pk}


def test_fault_10_one_success_does_not_mark_the_other_destinations(
    kept: MakeTip, now: datetime, two_endpoints: Line
) -> None:
    tip = kept()
    route_waiting(now=now)
    row = tip.hand_offs.get(line__code=WENTZVILLE)
    post = Post(second=TemporaryFailure("out of order"))
    post.run(now)
    assert states(row) == {"first": "SENT", "second": "WAITING"}
    post.failing.clear()
    post.run(now + timedelta(hours=1))
    assert states(row) == {"first": "SENT", "second": "SENT"}
    ours = [address for address, message in post.taken if message.line == WENTZVILLE]
    assert sorted(ours) == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_fault_11_nothing_is_sent_within_a_request_or_a_transaction(
    kept: MakeTip, now: datetime, two_endpoints: Line, silence: Silence
) -> None:
    # A socket is an error during tests: a request that sent by itself would fail here.
    tip = kept()
    assert not Notice.objects.exists()
    assert silence.rung == ["route"]
    route_waiting(now=now)
    assert not Notice.objects.exists()
    post = Post()
    post.run(now)
    assert post.taken
    assert set(post.within_a_transaction) == {False}
    assert tip.hand_offs.get(line__code=WENTZVILLE).state == "NOTIFIED"


def test_fault_11_a_sender_that_dies_takes_no_other_hand_off_along(
    kept: MakeTip, now: datetime, two_endpoints: Line
) -> None:
    """Each notice is marked by itself: what was sent before a crash stays marked as sent."""
    first, second = kept(), kept()
    route_waiting(now=now)

    class Dies(Post):
        def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
            if message.line == WENTZVILLE and len(self.taken) == 1:
                raise SystemExit
            super().send(message, to, now=now)

    Contact.objects.exclude(line=two_endpoints).update(active=False)
    post = Dies()
    with pytest.raises(SystemExit):
        post.run(now)
    assert Notice.objects.filter(state="SENT").count() == 1
    after = Post()
    after.run(now + 2 * notify.LEASE)
    sent = {message.id for _, message in [*post.taken, *after.taken]}
    ours = Notice.objects.filter(hand_off__tip__in=(first, second), contact__line=two_endpoints)
    assert sent >= set(ours.values_list("pk", flat=True))
    assert set(ours.values_list("state", flat=True)) == {"SENT"}


def test_the_sweep_finds_what_every_bell_missed(
    kept: MakeTip, now: datetime, two_endpoints: Line
) -> None:
    tip = kept()
    Contact.objects.filter(line=two_endpoints).update(channel="console")
    done = sweep(now=now)
    assert done["route"] == 1
    assert tip.hand_offs.exists()
    assert set(tip.hand_offs.get(line=two_endpoints).notices.values_list("state", flat=True)) == {
        "SENT"
    }
