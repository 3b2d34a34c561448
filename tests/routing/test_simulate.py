"""What a version would have done with the tips that are kept."""

import json
import re
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.pipeline import keep
from tests.routing.policies import WITH_FAULTS, case, rule, with_rules
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline.retain import purge_test
from tipintake.routing.facts import facts_of_tip
from tipintake.routing.policy import lifecycle
from tipintake.routing.policy.rulebook import FIRST, FIRST_TEXT, read
from tipintake.routing.policy.simulate import Report, _batches, _facts_of, simulate
from tipintake.tips.models import Tip

TIPS = 630


@pytest.fixture
def tips(region: Gazetteer) -> Gazetteer:
    keep(TIPS, routed=True)
    return region


def tried(text: str, region: Gazetteer) -> Report:
    return simulate(FIRST, read(text, version=2), region)


def test_the_same_rules_change_nothing(tips: Gazetteer) -> None:
    report = tried(FIRST_TEXT + "\n", tips)
    assert report.tips == TIPS
    assert report.changed == {}
    assert report.leaks == {}
    assert report.shadowed == {}


def test_seeded_faults_are_found(tips: Gazetteer) -> None:
    report = tried(WITH_FAULTS, tips)
    assert "R20" in report.dead
    assert report.shadowed == {"R21": "R4"}
    assert set(report.leaks) == {"R3"}
    leaked = report.leaks["R3"]
    forced = [
        tip.reference
        for tip in Tip.objects.exclude(immediacy="NOW").filter(minor_present="NO")
        if {"CTL_DEBT", "LAB_UNPAID"} & set(tip.indicators)
    ]
    assert leaked.count == len(forced) > 0
    assert set(leaked.samples) <= set(forced)


def test_changed_destinations_are_counted_with_samples(tips: Gazetteer) -> None:
    only_wentzville = rule(
        "R10",
        '{ all = [{ field = "jurisdiction", is = "wentzville-mo" }, '
        '{ field = "pattern_sign", is = true }] }',
        acts='"with others"',
        primary='"mshp"',
    )
    report = tried(with_rules(only_wentzville), tips)
    assert set(report.gained) == {"mshp"}
    assert not report.lost
    assert all(lines == "+mshp" for _old, _new, lines in report.changed)
    assert sum(one.count for one in report.changed.values()) == report.gained["mshp"] > 0
    for group in report.changed.values():
        assert 1 <= len(group.samples) <= 5
    assert report.rules["R10"].decided == 0
    assert report.shadowed == {}, "it never decides, and still brings a line"


def test_tips_above_which_the_law_stood_are_counted(tips: Gazetteer) -> None:
    offers_children = rule(
        "R10", '{ field = "minor", is = true }', acts='"beside"', primary='"crimestoppers"'
    )
    report = tried(with_rules(offers_children), tips)
    assert report.law.count == Tip.objects.filter(minor_present="POSSIBLY").count()
    assert not report.changed


def test_facts_are_the_same_as_the_worker_reads(tips: Gazetteer) -> None:
    read_fast = {ref: facts for rows in _batches(None) for ref, _, facts in _facts_of(rows)}
    parts = ("vehicles", "locations", "online", "mentions")
    for tip in Tip.objects.prefetch_related(*parts)[:100]:
        assert read_fast[tip.reference] == facts_of_tip(tip)


def test_a_simulation_writes_nothing_and_asks_little(tips: Gazetteer) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tried(FIRST_TEXT + "\n", tips)
    assert len(asked) <= 1 + 4 * (TIPS // 500 + 1)
    writes = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b")
    assert not [q["sql"] for q in asked.captured_queries if writes.search(q["sql"])]


def test_only_the_newest_when_asked(tips: Gazetteer, now: datetime) -> None:
    Tip.objects.update(submitted_hour=now - timedelta(days=3))
    newest = Tip.objects.first()
    assert newest is not None
    Tip.objects.filter(pk=newest.pk).update(submitted_hour=now)
    report = simulate(FIRST, read(WITH_FAULTS, version=2), tips, newest=1)
    assert report.tips == 1


def test_the_command_shows_and_keeps_the_report(tips: Gazetteer, now: datetime) -> None:
    draft = lifecycle.draft(by="kim", now=now, text=WITH_FAULTS)
    said = StringIO()
    call_command("policy", "simulate", "2", stdout=said)
    assert f"beside version 1, over {TIPS} tips" in said.getvalue()
    assert "Rules shadowed: R21 (by R4)." in said.getvalue()
    assert "R20" in said.getvalue().partition("never hit:")[2].splitlines()[0]
    assert "LEAK" in said.getvalue()
    draft.refresh_from_db()
    assert draft.simulation["after"] == {"version": 2, "digest": draft.digest}
    said = StringIO()
    call_command("policy", "simulate", "2", "--json", "--newest", "50", stdout=said)
    assert json.loads(said.getvalue())["tips"] == 50


def test_a_purged_tips_number_stands_in_no_simulation(tips: Gazetteer, now: datetime) -> None:
    draft = lifecycle.draft(by="kim", now=now, text=WITH_FAULTS)
    lifecycle.simulate_draft(draft, tips, by="kim", now=now)
    draft.refresh_from_db()
    purged = draft.simulation["leaks"]["R3"]["samples"][0]
    assert json.dumps(draft.simulation).count(purged) > 1
    before = draft.simulation["leaks"]["R3"]["count"]
    assert purge_test(Tip.objects.filter(reference=purged), actor="test", now=now) == 1
    draft.refresh_from_db()
    assert purged not in json.dumps(draft.simulation)
    assert draft.simulation["leaks"]["R3"]["count"] == before


def test_a_version_in_force_keeps_counts_and_no_numbers(tips: Gazetteer, now: datetime) -> None:
    text = FIRST_TEXT.replace('{ then = "P3" },', '{ then = "P2" },', 1)
    cases = case("quiet", {"rule": "R3", "priority": "P2"}, indicators=["LAB_UNPAID"])
    draft = lifecycle.draft(by="kim", now=now, text=text, example_cases=cases)
    assert lifecycle.simulate_draft(draft, tips, by="kim", now=now).changed
    lifecycle.activate(draft.version, tips, by="lee", now=now)
    draft.refresh_from_db()
    assert draft.simulation["changed"] > 0
    assert '"T-' not in json.dumps(draft.simulation)


def test_a_tip_that_another_bears_out_is_simulated_as_such(tips: Gazetteer) -> None:
    without = FIRST_TEXT.replace(
        'field = "shares_evidence", is = true', 'field = "minor", is = true'
    )
    assert without != FIRST_TEXT
    assert not tried(without, tips).lost
    Tip.objects.update(shares_evidence=True)
    report = tried(without, tips)
    assert any(line.endswith("task-force") for line in report.lost)
