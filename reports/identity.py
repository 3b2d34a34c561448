"""When two tips name one thing: the keys of the link chart and of the packet's index.

A key is empty where it would fit several things; such a thing is of its tip alone (`own`). Words
are made alike as for links between tips (tipintake/tips/clues.py), yet a chart that joins two
things says more than a hint for an analyst: a name needs its town with the state, or its ZIP, and
a user name its site.
"""

import re
from urllib.parse import urlsplit

from reports.rows import OnlineRow, PlaceRow, TipRow, WordRow
from tipintake.tips import one_form, online, rooms, unknown
from tipintake.tips.clues import NO_NAMES, plain
from tipintake.tips.plates import is_partial
from tipintake.tips.vocabulary import Platform

# Words for a kind of site, in plain form: by them alone nobody knows which site it was.
_KINDS_OF_SITE = frozenset(
    "a ad ads an app apps chat dating game internet media message messages messaging messenger "
    "my network of on online or other page phone site social some text texting the unknown web "
    "website anuncio anuncios aplicacion chats citas de el en internet juego juegos la linea "
    "mensaje mensajes no otra otro pagina red redes sitio sociales telefono un una y".split()
)


def own(kind: str, reference: str, what: str | int) -> str:
    """The key of a thing that nothing but its tip identifies."""
    return f"{kind}:{reference}:{what}"


def in_words(word: WordRow, reference: str) -> str:
    """A phone number, an e-mail or web address that the words name; all else is the tip's own."""
    kind, said = word.kind.upper(), word.canonical or word.value
    keys = {"PHONE": phone, "EMAIL": email, "URL": url}
    known = keys[kind](said) if kind in keys else ""
    return known or own(kind.lower(), reference, said)


def whole_plate(plate: str, *, partial: bool | None = False) -> bool:
    """A plate that is known in part may be many cars, however alike two parts of one look: it
    stays the tip's own."""
    known = bool(plate) and not partial and not is_partial(plate)
    return known and not unknown.is_no_plate(plate)


def phone(number: str) -> str:
    """A number that can be dialled from anywhere; seven digits are a number in many places."""
    can_be_dialled = number.startswith("+") and not unknown.is_no_number(number)
    return f"phone:{number}" if can_be_dialled else ""


def email(address: str) -> str:
    plain = address.strip().casefold()
    return f"email:{plain}" if "@" in plain and not unknown.is_no_address(plain) else ""


def url(address: str) -> str:
    return f"url:{online.canonical_url(address)}" if _host(address) else ""


def payment(tag: str) -> str:
    """With its sign: "$rose" and "@rose" are of two services."""
    plain = tag.strip().casefold()
    return "" if unknown.is_no_name(plain) else f"payment:{plain}"


# --- Accounts ---------------------------------------------------------------------------------


def account(lead: OnlineRow) -> str:
    name, where = online.canonical_handle(lead.handle), site(lead)
    known = name and where and not unknown.is_no_name(name)
    return f"handle:{where}:{name}" if known else ""


def own_account(lead: OnlineRow, reference: str) -> str:
    return own("handle", reference, f"{lead.platform}:{online.canonical_handle(lead.handle)}")


def account_in_words(word: WordRow, row: TipRow) -> str:
    """The words name no site: it is the account that the tip names beside them, if but one."""
    name = online.canonical_handle(word.canonical or word.value)
    same = {
        account(one) or own_account(one, row.reference)
        for one in row.online
        if one.handle and online.canonical_handle(one.handle) == name
    }
    return same.pop() if len(same) == 1 else own("handle", row.reference, name)


def site(lead: OnlineRow) -> str:
    """The host on which an account is, or the site that somebody named; no kind of site."""
    if "/" in lead.handle and (host := _host(lead.handle)):
        return host
    if host := _host(lead.url):
        return host
    named = lead.platform
    words = [plain(one) for one in re.findall(r"\w+", named)]
    if named in Platform.values or _KINDS_OF_SITE.issuperset(words):
        return ""
    return plain(named)


def _host(address: str) -> str:
    if not online.is_url(address):
        return ""
    try:
        host = urlsplit(online.canonical_url(address)).netloc
    except ValueError:
        return ""
    return host if "." in host.strip(".") else ""


# --- Places -----------------------------------------------------------------------------------


def place(one: PlaceRow) -> str:
    """A name, a street with a number or a crossing, in a town of a state or in a ZIP."""
    name, street, crossing = plain(one.name), plain(one.street), plain(one.cross_street)
    name = "" if name in NO_NAMES or unknown.knows_nothing(name) else name
    number, _, rest = one.street.strip().partition(" ")
    if street[:1].isdigit():  # 1 23rd St is not 12 3rd St
        street = f"{plain(number)} {plain(rest)}"
        addressed = bool(plain(rest))
    else:
        unsaid = unknown.knows_nothing(street) or unknown.knows_nothing(crossing)
        addressed = bool(street and crossing) and not unsaid
        street = "+".join(sorted((street, crossing))) if addressed else street
    # Of a chain one town may have several houses: the ZIP is nearer.
    area = (town(one) or _zip(one)) if addressed else (_zip(one) or town(one))
    if not area or not (name or addressed):
        return ""
    return f"place:{name}|{street}|{_room(one.unit)}|{area}"


def _room(said: str) -> str:
    if one_form.is_marked(said) or unknown.knows_nothing(said):
        return ""
    return rooms.canonical(said) or said.strip().casefold()


def town(one: PlaceRow) -> str:
    city, state = plain(one.city), plain(one.state)
    return f"{city},{state}" if city and state else ""


def _zip(one: PlaceRow) -> str:
    digits = one.zip.strip()[:5]
    return digits if len(digits) == len("63301") and digits.isdigit() else ""


def room_in_words(word: WordRow, row: TipRow) -> tuple[str, PlaceRow]:
    """A room that the words name is in the place of the tip when it has but one, as for links."""
    room = _room(word.canonical or word.value)
    described = [
        (number, one) for number, one in enumerate(row.places, start=1) if one.name or one.street
    ]
    if len(described) != 1:
        return own("room", row.reference, room), PlaceRow(unit=room)
    ((number, one),) = described
    there = _room(one.unit) == room
    alone = own("place", row.reference, number) if there else own("room", row.reference, room)
    return place(one._replace(unit=room)) or alone, one if there else one._replace(unit=room)
