"""What plain words decide before any probability: forced removals and forced keeps.

Rules give ranges of tokens. A keep wins over a removal, a structured field over both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.patterns import MACHINE_HEADER, SENT_FROM


@dataclass(frozen=True, slots=True)
class Ruling:
    """Tokens `first..last` are forced to go (or, with `keep`, to stay)."""

    first: int
    last: int
    kind: str
    rule: str
    keep: bool = False


OWN_NAME = re.compile(
    r"(?<!\w)(?:my (?:real |full |own |first )?names? ?(?:is|:|=)|mynameis|my names|me llamo|mi nombre es|mi nombre completo es"
    r"|yo me llamo|name of reporter:?|reporter(?:s|'s|’s)? name:?)\s{1,3}",
    re.IGNORECASE,
)
OWN_CONTACT = re.compile(
    r"(?<!\w)(?:(?:call|text|txt|reach|email|e-mail|contact|dm|msg|message|whatsapp|ring|phone|write(?: to)?) me(?: back)?"
    r"|(?:ll[aá]m(?:ame|enme|eme|arme)|marquenme|m[aá]rc(?:ame|arme|enme)|escr[ií]b(?:ame|anme|eme|irme)"
    r"|cont[aá]ct(?:ame|enme|arme)|localizarme)"
    r"|my (?:own |personal |work |home )?(?:cell|phone|number|num|no|email|e-mail|tel|whatsapp|mobile|cell ?phone|phone ?number|email address)"
    r"|mi (?:n[uú]mero|tel[eé]fono|cel|celular|correo|whatsapp|tel))(?!\w)",
    re.IGNORECASE,
)
OWN_HOME = re.compile(
    r"(?<!\w)(?:(?:i|we) (?:live|reside|stay) (?:at|on|in)|my (?:home )?address(?: is|:)|our address(?: is|:)"
    r"|(?:yo )?(?:vivo|vivimos) en|mi (?:direcci[oó]n|domicilio) es)(?!\w)",
    re.IGNORECASE,
)
CAPTIVE = re.compile(
    r"(?<!\w)(?:(?:am|are|im|i'm|i’m|we're|we’re|being|been|was|were|got) (?:being |been )?(?:held|locked|trapped|kept|stuck|hidden|imprisoned|captive|chained|forced)"
    r"|(?:hold|holds|holding|keep|keeps|keeping|lock|locks|locked|locking|trap|traps|hides|hid) (?:me|us)(?!\w)"
    r"|(?:not|isn'?t|won'?t|wont|doesn'?t|dont|don'?t|never|cannot|can'?t|cant) (?:let|allow|lets|allowed)(?: to)? ?(?:me|us)?(?= (?:out|leave|go|to leave|to go))"
    r"|(?:i|we) (?:cannot|can'?t|cant|can not|couldn'?t|am not allowed to|are not allowed to|'m not allowed to|m not allowed to) (?:leave|get out|go out|escape|go home|go outside)"
    r"|(?:takes?|took|taken|has|have|had|keeps?|kept|holds?|holding|stole|hid|hides) (?:away )?(?:my|our|all our|all my|both our) (?:passports?|papers|id|ids|documents?|visa|visas|phone|phones|baby|green cards?)"
    r"|(?:makes?|made|making|forces?|forced|forcing|sells?|sold|selling) (?:me|us)(?!\w)"
    r"|me (?:tienen?|encierran?|obligan?|venden?|quitaron|quit[oó]|quitan|secuestraron|retienen|golpean?|amenazan?|forzan|fuerzan?)"
    r"|nos (?:tienen?|encierran?|obligan?|venden?|quitaron|quit[oó]|quitan|retienen|golpean?|amenazan?|encerraron|dejan salir|deja salir|guardan?|cobran?)"
    r"|(?:estoy|estamos|sigo|seguimos) (?:atrapad[oa]s?|encerrad[oa]s?|secuestrad[oa]s?|retenid[oa]s?|prisioner[oa]s?|amarrad[oa]s?)"
    r"|no (?:me|nos) (?:dejan?|permiten?) (?:salir|ir)|no (?:puedo|podemos) (?:salir|irme|irnos|escapar)"
    r"|(?:mi|nuestros?|nuestras?|mis) (?:pasaportes?|papeles|documentos|c[eé]dulas?|visas?|identificaci[oó]n))(?!\w)",
    re.IGNORECASE,
)
SUSPECT_NAME = re.compile(
    r"(?<!\w)(?:(?:his|the (?:man|guy|pimp|trafficker|owner|boss|driver|foreman|manager|recruiter|handler|buyer|seller)(?:'s|’s|s)?) (?:real |full |street )?name(?: is|'s|’s|:)?"
    r"|(?:the )?(?:pimp|trafficker|owner|boss|driver|foreman|recruiter|handler|madam|buyer|seller|man|guy|dude|contractor|crew boss|ringleader|landlord)"
    r"(?: (?:holding|keeping|selling|running|who runs?|controlling) (?:her|him|them|me|us|the girls|it|this))? (?:is|named|called|goes by|known as|they call)(?: named| called)?"
    r"|he (?:is called|goes by|calls himself|is named|is known as|uses the name)|they call him|everyone calls him|people call him"
    r"|(?:my|her|their) (?:pimp|trafficker|boyfriend|husband|ex|boss|owner|manager)(?: is| named|,)?"
    r"|(?:se (?:llama|hace llamar)|le dicen|lo llaman|lo conocen como|conocido como) (?:el )?"
    r"|(?:el|la) (?:patr[oó]n|patrona|due[nñ]o|due[nñ]a|jefe|jefa|encargado|encargada|padrote|proxeneta|capataz|tratante|reclutador|reclutadora|chofer|contratista|mayordomo|manager|hombre|tipo)(?: es| se llama|,)?"
    r"|mi (?:patr[oó]n|patrona|padrote|marido|esposo|jefe|jefa|novio)(?: es| se llama|,)?"
    r")\s{1,2}[\"“'‘]?$",
    re.IGNORECASE,
)
SUSPECT_ACT = frozenset(
    "sells sold makes made forces forced beats beat hits hit locks locked holds held keeps kept"
    " controls recruits recruited threatens threatened drives runs posts pimps trafficks traffics"
    " took takes drugs drugged rapes raped hurts vende obliga golpea pega encierra amenaza tiene"
    " controla recluta quita quito manda cobra lleva maltrata explota".split()
)
VICTIM_CUE = re.compile(
    r"(?<!\w)(?:girls?|victim|niñ[ao]s?|muchach[ao]s?|chic[ao]s?|she|her|daughter|hija|sister|hermana|kid|child|minor|v[ií]ctima|ella)(?!\w)",
    re.IGNORECASE,
)
CUE_WINDOW = 60
NAME_LENGTH = 4
CONTACT_AFTER_CUE = 5
PLACE_AFTER_CUE = 12


def token_after(an: Analysis, position: int, start_at: int = 0) -> int:
    for at in range(start_at, len(an.tokens)):
        if an.tokens[at].end > position:
            return at
    return len(an.tokens)


class TokenIndex:
    """Finds the token at a character position by bisection."""

    def __init__(self, an: Analysis) -> None:
        self.ends = [t.end for t in an.tokens]

    def at(self, position: int) -> int:
        """Index of the first token that ends after `position`."""
        low, high = 0, len(self.ends)
        while low < high:
            middle = (low + high) // 2
            if self.ends[middle] > position:
                high = middle
            else:
                low = middle + 1
        return low


def shielded(an: Analysis, at: int) -> bool:
    """Inside a quotation or reported speech first-person words are the source's."""
    return at < len(an.places) and (an.places[at].quoted or an.places[at].reported == "theirs")


def machine_traces(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for pattern, rule in ((MACHINE_HEADER, "header"), (SENT_FROM, "sent-from")):
        for match in pattern.finditer(an.text):
            first, end = index.at(match.start()), index.at(match.end() - 1)
            yield Ruling(first, min(end, len(an.tokens) - 1), "META", rule)
    for at, token in enumerate(an.tokens):
        if token.kind == "IP":
            yield Ruling(at, at, "META", "ip")


def own_names(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for match in OWN_NAME.finditer(an.text):
        first = index.at(match.end())
        if first >= len(an.tokens) or shielded(an, first):
            continue
        last = first - 1
        while last + 1 < len(an.tokens) and last + 1 < first + NAME_LENGTH:
            token = an.tokens[last + 1]
            initial = token.kind == "MARK" and token.text == "." and len(an.tokens[last].text) <= 2
            if not (initial or continues_name(an, last + 1, first)):
                break
            last += 1
        if last >= first:
            yield Ruling(first, last, "REPORTER_NAME", "own-name")


def continues_name(an: Analysis, at: int, first: int) -> bool:
    token, classes = an.tokens[at], an.classes[at]
    if token.kind != "WORD" or an.places[at].sentence != an.places[first].sentence:
        return False
    if at == first:
        return token.norm not in (
            "not",
            "no",
            "on",
            "in",
            "unimportant",
            "irrelevant",
            "anonymous",
        )
    if an.style == "mixed":
        return token.text[0].isupper()
    return bool({"given", "surname", "unlisted"}.intersection(classes)) and "neg" not in classes


def own_contacts(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for match in OWN_CONTACT.finditer(an.text):
        start = index.at(match.start())
        if shielded(an, start):
            continue
        after = index.at(match.end())
        for at in range(after, min(len(an.tokens), after + CONTACT_AFTER_CUE)):
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                yield Ruling(at, at, "REPORTER_CONTACT", "own-contact")
                break
            if an.classes[at] and {"third_poss", "he", "she", "they"}.intersection(an.classes[at]):
                break


def own_homes(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """ "I live at 418 Maple Court": up to the street word, or the room."""
    for match in OWN_HOME.finditer(an.text):
        start, first = index.at(match.start()), index.at(match.end())
        if shielded(an, start):
            continue
        for at in range(first, min(len(an.tokens), first + PLACE_AFTER_CUE)):
            if an.places[at].sentence != an.places[start].sentence:
                break
            numbered = an.tokens[at].kind == "NUM" and at <= first + 2
            if numbered:
                yield Ruling(start, end_of_address(an, at), "REPORTER_PLACE", "own-home")
                break


def end_of_address(an: Analysis, number: int) -> int:
    last = number
    for at in range(number, min(len(an.tokens), number + 6)):
        if (
            an.tokens[at].kind == "MARK"
            and an.tokens[at].text in ",;.!?"
            or an.tokens[at].kind == "LINE"
        ):
            break
        last = at
        if "street" in an.classes[at] and at > number:
            break
    return last


def speaks_as_captive(text: str) -> bool:
    """The writer is held, robbed of papers or forced: nothing of their whereabouts may go."""
    return CAPTIVE.search(text) is not None


def suspect_names(an: Analysis) -> Iterator[Ruling]:
    """A name straight after words that only introduce a suspect."""
    for first, last in an.names:
        start = an.tokens[first].start
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if SUSPECT_NAME.search(before) and not VICTIM_CUE.search(before[-24:]):
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)


def rulings(an: Analysis) -> list[Ruling]:
    index = TokenIndex(an)
    return [
        *machine_traces(an, index),
        *own_names(an, index),
        *own_contacts(an, index),
        *own_homes(an, index),
        *suspect_names(an),
    ]
