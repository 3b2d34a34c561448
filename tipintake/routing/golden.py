"""The policy as a table of cases that a policy officer can review, and the check that it holds.

A case is what somebody answered and what the policy expects of it, written from the policy and
never from the program. `manage.py golden` writes the table into the pack; `--check` refuses any
difference between cases, table and rules.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.decide import Decided, decide
from tipintake.routing.explain import draft_of
from tipintake.routing.facts import facts_of_draft
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.words import mentions_in
from tipintake.routing.policy.rulebook import FIRST, Rulebook
from tipintake.tips.draft import LocationDraft, TipDraft

COLUMNS = (
    "case", "about", "policy", "answered", "place", "words", "primary", "also", "priority",
    "call_911", "rule", "rules", "outcome", "jurisdiction", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """One case, decided: its row of the table, and where it differs from what is expected."""

    case: str
    row: dict[str, str]
    differences: tuple[str, ...]


def judge(
    case: Mapping[str, Any], gazetteer: Gazetteer, *, boundaries: Boundaries | None = None
) -> Judged:
    """The case as version 1 of the policy decides it."""
    draft, decided = decided_for(case, gazetteer, policy=FIRST, boundaries=boundaries)
    expected = case["expect"]
    return Judged(
        case=case["id"],
        row=_row(case, draft, decided, expected),
        differences=tuple(differences(expected, decided)),
    )


def decided_for(
    case: Mapping[str, Any],
    gazetteer: Gazetteer,
    *,
    policy: Rulebook,
    boundaries: Boundaries | None = None,
) -> tuple[TipDraft, Decided]:
    """A case may say when its tip comes: `"at": "2026-11-14T23:30-06:00"`."""
    draft = draft_of(case["tip"])
    mentions = mentions_in(draft.narrative, gazetteer)
    at = datetime.fromisoformat(case["at"]) if "at" in case else None
    facts = facts_of_draft(draft, mentions, at=at)
    return draft, decide(facts, gazetteer, policy=policy, boundaries=boundaries)


def table(judged: Iterable[Judged]) -> str:
    """golden.csv as text."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(one.row for one in judged)
    return text.getvalue()


def differences(expected: Mapping[str, Any], decided: Decided) -> Iterator[str]:
    found = {
        "primary": decided.primary,
        "also": sorted(decided.also),
        "priority": decided.priority,
        "banner_911": decided.banner_911,
        "rule": decided.rule,
        "rules": sorted(decided.rules),
        "place": {
            "outcome": decided.place.outcome.value,
            "jurisdiction": decided.place.jurisdiction,
        },
    }
    for name, value in expected.items():
        wanted = sorted(value) if isinstance(value, list) else value
        if wanted != found[name]:
            yield f"{name}: expected {wanted}, decided {found[name]}"


def _row(
    case: Mapping[str, Any], draft: TipDraft, decided: Decided, expected: Mapping[str, Any]
) -> dict[str, str]:
    place = expected["place"]
    return {
        "case": case["id"],
        "about": case["note"],
        "policy": case.get("policy", ""),
        "answered": "; ".join(_answered(draft)),
        "place": " | ".join(_place(location) for location in draft.locations),
        "words": draft.narrative,
        "primary": expected["primary"],
        "also": " ".join(expected["also"]),
        "priority": expected["priority"],
        "call_911": "yes" if expected["banner_911"] else "no",
        "rule": expected["rule"],
        "rules": " ".join(expected.get("rules", ())),
        "outcome": place["outcome"],
        "jurisdiction": place["jurisdiction"] or "",
        "reason": decided.because,
    }


def _answered(draft: TipDraft) -> Iterator[str]:
    yield draft.category
    yield draft.immediacy
    yield f"minor {draft.minor_present}"
    if draft.basis:
        yield draft.basis
    yield from draft.indicators
    if draft.vehicles:
        yield "a vehicle"
    if draft.online:
        yield "an online lead"
    if draft.reporter_is_victim:
        yield "is the victim, " + ("police allowed" if draft.police_consent else "no consent")
    if draft.wants_reward:
        yield "asks for a reward"
    if draft.distrusts_police:
        yield "would rather avoid police"


def _place(location: LocationDraft) -> str:
    given = {
        "city": location.city,
        "state": location.state,
        "ZIP": location.zip,
        "name": location.name,
        "street": location.street,
        "cross street": location.cross_street,
        "highway": location.highway,
        "exit": location.exit,
        "mile marker": location.mile_marker,
    }
    shown = [f"{name} {value}" for name, value in given.items() if value not in ("", None)]
    return ", ".join([location.place_type, *shown])
