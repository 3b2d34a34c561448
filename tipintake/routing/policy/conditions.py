"""Conditions as data: read once, every branch checked, then a plain function that cannot raise.

    { field = "minor", is = true }
    { all = [ … ] }   { any = [ … ] }   { not = … }

Edges are inclusive: `between = [22, 4]` holds from 22:00 to 4:59. A time that nobody knows
satisfies no comparison of times.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tipintake.routing.policy.fields import FIELDS, Field, Kind, Scene, Value

DEEPEST = 8
MOST_PARTS = 60
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*|")

Holds = Callable[[Scene], bool]
Complain = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Condition:
    holds: Holds
    words: str  # as a person reads it
    fields: frozenset[str]
    places: frozenset[str] = frozenset()  # codes of the directory that it names


# --- Operators, by the kind of the field ----------------------------------------------------


def _within(value: int, first: int, last: int) -> bool:
    """Inclusive on both edges; round midnight when the first is the later."""
    return first <= value <= last if first <= last else value >= first or value <= last


OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FACT: ("is",),
    Kind.CHOICE: ("is", "is_not", "in", "not_in"),
    Kind.PLACE: ("is", "is_not", "in", "not_in"),
    Kind.SET: ("has", "has_not", "has_any", "has_all", "has_none", "has_family"),
    Kind.NUMBER: ("at_least", "at_most", "between"),
    Kind.HOUR: ("at_least", "at_most", "between"),
}
WORDS: Mapping[str, str] = {
    "is": "is", "is_not": "is not", "in": "is one of", "not_in": "is none of", "has": "has",
    "has_not": "has not", "has_any": "has any of", "has_all": "has all of",
    "has_none": "has none of", "has_family": "has any", "at_least": "is at least",
    "at_most": "is at most", "between": "is from",
}  # fmt: skip


# --- Reading ---------------------------------------------------------------------------------


class _Wrong(Exception):
    def __init__(self, at: str, sentence: str) -> None:
        super().__init__(sentence)
        self.at, self.sentence = at, sentence


class _Reader:
    def __init__(self, *, beside: bool) -> None:
        self.beside = beside
        self.parts = 0

    def read(self, given: object, at: str, depth: int = 0) -> Condition:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _Wrong(at, f"has more than {MOST_PARTS} parts; make two rules of it.")
        if depth > DEEPEST:
            raise _Wrong(at, f"is nested more than {DEEPEST} deep; take it apart.")
        if not isinstance(given, Mapping):
            raise _Wrong(at, 'is no condition; write { field = "…", … } or { all = [ … ] }.')
        if "field" in given:
            return self._leaf(given, at)
        if len(given) != 1:
            raise _Wrong(at, "takes exactly one of all, any, not, or a field.")
        ((word, parts),) = given.items()
        if word == "not":
            return _negated(self.read(parts, f"{at}.not", depth + 1))
        if word in ("all", "any"):
            return self._several(str(word), parts, at, depth)
        raise _Wrong(at, f"{word!r} is unknown; use all, any, not, or a field.")

    def _several(self, word: str, parts: object, at: str, depth: int) -> Condition:
        if not isinstance(parts, list) or not parts:
            raise _Wrong(f"{at}.{word}", "is a list with at least one condition.")
        read = [self.read(part, f"{at}.{word}[{n}]", depth + 1) for n, part in enumerate(parts)]
        return _all(read) if word == "all" else _any(read)

    def _leaf(self, given: Mapping[object, object], at: str) -> Condition:
        name = given["field"]
        field = FIELDS.get(name) if isinstance(name, str) else None
        if field is None:
            raise _Wrong(
                f"{at}.field", f"{name!r} is not on the list of fields (see `policy fields`)."
            )
        if field.name == "priority" and not self.beside:
            raise _Wrong(f"{at}.field", 'the priority is known only to a rule that acts "beside".')
        allowed = OPERATORS[field.kind]
        others = [word for word in given if word != "field"]
        if len(others) != 1 or others[0] not in allowed:
            raise _Wrong(
                at, f"{field.name} is {field.kind}: use exactly one of {', '.join(allowed)}."
            )
        word = str(others[0])
        test = self._test(field, word, given[word], f"{at}.{word}")
        read = field.read
        return Condition(
            lambda scene: test(read(scene)),
            _leaf_words(field, word, given[word]),
            frozenset({field.name}),
            _codes(field, given[word]),
        )

    def _test(self, field: Field, word: str, wanted: object, at: str) -> Callable[[Value], bool]:
        match field.kind:
            case Kind.FACT:
                if type(wanted) is not bool:
                    raise _Wrong(at, "is true or false, without quotation marks.")
                return lambda value: value is wanted
            case Kind.CHOICE | Kind.PLACE:
                return self._one_of(field, word, wanted, at)
            case Kind.SET:
                return self._set(field, word, wanted, at)
            case Kind.NUMBER | Kind.HOUR:
                return self._number(field, word, wanted, at)

    def _one_of(self, field: Field, word: str, wanted: object, at: str) -> Callable[[Value], bool]:
        listed = word in ("in", "not_in")
        codes = self._listed(field, wanted if listed else [wanted], at)
        if word in ("is", "in"):
            return lambda value: value is not None and value in codes
        return lambda value: value is not None and value not in codes

    def _set(self, field: Field, word: str, wanted: object, at: str) -> Callable[[Value], bool]:
        if word == "has_family":
            if not isinstance(wanted, str) or wanted not in field.families:
                known = ", ".join(sorted(field.families)) or "none for this field"
                raise _Wrong(at, f"is the beginning of a code: {known}.")
            return lambda value: any(code.startswith(wanted) for code in _set_of(value))
        codes = self._listed(field, [wanted] if word in ("has", "has_not") else wanted, at)
        if word in ("has", "has_any"):
            return lambda value: not codes.isdisjoint(_set_of(value))
        if word == "has_all":
            return lambda value: codes <= _set_of(value)
        return lambda value: codes.isdisjoint(_set_of(value))

    def _listed(self, field: Field, wanted: object, at: str) -> frozenset[str]:
        if not isinstance(wanted, list) or not wanted:
            raise _Wrong(at, "is a list with at least one entry.")
        for one in wanted:
            if not isinstance(one, str):
                raise _Wrong(at, f"{one!r} is no code; put it in quotation marks.")
            if field.kind is Kind.PLACE and _CODE.fullmatch(one) is None:
                raise _Wrong(at, f"{one!r} is no code of the directory, such as ofallon-mo.")
            if field.kind is not Kind.PLACE and one not in field.choices:
                raise _Wrong(
                    at, f"{one!r} is none of its choices: {', '.join(sorted(field.choices))}."
                )
        return frozenset(wanted)

    def _number(self, field: Field, word: str, wanted: object, at: str) -> Callable[[Value], bool]:
        edges = wanted if word == "between" else [wanted]
        most = 23 if field.kind is Kind.HOUR else 99
        if not isinstance(edges, list) or len(edges) != (2 if word == "between" else 1):
            raise _Wrong(at, "is a list of two whole numbers, both included.")
        numbers = [edge for edge in edges if type(edge) is int and 0 <= edge <= most]
        if len(numbers) != len(edges):
            raise _Wrong(at, f"takes whole numbers from 0 to {most}.")
        if word == "between" and field.kind is Kind.NUMBER and numbers[0] > numbers[1]:
            raise _Wrong(at, "begins above its end, so it can never hold.")
        first = 0 if word == "at_most" else numbers[0]
        last = most if word == "at_least" else numbers[-1]
        return lambda value: isinstance(value, int) and _within(value, first, last)


def read_condition(
    given: object, at: str, complain: Complain, *, beside: bool
) -> Condition | None:
    """The condition, or None after `complain(where, what to mend)` was called."""
    try:
        return _Reader(beside=beside).read(given, at)
    except _Wrong as wrong:
        complain(wrong.at, wrong.sentence)
        return None


# --- Putting together ------------------------------------------------------------------------


def _all(parts: list[Condition]) -> Condition:
    tests = tuple(part.holds for part in parts)
    return _joined(parts, "and", lambda scene: all(test(scene) for test in tests))


def _any(parts: list[Condition]) -> Condition:
    tests = tuple(part.holds for part in parts)
    return _joined(parts, "or", lambda scene: any(test(scene) for test in tests))


def _negated(inner: Condition) -> Condition:
    test = inner.holds
    return Condition(
        lambda scene: not test(scene), f"not ({inner.words})", inner.fields, inner.places
    )


def _joined(parts: list[Condition], word: str, holds: Holds) -> Condition:
    words = [f"({part.words})" if _is_joined(part.words) else part.words for part in parts]
    return Condition(
        holds,
        f" {word} ".join(words),
        frozenset().union(*(part.fields for part in parts)),
        frozenset().union(*(part.places for part in parts)),
    )


def _is_joined(words: str) -> bool:
    return " and " in words or " or " in words


def _leaf_words(field: Field, word: str, wanted: object) -> str:
    name = field.name.replace("_", " ")
    if field.kind is Kind.FACT:
        return name if wanted else f"not {name}"
    if word == "has_family":
        return f"{name} {WORDS[word]} {wanted}*"
    if word == "between" and isinstance(wanted, list):
        return f"{name} {WORDS[word]} {wanted[0]} to {wanted[1]}"
    shown = ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    return f"{name} {WORDS[word]} {shown or 'empty'}"


def _codes(field: Field, wanted: object) -> frozenset[str]:
    if field.kind is not Kind.PLACE:
        return frozenset()
    return frozenset(map(str, wanted if isinstance(wanted, list) else [wanted])) - {""}


def _set_of(value: Value) -> frozenset[str]:
    return value if isinstance(value, frozenset) else frozenset()
