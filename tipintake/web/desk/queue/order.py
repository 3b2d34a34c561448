"""The order of a queue, and places in it that a link can name.

Rows are compared as rows, `(rank, due_at, id) > (…)`, which an index answers from any depth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    DateTimeField,
    Expression,
    F,
    Func,
    SmallIntegerField,
    UUIDField,
    Value,
)

IN_HAND = ("rank", "due_at", "pk")
CLOSED = ("closed_on", "pk")  # shown from its end: closed last comes first
_LAST_ID = 2**63


class Columns(Func):
    """Several columns as one row value."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # Django asks for one; a row value has none


class Beyond(Func):
    """The first row value comes after the second."""

    template = "%(expressions)s"
    arg_joiner = " > "
    arity = 2
    output_field = BooleanField()


class Short(Beyond):
    """The first row value comes before the second."""

    arg_joiner = " < "


def columns(names: Sequence[str]) -> Columns:
    return Columns(*map(F, names))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the queue of what is in hand."""

    rank: int
    due_at: datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.rank}~{self.due_at.isoformat()}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for anything that is not a place: then the first page is shown."""
        try:
            rank, due_at, pk = text.split("~")
            spot = cls(int(rank), datetime.fromisoformat(due_at), int(pk))
        except ValueError:
            return None
        fits = 0 <= spot.rank < 100 and 0 <= spot.pk < _LAST_ID
        return spot if fits and spot.due_at.tzinfo is not None else None

    def row(self) -> Expression:
        return Columns(
            Value(self.rank, SmallIntegerField()),
            Value(self.due_at, DateTimeField()),
            Value(self.pk, BigIntegerField()),
        )


@dataclass(frozen=True, slots=True)
class ClosedSpot:
    """A place among what is closed."""

    closed_on: date
    pk: UUID

    def __str__(self) -> str:
        return f"{self.closed_on.isoformat()}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        try:
            closed_on, pk = text.split("~")
            return cls(date.fromisoformat(closed_on), UUID(pk))
        except ValueError:
            return None

    def row(self) -> Expression:
        return Columns(Value(self.closed_on, DateField()), Value(self.pk, UUIDField()))
