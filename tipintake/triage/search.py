"""Finding tips by what stands in them in clear.

It is looked up in one table of terms (tips/terms.py). Every search is in the audit with what it
asked for, and with a keyed mark of each value instead of the value.
"""

import hashlib
import hmac
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import BooleanField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.models import Line
from tipintake.privacy import keys
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.staff.visible import lines_visible_to
from tipintake.tips import online, rooms, terms
from tipintake.tips.models import SearchTerm, Sighting, Tip
from tipintake.tips.plate_patterns import LEAST_KNOWN, PlatePattern
from tipintake.tips.vocabulary import Term
from tipintake.triage import intelligence
from tipintake.triage.visible import tips_visible_to

PAGE = 50
FEW = 2000  # so many tips of one term are looked at; of more, the tips are walked in their order
SHOWN = ("reference", "priority", "status", "submitted_hour", "category", "indicators")
_ZIP = re.compile(r"\d{5}(-\d{4})?")
MARK = 8  # bytes of a keyed mark: enough to compare, in hexadecimal

PLATE_TOO_SHORT = gettext_noop(
    "Give at least {least} known characters of the plate, or something else to search for beside "
    "it, such as a city, a color or a day."
)
PLATE_UNREADABLE = gettext_noop(
    "Write the plate in letters and digits, with ? for one unseen and * for several."
)
NOT_A_PHONE = gettext_noop(
    "This is no telephone number: write all its digits, with the area code."
)
NOTHING_READABLE = gettext_noop(
    "There is nothing in this to search for. Write it in letters and digits."
)
RACE_ALONE = gettext_noop(
    "How somebody's race was described is never searched for by itself. Add at least two things "
    "that were seen, such as a place, a vehicle or a sign."
)
NAME_CLOSED = gettext_noop(
    "A name in a tip is an unverified allegation and is not followed from tip to tip. Names of "
    "intelligence records in force are searched by those whose role reads such records."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is searched for; everything that is given must hold."""

    plate: str = ""
    plate_state: str = ""
    make: str = ""
    colour: str = ""
    style: str = ""
    phone: str = ""
    handle: str = ""
    url: str = ""
    email: str = ""
    payment: str = ""
    place: str = ""
    room: str = ""
    city: str = ""
    zip: str = ""
    exit: str = ""
    venue: str = ""
    sign: tuple[str, ...] = ()
    category: str = ""
    seen_from: date | None = None
    seen_to: date | None = None
    came_from: date | None = None
    came_to: date | None = None
    priority: str = ""
    status: str = ""
    disposition: str = ""
    line: str = ""
    race: str = ""
    name: str = ""

    def given(self) -> dict[str, str | tuple[str, ...] | date]:
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value}


# What describes the handling of a tip and not what was seen: it narrows nobody down.
OF_HANDLING = frozenset(
    {"priority", "status", "disposition", "line", "came_from", "came_to", "category"}
)
LEAST_BESIDE_RACE = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a search, and in which field."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Searcher:
    """Who asks, and what that account may see."""

    user: User
    acts: frozenset[May]

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(user, acts_of(user))


@dataclass(frozen=True, slots=True)
class Position:
    """After which tip a page begins."""

    hour: datetime
    pk: uuid.UUID

    def __str__(self) -> str:
        return f"{self.hour.isoformat()}~{self.pk}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        hour, _, pk = text.partition("~")
        try:
            found = cls(datetime.fromisoformat(hour), uuid.UUID(pk))
        except ValueError:
            return None
        return found if found.hour.tzinfo is not None else None

    @classmethod
    def of(cls, tip: Tip) -> Self:
        return cls(tip.submitted_hour, tip.pk)


def problems(asked: Asked, searcher: Searcher) -> list[Problem]:
    """Why this is not searched. Empty: it can be."""
    given = asked.given()
    beside = given.keys() - {"plate"}
    found = []
    if asked.plate:
        pattern = PlatePattern.parse(asked.plate)
        if not pattern.text:
            found.append(Problem("plate", _(PLATE_UNREADABLE)))
        elif pattern.known < LEAST_KNOWN and not beside:
            found.append(Problem("plate", _(PLATE_TOO_SHORT).format(least=LEAST_KNOWN)))
    if asked.phone and not _phone(asked.phone):
        found.append(Problem("phone", _(NOT_A_PHONE)))
    if asked.race and len(given.keys() - OF_HANDLING - {"race"}) < LEAST_BESIDE_RACE:
        found.append(Problem("race", _(RACE_ALONE)))
    if asked.name and May.READ_INTELLIGENCE not in searcher.acts:
        found.append(Problem("name", _(NAME_CLOSED)))
    found += [
        Problem(name, _(NOTHING_READABLE))
        for name, (_kind, read) in _BY_TERM.items()
        if name != "phone" and getattr(asked, name) and not read(getattr(asked, name))
    ]
    if asked.place and not terms.words_of(asked.place):
        found.append(Problem("place", _(NOTHING_READABLE)))
    return found


def matching(asked: Asked, searcher: Searcher, *, now: datetime) -> QuerySet[Tip]:
    """Visible tips that are so, the newest first. Ask `problems` before."""
    tips = tips_visible_to(searcher.user)
    if wanted := list(_of_evidence(asked)):
        tips = tips.filter(_having(wanted))
    for condition in _conditions(asked, searcher, now):
        tips = tips.filter(condition)
    return tips.order_by("-submitted_hour", "-pk")


def after(tips: QuerySet[Tip], position: Position | None) -> QuerySet[Tip]:
    """What comes after this one, in that order."""
    if position is None:
        return tips
    # The first half is implied by the second; it alone lets an index begin at the right row.
    return tips.filter(submitted_hour__lte=position.hour).filter(
        Q(submitted_hour__lt=position.hour) | Q(pk__lt=position.pk)
    )


def page(
    asked: Asked,
    searcher: Searcher,
    *,
    position: Position | None,
    now: datetime,
    columns: Mapping[str, Combinable] | None = None,
) -> tuple[list[Tip], Position | None]:
    """One page with vehicles, places and further `columns`, and where the next begins. The search
    is recorded first."""
    audit.record(
        "search.made",
        actor=searcher.user.username,
        now=now,
        facets=sorted(asked.given()),
        marks=marks_of(asked),
        continued=position is not None,
    )
    tips = after(matching(asked, searcher, now=now), position).only(*SHOWN)
    rows = tips.annotate(**(columns or {})).prefetch_related("vehicles", "locations")
    found = list(rows[: PAGE + 1])
    more = Position.of(found[PAGE - 1]) if len(found) > PAGE else None
    return found[:PAGE], more


def marks_of(asked: Asked) -> list[str]:
    """Each facet with a keyed mark of each of its values, by which searches can be compared."""
    return marked((name, one) for name, value in asked.given().items() for one in _listed(value))


def marked(values: Iterable[tuple[str, object]]) -> list[str]:
    """The same of (facet, value) pairs, each once: what an entry about any search may hold."""
    return list(dict.fromkeys(f"{facet}:{mark_of(facet, value)}" for facet, value in values))


def mark_of(facet: str, value: object) -> str:
    """The same for a value in each of its spellings; opens nothing without the pepper."""
    return _mark(_one_form(facet, str(value)))


def marks_to_look_for(typed: str) -> set[str]:
    """What a value may have left behind, by whichever facet somebody searched for it."""
    return {_mark(form) for form in {_one_form(facet, typed) for facet in ("", *_FORMS)}}


def _one_form(facet: str, typed: str) -> str:
    """As the facet looks it up; as it was typed, where it has no other form."""
    form = _FORMS[facet](typed) if facet in _FORMS else ""
    return " ".join(unicodedata.normalize("NFKC", form or typed).casefold().split())


def _mark(form: str) -> str:
    root = hmac.digest(keys.pepper(settings.KEYS_DIR), b"search audit\x00", hashlib.sha256)
    return hmac.digest(root, form.encode(), hashlib.sha256)[:MARK].hex()


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple) else (value,)


def _phone(raw: str) -> str:
    return online.e164(raw)


# Facets that are one term each: its kind, and how what was typed becomes one.
_BY_TERM: Mapping[str, tuple[Term, Callable[[str], str]]] = {
    "plate_state": (Term.PLATE_STATE, terms.state_of),
    "make": (Term.MAKE, terms.make_of),
    "colour": (Term.COLOUR, terms.colour_of),
    "style": (Term.STYLE, terms.style_of),
    "phone": (Term.PHONE, _phone),
    "handle": (Term.HANDLE, online.canonical_handle),
    "email": (Term.EMAIL, lambda typed: typed.strip().casefold()),
    "payment": (Term.PAYMENT, online.canonical_payment_tag),
    "room": (Term.ROOM, rooms.canonical),
    "zip": (Term.ZIP, lambda typed: typed.strip()[:5]),
    "venue": (Term.VENUE, str),
}
# How what was typed becomes the one form of which a mark is made.
_FORMS: Mapping[str, Callable[[str], str]] = {
    **{name: read for name, (_kind, read) in _BY_TERM.items() if name != "zip"},
    "plate": lambda typed: PlatePattern.parse(typed).text,
    "city": terms.city_of,
    "url": lambda typed: _whole_address(typed) if "." in typed else "",
    "zip": lambda typed: typed[:5] if _ZIP.fullmatch(typed) else "",
}
# Of these those that name one thing, and not a kind of things.
TELLING = ("phone", "email", "payment", "handle", "room", "zip")
_OF_TIP = ("category", "priority", "status", "disposition")


def _conditions(asked: Asked, searcher: Searcher, now: datetime) -> Iterable[Q]:
    yield from _of_handling(asked, searcher)
    if asked.seen_from or asked.seen_to:
        yield _seen(asked)
    if asked.name:
        yield Q(pk__in=intelligence.about(asked.name, now=now).values("tip"))


def _of_evidence(asked: Asked) -> Iterator[Q]:
    """For rows of `SearchTerm`, what few tips have first."""
    if asked.plate:
        yield PlatePattern.parse(asked.plate).condition()
    yield from _single(asked, TELLING)
    if asked.url:
        yield _address(asked.url)
    if asked.exit:
        yield _exit(asked.exit)
    for word in terms.words_of(asked.place):
        yield Q(kind=Term.WORD, term=word)
    if asked.city:
        yield terms.in_city(asked.city)
    yield from _single(asked, [name for name in _BY_TERM if name not in TELLING])
    for word in terms.words_of(asked.race):
        yield Q(kind=Term.RACE, term=word)
    for sign in asked.sign:
        yield Q(kind=Term.SIGN, term=sign)


def _single(asked: Asked, names: Iterable[str]) -> Iterator[Q]:
    for name in names:
        if typed := getattr(asked, name):
            kind, read = _BY_TERM[name]
            yield Q(kind=kind, term=read(typed))


def _of_handling(asked: Asked, searcher: Searcher) -> Iterable[Q]:
    for name in _OF_TIP:
        if value := getattr(asked, name):
            yield Q(**{name: value})
    if asked.line:
        lines = Line.objects.filter(lines_visible_to(searcher.user), code=asked.line)
        yield Q(pk__in=Tip.objects.filter(hand_offs__line__in=lines).values("pk"))
    if asked.came_from:
        yield Q(submitted_hour__gte=_begin(asked.came_from))
    if asked.came_to:
        yield Q(submitted_hour__lt=_begin(asked.came_to + timedelta(days=1)))


def _having(wanted: Sequence[Q]) -> Q:
    """Tips with all of these terms: the few that have the first one, or else asked one by one in
    their order, of which a page needs few when many fit."""
    first = SearchTerm.objects.filter(wanted[0]).values_list("tip", flat=True)
    few = list(first[: FEW + 1])
    found = Q(pk__in=set(few)) if len(few) <= FEW else _has(wanted[0])
    for one in wanted[1:]:
        found &= _has(one)
    return found


def _has(term: Q) -> Q:
    row = SearchTerm.objects.filter(term, tip=OuterRef("pk")).values(found=Value(True))
    return Q(Coalesce(Subquery(row[:1]), False, output_field=BooleanField()))


def _address(typed: str) -> Q:
    """The very address; or, of a bare name of a site, everything there."""
    whole = _whole_address(typed)
    host = terms.host_of(whole)
    if whole == f"https://{host}":
        return Q(kind=Term.HOST, term=host)
    return Q(kind=Term.URL, term=whole[: terms.LONGEST])


def _whole_address(typed: str) -> str:
    return online.canonical_url(typed if "//" in typed else f"https://{typed}")


def _exit(typed: str) -> Q:
    """ "I-70 212": with its road, or with none given; "212" alone on any road."""
    *road, number = typed.replace("exit", " ").split() or [""]
    bare = terms.exit_of("", number)
    if not road:
        return Q(kind=Term.EXIT, term__endswith=bare)
    return Q(kind=Term.EXIT, term__in=[terms.exit_of("".join(road), number), bare])


def _seen(asked: Asked) -> Q:
    """Any part of the sighting lies within these days."""
    seen = Sighting.objects.all()
    if asked.seen_to:
        seen = seen.filter(start__lt=_begin(asked.seen_to + timedelta(days=1)))
    if asked.seen_from:
        since = _begin(asked.seen_from)
        seen = seen.filter(Q(start__gte=since) | Q(end__gte=since))
    return Q(pk__in=seen.values("tip"))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
