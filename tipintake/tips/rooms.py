"""Room and unit numbers in one form."""

import re
import unicodedata

_LONGEST = 20
_CALLED = re.compile(
    r"^(?:room|rm|unit|apartment|apt|suite|ste|number|no|cuarto|habitacion|hab|apartamento|depto"
    r"|departamento|numero|num)\b[\s.:#]*",
)


def canonical(raw: str) -> str:
    """ "Rm. 114-b" -> "114B"."""
    text = unicodedata.normalize("NFKD", raw).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char)).strip(" #.")
    plain = _CALLED.sub("", text) or text
    return "".join(char for char in plain.upper() if char.isascii() and char.isalnum())[:_LONGEST]
