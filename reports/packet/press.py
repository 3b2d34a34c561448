"""Pages are set in a process of its own, which gives its memory back and can be stopped.

Typst keeps what it laid out for later, about three megabytes a page; the exporter lives long.
The process is told what to print over a pipe and answers with the PDF: it is given no key, no
setting and no folder, and nothing of it touches the disk. It ends with whoever started it,
because then its pipe does.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from reports.packet.typeset import CannotTypeset, Typeset, pages_of, typeset
from reports.pipes import beside, received, send

LONGEST_SECONDS = 300.0  # a hundred times what a volume takes


@dataclass(frozen=True, slots=True)
class Job:
    """One PDF. Of `instead` each replaces some of `values`, until it has at most `most_pages`;
    the last is taken in any case."""

    template: str
    values: Mapping[str, Any]
    files: Mapping[str, bytes]
    made_at: datetime
    instead: Sequence[Mapping[str, Any]] = field(default_factory=lambda: ({},))
    most_pages: int | None = None


def printed(jobs: Iterable[Job], *, longest: float = LONGEST_SECONDS) -> Iterator[Typeset]:
    """The PDF of each, in their order. Raises CannotTypeset."""
    process = beside("reports.packet.press")
    if process.stdin is None or process.stdout is None:
        raise CannotTypeset("The process that sets pages has no pipe.")
    try:
        for job in jobs:
            yield _answered(process, job, process.stdin, process.stdout, longest)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not read yet is lost with it
                pipe.close()


def _answered(
    process: "subprocess.Popen[bytes]",
    job: Job,
    question: IO[bytes],
    answer: IO[bytes],
    longest: float,
) -> Typeset:
    watch = threading.Timer(longest, process.kill)
    watch.daemon = True
    watch.start()
    try:
        send(question, _asked(job))
        said = json.loads(received(answer))
        if "problem" in said:
            raise CannotTypeset(said["problem"])
        return Typeset(received(answer), said["accessible"], tuple(said["notes"]))
    except (OSError, EOFError):
        raise CannotTypeset(
            "The process that sets pages ended before it was done. Ask for fewer tips."
        ) from None
    finally:
        watch.cancel()


def _asked(job: Job) -> bytes:
    return json.dumps(
        {
            "template": job.template,
            "values": job.values,
            "files": {name: content.decode() for name, content in job.files.items()},
            "made_at": job.made_at.isoformat(),
            "instead": list(job.instead),
            "most_pages": job.most_pages,
        }
    ).encode()


# --- In the process itself ---------------------------------------------------------------------


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    while True:
        try:
            asked = json.loads(received(questions))
        except EOFError:
            return
        try:
            made = _made(asked)
        except CannotTypeset as problem:
            send(answers, json.dumps({"problem": str(problem)}).encode())
            continue
        send(answers, json.dumps({"accessible": made.accessible, "notes": made.notes}).encode())
        send(answers, made.pdf)


def _made(asked: Mapping[str, Any]) -> Typeset:
    files = {name: content.encode() for name, content in asked["files"].items()}
    made_at = datetime.fromisoformat(asked["made_at"])
    *before, last = ({**asked["values"], **other} for other in asked["instead"])
    for values in before:
        made = typeset(asked["template"], values, files, made_at=made_at)
        if asked["most_pages"] is None or pages_of(made.pdf) <= asked["most_pages"]:
            return made
    return typeset(asked["template"], last, files, made_at=made_at)


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
