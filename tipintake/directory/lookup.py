"""What the directory says: about places, lines, who answers, and what residents may see."""

import gc
import threading
from dataclasses import dataclass
from datetime import datetime

from tipintake.directory.gazetteer import (
    AliasEntry,
    ExitEntry,
    Gazetteer,
    JurisdictionEntry,
    PlaceEntry,
)
from tipintake.directory.models import (
    SHOWABLE,
    Alias,
    Contact,
    HighwayExit,
    Jurisdiction,
    KnownPlace,
    Line,
    Referral,
    RegionRelease,
    ZipArea,
)

# Lines that stand in for everybody else. When nobody answers them, tips wait unread.
MUST_ANSWER = ("victim-advocate", "regional-triage", "out-of-area")
MUST_HAVE = (Contact.Role.QUEUE, Contact.Role.SUPERVISOR)


class UnknownLine(LookupError):
    """No line has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"No line has the code {code!r}. `manage.py region diff` shows what the pack has."
        )


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as residents may see it: its number is checked."""

    code: str
    name: str
    number: str
    year: int | None  # to print beside a number that only a dated source supports


@dataclass(frozen=True, slots=True)
class ShownReferral:
    code: str
    name: str
    what: str
    kind: str
    contact: str
    url: str
    city: str


# --- Places ----------------------------------------------------------------------------------

Release = tuple[int, str, datetime]  # key, digest and time of the newest row
_lock = threading.Lock()
_cached: tuple[Release, Gazetteer] | None = None


def current_gazetteer() -> Gazetteer:
    """What is known of places, as the newest release says.

    The newest release is asked for at each call, so that a load in one process is seen by every
    other without a restart. An installation without any region gets an empty one: a tip is never
    lost for want of a map.
    """
    release = (
        RegionRelease.objects.order_by("-pk").values_list("pk", "digest", "loaded_at").first()
    )
    return Gazetteer(version="") if release is None else gazetteer_of(release)


def gazetteer_of(release: Release) -> Gazetteer:
    """The same when the newest release is known already. Read once per release and process."""
    global _cached
    kept = _cached
    if kept is not None and kept[0] == release:
        return kept[1]
    with _lock:
        kept = _cached
        if kept is None or kept[0] != release:
            kept = (release, _read_gazetteer(release[1]))
            _cached = kept
            _let_rest()
    return kept[1]


def name_of_area(code: str) -> str:
    """What a jurisdiction is called, as this process last read it; its code when it has none."""
    known = _cached[1] if _cached is not None else current_gazetteer()
    return next((one.name for one in known.jurisdictions if one.code == code), code)


def renew(*, now: datetime) -> None:
    """After staff approved or changed an alias or a line: let every process read it again.

    Call it inside the transaction of the change.
    """
    newest = RegionRelease.objects.order_by("-pk").first()
    if newest is not None:
        RegionRelease.objects.create(
            region=newest.region, digest=newest.digest, loaded_at=now, written=newest.written
        )


def _let_rest() -> None:
    """What a process has loaded by now stays: it need not be searched for rubbish at each
    collection, which else costs a third of routing.
    """
    gc.collect()
    gc.freeze()


def _read_gazetteer(version: str) -> Gazetteer:
    return Gazetteer(
        version=version,
        jurisdictions=tuple(
            JurisdictionEntry(*row)
            for row in Jurisdiction.objects.order_by("code").values_list(
                "code", "name", "kind", "county", "police_line", "task_force", "is_home", "geoid"
            )
        ),
        places=tuple(
            PlaceEntry(name, state, kind, tuple(counties), geoid)
            for name, state, kind, counties, geoid in KnownPlace.objects.order_by(
                "geoid"
            ).values_list("name", "state", "kind", "region_counties", "geoid")
        ),
        aliases=tuple(
            AliasEntry(*row)
            for row in Alias.objects.filter(approved=True)
            .order_by("text")
            .values_list("text", "kind", "outcome", "jurisdiction")
        ),
        exits=tuple(
            ExitEntry(highway, number, outcome, jurisdiction, tuple(sides))
            for highway, number, outcome, jurisdiction, sides in HighwayExit.objects.order_by(
                "highway", "pk"
            ).values_list("highway", "exit", "outcome", "jurisdiction", "sides")
        ),
        zips={
            code: tuple(counties)
            for code, counties in ZipArea.objects.order_by("zip").values_list("zip", "counties")
        },
        line_codes=frozenset(Line.objects.filter(active=True).values_list("code", flat=True)),
    )


# --- Lines -----------------------------------------------------------------------------------


def line(code: str) -> Line:
    try:
        return Line.objects.get(code=code)
    except Line.DoesNotExist:
        raise UnknownLine(code) from None


def answerable() -> list[str]:
    """Sentences about lines that nobody answers. Empty: a tip always finds somebody."""
    if not RegionRelease.objects.exists():
        return ["No region is loaded: run `manage.py region load`."]
    sentences = []
    active = set(
        Line.objects.filter(code__in=MUST_ANSWER, active=True).values_list("code", flat=True)
    )
    answered = set(
        Contact.objects.filter(line__code__in=active, active=True).values_list(
            "line__code", "role"
        )
    )
    for code in MUST_ANSWER:
        if code not in active:
            sentences.append(unanswered(code, ""))
            continue
        sentences += [unanswered(code, role) for role in MUST_HAVE if (code, role) not in answered]
    return sentences


def unanswered(code: str, role: str) -> str:
    """The sentence for a line without somebody in this role, or without the line itself."""
    if not role:
        return f"Line {code} is missing or inactive: tips that need it would wait for nobody."
    who = (
        "nobody is told when a tip arrives" if role == "QUEUE" else "nobody is told when one waits"
    )
    return f"Line {code} has no active {role} contact, so {who}: add one in the directory."


# --- What residents may see ------------------------------------------------------------------


def lines_to_show() -> tuple[Line, ...]:
    """Lines with a checked number, in the order of the pack."""
    rows = Line.objects.filter(active=True, verified_state__in=SHOWABLE).exclude(number="")
    return tuple(rows.order_by("pk"))


def shown_line(row: Line, lang: str) -> ShownLine:
    return ShownLine(
        code=row.code,
        name=row.resident_name_es if lang.startswith("es") else row.resident_name,
        number=row.shown_number,
        year=row.shown_year,
    )


def shown_lines(lang: str = "en") -> tuple[ShownLine, ...]:
    return tuple(shown_line(row, lang) for row in lines_to_show())


def referrals_to_show() -> tuple[Referral, ...]:
    """Checked services for people in the situation."""
    rows = Referral.objects.filter(verified_state__in=SHOWABLE)
    return tuple(rows.order_by("position", "code"))


def shown_referral(row: Referral, lang: str) -> ShownReferral:
    spanish = lang.startswith("es")
    return ShownReferral(
        code=row.code,
        name=row.name_es if spanish else row.name,
        what=row.what_es if spanish else row.what,
        kind=row.kind,
        contact=row.contact,
        url=row.url,
        city=row.city,
    )


def referrals_for_residents(lang: str = "en") -> tuple[ShownReferral, ...]:
    return tuple(shown_referral(row, lang) for row in referrals_to_show())
