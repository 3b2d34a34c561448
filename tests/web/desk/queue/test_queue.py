"""The queue over all lines: its order, its pages, its words, and what each person sees of it."""

import random
import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.desk.conftest import LogOn, MakeTip, See, act, said_by
from tipintake.delivery.models import DONE, HandOff
from tipintake.directory.models import Jurisdiction
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role, acts_of
from tipintake.staff.visible import lines_visible_to
from tipintake.tips import terms
from tipintake.tips.models import EvidenceInWords, Place, Tip, Vehicle
from tipintake.tips.vocabulary import Status
from tipintake.triage.models import SavedView, Tag, TipTag
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue import listing
from tipintake.web.desk.queue.questions import understood
from tipintake.web.desk.queue.views import View, counts, surroundings

LATE = timedelta(minutes=-5)


def shown(client: Client, q: str = "", **query: str) -> list[str]:
    """Tip numbers of the page, from top to bottom."""
    address = "/queue/?" + urlencode({**({"q": q} if q else {}), **query})
    answer = client.get(address)
    assert answer.status_code == 200, said_by(answer.content.decode())
    return re.findall(r'data-row>.*?/tips/(T-[0-9A-Z-]+)/"', answer.content.decode(), re.DOTALL)


def refused(client: Client, q: str) -> str:
    answer = client.get("/queue/?" + urlencode({"q": q}))
    assert answer.status_code == 422
    found = re.search(r'id="box-problems".*?</div>', answer.content.decode(), re.DOTALL)
    assert found
    return said_by(found.group())


def test_the_most_urgent_comes_first_and_low_trust_last_of_its_priority(
    triage: Client, make_tip: MakeTip
) -> None:
    later = make_tip("wentzville-pd", priority="P2", due_in=timedelta(hours=3))
    sooner = make_tip("regional-triage", priority="P2", due_in=timedelta(hours=1))
    doubtful = make_tip("ofallon-pd", priority="P2", due_in=LATE, low_trust=True)
    taken = make_tip("wentzville-pd", priority="P2", due_in=LATE)
    HandOff.objects.filter(tip=taken).update(state="ACKNOWLEDGED")
    calm = make_tip("regional-triage", priority="P4")
    urgent = make_tip("ofallon-pd", priority="P1")
    expected = [urgent, sooner, later, doubtful, taken, calm]
    assert shown(triage) == [one.reference for one in expected]


def test_a_tip_in_many_queues_has_one_row_by_its_nearest_deadline(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "ofallon-pd", "regional-triage", priority="P3")
    HandOff.objects.filter(tip=tip, line__code="ofallon-pd").update(priority="P1")
    assert shown(triage) == [tip.reference]
    assert "O'Fallon Police" in said_by(triage.get("/queue/").content.decode())


def test_an_agency_sees_its_own_line_alone(make_tip: MakeTip, log_on: LogOn) -> None:
    other = make_tip("ofallon-pd", priority="P1")
    shared = make_tip("ofallon-pd", "wentzville-pd", priority="P3")
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert shown(client) == [shared.reference]
    assert shown(client, f"line:wentzville {shared.reference}") == [shared.reference]
    assert shown(client, other.reference) == []
    assert "none of your lines" in refused(client, "line:ofallon-pd")


def test_how_the_desk_shares_its_work_is_not_for_agencies(
    make_tip: MakeTip, log_on: LogOn, triage: Client
) -> None:
    tip = make_tip("wentzville-pd")
    triage.get(f"/tips/{tip.reference}/")
    Tip.objects.update(assigned_to=User.objects.get(username="triage"))
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    page = said_by(client.get("/queue/").content.decode())
    assert "triage" not in page
    assert "own staff" in refused(client, "assigned:triage")
    assert "own staff" in refused(client, "is:mine")
    assert "Unassigned" not in page


def test_pages_follow_each_other_both_ways_without_a_gap(
    triage: Client, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipintake.web.desk.queue.rows.PAGE", 2)
    made = [
        make_tip("regional-triage", priority="P3", due_in=timedelta(hours=at)).reference
        for at in range(1, 6)
    ]

    def link(html: str, rel: str) -> str:
        found = re.search(rf'rel="{rel}" href="([^"]+)"', html)
        return found[1].replace("&amp;", "&") if found else ""

    seen: list[list[str]] = []
    address = "/queue/"
    while address:
        html = triage.get(address).content.decode()
        seen.append(re.findall(r'data-row>.*?/tips/(T-[0-9A-Z-]+)/"', html, re.DOTALL))
        last, address = address, link(html, "next")
    assert seen == [made[:2], made[2:4], made[4:]]
    back = link(triage.get(last).content.decode(), "prev")
    html = triage.get(back).content.decode()
    assert re.findall(r'data-row>.*?/tips/(T-[0-9A-Z-]+)/"', html, re.DOTALL) == made[2:4]
    first = triage.get(link(html, "prev")).content.decode()
    assert re.findall(r'data-row>.*?/tips/(T-[0-9A-Z-]+)/"', first, re.DOTALL) == made[:2]
    assert not link(first, "prev")


def test_closed_lately_counts_days_on_a_wall_clock_here(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    HandOff.objects.filter(tip=tip).update(state="CLOSED")
    in_the_evening = datetime(2026, 11, 15, 2, 0, tzinfo=UTC)  # the 14th at eight
    for closed_on, found in ((date(2026, 11, 7), [tip.reference]), (date(2026, 11, 6), [])):
        Tip.objects.filter(pk=tip.pk).update(status="CLOSED", closed_on=closed_on)
        user = User.objects.get(username="triage")
        acts = acts_of(user)
        desk = Desk(user, acts, in_the_evening, lines_visible_to(user, acts))
        ground = surroundings(desk).ground
        asked = listing.found(ground, understood("is:closed-lately", ground))
        assert [one.reference for one in asked.rows] == found
        counted = counts(ground, [View("closed", "", "is:closed-lately")])
        assert counted == {"closed": str(len(found))}


def test_closed_tips_are_paged_from_the_latest(
    triage: Client, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch, now_date: object
) -> None:
    monkeypatch.setattr("tipintake.web.desk.queue.rows.PAGE", 1)
    tips = [make_tip("regional-triage", priority="P3") for _ in range(3)]
    for tip in tips:
        act(triage, tip, "regional-triage", "acknowledge")
        act(triage, tip, "regional-triage", "close", disposition="SPAM")
    assert shown(triage) == []
    newest = max(tips, key=lambda tip: tip.pk.hex)
    assert shown(triage, "is:closed") == [newest.reference]
    html = triage.get("/queue/?q=is:closed").content.decode()
    assert "Spam" in said_by(html)
    found = re.search(r'rel="next" href="([^"]+)"', html)
    assert found
    second = triage.get(found[1].replace("&amp;", "&")).content.decode()
    assert len(re.findall("data-row>", second)) == 1
    assert newest.reference not in second


@pytest.fixture
def now_date() -> None:
    return None


def test_each_word_finds_what_it_says(triage: Client, make_tip: MakeTip, see: See) -> None:
    tip = make_tip(
        "wentzville-pd", priority="P1", category="LABOR_TRAFFICKING", due_in=timedelta(minutes=5)
    )
    other = make_tip("regional-triage", priority="P4", category="OTHER_UNSURE", low_trust=True)
    Tip.objects.filter(pk=other.pk).update(submitted_hour=tip.submitted_hour - timedelta(days=3))
    mill = Place.objects.create(tip=other, position=0, city="Springfield", name="The Old Mill")
    terms.keep(other, [mill])
    see(tip)
    TipTag.objects.create(tip=tip, tag=Tag.objects.create(code="hotel", label="Hotel"))
    HandOff.objects.filter(tip=other).update(state="ACKNOWLEDGED")
    mine, its = [tip.reference], [other.reference]
    for q, expected in (
        ("is:urgent", mine),
        ("is:waiting", mine),
        ("is:in-work", its),
        ("is:due-soon", mine),
        ("is:overdue", []),
        ("is:low-trust", its),
        ("is:new", [*mine, *its]),
        ("is:working", []),
        ("is:unassigned", [*mine, *its]),
        ("is:unread", [*mine, *its]),
        ("is:answered", []),
        ("city:wentzville", mine),
        ("city:SPRINGFIELD", its),
        ("city:wentzville,springfield", [*mine, *its]),
        ("-city:springfield", mine),
        ("plate:7KX4?2", mine),
        ("plate:7KX492", mine),
        ("plate:7K?4*", mine),
        ("plate:7KX*", mine),
        ("plate:8KX*", []),
        ("age:>2d", its),
        ("age:<2d", mine),
        ("line:wentzville", mine),
        ("line:regional-triage", its),
        ("priority:P1", mine),
        ("priority:p1,P4", [*mine, *its]),
        ("category:labor-trafficking", mine),
        ("has:plate", mine),
        ("has:picture", []),
        ("-has:online", its),
        ("tag:hotel", mine),
        ("-tag:hotel", its),
        ('"Sunset Inn"', mine),
        ('"the old mill"', its),
        (tip.reference.lower(), mine),
        ("is:urgent city:wentzville plate:7KX*", mine),
    ):
        found = shown(triage, q)
        assert sorted(found) == sorted(expected), q


def test_a_place_that_only_the_decision_found_is_found_by_its_city(
    triage: Client, make_tip: MakeTip, region: object
) -> None:
    tip = make_tip("regional-triage")
    terms.place([(tip.pk, "wentzville-mo")])
    assert shown(triage, "city:wentzville") == [tip.reference]


def test_plates_that_the_words_named_are_found_too(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    in_words = EvidenceInWords.objects.create(
        tip=tip, kind="plate", value="AB1 C2D", canonical="AB1C2D", skeleton="A81C20"
    )
    terms.keep(tip, [in_words])
    assert shown(triage, "plate:AB?C2D") == [tip.reference]


@pytest.mark.parametrize(
    ("q", "says"),
    [
        ("colour:red", "“colour:” is not a word of this box"),
        ("citty:wentzville", "Did you mean “city:”?"),
        ("is:urgnt", "Did you mean “urgent”?"),
        ("priority:P9", "“P9” is not known here"),
        ("age:old", "Write age:>2d"),
        ("hotel", "Put the name of a place or street in quotes"),
        ("city:", "Nothing stands after “city:”"),
        ("plate:AB", "names 2 of the characters. Write at least 3"),
        ("plate:*C123*", "begins and ends with what was not seen"),
        ("plate:???", "is no plate"),
        ("line:regonal-triage", "Did you mean “line:regional-triage”?"),
        ("is:closed is:waiting", "A closed tip is never waiting"),
        ("alike:x", "is written by the link"),
        ("x" * 201, "at most 200"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(
    q: str, says: str, triage: Client, make_tip: MakeTip
) -> None:
    make_tip("regional-triage")
    assert says in refused(triage, q)


def test_two_characters_of_a_plate_are_enough_beside_a_city(
    triage: Client, make_tip: MakeTip, see: See
) -> None:
    tip = make_tip("regional-triage")
    see(tip)
    other = Vehicle.objects.create(
        tip=make_tip("regional-triage"), position=0, plate_raw="7K", plate_skeleton="7K11"
    )
    terms.keep(other.tip, [other])
    assert shown(triage, "city:wentzville plate:7K*") == [tip.reference]
    assert shown(triage, "city:wentzville plate:*X4?2") == [tip.reference]


def test_the_audit_has_the_facets_and_no_value(triage: Client, make_tip: MakeTip) -> None:
    make_tip("regional-triage")
    shown(triage, "plate:7KX4?2 city:wentzville")
    shown(triage, "plate:7KX4?3 city:wentzville")
    first, second = AuditEntry.objects.filter(act="queue.asked").order_by("pk")
    assert first.facts["facets"] == ["city", "plate"]
    (plate, city), (another, same) = first.facts["marks"], second.facts["marks"]
    assert city == same
    assert plate != another
    assert "7KX" not in str(first.facts).upper()
    assert "wentzville" not in str(first.facts)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN])
def test_a_page_costs_ten_statements_however_many_rows(
    role: Role,
    log_on: LogOn,
    make_tip: MakeTip,
    see: See,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    somebody = log_on(role)
    for _ in range(6):
        see(make_tip("wentzville-pd", "regional-triage", priority="P1"))
    for q in ("", "plate:7KX4?2", "city:wentzville is:urgent"):
        shown(somebody, q)  # a new question is noted in the session, once
        with django_assert_max_num_queries(20) as asked:
            assert len(shown(somebody, q)) == 6
        said = [one["sql"] for one in asked.captured_queries]
        # Once in a process Django asks SQLite whether it knows JSON.
        aside = r"(RELEASE )?SAVEPOINT|SELECT JSON\("
        counted = [sql for sql in said if not re.match(aside, sql)]
        assert len(counted) <= 10, chr(10).join(sql[:110] + sql[-60:] for sql in counted)
        everything = " ".join(said).upper()
        assert "COUNT(*)" not in everything
        assert "OFFSET" not in everything


@pytest.mark.parametrize(("few", "some"), [(2000, 2000), (2, 10**9), (2, 0)])
def test_a_city_of_few_of_some_and_of_many_tips_shows_the_same(
    triage: Client,
    make_tip: MakeTip,
    region: object,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
    some: int,
) -> None:
    monkeypatch.setattr(listing, "FEW", few)
    monkeypatch.setattr(listing, "SOME", some)
    here = [make_tip("wentzville-pd", due_in=timedelta(hours=at)) for at in range(5)]
    closed = make_tip("wentzville-pd", status=Status.CLOSED, closed_on=date(2026, 11, 1))
    HandOff.objects.filter(tip=closed).update(state=HandOff.State.CLOSED, rank=DONE)
    for tip in (*here, closed):
        terms.place([(tip.pk, "eureka-mo")])
    terms.place([(make_tip("wentzville-pd").pk, "arnold-mo")])
    assert shown(triage, "city:eureka") == [one.reference for one in here]
    assert shown(triage, "city:eureka is:closed") == [closed.reference]


def test_how_many_there_are_is_told_from_where_the_first_end() -> None:
    chance = random.Random(8)
    keys = sorted(UUID(int=chance.getrandbits(128)) for _ in range(50_000))
    assert listing.about_how_many(keys[:2001]) == pytest.approx(50_000, rel=0.1)


def test_views_count_what_they_show_and_stop_at_two_hundred(
    triage: Client, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_tip("wentzville-pd", "regional-triage", priority="P1", low_trust=False)
    make_tip("regional-triage", priority="P4", low_trust=True)
    said = said_by(triage.get("/queue/").content.decode())
    assert "All open 4 Urgent 3" in said
    assert "Low trust 1" in said
    monkeypatch.setattr("tipintake.web.desk.queue.views.MOST", 2)
    assert "All open 2+ Urgent 2+" in said_by(triage.get("/queue/").content.decode())


def test_a_view_is_kept_shared_and_taken_away(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("wentzville-pd", priority="P1")
    make_tip("regional-triage")
    answer = triage.post(
        "/queue/keep/", {"name": "Hot  here", "q": "line:wentzville is:urgent", "shared": "1"}
    )
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Hot here", "line:wentzville is:urgent")
    assert answer.headers["Location"] == f"/queue/?view={view.pk}"
    assert shown(triage, view=str(view.pk)) == [tip.reference]
    assert "Hot here shared 1" in said_by(triage.get("/queue/views/").content.decode())
    colleague = log_on(Role.ANALYST, lines=("wentzville-pd",), name="kim")
    assert shown(colleague, view=str(view.pk)) == [tip.reference]
    assert colleague.post(f"/queue/forget/{view.pk}/").status_code == 404
    agency = log_on(Role.PARTNER, lines=("wentzville-pd",), name="pat")
    assert "Hot here" not in agency.get("/queue/").content.decode()
    triage.post(f"/queue/forget/{view.pk}/")
    assert not SavedView.objects.exists()


def test_a_kept_view_holds_no_evidence(triage: Client, make_tip: MakeTip) -> None:
    for q in ("plate:7KX4?2", '"Sunset Inn"', "T-AAAA-AAAA", "is:urgnt", ""):
        triage.post("/queue/keep/", {"name": "Kept", "q": q})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "Van 7KX4A2",
        "van 7kx 4a2",
        "ABC-123",
        "Gray van abc123",
        "Rm 212",
        "like T-7Q2M-4KX9",
        "T-ABCD-EFGH",
        "call 314 555 0166",
        "314.555.0166 ads",
    ],
)
def test_a_view_is_not_named_after_evidence(name: str, triage: Client) -> None:
    answer = triage.post("/queue/keep/", {"name": name, "q": "is:urgent"}, follow=True)
    assert "The name holds what looks like a plate" in said_by(answer.content.decode())
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "name", ["Hotels on I-70", "P1 and P2", "I-70 exit 212", "Week 48", "24h old", "All of 2026"]
)
def test_a_view_is_named_after_the_work(name: str, triage: Client) -> None:
    triage.post("/queue/keep/", {"name": name, "q": "is:urgent"})
    assert SavedView.objects.get().name == name


def test_a_kept_view_asks_only_for_what_the_installation_holds(triage: Client) -> None:
    Tag.objects.create(code="hotel", label="Hotel")
    Jurisdiction.objects.create(
        code="st-peters-mo", name="St. Peters", kind="city", geoid="2965126"
    )
    for q in ('city:"Raymond Dupont 7KX4A2"', "tag:dupont", "assigned:dupont", "city:a,dupont"):
        answer = triage.post("/queue/keep/", {"name": "Kept", "q": q, "shared": "1"}, follow=True)
        assert "only for cities of the directory" in said_by(answer.content.decode())
    assert not SavedView.objects.exists()
    good = 'city:"Saint Peters" tag:hotel assigned:triage,me'
    triage.post("/queue/keep/", {"name": "Kept", "q": good})
    assert SavedView.objects.get().query == good


def test_the_form_says_what_a_name_must_not_hold(triage: Client) -> None:
    html = triage.get("/queue/?q=is:urgent").content.decode()
    assert 'aria-describedby="view-name-rule"' in html
    assert "no name of a person" in said_by(html.partition('id="view-name-rule"')[2])


def test_a_dot_says_what_is_new_for_each_person(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("regional-triage")
    kim = log_on(Role.ANALYST, name="kim")
    assert shown(triage, "is:unread") == [tip.reference]
    triage.get(f"/tips/{tip.reference}/")
    assert shown(triage, "is:unread") == []
    assert shown(kim, "is:unread") == [tip.reference]
    kim.get(f"/tips/{tip.reference}/")
    act(kim, tip, "regional-triage", "acknowledge")
    assert shown(triage, "is:unread") == [tip.reference]


def test_colleagues_see_who_is_looking(triage: Client, make_tip: MakeTip, log_on: LogOn) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    kim = log_on(Role.ANALYST, name="kim")
    kim.get(f"/tips/{tip.reference}/")
    assert "kim is looking" in said_by(triage.get("/queue/").content.decode())
    page = said_by(triage.get(f"/tips/{tip.reference}/").content.decode())
    assert "kim is looking at this tip too" in page
    agency = log_on(Role.PARTNER, lines=("wentzville-pd",), name="pat")
    assert "looking" not in said_by(agency.get("/queue/").content.decode())


def test_tips_alike_fold_into_one_row_that_opens_them(triage: Client, make_tip: MakeTip) -> None:
    tips = [make_tip("regional-triage", priority="P3") for _ in range(3)]
    Tip.objects.update(flood=tips[0].pk)
    html = triage.get("/queue/").content.decode()
    assert len(re.findall("data-row>", html)) == 1
    assert "3 tips alike" in said_by(html)
    found = re.search(r'href="(/queue/\?q=alike[^"]+)"', html)
    assert found
    assert len(re.findall("data-row>", triage.get(found[1]).content.decode())) == 1


def test_completions_stand_where_the_typing_stopped(
    triage: Client, make_tip: MakeTip, region: object
) -> None:
    def offered(q: str) -> str:
        return said_by(triage.get("/queue/complete/?" + urlencode({"q": q})).content.decode())

    assert "category:" in offered("is:new ca")
    assert "is:urgent" in offered("is:ur")
    assert "city:wentzville" in offered("priority:P1 city:went")
    assert "line:regional-triage" in offered("line:reg")
    assert offered('"Sunset In').strip() == ""
