"""Whoever reads Spanish reads all of it: every marked text has its sentence, also compiled."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tipintake.tips import vocabulary
from tipintake.tips.indicators import INDICATORS
from tipintake.web.report.signs import LABELS, SIGNS

HOUSE = Path(settings.BASE_DIR)
CODE = [HOUSE / "tipintake", HOUSE / "reports"]
CATALOGUE = HOUSE / "tipintake" / "locale" / "es" / "LC_MESSAGES"
MARKS = {
    "_",
    "say",
    "noop",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
}
IN_TEMPLATE = re.compile(r"\{% translate (?P<quote>[\"'])(?P<text>.+?)(?P=quote)")
BLOCK = re.compile(r"\{% blocktranslate[^%]*%\}(.+?)\{% endblocktranslate %\}", re.DOTALL)
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
SAME_IN_BOTH = re.compile(r"[^a-z]*$|(%\(\w+\)[sd][ ,:]*)+(cm)?$|(TTY|No|Color|Bar|Club)\b", re.I)


def in_code() -> Iterator[str]:
    for file in (file for folder in CODE for file in folder.rglob("*.py")):
        yield from marked_in_code(file)


def marked_in_code(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args and node.func.id in MARKS else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


def in_templates() -> Iterator[str]:
    for file in (file for folder in CODE for file in (folder / "templates").rglob("*.html")):
        yield from marked_in_template(file)


def marked_in_template(file: Path) -> Iterator[str]:
    text = file.read_text("utf-8")
    yield from (found["text"] for found in IN_TEMPLATE.finditer(text))
    for block in BLOCK.findall(text):  # all of ours are `trimmed`
        one = block.partition("{% plural %}")[0]
        words = " ".join(line.strip() for line in one.strip().splitlines())
        yield re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", words)


@pytest.fixture(scope="module")
def compiled() -> dict[str, str]:
    with (CATALOGUE / "django.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    single = {key: text for key, text in found.items() if key and isinstance(key, str)}
    return single | {key[0]: text for key, text in found.items() if key[1:] == (0,)}


@pytest.fixture(scope="module")
def source() -> dict[str, str]:
    """The .po as far as this test needs it: single sentences."""
    entries: dict[str, str] = {}
    for block in (CATALOGUE / "django.po").read_text("utf-8").split("\n\n"):
        read = dict.fromkeys(("msgid", "msgstr"), "")
        field = ""
        for line in block.splitlines():
            start, _space, rest = line.partition(" ")
            if start in {"msgid", "msgid_plural"} or start.startswith("msgstr"):
                field, line = "" if start.endswith("[1]") else start.partition("[")[0], rest
            if line.startswith('"') and field in read:
                read[field] += ast.literal_eval(line)
        entries[read["msgid"]] = read["msgstr"]
    entries.pop("")
    return entries


def test_every_marked_text_is_translated(compiled: dict[str, str]) -> None:
    marked = {*in_code(), *in_templates()}
    assert len(marked) > 400
    assert marked - compiled.keys() == set()


def test_no_entry_of_the_catalogue_is_empty(source: dict[str, str]) -> None:
    assert [text for text, spanish in source.items() if not spanish] == []


def test_the_compiled_catalogue_is_the_written_one(
    source: dict[str, str], compiled: dict[str, str]
) -> None:
    assert source.keys() == compiled.keys()
    assert [text for text in source if source[text] != compiled[text]] == []


def test_a_translation_has_the_places_of_its_sentence(source: dict[str, str]) -> None:
    wrong = [
        text
        for text, spanish in source.items()
        if sorted(PLACES.findall(text)) != sorted(PLACES.findall(spanish))
    ]
    assert wrong == []


def test_a_translation_has_the_numbers_of_its_sentence(source: dict[str, str]) -> None:
    """911, a hotline, 14 days: the same in each language."""
    numbers = re.compile(r"\d+")
    for english, other in source.items():
        assert sorted(numbers.findall(other)) == sorted(numbers.findall(english)), english


def test_no_sentence_was_left_in_english(source: dict[str, str]) -> None:
    left = [text for text, spanish in source.items() if text == spanish]
    assert [text for text in left if not SAME_IN_BOTH.match(text)] == []


def test_the_words_that_residents_pick_are_there(compiled: dict[str, str]) -> None:
    spoken = [str(label) for label in LABELS.values()]
    spoken += [str(title) for _key, title, _signs in SIGNS]
    spoken += [str(one.label) for one in INDICATORS.values()]
    for name in ("Category", "Immediacy", "MinorPresent", "Basis", "PlaceType", "SightingKind"):
        spoken += [str(label) for label in getattr(vocabulary, name).labels]
    assert [text for text in spoken if text not in compiled] == []


def test_to_a_resident_their_tip_is_an_aviso(compiled: dict[str, str]) -> None:
    house = HOUSE / "tipintake"
    files = [house / "tips" / "draft.py", house / "pipeline" / "follow_up.py"]
    for name in ("report", "status", "site"):
        files += (house / "web" / name).glob("*.py")
        files += (house / "templates" / name).glob("*.html")
    said = [
        compiled.get(text, "")
        for file in files
        for text in (marked_in_code if file.suffix == ".py" else marked_in_template)(file)
    ]
    assert len(said) > 300
    assert [one for one in said if re.search(r"\breportes?\b", one)] == []
