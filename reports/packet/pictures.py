"""Confirmed pictures, made small enough to print. The package holds them as they are."""

import base64
import io

from PIL import Image, UnidentifiedImageError

LONGEST = 1400  # pixels: about 400 to the inch as they are printed
QUALITY = 84


class Unprintable(Exception):
    """These bytes are no picture that can be printed."""


def for_print(jpeg: bytes) -> bytes:
    """A drawing that holds the picture: files reach Typst as text, so that none is on disk."""
    small, (width, height) = _pixels(jpeg)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,'
    ).encode() + (base64.b64encode(small) + b'"/></svg>')


def _pixels(jpeg: bytes) -> tuple[bytes, tuple[int, int]]:
    """A JPEG of pixels alone, nothing of the file that it was made from; and its size."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            picture.draft("RGB", (LONGEST, LONGEST))
            small = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise Unprintable from error
    small.thumbnail((LONGEST, LONGEST))
    clean = Image.new("RGB", small.size)
    clean.paste(small)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), clean.size
