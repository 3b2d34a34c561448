"""From the labels of the narratives to the labels of the model, and from those to kinds.

A kind is what a finding says was found. The rules (`rules.py`, `names.py`) give the same kinds,
and for what is kept SUSPECT_NAME, VEHICLE, PLACE, or the kind of the token.
"""

from __future__ import annotations

OUTSIDE = "O"
REDACTED = {
    "REPORTER_NAME": "R.NAME",
    "REPORTER_SIGNOFF": "R.NAME",
    "REPORTER_PHONE": "R.CONT",
    "REPORTER_EMAIL": "R.CONT",
    "REPORTER_HANDLE": "R.CONT",
    "PROTECTED_VICTIM_CONTACT": "R.CONT",
    "UNRESOLVED_PHONE": "R.CONT",
    "REPORTER_ACCOUNT": "R.ACC",
    "REPORTER_CODE": "R.ID",
    "REPORTER_TIP_CODE": "R.ID",
    "REPORTER_ID": "R.ID",
    "REPORTER_ROLE": "R.ROLE",
    "REPORTER_RELATION": "R.REL",
    "REPORTER_RELATIONSHIP": "R.REL",
    "REPORTER_SCHEDULE": "R.SCHED",
    "REPORTER_ADDRESS": "R.LOC",
    "REPORTER_LOCATION": "R.LOC",
    "REPORTER_VANTAGE": "R.VANT",
    "REPORTER_VEHICLE": "R.VEH",
    "THIRD_PARTY": "R.THIRD",
    "THIRD_PARTY_NAME": "R.THIRD",
    "VICTIM_NAME": "R.VIC",
    "PROTECTED_VICTIM_NAME": "R.VIC",
    "MINOR_NAME": "R.MIN",
    "PROTECTED_MINOR_NAME": "R.MIN",
    "META": "R.META",
    "META_DEVICE": "R.META",
    "META_EMAIL_HEADER": "R.META",
    "META_FILENAME": "R.META",
    "META_REPORTER_GPS": "R.META",
    "META_URL_TRACKING": "R.META",
    "BIAS_DESCRIPTOR": OUTSIDE,
}
KEPT = {
    "AD_PHONE": "K.CONT",
    "SUSPECT_PHONE": "K.CONT",
    "SUSPECT_EMAIL": "K.CONT",
    "SUSPECT_ACCOUNT": "K.CONT",
    "AD_URL": "K.CONT",
    "SUSPECT_HANDLE": "K.NAME",
    "SUSPECT_NAME": "K.NAME",
    "AD_ALIAS": "K.NAME",
    "SUSPECT_PLATE": "K.PLATE",
    "PLACE": "K.PLACE",
    "PLACE_COORD": "K.PLACE",
    "ROOM": "K.ROOM",
    "TIME": "K.TIME",
    "VEHICLE": "K.VEH",
    "INDICATOR": "K.IND",
    "SUSPECT_DESC": "K.DESC",
    "PERSON_DESCRIPTION": "K.DESC",
    "AGE": "K.AGE",
    "AGE_APPROX": "K.AGE",
}
KIND_OF_LABEL = {
    "R.NAME": "REPORTER_NAME",
    "R.CONT": "REPORTER_CONTACT",
    "R.ACC": "REPORTER_ACCOUNT",
    "R.ID": "REPORTER_ID",
    "R.ROLE": "REPORTER_ROLE",
    "R.REL": "REPORTER_RELATION",
    "R.SCHED": "REPORTER_SCHEDULE",
    "R.LOC": "REPORTER_PLACE",
    "R.VANT": "REPORTER_VANTAGE",
    "R.VEH": "REPORTER_VEHICLE",
    "R.THIRD": "THIRD_PARTY",
    "R.VIC": "VICTIM_NAME",
    "R.MIN": "MINOR_NAME",
    "R.META": "META",
}
NAME_LABELS = frozenset(("R.NAME", "R.THIRD", "R.VIC", "R.MIN"))
NAME_KINDS = frozenset(KIND_OF_LABEL[label] for label in NAME_LABELS)
VAULT_KINDS = frozenset(("VICTIM_NAME", "MINOR_NAME"))
WHEREABOUTS = frozenset(("REPORTER_PLACE", "REPORTER_VANTAGE"))
# What leads to a person by itself, in whatever field it stands.
REACHES_SOMEBODY = frozenset(("REPORTER_CONTACT", "REPORTER_ACCOUNT", "REPORTER_ID", "META"))


def model_label(label: str, action: str) -> str:
    if action == "redact":
        return REDACTED.get(label, "R.META")
    return KEPT.get(label, OUTSIDE)
