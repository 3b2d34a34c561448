"""What every resident page needs: the way to the same page in the other languages."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info, override

from tipintake.web.site.numbers import hotline_at_hand
from tipintake.web.site.region_map import RegionMap


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    code: str
    name: str  # in that language
    url: str


def languages(request: HttpRequest) -> dict[str, Any]:
    """Worked out only where a template asks."""
    return {
        "other_languages": partial(others, request.path),
        "region_map": RegionMap(),
        "hotline_at_hand": hotline_at_hand,
    }


def others(path: str) -> list[OtherLanguage]:
    """The page at this address in each other language."""
    current = get_language()
    return [_other(path, code) for code, _name in settings.LANGUAGES if code != current]


def _other(path: str, code: str) -> OtherLanguage:
    name = get_language_info(code)["name_local"]
    url = translate_url(path, code)
    if url == path:  # no page stands at this address
        with override(code):
            url = reverse("report:start")
    return OtherLanguage(code, name[:1].upper() + name[1:], url)
