"""Whose a number, page, car or plate is, by the plain words beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

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
    NOT_TOLD_OF,
    OF_KIN_AFTER,
    OF_KIN_BEFORE,
    OWN_CAR,
    OWN_CONTACT,
    OWN_PAGE,
    OWNED,
    PLATE_BESIDE,
    REWARD,
    SOMEBODY_NAMED,
    THEIR_CONTACT,
    THEIR_PLATE,
    WITNESS_CONTACT,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex, quoted_by_nobody, shielded
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
BEHIND_A_PLATE = 7
HOW_CARS_LOOK = frozenset(("color", "vehicle", "desc", "number"))
THERE_IS = frozenset("hay habia esta estaba llega llego sale salio pasa paso".split())
NAMED_REACH = 70
CLAUSE_REACH = 12
KIN_REACH = 40
OF_KIN = re.compile(r"(?:su|her)(?!\w)", re.IGNORECASE)


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
        car, at = index.at(match.start("car")), index.at(match.end())
        is_plate = at < len(an.tokens) and an.tokens[at].kind == "PLATE"
        if is_plate and not CLAIMED.match(an.text, an.tokens[at].end) and is_told_of(an, match):
            looks = index.at(match.start("how"))
            yield Ruling(looks, car, "VEHICLE", "their-plate", keep=True)
            yield Ruling(index.at(match.end("between")), at, "PLATE", "their-plate", keep=True)


def is_told_of(an: Analysis, match: re.Match[str]) -> bool:
    """The same van, a van that was seen or stands there; and not "I was in a van", "the clerk has
    a van", "a van of ours"."""
    index = TokenIndex(an)
    begins, car, plate = (
        index.at(match.start()),
        index.at(match.start("car")),
        index.at(match.end()),
    )
    how = range(begins + 1 + (match["same"] is not None), car)
    if not all(HOW_CARS_LOOK.intersection(an.classes[at]) for at in how):
        return False
    just_before = an.tokens[begins - 1].norm if begins else ""
    seen = begins > 0 and "see" in an.classes[begins - 1]
    if not (match["same"] or seen or just_before in THERE_IS):
        return False
    before = an.text[max(0, match.start() - KIN_REACH) : match.start()]
    if NOT_TOLD_OF.search(before) and not match["same"]:
        return False
    behind = an.classes[car : plate + BEHIND_A_PLATE]
    return all(WRITER.isdisjoint(one) for one in behind)


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
