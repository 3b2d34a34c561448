"""Why a tip sorts behind the rest. Low trust groups and sorts; it never delays or refuses."""

import enum
from datetime import timedelta

from django.http import HttpRequest

from tipintake.door.crowd import CROWDED, FULL

HONEYPOT_FIELD = "website"  # a field no person sees; scripts fill it
UNHURRIED = timedelta(seconds=10)
BUSY_KEY = "tipintake.busy"  # where the request keeps how busy its origin is, 0 to 3


class Reason(enum.StrEnum):
    """What speaks for a script rather than a person."""

    FAST = "fast"
    HONEYPOT = "honeypot"
    CROWDED = "crowded"


def reasons(
    *,
    busy: int = 0,
    form_age: timedelta | None = None,
    honeypot: str = "",
    has_worked: bool = False,
) -> tuple[Reason, ...]:
    """`form_age` is how long the form was open; None where there was no form.

    A form has a token of its own and posts each time that a button is pressed: people who share
    an address, as in a library, fill it later than programs do.
    """
    most = CROWDED if form_age is None else FULL
    found = {
        Reason.FAST: form_age is not None and form_age < UNHURRIED,
        Reason.HONEYPOT: bool(honeypot.strip()),
        Reason.CROWDED: busy >= most and not has_worked,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def how_busy(request: HttpRequest) -> int:
    """How many posts its origin sends, as 0 to 3; nothing else of the origin is left."""
    return int(request.META.get(BUSY_KEY, 0))
