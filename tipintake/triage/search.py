"""Finding tips by what stands in them in clear, and by their sealed words.

What is in clear is looked up in one table of terms (tips/terms.py). Sealed words are opened one
tip after another, only of tips that the rest of the search left, for a reason that is recorded,
and never more than a fixed number. Every search is in the audit with what it asked for, and with
a keyed mark of each value instead of the value.
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
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import BooleanField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.models import Line
from tipintake.privacy import keys
from tipintake.privacy.scrub.lexicon import ordinary_words
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.staff.visible import lines_visible_to
from tipintake.tips import messages, online, rooms, terms
from tipintake.tips.models import Message, SearchTerm, Sighting, Tip
from tipintake.tips.plate_patterns import LEAST_KNOWN, PlatePattern
from tipintake.tips.secrets import narrative_of
from tipintake.tips.vocabulary import Term
from tipintake.triage import intelligence
from tipintake.triage.visible import tips_visible_to

PAGE = 50
FEW = 2000  # so many tips of one term are looked at; of more, the tips are walked in their order
SHOWN = ("reference", "priority", "status", "submitted_hour", "category", "indicators")
MOST_READ = 3000  # tips whose words one search opens
STEP = 250  # of them in one request
MOST_FOUND = 100
SHORTEST_WORDS = 3
AROUND = 70
_ZIP = re.compile(r"\d{5}(-\d{4})?")
MARK = 8  # bytes of a keyed mark: enough to compare, in hexadecimal

PLATE_TOO_SHORT = (
    f"Give at least {LEAST_KNOWN} known characters of the plate, or something else to search for "
    "beside it, such as a city, a color or a day."
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


class Reason(models.TextChoices):
    """Why sealed words are opened for a search. A closed list: the audit repeats it."""

    DANGER = "DANGER", "Somebody may be in danger now"
    LINK = "LINK", "To see whether tips belong together"
    REQUEST = "REQUEST", "A line asked about it"
    CASE = "CASE", "An opened case needs it"
    QUALITY = "QUALITY", "Our own handling is under review"


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


# --- What is in clear ------------------------------------------------------------------------


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
            found.append(Problem("plate", PLATE_TOO_SHORT))
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


# --- Sealed words ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What is looked for in sealed words: each word, or a "stretch in quotation marks"."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, typed: str) -> Self:
        pieces = typed.split('"')
        quoted = [_plain(piece) for piece in pieces[1::2]]
        single = [_plain(word) for piece in pieces[0::2] for word in piece.split()]
        return cls(tuple(part for part in (*quoted, *single) if part))

    @property
    def are_enough(self) -> bool:
        return max((len(part) for part in self.parts), default=0) >= SHORTEST_WORDS

    def excerpt(self, text: str, *, closed: Iterable[str] = ()) -> str:
        """What stands around the first of them, if all are there; else empty. A name that is
        closed is not found: neither whole nor a part of it."""
        plain = _without(closed, text)
        if not self.parts or not all(part in plain for part in self.parts):
            return ""
        at = min(plain.find(part) for part in self.parts)
        start, end = max(0, at - AROUND), at + AROUND
        shown = text[start:end]
        # Whole words only, and no half of a mark of the scrubber.
        if start:
            shown = "… " + shown[: at - start].partition(" ")[2] + shown[at - start :]
        if end < len(text):
            shown = shown.rpartition(" ")[0] + " …"
        return shown.strip()


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A tip whose words hold what was looked for."""

    tip: Tip
    excerpt: str


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """One step of a search in sealed words."""

    found: list[Found]
    opened: int
    unreadable: int
    position: Position | None  # where the next step begins; None: all were read


def begin_words(
    asked: Asked, searcher: Searcher, words: str, reason: Reason, *, now: datetime
) -> int:
    """Record that words are about to be opened, and why. How many tips that will be at most."""
    tips = matching(asked, searcher, now=now).values("pk")[:MOST_READ]
    count = tips.count()
    audit.record(
        "search.words",
        actor=searcher.user.username,
        now=now,
        facets=sorted(asked.given()),
        marks=[*marks_of(asked), *_marks_of_words(words)],
        reason=reason.value,
        tips=count,
    )
    return count


def _marks_of_words(words: str) -> list[str]:
    """Of all that was typed, and of each word or stretch of it: either may be asked for."""
    whole = words.replace('"', " ")
    return marked(("words", one) for one in (whole, *Words.parse(words).parts))


def read_words(
    asked: Asked,
    searcher: Searcher,
    words: Words,
    reason: Reason,
    *,
    private: PrivateKey,
    position: Position | None,
    most: int,
    now: datetime,
) -> Read:
    """Open the words of the next tips. Each that is shown is recorded as read."""
    rows = after(matching(asked, searcher, now=now), position).select_related("data_key")
    tips = list(rows.prefetch_related("messages", "persons")[: most + 1])
    followed = _names_followed(searcher, now)
    found, unreadable = [], 0
    for tip in tips[:most]:
        try:
            excerpt = words.excerpt(_all_words(tip, private), closed=_closed(tip, followed))
        except (CannotOpen, ObjectDoesNotExist):
            unreadable += 1
            continue
        if excerpt:
            found.append(Found(tip, excerpt))
    audit.record(
        "search.words_opened",
        actor=searcher.user.username,
        now=now,
        reason=reason.value,
        opened=len(tips[:most]),
        found=len(found),
    )
    audit.record_each(
        "tip.words_found",
        [(one.tip.reference, {"reason": reason.value}) for one in found],
        actor=searcher.user.username,
        now=now,
    )
    more = Position.of(tips[most - 1]) if len(tips) > most else None
    return Read(found, len(tips[:most]), unreadable, more)


def excerpts(
    references: Sequence[str],
    searcher: Searcher,
    words: Words,
    *,
    private: PrivateKey,
    now: datetime,
) -> list[Found]:
    """What earlier steps found, once more: nothing of it was kept."""
    tips = tips_visible_to(searcher.user).filter(reference__in=references[:MOST_FOUND])
    rows = tips.select_related("data_key").prefetch_related("messages", "persons")
    followed = _names_followed(searcher, now)
    by_reference = {tip.reference: tip for tip in rows}
    found = []
    for reference in references:
        if (tip := by_reference.get(reference)) is None:
            continue
        try:
            closed = _closed(tip, followed)
            found.append(Found(tip, words.excerpt(_all_words(tip, private), closed=closed)))
        except (CannotOpen, ObjectDoesNotExist):
            continue
    return found


def _all_words(tip: Tip, private: PrivateKey) -> str:
    """The narrative and what its writer added later; held words and names stay closed."""
    texts = [narrative_of(tip, private)]
    for message in tip.messages.all():
        if message.direction == Message.Direction.ANSWER:
            message.tip = tip
            texts.append(messages.words_for_desk(message, private))
    return "\n".join(text for text in texts if text)


def _names_followed(searcher: Searcher, now: datetime) -> frozenset[bytes]:
    """Marks of the names that this account may follow: of records in force that it may read."""
    if May.READ_INTELLIGENCE not in searcher.acts:
        return frozenset()
    return intelligence.names_in_force(tips_visible_to(searcher.user), now=now)


def _closed(tip: Tip, followed: frozenset[bytes]) -> list[str]:
    """Names of the people described in a tip: allegations, which no search follows."""
    names = [one.name_or_alias for one in tip.persons.all() if one.name_or_alias]
    return [one for one in names if intelligence.mark(one) not in followed]


def _without(closed: Iterable[str], text: str) -> str:
    """The plain text with every closed name blotted out, whole or in part, as long as before.

    A word that everybody uses, such as the "big" of a "Big Rickard", stays where it stands small
    and alone.
    """
    plain = _plain(text)
    for name in closed:
        words = re.findall(r"[^\W_]+", _plain(name))
        whole = r"[\W_]+".join(words)
        for match in re.finditer(rf"(?<![^\W_])(?:{whole})(?![^\W_])", plain) if words else ():
            plain = _blotted(plain, match.span())
        for word in words:
            for match in re.finditer(rf"(?<![^\W_]){word}(?![^\W_])", plain):
                if word not in ordinary_words() or text[match.start()].isupper():
                    plain = _blotted(plain, match.span())
    return plain


def _blotted(plain: str, span: tuple[int, int]) -> str:
    start, end = span
    return plain[:start] + "\0" * (end - start) + plain[end:]


def _plain(text: str) -> str:
    """No case and no accents, each character for one, so that places in it stay true."""
    return "".join(_bare(char) for char in text)


def _bare(char: str) -> str:
    lowered = char.casefold()
    if len(lowered) != 1:
        return char
    return _ACCENTED.get(lowered, lowered)


_ACCENTED = dict(zip("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc", strict=True))
