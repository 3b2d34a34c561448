"""Why a tip sorts behind the rest. Low trust groups and sorts; it never delays or refuses."""

import enum
from datetime import timedelta

from django.http import HttpRequest

from tipintake.door.crowd import CROWDED

HONEYPOT_FIELD = "website"  # a field no person sees; scripts fill it
UNHURRIED = timedelta(seconds=10)
BUSY_KEY = "tipintake.busy"  # where the request keeps how busy its origin is, 0 to 3


class Reason(enum.StrEnum):
    """What speaks for a script rather than a person."""

    FAST = "fast"
    HONEYPOT = "honeypot"
    CROWDED = "crowded"


def reasons(
    *, busy: int = 0, form_age: timedelta | None = None, honeypot: str = ""
) -> tuple[Reason, ...]:
    """`form_age` is how long the form was open; None where there was no form."""
    found = {
        Reason.FAST: form_age is not None and form_age < UNHURRIED,
        Reason.HONEYPOT: bool(honeypot.strip()),
        Reason.CROWDED: busy >= CROWDED,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def how_busy(request: HttpRequest) -> int:
    """How many posts its origin sent lately, as 0 to 3; nothing else of the origin is left."""
    return int(request.META.get(BUSY_KEY, 0))
