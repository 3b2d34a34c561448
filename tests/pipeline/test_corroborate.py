"""Two tips that name the same plate, phone or room bear each other out: once, for both."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.pipeline.conftest import ASKS_FOR_AN_ADVOCATE, HOTEL_PATTERN, MakeTip, draft
from tests.pipeline.house import ROOT, House
from tests.waiting import eventually
from tipintake.delivery import acts
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.door.status import status_of
from tipintake.pipeline import answering, corroborate
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.escalate import escalate_overdue
from tipintake.pipeline.reroute import Why, reroute
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.pipeline.sweep import sweep
from tipintake.routing.rules import SHARED_EVIDENCE
from tipintake.staff.models import AuditEntry
from tipintake.tips import shared
from tipintake.tips.models import EvidenceInWords, LinkKey, Tip
from tipintake.tips.vocabulary import CameBy, Disposition
from tipintake.triage import actions, links

TASK_FORCE = "st-charles-county-task-force"
PLATE: dict[str, Any] = {"vehicles": [{"plate_raw": "AB1 C2D", "plate_state": "MO"}]}
OTHER_WORDS = "Two men collect money from a side door every weekend."


def queues(tip: Tip) -> set[str]:
    return set(tip.hand_offs.values_list("line__code", flat=True))


def placed(kept: MakeTip, when: datetime, **given: Any) -> Tip:
    tip = kept(**given)
    Tip.objects.filter(pk=tip.pk).update(submitted_hour=when.replace(minute=0))
    route_waiting(now=when)
    return tip


def both(kept: MakeTip, now: datetime, one: Any, other: Any, **apart: int) -> tuple[Tip, Tip]:
    """Two tips in different words, each compared as it comes."""
    first = placed(kept, now - timedelta(**apart), **one)
    corroborate_due(now=now)
    second = placed(kept, now, narrative=OTHER_WORDS, **other)
    corroborate_due(now=now)
    return first, second


def test_a_plate_seen_twice_gives_both_tips_to_the_task_force_with_the_reason(
    kept: MakeTip, now: datetime
) -> None:
    first = placed(kept, now - timedelta(days=40), **PLATE)
    corroborate_due(now=now - timedelta(days=40))
    assert queues(first) == {"wentzville-pd"}
    second = placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    for tip in (first, second):
        assert queues(tip) == {"wentzville-pd", TASK_FORCE}
        added = tip.hand_offs.get(line__code=TASK_FORCE)
        assert added.because == SHARED_EVIDENCE
        assert (added.rule, added.priority) == ("R4", "P3")
        assert added.queued_at == added.notify_at == now
        latest = tip.decisions.order_by("-pk")[0]
        assert latest.also == [TASK_FORCE]
        assert latest.because.endswith(SHARED_EVIDENCE)
        assert tip.decisions.count() == 2
    entries = AuditEntry.objects.filter(act="tip.corroborated")
    assert {entry.subject for entry in entries} == {first.reference, second.reference}
    assert all(entry.facts["shares"] == ["plate"] for entry in entries)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"vehicles": [{"plate_raw": "ab1-c2d"}]}, PLATE),
        ({"vehicles": [{"plate_raw": "ABI C2D", "plate_state": "MO"}]}, PLATE),
        ({"narrative": "The gray van has plate AB1 C2D and waits every Friday night."}, PLATE),
        (
            {"online": [{"ad_phone": "(314) 555-0166"}]},
            {"online": [{"ad_phone": "314.555.0166"}]},
        ),
        (
            {"locations": [{"name": "The Sunset Inn", "city": "Wentzville", "unit": "Rm 114"}]},
            {"locations": [{"name": "sunset inn", "city": "WENTZVILLE", "unit": "114"}]},
        ),
        (
            {"locations": [{"street": "12 Main St", "city": "Wentzville", "unit": "4b"}]},
            {"locations": [{"street": "12 Main Street.", "city": "Wentzville", "unit": "#4-B"}]},
        ),
        (
            {
                "locations": [{"name": "Sunset Inn", "city": "Wentzville"}],
                "narrative": "Men come and go at room 114 through the night, a few minutes each.",
            },
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "114"}]},
        ),
    ],
)
def test_the_same_thing_in_other_spellings(
    kept: MakeTip, now: datetime, one: Any, other: Any
) -> None:
    first, second = both(kept, now, one, other)
    assert TASK_FORCE in queues(first)
    assert TASK_FORCE in queues(second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"vehicles": [{"plate_raw": "AB1 C2D", "plate_state": "IL"}]}, PLATE),
        ({"vehicles": [{"plate_raw": "AB1 C?D"}]}, {"vehicles": [{"plate_raw": "AB1 C?D"}]}),
        (
            {"vehicles": [{"plate_raw": "AB1", "plate_partial": True}]},
            {"vehicles": [{"plate_raw": "AB1"}]},
        ),
        (
            {"vehicles": [{"plate_raw": "unknown"}]},
            {"vehicles": [{"plate_raw": "Unknown", "plate_state": "MO"}]},
        ),
        (
            {"online": [{"ad_phone": "000-000-0000"}]},
            {"online": [{"ad_phone": "000-000-0000"}]},
        ),
        (
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "unknown"}]},
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "Unknown"}]},
        ),
        (
            {"locations": [{"street": "Main St", "city": "Wentzville", "unit": "1"}]},
            {"locations": [{"street": "Main St", "city": "Wentzville", "unit": "1"}]},
        ),
        (
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "114"}]},
            {"locations": [{"name": "Budget Lodge", "city": "Wentzville", "unit": "114"}]},
        ),
        (
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "114"}]},
            {"locations": [{"name": "Sunset Inn", "city": "St. Charles", "unit": "114"}]},
        ),
        (
            {"locations": [{"city": "Wentzville", "unit": "114"}]},
            {"locations": [{"city": "Wentzville", "unit": "114"}]},
        ),
        (
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville"}]},
            {"locations": [{"name": "Sunset Inn", "city": "Wentzville"}]},
        ),
    ],
)
def test_what_only_looks_alike_bears_nothing_out(
    kept: MakeTip, now: datetime, one: Any, other: Any
) -> None:
    first, second = both(kept, now, one, other)
    assert TASK_FORCE not in queues(first) | queues(second)


def test_the_window_is_ninety_days(kept: MakeTip, now: datetime) -> None:
    first, second = both(kept, now, PLATE, PLATE, days=91)
    assert TASK_FORCE not in queues(first) | queues(second)
    within, _third = both(kept, now, {"vehicles": [{"plate_raw": "XK4 P9T"}]}, {}, days=90)
    placed(kept, now, narrative=OTHER_WORDS, vehicles=[{"plate_raw": "XK4 P9T"}])
    corroborate_due(now=now)
    assert TASK_FORCE in queues(within)


def test_the_number_of_a_hotline_is_no_evidence(kept: MakeTip, now: datetime) -> None:
    hotline = Line.objects.get(code="nhth").number
    given = {"online": [{"ad_phone": hotline}]}
    first, second = both(kept, now, given, given)
    assert TASK_FORCE not in queues(first) | queues(second)


def test_one_text_sent_twice_is_one_report(kept: MakeTip, now: datetime) -> None:
    first, second = placed(kept, now, **PLATE), placed(kept, now, **PLATE)
    corroborate_due(now=now)
    assert TASK_FORCE not in queues(first) | queues(second)
    assert not Tip.objects.filter(shares_evidence=True).exists()


def test_tips_grouped_as_a_flood_do_not_bear_each_other_out(kept: MakeTip, now: datetime) -> None:
    first, second = placed(kept, now, **PLATE), placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    Tip.objects.update(flood=first.pk)
    corroborate_due(now=now)
    assert TASK_FORCE not in queues(first) | queues(second)
    alone = placed(kept, now, narrative=OTHER_WORDS + " A guard stands there.", **PLATE)
    corroborate_due(now=now)
    assert TASK_FORCE in queues(alone)


@pytest.mark.parametrize("came_to", ["SPAM", "PRANK", "DUPLICATE", "UNFOUNDED"])
def test_what_was_closed_as_nothing_bears_nothing_out(
    kept: MakeTip, now: datetime, came_to: str
) -> None:
    first = placed(kept, now - timedelta(days=3), **PLATE)
    Tip.objects.filter(pk=first.pk).update(
        status="CLOSED", disposition=came_to, closed_on=now.date()
    )
    second = placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    assert TASK_FORCE not in queues(first) | queues(second)


def close(tip: Tip, came_to: str, now: datetime) -> None:
    tip.hand_offs.update(state="CLOSED", disposition=came_to, notify_at=None)
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition=came_to, closed_on=now.date()
    )


@pytest.mark.parametrize("came_to", ["SPAM", "PRANK", "DUPLICATE", "UNFOUNDED"])
def test_a_tip_that_is_closed_as_nothing_while_it_is_compared_stays_closed(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch, came_to: str
) -> None:
    first = placed(kept, now - timedelta(days=3), **PLATE)
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    marking = corroborate._mark_all

    def meanwhile(kinds: Any, *, now: datetime) -> None:
        close(first, came_to, now)
        marking(kinds, now=now)

    monkeypatch.setattr(corroborate, "_mark_all", meanwhile)
    corroborate_due(now=now)
    first.refresh_from_db()
    assert (first.status, first.disposition, first.shares_evidence) == ("CLOSED", came_to, False)
    assert TASK_FORCE not in queues(first)
    assert not AuditEntry.objects.filter(act="tip.corroborated", subject=first.reference).exists()


def test_a_closed_tip_that_is_borne_out_is_opened_again_and_its_writer_does_not_learn_it(
    kept: MakeTip, now: datetime
) -> None:
    given = draft(HOTEL_PATTERN, **PLATE)
    receipt = submit_tip(given, came_by=CameBy.WEB, now=now - timedelta(days=3))
    route_waiting(now=now - timedelta(days=3))
    first = Tip.objects.get()
    close(first, Disposition.INFORMATION_ONLY, now)
    before = status_of(receipt.code)
    assert before is not None
    assert before.status == "CLOSED"
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    first.refresh_from_db()
    assert (first.status, first.disposition, first.closed_on) == ("WORKING", "", None)
    assert first.hand_offs.get(line__code=TASK_FORCE).state == "QUEUED"
    assert AuditEntry.objects.get(act="tip.status_changed", subject=first.reference).facts == {
        "before": "CLOSED",
        "status": "WORKING",
    }
    assert status_of(receipt.code) == before


def test_a_closed_tip_that_the_task_force_was_done_with_stays_closed(
    kept: MakeTip, now: datetime
) -> None:
    first = placed(kept, now - timedelta(days=3), **PLATE)
    row = first.hand_offs.get()
    row.pk, row.line = None, Line.objects.get(code=TASK_FORCE)
    row.save()
    close(first, Disposition.NO_ACTION, now)
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    first.refresh_from_db()
    assert (first.status, first.shares_evidence) == ("CLOSED", True)


def test_a_tip_by_a_victim_without_consent_reaches_nobody_new(
    kept: MakeTip, now: datetime
) -> None:
    victim = kept(ASKS_FOR_AN_ADVOCATE, **PLATE)
    route_waiting(now=now)
    before = queues(victim)
    second = placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    assert queues(victim) == before == {"victim-advocate"}
    assert TASK_FORCE in queues(second)


def test_it_happens_once_however_many_agree(kept: MakeTip, now: datetime) -> None:
    words = ("Two men collect money.", "A woman cries at the door.", "Cars idle behind it.")
    tips = [placed(kept, now, narrative=f"{one} It is each night.", **PLATE) for one in words]
    for _ in range(3):
        Tip.objects.update(to_compare=1)
        corroborate_due(now=now)
    assert [tip.decisions.count() for tip in tips] == [2, 2, 2]
    assert AuditEntry.objects.filter(act="tip.corroborated").count() == 3
    assert HandOff.objects.filter(line__code=TASK_FORCE).count() == 3


def test_a_line_that_has_it_is_left_as_it_is(kept: MakeTip, now: datetime) -> None:
    first = placed(kept, now - timedelta(days=2), **PLATE)
    row = first.hand_offs.get()
    row.pk, row.line = None, Line.objects.get(code=TASK_FORCE)
    row.state, row.because = "ACKNOWLEDGED", "by hand"
    row.save()
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    assert first.hand_offs.get(line__code=TASK_FORCE).because == "by hand"


def test_evidence_that_came_with_an_answer_counts(kept: MakeTip, now: datetime) -> None:
    first, second = both(kept, now, {}, PLATE)
    assert TASK_FORCE not in queues(second)
    EvidenceInWords.objects.create(
        tip=first, kind="plate", value="AB1 C2D", canonical="AB1C2D", skeleton="A81C20"
    )
    shared.compare_again(first.pk)
    sweep(now=now)
    assert TASK_FORCE in queues(first) & queues(second)


@pytest.mark.django_db(transaction=True)
def test_a_tip_that_is_purged_during_the_comparison_takes_no_other_links_along(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, first = both(kept, now, PLATE, PLATE, days=3)
    second = placed(kept, now, narrative="A third account of it.", **PLATE)
    known = links._known

    def purged_meanwhile(rows: Any) -> Any:
        Tip.objects.filter(pk=gone.pk).delete()
        return known(rows)

    monkeypatch.setattr(links, "_known", purged_meanwhile)
    corroborate_due(now=now)
    assert not Tip.objects.filter(pk=gone.pk).exists()
    assert links.between(first, second).exists()


def test_evidence_that_comes_during_the_comparison_is_compared_too(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = placed(kept, now, **PLATE)
    comparing = corroborate._compare

    def meanwhile(keys: Any, *, now: datetime) -> None:
        comparing(keys, now=now)
        shared.compare_again(tip.pk)

    monkeypatch.setattr(corroborate, "_compare", meanwhile)
    assert corroborate_due(now=now) == 1
    assert list(shared.to_compare()) == [tip]


def test_the_older_tip_is_added_even_when_it_is_routed_last(kept: MakeTip, now: datetime) -> None:
    """Another worker routes the older one only after the newer one was compared."""
    older, newer = kept(**PLATE), kept(narrative=OTHER_WORDS, **PLATE)
    Tip.objects.filter(pk=older.pk).update(routed_at=None, submitted_hour=now - timedelta(days=1))
    route_waiting(now=now, limit=2)
    HandOff.objects.filter(tip=older).delete()
    older.decisions.all().delete()
    Tip.objects.filter(pk=older.pk).update(routed_at=None)
    corroborate_due(now=now)
    assert TASK_FORCE not in queues(newer)
    route_waiting(now=now)
    corroborate_due(now=now)
    assert TASK_FORCE in queues(older) & queues(newer)


def test_the_writer_never_learns_of_another_tip(kept: MakeTip, now: datetime) -> None:
    placed(kept, now - timedelta(days=5), **PLATE)
    given = draft(HOTEL_PATTERN, narrative=OTHER_WORDS, **PLATE)
    receipt = submit_tip(given, came_by=CameBy.WEB, now=now)
    route_waiting(now=now)
    before = status_of(receipt.code)
    corroborate_due(now=now)
    tip = Tip.objects.get(reference=receipt.reference)
    assert TASK_FORCE in queues(tip)
    assert status_of(receipt.code) == before
    late = now + timedelta(days=4)
    tip.hand_offs.filter(line__code="wentzville-pd").update(state="ACKNOWLEDGED")
    before = status_of(receipt.code)
    escalate_overdue(now=late)
    assert "regional-triage" in queues(tip)
    assert status_of(receipt.code) == before


def test_the_status_tells_nothing_of_the_line_that_is_not_shown(
    kept: MakeTip, now: datetime
) -> None:
    placed(kept, now - timedelta(days=5), **PLATE)
    given = draft(HOTEL_PATTERN, narrative=OTHER_WORDS, **PLATE)
    receipt = submit_tip(given, came_by=CameBy.WEB, now=now)
    route_waiting(now=now)
    corroborate_due(now=now)
    tip = Tip.objects.get(reference=receipt.reference)

    def says() -> str:
        page = status_of(receipt.code)
        assert page is not None
        return page.status

    acts.acknowledge(tip.hand_offs.get(line__code=TASK_FORCE), by="kim", now=now)
    actions.acknowledged(tip, by_own_staff=False, by="kim", now=now)
    assert (tip.status, says()) == ("ASSIGNED", "NEW")
    police = tip.hand_offs.get(line__code="wentzville-pd")
    acts.acknowledge(police, by="lee", now=now)
    assert says() == "ASSIGNED"
    acts.close(police, disposition=Disposition.NO_ACTION, by="lee", now=now)
    assert says() == "CLOSED"


@pytest.mark.parametrize(
    "answers",
    [{"minor_present": "YES"}, {"immediacy": "NOW"}, {"place": "resolved:ofallon-mo"}],
)
@pytest.mark.parametrize("declines", [False, True])
def test_a_tip_that_staff_send_another_way_tells_its_writer_no_more(
    declines: bool, answers: dict[str, str], kept: MakeTip, now: datetime
) -> None:
    """As one that nothing bears out, whatever the line did that came by the other tip."""
    alone = submit_tip(draft(), came_by=CameBy.WEB, now=now)
    borne_out = submit_tip(draft(**PLATE), came_by=CameBy.WEB, now=now)
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    tip = Tip.objects.get(reference=borne_out.reference)
    assert queues(tip) == {"wentzville-pd", TASK_FORCE}
    if declines:
        answering.pass_on(
            tip.hand_offs.get(line__code=TASK_FORCE),
            acts.Act.DECLINE,
            to=Line.objects.get(code="regional-triage"),
            reason=acts.Reason.NO_CAPACITY,
            by="tess",
            now=now,
            by_agency=True,
        )
    said = []
    for receipt in (alone, borne_out):
        one = Tip.objects.get(reference=receipt.reference)
        reroute(one, answers, why=Why.KIND, by="sam", now=now)
        page = status_of(receipt.code)
        assert page is not None
        said.append((page.status, page.says, page.lines))
    assert said[0] == said[1]


def passed_on(tip: Tip, code: str, to: str, now: datetime) -> None:
    answering.pass_on(
        tip.hand_offs.get(line__code=code),
        acts.Act.TRANSFER,
        to=Line.objects.get(code=to),
        reason=acts.Reason.NO_CAPACITY,
        by="sam",
        now=now,
        by_agency=False,
    )


@pytest.mark.parametrize("first", ["wentzville-pd", TASK_FORCE])
def test_what_the_writer_may_know_goes_on_when_both_lines_pass_the_tip_to_one(
    first: str, kept: MakeTip, now: datetime
) -> None:
    """The line that has it now stands on the page, and nothing of how else it came there."""
    receipt = submit_tip(draft(**PLATE), came_by=CameBy.WEB, now=now)
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    tip = Tip.objects.get(reference=receipt.reference)
    for code in sorted(("wentzville-pd", TASK_FORCE), key=lambda code: code != first):
        passed_on(tip, code, "regional-triage", now)
    page = status_of(receipt.code)
    assert page is not None
    shown = {one.code: (one.state, one.because) for one in page.lines}
    assert shown.keys() == {"wentzville-pd", "regional-triage"}
    assert shown["regional-triage"] == ("QUEUED", acts.PASSED_ON[acts.Reason.NO_CAPACITY])
    assert page.status == "NEW"


@pytest.mark.parametrize("how", ["transfer", "escalate"])
def test_a_line_that_the_writer_knew_does_not_vanish_from_their_page(
    how: str, kept: MakeTip, now: datetime
) -> None:
    receipt = submit_tip(draft(**PLATE), came_by=CameBy.WEB, now=now)
    placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    corroborate_due(now=now)
    tip = Tip.objects.get(reference=receipt.reference)
    passed_on(tip, "wentzville-pd", "regional-triage", now)
    passed_on(tip, "regional-triage", "st-charles-county-pd", now)
    if how == "transfer":
        passed_on(tip, TASK_FORCE, "regional-triage", now)
    else:
        tip.hand_offs.filter(line__code="st-charles-county-pd").update(state="ACKNOWLEDGED")
        escalate_overdue(now=now + timedelta(days=4))
        assert tip.hand_offs.get(line__code="regional-triage").state in {"QUEUED", "NOTIFIED"}
    page = status_of(receipt.code)
    assert page is not None
    assert "regional-triage" in {one.code for one in page.lines}


def test_a_tip_that_cannot_be_arranged_for_goes_to_people(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = placed(kept, now - timedelta(days=2), **PLATE)
    second = placed(kept, now, narrative=OTHER_WORDS, **PLATE)
    choosing = corroborate._lines_to_add

    def breaks(tip: Tip, *rest: Any) -> Any:
        if tip.pk == first.pk:
            raise ZeroDivisionError
        return choosing(tip, *rest)

    monkeypatch.setattr(corroborate, "_lines_to_add", breaks)
    assert corroborate_due(now=now) == 2
    assert "regional-triage" in queues(first)
    assert TASK_FORCE in queues(second)


def test_comparing_many_takes_few_queries(
    kept: MakeTip, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        kept(vehicles=[{"plate_raw": f"K{number:03}XY"}])
    route_waiting(now=now)
    with django_assert_max_num_queries(34):
        assert corroborate_due(now=now) == 12


def test_no_scan_of_the_tables_is_needed(kept: MakeTip, now: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan is read as SQLite words it")
    placed(kept, now, **PLATE)
    key = LinkKey.objects.get(kind="plate").key
    plan = LinkKey.objects.filter(key__in=[key], kind="plate").values_list("tip").explain()
    assert "SCAN" not in plan
    assert "USING INDEX" in plan


DIES = """
import os, signal
from tipintake.pipeline import corroborate
from django.utils import timezone
from tipintake.pipeline.route import route_waiting
left = [{after}]
recording = corroborate.audit.record
def dies(*given, **facts):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return recording(*given, **facts)
corroborate.audit.record = dies
corroborate.corroborate_due(now=timezone.now())
"""
PREPARE = """
from django.utils import timezone
from tipintake.models import Tip
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.tips.draft import TipDraft
for words in ("Two men collect money at a side door.", "Cars come and go behind it all night."):
    submit_tip(TipDraft.from_mapping({
        "category": "SUSPICIOUS_PLACE_PATTERN", "immediacy": "ONGOING", "minor_present": "NO",
        "indicators": ["HTL_TRAFFIC"], "vehicles": [{"plate_raw": "AB1 C2D"}],
        "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}], "narrative": words,
    }), came_by="API", now=timezone.now())
route_waiting(now=timezone.now())
"""
COUNT = """
from tipintake.models import Tip
for tip in Tip.objects.all():
    lines = sorted(tip.hand_offs.values_list("line__code", flat=True))
    print("TIP", tip.decisions.count(), *lines)
"""


AT_ONCE = """
import time
from pathlib import Path
from django.utils import timezone
from tipintake.pipeline.corroborate import corroborate_due
Path("{ready}").touch()
while not Path("{go}").exists():
    time.sleep(0.005)
while corroborate_due(now=timezone.now(), limit=1):
    pass
"""


def rows_of(house: House) -> list[str]:
    return [row for row in house.manage("shell", "-c", COUNT).splitlines() if "TIP" in row]


@pytest.mark.processes
def test_killed_or_many_at_once_workers_lose_nothing_and_double_nothing(house: House) -> None:
    house.manage("shell", "-c", PREPARE)
    for after in (0, 1):  # before the first of the two is written, then between them
        killed = subprocess.run(
            [sys.executable, "manage.py", "shell", "-c", DIES.format(after=after)],
            cwd=ROOT,
            env={**os.environ, **house.env},
            capture_output=True,
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
    house.manage("shell", "-c", PREPARE.replace("Two men", "A guard").replace("Cars", "Vans"))
    ready, go = [house.home / f"ready{number}" for number in range(3)], house.home / "go"
    workers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-c", AT_ONCE.format(ready=one, go=go)],
            cwd=ROOT,
            env={**os.environ, **house.env},
        )
        for one in ready
    ]
    eventually(lambda: all(one.exists() for one in ready), seconds=60)
    go.touch()
    assert [one.wait(60) for one in workers] == [0, 0, 0]
    assert rows_of(house) == [f"TIP 2 {TASK_FORCE} wentzville-pd"] * 4
