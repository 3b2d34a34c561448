"""Tips alike within a day: one judgement for all of them, with a reason, and back again."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, See, said_by
from tipintake.delivery.models import HandOff
from tipintake.pipeline.bursts import stamp
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import floods
from tipintake.tips.models import Tip, Vehicle


@pytest.fixture
def alike(make_tip: MakeTip, see: See) -> list[Tip]:
    """Six tips of one hour with one plate, as the worker groups them."""
    made = [make_tip("wentzville-pd", priority="P3") for _ in range(6)]
    for tip in made:
        Vehicle.objects.create(
            tip=tip, position=0, plate_raw="7KX Q42", plate_canonical="7KXQ42",
            plate_skeleton="7KX042", plate_state="MO",
        )  # fmt: skip
    assert floods.group([made[-1].pk], now=timezone.now()) == 6
    return list(Tip.objects.order_by("pk"))


def address(alike: list[Tip]) -> str:
    return f"/alike/{alike[0].flood}/"


def judge(client: Client, alike: list[Tip], how: str, why: str, stamp: str = "") -> str:
    page = client.get(address(alike)).content.decode()
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    given = {"why": why, "stamp": stamp or (found[1] if found else "")}
    answer = client.post(f"{address(alike)}{how}/", given, follow=True)
    return said_by(answer.content.decode())


def undo(client: Client) -> str:
    html = client.get("/queue/").content.decode()
    found = re.search(r'action="(/queue/undo/[^"]+)"', html)
    assert found, "no undo is offered"
    return said_by(client.post(found[1], follow=True).content.decode())


def test_the_page_says_how_many_and_what_they_share(triage: Client, alike: list[Tip]) -> None:
    page = triage.get(address(alike)).content.decode()
    assert "6 tips alike within a day" in page
    assert "7KXQ42 (6)" in page
    assert all(tip.reference in page for tip in alike)
    assert AuditEntry.objects.get(act="burst.read").facts == {"tips": 6}
    assert address(alike) in triage.get(f"/queue/?q=alike:{alike[0].flood}").content.decode()
    line = triage.get(f"/lines/wentzville-pd/?alike={alike[0].flood}").content.decode()
    assert address(alike) in line


def test_another_tip_acted_on_is_another_burst(alike: list[Tip]) -> None:
    alike[0].version += 1
    first = stamp(alike)
    alike[0].version -= 1
    alike[1].version += 1
    assert stamp(alike) != first
    assert stamp(alike) == stamp(alike[::-1])


def test_released_tips_are_reports_of_their_own_for_good(triage: Client, alike: list[Tip]) -> None:
    assert "6 tips are reports of their own now." in judge(triage, alike, "release", "PEOPLE")
    assert not Tip.objects.exclude(flood=None).exists()
    assert floods.group([alike[0].pk], now=timezone.now()) == 0
    entries = AuditEntry.objects.filter(act="burst.released")
    assert {one.subject for one in entries} == {tip.reference for tip in alike}
    assert all(one.facts == {"why": "PEOPLE", "tips": 6} for one in entries)
    assert "6 tips are as they were before." in undo(triage)
    assert set(Tip.objects.values_list("flood", "stands_alone")) == {(alike[0].flood, False)}


def test_tips_set_aside_stand_behind_the_others_and_come_back(
    triage: Client, alike: list[Tip], make_tip: MakeTip
) -> None:
    later = make_tip("wentzville-pd", priority="P3", due_in=timedelta(hours=9))
    said = judge(triage, alike, "set-aside", "ONE_HAND")
    assert "6 tips stand behind the others of their priority now." in said
    ranks = HandOff.objects.order_by("rank", "due_at").values_list("tip", "rank")
    assert ranks[0] == (later.pk, 30)
    assert {rank for _tip, rank in ranks[1:]} == {31}
    assert AuditEntry.objects.filter(act="burst.set_aside").count() == 6
    undo(triage)
    assert not Tip.objects.filter(low_trust=True).exists()
    assert set(HandOff.objects.values_list("rank", flat=True)) == {30}


@pytest.mark.parametrize(("how", "why"), [("release", "PEOPLE"), ("set-aside", "ONE_HAND")])
def test_a_judgement_that_is_pressed_twice_is_said_to_be_done(
    how: str, why: str, triage: Client, alike: list[Tip]
) -> None:
    found = re.search(r'name="stamp" value="([^"]+)"', triage.get(address(alike)).content.decode())
    assert found
    form = {"why": why, "stamp": found[1]}
    for _press in range(2):
        answer = triage.post(f"{address(alike)}{how}/", form)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/queue/")
    assert "You have just done this yourself." in said_by(triage.get("/queue/").content.decode())
    done = ("burst.released", "burst.set_aside")
    assert AuditEntry.objects.filter(act__in=done).count() == 6
    assert "6 tips are as they were before." in undo(triage)


def test_a_reason_is_needed_and_it_must_fit(triage: Client, alike: list[Tip]) -> None:
    for how, why in (("release", ""), ("release", "ONE_HAND"), ("set-aside", "PEOPLE")):
        assert "Say why" in judge(triage, alike, how, why)
    assert Tip.objects.filter(flood=alike[0].flood, low_trust=False).count() == 6


def test_nothing_is_done_once_another_tip_came(triage: Client, alike: list[Tip]) -> None:
    said = judge(triage, alike, "release", "PEOPLE", stamp="5.0")
    assert "Nothing was done: another tip came" in said
    assert Tip.objects.filter(flood=alike[0].flood).count() == 6


def test_tips_of_other_lines_are_counted_and_left_alone(
    alike: list[Tip], make_tip: MakeTip, log_on: LogOn
) -> None:
    other = make_tip("ofallon-pd")
    Tip.objects.filter(pk=other.pk).update(flood=alike[0].flood)
    kim = log_on(Role.ANALYST, name="kim", lines=("wentzville-pd",))
    page = kim.get(address(alike)).content.decode()
    assert "1 more tip of this kind stands in queues of other lines" in page
    assert other.reference not in page
    judge(kim, alike, "release", "PEOPLE")
    assert Tip.objects.get(pk=other.pk).flood == alike[0].flood


def test_an_agency_reads_its_own_and_judges_nothing(alike: list[Tip], log_on: LogOn) -> None:
    agency = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert "Release all" not in agency.get(address(alike)).content.decode()
    assert agency.post(f"{address(alike)}release/", {"why": "PEOPLE"}).status_code == 403
    stranger = log_on(Role.PARTNER, name="zoe", lines=("ofallon-pd",))
    assert stranger.get(address(alike)).status_code == 404
    assert stranger.get(f"/alike/{uuid.uuid4()}/").status_code == 404
