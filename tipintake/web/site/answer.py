"""How every resident page leaves the house: rendered, without a cookie, with the own script."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tipintake.door.headers import allow_scripts


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page. Its script only makes leaving quicker and counts characters; none is needed."""
    return allow_scripts(
        render(request, template, {"has_script": True, **(context or {})}, status=status)
    )
