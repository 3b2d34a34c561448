"""Web pages that thousands share: the front of a marketplace, a city's page of an ad site, a list
of what was searched. Two who name the same have nothing in common by it.

A page of one ad or one account has its number or its name in its address; what is left here is
made of words for kinds, states, the town behind one, and pages of a list.
"""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from tipintake.tips import ncic

_KINDS = frozenset(
    "ad ads adult adults all browse brief categories category cities city classified classifieds "
    "dating discover escort escorts explore feed female femaleescorts for forsale girls groups "
    "help home housing index indexhtml indexphp job jobs join latest list listing listings "
    "location locations login map marketplace maleescorts massage massages massageparlors "
    "bodyrub bodyrubs eroticmassage men new personals popular post posts postlist public reels "
    "register rentals results sale search section sections services signin signup state states "
    "tag tags top topic trans transescorts tsescorts us usa unitedstates watch welcome women work "
    "en es".split()
)
# What follows one of these is what was chosen: a town, a kind, a word.
_CHOOSES = frozenset(
    "browse categories category cities city location locations marketplace search section "
    "sections tag tags topic".split()
)
_OF_A_LIST = frozenset(
    "cat category city distance exact filter filters hl keyword keywords lang lat lng locale "
    "location lon maxprice minprice order page q query radius region search sort state "
    "view".split()
)
_ONES_OWN = re.compile(r"\d{6}")  # a number that one thing has; a ZIP is shorter
_PAGE = re.compile(r"\d{1,3}")


def is_shared(url: str) -> bool:
    """True of facebook.com/marketplace/stlouis and ads.example/escorts/missouri/st-louis; false
    of an ad, an account, and whatever cannot be told."""
    parts = urlsplit(url)
    segments = [one for one in f"{parts.path}/{parts.fragment.lstrip('!')}".split("/") if one]
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    if any(name.casefold() not in _OF_A_LIST for name, _value in parameters):
        return False
    if any(map(_ONES_OWN.search, (*segments, *(value for _name, value in parameters)))):
        return False
    return _all_shared(segments)


def _all_shared(segments: list[str]) -> bool:
    is_chosen = is_of_a_state = behind_a_state = False
    for segment in segments:
        word = "".join(char for char in unquote(segment).casefold() if char.isalnum())
        is_state = ncic.knows("state", word)
        known = word in _KINDS or is_state or is_chosen or behind_a_state
        if not known and not (is_of_a_state and _PAGE.fullmatch(word)):
            return False
        behind_a_state = is_state
        is_of_a_state |= is_state
        is_chosen |= word in _CHOOSES
    return True
