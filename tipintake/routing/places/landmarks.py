"""Landmarks: approved aliases with a source, as strong as an exit."""

from collections.abc import Iterator

from tipintake.directory.gazetteer import AliasEntry
from tipintake.routing.places.atlas import Atlas, street_words
from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading
from tipintake.routing.places.tokens import Token, tokens_of


def in_tokens(tokens: list[Token], atlas: Atlas) -> Iterator[tuple[int, AliasEntry]]:
    """Each landmark that the words name, with the index of its first token; longest first."""
    words = list(street_words(tokens))
    at = 0
    while at < len(words):
        for known, alias in atlas.landmarks.get(words[at], ()):
            if tuple(words[at : at + len(known)]) == known:
                yield at, alias
                at += len(known) - 1
                break
        at += 1


def read(texts: tuple[str, ...], atlas: Atlas) -> Reading | None:
    """The first landmark that a location's name, street or crossing names."""
    for text in texts:
        for _, alias in in_tokens(tokens_of(text), atlas):
            return reading(alias, atlas)
    return None


def reading(alias: AliasEntry, atlas: Atlas) -> Reading:
    code = alias.jurisdiction
    county = atlas.county_of(code)
    if alias.outcome == Outcome.OUT_OF_AREA:
        return Reading(Kind.LANDMARK, Outcome.OUT_OF_AREA, within=frozenset({OUTSIDE}))
    if alias.outcome == Outcome.RESOLVED and code:
        return Reading(
            Kind.LANDMARK,
            Outcome.RESOLVED,
            jurisdiction=code,
            county=county,
            within=frozenset({county or OUTSIDE}),
            sides=frozenset({code}),
        )
    return Reading(Kind.LANDMARK, Outcome.AMBIGUOUS, county=county)
