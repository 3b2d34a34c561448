"""What a row of the queue says, read in one statement for the whole page."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import (
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
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf, Trim
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tipintake.delivery.models import HandOff
from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.routing.policy.reasons import in_language
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Place, Tip, Vehicle
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage.dialog import unread_answers
from tipintake.triage.links import linked
from tipintake.triage.models import Seen, TipTag
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, ago, clock_of
from tipintake.web.desk.joined import Joined, apart
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue.facets import Ground, Open
from tipintake.web.desk.queue.listing import PAGE, AnySpot, Found
from tipintake.web.desk.queue.order import ClosedSpot, Spot
from tipintake.web.desk.statements import Statement, hole

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
LONGEST_REASON = 110


class Said(NamedTuple):
    """What the statement gives for one row. A closed tip has no place in hand, and the other way
    round: what is not there is None."""

    pk: Any
    rank: int
    due_at: datetime
    queued_at: datetime
    acknowledged_at: datetime | None
    state: str
    priority: str
    rule: str
    because: str
    line: str
    closed_on: date
    disposition: str
    part: Mapping[str, str] | None
    # Of the tip.
    reference: str
    version: int
    category: str
    indicators: list[str]
    status: str
    low_trust: bool
    flood: UUID | None
    urgency: str
    submitted_hour: datetime
    assigned: str | None
    # Of what stands around it.
    plates: str | None
    tags: str | None
    looking: str | None
    first_place: Mapping[str, Any] | None
    found_place: str | None
    read_version: int | None
    answered: bool
    links: int


NOTHING = Value(None, CharField())
IN_HAND_COLUMNS: tuple[str | Combinable, ...] = (
    *("pk", "rank", "due_at", "queued_at", "acknowledged_at", "state"),
    *("priority", "rule", "because", "line__name"),
    *(NOTHING, NOTHING, NOTHING),
)
CLOSED_COLUMNS: tuple[str | Combinable, ...] = ("pk", *[NOTHING] * 9, "closed_on", "disposition")
TIP_COLUMNS = (
    *("reference", "version", "category", "indicators", "status", "low_trust", "flood"),
    *("priority", "submitted_hour", "assigned_to__username"),
)


@dataclass(frozen=True)  # with its dictionary, which the template reads
class Row:
    reference: str
    address: str
    pick: str  # number and version, as a box to tick gives them
    pick_said: str
    beside_said: str
    priority: str
    chip: str
    rule: str
    because: str
    because_short: str
    clock: Clock
    came_said: str
    category: str
    line: str
    place: str
    signs: int
    signs_said: str
    worst_sign: str
    plates: tuple[str, ...]
    more_plates: int
    links: int
    links_said: str
    unread: bool
    answered: bool
    assigned: str
    looking: tuple[str, ...]
    tags: tuple[str, ...]
    status: str
    low_trust: bool
    spot: AnySpot
    flood: UUID | None
    alike: int = 1  # more than one: this row stands for so many of this page, and opens them
    stands_for_many: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    earlier: AnySpot | None
    later: AnySpot | None


def read(desk: Desk, found: Found, *, after: AnySpot | None, before: AnySpot | None) -> Page:
    """A page after one row or before another; without either, the first."""
    back = after is None and before is not None
    keys = found.beyond(before if back else after, back=back).values("pk")[: PAGE + 1]
    asked = _details(found.ground.open, found.names).about(keys)
    rows = [Said(*row) for row in asked.ask(found.ground)]
    more = len(rows) > PAGE
    rows = rows[1:] if more and back else rows[:PAGE]
    say = cache(in_language)  # many rows of a page have one reason
    made = [_row(desk, found.ground, one, say) for one in rows]
    has_earlier = more if back else after is not None
    has_later = True if back else more
    return Page(
        rows=list(_folded(made)),
        earlier=made[0].spot if made and has_earlier else None,
        later=made[-1].spot if made and has_later else None,
    )


@lru_cache(maxsize=64)
def _details(kept: Open, order: tuple[str, ...]) -> Statement:
    """What rows say and no more: no sealed words, no models."""
    ground = kept.ground
    model: type[HandOff | Tip] = Tip if ground.closed else HandOff
    own: tuple[str | Combinable, ...]
    own = (*CLOSED_COLUMNS, Subquery(_part(ground))) if ground.closed else IN_HAND_COLUMNS
    every = model._default_manager  # noqa: SLF001 Django's public way to a manager
    rows = every.filter(pk__in=hole()).values_list(
        *own,
        *(f"{ground.tip}{column}" for column in TIP_COLUMNS),
        _joined(ground, Vehicle.objects.exclude(plate_raw=""), _plate()),
        _joined(ground, TipTag.objects.all(), F("tag__label")),
        _joined(ground, _looking(ground), F("user__username")),
        Subquery(_of(ground, Place).order_by("position").values(says=_place_says())[:1]),
        Subquery(_found_place(ground)),
        Subquery(_of(ground, Seen).filter(user=ground.me).values("version")[:1]),
        Exists(unread_answers().filter(tip=OuterRef(ground.tip_key))),
        linked(ground.tip_key),
    )
    return Statement.of(rows.order_by(*(f"-{name}" if ground.closed else name for name in order)))


def _of(ground: Ground, model: type[Model]) -> QuerySet[Any]:
    return model._default_manager.filter(tip=OuterRef(ground.tip_key))  # noqa: SLF001


def _joined(ground: Ground, rows: QuerySet[Any], text: Any) -> Subquery:
    of_tip = rows.filter(tip=OuterRef(ground.tip_key)).order_by().values("tip")
    return Subquery(of_tip.annotate(joined=Joined(Cast(text, TextField()))).values("joined"))


def _plate() -> Any:
    characters = Coalesce(NullIf(F("plate_canonical"), Value("")), F("plate_raw"))
    return Trim(Concat(F("plate_state"), Value(" "), characters))


def _looking(ground: Ground) -> QuerySet[Seen]:
    others = Seen.objects.filter(looking_until__gt=ground.at()).exclude(user=ground.me)
    return others if ground.own_staff else others.none()


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


def _row(desk: Desk, ground: Ground, one: Said, say: Callable[[str], str]) -> Row:
    # A closed tip says of its line what one of its hand-offs says.
    of_line = (one.part or {}) if ground.closed else one._asdict()
    plates, signs = _texts(one.plates), len(one.indicators)
    priority, because = of_line.get("priority", ""), say(of_line.get("because", ""))
    return Row(
        reference=one.reference,
        address=_address(one.reference),
        pick=f"{one.reference}:{one.version}",
        beside_said=gettext("Read {reference} beside the list").format(reference=one.reference),
        pick_said=gettext("Choose {reference}").format(reference=one.reference),
        priority=priority,
        chip=priority.lower(),
        rule=of_line.get("rule", ""),
        because=because,
        because_short=_short(because),
        clock=_closed_clock(desk, one.disposition) if ground.closed else clock_of(one, desk.now),
        came_said=gettext("came {came}").format(
            came=ago(one.submitted_hour if ground.closed else one.queued_at, desk.now)
        ),
        category=wording.CATEGORIES.get(one.category, one.category),
        line=of_line.get("line", ""),
        place=_place_words(one.first_place) or one.found_place or gettext("Place not known"),
        signs=signs,
        signs_said=ngettext("{signs} sign", "{signs} signs", signs).format(signs=signs),
        worst_sign=wording.worst_severity(one.indicators, INDICATORS),
        plates=plates[:MOST_PLATES],
        more_plates=len(plates[MOST_PLATES:]),
        links=one.links,
        links_said=gettext("{links} linked").format(links=one.links),
        unread=one.read_version is None or one.read_version < one.version,
        answered=one.answered,
        assigned=(one.assigned or "") if desk.is_own_staff else "",
        looking=_texts(one.looking),
        tags=_texts(one.tags) if desk.is_own_staff else (),
        status=gettext(Status(one.status).label),
        low_trust=one.low_trust,
        spot=ClosedSpot(one.closed_on, one.pk)
        if ground.closed
        else Spot(one.rank, one.due_at, one.pk),
        flood=None if one.urgency == "P1" else one.flood,
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[: LONGEST_REASON - 1]}…"


def _address(reference: str) -> str:
    """Of a tip's page. Asked for each row, so that its pattern is looked up once."""
    before, after = _address_of_any()
    return f"{before}{reference}{after}"


@lru_cache(maxsize=1)
def _address_of_any() -> tuple[str, str]:
    before, _mark, after = reverse("desk:tip", args=["T"]).rpartition("T")
    return before, after


def _texts(joined: str | None) -> tuple[str, ...]:
    return tuple(sorted(apart(joined)))


def _place_words(says: Mapping[str, Any] | None) -> str:
    if not says:
        return ""
    mile = says.get("mile_marker")
    return wording.place_words(
        Place(**{**says, "mile_marker": Decimal(str(mile)) if mile else None})
    )


def _closed_clock(desk: Desk, disposition: str) -> Clock:
    """What came of the whole tip is for own staff; an agency reads its own part on the tip."""
    told = disposition and desk.is_own_staff
    what = gettext(Disposition(disposition).label) if told else gettext("closed")
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
        many = row.alike > 1
        yield replace(row, address=_alike(row), stands_for_many=True) if many else row


def _alike(row: Row) -> str:
    return f"{reverse('desk:queue')}?{urlencode({'q': f'alike:{row.flood}'})}"
