"""Places that words name, as closed kinds and codes: all that is kept of their geography."""

import enum
from dataclasses import dataclass


class MentionKind(enum.StrEnum):
    CITY = (
        "city"  # code: jurisdiction code, or "st-louis" for "St. Louis" that may be city or county
    )
    COUNTY = "county"  # "St. Charles County"
    UNINCORPORATED = "unincorporated"  # "outside the Wentzville city limits": code is the county
    EXIT = "exit"  # code: "I-70:217", or "I-70:mm214.5" for a mile marker
    LANDMARK = "landmark"  # an approved alias: code is its jurisdiction
    OUT_OF_AREA = "out_of_area"  # a listed place outside the region; no code


@dataclass(frozen=True, slots=True)
class Mention:
    kind: MentionKind
    code: str
    strength: str  # "scene": at, in, near, behind … | "passing": named, but not as the scene
