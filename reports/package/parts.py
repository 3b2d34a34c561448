"""The files of a package while it is made: each hashed, deflated and sealed as it is written.

What a part says reaches the disk only sealed, under a key of the export that is itself sealed to
the desk. It is deflated before, as it will lie in the package: a tenth of it reaches the disk, and
it is not touched again. Manifests and small files wait in sealed files too, so that memory does
not grow with the number of tips.
"""

import io
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from reports.package.squeezing import Facts, Squeezer
from tipintake.privacy.seal import DataKey
from tipintake.privacy.streams import OpenedFile, SealedFile, opening

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
        return cast("BinaryIO", _Hashed(self.pieces(name)))

    def pieces(self, name: str) -> "Pieces":
        """A file that is hashed and deflated elsewhere."""
        file = self._folder / f"part-{len(self._parts)}-{self.count}"
        sealed = SealedFile(file, self._key, context=file.name)
        self.count += 1
        return Pieces(f"data/{name}", sealed, file, self._entered)

    def whole(self, name: str, content: bytes) -> None:
        path = f"data/{name}"
        squeezer = Squeezer(path)
        squeezer.add(content)
        self._small.write(_RECORD.pack(len(path.encode()), len(content)) + path.encode() + content)
        self._enter(path, squeezer.facts())
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

    def _entered(self, path: str, file: Path, facts: Facts) -> None:
        self._parts.append((Part(path, facts.size, facts.crc), file))
        self._enter(path, facts)

    def _enter(self, path: str, facts: Facts) -> None:
        self.octets += facts.size
        for name, digest in (("sha256", facts.sha256), ("sha512", facts.sha512)):
            self._manifests[name].write(f"{digest}  {path}\n".encode())


class Pieces:
    """A payload file that comes as it will lie in the package: sealed on disk, entered at its
    end."""

    def __init__(
        self,
        path: str,
        sealed: SealedFile,
        file: Path,
        entered: Callable[[str, Path, Facts], None],
    ) -> None:
        self.path, self._sealed, self._file, self._entered = path, sealed, file, entered

    def write(self, piece: bytes) -> None:
        self._sealed.write(piece)

    def end(self, rest: bytes, facts: Facts) -> None:
        self._sealed.write(rest)
        self._sealed.finish()
        self._entered(self.path, self._file, facts)


class _Hashed(io.BufferedIOBase):
    """A payload file being written: hashed in clear, sealed on disk, entered when closed."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces, self._squeezer = pieces, Squeezer(pieces.path)

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self._squeezer.size

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        self._pieces.write(self._squeezer.add(content))
        return len(content)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._pieces.end(self._squeezer.rest(), self._squeezer.facts())


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
