"""The commands that documents tell people to type."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ACTED_ON = sorted(
    [ROOT / "README.md", *(DOCS / "tutorial").glob("*.md"), *(DOCS / "how-to").glob("*.md")]
)
EVERYWHERE = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"(\S*python )?(\S*/)?manage\.py |docker compose |make ")
SHELL = ("", "sh")
# How a text abbreviates: such a span names a command and is not one.
ABBREVIATED = re.compile(r"[|\[\]]|…| \.\.\.")
ASSIGNED = re.compile(r"[A-Z_]+=")


def names_shown(page: Path, function: str, *, here: str = "https://localhost") -> dict[str, Any]:
    """What the page's Python around this function defines, with `here` for the made-up host."""
    blocks = (block[3] for block in FENCE.finditer(page.read_text("utf-8")))
    (code,) = (one for one in blocks if f"def {function}(" in one)
    names: dict[str, Any] = {}
    exec(code.replace("https://tips.county.example", here), names)
    return names


@dataclass(frozen=True, slots=True)
class Typed:
    """One line for a shell, as it stands in a document."""

    page: Path
    text: str
    language: str | None  # of its block; None for a span within a sentence

    @property
    def fenced(self) -> bool:
        return self.language is not None

    @property
    def words(self) -> list[str]:
        return shlex.split(self.text, comments=True)

    @property
    def managed(self) -> list[str]:
        """The words behind `manage.py`, without what a shell does with them; empty if none."""
        words = shlex.split(self.text.rpartition(" | ")[2], comments=True)
        at = next((at for at, word in enumerate(words) if word.endswith("manage.py")), None)
        if at is None:
            return []
        given = words[at + 1 :]
        return given[: given.index(">")] if ">" in given else given

    @property
    def fed(self) -> str:
        """What `echo … |` puts before it."""
        echoed = self.text.partition(" | ")[0] if " | " in self.text else ""
        return " ".join(shlex.split(echoed)[1:])

    @property
    def kept_in(self) -> str:
        """The file behind `>`."""
        words = self.words
        return words[words.index(">") + 1] if ">" in words else ""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text}"


def typed_in(page: Path) -> Iterator[Typed]:
    """In the order of the page: each line of a block for a shell, and each span of one command."""
    text = page.read_text("utf-8")
    at = 0
    for fence in FENCE.finditer(text):
        yield from _spans(page, text[at : fence.start()])
        if fence[2] in SHELL:
            yield from _lines(page, fence[3], fence[2])
        at = fence.end()
    yield from _spans(page, text[at:])


def _spans(page: Path, text: str) -> Iterator[Typed]:
    for span in SPAN.findall(text):
        if COMMAND.match(span):
            yield Typed(page, span.replace("\\|", "|"), None)


def _lines(page: Path, block: str, language: str) -> Iterator[Typed]:
    """Quotation marks and a backslash at the end carry a line on."""
    kept = ""
    for line in block.splitlines():
        kept = f"{kept}\n{line}" if kept else line.strip()
        if kept.endswith("\\"):
            kept = kept[:-1].rstrip()
            continue
        if _is_open(kept):
            continue
        if kept:
            yield Typed(page, kept, language)
        kept = ""


def _is_open(text: str) -> bool:
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return True
    return False
