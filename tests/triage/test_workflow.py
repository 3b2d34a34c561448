"""The laws of status, as a county officer may read them."""

from datetime import UTC, datetime

import pytest

from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Status
from tipintake.triage import actions, workflow


@pytest.fixture
def tip(db: None) -> Tip:
    return Tip.objects.create(
        reference="T-7Q2M-4KX9",
        receipt_hmac=bytes(32),
        receipt_public_key=bytes(32),
        submitted_hour=datetime(2026, 11, 14, 15, tzinfo=UTC),
        came_by="WEB",
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        narrative_sealed=b"",
    )


def test_every_status_has_its_moves_and_each_can_be_reached() -> None:
    assert set(workflow.MOVES) == set(Status)
    assert {end for ends in workflow.MOVES.values() for end in ends} == set(Status) - {Status.NEW}


@pytest.mark.parametrize(
    ("start", "end", "allowed"),
    [
        ("NEW", "SCREENED", True),
        ("NEW", "WORKING", False),
        ("SCREENED", "WORKING", True),
        ("WORKING", "NEW", False),
        ("CLOSED", "WORKING", True),
        ("CLOSED", "NEW", False),
    ],
)
def test_a_status_moves_only_as_the_table_says(start: str, end: str, allowed: bool) -> None:
    assert workflow.allowed(start, end) is allowed


def test_a_forbidden_move_says_what_is_allowed_instead(tip: Tip, now: datetime) -> None:
    with pytest.raises(actions.NotAllowed, match="Choose one of: screened, assigned, closed"):
        actions.change_status(tip, Status.WORKING, by="kim", now=now)
    assert not AuditEntry.objects.exists()


def test_an_acknowledgement_moves_a_tip_on_and_never_back(tip: Tip, now: datetime) -> None:
    actions.acknowledged(tip, by_own_staff=True, by="kim", now=now)
    assert tip.status == "SCREENED"
    actions.acknowledged(tip, by_own_staff=False, by="kim", now=now)
    assert tip.status == "ASSIGNED"
    actions.acknowledged(tip, by_own_staff=True, by="kim", now=now)
    assert Tip.objects.get().status == "ASSIGNED"
    assert list(AuditEntry.objects.order_by("pk").values_list("facts", flat=True)) == [
        {"before": "NEW", "status": "SCREENED"},
        {"before": "SCREENED", "status": "ASSIGNED"},
    ]


def test_of_two_who_act_on_the_same_version_the_second_writes_nothing(tip: Tip) -> None:
    actions.claim(tip, version=0)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.claim(Tip.objects.get(), version=0)
    assert Tip.objects.get().version == 1
