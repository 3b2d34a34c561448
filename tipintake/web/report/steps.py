"""The steps of the form as a table: what each asks, and which answers are therefore its own."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.web.report.typed import KINDS, Fault, Kind, Typed, rows_key

_KINDS = {kind.name: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Step:
    """`fields` of the tip itself, `kinds` of rows, and the sighting where `asks_when`."""

    number: int
    title: str | Promise
    lead: str | Promise
    template: str
    fields: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    asks_when: bool = False

    def owns(self, key: str) -> bool:
        """Whether an answer of this name is given on this step."""
        heads = tuple(f"{kind.name}-" for kind in self.kinds)
        return (
            key in self.fields
            or key.startswith(heads)
            or (self.asks_when and key.startswith("sighting-"))
        )

    def holds(self, anchor: str) -> bool:
        """Whether the field, row or section that an error or a Change leads to stands here."""
        name = anchor.removeprefix("id_")
        return (
            anchor in self.anchors
            or self.owns(name)
            or any(re.fullmatch(rf"{field}_\d+", name) for field in self.fields)
        )

    @property
    def is_enough(self) -> bool:
        """Whether a person may be done here: something was told, and only more of it follows."""
        return 1 < self.number < len(STEPS)

    @property
    def anchors(self) -> frozenset[str]:
        names = {name for name, fields in _SECTIONS if not fields.isdisjoint(self.fields)}
        return frozenset(names | {kind.name for kind in self.kinds}) | (
            {"sighting"} if self.asks_when else frozenset()
        )


# Sections of the page that stand once: where a Change button leads, and what is asked there.
_SECTIONS = (
    ("what", frozenset({"category"})),
    ("told", frozenset({"narrative"})),
    ("who", frozenset({"reporter_is_victim"})),
    ("pictures", frozenset({"pictures_follow"})),
)

STEPS = (
    Step(
        1,
        _("What is it about?"),
        _("Three short answers. “I do not know” is always fine."),
        "report/kind.html",
        fields=("category", "immediacy", "minor_present"),
    ),
    Step(
        2,
        _("What did you see?"),
        _("Tick what fits, or write. One of the two is enough."),
        "report/told.html",
        fields=("indicators", "narrative", "basis"),
    ),
    Step(
        3,
        _("Where and when?"),
        _("As well as you know it. You may leave all of it empty."),
        "report/where_when.html",
        kinds=(_KINDS["locations"],),
        asks_when=True,
    ),
    Step(
        4,
        _("Vehicles, people, online"),
        _("Only what you saw. You may leave all of it empty."),
        "report/things.html",
        kinds=(_KINDS["vehicles"], _KINDS["persons"], _KINDS["online"]),
    ),
    Step(
        5,
        _("Last choices"),
        _("No names. Tick only what fits; you may leave all of it empty."),
        "report/who_pictures.html",
        fields=(
            "reporter_is_victim",
            "police_consent",
            "distrusts_police",
            "wants_reward",
            "pictures_follow",
        ),
    ),
)
COUNT = len(STEPS) + 1  # the check page is the last
SEEN = "seen"
_ROWS = "-rows"
_ALL = Step(
    0,
    "",
    "",
    "",
    fields=tuple(field for one in STEPS for field in one.fields),
    kinds=KINDS,
    asks_when=True,
)
TRIED = "tried"  # steps that were continued from, whose faults are therefore shown
IS_OWN = "reporter_is_victim"


def asked_who(data: QueryDict) -> bool:
    """Whether the step was passed that asks if it is about oneself, and then of the police."""
    return str(len(STEPS)) in data.getlist(TRIED)


def step(number: int) -> Step | None:
    return next((one for one in STEPS if one.number == number), None)


def step_of(anchor: str) -> Step:
    return next((one for one in STEPS if one.holds(anchor)), STEPS[0])


def with_answers(kept: QueryDict, given: QueryDict, step: Step) -> QueryDict:
    """What was kept, with this step's answers as they were given just now."""
    merged = kept.copy()
    for key in list(merged):
        if step.owns(key):
            del merged[key]
    for key in given:
        if step.owns(key):
            merged.setlist(key, given.getlist(key))
    for kind in step.kinds:
        if rows_key(kind) in given:
            merged.setlist(rows_key(kind), given.getlist(rows_key(kind)))
    return merged


def seen(data: QueryDict, step: Step | None = None) -> str:
    """A mark of the answers that a page shows, of one step or of all: others have another."""
    shown = sorted(
        (key, values)
        for key, values in data.lists()
        if (step or _ALL).owns(key) and not key.endswith(_ROWS) and any(values)
    )
    return hashlib.blake2s(json.dumps(shown).encode(), digest_size=8).hexdigest()


def would_lose(kept: QueryDict, given: QueryDict, step: Step) -> bool:
    """Whether these answers take the place of others that their page did not show."""
    mark = given.get(SEEN, "")
    return (
        bool(mark)
        and mark != seen(kept, step)
        and any(
            value and value not in given.getlist(key)
            for key, values in kept.lists()
            if step.owns(key) and not key.endswith(_ROWS)
            for value in values
        )
    )


def faults_here(typed: Typed, step: Step, *, whole: bool) -> list[Fault]:
    """What is to mend on this step. What belongs to no field is said when all was asked."""
    return [
        one for one in typed.faults() if step.holds(one.anchor) and (whole or not _is_whole(one))
    ]


def _is_whole(fault: Fault) -> bool:
    return fault.anchor == Typed.whole and not fault.label


def first_with_a_fault(faults: Iterable[Fault]) -> Step:
    """Where the check page sends back to."""
    found = {step_of(one.anchor).number for one in faults}
    return STEPS[min(found) - 1] if found else STEPS[0]
