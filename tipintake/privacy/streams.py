"""Sealing files of any length, in constant memory: libsodium's secretstream over a derived key.

    file = SealedFile(path, key, context="export:<id>:package")
    file.write(b"...")
    file.finish()
    for block in opening(path, key, context="export:<id>:package"): ...

A file that was cut, reordered, changed, or moved to another name does not open. Every block is
authenticated before its bytes are handed out, and the last one is marked: a shorter file raises.
"""

import os
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import BinaryIO

from nacl import bindings, exceptions

from tipintake.privacy.seal import CannotOpen, DataKey

BLOCK = 65536
_HEADER = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_OVERHEAD = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_LAST = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class SealedFile(BufferedIOBase):
    """A file that is only ever written forward; what reaches the disk is sealed."""

    def __init__(self, path: Path, key: DataKey, *, context: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: BinaryIO = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        )
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        self._file.write(
            bindings.crypto_secretstream_xchacha20poly1305_init_push(
                self._state, key.for_file(context)
            )
        )
        self._waiting = bytearray()
        self.size = 0

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return self.size

    def write(self, content: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._waiting += content
        self.size += len(content)
        while len(self._waiting) > BLOCK:
            self._push(bytes(self._waiting[:BLOCK]), _MORE)
            del self._waiting[:BLOCK]
        return len(content)

    def flush(self) -> None:
        """Blocks are whole: what waits for its block stays in memory."""

    def finish(self) -> None:
        """Mark the end and bring it to the disk. Without this the file does not open."""
        self._push(bytes(self._waiting), _LAST)
        self._waiting.clear()
        self._file.flush()
        os.fsync(self._file.fileno())
        self.close()

    def close(self) -> None:
        if not self._file.closed:
            self._file.close()
        super().close()

    def _push(self, block: bytes, tag: int) -> None:
        self._file.write(
            bindings.crypto_secretstream_xchacha20poly1305_push(self._state, block, b"", tag)
        )


class OpenedFile(BufferedIOBase):
    """A sealed file, read forward."""

    def __init__(self, path: Path, key: DataKey, *, context: str) -> None:
        self._blocks = opening(path, key, context=context)
        self._waiting = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = -1 if size is None else size
        while wanted < 0 or len(self._waiting) < wanted:
            block = next(self._blocks, None)
            if block is None:
                break
            self._waiting += block
        taken = bytes(self._waiting if wanted < 0 else self._waiting[:wanted])
        del self._waiting[: len(taken)]
        return taken


def opening(path: Path, key: DataKey, *, context: str) -> Iterator[bytes]:
    """The blocks of a sealed file. Raises `seal.CannotOpen`, at the latest at a cut-off end."""
    with path.open("rb") as file:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        try:
            bindings.crypto_secretstream_xchacha20poly1305_init_pull(
                state, file.read(_HEADER), key.for_file(context)
            )
            tag = _MORE
            while tag != _LAST:
                sealed = file.read(BLOCK + _OVERHEAD)
                block, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
                yield block
            more = file.read(1)
        except (exceptions.CryptoError, exceptions.ValueError):
            raise CannotOpen from None
    if more:
        raise CannotOpen
