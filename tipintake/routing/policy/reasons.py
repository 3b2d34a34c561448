"""Reasons in the language of the page: from the catalogue, else as their policy gives them."""

from django.utils.translation import get_language, gettext

from tipintake.routing.models import Policy
from tipintake.routing.policy.current import policy_of
from tipintake.routing.policy.rulebook import FIRST, BadPolicy


def in_language(reason: str) -> str:
    """A reason that was kept in English, as the reader of this page reads it."""
    said = gettext(reason) if reason else ""
    if said != reason or not (get_language() or "").startswith("es"):
        return said
    return FIRST.in_spanish.get(reason) or _of_a_later_version(reason) or reason


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
