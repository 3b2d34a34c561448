"""What surrounds each token: sentence, clause, quotation, reported speech, nearest pronoun."""

from __future__ import annotations

from dataclasses import dataclass

from tipintake.privacy.scrub.lexicon import classes_by_word
from tipintake.privacy.scrub.tokens import Token

SENTENCE_ENDS = frozenset(".!?\n…;•")
CLAUSE_ENDS = frozenset(",:()-–—/[]")
OPENING, CLOSING = frozenset("“«"), frozenset("”»")
PERSONS = ("my", "i", "we", "he", "she", "they", "third_poss", "you")
LONGEST_QUOTATION = 80
SPEECH_REACH = 14
NO_CLASSES: tuple[str, ...] = ()


@dataclass(slots=True)
class Place:
    """Where a token stands."""

    sentence: int = 0
    in_sentence: int = 0
    clause: int = 0
    in_clause: int = 0
    quoted: bool = False
    reported: str = ""
    person: str = "none"
    person_distance: int = 99
    subject: str = "none"
    previous_subject: str = "none"
    line_head: str = ""


def classes_of(token: Token) -> tuple[str, ...]:
    return classes_by_word().get(token.norm, NO_CLASSES)


def person_of(classes: tuple[str, ...]) -> str:
    for person in PERSONS:
        if person in classes:
            return person
    return ""


def mark_quotations(tokens: list[Token]) -> list[bool]:
    """True inside quotation marks; a mark that never closes ends with its line."""
    quoted = [False] * len(tokens)
    open_at = -1
    closer = ""
    for at, token in enumerate(tokens):
        mark = token.text[0]
        if open_at >= 0 and (mark in closer and is_closing(tokens, at, mark)):
            quoted[open_at : at + 1] = [True] * (at + 1 - open_at)
            open_at = -1
        elif open_at >= 0 and at - open_at > LONGEST_QUOTATION:
            open_at = -1
        elif open_at < 0 and token.kind == "MARK" and opens_quotation(tokens, at, mark):
            open_at = at
            closer = {"“": '”"', "«": "»", "'": "'’", "‘": "’'", '"': '"”'}[mark]
    return quoted


def opens_quotation(tokens: list[Token], at: int, mark: str) -> bool:
    if mark not in "\"“«'‘":
        return False
    if mark == "'" or mark == "‘":
        spaced = at == 0 or tokens[at - 1].end < tokens[at].start or tokens[at - 1].kind == "MARK"
        return spaced and at + 1 < len(tokens) and tokens[at + 1].start == tokens[at].end
    return True


def is_closing(tokens: list[Token], at: int, mark: str) -> bool:
    if mark in "'’":
        return (
            at + 1 == len(tokens)
            or tokens[at + 1].start > tokens[at].end
            or (tokens[at + 1].kind == "MARK")
        )
    return True


def ends_sentence(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.text[0] not in SENTENCE_ENDS:
        return False
    if (
        token.text == "."
        and at
        and len(tokens[at - 1].text) <= 2
        and tokens[at - 1].kind == "WORD"
    ):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        return following is None or (following.start > token.end and len(tokens[at - 1].text) > 1)
    return True


def places_of(tokens: list[Token], classes: list[tuple[str, ...]]) -> list[Place]:
    """One pass from left to right; the work per token does not depend on the length."""
    quoted = mark_quotations(tokens)
    places: list[Place] = []
    sentence = clause = in_sentence = in_clause = 0
    person, person_at = "none", -99
    subject, previous_subject = "none", "none"
    speech, speech_at = "", -99
    line_head = ""
    new_line = True
    for at, token in enumerate(tokens):
        token_classes = classes[at]
        if new_line and token.kind == "WORD":
            line_head, new_line = token.norm, False
        found = person_of(token_classes)
        if found:
            person, person_at = found, at
            if found not in ("my", "third_poss") and subject == "none":
                subject = found
        if "speech" in token_classes or "adword" in token_classes:
            speech = "own" if person == "i" and at - person_at <= 2 else "theirs"
            speech_at = at
        places.append(
            Place(
                sentence=sentence,
                in_sentence=in_sentence,
                clause=clause,
                in_clause=in_clause,
                quoted=quoted[at],
                reported=speech if at - speech_at <= SPEECH_REACH else "",
                person=person,
                person_distance=at - person_at,
                subject=subject,
                previous_subject=previous_subject,
                line_head=line_head,
            )
        )
        in_sentence += 1
        in_clause += 1
        if token.kind == "LINE":
            new_line, line_head = True, ""
        if token.kind in ("MARK", "LINE") and ends_sentence(tokens, at):
            sentence += 1
            clause += 1
            in_sentence = in_clause = 0
            previous_subject, subject = subject, "none"
            person, person_at = "none", -99
            speech, speech_at = "", -99
        elif (token.text[0] in CLAUSE_ENDS and token.kind == "MARK") or "conj" in token_classes:
            clause += 1
            in_clause = 0
            if subject != "none":
                previous_subject = subject
            subject = "none"
    return places
