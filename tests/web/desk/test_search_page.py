"""Searching at the desk: what is in clear, and sealed words step by step."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.web.desk.conftest import LogOn, MakeTip, See, found, said_by, text
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import DataKey, Tip
from tipintake.triage import sealed_words

BEGUN = {"facets": "city=Wentzville", "words": "took phones", "reason": "LINK"}


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


def step(client: Client, **given: str) -> Any:
    return client.post("/search/words/", given)


def token(page: str) -> str:
    found_token = re.search(r'name="state" value="([^"]+)"', page)
    assert found_token, said_by(page)
    return found_token.group(1)


def test_a_search_shows_the_tip_and_what_was_asked(triage: Client, tip: Tip) -> None:
    said = text(triage, "/search/?plate=7KX412&city=wentzville")
    assert tip.reference in said
    assert "MO 7KX4?2" in said
    assert "Plate 7KX412" in said
    assert "City wentzville" in said


def test_nothing_is_searched_before_something_is_asked(triage: Client, tip: Tip) -> None:
    assert tip.reference not in text(triage, "/search/")
    answer = triage.get("/search/?plate=")
    assert answer.status_code == 422
    assert "Fill in at least one field." in answer.content.decode()


@pytest.mark.parametrize("field", ["seen_from", "seen_to", "came_from", "came_to"])
def test_days_of_other_centuries_are_refused(field: str, triage: Client) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        answer = triage.get(f"/search/?{field}={day}")
        assert "Write the day as" in said_by(answer.content.decode())


def test_a_plate_of_two_characters_is_refused_with_what_to_add(triage: Client, tip: Tip) -> None:
    answer = triage.get("/search/?plate=7K*")
    assert answer.status_code == 422
    said = said_by(answer.content.decode())
    assert "at least 3 known characters of the plate, or something else" in said
    assert 'value="7K*"' in answer.content.decode()
    assert tip.reference in text(triage, "/search/?plate=7K*&city=Wentzville")


def test_an_agency_finds_nothing_of_another_line(tip: Tip, log_on: LogOn) -> None:
    theirs = log_on(Role.PARTNER, lines=("wentzville-pd",), name="theirs")
    others = log_on(Role.PARTNER, lines=("ofallon-pd",), name="others")
    assert tip.reference in text(theirs, "/search/?plate=7KX412")
    assert tip.reference not in text(others, "/search/?plate=7KX412")
    assert "wentzville-pd" not in others.get("/search/").content.decode()
    assert others.get("/search/?line=wentzville-pd").status_code == 422


def test_a_name_may_not_be_searched_for_by_who_works_the_queue(tip: Tip, log_on: LogOn) -> None:
    analyst = log_on(Role.ANALYST, lines=("wentzville-pd",))
    assert 'name="name"' not in analyst.get("/search/").content.decode()
    assert analyst.get("/search/?name=Rickard").status_code == 422


def test_race_is_searched_only_beside_other_things(triage: Client, tip: Tip) -> None:
    assert triage.get("/search/?race=white&status=NEW").status_code == 422
    assert triage.get("/search/?race=white&city=Wentzville&colour=gray").status_code == 200


def test_sealed_words_are_found_within_the_search_for_a_reason(triage: Client, tip: Tip) -> None:
    answer = step(triage, **BEGUN)
    assert answer.status_code == 200
    said = said_by(answer.content.decode())
    assert "Read: 1 of 1 tip, 1 found" in said
    assert tip.reference in said
    assert "took their phones" in said
    begun = AuditEntry.objects.get(act="search.words")
    assert begun.facts["reason"] == "LINK"
    assert begun.facts["facets"] == ["city"]
    opened = AuditEntry.objects.get(act="search.words_opened")
    assert (opened.facts["opened"], opened.facts["found"]) == (1, 1)
    assert AuditEntry.objects.get(act="tip.words_found").subject == tip.reference
    recorded = " ".join(str(one.facts) for one in AuditEntry.objects.all())
    assert "phones" not in recorded
    assert "Wentzville" not in recorded


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"reason": ""}, "Say why the words must be opened."),
        ({"reason": "CURIOUS"}, "Say why the words must be opened."),
        ({"words": "a"}, "at least one word of 3 letters"),
        ({"facets": ""}, "Fill in at least one field."),
        ({"facets": "plate=7K"}, "Fill in at least one field."),
    ],
)
def test_without_reason_words_or_facets_nothing_is_opened(
    triage: Client, tip: Tip, changed: dict[str, str], says: str
) -> None:
    answer = step(triage, **{**BEGUN, **changed})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not AuditEntry.objects.filter(act__startswith="search.words").exists()


def test_a_long_search_goes_on_in_steps_and_keeps_what_it_found(
    triage: Client, make_tip: MakeTip, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_words, "STEP", 2)
    tips = [make_tip("wentzville-pd", narrative=f"Blue door, number {n}.") for n in range(5)]
    for one in tips:
        see(one)
    page = step(triage, **{**BEGUN, "words": '"blue door"'}).content.decode()
    assert "Reading: 2 of 5 tips, 2 found" in said_by(page)
    assert "Read on" in page
    assert "desk-goon.js" in page
    page = step(triage, state=token(page)).content.decode()
    assert "Reading: 4 of 5 tips, 4 found" in said_by(page)
    page = step(triage, state=token(page)).content.decode()
    assert "Read: 5 of 5 tips, 5 found" in said_by(page)
    assert "Read on" not in page
    assert all(one.reference in page for one in tips)
    assert AuditEntry.objects.filter(act="search.words_opened").count() == 3


def test_no_search_opens_more_than_the_most(
    triage: Client, make_tip: MakeTip, see: See, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_words, "STEP", 2)
    monkeypatch.setattr(sealed_words, "MOST_READ", 3)
    for n in range(5):
        see(make_tip("wentzville-pd", narrative=f"Blue door, number {n}."))
    page = step(triage, **{**BEGUN, "words": "blue"}).content.decode()
    page = step(triage, state=token(page)).content.decode()
    said = said_by(page)
    assert "Read: 3 of 3 tips, 3 found" in said
    assert "which is the most for one search" in said
    assert "Read on" not in page


def test_what_a_begun_search_carries_serves_nobody_else(
    triage: Client,
    make_tip: MakeTip,
    see: See,
    log_on: LogOn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed_words, "STEP", 1)
    for _ in range(2):
        see(make_tip("wentzville-pd"))
    carried = token(step(triage, **BEGUN).content.decode())
    other = log_on(Role.ANALYST, lines=("wentzville-pd",), name="other")
    assert "Begin it again" in step(other, state=carried).content.decode()
    assert step(triage, state=carried[:-2] + "xx").status_code == 422


def test_a_search_in_words_stays_within_ones_lines(
    tip: Tip, make_tip: MakeTip, see: See, log_on: LogOn
) -> None:
    elsewhere = make_tip("ofallon-pd")
    see(elsewhere)
    analyst = log_on(Role.ANALYST, lines=("wentzville-pd",))
    said = said_by(step(analyst, **BEGUN).content.decode())
    assert tip.reference in said
    assert elsewhere.reference not in said


def test_a_tip_whose_key_is_gone_is_counted_and_the_search_goes_on(
    triage: Client, tip: Tip, make_tip: MakeTip, see: See
) -> None:
    gone = make_tip("wentzville-pd")
    see(gone)
    DataKey.objects.filter(tip=gone).delete()
    said = said_by(step(triage, **BEGUN).content.decode())
    assert "1 could not be opened" in said
    assert tip.reference in said


def test_accents_and_case_make_no_difference_to_words(triage: Client, make_tip: MakeTip) -> None:
    one = make_tip("wentzville-pd", narrative="Las mujeres salían del SALÓN a las diez.")
    found(one)
    Tip.objects.filter(pk=one.pk).update(status="SCREENED")
    page = step(triage, facets="status=SCREENED", words="salon salian", reason="CASE")
    assert "salían del SALÓN" in page.content.decode()


def test_a_page_of_results_needs_few_queries(
    triage: Client, make_tip: MakeTip, see: See, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        see(make_tip("wentzville-pd"))
    with django_assert_max_num_queries(16) as few:
        triage.get("/search/?city=Wentzville")
    for _ in range(5):
        see(make_tip("wentzville-pd"))
    with django_assert_max_num_queries(len(few.captured_queries)):
        triage.get("/search/?city=Wentzville")


def test_who_searches_a_part_of_a_plate_as_a_whole_reads_how_it_is_found(
    triage: Client, make_tip: MakeTip, see: See
) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)  # 7KX4?2
    for page in (text(triage, "/search/?plate=7KX4"), text(triage, "/queue/?q=plate:7KX4")):
        assert "The plate was looked for as a whole" in page
        assert tip.reference not in page
    for page in (text(triage, "/search/?plate=7KX4*"), text(triage, "/queue/?q=plate:7KX4*")):
        assert "The plate was looked for as a whole" not in page
        assert tip.reference in page
    assert "looked for as a whole" not in text(triage, "/search/?plate=9ZZ9*")
