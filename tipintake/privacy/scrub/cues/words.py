"""What cues are built of.

Alternatives stand one a line or a few a line; every quantifier is bounded."""

from __future__ import annotations

import re


def either(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


def cue(*alternatives: str, end: str = r"(?!\w)") -> re.Pattern[str]:
    """Any of the alternatives as whole words."""
    return re.compile(r"(?<!\w)" + either(*alternatives) + end, re.IGNORECASE)


BEFORE_A_NAME = r"\s{1,2}[\"“'‘]?$"
