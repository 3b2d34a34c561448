"""One picture, decoded and encoded anew. Runs in the child only."""

import io
import math
import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import ExifTags, Image, ImageCms, ImageDraw, JpegImagePlugin, UnidentifiedImageError

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 6000
MOST_BYTES = 3 * 1024 * 1024  # of one page as it is kept
MOST_BYTES_IN_ALL = 10 * 1024 * 1024  # of all pages of one file
QUALITY = 90
PREVIEW_SIDE = 20
BLOCK = 16  # pixels that a JPEG may encode together
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
FORMATS_IN_BOXES = ("HEIF", "AVIF")
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


class Refused(Exception):
    """Why this file is not taken: a key of `attachments.REFUSALS` and what its sentence needs."""

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Page:
    jpeg: bytes
    shape: tuple[int, int]
    preview: bytes


@dataclass(slots=True)
class Opened:
    kind: str
    pages: list[Page] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    taken_at: str | None = None
    taken_where: tuple[float, float] | None = None


def formats_of(data: bytes) -> tuple[str, ...]:
    """Which decoders may look at it. HEIF's is loaded only for a file of boxes: loading it takes
    a fifth of what a picture costs.
    """
    if data[4:8] != b"ftyp":
        return FORMATS
    from pillow_heif import register_heif_opener  # noqa: PLC0415

    register_heif_opener(thumbnails=False)
    return FORMATS_IN_BOXES


def opened(data: bytes) -> Opened:
    """The picture as a fresh JPEG: upright, first frame, sRGB, nothing but pixels."""
    try:
        picture = Image.open(io.BytesIO(data), formats=formats_of(data))
    except UnidentifiedImageError:
        raise Refused("unknown_kind") from None
    width, height = picture.size
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 1_000_000
        raise Refused("too_many_points", width=width, height=height, most=most)
    result = Opened(kind=(picture.format or "").lower())
    exif = exif_of(picture)
    result.removed = sorted(set(found_besides(picture, exif, data)))
    result.taken_at = taken_at(exif)
    result.taken_where = taken_where(exif)
    result.pages = [page_of(upright(picture, exif.get(ExifTags.Base.Orientation, 1)))]
    return result


def blacked_out(jpeg: bytes, rectangles: list[tuple[float, float, float, float]]) -> Opened:
    """One of our own JPEGs with these parts, in percent, painted black."""
    picture = JpegImagePlugin.JpegImageFile(io.BytesIO(jpeg))
    tables, sampling = picture.quantization, JpegImagePlugin.get_sampling(picture)
    plain = picture.convert("RGB")
    draw = ImageDraw.Draw(plain)
    for one in rectangles:
        draw.rectangle(covering(one, plain.size), fill="black")
    # Same tables as before: what is not covered loses nothing more.
    content = _encoded(plain, qtables=tables, subsampling=sampling)
    return Opened(kind="jpeg", pages=[Page(content, plain.size, preview(plain))])


def covering(
    percent: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The pixels of a part, grown to whole blocks: beside a covered pixel lie traces of it."""
    x, y, width, height = percent
    left, top = (
        int(at * side / 100) // BLOCK * BLOCK for at, side in zip((x, y), size, strict=True)
    )
    right, bottom = (
        min(-(-math.ceil(at * side / 100) // BLOCK) * BLOCK, side) - 1
        for at, side in zip((x + width, y + height), size, strict=True)
    )
    return left, top, max(left, right), max(top, bottom)


def exif_of(picture: Image.Image) -> Image.Exif:
    """The picture's EXIF; none where it is too broken to read."""
    try:
        exif = picture.getexif()
        for part in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1):
            exif.get_ifd(part)
    except (ValueError, SyntaxError, KeyError, TypeError, OSError, struct.error):
        return Image.Exif()
    return exif


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    turn = UPRIGHT.get(orientation)
    return picture.transpose(turn) if turn is not None else picture


def page_of(picture: Image.Image, *, longest: int = LONGEST_SIDE, most: int = MOST_BYTES) -> Page:
    """A fresh JPEG of at most so many pixels a side and so many bytes, and its preview."""
    plain = flat_rgb(picture)
    if max(plain.size) > longest:
        plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    # A new image from bare pixels: nothing that hung on the old one can come along.
    bare = Image.frombytes("RGB", plain.size, plain.tobytes())
    content = _encoded(bare, quality=QUALITY, subsampling=0)
    if len(content) > most:
        content = _encoded(bare, quality=QUALITY - 5, subsampling=2)
    while len(content) > most:
        smaller = math.sqrt(most / len(content)) * 0.95
        side = max(1, int(max(bare.size) * smaller))
        bare.thumbnail((side, side), Image.Resampling.LANCZOS)
        content = _encoded(bare, quality=QUALITY - 5, subsampling=2)
    return Page(content, bare.size, preview(bare))


def preview(picture: Image.Image) -> bytes:
    """So few pixels that it shows that there is a picture, and not what is on it."""
    small = picture.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BOX)
    return _encoded(small, quality=60)


def _encoded(picture: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
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
