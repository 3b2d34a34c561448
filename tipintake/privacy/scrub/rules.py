"""What plain words decide before any probability: forced removals and forced keeps.

Rules give ranges of tokens. A keep wins over a removal, a structured field over both.
"""

from __future__ import annotations

from collections.abc import Iterator

from tipintake.privacy.scrub.belongings import (
    asked_for_word,
    claimed,
    kin_contacts,
    own_contacts,
    own_pages,
    their_contacts,
    their_plates,
    without_what_is_kept,
)
from tipintake.privacy.scrub.captivity import Captivity
from tipintake.privacy.scrub.cues.belongings import OWN_POST
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.homes import (
    own_homes,
    own_kin,
    road_marks,
    signed_as_neighbor,
    survivors_places,
)
from tipintake.privacy.scrub.letters import told_of_themselves
from tipintake.privacy.scrub.names.suspects import names_of_who_does_it, suspect_names
from tipintake.privacy.scrub.names.victims import (
    names_of_girls,
    victim_names,
    victims_in_small_letters,
)
from tipintake.privacy.scrub.names.writers import (
    introductions,
    last_words,
    names_in_forms,
    names_of_who_reports,
    own_kins_names,
    own_names,
    sign_offs,
)
from tipintake.privacy.scrub.patterns import COPY_LINE, MACHINE_HEADER, SENT_FROM
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex, shielded


def machine_traces(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for pattern, rule in ((MACHINE_HEADER, "header"), (SENT_FROM, "sent-from")):
        for match in pattern.finditer(an.text):
            first, end = index.at(match.start()), index.at(match.end() - 1)
            yield Ruling(first, min(end, len(an.tokens) - 1), "META", rule)
    for match in COPY_LINE.finditer(an.text):
        first, end = index.at(match.start()), index.at(match.end() - 1)
        yield Ruling(first, min(end, len(an.tokens) - 1), "META", "header", hold=True, yields=True)
    for at, token in enumerate(an.tokens):
        if token.kind == "IP":
            yield Ruling(at, at, "META", "ip")


def own_posts(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """She slid it across my counter. Who is held has posts of another kind."""
    if captive.sentences or captive.perhaps:
        return
    for match in OWN_POST.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, first):
            yield Ruling(first, last, "REPORTER_ROLE", "own-post", hold=True)


def rulings(an: Analysis, captive: Captivity) -> list[Ruling]:
    """Every forced removal and keep."""
    index = TokenIndex(an)
    writer = "VICTIM_NAME" if captive.sentences else "REPORTER_NAME"
    found = [
        *machine_traces(an, index),
        *own_names(an, index, writer),
        *names_in_forms(an, index, writer),
        *names_of_who_reports(an, writer),
        *own_contacts(an, index),
        *asked_for_word(an, index),
        *own_pages(an, index),
        *their_contacts(an, index),
        *kin_contacts(an, index),
        *their_plates(an, index),
        *claimed(an, index),
        *own_posts(an, index, captive),
        *road_marks(an, index),
        *own_homes(an, index, captive),
        *survivors_places(an, index, captive),
        *signed_as_neighbor(an, index, captive.sentences),
        *own_kin(an, index),
        *told_of_themselves(an, index, captive),
        *own_kins_names(an, bool(captive.sentences)),
        *introductions(an, index, writer),
        *sign_offs(an, index, writer),
        *last_words(an, writer),
        *victim_names(an, index),
        *victims_in_small_letters(an),
        *names_of_girls(an),
        *suspect_names(an, captive.sentences),
    ]
    found += names_of_who_does_it(an, found)
    return without_what_is_kept(an, found)
