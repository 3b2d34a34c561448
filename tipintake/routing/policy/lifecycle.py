"""From draft to version in force: write, try the cases, simulate, and a second person activates.

Whoever wrote on a draft may not activate it. What was activated once is never changed: to go
back, draft the earlier version again and take the same steps.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.models import Policy
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.policy import cases, simulate, simulations
from tipintake.routing.policy.cases import Tried
from tipintake.routing.policy.compare import changed_rules
from tipintake.routing.policy.current import UnknownPolicy, policy_in_force, policy_of
from tipintake.routing.policy.rulebook import (
    FIRST,
    FIRST_CASES,
    BadPolicy,
    Rulebook,
    digest_of,
    read,
)
from tipintake.routing.policy.simulate import Progress, Report
from tipintake.staff import audit

State = Policy.State
SHIPPED = "shipped with the service"  # in place of who activated it
GROUPS_KEPT = 100
ENOUGH = 5_000  # of the newest tips, or all when there are fewer


class PolicyProblem(Exception):
    """The act is not possible; each sentence says why, and what to do first."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it stands. Sound when there is no problem."""

    rulebook: Rulebook | None
    problems: tuple[str, ...]
    tried: tuple[Tried, ...] = field(default=())

    @property
    def cases_hold(self) -> int:
        return sum(not one.wrong for one in self.tried)


def keep_first(*, now: datetime) -> None:
    """Keep the text of version 1 beside those that follow, once."""
    if not Policy.objects.exists():
        Policy.objects.create(
            version=FIRST.version,
            title=FIRST.title,
            state=State.ACTIVE,
            text=FIRST.text,
            digest=FIRST.digest,
            cases=FIRST_CASES,
            changed_at=now,
            activated_at=now,
            activated_by=SHIPPED,
        )


def named(version: int) -> Policy:
    row = Policy.objects.filter(version=version).first()
    if row is None:
        raise UnknownPolicy(version)
    return row


# --- Writing ---------------------------------------------------------------------------------


def draft(
    *, by: str, now: datetime, text: str | None = None, example_cases: str | None = None
) -> Policy:
    """A new draft; without a text of its own it begins as the version in force, with its cases."""
    with transaction.atomic():
        keep_first(now=now)
        base = policy_in_force()
        kept = Policy.objects.filter(version=base.version).values_list("cases", flat=True)
        newest = Policy.objects.aggregate(newest=Max("version"))["newest"] or 0
        row = Policy.objects.create(
            version=newest + 1,
            based_on=base.version,
            authors=[by],
            cases=(kept.first() or "") if example_cases is None else example_cases,
            changed_at=now,
            **_texts(base.text if text is None else text, version=newest + 1),
        )
        audit.record("policy.drafted", actor=by, now=now, subject=_subject(row.version))
    return row


def revise(version: int, *, text: str, example_cases: str, by: str, now: datetime) -> Policy:
    """Change a draft. What was simulated before no longer counts."""
    with transaction.atomic():
        row = _draft(version)
        row.authors = sorted({*row.authors, by})
        row.cases, row.changed_at, row.simulation = example_cases, now, {}
        for name, value in _texts(text, version=version).items():
            setattr(row, name, value)
        row.save()
        audit.record("policy.revised", actor=by, now=now, subject=_subject(version))
    return row


def _texts(text: str, *, version: int) -> dict[str, str]:
    text = text.replace("\r\n", "\n")
    try:
        title = read(text, version=version).title
    except BadPolicy:
        title = "(cannot be read yet)"
    return {"text": text, "digest": digest_of(text), "title": title}


# --- Checking --------------------------------------------------------------------------------


def check(row: Policy, gazetteer: Gazetteer, *, base: Rulebook | None = None) -> Checked:
    """Everything that keeps this version from being activated, its simulation apart.

    `base` is what it began as, when that is not to be read from the database.
    """
    try:
        rulebook = read(row.text, version=row.version)
    except BadPolicy as bad:
        return Checked(None, tuple(bad.problems))
    tried = tuple(cases.try_cases(row.cases, rulebook, gazetteer))
    if base is None and row.based_on is not None:
        base = policy_of(row.based_on)
    return Checked(rulebook, tuple(_problems(base, rulebook, tried, gazetteer)), tried)


def _problems(
    base: Rulebook | None, rulebook: Rulebook, tried: tuple[Tried, ...], gazetteer: Gazetteer
) -> Iterator[str]:
    known = {entry.code for entry in gazetteer.jurisdictions}
    for code in sorted(rulebook.places() - known) if known else ():
        yield f"{code}: no jurisdiction of the directory has this code."
    if not tried:
        yield "cases: attach at least one example: a made-up tip and what must be decided for it."
    for one in tried:
        for what in one.wrong:
            yield f"case {one.case}: {what}"
    named_by_a_case = frozenset[str]().union(*(one.rules for one in tried))
    for code in changed_rules(base, rulebook) if base is not None else ():
        if code not in named_by_a_case:
            yield f"{code} is new or changed: attach a case that expects it to act."


# --- Simulating ------------------------------------------------------------------------------


def simulate_draft(
    row: Policy,
    gazetteer: Gazetteer,
    *,
    by: str,
    now: datetime,
    newest: int | None = None,
    boundaries: Boundaries | None = None,
    progress: Progress = lambda _count: None,
) -> Report:
    """Decide the kept tips by this version and by the one in force, and keep what came out."""
    try:
        after = read(row.text, version=row.version)
    except BadPolicy as bad:
        raise PolicyProblem(*bad.problems) from None
    report = simulate.simulate(
        policy_in_force(),
        after,
        gazetteer,
        newest=newest,
        boundaries=boundaries,
        progress=progress,
    )
    summary = report.as_json()
    kept = {
        **summary,
        "changes": summary["changes"][:GROUPS_KEPT],
        "kinds_of_change": len(summary["changes"]),
        "of": max(report.tips, simulate.how_many()),
        "region": gazetteer.version,
        "at": now.isoformat(),
        "by": by,
    }
    with transaction.atomic():
        # Only if nobody changed the text meanwhile; an old version's report is shown, not kept.
        draft_as_read = Policy.objects.filter(
            version=row.version, state=State.DRAFT, digest=after.digest
        )
        if draft_as_read.update(simulation=kept):
            audit.record(
                "policy.simulated",
                actor=by,
                now=now,
                subject=_subject(row.version),
                tips=report.tips,
                changed=summary["changed"],
            )
    return report


# --- Activating ------------------------------------------------------------------------------


def activate(version: int, gazetteer: Gazetteer, *, by: str, now: datetime) -> Policy:
    """Put a draft in force. Decisions that were made stay as they are."""
    with transaction.atomic():
        row = _draft(version)
        problems = list(obstacles(row, gazetteer, by=by))
        if problems:
            raise PolicyProblem(*problems)
        before = policy_in_force().version
        Policy.objects.filter(state=State.ACTIVE).update(state=State.RETIRED)
        row.state, row.activated_at, row.activated_by = State.ACTIVE, now, by
        row.simulation = simulations.counts_only(row.simulation)
        row.save(update_fields=["state", "activated_at", "activated_by", "simulation"])
        audit.record(
            "policy.activated",
            actor=by,
            now=now,
            subject=_subject(version),
            before=before,
            authors=list(row.authors),
            digest=row.digest,
        )
    return row


def obstacles(row: Policy, gazetteer: Gazetteer, *, by: str) -> Iterator[str]:
    """What stands between this draft and its activation by this person."""
    if by in row.authors:
        yield (
            f"{by} wrote on this draft: somebody else activates it, after reading the difference."
        )
    yield from check(row, gazetteer).problems
    active = policy_in_force()
    shown: dict[str, Any] = row.simulation
    if not shown:
        yield "Simulate it first: what would it have done with the tips that are kept?"
    elif shown.get("before") != {"version": active.version, "digest": active.digest}:
        yield (
            f"It was simulated beside version {shown['before']['version']}, and version "
            f"{active.version} is in force now: simulate it again."
        )
    elif shown["tips"] < min(shown["of"], ENOUGH):
        yield f"It was simulated over {shown['tips']} tips only: take at least {ENOUGH}, or all."


def _draft(version: int) -> Policy:
    row = Policy.objects.select_for_update().filter(version=version).first()
    if row is None:
        raise UnknownPolicy(version)
    if row.state != State.DRAFT:
        raise PolicyProblem(
            f"Version {version} is no draft: what was in force is never changed. Draft another."
        )
    return row


def _subject(version: int) -> str:
    return f"policy {version}"
