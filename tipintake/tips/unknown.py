"""What people write where they know nothing: a word for it, or a number that nobody has.

Two who write the same have nothing in common by it. It stays as it was typed, for staff to read.
"""

import unicodedata

# Letters and digits alone, without case and accents.
_KNOWS_NOTHING = frozenset(
    "unknown unkown unknow unk notknown na none noone nothing null nil no not idk idontknow "
    "dontknow donotknow dk notsure unsure notseen notvisible notavailable notapplicable "
    "didntsee didnotsee couldntsee couldnotsee cantsee cannotsee cantremember dontremember "
    "held removed "
    "various several multiple many different other any tbd xxx xxxx "
    "nose nolose nosabe nosesabe desconocido desconocida seignora ninguno ninguna nada notengo "
    "novi nolovi nolavi noseve norecuerdo noaplica varios varias otro otra".split()
)
# What none is called, of a town, a user name or a mailbox: Many, Nada and Novi are towns.
_IS_NO_NAME = frozenset(
    "unknown unkown unknow unk notknown na none noone null nil idk idontknow dontknow donotknow "
    "notsure unsure nose notavailable notapplicable cantremember dontremember held removed "
    "nolose nosabe nosesabe desconocido desconocida seignora ninguno ninguna norecuerdo "
    "noaplica".split()
)
_IS_NO_HOST = frozenset(["unknown", "none", "na"])
# Said of a plate that nobody read; of a name they may be one.
_NO_PLATE = _KNOWS_NOTHING | frozenset(
    "noplate noplates nolicense nolicenseplate notag notags plate plates licenseplate tag tags "
    "temp temps temptag temptags tempplate temporary temporarytag paper papertag papertags "
    "paperplate dealer dealerplate dealerplates dealertag covered hidden removed missing blank "
    "dirty obscured outofstate seephoto seepicture seepic "
    "sinplaca sinplacas noplaca placa placas notiene tapada tapado cubierta cubierto oculta "
    "temporal placatemporal papel placadepapel verfoto".split()
)
_LONGEST_PLATE_OF_LETTERS = 9  # eight, and one too many
_LOOKALIKES = str.maketrans("oqdiszbg", "00015286")
_AS_LETTERS = str.maketrans("015286", "oiszbg")
_NO_PLATE_SKELETONS = frozenset(word.translate(_LOOKALIKES) for word in _NO_PLATE)
_MADE_UP = frozenset({"1234567", "123456789", "1234567890", "0123456789"})


def knows_nothing(text: str) -> bool:
    """True of "Unknown", "n/a", "don't know", "no sé"."""
    return _plain(text) in _KNOWS_NOTHING


def is_no_name(text: str) -> bool:
    """The same of a town, a user name or a mailbox, which are called "Many" or "nada" too."""
    return _plain(text) in _IS_NO_NAME


def is_no_plate(plate: str) -> bool:
    """True of a canonical plate that is words: "NOPLATE", "DIDNTSEE"."""
    plain = _plain(plate)
    return plain in _NO_PLATE or _is_a_phrase(plain)


def is_no_skeleton(skeleton: str) -> bool:
    """The same of a skeleton; a few real plates look alike: VAR105 and "varios"."""
    plain = _plain(skeleton)
    return plain in _NO_PLATE_SKELETONS or _is_a_phrase(plain.translate(_AS_LETTERS))


def is_no_number(number: str) -> bool:
    """True of 000-000-0000 and 123-456-7890, bare or in E.164."""
    digits = number.removeprefix("+1").removeprefix("+")
    return digits in _MADE_UP or len(set(digits)) == 1


def is_no_address(email: str) -> bool:
    """True of none@none.com."""
    name, _, host = email.partition("@")
    return is_no_name(name) or _plain(host.partition(".")[0]) in _IS_NO_HOST


def is_no_point(lat: float, lon: float) -> bool:
    """True of what a program sends where it has no coordinates."""
    return lat == lon == 0


def _is_a_phrase(plain: str) -> bool:
    return plain.isalpha() and len(plain) > _LONGEST_PLATE_OF_LETTERS


def _plain(text: str) -> str:
    """Of other scripts the letters stay: "小美xxx" is a name."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in apart if char.isalnum())
