"""County land in words: "unincorporated", "outside the city limits", "fuera de los límites"."""

from collections.abc import Iterator
from itertools import islice

from tipintake.routing.places.atlas import Atlas, Hit, Named, Sort
from tipintake.routing.places.phrases import scene_phrase, taken_back
from tipintake.routing.places.tokens import Gap, Token
from tipintake.routing.places.wording import word_set
from tipintake.tips.mentions import Mention, MentionKind

UNINCORPORATED = word_set("unincorporated unincorp uninc")
NOT_INCORPORATED = word_set("incorporada incorporado incorporadas incorporados")
OUTSIDE = word_set("outside beyond fuera afuera")
LIMITS = word_set("limits limit limites limite")
LEADING = word_set("area areas part parts land section zona parte terreno the an a un una el la "
                    "in en near")  # fmt: skip
AT_MOST = 12  # phrases that are read in one text
NEAR = 8  # words between the phrase and the name that it speaks of


def unincorporated_in(tokens: list[Token], atlas: Atlas) -> Iterator[Mention]:
    """A mention for each such phrase: its county, or no code when no name stands by it."""
    phrases = ((at, _phrase(tokens, at)) for at in range(len(tokens)))
    for at, end in islice((one for one in phrases if one[1]), AT_MOST):
        if _taken_back(tokens, at):
            continue
        hit = _name_by(tokens, at, end, atlas)
        limits = tokens[end - 1].text in LIMITS
        yield from _mention(hit.named if hit else None, atlas, limits=limits)


def begin_in(tokens: list[Token]) -> bool:
    """Whether such a phrase stands among these words, whatever their case."""
    return any(_phrase(tokens, at) for at in range(len(tokens)))


def county_of(named: Named, atlas: Atlas) -> str:
    """The county whose land surrounds what is named; empty when it may be several."""
    if named.sort is Sort.SHARED:
        return atlas.shared.get(named.code, ("", ""))[1]
    return named.county if named.county in atlas.jurisdictions else ""


def _phrase(tokens: list[Token], at: int) -> int:
    """The index behind a phrase of county land that begins here; 0 when none does."""
    word = tokens[at].text
    if word in UNINCORPORATED:
        return at + 1
    following = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if word in {"no", "non", "not"} and following in (NOT_INCORPORATED | {"incorporated"}):
        return at + 2
    outside = word in OUTSIDE or (word == "out" and following == "of")
    not_in = word in {"not", "isnt", "no"} and following in {"in", "inside", "within", "en"}
    if outside or not_in:
        return _limits_behind(tokens, at)
    return 0


def _limits_behind(tokens: list[Token], at: int) -> int:
    for further in range(at + 1, min(len(tokens), at + 1 + NEAR)):
        if tokens[further].gap is not Gap.JOINED:
            return 0
        if tokens[further].text in LIMITS:
            return further + 1
    return 0


def _taken_back(tokens: list[Token], at: int) -> bool:
    """ "lives in unincorporated St. Charles County" names no scene."""
    start = at
    while start > 0 and tokens[start].gap is Gap.JOINED and tokens[start - 1].text in LEADING:
        start -= 1
        if scene_phrase(tokens, start):
            return taken_back(tokens, start)
    return start > 0 and tokens[start].gap is Gap.JOINED and tokens[start - 1].text in {
        "from", "to", "toward", "desde", "hacia"
    }  # fmt: skip


def _name_by(tokens: list[Token], start: int, end: int, atlas: Atlas) -> Hit | None:
    """The name inside the phrase, else the first behind it, else the last before it."""
    first = max(start - NEAR, 0)
    for at in range(start, first, -1):
        if tokens[at].gap is Gap.HARD:
            first = at
            break
    behind = _until_sentence_ends(tokens, end)
    places = (range(start, end), range(end, behind), range(start - 1, first - 1, -1))
    for indexes in places:
        for at in indexes:
            hit = _county_first(tokens, at, atlas)
            if hit:
                return hit
    return None


def _until_sentence_ends(tokens: list[Token], at: int) -> int:
    last = at
    while last < len(tokens) and last - at < NEAR and tokens[last].gap is not Gap.HARD:
        last += 1
    return last


def _county_first(tokens: list[Token], at: int, atlas: Atlas) -> Hit | None:
    """The name at this word; for "unincorporated Lincoln" the county rather than a town."""
    hit = atlas.hit_at(tokens, at)
    if hit and not (hit.named.borne or hit.named.ordinary or hit.named.sort is Sort.ELSEWHERE):
        return hit
    county = atlas.county_named(tokens[at].text)
    if county and tokens[at].capital:
        return Hit(county, at, at + 1, exact=True, possessive=False)
    return hit if hit and tokens[at].capital else None


def _mention(named: Named | None, atlas: Atlas, *, limits: bool) -> Iterator[Mention]:
    kind, code = MentionKind.UNINCORPORATED, ""
    if named is not None and named.sort is Sort.ELSEWHERE:
        kind = MentionKind.OUT_OF_AREA
    elif named is not None:
        code = county_of(named, atlas)
        beside = atlas.county_beside(named.code)
        if limits and (beside or named.sort is Sort.SHARED):
            kind = MentionKind.COUNTY  # outside the city of St. Louis other towns begin
            code = beside or code
    yield Mention(kind, code, "scene")
