"""A new key pair in place of the present one, which stays beside it and still opens until all
that was sealed to it is sealed to the new one; then it is destroyed."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tipintake.privacy import keys
from tipintake.privacy.keys import Pair
from tipintake.privacy.seal import PrivateKey
from tipintake.staff import audit
from tipintake.tips import own_keys, resealing
from tipintake.tips.resealing import Resealed

KEPT_AT_LEAST = timedelta(hours=1)


class CannotFinish(Exception):
    """The earlier key was kept; the sentence says what to do."""


class AtWork(Exception):
    """Another rotation runs here."""

    def __init__(self, private_dir: Path) -> None:
        super().__init__(
            f"Another `manage.py keys rotate` works on {private_dir}. Nothing was changed. Wait "
            "until it has ended, then run this again."
        )


@contextmanager
def alone(private_dir: Path) -> Iterator[None]:
    """No other rotation runs here until the block ends: of two, each would put a key of its own
    in place, and what was sealed to the first would open with nothing. Raises AtWork."""
    handle = os.open(private_dir, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWork(private_dir) from None
        yield
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Rotation:
    """Of one pair, where this installation keeps its keys."""

    pair: Pair
    keys_dir: Path
    private_dir: Path
    actor: str
    now: datetime

    def private(self) -> PrivateKey:
        return keys.private_key(self.private_dir, self.pair)

    def has_earlier(self) -> bool:
        return bool(self.private().earlier)

    def begin(self) -> PrivateKey:
        """The new key, or that of a rotation which was begun before. Raises ForeignKeys."""
        is_begun = self.has_earlier()
        keys.begin_rotation(self.keys_dir, self.private_dir, self.pair, expect=own_keys.expect)
        own_keys.remember(self.keys_dir)
        private = self.private()
        if not is_begun:
            self._record("keys.rotated", key=private.public.id)
        return private

    def waiting(self) -> int:
        """How many rows are sealed to another key than the public half that is here."""
        public = getattr(keys.public_keys(self.keys_dir), self.pair)
        return resealing.rows_waiting(self.pair, public)

    def reseal(self) -> Iterator[Resealed]:
        return resealing.reseal(self.pair, self.private(), actor=self.actor, now=self.now)

    def finish(self, *, at_once: bool, reseal: Callable[[], None]) -> None:
        """Destroy the earlier key. `reseal` is called once more for what came meanwhile."""
        made = datetime.fromtimestamp(
            (self.private_dir / f"{self.pair}.key").stat().st_mtime, tz=UTC
        )
        if self.now - made < KEPT_AT_LEAST and not at_once:
            raise CannotFinish(
                "The new key is less than an hour old, and a tip may still be on its way sealed "
                "to the earlier one. Run this again later."
            )
        if self.waiting():
            raise CannotFinish(
                "Tips still arrive sealed to the earlier key: a machine that takes tips has the "
                f"old {self.pair}.pub. Copy the new one there, then run this again."
            )
        own_keys.forget_earlier(self.pair, self.keys_dir)
        if self.waiting():  # from a machine that had not noticed yet
            reseal()
        keys.end_rotation(self.private_dir, self.pair)
        self._record("keys.rotation_finished")

    def _record(self, act: str, **facts: audit.Fact) -> None:
        audit.record(act, actor=self.actor, now=self.now, subject=self.pair, **facts)
