"""What is tried with made-up input: a parser, what it is fed, and the law it must keep."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

MOST_SECONDS = 3.0  # of processor time for one value: nothing here is allowed to take longer


@dataclass(frozen=True, slots=True)
class Target:
    """`law` raises when the parser breaks: any exception that it does not foresee is a find."""

    name: str
    values: st.SearchStrategy[Any]
    law: Callable[[Any], None]
    examples: int = 25  # in the suite
    slow: bool = False  # left out of the suite

    def tried(self, value: Any) -> None:
        begun = time.process_time()
        self.law(value)
        took = time.process_time() - begun
        assert took < MOST_SECONDS, f"{self.name} took {took:.1f} s of processor time"


@contextmanager
def left_as_it_was() -> Any:
    """What is written inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def says_something(refusal: Exception) -> None:
    """A refusal is a sentence."""
    assert str(refusal).strip()
