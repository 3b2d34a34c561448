import logging
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from tests.web.desk.conftest import (
    NARRATIVE,
    LogOn,
    MakeTip,
    See,
    act,
    hand_off,
    hidden,
    said_by,
    text,
    version,
)
from tipintake.delivery.models import Notice
from tipintake.directory.models import Contact
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import link_keys
from tipintake.tips.models import HeldSpan, PersonDescribed, Place, Tip, VaultEntry, Vehicle
from tipintake.triage import links


def address(tip: Tip) -> str:
    return f"/tips/{tip.reference}/"


def test_what_the_writer_did_not_know_is_not_said_in_their_words(
    make_tip: MakeTip, triage: Client
) -> None:
    tip = make_tip("regional-triage")
    Place.objects.create(tip=tip, position=0, place_type="UNKNOWN", city="Arnold")
    PersonDescribed.objects.create(
        tip=tip, position=0, role="BUYER", sex="UNKNOWN", build="UNKNOWN", age_from=40, age_to=44
    )
    page = text(triage, f"/tips/{tip.reference}/")
    assert "Seems to pay" in page
    assert "I do not know" not in page


def test_the_words_are_opened_with_the_marks_and_nothing_in_them_is_markup(
    triage: Client, make_tip: MakeTip
) -> None:
    page = triage.get(address(make_tip("regional-triage"))).content.decode()
    assert "A gray van brings two women every Friday." in page
    assert '<mark class="removed"' in page
    assert '<mark class="held"' in page
    assert "&lt;b&gt;Room 12&lt;/b&gt;" in page


def test_everything_that_was_seen_is_on_the_page_in_words(
    triage: Client, make_tip: MakeTip, see: See
) -> None:
    tip = make_tip("regional-triage")
    see(tip)
    said = text(triage, address(tip))
    for part in (
        "Gray 2014–2016 Honda Odyssey",
        "MO 7KX4?2",
        "Only part of the plate was seen",
        "VMA HOND · VCO GRY · LIS MO",
        "dent, removed",
        "Dropped people off",
        "Sunset Inn",
        "I-70 exit 212",
        "May be in the situation",
        "about 17–20",
        "5 ft 5 in (165 cm)",
        "https://ads.example/x",
        "314 555 0166",
        "Room Room 12",
        "Every Friday and Saturday, from about 22:00, until about 02:00 the next day.",
        "Seen: 6 times or more.",
        "Someone else holds their ID, passport, money or phone",
    ):
        assert part in said, part


def test_a_babys_age_is_said(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    PersonDescribed.objects.create(
        tip=tip, position=0, role="POSSIBLE_VICTIM", age_from=0, age_to=1
    )
    assert "about 0–1" in text(triage, address(tip))


def test_why_it_is_here_names_rule_reason_place_and_policy(
    triage: Client, make_tip: MakeTip
) -> None:
    said = text(triage, address(make_tip("regional-triage", rules=["R3", "R5"])))
    assert "R3 Sentence of R3." in said
    assert "Acting rules R3 R5" in said
    assert "City field: Wentzville" in said
    assert "policy 1" in said


def test_each_read_is_recorded_once_and_says_nothing_of_the_tip(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    for _ in range(3):
        triage.get(address(tip))
    reads = AuditEntry.objects.filter(act="tip.read", subject=tip.reference, actor="triage")
    assert reads.count() == 3
    assert reads[0].facts == {"narrative": "opened", "of_version": 0}


def test_no_word_of_a_tip_or_note_gets_into_the_audit_or_the_log(
    triage: Client, make_tip: MakeTip, see: See, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tip = make_tip("regional-triage", "wentzville-pd")
    see(tip)
    triage.get("/lines/regional-triage/")
    triage.get(address(tip))
    triage.post(f"{address(tip)}note/", {"words": "The zebra clerk knows more."})
    act(triage, tip, "regional-triage", "acknowledge")
    act(triage, tip, "regional-triage", "close", disposition="DUPLICATE", words="zebra again")
    recorded = str(list(AuditEntry.objects.values())) + caplog.text
    for word in ("gray van", "zebra", "7KX4", "Sunset", "ads.example", "555 0166", "Room 12"):
        assert word.lower() not in recorded.lower(), word


def test_notes_are_sealed_and_read_by_colleagues(
    triage: Client, log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    triage.post(f"{address(tip)}note/", {"words": "Zebra called back."})
    assert b"Zebra" not in bytes(tip.notes.get().sealed)
    assert "Zebra called back." in text(triage, address(tip))
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",), name="wentzville")
    assert "Zebra" not in text(partner, address(tip))
    partner.post(f"{address(tip)}note/", {"words": "Car sent."})
    assert "Car sent." in text(partner, address(tip))
    assert "Car sent." in text(triage, address(tip))


def test_without_scripts_a_note_that_is_sent_twice_is_kept_once(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    other = make_tip("regional-triage")
    mark = hidden(triage.get(address(tip)).content.decode(), "once")
    for _press in range(2):
        answer = triage.post(f"{address(tip)}note/", {"words": "Zebra called.", "once": mark})
        assert answer.headers["Location"] == address(tip)
    assert "This note was kept already: it stands here once." in text(triage, address(tip))
    assert tip.notes.count() == 1
    for again in (
        {"words": "Zebra called again.", "once": mark},
        {
            "words": "Zebra called.",
            "once": hidden(triage.get(address(tip)).content.decode(), "once"),
        },
        {"words": "Zebra called."},
        {"words": "Zebra called."},
    ):
        triage.post(f"{address(tip)}note/", again)
    assert tip.notes.count() == 5
    triage.post(f"{address(other)}note/", {"words": "Zebra called.", "once": mark})
    assert other.notes.count() == 1


def test_a_note_that_could_not_be_sealed_is_kept_when_the_same_page_is_sent_again(
    triage: Client, make_tip: MakeTip, settings: Settings, tmp_path: Path
) -> None:
    tip = make_tip("regional-triage")
    sent = {"words": "Zebra.", "once": hidden(triage.get(address(tip)).content.decode(), "once")}
    keys_folder, settings.PRIVATE_KEYS_DIR = settings.PRIVATE_KEYS_DIR, tmp_path
    assert triage.post(f"{address(tip)}note/", sent).status_code == 422
    settings.PRIVATE_KEYS_DIR = keys_folder
    triage.post(f"{address(tip)}note/", sent)
    assert tip.notes.count() == 1


def test_a_note_that_was_moved_to_another_tip_does_not_open_there(
    triage: Client, make_tip: MakeTip
) -> None:
    one, other = make_tip("regional-triage"), make_tip("regional-triage")
    triage.post(f"{address(one)}note/", {"words": "Zebra called back."})
    one.notes.update(tip=other)
    said = text(triage, address(other))
    assert "This note does not open" in said
    assert "Zebra" not in said


def test_without_the_desk_key_the_page_says_so_and_shows_the_rest(
    triage: Client, make_tip: MakeTip, see: See, settings: Settings, tmp_path: Path
) -> None:
    tip = make_tip("regional-triage")
    see(tip)
    settings.PRIVATE_KEYS_DIR = tmp_path
    said = text(triage, address(tip))
    assert "is missing" in said
    assert "MO 7KX4?2" in said
    assert AuditEntry.objects.get(act="tip.read").facts == {"narrative": "closed", "of_version": 0}
    answer = triage.post(f"{address(tip)}note/", {"words": "Typed long and kept."})
    assert answer.status_code == 422
    assert "Typed long and kept." in answer.content.decode()
    assert not tip.notes.exists()


def test_the_words_of_a_shredded_tip_are_said_to_be_gone(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    tip.data_key.delete()
    assert "destroyed together with its key" in text(triage, address(tip))


def test_a_tip_without_words_says_so(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage", narrative="")
    assert "Nothing was written" in text(triage, address(tip))


def test_what_is_kept_apart_is_counted_and_not_shown(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    HeldSpan.objects.create(
        tip=tip,
        field="/narrative",
        kind="PHONE",
        rule="r",
        sealed=b"s",
        destroy_after="2026-12-01",
    )
    VaultEntry.objects.create(
        tip=tip, field="/narrative", kind="NAME", sealed=b"s", vault_key_id="0"
    )
    said = text(triage, address(tip))
    assert "1 held back for the privacy officer, 1 in the vault" in said


def test_an_agency_does_not_learn_who_wrote_nor_which_help_they_sought(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip(
        "wentzville-pd",
        "victim-advocate",
        "child-protection",
        rule="R0",
        rules=["R0", "R7"],
        reporter_is_victim=True,
        police_consent=False,
        distrusts_police=True,
        language="es",
    )
    partner = text(log_on(Role.PARTNER, lines=("wentzville-pd",), name="pd"), address(tip))
    for word in ("R7", "in this situation", "Victim advocate", "consent", "Spanish", "rather not"):
        assert word.lower() not in partner.lower(), word
    assert "Child protection" in partner
    assert "Reason for child-protection." not in partner
    advocate = log_on(Role.PARTNER, Role.CHILD_VICTIM, lines=("victim-advocate",), name="advocate")
    said = text(advocate, address(tip))
    assert "is in this situation" in said
    assert "Police may not be told" in said


def test_the_history_tells_who_did_what(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd", "regional-triage")
    act(triage, tip, "regional-triage", "acknowledge")
    act(triage, tip, "wentzville-pd", "decline", reason="OTHER_AREA", to="ofallon-pd")
    said = text(triage, address(tip)).partition("History")[2]
    assert "Wentzville Police declined, next O'Fallon Police triage" in said
    assert "Regional triage acknowledged triage" in said


def test_of_many_reminders_the_newest_and_those_that_failed_stand_open(
    triage: Client, make_tip: MakeTip, email_contact: Contact
) -> None:
    tip = make_tip("wentzville-pd", priority="P1")
    row = hand_off(tip, "wentzville-pd")
    for at in reversed(range(6)):
        Notice.objects.create(
            id=uuid.uuid4(),
            hand_off=row,
            contact=email_contact,
            priority="P1",
            round=at,
            state="DEAD" if at == 1 else "SENT",
            attempts=10 + at,
            sent_at=None if at == 1 else row.queued_at + timedelta(minutes=5 * at),
            next_at=row.queued_at + timedelta(minutes=5 * at),
        )
    said = text(triage, address(tip)).partition("Notices")[2]
    folded, _, open_ones = said.partition("10 tries")[2].partition("13 tries")
    assert said.strip().startswith("3 earlier notices")
    assert "12 tries" in folded
    assert open_ones.index("11 tries") < open_ones.index("14 tries") < open_ones.index("15 tries")


def test_the_page_of_a_tip_that_waits_for_its_route_is_for_the_admin(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip()
    tip.decisions.all().delete()
    assert "Not routed yet" in text(log_on(Role.ADMIN, name="root"), address(tip))
    assert log_on(Role.ANALYST, name="kim").get(address(tip)).status_code == 404


def test_the_page_grows_by_tips_parts_not_by_queries(
    triage: Client,
    make_tip: MakeTip,
    see: See,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    tip = make_tip("regional-triage", "wentzville-pd", "ofallon-pd", "nhth", "child-protection")
    see(tip)
    with django_assert_max_num_queries(54):
        triage.get(address(tip))


def test_a_page_for_a_post_that_failed_is_a_read_too(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    answer = triage.post(f"{address(tip)}note/", {"words": "", "version": version(tip)})
    assert answer.status_code == 422
    assert "Write a sentence." in said_by(answer.content.decode())
    assert NARRATIVE[:20] in answer.content.decode()
    assert AuditEntry.objects.filter(act="tip.read", subject=tip.reference).exists()


def test_other_tips_that_name_the_same_are_listed_as_far_as_one_may_see_them(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    tip, other = make_tip("wentzville-pd"), make_tip("wentzville-pd")
    theirs = make_tip("icac")
    for one in (tip, other, theirs):
        Vehicle.objects.create(
            tip=one,
            position=0,
            plate_raw="AB1C2D",
            plate_canonical="AB1C2D",
            plate_skeleton="A81C20",
        )
        link_keys.renew(one)
    links.suggest_for([tip.pk])
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    page = text(client, f"/tips/{tip.reference}/")
    assert f"{other.reference} Suggested strong" in page
    assert "the same plate: AB1C2D" in page
    assert "1 tip of other lines may belong here too" in page
    assert "Confirm" not in page
    assert theirs.reference not in page
