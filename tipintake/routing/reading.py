"""What the rules read of many tips at once: plain values, a query for each kind of row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from tipintake.routing.facts import (
    LOCATION_COLUMNS,
    MENTION_COLUMNS,
    TIP_COLUMNS,
    TipFacts,
    facts_of_rows,
)
from tipintake.tips.models import OnlineLead, Place, PlaceMention, Vehicle

Values = Sequence[Any]
# Of a tip. Of vehicles and online leads the rules ask only whether there are any.
COLUMNS = (
    *TIP_COLUMNS,
    Exists(Vehicle.objects.filter(tip=OuterRef("pk"))),
    Exists(OnlineLead.objects.filter(tip=OuterRef("pk"))),
)


class Parts(NamedTuple):
    """The rows beside some tips."""

    places: Mapping[UUID, list[Values]]
    mentions: Mapping[UUID, list[Values]]


def parts_of(keys: Sequence[UUID]) -> Parts:
    return Parts(
        places=_parts(Place, keys, LOCATION_COLUMNS, order=("tip_id", "position")),
        mentions=_parts(PlaceMention, keys, MENTION_COLUMNS),
    )


def facts_of(key: UUID, values: Values, parts: Parts) -> TipFacts:
    """The facts of one of these tips. `values` are its `COLUMNS`."""
    *own, has_vehicle, has_lead = values
    return facts_of_rows(
        own,
        locations=parts.places.get(key, ()),
        mentions=parts.mentions.get(key, ()),
        has_vehicle=bool(has_vehicle),
        has_lead=bool(has_lead),
    )


def _parts(
    model: type[Place] | type[PlaceMention],
    keys: Sequence[UUID],
    columns: tuple[str, ...],
    order: tuple[str, ...] = (),
) -> dict[UUID, list[Values]]:
    found: dict[UUID, list[Values]] = defaultdict(list)
    rows = model._default_manager.filter(tip__in=keys).order_by(*order)  # noqa: SLF001 Django's name
    for key, *values in rows.values_list("tip_id", *columns):
        found[key].append(tuple(values))
    return found
