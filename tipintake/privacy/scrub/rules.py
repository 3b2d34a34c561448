"""What plain words decide before any probability: forced removals and forced keeps.

Rules give ranges of tokens. A keep wins over a removal, a structured field over both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from tipintake.privacy.scrub.captivity import Captivity
from tipintake.privacy.scrub.cues.belongings import (
    ASKS_FOR_WORD,
    CAR_TOLD_OF,
    CLAIMED,
    DISOWNED,
    FROM_WHERE_OR_WHOSE,
    IS_SAID_IN_ADS,
    IT_IS_ME,
    KIN_CONTACT,
    LEFT_OUT,
    MINE,
    OF_KIN_AFTER,
    OF_KIN_BEFORE,
    OWN_CAR,
    OWN_CONTACT,
    OWN_PAGE,
    OWN_POST,
    OWNED,
    PLATE_BESIDE,
    REWARD,
    SOMEBODY_NAMED,
    THEIR_CONTACT,
    THEIR_PLATE,
    WITNESS_CONTACT,
)
from tipintake.privacy.scrub.cues.captivity import HERE_NOW, MAY_BE_HARMED, SURVIVED
from tipintake.privacy.scrub.cues.homes import (
    DOCKED_THERE,
    HOME_IS_OURS,
    LODGING,
    NEAR_HOME,
    OWN_HOME,
    OWN_KIN,
    ROAD_MARK,
    SIGNED_AS_NEIGHBOR,
    SLEEPS_THERE,
    WHOLE_ADDRESS,
)
from tipintake.privacy.scrub.features import Analysis
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
from tipintake.privacy.scrub.patterns import MACHINE_HEADER, SENT_FROM
from tipintake.privacy.scrub.rulings import (
    OWN_WORDS,
    Ruling,
    TokenIndex,
    quoted_by_nobody,
    shielded,
)
from tipintake.privacy.scrub.shields import phone_key
from tipintake.privacy.scrub.tokens import Token

THIRD_PERSONS = frozenset(("third_poss", "he", "she", "they"))
OWN_POSSESSION = frozenset(("my", "me"))
WRITER = OWN_POSSESSION | {"i", "we"}
OUR = frozenset(("us", "our", "ours", "mine", "nos", "nosotros", "nuestro", "nuestra", "here"))
# "Their line is busy, text …": what is asked for behind a comma is another number.
INSTEAD = frozenset(
    "call text txt phone use try dial marque marquen llame llamen use usen".split()
)
# "I texted his number from 314-…", and not "his number from the ad".
SENT_FROM_WHERE = frozenset(("from", "desde"))
OF_OTHERS = THIRD_PERSONS | {"suspect", "victim", "adword"}
SOMEBODY_ELSE = THIRD_PERSONS | OWN_POSSESSION | {"suspect"}
CONTACT_AFTER_CUE = 5
PAGE_AFTER_CUE = 3
PAGES = frozenset(("URL", "HANDLE"))
PLATE_AFTER_CUE = 3
BESIDE_A_CAR = 3
BEHIND_A_PLATE = 7
INSIDE = frozenset(("in", "en"))
THE_SAME = frozenset(("same", "misma", "mismo"))
THERE_IS = frozenset("hay habia esta estaba llega llego sale salio pasa paso".split())
NAMED_REACH = 70
CLAUSE_REACH = 12
KIN_REACH = 40
OF_KIN = re.compile(r"(?:su|her)(?!\w)", re.IGNORECASE)
PLACE_AFTER_CUE = 12


def machine_traces(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for pattern, rule in ((MACHINE_HEADER, "header"), (SENT_FROM, "sent-from")):
        for match in pattern.finditer(an.text):
            first, end = index.at(match.start()), index.at(match.end() - 1)
            yield Ruling(first, min(end, len(an.tokens) - 1), "META", rule)
    for at, token in enumerate(an.tokens):
        if token.kind == "IP":
            yield Ruling(at, at, "META", "ip")


def own_contacts(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for match in OWN_CONTACT.finditer(an.text):
        start = index.at(match.start())
        between_marks = shielded(an, start)
        if between_marks and not quoted_by_nobody(an, start):
            continue
        after = index.at(match.end())
        for at in range(after, min(len(an.tokens), after + CONTACT_AFTER_CUE)):
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                whose = FROM_WHERE_OR_WHOSE.search(match.group())
                an_ads = IS_SAID_IN_ADS.match(match.group())
                unclear = between_marks or whose is not None or an_ads is not None
                yield Ruling(at, at, "REPORTER_CONTACT", "own-contact", hold=unclear)
                break
            told_of_an_ad = "adword" in an.classes[at] and not same_sentence(an, start, at)
            if told_of_an_ad or not THIRD_PERSONS.isdisjoint(an.classes[at]):
                break


def asked_for_word(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Reach out 314-555-0163: held, for an ad asks so too."""
    for match in ASKS_FOR_WORD.finditer(an.text):
        start, at = index.at(match.start()), index.at(match.end())
        if an.tokens[at].kind not in ("PHONE", "EMAIL") or shielded(an, start):
            continue
        if not is_of_an_ad(an, start):
            yield Ruling(at, at, "REPORTER_CONTACT", "own-contact", hold=True, yields=True)


def is_of_an_ad(an: Analysis, at: int) -> bool:
    """The ad says: for info …; they write: contact …"""
    before = range(max(0, at - CLAUSE_REACH), at)
    here = (other for other in before if same_sentence(an, other, at))
    return any(not OF_OTHERS.isdisjoint(an.classes[other]) for other in here)


def same_sentence(an: Analysis, one: int, other: int) -> bool:
    return an.places[one].sentence == an.places[other].sentence


def own_pages(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """My insta is @…; and held, for it may be what is reported: my ring video: https://…,
    paypal.me/… for the reward."""
    for match in OWN_PAGE.finditer(an.text):
        start, after = index.at(match.start()), index.at(match.end())
        ads = IS_SAID_IN_ADS.match(match.group()) is not None
        if shielded(an, start):
            continue
        for at in range(after, min(len(an.tokens), after + PAGE_AFTER_CUE)):
            if an.tokens[at].kind in PAGES:
                waits = ads or an.tokens[at].kind == "URL"
                yield Ruling(at, at, "REPORTER_CONTACT", "own-page", hold=waits)
                break
    for at, token in enumerate(an.tokens):
        if token.kind in PAGES and REWARD.match(an.text, token.end):
            yield Ruling(at, at, "REPORTER_CONTACT", "own-page", hold=True)


def their_contacts(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """The number of the ad or of him, when nothing between speaks of the writer."""
    of_witnesses = {match.end() for match in WITNESS_CONTACT.finditer(an.text)}
    for match in THEIR_CONTACT.finditer(an.text):
        if match.end() in of_witnesses:
            continue
        after = index.at(match.end())
        if after >= len(an.tokens):
            continue
        sentence = an.places[after].sentence
        before = an.text[max(0, match.start() - KIN_REACH) : match.start()]
        of_kin = OF_KIN.match(match.group()) and OF_KIN_BEFORE.search(before)
        for at in range(after, min(len(an.tokens), after + CONTACT_AFTER_CUE)):
            if an.places[at].sentence != sentence or speaks_of_the_writer(an, at):
                break
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                if of_kin or OF_KIN_AFTER.match(an.text, an.tokens[at].end):
                    yield Ruling(at, at, "REPORTER_CONTACT", "kin-contact", hold=True)
                    break
                yield Ruling(at, at, an.tokens[at].kind, "their-contact", keep=True)
                break


def speaks_of_the_writer(an: Analysis, at: int) -> bool:
    norm = an.tokens[at].norm
    instead = norm in INSTEAD and an.tokens[at - 1].text == ","
    behind = an.tokens[at + 1 : at + 2]
    sent = norm in SENT_FROM_WHERE and any(token.kind == "PHONE" for token in behind)
    return instead or sent or norm in OUR or not WRITER.isdisjoint(an.classes[at])


def kin_contacts(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Her sister's number: held, for it is neither the writer's nor the exploiter's."""
    for match in chain(KIN_CONTACT.finditer(an.text), WITNESS_CONTACT.finditer(an.text)):
        start, after = index.at(match.start()), index.at(match.end())
        for at in range(after, min(len(an.tokens), after + CONTACT_AFTER_CUE)):
            sentence = an.places[at].sentence == an.places[start].sentence
            if not sentence or not SOMEBODY_ELSE.isdisjoint(an.classes[at]):
                break
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                yield Ruling(at, at, "REPORTER_CONTACT", "kin-contact", hold=True)
                break


def without_what_is_kept(an: Analysis, found: list[Ruling]) -> list[Ruling]:
    """A number that stands elsewhere as the ad's is the ad's, whosever it is besides."""
    kept = {
        phone_key(an.tokens[one.first].text)
        for one in found
        if one.keep and an.tokens[one.first].kind == "PHONE"
    }
    return [
        one
        for one in found
        if one.rule != "kin-contact" or phone_key(an.tokens[one.first].text) not in kept
    ]


def their_plates(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """The plate is AB1 C2D: whoever speaks of no car of their own speaks of the scene's."""
    if OWN_CAR.search(an.text):
        return
    beside = [
        match
        for match in PLATE_BESIDE.finditer(an.text)
        if SOMEBODY_NAMED.search(an.text, max(0, match.start() - NAMED_REACH), match.start())
    ]
    for match in (*THEIR_PLATE.finditer(an.text), *beside):
        first = index.at(match.end())
        for at in range(first, min(len(an.tokens), first + PLATE_AFTER_CUE)):
            if an.tokens[at].kind == "PLATE":
                if CLAIMED.match(an.text, an.tokens[at].end):
                    break
                yield Ruling(index.at(match.start()), at - 1, "VEHICLE", "their-plate", keep=True)
                yield Ruling(at, at, "PLATE", "their-plate", keep=True)
                break
    for match in CAR_TOLD_OF.finditer(an.text):
        car, ends = index.at(match.start("car")), index.at(match.end("car") - 1)
        at = index.at(match.end())
        is_plate = at < len(an.tokens) and an.tokens[at].kind == "PLATE"
        if is_plate and not CLAIMED.match(an.text, an.tokens[at].end) and is_seen(an, car, at):
            yield Ruling(car, ends, "VEHICLE", "their-plate", keep=True)
            yield Ruling(index.at(match.end("between")), at, "PLATE", "their-plate", keep=True)


def is_seen(an: Analysis, car: int, plate: int) -> bool:
    """The writer stands beside it: "I saw a van", and not "I was in a van", "a van of ours"."""
    before = [an.classes[at] for at in range(max(0, car - BESIDE_A_CAR), car)]
    there_is = an.tokens[car - 1].norm in THERE_IS if car else False
    the_same = an.tokens[car + 1].norm in THE_SAME
    sees = there_is or the_same or any("see" in one for one in before)
    in_it = not sees and (
        any(not WRITER.isdisjoint(one) for one in before)
        or (car > 0 and an.tokens[car - 1].norm in INSIDE)
    )
    around_it = an.classes[car : plate + BEHIND_A_PLATE]
    return not in_it and all(WRITER.isdisjoint(one) for one in around_it)


def claimed(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """314-555-0150 is us; and held, for a plate may be the scene's after all: AB1 C2D is ours,
    JK8 N4D is not part of it."""
    for at, token in enumerate(an.tokens):
        if shielded(an, at):
            continue
        if token.kind == "PHONE" and MINE.match(an.text, token.end):
            yield Ruling(at, at, "REPORTER_CONTACT", "own-contact")
        elif token.kind == "PHONE" and IT_IS_ME.match(an.text, token.end):
            yield Ruling(at, at, "REPORTER_CONTACT", "own-contact", hold=True)
        elif token.kind == "PLATE" and is_no_suspects(an, token):
            yield Ruling(at, at, "REPORTER_VEHICLE", "own-plate", hold=True)
    for match in OWNED.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        told = range(first, last + 1)
        if shielded(an, first) or not any("vehicle" in an.classes[at] for at in told):
            continue
        yield Ruling(first, last, "REPORTER_VEHICLE", "own-plate", hold=True)
        for at in range(last + 1, min(len(an.tokens), last + 1 + PLATE_AFTER_CUE)):
            if an.tokens[at].kind == "PLATE":
                yield Ruling(at, at, "REPORTER_VEHICLE", "own-plate", hold=True)


def is_no_suspects(an: Analysis, plate: Token) -> bool:
    """Mine, or of no matter, by the words behind the plate or before it."""
    behind = (MINE, IT_IS_ME, DISOWNED)
    before = an.text[max(0, plate.start - KIN_REACH) : plate.start]
    said = any(pattern.match(an.text, plate.end) for pattern in behind)
    return said or LEFT_OUT.search(before) is not None


def own_posts(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """She slid it across my counter. Who is held has posts of another kind."""
    if captive.sentences or captive.perhaps:
        return
    for match in OWN_POST.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, first):
            yield Ruling(first, last, "REPORTER_ROLE", "own-post", hold=True)


def road_marks(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Mile 217.5, exit 210: a place on a road, where nobody in the clause says "I" or "my"."""
    for match in ROAD_MARK.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        clause = [at for at in around(an, first) if not OWN_WORDS.isdisjoint(an.classes[at])]
        if not clause:
            yield Ruling(first, last, "PLACE", "road-mark", keep=True)


def around(an: Analysis, at: int) -> list[int]:
    """The tokens of a token's clause, a dozen to each side at most."""
    near = range(max(0, at - CLAUSE_REACH), min(len(an.tokens), at + CLAUSE_REACH + 1))
    return [other for other in near if an.places[other].clause == an.places[at].clause]


def own_homes(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """I live at 418 Maple Court: up to the street word, or the number.

    Where somebody may be harmed at home, or lodges in a room or camp, it is held, and in a
    captive's sentence it stays.
    """
    held = captive.sentences
    unclear = bool(held) or captive.perhaps or MAY_BE_HARMED.search(an.text) is not None
    cued = [
        (match, unclear or DOCKED_THERE.match(an.text, match.end()) is not None)
        for match in OWN_HOME.finditer(an.text)
    ]
    cued += [
        (match, True)
        for match in NEAR_HOME.finditer(an.text)
        if not SLEEPS_THERE.match(an.text, match.end())
    ]
    for match, waits in cued:
        start, first = index.at(match.start()), index.at(match.end())
        if shielded(an, start) or an.places[start].sentence in held:
            continue
        for at in range(first, min(len(an.tokens), first + PLACE_AFTER_CUE)):
            if an.places[at].sentence != an.places[start].sentence:
                break
            if at <= first + 2 and is_house_number(an, at):
                end = end_of_address(an, at)
                lodges = any(an.tokens[one].norm in LODGING for one in range(first, end + 1))
                yield Ruling(start, end, "REPORTER_PLACE", "own-home", hold=waits or lodges)
                break
    for match in HOME_IS_OURS.finditer(an.text):
        start, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, start) and an.places[start].sentence not in held:
            yield Ruling(start, last, "REPORTER_PLACE", "own-home", hold=unclear)


def is_house_number(an: Analysis, at: int) -> bool:
    """Also the "418 MAPLE" of "418 MAPLE COURT", which looks like a plate."""
    token = an.tokens[at]
    like_a_plate = token.kind == "PLATE" and WHOLE_ADDRESS.match(an.text, token.start) is not None
    return token.kind == "NUM" or like_a_plate


def end_of_address(an: Analysis, number: int) -> int:
    last = number
    for at in range(number, min(len(an.tokens), number + 6)):
        if an.tokens[at].kind == "LINE" or an.tokens[at].text in (",", ";", ".", "!", "?"):
            break
        last = at
        if an.tokens[at].norm == "calle":
            return min(at + 1, len(an.tokens) - 1)
        if "street" in an.classes[at] and at > number:
            break
    return last


def survivors_places(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """He sold me until the police came. I am at Ridge Manor: held, up to what follows."""
    if not captive.perhaps or SURVIVED.search(an.text) is None:
        return
    for match in HERE_NOW.finditer(an.text):
        first, at = index.at(match.start()), index.at(match.end() - 1)
        if shielded(an, first):
            continue
        last = at
        while (
            last + 1 < min(len(an.tokens), at + 1 + PLACE_AFTER_CUE)
            and an.places[last + 1].clause == an.places[at].clause
            and an.tokens[last + 1].kind != "MARK"
        ):
            last += 1
        yield Ruling(first, last, "REPORTER_PLACE", "own-home", hold=True)


def signed_as_neighbor(
    an: Analysis, index: TokenIndex, captive: frozenset[int]
) -> Iterator[Ruling]:
    """Neighbor at Oak Terrace Apartments: held, for the neighbor may be who is told of. Who is
    held there themselves says where."""
    if captive:
        return
    for match in SIGNED_AS_NEIGHBOR.finditer(an.text):
        last = index.at(match.end() - 1)
        yield Ruling(index.at(match.start()), last, "REPORTER_PLACE", "own-home", hold=True)


def own_kin(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """I am the housekeeper's son: held, for the one in the situation says such things too."""
    for match in OWN_KIN.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, first):
            yield Ruling(first, last, "REPORTER_RELATION", "own-kin", hold=True)


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
