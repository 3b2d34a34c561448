"""Version 1 of the policy as it was before rules became data: code that judges the data.

Frozen. It knows nothing of later versions, and nothing but one test reads it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing import rules
from tipintake.routing.because import _conflicts, _stand_ins, where
from tipintake.routing.decide import Decided
from tipintake.routing.facts import TipFacts
from tipintake.routing.lines import LinesOf, lines_of
from tipintake.routing.places.atlas import Atlas, atlas_of
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.results import Outcome, PlaceResult
from tipintake.routing.rules import Ask

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
    ("Danger may be happening now: local police first, and the person was told to call 911."),
)  # fmt: skip
R1 = Rule(
    "R1", "Child in person", child_in_person, Ask.POLICE, (Ask.CHILD_PROTECTION, Ask.HOTLINE),
    at_once_or_truancy,
    ("A child may be involved in person: local police and child protection."),
)  # fmt: skip
R2 = Rule(
    "R2", "Child online", child_online, Ask.ICAC, (Ask.CHILD_PROTECTION,), at_once,
    ("A child may be exploited online: ICAC."),
)  # fmt: skip
R7 = Rule(
    "R7", "The person asks for help", asks_for_help, Ask.ADVOCATE, (Ask.POLICE, Ask.TASK_FORCE),
    at_once,
    ("The person asking for help is the victim: an advocate first, police only as they allow."),
)  # fmt: skip
R3 = Rule(
    "R3", "Force, fraud or coercion", force, Ask.TASK_FORCE, (Ask.POLICE, Ask.HOTLINE), by_signs,
    ("Signs of force, fraud or coercion: trafficking task force of the county."),
)  # fmt: skip
R5 = Rule(
    "R5", "Highway scene", highway_scene, Ask.POLICE, (Ask.PATROL, Ask.TASK_FORCE), by_signs,
    ("Highway scene: police of the place and the Highway Patrol."),
)  # fmt: skip
R4 = Rule(
    "R4", "Pattern at a place or vehicle", pattern, Ask.POLICE, (), routine,
    ("A pattern at a place or vehicle, no sign of force yet: local police, routine."),
    needs_silence=True,
)  # fmt: skip
R6 = Rule(
    "R6", "Adult advertisement", adult_ad, Ask.TASK_FORCE, (), lowest,
    ("An adult advertisement without a sign of control: link analysis only."),
    needs_silence=True,
)  # fmt: skip
R9 = Rule(
    "R9", "Nothing names conduct", otherwise, Ask.TRIAGE, (), nothing_or_supporting,
    ("Nothing that names conduct: a person reads it first."),
    needs_silence=True,
)  # fmt: skip
RULES = (R0, R1, R2, R7, R3, R5, R4, R6, R9)

R8 = Rule(
    "R8", "Another way", another_way, Ask.CRIMESTOPPERS, (), routine,
    ("CrimeStoppers offered as another way; no reward promised."),
)  # fmt: skip

ORDER = (*(rule.code for rule in RULES[:-1]), R8.code, R9.code)


def in_words(
    facts: TipFacts,
    decisive: Rule,
    place: PlaceResult,
    lines: LinesOf,
    asked: frozenset[Ask],
    atlas: Atlas,
) -> str:
    """`asked`: what the acting rules ask for at the place, after what the person allowed."""
    return " ".join(
        (
            decisive.sentence,
            *_about_the_person(facts, decisive),
            where(place, atlas),
            *_stand_ins(place, lines, asked),
            *_conflicts(place, asked),
        )
    )


def _about_the_person(facts: TipFacts, decisive: Rule) -> Iterator[str]:
    if decisive is R1 and facts.only_truancy:
        yield "Truancy is the only sign, so it is routine."
    if decisive is R7:
        yield (
            "They allow police, so police of the place and the task force get it too."
            if facts.police_consent
            else "They did not allow police, so nobody else gets it."
        )
    elif facts.victim_without_consent:
        yield "The person asking for help did not allow police beyond what the danger needs."


# Without consent only these reach anybody, by R0, R1 and R2; R7 adds its own line.
WITHOUT_CONSENT = frozenset({"R0", "R1", "R2", "R7"})
NEVER_WITHOUT_CONSENT = frozenset({Ask.HOTLINE, Ask.PATROL, Ask.CRIMESTOPPERS, Ask.TASK_FORCE})


@dataclass(slots=True)
class _Lines:
    """Line by line, with the first reason for each."""

    atlas: Atlas
    reasons: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    stood_in: bool = False

    def add(self, line: str, reason: str, rule: Rule, *, stands_in: bool = False) -> None:
        known = self.atlas.gazetteer.line_codes
        if known and line not in known:
            line, reason, stands_in = Ask.TRIAGE.value, rules.LINE_IS_MISSING, True
        self.stood_in |= stands_in
        self.reasons.setdefault(line, reason)
        self.rules.setdefault(line, rule.code)


def decide(
    facts: TipFacts,
    gazetteer: Gazetteer,
    *,
    policy_version: int = 1,
    boundaries: Boundaries | None = None,
    shares_evidence: bool = False,
) -> Decided:
    """The lines of a tip. `shares_evidence`: another tip of the last 90 days names its plate,
    phone or room."""
    atlas = atlas_of(gazetteer)
    places = resolve(facts.locations, facts.mentions, gazetteer, boundaries=boundaries)
    acting = acting_rules(facts, places.lead)
    decisive = acting[0]
    priority = decisive.priority(facts)
    served = [lines_of(place, atlas) for place in places.served]

    lines = _Lines(atlas)
    asks = [(rule, ask) for rule in acting for ask in _asks(rule, facts, decisive)]
    for rule, ask in asks:
        _place_line(lines, ask, rule, served, hotline=_may_hand_to_hotline(facts, decisive))
    if shares_evidence and R4 in acting:
        for place in served:
            _add_task_force(lines, place, R4, rules.SHARED_EVIDENCE)
    offers_another_way = R8.when(facts) and priority != "P4"
    if offers_another_way:
        lines.add(R8.primary.value, R8.sentence, R8)

    primary, *others = lines.reasons
    codes = {rule.code for rule in acting}
    codes |= {"R8"} if offers_another_way else set()
    codes |= {"R9"} if lines.stood_in else set()
    return Decided(
        primary=primary,
        also=tuple(sorted(others)),
        priority=priority,
        banner_911=decisive is R0,
        rule=decisive.code,
        rules=tuple(code for code in ORDER if code in codes),
        because=in_words(
            facts,
            decisive,
            places.lead,
            served[0],
            frozenset(ask for _, ask in asks if ask in PLACED),
            atlas,
        ),
        reasons_by_line=lines.reasons,
        rules_by_line=lines.rules,
        place=places.lead,
    )


# --- Which rules act -------------------------------------------------------------------------


def acting_rules(facts: TipFacts, lead: PlaceResult) -> tuple[Rule, ...]:
    """Every rule that acts, in the order of decision; the first decides."""
    acting: list[Rule] = []
    for rule in RULES:
        if rule.needs_silence and acting:
            continue
        if not rule.when(facts) or _is_held_back(rule, facts, lead, acting):
            continue
        acting.append(rule)
    return tuple(acting)


def _is_held_back(rule: Rule, facts: TipFacts, lead: PlaceResult, acting: Sequence[Rule]) -> bool:
    if rule is R5 and lead.outcome is Outcome.OUT_OF_AREA:
        return True  # the out-of-area desk hands over
    if facts.victim_without_consent:
        return rule.code not in WITHOUT_CONSENT
    # A consenting victim decided by R7 alone: the patrol is asked, nothing else of R3 and R5.
    return bool(acting) and acting[0] is R7 and rule is not R5


def _asks(rule: Rule, facts: TipFacts, decisive: Rule) -> Iterator[Ask]:
    """What a rule asks for, after what the person allowed."""
    if rule is R5 and decisive is R7:
        yield Ask.PATROL
        return
    yield rule.primary
    if rule is R7 and (facts.victim_without_consent or decisive is not R7):
        return  # beside R0, R1 and R2 it adds the advocate alone
    for ask in rule.adds:
        if not (facts.victim_without_consent and ask in NEVER_WITHOUT_CONSENT):
            yield ask


def _may_hand_to_hotline(facts: TipFacts, decisive: Rule) -> bool:
    """R7 alone never hands to the hotline, nor does anything without consent."""
    return not facts.victim_without_consent and decisive is not R7


# --- Lines of what was asked for -------------------------------------------------------------


def _place_line(
    lines: _Lines, ask: Ask, rule: Rule, served: Sequence[LinesOf], *, hotline: bool
) -> None:
    if ask is Ask.POLICE:
        for place in served:
            _add_police(lines, place, rule, hotline=hotline)
    elif ask is Ask.TASK_FORCE:
        for place in served:
            _add_task_force(lines, place, rule, rule.sentence)
    else:
        lines.add(ask.value, rule.sentence, rule)


def _add_police(lines: _Lines, place: LinesOf, rule: Rule, *, hotline: bool) -> None:
    if not place.police_stands_in:
        lines.add(place.police, rule.sentence, rule)
    else:
        elsewhere = place.police == Ask.OUT_OF_AREA
        why = rules.OUTSIDE_THE_REGION if elsewhere else rules.STANDS_IN_FOR_POLICE
        lines.add(place.police, why, rule, stands_in=True)
    if place.county_police:
        lines.add(place.county_police, rules.COUNTY_POLICE_TOO, rule)
    if place.hotline and hotline:
        lines.add(place.hotline, rules.HOTLINE_FOR_ELSEWHERE, rule)
    if place.triage_too:
        lines.add(Ask.TRIAGE.value, rules.EVIDENCE_DISAGREES, rule)


def _add_task_force(lines: _Lines, place: LinesOf, rule: Rule, reason: str) -> None:
    if not place.task_force_stands_in:
        lines.add(place.task_force, reason, rule)
        return
    elsewhere = place.task_force == Ask.OUT_OF_AREA
    why = rules.OUTSIDE_THE_REGION if elsewhere else rules.STANDS_IN_FOR_TASK_FORCE
    lines.add(place.task_force, why, rule, stands_in=True)
