"""Hand-offs of a partner, page by page: keyset pagination, and the filters of a list."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from tipintake.api.problems import ApiProblem
from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import Line
from tipintake.door import problem, signed
from tipintake.staff.tokens import Bearer

State = HandOff.State
PURPOSE = "partner page"
CURSOR_BYTES = 8 + 16 + 8 + 8
LONGEST_CURSOR = 200
USUAL, MOST = 50, 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

STATES: Mapping[str, Sequence[str]] = {
    "waiting": OPEN_STATES,
    "in-work": (State.ACKNOWLEDGED,),
    "passed-on": (State.DECLINED, State.TRANSFERRED),
    "closed": (State.CLOSED,),
}
KNOWN = ("state", "line", "limit", "cursor")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for."""

    state: str
    line: str
    limit: int
    after: "Key | None"


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a hand-off in its list: oldest first, ties by its tip and line."""

    queued_at: datetime
    tip: UUID
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[HandOff, ...]
    next: str  # empty on the last page


def own(bearer: Bearer) -> QuerySet[HandOff]:
    """The hand-offs of the token's lines, and none besides."""
    return HandOff.objects.filter(line__in=bearer.lines).select_related("tip", "line")


def asked(query: Mapping[str, str], bearer: Bearer) -> Asked:
    """Read the query string. Raises ApiProblem with a sentence for what is not understood."""
    unknown = sorted(set(query) - set(KNOWN))
    if unknown:
        raise _bad(f"Only {', '.join(KNOWN)} are read in the address.")
    state, line, limit = query.get("state", ""), query.get("line", ""), query.get("limit", "")
    if state and state not in STATES:
        raise _bad(f"state is one of: {', '.join(STATES)}.")
    ours = Line.objects.filter(pk__in=bearer.lines).values_list("code", flat=True)
    if line and line not in ours:
        raise _bad("line is the code of a line that this token is for.")
    digits = limit.isascii() and limit.isdigit() and len(limit) <= 3
    if limit and not (digits and 1 <= int(limit) <= MOST):
        raise _bad(f"limit is a whole number from 1 to {MOST}.")
    cursor = query.get("cursor", "")
    return Asked(state, line, int(limit or USUAL), _key(cursor, state, line) if cursor else None)


def page(bearer: Bearer, wanted: Asked) -> Page:
    """One page and the cursor of the next. A row that moves on meanwhile moves no other."""
    rows = own(bearer)
    if wanted.state:
        rows = rows.filter(state__in=STATES[wanted.state])
    if wanted.line:
        rows = rows.filter(line__code=wanted.line)
    if wanted.after is not None:
        rows = rows.filter(_behind(wanted.after))
    found = tuple(rows.order_by("queued_at", "tip_id", "line_id")[: wanted.limit + 1])
    shown = found[: wanted.limit]
    more = len(found) > wanted.limit
    return Page(shown, _cursor(shown[-1], wanted) if more else "")


def _behind(key: Key) -> Q:
    same = Q(queued_at=key.queued_at)
    return (
        Q(queued_at__gt=key.queued_at)
        | same & Q(tip__gt=key.tip)
        | same & Q(tip=key.tip, line__gt=key.line)
    )


def _cursor(last: HandOff, wanted: Asked) -> str:
    since = (last.queued_at - EPOCH) // MICROSECOND
    claim = (
        since.to_bytes(8, "big")
        + last.tip_id.bytes
        + last.line_id.to_bytes(8, "big")
        + _filters(wanted.state, wanted.line)
    )
    return signed.sign(PURPOSE, claim)


def _key(cursor: str, state: str, line: str) -> Key:
    usable = cursor.isascii() and len(cursor) <= LONGEST_CURSOR
    claim = signed.read(PURPOSE, cursor, CURSOR_BYTES) if usable else None
    if claim is None or claim[32:] != _filters(state, line):
        raise _bad("cursor is `next` of the page before, with the same state and line.")
    return Key(
        EPOCH + int.from_bytes(claim[:8], "big") * MICROSECOND,
        UUID(bytes=claim[8:24]),
        int.from_bytes(claim[24:32], "big"),
    )


def _filters(state: str, line: str) -> bytes:
    return hashlib.blake2b(f"{state}\x00{line}".encode(), digest_size=8).digest()


def _bad(sentence: str) -> ApiProblem:
    return ApiProblem(problem.BAD_REQUEST, sentence)
