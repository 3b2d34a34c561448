"""Tip numbers as people type them: from a list, a printed page or somebody on the telephone."""

import re

_TYPED = re.compile(r"(?:T-?)?([0-9A-Z]{4})-?([0-9A-Z]{4})")


def reference_of(typed: str) -> str:
    """ "t-7q2m 4kx9", "7Q2M4KX9" and "T-7Q2M-4KX9" alike as T-7Q2M-4KX9; empty for anything else.

    Eight characters are the number itself, also when the first of them is a T.
    """
    found = _TYPED.fullmatch("".join(typed.upper().split()))
    return f"T-{found[1]}-{found[2]}" if found else ""
