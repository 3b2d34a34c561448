"""Files as phones and attackers make them, with a planted string wherever one can hide."""

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin
from pillow_heif import register_heif_opener

PLANT = "Canary Zebulon 4417"
RAW = PLANT.encode()
register_heif_opener()


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    data: bytes
    upright: bool = False  # carries an orientation that must be applied


def scene(mode: str = "RGB", size: tuple[int, int] = (160, 120)) -> Image.Image:
    """Red left, blue right, a black plate with letters: what must survive."""
    picture = Image.new("RGB", size, "red")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((size[0] // 2, 0, size[0], size[1]), fill="blue")
    draw.rectangle((40, 50, 120, 70), fill="white")
    draw.text((50, 52), "AB1C2D", fill="black")
    if mode == "I;16":
        return picture.convert("L").convert("I").point(lambda v: v * 257).convert("I;16")
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[ExifTags.Base.Make] = PLANT
    tags[ExifTags.Base.Model] = PLANT
    tags[ExifTags.Base.Software] = PLANT
    tags[ExifTags.Base.Artist] = PLANT
    tags[ExifTags.Base.ImageDescription] = PLANT
    tags[ExifTags.Base.Orientation] = orientation
    inner = tags.get_ifd(ExifTags.IFD.Exif)
    inner[ExifTags.Base.DateTimeOriginal] = "2026:11:14 21:40:00"
    inner[ExifTags.Base.UserComment] = b"ASCII\0\0\0" + RAW
    inner[ExifTags.Base.BodySerialNumber] = PLANT
    inner[0x927C] = b"Apple iOS\0" + RAW
    gps = tags.get_ifd(ExifTags.IFD.GPSInfo)
    gps[1], gps[2] = "N", (38.0, 40.0, 1.2)
    gps[3], gps[4] = "W", (90.0, 26.0, 2.4)
    gps[0x1B] = b"ASCII\0\0\0" + RAW
    return tags


XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    f"<rdf>{PLANT}</rdf></x:xmpmeta><?xpacket end='w'?>"
).encode()


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    end = png.rindex(b"IEND") - 4
    return png[:33] + b"".join(chunks) + png[33:end] + png[end:]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


INFLATES = zlib.compress(b"0" * 90_000_000)
JPEG = saved(scene(), "JPEG")
PNG = saved(scene(), "PNG")
IPTC = segment(
    0xED,
    b"Photoshop 3.0\0"
    b"8BIM\x04\x04\0\0"
    + struct.pack(">I", len(RAW) + 5)
    + b"\x1c\x02\x50"
    + struct.pack(">H", len(RAW))
    + RAW,
)


def jpegs() -> Iterator[Case]:
    for orientation in range(1, 9):
        yield Case(
            f"jpeg-orientation-{orientation}",
            saved(scene(), "JPEG", exif=exif(orientation)),
            upright=orientation > 1,
        )
    for mode in ("L", "CMYK", "RGB", "1"):
        yield Case(f"jpeg-{mode}", saved(scene(mode), "JPEG", exif=exif()))
    for quality in (1, 30, 95):
        yield Case(f"jpeg-q{quality}", saved(scene(), "JPEG", quality=quality, exif=exif()))
    for progressive in (False, True):
        for sampling in (0, 1, 2):
            yield Case(
                f"jpeg-p{progressive}-s{sampling}",
                saved(scene(), "JPEG", progressive=progressive, subsampling=sampling, xmp=XMP),
            )
    for marker in range(0xE0, 0xF0):
        yield Case(f"jpeg-app{marker - 0xE0}", with_segments(JPEG, segment(marker, RAW * 3)))
    yield Case("jpeg-comment", saved(scene(), "JPEG", comment=PLANT))
    yield Case(
        "jpeg-xmp", with_segments(JPEG, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP))
    )
    yield Case(
        "jpeg-extended-xmp",
        with_segments(JPEG, segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + RAW * 50)),
    )
    yield Case("jpeg-iptc", with_segments(JPEG, IPTC))
    yield Case("jpeg-icc", saved(scene(), "JPEG", icc_profile=profile() + RAW))
    yield Case("jpeg-icc-broken", saved(scene(), "JPEG", icc_profile=RAW * 20))
    yield Case("jpeg-c2pa", with_segments(JPEG, segment(0xEB, b"JP\0\1jumb" + box(b"c2pa", RAW))))
    yield Case("jpeg-mpf", with_segments(JPEG, segment(0xE2, b"MPF\0II*\0" + RAW)) + JPEG)
    yield Case("jpeg-ducky", with_segments(JPEG, segment(0xEC, b"Ducky" + RAW)))
    yield Case("jpeg-adobe", with_segments(JPEG, segment(0xEE, b"Adobe" + RAW)))
    yield Case("jpeg-dpi", saved(scene(), "JPEG", dpi=(4417, 4417), exif=exif()))
    yield Case("jpeg-thumbnail", with_thumbnail())
    for name, tail in trailers():
        yield Case(f"jpeg-{name}", saved(scene(), "JPEG", exif=exif()) + tail)


def with_thumbnail() -> bytes:
    tags = exif()
    small = saved(scene(size=(48, 36)), "JPEG", comment=PLANT)
    first = tags.get_ifd(ExifTags.IFD.IFD1)
    first[ExifTags.Base.Compression] = 6
    first[ExifTags.Base.ImageDescription] = PLANT
    raw = tags.tobytes()
    return with_segments(JPEG, segment(0xE1, raw + small[:60000] + RAW))


def trailers() -> Iterator[tuple[str, bytes]]:
    yield "trailing-text", RAW
    yield "trailing-zip", b"PK\x03\x04" + RAW * 4
    yield "trailing-mp4", box(b"ftyp", b"isom" + RAW) + box(b"mdat", RAW * 100)
    yield "samsung-motion", b"MotionPhoto_Data" + box(b"ftyp", b"mp42" + RAW) + RAW * 40
    yield "trailing-jpeg", saved(scene(), "JPEG", comment=PLANT)
    yield "trailing-html", b"<script>alert('" + RAW + b"')</script>"
    yield "trailing-nuls", b"\0" * 5000 + RAW


def pngs() -> Iterator[Case]:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", PLANT)
    text.add_itxt("Comment", PLANT, zip=True)
    text.add_text("Description", PLANT, zip=True)
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield Case(f"png-{mode.replace(';', '')}", saved(scene(mode), "PNG", pnginfo=text))
    yield Case("png-exif", saved(scene(), "PNG", exif=exif()))
    yield Case("png-exif-turned", saved(scene(), "PNG", exif=exif(6)), upright=True)
    yield Case("png-icc", saved(scene(), "PNG", icc_profile=profile()))
    for kind in (b"tEXt", b"iTXt", b"eXIf", b"tIME", b"prVt", b"caBX", b"iDOT", b"vpAg", b"orNT"):
        yield Case(f"png-{kind.decode()}", with_chunks(PNG, chunk(kind, b"Key\0" + RAW)))
    yield Case("png-ztxt", with_chunks(PNG, chunk(b"zTXt", b"Key\0\0" + zlib.compress(RAW * 9))))
    frames = [scene(), Image.new("RGB", (160, 120), "green")]
    yield Case("png-animated", saved(frames[0], "PNG", save_all=True, append_images=frames[1:]))
    yield Case("png-transparent", saved(transparent(), "PNG", pnginfo=text))
    for name, tail in trailers():
        yield Case(f"png-{name}", PNG + tail)


def transparent() -> Image.Image:
    picture = scene("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


def others() -> Iterator[Case]:
    for kind in ("WEBP", "AVIF", "HEIF"):
        for quality in (40, 90):
            name = f"{kind.lower()}-q{quality}"
            yield Case(name, saved(scene(), kind, quality=quality, exif=exif().tobytes(), xmp=XMP))
        yield Case(f"{kind.lower()}-alpha", saved(scene("RGBA"), kind, exif=exif().tobytes()))
        yield Case(f"{kind.lower()}-tail", saved(scene(), kind) + box(b"free", RAW))
    yield Case("webp-lossless", saved(scene(), "WEBP", lossless=True, xmp=XMP))
    yield Case("webp-icc", saved(scene(), "WEBP", icc_profile=profile()))
    frames = [scene(), Image.new("RGB", (160, 120), "green")]
    for kind in ("WEBP", "GIF", "TIFF"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        yield Case(f"{kind.lower()}-frames", data)
    yield Case("gif-comment", saved(scene("P"), "GIF", comment=RAW))
    yield Case("gif-transparent", saved(scene("P"), "GIF", transparency=0) + RAW)
    for mode in ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "LAB", "YCbCr"):
        picture = scene() if mode in {"F", "LAB", "YCbCr"} else scene(mode)
        if mode == "F":
            picture = picture.convert("F")
        tagged = {270: PLANT, 271: PLANT, 305: PLANT, 315: PLANT, 33432: PLANT}
        yield Case(f"tiff-{mode.replace(';', '')}", saved(picture, "TIFF", tiffinfo=tagged))
    for compression in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
        yield Case(
            f"tiff-{compression}",
            saved(scene(), "TIFF", compression=compression, tiffinfo={270: PLANT}),
        )
    yield Case("tiff-turned", saved(scene(), "TIFF", tiffinfo={274: 6, 270: PLANT}), upright=True)


def pdf_objects(*objects: bytes, trailer: bytes = b"") -> bytes:
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(content), more) + content + b"\nendstream"


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 150] /Contents 4 0 R %s >>"
DRAWN = stream(b"1 0 0 rg 0 0 100 150 re f 0 0 1 rg 100 0 100 150 re f")


def pdf(root: bytes = b"", page: bytes = b"", *more: bytes, trailer: bytes = b"") -> bytes:
    return pdf_objects(
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        PAGES,
        PAGE % page,
        DRAWN,
        *more,
        trailer=trailer,
    )


def pdfs() -> Iterator[Case]:
    told = b"<< /Author (%s) /Title (%s) /Creator (%s) /Producer (%s) >>" % (RAW, RAW, RAW, RAW)
    yield Case("pdf-plain", pdf())
    yield Case("pdf-info", pdf(b"", b"", told, trailer=b"/Info 5 0 R"))
    yield Case(
        "pdf-xmp", pdf(b"/Metadata 5 0 R", b"", stream(XMP, b"/Type /Metadata /Subtype /XML"))
    )
    yield Case(
        "pdf-attachment",
        pdf(
            b"/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>",
            b"",
            b"<< /Type /Filespec /F (%s) /EF << /F 6 0 R >> >>" % RAW,
            stream(RAW * 5, b"/Type /EmbeddedFile"),
        ),
    )
    yield Case(
        "pdf-script",
        pdf(b"/OpenAction 5 0 R", b"", b"<< /S /JavaScript /JS (app.alert('%s')) >>" % RAW),
    )
    yield Case("pdf-launch", pdf(b"/OpenAction 5 0 R", b"", b"<< /S /Launch /F (%s) >>" % RAW))
    yield Case(
        "pdf-form",
        pdf(
            b"/AcroForm << /Fields [5 0 R] >>",
            b"/Annots [5 0 R]",
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (own) /V (%s) /Rect [0 0 1 1] >>" % RAW,
        ),
    )
    yield Case(
        "pdf-note",
        pdf(
            b"",
            b"/Annots [5 0 R]",
            b"<< /Type /Annot /Subtype /Text /T (%s) /Contents (%s) /Rect [0 0 9 9] /F 2 >>"
            % (RAW, RAW),
        ),
    )
    yield Case(
        "pdf-link",
        pdf(
            b"",
            b"/Annots [5 0 R]",
            b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (%s) >> >>" % RAW,
        ),
    )
    yield Case("pdf-layers", pdf(b"/OCProperties << /OCGs [] /D << /Name (%s) >> >>" % RAW))
    yield Case("pdf-earlier-version", pdf(b"", b"", told, trailer=b"/Info 5 0 R") + pdf())
    yield Case("pdf-tail", pdf() + RAW)
    yield Case("pdf-comment", pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + RAW + b"\n", 1))
    for dpi in (72, 300):
        yield Case(f"pdf-picture-{dpi}", saved(scene(), "PDF", resolution=dpi, title=PLANT))
    pages = [scene() for _ in range(3)]
    yield Case(
        "pdf-pages", saved(pages[0], "PDF", save_all=True, append_images=pages, author=PLANT)
    )


def hostile() -> Iterator[Case]:
    """What must be refused in words, or survived: never a crash of the caller."""
    for cut in (0, 1, 10, 100, 300, len(JPEG) // 2, len(JPEG) - 3):
        yield Case(f"cut-jpeg-{cut}", JPEG[:cut])
    for cut in (8, 20, 60, len(PNG) // 2):
        yield Case(f"cut-png-{cut}", PNG[:cut])
    for cut in (9, 60, len(pdf()) // 2):
        yield Case(f"cut-pdf-{cut}", pdf()[:cut])
    yield Case("svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
    yield Case("html", b"<html><body>" + RAW)
    yield Case("zip", b"PK\x03\x04" + RAW)
    yield Case("exe", b"MZ" + RAW * 10)
    yield Case("bmp", saved(scene(), "BMP"))
    yield Case("ico", saved(scene(), "ICO"))
    yield Case("ppm", saved(scene(), "PPM"))
    yield Case("eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n(" + RAW + b") run")
    yield Case("text", RAW)
    yield Case("pdf-locked", pdf(b"", b"", trailer=b"/Encrypt << /Filter /Standard /V 9 >>"))
    yield Case("pdf-many-pages", many_pages(400))
    yield Case("pdf-huge-page", pdf().replace(b"[0 0 200 150]", b"[0 0 9e9 9e9]"))
    yield Case("pdf-loop", pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"))
    yield Case("jpeg-in-pdf-clothes", b"%PDF-1.7\n" + JPEG)
    yield Case("bomb-png", bomb())
    yield Case("bomb-text", with_chunks(PNG, chunk(b"zTXt", b"K\0\0" + INFLATES)))
    yield Case("bomb-icc", with_chunks(PNG, chunk(b"iCCP", b"K\0\0" + INFLATES)))
    yield Case("bomb-gif", b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0,\0\0\0\0")
    yield Case("bomb-webp", webp_header(16383, 16383))
    yield Case("bomb-tiff", tiff_header(4_000_000_000, 4_000_000_000))
    yield Case("no-lines-png", with_lines_missing())


BOMBS = ("bomb-png", "bomb-gif", "bomb-webp", "bomb-tiff")


def bomb() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 50_000_000, 9))
        + chunk(b"IEND", b"")
    )


def with_lines_missing() -> bytes:
    head = struct.pack(">IIBBBBB", 7000, 7000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def webp_header(width: int, height: int) -> bytes:
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff_header(width: int, height: int) -> bytes:
    tags = [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
    ]
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + body + b"\0\0\0\0"


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(count))
    pages = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        pages,
        DRAWN,
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 3 0 R >>"] * count,
    )


GROUPS: tuple[Callable[[], Iterator[Case]], ...] = (jpegs, pngs, others, pdfs)


def ordinary() -> list[Case]:
    """Every file that must come out clean."""
    return [case for group in GROUPS for case in group()]
