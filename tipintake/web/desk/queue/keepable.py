"""What a view that is kept may say: a purge reaches neither its name nor its words.

A plate, a tip number, a telephone number or a room is known by its shape. A person's name is not,
so the words of a view are those that the installation itself holds, and the form says the rest.
"""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from django.utils.translation import gettext_noop as noop

from tipintake.directory.models import Jurisdiction
from tipintake.staff.models import User
from tipintake.tips import terms
from tipintake.triage.models import Tag
from tipintake.web.desk.queue.facets import ME, NOBODY
from tipintake.web.desk.queue.language import Asked

NAME_HOLDS_EVIDENCE = noop(
    "The name holds what looks like a plate, a tip number, a telephone number or a room. Name the "
    "view after the work and not after what somebody saw: it is not purged with the tip."
)
ONLY_KNOWN = noop(
    "A view that is kept asks only for cities of the directory, tags and accounts, which {words} "
    "is not. Leave it out, and type it when you need it."
)
SHORTEST_PLATE = 5
MOST_DIGITS = 6  # more in a row, whatever stands between them, are a telephone number
MOST_LETTERS = 3  # of a plate, beside a number
_NUMBER = re.compile(r"(?!20\d\d$)\d{3,}")
_RUN = re.compile(r"[^\W_]+")
_TIP = re.compile(r"\bT-[0-9A-Z]{4}-?[0-9A-Z]{4}\b", re.IGNORECASE)


def looks_like_evidence(name: str) -> bool:
    runs = _RUN.findall(name)
    return (
        _TIP.search(name) is not None
        or sum(char.isdigit() for char in name) > MOST_DIGITS
        or any(_is_plate(run) for run in runs)
        or any(_is_plate(one + other) for one, other in pairwise(runs) if _parts(one, other))
    )


def _is_plate(run: str) -> bool:
    mixed = any(char.isdigit() for char in run) and any(char.isalpha() for char in run)
    return mixed and len(run) >= SHORTEST_PLATE


def _parts(one: str, other: str) -> bool:
    """Two halves of a plate, such as 7KX 4A2, ABC 123 or 123 ABC; a room; never a year."""
    if all(any(char.isdigit() for char in part) for part in (one, other)):
        return True
    return any(
        letters.isalpha() and len(letters) <= MOST_LETTERS and _NUMBER.fullmatch(digits)
        for letters, digits in ((one, other), (other, one))
    )


def _no_city(value: str) -> bool:
    names = Jurisdiction.objects.values_list("name", flat=True)
    return terms.city_of(value) not in {terms.city_of(name) for name in names}


def _no_tag(value: str) -> bool:
    return not Tag.objects.filter(code=value.lower()).exists()


def _no_account(value: str) -> bool:
    return value.lower() not in {ME, NOBODY} and not User.objects.filter(username=value).exists()


# The words whose values somebody types freely.
_FREE: Mapping[str, Callable[[str], bool]] = {
    "city": _no_city,
    "tag": _no_tag,
    "assigned": _no_account,
}


def unknown_words(asked: Asked) -> list[str]:
    """What the installation does not hold itself, as it was typed."""
    return [
        f"“{value}”"
        for word in asked.words
        for value in word.values
        if word.key in _FREE and _FREE[word.key](value)
    ]
