"""The codes of a tip in the words of staff: short and dense, for the desk and for what is handed
over. What residents pick stands in `vocabulary.py`."""

from collections.abc import Mapping

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_noop as _

from tipintake.tips import languages
from tipintake.tips import vocabulary as words

CATEGORIES: Mapping[str, str] = {
    words.Category.SEX_TRAFFICKING: _("Sex trafficking"),
    words.Category.MINOR_EXPLOITATION: _("Exploitation of a minor"),
    words.Category.ONLINE_CHILD_EXPLOITATION: _("Online child exploitation"),
    words.Category.LABOR_TRAFFICKING: _("Labor trafficking"),
    words.Category.COERCED_COMMERCIAL_SEX: _("Coerced commercial sex"),
    words.Category.RECRUITMENT_GROOMING: _("Recruitment or grooming"),
    words.Category.SUSPICIOUS_PLACE_PATTERN: _("Pattern at a place"),
    words.Category.OTHER_UNSURE: _("Other or unsure"),
}
IMMEDIACY: Mapping[str, str] = {
    # A tip is read, and a packet printed, weeks after it was sent.
    words.Immediacy.NOW: _("Happening when it was sent"),
    words.Immediacy.RECENT: _("In the 24 hours before it was sent"),
    words.Immediacy.ONGOING: _("Keeps happening"),
    words.Immediacy.PAST: _("A while ago or not known"),
}
MINORS: Mapping[str, str] = {
    words.MinorPresent.YES: _("Yes"),
    words.MinorPresent.POSSIBLY: _("Possibly"),
    words.MinorPresent.NO: _("No"),
    words.MinorPresent.UNKNOWN: _("Not known"),
}
BASIS: Mapping[str, str] = {
    words.Basis.SAW: _("Seen"),
    words.Basis.HEARD_DIRECT: _("Heard directly"),
    words.Basis.TOLD_BY_OTHER: _("Told by someone else"),
    words.Basis.ONLINE_ONLY: _("Seen online only"),
    words.Basis.INFERRED: _("Inferred"),
}
IN_SCENE: Mapping[str, str] = {
    words.RoleInScene.DROPPED_OFF: _("Dropped people off"),
    words.RoleInScene.COLLECTED: _("Picked people up"),
    words.RoleInScene.WATCHING: _("Someone watched from it"),
    words.RoleInScene.PARKED: _("Was parked"),
    words.RoleInScene.LEFT_WITH_PERSON: _("Left with the person"),
    words.RoleInScene.UNKNOWN: _("Not known"),
}
EVIDENCE_KINDS: Mapping[str, str] = {
    "PLATE": _("Plate"),
    "PHONE": _("Phone"),
    "EMAIL": _("E-mail"),
    "HANDLE": _("User name"),
    "URL": _("Web address"),
    "ROOM": _("Room"),
}
# Spoken here, and not among the names that Django has.
_MORE_LANGUAGES: Mapping[str, str] = {
    "am": _("Amharic"),
    "fil": _("Filipino"),
    "ht": _("Haitian Creole"),
    "ps": _("Pashto"),
    "so": _("Somali"),
    "tl": _("Tagalog"),
    "zh": _("Chinese"),
}


def language(code: str) -> str:
    """The name of a language, by the code of a tip; the code itself where it has no name here."""
    base = languages.base(code)
    if base in _MORE_LANGUAGES:
        return gettext(_MORE_LANGUAGES[base])
    try:
        return str(get_language_info(base)["name_translated"])
    except KeyError:
        return code
