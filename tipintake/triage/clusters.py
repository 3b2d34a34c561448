"""Tips that belong together, as a whole: who belongs to it, and what bears it out.

A cluster is what hangs together by confirmed links and merges. Suggested links lead out of it and
are shown as such. Reports are counted, not clicks: a flood is one report, as are a tip and its
duplicates, and they bear each other out only by distinct days and places.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from tipintake.tips.clues import Kind, clues_of
from tipintake.tips.models import Place, SameWords, Sighting, Tip
from tipintake.tips.shared import BEARS_NOTHING_OUT
from tipintake.triage.links import links_of
from tipintake.triage.models import Link, MergedTip

MOST = 120  # tips of one cluster that are drawn
MOST_AROUND = 40  # tips that are only suggested


@dataclass(frozen=True, slots=True)
class Edge:
    """What ties two tips. `one` and `other` are in the order of their keys."""

    one: UUID
    other: UUID
    reasons: tuple[Link, ...]
    confirmed: bool
    merged: bool

    @property
    def is_firm(self) -> bool:
        return self.confirmed or self.merged


@dataclass(frozen=True, slots=True)
class Cluster:
    members: frozenset[UUID]
    around: frozenset[UUID]  # suggested only
    edges: tuple[Edge, ...]
    cut: bool  # there are more than are shown


@dataclass(frozen=True, slots=True)
class Report:
    """What counts of one tip: what it is a copy of, its day and its places."""

    source: UUID
    day: date
    places: frozenset[int]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """How many separate reports there are, and on how many days and at how many places."""

    tips: int
    reports: int
    days: int
    places: int

    @property
    def bears_out(self) -> bool:
        """Two reports bear each other out when they speak of two days or two places."""
        return self.reports > 1 and max(self.days, self.places) > 1


def cluster_of(tip: Tip) -> Cluster:
    """Everything that hangs together with this tip, up to `MOST` tips."""
    members, frontier, cut = {tip.pk}, {tip.pk}, False
    while frontier and not cut:
        reached = _neighbours(frontier) - members
        cut = len(members) + len(reached) > MOST
        frontier = set(sorted(reached)[: MOST - len(members)])
        members |= frontier
    edges = _edges(members)
    outside = [{edge.one, edge.other} - members for edge in edges]
    around = list(dict.fromkeys(key for ones in outside for key in ones))
    chosen = set(around[:MOST_AROUND])
    shown = members | chosen
    return Cluster(
        members=frozenset(members),
        around=frozenset(chosen),
        edges=tuple(edge for edge in edges if {edge.one, edge.other} <= shown),
        cut=cut or len(around) > len(chosen),
    )


def _neighbours(tips: Collection[UUID]) -> set[UUID]:
    pairs = [
        *links_of(tips).filter(state=Link.State.CONFIRMED).values_list("one", "other"),
        *MergedTip.objects.filter(Q(tip__in=tips) | Q(into__in=tips)).values_list("tip", "into"),
    ]
    return {key for pair in pairs for key in pair}


def _edges(members: Collection[UUID]) -> list[Edge]:
    """Ties of the members, within and out of the cluster; what was rejected is none."""
    rows: dict[tuple[UUID, UUID], list[Link]] = defaultdict(list)
    for row in links_of(members).exclude(state=Link.State.REJECTED):
        rows[row.one_id, row.other_id].append(row)
    merges = MergedTip.objects.filter(tip__in=members).values_list("tip", "into")
    merged = {(min(pair), max(pair)) for pair in merges}
    return [
        Edge(
            *pair,
            reasons=tuple(rows.get(pair, ())),
            confirmed=any(row.state == Link.State.CONFIRMED for row in rows.get(pair, ())),
            merged=pair in merged,
        )
        for pair in dict.fromkeys([*rows, *sorted(merged)])
    ]


# --- What bears it out --------------------------------------------------------------------------


def corroboration(reports: Iterable[Report]) -> Corroboration:
    """Count distinct reports, days and places. Pure."""
    by_source: dict[UUID, list[Report]] = defaultdict(list)
    given = list(reports)
    for one in given:
        by_source[one.source].append(one)
    # Of copies the first day counts, and the places of all.
    days = {min(one.day for one in ones) for ones in by_source.values()}
    places = {place for one in given for place in one.places}
    return Corroboration(
        tips=len(given), reports=len(by_source), days=len(days), places=len(places)
    )


def reports_of(tips: Collection[UUID]) -> dict[UUID, Report]:
    """What each of these tips counts for. Tips that came to nothing count for nothing."""
    rows = Tip.objects.filter(pk__in=tips).exclude(disposition__in=BEARS_NOTHING_OUT)
    known = {
        pk: (hour, flood) for pk, hour, flood in rows.values_list("pk", "submitted_hour", "flood")
    }
    source = _sources(known)
    days = _days({pk: hour for pk, (hour, _flood) in known.items()})
    places = _places(known)
    return {pk: Report(source[pk], days[pk], frozenset(places[pk])) for pk in known}


def _places(tips: Collection[UUID]) -> Mapping[UUID, set[int]]:
    """What stands for each place that a tip names. The Sunset Inn, 12 Main Street and the Sunset
    Inn at 12 Main Street are one, whichever tip says it.
    """
    same: dict[int, int] = {}

    def top(key: int) -> int:
        while same.setdefault(key, key) != key:
            key = same[key]
        return key

    named: list[tuple[UUID, int]] = []
    for place in Place.objects.filter(tip__in=tips):
        clues = clues_of(places=[place])
        keys = [one.key for one in clues if one.kind in {Kind.PLACE, Kind.ADDRESS}]
        for key in keys:
            same[top(key)] = top(keys[0])
        named += [(place.tip_id, key) for key in keys[:1]]
    found: defaultdict[UUID, set[int]] = defaultdict(set)
    for tip, key in named:
        found[tip].add(top(key))
    return found


def _sources(known: Mapping[UUID, tuple[datetime, UUID | None]]) -> dict[UUID, UUID]:
    """Of which report each is a copy: by flood, by merge, or by equal words."""
    copies = {pk: flood or pk for pk, (_hour, flood) in known.items()}
    first: dict[bytes, UUID] = {}
    for pk, mark in (
        SameWords.objects.filter(tip__in=known).order_by("pk").values_list("tip", "mark")
    ):
        copies[pk] = copies[first.setdefault(bytes(mark), pk)]
    merges = dict(MergedTip.objects.filter(tip__in=known).values_list("tip", "into"))
    for pk, into in merges.items():
        copies[pk] = copies.get(into, into)
    return copies


def _days(hours: Mapping[UUID, datetime]) -> dict[UUID, date]:
    """The day that each tip speaks of; that on which it came when it names none."""
    here = ZoneInfo(settings.TIME_ZONE)
    seen = dict(
        Sighting.objects.filter(tip__in=hours, start__isnull=False).values_list("tip", "start")
    )
    return {pk: (seen.get(pk) or hour).astimezone(here).date() for pk, hour in hours.items()}
