"""Which lines get a tip, how soon, and why. Values in, values out; no database, no file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing import because, rules
from tipintake.routing.facts import TipFacts
from tipintake.routing.lines import LinesOf, lines_of
from tipintake.routing.places.atlas import Atlas, atlas_of
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.resolve import Resolved, resolve
from tipintake.routing.places.results import PlaceResult
from tipintake.routing.places.staff import as_read
from tipintake.routing.policy import law
from tipintake.routing.policy.fields import Scene
from tipintake.routing.policy.rulebook import FIRST, Acts, Rule, Rulebook
from tipintake.routing.rules import CATCH_ALL, LAW, Ask


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
    policy_version: int = 1
    # The law took nothing from what the rules asked for, and had to add nothing.
    lawful: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One line, or part of a place, that a rule asks for."""

    ask: Ask
    rule: str
    reason: str
    of_its_own: bool = False  # a reason of its own, not the rule's


@dataclass(frozen=True, slots=True)
class Acting:
    """What the rules and the law say of one tip, before anybody looks at the place's lines."""

    decisive: Rule
    rules: tuple[str, ...]
    priority: str
    grade_because: str
    asked: tuple[Asked, ...]
    lawful: bool  # the law took nothing away and had to add nothing


@dataclass(slots=True)
class _Lines:
    """Line by line, with the first reason for each."""

    atlas: Atlas
    reasons: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    stood_in: bool = False

    def add(self, line: str, reason: str, rule: str, *, stands_in: bool = False) -> None:
        known = self.atlas.gazetteer.line_codes
        if known and line not in known:
            line, reason, stands_in = Ask.TRIAGE.value, rules.LINE_IS_MISSING, True
        self.stood_in |= stands_in
        self.reasons.setdefault(line, reason)
        self.rules.setdefault(line, rule)


def decide(
    facts: TipFacts,
    gazetteer: Gazetteer,
    *,
    policy: Rulebook = FIRST,
    boundaries: Boundaries | None = None,
    shares_evidence: bool = False,
) -> Decided:
    """The lines of a tip. `shares_evidence`: another tip of the last 90 days names its plate,
    phone or room."""
    places = resolve(facts.locations, facts.mentions, gazetteer, boundaries=boundaries)
    atlas = atlas_of(gazetteer)
    if facts.place_read:
        places = as_read(facts.place_read, places, atlas)
    return decide_at(facts, places, atlas, policy=policy, shares_evidence=shares_evidence)


def decide_at(
    facts: TipFacts,
    places: Resolved,
    atlas: Atlas,
    *,
    policy: Rulebook,
    shares_evidence: bool,
) -> Decided:
    """The same when its places are resolved already: several policies share that work."""
    acting = acting_at(Scene(facts, places.lead, shares_evidence), policy)
    served = [lines_of(place, atlas) for place in places.served]
    hotline = law.allows(Ask.HOTLINE, facts, acting.priority)
    lines = _Lines(atlas)
    for one in acting.asked:
        _place_line(lines, one, served, hotline=hotline)

    primary, *others = lines.reasons
    codes = {*acting.rules, *(one.rule for one in acting.asked)}
    codes |= {CATCH_ALL} if lines.stood_in else set()
    return Decided(
        primary=primary,
        also=tuple(sorted(others)),
        priority=acting.priority,
        banner_911=facts.danger_now,
        rule=acting.decisive.code,
        rules=tuple(code for code in policy.order if code in codes),
        because=because.in_words(
            facts,
            acting.decisive,
            acting.grade_because,
            places.lead,
            served[0],
            frozenset(a.ask for a in acting.asked if a.ask in rules.PLACED and not a.of_its_own),
            atlas,
        ),
        reasons_by_line=lines.reasons,
        rules_by_line=lines.rules,
        place=places.lead,
        policy_version=policy.version,
        lawful=acting.lawful,
    )


# --- Which rules act -------------------------------------------------------------------------


def acting_at(scene: Scene, policy: Rulebook) -> Acting:
    """Every rule that acts and what it may ask for; the first decides."""
    deciding = acting_rules(scene, policy)
    decisive = deciding[0]
    grade = decisive.grade(scene)
    facts, priority = scene.facts, law.priority_of(grade.priority, scene.facts)
    graded = Scene(facts, scene.place, scene.shares_evidence, priority)
    beside = [r for r in policy.rules if r.acts is Acts.BESIDE and r.holds(graded)]

    wanted = [one for rule in (*deciding, *beside) for one in _asked(rule, graded)]
    asked = [one for one in wanted if law.allows(one.ask, facts, priority)]
    missing = [ask for ask in law.owed(facts) if ask not in {one.ask for one in asked}]
    if not asked and not missing:
        missing = [law.last_resort(facts)]
    owed = [Asked(ask, LAW, rules.OWED_BY_LAW) for ask in missing]
    return Acting(
        decisive=decisive,
        rules=tuple(rule.code for rule in (*deciding, *beside)),
        priority=priority,
        grade_because=grade.because,
        asked=_never_first((*asked, *owed)),
        lawful=not owed and priority == grade.priority and asked == wanted,
    )


def acting_rules(scene: Scene, policy: Rulebook) -> tuple[Rule, ...]:
    """Rules that decide or act with others, in the order of decision. Never empty: the catch-all
    holds always."""
    acting: list[Rule] = []
    for rule in policy.rules:
        if rule.acts is Acts.BESIDE or (acting and rule.acts is Acts.ALONE):
            continue
        if rule.holds(scene):
            acting.append(rule)
    return tuple(acting)


def _asked(rule: Rule, scene: Scene) -> Iterator[Asked]:
    for ask, reason in rule.asks(scene):
        yield Asked(ask, rule.code, reason or rule.reason, of_its_own=bool(reason))


def _never_first(asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """CrimeStoppers is never the primary line."""
    behind = tuple(one for one in asked if one.ask is Ask.CRIMESTOPPERS)
    others = tuple(one for one in asked if one.ask is not Ask.CRIMESTOPPERS)
    return (*others, *behind)


# --- Lines of what was asked for -------------------------------------------------------------


def _place_line(lines: _Lines, one: Asked, served: Sequence[LinesOf], *, hotline: bool) -> None:
    if one.ask is Ask.POLICE:
        for place in served:
            _add_police(lines, place, one, hotline=hotline)
    elif one.ask is Ask.TASK_FORCE:
        for place in served:
            _add_task_force(lines, place, one)
    else:
        lines.add(one.ask.value, one.reason, one.rule)


def _add_police(lines: _Lines, place: LinesOf, one: Asked, *, hotline: bool) -> None:
    rule = one.rule
    if not place.police_stands_in:
        lines.add(place.police, one.reason, rule)
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


def _add_task_force(lines: _Lines, place: LinesOf, one: Asked) -> None:
    if not place.task_force_stands_in:
        lines.add(place.task_force, one.reason, one.rule)
        return
    elsewhere = place.task_force == Ask.OUT_OF_AREA
    why = rules.OUTSIDE_THE_REGION if elsewhere else rules.STANDS_IN_FOR_TASK_FORCE
    lines.add(place.task_force, why, one.rule, stands_in=True)
