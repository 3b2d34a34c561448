"""JSON lines in, JSON lines out, one object a line, in the same order."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tipintake.routing.explain import BadTip

log = logging.getLogger(__name__)

Answer = Callable[[dict[str, Any]], dict[str, Any]]


def answer_lines(source: BinaryIO, target: TextIO, answer: Answer, *, what: str) -> int:
    """Write one answer for each line; a bad line gets {"id": …, "error": sentence}.

    The number of bad lines.
    """
    bad = 0
    with _progress(what) as advance:
        for line in source:
            if not line.strip():
                continue
            name, shown = _answered(line, answer)
            bad += "error" in shown
            target.write(json.dumps({"id": name, **shown}) + "\n")
            advance()
    target.flush()
    return bad


def _answered(line: bytes, answer: Answer) -> tuple[Any, dict[str, Any]]:
    try:
        row = json.loads(line)
    except UnicodeDecodeError:
        return None, {"error": "This line is not UTF-8; save it again as UTF-8."}
    except (ValueError, RecursionError):
        return None, {"error": "This line is not JSON; write one object on each line."}
    if not isinstance(row, dict):
        return None, {"error": 'This line is no object; write {"id": …, …} on each line.'}
    try:
        return row.get("id"), answer(row)
    except BadTip as problem:
        return row.get("id"), {"error": str(problem)}
    except Exception:
        log.exception("lines.one_failed")
        return row.get("id"), {"error": "This line could not be answered; the log says where."}


@contextmanager
def _progress(what: str) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn(f"{what} {{task.completed:.0f}}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what)
        yield lambda: progress.advance(task)
