"""A body that is too large is refused before it is read whole. The addresses that take pictures
may have larger ones."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
PICTURES_IN_ALL = 25 * MEGABYTE
# The form's pictures are taken up to PICTURES_IN_ALL and read on without being kept: an answer
# given in the middle of an upload never reaches the browser, and the words would be lost.
READ_THROUGH = 40 * MEGABYTE
# Slow files may hold two threads of a process, one that opens and one that waits, and never the
# third (config/serve.py): tips without pictures go on.
THREADS_FOR_PICTURES = 2
# Base64 makes of three bytes four.
PICTURES_IN_JSON = PICTURES_IN_ALL * 4 // 3 + MEGABYTE


@dataclass(frozen=True, slots=True)
class Allowance:
    """An address that takes pictures, how they are sent to it, and how large a body may be."""

    path: re.Pattern[str]
    content_type: str
    most: int
    most_in_memory: int


WITH_PICTURES = (
    Allowance(
        re.compile(r"(?:/[a-z]{2})?/(?:r/(?:all|check)|back)/"),
        "multipart/form-data",
        READ_THROUGH,
        PICTURES_IN_ALL + MEGABYTE,
    ),
    Allowance(
        re.compile(r"/api/v1/tips(?:/preview|/messages)?"),
        "application/json",
        PICTURES_IN_JSON,
        PICTURES_IN_JSON,
    ),
)


_CHARSET = re.compile(r"""charset\s{0,9}=\s{0,9}(?P<name>"[^"]*"?|[^;\s]*)""", re.IGNORECASE)
UTF8 = frozenset({"utf-8", "utf8", ""})


def readable_type(content_type: str) -> str:
    """The same, but that a charset other than UTF-8 is one that nobody knows.

    Django decodes with any codec that Python has, and some of those (rot13, idna) are none for
    bytes: the request would break before anything of ours could answer it.
    """

    def known(found: "re.Match[str]") -> str:
        return found[0] if found["name"].strip('"').lower() in UTF8 else "charset=other"

    return _CHARSET.sub(known, content_type)


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def most_bytes(path: str) -> int:
    """How long a body for this address may be at most. The server asks before it reads one."""
    larger = [one.most for one in WITH_PICTURES if one.path.fullmatch(path)]
    return max(larger, default=int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE))


def is_too_large(request: HttpRequest) -> bool:
    """Judge by Content-Length; a body sent without one is read up to the limit and no further.

    Django gives views nothing of a body without a Content-Length, so one that fits is handed to
    the request here.
    """
    limit, in_memory = limits_of(request)
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared:
        return declared.isdigit() and int(declared[:20]) > limit
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return False
    body = _read(request.META["wsgi.input"], in_memory + 1)
    if len(body) > in_memory:
        return True
    request.META["CONTENT_LENGTH"] = str(len(body))
    request.META["wsgi.input"] = BytesIO(body)
    request._stream = BytesIO(body)  # noqa: SLF001 as WSGIRequest sets it from Content-Length
    return False


def limits_of(request: HttpRequest) -> tuple[int, int]:
    """How many bytes a body may have, and how many of them may be held at once."""
    if request.method == "POST":
        kind = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        for one in WITH_PICTURES:
            if kind == one.content_type and one.path.fullmatch(request.path_info):
                return one.most, one.most_in_memory
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return usual, usual


def _read(stream: _Readable, most: int) -> bytes:
    parts: list[bytes] = []
    left = most
    while left > 0:
        part = stream.read(min(CHUNK, left))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
