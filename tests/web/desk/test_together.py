"""What belongs together, on a tip's page: seen, compared, judged, merged."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.desk.conftest import LogOn, MakeTip, said_by, text, version
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import link_keys
from tipintake.tips.models import Place, Tip, Vehicle
from tipintake.tips.plates import is_partial, skeleton
from tipintake.triage import links


def bears(tip: Tip, plate: str, *, make: str = "", pin: tuple[float, float] | None = None) -> None:
    """A vehicle with this plate, and perhaps a pin, in the tip and in its keys."""
    Vehicle.objects.create(
        tip=tip,
        position=0,
        plate_raw=plate,
        plate_canonical=plate,
        plate_skeleton=skeleton(plate),
        plate_partial=is_partial(plate),
        make=make,
    )
    lat, lon = pin or (None, None)
    Place.objects.create(
        tip=tip, position=0, name="Sunset Inn", city="Wentzville", lat=lat, lon=lon
    )
    link_keys.renew(tip)


@pytest.fixture
def pair(make_tip: MakeTip) -> tuple[Tip, Tip]:
    one, other = make_tip("wentzville-pd"), make_tip("wentzville-pd", "regional-triage")
    bears(one, "AB1C2D", make="Honda", pin=(38.8120, -90.8530))
    bears(other, "AB1X2D", make="Honda", pin=(38.8121, -90.8531))
    links.suggest_for([one.pk])
    return one, other


def press(client: Client, tip: Tip, other: Tip, act: str, **given: object) -> int:
    marks = list(links.between(tip, other).values_list("mark", flat=True))
    address = f"/tips/{tip.reference}/links/{other.reference}/{act}/"
    form = {"version": version(tip), "mark": marks, **given}
    return client.post(address, form).status_code


def test_the_reasons_are_there_in_words_from_the_side_of_the_tip(
    triage: Client, pair: tuple[Tip, Tip]
) -> None:
    one, other = pair
    assert "the same plate but for one character: AB1C2D / AB1X2D" in text(
        triage, f"/tips/{one.reference}/"
    )
    assert "the same plate but for one character: AB1X2D / AB1C2D" in text(
        triage, f"/tips/{other.reference}/"
    )


def test_confirmed_taken_back_rejected_and_never_suggested_again(
    triage: Client, pair: tuple[Tip, Tip]
) -> None:
    one, other = pair
    page = f"/tips/{one.reference}/"
    assert press(triage, one, other, "confirm") == 302
    said = text(triage, page)
    assert f"{other.reference} Confirmed by triage" in said
    assert "Separate reports: 2. Days: 1. Named places: 1." in said
    assert "Linked with another tip by: " in said
    assert "plates but for one character" in said
    triage.post("/preferences/", {"language": "es"})
    assert "placas salvo un carácter" in text(triage, page)
    triage.post("/preferences/", {"language": "en"})
    assert press(triage, one, other, "take-back") == 302
    assert f"{other.reference} Suggested" in text(triage, page)
    assert press(triage, one, other, "reject") == 302
    links.suggest_for([one.pk, other.pk])
    said = text(triage, page)
    assert f"{other.reference} Rejected by triage" in said
    assert "Suggested" not in said


def test_side_by_side_marks_what_differs_and_keeps_the_words_closed(
    triage: Client, pair: tuple[Tip, Tip]
) -> None:
    one, other = pair
    answer = triage.get(f"/tips/{one.reference}/links/{other.reference}/")
    page = answer.content.decode()
    assert "AB1<mark>C</mark>2D" in page
    assert "AB1<mark>X</mark>2D" in page
    said = said_by(page)
    assert "Honda Honda same" in said
    assert "differs" in said
    assert "gray van" not in said
    read = AuditEntry.objects.filter(act="tip.compared").values_list("subject", flat=True)
    assert set(read) == {one.reference, other.reference}


def test_merged_and_unmerged_by_buttons(triage: Client, pair: tuple[Tip, Tip]) -> None:
    one, other = pair
    assert press(triage, one, other, "absorb") == 302
    said = text(triage, f"/tips/{other.reference}/")
    assert f"This tip is merged into {one.reference}." in said
    assert press(triage, other, one, "merge") == 422
    assert press(triage, other, one, "unmerge") == 302
    assert "merged into" not in text(triage, f"/tips/{other.reference}/").split("History")[0]


def test_of_two_analysts_the_second_is_told_and_nothing_is_overwritten(
    triage: Client, pair: tuple[Tip, Tip]
) -> None:
    one, other = pair
    seen = version(one)
    assert press(triage, one, other, "confirm", version=seen) == 302
    answer = triage.post(
        f"/tips/{one.reference}/links/{other.reference}/reject/",
        {"version": seen, "mark": list(links.between(one, other).values_list("mark", flat=True))},
    )
    assert answer.status_code == 409
    assert "Linked with another tip" in said_by(answer.content.decode())
    assert set(links.between(one, other).values_list("state", flat=True)) == {"CONFIRMED"}


@pytest.mark.parametrize("act", ["confirm", "reject", "merge"])
def test_a_tip_of_another_line_is_there_without_content_and_cannot_be_judged(
    act: str, log_on: LogOn, make_tip: MakeTip
) -> None:
    mine, theirs = make_tip("wentzville-pd"), make_tip("icac")
    bears(mine, "AB1C2D")
    bears(theirs, "AB1X2D")
    links.suggest_for([mine.pk])
    client = log_on(Role.ANALYST, lines=("wentzville-pd",))
    for page in (f"/tips/{mine.reference}/", f"/tips/{mine.reference}/together/"):
        said = text(client, page)
        assert theirs.reference not in said
        assert "AB1X2D" not in said
        assert "tip of other lines" in said or "a tip of another line" in said
    pair = f"/tips/{mine.reference}/links/{theirs.reference}/"
    assert client.get(pair).status_code == 404
    assert press(client, mine, theirs, act) == 404
    assert set(links.between(mine, theirs).values_list("state", flat=True)) == {"SUGGESTED"}


def test_the_cluster_shows_links_days_and_places_in_figures_and_tables(
    triage: Client, pair: tuple[Tip, Tip], make_tip: MakeTip
) -> None:
    one, other = pair
    third = make_tip("wentzville-pd")
    Tip.objects.filter(pk=other.pk).update(submitted_hour=one.submitted_hour - timedelta(days=9))
    bears(third, "AB1X2E")
    links.suggest_for([third.pk])
    press(triage, one, other, "confirm")
    page = triage.get(f"/tips/{one.reference}/together/").content.decode()
    said = said_by(page)
    assert "Tips 2 Separate reports 2 Distinct days 2 Distinct places 1" in said
    assert "The reports bear each other out." in said
    assert page.count('class="dashed"') >= 1
    assert page.count('<line class="firm"') == 2  # the link, and the line of days
    assert "38.81200" in said
    assert "confirmed the same plate but for one character" in said
    assert "suggested" in said


def test_a_burst_stands_as_one_and_is_held_for_review(triage: Client, make_tip: MakeTip) -> None:
    tips = [make_tip("wentzville-pd") for _ in range(5)]
    for tip in tips:
        bears(tip, "AB1C2D")
    Tip.objects.update(flood=tips[0].pk)
    links.suggest_for([tip.pk for tip in tips])
    said = text(triage, f"/tips/{tips[0].reference}/")
    assert "4 tips alike within a day, held for review" in said
    assert "they count as one report" in said
    assert "Suggested" not in said


def test_many_links_cost_no_more_queries(
    triage: Client, make_tip: MakeTip, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tips = [make_tip("wentzville-pd") for _ in range(15)]
    for tip in tips:
        bears(tip, "AB1C2D")
    links.suggest_for([tip.pk for tip in tips])
    for other in tips[1:8]:
        press(triage, tips[0], other, "confirm")
    with django_assert_max_num_queries(60):
        triage.get(f"/tips/{tips[0].reference}/")
    with django_assert_max_num_queries(32):
        triage.get(f"/tips/{tips[0].reference}/together/")


def test_unknown_acts_and_odd_marks_are_answered_with_a_page(
    triage: Client, pair: tuple[Tip, Tip]
) -> None:
    one, other = pair
    assert press(triage, one, other, "explode") == 404
    assert press(triage, one, other, "confirm", mark=["<b>", "\x00"]) in {400, 404, 422}
    assert triage.get(f"/tips/{one.reference}/links/{one.reference}/").status_code == 404
