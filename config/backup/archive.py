"""A tar within an age file, written and read forward, with nothing in clear on any disk.

pyrage pulls what it encrypts and pushes what it decrypts. What we raise meanwhile it would turn
into words of its own, so it is put aside and raised again.
"""

import io
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pyrage

BLOCK = tarfile.BLOCKSIZE
LARGEST = 1 << 30  # bytes of one member; ours are a few megabytes
Member = tuple[str, bytes]


class CannotOpen(Exception):
    """The file does not open; the sentence says what it may be."""


def write(members: Iterable[Member], file: BinaryIO, recipients: Sequence[Any]) -> None:
    """Encrypt the members into `file` as they come."""
    source = _Pulled(_tar(members))
    try:
        pyrage.encrypt_io(source, file, list(recipients))
    except Exception:
        if source.failure is not None:
            raise source.failure from None
        raise


def read(path: Path, identities: Sequence[Any], each: Callable[[str, bytes], None]) -> None:
    """Hand every member to `each`, in order. Raises CannotOpen, at the latest at the end."""
    sink = _Pushed(each)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, sink, list(identities))
    except (pyrage.DecryptError, OSError) as error:
        if sink.failure is not None:
            raise sink.failure from None
        if isinstance(error, OSError) and not isinstance(error, pyrage.DecryptError):
            reason = f"{path} cannot be read ({error.strerror or 'an error of the disk'})."
            if not path.is_file() or isinstance(error, PermissionError):
                raise CannotOpen(reason) from None
        raise CannotOpen(_why(path, sink)) from None
    if not sink.ended:
        raise CannotOpen(f"{path} ends too early: it was cut off or changed.")


def _why(path: Path, sink: "_Pushed") -> str:
    if sink.begun:
        return f"{path} opens and then breaks off: it was cut off or changed. Take another copy."
    with path.open("rb") as file:
        is_age = file.read(21) == b"age-encryption.org/v1"
    if is_age:
        return (
            f"{path} does not open with this identity: it is another recovery key than those to "
            "which the backup was made, or the file is damaged."
        )
    return f"{path} is no backup of this program: it is not an age file."


def _tar(members: Iterable[Member]) -> Iterator[bytes]:
    for name, content in members:
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        yield info.tobuf(tarfile.USTAR_FORMAT)
        yield content
        yield bytes(-len(content) % BLOCK)
    yield bytes(2 * BLOCK)


class _Pulled(io.RawIOBase):
    """Reads from whatever makes bytes."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._waiting = b""
        self.failure: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        try:
            while not self._waiting:
                self._waiting = next(self._source)
        except StopIteration:
            return b""
        except BaseException as failure:
            self.failure = failure
            raise
        size = len(self._waiting) if size < 0 else size
        taken, self._waiting = self._waiting[:size], self._waiting[size:]
        return taken


class _Pushed(io.RawIOBase):
    """Finds the members in what is written to it."""

    def __init__(self, each: Callable[[str, bytes], None]) -> None:
        self._each = each
        self._waiting = bytearray()
        self._member: tarfile.TarInfo | None = None
        self.begun = self.ended = False
        self.failure: BaseException | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        self.begun = True
        self._waiting += content
        try:
            while self._step():
                pass
        except BaseException as failure:
            self.failure = failure
            raise
        return len(content)

    def _step(self) -> bool:
        if self._member is None:
            if self.ended or len(self._waiting) < BLOCK:
                return False
            head = bytes(self._waiting[:BLOCK])
            del self._waiting[:BLOCK]
            if head == bytes(BLOCK):
                self.ended = True
                return False
            try:
                self._member = tarfile.TarInfo.frombuf(head, "utf-8", "strict")
            except tarfile.HeaderError:
                self._member = None
            if self._member is None or not 0 <= self._member.size <= LARGEST:
                raise CannotOpen("What the file holds is no archive of this program.")
        size = self._member.size
        whole = size + -size % BLOCK
        if len(self._waiting) < whole:
            return False
        content, name = bytes(self._waiting[:size]), self._member.name
        del self._waiting[:whole]
        self._member = None
        self._each(name, content)
        return True
