"""What everybody may know: counts by county and quarter, once, late, and never another way."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reports.models import CountedQuarter, IsPublished, PublishedQuarter
from reports.statistics.counting import ELSEWHERE, count
from reports.statistics.publishing import CannotPublish, due, propose, publish
from reports.statistics.quarters import Quarter
from tests.web.desk.conftest import LogOn
from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2025, 3)
IN_IT = datetime(2025, 8, 2, 17, tzinfo=UTC)
LATER = datetime(2026, 1, 2, 12, tzinfo=UTC)

Came = Callable[..., list[Tip]]


COUNTIES = ("st-charles-county", "st-louis-county", "jefferson-county", "warren-county")
TOWNS = {
    "wentzville-mo": "st-charles-county",
    "creve-coeur-mo": "st-louis-county",
    "arnold-mo": "jefferson-county",
}


@pytest.fixture
def came(db: None) -> Came:
    """Tips whose place staff or the machine read so."""
    places = {**{code: code for code in COUNTIES}, **TOWNS}
    for number, (code, county) in enumerate(places.items()):
        Jurisdiction.objects.create(
            code=code,
            name=code.replace("-", " ").title(),
            kind="city" if code in TOWNS else "county",
            geoid=f"29{number:03}",
            county=county,
        )

    def add(many: int, place: str, *, at: datetime = IN_IT, **fields: Any) -> list[Tip]:
        made = []
        for _ in range(many):
            key = uuid.uuid4()
            made.append(
                Tip.objects.create(
                    reference=f"T-{key.hex[:4]}-{key.hex[4:8]}".upper(),
                    receipt_hmac=key.bytes * 2,
                    receipt_public_key=key.bytes * 2,
                    submitted_hour=at,
                    routed_at=at,
                    came_by="WEB",
                    category="OTHER_UNSURE",
                    immediacy="PAST",
                    minor_present="NO",
                    narrative_sealed=b"",
                    **fields,
                )
            )
            decided(made[-1], place)
        return made

    return add


def decided(tip: Tip, place: str) -> None:
    Decision.objects.create(
        tip=tip,
        decided_at=IN_IT,
        policy_version=1,
        rule="R3",
        rules=["R3"],
        primary="regional-triage",
        also=[],
        priority="P3",
        banner_911=False,
        because="The place decides.",
        place_outcome="resolved" if place else "unknown",
        jurisdiction=place,
        place={},
    )


def shown(published: PublishedQuarter, county: str) -> int | None:
    told: dict[str, int | None] = {code: n for code, _name, n in published.figures["rows"]}
    return told[county]


# --- What is counted ---------------------------------------------------------------------------


def test_a_town_counts_for_its_county_and_an_unknown_place_apart(came: Came) -> None:
    came(2, "wentzville-mo")
    came(1, "st-charles-county")
    came(3, "")
    counts = count(QUARTER)
    assert (counts["st-charles-county"], counts[ELSEWHERE], counts["st-louis-county"]) == (3, 3, 0)


def test_where_staff_read_the_place_last_decides(came: Came) -> None:
    decided(came(1, "wentzville-mo")[0], "creve-coeur-mo")
    assert (count(QUARTER)["st-charles-county"], count(QUARTER)["st-louis-county"]) == (0, 1)


def test_a_quarter_ends_at_midnight_here(came: Came) -> None:
    came(1, "wentzville-mo", at=datetime(2025, 10, 1, 4, tzinfo=UTC))
    came(1, "wentzville-mo", at=datetime(2025, 10, 1, 5, tzinfo=UTC))
    assert count(QUARTER)["st-charles-county"] == 1


def test_tips_without_substance_are_not_counted_and_many_alike_count_once(came: Came) -> None:
    closed = {"status": "CLOSED", "closed_on": date(2025, 9, 1)}
    for outcome in ("UNFOUNDED", "PRANK", "SPAM", "DUPLICATE"):
        came(1, "wentzville-mo", disposition=outcome, **closed)
    came(1, "wentzville-mo", disposition="CASE_OPENED", **closed)
    came(12, "wentzville-mo", flood=uuid.uuid4())
    assert count(QUARTER)["st-charles-county"] == 2


# --- When, and once ----------------------------------------------------------------------------


def test_a_quarter_comes_three_months_late(came: Came) -> None:
    came(1, "wentzville-mo")
    eve = datetime(2026, 1, 1, 5, 59, tzinfo=UTC)
    assert due(now=eve) == []
    assert due(now=eve + timedelta(minutes=1)) == [QUARTER]
    with pytest.raises(CannotPublish, match="2026-01-01"):
        publish(QUARTER, by="pat", now=eve)


def test_a_quarter_of_which_tips_may_be_purged_for_age_is_not_published(came: Came) -> None:
    came(1, "wentzville-mo")
    assert QUARTER not in due(now=datetime(2027, 8, 1, tzinfo=UTC))


def test_what_is_published_never_changes(came: Came) -> None:
    tips = came(30, "wentzville-mo") + came(40, "creve-coeur-mo")
    kept = publish(QUARTER, by="pat", now=LATER)
    assert (shown(kept, "st-charles-county"), shown(kept, "warren-county")) == (30, None)
    tips[0].delete()
    decided(tips[1], "creve-coeur-mo")
    with pytest.raises(CannotPublish):
        publish(QUARTER, by="pat", now=LATER)
    kept.refresh_from_db()
    assert shown(kept, "st-charles-county") == 30
    kept.figures = {}
    with pytest.raises(IsPublished):
        kept.save()
    with pytest.raises(IsPublished):
        kept.delete()


def test_a_year_is_the_sum_of_what_was_counted_then_and_its_counts_are_destroyed(
    came: Came,
) -> None:
    for number in range(1, 5):
        at = Quarter(2025, number).begins + timedelta(days=20)
        came(20 + number, "wentzville-mo", at=at)
        came(30, "creve-coeur-mo", at=at)
        came(6, "arnold-mo", at=at)
    now = datetime(2026, 4, 2, 12, tzinfo=UTC)
    for quarter in due(now=now):
        if quarter.number == 4:
            of_the_first = Tip.objects.filter(decisions__jurisdiction="wentzville-mo")
            of_the_first.order_by("submitted_hour")[0].delete()
        kept = publish(quarter, by="pat", now=now)
        assert CountedQuarter.objects.count() == quarter.number % 4
    assert kept.year_figures is not None
    year = {code: n for code, _name, n in kept.year_figures["rows"]}
    assert year["st-charles-county"] == 21 + 22 + 23 + 24
    assert year["warren-county"] is None
    kept_before = PublishedQuarter.objects.exclude(pk=kept.pk)
    assert not kept_before.exclude(year_figures=None).exists()


# --- At the desk, and by command ---------------------------------------------------------------


def test_an_officer_sees_what_would_be_public_and_publishes_it(came: Came, log_on: LogOn) -> None:
    came(30, "wentzville-mo")
    came(3, "creve-coeur-mo")
    officer: Client = log_on(Role.PRIVACY_OFFICER, name="pat")
    page = officer.get("/numbers/").content.decode()
    assert "not shown" in page
    waiting = due(now=datetime.now(UTC))
    if not waiting:
        pytest.fail("nothing is due")
    code = waiting[0].code
    answer = officer.post(f"/numbers/{code}/publish/", follow=True)
    assert f"{code} is public now" in answer.content.decode()
    entry = AuditEntry.objects.get(act="numbers.published")
    assert (entry.subject, entry.actor) == (code, "pat")
    again = officer.post(f"/numbers/{code}/publish/", follow=True)
    assert "is published already" in again.content.decode()
    assert PublishedQuarter.objects.count() == 1


@pytest.mark.parametrize("code", ["9999-Q4", "0000-Q1", "0001-Q1", "2026-Q5", "٢٠٢٦-Q1"])
def test_a_quarter_that_cannot_be_is_not_there(code: str, log_on: LogOn) -> None:
    officer = log_on(Role.PRIVACY_OFFICER, name="officer")
    assert officer.post(f"/numbers/{code}/publish/").status_code == 404


def test_the_command_shows_before_it_publishes(
    came: Came, monkeypatch: pytest.MonkeyPatch
) -> None:
    came(30, "wentzville-mo")
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    out = StringIO()
    call_command("publish_numbers", stdout=out)
    assert out.getvalue().split() == ["2025-Q3"]
    call_command("publish_numbers", "2025-Q3", stdout=out)
    assert "add --yes" in out.getvalue()
    assert not PublishedQuarter.objects.exists()
    call_command("publish_numbers", "2025-Q3", yes=True, stdout=out)
    assert propose_refuses()
    with pytest.raises(CommandError, match="2026-Q1"):
        call_command("publish_numbers", "last year", stdout=out)


def propose_refuses() -> bool:
    try:
        propose(QUARTER, now=LATER)
    except CannotPublish:
        return True
    return False
