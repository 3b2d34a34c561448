"""A commit whose answer was lost with the connection: whether it was done is asked anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, transaction


class PerhapsKept(Exception):
    """The database went away when all was written, and cannot be asked whether it kept it.

    The same page or Idempotency-Key of a tip sent again is kept once.
    """


@contextmanager
def asked_anew(
    stands: Callable[[], bool], *, ring: Callable[[], None]
) -> Iterator[Callable[[], None]]:
    """Around a transaction: what is given is called in it, when all is written. It then rings.

    Raises PerhapsKept, and whatever the database raised before all was written.
    """
    is_written = False

    def written() -> None:
        nonlocal is_written
        transaction.on_commit(ring, robust=True)
        is_written = True

    try:
        yield written
    except (OperationalError, InterfaceError) as fault:
        if not is_written:
            raise
        if not _is_so(stands):
            raise PerhapsKept from fault
        ring()


def _is_so(stands: Callable[[], bool]) -> bool:
    try:
        return stands()
    except (OperationalError, InterfaceError):
        return False
