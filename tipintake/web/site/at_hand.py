"""Whom residents are sent to, also while the database is away: then as this process last read it.

Where it never did, the hotline, and services that are not of one town, as the region's pack says:
a local one that staff struck since must not come back.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from django.conf import settings
from django.db import Error

from tipintake.directory.lookup import lines_to_show, referrals_to_show
from tipintake.directory.models import SHOWABLE, Line, Referral
from tipintake.door.tally import tally
from tipintake.region.diff import LINE, REFERRAL, rows_of
from tipintake.region.entries import PackError
from tipintake.region.pack import Pack, read_pack

log = logging.getLogger(__name__)

HOTLINE = "nhth"
Row = TypeVar("Row", Line, Referral)


@dataclass(frozen=True, slots=True)
class Known(Generic[Row]):
    """Rows to show. They are not fresh where the database could not be asked."""

    rows: tuple[Row, ...]
    are_fresh: bool


@dataclass(slots=True)
class _AtHand(Generic[Row]):
    ask: Callable[[], tuple[Row, ...]]
    packed: Callable[[], tuple[Row, ...]]
    last: tuple[Row, ...] | None = None

    def read(self) -> Known[Row]:
        try:
            self.last = found = self.ask()
        except Error as away:
            tally.count("not_ready")
            log.warning("site.database_away %s", type(away).__qualname__)
            return self.known()
        return Known(found, are_fresh=True)

    def known(self) -> Known[Row]:
        """Without asking the database."""
        return Known(self.packed() if self.last is None else self.last, are_fresh=False)


@cache
def _pack() -> Pack:
    return read_pack(Path(settings.REGIONS_DIR) / settings.REGION)


def _packed_hotline() -> tuple[Line, ...]:
    try:
        rows = [Line(**values) for values in rows_of(_pack())[LINE] if values["code"] == HOTLINE]
    except (PackError, OSError):
        return ()
    return tuple(row for row in rows if row.number and row.verified_state in SHOWABLE)


def _packed_hotlines() -> tuple[Referral, ...]:
    try:
        rows = [Referral(**values) for values in rows_of(_pack())[REFERRAL]]
    except (PackError, OSError):
        return ()
    return tuple(row for row in rows if not row.city and row.verified_state in SHOWABLE)


lines = _AtHand(lines_to_show, _packed_hotline)
referrals = _AtHand(referrals_to_show, _packed_hotlines)
