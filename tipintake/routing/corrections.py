"""Answers that staff read otherwise. The tip keeps what was answered; a decision says what else
it stands on.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tipintake.routing.facts import TipFacts, facts_of_tip
from tipintake.routing.models import Decision
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Category, Immediacy, MinorPresent

# What may be corrected, and its choices. Who wrote and what they allowed is theirs alone.
CORRECTABLE: Mapping[str, Any] = {
    "category": Category,
    "immediacy": Immediacy,
    "minor_present": MinorPresent,
}

PLACE = "place"  # where it is: an outcome and a jurisdiction, "resolved:wentzville-mo"


def corrected(facts: TipFacts, corrections: Mapping[str, str]) -> TipFacts:
    """The facts with these answers instead; unknown ones say nothing."""
    known: dict[str, Any] = {
        name: value
        for name, value in corrections.items()
        if name in CORRECTABLE and value in CORRECTABLE[name].values
    }
    if corrections.get(PLACE):
        known["place_read"] = corrections[PLACE]
    return replace(facts, **known) if known else facts


def latest(tip: Tip) -> Decision | None:
    """The decision that holds now."""
    return tip.decisions.order_by("-decided_at", "-pk").first()


def facts_as_read(tip: Tip, decision: Decision | None) -> TipFacts:
    """What the rules read of this tip today."""
    return corrected(facts_of_tip(tip), decision.corrected if decision is not None else {})
