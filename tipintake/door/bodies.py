"""A body that is too large is refused before it is read whole."""

from io import BytesIO
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest

CHUNK = 64 * 1024


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def most_bytes(path: str) -> int:  # noqa: ARG001 so far no address takes more than another
    """How long a body for this address may be. The server asks before it reads one."""
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def is_too_large(request: HttpRequest) -> bool:
    """Judge by Content-Length; a body sent without one is read up to the limit and no further.

    Django gives views nothing of a body without a Content-Length, so one that fits is handed to
    the request here.
    """
    limit = most_bytes(request.path_info)
    declared = request.META.get("CONTENT_LENGTH") or ""
    if declared:
        return declared.isdigit() and int(declared[:20]) > limit
    if "chunked" not in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
        return False
    body = _read(request.META["wsgi.input"], limit + 1)
    if len(body) > limit:
        return True
    request.META["CONTENT_LENGTH"] = str(len(body))
    request.META["wsgi.input"] = BytesIO(body)
    request._stream = BytesIO(body)  # noqa: SLF001 as WSGIRequest sets it from Content-Length
    return False


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
