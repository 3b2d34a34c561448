"""Whom residents are sent to, also while the database is away: then as this process last read it,
or, where it never did, as the region's pack says. A number that somebody needs now is worth it."""

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
def _pack() -> Pack | None:
    try:
        return read_pack(Path(settings.REGIONS_DIR) / settings.REGION)
    except PackError:
        return None


def _packed_lines() -> tuple[Line, ...]:
    pack = _pack()
    rows = [Line(**values) for values in rows_of(pack)[LINE]] if pack else []
    return tuple(row for row in rows if row.number and row.verified_state in SHOWABLE)


def _packed_referrals() -> tuple[Referral, ...]:
    pack = _pack()
    rows = [Referral(**values) for values in rows_of(pack)[REFERRAL]] if pack else []
    return tuple(row for row in rows if row.verified_state in SHOWABLE)


lines = _AtHand(lines_to_show, _packed_lines)
referrals = _AtHand(referrals_to_show, _packed_referrals)
