"""Files that tell who made them, as a phone and an office make them, and how they are sent."""

import base64
import io
import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PIL import ExifTags, Image, PngImagePlugin

from tipintake.door.seizure.canaries import Canaries

File = tuple[str, bytes]  # what it says that it is, and what it holds


def pictures(planted: Canaries) -> Iterator[File]:
    """Small pictures with a canary in their tags, comments, texts and behind their end."""
    told = planted.transport
    camera, comment, tail = (told[f"file's {part}"] for part in ("camera", "comment", "tail"))
    scene = Image.effect_noise((96, 72), 60).convert("RGB")
    tags = Image.Exif()
    tags[ExifTags.Base.Make] = tags[ExifTags.Base.Artist] = camera
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment.encode()
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = comment.encode()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{comment}</x:xmpmeta>'.encode()
    made = io.BytesIO()
    scene.save(made, "JPEG", exif=tags, comment=comment.encode(), xmp=xmp)
    yield "image/jpeg", made.getvalue() + tail.encode()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", camera)
    texts.add_itxt("Comment", comment, zip=True)
    made = io.BytesIO()
    scene.save(made, "PNG", pnginfo=texts, exif=tags)
    yield "image/png", made.getvalue() + tail.encode()


def document(planted: Canaries) -> File:
    """A PDF of one page with an author, a note, a file attached to it, and more behind its end."""
    told = planted.transport
    author, attached = (
        told["document's author"].encode(),
        told["document's attached file"].encode(),
    )
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R"
        b" /Names << /EmbeddedFiles << /Names [(%s) 6 0 R] >> >> >>" % attached,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 96 72] /Contents 4 0 R /Annots [8 0 R] >>",
        _stream(b"0.8 0.2 0.2 rg 8 8 60 40 re f"),
        b"<< /Author (%s) /Title (%s) >>" % (author, author),
        b"<< /Type /Filespec /F (%s) /EF << /F 7 0 R >> >>" % attached,
        _stream(attached, b"/Type /EmbeddedFile"),
        b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (%s) >>" % author,
    )
    out, offsets = b"%%PDF-1.7\n%%%s\n" % author, []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    xref = b"xref\n0 %d\n0000000000 65535 f \n" % size + table
    tail = told["file's tail"].encode()
    return "application/pdf", out + xref + end % (size, len(out)) + tail


def files(planted: Canaries) -> list[File]:
    return [*pictures(planted), document(planted)]


def torn(planted: Canaries) -> list[File]:
    """What cannot be opened, or is no picture at all; each tells something."""
    told = planted.transport["torn file"].encode()
    _kind, whole = next(pictures(planted))
    return [
        ("image/jpeg", whole[: len(whole) // 3]),
        ("image/png", told),
        ("application/pdf", b"%PDF-1.7\n%" + told),
    ]


def coded(chosen: Iterable[File]) -> list[dict[str, str]]:
    """As the API takes files."""
    return [{"content": base64.b64encode(data).decode()} for _kind, data in chosen]


def multipart(
    values: Mapping[str, Any], planted: Canaries, chosen: Iterable[File] | None = None
) -> tuple[bytes, dict[str, str]]:
    """A form with files under a telling name, and the header that it needs."""
    edge = secrets.token_hex(12)
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{one}'.encode()
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    name = planted.transport["file name"]
    for kind, data in files(planted) if chosen is None else chosen:
        head = (
            f'Content-Disposition: form-data; name="photos"; filename="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n"
        )
        parts.append(head.encode() + data)
    body = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
    return body + f"--{edge}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={edge}"
    }


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)
