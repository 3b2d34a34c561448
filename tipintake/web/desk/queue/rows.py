"""What a row of the queue says, read in one statement for the whole page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import (
    Aggregate,
    CharField,
    Exists,
    F,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf, Trim
from django.urls import reverse

from tipintake.delivery.models import HandOff
from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Place, Tip, Vehicle
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage.dialog import unread_answers
from tipintake.triage.links import links_count
from tipintake.triage.models import Seen, TipTag
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, ago, clock_of
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue.facets import Ground
from tipintake.web.desk.queue.listing import PAGE, AnySpot, Found, spot_of

APART = "\x1f"
PLACE_SAYS = (
    "place_type",
    "name",
    "street",
    "unit",
    "cross_street",
    "city",
    "state",
    "zip",
    "highway",
    "direction",
    "exit",
)
MOST_PLATES = 2


@dataclass(frozen=True, slots=True)
class Row:
    reference: str
    version: int
    priority: str
    rule: str
    because: str
    clock: Clock
    came: str
    category: str
    line: str
    place: str
    signs: int
    worst_sign: str
    plates: tuple[str, ...]
    more_plates: int
    links: int
    unread: bool
    answered: bool
    assigned: str
    looking: tuple[str, ...]
    tags: tuple[str, ...]
    status: str
    low_trust: bool
    spot: AnySpot
    flood: UUID | None
    alike: int = 1  # more than one: this row stands for so many of this page
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    earlier: AnySpot | None
    later: AnySpot | None


class Joined(Aggregate):
    """Several texts as one, in no order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s)"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, Value(APART, CharField()), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def read(desk: Desk, found: Found, *, after: AnySpot | None, before: AnySpot | None) -> Page:
    """A page after one row or before another; without either, the first."""
    back = after is None and before is not None
    keys = found.beyond(before if back else after, back=back).values("pk")[: PAGE + 1]
    names = [f"-{name}" if found.ground.closed else name for name in found.names]
    rows = list(_with_details(desk, found, keys).order_by(*names))
    more = len(rows) > PAGE
    rows = rows[1:] if more and back else rows[:PAGE]
    made = list(_folded(_rows(desk, found.ground, rows)))
    has_earlier = more if back else after is not None
    has_later = True if back else more
    return Page(
        rows=made,
        earlier=spot_of(rows[0]) if rows and has_earlier else None,
        later=spot_of(rows[-1]) if rows and has_later else None,
    )


def _with_details(desk: Desk, found: Found, keys: QuerySet[Any]) -> QuerySet[Any]:
    ground = found.ground
    model: type[HandOff | Tip] = Tip if ground.closed else HandOff
    related = ["assigned_to"] if ground.closed else ["tip__assigned_to", "line"]
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=keys).select_related(*related)  # noqa: SLF001
    rows = rows.annotate(
        plates=_joined(ground, Vehicle.objects.exclude(plate_raw=""), _plate()),
        tags=_joined(ground, TipTag.objects.all(), F("tag__label")),
        looking=_joined(ground, _looking(desk), F("user__username")),
        first_place=Subquery(
            _of(ground, Place).order_by("position").values(says=_place_says())[:1]
        ),
        found_place=Subquery(_found_place(ground)),
        read_version=Subquery(_of(ground, Seen).filter(user=desk.user).values("version")[:1]),
        answered=Exists(unread_answers().filter(tip=OuterRef(ground.tip_key))),
    )
    return rows.annotate(part=Subquery(_part(ground))) if ground.closed else rows


def _of(ground: Ground, model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.filter(tip=OuterRef(ground.tip_key))  # noqa: SLF001


def _joined(ground: Ground, rows: QuerySet[Any], text: Any) -> Subquery:
    of_tip = rows.filter(tip=OuterRef(ground.tip_key)).order_by().values("tip")
    return Subquery(of_tip.annotate(joined=Joined(Cast(text, TextField()))).values("joined"))


def _plate() -> Any:
    characters = Coalesce(NullIf(F("plate_canonical"), Value("")), F("plate_raw"))
    return Trim(Concat(F("plate_state"), Value(" "), characters))


def _looking(desk: Desk) -> QuerySet[Seen]:
    others = Seen.objects.filter(looking_until__gt=desk.now).exclude(user=desk.user)
    return others if desk.is_own_staff else others.none()


def _place_says() -> JSONObject:
    return JSONObject(mile_marker=Cast("mile_marker", TextField()), **{n: n for n in PLACE_SAYS})


def _found_place(ground: Ground) -> QuerySet[Any, Any]:
    name = Jurisdiction.objects.filter(code=OuterRef("jurisdiction")).values("name")[:1]
    latest = Decision.objects.filter(tip=OuterRef(ground.tip_key)).order_by("-decided_at", "-pk")
    return latest.values(place_name=Subquery(name))[:1]


def _part(ground: Ground) -> QuerySet[Any, Any]:
    """What a closed tip's row says of its line."""
    rows = HandOff.objects.filter(tip=OuterRef("pk")).order_by("-is_primary", "pk")
    if not ground.sees_all:
        rows = rows.filter(line__in=[key for key, _name in ground.lines.values()])
    says = JSONObject(priority="priority", rule="rule", because="because", line="line__name")
    return rows.values(says=says)[:1]


def _rows(desk: Desk, ground: Ground, found: Iterable[Any]) -> Iterator[Row]:
    rows = list(found)
    tips = [one if ground.closed else one.tip for one in rows]
    linked = links_count(tips)
    for one, tip in zip(rows, tips, strict=True):
        yield _row(desk, one, tip, linked)


def _row(desk: Desk, one: Any, tip: Tip, linked: Mapping[UUID, int]) -> Row:
    part = (getattr(one, "part", None) or {}) if isinstance(one, Tip) else {}
    plates = _texts(one.plates)
    assigned = tip.assigned_to.username if tip.assigned_to and desk.is_own_staff else ""
    return Row(
        reference=tip.reference,
        version=tip.version,
        priority=part.get("priority", "") if isinstance(one, Tip) else one.priority,
        rule=part.get("rule", "") if isinstance(one, Tip) else one.rule,
        because=part.get("because", "") if isinstance(one, Tip) else one.because,
        clock=_closed_clock(desk, tip) if isinstance(one, Tip) else clock_of(one, desk.now),
        came=ago(tip.submitted_hour if isinstance(one, Tip) else one.queued_at, desk.now),
        category=wording.category(tip),
        line=part.get("line", "") if isinstance(one, Tip) else one.line.name,
        place=_place_words(one.first_place) or one.found_place or "",
        signs=len(tip.indicators),
        worst_sign=wording.worst_severity(tip.indicators, INDICATORS),
        plates=plates[:MOST_PLATES],
        more_plates=len(plates[MOST_PLATES:]),
        links=linked.get(tip.pk, 0),
        unread=one.read_version is None or one.read_version < tip.version,
        answered=one.answered,
        assigned=assigned,
        looking=_texts(one.looking),
        tags=_texts(one.tags),
        status=Status(tip.status).label,
        low_trust=tip.low_trust,
        spot=spot_of(one),
        flood=None if tip.priority == "P1" else tip.flood,
    )


def _texts(joined: str | None) -> tuple[str, ...]:
    return tuple(sorted(joined.split(APART))) if joined else ()


def _place_words(says: Mapping[str, Any] | None) -> str:
    if not says:
        return ""
    mile = says.get("mile_marker")
    return wording.place_words(
        Place(**{**says, "mile_marker": Decimal(str(mile)) if mile else None})
    )


def _closed_clock(desk: Desk, tip: Tip) -> Clock:
    what = Disposition(tip.disposition).label if tip.disposition else "closed"
    return Clock(what, "done", desk.now)


def _folded(rows: Iterable[Row]) -> Iterator[Row]:
    """Of tips alike on one page the first stands for all, and opens them."""
    first: dict[UUID, int] = {}
    kept: list[Row] = []
    for row in rows:
        at = first.get(row.flood) if row.flood else None
        if at is not None:
            kept[at] = replace(kept[at], alike=kept[at].alike + 1)
            continue
        if row.flood:
            first[row.flood] = len(kept)
        kept.append(row)
    for row in kept:
        yield replace(row, opens=_alike(row)) if row.alike > 1 else row


def _alike(row: Row) -> str:
    return f"{reverse('desk:queue')}?{urlencode({'q': f'alike:{row.flood}'})}"
