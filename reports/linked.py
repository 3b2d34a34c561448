"""Which other tips a tip is linked to: the one place where links come into exports.

Every format has its columns for links ready (`scope.COLUMNS["links"]`, `rows.LinkRow`); what this
answers is what they show.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from reports.rows import LinkRow


def links_of(_tips: Collection[UUID]) -> Mapping[UUID, tuple[LinkRow, ...]]:
    """The links of each of these tips. None are kept yet."""
    return {}
