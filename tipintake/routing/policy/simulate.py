"""What a version would have done with the tips that are kept, beside another. Writes nothing.

Places are resolved once and both versions decide on them, so that what differs is the policy
alone. Words are not read: the mentions that the door kept stand for them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.decide import Decided, decide_at
from tipintake.routing.facts import (
    TipFacts,
)
from tipintake.routing.places.atlas import atlas_of
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.resolve import resolve
from tipintake.routing.policy.fields import Scene
from tipintake.routing.policy.rulebook import Rulebook
from tipintake.routing.reading import COLUMNS, facts_of, parts_of
from tipintake.routing.rules import CATCH_ALL
from tipintake.tips.models import Tip

BATCH = 500
SAMPLES = 5
Progress = Callable[[int], None]


@dataclass(slots=True)
class Group:
    """Tips that go the same other way, with the numbers of some of them."""

    count: int = 0
    samples: list[str] = field(default_factory=list)

    def add(self, reference: str) -> None:
        self.count += 1
        if len(self.samples) < SAMPLES:
            self.samples.append(reference)

    def as_json(self) -> dict[str, Any]:
        return {"count": self.count, "samples": self.samples}


@dataclass(slots=True)
class RuleCount:
    """How a rule of the tried version fared."""

    held: int = 0  # its condition held
    acted: int = 0
    decided: int = 0
    brought: int = 0  # tips in which it was the first to ask for some line
    taken_by: Counter[str] = field(default_factory=Counter)  # who decided where it only held

    @property
    def is_dead(self) -> bool:
        return not self.held

    @property
    def is_shadowed(self) -> bool:
        return bool(self.held) and not self.decided and not self.brought


@dataclass(slots=True)
class Report:
    before: Rulebook
    after: Rulebook
    tips: int = 0
    # (primary and priority before, the same after) and what was gained and lost -> tips
    changed: dict[tuple[str, str, str], Group] = field(default_factory=dict)
    gained: Counter[str] = field(default_factory=Counter)  # line -> tips that it would get anew
    lost: Counter[str] = field(default_factory=Counter)
    rules: dict[str, RuleCount] = field(default_factory=dict)
    catch_all: Group = field(default_factory=Group)
    leaks: dict[str, Group] = field(default_factory=lambda: defaultdict(Group))  # by former rule
    law: Group = field(default_factory=Group)

    @property
    def dead(self) -> list[str]:
        return [code for code, one in self._judged() if one.is_dead]

    @property
    def shadowed(self) -> dict[str, str]:
        """Rule -> the rule that mostly takes its tips."""
        return {
            code: one.taken_by.most_common(1)[0][0]
            for code, one in self._judged()
            if one.is_shadowed
        }

    def _judged(self) -> Iterator[tuple[str, RuleCount]]:
        """The catch-all is meant to be reached last, so it is neither dead nor shadowed."""
        return ((code, one) for code, one in self.rules.items() if code != CATCH_ALL)

    def as_json(self) -> dict[str, Any]:
        by_size = sorted(self.changed.items(), key=lambda item: -item[1].count)
        return {
            "before": {"version": self.before.version, "digest": self.before.digest},
            "after": {"version": self.after.version, "digest": self.after.digest},
            "tips": self.tips,
            "changed": sum(group.count for group in self.changed.values()),
            "changes": [
                {"before": before, "after": after, "lines": lines, **group.as_json()}
                for (before, after, lines), group in by_size
            ],
            "gained": dict(self.gained.most_common()),
            "lost": dict(self.lost.most_common()),
            "rules": {
                code: {"held": r.held, "acted": r.acted, "decided": r.decided}
                for code, r in self.rules.items()
            },
            "never_hit": self.dead,
            "shadowed": self.shadowed,
            "only_catch_all": self.catch_all.as_json(),
            "leaks": {code: group.as_json() for code, group in self.leaks.items()},
            "law": self.law.as_json(),
        }


def simulate(
    before: Rulebook,
    after: Rulebook,
    gazetteer: Gazetteer,
    *,
    newest: int | None = None,
    boundaries: Boundaries | None = None,
    progress: Progress = lambda _count: None,
) -> Report:
    """Decide every kept tip, or the `newest` of them, by both versions."""
    report = Report(before, after, rules={rule.code: RuleCount() for rule in after.rules})
    atlas = atlas_of(gazetteer)
    for batch in _batches(newest):
        for reference, shares_evidence, facts in _facts_of(batch):
            places = resolve(facts.locations, facts.mentions, gazetteer, boundaries=boundaries)
            old, new = (
                decide_at(facts, places, atlas, policy=one, shares_evidence=shares_evidence)
                for one in (before, after)
            )
            scene = Scene(facts, places.lead, shares_evidence, new.priority)
            _note(report, reference, scene, old, new)
        progress(len(batch))
    return report


def how_many(newest: int | None = None) -> int:
    kept = Tip.objects.count()
    return kept if newest is None else min(kept, newest)


# --- Reading ---------------------------------------------------------------------------------

_Row = tuple[Any, ...]


def _batches(newest: int | None) -> Iterator[list[_Row]]:
    tips = Tip.objects.order_by("-submitted_hour", "pk")
    rows = tips.values_list("pk", "reference", "shares_evidence", *COLUMNS)
    batch: list[_Row] = []
    for row in (rows if newest is None else rows[:newest]).iterator(chunk_size=BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _facts_of(batch: Sequence[_Row]) -> Iterator[tuple[str, bool, TipFacts]]:
    parts = parts_of([row[0] for row in batch])
    for key, reference, shares_evidence, *values in batch:
        yield reference, shares_evidence, facts_of(key, values, parts)


# --- Counting --------------------------------------------------------------------------------


def _note(report: Report, reference: str, scene: Scene, old: Decided, new: Decided) -> None:
    report.tips += 1
    _note_rules(report, scene, new)
    if not new.lawful:
        report.law.add(reference)
    if new.rule == CATCH_ALL:
        report.catch_all.add(reference)
        if old.rule != CATCH_ALL:
            report.leaks[old.rule].add(reference)
    before, after = {old.primary, *old.also}, {new.primary, *new.also}
    gained, lost = sorted(after - before), sorted(before - after)
    report.gained.update(gained)
    report.lost.update(lost)
    if (old.primary, old.priority) == (new.primary, new.priority) and before == after:
        return
    lines = " ".join([*(f"+{line}" for line in gained), *(f"-{line}" for line in lost)])
    key = (f"{old.primary} {old.priority}", f"{new.primary} {new.priority}", lines)
    report.changed.setdefault(key, Group()).add(reference)


def _note_rules(report: Report, scene: Scene, new: Decided) -> None:
    first_to_ask = set(new.rules_by_line.values())
    for rule in report.after.rules:
        if not rule.holds(scene):
            continue
        count = report.rules[rule.code]
        count.held += 1
        count.brought += rule.code in first_to_ask
        if rule.code == new.rule:
            count.decided += 1
        else:
            count.taken_by[new.rule] += 1
        # R9 is recorded for a stand-in too; there it acted only when it decided.
        count.acted += rule.code in new.rules and (rule.code != CATCH_ALL or new.rule == CATCH_ALL)
