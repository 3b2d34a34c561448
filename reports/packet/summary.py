"""One tip on two pages: smaller type until it fits, and at last fewer words."""

from collections.abc import Iterator
from typing import Any

import pypdfium2

from reports.formats.base import About
from reports.packet import content, figures
from reports.packet.typeset import Typeset, typeset
from reports.packet.volume import cover
from reports.rows import TipRow

PAGES = 2
SIZES = (9.0, 8.0, 7.2)  # points
CUT_TO = (2400, 1200, 400, 0)  # characters of what was written, at the smallest size


class TooLong(Exception):
    """It does not fit on two pages however small."""


def summary(row: TipRow, about: About) -> Typeset:
    """The two pages. Raises TooLong, which no tip within the form's limits should."""
    tip = content.tip(row, about)
    drawn = [
        one
        for one in (
            figures.map_of(
                figures.points_of(row), about.areas, "tip", title=f"Map of {row.reference}"
            ),
            figures.week_of(
                [content.seen_of(row)] if row.seen_kind else [],
                "tip",
                title=f"Hours of {row.reference}",
                small=True,
            ),
        )
        if one is not None
    ]
    files = {one.name: one.drawing for one in drawn}
    shared = {**cover(about), "figures": [one.value() for one in drawn]}
    for values in _ever_shorter(shared, tip):
        made = typeset("summary.typ", values, files, made_at=about.made_at)
        if pages_of(made.pdf) <= PAGES:
            return made
    raise TooLong


def pages_of(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _ever_shorter(shared: dict[str, Any], tip: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for size in SIZES:
        yield {**shared, "tip": tip, "size": size, "cut": False}
    for most in CUT_TO:
        shorter = {**tip, "narrative": _cut(tip["narrative"], most)}
        yield {**shared, "tip": shorter, "size": SIZES[-1], "cut": True}
    bare = {**tip, "narrative": [], "links": tip["links"][:5]}
    yield {**shared, "figures": [], "tip": bare, "size": SIZES[-1], "cut": True}


def _cut(paragraphs: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The first words, up to so many characters; whole words."""
    kept: list[dict[str, Any]] = []
    for one in paragraphs:
        text = one["text"]
        if len(text) > most:
            begun = text[:most].rsplit(" ", 1)[0]
            return [*kept, {**one, "text": f"{begun} …"}] if begun else kept
        most -= len(text)
        kept.append(one)
    return kept
