"""Drafts that tests start from. All of it is made up."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tipintake.tips.draft import TipDraft

CHICAGO = ZoneInfo("America/Chicago")

LEAST: dict[str, Any] = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "UNKNOWN",
    "indicators": ["HTL_TRAFFIC"],
}

FULL: dict[str, Any] = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "RECENT",
    "minor_present": "POSSIBLY",
    "basis": "SAW",
    "indicators": ["CTL_ID_HELD", "HTL_TRAFFIC"],
    "narrative": "A gray van drops people off at the back door and waits for twenty minutes.",
    "wants_reward": True,
    "language": "en",
    "vehicles": [
        {
            "plate_raw": "ab1-?2d",
            "plate_state": "NE",
            "plate_type": "temp tag",
            "year_from": 2010,
            "year_to": 2014,
            "make": "chevy",
            "model": "express",
            "style": "van",
            "colour1": "gris",
            "features": "dent in the rear door",
            "role_in_scene": "DROPPED_OFF",
        },
        {"plate_raw": "XYZ 789", "plate_state": "MO"},
    ],
    "locations": [
        {
            "place_type": "HOTEL_MOTEL",
            "name": "Example Suites",
            "street": "100 Example Parkway",
            "unit": "Rm. 114",
            "city": "Wentzville",
            "state": "MO",
            "zip": "63385",
        }
    ],
    "sighting": {"kind": "INSTANT", "start": datetime(2026, 11, 13, 22, 15, tzinfo=CHICAGO)},
    "persons": [
        {
            "role": "POSSIBLE_VICTIM",
            "looks_under_18": "POSSIBLY",
            "sex": "FEMALE",
            "hair": "rubia",
            "eyes": "blue",
            "name_or_alias": "Marisol",
        },
        {"role": "SUSPECTED_CONTROLLER", "sex": "MALE", "name_or_alias": "Rico"},
    ],
    "online": [
        {
            "url": "https://WWW.ads.example/post/77?utm_source=mail&fbclid=abc",
            "platform": "AD_SITE",
            "handle": "@Sweet_Example",
            "ad_phone": "3 one 4 five five five 01 forty-three",
        }
    ],
}


def draft(**changes: Any) -> TipDraft:
    """A small draft that can be sent, with changes."""
    return TipDraft.from_mapping({**LEAST, **changes})


def full_draft(**changes: Any) -> TipDraft:
    """A draft that uses every part, with changes."""
    return TipDraft.from_mapping({**FULL, **changes})
