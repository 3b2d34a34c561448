"""Where each millisecond of a submit goes: processor time by stage, without stages inside it."""

import functools
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

# Stage, and the functions in which its time is spent, as their callers name them.
STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("read the JSON", ("tipintake.api.parsers:read",)),
    (
        "validate",
        ("tipintake.api.sending:tip_values", "tipintake.api.sending:TipDraft.from_mapping"),
    ),
    ("same request before?", ("tipintake.api.sending:claim_of", "tipintake.api.sending:answered")),
    ("scrub: rules and the rest", ("tipintake.pipeline.submit:clean",)),
    ("scrub: random field", ("tipintake.privacy.scrub.labeller:Labeller.probabilities",)),
    (
        "scrub: what the field sees",
        ("tipintake.privacy.scrub.ensemble:look_at", "tipintake.privacy.scrub.scrubber:analyse"),
    ),
    ("scrub: encoder", ("tipintake.privacy.scrub.encoder:Encoder.probabilities",)),
    ("check", ("tipintake.pipeline.submit:_problems",)),
    ("lines, versions, places", ("tipintake.pipeline.submit:ground",)),
    ("places in the words", ("tipintake.pipeline.submit:_mentions",)),
    ("decide", ("tipintake.pipeline.submit:_decided", "tipintake.pipeline.submit:_placements")),
    ("seal and lay out rows", ("tipintake.pipeline.submit:store",)),
    ("audit entry", ("tipintake.pipeline.submit:audit.record",)),
    ("answer", ("tipintake.api.sending:answers.receipt_answer",)),
    ("keep the answer", ("tipintake.api.sending:idempotency.keep",)),
)
REST = "server, middleware, view"
DATABASE = "database driver"


class Stopwatch:
    """Processor time of this thread by stage; what runs inside another stage is taken from it."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def measured(self, stage: str, act: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(act)
        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.thread_time()
            self._inside.append(0.0)
            try:
                return act(*args, **kwargs)
            finally:
                took = time.thread_time() - begun
                self.spent[stage] += took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return timed


@contextmanager
def watched() -> Iterator[Stopwatch]:
    watch = Stopwatch()
    patches = []
    for stage, names in STAGES:
        for name in names:
            holder, attribute = _found(name)
            own = vars(holder)[attribute]
            act = own.__func__ if isinstance(own, classmethod) else own
            timed: Any = watch.measured(stage, act)
            patches.append(
                patch.object(
                    holder,
                    attribute,
                    classmethod(timed) if isinstance(own, classmethod) else timed,
                )
            )

    def statement(execute: Callable[..., Any], *rest: Any) -> Any:
        watch.spent["statements"] += 1
        return watch.measured(DATABASE, execute)(*rest)

    for one in patches:
        one.start()
    try:
        with connection.execute_wrapper(statement):
            yield watch
    finally:
        for one in patches:
            one.stop()


def _found(name: str) -> tuple[Any, str]:
    module, _colon, path = name.partition(":")
    holder: Any = importlib.import_module(module)
    *outer, attribute = path.split(".")
    for step in outer:
        holder = getattr(holder, step)
    return holder, attribute
