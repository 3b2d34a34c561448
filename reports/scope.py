"""Who may see which columns of a tip, and what every page and row must say. The law as tables.

A level is what one recipient needs to know. Rows are made for a level and hold nothing above it:
a format cannot show what it was never given.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.retention import today
from tipintake.tips.vocabulary import Immediacy, MinorPresent


class Level(enum.StrEnum):
    CODES = "CODES"
    HELP = "HELP"
    EVIDENCE = "EVIDENCE"
    DESK = "DESK"


LEVEL_WORDS: Mapping[Level, str] = {
    Level.CODES: "Codes only: kinds, signs and town; no words, names, plates or numbers",
    Level.HELP: "What is needed to help: kind, signs, where, and who may need help",
    Level.EVIDENCE: "All evidence, as scrubbed",
    Level.DESK: "All evidence, and what the person answered about themselves",
}

# --- What each kind of recipient may receive, the most first ---------------------------------
_ALL_EVIDENCE = (Level.EVIDENCE, Level.HELP, Level.CODES)
BY_RECIPIENT: Mapping[str, tuple[Level, ...]] = {
    Line.Kind.POLICE: _ALL_EVIDENCE,
    Line.Kind.POLICE_NEIGHBOUR: _ALL_EVIDENCE,
    Line.Kind.POLICE_STATE: _ALL_EVIDENCE,
    Line.Kind.TASK_FORCE: _ALL_EVIDENCE,
    Line.Kind.CHILD: _ALL_EVIDENCE,
    Line.Kind.NATIONAL: _ALL_EVIDENCE,
    Line.Kind.ALTERNATIVE: (Level.CODES,),
    Line.Kind.SERVICE: (Level.HELP, Level.CODES),
    Line.Kind.INTERNAL: (Level.DESK, *_ALL_EVIDENCE),
}
# --- What whoever asks must be allowed besides `May.EXPORT` ----------------------------------
NEEDED_FOR: Mapping[Level, frozenset[May]] = {
    Level.CODES: frozenset(),
    Level.HELP: frozenset(),
    Level.EVIDENCE: frozenset(),
    Level.DESK: frozenset({May.SEE_REPORTER_ANSWERS}),
}
NEEDED_FOR_VAULT = frozenset({May.OPEN_VAULT})
# Names of victims and minors go to those who protect them, and only with all evidence.
VAULT_FOR = frozenset(
    {
        Line.Kind.POLICE,
        Line.Kind.POLICE_NEIGHBOUR,
        Line.Kind.POLICE_STATE,
        Line.Kind.TASK_FORCE,
        Line.Kind.CHILD,
    }
)
PICTURES_AT = frozenset({Level.EVIDENCE, Level.DESK})
# Who writes that they are in the situation and does not allow police is kept from everybody but
# these. Where a minor or danger now was stated, as the form says before, routing brings the tip to
# the police of the place and to children's lines; an export goes no further than that. Whom the
# others tell is not ours to say: a line for children may be a police team, a hotline calls police.
WITHOUT_POLICE = frozenset({Line.Kind.SERVICE, Line.Kind.INTERNAL})


class Tlp(enum.StrEnum):
    AMBER_STRICT = "TLP:AMBER+STRICT"
    RED = "TLP:RED"


CAVEAT = (
    "UNVERIFIED TIP. LEAD ONLY. Not probable cause. Law-enforcement sensitive. "
    "Do not release victim or reporter information. Destroy by {date}."
)
DESTROY_AFTER: Mapping[Tlp, timedelta] = {
    Tlp.AMBER_STRICT: timedelta(days=180),
    Tlp.RED: timedelta(days=30),
}
GRADING = (
    "A letter and a digit grade a tip. The letter is the source: A reliable to E unreliable, F "
    "cannot be judged. The digit is the content: 1 confirmed to 5 improbable, 6 cannot be judged. "
    "An anonymous tip starts as F6: nobody knows the source and nothing has confirmed it yet."
)


@dataclass(frozen=True, slots=True)
class Caveat:
    """What every page and every row carries."""

    tlp: Tlp
    destroy_by: date

    @property
    def text(self) -> str:
        return CAVEAT.format(date=self.destroy_by.isoformat())


class Kind(enum.StrEnum):
    """How a column's values are written where a format knows more than text."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "boolean"
    DATE = "date"
    MOMENT = "datetime"
    CLOCK = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table. `reported`: part of what came in, and so of the tip's hash."""

    name: str
    title: str
    levels: frozenset[Level]
    kind: Kind = Kind.TEXT
    reported: bool = True


C = frozenset(Level)
H = frozenset({Level.HELP, Level.EVIDENCE, Level.DESK})
E = frozenset({Level.EVIDENCE, Level.DESK})
D = frozenset({Level.DESK})
_WHOLE, _REAL, _YES_NO = Kind.INTEGER, Kind.NUMBER, Kind.YES_NO

COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "tips": (
        Column("reference", "Tip number", C),
        Column("tip_hash", "SHA-256 of the tip's record", C, reported=False),
        Column("received_on", "Received on", C, Kind.DATE),
        Column("category", "Kind", C),
        Column("immediacy", "When", C),
        Column("minor_present", "Anyone under 18", C),
        Column("basis", "How known", C),
        Column("language", "Written in", C),
        Column("indicators", "Signs", C),
        Column("narrative", "What was written", E),
        Column("seen_kind", "Seen", H),
        Column("seen_start", "Seen from", H, Kind.MOMENT),
        Column("seen_end", "Seen until", H, Kind.MOMENT),
        Column("seen_approx_minutes", "Give or take (minutes)", H, _WHOLE),
        Column("seen_rrule", "Recurring (RFC 5545)", H),
        Column("seen_local_start", "Recurring from", H, Kind.CLOCK),
        Column("seen_duration_minutes", "Recurring for (minutes)", H, _WHOLE),
        Column("seen_tz", "Time zone", H),
        Column("times_seen", "Times seen", H),
        Column("priority", "Priority", C, reported=False),
        Column("status", "Status", E, reported=False),
        Column("disposition", "Came to", E, reported=False),
        Column("source_grade", "Source (A-F)", C, reported=False),
        Column("content_grade", "Content (1-6)", C, reported=False),
        Column("jurisdiction", "Jurisdiction", C, reported=False),
        Column("primary_line", "Placed with", D, reported=False),
        Column("also_lines", "Also with", D, reported=False),
        Column("rule", "Rule", D, reported=False),
        Column("because", "Why there", E, reported=False),
        Column("policy_version", "Policy version", H, _WHOLE, reported=False),
        Column("reporter_is_victim", "Writer is in the situation", D, _YES_NO),
        Column("police_consent", "Writer allows police", D, _YES_NO),
        Column("wants_reward", "Writer asked about rewards", D, _YES_NO),
        Column("distrusts_police", "Writer would rather not deal with police", D, _YES_NO),
    ),
    "vehicles": (
        Column("plate", "Plate", E),
        Column("plate_as_typed", "Plate as typed", E),
        Column("plate_state", "Plate state", E),
        Column("plate_type", "Plate type", E),
        Column("plate_partial", "Only part of the plate", E, _YES_NO),
        Column("year_from", "Year from", E, _WHOLE),
        Column("year_to", "Year to", E, _WHOLE),
        Column("make", "Make", E),
        Column("make_code", "Make (NCIC)", E),
        Column("model", "Model", E),
        Column("model_code", "Model (NCIC)", E),
        Column("style", "Body style", E),
        Column("style_code", "Body style (NCIC)", E),
        Column("colour1", "Color", E),
        Column("colour1_code", "Color (NCIC)", E),
        Column("colour2", "Second color", E),
        Column("colour2_code", "Second color (NCIC)", E),
        Column("features", "Anything special", E),
        Column("role_in_scene", "What it did", E),
    ),
    "places": (
        Column("place_type", "Kind of place", C),
        Column("name", "Name", H),
        Column("street", "Street", H),
        Column("unit", "Room or unit", H),
        Column("cross_street", "Cross street", H),
        Column("city", "City", C),
        Column("state", "State", C),
        Column("zip", "ZIP", H),
        Column("highway", "Highway", H),
        Column("direction", "Direction", H),
        Column("exit", "Exit", H),
        Column("mile_marker", "Mile marker", H),
        Column("lat", "Latitude", H, _REAL),
        Column("lon", "Longitude", H, _REAL),
        Column("accuracy_m", "Accuracy (meters)", H, _WHOLE),
        Column("pin_source", "Where the point is from", H),
    ),
    "persons": (
        Column("role", "Role", H),
        Column("age_from", "Age from", H, _WHOLE),
        Column("age_to", "Age to", H, _WHOLE),
        Column("looks_under_18", "Looks under 18", H),
        Column("sex", "Sex", H),
        Column("height_cm", "Height (cm)", H, _WHOLE),
        Column("build", "Build", H),
        Column("hair", "Hair", H),
        Column("hair_code", "Hair (NCIC)", E),
        Column("eyes", "Eyes", H),
        Column("eyes_code", "Eyes (NCIC)", E),
        Column("marks", "Tattoos, scars, marks", H),
        Column("clothing", "Clothing", H),
        Column("name_or_alias", "Name or nickname heard (an allegation)", E),
        Column("race", "Race or skin tone, as described", E),
    ),
    "online": (
        Column("url", "Web address", E),
        Column("platform", "Kind of site", E),
        Column("handle", "User name", E),
        Column("ad_phone", "Phone in the ad", E),
        Column("ad_phone_e164", "Phone (E.164)", E),
        Column("ad_email", "E-mail in the ad", E),
        Column("ad_alias", "Name in the ad", E),
        Column("payment_tag", "Payment tag", E),
        Column("seen_at", "Seen on", E, Kind.MOMENT),
    ),
    "words": (
        Column("kind", "Kind", E),
        Column("value", "As written", E),
        Column("canonical", "In one form", E),
    ),
    "dialog": (
        Column("side", "Who said it", E, reported=False),
        Column("at", "When; of an answer its hour", E, Kind.MOMENT, reported=False),
        Column("text", "What was said", E, reported=False),
    ),
    "links": (
        Column("other_reference", "Other tip", E, reported=False),
        Column("pattern", "What they share", E, reported=False),
        Column("because", "Why", E, reported=False),
        Column("judgement", "Judged by an analyst", E, reported=False),
    ),
    "pictures": (
        Column("path", "File", E, reported=False),
        Column("sha256", "SHA-256", E, reported=False),
        Column("width", "Width", E, _WHOLE, reported=False),
        Column("height", "Height", E, _WHOLE, reported=False),
        Column("blacked_out", "Parts blacked out", E, _WHOLE, reported=False),
        Column("taken_at", "Taken, as its file said", E, Kind.MOMENT, reported=False),
        Column("taken_lat", "Taken at latitude", E, _REAL, reported=False),
        Column("taken_lon", "Taken at longitude", E, _REAL, reported=False),
    ),
    "vault": (
        Column("field", "Where it stood", E, reported=False),
        Column("kind", "Kind", E, reported=False),
        Column("name", "Name", E, reported=False),
    ),
}
TABLES = tuple(COLUMNS)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one export shows, to whom, and what it must say."""

    level: Level
    caveat: Caveat
    with_vault: bool = False
    with_pictures: bool = False

    def shows(self, table: str) -> bool:
        if table == "vault":
            return self.with_vault
        if table == "pictures":
            return self.with_pictures
        return bool(self.columns(table))

    def columns(self, table: str) -> tuple[Column, ...]:
        """The columns of a table that this export shows, in their order."""
        return _columns(self.level, table)

    def names(self, table: str) -> tuple[str, ...]:
        return _names(self.level, table)


@cache
def _columns(level: Level, table: str) -> tuple[Column, ...]:
    return tuple(one for one in COLUMNS[table] if level in one.levels)


@cache
def _names(level: Level, table: str) -> tuple[str, ...]:
    return tuple(one.name for one in _columns(level, table))


class OutOfScope(Exception):
    """This account may not give this to this recipient; the sentence says what it may."""


def scope_for(
    acts: frozenset[May],
    recipient_kind: str,
    level: Level,
    *,
    with_vault: bool = False,
    with_pictures: bool = False,
    now: datetime,
) -> Scope:
    """The scope, or OutOfScope. Every export passes here when it is asked for and when made."""
    if May.EXPORT not in acts:
        raise OutOfScope(_("Your roles do not include exports. Ask an account that has the role."))
    allowed = levels_for(acts, recipient_kind)
    if level not in allowed:
        words = [f"“{_(LEVEL_WORDS[one])}”" for one in allowed]
        raise OutOfScope(
            _("This recipient may receive: {levels}.").format(levels="; ".join(words))
        )
    if with_vault:
        _check_vault(acts, recipient_kind, level)
    if with_pictures and level not in PICTURES_AT:
        raise OutOfScope(_("Pictures go out only with all evidence. Leave them out."))
    tlp = Tlp.RED if with_vault else Tlp.AMBER_STRICT
    destroy_by = today(now) + DESTROY_AFTER[tlp]
    return Scope(level, Caveat(tlp, destroy_by), with_vault, with_pictures)


def levels_for(acts: frozenset[May], recipient_kind: str) -> tuple[Level, ...]:
    """What this account may give to a recipient of this kind, the most first."""
    return tuple(
        one for one in BY_RECIPIENT.get(recipient_kind, ()) if acts.issuperset(NEEDED_FOR[one])
    )


def _check_vault(acts: frozenset[May], recipient_kind: str, level: Level) -> None:
    if not acts.issuperset(NEEDED_FOR_VAULT):
        raise OutOfScope(
            _("Names of victims and minors need the child/victim role. Leave them out.")
        )
    if recipient_kind not in VAULT_FOR or level != Level.EVIDENCE:
        raise OutOfScope(
            _(
                "Names of victims and minors go only to police, task forces and child protection, "
                "together with all evidence. Leave them out."
            )
        )


def permitted(tips: QuerySet[Tip], recipient: Line) -> QuerySet[Tip]:
    """Without the tips of people in the situation who do not allow police, for whoever may be
    police or tell them; urgent ones only for a line that has them anyway."""
    if recipient.kind in WITHOUT_POLICE:
        return tips
    refused = Q(reporter_is_victim=True) & (Q(police_consent=False) | Q(police_consent=None))
    urgent = Q(minor_present__in=(MinorPresent.YES, MinorPresent.POSSIBLY)) | Q(
        immediacy=Immediacy.NOW
    )
    has_it = Exists(HandOff.objects.filter(tip=OuterRef("pk"), line=recipient))
    return tips.filter(~refused | (urgent & has_it))


def column_lines() -> list[str]:
    """Every column with the levels that show it, for the reference page."""
    order = tuple(Level)
    return [
        f"| `{table}.{one.name}` | {one.title} | "
        + " ".join(level for level in order if level in one.levels)
        + f" | {'yes' if one.reported else 'no'} |"
        for table in TABLES
        for one in COLUMNS[table]
    ]
