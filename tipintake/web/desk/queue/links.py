"""How many other tips a row is linked with: the one place where the queue asks for it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from tipintake.tips.models import Tip


def links_count(tips: Collection[Tip]) -> Mapping[UUID, int]:
    """By the tip's key. Tips that are linked with none are left out."""
    return dict.fromkeys((tip.pk for tip in tips if tip.shares_evidence), 1)
