"""Where the names of a text begin and end."""

from __future__ import annotations

from collections.abc import Iterator

from tipintake.privacy.scrub.features import Analysis

NO_NAMES = frozenset(
    ["not", "no", "on", "in", "unimportant", "irrelevant", "anonymous", "anonimo"]
)
CUE_WINDOW = 60
NAME_LENGTH = 4
JOINS = frozenset([",", "and", "y", "e", "&"])
MOST_OF_TITLES = 3  # "Rev", its dot, "Sister"
MOST_NAMES = 6  # of those who sign together


def names_from(an: Analysis, first: int) -> Iterator[tuple[int, int]]:
    """Names with their titles from a token on: Sister Agnes and Flor. Of "Joan, Rico sells" it is
    Joan alone."""
    begins = first
    for _ in range(MOST_NAMES):
        if first >= len(an.tokens):
            return
        at = behind_titles(an, first)
        last = end_of_name(an, at) if signs(an, at) or is_initial(an, at) else -1
        if last < at:
            return
        follows = an.tokens[last + 1].kind == "WORD" if last + 1 < len(an.tokens) else False
        if first > begins and follows and an.tokens[last + 1].norm not in JOINS:
            return
        yield first, last
        if last + 1 >= len(an.tokens) or an.tokens[last + 1].norm not in JOINS:
            return
        first = last + 2


def behind_titles(an: Analysis, first: int) -> int:
    at = first
    while at < min(len(an.tokens), first + MOST_OF_TITLES) and (
        not {"title", "kin"}.isdisjoint(an.classes[at])
        or (at > first and an.tokens[at].text == ".")
    ):
        at += 1
    return at


def is_initial(an: Analysis, at: int) -> bool:
    """The "J" of "J. Haas"."""
    dotted = at + 2 < len(an.tokens) and an.tokens[at + 1].text == "."
    return dotted and len(an.tokens[at].text) == 1 and signs(an, at + 2)


def end_of_name(an: Analysis, first: int) -> int:
    """The last token of the name that begins at `first`; the one before it where there is none."""
    last = first - 1
    while last + 1 < len(an.tokens) and last + 1 < first + NAME_LENGTH:
        token = an.tokens[last + 1]
        initial = token.kind == "MARK" and token.text == "." and len(an.tokens[last].text) <= 2
        if not (initial or continues_name(an, last + 1, first)):
            break
        last += 1
    return last


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


def is_name(an: Analysis, at: int) -> bool:
    return at < len(an.tokens) and bool(
        {"given", "surname", "unlisted"}.intersection(an.classes[at])
    )


def signs(an: Analysis, at: int) -> bool:
    """A word that closes a letter as a name does: a capital, or where there are none, a list."""
    if an.style == "mixed":
        return is_name(an, at) and an.tokens[at].text[0].isupper()
    return at < len(an.tokens) and bool({"given", "surname"}.intersection(an.classes[at]))


def is_given(an: Analysis, at: int) -> bool:
    return at < len(an.tokens) and "given" in an.classes[at]


def is_persons_name(an: Analysis, first: int, last: int) -> bool:
    """With a given name in it; "Ella tiene 16" is she."""
    alone = first == last and an.tokens[first].norm == "ella"
    return not alone and any(is_given(an, at) for at in range(first, last + 1))


def words_of(an: Analysis, first: int, last: int) -> frozenset[str]:
    return frozenset(an.tokens[at].norm for at in range(first, last + 1))
