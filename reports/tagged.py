"""Whether a PDF can be read aloud and says on each page what it must: what PDF/UA-1 asks that a
program can see. Reads the structure tree with pikepdf, which is handed in."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2

MARKING = "UNVERIFIED TIP. LEAD ONLY."
_CLAIM = b"pdfuaid:part>1<"


@dataclass(slots=True)
class Tree:
    """What stands in a structure tree: how often each kind, and what is told of figures."""

    kinds: dict[str, int] = field(default_factory=dict)
    alts: list[str] = field(default_factory=list)
    silent: int = 0  # figures without words

    def count(self, kind: str) -> int:
        return self.kinds.get(kind, 0)


def problems_of(pdf: bytes, pikepdf: Any) -> list[str]:
    """What is wrong with its structure, in sentences; none when it is as it must be."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return [*_syntax(opened), *_structure(opened, pikepdf)]
    except pikepdf.PdfError as error:
        return [str(error)]


def unmarked_pages(pdf: bytes) -> list[str]:
    """Pages that do not carry the caveat, as another reader extracts their text."""
    try:
        pages = texts_of(pdf)
    except pypdfium2.PdfiumError as error:
        return [str(error)]
    return [
        f"page {number} does not carry the caveat"
        for number, text in enumerate(pages, start=1)
        if MARKING not in " ".join(text.split())
    ]


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def tree_of(pdf: Any, pikepdf: Any) -> Tree:
    found = Tree()
    waiting = [pdf.Root.get("/StructTreeRoot")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += reversed(list(node))
        elif isinstance(node, pikepdf.Dictionary):
            _see(node, found)
            waiting.append(node.get("/K"))
    return found


def _syntax(pdf: Any) -> Iterator[str]:
    yield from pdf.check_pdf_syntax()
    yield from pdf.get_warnings()


def _structure(pdf: Any, pikepdf: Any) -> Iterator[str]:
    root = pdf.Root
    if not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "it is not tagged"
    if not str(root.get("/Lang", "")):
        yield "it names no language"
    if not str(pdf.docinfo.get("/Title", "")):
        yield "it has no title"
    if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "its title is not shown"
    if _CLAIM not in (root.Metadata.read_bytes() if "/Metadata" in root else b""):
        yield "it does not claim PDF/UA-1"
    tree = tree_of(pdf, pikepdf)
    if not tree.count("/H1"):
        yield "it has no heading"
    if tree.silent:
        yield f"{tree.silent} figures have no text in their place"
    untied = sum("/StructParents" not in page for page in pdf.pages)
    if untied:
        yield f"{untied} pages are not tied to the structure"


def _see(node: Any, found: Tree) -> None:
    kind = str(node.get("/S", ""))
    if kind:
        found.kinds[kind] = found.kinds.get(kind, 0) + 1
    if kind == "/Figure":
        words = str(node.get("/Alt", ""))
        found.alts.append(words)
        found.silent += not words.strip()
