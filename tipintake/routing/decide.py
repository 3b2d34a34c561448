"""Which lines get a tip, how soon, and why. Values in, values out; no database, no file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing import because, rules
from tipintake.routing.facts import TipFacts
from tipintake.routing.lines import LinesOf, lines_of
from tipintake.routing.places.atlas import Atlas, atlas_of
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.results import Outcome, PlaceResult
from tipintake.routing.rules import R0, R4, R5, R7, R8, RULES, Ask, Rule

# Without consent only these reach anybody, by R0, R1 and R2; R7 adds its own line.
WITHOUT_CONSENT = frozenset({"R0", "R1", "R2", "R7"})
NEVER_WITHOUT_CONSENT = frozenset({Ask.HOTLINE, Ask.PATROL, Ask.CRIMESTOPPERS, Ask.TASK_FORCE})


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision and its reasons. Nothing in it quotes what the person wrote."""

    primary: str
    also: tuple[str, ...]  # sorted; never holds the primary
    priority: str
    banner_911: bool
    rule: str
    rules: tuple[str, ...]  # every acting rule, in the order of decision
    because: str  # the whole tip in plain English
    reasons_by_line: dict[str, str]  # a translatable sentence for each line, the primary first
    rules_by_line: dict[str, str]  # the rule that asked for each line
    place: PlaceResult


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
    policy_version: int = rules.VERSION,  # noqa: ARG001 - one version so far
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
        rules=tuple(code for code in rules.ORDER if code in codes),
        because=because.in_words(
            facts,
            decisive,
            places.lead,
            served[0],
            frozenset(ask for _, ask in asks if ask in rules.PLACED),
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
