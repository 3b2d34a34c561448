"""Every text in a language that nobody speaks: what is left in English was never marked."""

import re

import pytest
from django.test import Client

from tests.web.conftest import AFTER, BEFORE
from tests.web.report.test_steps import KIND, TOLD, Walker
from tests.web.residents import Page
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Jurisdiction, Line, Referral

PATHS = [
    "/",
    "/r/all/",
    "/r/1/",
    "/r/3/",
    "/for/hotel/",
    "/for/child-online/",
    "/back/",
    "/help/",
    "/privacy/",
    "/safety/",
    "/after/",
    "/done/",
    "/exit/",
    "/nothing-here/",
]
CODE = re.compile(r"[0-9A-Z]{5}(?:-[0-9A-Z]{2,5}){5}")
# What is nobody's sentence: numbers, marks, the other languages' names.
PLAIN = re.compile(r"[\W\d_]*|Español|English|I-\d+|\d+[A-F],?")


def unmarked(page: Page, *data: str) -> list[str]:
    """Texts outside brackets that are neither numbers nor of `data`."""
    text = " ".join(page.said)
    # Nothing in place of nothing would stand between any two letters.
    for one in sorted(filter(None, data), key=len, reverse=True):
        text = text.replace(one, " ")
    while (less := re.sub(rf"{BEFORE}[^{BEFORE}{AFTER}]*{AFTER}", " ", text)) != text:
        text = less
    return [one for one in text.split() if not PLAIN.fullmatch(one)]


def of_the_directory() -> list[str]:
    """Names, numbers and sentences that the region pack brings, in each language, in a table."""
    tables = (Line, Referral, Jurisdiction)
    rows = [row for table in tables for row in table.objects.values_list()]
    return [value for row in rows for value in row if isinstance(value, str) and len(value) > 3]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_no_text_of_a_page_is_unmarked(path: str, region: Gazetteer, nobodys: None) -> None:
    page = Page(Client().get(path))
    assert page.said
    assert unmarked(page, *of_the_directory()) == []


def test_no_text_of_the_steps_is_unmarked(region: Gazetteer, steps: str, nobodys: None) -> None:
    walker = Walker(Client())
    walker.go("/r/1/")
    assert unmarked(walker.press("continue")) == []  # with its faults
    walker.press("continue", **KIND)
    for answers in ({"indicators": TOLD["indicators"]}, {}, {}):
        assert unmarked(walker.page, *of_the_directory()) == []
        walker.press("continue", **answers)
    check = walker.press("continue")
    assert walker.at == "/r/check/"
    assert unmarked(check, *of_the_directory()) == []


def test_no_text_after_sending_is_unmarked(region: Gazetteer, steps: str, nobodys: None) -> None:
    walker = Walker(Client())
    walker.go("/r/1/")
    walker.age_the_token()
    walker.press("continue", **KIND)
    walker.press("check", indicators=TOLD["indicators"])
    receipt = walker.press("send")
    code = CODE.search(receipt.text)
    assert code is not None
    known = [code[0], *of_the_directory()]
    assert unmarked(receipt, *known) == []
    for typed in ("", "AAAAA-BBBBB", code[0]):
        page = walker.post("/back/", {"code": typed})
        assert unmarked(page, *known) == []
    nothing = walker.post("/back/", {"ticket": page.value("ticket"), "do": "check"})
    assert unmarked(nothing, *known) == []
    assert unmarked(walker.go("/r/2/"), *known) == []


def test_the_test_sees_an_unmarked_text(region: Gazetteer, nobodys: None) -> None:
    page = Page(Client().get("/back/"))
    page.said.append("Nobody marked this.")
    assert unmarked(page) == ["Nobody", "marked", "this."]
