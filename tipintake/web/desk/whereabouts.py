"""Maps and patterns on the desk's pages: of one tip, of the rows of a page, of a whole queue."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tipintake.directory.drawing import COARSE, FINE, edition_in_force, outlines
from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.tips.models import Place, Sighting, Tip
from tipintake.triage.figures import days, places, week
from tipintake.triage.figures.places import Cluster, Point
from tipintake.triage.figures.seen import HERE, Seen

BEFORE = timedelta(days=28)  # how far back a pattern without a first day is drawn
A_FORTNIGHT = timedelta(days=14)
LONGEST = timedelta(days=364)
WIDE = 0.4  # degrees: a map of more than this is drawn with fewer points


@dataclass(frozen=True, slots=True)
class Row:
    """One mark of the map, in words."""

    where: str
    how_exact: str
    tips: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Map:
    """A figure, its table, and what the script on the page draws instead of the figure."""

    figure: SafeString
    says: str
    rows: list[Row]
    marks: list[dict[str, object]]
    box: tuple[float, float, float, float]
    within: str
    has_boundaries: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """The strip of hours and the timeline, each with its table."""

    strip: SafeString
    week: week.Week
    timeline: SafeString
    days: days.Days


def map_of_tip(found: Tip, decision: Decision | None) -> Map | None:
    """Where it was, and whose land that is. None when nothing of it can be drawn."""
    code = decision.jurisdiction if decision is not None else ""
    area = Jurisdiction.objects.filter(code=code).values_list("geoid", flat=True).first()
    points = points_of(found.locations.all(), {found.pk: found.reference})
    if not points and not area:
        return None
    drawn = drawn_map(
        points,
        "tip-map",
        title=_("Where: {reference}").format(reference=found.reference),
        within=area or "",
    )
    return drawn if points or drawn.has_boundaries else None


def drawn_map(points: Sequence[Point], ident: str, *, title: str, within: str = "") -> Map:
    edition = edition_in_force()
    areas = outlines(edition, COARSE)
    box = places.box_around(points, areas, within)
    clusters = places.clustered(points, box)
    if box[2] - box[0] < WIDE:
        areas = outlines(edition, FINE)
    known = within if any(one.geoid == within for one in areas) else ""
    figure = places.map_figure(clusters, areas, box, ident, title=title, within=known)
    return Map(
        figure=SafeString(figure),  # made by ElementTree, which escapes every value
        says=places.says(clusters, areas, known),
        rows=[_row(one) for one in clusters],
        marks=[_as_json(one) for one in clusters],
        box=box,
        within=known,
        has_boundaries=bool(areas),
    )


def points_of(rows: Iterable[Place], names: dict[object, str]) -> list[Point]:
    return [
        Point(row.lat, row.lon, row.accuracy_m or 0, names[row.tip_id], row.name or row.street)
        for row in rows
        if row.lat is not None and row.lon is not None and row.tip_id in names
    ]


def patterns_of_tip(found: Tip, now: datetime) -> Patterns | None:
    """None when the tip says no time: then there is nothing to draw."""
    try:
        seen = Seen.of(found.sighting)
    except ObjectDoesNotExist:
        return None
    hours = week.Week.of([seen])
    if not hours.most:
        return None
    return _patterns([seen], [found.submitted_hour], 0, "tip", first=_first(seen, found), now=now)


def patterns_of(tips: Sequence[Tip], ident: str, now: datetime) -> Patterns | None:
    """Of many tips. None when none says a time."""
    rows = Sighting.objects.filter(tip__in=[one.pk for one in tips])
    seen = [Seen.of(one) for one in rows]
    if not seen:
        return None
    received = [one.submitted_hour for one in tips]
    first = min(now - A_FORTNIGHT, *received).astimezone(HERE).date()
    return _patterns(seen, received, len(tips) - len(seen), ident, first=first, now=now)


def week_of(tips: Sequence[Tip], ident: str) -> tuple[SafeString, week.Week] | None:
    """The strip alone."""
    seen = [Seen.of(one) for one in Sighting.objects.filter(tip__in=[one.pk for one in tips])]
    hours = week.Week.of(seen, without_time=len(tips) - len(seen))
    if not hours.most:
        return None
    return SafeString(week.strip(hours, ident)), hours


def _patterns(
    seen: Sequence[Seen],
    received: Sequence[datetime],
    without_time: int,
    ident: str,
    *,
    first: date,
    now: datetime,
) -> Patterns:
    hours = week.Week.of(seen, without_time=without_time)
    today = now.astimezone(HERE).date()
    span = days.Days.of(seen, received, first=max(first, today - LONGEST), last=today)
    return Patterns(
        strip=SafeString(week.strip(hours, f"{ident}-week")),
        week=hours,
        timeline=SafeString(days.timeline(span, f"{ident}-days")),
        days=span,
    )


def _first(seen: Seen, found: Tip) -> date:
    """A week before it was first seen; of a pattern without a beginning, four weeks before."""
    begun = seen.start or found.submitted_hour - BEFORE
    begun = min(begun, found.submitted_hour)
    return begun.astimezone(HERE).date() - timedelta(days=3)


def _row(cluster: Cluster) -> Row:
    count = len(cluster.points)
    exact = (
        _("within {meters} m").format(meters=cluster.accuracy_m)
        if cluster.accuracy_m
        else _("not said how exactly")
    )
    return Row(
        where=f"{cluster.lat:.4f}, {cluster.lon:.4f}",
        how_exact=exact if count == 1 else _("middle of {count} points").format(count=count),
        tips=cluster.tips,
        words=cluster.words,
    )


def _as_json(cluster: Cluster) -> dict[str, object]:
    return {
        "lat": cluster.lat,
        "lon": cluster.lon,
        "accuracy": cluster.accuracy_m,
        "count": len(cluster.points),
        "tips": list(cluster.tips[:12]),
        "more": max(0, len(cluster.tips) - 12),
    }
