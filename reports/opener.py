"""Sealed words are opened in a process of its own where there are many of them.

Opening is a third of the work of an export, and of it nothing but arithmetic: a second core does
it while the exporter writes the rows of the thousand tips before. The process is a child of the
exporter and holds what the exporter holds, the desk's key. It gets the key over its pipe, not in
its arguments or surroundings, which others on the machine can read; it has no database, no
setting and no folder, and nothing of it touches the disk. It ends with whoever started it,
because then its pipe does.
"""

import marshal
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed

# What a value is bound to, the key of its tip as it was sealed, and the value. Without a key the
# tip's words are gone.
Closed = tuple[str, bytes | None, bytes]
Opener = Callable[[Sequence[Closed]], list[str | None]]

_ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "LANG", "LC_ALL", "SYSTEMROOT")
_COMMAND = (sys.executable, "-m", "reports.opener")
_LENGTH = struct.Struct(">Q")


class OpenerGone(Exception):
    """The process that opens words ended before it was done."""


def opened(desk: PrivateKey, closed: Sequence[Closed]) -> list[str | None]:
    """The text of each, or None where it does not open."""
    return [_opened(desk, one) for one in closed]


def _opened(desk: PrivateKey, closed: Closed) -> str | None:
    context, boxed, words = closed
    if boxed is None:
        return None
    try:
        own = DataKey.unseal(Sealed(boxed), desk)
        return own.open(Sealed(words), context=context).decode()
    except CannotOpen:
        return None


@contextmanager
def opening_apart(desk: PrivateKey) -> Iterator[Opener]:
    """Opens in a process of its own, until the block ends. Raises OpenerGone."""
    allowed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**allowed, "PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if process.stdin is None or process.stdout is None:
        raise OpenerGone("The process that opens words has no pipe.")
    question, answer = process.stdin, process.stdout

    def ask(closed: Sequence[Closed]) -> list[str | None]:
        try:
            _send(question, list(closed))
            said: list[str | None] = _received(answer)
        except (OSError, EOFError):
            raise OpenerGone("The process that opens words ended before it was done.") from None
        return said

    try:
        with suppress(OSError):  # said by the first question
            _send(question, [one.to_bytes() for one in (desk, *desk.earlier)])
        yield ask
    finally:
        process.kill()
        process.wait()
        for pipe in (question, answer):
            with suppress(OSError):  # what was not read yet is lost with it
                pipe.close()


def _send(pipe: IO[bytes], content: object) -> None:
    packed = marshal.dumps(content)
    pipe.write(_LENGTH.pack(len(packed)))
    pipe.write(packed)
    pipe.flush()


def _received(pipe: IO[bytes]) -> list:  # type: ignore[type-arg]  # of what was sent
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError
    content: list[object] = marshal.loads(packed)  # noqa: S302  from our own process
    return content


# --- In the process itself ---------------------------------------------------------------------


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    raw, *earlier = _received(questions)
    desk = PrivateKey(raw, earlier=tuple(map(PrivateKey, earlier)))
    with suppress(EOFError):
        while True:
            _send(answers, opened(desk, _received(questions)))


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
