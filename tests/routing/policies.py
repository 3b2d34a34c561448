"""Versions of the policy as officers may write them, well and badly."""

import json
from typing import Any

from tipintake.routing.policy.rulebook import FIRST_TEXT

CATCH_ALL_MARK = "# The catch-all: every policy ends with it."


def rule(code: str, when: str, *, priority: str = '"P3"', **parts: str) -> str:
    """One more rule in TOML; `when` and `priority` as TOML values."""
    given = {"primary": '"police line"', "acts": '"alone"', **parts}
    if given["acts"] != '"beside"':
        given["priority"] = priority
    lines = "\n".join(f"{name} = {value}" for name, value in given.items())
    return (
        f'[[rule]]\ncode = "{code}"\ntitle = "Rule {code}"\nwhen = {when}\n{lines}\n'
        f'reason = "Reason of {code}."\nreason_es = "Motivo de {code}."\n\n'
    )


def with_rules(*more: str, text: str = FIRST_TEXT, before: str = CATCH_ALL_MARK) -> str:
    """Version 1 with more rules, in front of the catch-all or of another mark."""
    head, mark, tail = text.partition(before)
    assert mark
    return head + "".join(more) + mark + tail


def first_without(code: str) -> str:
    head, mark, tail = FIRST_TEXT.partition(f'[[rule]]\ncode = "{code}"\n')
    assert mark
    return head + "".join(tail.partition("[[rule]]")[1:])


WEEKEND_NIGHT = rule(
    "R10",
    '{ all = [{ field = "hour", between = [22, 4] }, '
    '{ field = "weekday", in = ["Saturday", "Sunday"] }, { field = "pattern_sign", is = true }] }',
    acts='"with others"',
    primary='"mshp"',
)
DEAD = rule(
    "R20",
    '{ all = [{ field = "signs", has = "IMM_WEAPON" }, { field = "danger_now", is = false }, '
    '{ field = "is_victim", is = false }] }',
)
SHADOWED = rule(
    "R21",
    '{ all = [{ field = "pattern_sign", is = true }, { field = "has_vehicle", is = true }] }',
)
# Version 1 without R3, so that what it took falls through to the catch-all; R20 can never hold,
# and R21 stands behind R4, which takes all of its tips.
WITH_FAULTS = with_rules(DEAD, SHADOWED, text=first_without("R3"))


def grown(rules: int) -> str:
    """Version 1 with so many more rules that there are this many, each asked for every tip."""
    more = [
        rule(
            f"R{10 + n % 90}{chr(65 + n // 90) if n >= 90 else ''}",
            '{ all = [{ field = "jurisdiction", in = ["arnold-mo", "chesterfield-mo"] }, '
            f'{{ field = "signs_that_count", at_least = {n % 9} }}, '
            '{ any = [{ field = "hour", between = [22, 4] }, { field = "strong", is = true }] }'
            "] }",
            acts='"with others"',
        )
        for n in range(rules - 10)
    ]
    return with_rules(*more)


def toml(value: Any) -> str:
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def case(name: str, expect: dict[str, Any], **tip: Any) -> str:
    given = {"category": "OTHER_UNSURE", "immediacy": "ONGOING", "minor_present": "NO", **tip}
    at = {"at": given.pop("at")} if "at" in given else {}
    return json.dumps({"id": name, **at, "tip": given, "expect": expect}) + "\n"
