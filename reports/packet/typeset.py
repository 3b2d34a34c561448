"""Values and pictures in, a tagged PDF (PDF/UA-1) out. Everything stays in memory.

Typst reads the templates and the values from a mapping of names to bytes: it is given no folder,
opens no file but fonts, and fetches nothing.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal, cast

import fontpkg_ibm_plex_mono
import fontpkg_ibm_plex_sans
import fontpkg_ibm_plex_sans_arabic
import pypdfium2
import typst

from reports.packet import glyphs

TEMPLATES = Path(__file__).parent / "templates"
STANDARD: Literal["ua-1"] = "ua-1"
_FONT_PACKAGES = (fontpkg_ibm_plex_sans, fontpkg_ibm_plex_sans_arabic, fontpkg_ibm_plex_mono)

NAMED = "Characters that no font here can show stand as their names in brackets: {which}."
BEYOND = "Some characters are set in fonts of the machine that made this packet."
NO_STANDARD = (
    "This file could not be made to the standard for accessible PDF (PDF/UA-1): a character may "
    "show as an empty box. The text of every tip stands whole in data/tips.jsonl."
)
MOST_NAMED = 8


class CannotTypeset(Exception):
    """The template and its values do not fit: a fault of ours. Says nothing of a tip."""


@dataclass(frozen=True, slots=True)
class Typeset:
    pdf: bytes
    accessible: bool
    notes: tuple[str, ...]


def typeset(
    template: str,
    values: Mapping[str, object],
    files: Mapping[str, bytes] | None = None,
    *,
    made_at: datetime,
) -> Typeset:
    """The pages of one template. `values` is what JSON can hold; the notes join it as `notes`.

    One glyph that no font has would fail the standard, so such characters are named. Should it
    fail all the same, the pages are made without the standard, and say so.
    """
    known = glyphs.shown_by(values, _missing)
    notes = _notes(known)
    sources = _sources(template) | dict(files or {})
    for accessible in (True, False):
        said = [*notes] if accessible else [*notes, NO_STANDARD]
        data = json.dumps({**known.values, "notes": said}, ensure_ascii=False)
        try:
            pdf = _compiled(
                sources | {"values.json": data.encode("utf-8", "replace")},
                beyond=known.beyond,
                accessible=accessible,
                made_at=made_at,
            )
        except typst.TypstError as error:
            if accessible and error.message.startswith("PDF/UA"):
                continue
            raise CannotTypeset(_without_words(error)) from None
        return Typeset(pdf, accessible, tuple(said))
    raise CannotTypeset(template)  # pragma: no cover  the loop returns or raises


def pages_of(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _compiled(
    sources: Mapping[str, bytes],
    *,
    beyond: bool,
    accessible: bool = True,
    made_at: datetime | None = None,
) -> bytes:
    return typst.compile(
        cast("bytes", dict(sources)),  # names to contents, which its stub does not know
        font_paths=_fonts(beyond),
        format="pdf",
        pdf_standards=STANDARD if accessible else None,
        timestamp=made_at.astimezone(UTC).replace(microsecond=0) if made_at else None,
    )


def _without_words(error: typst.TypstError) -> str:
    """Where it failed; never the message, which may quote a value."""
    return f"The packet's template failed: {error.trace[0] if error.trace else 'no place given'}"


def _missing(characters: str, beyond: bool) -> frozenset[str]:
    """Which of these no font can show. A document of nothing else, refused with a list of them."""
    probe = {"main.typ": _read("probe.typ"), "values.json": json.dumps([*characters]).encode()}
    try:
        _compiled(probe, beyond=beyond)
    except typst.TypstError as error:
        return glyphs.named_in(error.diagnostic, characters)
    return frozenset()


def _notes(known: glyphs.Shown) -> list[str]:
    notes = [BEYOND] if known.beyond else []
    if known.named:
        which = sorted(known.named)
        more = f", and {len(which) - MOST_NAMED} more" if len(which) > MOST_NAMED else ""
        notes.append(NAMED.format(which=", ".join(which[:MOST_NAMED]) + more))
    return notes


@cache
def _fonts(beyond: bool) -> typst.Fonts:
    """Those of the packet; `beyond` them those of this machine too."""
    folders = [str(one.ROOT / "files") for one in _FONT_PACKAGES]
    return typst.Fonts(font_paths=folders, include_system_fonts=beyond)


def _sources(template: str) -> dict[str, bytes]:
    return {"main.typ": _read(template), "sheet.typ": _read("sheet.typ")}


@cache
def _read(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()
