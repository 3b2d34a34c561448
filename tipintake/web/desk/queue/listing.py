"""One page of the queue: each tip once, by the most urgent of its visible hand-offs.

No count and no offset. At most two statements: the few tips of a narrow word, and the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from tipintake.delivery.models import DONE, HandOff
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Status
from tipintake.web.desk.queue import order
from tipintake.web.desk.queue.facets import FACETS, Ground, line_code
from tipintake.web.desk.queue.language import Asked, Word
from tipintake.web.desk.queue.order import Beyond, ClosedSpot, Columns, Short, Spot, columns
from tipintake.web.desk.queue.questions import asks_for_closed, conditions, narrowest

PAGE = 40
# So many tips are looked at one by one; of more the queue is walked in its order. On its way each
# tip is held against all that fit where those are SOME at most, else it is asked about alone.
FEW = 2000
SOME = 15_000

AnySpot = Spot | ClosedSpot


@dataclass(frozen=True, slots=True)
class Found:
    """The rows' keys are still to be read: what the database is asked is one statement."""

    ground: Ground
    rows: QuerySet[Any]
    order: tuple[str, ...]
    names: tuple[str, ...]

    def beyond(self, spot: AnySpot | None, *, back: bool = False) -> QuerySet[Any]:
        """Keys of a page and one more, in the order of the way."""
        down = self.ground.closed is not back  # closed tips are shown from their end
        rows = self.rows
        if spot is not None:
            rows = rows.filter((Short if down else Beyond)(columns(self.names), spot.row()))
        return rows.order_by(*(f"-{name}" if down else name for name in self.names))


def found(ground: Ground, asked: Asked, *, probe: bool = True) -> Found:
    """Everything that was asked for, as rows that are not read yet."""
    ground = replace(ground, closed=asks_for_closed(asked))
    word, fits = _narrowed(ground, asked) if probe else (None, Q())
    condition = conditions(ground, asked, but=(word,) if word is not None else ()) & fits
    if ground.closed:
        names = order.CLOSED
        return Found(ground, _closed(ground).filter(condition), names, names)
    rows = _in_hand(_of_lines(ground, asked)).filter(condition)
    return Found(ground, rows, order.IN_HAND, order.IN_HAND)


def _narrowed(ground: Ground, asked: Asked) -> tuple[Word | None, Q]:
    """A word that fits few tips, or some, and the condition that stands for it."""
    word = narrowest(asked)
    narrows = FACETS[word.key].narrows if word is not None else None
    if word is None or narrows is None:
        return None, Q()
    tips = narrows(ground, word.values)
    in_order = FACETS[word.key].in_order and len(word.values) == 1
    keys = [key for (key,) in (tips.order_by("tip") if in_order else tips)[: FEW + 1]]
    if len(keys) <= FEW:
        return word, Q(**{f"{ground.tip_key}__in": list(dict.fromkeys(keys))})
    if in_order and about_how_many(keys) <= SOME:
        # In Coalesce: PostgreSQL reads them once into a table of its own, and keeps the order.
        return word, Q(Coalesce(In(F(ground.tip_key), tips), Value(False)))
    return None, Q()


def about_how_many(first: Sequence[UUID]) -> float:
    """How many random keys there are, from where in their space the first of them end."""
    return len(first) * 2**128 / max(first[-1].int, 1)


def _of_lines(ground: Ground, asked: Asked) -> list[int] | None:
    """The lines whose queues are walked; None for all there are."""
    visible = {key for key, _name in ground.lines.values()}
    named = [word for word in asked.words if word.key == "line" and not word.refused]
    for word in named:
        visible &= {ground.lines[line_code(ground, value)][0] for value in word.values}
    return None if ground.sees_all and not named else sorted(visible)


def _in_hand(lines: list[int] | None) -> QuerySet[HandOff]:
    here = Q(rank__lt=DONE) if lines is None else Q(rank__lt=DONE, line__in=lines)
    better = HandOff.objects.filter(
        here,
        Short(columns(order.IN_HAND), Columns(*(OuterRef(name) for name in order.IN_HAND))),
        tip=OuterRef("tip"),
    )
    return HandOff.objects.filter(here).exclude(Exists(better))


def _closed(ground: Ground) -> QuerySet[Tip]:
    tips = Tip.objects.filter(status=Status.CLOSED, closed_on__isnull=False)
    if ground.sees_all:
        return tips
    lines = [key for key, _name in ground.lines.values()]
    return tips.filter(Exists(HandOff.objects.filter(tip=OuterRef("pk"), line__in=lines)))


def spot_of(row: HandOff | Tip) -> AnySpot:
    if isinstance(row, Tip):
        return ClosedSpot(row.closed_on, row.pk)  # type: ignore[arg-type] # closed tips have one
    return Spot(cast("int", row.rank), row.due_at, row.pk)


def spot_in(text: str, *, closed: bool) -> AnySpot | None:
    return ClosedSpot.parse(text) if closed else Spot.parse(text)
