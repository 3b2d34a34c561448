"""What a resident reads is plain: a seventh grader reads each page, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.site.reading import (
    Measured,
    english_syllables,
    measured,
    sentences,
    spanish_syllables,
)
from tests.web.site.test_translation import HOUSE, compiled, marked_in_code, marked_in_template
from tipintake.region.pack import read_pack

__all__ = ["compiled"]  # a fixture

CODE = HOUSE / "tipintake"
MOST_GRADE = 7
HARD = 12  # a sentence of more than a few words above this grade is named, wherever it stands
FEW = 7
LEAST_EASE = 65  # in Spanish: what a seventh grader reads
PAGES = [
    *sorted((CODE / "templates").glob("*.html")),
    *(
        page
        for folder in ("report", "site", "status")
        for page in sorted((CODE / "templates" / folder).glob("*.html"))
    ),
]
# Where the other words of those pages come from: fields, signs, faults, refusals, reasons.
WORDS_OF_PAGES = [
    *(
        path
        for folder in ("report", "site", "status")
        for path in (CODE / "web" / folder).glob("*.py")
    ),
    *(CODE / "door").glob("*.py"),
    *(
        CODE / "tips" / name
        for name in ("draft.py", "models.py", "vocabulary.py", "recurrence.py")
    ),
    *(CODE / "pipeline" / name for name in ("follow_up.py", "submit.py", "placing.py")),
    CODE / "routing" / "rules.py",
]
OF_PROGRAMS = {"idempotency.py", "problem.py", "work.py"}  # read by whoever writes a client
SOURCES = [path for path in (*PAGES, *WORDS_OF_PAGES) if path.name not in OF_PROGRAMS]


def texts_of(path: Path) -> list[str]:
    return list((marked_in_template if path.suffix == ".html" else marked_in_code)(path))


def name_of(path: Path) -> str:
    return str(path.relative_to(CODE))


def of_english(found: list[str]) -> Measured:
    return measured(found, english_syllables)


def hardest(found: list[str]) -> list[str]:
    graded = sorted(((of_english([one]).grade, one) for one in found), reverse=True)
    return [f"{grade:.1f}: {one}" for grade, one in graded[:5]]


def too_hard(found: list[str]) -> Iterator[str]:
    for one in found:
        alone = of_english([one])
        if alone.words > FEW and alone.grade > HARD:
            yield f"{alone.grade:.1f}: {one}"


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_seventh_grader_reads_it(path: Path) -> None:
    found = sentences(texts_of(path))
    assert not found or of_english(found).grade <= MOST_GRADE, hardest(found)
    assert list(too_hard(found)) == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_so_is_the_spanish(path: Path, compiled: dict[str, str]) -> None:
    found = sentences(compiled[text] for text in texts_of(path))
    if not found:
        return
    hard = sorted(found, key=lambda one: measured([one], spanish_syllables).ease_in_spanish)
    assert measured(found, spanish_syllables).ease_in_spanish >= LEAST_EASE, hard[:5]


def test_so_is_what_the_region_pack_says_of_services(settings: object) -> None:
    pack = read_pack(CODE / "regions" / "st-louis")
    found = sentences(one.what for one in pack.referrals)
    assert of_english(found).grade <= MOST_GRADE, hardest(found)


def test_a_hard_sentence_is_seen_and_named() -> None:
    hard = (
        "Notwithstanding the aforementioned considerations, individuals submitting information "
        "acknowledge that communications are subsequently redistributed to participating agencies."
    )
    assert of_english(sentences([hard])).grade > 20
    assert list(too_hard(sentences([hard]))) != []


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("code", 1), ("codes", 1), ("locked", 1), ("wanted", 2), ("people", 2),
        ("vehicle", 3), ("someone", 2), ("agency", 3), ("situation", 4), ("removed", 2),
        ("police", 2), ("idea", 3), ("question", 2), ("questions", 2), ("little", 2),
        ("anything", 3), ("trafficking", 3), ("information", 4), ("places", 2), ("children", 2),
        ("teenager", 3), ("video", 3), ("destroyed", 2), ("used", 1), ("hours", 1),
    ],
)  # fmt: skip
def test_english_syllables_are_counted(word: str, count: int) -> None:
    assert english_syllables(word) == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("policía", 4), ("aviso", 3), ("ciudad", 2), ("quien", 1), ("guerra", 2), ("pingüino", 3),
        ("leer", 2), ("ahí", 2), ("muy", 1), ("usted", 2), ("vehículo", 4), ("información", 4),
    ],
)  # fmt: skip
def test_spanish_syllables_are_counted(word: str, count: int) -> None:
    assert spanish_syllables(word) == count
