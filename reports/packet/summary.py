"""One tip on two pages: smaller type until it fits, and at last fewer words."""

from collections.abc import Iterator
from typing import Any

from reports.formats.base import About
from reports.packet import content, figures
from reports.packet.press import Job
from reports.packet.volume import cover
from reports.rows import TipRow
from tipintake.tips.vocabulary import SightingKind

PAGES = 2
SIZES = (9.0, 8.0, 7.2)  # points
CUT_TO = (2400, 1200, 400)  # characters of what was written, at the smallest size
ROWS_CUT_TO = (16, 8, 4, 2, 1)  # of each table


def summary(row: TipRow, about: About) -> Job:
    tip = content.tip(row, about)
    drawn = [
        one
        for one in (
            figures.map_of(
                figures.points_of(row), about.areas, "tip", title=f"Map of {row.reference}"
            ),
            figures.week_of(
                [content.seen_of(row)] if row.seen_kind == SightingKind.RECURRING else [],
                "tip",
                title=f"Hours of {row.reference}",
                small=True,
            ),
        )
        if one is not None
    ]
    return Job(
        "summary.typ",
        {
            **cover(about),
            "tip": tip,
            "figures": [one.value() for one in drawn],
            "elsewhere": list(_elsewhere(row)),
        },
        {one.name: one.drawing for one in drawn},
        about.made_at,
        instead=tuple(_ever_shorter(tip)),
        most_pages=PAGES,
    )


def _elsewhere(row: TipRow) -> Iterator[str]:
    """What these two pages never print, and where it is read."""
    if row.dialog:
        asked = sum(one.side == "DESK" for one in row.dialog)
        said = _both(_many(asked, "question"), _many(len(row.dialog) - asked, "answer"))
        yield (
            f"What was asked and answered since: {said}. Read it in the packet (packet.pdf) or in "
            "the tables (dialog) of this package; if it has neither, ask for them."
        )
    if row.pictures:
        folder = row.pictures[0].path.rpartition("/")[0]
        yield f"{_many(len(row.pictures), 'picture')}, in {folder} of this package."
    if row.pictures_left_out:
        yield content.left_out(row.pictures_left_out)


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s" if count else ""


def _both(*parts: str) -> str:
    return " and ".join(filter(None, parts))


def _ever_shorter(tip: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Smaller type, then fewer words, then fewer of each kind of thing; no words at the very end:
    they say more than a ninth vehicle.
    """
    for size in SIZES:
        yield {"size": size, "cut": False}
    cut = {"size": SIZES[-1], "cut": True}
    for most in CUT_TO:
        yield {"tip": {**tip, "narrative": _cut(tip["narrative"], most)}, **cut}
    begun = _cut(tip["narrative"], CUT_TO[-1])
    for narrative, rows in ((begun, ROWS_CUT_TO), ([], ROWS_CUT_TO[-1:])):
        for most in rows:
            tables = [
                {**one, "rows": one["rows"][:most], "more": len(one["rows"][most:])}
                for one in tip["tables"]
            ]
            short = {"narrative": narrative, "tables": tables, "links": tip["links"][:most]}
            yield {"tip": {**tip, **short}, "figures": [], **cut}


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
