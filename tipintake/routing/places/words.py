"""Places that words name. `mentions_in` reads the scrubbed narrative at the door; what it returns
is all of its geography that is kept, and all that the place step ever sees of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.places import exits, landmarks, limits
from tipintake.routing.places.atlas import Atlas, Hit, Sort, atlas_of
from tipintake.routing.places.phrases import (
    ALSO,
    AREAS,
    ARTICLES,
    AT_A_CROSSING,
    CITY_WORDS,
    COUNTY_WORDS,
    IN_OR_NEAR,
    LINES,
    LOCATORS,
    OF,
    PART_OF,
    SOME,
    STANDS_IN,
    STREET_TYPES,
    UNSURE,
    is_crossing,
    is_street_or_business,
    joined,
    scene_phrase,
    state_alone,
    state_behind,
    taken_back,
)
from tipintake.routing.places.results import Outcome
from tipintake.routing.places.tokens import Gap, Token, tokens_of
from tipintake.routing.places.wording import word_set
from tipintake.tips.mentions import Mention, MentionKind

SCENE = "scene"
PASSING = "passing"
STATE = "state"  # code of an OUT_OF_AREA mention that names a whole state or country
AT_MOST = 30  # mentions kept of one text; so many different places decide nothing anyway
MODIFIERS = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A name behind a scene phrase, and how it was introduced."""

    hit: Hit
    article: bool = False
    as_city: bool = False  # "the city of"
    unincorporated: bool = False
    of_something: bool = False  # "un motel de"
    state: str = ""  # directly attached
    end: int = 0  # index behind the name and its state


def mentions_in(text: str, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """The places that a narrative names, as closed kinds and codes: never words or offsets."""
    atlas = atlas_of(gazetteer)
    tokens = tokens_of(text)
    found = dict.fromkeys(
        (
            *_scenes(tokens, atlas),
            *limits.unincorporated_in(tokens, atlas),
            *(Mention(MentionKind.EXIT, code, SCENE) for code in exits.codes_in(text, atlas)),
            *_landmarks(tokens, atlas),
        )
    )
    return tuple(sorted(found, key=lambda one: (one.strength, one.kind, one.code)))[:AT_MOST]


def mentions_in_field(
    text: str, gazetteer: Gazetteer, *, street: bool = False
) -> tuple[Mention, ...]:
    """The places that the name or street of a location names: no scene phrase is needed."""
    atlas = atlas_of(gazetteer)
    tokens = tokens_of(text)
    return tuple(
        dict.fromkeys(
            (
                *_names_in_field(tokens, atlas, street=street),
                *limits.unincorporated_in(tokens, atlas),
                *(Mention(MentionKind.EXIT, code, SCENE) for code in exits.codes_in(text, atlas)),
            )
        )
    )


# --- Scene phrases ---------------------------------------------------------------------------


def _scenes(tokens: list[Token], atlas: Atlas) -> Iterator[Mention]:
    for at in range(len(tokens)):
        taken = scene_phrase(tokens, at)
        if not taken:
            continue
        strength = PASSING if taken_back(tokens, at) else SCENE
        found = _name_behind(tokens, at + taken, atlas)
        if found is None:
            state = _state_behind_phrase(tokens, at + taken)
            if state and state != atlas.home_state:
                yield Mention(MentionKind.OUT_OF_AREA, STATE, strength)
            continue
        near = tokens[at].text in IN_OR_NEAR
        crossing = tokens[at].text in AT_A_CROSSING and is_crossing(tokens, found.end, atlas)
        if not crossing and _is_a_place(tokens, found, atlas, near=near):
            yield from _as_mentions(found, strength, atlas)
            yield from _row(tokens, found.end, strength, atlas)


def _name_behind(tokens: list[Token], at: int, atlas: Atlas) -> Found | None:
    """ "in (the) (city of) (downtown) Wentzville": the name, over what introduces it."""
    article = as_city = unincorporated = of_something = False
    for _ in range(MODIFIERS):
        if not joined(tokens, at):
            return None
        hit = atlas.hit_at(tokens, at)
        if hit:
            state, end = state_behind(tokens, hit.end)
            return Found(hit, article, as_city, unincorporated, of_something, state, end)
        word = tokens[at].text
        if word in ARTICLES or word in LOCATORS:
            article |= word in ARTICLES
            at += 1
        elif word in limits.UNINCORPORATED:
            unincorporated = True
            at += 1
        elif word in PART_OF and (length := _length_of_part(tokens, at)):
            as_city |= word in CITY_WORDS
            article = False
            at += length
        elif word in limits.LIMITS and joined(tokens, at + 1) and tokens[at + 1].text in OF:
            article = False  # "dentro de los límites de"
            at += 2
        elif length := _length_of_something(tokens, at):
            article, of_something = False, True
            at += length
        else:
            return None
    return None


def _length_of_something(tokens: list[Token], at: int) -> int:
    """Words in "un motel de", "casa vieja de"; 0 when it is none of these."""
    noun = at + 1 if tokens[at].text in SOME else at
    if not joined(tokens, noun) or tokens[noun].text not in STANDS_IN:
        return 0
    for of in (noun + 1, noun + 2):
        if joined(tokens, noun + 1) and joined(tokens, of) and tokens[of].text == "de":
            return of + 1 - at
    return 0


def _length_of_part(tokens: list[Token], at: int) -> int:
    """Words in "city of", "area of", "city limits of"; 0 when it is none of these."""
    limits_named = joined(tokens, at + 1) and tokens[at + 1].text in limits.LIMITS
    of = at + 2 if limits_named else at + 1
    return of + 1 - at if joined(tokens, of) and tokens[of].text in OF else 0


def _state_behind_phrase(tokens: list[Token], at: int) -> str:
    while joined(tokens, at) and (tokens[at].text in ARTICLES or tokens[at].text in LOCATORS):
        at += 1
    return state_alone(tokens, at) if joined(tokens, at) else ""


def _row(tokens: list[Token], at: int, strength: str, atlas: Atlas) -> Iterator[Mention]:
    """ "in Wentzville, O'Fallon and Lake St. Louis": each further town of a row."""
    while joined(tokens, at, most=Gap.SOFT):
        linked = tokens[at].text in ALSO
        if linked:
            at += 1
        elif tokens[at].gap is not Gap.SOFT or tokens[at].brackets:
            return
        while joined(tokens, at, most=Gap.SOFT) and tokens[at].text in UNSURE:
            at += 1
        if not joined(tokens, at, most=Gap.SOFT):
            return
        hit = atlas.hit_at(tokens, at, misspelt=False)
        if hit is None or hit.named.borne or hit.named.ordinary:
            return
        state, end = state_behind(tokens, hit.end)
        found = Found(hit, state=state, end=end)
        if not _is_a_place(tokens, found, atlas, near=True):
            return
        yield from _as_mentions(found, strength, atlas)
        at = end


def _is_a_place(tokens: list[Token], found: Found, atlas: Atlas, *, near: bool) -> bool:
    """Not a street, a business, another county, a person or an ordinary word."""
    hit = found.hit
    if found.state or found.as_city:
        return True
    if is_street_or_business(tokens, hit, atlas):
        return False
    behind = tokens[hit.end].text if joined(tokens, hit.end) else ""
    if hit.named.sort is Sort.COUNTY:
        return behind not in LINES
    if found.article and _is_small(tokens, hit) and behind not in AREAS:
        return False  # "in the wildwood", "in the valley park lot"
    if found.of_something and (hit.named.borne or hit.named.ordinary):
        return False  # "en la casa de Clayton": whose it is
    if behind in COUNTY_WORDS and hit.named.sort is not Sort.SHARED:
        return False  # a county that the gazetteer does not know
    if hit.named.ordinary or hit.named.borne:
        return near and _means_the_town(tokens, found)
    return True


def _is_small(tokens: list[Token], hit: Hit) -> bool:
    """No capital in the name, and no "city of" before it."""
    named = tokens[hit.start : hit.end]
    return named[0].text not in PART_OF and not any(token.capital for token in named)


def _means_the_town(tokens: list[Token], found: Found) -> bool:
    hit = found.hit
    if tokens[hit.start].text in PART_OF:
        return True  # "in the city of Union"
    capital_behind = joined(tokens, hit.end) and tokens[hit.end].capital
    if hit.possessive or capital_behind:
        return False
    if hit.named.ordinary:
        return tokens[hit.start].capital and not found.article
    return True


def _as_mentions(found: Found, strength: str, atlas: Atlas) -> Iterator[Mention]:
    named = found.hit.named
    if found.state and found.state != atlas.home_state:
        code = named.code if named.sort is Sort.CITY else ""
        yield Mention(MentionKind.OUT_OF_AREA, code, strength)
    elif found.unincorporated:
        return  # `limits` reads it
    elif named.sort is Sort.ELSEWHERE:
        yield Mention(MentionKind.OUT_OF_AREA, STATE if named.wide else "", strength)
    elif named.sort is Sort.SHARED and found.as_city:
        yield Mention(MentionKind.CITY, atlas.shared[named.code][0], strength)
    else:
        yield Mention(_KINDS[named.sort], named.code, strength)


_KINDS = {
    Sort.CITY: MentionKind.CITY,
    Sort.SHARED: MentionKind.CITY,
    Sort.CDP: MentionKind.CDP,
    Sort.COUNTY: MentionKind.COUNTY,
}


def _landmarks(tokens: list[Token], atlas: Atlas) -> Iterator[Mention]:
    for at, alias in landmarks.in_tokens(tokens, atlas):
        start = at
        while start > 0 and tokens[start - 1].text in ARTICLES:
            start -= 1
        if start > 0 and scene_phrase(tokens, start - 1):
            start -= 1
        strength = PASSING if taken_back(tokens, start) else SCENE
        reading = landmarks.reading(alias, atlas)
        if reading.outcome is Outcome.RESOLVED:
            yield Mention(MentionKind.LANDMARK, reading.jurisdiction, strength)
        elif reading.outcome is Outcome.OUT_OF_AREA:
            yield Mention(MentionKind.OUT_OF_AREA, "", strength)
        elif reading.county:
            yield Mention(MentionKind.COUNTY, reading.county, strength)


# --- Name and street of a location -----------------------------------------------------------


def _names_in_field(tokens: list[Token], atlas: Atlas, *, street: bool) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        hit = atlas.hit_at(tokens, at)
        if hit is None:
            at += 1
            continue
        state, end = state_behind(tokens, hit.end)
        found = Found(hit, state=state, end=end, as_city=_says_city_of(tokens, at))
        crossed = street and _is_of_a_crossing(tokens, hit, atlas)
        if state or (not crossed and _stands_as_town(tokens, hit, atlas)):
            yield from _as_mentions(found, SCENE, atlas)
        at = max(end, hit.end)


def _says_city_of(tokens: list[Token], at: int) -> bool:
    return at > 1 and tokens[at - 1].text in OF and tokens[at - 2].text in CITY_WORDS


def _stands_as_town(tokens: list[Token], hit: Hit, atlas: Atlas) -> bool:
    """A town ends its part of the field: "Super 8, Wentzville", "Main St near Wentzville"; what
    something follows is the name of a business or street: "Wentzville Nails", "Clayton Rd"."""
    if joined(tokens, hit.end) and tokens[hit.end].text not in _MAY_FOLLOW:
        return False
    before = tokens[hit.start - 1] if hit.start else None
    if before and tokens[hit.start].gap is Gap.JOINED:
        numbered = before.text.isdigit() and hit.start == 1
        if numbered or before.text in _STREET_SIDES:
            return False  # "12300 Clayton", "100 N Florissant": streets
    if hit.named.ordinary:
        return bool(before and (tokens[hit.start].gap is Gap.SOFT or before.text in _INTRODUCES))
    return not is_street_or_business(tokens, hit, atlas)


def _is_of_a_crossing(tokens: list[Token], hit: Hit, atlas: Atlas) -> bool:
    """ "Kingshighway and Washington", "Lindbergh at Clayton": streets that bear names of towns.

    "Hwy 61 at Wentzville" and "Main St at O'Fallon" say where a road is met.
    """
    if joined(tokens, hit.end + 1) and tokens[hit.end].text in _CROSSES:
        other = tokens[hit.end + 1]
        if tokens[hit.end].gap is Gap.JOINED and atlas.hit_at(tokens, hit.end + 1) is None:
            return other.text not in _MAY_FOLLOW
    alone = hit.start == 0 and hit.end == len(tokens)
    if alone:  # "Clayton", "Union": roads of this region
        return hit.named.borne or hit.named.ordinary
    if hit.start < 2 or not joined(tokens, hit.start) or not joined(tokens, hit.start - 1):
        return False
    if tokens[hit.start - 1].text not in _CROSSES:
        return False
    before = tokens[hit.start - 2].bare
    road = before.isdigit() or (before in STREET_TYPES and tokens[hit.start - 1].text == "at")
    town = any(
        (found := atlas.hit_at(tokens, at)) is not None and found.end == hit.start - 1
        for at in range(max(0, hit.start - 5), hit.start - 1)
    )
    return not road and (not town or hit.named.borne or hit.named.ordinary)


_CROSSES = word_set("and y at con")
_MAY_FOLLOW = word_set("near by behind off at in next across area mo missouri and or y exit "
                        "cerca en")  # fmt: skip
_STREET_SIDES = word_set("n s e w north south east west calle avenida")
_INTRODUCES = word_set("in of near at en de cerca")
