"""Names that plain words make the writer's or of somebody close to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.cues.writers_names import (
    A_LETTER_TOLD_OF,
    ANOTHERS,
    BYSTANDER_NAMED,
    CLOSING,
    CREDENTIAL,
    DASHED,
    ENDS_A_LETTER,
    FORM_OF_ANOTHER,
    FORM_OF_SOMEBODY,
    FORM_OF_WRITER,
    HEAD_THIS_IS,
    HERE,
    IS_WHO_REPORTS,
    KIN_NAMED,
    KNOWN_AS,
    MAY_CLOSE_ANOTHERS,
    NAME_ON_A_LINE,
    OWN_NAME,
    OWN_ROOM_AFTER,
    SAW,
    SAYS_OR_SAW,
    SIGN_OFF,
    THIS_IS,
    TIP_OF,
    WHO_DOES_IT,
    WRITER_IS_NAMED,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.names.suspects import names_of_dealers
from tipintake.privacy.scrub.names.whole import (
    CUE_WINDOW,
    end_of_name,
    is_given,
    is_name,
    names_from,
    whole_names,
)
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex, shielded

BEHIND_A_SIGNATURE = 6  # words
LETTER_REACH = 100
NEAR_A_NAME = 3
LEAST_TOLD = 3  # words
PLACES = frozenset(("city", "site", "street", "state"))
COUNTIES = frozenset(("county", "condado", "salon", "bar", "shop", "store"))
SAINTS = frozenset(("st", "ste", "ft", "mt"))


def own_names(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """My name is Joan; and held, for the words between may be of another: I am a man named Joe."""
    for pattern in (OWN_NAME, WRITER_IS_NAMED):
        for match in pattern.finditer(an.text):
            first = index.at(match.end())
            if first >= len(an.tokens) or shielded(an, first):
                continue
            last = end_of_name(an, first)
            if last >= first:
                yield Ruling(first, last, kind, "own-name", hold=pattern is WRITER_IS_NAMED)
    for match in KNOWN_AS.finditer(an.text):
        first = index.at(match.end())
        if not shielded(an, first):
            for begins, last in names_from(an, first):
                yield Ruling(begins, last, kind, "own-name")


def names_in_forms(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """Reporting party: Joan Moore; and held, for it may be another's: witness: Joan Moore."""
    for match in FORM_OF_WRITER.finditer(an.text):
        first = index.at(match.end())
        if not shielded(an, first):
            for begins, last in names_from(an, first):
                yield Ruling(begins, last, kind, "own-name")
    dealers = names_of_dealers(an)
    for match in FORM_OF_SOMEBODY.finditer(an.text):
        last = -1
        for begins, last in names_from(an, index.at(match.end())):
            if not {token.norm for token in an.tokens[begins : last + 1]} & dealers:
                yield Ruling(begins, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)
        for at in range(last + 1, min(len(an.tokens), last + 1 + NEAR_A_NAME) if last > 0 else 0):
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                yield Ruling(at, at, "REPORTER_CONTACT", "kin-contact", hold=True)
    for match in NAME_ON_A_LINE.finditer(an.text):
        line_before = an.text[: match.start()].rstrip().rpartition("\n")[2]
        if not FORM_OF_ANOTHER.search(line_before):
            for begins, last in names_from(an, index.at(match.end())):
                yield Ruling(begins, last, kind, "own-name", hold=True, yields=True)


def names_of_who_reports(an: Analysis, kind: str) -> Iterator[Ruling]:
    """Joan Moore is the one making this report: the writer, or for whom they write."""
    for first, last in whole_names(an):
        if IS_WHO_REPORTS.match(an.text, an.tokens[last].end) and not an.places[first].quoted:
            yield Ruling(first, last, kind, "own-name", hold=True)


def own_kins_names(an: Analysis, captive: bool) -> Iterator[Ruling]:
    """My husband Tom Barker says; Aunt Bev saw her. Kin of who is held may be who holds them."""
    for first, last in () if captive else whole_names(an):
        start, end = an.tokens[first].start, an.tokens[last].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        titled = last > first and "kin" in an.classes[first] and not ANOTHERS.search(before)
        stands_by = BYSTANDER_NAMED.search(before) and not is_town(an, first, last)
        is_theirs = titled or KIN_NAMED.search(before) or stands_by
        tells = SAW if stands_by and not titled else SAYS_OR_SAW
        if is_theirs and not an.places[first].quoted and tells.match(an.text, end):
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)


def introductions(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """This is Maria from housekeeping; les escribe Rosa, hay …; Mary here."""
    for match in THIS_IS.finditer(an.text):
        at = index.at(match.end())
        if not shielded(an, at) and is_name(an, at):
            last = max(at, end_of_name(an, at))
            told_of = WHO_DOES_IT.match(an.text, an.tokens[last].end) is not None
            yield Ruling(at, last, kind, "this-is", hold=told_of)
    for match in HEAD_THIS_IS.finditer(an.text):
        at = index.at(match.end())
        if is_given(an, at):
            yield Ruling(at, end_of_name(an, at), kind, "this-is")
    for first, last in an.names:
        head = first == 0 or an.tokens[first - 1].kind == "LINE"
        here = HERE.match(an.text, an.tokens[last].end)
        if head and is_given(an, first) and here:
            yield Ruling(first, last, kind, "this-is", hold=here["writing"] is not None)


def sign_offs(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """Thanks, Joan Moore; -Tammy, room 212; J. Whitfield, RN."""
    for match in CLOSING.finditer(an.text):
        for first, last in names_from(an, index.at(match.end())):
            rest, _, _ = an.text[an.tokens[last].end :].partition("\n")
            if ENDS_A_LETTER.match(an.text, an.tokens[last].end):
                doubted = tells_more(rest) or is_anothers_letter(match)
                yield Ruling(first, last, kind, "sign-off", hold=doubted)
            elif may_sign(match, rest) or (
                first < last and rest.startswith(",") and not tells_more(rest)
            ):
                yield Ruling(first, last, kind, "sign-off", hold=True)
    for match in SIGN_OFF.finditer(an.text):
        at = index.at(match.end())
        if is_name(an, at):
            last = end_of_signature(an, at)
            doubted = is_listed(an.text, match) or tells_more(an.text[an.tokens[last].end :])
            yield Ruling(at, last, kind, "sign-off", hold=doubted)
            if room := OWN_ROOM_AFTER.search(an.text, match.end()):
                first, last = (
                    index.at(room.start() + 1),
                    index.at(len(room.group().rstrip()) + room.start() - 1),
                )
                yield Ruling(first, last, "REPORTER_PLACE", "sign-off", hold=True)
    for match in CREDENTIAL.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        a_town = match["state"] is not None and match["initial"] is None
        yield Ruling(first, min(last, len(an.tokens) - 1), kind, "credential", hold=a_town)


def last_words(an: Analysis, kind: str) -> Iterator[Ruling]:
    """They come at night. Kelly R: a name with nothing beside it that ends a text."""
    for first, last in whole_names(an)[-1:]:
        end = end_of_signature(an, last)
        rest = an.text[an.tokens[end].end :].strip(" .\n\t")
        alone = first > 0 and an.places[first].sentence != an.places[first - 1].sentence
        behind_it = [token for token in an.tokens[:first] if token.kind == "WORD"]
        is_place = behind_it and behind_it[-1].norm in SAINTS
        whole = first < end and not any(is_of_a_place(an, at) for at in range(first, end + 1))
        told = alone and not rest and len(behind_it) >= LEAST_TOLD
        of_a_suspect = any("suspect" in classes for classes in an.classes[:first])
        if told and whole and not of_a_suspect and not is_place and is_given(an, first):
            yield Ruling(first, end, kind, "sign-off", hold=True, yields=True)


def is_town(an: Analysis, first: int, last: int) -> bool:
    return all("city" in an.classes[at] for at in range(first, last + 1))


def is_of_a_place(an: Analysis, at: int) -> bool:
    """ "Jackson County", "Rosa Salon", "Austin Texas"."""
    return not PLACES.isdisjoint(an.classes[at]) or an.tokens[at].norm in COUNTIES


def may_sign(closing: re.Match[str], rest: str) -> bool:
    """Tip from Joan Moore: two girls at the Super 8."""
    return rest.startswith(":") and TIP_OF.match(closing.group()) is not None


def is_anothers_letter(closing: re.Match[str]) -> bool:
    """A note on her door says pay me. Signed, Rico."""
    before = closing.string[max(0, closing.start() - LETTER_REACH) : closing.start()]
    may_be = MAY_CLOSE_ANOTHERS.match(closing.group()) is not None
    return may_be and A_LETTER_TOLD_OF.search(before) is not None


def end_of_signature(an: Analysis, at: int) -> int:
    """With the initial of a surname: "- jen h"."""
    last = max(at, end_of_name(an, at))
    behind = an.tokens[last + 1 : last + 2]
    return last + sum(token.kind == "WORD" and len(token.text) == 1 for token in behind)


def tells_more(after: str) -> bool:
    """Behind a signature stands where the writer is to be found, not another sentence."""
    return len(after.split()) > BEHIND_A_SIGNATURE


def is_listed(text: str, signature: re.Match[str]) -> bool:
    """One of several lines that begin with a dash: whoever is listed did not sign."""
    begins = text.rfind("\n", 0, signature.end()) + 1
    ends = text.find("\n", signature.end())
    before = text[:begins].rstrip().rpartition("\n")[2]
    after = text[ends:] if ends >= 0 else ""
    return any(DASHED.match(line) is not None for line in (before, after.lstrip()))
