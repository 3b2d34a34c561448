"""The one form of a field as it is kept, by which it is searched and linked.

A mark that stands for what was taken out or held is no part of it: two tips of which a plate or
a user name was held have nothing in common, and a plate HELD is nobody's.
"""

import re

from tipintake.tips import online, plates, rooms

_MARK = re.compile(r"\[(?:removed|held|[-?])\]", re.IGNORECASE)  # the short ones in full fields


def is_marked(text: str) -> bool:
    return _MARK.search(text) is not None


def plate(kept: str) -> str:
    """In its place stands what nobody saw: "AB1C [held]" -> "AB1C*"."""
    return plates.canonical(_MARK.sub("*", kept))


def room(kept: str) -> str:
    return rooms.canonical(_MARK.sub(" ", kept))


def handle(kept: str) -> str:
    """A user name of which a part is missing is another one."""
    return "" if is_marked(kept) else online.canonical_handle(kept)
