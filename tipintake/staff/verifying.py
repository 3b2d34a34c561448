"""Walk the chain, in constant memory, and say what was changed, removed, moved or put in."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from tipintake.staff import append_only, chain, heads
from tipintake.staff.audit import DOOR, PURGED, TAKEN
from tipintake.staff.chain import BEGINNING, Head
from tipintake.staff.models import AuditEntry

CHUNK = 2000
MOST_SAID = 20
MOST_COMPARED = 40  # entries that do not fit; each is tried at the place of each other
# Entries are chained in the order of their moments, within a minute of being written. One may be
# dated before what stands in front of it by as long as its act took; those of residents by the
# hour for which they are dated and held back. A worker that was down chains late, but in order.
AN_ACT_TAKES = timedelta(minutes=15)
HELD_BACK = timedelta(hours=2)
COLUMNS = (
    "chained",
    "chain_hash",
    "pk",
    "at",
    "actor",
    "act",
    "subject",
    "subject_salt",
    "subject_mark",
    "facts",
)
FILE = "the head file"
JOURNAL = "the journal of heads"
GIVEN = "the head you gave"


@dataclass(slots=True)
class _Anchors:
    """Heads that were noted outside the database, by their number."""

    at: dict[int, list[tuple[str, bytes]]] = field(default_factory=lambda: defaultdict(list))
    furthest: list[tuple[str, Head]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, where: str, head: Head) -> None:
        if head.digest not in (digest for _where, digest in self.at[head.number]):
            self.at[head.number].append((where, head.digest))

    def far(self, where: str, head: Head) -> None:
        self.add(where, head)
        self.furthest.append((where, head))


@dataclass(frozen=True, slots=True)
class _Misfit:
    """An entry whose hash does not follow from what stands before it."""

    number: int
    key: int
    said: bytes
    stored: bytes
    previous: bytes
    describes: str


@dataclass(slots=True)
class _Belated:
    """Entries in a row that are dated long before what stands in front of them."""

    first: int
    last: int
    describes: str
    latest: datetime

    def __str__(self) -> str:
        more = f", like those up to number {self.last}," if self.last > self.first else ""
        return (
            f"{self.describes}{more} is dated long before what stands in front of it "
            f"({self.latest:%Y-%m-%d %H:%M} UTC): it was put in under an earlier date, or a "
            "clock was wrong."
        )


@dataclass(slots=True)
class _Walk:
    at: Head = BEGINNING
    gaps: list[str] = field(default_factory=list)
    gaps_unsaid: int = 0
    misfits: list[_Misfit] = field(default_factory=list)
    misfits_unsaid: int = 0
    misnamed: list[str] = field(default_factory=list)
    followed: set[int] = field(default_factory=set)  # misfits that the next entry follows
    latest: datetime | None = None  # the newest moment so far, of entries that are in time
    belated: list[_Belated] = field(default_factory=list)
    belated_unsaid: int = 0
    rewritten: list[str] = field(default_factory=list)
    agreed: int = 0  # the last number at which a noted head agreed


def verify(
    *,
    known: Head | None = None,
    since: Head = BEGINNING,
    progress: Callable[[int], None] = lambda _count: None,
) -> list[str]:
    """What is wrong with the chain, in sentences. Empty: nothing was changed, removed or moved.

    `known` is a head that somebody noted earlier outside this machine. `since` is one to begin
    behind, taken from the journal; without it the whole chain is walked.
    """
    anchors = _anchors(known)
    walk = _Walk(at=since, agreed=since.number, latest=_moment(since))
    rows = AuditEntry.objects.in_chain().filter(chained__gt=since.number).values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=CHUNK):
        _step(walk, row, anchors)
        progress(walk.at.number)
    return [
        *_some(walk.gaps, walk.gaps_unsaid),
        *_some(list(_judged(walk.misfits, walk.followed)), walk.misfits_unsaid),
        *_some([str(one) for one in walk.belated], walk.belated_unsaid),
        *walk.misnamed[:MOST_SAID],
        *walk.rewritten[:MOST_SAID],
        *anchors.problems,
        *_cut_off(walk, anchors),
        *_subjects_lost(),
        *_unguarded(),
    ]


def recent(most: int) -> Head:
    """A noted head that lies about so many entries back, to begin a quicker look behind it."""
    last = AuditEntry.objects.in_chain().last()
    number = (last.chained if last else None) or 0
    try:
        behind = [one.head for one in heads.journal() if one.head.number <= number - most]
    except (heads.NotSigned, heads.KeyLost):
        return BEGINNING
    return behind[-1] if behind else BEGINNING


def _step(walk: _Walk, row: tuple[Any, ...], anchors: _Anchors) -> None:
    number, stored, key, at, actor, act, subject, salt, mark, facts = row
    stored, mark = bytes(stored or b""), bytes(mark)
    said = chain.content(key=key, at=at, actor=actor, act=act, mark=mark, facts=facts)
    if number != walk.at.number + 1:
        # The previous hash is gone with its entry: this one cannot be judged alone.
        _add_gap(walk, walk.at.number + 1, number - 1)
        _see_date(walk, number, key, at, actor, act)
    elif chain.link(walk.at.digest, number, said) != stored:
        if len(walk.misfits) < MOST_COMPARED:
            describes = _describe(number, key, at, actor, act)
            walk.misfits.append(_Misfit(number, key, said, stored, walk.at.digest, describes))
        else:
            walk.misfits_unsaid += 1
    else:
        if walk.misfits and walk.misfits[-1].number == walk.at.number:
            walk.followed.add(walk.at.number)
        _see_date(walk, number, key, at, actor, act)
    if subject and chain.mark(subject, bytes(salt)) != mark and len(walk.misnamed) < MOST_SAID:
        walk.misnamed.append(
            f"{_describe(number, key, at, actor, act)} was changed: another subject was put in."
        )
    walk.at = Head(number, stored)
    for where, digest in anchors.at.get(number, ()):
        if digest == stored:
            walk.agreed = number
        elif len(walk.rewritten) < MOST_SAID:
            walk.rewritten.append(
                f"Entry number {number} is not the one that {where} knows: the chain was "
                f"rewritten. Up to number {walk.agreed} it is as it was noted; something between "
                f"{walk.agreed + 1} and {number} was changed, removed, moved or put in."
            )


def _see_date(walk: _Walk, number: int, key: int, at: datetime, actor: str, act: str) -> None:
    """Of an entry that is as it was chained; that of another one says nothing."""
    lag = HELD_BACK if actor == DOOR or act == TAKEN else AN_ACT_TAKES
    if walk.latest is None or at >= walk.latest - lag:
        walk.latest = max(at, walk.latest or at)
    elif walk.belated and walk.belated[-1].last == walk.at.number:
        walk.belated[-1].last = number
    elif len(walk.belated) < MOST_SAID:
        describes = _describe(number, key, at, actor, act)
        walk.belated.append(_Belated(number, number, describes, walk.latest))
    else:
        walk.belated_unsaid += 1


def _moment(since: Head) -> datetime | None:
    """When the entry was written behind which the walk begins."""
    found = AuditEntry.objects.in_chain().filter(chained=since.number).values_list("at", flat=True)
    return found.first()


def _describe(number: int, key: int, at: datetime, actor: str, act: str) -> str:
    return f"Entry number {number} (id {key}, {act} by {actor}, {at:%Y-%m-%d %H:%M} UTC)"


def _add_gap(walk: _Walk, first: int, last: int) -> None:
    if len(walk.gaps) >= MOST_SAID:
        walk.gaps_unsaid += 1
    elif first == last:
        walk.gaps.append(f"Entry number {first} was removed.")
    else:
        walk.gaps.append(f"Entries number {first} to {last} were removed.")


def _judged(misfits: list[_Misfit], followed: set[int]) -> Iterator[str]:
    """Say of each what was done, as far as the hashes still tell."""
    previous = [BEGINNING.digest, *(one.previous for one in misfits), *(m.stored for m in misfits)]
    places = {one.number for one in misfits}
    numbers = sorted(places | {one.number - 1 for one in misfits} - {0})
    stood = {
        one.number: next(
            (
                number
                for number, before in itertools.product(numbers, dict.fromkeys(previous))
                if chain.link(before, number, one.said) == one.stored
            ),
            None,
        )
        for one in misfits
    }
    pushed = {number for number, was in stood.items() if was == number - 1}
    for one in misfits:
        was = stood[one.number]
        if was == one.number:
            yield f"{one.describes} is as it was, but what stood before it is not there any more."
        elif was is not None:
            yield f"{one.describes} was moved: it stood at number {was}."
        elif one.number in followed:
            yield f"{one.describes} was changed after it was chained."
        elif one.number + 1 in pushed:
            yield f"{one.describes} was put in: what follows stood one number earlier."
        else:
            yield f"{one.describes} does not match its seal: it was changed, or put in."


def _some(sentences: list[str], unsaid: int) -> list[str]:
    more = unsaid + len(sentences[MOST_SAID:])
    return [*sentences[:MOST_SAID], *([f"And {more} more of this kind."] if more else [])]


def _anchors(known: Head | None) -> _Anchors:
    found = _Anchors()
    if known is not None:
        found.far(GIVEN, known)
    try:
        newest = heads.newest()
        if newest is not None:
            found.far(FILE, newest.head)
        elif AuditEntry.objects.in_chain().exists():
            found.problems.append(
                f"{heads.head_file()} is missing: a shortened chain could not be told from a "
                "whole one. Bring the file back from your copy. If there is none, begin a new "
                "one with `manage.py audit seal --new-head`."
            )
    except heads.NotSigned:
        found.problems.append(
            f"{heads.head_file()} does not hold a head that this installation signed: it was "
            "changed."
        )
    except heads.KeyLost as lost:
        found.problems.append(str(lost))
        return found
    _add_journal(found)
    return found


def _add_journal(found: _Anchors) -> None:
    last = None
    try:
        for one in heads.journal():
            found.add(JOURNAL, one.head)
            last = one.head
    except heads.NotSigned:
        found.problems.append(
            f"{heads.journal_file()} holds a line that this installation did not sign: it was "
            "changed."
        )
    except heads.KeyLost as lost:
        found.problems.append(str(lost))
    if last is not None:
        found.furthest.append((JOURNAL, last))


def _cut_off(walk: _Walk, anchors: _Anchors) -> Iterable[str]:
    cut = [(where, one) for where, one in anchors.furthest if one.number > walk.at.number]
    for where, one in cut[:1]:
        yield (
            f"The chain ends at number {walk.at.number}, but {where} says that it reached "
            f"{one.number}: the last {one.number - walk.at.number} entries were removed."
        )


def _subjects_lost() -> list[str]:
    """More entries without their subject than purges account for."""
    # Counted first: a purge that runs meanwhile only adds to what is accounted for.
    lost = AuditEntry.objects.filter(subject="").exclude(subject_mark=b"").count()
    purges = AuditEntry.objects.filter(act=PURGED).values_list("facts", flat=True)
    accounted = sum(int(facts.get("entries", 0)) for facts in purges.iterator())
    if lost <= accounted:
        return []
    problem = (
        f"{lost} entries have lost their subject, but purges account for {accounted} only: "
        "somebody emptied the others."
    )
    return [problem]


def _unguarded() -> list[str]:
    """The database no longer refuses changes: somebody took its triggers away."""
    gone = append_only.missing(connection, AuditEntry)
    if not gone:
        return []
    problem = (
        f"The database no longer refuses changes: {', '.join(gone)} is missing or was changed. "
        "Look into it, then put the triggers back with `manage.py audit guard`."
    )
    return [problem]
