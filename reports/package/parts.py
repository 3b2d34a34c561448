"""The files of a package while it is made: each hashed, deflated and sealed as it is written.

What a part says reaches the disk only sealed, under a key of the export that is itself sealed to
the desk. It is deflated before, as it will lie in the package: a tenth of it reaches the disk, and
it is not touched again. Manifests and small files wait in sealed files too, so that memory does
not grow with the number of tips.
"""

import hashlib
import io
import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from tipintake.privacy.seal import DataKey
from tipintake.privacy.streams import OpenedFile, SealedFile, opening

STORED = (".xlsx", ".jpg", ".pdf", ".png", ".zip")  # deflated already
LEVEL = 3
_RECORD = struct.Struct(">HI")  # lengths of the name and the content of one small file


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the payload: where it stands in the bag, and how. `crc` is of what it says;
    it is None where the content is not deflated yet."""

    path: str
    size: int
    crc: int | None = None


class Parts:
    """What the formats write to (`formats.base.Files`)."""

    def __init__(
        self, folder: Path, key: DataKey, *, alive: Callable[[], None] = lambda: None
    ) -> None:
        self._folder, self._key = folder, key
        self.alive = alive
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._parts: list[tuple[Part, Path]] = []
        self.octets = 0
        self.count = 0
        self._small = self._sealed("small")
        self._manifests = {name: self._sealed(f"manifest-{name}") for name in ("sha256", "sha512")}

    def text(self, name: str) -> TextIO:
        made = io.TextIOWrapper(
            self.binary(name), encoding="utf-8", errors="replace", newline="", write_through=False
        )
        made._CHUNK_SIZE = 65536  # type: ignore[attr-defined]  # noqa: SLF001  fewer, larger writes
        return made

    def binary(self, name: str) -> BinaryIO:
        path = f"data/{name}"
        file = self._folder / f"part-{len(self._parts)}-{self.count}"
        sealed = SealedFile(file, self._key, context=file.name)
        self.count += 1
        return cast("BinaryIO", _Hashed(path, sealed, file, self._entered))

    def whole(self, name: str, content: bytes) -> None:
        path = f"data/{name}".encode()
        self._small.write(_RECORD.pack(len(path), len(content)) + path + content)
        self._enter(f"data/{name}", len(content), hashlib.sha256(content), hashlib.sha512(content))
        self.count += 1

    def scratch(self, name: str) -> "SealedScratch":
        return SealedScratch(self._folder / f"scratch-{name}", self._key)

    def close(self) -> None:
        """Nothing more comes; from now on the payload and the manifests can be read."""
        self._small.finish()
        for one in self._manifests.values():
            one.finish()

    def payload(self) -> Iterator[tuple[Part, Iterator[bytes]]]:
        """Every file with its content, in the order of the manifests' making."""
        for part, file in self._parts:
            yield part, opening(file, self._key, context=file.name)
        small = OpenedFile(self._folder / "small", self._key, context="small")
        while head := small.read(_RECORD.size):
            path, size = _RECORD.unpack(head)
            name, content = small.read(path).decode(), small.read(size)
            yield Part(name, size), iter((content,))

    def manifest(self, algorithm: str) -> Iterator[bytes]:
        name = f"manifest-{algorithm}"
        return opening(self._folder / name, self._key, context=name)

    @staticmethod
    def remove(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def _sealed(self, name: str) -> SealedFile:
        return SealedFile(self._folder / name, self._key, context=name)

    def _entered(self, made: "_Hashed") -> None:
        crc = made.crc if made.deflated else None
        self._parts.append((Part(made.path, made.size, crc), made.file))
        self._enter(made.path, made.size, *made.digests)

    def _enter(
        self, path: str, size: int, sha256: "hashlib._Hash", sha512: "hashlib._Hash"
    ) -> None:
        self.octets += size
        for name, digest in (("sha256", sha256), ("sha512", sha512)):
            self._manifests[name].write(f"{digest.hexdigest()}  {path}\n".encode())


class _Hashed(io.BufferedIOBase):
    """A payload file being written: hashed in clear, sealed on disk, entered when closed."""

    def __init__(
        self, path: str, sealed: SealedFile, file: Path, entered: "Callable[[_Hashed], None]"
    ) -> None:
        self.path, self.file, self._sealed, self._entered = path, file, sealed, entered
        self.digests = (hashlib.sha256(), hashlib.sha512())
        self.size = 0
        self.crc = 0
        self.deflated = not path.endswith(STORED)
        self._squeezer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15) if self.deflated else None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.size

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        for digest in self.digests:
            digest.update(content)
        self.size += len(content)
        if self._squeezer is None:
            self._sealed.write(content)
        else:
            self.crc = zlib.crc32(content, self.crc)
            self._sealed.write(self._squeezer.compress(content))
        return len(content)

    def close(self) -> None:
        if not self.closed:
            if self._squeezer is not None:
                self._sealed.write(self._squeezer.flush())
            self._sealed.finish()
            super().close()
            self._entered(self)


class SealedScratch:
    """A file that is read again and belongs to nothing."""

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path, self._key = path, key
        self._file = SealedFile(path, key, context=path.name)

    def write(self, content: bytes, /) -> int:
        return self._file.write(content)

    def blocks(self) -> Iterator[bytes]:
        if not self._file.closed:
            self._file.finish()
        return opening(self._path, self._key, context=self._path.name)
