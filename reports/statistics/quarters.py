"""Quarters of a year, and from which day on each may be published."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings

MONTHS = 3
_CODE = re.compile(r"(2[0-9]{3})-Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def read(cls, code: str) -> Self | None:
        """From "2026-Q2"; None for anything else."""
        found = _CODE.fullmatch(code)
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def code(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def next(self) -> Self:
        last = self.number == 4
        return type(self)(self.year + last, 1 if last else self.number + 1)

    @property
    def due(self) -> date:
        """The first day on which it may be published: three months late, a quarter."""
        return self.next.next.first

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))

    @property
    def ends(self) -> datetime:
        """The moment after its last."""
        return self.next.begins

    def of_the_year(self) -> list[Self]:
        return [type(self)(self.year, number) for number in range(1, 5)]
