"""Looking for planted strings in every byte that an installation leaves behind.

    leaks(canaries, places)        canaries by channel, places as (name, bytes)

What a place is: a file and its name, the rows of a table, what the broker holds and what was said
to it, what a process printed.
"""

import base64
import os
import re
import threading
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.db import connection
from redis import Redis
from redis.exceptions import RedisError

from tipintake.pipeline.broker import client_address

Place = tuple[str, bytes]

ROWS_AT_ONCE = 500
SHORTEST = 6  # bytes of a form that is looked for; shorter ones lie about by chance
LEAST_DIGITS = 9
BETWEEN_DIGITS = rb"[^0-9]{0,3}"


@dataclass(frozen=True, slots=True, order=True)
class Leak:
    """One channel's canary, and where it lies."""

    channel: str
    place: str

    def __str__(self) -> str:
        return f"{self.channel} in {self.place}"


def leaks(canaries: Mapping[str, str], places: Iterable[Place]) -> list[Leak]:
    """Which canary lies in which place, in whatever form."""
    wanted = {channel: Wanted.of(canary) for channel, canary in canaries.items()}
    return [
        Leak(channel, name)
        for name, content in places
        for lowered in (content.lower(),)
        for channel, one in wanted.items()
        if one.lies_in(lowered)
    ]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Any form of a canary in any case; a telephone number also with anything between its digits.

    Plain `in` over lowered bytes: as a pattern that ignores case it takes many times as long.
    """

    forms: frozenset[bytes]
    digits: re.Pattern[bytes] | None

    @classmethod
    def of(cls, canary: str) -> Self:
        digits = re.sub(r"\D", "", canary)
        spread = BETWEEN_DIGITS.join(digit.encode() for digit in digits)
        return cls(
            frozenset(form.lower() for form in forms(canary)),
            re.compile(spread) if len(digits) >= LEAST_DIGITS else None,
        )

    def lies_in(self, lowered: bytes) -> bool:
        return any(form in lowered for form in self.forms) or bool(
            self.digits and self.digits.search(lowered)
        )


def forms(canary: str) -> set[bytes]:
    """The ways in which a string may lie in a file: plain, encoded, at any alignment."""
    plain = canary.encode()
    found = {
        plain,
        canary.encode("utf-16-le"),
        canary.encode("utf-16-be"),
        plain.hex().encode(),
        urllib.parse.quote(canary).encode(),
        urllib.parse.quote_plus(canary).encode(),
        canary.encode("unicode_escape"),
    }
    for shift in range(3):
        # Base64 of the string at each of the three alignments, without its uncertain ends.
        coded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        middle = coded[2 if shift else 0 :][2:-2]
        found |= {middle, middle.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= SHORTEST}


# --- Places ----------------------------------------------------------------------------------


def files(folder: Path, *, without: Iterable[Path] = (), since: float = 0.0) -> Iterator[Place]:
    """Every file's name and bytes; with `since`, those written to after that moment."""
    skipped = [path.resolve() for path in without]
    for path in _beneath(folder):
        with suppress(FileNotFoundError, PermissionError):  # what lives for a moment only
            if any(path.resolve().is_relative_to(skip) for skip in skipped):
                continue
            if path.stat().st_mtime < since:
                continue
            yield f"the name of {path.name}", os.fsencode(path.relative_to(folder))
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()


def _beneath(folder: Path) -> list[Path]:
    """Everything below; a folder that goes meanwhile is passed over, where `rglob` would fail."""
    found = os.walk(folder)
    return sorted(Path(root, name) for root, folders, names in found for name in folders + names)


def tables() -> Iterator[Place]:
    """Every row of every table of this installation's database."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    for name in sorted(names):
        for rows in _rows(name):
            yield f"table {name}", b"\n".join(rows)


def _rows(table: str) -> Iterator[list[bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 a name that the database itself gave
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield [b"\t".join(map(_as_bytes, row)) for row in rows]


def _as_bytes(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return str(value).encode("utf-8", "backslashreplace")


def _held(client: Any, key: bytes) -> Iterator[bytes]:
    """A key's values as they were written. (DUMP squeezes long ones: nothing would be found.)"""
    match client.type(key):
        case b"string":
            yield _as_bytes(client.get(key))
        case b"list":
            yield from map(_as_bytes, client.lrange(key, 0, -1))
        case b"set":
            yield from map(_as_bytes, client.sscan_iter(key))
        case b"hash":
            for name, value in client.hscan_iter(key):
                yield _as_bytes(name) + b" " + _as_bytes(value)
        case b"zset":
            yield from (_as_bytes(member) for member, _score in client.zscan_iter(key))
        case other:
            yield b"a key of a kind that is not read: " + _as_bytes(other)


@dataclass(slots=True)
class Broker:
    """All that is said to the broker while it listens, and all that it holds.

    `is_deaf` says that the broker lets nobody listen, as a hosted one may.
    """

    url: str
    is_deaf: bool = False
    _heard: list[bytes] = field(default_factory=list)
    _ear: Any = None

    def __enter__(self) -> Self:
        self._ear = self._client().connection_pool.get_connection()
        try:
            self._ear.connect()
            self._ear.send_command("MONITOR")
            self._ear.read_response()
        except RedisError:
            self.is_deaf = True
        else:
            threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._ear.disconnect()

    def places(self) -> Iterator[Place]:
        yield "what the broker was told", self.heard()
        client = self._client()
        for key in client.scan_iter():
            yield "what the broker holds", b"\n".join([bytes(key), *_held(client, bytes(key))])
        client.close()

    def heard(self) -> bytes:
        return b"\n".join(self._heard)

    def _listen(self) -> None:
        with suppress(RedisError, OSError, ValueError, AttributeError):  # closed under it
            while True:
                self._heard.append(_as_bytes(self._ear.read_response()))

    def _client(self) -> Redis:
        return Redis.from_url(client_address(self.url))
