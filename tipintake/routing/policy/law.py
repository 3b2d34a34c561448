"""What no policy may change: what a victim allowed, who never gets a child's tip, what is owed.

It stands above every version. A rule that asks for more gets less, and a policy that forgets
what is owed gives it all the same; `policy check` and `simulate` say where that happened.
"""

from collections.abc import Iterator

from tipintake.routing.facts import TipFacts
from tipintake.routing.rules import Ask

NEVER_FOR_LINK_ANALYSIS = frozenset({Ask.POLICE, Ask.HOTLINE, Ask.PATROL, Ask.CRIMESTOPPERS})
URGENT, LINK_ANALYSIS = "P1", "P4"


def allows(ask: Ask, facts: TipFacts, priority: str) -> bool:
    if ask is Ask.CRIMESTOPPERS and (facts.minor or facts.is_victim):
        return False
    if priority == LINK_ANALYSIS and ask in NEVER_FOR_LINK_ANALYSIS:
        return False
    if facts.victim_without_consent:
        return _allowed_without_consent(ask, facts)
    return not (ask is Ask.HOTLINE and facts.only_asks_for_help)


def _allowed_without_consent(ask: Ask, facts: TipFacts) -> bool:
    """The advocate; police for danger or a child in person; child services for a child."""
    match ask:
        case Ask.ADVOCATE:
            return True
        case Ask.POLICE:
            return facts.danger_now or facts.child_in_person
        case Ask.ICAC | Ask.CHILD_PROTECTION:
            return facts.minor
        case _:
            return False


def owed(facts: TipFacts) -> Iterator[Ask]:
    """Lines that always get such a tip, whatever the rules say."""
    if facts.danger_now or facts.child_in_person:
        yield Ask.POLICE
    if facts.minor:
        yield Ask.CHILD_PROTECTION if facts.child_in_person else Ask.ICAC
    if facts.is_victim:
        yield Ask.ADVOCATE


def priority_of(given: str, facts: TipFacts) -> str:
    """Danger now never waits."""
    return URGENT if facts.danger_now else given


def last_resort(facts: TipFacts) -> Ask:
    """When nothing is left of what the rules asked for: a tip always reaches a person."""
    return Ask.ADVOCATE if facts.is_victim else Ask.TRIAGE
