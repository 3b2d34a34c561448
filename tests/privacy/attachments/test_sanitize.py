"""Nothing but pixels crosses over, and no file takes anything down."""

import io
import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageStat

from tests.privacy.attachments import corpus
from tests.privacy.attachments.corpus import Case
from tests.privacy.attachments.spent import spent_on
from tipintake.privacy.attachments import Sanitized, Unusable, sanitize

ORDINARY = corpus.ordinary()
HOSTILE = list(corpus.hostile())
PLANTED = (
    corpus.RAW,
    corpus.RAW.lower(),
    corpus.PLANT.encode("utf-16-le"),
    corpus.PLANT.encode("utf-16-be"),
    b"Zebulon",
)
# SOI, JFIF, tables, frame, scan: a fresh JPEG has no other marker.
ALLOWED = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}


def markers(jpeg: bytes) -> list[int]:
    """The markers of a JPEG up to its scan."""
    at, found = 2, []
    while True:
        assert jpeg[at] == 0xFF
        found.append(jpeg[at + 1])
        if jpeg[at + 1] == 0xDA:
            return found
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]


def test_the_corpus_is_large_enough() -> None:
    assert len(ORDINARY) + len(HOSTILE) >= 150


@pytest.mark.parametrize("case", ORDINARY, ids=lambda case: case.name)
def test_nothing_but_pixels_survives(case: Case) -> None:
    clean = sanitize(case.data)
    assert clean.pages
    for page in clean.pages:
        assert not any(plant in page for plant in PLANTED)
        assert set(markers(page)) <= ALLOWED
        assert page.endswith(b"\xff\xd9")
        assert page.count(b"\xff\xd8\xff") == 1
        picture = Image.open(io.BytesIO(page))
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert picture.info["jfif_density"] == (1, 1)
        assert not picture.getexif()


@pytest.mark.parametrize(
    "case", [c for c in ORDINARY if not c.upright], ids=lambda case: case.name
)
def test_what_can_be_seen_is_still_there(case: Case) -> None:
    picture = Image.open(io.BytesIO(sanitize(case.data).pages[0])).convert("RGB")
    width, height = picture.size
    left = average(picture.crop((0, 0, width // 3, height // 3)))
    right = average(picture.crop((width * 2 // 3, 0, width, height // 3)))
    assert max(abs(a - b) for a, b in zip(left, right, strict=True)) > 20, (left, right)


def average(picture: Image.Image) -> list[float]:
    return ImageStat.Stat(picture).mean


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_stand_upright(orientation: int) -> None:
    turned = {5, 6, 7, 8}
    clean = sanitize(corpus.saved(corpus.scene(), "JPEG", exif=corpus.exif(orientation)))
    picture = Image.open(io.BytesIO(clean.pages[0]))
    assert picture.size == ((120, 160) if orientation in turned else (160, 120))


def test_small_print_stays_legible() -> None:
    drawn = corpus.scene(size=(160, 120))
    clean = Image.open(io.BytesIO(sanitize(corpus.saved(drawn, "PNG")).pages[0]))
    window = (40, 50, 120, 70)
    before = drawn.crop(window).convert("L").point(lambda v: 255 * (v > 128))
    after = clean.crop(window).convert("L").point(lambda v: 255 * (v > 128))
    same = sum(a == b for a, b in zip(before.tobytes(), after.tobytes(), strict=True))
    assert same / (before.width * before.height) > 0.98


def test_the_files_own_date_and_place_are_offered_not_kept() -> None:
    clean = sanitize(corpus.saved(corpus.scene(), "JPEG", exif=corpus.exif()))
    assert clean.taken_at == "2026-11-14T21:40"
    assert clean.taken_where == (38.667, -90.434)
    assert {"EXIF", "GPS position", "maker note"} <= set(clean.removed)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("jpeg-xmp", "XMP"),
        ("jpeg-iptc", "IPTC"),
        ("jpeg-c2pa", "content credentials"),
        ("jpeg-trailing-zip", "data after the picture"),
        ("png-trailing-text", "data after the picture"),
        ("gif-frames", "further frames"),
        ("pdf-attachment", "attached files"),
        ("pdf-script", "scripts"),
        ("pdf-form", "form fields"),
        ("pdf-earlier-version", "earlier versions"),
    ],
)
def test_the_person_is_told_what_was_removed(name: str, word: str) -> None:
    case = next(case for case in ORDINARY if case.name == name)
    assert word in sanitize(case.data).removed


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
def test_a_hostile_file_is_refused_in_words_or_survived(case: Case) -> None:
    pages, words = sanitized_or_refused(case.data)
    assert bool(pages) != bool(words)
    assert not words or "screenshot" in words
    assert all(set(markers(page)) <= ALLOWED for page in pages)


def sanitized_or_refused(data: bytes) -> tuple[tuple[bytes, ...], str]:
    try:
        return sanitize(data).pages, ""
    except Unusable as refusal:
        return (), str(refusal)


@pytest.mark.parametrize("name", corpus.BOMBS)
def test_a_bomb_is_refused_before_it_is_decoded(name: str) -> None:
    """`python -m bench.bombs` prints how far below these bounds it stays."""
    spent = spent_on(next(case.data for case in HOSTILE if case.name == name))
    assert spent.refusal
    assert spent.peak_kilobytes < 100 * 1024
    assert spent.seconds - spent_on(b"").seconds < 2


def test_what_a_large_picture_takes_is_seen() -> None:
    large = spent_on(corpus.saved(Image.new("RGB", (6000, 6000)), "PNG"))
    assert not large.refusal
    assert large.peak_kilobytes > 100 * 1024


def test_a_crash_of_the_decoder_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "child.py"
    dying.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr("tipintake.privacy.attachments.CHILD", dying)
    with pytest.raises(Unusable, match="could not be opened"):
        sanitize(corpus.JPEG)


def test_a_file_too_large_is_refused_before_a_child_starts() -> None:
    with pytest.raises(Unusable, match="20 MB"):
        sanitize(b"\xff\xd8" + b"\0" * (20 * 1024 * 1024))


def test_the_result_shows_nothing_of_itself() -> None:
    clean = sanitize(corpus.JPEG)
    assert isinstance(clean, Sanitized)
    assert repr(clean) == "<Sanitized jpeg, 1 page(s)>"


def test_an_independent_reader_finds_no_tag(tmp_path: Path) -> None:
    tool = shutil.which("exiftool")
    if not tool:
        pytest.skip("exiftool is not installed")
    for number, case in enumerate(ORDINARY):
        for page, content in enumerate(sanitize(case.data).pages):
            (tmp_path / f"{number}-{page}.jpg").write_bytes(content)
    said = subprocess.run(
        [tool, "-json", "-G1", "-a", "-u", str(tmp_path)], capture_output=True, check=True
    ).stdout
    own = {"SourceFile", "ExifTool", "System", "File", "JFIF", "Composite"}
    for file in json.loads(said):
        groups = {tag.split(":")[0] for tag in file}
        assert groups <= own, (file["SourceFile"], groups - own)
