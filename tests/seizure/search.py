"""Looking for planted strings in every byte that an installation leaves behind."""

import base64
import os
import re
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import psycopg

DIGITS = re.compile(rb"\D+")


def forms(canary: str) -> set[bytes]:
    """The ways in which a string may lie in a file: plain, encoded, or in another case."""
    plain = canary.encode()
    found = {
        plain,
        plain.lower(),
        plain.upper(),
        canary.encode("utf-16-le"),
        plain.hex().encode(),
        urllib.parse.quote(canary).encode(),
        urllib.parse.quote_plus(canary).encode(),
    }
    for shift in range(3):
        # Base64 of the string at each of the three alignments, without its uncertain ends.
        coded = base64.b64encode(b"\0" * shift + plain).rstrip(b"=")
        found.add(coded[2 if shift else 0 :][2:-2])
    return {form for form in found if len(form) >= 6}


def leaks(canaries: Mapping[str, str], blobs: Iterable[tuple[str, bytes]]) -> list[str]:
    """Which canary lies in which blob: "channel in place"."""
    wanted = {channel: forms(canary) for channel, canary in canaries.items()}
    digits = {
        channel: re.sub(r"\D", "", canary).encode()
        for channel, canary in canaries.items()
        if len(re.sub(r"\D", "", canary)) >= 9
    }
    found = []
    for place, blob in blobs:
        folded = blob.lower()
        for channel, ways in wanted.items():
            if any(way in blob or way.lower() in folded for way in ways):
                found.append(f"{channel} in {place}")
        numbers = DIGITS.sub(b"", blob) if len(blob) < 2_000_000 else b""
        found += [f"{c} as digits in {place}" for c, number in digits.items() if number in numbers]
    return found


def files(folder: Path, *, without: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes."""
    skipped = [path.resolve() for path in without]
    for path in sorted(folder.rglob("*")):
        if any(path.resolve().is_relative_to(skip) for skip in skipped):
            continue
        yield f"the name of {path.name}", os.fsencode(path)
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def tables(address: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of a PostgreSQL database, as text."""
    with psycopg.connect(address) as link:
        names = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in names.fetchall():
            rows = link.execute(f'SELECT t::text FROM "{name}" t')
            yield f"table {name}", "\n".join(str(row[0]) for row in rows).encode()
