"""The codes of a tip in the words of staff: short and dense, for the desk and for what is handed
over. What residents pick stands in `vocabulary.py`."""

from collections.abc import Mapping

from tipintake.tips import vocabulary as words

CATEGORIES: Mapping[str, str] = {
    words.Category.SEX_TRAFFICKING: "Sex trafficking",
    words.Category.MINOR_EXPLOITATION: "Exploitation of a minor",
    words.Category.ONLINE_CHILD_EXPLOITATION: "Online child exploitation",
    words.Category.LABOR_TRAFFICKING: "Labor trafficking",
    words.Category.COERCED_COMMERCIAL_SEX: "Coerced commercial sex",
    words.Category.RECRUITMENT_GROOMING: "Recruitment or grooming",
    words.Category.SUSPICIOUS_PLACE_PATTERN: "Pattern at a place",
    words.Category.OTHER_UNSURE: "Other or unsure",
}
IMMEDIACY: Mapping[str, str] = {
    words.Immediacy.NOW: "Happening now",
    words.Immediacy.RECENT: "Last 24 hours",
    words.Immediacy.ONGOING: "Keeps happening",
    words.Immediacy.PAST: "A while ago",
}
MINORS: Mapping[str, str] = {
    words.MinorPresent.YES: "Yes",
    words.MinorPresent.POSSIBLY: "Possibly",
    words.MinorPresent.NO: "No",
    words.MinorPresent.UNKNOWN: "Not known",
}
BASIS: Mapping[str, str] = {
    words.Basis.SAW: "Seen",
    words.Basis.HEARD_DIRECT: "Heard directly",
    words.Basis.TOLD_BY_OTHER: "Told by someone else",
    words.Basis.ONLINE_ONLY: "Seen online only",
    words.Basis.INFERRED: "Inferred",
}
IN_SCENE: Mapping[str, str] = {
    words.RoleInScene.DROPPED_OFF: "Dropped people off",
    words.RoleInScene.COLLECTED: "Picked people up",
    words.RoleInScene.WATCHING: "Someone watched from it",
    words.RoleInScene.PARKED: "Was parked",
    words.RoleInScene.LEFT_WITH_PERSON: "Left with the person",
    words.RoleInScene.UNKNOWN: "Not known",
}
EVIDENCE_KINDS: Mapping[str, str] = {
    "PLATE": "Plate",
    "PHONE": "Phone",
    "EMAIL": "E-mail",
    "HANDLE": "User name",
    "URL": "Web address",
    "ROOM": "Room",
}
