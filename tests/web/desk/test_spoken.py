"""A dispatcher reads it aloud in a minute."""

import pytest
from django.test import Client

from tests.web.desk.conftest import LogOn, MakeTip, See, act, hand_off, text
from tipintake.staff.roles import Role
from tipintake.tips.models import PersonDescribed, Vehicle
from tipintake.web.desk.spoken import LAST, MOST_WORDS, number, spoken

pytestmark = pytest.mark.django_db


def test_the_most_useful_comes_first_and_plates_are_spelled(make_tip: MakeTip, see: See) -> None:
    tip = make_tip("wentzville-pd", priority="P1", minor_present="POSSIBLY")
    see(tip)
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "They leave each night.")
    said = " ".join(sheet.sentences)
    assert "priority one" in said
    assert "may be under 18" in said
    assert "Sunset Inn, room 12, Wentzville, I-70 exit 212" in said
    assert "MO plate 7 King X-ray 4 one not seen 2" in said
    assert "Every Friday and Saturday, from about 22:00" in said
    assert "“They leave each night.”" in said
    assert sheet.sentences[-1] == LAST
    assert said.index("Where") < said.index("Vehicle") < said.index("In their words")


def test_it_takes_a_minute_however_much_was_told(make_tip: MakeTip, see: See) -> None:
    tip = make_tip("wentzville-pd", indicators=["CTL_ID_HELD", "HTL_CASH", "HTL_TRAFFIC"])
    see(tip)
    for at in range(1, 5):
        Vehicle.objects.create(tip=tip, position=at, colour1="blue", features="dent " * 30)
        PersonDescribed.objects.create(tip=tip, position=at, role="BUYER", clothing="coat " * 40)
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "They come and go all night. " * 80)
    assert sheet.words <= MOST_WORDS
    assert sheet.seconds <= 60
    assert {"the rest of the words", "more vehicles", "more people"} <= set(sheet.left_out)


def test_nothing_on_the_sheet_is_read_backwards(make_tip: MakeTip, see: See) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    tip.locations.update(name="Inn \u202elive")
    tip.vehicles.update(make="\u202edroF")
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "He said \u202eyks and left. " * 3)
    said = " ".join(sheet.sentences)
    assert "\u202e" not in said
    assert said.count("[right-to-left override]") == 5


def test_what_was_taken_out_or_held_is_said_in_words(make_tip: MakeTip, see: See) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    tip.locations.update(unit="[held]", city="[removed]")
    tip.vehicles.update(features="[held] on the door", make="[removed]")
    tip.persons.update(clothing="[held] cap")
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "She is in room [held].")
    said = " ".join(sheet.sentences)
    assert "room (left out), (left out)" in said
    assert "[" not in said


def test_a_babys_age_is_said(make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    PersonDescribed.objects.create(
        tip=tip, position=0, role="POSSIBLE_VICTIM", age_from=0, age_to=1
    )
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "")
    assert "about 0 to 1" in " ".join(sheet.sentences)


def test_no_name_and_nothing_about_the_writer_is_said(make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", reporter_is_victim=True, police_consent=True, language="es")
    PersonDescribed.objects.create(tip=tip, position=0, role="DRIVER", name_or_alias="Big Tony")
    sheet = spoken(tip, hand_off(tip, "wentzville-pd"), "He said [removed] is my boss.")
    said = " ".join(sheet.sentences)
    assert "Tony" not in said
    assert "victim" not in said.lower()
    assert "[removed]" not in said


def test_the_number_is_spelled(make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    tip.reference = "T-7Q2M-4KX9"
    assert number(tip) == "T, 7 Queen 2 Mary, 4 King X-ray 9"


def test_the_call_list_leads_to_the_sheet_and_a_logged_call_shows_there(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("ofallon-pd", priority="P1")
    row = hand_off(tip, "ofallon-pd")
    page = text(triage, "/calls/")
    assert tip.reference in page
    assert "number unverified" in page
    assert "nobody has called" in page
    sheet = text(triage, f"/tips/{tip.reference}/hand-offs/{row.pk}/sheet/")
    assert "priority one" in sheet
    assert "555-0140" not in sheet.partition("On record")[0]
    act(triage, tip, "ofallon-pd", "call", outcome="NO_ANSWER")
    assert "Nobody answered" in text(triage, "/calls/")
    act(triage, tip, "ofallon-pd", "call", outcome="HANDED_OVER", spoke_with="Badge 12",
        contact_confirmed="on", their_reference="26-1042")  # fmt: skip
    page = text(triage, "/calls/")
    waiting, _, log = page.partition("Calls of the last days")
    assert tip.reference not in waiting
    assert "Badge 12" in log
    assert "26-1042" in log


def test_what_is_told_electronically_is_not_on_the_call_list(
    triage: Client, make_tip: MakeTip, email_contact: object
) -> None:
    tip = make_tip("wentzville-pd")
    assert tip.reference not in text(triage, "/calls/")


def test_of_a_tip_that_waits_for_a_call_to_anothers_line_nobody_is_told_that_none_is_due(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage", "st-louis-county-pd", priority="P1")
    ann = log_on(Role.ANALYST, name="ann", lines=("regional-triage",))
    page = text(ann, "/calls/")
    assert "Nobody needs to be called." not in page
    assert "None of your lines needs to be called." in page
    assert "Lines that you do not see" in page
    named = page.partition("Lines that you do not see")[2]
    assert hand_off(tip, "st-louis-county-pd").line.name in named
    assert tip.reference in named
    kim = log_on(Role.ANALYST, name="kim", lines=("st-louis-county-pd",))
    page = text(kim, "/calls/")
    assert tip.reference in page.partition("Calls of the last days")[0]
    assert "Lines that you do not see" not in page


def test_the_call_list_shows_no_line_that_is_not_ones_own(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip("icac")
    client = log_on(Role.ANALYST, lines=("wentzville-pd",))
    assert tip.reference not in text(client, "/calls/")
    row = hand_off(tip, "icac")
    assert client.get(f"/tips/{tip.reference}/hand-offs/{row.pk}/sheet/").status_code == 404
