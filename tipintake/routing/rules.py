"""The rules of the routing policy, version 1, as a table. docs/reference/routing-policy.md is the
text; regions/…/routing.toml says the same for a policy officer, and a test keeps them equal.

The order of the table is the order of decision. The first rule that acts gives the primary line
and the priority; every other acting rule adds its lines. R8 only adds.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from tipintake.routing.facts import TipFacts

VERSION = 1


class Ask(enum.StrEnum):
    """What a rule asks for: a part that depends on the place, or a line by its code."""

    POLICE = "police line"
    TASK_FORCE = "task force"
    ICAC = "icac"
    CHILD_PROTECTION = "child-protection"
    HOTLINE = "nhth"
    PATROL = "mshp"
    CRIMESTOPPERS = "crimestoppers"
    ADVOCATE = "victim-advocate"
    TRIAGE = "regional-triage"
    OUT_OF_AREA = "out-of-area"


PLACED = frozenset({Ask.POLICE, Ask.TASK_FORCE})

Condition = Callable[[TipFacts], bool]
Grade = Callable[[TipFacts], str]


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    title: str
    when: Condition
    primary: Ask
    adds: tuple[Ask, ...]
    priority: Grade
    sentence: str  # the reason, as the resident and the desk read it
    needs_silence: bool = False  # acts only when every rule above is silent


# --- Conditions ------------------------------------------------------------------------------


def danger_now(tip: TipFacts) -> bool:
    """NOW or any IMM_*; for a victim without consent an IMM_* of the past wakes nobody."""
    if tip.victim_without_consent and tip.immediacy == "PAST":
        return False
    return tip.happens_now or tip.imminent_sign


def child_in_person(tip: TipFacts) -> bool:
    return tip.minor and (tip.physical or not tip.online)


def child_online(tip: TipFacts) -> bool:
    return tip.minor and tip.online


def asks_for_help(tip: TipFacts) -> bool:
    return tip.is_victim


def force(tip: TipFacts) -> bool:
    """A sign of force, or a category of force without any conduct code.

    A child online only is never woken by its category: the town an ad claims would reach its PD.
    """
    purely_online_child = child_online(tip) and not child_in_person(tip)
    return tip.force_sign or (tip.force_by_category and not purely_online_child)


def highway_scene(tip: TipFacts) -> bool:
    return tip.highway_scene


def pattern(tip: TipFacts) -> bool:
    by_category = not tip.codes and tip.category == "SUSPICIOUS_PLACE_PATTERN"
    return tip.pattern_sign or (by_category and not tip.online_only)


def adult_ad(tip: TipFacts) -> bool:
    unsure = tip.category in {"OTHER_UNSURE", "SUSPICIOUS_PLACE_PATTERN"}
    bare_link = not tip.codes and tip.has_lead and not tip.physical and unsure
    return tip.only_an_ad or bare_link


def otherwise(_tip: TipFacts) -> bool:
    return True


def another_way(tip: TipFacts) -> bool:
    """R8. A P4 tip is left out by the decision."""
    return (tip.wants_reward or tip.distrusts_police) and not (tip.minor or tip.is_victim)


# --- Priorities ------------------------------------------------------------------------------


def at_once(_tip: TipFacts) -> str:
    return "P1"


def routine(_tip: TipFacts) -> str:
    return "P3"


def lowest(_tip: TipFacts) -> str:
    return "P4"


def at_once_or_truancy(tip: TipFacts) -> str:
    return "P3" if tip.only_truancy else "P1"


def by_signs(tip: TipFacts) -> str:
    return "P2" if tip.strong or tip.two_signs else "P3"


def nothing_or_supporting(tip: TipFacts) -> str:
    return "P4" if tip.only_supporting_signs else "P3"


# --- The table -------------------------------------------------------------------------------

R0 = Rule(
    "R0", "Danger now", danger_now, Ask.POLICE, (), at_once,
    _("Danger may be happening now: local police first, and the person was told to call 911."),
)  # fmt: skip
R1 = Rule(
    "R1", "Child in person", child_in_person, Ask.POLICE, (Ask.CHILD_PROTECTION, Ask.HOTLINE),
    at_once_or_truancy,
    _("A child may be involved in person: local police and child protection."),
)  # fmt: skip
R2 = Rule(
    "R2", "Child online", child_online, Ask.ICAC, (Ask.CHILD_PROTECTION,), at_once,
    _("A child may be exploited online: ICAC."),
)  # fmt: skip
R7 = Rule(
    "R7", "The person asks for help", asks_for_help, Ask.ADVOCATE, (Ask.POLICE, Ask.TASK_FORCE),
    at_once,
    _("The person asking for help is the victim: an advocate first, police only as they allow."),
)  # fmt: skip
R3 = Rule(
    "R3", "Force, fraud or coercion", force, Ask.TASK_FORCE, (Ask.POLICE, Ask.HOTLINE), by_signs,
    _("Signs of force, fraud or coercion: trafficking task force of the county."),
)  # fmt: skip
R5 = Rule(
    "R5", "Highway scene", highway_scene, Ask.POLICE, (Ask.PATROL, Ask.TASK_FORCE), by_signs,
    _("Highway scene: police of the place and the Highway Patrol."),
)  # fmt: skip
R4 = Rule(
    "R4", "Pattern at a place or vehicle", pattern, Ask.POLICE, (), routine,
    _("A pattern at a place or vehicle, no sign of force yet: local police, routine."),
    needs_silence=True,
)  # fmt: skip
R6 = Rule(
    "R6", "Adult advertisement", adult_ad, Ask.TASK_FORCE, (), lowest,
    _("An adult advertisement without a sign of control: link analysis only."),
    needs_silence=True,
)  # fmt: skip
R9 = Rule(
    "R9", "Nothing names conduct", otherwise, Ask.TRIAGE, (), nothing_or_supporting,
    _("Nothing that names conduct: a person reads it first."),
    needs_silence=True,
)  # fmt: skip
RULES = (R0, R1, R2, R7, R3, R5, R4, R6, R9)

R8 = Rule(
    "R8", "Another way", another_way, Ask.CRIMESTOPPERS, (), routine,
    _("CrimeStoppers offered as another way; no reward promised."),
)  # fmt: skip

ORDER = (*(rule.code for rule in RULES[:-1]), R8.code, R9.code)

# --- Why a line was added that no rule names -------------------------------------------------

STANDS_IN_FOR_POLICE = _(
    "No queue of the police of this place is known: regional triage decides, and the police of "
    "the county get it at the same time when the county is known."
)
STANDS_IN_FOR_TASK_FORCE = _(
    "No trafficking task force is listed for this place: regional triage stands in."
)
COUNTY_POLICE_TOO = _("The county is known: its police get it at the same time.")
OUTSIDE_THE_REGION = _("The place lies outside the served counties: the referral desk hands over.")
HOTLINE_FOR_ELSEWHERE = _(
    "The place lies outside the served counties: the national hotline can hand over there."
)
EVIDENCE_DISAGREES = _("What was said about the place disagrees: a person looks at it.")
SHARED_EVIDENCE = _("Another tip names the same plate, phone or room: the task force looks at it.")
LINE_IS_MISSING = _("The line meant for this tip is not listed here: regional triage stands in.")
