"""The city field, with the state beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tipintake.routing.places import elsewhere, limits, zips
from tipintake.routing.places.atlas import Atlas, Hit, Named, Sort
from tipintake.routing.places.phrases import (
    ALSO,
    ARTICLES,
    CITY_WORDS,
    COUNTY_WORDS,
    DIRECTIONS,
    LOCATORS,
    NEGATIONS,
    OF,
    PART_OF,
    is_street_or_business,
    joined,
    state_behind,
)
from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading
from tipintake.routing.places.together import county_land, scenes, together
from tipintake.routing.places.tokens import Gap, Token, tokens_of
from tipintake.routing.places.wording import word_set
from tipintake.tips.mentions import Mention, MentionKind

_LEADING = ARTICLES | LOCATORS | word_set("near in at by around cerca en")
_TRAILING = word_set("area region metro city")
_COUNTRY = word_set("usa us")
_OTHER_LAND = COUNTY_WORDS | word_set("township twp precinct ward")
_TAKES_BACK = NEGATIONS | DIRECTIONS | word_set("new nuevo nueva")
LONGEST = 12  # words; a longer field is a sentence, not the name of a town


@dataclass(frozen=True, slots=True)
class _Typed:
    """The words of the field without state, ZIP and country."""

    tokens: list[Token]
    state: str


def read(
    city: str, state: str, zip_: str, mentions: Iterable[Mention], atlas: Atlas
) -> Reading | None:
    """What the field says; None when it names nothing known."""
    typed = _typed(city, atlas)
    given = typed.state or elsewhere.state_of(state)
    reading = _named(typed.tokens, city, atlas) if typed.tokens else None
    town = reading.jurisdiction if reading else ""
    if given and given != atlas.home_state:
        return _elsewhere(given, instead_of=town, names_a_town=bool(typed.tokens))
    if reading and not given and _is_the_other(town, zip_, mentions, atlas):
        return _elsewhere(town, instead_of=town)
    return reading


def _is_the_other(code: str, zip_: str, mentions: Iterable[Mention], atlas: Atlas) -> bool:
    """Does a ZIP of the other state, or the words, say that its namesake is meant?"""
    digits = zips.zip5(zip_)
    if digits and any(
        elsewhere.zip_is_of(digits, state) for state in atlas.namesakes.get(code, ())
    ):
        return True
    says = {
        (one.kind, one.code) for one in mentions if one.strength == "scene"
    }  # "in O'Fallon, Illinois"
    return (
        bool(code)
        and (MentionKind.OUT_OF_AREA, code) in says
        and (MentionKind.CITY, code) not in says
    )


def _elsewhere(value: str, *, instead_of: str = "", names_a_town: bool = True) -> Reading:
    """A place that is not served; `instead_of` is the town of ours that bears its name."""
    return Reading(
        Kind.CITY,
        Outcome.OUT_OF_AREA,
        value,
        within=frozenset({OUTSIDE}),
        sides=frozenset({instead_of} - {""}),
        names_a_town=names_a_town,
    )


# --- Reading the words of the field ----------------------------------------------------------


def _typed(city: str, atlas: Atlas) -> _Typed:
    tokens = tokens_of(city)[: LONGEST * 2]
    while tokens and (_is_zip(tokens[-1]) or tokens[-1].text in _COUNTRY):
        tokens.pop()
    if not tokens or atlas.exact(_joined(tokens)):
        return _Typed(tokens, "")
    for words in (2, 1):
        word = _joined(tokens[-words:]) if len(tokens) >= words else ""
        state = elsewhere.STATE_WORDS.get(word, "")
        alone = len(tokens) == words
        if state and _is_state_here(word, tokens[-words]) and not (alone and len(word) < 4):
            return _Typed(tokens[:-words], state)
    return _Typed(tokens, "")


def _is_zip(token: Token) -> bool:
    return token.text.isdigit()


def _is_state_here(word: str, first: Token) -> bool:
    """ "Co" is a county and "Washington" a town, unless a comma stands before the state."""
    return word != "washington" and (word != "co" or first.gap is Gap.SOFT)


def _named(tokens: list[Token], city: str, atlas: Atlas) -> Reading | None:
    if len(tokens) > LONGEST or limits.begin_in(tokens):
        land = _county_land(city, atlas)
        if land is not None:
            return land
    outside = next((at for at, one in enumerate(tokens[:3]) if one.text in limits.OUTSIDE), -1)
    if outside >= 0:
        tokens = [one for one in tokens[outside + 1 :] if one.text not in OF] or tokens
    for core, as_city in _cores(tokens):
        named = atlas.exact(_joined(core))
        if named:
            return _outside(named) if outside >= 0 else _reading(named, atlas, as_city=as_city)
    core, as_city = list(_cores(tokens))[-1]
    named = atlas.misspelt(_joined(core))
    if named:
        reading = _outside(named) if outside >= 0 else _reading(named, atlas, as_city=as_city)
        return replace(reading, sure=False)
    return None if outside >= 0 else _among(tokens, atlas)


def _cores(tokens: list[Token]) -> Iterator[tuple[list[Token], bool]]:
    """The field as it is, then without what may stand before and behind a name."""
    yield tokens, False
    as_city, at = False, 0
    while at < len(tokens) - 1:
        if tokens[at].text in PART_OF and tokens[at + 1].text in OF and at + 2 < len(tokens):
            as_city |= tokens[at].text in CITY_WORDS
            at += 2
        elif tokens[at].text in _LEADING or tokens[at].text in OF:
            at += 1
        else:
            break
        yield tokens[at:], as_city
    core = tokens[at:]
    while len(core) > 1 and core[-1].text in _TRAILING:
        as_city |= core[-1].text == "city"
        core = core[:-1]
        yield core, as_city


def _county_land(city: str, atlas: Atlas) -> Reading | None:
    """ "unincorporated X", "X (unincorporated)", "outside the X city limits"."""
    found = list(limits.unincorporated_in(tokens_of(city.title()), atlas))
    if not found:
        return None
    if found[0].kind is MentionKind.OUT_OF_AREA:
        return _elsewhere("")
    if found[0].kind is MentionKind.UNINCORPORATED and found[0].code:
        return replace(county_land(found[0].code), kind=Kind.CITY, value=found[0].code)
    if found[0].kind is MentionKind.COUNTY:
        return _of_county(found[0].code)
    return None


def _among(tokens: list[Token], atlas: Atlas) -> Reading | None:
    """The names in a field that holds more than one name: "Wentzville or O'Fallon"."""
    mentions: list[Mention] = []
    doubtful = False
    at = 0
    while at < len(tokens):
        hit = atlas.hit_at(tokens, at)
        if hit and not _is_meant(tokens, hit):
            doubtful = True
        elif hit and not is_street_or_business(tokens, hit, atlas):
            state, _ = state_behind(tokens, hit.end)
            mentions.append(_mention(hit.named, state, atlas))
        at = hit.end if hit else at + 1
    reading = together(scenes(mentions, atlas))
    if reading is None or (doubtful and reading.outcome is Outcome.RESOLVED):
        return None
    return replace(reading, kind=Kind.CITY, value=reading.says, names_a_town=True)


def _is_meant(tokens: list[Token], hit: Hit) -> bool:
    """Not "not in Wentzville", "from Wentzville", "Union County", "Troy Township", "New Union"."""
    if joined(tokens, hit.end) and tokens[hit.end].text in _OTHER_LAND:
        return hit.named.sort is Sort.COUNTY
    if hit.named.ordinary and joined(tokens, hit.end) and tokens[hit.end].text not in _TRAILING:
        return tokens[hit.end].text in _LEADING | ALSO  # "Pacific near the depot", "Pacific Ocean"
    at = hit.start
    while at and tokens[at].gap is not Gap.HARD and tokens[at - 1].text in _LEADING | OF:
        at -= 1
    before = tokens[at - 1].text if at and tokens[at].gap is not Gap.HARD else ""
    return before not in _TAKES_BACK


def _mention(named: Named, state: str, atlas: Atlas) -> Mention:
    if named.sort is Sort.ELSEWHERE or (state and state != atlas.home_state):
        return Mention(MentionKind.OUT_OF_AREA, "", "scene")
    kinds = {Sort.CDP: MentionKind.CDP, Sort.COUNTY: MentionKind.COUNTY}
    return Mention(kinds.get(named.sort, MentionKind.CITY), named.code, "scene")


# --- What a name says ------------------------------------------------------------------------


def _reading(named: Named, atlas: Atlas, *, as_city: bool) -> Reading:
    match named.sort:
        case Sort.ELSEWHERE:
            return _elsewhere("")
        case Sort.COUNTY:
            return _of_county(named.code)
        case Sort.SHARED if not as_city:
            return Reading(
                Kind.CITY,
                Outcome.AMBIGUOUS,
                named.code,
                within=named.within,
                names_a_town=True,
            )
    code = atlas.shared[named.code][0] if named.sort is Sort.SHARED else named.code
    county = atlas.county_of(code)
    return Reading(
        Kind.CITY,
        Outcome.RESOLVED,
        code,
        jurisdiction=code,
        county=county,
        within=named.within if named.sort is not Sort.SHARED else frozenset({county}),
        sides=frozenset({code}),
        names_a_town=True,
    )


def _of_county(code: str) -> Reading:
    return Reading(Kind.CITY, Outcome.AMBIGUOUS, code, county=code, within=frozenset({code}))


def _outside(named: Named) -> Reading:
    """ "outside Wentzville": near it, so its county is known and no more."""
    if named.sort is Sort.ELSEWHERE:
        return _elsewhere("")
    return Reading(Kind.CITY, Outcome.AMBIGUOUS, county=named.county, within=named.within)


def _joined(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens)
