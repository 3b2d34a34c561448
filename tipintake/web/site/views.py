"""Pages that only tell: the start, what is kept, what a browser remembers, help, the way out."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from tipintake.directory.lookup import ShownReferral, shown_referral
from tipintake.door import failures, unfinished
from tipintake.web.site import at_hand
from tipintake.web.site import ways as ways_in
from tipintake.web.site.answer import READS, answers, page
from tipintake.web.site.at_hand import HOTLINE
from tipintake.web.site.numbers import Way, answering, ways

log = logging.getLogger(__name__)

ONE_PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


@dataclass(frozen=True, slots=True)
class Service:
    """A service and the ways to reach it."""

    referral: ShownReferral
    ways: list[Way]


@answers(*READS)
def start(request: HttpRequest) -> HttpResponse:
    lines = at_hand.lines.read()
    context = {
        "hotline": answering(HOTLINE, lines),
        "ways": ways_in.PAGES,
        "is_away": not lines.are_fresh,
    }
    return page(request, "site/start.html", context, status=200 if lines.are_fresh else 503)


@answers(*READS)
def safety(request: HttpRequest) -> HttpResponse:
    return page(request, "site/safety.html")


@answers(*READS)
def privacy(request: HttpRequest) -> HttpResponse:
    return page(request, "site/privacy.html")


@answers(*READS)
def after(request: HttpRequest) -> HttpResponse:
    """What happens to a tip."""
    return page(request, "site/after.html", {"hotline": answering(HOTLINE)})


@answers(*READS)
def done(request: HttpRequest) -> HttpResponse:
    """Where the receipt ends. It says nothing of a tip: anybody may open it."""
    return page(request, "site/done.html")


@answers(*READS)
def help_first(request: HttpRequest) -> HttpResponse:
    return page(request, "site/help.html", {"services": services()})


@answers(*READS)
def leave(request: HttpRequest) -> HttpResponse:
    """A page that gives nothing away, and a request to the browser to forget this site.

    Chromium shows a page only after it has cleared what the page names. For a well-filled cache
    that took 0.4 to 0.8 seconds where the rest took none, so the cache is named by the dot.
    """
    _forget_unfinished(request)
    response = render(request, "site/exit.html")
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    return response


def _forget_unfinished(request: HttpRequest) -> None:
    secret = unfinished.secret_of(request)
    if secret is None:
        return
    try:
        unfinished.forget(secret)
    except unfinished.Unavailable:
        log.warning("site.draft_unavailable it goes within half an hour")


@answers(*READS)
def way(request: HttpRequest, code: str) -> HttpResponse:
    """What to note and what never to do, for people who see it at work or at home."""
    found = next((one for one in ways_in.PAGES if one.code == code), None)
    if found is None:
        return failures.not_found(request)
    online = [one for one in services() if one.referral.kind == "online"]
    context = {"way": found, "services": [] if found.takes_pictures else online}
    return page(request, "site/way.html", context)


@answers(*READS)
def dot(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """A picture of one clear pixel that empties the cache when the way out has been shown."""
    response = HttpResponse(ONE_PIXEL, content_type="image/gif")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def services() -> list[Service]:
    """Checked services only, in the language of the page."""
    lang = get_language() or ""
    found = [shown_referral(row, lang) for row in at_hand.referrals.read().rows]
    return [Service(one, ways(one.contact)) for one in found]
