"""What the rules read of many tips at once: plain values, a query for each kind of row."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple
from uuid import UUID

from tipintake.routing.facts import (
    LOCATION_COLUMNS,
    MENTION_COLUMNS,
    TipFacts,
    facts_of_rows,
)
from tipintake.tips.models import OnlineLead, Place, PlaceMention, Vehicle

Values = Sequence[Any]


class Parts(NamedTuple):
    """The rows beside some tips. Of vehicles and online leads only whether there are any."""

    places: Mapping[UUID, list[Values]]
    mentions: Mapping[UUID, list[Values]]
    with_vehicle: AbstractSet[UUID]
    with_lead: AbstractSet[UUID]


def parts_of(keys: Sequence[UUID]) -> Parts:
    return Parts(
        places=_parts(Place, keys, LOCATION_COLUMNS, order=("tip_id", "position")),
        mentions=_parts(PlaceMention, keys, MENTION_COLUMNS),
        with_vehicle=set(Vehicle.objects.filter(tip__in=keys).values_list("tip_id", flat=True)),
        with_lead=set(OnlineLead.objects.filter(tip__in=keys).values_list("tip_id", flat=True)),
    )


def facts_of(key: UUID, values: Values, parts: Parts) -> TipFacts:
    """The facts of one of these tips. `values` are its columns `facts.TIP_COLUMNS`."""
    return facts_of_rows(
        values,
        locations=parts.places.get(key, ()),
        mentions=parts.mentions.get(key, ()),
        has_vehicle=key in parts.with_vehicle,
        has_lead=key in parts.with_lead,
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
