"""One picture, decoded and encoded anew. Runs in the child only."""

import io
import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError
from pillow_heif import register_heif_opener

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 6000
QUALITY = 90
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF")
EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d)")
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
MAKER_NOTE = 0x927C
IPTC_IN_TIFF = 0x83BB
XMP_IN_TIFF = 0x02BC

Image.MAX_IMAGE_PIXELS = None  # Pillow only warns up to twice its limit; ours is checked below
warnings.simplefilter("ignore")
register_heif_opener(thumbnails=False)


class Refused(Exception):
    """Why this file is not taken, as a sentence."""


@dataclass(slots=True)
class Opened:
    kind: str
    pages: list[bytes] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    taken_at: str | None = None
    taken_where: tuple[float, float] | None = None


def opened(data: bytes) -> Opened:
    """The picture as a fresh JPEG: upright, first frame, sRGB, nothing but pixels."""
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError:
        raise Refused("This is not a picture or PDF that can be taken.") from None
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Refused(
            f"This picture has {width} × {height} points; at most 50 megapixels are taken."
        )
    result = Opened(kind=(picture.format or "").lower())
    exif = exif_of(picture)
    result.removed = sorted(set(found_besides(picture, exif, data)))
    result.taken_at = taken_at(exif)
    result.taken_where = taken_where(exif)
    result.pages = [fresh_jpeg(picture, exif.get(ExifTags.Base.Orientation, 1))]
    return result


def exif_of(picture: Image.Image) -> Image.Exif:
    """The picture's EXIF; none where it is too broken to read."""
    try:
        exif = picture.getexif()
        for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1):
            exif.get_ifd(part)
    except (ValueError, SyntaxError, KeyError, TypeError, OSError, struct.error):
        return Image.Exif()
    return exif


def fresh_jpeg(picture: Image.Image, orientation: int) -> bytes:
    turn = UPRIGHT.get(orientation)
    upright = picture.transpose(turn) if turn is not None else picture
    plain = flat_rgb(upright)
    if max(plain.size) > LONGEST_SIDE:
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A new image from bare pixels: nothing that hung on the old one can come along.
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return out.getvalue()


def flat_rgb(picture: Image.Image) -> Image.Image:
    """Eight-bit RGB in sRGB, transparency on white."""
    picture.load()
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif picture.mode == "F":
        picture = picture.convert("L")
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        picture = in_srgb(picture, profile)
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    return picture.convert("RGB")


def in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(
            picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return changed or picture


def found_besides(picture: Image.Image, exif: Image.Exif, data: bytes) -> Iterator[str]:
    """What the file held besides the pixels of its first frame, in words."""
    yield from _in_exif(exif)
    info = picture.info
    if "exif" in info:
        yield "EXIF"
    if "xmp" in info or "XML:com.adobe.xmp" in info or b"ns.adobe.com/xap" in data:
        yield "XMP"
    if "photoshop" in info or b"Photoshop 3.0" in data:
        yield "IPTC"
    if info.get("icc_profile"):
        yield "colour profile"
    if info.get("comment") or getattr(picture, "text", None):
        yield "text"
    if b"jumb" in data and b"c2pa" in data:
        yield "content credentials"
    if has_more_frames(picture):
        yield "further frames"
    if has_trailer(picture.format or "", data):
        yield "data after the picture"


def _in_exif(exif: Image.Exif) -> Iterator[str]:
    if not exif:
        return
    yield "EXIF"
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        yield "GPS position"
    if MAKER_NOTE in exif.get_ifd(ExifTags.IFD.Exif):
        yield "maker note"
    if exif.get_ifd(ExifTags.IFD.IFD1):
        yield "thumbnail"
    if IPTC_IN_TIFF in exif:
        yield "IPTC"
    if XMP_IN_TIFF in exif:
        yield "XMP"


def has_more_frames(picture: Image.Image) -> bool:
    try:
        picture.seek(1)
    except (EOFError, OSError, ValueError, SyntaxError):
        return False
    finally:
        picture.seek(0)
    return True


def has_trailer(kind: str, data: bytes) -> bool:
    if kind in {"JPEG", "MPO"}:
        return not data.rstrip(b"\0").endswith(b"\xff\xd9") or data.count(b"\xff\xd9") > 1
    if kind == "PNG":
        end = data.rfind(b"IEND")
        return end != -1 and len(data) > end + 8
    return False


def taken_at(exif: Image.Exif) -> str | None:
    """The file's own date in local time, to the minute."""
    own = exif.get_ifd(ExifTags.IFD.Exif)
    said = own.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    match = EXIF_DATE.match(said) if isinstance(said, str) else None
    if not match:
        return None
    year, month, day, hour, minute = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}"


def taken_where(exif: Image.Exif) -> tuple[float, float] | None:
    """The file's own position in degrees, to about a metre."""
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(gps[2], negative=gps[1] == "S")
        longitude = _degrees(gps[4], negative=gps[3] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return latitude, longitude


def _degrees(parts: tuple[float, float, float], *, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 5)
    return -value if negative else value
