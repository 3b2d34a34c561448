"""A name is taught by one person, approved by another, and known from the next tip on."""

import re
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.web.desk.conftest import LogOn, MakeTip, act, said_by, text
from tipintake.directory.models import Alias
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.region.load import load
from tipintake.region.pack import Pack
from tipintake.routing.models import Decision
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Place, Tip
from tipintake.tips.vocabulary import CameBy

NAME = "Fernleaf Court Motel"
TRIAGE = {"lines": ("regional-triage",)}


@pytest.fixture
def region(lines: object, pack: Pack, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's lines as the pack has them."""
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    load(pack, now=now, actor="test")


@pytest.fixture
def tip(region: None, make_tip: MakeTip) -> Tip:
    made = make_tip("regional-triage")
    Place.objects.create(
        tip=made, position=0, place_type="HOTEL_MOTEL", name=NAME, street="[removed] Lane"
    )
    return made


def lesson(**changes: str) -> dict[str, str]:
    return {
        "text": NAME,
        "kind": "landmark",
        "where": "resolved:wentzville-mo",
        "source": "City map of 2025",
        **changes,
    }


def teach(client: Client, tip: Tip, **changes: str) -> tuple[int, str]:
    answer = client.post(f"/tips/{tip.reference}/teach/", lesson(**changes), follow=True)
    return answer.status_code, said_by(answer.content.decode())


def lead(now: datetime) -> str:
    """Where the next tip goes that names this place."""
    receipt = submit_tip(
        TipDraft.from_mapping(
            {
                "category": "SUSPICIOUS_PLACE_PATTERN",
                "immediacy": "ONGOING",
                "minor_present": "NO",
                "indicators": ["HTL_TRAFFIC"],
                "locations": [{"place_type": "HOTEL_MOTEL", "name": NAME}],
            }
        ),
        came_by=CameBy.API,
        now=now,
    )
    route_waiting(now=now)
    return str(Decision.objects.get(tip__reference=receipt.reference).primary)


def test_a_taught_name_takes_the_next_tip_to_its_police(
    tip: Tip, log_on: LogOn, now: datetime
) -> None:
    ann = log_on(Role.ANALYST, name="ann", **TRIAGE)
    assert lead(now) == "regional-triage"
    status, page = teach(ann, tip)
    assert status == 200
    assert f"{NAME} waits for a second person" in page
    assert lead(now) == "regional-triage"

    officer = log_on(Role.POLICY_OFFICER, name="pat")
    page = text(officer, "/places/")
    assert f"{NAME} A landmark or crossing · City map of 2025 · ann" in page
    alias = Alias.objects.get(text=NAME)
    answer = officer.post(
        f"/places/{alias.pk}/approve/", {"source": "Called the front desk"}, follow=True
    )
    assert f"{NAME} is evidence of a place from the next tip on" in said_by(
        answer.content.decode()
    )
    assert lead(now) == "wentzville-pd"
    assert NAME not in text(officer, "/places/")
    acts = AuditEntry.objects.filter(act__startswith="alias.").order_by("pk")
    assert [(one.act, one.actor) for one in acts] == [
        ("alias.proposed", "ann"),
        ("alias.approved", "pat"),
    ]


def test_the_difference_to_the_pack_shows_what_was_taught_with_the_row_to_add(
    tip: Tip, log_on: LogOn
) -> None:
    teach(log_on(Role.ANALYST, name="ann", **TRIAGE), tip)

    def difference() -> str:
        out = StringIO()
        call_command("region", "diff", stdout=out)
        return out.getvalue()

    assert f"keep alias {NAME}: proposed at this desk; a second person has to" in difference()
    pk = Alias.objects.get(text=NAME).pk
    log_on(Role.ADMIN, name="pat").post(f"/places/{pk}/approve/", {"source": "A visit, twice"})
    row = f'{NAME},landmark,resolved,wentzville-mo,yes,"A visit, twice",corroborated,'
    assert f"keep alias {NAME}: taught at this desk; for aliases.csv: {row}" in difference()
    call_command("region", "load", stdout=StringIO(), stderr=StringIO())
    assert Alias.objects.get(text=NAME).approved


def test_nobody_approves_what_they_proposed(tip: Tip, log_on: LogOn) -> None:
    both = log_on(Role.ANALYST, Role.POLICY_OFFICER, name="ann", **TRIAGE)
    teach(both, tip)
    alias = Alias.objects.get(text=NAME)
    assert "You proposed it: somebody else approves" in text(both, "/places/")
    answer = both.post(f"/places/{alias.pk}/approve/", {"source": "I know it"})
    assert answer.status_code == 422
    assert "ask somebody else" in said_by(answer.content.decode())
    with pytest.raises(Exception, match="ask somebody else"):
        call_command("region", "approve", NAME, "--source", "I know it", "--by", "ann")
    alias.refresh_from_db()
    assert not alias.approved


def test_a_refused_name_is_gone_and_may_be_proposed_again(tip: Tip, log_on: LogOn) -> None:
    ann = log_on(Role.ANALYST, name="ann", **TRIAGE)
    teach(ann, tip)
    officer = log_on(Role.POLICY_OFFICER, name="pat")
    pk = Alias.objects.get(text=NAME).pk
    officer.post(f"/places/{pk}/refuse/", {"source": "It closed"})
    assert not Alias.objects.filter(text=NAME).exists()
    late = officer.post(f"/places/{pk}/approve/", {"source": "A map"})
    assert "Somebody else judged this name meanwhile" in said_by(late.content.decode())
    assert teach(ann, tip)[0] == 200


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text": "Wentzville"}, "That is the name of a place already"),
        ({"text": "st charles COUNTY"}, "That is the name of a place already"),
        ({"text": "The Motel"}, "Many places are called so"),
        ({"text": "Motel"}, "Many places are called so"),
        ({"text": "Park Plaza Hotel"}, "Many places are called so"),
        ({"text": "12345"}, "Many places are called so"),
        ({"text": "ab"}, "A name has 3 to 120 characters"),
        ({"text": "Call 314-555-0123"}, "That looks like somebody's number"),
        ({"text": "sam@mail.example"}, "That looks like somebody's number"),
        ({"text": "Olive and Craig plaza"}, "is known already"),
        ({"text": "Hwy K & Bryan Rd"}, "is known already"),
        ({"text": "mid rivers mall"}, "waits for approval already"),
        ({"text": ""}, "Write the name as people write it"),
        ({"kind": "town"}, "Select a valid choice"),
        ({"where": "resolved:nowhere"}, "Choose where it is from the list"),
        ({"where": "ambiguous:wentzville-mo"}, "Choose where it is from the list"),
        ({"where": "perhaps:wentzville-mo"}, "Choose where it is from the list"),
        ({"where": "out_of_area:wentzville-mo"}, "Choose where it is from the list"),
        ({"source": " "}, "Say how you know"),
    ],
    ids=str,
)
def test_a_name_that_would_mislead_is_refused_with_the_reason(
    changes: dict[str, str], says: str, tip: Tip, log_on: LogOn
) -> None:
    before = Alias.objects.count()
    status, page = teach(log_on(Role.ANALYST, name="ann", **TRIAGE), tip, **changes)
    assert says in page
    assert (status, Alias.objects.count()) == (422, before)


def test_the_tips_page_offers_the_names_that_the_tip_gives(tip: Tip, log_on: LogOn) -> None:
    page = log_on(Role.ANALYST, **TRIAGE).get(f"/tips/{tip.reference}/").content.decode()
    offered = re.findall(r'<option value="([^"]+)"></option>', page)
    assert offered == [NAME]
    assert "St. Charles County, outside any municipality" in page


def test_passing_a_tip_on_because_of_the_place_offers_to_teach_the_name(
    tip: Tip, log_on: LogOn
) -> None:
    ann = log_on(Role.ANALYST, name="ann", **TRIAGE)
    act(ann, tip, "regional-triage", "transfer", to="ofallon-pd", reason="OTHER_AREA")
    assert "Was the place read wrongly" in text(ann, f"/tips/{tip.reference}/")


def test_an_agency_is_not_asked_to_teach(tip: Tip, make_tip: MakeTip, log_on: LogOn) -> None:
    theirs = make_tip("wentzville-pd")
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert "Teach a name" not in text(partner, f"/tips/{theirs.reference}/")


def test_the_page_says_on_which_boundaries_the_decision_stood(tip: Tip, log_on: LogOn) -> None:
    Decision.objects.filter(tip=tip).update(boundaries_version="ab12" * 16)
    page = text(log_on(Role.ANALYST, **TRIAGE), f"/tips/{tip.reference}/")
    assert "boundaries ab12ab12ab12" in page
