"""Many tips alike within a day: a copied text, one plate, one number, again and again.

They may come from one hand that wants to drown a line or to make one report look like many, or
from many people who saw the same. Nobody here can tell, so they are grouped: read together, and
counted as one report where reports are counted. Nothing is hidden, delayed or refused.

Plates and numbers are evidence and stand in clear. Words are sealed: for a day an HMAC of them is
kept beside the tip, keyed by the pepper and the day, so that equal texts are seen without opening
one. See docs/explanation/threat-model.md for what that surrenders.
"""

import hashlib
import hmac
import unicodedata
import uuid
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tipintake.privacy import coarsen
from tipintake.privacy.scrub import EvidenceKind
from tipintake.tips import unknown
from tipintake.tips.models import EvidenceInWords, OnlineLead, SameWords, Tip, Vehicle

WINDOW = timedelta(hours=24)
KEPT = WINDOW + timedelta(hours=1)  # counted in full hours, as tips are dated
LEAST_ALIKE = {"words": 3, "plate": 5, "phone": 5}
LEAST_LETTERS = 20  # shorter texts are alike by chance
LEAST_PLATE = 4  # characters of a plate that were seen
MARK_BYTES = 16


# --- Words: at the door, where they are readable ---------------------------------------------


def marks_of(text: str, *, pepper: bytes, now: datetime) -> tuple[bytes, ...]:
    """Today's mark of these words and yesterday's, so that midnight parts no flood."""
    plain = normalised(text)
    if len(plain) < LEAST_LETTERS:
        return ()
    today = coarsen.hour(now).date()
    return tuple(_mark(plain, pepper, day) for day in (today, today - timedelta(days=1)))


def normalised(text: str) -> str:
    """Letters and digits alone, in one case: spaces, signs and accents make no new text."""
    taken_apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in taken_apart if char.isalnum())


def _mark(plain: str, pepper: bytes, day: date) -> bytes:
    key = hmac.digest(pepper, b"same words\x00" + day.isoformat().encode(), hashlib.sha256)
    return hmac.digest(key, plain.encode(), hashlib.sha256)[:MARK_BYTES]


def forget_marks(now: datetime) -> int:
    """Marks that no later tip can share are deleted; says how many."""
    deleted, _by_model = SameWords.objects.filter(expires_at__lte=now).delete()
    return deleted


# --- Groups: by the worker, from what stands in clear and from the marks ----------------------


# Where a value of each kind stands: (model, column, further condition).
SOURCES: dict[str, tuple[tuple[type[Any], str, Q], ...]] = {
    "words": ((SameWords, "mark", Q()),),
    "plate": ((Vehicle, "plate_skeleton", Q()), (EvidenceInWords, "skeleton", Q())),
    "phone": (
        (OnlineLead, "ad_phone_e164", Q()),
        (EvidenceInWords, "canonical", Q(kind=EvidenceKind.PHONE)),
    ),
}


def group(tips: Collection[UUID], *, now: datetime) -> int:
    """Group these tips with those of the last day that are alike. How many were put in a group.

    Few queries for a batch of tips while nothing is alike; a few more for each flood.
    """
    since = coarsen.hour(now) - WINDOW
    done = 0
    for kind, least in LEAST_ALIKE.items():
        for value in _common(kind, tips, since=since, least=least):
            done += _group(_alike(kind, value, since=since), least)
    return done


def _common(
    kind: str, tips: Collection[UUID], *, since: datetime, least: int
) -> Iterator[str | bytes]:
    """Values of these tips that may stand in so many tips of the last day."""
    sources = SOURCES[kind]
    values: set[str | bytes] = set()
    for model, column, rows in sources:
        found = model.objects.filter(rows, tip__in=tips).values_list(column, flat=True)
        values |= {value for value in map(_plain, found) if _says_enough(kind, value)}
    if not values:
        return
    counts: Counter[str | bytes] = Counter()
    for model, column, rows in sources:
        among = model.objects.filter(
            rows, tip__submitted_hour__gte=since, **{f"{column}__in": values}
        )
        for value, number in among.values_list(column).annotate(Count("tip", distinct=True)):
            counts[_plain(value)] += number
    yield from (value for value, number in counts.items() if number >= least)


def _alike(kind: str, value: str | bytes, *, since: datetime) -> QuerySet[Tip]:
    holds = Q()
    for model, column, rows in SOURCES[kind]:
        having = model.objects.filter(rows, **{column: value})
        holds |= Q(pk__in=having.values("tip"))
    return Tip.objects.filter(holds, submitted_hour__gte=since, stands_alone=False)


def _group(alike: QuerySet[Tip], least: int) -> int:
    if alike.count() < least:
        return 0
    known = alike.exclude(flood=None).order_by("flood").values_list("flood", flat=True).first()
    return alike.filter(flood=None).update(flood=known or uuid.uuid4())


def _plain(value: str | bytes | memoryview) -> str | bytes:
    return bytes(value) if isinstance(value, memoryview) else value


def _says_enough(kind: str, value: str | bytes) -> bool:
    """A plate of which little was seen is alike many, and "unknown" is none."""
    if kind == "plate":
        plate = str(value)
        seen = sum(char.isalnum() for char in plate)
        return seen >= LEAST_PLATE and not unknown.is_no_skeleton(plate)
    return bool(value) and not (kind == "phone" and unknown.is_no_number(str(value)))
