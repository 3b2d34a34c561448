"""Which tips were purged, in marks that name none, so that no backup brings one back.

A mark is an HMAC of the tip's random key, under a key made from the receipt pepper. Who holds an
old backup and the pepper can tell which of its tips were purged since; nobody can go from a mark
to a tip. Marks lie in the database and, sorted so that they tell no order, in `purged.marks` in
the home, for the day on which the database is gone and the file is not. Marks never expire, and
neither of the two ever loses one that the other has.
"""

import hashlib
import hmac
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Min

from tipintake import files
from tipintake.privacy import keys
from tipintake.tips.models import PurgedMark

log = logging.getLogger(__name__)

PURPOSE = b"purged tips"
LINE = re.compile(r"[0-9a-f]{32}")

Seen = tuple[tuple[int, int, int] | None, tuple[int, str | None, str | None]]
# As both stood when they were found to agree: neither is read each minute.
_agreed: dict[Path, Seen] = {}


class NotMarks(Exception):
    """A file that does not hold marks of purged tips."""


def marks_file() -> Path:
    return Path(settings.HOME) / "purged.marks"


def marker() -> Callable[[UUID], str]:
    """What makes marks under the pepper that is here."""
    key = hmac.digest(keys.pepper(settings.KEYS_DIR), PURPOSE, hashlib.sha256)
    return lambda tip: hmac.digest(key, tip.bytes, hashlib.sha256)[:16].hex()


def remember(tip: UUID) -> None:
    """Keep the mark of a tip. Call it in the transaction that purges it."""
    keep([marker()(tip)])


def keep(marks: Iterable[str]) -> None:
    PurgedMark.objects.bulk_create(
        [PurgedMark(mark=one) for one in marks], batch_size=500, ignore_conflicts=True
    )


def write_out() -> int:
    """Bring the file up to the table, and first the table up to the file: a new table, whose
    database was lost, knows none of the marks. How many were written; 0 when they agree."""
    path, seen = marks_file(), _seen()
    if _agreed.get(path) == seen:
        return 0
    try:
        lines = _in_file(path) if path.exists() else iter(())
        if all(ours == theirs for ours, theirs in zip_longest(_in_table(), lines)):
            _agreed[path] = seen
            return 0
        if path.exists():
            keep(list(_only_in(path)))
    except NotMarks:
        log.exception("purged_marks.unreadable the file is left as it is")
        return 0
    files.replace_by(path, _in_table())
    return PurgedMark.objects.count()


def read(path: Path) -> set[str]:
    """The marks of a file. Raises NotMarks."""
    return set(_in_file(path))


def _seen() -> Seen:
    """What tells the file and the table from others without reading either."""
    path = marks_file()
    file = path.stat() if path.exists() else None
    marks = PurgedMark.objects.aggregate(count=Count("mark"), least=Min("mark"), most=Max("mark"))
    return (
        (file.st_ino, file.st_mtime_ns, file.st_size) if file else None,
        (marks["count"], marks["least"], marks["most"]),
    )


def _only_in(path: Path) -> Iterator[str]:
    """What a file has and the table lacks, without holding either. Both are sorted; in a file that
    is not, a mark may be named although the table has it, and none is passed over."""
    rows = _in_table()
    known = next(rows, None)
    for mark in _in_file(path):
        while known is not None and known < mark:
            known = next(rows, None)
        if mark != known:
            yield mark


def _in_table() -> Iterator[str]:
    rows = PurgedMark.objects.order_by("mark").values_list("mark", flat=True)
    return rows.iterator(chunk_size=2000)


def _in_file(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="ascii") as file:
            for line in file:
                mark = line.rstrip("\n")
                if not LINE.fullmatch(mark):
                    raise NotMarks(f"{path} holds a line that is no mark of a purged tip.")
                yield mark
    except OSError as error:
        raise NotMarks(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise NotMarks(f"{path} cannot be read as marks of purged tips.") from None
