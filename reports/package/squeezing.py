"""What a file of the payload says, on its way to the disk: hashed, and deflated as it will lie in
the package. Without Django: in the exporter, or in a process beside it.
"""

import hashlib
import zlib
from typing import NamedTuple

STORED = (".xlsx", ".jpg", ".pdf", ".png", ".zip")  # deflated already
LEVEL = 3


class Facts(NamedTuple):
    """Of a whole file. `crc` is of what it says; None where it is not deflated."""

    size: int
    crc: int | None
    sha256: str
    sha512: str


class Squeezer:
    """One file: `add` what it says, bit by bit, then the `rest`; what both return goes to the
    disk."""

    def __init__(self, path: str) -> None:
        self._digests = (hashlib.sha256(), hashlib.sha512())
        self._crc = 0
        stored = path.endswith(STORED)
        self._squeezer = None if stored else zlib.compressobj(LEVEL, zlib.DEFLATED, -15)
        self.size = 0

    def add(self, content: bytes) -> bytes:
        for digest in self._digests:
            digest.update(content)
        self.size += len(content)
        if self._squeezer is None:
            return content
        self._crc = zlib.crc32(content, self._crc)
        return self._squeezer.compress(content)

    def rest(self) -> bytes:
        return b"" if self._squeezer is None else self._squeezer.flush()

    def facts(self) -> Facts:
        sha256, sha512 = (digest.hexdigest() for digest in self._digests)
        return Facts(self.size, None if self._squeezer is None else self._crc, sha256, sha512)
