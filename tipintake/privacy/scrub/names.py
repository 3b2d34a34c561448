"""Whose a name is, where plain words say so: the writer's, a victim's or child's, a suspect's."""

from __future__ import annotations

from collections.abc import Iterator

from tipintake.privacy.scrub.cues import (
    CREDENTIAL,
    HARM_AFTER_NAME,
    OWN_NAME,
    OWN_ROOM_AFTER,
    SIGN_OFF,
    SUSPECT_NAME,
    SUSPECT_OF_CAPTIVE,
    THIS_IS,
    TITLED,
    VICTIM_CUE,
    VICTIM_NAME,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex, shielded

NO_NAMES = frozenset(
    ["not", "no", "on", "in", "unimportant", "irrelevant", "anonymous", "anonimo"]
)
CUE_WINDOW = 60
VICTIM_WINDOW = 24
NAME_LENGTH = 4


def own_names(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    for match in OWN_NAME.finditer(an.text):
        first = index.at(match.end())
        if first >= len(an.tokens) or shielded(an, first):
            continue
        last = first - 1
        while last + 1 < len(an.tokens) and last + 1 < first + NAME_LENGTH:
            token = an.tokens[last + 1]
            initial = token.kind == "MARK" and token.text == "." and len(an.tokens[last].text) <= 2
            if not (initial or continues_name(an, last + 1, first)):
                break
            last += 1
        if last >= first:
            yield Ruling(first, last, kind, "own-name")


def continues_name(an: Analysis, at: int, first: int) -> bool:
    token, classes = an.tokens[at], an.classes[at]
    if token.kind != "WORD" or an.places[at].sentence != an.places[first].sentence:
        return False
    if at == first:
        return token.norm not in NO_NAMES
    if an.style == "mixed":
        return token.text[0].isupper()
    return bool({"given", "surname", "unlisted"}.intersection(classes)) and "neg" not in classes


def whole_names(an: Analysis) -> list[tuple[int, int]]:
    """Runs of name words, joined over the dot of a title or an initial: "Mr. Vo"."""
    runs: list[tuple[int, int]] = []
    for first, last in an.names:
        if runs and first == runs[-1][1] + 2 and an.tokens[first - 1].text == ".":
            before = runs[-1][1]
            if "title" in an.classes[before] or len(an.tokens[before].norm) == 1:
                runs[-1] = (runs[-1][0], last)
                continue
        runs.append((first, last))
    return runs


def sign_offs(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """This is Maria from housekeeping; -Tammy, room 212; J. Whitfield, RN."""
    for match in THIS_IS.finditer(an.text):
        at = index.at(match.end())
        if not shielded(an, at) and is_name(an, at):
            yield Ruling(at, at, kind, "this-is")
    for match in SIGN_OFF.finditer(an.text):
        at = index.at(match.end())
        if is_name(an, at):
            yield Ruling(at, at, kind, "sign-off")
            if room := OWN_ROOM_AFTER.search(an.text, match.end()):
                first, last = (
                    index.at(room.start() + 1),
                    index.at(len(room.group().rstrip()) + room.start() - 1),
                )
                yield Ruling(first, last, "REPORTER_PLACE", "sign-off", hold=True)
    for match in CREDENTIAL.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        yield Ruling(first, min(last, len(an.tokens) - 1), kind, "credential")


def is_name(an: Analysis, at: int) -> bool:
    return at < len(an.tokens) and bool(
        {"given", "surname", "unlisted"}.intersection(an.classes[at])
    )


def victim_names(an: Analysis) -> Iterator[Ruling]:
    """A name straight after words that only introduce a victim or a child."""
    for first, last in whole_names(an):
        start = an.tokens[first].start
        match = VICTIM_NAME.search(an.text[max(0, start - CUE_WINDOW) : start])
        if match and not an.places[first].quoted:
            kind = "MINOR_NAME" if match.group("young") else "VICTIM_NAME"
            yield Ruling(first, last, kind, "victim-cue")


def suspect_names(an: Analysis, captive: frozenset[int]) -> Iterator[Ruling]:
    """A name beside words that only go with a suspect."""
    for first, last in whole_names(an):
        start, end = an.tokens[first].start, an.tokens[last].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if VICTIM_CUE.search(before[-VICTIM_WINDOW:]):
            continue
        named = SUSPECT_NAME.search(before) is not None
        if captive and not named:
            named = (
                SUSPECT_OF_CAPTIVE.search(before) is not None
                or HARM_AFTER_NAME.match(an.text, end) is not None
                or TITLED.match(an.text, start) is not None
            )
        if named:
            while first and "title" in an.classes[first - 1]:
                first -= 1
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)
