"""From draft to version in force, with cases, a simulation and a second person."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pipeline.conftest import draft as tip_draft
from tests.routing.policies import WEEKEND_NIGHT, case, first_without, rule, with_rules
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import preview, submit_tip
from tipintake.routing.decide import decide
from tipintake.routing.facts import facts_of_tip
from tipintake.routing.models import Decision, Policy
from tipintake.routing.policy import lifecycle
from tipintake.routing.policy.cases import EXPECTED, try_cases
from tipintake.routing.policy.compare import differences
from tipintake.routing.policy.current import UnknownPolicy, policy_in_force, policy_of
from tipintake.routing.policy.lifecycle import PolicyProblem
from tipintake.routing.policy.reasons import in_language
from tipintake.routing.policy.rulebook import FIRST, FIRST_CASES, read
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy

NIGHT_CASE = case(
    "weekend-night",
    {"rule": "R4", "rules": ["R4", "R10"], "priority": "P3"},
    at="2026-11-14T23:30-06:00",
    category="SUSPICIOUS_PLACE_PATTERN",
    indicators=["HTL_TRAFFIC"],
    locations=[{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
)
OPEN_TIP = {"category": "OTHER_UNSURE", "immediacy": "PAST", "minor_present": "NO"}
BETTER = with_rules(WEEKEND_NIGHT)
SATURDAY_NIGHT = datetime.fromisoformat("2026-11-14T23:40:00-06:00")


@pytest.fixture(autouse=True)
def silent_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    monkeypatch.setattr(bell, "ring_notify", lambda: None)


@pytest.fixture
def written(region: Gazetteer, now: datetime) -> Policy:
    """A draft by Kim that may be simulated and then activated."""
    return lifecycle.draft(by="kim", now=now, text=BETTER, example_cases=FIRST_CASES + NIGHT_CASE)


def simulated(row: Policy, region: Gazetteer, now: datetime) -> Policy:
    lifecycle.simulate_draft(row, region, by="kim", now=now)
    row.refresh_from_db()
    return row


def refusals(row: Policy, region: Gazetteer, *, by: str = "lee") -> str:
    return "\n".join(lifecycle.obstacles(row, region, by=by))


def send(now: datetime, **changes: Any) -> Tip:
    receipt = submit_tip(tip_draft(**changes), came_by=CameBy.API, now=now)
    return Tip.objects.get(reference=receipt.reference)


def test_version_one_decides_until_another_is_activated(db: None) -> None:
    assert policy_in_force() is FIRST
    assert policy_of(1) is FIRST
    with pytest.raises(UnknownPolicy, match="policy list"):
        policy_of(2)


def test_version_one_is_kept_with_its_text_and_cases_when_a_region_is_loaded(
    region: Gazetteer,
) -> None:
    row = Policy.objects.get()
    assert (row.version, row.state, row.text) == (1, "ACTIVE", FIRST.text)
    checked = lifecycle.check(row, region)
    assert checked.problems == ()
    assert checked.cases_hold == 11


def test_a_draft_begins_as_the_version_in_force(region: Gazetteer, now: datetime) -> None:
    row = lifecycle.draft(by="kim", now=now)
    assert (row.version, row.based_on, row.authors) == (2, 1, ["kim"])
    assert (row.text, row.cases) == (FIRST.text, FIRST_CASES)
    assert policy_in_force().version == 1


def test_a_second_person_activates_a_draft_that_was_tried(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    simulated(written, region, now)
    lifecycle.activate(2, region, by="lee", now=now)
    assert policy_in_force().version == 2
    assert dict(Policy.objects.values_list("version", "state")) == {1: "RETIRED", 2: "ACTIVE"}
    acts = AuditEntry.objects.filter(subject="policy 2").order_by("pk")
    assert list(acts.values_list("act", "actor")) == [
        ("policy.drafted", "kim"),
        ("policy.simulated", "kim"),
        ("policy.activated", "lee"),
    ]


def test_nobody_activates_what_they_wrote_on(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    lifecycle.revise(2, text=BETTER, example_cases=written.cases, by="lee", now=now)
    written.refresh_from_db()
    simulated(written, region, now)
    for author in ("kim", "lee"):
        with pytest.raises(PolicyProblem, match="somebody else activates it"):
            lifecycle.activate(2, region, by=author, now=now)
    assert policy_in_force().version == 1
    lifecycle.activate(2, region, by="max", now=now)


def test_a_draft_is_not_activated_before_it_was_simulated_as_it_stands(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    assert "Simulate it first" in refusals(written, region)
    simulated(written, region, now)
    assert refusals(written, region) == ""
    lifecycle.revise(2, text=BETTER + "\n", example_cases=written.cases, by="kim", now=now)
    written.refresh_from_db()
    assert "Simulate it first" in refusals(written, region)


def test_a_simulation_beside_a_version_that_is_no_longer_in_force_does_not_count(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    other = lifecycle.draft(by="kim", now=now, text=BETTER, example_cases=written.cases)
    simulated(written, region, now)
    simulated(other, region, now)
    lifecycle.activate(3, region, by="lee", now=now)
    assert "version 3 is in force now: simulate it again" in refusals(written, region)


@pytest.mark.parametrize(
    ("text", "cases", "says"),
    [
        (BETTER, "", "attach at least one example"),
        (BETTER, FIRST_CASES, "R10 is new or changed: attach a case"),
        (BETTER, FIRST_CASES + NIGHT_CASE.replace('"P3"', '"P1"'), "expected P1, decided P3"),
        (BETTER, FIRST_CASES + "{broken", "is not JSON"),
        (BETTER, FIRST_CASES + '{"id": "x", "tip": {}}', '"expect" is missing'),
        (BETTER, FIRST_CASES + NIGHT_CASE.replace("T23:30-06:00", "T23:30"), "its offset"),
        (BETTER, FIRST_CASES + case("x", {"rule": ["R4"]}), '"rule" is the code of a rule'),
        (BETTER, FIRST_CASES + case("x", {"place": "Wentzville"}), '"place" is {"outcome"'),
        (BETTER, FIRST_CASES + case("x", {"rule": "R9"}, immediacy="SOON"), '"immediacy" is none'),
        (
            BETTER,
            FIRST_CASES + case("words", {"rule": "R9"}, narrative="My neighbour said it."),
            "a case holds nobody's words",
        ),
        (
            with_rules(rule("R10", '{ field = "jurisdiction", is = "gotham" }')),
            FIRST_CASES + case("x", {"rules": ["R10"]}),
            "gotham: no jurisdiction",
        ),
        (first_without("R9"), FIRST_CASES, "R9: is missing at the end"),
        ("not toml", FIRST_CASES, "not TOML"),
    ],
)
def test_what_is_not_sound_cannot_be_activated(
    text: str, cases: str, says: str, region: Gazetteer, now: datetime
) -> None:
    row = lifecycle.draft(by="kim", now=now, text=text, example_cases=cases)
    assert says in refusals(row, region)
    with pytest.raises(PolicyProblem):
        lifecycle.activate(row.version, region, by="lee", now=now)
    assert policy_in_force().version == 1


@pytest.mark.parametrize(("kept", "simulated_over", "refused"), [(3, 2, True), (3, 3, False)])
def test_a_simulation_over_a_few_of_many_tips_does_not_count(
    kept: int,
    simulated_over: int,
    refused: bool,
    written: Policy,
    region: Gazetteer,
    now: datetime,
) -> None:
    for number in range(kept):
        send(now, narrative=f"Cars came to the back door for {number + 2} nights in a row.")
    lifecycle.simulate_draft(written, region, by="kim", now=now, newest=simulated_over)
    written.refresh_from_db()
    assert ("or all" in refusals(written, region)) is refused


def test_what_was_in_force_is_never_changed(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    simulated(written, region, now)
    lifecycle.activate(2, region, by="lee", now=now)
    for version in (1, 2):
        with pytest.raises(PolicyProblem, match="is no draft"):
            lifecycle.revise(version, text="", example_cases="", by="kim", now=now)
        with pytest.raises(PolicyProblem, match="is no draft"):
            lifecycle.activate(version, region, by="max", now=now)


odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5), st.just("R9")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from([*EXPECTED, "tip", "expect", "at", "id", "category", "locations"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)
odd_cases = st.one_of(
    odd,
    st.fixed_dictionaries(
        {
            "tip": st.one_of(
                odd, st.just({**OPEN_TIP}), odd.map(lambda v: {**OPEN_TIP, "zip": v})
            ),
            "expect": st.one_of(
                odd, st.dictionaries(st.sampled_from(EXPECTED), odd, min_size=1, max_size=2)
            ),
        },
        optional={"at": st.one_of(odd, st.just("0001-01-01T00:00+00:00")), "note": odd},
    ),
    odd.map(lambda v: {"tip": {**OPEN_TIP, "locations": [{"zip": v}]}, "expect": {"rule": "R9"}}),
)


@given(odd_cases)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_case_is_answered_with_sentences(
    gazetteer: Gazetteer, given_case: object
) -> None:
    (tried,) = try_cases(json.dumps(given_case), FIRST, gazetteer)
    assert all(tried.wrong)


def test_old_decisions_stay_and_can_still_be_explained(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    before = send(SATURDAY_NIGHT)
    route_waiting(now=SATURDAY_NIGHT)
    kept = Decision.objects.filter(tip=before).values().get()
    simulated(written, region, now)
    lifecycle.activate(2, region, by="lee", now=now)
    after = send(SATURDAY_NIGHT, narrative="Another car comes to the same door each night.")
    route_waiting(now=SATURDAY_NIGHT + timedelta(hours=1))

    assert Decision.objects.filter(tip=before).values().get() == kept
    assert kept["policy_version"] == 1
    assert kept["also"] == []
    assert after.decisions.get().policy_version == 2
    assert after.decisions.get().also == ["mshp"]
    again = decide(facts_of_tip(before), region, policy=policy_of(kept["policy_version"]))
    assert (again.rule, again.because, again.primary) == (
        kept["rule"],
        kept["because"],
        kept["primary"],
    )


def test_door_and_worker_follow_a_new_version_with_the_next_tip(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    simulated(written, region, now)
    waiting = send(SATURDAY_NIGHT)
    seen = preview(tip_draft(), now=SATURDAY_NIGHT)
    assert [one.line_code for one in seen.placed] == ["wentzville-pd"]
    lifecycle.activate(2, region, by="lee", now=now)
    seen = preview(tip_draft(), now=SATURDAY_NIGHT)
    assert [one.line_code for one in seen.placed] == ["wentzville-pd", "mshp"]
    # Kept before, routed after: by the policy in force when it is placed, at the hour it came.
    route_waiting(now=SATURDAY_NIGHT + timedelta(days=2))
    assert waiting.decisions.get().also == ["mshp"]


def test_a_version_that_cannot_be_read_any_more_holds_up_no_tip(
    written: Policy, region: Gazetteer, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    simulated(written, region, now)
    lifecycle.activate(2, region, by="lee", now=now)
    Policy.objects.filter(version=2).update(text="damaged", digest="0" * 64)
    tip = send(now)
    route_waiting(now=now)
    assert tip.decisions.get().policy_version == 1
    assert tip.hand_offs.get().line.code == "wentzville-pd"
    assert "policy.unreadable" in caplog.text


def test_a_text_changed_behind_the_back_of_its_digest_does_not_decide(
    region: Gazetteer, now: datetime
) -> None:
    tampered = FIRST.text.replace('primary = "regional-triage"', 'primary = "nhth"')
    Policy.objects.filter(version=1).update(text=tampered, digest="1" * 64)
    assert policy_in_force() is FIRST


def test_a_reason_of_a_later_version_is_read_in_spanish(
    written: Policy, region: Gazetteer, now: datetime
) -> None:
    simulated(written, region, now)
    lifecycle.activate(2, region, by="lee", now=now)
    with translation.override("es"):
        assert in_language("Reason of R10.") == "Motivo de R10."
        assert in_language(FIRST.rules[0].reason).startswith("Puede haber peligro")
    assert in_language("Reason of R10.") == "Reason of R10."


def test_every_reason_of_version_one_is_there_in_spanish() -> None:
    with translation.override("es"):
        for one in FIRST.rules:
            assert in_language(one.reason) != one.reason


def test_a_difference_is_said_in_words() -> None:
    text = BETTER.replace('then = "P2"', 'then = "P1"', 1)
    text = text.replace('adds = ["mshp", "task force"]', 'adds = ["task force"]')
    said = [str(one) for one in differences(FIRST, read(text, version=2))]
    assert said == [
        "R3 priority: P2 when strong or two signs; P3 → P1 when strong or two signs; P3",
        "R5 adds: mshp, task force → task force",
        (
            "R10 added: Rule R10. When hour is from 22 to 4 and weekday is one of Saturday, "
            "Sunday and pattern sign: mshp, P3."
        ),
    ]
    moved = first_without("R8").replace("# The catch-all", "# Then the catch-all")
    assert "R8 removed" in str(differences(FIRST, read(moved, version=2))[0])


def test_shipped_cases_name_every_rule_and_hold_nobodys_words() -> None:
    cases = [json.loads(line) for line in FIRST_CASES.splitlines()]
    named = {name for one in cases for name in (one["expect"]["rule"],)}
    assert {rule.code for rule in FIRST.rules} - named == {"R8"}
    assert not any("narrative" in one["tip"] for one in cases)
