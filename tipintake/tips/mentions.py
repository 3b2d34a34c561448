"""Places that words name, as closed kinds and codes: all that is kept of their geography."""

import enum
from dataclasses import dataclass


class MentionKind(enum.StrEnum):
    CITY = (
        "city"  # code: jurisdiction code, or "st-louis" for "St. Louis" that may be city or county
    )
    CDP = "cdp"  # a named place on county land: code is the county
    COUNTY = "county"  # "St. Charles County"
    # "outside the Wentzville city limits": code is the county, empty when no name stands by it
    UNINCORPORATED = "unincorporated"
    # code: "I-70:217", "I-70:mm214.5" for a mile marker, ":217" when no highway stands by it
    EXIT = "exit"
    LANDMARK = "landmark"  # an approved alias: code is its jurisdiction
    # A listed place outside the region. Code: empty; "state" for a whole state or country; the
    # jurisdiction whose name it bears ("O'Fallon, Illinois": "ofallon-mo").
    OUT_OF_AREA = "out_of_area"


@dataclass(frozen=True, slots=True)
class Mention:
    kind: MentionKind
    code: str
    strength: str  # "scene": at, in, near, behind … | "passing": named, but not as the scene
