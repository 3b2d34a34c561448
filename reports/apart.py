"""A process beside the exporter, for exports of many tips: it opens words, and makes lines of CSV,
hashed and deflated as they will lie in the package.

The exporter reads the next tips and seals what was made of those before, while a second core does
this. The process is a child of the exporter and holds what the exporter holds,
the desk's key. It gets the key over its pipe, not in its arguments or surroundings, which others
on the machine can read; it has no database, no setting and no folder, imports no Django, and
nothing of it touches the disk. It ends with whoever started it, because then its pipe does.
"""

import fcntl
import gc
import marshal
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import IO, Any, NamedTuple, Self

from reports import pipes
from reports.composing import (
    Closed,
    Composer,
    More,
    Read,
    Shape,
    Values,
    unopened_of,
    words_of,
)
from reports.lines import Lines, Spec, file_of
from reports.package.squeezing import Facts, Squeezer
from reports.rows import DialogRow, LinkRow, TipRow
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed

RECORDS, HASHES = "tips.jsonl", "tip-hashes.txt"
_PIPE = 1 << 20  # the most that Linux gives; with less, each chunk wakes both sides forty times


class Noted(NamedTuple):
    """What the exporter notes of each tip that went in."""

    reference: str
    tip_hash: str
    disposition: str
    policy_version: int | None


class Made(NamedTuple):
    """What was made of some tips: of each file of the package its next piece."""

    pieces: dict[str, bytes]
    noted: list[Noted]
    unopened: list[str]


class Maker:
    """Opens the words of tips and makes their records and lines."""

    def __init__(self, desk: PrivateKey, shape: Shape, spec: Spec) -> None:
        self._desk = desk
        self._composer = Composer(shape)
        self._lines = Lines(spec)
        self._files: dict[str, Squeezer] = {}

    def made(self, read: Read, texts: Sequence[str | None], closed: Sequence[Closed]) -> Made:
        """`texts` are the words of the first tips, `closed` those of the others."""
        texts = [*texts, *opened(self._desk, closed)]
        records, hashes, noted = [], [], []
        # Row by row: what was just made is still at hand for its lines.
        for row in self._composer.rows(read, read.names, words_of(read, texts)):
            self._lines.add(row)
            records.append(record_of(row))
            hashes.append(hash_of(row))
            noted.append(noted_of(row))
        says = {RECORDS: b"".join(records), HASHES: b"".join(hashes)}
        says |= {file_of(table): lines for table, lines in self._lines.take().items()}
        pieces = {name: self._squeezed(name, content) for name, content in says.items()}
        return Made(pieces, noted, unopened_of(read, texts))

    def ended(self) -> dict[str, tuple[bytes, Facts]]:
        """The rest of each file, and what is to be entered of it."""
        return {name: (one.rest(), one.facts()) for name, one in self._files.items()}

    def _squeezed(self, name: str, content: bytes) -> bytes:
        if name not in self._files:
            self._files[name] = Squeezer(name)
        return self._files[name].add(content)


def record_of(row: TipRow) -> bytes:
    return row.canonical + b"\n"


def hash_of(row: TipRow) -> bytes:
    return f"{row.tip_hash}  {row.reference}\n".encode()


def noted_of(row: TipRow) -> Noted:
    return Noted(row.reference, row.tip_hash, row.disposition, row.policy_version)


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


class Gone(Exception):
    """The process beside the exporter ended before it was done."""

    def __init__(self) -> None:
        super().__init__("The process that opens words ended before it was done.")


class Apart:
    """The process, as the exporter holds it: one question at a time, from one thread.

    With a shape and a spec it makes what `Maker` makes, else it opens alone. Raises Gone.
    """

    def __init__(self, desk: PrivateKey, shape: Shape | None = None, spec: Spec | None = None):
        self._process = pipes.beside("reports.apart")
        for pipe in (self._process.stdin, self._process.stdout):
            # Where the system has it and lets us.
            with suppress(OSError, AttributeError):
                fcntl.fcntl(self._pipe(pipe), fcntl.F_SETPIPE_SZ, _PIPE)
        held = [one.to_bytes() for one in (desk, *desk.earlier)]
        with suppress(OSError):  # said by the first question
            self._send((held, shape and tuple(shape), spec and tuple(spec)))

    @property
    def pid(self) -> int:
        return self._process.pid

    def opened(self, closed: Sequence[Closed]) -> list[str | None]:
        said: list[str | None] = self._ask(list(closed))
        return said

    def made(self, read: Read, texts: Sequence[str | None], closed: Sequence[Closed]) -> Made:
        question = (*read[:-1], {name: _told(more) for name, more in read.more.items()})
        pieces, noted, unopened = self._ask((question, list(texts), list(closed)))
        return Made(pieces, list(map(Noted._make, noted)), unopened)

    def ended(self) -> dict[str, tuple[bytes, Facts]]:
        """The rest of each file of which pieces were made, and what is to be entered of it."""
        return {name: (rest, Facts(*facts)) for name, (rest, facts) in self._ask(None).items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not read yet is lost with it
                if pipe is not None:
                    pipe.close()

    def _ask(self, question: Any) -> Any:
        try:
            self._send(question)
            return _received(self._pipe(self._process.stdout))
        except (OSError, EOFError):
            raise Gone from None

    def _send(self, question: Any) -> None:
        _send(self._pipe(self._process.stdin), question)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        if pipe is None:
            raise Gone
        return pipe


def _told(more: More) -> tuple[list[Values], list[Values]]:
    """Dialog and links. Pictures and names of the vault are told to no other process."""
    dialog, links, *_ = more
    return (
        [(side, at.isoformat(), text) for side, at, text in dialog],
        list(map(tuple, links)),
    )


def _heard(dialog: list[Values], links: list[Values]) -> More:
    return (
        tuple(
            DialogRow(side, at and datetime.fromisoformat(at), text) for side, at, text in dialog
        ),
        tuple(map(LinkRow._make, links)),
        (),
        (),
        0,
    )


def _send(pipe: IO[bytes], content: Any) -> None:
    pipes.send(pipe, marshal.dumps(content))


def _received(pipe: IO[bytes]) -> Any:
    return marshal.loads(pipes.received(pipe))  # noqa: S302  from our own process


# --- In the process itself ---------------------------------------------------------------------


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    (raw, *earlier), shape, spec = _received(questions)
    gc.disable()  # rows and lines hold no circles, and looking for some takes a tenth
    desk = PrivateKey(raw, earlier=tuple(map(PrivateKey, earlier)))
    maker = Maker(desk, Shape._make(shape), Spec._make(spec)) if shape and spec else None
    with suppress(EOFError, BrokenPipeError):
        while True:
            _send(answers, _answer(desk, maker, _received(questions)))


def _answer(desk: PrivateKey, maker: Maker | None, asked: Any) -> object:
    if maker is None:
        return opened(desk, asked)
    if asked is None:
        return {name: (rest, tuple(facts)) for name, (rest, facts) in maker.ended().items()}
    (*read, more), texts, closed = asked
    heard = {name: _heard(*told) for name, told in more.items()}
    made = maker.made(Read._make((*read, heard)), texts, closed)
    return made.pieces, list(map(tuple, made.noted)), made.unopened


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
