from datetime import datetime

import pytest

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import (
    UnknownLine,
    answerable,
    current_gazetteer,
    line,
    referrals_for_residents,
    renew,
    shown_lines,
)
from tipintake.directory.models import Alias, Contact, Line, Referral, VerifiedState

pytestmark = pytest.mark.django_db

# Printed in articles, found in no other source: no resident may ever see one.
NEVER_SHOWN = (
    "636-379-5633",
    "636-240-3200",
    "573-751-5260",
    "icac.mo.gov",
    "636-332-6000",
    "636-896-3276",
    "1-800-525-5555",
    "*55",
)


def test_no_unverified_number_reaches_a_resident(region: Gazetteer) -> None:
    shown = " ".join(
        [
            *(row.shown_number for row in Line.objects.all()),
            *(f"{row.name} {row.number}" for row in shown_lines()),
            *(f"{row.contact} {row.url} {row.what}" for row in referrals_for_residents()),
        ]
    )
    assert not [number for number in NEVER_SHOWN if number in shown]


def test_a_number_stays_hidden_while_its_state_is_unverified(region: Gazetteer) -> None:
    Line.objects.filter(code="ofallon-pd").update(number="636-555-0101")
    assert line("ofallon-pd").shown_number == ""
    assert "ofallon-pd" not in {row.code for row in shown_lines()}
    Line.objects.filter(code="ofallon-pd").update(verified_state=VerifiedState.CONFIRMED)
    assert line("ofallon-pd").shown_number == "636-555-0101"
    assert "ofallon-pd" in {row.code for row in shown_lines()}


def test_shown_lines_are_the_checked_ones(region: Gazetteer) -> None:
    assert {row.code: row.number for row in shown_lines()} == {
        "creve-coeur-pd": "314-737-4600",
        "wentzville-pd": "636-327-5105",
        "child-protection": "1-800-392-3738",
        "nhth": "1-888-373-7888, text 233733, TTY 711",
        "crimestoppers": "866-371-8477",
    }


def test_a_dated_number_carries_its_year_and_others_none(region: Gazetteer) -> None:
    years = {row.code: row.year for row in shown_lines()}
    assert years.pop("creve-coeur-pd") == 2011
    assert set(years.values()) == {None}


def test_residents_read_names_in_their_language(region: Gazetteer) -> None:
    english = {row.code: row.name for row in shown_lines("en")}
    spanish = {row.code: row.name for row in shown_lines("es")}
    assert english["nhth"] == "National Human Trafficking Hotline"
    assert spanish["nhth"] == "Línea Nacional contra la Trata de Personas"
    assert referrals_for_residents("es")[1].name == spanish["nhth"]


def test_services_that_nobody_checked_are_kept_but_not_listed(region: Gazetteer) -> None:
    listed = [row.code for row in referrals_for_residents()]
    assert listed == ["911", "nhth", "child-hotline", "cybertipline"]
    assert Referral.objects.filter(code="bridgeway", verified_state="unverified").exists()


def test_a_retired_line_is_not_shown(region: Gazetteer) -> None:
    Line.objects.filter(code="nhth").update(active=False)
    assert "nhth" not in {row.code for row in shown_lines()}


def test_an_unknown_line_says_where_to_look() -> None:
    with pytest.raises(UnknownLine, match="No line has the code 'nobody'"):
        line("nobody")


def test_somebody_answers_in_a_region_as_loaded(region: Gazetteer) -> None:
    assert answerable() == []


def test_without_a_region_the_way_out_is_named_and_the_gazetteer_is_empty() -> None:
    assert answerable() == ["No region is loaded: run `manage.py region load`."]
    assert current_gazetteer() == Gazetteer(version="")


@pytest.mark.parametrize("code", ["victim-advocate", "regional-triage", "out-of-area"])
@pytest.mark.parametrize("role", ["QUEUE", "SUPERVISOR"])
def test_a_line_whose_contact_was_switched_off_is_named(
    region: Gazetteer, code: str, role: str
) -> None:
    Contact.objects.filter(line__code=code, role=role).update(active=False)
    (sentence,) = answerable()
    assert sentence.startswith(f"Line {code} has no active {role} contact")


def test_a_line_that_was_switched_off_is_named(region: Gazetteer) -> None:
    Line.objects.filter(code="victim-advocate").update(active=False)
    assert answerable() == [
        "Line victim-advocate is missing or inactive: tips that need it would wait for nobody."
    ]


def test_an_alias_that_staff_approve_is_seen_after_renewal(
    region: Gazetteer, now: datetime
) -> None:
    Alias.objects.filter(text="Mid Rivers Mall").update(approved=True)
    renew(now=now)
    seen = current_gazetteer()
    assert "Mid Rivers Mall" in {alias.text for alias in seen.aliases}
    assert seen.version == region.version
