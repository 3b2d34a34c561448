"""Tips that belong together, found by the stored keys of their clues (clues.py).

A search is a handful of look-ups in one index for each clue, whatever the number of other tips.
Why two of them belong together is said in links.py.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import connection

from tipintake.rows import Batch
from tipintake.tips.clues import (
    CROWDED,
    NEAR,
    Clue,
    Kind,
    clues_of,
    further_keys,
    keys_to_ask,
    plate_key,
)
from tipintake.tips.links import (
    FAMILY,
    GROUND_FOR_PATTERN,
    Found,
    Strength,
    pattern_reason,
    strength_of,
    suggest,
)
from tipintake.tips.models import (
    EvidenceInWords,
    LinkKey,
    OnlineLead,
    Place,
    Sighting,
    Tip,
    Vehicle,
)
from tipintake.tips.vocabulary import SightingKind

MOST_OF_A_CROWD = 40  # tips looked at for one place, address or square, the newest first
MOST_READ = 4_000  # rows for one tip: more is a flood
MOST_FOUND = 60  # pairs of one tip that are kept
MOST_WEAK = 15
_AT_ONCE = 900  # SQLite takes a limited number of values in one statement
_SELECTS_AT_ONCE = 100
_T = TypeVar("_T")


def add(batch: Batch, tip: UUID, clues: Iterable[Clue]) -> None:
    """The rows by which others find these clues of the tip."""
    columns = ("tip_id", "kind", "key", "value", "within", "about")
    batch.add_values(LinkKey, columns, ((tip, *values) for values in key_values(clues)))


def key_values(clues: Iterable[Clue]) -> Iterator[tuple[str, int, str, str, str]]:
    """What stands in those rows: kind, key, value, within, about."""
    for one in clues:
        yield one.kind.value, one.key, one.value, one.within, one.about
        for key in sorted(further_keys(one) - {one.key}):
            yield NEAR, key, one.value, one.within, one.about


def renew(tip: Tip | UUID) -> None:
    """Write the keys of a tip anew from its evidence as it stands."""
    pk = tip.pk if isinstance(tip, Tip) else tip
    clues = clues_of(
        vehicles=Vehicle.objects.filter(tip=pk),
        places=list(Place.objects.filter(tip=pk)),
        leads=OnlineLead.objects.filter(tip=pk),
        in_words=EvidenceInWords.objects.filter(tip=pk),
    )
    LinkKey.objects.filter(tip=pk).delete()
    batch = Batch()
    add(batch, pk, clues)
    batch.write()


def clues_kept(tips: Collection[UUID]) -> dict[UUID, list[Clue]]:
    """The clues of these tips, as their keys were written."""
    found: dict[UUID, list[Clue]] = {tip: [] for tip in tips}
    for some in _chunks(list(tips)):
        rows = LinkKey.objects.filter(tip__in=some).exclude(kind=NEAR).order_by("pk")
        columns = ("tip", "kind", "key", "value", "within", "about")
        for tip, kind, key, value, within, about in rows.values_list(*columns):
            found[tip].append(_clue(kind, key, value, within, about))
    return found


def search(
    tips: Collection[UUID], *, leaving_out: Collection[str] = ()
) -> dict[UUID, list[Found]]:
    """For each of these tips the others that share something with it, the strongest first.

    `leaving_out` are telephone numbers that say nothing, such as a hotline's. However many share
    one thing, the work is bounded: of a crowd the newest are looked at, and a tip gets no more
    than `MOST_FOUND`.
    """
    own = {
        tip: [one for one in clues if one.value not in leaving_out]
        for tip, clues in clues_kept(tips).items()
    }
    asked: dict[UUID, set[int]] = {
        tip: {key for one in clues for key in keys_to_ask(one)} for tip, clues in own.items()
    }
    holders = _holders(own)
    found = {}
    for tip, clues in own.items():
        others: dict[UUID, dict[Clue, None]] = defaultdict(dict)
        for key in asked[tip]:
            for other, clue in holders.get(key, ()):
                others[other][clue] = None
        found[tip] = suggest(tip, clues, {other: list(those) for other, those in others.items()})
    return _with_patterns(found)


def _holders(own: Mapping[UUID, Sequence[Clue]]) -> dict[int, list[tuple[UUID, Clue]]]:
    """Who has which key, for every key that one of these clues asks for."""
    few: set[int] = set()
    many: set[int] = set()
    for clues in own.values():
        for one in clues:
            (many if one.kind in CROWDED else few).update(keys_to_ask(one))
    holders: dict[int, list[tuple[UUID, Clue]]] = defaultdict(list)
    columns = ("key", "tip", "kind", "value", "within", "about")
    for some in _chunks(sorted(few)):
        rows = LinkKey.objects.filter(key__in=some).values_list(*columns)
        for key, tip, kind, *rest in rows[: MOST_READ * len(own)]:
            holders[key].append((tip, _clue(kind, key, *rest)))
    for key, tip, clue in _newest(sorted(many)):
        holders[key].append((tip, clue))
    return holders


def _newest(keys: Sequence[int]) -> Iterator[tuple[int, UUID, Clue]]:
    """Of each key the newest holders: one statement of as many small look-ups."""
    table = connection.ops.quote_name(LinkKey._meta.db_table)  # noqa: SLF001 Django documents it
    one = (
        f"SELECT * FROM (SELECT key, tip_id, kind, value, within, about FROM {table} "  # noqa: S608 our own table
        f"WHERE key = %s ORDER BY id DESC LIMIT {MOST_OF_A_CROWD}) AS newest"
    )
    for start in range(0, len(keys), _SELECTS_AT_ONCE):
        some = keys[start : start + _SELECTS_AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(some)), list(some))
            for key, tip, kind, *rest in cursor.fetchall():
                yield key, UUID(str(tip)), _clue(kind, key, *rest)


def _clue(kind: str, key: int, value: str, within: str, about: str) -> Clue:
    """A clue from one of its rows. What is near by one of its further keys is still that plate."""
    if kind == NEAR:
        return Clue(Kind.PLATE, plate_key(value), value, within, about)
    return Clue(Kind(kind), key, value, within, about)


def _with_patterns(found: Mapping[UUID, list[Found]]) -> dict[UUID, list[Found]]:
    """The same, with the hours that both tips name, and no more than are kept."""
    pairs = [one for ones in found.values() for one in ones if _is_ground(one)]
    tips = {one.tip for one in pairs} | {one.other for one in pairs}
    sightings: dict[UUID, Sighting] = {}
    for some in _chunks(list(tips)):
        known = Sighting.objects.filter(tip__in=some).exclude(kind=SightingKind.UNKNOWN)
        sightings |= {one.tip_id: one for one in known}
    return {tip: _kept(_also_in_time(ones, sightings)) for tip, ones in found.items()}


def _is_ground(one: Found) -> bool:
    return any(FAMILY[reason.why] in GROUND_FOR_PATTERN for reason in one.reasons)


def _also_in_time(ones: Iterable[Found], sightings: Mapping[UUID, Sighting]) -> Iterator[Found]:
    for one in ones:
        mine, theirs = sightings.get(one.tip), sightings.get(one.other)
        reason = None
        if mine is not None and theirs is not None and _is_ground(one):
            reason = pattern_reason(mine, theirs)
        if reason is None:
            yield one
        else:
            reasons = (*one.reasons, reason)
            yield Found(one.tip, one.other, reasons, strength_of(reasons))


def _kept(ones: Iterable[Found]) -> list[Found]:
    ordered = sorted(ones, key=lambda one: (-one.strength, -len(one.reasons), one.other.hex))
    telling = [one for one in ordered if one.strength > Strength.WEAK]
    weak = [one for one in ordered if one.strength == Strength.WEAK]
    return [*telling[:MOST_FOUND], *weak[:MOST_WEAK]][:MOST_FOUND]


def _chunks(values: list[_T]) -> Iterator[list[_T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
