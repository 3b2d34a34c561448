"""Whose name in a field of its own goes to the vault: a possible victim's, and a minor's.

A person is taken for a minor when a field says so or the name's own words do ("Amber Nolan, 15"),
and, where somebody there is under 18, when nothing says what the person does or that they are
grown.
"""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from tipintake.tips.draft import PersonDraft, TipDraft, tame
from tipintake.tips.vocabulary import MinorPresent, PersonRole

GROWN: Final = 18
_IN_WORDS: Final = MappingProxyType(
    {
        word: age
        for age, words in enumerate(
            (
                "ten diez",
                "eleven once",
                "twelve doce",
                "thirteen trece",
                "fourteen catorce",
                "fifteen quince",
                "sixteen dieciséis dieciseis",
                "seventeen diecisiete",
            ),
            start=10,
        )
        for word in words.split()
    }
)
_AGE = rf"(?P<age>[1-9]\d?|{'|'.join(_IN_WORDS)})"
_ABOUT = r"(?:about |around |maybe |like |only |just |barely |apenas |solo |como |unos |~ ?)?"
_ENDS = r"(?=\s{0,2}(?:[,.;:)?!/]|-? ?ish\b|or\b|o\b|-\d|[fm]\b|$))"
# A number after one of these is no age: a room, a road, a gang, a measure.
_NO_AGE_AFTER = frozenset(
    "room rm apt unit suite no number num cuarto habitación habitacion exit salida route ruta rt"
    " hwy highway i us mo street calle block area barrio ms sur norte ft feet foot lbs".split()
)
_YEARS = rf"[ -]?(?:(?:years?|yrs?)[ -]?old(?!er)|yrs?{_ENDS}|y[./]?o\b|a[nñ]os)"
_AT_THE_AGE_OF = r"\b(?:aged?|edad|is|she['’]?s|he['’]?s|turned|tiene|cumpli[oó]):? "
_SAYS_AN_AGE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\w#$@./:-]){_AGE}{_YEARS}",
        rf"{_AT_THE_AGE_OF}{_ABOUT}{_AGE}{_ENDS}",
        rf"(?:[,(:]| [-–—/])\s{{0,2}}{_ABOUT}{_AGE}{_ENDS}",
    )
)
# Not behind a figure: "Derek 5 10" is so tall.
_BARE_AGE: Final = re.compile(rf"\b(?P<before>[^\W\d]\w{{0,19}}) (?P<age>[1-9]\d){_ENDS}")
_SAYS_A_MINOR: Final = re.compile(
    r"\b(?:[1-9]|1[0-2])(?:st|nd|rd|th)[ -]grade|\bmenor de edad\b|\bis a minor\b|\bes menor\b",
    re.IGNORECASE,
)


def names_to_seal(draft: TipDraft) -> Iterator[tuple[str, str]]:
    """Pointer and value of each name that goes to the vault as a whole."""
    for at, person in enumerate(draft.persons):
        name = tame(person.name_or_alias)
        if name and _is_protected(person, name, minor_present=draft.minor_present):
            yield f"/persons/{at}/name_or_alias", name


def _is_protected(person: PersonDraft, name: str, *, minor_present: str) -> bool:
    ages = [age for age in (person.age_from, person.age_to) if age is not None]
    ages += ages_said(name)
    if (
        person.role == PersonRole.POSSIBLE_VICTIM
        or person.looks_under_18 in {MinorPresent.YES, MinorPresent.POSSIBLY}
        or any(age < GROWN for age in ages)
        or _SAYS_A_MINOR.search(name)
    ):
        return True
    is_grown = bool(ages) or person.looks_under_18 == MinorPresent.NO
    return minor_present == MinorPresent.YES and not person.role and not is_grown


def ages_said(name: str) -> list[int]:
    """Ages in the words of a field for a name: "Amber (15)", "Kiki de 14 años", "Tony, 35"."""
    said = [found["age"] for pattern in _SAYS_AN_AGE for found in pattern.finditer(name)]
    said += [
        found["age"]
        for found in _BARE_AGE.finditer(name)
        if found["before"].casefold() not in _NO_AGE_AFTER
    ]
    return [_IN_WORDS.get(age.casefold()) or int(age) for age in said]
