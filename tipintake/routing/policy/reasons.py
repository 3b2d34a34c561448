"""Reasons in the language of the page: from the catalogue, else as their policy gives them."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import get_language, gettext

from tipintake.routing import because
from tipintake.routing.models import Policy
from tipintake.routing.policy.current import policy_of
from tipintake.routing.policy.rulebook import FIRST, BadPolicy


def in_language(reason: str) -> str:
    """A reason that was kept in English, as the reader of this page reads it."""
    said = gettext(reason) if reason else ""
    if said != reason or not (get_language() or "").startswith("es"):
        return said
    return FIRST.in_spanish.get(reason) or _of_a_later_version(reason) or reason


def decision_in_language(kept: str) -> str:
    """The whole of a decision that was kept in English, sentence by sentence. One that nobody
    knows stays as it is."""
    if not (get_language() or "").startswith("es"):
        return kept
    left, said = re.split(r"(?<=\.) ", kept), []
    while left:
        # The longest first: "St. Louis" ends no sentence, and a reason may have several.
        tried = ((length, _in_spanish(" ".join(left[:length]))) for length in _down_from(left))
        length, spanish = next(((n, es) for n, es in tried if es), (1, left[0]))
        said.append(spanish)
        left = left[length:]
    return " ".join(said)


def _down_from(sentences: list[str]) -> range:
    return range(len(sentences), 0, -1)


def _of_a_later_version(reason: str) -> str:
    later = Policy.objects.exclude(state=Policy.State.DRAFT).exclude(version=FIRST.version)
    for version in later.order_by("-version").values_list("version", flat=True):
        try:
            spanish = policy_of(version).in_spanish.get(reason)
        except BadPolicy:
            continue
        if spanish:
            return spanish
    return ""


def _in_spanish(sentence: str) -> str:
    for template, form in _FORMS:
        if found := form.fullmatch(sentence):
            words = {name: _SAID[name](value) for name, value in found.groupdict().items()}
            return gettext(template).format(**words)
    said = in_language(sentence)
    return said if said != sentence else ""


def _each(rests_on: str) -> str:
    found = re.findall(_one_of(because.RESTS_ON), rests_on)
    return gettext(" and ").join(gettext(one) for one in found)


def _one_of(words: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


# What a sentence has in the place of a name in braces, and how the reader reads that.
_MAY_BE: Mapping[str, str] = {
    "by": f"{_one_of(because.RESTS_ON)}(?: and {_one_of(because.RESTS_ON)})*",
    "what": _one_of(because.DISAGREEMENTS),
    "name": "[^,]+",
}
_SAID: Mapping[str, Callable[[str], str]] = {"by": _each, "what": gettext, "name": str}


def _form(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(
            f"(?P<{part}>{_MAY_BE[part]})" if at % 2 else re.escape(part)
            for at, part in enumerate(parts)
        )
    )


_FORMS = tuple((template, _form(template)) for template in because.SENTENCES)
