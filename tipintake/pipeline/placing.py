"""Which lines get a tip: the pure decision, read against the directory as it stands now."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Subquery
from django.utils.translation import gettext_noop as _

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import gazetteer_of
from tipintake.directory.models import BoundaryRelease, Line, RegionRelease
from tipintake.routing.boundaries import boundaries_of
from tipintake.routing.decide import Decided, decide
from tipintake.routing.facts import TipFacts
from tipintake.routing.models import Policy
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.policy.current import in_force
from tipintake.routing.policy.rulebook import FIRST, Rulebook

log = logging.getLogger(__name__)

TRIAGE = "regional-triage"
ADVOCATE = "victim-advocate"
NO_RULE = "R9"
BY_HAND = _("No rule could place this tip. A person reads it first.")
STAND_IN = _("The line meant for this tip is not in the list. Regional triage stands in.")


_region = RegionRelease.objects.order_by("-pk")
_boundaries = BoundaryRelease.objects.order_by("-pk")
_policy = Policy.objects.filter(state=Policy.State.ACTIVE)


@dataclass(frozen=True, slots=True)
class Placed:
    """One line that gets the tip, and why."""

    line: Line
    is_primary: bool
    because: str
    rule: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What decisions stand on at one moment."""

    gazetteer: Gazetteer
    lines: Mapping[str, Line]
    policy: Rulebook = FIRST
    boundaries: Boundaries | None = None

    @property
    def policy_version(self) -> int:
        return self.policy.version

    @property
    def boundaries_version(self) -> str:
        return self.boundaries.version if self.boundaries else ""

    def placed(self, decided: Decided | None, *, victim: bool) -> tuple[Placed, ...]:
        """The primary line first. Regional triage stands in for a line that is not there.

        A tip that nothing decided goes to people: one by the `victim` to the advocate alone.

        Empty only while no region is loaded: then a tip waits, and is kept.
        """
        triage = self.lines.get(TRIAGE)
        found: dict[str, Placed] = {}
        for code, rule, because in _wanted(decided, victim=victim):
            line = self.lines.get(code)
            if line is None:
                line, because = triage, STAND_IN
            if line is not None and line.code not in found:
                found[line.code] = Placed(line, is_primary=not found, because=because, rule=rule)
        return tuple(found.values())

    def decided(
        self, facts: Callable[[], TipFacts], *, shares_evidence: bool = False
    ) -> Decided | None:
        """The decision, or None when none can be made: then a person reads the tip first."""
        try:
            return decide(
                facts(),
                self.gazetteer,
                policy=self.policy,
                boundaries=self.boundaries,
                shares_evidence=shares_evidence,
            )
        except Exception:
            log.exception("route.by_hand")
            return None


def ground() -> Ground:
    """Read at each use, so that every running process sees a reloaded region, boundaries and a
    newly activated policy.

    One query tells the lines and every version in force; while it tells the same as before, what
    was made of it then still holds.
    """
    global _last
    told, last = _told(), _last
    if last is not None and last.told == told:
        return last.ground
    ground, is_whole = _ground()
    _last = _Last(told, ground) if is_whole else None
    return ground


@dataclass(frozen=True, slots=True)
class _Last:
    """What the database told when this process last asked, and what was made of it."""

    told: tuple[str, list[tuple[Any, ...]]]
    ground: Ground


_last: _Last | None = None


def _told() -> tuple[str, list[tuple[Any, ...]]]:
    """The lines and versions as they stand, as bare values."""
    statement, values = _statement(connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return connection.vendor, cursor.fetchall()


@cache
def _statement(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """The query of `_rows`, put together once a process."""
    statement, values = _rows().order_by("pk").query.sql_with_params()
    return statement, tuple(values)


def _rows() -> QuerySet[Line]:
    return Line.objects.filter(active=True).annotate(
        region_pk=Subquery(_region.values("pk")[:1]),
        region_digest=Subquery(_region.values("digest")[:1]),
        region_loaded_at=Subquery(_region.values("loaded_at")[:1]),
        boundaries=Subquery(_boundaries.values("dataset__version")[:1]),
        policy=Subquery(_policy.values("version")[:1]),
        policy_digest=Subquery(_policy.values("digest")[:1]),
    )


def _ground() -> tuple[Ground, bool]:
    """And whether all that is in force could be read: what could not is tried again next time."""
    rows: list[Any] = list(_rows())
    lines = {line.code: line for line in rows}
    if not rows or rows[0].region_pk is None:
        return Ground(Gazetteer(version=""), lines), True
    one = rows[0]
    gazetteer = gazetteer_of((one.region_pk, one.region_digest, one.region_loaded_at))
    policy = in_force(None if one.policy is None else (one.policy, one.policy_digest))
    boundaries, are_settled = boundaries_of(one.boundaries or "", gazetteer)
    ground = Ground(gazetteer=gazetteer, lines=lines, policy=policy, boundaries=boundaries)
    is_in_force = one.policy is None or policy.digest == one.policy_digest
    return ground, are_settled and is_in_force


def _wanted(decided: Decided | None, *, victim: bool) -> list[tuple[str, str, str]]:
    """Line, the rule that asked for it, and why."""
    if decided is None:
        return [(ADVOCATE if victim else TRIAGE, NO_RULE, BY_HAND)]
    return [
        (
            code,
            decided.rules_by_line.get(code, decided.rule),
            decided.reasons_by_line.get(code, decided.because),
        )
        for code in (decided.primary, *decided.also)
    ]
