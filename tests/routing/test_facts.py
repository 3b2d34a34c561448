"""Facts of a draft and of its stored rows are the same, so that door and worker decide alike."""

from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from django.db import transaction

from tipintake.directory.gazetteer import Gazetteer
from tipintake.privacy import receipts
from tipintake.routing.decide import decide
from tipintake.routing.facts import TipFacts, facts_of_draft, facts_of_tip
from tipintake.routing.places.words import mentions_in
from tipintake.tips.cleaning import Cleaned
from tipintake.tips.draft import LeadDraft, LocationDraft, TipDraft, VehicleDraft
from tipintake.tips.models import Tip
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy


def facts(**values: Any) -> TipFacts:
    given = {"category": "OTHER_UNSURE", "immediacy": "RECENT", "minor_present": "NO", **values}
    given["codes"] = frozenset(given.get("codes", ()))
    return TipFacts(**given)


DRAFTS = {
    "plain": TipDraft(category="OTHER_UNSURE", immediacy="PAST", minor_present="UNKNOWN"),
    "full": TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="ONGOING",
        minor_present="POSSIBLY",
        basis="SAW",
        indicators=("TRK_CAB_KNOCKING", "CTL_DEBT_QUOTA"),
        narrative="At exit 209 of I-70, a truck stop in Wentzville, not in O'Fallon.",
        wants_reward=True,
        vehicles=(VehicleDraft(plate_raw="AB1 C2D"),),
        locations=(
            LocationDraft(
                place_type="TRUCK_STOP", highway="I-70", mile_marker=Decimal("209.4"), zip="63385"
            ),
            LocationDraft(),
            LocationDraft(
                place_type="ONLINE", city="O'Fallon", name="Inn", lat=38.8, lon=-90.7, state="MO"
            ),
        ),
        online=(LeadDraft(url="https://ads.example/1"),),
    ),
    "victim": TipDraft(
        category="LABOR_TRAFFICKING",
        immediacy="NOW",
        minor_present="NO",
        indicators=("LAB_UNPAID",),
        reporter_is_victim=True,
        police_consent=True,
        vehicles=(VehicleDraft(),),
        online=(LeadDraft(),),
    ),
}


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS.keys())
def test_stored_rows_give_the_facts_of_their_draft(
    draft: TipDraft, region: Gazetteer, now: datetime
) -> None:
    mentions = mentions_in(draft.narrative, region)
    cleaned = Cleaned(draft, MappingProxyType({}), (), (), ())
    with transaction.atomic():
        kept = store(
            cleaned,
            mentions=mentions,
            came_by=CameBy.WEB,
            low_trust=False,
            receipt=receipts.new(),
            now=now,
        )
    at_door = facts_of_draft(draft, mentions, at=now)
    at_work = facts_of_tip(Tip.objects.get(pk=kept.pk))
    assert at_work == at_door
    assert decide(at_work, region) == decide(at_door, region)


@pytest.mark.parametrize(
    "values",
    [
        {"minor_present": "YES"},
        {"minor_present": "POSSIBLY"},
        {"codes": {"MIN_TRUANT"}},
        {"codes": {"ONL_AD_YOUNG"}},
        {"codes": {"ONL_CSAM"}},
        {"codes": {"IMM_CHILD_PRESENT_NOW"}},
        {"category": "MINOR_EXPLOITATION"},
        {"category": "ONLINE_CHILD_EXPLOITATION"},
    ],
)
def test_a_child_may_be_concerned_although_the_answer_was_no(values: dict[str, Any]) -> None:
    assert facts(**values).minor


def test_nothing_said_of_a_child_concerns_none() -> None:
    assert not facts(minor_present="UNKNOWN", codes={"IMM_WEAPON", "HTL_CASH"}).minor


def test_strong_and_two_signs() -> None:
    assert facts(codes={"CTL_SPEAKS_FOR"}).strong
    assert facts(codes={"VIC_INJURY"}).strong
    assert not facts(codes={"LAB_UNPAID", "HTL_CASH"}).strong
    assert facts(codes={"LAB_UNPAID", "HTL_CASH"}).two_signs
    assert not facts(codes={"HTL_CASH", "VEH_RECURRING"}).two_signs
    assert not facts(codes={"LAB_UNPAID", "VIC_FEAR"}).two_signs


def test_consent_counts_for_a_victim_only() -> None:
    draft = TipDraft(
        category="OTHER_UNSURE", immediacy="NOW", minor_present="NO", police_consent=True
    )
    assert not facts_of_draft(draft, ()).police_consent


def test_an_empty_row_is_nothing_physical() -> None:
    draft = TipDraft(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        locations=(LocationDraft(),),
        vehicles=(VehicleDraft(),),
    )
    assert not facts_of_draft(draft, ()).physical


def test_facts_show_nothing_that_was_typed() -> None:
    shown = repr(facts_of_draft(DRAFTS["full"], ()))
    assert "AB1" not in shown
    assert "O'Fallon" not in shown
