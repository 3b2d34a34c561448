"""The page of numbers: the same for everybody, and nothing behind it can be read there."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports.models import CountedQuarter, PublishedQuarter
from tests.web.residents import Page
from tipintake.directory.gazetteer import Gazetteer


@pytest.fixture
def client(region: Gazetteer) -> Client:
    return Client()


def published(code: str, many: int | None, few: int | None, total: int | None) -> None:
    rows = [
        ["st-charles-county", "St. Charles County", many],
        ["warren-county", "Warren County", few],
        ["elsewhere", "", None],
    ]
    PublishedQuarter.objects.create(
        quarter=code, published_on=date(2026, 7, 1), figures={"rows": rows, "total": total}
    )
    CountedQuarter.objects.create(quarter=code, counts={"warren-county": 7})


def test_nothing_is_published_yet(client: Client) -> None:
    assert "Nothing is published yet." in Page(client.get("/numbers/")).text
    assert "Todavía no hay nada publicado." in Page(client.get("/es/numbers/")).text


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_page_shows_what_was_published_and_says_what_is_hidden(
    client: Client, language: str
) -> None:
    published("2025-Q4", 41, None, None)
    published("2026-Q1", 52, 11, 75)
    page = Page(client.get(f"{language}/numbers/"))
    assert "52" in page.text
    assert "75" in page.text
    assert {"2026", "2025"} <= set(page.headings)
    assert ("no se muestra" if language else "not shown") in page.text
    assert ("al menos 41" if language else "at least 41") in page.html


def test_it_asks_for_nothing_but_what_is_published(client: Client) -> None:
    published("2026-Q1", 52, None, None)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/numbers/")
        client.get("/numbers/tips.csv")
    tables = {name for one in asked for name in re.findall(r'FROM "(\w+)"', one["sql"])}
    assert tables == {"reports_publishedquarter"}


def test_nothing_of_it_stays_and_it_sets_no_cookie(client: Client) -> None:
    for path in ("/numbers/", "/es/numbers/", "/numbers/tips.csv"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies
    assert client.post("/numbers/").status_code == 405
    assert client.get("/help/").headers["Cache-Control"] == "no-store"


def test_the_table_for_a_computer_leaves_hidden_counts_empty(client: Client) -> None:
    published("2026-Q1", 52, None, None)
    lines = list(csv.reader(io.StringIO(client.get("/es/numbers/tips.csv").content.decode())))
    assert lines == [
        ["year", "quarter", "county", "tips"],
        ["2026", "Q1", "St. Charles County", "52"],
        ["2026", "Q1", "Warren County", ""],
        ["2026", "Q1", "Not known or elsewhere", ""],
        ["2026", "Q1", "All", ""],
    ]


def test_the_drawing_says_in_words_what_it_draws(client: Client) -> None:
    published("2026-Q1", 52, 11, 75)
    html = client.get("/numbers/").content.decode()
    drawing = html[html.index("<svg") : html.index("</svg>")]
    assert 'role="img"' in drawing
    assert "Jan–Mar 2026: 75" in drawing
    assert " style=" not in drawing


def test_every_page_leads_there(client: Client) -> None:
    links = {link.get("href") for link in Page(client.get("/")).links}
    assert "/numbers/" in links
