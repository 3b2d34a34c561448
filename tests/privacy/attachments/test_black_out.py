"""What is blacked out is gone from the pixels; a page never outgrows its row."""

import io
import os

import pytest
from PIL import Image, ImageStat

from tests.privacy.attachments import corpus
from tipintake.privacy.attachments import Rectangle, Unusable, blacked_out, sanitize
from tipintake.privacy.attachments.pictures import (
    BLOCK,
    MOST_BYTES,
    PREVIEW_SIDE,
    covering,
    page_of,
)

KEPT = sanitize(corpus.saved(corpus.scene(size=(320, 240)), "PNG")).pages[0]


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def brightest(picture: Image.Image) -> int:
    return max(high for _low, high in ImageStat.Stat(picture).extrema)


def test_the_pixels_under_a_part_are_black_and_the_others_as_they_were() -> None:
    made = blacked_out(KEPT, [Rectangle(50, 0, 50, 50)])
    before, after = opened(KEPT), opened(made.pages[0])
    assert after.size == before.size
    assert brightest(after.crop((168, 8, 312, 104))) < 12
    untouched = (0, 130, 320, 240)
    pairs = zip(before.crop(untouched).tobytes(), after.crop(untouched).tobytes(), strict=True)
    assert max(abs(a - b) for a, b in pairs) <= 6


def test_the_preview_is_made_anew_and_shows_next_to_nothing() -> None:
    before = sanitize(corpus.JPEG)
    made = blacked_out(before.pages[0], [Rectangle(0, 0, 100, 100)])
    assert max(opened(before.previews[0]).size) == PREVIEW_SIDE
    assert brightest(opened(made.previews[0])) < 12


@pytest.mark.parametrize(
    "percent", [(13.3, 7.7, 20, 20), (99.9, 99.9, 0.1, 0.1), (0, 0, 100, 100)]
)
def test_a_part_is_grown_to_whole_blocks(percent: tuple[float, float, float, float]) -> None:
    size = (333, 247)
    left, top, right, bottom = covering(percent, size)
    x, y, width, height = percent
    assert left % BLOCK == top % BLOCK == 0
    assert left <= x * size[0] / 100
    assert top <= y * size[1] / 100
    assert min((x + width) * size[0] / 100, size[0]) <= right + 1 <= size[0]
    assert min((y + height) * size[1] / 100, size[1]) <= bottom + 1 <= size[1]


def test_what_is_no_picture_is_not_blacked_out() -> None:
    with pytest.raises(Unusable):
        blacked_out(b"not a picture", [Rectangle(0, 0, 10, 10)])


def test_a_page_never_outgrows_its_row() -> None:
    noise = Image.frombytes("RGB", (2400, 1800), os.urandom(2400 * 1800 * 3))
    page = page_of(noise)
    assert len(page.jpeg) <= MOST_BYTES
    assert Image.open(io.BytesIO(page.jpeg)).size == page.shape


def test_shapes_and_previews_stand_beside_their_pages() -> None:
    pdf = next(corpus.pdfs())
    clean = sanitize(pdf.data)
    assert len(clean.shapes) == len(clean.previews) == len(clean.pages)
    assert [opened(page).size for page in clean.pages] == list(clean.shapes)
