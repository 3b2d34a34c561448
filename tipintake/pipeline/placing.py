"""Which lines get a tip: the pure decision, read against the directory as it stands now."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.directory.models import Line
from tipintake.routing.decide import Decided, decide
from tipintake.routing.facts import TipFacts
from tipintake.routing.policy.current import policy_in_force
from tipintake.routing.policy.rulebook import FIRST, Rulebook

log = logging.getLogger(__name__)

TRIAGE = "regional-triage"
ADVOCATE = "victim-advocate"
NO_RULE = "R9"
BY_HAND = _("This tip could not be routed automatically: a person reads it first.")
STAND_IN = _("The line meant for this tip is not in the directory: regional triage stands in.")


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

    @property
    def policy_version(self) -> int:
        return self.policy.version

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

    def decided(self, facts: Callable[[], TipFacts]) -> Decided | None:
        """The decision, or None when none can be made: then a person reads the tip first."""
        try:
            return decide(facts(), self.gazetteer, policy=self.policy)
        except Exception:
            log.exception("route.by_hand")
            return None


def ground() -> Ground:
    """Read at each use, so that a reloaded region and a newly activated policy are seen by every
    running process."""
    return Ground(
        gazetteer=current_gazetteer(),
        lines={line.code: line for line in Line.objects.filter(active=True)},
        policy=policy_in_force(),
    )


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
