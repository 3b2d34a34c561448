import re
import uuid
from datetime import timedelta

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.desk.conftest import LogOn, MakeTip, See, hand_off, text
from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.models import Contact
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip, Vehicle

LATE = timedelta(minutes=-5)


def order(client: Client, address: str) -> list[str]:
    """Tip numbers in the rows of a queue, from top to bottom."""
    html = client.get(address).content.decode()
    return re.findall(r"/tips/(T-[0-9A-Z-]+)/", html.partition('<ul class="rows">')[2])


def test_the_line_under_most_pressure_comes_first_with_its_counts(
    triage: Client, make_tip: MakeTip
) -> None:
    make_tip("wentzville-pd", priority="P3")
    make_tip("wentzville-pd", priority="P2", due_in=LATE)
    make_tip("ofallon-pd", priority="P1")
    said = text(triage, "/")
    first, second = said.index("O'Fallon Police"), said.rindex("Wentzville Police")
    assert first < second
    assert "1 urgent 1 overdue 2 waiting 0 in work overdue 5 min" in said


def test_counts_are_of_what_is_in_hand_and_of_visible_lines_only(
    make_tip: MakeTip, log_on: LogOn
) -> None:
    for code in ("wentzville-pd", "wentzville-pd", "ofallon-pd"):
        make_tip(code)
    HandOff.objects.filter(pk=HandOff.objects.earliest("pk").pk).update(state="CLOSED")
    said = text(log_on(Role.PARTNER, lines=("wentzville-pd",)), "/")
    assert "1 urgent 0 overdue 1 waiting 0 in work" in said
    assert "O'Fallon" not in said


def test_many_lines_and_tips_cost_no_more_queries(
    triage: Client,
    make_tip: MakeTip,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_tip("wentzville-pd", priority="P1")
    with django_assert_max_num_queries(17) as few:
        triage.get("/")
    for _ in range(5):
        make_tip("wentzville-pd", "ofallon-pd", "regional-triage", priority="P1")
    with django_assert_num_queries(len(few.captured_queries)):
        triage.get("/")


def test_an_unacknowledged_p1_is_on_every_page_until_somebody_has_it(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "ofallon-pd", priority="P1", due_in=LATE)
    other = make_tip("regional-triage", priority="P3")
    pages = ("/", "/lines/regional-triage/", f"/tips/{other.reference}/", "/tips/T-0-0/")
    for page in pages:
        said = triage.get(page).content.decode()
        assert "1 P1 tip not acknowledged" in re.sub(r"\s+", " ", said)
        assert tip.reference in said
    HandOff.objects.filter(tip=tip).update(state="ACKNOWLEDGED")
    assert "not acknowledged" not in triage.get("/").content.decode()


def test_the_banner_of_an_agency_names_no_tip_of_another(make_tip: MakeTip, log_on: LogOn) -> None:
    other = make_tip("ofallon-pd", priority="P1")
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert other.reference not in client.get("/").content.decode()


def test_a_notice_that_was_given_up_is_shown_until_somebody_acknowledges(
    triage: Client, make_tip: MakeTip, email_contact: Contact
) -> None:
    tip = make_tip("wentzville-pd", priority="P3")
    row = hand_off(tip, "wentzville-pd")
    Notice.objects.create(
        id=tip.pk,
        hand_off=row,
        contact=email_contact,
        priority="P3",
        state="DEAD",
        attempts=6,
        next_at=row.queued_at,
        last_error="the server refused",
    )
    said = text(triage, "/")
    assert "Notices that could not be delivered" in said
    assert "given up after 6 tries (the server refused)" in said
    assert "records@police.example" not in said
    HandOff.objects.filter(pk=row.pk).update(state="ACKNOWLEDGED")
    assert "could not be delivered" not in text(triage, "/")


def test_rows_are_sorted_by_urgency_then_by_deadline(triage: Client, make_tip: MakeTip) -> None:
    calm = make_tip("wentzville-pd", priority="P4", due_in=timedelta(days=4))
    soon = make_tip("wentzville-pd", priority="P2", due_in=timedelta(minutes=5))
    late = make_tip("wentzville-pd", priority="P2", due_in=LATE)
    first = make_tip("wentzville-pd", priority="P1", due_in=timedelta(minutes=14))
    assert order(triage, "/lines/wentzville-pd/") == [
        one.reference for one in (first, late, soon, calm)
    ]


def test_low_trust_tips_are_grouped_behind_their_priority_and_never_hidden(
    triage: Client, make_tip: MakeTip
) -> None:
    doubtful = make_tip("wentzville-pd", low_trust=True, due_in=LATE)
    trusted = make_tip("wentzville-pd")
    lesser = make_tip("wentzville-pd", priority="P3")
    urgent = make_tip("wentzville-pd", priority="P1", low_trust=True)
    expected = [one.reference for one in (urgent, trusted, doubtful, lesser)]
    assert order(triage, "/lines/wentzville-pd/") == expected
    assert text(triage, "/lines/wentzville-pd/").count("read together") == 2


def test_a_row_says_what_where_how_urgent_and_which_plate(
    triage: Client, make_tip: MakeTip, see: See
) -> None:
    tip = make_tip("wentzville-pd", rule="R3", due_in=timedelta(minutes=50))
    see(tip)
    said = text(triage, "/lines/wentzville-pd/")
    for part in (
        "P2 R3",
        "49 min left",
        "Sex trafficking",
        "Sunset Inn, room 12 · Wentzville · I-70 exit 212",
        "MO 7KX4?2",
        "2 signs",
        "Queued",
        tip.reference,
    ):
        assert part in said, part


def test_a_long_queue_is_read_page_by_page_without_loss_or_repetition(
    triage: Client, make_tip: MakeTip
) -> None:
    tips: list[Tip] = []
    for number in range(57):
        priority = ("P2", "P3", "P4")[number % 3]
        due = timedelta(minutes=number // 9)  # several share a deadline
        tips.append(
            make_tip("wentzville-pd", priority=priority, due_in=due, low_trust=number % 5 == 0)
        )
    due_at = HandOff.objects.first()
    assert due_at is not None
    HandOff.objects.filter(priority="P3").update(due_at=due_at.due_at)
    found: list[str] = []
    address = "/lines/wentzville-pd/"
    while address:
        found += order(triage, address)
        html = triage.get(address).content.decode()
        more = re.search(r'rel="next" href="([^"]+)"', html)
        address = more.group(1).replace("&amp;", "&") if more else ""
    assert len(found) == len(set(found)) == 57


def test_the_state_filter_shows_what_was_passed_on_or_closed(
    triage: Client, make_tip: MakeTip
) -> None:
    states = {"in-work": "ACKNOWLEDGED", "passed-on": "DECLINED", "closed": "CLOSED"}
    for word, state in states.items():
        tip = make_tip("wentzville-pd")
        HandOff.objects.filter(tip=tip).update(state=state)
        assert order(triage, f"/lines/wentzville-pd/?state={word}") == [tip.reference]
    assert order(triage, "/lines/wentzville-pd/") == []


def test_listing_a_queue_is_recorded_without_what_it_showed(
    triage: Client, make_tip: MakeTip, see: See
) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    triage.get("/lines/wentzville-pd/")
    entry = AuditEntry.objects.get(act="queue.listed")
    assert (entry.actor, entry.subject) == ("triage", "wentzville-pd")
    assert entry.facts == {"state": "waiting", "rows": 1, "continued": False}
    assert Vehicle.objects.get().plate_canonical not in str(entry.facts)


def test_a_tip_is_found_by_its_number_however_it_is_typed(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    bare = tip.reference.removeprefix("T-")
    for typed in (tip.reference, tip.reference.lower(), bare, bare.replace("-", " ")):
        answer = triage.get("/find/", {"reference": typed})
        assert answer.headers["Location"] == f"/tips/{tip.reference}/"
    assert triage.get("/find/", {"reference": "T-1"}).status_code == 404


def test_an_auditor_lands_on_the_audit(log_on: LogOn) -> None:
    assert log_on(Role.AUDITOR).get("/").headers["Location"] == "/audit/"


# --- Many alike ------------------------------------------------------------------------------


def test_many_alike_are_one_row_that_opens_and_none_is_hidden(
    triage: Client, make_tip: MakeTip
) -> None:
    flood = uuid.uuid4()
    alone = make_tip("wentzville-pd", priority="P3", due_in=LATE)
    many = [
        make_tip("wentzville-pd", priority="P3", flood=flood, due_in=timedelta(minutes=at))
        for at in range(4, 0, -1)
    ]
    html = triage.get("/lines/wentzville-pd/").content.decode()
    assert order(triage, "/lines/wentzville-pd/") == [alone.reference]
    assert "4 tips alike" in html
    opens = re.search(r'href="(/lines/[^"]+alike=[^"]+)"', html)
    assert opens
    within = opens.group(1).replace("&amp;", "&")
    assert set(order(triage, within)) == {one.reference for one in many}
    assert "count them as one report" in text(triage, within)
    assert "5 waiting" in text(triage, "/")


def test_what_is_urgent_at_once_is_never_grouped_away(triage: Client, make_tip: MakeTip) -> None:
    flood = uuid.uuid4()
    urgent = [make_tip("wentzville-pd", priority="P1", flood=flood) for _ in range(3)]
    lesser = [make_tip("wentzville-pd", priority="P2", flood=flood) for _ in range(2)]
    shown = order(triage, "/lines/wentzville-pd/")
    assert set(shown) == {one.reference for one in urgent}
    assert "2 tips alike" in text(triage, "/lines/wentzville-pd/")
    everything = order(triage, f"/lines/wentzville-pd/?alike={flood}")
    assert set(everything) == {one.reference for one in (*urgent, *lesser)}


def test_one_alike_in_this_queue_is_a_row_like_any(triage: Client, make_tip: MakeTip) -> None:
    flood = uuid.uuid4()
    here = make_tip("wentzville-pd", flood=flood)
    make_tip("ofallon-pd", flood=flood)
    assert order(triage, "/lines/wentzville-pd/") == [here.reference]
    assert "alike" not in text(triage, "/lines/wentzville-pd/")


def test_a_flood_of_many_pages_costs_the_queue_one_row_and_can_be_read_whole(
    triage: Client, make_tip: MakeTip
) -> None:
    flood = uuid.uuid4()
    for at in range(53):
        make_tip("wentzville-pd", flood=flood, due_in=timedelta(minutes=at))
    last = make_tip("wentzville-pd", priority="P4")
    assert order(triage, "/lines/wentzville-pd/") == [last.reference]
    found: list[str] = []
    address = f"/lines/wentzville-pd/?alike={flood}"
    while address:
        found += order(triage, address)
        html = triage.get(address).content.decode()
        more = re.search(r'rel="next" href="([^"]+)"', html)
        address = more.group(1).replace("&amp;", "&") if more else ""
    assert len(found) == len(set(found)) == 53
