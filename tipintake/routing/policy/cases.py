"""Example cases of a version: made-up tips, each with what the policy must decide for it.

One JSON object a line: {"id", "note"?, "at"?, "tip": {… as the API takes it …}, "expect": {…}}.
A case holds no words of anybody: a narrative is refused, the place stands in its fields.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.explain import BadTip
from tipintake.routing.golden import decided_for, differences
from tipintake.routing.policy.rulebook import Rulebook

EXPECTED = ("primary", "also", "priority", "banner_911", "rule", "rules", "place")
MOST = 500
LONGEST = 500_000


@dataclass(frozen=True, slots=True)
class Tried:
    """One case, decided by a version. `wrong` is empty when it holds."""

    case: str
    note: str
    rules: frozenset[str]  # the rules that the case expects to act
    wrong: tuple[str, ...] = ()


def try_cases(text: str, policy: Rulebook, gazetteer: Gazetteer) -> list[Tried]:
    """Every case, tried. One that cannot be read is wrong and says what to mend."""
    if len(text) > LONGEST:
        return [Tried("cases", "", frozenset(), (f"are longer than {LONGEST} characters.",))]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        return [Tried("cases", "", frozenset(), (f"are more than {MOST}.",))]
    return [_tried(line, n, policy, gazetteer) for n, line in enumerate(lines, start=1)]


def _tried(line: str, number: int, policy: Rulebook, gazetteer: Gazetteer) -> Tried:
    try:
        case = json.loads(line)
    except (ValueError, RecursionError):
        return Tried(f"line {number}", "", frozenset(), ("is not JSON; one object a line.",))
    name = str(case.get("id", f"line {number}"))[:60] if isinstance(case, dict) else f"{number}"
    unfit = tuple(_unfit(case))
    if unfit:
        return Tried(name, "", frozenset(), unfit)
    expected = case["expect"]
    rules = frozenset(map(str, [expected.get("rule", ""), *expected.get("rules", ())])) - {""}
    note = str(case.get("note", ""))[:200]
    try:
        _draft, decided = decided_for(case, gazetteer, policy=policy)
    except BadTip as problem:
        return Tried(name, note, rules, (str(problem),))
    return Tried(name, note, rules, tuple(differences(expected, decided)))


def _unfit(case: Any) -> Iterator[str]:
    if not isinstance(case, dict):
        yield 'is no object; write {"id": …, "tip": …, "expect": …}.'
        return
    tip, expected = case.get("tip"), case.get("expect")
    if not isinstance(tip, dict):
        yield '"tip" is missing: the answers of a made-up tip.'
    elif tip.get("narrative"):
        yield '"narrative": leave it out; a case holds nobody\'s words. Give the place in fields.'
    if not isinstance(expected, dict) or not expected:
        yield f'"expect" is missing: any of {", ".join(EXPECTED)}.'
    elif set(expected) - set(EXPECTED):
        yield f'"expect" knows {", ".join(EXPECTED)} only.'
    else:
        for name, value in expected.items():
            if not _IS[name](value):
                yield f'"expect": "{name}" is {_SHAPES[name]}.'
    if "at" in case and not _is_moment(case["at"]):
        yield '"at" is a moment with its offset, as in 2026-11-14T23:30-06:00.'


def _is_code(value: object) -> bool:
    return isinstance(value, str)


def _is_list_of_codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_place(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {"outcome", "jurisdiction"}


def _is_moment(value: object) -> bool:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None and 2000 <= moment.year < 2100


_IS: Mapping[str, Callable[[object], bool]] = {
    "primary": _is_code,
    "also": _is_list_of_codes,
    "priority": _is_code,
    "banner_911": lambda value: isinstance(value, bool),
    "rule": _is_code,
    "rules": _is_list_of_codes,
    "place": _is_place,
}
_SHAPES: Mapping[str, str] = {
    "primary": "the code of a line",
    "also": "a list of codes of lines",
    "priority": "P1 to P4",
    "banner_911": "true or false",
    "rule": "the code of a rule",
    "rules": "a list of codes of rules",
    "place": '{"outcome": "…", "jurisdiction": "…" or null}',
}
