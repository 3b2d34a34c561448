"""The form as the person in the situation meets it, and the one about a child online."""

import pytest

from tests.web.report.test_steps import KIND, Walker, stored, walker
from tests.web.residents import Page
from tipintake.tips.models import Tip

__all__ = ["stored", "walker"]  # fixtures

OF_A_WITNESS = (
    "What did you see?",
    "How do you know?",
    "Never your own address",
    "Someone may be forced",
    "address, job and car",
)


def begun(walker: Walker, way: str, **answers: str | list[str]) -> Page:
    walker.go(f"/r/as/{way}/")
    walker.age_the_token()
    return walker.post("/r/1/", {**walker.page.form(), "do": ["continue"], **KIND, **answers})


def test_the_person_in_the_situation_is_not_asked_as_a_witness(walker: Walker) -> None:
    pages = [walker.go("/r/as/me/")]
    pages.append(begun(walker, "me"))
    pages.append(walker.press("continue", narrative="He keeps my ID. I am held in room 214."))
    for page in pages:
        assert [words for words in OF_A_WITNESS if words in page.text] == []
    assert "What is happening to you?" in pages[0].headings
    assert "where you are kept" in pages[2].text


def test_the_same_codes_are_kept_and_the_same_words_stand_on_the_check(walker: Walker) -> None:
    begun(walker, "me")
    walker.press("continue", narrative="He keeps my ID. I am held in room 214.")
    for _ in range(3):
        page = walker.press("continue")
    assert "I am forced or tricked into selling sex" in page.text
    assert walker.press("send").status == 201
    assert Tip.objects.get().category == "SEX_TRAFFICKING"


def test_the_question_about_the_police_is_never_passed_by(walker: Walker) -> None:
    page = begun(walker, "me")
    for _ in range(3):
        assert "check" not in page.acts()
        page = walker.press("continue", narrative="He keeps my ID. I am held in room 214.")
    assert "May the police be told?" in page.text
    assert "rewards" not in page.text  # none is ever offered to them


def test_no_link_takes_the_receipt_away_before_the_code_is_saved(walker: Walker) -> None:
    begun(walker, "me")
    walker.press("continue", narrative="He keeps my ID. I am held in room 214.")
    for _ in range(3):
        walker.press("continue")
    page = walker.press("send")
    assert page.status == 201
    assert page.headings.index("Your code") < page.headings.index("Help for you, now")
    assert "https://humantraffickinghotline.org" in page.text
    hrefs = [link.get("href", "") for link in page.links]
    before = hrefs[: hrefs.index("/done/")]
    assert [
        one for one in before if one and not one.startswith(("tel:", "sms:", "#", "/exit/"))
    ] == []


@pytest.mark.parametrize(("category", "asks"), [("LABOR_TRAFFICKING", True), ("", False)])
def test_no_picture_is_announced_where_none_is_taken(
    walker: Walker, category: str, asks: bool
) -> None:
    begun(walker, "child-online", category=category or "ONLINE_CHILD_EXPLOITATION")
    walker.press("continue", narrative="A man with the user name kid_friend99 asks her to meet.")
    walker.press("continue")
    page = walker.press("continue")
    assert walker.at == "/r/5/"
    assert ("I want to add pictures" in page.text) is asks
