"""JSON lines in, JSON lines out, one object a line, in the same order."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tipintake.routing.explain import BadTip

Answer = Callable[[Any], dict[str, Any]]


def answer_lines(source: BinaryIO, target: TextIO, answer: Answer, *, what: str) -> int:
    """Write one answer for each line; a bad line gets {"id": …, "error": sentence}.

    The number of bad lines.
    """
    bad = 0
    with _progress(what) as advance:
        for line in source:
            if not line.strip():
                continue
            row: Any = None
            try:
                row = json.loads(line)
                shown = answer(row)
            except BadTip as problem:
                bad += 1
                shown = {"error": str(problem)}
            except (ValueError, RecursionError):
                bad += 1
                shown = {"error": "This line is not JSON; write one object on each line."}
            name = row.get("id") if isinstance(row, dict) else None
            target.write(json.dumps({"id": name, **shown}) + "\n")
            advance()
    target.flush()
    return bad


@contextmanager
def _progress(what: str) -> Iterator[Callable[[], None]]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    columns = (SpinnerColumn(), TextColumn(f"{what} {{task.completed:.0f}}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what)
        yield lambda: progress.advance(task)
