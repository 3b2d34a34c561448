"""Tip numbers in kept simulations: while they help, and no longer than the tip is kept."""

from collections.abc import Callable
from typing import Any

from tipintake.routing.models import Policy

SAMPLES = "samples"


def forget(reference: str) -> None:
    """Take a purged tip's number out of every simulation. Only those of drafts hold any."""
    kept = Policy.objects.filter(state=Policy.State.DRAFT).exclude(simulation={})
    for row in kept.only("simulation"):
        without = _only(row.simulation, lambda one: one != reference)
        if without != row.simulation:
            row.simulation = without
            row.save(update_fields=["simulation"])


def counts_only(simulation: dict[str, Any]) -> dict[str, Any]:
    """The same without any number, for a version whose trial is over."""
    without: dict[str, Any] = _only(simulation, lambda _one: False)
    return without


def _only(value: Any, keep: Callable[[str], bool]) -> Any:
    if isinstance(value, dict):
        return {
            name: list(filter(keep, one)) if name == SAMPLES else _only(one, keep)
            for name, one in value.items()
        }
    return [_only(one, keep) for one in value] if isinstance(value, list) else value
