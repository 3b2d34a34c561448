"""Pictures and PDFs made anew from their pixels, in a process that may do nothing else.

`sanitize` is the only way in: whatever a file held besides what can be seen is gone afterwards,
because nothing but pixels crosses over. Plain Python; decoding happens in `child.py`.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

CHILD = Path(__file__).with_name("child.py")
LARGEST_FILE = 20 * 1024 * 1024
SECONDS = 20
ADVICE = "Please send a screenshot of it instead, as a PNG or JPEG picture."
# Why a file is not taken. A door that speaks other languages says these in its own words.
REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "too_large": "This file is larger than {most} MB.",
        "too_slow": "This file takes too long to open.",
        "unopenable": "This file could not be opened.",
        "unknown_kind": "This is not a picture or PDF that can be taken.",
        "too_many_points": (
            "This picture has {width} × {height} points; at most {most} megapixels are taken."
        ),
        "closed_pdf": "This PDF is damaged or locked with a password.",
        "too_many_pages": "This PDF has {pages} pages; at most {most} are taken.",
    }
)


class Unusable(Exception):
    """This file cannot be taken; the message says why and what to send instead."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(f"{REFUSALS[code].format(**facts)} {ADVICE}")
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True, repr=False)
class Sanitized:
    """`pages`: JPEG files, one a picture or PDF page. `removed`: what the file held besides.

    `shapes` are the pages' width and height in pixels, `previews` their blurs of a few pixels.
    `taken_at` (local, ISO 8601) and `taken_where` (latitude, longitude) are the file's own claims,
    to be offered to the person who sent it and kept only if they say so.
    """

    kind: str
    pages: tuple[bytes, ...]
    removed: tuple[str, ...]
    taken_at: str | None = None
    taken_where: tuple[float, float] | None = None
    shapes: tuple[tuple[int, int], ...] = ()
    previews: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return f"<Sanitized {self.kind}, {len(self.pages)} page(s)>"


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of a picture, in percent of its width and height."""

    x: float
    y: float
    width: float
    height: float


def sanitize(data: bytes, *, seconds: float = SECONDS) -> Sanitized:
    """The picture or PDF, made anew. Raises Unusable.

    The child has its own limits of memory, time and files and an empty environment, so that a
    hostile file can take nothing down and find nothing.
    """
    if len(data) > LARGEST_FILE:
        raise Unusable("too_large", most=LARGEST_FILE // 1024 // 1024)
    return _read(_child(data, seconds=seconds))


def blacked_out(jpeg: bytes, rectangles: Sequence[Rectangle]) -> Sanitized:
    """The picture with these parts black in its pixels. Raises Unusable."""
    where = [[one.x, one.y, one.width, one.height] for one in rectangles]
    return _read(_child(json.dumps(where).encode() + b"\n" + jpeg, "black-out", seconds=SECONDS))


def _child(data: bytes, *arguments: str, seconds: float) -> bytes:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD), *arguments],
            input=data,
            capture_output=True,
            timeout=seconds,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unusable("too_slow") from None
    except OSError:
        # No process or memory to be had: the file waits, the words must not.
        raise Unusable("unopenable") from None
    return done.stdout


def _read(answer: bytes) -> Sanitized:
    head, _, body = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise Unusable("unopenable") from None
    if "refused" in said:
        raise Unusable(said["refused"], **said["facts"])
    parts, at = [], 0
    for size in said["sizes"]:
        parts.append(body[at : at + size])
        at += size
    if at != len(body) or not parts:
        raise Unusable("unopenable")
    return _sanitized(said, parts)


def _sanitized(said: Mapping[str, Any], parts: Sequence[bytes]) -> Sanitized:
    where = said["taken_where"]
    return Sanitized(
        kind=said["kind"],
        pages=tuple(parts[::2]),
        previews=tuple(parts[1::2]),
        shapes=tuple((width, height) for width, height in said["shapes"]),
        removed=tuple(said["removed"]),
        taken_at=said["taken_at"],
        taken_where=(where[0], where[1]) if where else None,
    )
