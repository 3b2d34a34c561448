"""PostgreSQL stands still in the middle of everything, and no connection breaks: a machine that is
frozen, a disk that answers no more. The kernel goes on to take what is sent."""

import http.client
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpResponse

from tests.installation import Installation, installation
from tests.journeys.test_outages import sent, settled
from tests.postgres import embedded
from tests.test_silent_database import standing_still
from tests.waiting import eventually
from tests.web.residents import SEEN, Page

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

HOTLINE = "1-888-373-7888"
MANY = 40  # more than the web has threads
LONGEST = 25.0  # seconds until each page is there


def asked(one: Installation, path: str, form: dict[str, Any] | None = None) -> tuple[Page, float]:
    """The page as a browser gets it, and how many seconds that took."""
    where = urlsplit(one.public)
    link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
    begun = time.monotonic()
    try:
        body = None if form is None else urlencode(form, doseq=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        link.request("POST" if form else "GET", path, body, kind)
        answer = link.getresponse()
        response = HttpResponse(answer.read(), status=answer.status)
    finally:
        link.close()
    return Page(response), time.monotonic() - begun


def test_while_the_database_stands_still_residents_are_answered_and_nothing_is_lost() -> None:
    with embedded() as address, installation(DATABASE_URL=address, SWEEP_SECONDS="1") as one:
        kept = [sent(one, 0, secrets.token_hex(16))[1]["reference"]]
        form = {**asked(one, "/r/all/")[0].form(), **SEEN, "do": "check"}
        key = secrets.token_hex(16)
        with ThreadPoolExecutor(MANY) as people:
            # So that each thread of the web has a connection.
            list(people.map(lambda _: asked(one, "/"), range(MANY)))
            with standing_still(address):
                typed = [people.submit(asked, one, "/r/all/", form) for _ in range(2)]
                program = people.submit(sent, one, 1, key)
                first = list(people.map(lambda _: asked(one, "/"), range(2 * MANY)))
                pages = [*first, *(each.result() for each in typed)]
                status, problem = program.result()
        assert status == problem["status"] == 503
        assert {page.status for page, _ in pages} == {503}
        assert all(HOTLINE in page.text for page, _ in pages)
        assert max(took for _, took in pages) < LONGEST
        assert {each.result()[0].value("narrative") for each in typed} == {SEEN["narrative"]}
        eventually(lambda: asked(one, "/")[0].status == 200, seconds=20)
        # Each process finds it out for itself: the program comes again as it was told.
        again: list[dict[str, Any]] = []

        def is_kept() -> bool:
            again.append(sent(one, 1, key)[1])
            return "reference" in again[-1]

        eventually(is_kept, seconds=20)
        kept.append(again[-1]["reference"])
        settled(one, kept)
