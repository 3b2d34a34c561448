"""Who answers, by which number, who checked it: looked after on the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, hidden, said_by, text
from tipintake.directory.lookup import shown_lines
from tipintake.directory.models import Contact, DirectoryChange, Line
from tipintake.staff.roles import Role

pytestmark = pytest.mark.django_db

LINE = "/directory/line/ofallon-pd/"


def number_of(code: str) -> str:
    return {one.code: one.number for one in shown_lines()}.get(code, "")


def stamp(client: Client, page: str) -> str:
    return hidden(client.get(page).content.decode(), "stamp")


def press(client: Client, page: str, what: str, **given: str) -> Any:
    return client.post(f"{page}{what}/", {"stamp": stamp(client, page), **given})


def before_the_list(page: str) -> str:
    """What stands above the second "Lines": the first is a link of the frame."""
    return "".join(page.split("Lines")[:2])


def test_what_nobody_verified_is_due(triage: Client) -> None:
    page = text(triage, "/directory/")
    due = before_the_list(page)
    assert "O'Fallon Police" in due
    assert "Regional triage" not in due


def test_a_verified_number_is_shown_with_its_source_and_stands_in_the_history(
    triage: Client,
) -> None:
    given = {"number": "636-555-0121", "source": "Called the records desk"}
    assert press(triage, LINE, "verify", **given).status_code == 302
    assert number_of("ofallon-pd") == "636-555-0121"
    page = text(triage, LINE)
    assert "Called the records desk" in page
    assert "number: nothing → 636-555-0121" in page
    assert Line.objects.get(code="ofallon-pd").verified_by == "triage"


def test_a_number_changed_without_a_try_disappears_from_residents_pages(triage: Client) -> None:
    assert number_of("wentzville-pd") == "636-555-0105"
    page = "/directory/line/wentzville-pd/"
    press(triage, page, "correct", number="636-555-0199", source="Their letter")
    assert number_of("wentzville-pd") == ""


def test_a_doubted_number_disappears(triage: Client) -> None:
    press(triage, "/directory/line/nhth/", "doubt", source="Rang for ever")
    assert number_of("nhth") == ""


def test_of_two_who_look_after_one_entry_nobody_overwrites_the_other(
    triage: Client, log_on: LogOn
) -> None:
    """A page that was loaded before a colleague found the number wrong put the old one back,
    verified, before residents."""
    page = "/directory/line/wentzville-pd/"
    kim = log_on(Role.SUPERVISOR, name="kim")
    old = {"number": "636-555-0105", "number_note": "Ask for records", "stamp": stamp(kim, page)}
    press(triage, page, "correct", number="636-555-0199", source="Their letter")
    for what in ("verify", "correct", "doubt"):
        answer = kim.post(f"{page}{what}/", {**old, "source": "Called"})
        assert answer.status_code == 409
        said = said_by(answer.content.decode())
        assert "triage changed or checked this entry today" in said
        assert "Number: 636-555-0105" in said
        assert "Number note: Ask for records" in said
        assert b'value="636-555-0199"' in answer.content
        assert b'value="Called"' in answer.content
    assert number_of("wentzville-pd") == ""
    assert Line.objects.get(code="wentzville-pd").number == "636-555-0199"
    assert kim.post(f"{page}verify/", {"source": "Called"}).status_code == 409
    assert DirectoryChange.objects.count() == 1
    assert press(kim, page, "verify", source="Called").status_code == 302
    assert number_of("wentzville-pd") == "636-555-0199"


def test_what_is_pressed_twice_is_written_once(triage: Client) -> None:
    given = {"number": "636-555-0121", "source": "Called", "stamp": stamp(triage, LINE)}
    for _press in range(2):
        assert triage.post(f"{LINE}verify/", given).headers["Location"] == LINE
    assert DirectoryChange.objects.count() == 1


def test_a_doubt_on_a_page_from_before_ones_own_verification_is_not_swallowed(
    triage: Client,
) -> None:
    given = {"number": "636-555-0121", "source": "Called", "stamp": stamp(triage, LINE)}
    triage.post(f"{LINE}verify/", given)
    answer = triage.post(f"{LINE}doubt/", given)
    assert answer.status_code == 409
    assert DirectoryChange.objects.count() == 1


def test_the_enter_key_verifies_nothing(triage: Client) -> None:
    """It presses a form's first button."""
    form = triage.get(LINE).content.decode().partition(f'action="{LINE}correct/"')[2]
    first = form[form.index("<button") : form.index("</button>")]
    assert "formaction" not in first


def test_without_a_source_nothing_is_changed_and_nothing_typed_is_lost(triage: Client) -> None:
    answer = triage.post(f"{LINE}verify/", {"number": "636-555-0121", "source": " "})
    assert answer.status_code == 422
    assert "Say where this was found" in said_by(answer.content.decode())
    assert b"636-555-0121" in answer.content
    assert number_of("ofallon-pd") == ""
    assert not DirectoryChange.objects.exists()


def test_a_number_may_end_on_a_day(triage: Client) -> None:
    last = timezone.localdate() + timedelta(days=5)
    given = {"number": "636-555-0121", "source": "Called", "expires_on": last.isoformat()}
    press(triage, LINE, "verify", **given)
    assert f"Trusted until {last}" in text(triage, LINE)
    assert "O'Fallon Police" in before_the_list(text(triage, "/directory/"))


def test_a_list_is_shown_before_it_is_written(triage: Client) -> None:
    lines = "code,number,name\nofallon-pd,636-555-0122,\nnhth,-,\n"
    given = {"list": lines, "source": "Letter of 2 November"}
    answer = triage.post("/directory/list/", {**given, "do": "show"})
    page = said_by(answer.content.decode())
    assert "ofallon-pd number: nothing → 636-555-0122" in page
    assert "nhth number: 314-555-0173 → nothing" in page
    assert Line.objects.get(code="ofallon-pd").number == ""
    digest = answer.context["planned"].digest
    Line.objects.filter(code="nhth").update(number="314-555-0174")
    stale = triage.post("/directory/list/", {**given, "do": "write", "digest": digest})
    assert stale.status_code == 422
    assert Line.objects.get(code="ofallon-pd").number == ""
    digest = stale.context["planned"].digest
    done = triage.post("/directory/list/", {**given, "do": "write", "digest": digest})
    assert done.status_code == 302
    assert Line.objects.get(code="ofallon-pd").number == "636-555-0122"
    assert number_of("ofallon-pd") == ""


def test_a_list_that_cannot_be_used_says_why(triage: Client) -> None:
    given = {"list": "code,kind\nofallon-pd,police\n", "source": "x", "do": "show"}
    answer = triage.post("/directory/list/", given)
    assert answer.status_code == 422
    assert "'kind'" in said_by(answer.content.decode())


def test_an_analyst_sees_and_does_not_change(log_on: LogOn) -> None:
    client = log_on(Role.ANALYST, name="analyst")
    assert "I tried it" not in text(client, LINE)
    assert client.post(f"{LINE}doubt/", {"source": "x"}).status_code == 403


def test_the_desk_says_when_no_supervisor_is_told_by_mail(triage: Client) -> None:
    assert "No supervisor of regional triage is told by e-mail" in text(triage, "/directory/")
    Contact.objects.create(
        line=Line.objects.get(code="regional-triage"),
        role="SUPERVISOR",
        channel="email",
        address="boss@county.example",
        source="test",
    )
    assert "No supervisor of regional triage" not in text(triage, "/directory/")
