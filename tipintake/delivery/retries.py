"""When an undelivered notice is tried again, and when it is given up. Pure."""

from datetime import timedelta

# After the first failed attempt, the second, … Eight attempts over about eleven hours.
WAITS: tuple[timedelta, ...] = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=8),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=4),
)
MOST_ATTEMPTS = len(WAITS) + 1
LONGEST_ASKED_FOR = timedelta(hours=4)
REST = timedelta(seconds=30)


def wait_after(
    attempts: int, *, jitter: float, asked_for: timedelta | None = None, scale: float = 1.0
) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up.

    `jitter` is a random number from 0 to 1: it spreads the wait from three quarters to five
    quarters, so that a recovering endpoint is not met by all at once. `asked_for` is what the
    endpoint asked for (Retry-After); it lengthens a wait, never beyond four hours.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    wait = WAITS[attempts - 1] * (0.75 + jitter / 2) * scale
    return max(wait, min(asked_for or wait, LONGEST_ASKED_FOR))


def longest_wait(*, scale: float = 1.0) -> timedelta:
    """Nothing that is tried again waits longer."""
    return max(max(*WAITS, REST) * 1.25 * scale, LONGEST_ASKED_FOR)


def rest_of_others(asked_for: timedelta | None, *, scale: float) -> timedelta:
    """How long the other notices of an endpoint that just failed are left alone."""
    return max(REST * scale, min(asked_for or timedelta(), LONGEST_ASKED_FOR))
