"""The language of a text, as BCP 47 names it: "ES", "es-419", "fil" and "zh-Hans" alike."""

import re

from django.utils.translation import gettext_lazy as _

LONGEST = 35  # characters of a tag (RFC 5646, section 4.4.1)
SHAPE = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*"
NO_TAG = _("Use a language code: en for English, es for Spanish.")
_TAG = re.compile(SHAPE)
_REGION = re.compile(
    r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{3}){0,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})(?![A-Za-z0-9])"
)
_LONGEST_KEPT = 5  # of the column
_SHORTER = {"eng": "en", "spa": "es"}  # for these BCP 47 takes the two letters


def is_tag(text: str) -> bool:
    return len(text) <= LONGEST and _TAG.fullmatch(text) is not None


def base(tag: str) -> str:
    """The language alone: "zh" of "zh-Hant-TW"."""
    first = re.split("[-_]", tag, maxsplit=1)[0].lower()
    return _SHORTER.get(first, first)


def in_one_form(tag: str) -> str:
    """As it is kept: "es-MX" of "ES_mx", "es" of "es-419". What is no tag is left as it is."""
    if not is_tag(tag):
        return tag
    region = _REGION.match(tag)
    whole = f"{base(tag)}-{region[1].upper()}" if region else base(tag)
    return whole if len(whole) <= _LONGEST_KEPT else base(tag)
