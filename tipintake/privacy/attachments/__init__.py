"""Pictures and PDFs made anew from their pixels, in a process that may do nothing else.

`sanitize` is the only way in: whatever a file held besides what can be seen is gone afterwards,
because nothing but pixels crosses over. Plain Python; decoding happens in `child.py`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
LARGEST_FILE = 20 * 1024 * 1024
SECONDS = 20
ADVICE = "Please send a screenshot of it instead, as a PNG or JPEG picture."


class Unusable(Exception):
    """This file cannot be taken; the message says why and what to send instead."""


@dataclass(frozen=True, slots=True, repr=False)
class Sanitized:
    """`pages`: JPEG files, one a picture or PDF page. `removed`: what the file held besides.

    `taken_at` (local, ISO 8601) and `taken_where` (latitude, longitude) are the file's own claims,
    to be offered to the person who sent it and kept only if they say so.
    """

    kind: str
    pages: tuple[bytes, ...]
    removed: tuple[str, ...]
    taken_at: str | None = None
    taken_where: tuple[float, float] | None = None

    def __repr__(self) -> str:
        return f"<Sanitized {self.kind}, {len(self.pages)} page(s)>"


def sanitize(data: bytes) -> Sanitized:
    """The picture or PDF, made anew. Raises Unusable.

    The child has its own limits of memory, time and files and an empty environment, so that a
    hostile file can take nothing down and find nothing.
    """
    if len(data) > LARGEST_FILE:
        raise Unusable(f"This file is larger than {LARGEST_FILE // 1024 // 1024} MB. {ADVICE}")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(CHILD)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unusable(f"This file takes too long to open. {ADVICE}") from None
    return _read(done.stdout)


def _read(answer: bytes) -> Sanitized:
    head, _, body = answer.partition(b"\n")
    try:
        said = json.loads(head)
    except ValueError:
        raise Unusable(f"This file could not be opened. {ADVICE}") from None
    if "refused" in said:
        raise Unusable(f"{said['refused']} {ADVICE}")
    pages, at = [], 0
    for size in said["sizes"]:
        pages.append(body[at : at + size])
        at += size
    if at != len(body) or not pages:
        raise Unusable(f"This file could not be opened. {ADVICE}")
    where = said["taken_where"]
    return Sanitized(
        kind=said["kind"],
        pages=tuple(pages),
        removed=tuple(said["removed"]),
        taken_at=said["taken_at"],
        taken_where=(where[0], where[1]) if where else None,
    )
