"""A supervisor reads what happened, of the lines that they see, and no more than is known."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, hand_off, text
from tipintake.delivery.models import HandOff
from tipintake.staff import accounts, audit
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role, acts_of
from tipintake.staff.visible import lines_visible_to
from tipintake.tips.models import Tip
from tipintake.web.desk.oversight import counting, first_views, going, house, lines, people, period
from tipintake.web.desk.page import Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Answer = Callable[..., Tip]


@pytest.fixture
def supervisor(log_on: LogOn) -> Client:
    return log_on(Role.SUPERVISOR, lines=("wentzville-pd", "ofallon-pd"), name="sue")


@pytest.fixture
def desk(supervisor: Client) -> Desk:
    user = User.objects.get(username="sue")
    return Desk(user, acts_of(user), timezone.now(), lines_visible_to(user))


@pytest.fixture
def answer(make_tip: MakeTip) -> Answer:
    """A tip whose line acknowledged, or passed it on, so long after it came."""

    def made(line: str, *, after: timedelta, due: timedelta, state: str = "ACKNOWLEDGED") -> Tip:
        tip = make_tip(line, priority="P2", waited=DAY)
        came = timezone.now() - DAY
        HandOff.objects.filter(tip=tip).update(
            queued_at=came, due_at=came + due, acknowledged_at=came + after, state=state
        )
        return tip

    return made


def routed(tip: Tip, ago: timedelta) -> datetime:
    moment = timezone.now() - ago
    Tip.objects.filter(pk=tip.pk).update(routed_at=moment, priority=tip.priority)
    return moment


def test_what_waits_stands_in_the_band_of_its_age(desk: Desk, make_tip: MakeTip) -> None:
    for waited in (timedelta(minutes=5), 2 * HOUR, 2 * HOUR, 9 * DAY):
        make_tip("wentzville-pd", priority="P1", waited=waited)
    make_tip("nhth", priority="P1", waited=2 * HOUR)  # another's line
    first = lines.ageing(desk)[0]
    assert (first.priority, first.counts, first.total) == ("P1", (1, 2, 0, 0, 0, 1), 4)


def test_in_time_and_missed_are_of_those_whose_moment_has_come(
    desk: Desk, answer: Answer, make_tip: MakeTip
) -> None:
    answer("wentzville-pd", after=HOUR, due=4 * HOUR)
    answer("wentzville-pd", after=6 * HOUR, due=4 * HOUR)
    make_tip("wentzville-pd", waited=DAY, due_in=-HOUR)  # late now
    make_tip("wentzville-pd", waited=HOUR, due_in=HOUR)  # not due
    second = period.by_priority(period.came_since(desk, timezone.now() - 7 * DAY))[1]
    assert (second.came, second.in_time, second.missed) == (4, "1 of 3", 2)
    (line,) = lines.by_line(desk, period.came_since(desk, timezone.now() - 7 * DAY))
    assert (line.waiting, line.late, line.in_work, line.in_time) == (2, 1, 2, "1 of 3")


def test_a_percentage_stands_only_where_it_means_something() -> None:
    assert counting.share(1, 3) == "1 of 3"
    assert counting.share(5, 20) == "5 of 20 (25 %)"
    assert counting.share(0, 0) == "none came"


def test_reasons_for_passing_on_name_the_wrong_area(
    desk: Desk, make_tip: MakeTip, supervisor: Client
) -> None:
    for reason in ("OTHER_AREA", "OTHER_AREA", "NO_CAPACITY"):
        tip = make_tip("wentzville-pd")
        audit.record(
            "hand_off.declined",
            actor="kim",
            now=timezone.now(),
            subject=tip.reference,
            line="wentzville-pd",
            reason=reason,
        )
    said = dict(period.why_passed_on(desk, timezone.now() - DAY))
    assert said == {"Outside our area": 2, "We cannot take it in time": 1}
    assert "Outside our area 2" in text(supervisor, "/supervision/")


def test_reasons_of_a_line_that_they_do_not_see_are_not_told(
    desk: Desk, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "nhth")
    audit.record(
        "hand_off.declined",
        actor="kim",
        now=timezone.now(),
        subject=tip.reference,
        line="nhth",
        reason="OTHER_AREA",
    )
    assert period.why_passed_on(desk, timezone.now() - DAY) == []


def test_rules_are_counted_with_what_staff_sent_another_way(desk: Desk, make_tip: MakeTip) -> None:
    make_tip("wentzville-pd", rule="R3")
    tip = make_tip("wentzville-pd", rule="R3")
    again = tip.decisions.get()
    again.pk, again.made_by, again.why, again.rule = None, "kim", "WRONG_AREA", "R4"
    again.save(force_insert=True)
    rules = period.rule_hits(desk, timezone.now() - DAY)
    hits = {one.code: (one.hits, one.rerouted) for one in rules.rows}
    assert (hits["R3"], hits["R4"], hits["R7"]) == ((2, 0), (0, 1), (0, 0))
    assert rules.rerouted == "1 of 2"


def test_the_first_person_who_looked_counts_and_a_system_does_not(
    desk: Desk, make_tip: MakeTip
) -> None:
    seen, late, unseen = (make_tip("wentzville-pd", priority="P1") for _ in range(3))
    for tip, minutes in ((seen, 9), (late, 40)):
        came = routed(tip, 2 * HOUR)
        for actor, after in (("CAD (token abc)", 1), ("kim", minutes), ("lee", minutes + 5)):
            audit.record(
                "tip.read",
                actor=actor,
                now=came + timedelta(minutes=after),
                subject=tip.reference,
            )
    routed(unseen, 3 * HOUR + timedelta(seconds=30))
    first = first_views.first_views(desk, timezone.now() - DAY)[0][0]
    assert (first.tips, first.within, first.middle) == (3, "1 of 3", "9 min")
    assert (first.unseen, first.longest) == (1, "3 h")


def test_who_opened_a_tip_and_did_nothing_is_told_from_who_acted(
    desk: Desk, make_tip: MakeTip
) -> None:
    for name in ("kim", "lee"):
        accounts.create(name, roles=[Role.ANALYST], actor="test", now=timezone.now())
    two_days_ago = timezone.now() - 2 * DAY
    tip = make_tip("wentzville-pd")
    for name in ("kim", "lee"):
        audit.record("tip.read", actor=name, now=two_days_ago, subject=tip.reference)
        audit.record("tip.read", actor=name, now=timezone.now(), subject=tip.reference)
    audit.record("note.written", actor="lee", now=two_days_ago + HOUR, subject=tip.reference)
    (idle,) = people.reads_without_an_act(desk)
    assert (idle.name, idle.tips, idle.of) == ("kim", 1, 1)
    assert [(one.name, one.opened, one.acts) for one in people.people(desk)] == [
        ("kim", 1, 0),
        ("lee", 1, 1),
    ]


@pytest.mark.parametrize(
    "act",
    [
        *("tip.graded", "tip.assigned", "tip.tagged", "tip.merged", "tip.unmerged"),
        *("link.confirmed", "link.rejected", "link.taken_back"),
        *("held_span.released", "held_span.destroyed", "held_span.locked_away"),
        *("burst.released", "burst.set_aside", "notice.tried_again", "notice.sent_elsewhere"),
        *("intelligence.proposed", "intelligence.approved"),
    ],
)
def test_whoever_did_anything_with_a_tip_is_not_said_to_have_done_nothing(
    desk: Desk, make_tip: MakeTip, act: str
) -> None:
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=timezone.now())
    tip, before = make_tip("wentzville-pd"), timezone.now() - 2 * DAY
    audit.record("tip.read", actor="kim", now=before, subject=tip.reference)
    audit.record(act, actor="kim", now=before + HOUR, subject=tip.reference)
    assert people.reads_without_an_act(desk) == []
    assert [(one.name, one.acts) for one in people.people(desk)] == [("kim", 1)]


def test_another_lines_work_is_not_told(desk: Desk, make_tip: MakeTip) -> None:
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=timezone.now())
    tip = make_tip("nhth")
    routed(tip, HOUR)
    before = timezone.now() - 2 * DAY
    audit.record("tip.read", actor="kim", now=before, subject=tip.reference)
    audit.record("picture.opened", actor="kim", now=before, subject=tip.reference)
    since = timezone.now() - 7 * DAY
    assert people.people(desk) == []
    assert people.reads_without_an_act(desk) == []
    assert lines.by_line(desk, period.came_since(desk, since)) == []
    assert period.rule_hits(desk, since).decided == 0
    assert sum(one.tips for one in first_views.first_views(desk, since)[0]) == 0


def test_what_will_be_destroyed_soon_is_counted(desk: Desk, make_tip: MakeTip) -> None:
    old = timezone.now() - timedelta(days=729)
    for hold in ("", "COURT_ORDER"):
        tip = make_tip("wentzville-pd")
        Tip.objects.filter(pk=tip.pk).update(submitted_hour=old, legal_hold=hold)
    rows = {one.says: (one.count, one.held) for one in going.retention_due(desk)}
    assert rows["Tips kept for the longest, 730 days over within 3 days"] == ("1", "1")
    assert rows["Tips open so long that somebody must say why"] == ("2", "")


def test_the_house_says_what_stands_still(desk: Desk, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    Tip.objects.filter(pk=tip.pk).update(routed_at=None, submitted_hour=desk.now - 3 * HOUR)
    audit.record("tip.read", actor="kim", now=desk.now - HOUR)
    wrong = [one.says for one in house.house(desk) if not one.well]
    assert any("1 tip waits to be routed" in one and "worker" in one for one in wrong)
    assert any("The audit has not been chained for 1 h" in one for one in wrong)


def test_the_page_asks_few_questions_however_much_there_is(
    supervisor: Client, make_tip: MakeTip, answer: Answer
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert supervisor.get("/supervision/?days=90").status_code == 200
        return len(queries)

    answer("wentzville-pd", after=HOUR, due=2 * HOUR)
    few = asked()
    for number in range(12):
        answer(("wentzville-pd", "ofallon-pd")[number % 2], after=HOUR, due=2 * HOUR)
    assert asked() == few
    assert few <= 45


def test_reading_it_is_recorded(supervisor: Client, make_tip: MakeTip) -> None:
    hand_off(make_tip("wentzville-pd"), "wentzville-pd")
    supervisor.get("/supervision/?days=7")
    assert AuditEntry.objects.get(act="supervision.read").facts == {"days": 7}
