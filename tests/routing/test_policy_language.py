"""Rules as data: what cannot be read is refused with a sentence, and nothing else can raise."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing.policies import first_without, rule, toml, with_rules
from tests.routing.test_decide import POLICE, TASK_FORCES, _replaced, lines_of, tips
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.decide import decide
from tipintake.routing.facts import TipFacts
from tipintake.routing.places.results import Confidence, Outcome, PlaceResult
from tipintake.routing.policy.conditions import OPERATORS, Condition, read_condition
from tipintake.routing.policy.fields import FIELDS, Kind, Scene
from tipintake.routing.policy.rulebook import FIRST_TEXT, Acts, BadPolicy, Rulebook, read
from tipintake.routing.rules import Ask

moments = st.one_of(
    st.none(),
    st.integers(1_600_000_000, 1_900_000_000).map(lambda at: datetime.fromtimestamp(at, tz=UTC)),
)
scenes = st.builds(
    Scene,
    facts=st.builds(lambda tip, at: _replaced(tip, received=at), tips, moments),
    place=st.builds(
        PlaceResult,
        outcome=st.sampled_from(Outcome),
        jurisdiction=st.sampled_from([None, "wentzville-mo", "st-charles-county"]),
        county=st.sampled_from(["", "st-charles-county"]),
        confidence=st.sampled_from(Confidence),
    ),
    shares_evidence=st.booleans(),
    priority=st.sampled_from(["", "P1", "P4"]),
)


def _sound_value(name: str, word: str) -> st.SearchStrategy[Any]:
    field = FIELDS[name]
    if field.kind is Kind.FACT:
        return st.booleans()
    if field.kind in (Kind.NUMBER, Kind.HOUR):
        numbers = st.integers(0, 23)
        if word != "between":
            return numbers
        pair = st.lists(numbers, min_size=2, max_size=2)
        return pair.map(sorted) if field.kind is Kind.NUMBER else pair
    if word == "has_family":
        return st.sampled_from(sorted(field.families))
    codes = sorted(field.choices) or ["", "wentzville-mo", "st-charles-county"]
    one = st.sampled_from(codes)
    single = word in ("is", "is_not", "has", "has_not")
    return one if single else st.lists(one, min_size=1, max_size=4)


SOUND = [
    (field.name, word)
    for field in FIELDS.values()
    for word in OPERATORS[field.kind]
    if field.name != "priority" and (word != "has_family" or field.families)
]
leaves = st.sampled_from(SOUND).flatmap(
    lambda pair: _sound_value(*pair).map(lambda value: {"field": pair[0], pair[1]: value})
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda one: {"not": one}),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: {"all": many}),
        st.lists(inner, min_size=1, max_size=3).map(lambda many: {"any": many}),
    ),
    max_leaves=6,
)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 200), st.floats(), st.text(max_size=8),
    st.sampled_from(["minor", "P1", "signs", "HTL_", "wentzville-mo", "Sunday", "hour"]),
)  # fmt: skip
words = st.sampled_from(
    ["field", "all", "any", "not", "is", "is_not", "in", "not_in", "has", "has_any", "between",
     "has_family", "at_least", "then", "when"],
)  # fmt: skip
# A field with an operator of its kind, and a value that belongs to this or to another one.
almost = st.builds(
    lambda one, other: {"field": one[0], one[1]: other},
    st.sampled_from(SOUND),
    st.one_of(
        st.sampled_from(SOUND).flatmap(lambda pair: _sound_value(*pair)),
        scalars,
        st.lists(st.one_of(scalars, st.sampled_from(["NOW", "ONLINE", "HTL_CASH"])), max_size=3),
    ),
)
anything = st.recursive(
    st.one_of(
        scalars,
        leaves,
        st.builds(
            lambda name, word, value: {"field": name, word: value},
            st.sampled_from([*FIELDS, "nothing", "__class__"]),
            words,
            st.one_of(scalars, st.lists(scalars, max_size=3)),
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=2)
    ),
    max_leaves=8,
)


def read_alone(given: object) -> tuple[Condition | None, list[str]]:
    said: list[str] = []
    found = read_condition(
        given, "R10.when", lambda *words: said.append(": ".join(words)), beside=False
    )
    return found, said


@given(st.one_of(anything, almost, almost.map(lambda one: {"not": one})), scenes)
@settings(max_examples=600, deadline=None)
def test_a_condition_is_refused_with_a_sentence_or_holds_or_not(
    given_as: object, scene: Scene
) -> None:
    found, said = read_alone(given_as)
    if found is None:
        assert said
        assert all(one.startswith("R10.when") and one.endswith((".", ").")) for one in said)
    else:
        assert said == []
        assert found.holds(scene) in (True, False)


@given(conditions, scenes)
@settings(max_examples=300, deadline=None)
def test_every_sound_condition_is_taken_and_can_be_said_in_words(
    sound: dict[str, Any], scene: Scene
) -> None:
    found, said = read_alone(sound)
    assert said == []
    assert found is not None
    assert found.holds(scene) in (True, False)
    assert found.words
    assert found.fields <= set(FIELDS)


@given(leaves, scenes)
@settings(max_examples=200, deadline=None)
def test_not_turns_everything_round(leaf: dict[str, Any], scene: Scene) -> None:
    plain, _ = read_alone(leaf)
    turned, _ = read_alone({"not": leaf})
    assert plain is not None
    assert turned is not None
    assert plain.holds(scene) is not turned.holds(scene)


# --- Whole policies --------------------------------------------------------------------------


def _text_of(rows: list[dict[str, Any]]) -> str:
    said = []
    for number, row in enumerate(rows, start=10):
        lines = {
            "title": "Made up",
            "reason": f"Because of {number}.",
            "reason_es": f"Por {number}.",
            **row,
        }
        if lines["acts"] == "beside":
            del lines["priority"]
        body = "\n".join(f"{name} = {toml(value)}" for name, value in lines.items())
        said.append(f'[[rule]]\ncode = "R{number}"\n{body}\n')
    catch_all = FIRST_TEXT[FIRST_TEXT.index("# The catch-all") :]
    return "\n".join(['title = "Made up"', *said, catch_all])


asks = st.sampled_from([one.value for one in Ask])
policies = st.lists(
    st.fixed_dictionaries(
        {
            "when": conditions,
            "acts": st.sampled_from([one.value for one in Acts]),
            "primary": asks,
            "adds": st.lists(
                st.one_of(asks, st.builds(lambda a, c: {"line": a, "when": c}, asks, conditions)),
                max_size=3,
            ),
            "priority": st.one_of(
                st.sampled_from(["P1", "P2", "P3", "P4"]),
                st.builds(
                    lambda c, one, two: [{"when": c, "then": one}, {"then": two}],
                    conditions,
                    st.sampled_from(["P1", "P3"]),
                    st.sampled_from(["P2", "P4"]),
                ),
            ),
        }
    ),
    max_size=5,
).map(_text_of)


def readable(text: str) -> Rulebook | None:
    try:
        return read(text, version=2)
    except BadPolicy:
        return None


@given(policies, tips, moments, st.booleans())
@settings(max_examples=250, deadline=None)
def test_whatever_a_policy_says_the_law_holds(
    gazetteer: Gazetteer, text: str, tip: TipFacts, at: datetime | None, shared: bool
) -> None:
    policy = readable(text)
    if policy is None:
        return
    tip = _replaced(tip, received=at)
    decided = decide(tip, gazetteer, policy=policy, shares_evidence=shared)
    got = lines_of(decided)
    assert decided.primary in gazetteer.line_codes
    assert decided.primary != "crimestoppers"
    assert set(decided.reasons_by_line) == got == set(decided.rules_by_line)
    assert decided.rule in decided.rules
    assert decided.banner_911 == tip.danger_now
    if tip.danger_now:
        assert decided.priority == "P1"
    if tip.danger_now or tip.child_in_person:
        assert got & (POLICE | {"regional-triage", "out-of-area"})
    if tip.minor:
        assert got & {"icac", "child-protection"}
    if tip.minor or tip.is_victim or decided.priority == "P4":
        assert "crimestoppers" not in got
    if tip.is_victim:
        assert "victim-advocate" in got
    if tip.victim_without_consent:
        assert not got & {*TASK_FORCES, "nhth", "mshp", "crimestoppers"}
        if not tip.danger_now and not tip.minor:
            assert got == {"victim-advocate"}
    if tip.only_asks_for_help:
        assert "nhth" not in got or not tip.police_consent


@given(st.integers(0, len(FIRST_TEXT)), st.integers(0, 40), st.text(max_size=6), tips)
@settings(max_examples=250, deadline=None)
def test_a_mistyped_policy_is_refused_or_decides(
    gazetteer: Gazetteer, at: int, gone: int, typed: str, tip: TipFacts
) -> None:
    policy = readable(FIRST_TEXT[:at] + typed + FIRST_TEXT[at + gone :])
    if policy is not None:
        assert decide(tip, gazetteer, policy=policy).primary in gazetteer.line_codes


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("{}", "takes exactly one of"),
        ("{ all = [] }", "at least one condition"),
        ("true", "is no condition"),
        ('{ field = "minors", is = true }', "not on the list of fields"),
        ('{ field = "minor", is = "true" }', "without quotation marks"),
        ('{ field = "minor", in = [true] }', "use exactly one of is"),
        ('{ field = "minor", is = true, is_not = true }', "use exactly one of is"),
        ('{ field = "category", is = "SEX_TRAFICKING" }', "none of its choices"),
        ('{ field = "category", in = [] }', "at least one entry"),
        ('{ field = "signs", has_family = "CTL" }', "beginning of a code"),
        ('{ field = "signs_that_count", at_least = "two" }', "whole numbers"),
        ('{ field = "signs_that_count", at_least = 2.0 }', "whole numbers"),
        ('{ field = "signs_that_count", at_least = true }', "whole numbers"),
        ('{ field = "signs_that_count", between = [5, 2] }', "can never hold"),
        ('{ field = "hour", between = [22, 24] }', "from 0 to 23"),
        ('{ field = "hour", between = [22] }', "two whole numbers"),
        ('{ field = "weekday", is = "Sun" }', "none of its choices"),
        ('{ field = "jurisdiction", is = "Wentzville, MO" }', "no code of the directory"),
        ('{ field = "priority", is = "P4" }', 'acts "beside"'),
    ],
)
def test_a_wrong_branch_is_named_with_what_to_mend(when: str, says: str) -> None:
    hidden = f'{{ any = [{{ field = "minor", is = true }}, {when}] }}'
    for text, place in ((when, "R10.when"), (hidden, "R10.when.any[1]")):
        with pytest.raises(BadPolicy) as refused:
            read(with_rules(rule("R10", text)), version=2)
        (problem,) = refused.value.problems
        assert problem.startswith(place)
        assert says in problem


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "title"),
        ("rule = 3", "write each rule under"),
        ("= broken", "not TOML"),
        (f"a = {'[' * 5000}{']' * 5000}", "nested too deep"),
        (FIRST_TEXT.replace('code = "R5"', 'code = "R3"'), "R3: stands twice"),
        (FIRST_TEXT.replace('code = "R5"', 'code = "5"'), "is R and a number"),
        (FIRST_TEXT.replace('primary = "icac"', 'primary = "fbi"'), "none of the lines"),
        (FIRST_TEXT.replace('primary = "icac"', 'primary = "nhth"'), "R2.primary: stays 'icac'"),
        (FIRST_TEXT.replace('then = "P4"', 'then = "P9"'), "is one of 'P1'"),
        (FIRST_TEXT.replace('acts = "beside"', 'acts = "before"'), "R8.acts: is one of"),
        (FIRST_TEXT.replace('reason_es = "Quizá', 'grund = "Quizá'), "reason_es: is missing"),
        (with_rules(rule("R10", '{ field = "minor", is = true }', priority='"P4"')), "P4 never"),
        (
            with_rules(rule("R10", '{ field = "minor", is = true }', primary='"crimestoppers"')),
            "never the only line",
        ),
        (
            with_rules(
                rule(
                    "R10",
                    '{ field = "minor", is = true }',
                    priority='[{ then = "P1" }, { then = "P2" }]',
                )
            ),
            "needs a condition; only the last",
        ),
    ],
)
def test_a_policy_that_cannot_be_activated_says_why(text: str, says: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        read(text, version=2)
    assert any(says in one for one in refused.value.problems), refused.value.problems


@pytest.mark.parametrize(
    "text",
    [
        first_without("R9"),
        FIRST_TEXT + rule("R10", '{ field = "minor", is = true }'),
        FIRST_TEXT.replace('code = "R9"', 'code = "R9"\nwhen = { field = "minor", is = true }'),
        FIRST_TEXT.replace('primary = "regional-triage"', 'primary = "nhth"'),
        FIRST_TEXT.replace('code = "R9"', 'code = "R9"\nacts = "beside"'),
    ],
    ids=["removed", "moved", "narrowed", "elsewhere", "beside"],
)
def test_the_catch_all_can_be_neither_removed_nor_moved_nor_narrowed(text: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        read(text, version=2)
    assert any(one.startswith("R9") for one in refused.value.problems)


def test_the_catch_all_can_be_reworded() -> None:
    text = FIRST_TEXT.replace("a person reads it first.", "somebody reads it first.")
    assert read(text, version=2).catch_all.reason.endswith("somebody reads it first.")


# --- Weekday and hour ------------------------------------------------------------------------


def holds(when: dict[str, Any], at: str | None) -> bool:
    tip = TipFacts(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        received=datetime.fromisoformat(at) if at else None,
    )
    found, said = read_alone(when)
    assert found is not None, said
    return found.holds(Scene(tip, PlaceResult(Outcome.UNKNOWN)))


NIGHT = {"field": "hour", "between": [22, 4]}
SUNDAY = {"field": "weekday", "is": "Sunday"}


@pytest.mark.parametrize(
    ("at", "night", "sunday"),
    [
        ("2026-11-15T21:59:59-06:00", False, True),
        ("2026-11-15T22:00:00-06:00", True, True),  # the first edge
        ("2026-11-16T05:30:00+00:00", True, True),  # 23:30 on Sunday; in UTC it is Monday
        ("2026-11-16T00:00:00-06:00", True, False),
        ("2026-11-16T04:59:59-06:00", True, False),  # the last edge
        ("2026-11-16T05:00:00-06:00", False, False),
        ("2026-11-01T06:30:00+00:00", True, True),  # 1:30, the first time that night
        ("2026-11-01T07:30:00+00:00", True, True),  # 1:30 again: clocks went back
        ("2026-07-13T04:30:00+00:00", True, True),  # 23:30 on Sunday in summer
    ],
)
def test_weekday_and_hour_are_read_by_one_clock_and_edges_count(
    at: str, night: bool, sunday: bool
) -> None:
    assert holds(NIGHT, at) is night
    assert holds(SUNDAY, at) is sunday


def test_a_time_that_nobody_knows_meets_no_comparison() -> None:
    assert not holds(NIGHT, None)
    assert not holds(SUNDAY, None)
    assert not holds({"field": "weekday", "is_not": "Sunday"}, None)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (9, 17), (23, 23), (22, 4), (0, 23)])
def test_a_span_and_what_lies_outside_it_share_no_hour(first: int, last: int) -> None:
    span = {"field": "hour", "between": [first, last]}
    hours = [h for h in range(24) if holds(span, f"2026-11-15T{h:02}:00-06:00")]
    assert first in hours
    assert last in hours
    assert len(hours) == (last - first) % 24 + 1


@pytest.mark.parametrize(("count", "found"), [(1, False), (2, True), (4, True), (5, False)])
def test_edges_of_a_count_are_included(count: int, found: bool) -> None:
    codes = ("HTL_CASH", "HTL_TRAFFIC", "CTL_ID_HELD", "LAB_UNPAID", "TRK_CAB_KNOCKING")
    tip = TipFacts(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        codes=frozenset(codes[:count]),
    )
    between, _ = read_alone({"field": "signs_that_count", "between": [2, 4]})
    assert between is not None
    assert between.holds(Scene(tip, PlaceResult(Outcome.UNKNOWN))) is found
