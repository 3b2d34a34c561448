"""Nobody receives what they may not, in any byte of any format."""

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from reports import asking, batches, making
from reports.asking import CannotAsk, Wish
from reports.formats import csv as csv_format
from reports.formats import xlsx
from reports.lease import still
from reports.models import Export
from reports.rows import ROWS, TipRow
from reports.scope import COLUMNS, Level, OutOfScope
from tests.reports.conftest import (
    ALL_FORMATS,
    NOW,
    Account,
    AskFor,
    every_byte,
    files_of,
)
from tests.web.desk.conftest import (
    Lines,
    LogOn,
    MakeTip,
    Photograph,
    See,
    hold_back,
    lock_away,
)
from tipintake.delivery.hand_over import hand_over
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Jurisdiction, Line
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.routing.models import Decision
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role, give
from tipintake.tips import messages
from tipintake.tips.draft import LocationDraft, TipDraft, VehicleDraft
from tipintake.tips.models import PersonDescribed, Place, Tip, Vehicle
from tipintake.tips.vocabulary import CameBy
from tipintake.triage import dialog
from tipintake.triage.models import Link

pytestmark = pytest.mark.django_db

HELD, NAME = "314-555-0142", "Zebulonia Quark"


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd", "ofallon-pd")
    see(made)
    hold_back(made, "/narrative", HELD)
    lock_away(made, NAME)
    PersonDescribed.objects.create(
        tip=made, position=1, role="SUSPECTED_CONTROLLER", name_or_alias="Rico", race="unsaid"
    )
    return made


def holds(export: Export, *values: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, content in every_byte(export)
        for value in values
        if value.encode() in content
    ]


def test_every_table_has_columns_and_every_column_is_a_field_of_its_row() -> None:
    assert set(ROWS) == set(COLUMNS)
    for table, columns in COLUMNS.items():
        fields = set(getattr(ROWS[table], "_fields", ()))
        assert {one.name for one in columns} <= fields, table
    children = set(TipRow._fields) & set(ROWS)
    assert children == set(COLUMNS) - {"tips"} == set(csv_format.OF_A_TIP)
    assert set(xlsx.TITLES) == {*COLUMNS, "indicators"}


def test_no_held_or_vaulted_word_is_in_any_byte(
    tip: Tip, ask_for: AskFor, photograph: Photograph
) -> None:
    export = ask_for(with_pictures=True)
    assert holds(export, HELD, HELD.replace("-", ""), "Zebulonia", "Quark") == []
    assert holds(export, "[held]")
    assert holds(export, "[removed]")


def test_no_removed_word_of_a_real_submission_is_in_any_byte(
    lines: None, region: Gazetteer, ask_for: AskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the door and the scrubber, as a resident's words come."""
    draft = TipDraft(
        category="SUSPICIOUS_PLACE_PATTERN",
        immediacy="ONGOING",
        minor_present="NO",
        narrative=(
            "My name is Zebediah Quincewood and my number is 636-555-0177. I live at 4411 "
            "Larchmont Lane. A gray van with plate A81 C20 brings two women to the Sunset Inn in "
            "Wentzville every Friday night."
        ),
        locations=(LocationDraft(place_type="HOTEL_MOTEL", name="Sunset Inn", city="Wentzville"),),
        vehicles=(VehicleDraft(features="dented door, call me at 314-555-0161"),),
    )
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    submit_tip(draft, came_by=CameBy.WEB, now=NOW)
    route_waiting(now=NOW, limit=10)
    export = ask_for(user=None)
    assert export.done == 1
    # Not their last digits alone: hashes and the offsets in a PDF have such by chance.
    gone = ["Zebediah", "Quincewood", "555-0177", "5550177", "Larchmont", "555-0161", "5550161"]
    assert holds(export, *gone) == []
    assert holds(export, "A81", "Sunset Inn")


def test_what_was_asked_and_answered_goes_with_the_evidence(tip: Tip, ask_for: AskFor) -> None:
    dialog.ask(tip, words="What color was the van?", by="annabella", now=NOW)
    dialog.ask(tip, words="Nobody was asked this.", by="annabella", now=NOW)
    taken_back = tip.messages.last()
    assert taken_back is not None
    dialog.withdraw(tip, taken_back.pk, by="annabella", now=NOW)
    messages.keep(messages.answer(tip, "It was plum, and [held].", key=uuid4(), now=NOW))
    export = ask_for()
    found = {name for name, _ in holds(export, "What color was the van?", "It was plum, and")}
    for name in ("data/csv/dialog.csv", "data/packet.pdf:text"):
        assert name in found
    assert any(name.startswith("data/tips.xlsx:") for name in found)
    assert holds(export, "Nobody was asked this", "annabella") == []
    helped = ask_for(to="victim-advocate", level="HELP")
    assert holds(helped, "What color", "plum") == []


def test_no_key_path_or_internal_id_is_in_any_byte(tip: Tip, ask_for: AskFor) -> None:
    export = ask_for()
    assert holds(export, str(tip.pk), tip.pk.hex, bytes(tip.receipt_hmac).hex()) == []


@pytest.mark.parametrize(
    ("to", "level", "shown", "hidden"),
    [
        ("wentzville-pd", "EVIDENCE", ["7KX4?2", "Rico", "gray van brings"], ["wants_reward"]),
        ("victim-advocate", "HELP", ["Sunset Inn", "POSSIBLE_VICTIM"],
         ["7KX4?2", "Rico", "gray van brings", "ads.example", "314 555 0166", "Room 12"]),
        ("crimestoppers", "CODES", ["Wentzville", "CTL_ID_HELD"],
         ["7KX4?2", "Rico", "gray van brings", "Sunset Inn", "POSSIBLE_VICTIM", "Reason for"]),
    ],
    ids=["police", "service", "alternative"],
)  # fmt: skip
def test_each_recipient_sees_what_the_table_says(
    to: str, level: str, shown: list[str], hidden: list[str], tip: Tip, ask_for: AskFor
) -> None:
    export = ask_for(to=to, level=level)
    assert {value for _, value in holds(export, *shown)} == set(shown)
    assert holds(export, *hidden) == []


@pytest.mark.parametrize(
    ("to", "level"),
    [("victim-advocate", "EVIDENCE"), ("crimestoppers", "HELP"), ("wentzville-pd", "DESK")],
    ids=str,
)
def test_more_than_the_table_says_is_refused(to: str, level: str, ask_for: AskFor) -> None:
    with pytest.raises(OutOfScope, match="This recipient may receive"):
        ask_for(to=to, level=level)


def test_what_the_person_said_about_themselves_stays_in_the_house(
    tip: Tip, ask_for: AskFor, account: Account
) -> None:
    with pytest.raises(OutOfScope):
        ask_for(to="regional-triage", level="DESK")
    admin = account(Role.ADMIN, name="ada")
    export = ask_for(to="regional-triage", level="DESK", user=admin)
    text = files_of(export)["data/csv/tips.csv"].decode()
    assert "reporter_is_victim" in text.splitlines()[0]


def test_names_leave_only_for_their_role_and_red(
    tip: Tip, ask_for: AskFor, account: Account
) -> None:
    with pytest.raises(OutOfScope, match="child/victim role"):
        ask_for(with_vault=True, vault_reason="PROTECT")
    both = account(Role.EXPORTER, Role.CHILD_VICTIM, name="cleo", lines=("wentzville-pd",))
    with pytest.raises(CannotAsk, match="Say why"):
        ask_for(user=both, with_vault=True)
    with pytest.raises(OutOfScope, match="only to police"):
        ask_for(to="victim-advocate", level="HELP", user=both, with_vault=True,
                vault_reason="PROTECT")  # fmt: skip
    export = ask_for(user=both, with_vault=True, vault_reason="PROTECT")
    assert export.tlp == "TLP:RED"
    assert (export.destroy_by - NOW.date()) == timedelta(days=30)
    found = {name for name, _ in holds(export, NAME)}
    assert "data/csv/vault.csv" in found
    assert not any(name.startswith(("data/niem", "data/tips.jsonl", "bag")) for name in found)
    rows = csv.DictReader(io.StringIO(files_of(export)["data/csv/tips.csv"].decode(), newline=""))
    assert {row["tlp"] for row in rows} == {"TLP:RED"}
    opened = AuditEntry.objects.get(act="vault.opened")
    assert (opened.subject, opened.actor) == (tip.reference, "cleo")
    assert opened.facts == {"reason": "PROTECT", "export": export.reference}


def test_only_confirmed_pictures_leave(
    tip: Tip, ask_for: AskFor, photograph: Photograph, account: Account
) -> None:
    account(Role.ANALYST, name="ann")
    photograph(tip, by="ann")
    photograph(tip)
    export = ask_for(with_pictures=True)
    pictures = [name for name in files_of(export) if name.endswith(".jpg")]
    assert pictures == [f"data/pictures/{tip.reference}/1-1.jpg"]
    assert files_of(export)[pictures[0]].startswith(b"\xff\xd8")
    assert not [name for name in files_of(ask_for()) if name.endswith(".jpg")]


HAS_THEM = ("wentzville-pd", "child-protection")


@pytest.mark.parametrize(
    ("to", "level"),
    [
        ("wentzville-pd", "EVIDENCE"),
        ("st-charles-county-task-force", "EVIDENCE"),
        ("icac", "EVIDENCE"),
        ("child-protection", "EVIDENCE"),
        ("nhth", "EVIDENCE"),
        ("crimestoppers", "CODES"),
    ],
    ids=lambda given: given,
)
def test_whoever_may_be_police_gets_no_tip_of_a_person_who_does_not_allow_it(
    to: str, level: str, make_tip: MakeTip, ask_for: AskFor
) -> None:
    victim = {"reporter_is_victim": True}
    kept_back = make_tip("wentzville-pd", police_consent=False, **victim)
    unsaid = make_tip("wentzville-pd", **victim)
    allowed = make_tip("wentzville-pd", police_consent=True, **victim)
    minor = make_tip("wentzville-pd", minor_present="YES", **victim)
    now = make_tip("wentzville-pd", immediacy="NOW", **victim)
    for tip in (minor, now):
        line = Line.objects.get(code="child-protection")
        hand_over(
            tip.pk, line, low_trust=False, priority="P1", rule="R1", because="test", now=NOW
        ).save()
    export = ask_for(to=to, level=level, formats=["csv"])
    text = files_of(export)["data/tip-hashes.txt"].decode()
    urgent = {minor.reference, now.reference} if to in HAS_THEM else set()
    assert {allowed.reference} | urgent == {line.split()[1] for line in text.splitlines()}
    assert export.left_out == (2 if to in HAS_THEM else 4)
    assert "Left-Out" not in files_of(export)["bag-info.txt"].decode()
    services = files_of(ask_for(to="victim-advocate", level="HELP", formats=["csv"]))
    for one in (kept_back, unsaid):
        assert one.reference in services["data/tip-hashes.txt"].decode()


def test_no_byte_tells_that_a_chosen_tip_stayed_out(
    make_tip: MakeTip, see: See, ask_for: AskFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if it had never been chosen; the page of the export alone says it."""
    monkeypatch.setattr(asking, "reference_of", lambda _drawn: "E-2345-6789")
    two = [make_tip("wentzville-pd") for _ in range(2)]
    for one in two:
        see(one)
    kept_back = make_tip("wentzville-pd", reporter_is_victim=True, police_consent=False)
    told: list[dict[str, bytes]] = []
    for chosen in (two, [*two, kept_back]):
        export = ask_for(references=[one.reference for one in chosen])
        assert (export.done, export.left_out) == (2, len(chosen) - 2)
        assert holds(export, "3 chosen", kept_back.reference) == []
        assert {"bag-info.txt", "data/README.txt", "data/packet.pdf:text"} <= {
            name for name, _ in holds(export, "chosen by number")
        }
        told.append(files_of(export))
        export.delete()
    without, with_it = told
    assert without.keys() == with_it.keys()
    assert [name for name in without if without[name] != with_it[name]] == []


def test_no_link_tells_of_a_tip_that_must_stay_out(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User
) -> None:
    victims = make_tip("wentzville-pd", reporter_is_victim=True)
    unseen = make_tip("st-louis-county-pd")
    other = make_tip("wentzville-pd")
    link(tip, victims, "ROOMCANARY", exporter)
    link(tip, unseen, "CARCANARY", exporter)
    link(tip, other, "SHAREDCANARY", exporter)
    for references in ((), [tip.reference]):
        export = ask_for(references=references)
        assert holds(export, victims.reference, unseen.reference, "ROOMCANARY", "CARCANARY") == []
        found = {name for name, _ in holds(export, "SHAREDCANARY")}
        assert {"data/csv/links.csv", "data/i2/links.csv", "data/packet.pdf:text"} <= found
        files = files_of(export)
        entities, links = (
            list(csv.DictReader(io.StringIO(files[f"data/i2/{name}.csv"].decode(), newline="")))
            for name in ("entities", "links")
        )
        ids = [one["id"] for one in entities]
        assert len(ids) == len(set(ids))
        assert {one["to_id"] for one in links} <= set(ids)
        assert f"tip:{other.reference}" in ids


R7 = "The person asking for help is the victim: an advocate first. They allow police."


@pytest.mark.parametrize(
    ("to", "level", "place"),
    [
        ("wentzville-pd", "EVIDENCE", {"The place is Wentzville."}),
        ("victim-advocate", "HELP", set()),
        ("crimestoppers", "CODES", set()),
    ],
    ids=["evidence", "help", "codes"],
)
def test_the_placing_does_not_tell_who_wrote(
    to: str, level: str, place: set[str], make_tip: MakeTip, ask_for: AskFor
) -> None:
    Jurisdiction.objects.create(
        code="wentzville-mo", name="Wentzville", kind="city", geoid="2978928"
    )
    make_tip("victim-advocate", "wentzville-pd", rule="R7", rules=["R7"],
             reporter_is_victim=True, police_consent=True)  # fmt: skip
    Decision.objects.update(because=R7)
    export = ask_for(to=to, level=level)
    assert export.done == 1
    assert holds(export, "asking for help", "They allow", "an advocate first") == []
    (row,) = csv.DictReader(
        io.StringIO(files_of(export)["data/csv/tips.csv"].decode(), newline="")
    )
    assert not row.keys() & {"reporter_is_victim", "police_consent"}
    assert not {"R7", "victim-advocate"} & set(row.values())
    # "R7" alone stands in a PDF by chance, and at the end of a package's number.
    text = b" ".join(content for name, content in every_byte(export) if name.endswith(":text"))
    assert not re.search(rb"(?<![\w-])R7,", text)
    if to != "victim-advocate":
        assert b"Victim advocate" not in text
    assert {value for _, value in holds(export, "The place is Wentzville.")} == place


@pytest.mark.parametrize(
    ("to", "level"),
    [("wentzville-pd", "EVIDENCE"), ("victim-advocate", "HELP"), ("crimestoppers", "CODES")],
)
def test_what_is_left_out_of_a_placing_marks_nobody(
    to: str, level: str, make_tip: MakeTip, ask_for: AskFor
) -> None:
    """A row that lacks what others have would say who wrote as plainly as the words left out."""
    make_tip("wentzville-pd")
    make_tip("victim-advocate", "wentzville-pd", rule="R7", rules=["R7"],
             reporter_is_victim=True, police_consent=True)  # fmt: skip
    export = ask_for(to=to, level=level)
    files = files_of(export)
    one, other = csv.DictReader(io.StringIO(files["data/csv/tips.csv"].decode(), newline=""))
    differs = {name for name in one if one[name] != other[name]}
    assert differs <= {"reference", "tip_hash", "received_on", "narrative"}
    pages = [content for name, content in every_byte(export) if name.endswith(":text")]
    assert pages
    assert not any(b"Placed with" in content for content in pages)


@pytest.mark.parametrize("many", [0, batches.MANY], ids=["beside", "here"])
def test_truths_and_numbers_stand_the_same_whatever_database_has_them(
    many: int,
    make_tip: MakeTip,
    ask_for: AskFor,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "MANY", many)
    tip = make_tip("victim-advocate", reporter_is_victim=True, police_consent=False)
    Vehicle.objects.create(tip=tip, position=0, plate_raw="AB?", plate_partial=True)
    Place.objects.create(tip=tip, position=0, mile_marker=Decimal(231), lat=38.8, lon=-90.7)
    export = ask_for(to="regional-triage", level="DESK", user=account(Role.ADMIN, name="ada"))
    files = files_of(export)

    def only(table: str) -> dict[str, str]:
        (row,) = csv.DictReader(io.StringIO(files[f"data/csv/{table}.csv"].decode(), newline=""))
        return row

    assert only("tips")["reporter_is_victim"] == "true"
    assert only("tips")["police_consent"] == "false"
    assert only("vehicles")["plate_partial"] == "true"
    assert only("places")["mile_marker"] == "231.0"
    record = json.loads(files["data/tips.jsonl"])
    assert record["vehicles"][0]["plate_partial"] is True
    assert record["places"][0]["mile_marker"] == "231.0"
    assert record["places"][0]["lat"] == "38.800000"


def test_own_staff_with_the_right_to_it_read_the_whole_placing(
    make_tip: MakeTip, ask_for: AskFor, account: Account
) -> None:
    make_tip("victim-advocate", rule="R7", rules=["R7"], reporter_is_victim=True)
    Decision.objects.update(because=R7)
    export = ask_for(to="regional-triage", level="DESK", user=account(Role.ADMIN, name="ada"))
    assert R7 in files_of(export)["data/csv/tips.csv"].decode()


def link(one: Tip, two: Tip, value: str, by: User) -> None:
    first, second = sorted((one, two), key=lambda tip: tip.pk)
    Link.objects.create(
        one=first, other=second, why="same_plate", mark=value, strength=3, value_one=value,
        value_other=value, state="CONFIRMED", judged_by=by, judged_at=NOW,
    )  # fmt: skip


def test_an_export_holds_only_what_its_asker_sees(
    make_tip: MakeTip, ask_for: AskFor, account: Account
) -> None:
    mine, other = make_tip("wentzville-pd"), make_tip("st-louis-county-pd")
    assert other.reference not in files_of(ask_for())["data/tip-hashes.txt"].decode()
    for chosen in ([mine.reference, other.reference], [other.reference]):
        with pytest.raises(CannotAsk, match=f"withdrawn: {other.reference}\\."):
            ask_for(references=chosen)


def test_who_lost_the_role_meanwhile_gets_nothing(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    waiting = ask_for(make=False)
    give(exporter, Role.ANALYST)
    making.make_due(clock=lambda: NOW, heart=still)
    waiting.refresh_from_db()
    assert waiting.state == "FAILED"
    assert "do not include exports" in waiting.problem


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"authority": " "}, "authority"),
        ({"purpose": "CURIOSITY"}, "purpose"),
        ({"formats": []}, "format"),
        ({"formats": ["stix"]}, "format"),
        ({"age_recipients": ["age1nonsense"]}, "age1"),
    ],
    ids=["no authority", "no purpose", "no format", "unknown format", "no key"],
)
def test_a_wish_that_lacks_something_is_refused(
    given: dict[str, object], said: str, ask_for: AskFor
) -> None:
    with pytest.raises(CannotAsk, match=said):
        ask_for(**given)
    assert not Export.objects.exists()


def test_formats_of_the_test_are_all_there_are(lines: Lines, exporter: User) -> None:
    wish = Wish(lines["wentzville-pd"], "ANALYSIS", "x", "CODES", ALL_FORMATS)
    assert asking.checked(wish, acts=asking.acts_for(exporter), now=NOW).level == Level.CODES


def test_the_pages_refuse_other_accounts_exports(tip: Tip, ask_for: AskFor, log_on: LogOn) -> None:
    export = ask_for()
    other: Client = log_on(Role.EXPORTER, name="otto", lines=("wentzville-pd",))
    for address in ("", "progress/"):
        assert other.get(f"/exports/{export.reference}/{address}").status_code == 404
    for address in ("cancel/", "download/"):
        assert other.post(f"/exports/{export.reference}/{address}").status_code == 404
    assert export.disseminations.count() == 0
