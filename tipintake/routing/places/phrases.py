"""How words stand around a place: scene phrases, what takes them back, and what makes a name
something other than a place. English and Spanish."""

from tipintake.routing.places import elsewhere
from tipintake.routing.places.atlas import Atlas, Hit
from tipintake.routing.places.tokens import Gap, Token
from tipintake.routing.places.wording import word_set

# --- "in Wentzville", "cerca de Wentzville" ---
SCENE = word_set("at in near off behind inside within en")
SCENE_OF = word_set("cerca detras dentro adentro")  # each with "de"
OF = word_set("of de del")
AT_A_CROSSING = word_set("at near off cerca")
IN_OR_NEAR = word_set("in near inside within en cerca dentro")

# --- what may stand between the preposition and the name ---
ARTICLES = word_set("the el la los las")
LOCATORS = word_set(
    "either both downtown uptown midtown old historic central greater nearby beautiful "
    "north south east west northern southern eastern western northeast northwest southeast "
    "southwest upper lower"
)
PART_OF = word_set(
    "city town village area part heart middle center side suburb ciudad pueblo zona centro "
    "parte municipio"
)
CITY_WORDS = word_set("city ciudad")
AREAS = word_set("area areas region zone zona part parts side suburb suburbs")

# --- what takes it back: where somebody is from, lives, works, goes ---
NEGATIONS = word_set("not no isnt wasnt arent werent never nor nunca tampoco aint")
IS = word_set("is was es esta fue estaba era")
NEGATED_ONE = word_set("the that a one el la los las un una")
DIRECTIONS = word_set("from to toward towards desde hacia hasta")
FROM = word_set("from desde de del")
GOING = word_set(
    "come comes came coming drive drives drove driving driven travel travels traveled travelled "
    "commute commutes fly flies flew arrive arrives arrived viene vienen vino vinieron maneja "
    "manejan llega llegan llego llegaron viaja viajan"
)
LIVING = word_set(
    "live lives lived living reside resides resided residing resident born raised grew "
    "recruited registered arrested jailed convicted arrestado arrestada arrestaron "
    "vive viven vivia vivian vivir viviendo vivo reside residen nacio "
    "nacida nacido crecio reclutada reclutado reclutadas reclutados"
)
WORKING = word_set(
    "work works worked working employed trabaja trabajan trabajaba trabajaban trabajar trabajo "
    "trabajando"
)
ONE_PERSON_LIVES = word_set("lives resides vive reside")
HOMES = word_set("house home apartment trailer casa apartamento departamento")
OBJECTS = word_set("the a this that el la un una")  # "they work the lot in"
BOUNDARIES = word_set("and but who that which because y pero que cuando porque when while")
HOW_FAR_BACK = 6

# --- "in Wentzville and O'Fallon" ---
ALSO = word_set("and or y o e u")
UNSURE = word_set("maybe perhaps possibly probably or quiza quizas")  # ", maybe O'Fallon"

# --- "en un motel de Wentzville": what stands in a town, and is nobody's ---
SOME = word_set("un una unos unas")
STANDS_IN = word_set(
    "motel hotel motelito hotelito spa masajes bar cantina restaurante taqueria gasolinera bodega "
    "casa casita apartamento departamento edificio estacionamiento granja finca rancho fabrica "
    "almacen tienda salon trailer traila"
)

# --- what makes a name the name of a street or business ---
STREET_TYPES = word_set(
    "rd road ave avenue av blvd boulevard pkwy parkway hwy highway dr drive ln lane ct court pl "
    "place way cir circle ter terrace trl trail sq square pike expy expressway fwy freeway loop "
    "st street row run xing crossing crossings bypass"
)
BUSINESSES = word_set(
    "park parks brewery brewing inn inns hotel motel suite suites lodge resort school schools "
    "academy college university high middle elementary preschool church chapel temple mosque "
    "hospital clinic medical dental bank mall plaza shopping market marketplace mart store shop "
    "shops salon nails nail spa massage wellness grill bar pub tavern cafe coffee diner "
    "restaurant pizza bbq bakery donuts donut auto motors motor dodge chevrolet chevy toyota "
    "honda nissan collision tire tires gym fitness club casino theater theatre cinema cemetery "
    "library museum airport station terminal depot apartments apartment apts condos "
    "condominiums estates village villas manor gardens farms storage rental rentals lake lakes "
    "creek river bridge commons landing outlets galleria truck truckstop travel gas police pd "
    "fire hall courthouse post ymca convention fairgrounds stadium arena zoo laundry laundromat "
    "cleaners pharmacy dispensary liquor lounge barber center centre community family golf "
    "country"
)
LINKS = word_set(
    "family community public premium first united memorial regional international middle high "
    "north south east west"
)
ALSO_VERBS = word_set("high middle drive way place park run post fire")
NO_LINKS = word_set(
    "the and or i he she they we it on at in near by off behind mo missouri y el la un una de "
    "del there where"
)
LINES = word_set("line lines")  # "the St. Charles County line"
COUNTY_WORDS = word_set("county co cnty condado parish")


def scene_phrase(tokens: list[Token], at: int) -> int:
    """How many tokens a scene preposition takes here; 0 when none stands here."""
    word = tokens[at].text
    if word in SCENE_OF and at + 1 < len(tokens) and tokens[at + 1].text in OF:
        return 2
    return 1 if word in SCENE else 0


def joined(tokens: list[Token], at: int, *, most: Gap = Gap.JOINED) -> bool:
    return at < len(tokens) and tokens[at].gap <= most


def taken_back(tokens: list[Token], at: int) -> bool:
    """Is the phrase that begins here said to be elsewhere: "not in", "lives in", "from near"?"""
    before = _clause_before(tokens, at)
    if not before:
        return False
    if before[-1] in NEGATIONS or before[-1] in DIRECTIONS:
        return True
    return _not_the_one(before) or _lives_or_works(before) or _comes_from(before)


def _clause_before(tokens: list[Token], at: int) -> list[str]:
    """The words before in the same clause, in their order."""
    words: list[str] = []
    for back in range(at - 1, max(-1, at - 1 - HOW_FAR_BACK), -1):
        if tokens[back + 1].gap is not Gap.JOINED or tokens[back].text in BOUNDARIES:
            break
        words.append(tokens[back].text)
    return words[::-1]


def _not_the_one(before: list[str]) -> bool:
    """ "not the one in", "not at the motel in", "no es el motel en", "no está en"."""
    for back, word in enumerate(before):
        if word not in NEGATIONS:
            continue
        after = before[back + 1 :]
        if after and (after[0] in IS or after[0] in SCENE):
            after = after[1:]
            if not after:
                return True
        if 1 <= len(after) <= 3 and after[0] in NEGATED_ONE:
            return True
    return False


def _lives_or_works(before: list[str]) -> bool:
    """ "lives in", "lives with her mother in", "works nights in"; not "works at a spa in"."""
    for back, word in enumerate(before):
        if word not in LIVING and word not in WORKING:
            continue
        between = before[back + 1 :]
        if word in ONE_PERSON_LIVES and HOMES.intersection(between):
            return True
        if word in WORKING and between and between[0] in OBJECTS:
            return False
        return not any(w in SCENE or w in SCENE_OF for w in between)
    return False


def _comes_from(before: list[str]) -> bool:
    """ "he drives over from a house in": the house is where he comes from."""
    going = next((back for back, word in enumerate(before) if word in GOING), None)
    return going is not None and any(word in FROM for word in before[going + 1 : going + 3])


# --- Behind the name -------------------------------------------------------------------------


def is_street_or_business(tokens: list[Token], hit: Hit, atlas: Atlas) -> bool:
    """Is the name followed by a street type or business word: "Clayton Rd", "Wentzville Inn"?"""
    at, hops = hit.end, 0
    while joined(tokens, at) and hops <= 2:
        word = tokens[at].text
        if _names_a_business(tokens, at, hit, atlas):
            return True
        if word in NO_LINKS or not (tokens[at].capital or word in LINKS):
            return False
        at, hops = at + 1, hops + 1
    return False


def is_crossing(tokens: list[Token], end: int, atlas: Atlas) -> bool:
    """Two streets rather than a town: "near Washington and 10th", "at Clayton & Big Bend"."""
    if not (joined(tokens, end) and tokens[end].text in ALSO and joined(tokens, end + 1)):
        return False
    other = tokens[end + 1]
    names_something = other.text[0].isdigit() or (other.capital and other.text not in NO_LINKS)
    return names_something and atlas.hit_at(tokens, end + 1) is None


def _names_a_business(tokens: list[Token], at: int, hit: Hit, atlas: Atlas) -> bool:
    word = tokens[at].bare
    if word not in STREET_TYPES and word not in BUSINESSES:
        return False
    if word in ALSO_VERBS and tokens[hit.start].capital and not tokens[at].capital:
        return False
    return not (word == "st" and atlas.hit_at(tokens, at, misspelt=False))


def state_behind(tokens: list[Token], end: int) -> tuple[str, int]:
    """The state directly attached to a name, and the index behind it: "O'Fallon, IL".

    "O'Fallon, Illinois plates" attaches nothing: it speaks of a vehicle.
    """
    if said := _said_of_it(tokens, end):
        return said
    at = end
    while joined(tokens, at, most=Gap.SOFT) and tokens[at].text in _TO_A_STATE and at < end + 4:
        at += 1
    if at > end and not _is_named_in_full(tokens, end, at):
        return "", end
    if not joined(tokens, at, most=Gap.SOFT):
        return "", end
    zipped = elsewhere.state_of_zip(tokens[at].text)
    if zipped:
        return zipped, at + 1
    for words in (2, 1):
        code = _state(tokens, at, words)
        if code:
            return (code, at + words) if not _speaks_of_thing(tokens, at + words) else ("", end)
    return "", end


def _said_of_it(tokens: list[Token], end: int) -> tuple[str, int] | None:
    """ "O'Fallon. That is in Illinois.", "O'Fallon St. Clair County Illinois"."""
    words = [token.text for token in tokens[end : end + LONGEST_REMARK]]
    for at, word in enumerate(words):
        if word not in _FULL_NAMES:
            continue
        before = words[:at]
        remark = before[:1] and before[0] in THAT and before[-1] in {"in", "en"} and at <= 4
        county = before[-1:] and before[-1] in COUNTY_WORDS and at <= 4
        if remark or (county and all(joined(tokens, end + i, most=Gap.SOFT) for i in range(at))):
            return elsewhere.STATE_WORDS[word], end + at + 1
        return None
    return None


THAT = word_set("that it its thats this eso esta queda es")
LONGEST_REMARK = 6
_TO_A_STATE = word_set("in en de over on the del lado estado")


def _is_named_in_full(tokens: list[Token], end: int, at: int) -> bool:
    """ "in Illinois", "over in Illinois", "on the Illinois side", "estado de Illinois"."""
    if not joined(tokens, at) or tokens[at].text not in _FULL_NAMES:
        return False
    side = joined(tokens, at + 1) and tokens[at + 1].text in {"side", "one"}
    return side or all(token.text != "the" for token in tokens[end:at])


def _state(tokens: list[Token], at: int, words: int) -> str:
    """The state that is named here. Short forms that are also words need their capitals."""
    last = at + words - 1
    if last >= len(tokens) or (words == 2 and tokens[last].gap is not Gap.JOINED):
        return ""
    word = "".join(token.bare for token in tokens[at : last + 1])
    if word in elsewhere.NOT_BEHIND_A_TOWN:
        return ""
    if len(word) == 2 and word not in {"il", "mo"} and not tokens[at].upper:
        return ""
    if len(word) in {3, 4} and word not in _FULL_NAMES and not tokens[at].capital:
        return ""
    return elsewhere.STATE_WORDS.get(word, "")


def _speaks_of_thing(tokens: list[Token], at: int) -> bool:
    return joined(tokens, at) and tokens[at].text in elsewhere.NOT_A_PLACE


def state_alone(tokens: list[Token], at: int) -> str:
    """The state that a scene phrase names instead of a town: "at a motel in Illinois"."""
    for words in (2, 1):
        code = _state(tokens, at, words)
        full = len("".join(token.bare for token in tokens[at : at + words])) > 3
        if code and (full or tokens[at].upper):
            return "" if _speaks_of_thing(tokens, at + words) else code
    return ""


_FULL_NAMES = frozenset(name.replace(" ", "") for name in elsewhere.STATES.values())
