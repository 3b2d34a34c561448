"""The process that opens a stranger's file: reads standard input, writes fresh JPEGs, and ends.

First it takes away its own means (memory, time, files, processes), then it imports what decodes.
Run by path with `-I`, so that it finds nothing but the standard library and installed packages.
"""

import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tipintake.privacy.attachments.pictures import Opened

MEGABYTE = 1024 * 1024
LIMITS = (
    (resource.RLIMIT_AS, 1536 * MEGABYTE),
    (resource.RLIMIT_CPU, 15),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
)


def decode(data: bytes) -> "Opened":
    if data.startswith(b"%PDF-"):
        from tipintake.privacy.attachments import pdf  # noqa: PLC0415

        return pdf.opened(data)
    from tipintake.privacy.attachments import pictures  # noqa: PLC0415

    return pictures.opened(data)


def black_out(data: bytes) -> "Opened":
    from tipintake.privacy.attachments import pictures  # noqa: PLC0415

    where, _, jpeg = data.partition(b"\n")
    return pictures.blacked_out(jpeg, json.loads(where))


def main() -> None:
    for what, most in LIMITS:
        resource.setrlimit(what, (most, most))
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    data = sys.stdin.buffer.read()
    # Imported after the limits hold, and only the decoder that this file needs.
    from tipintake.privacy.attachments import pictures  # noqa: PLC0415

    answer: dict[str, object]
    parts: list[bytes] = []
    try:
        opened = black_out(data) if "black-out" in sys.argv else decode(data)
    except pictures.Refused as refusal:
        answer = {"refused": refusal.code, "facts": refusal.facts}
    except (Exception, MemoryError):  # noqa: BLE001  a decoder may raise anything on a hostile file
        answer = {"refused": "unopenable", "facts": {}}
    else:
        parts = [part for page in opened.pages for part in (page.jpeg, page.preview)]
        answer = {
            "kind": opened.kind,
            "sizes": [len(part) for part in parts],
            "shapes": [page.shape for page in opened.pages],
            "removed": opened.removed,
            "taken_at": opened.taken_at,
            "taken_where": opened.taken_where,
        }
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(parts))


if __name__ == "__main__":
    main()
