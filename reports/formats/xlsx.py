"""One workbook with a sheet for each table.

XlsxWriter makes the book: its styles, headings, widths and filters. The rows are streamed into it
by us, because XlsxWriter in constant memory keeps them in clear in files of its own meanwhile;
here they wait sealed. Every text is an inline string: nothing in a cell is ever calculated or
followed as a link (docs/adr/0016).
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO
from xml.sax.saxutils import escape

import xlsxwriter

from reports.formats.base import About, Files, Format, Scratch
from reports.formats.signs import sign
from reports.neutral import for_xml
from reports.rows import ROWS, TipRow, Value, reader_of, text_of
from reports.scope import GRADING

MOST_ROWS = 1_048_576  # of one sheet, its heading included
MOST_TEXT = 32_767  # of one cell
TITLES = {
    "tips": "Tips",
    "vehicles": "Vehicles",
    "places": "Places",
    "persons": "Persons",
    "online": "Online",
    "words": "In the words",
    "indicators": "Signs",
    "dialog": "Dialog",
    "links": "Links",
    "pictures": "Pictures",
    "vault": "RED names",
}
_WIDE = {"narrative": 70, "because": 40, "caveat": 40, "label": 60, "text": 70, "tip_hash": 24}
_MARKS = (("Caveat", "caveat"), ("TLP", "tlp"), ("Destroy by", "destroy_by"))
# What Excel reads as an escape of a character: written so that it stays these letters.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_END_OF_ROWS = b"</sheetData>"
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')  # of the headings alone
_LEVEL = 3


@dataclass(slots=True)
class _Sheet:
    """The rows of one table, deflated, and waiting sealed; a full sheet is followed by another."""

    table: str
    headings: Sequence[tuple[str, str]]
    scratches: list[Scratch] = field(default_factory=list)
    squeezer: "zlib._Compress | None" = None
    row: int = MOST_ROWS
    rows: list[int] = field(default_factory=list)


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about
        scope = about.scope
        self._marks = "".join(map(_text, (about.caveat, about.tlp, about.destroy_by)))
        self._of_tip = reader_of(scope.names("tips"))
        self._tips = _Sheet("tips", _headings(about, "tips"))
        self._children = {
            table: (
                reader_of(scope.names(table), ROWS[table]),
                _Sheet(table, _headings(about, table)),
            )
            for table in TITLES
            if table not in ("tips", "indicators") and scope.shows(table)
        }
        signs = [("Tip number", "reference"), ("Sign", "code"), ("In words", "label")]
        self._signs = _Sheet("indicators", [*signs, ("Severity", "severity"), *_MARKS])

    def add(self, row: TipRow) -> None:
        self._put(self._tips, self._of_tip(row))
        for table, (read, sheet) in self._children.items():
            for child in getattr(row, table):
                self._put(sheet, (row.reference, *read(child)))
        for code in row.indicators:
            self._put(self._signs, (row.reference, code, *sign(code)))

    def end(self) -> None:
        sheets = [self._tips, *(sheet for _, sheet in self._children.values()), self._signs]
        for sheet in sheets:
            self._turn(sheet)
        with self._files.binary("tips.xlsx") as out:
            _assemble(out, _book(self._about, sheets), sheets, alive=self._files.alive)

    def _put(self, sheet: _Sheet, values: Sequence[Value]) -> None:
        if sheet.row >= MOST_ROWS:
            self._turn(sheet)
            sheet.squeezer = zlib.compressobj(_LEVEL)
            name = f"{sheet.table}-{len(sheet.scratches)}.rows"
            sheet.scratches.append(self._files.scratch(name))
            sheet.row = 1
        sheet.row += 1
        cells = "".join(map(_cell, values))
        if sheet.squeezer is not None:
            made = f'<row r="{sheet.row}">{cells}{self._marks}</row>'.encode("utf-8", "replace")
            sheet.scratches[-1].write(sheet.squeezer.compress(made))

    def _turn(self, sheet: _Sheet) -> None:
        """The sheet is full, or this was the last."""
        if sheet.squeezer is not None:
            sheet.scratches[-1].write(sheet.squeezer.flush())
            sheet.squeezer = None
            sheet.rows.append(sheet.row)


def _headings(about: About, table: str) -> list[tuple[str, str]]:
    own = [(one.title, one.name) for one in about.scope.columns(table)]
    return [*([] if table == "tips" else [("Tip number", "reference")]), *own, *_MARKS]


def _cell(value: Value) -> str:
    if value is None or isinstance(value, str):
        return _text(value or "")
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    return _text(text_of(value))


def _text(text: str) -> str:
    if not text:
        return "<c/>"
    safe = _ESCAPE.sub("_x005F_", for_xml(text[:MOST_TEXT])).replace("\r", "_x000D_")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(safe)}</t></is></c>'


def _book(about: About, sheets: Sequence[_Sheet]) -> bytes:
    """The workbook without its rows, as XlsxWriter makes it."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as book:
        created = about.made_at.replace(tzinfo=None)
        book.set_properties(
            {"title": f"Tips {about.export}", "comments": about.caveat, "created": created}
        )
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        first = book.add_worksheet("About")
        first.set_column(0, 0, 18)
        first.set_column(1, 1, 90, wrap)
        first.set_footer(f"&L{_footer(about)}&R&P / &N")
        for number, (title, text) in enumerate(_about_lines(about)):
            first.write_string(number, 0, title, bold)
            first.write_string(number, 1, text, wrap)
        for sheet in sheets:
            for part in range(max(1, len(sheet.scratches))):
                title = TITLES[sheet.table] + (f" {part + 1}" if part else "")
                page = book.add_worksheet(title)
                page.freeze_panes(1, 1)
                for column, (heading, name) in enumerate(sheet.headings):
                    page.write_string(0, column, heading, bold)
                    page.set_column(column, column, _WIDE.get(name, 16))
                last = sheet.rows[part] if sheet.rows else 1
                page.autofilter(0, 0, last - 1, len(sheet.headings) - 1)
                page.set_landscape()
                page.repeat_rows(0)
                page.set_footer(f"&L{_footer(about)}&R&P / &N")
    return made.getvalue()


def _about_lines(about: About) -> list[tuple[str, str]]:
    return [
        ("Export", about.export),
        ("Marking", about.tlp),
        ("Caveat", about.caveat),
        ("For", about.recipient),
        ("Purpose", about.purpose),
        ("Authority", about.authority),
        ("Requested by", about.requester),
        ("Made", about.made_at.isoformat(timespec="minutes")),
        ("Selection", about.filter),
        ("Grading", GRADING),
    ]


def _footer(about: About) -> str:
    return f"{about.tlp}  {about.caveat}"[:200].replace("&", "&&")


def _assemble(
    out: BinaryIO, book: bytes, sheets: Sequence[_Sheet], *, alive: Callable[[], None]
) -> None:
    """The book once more, with the rows where XlsxWriter left their place."""
    scratches: list[Scratch | None] = []
    for sheet in sheets:
        scratches += sheet.scratches or [None]
    with (
        zipfile.ZipFile(BytesIO(book)) as empty,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as full,
    ):
        for info in empty.infolist():
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", info.filename)
            scratch = scratches[int(number[1]) - 2] if number and int(number[1]) > 1 else None
            content = empty.read(info)
            entry = zipfile.ZipInfo(info.filename, info.date_time)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with full.open(entry, "w", force_zip64=scratch is not None) as file:
                if scratch is None:
                    file.write(content)
                    continue
                before, mark, after = _DIMENSION.sub(b"", content).partition(_END_OF_ROWS)
                file.write(before)
                for block in _inflated(scratch):
                    file.write(block)
                    alive()
                file.write(mark + after)


def _inflated(scratch: Scratch) -> Iterator[bytes]:
    opener = zlib.decompressobj()
    for block in scratch.blocks():
        yield opener.decompress(block)
    yield opener.flush()


FORMAT = Format(name="xlsx", title="Excel workbook", begin=_Writer)
