"""The desk's pages of exports: asked for, watched, taken, logged, corrected."""

import csv
import io
import re
import shutil
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from reports import correcting, making, sweeping
from reports.lease import still
from reports.models import Correction, Digest, Dissemination, Export
from tests.web.desk.conftest import (
    Lines,
    LogOn,
    MakeTip,
    Photograph,
    See,
    hidden,
    said_by,
    text,
)
from tipintake.directory.models import Line
from tipintake.door import forgetting
from tipintake.door.models import SpentToken
from tipintake.privacy import keys
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import terms
from tipintake.tips.models import Tip

pytestmark = pytest.mark.django_db

FORM = {
    "recipient": "wentzville-pd",
    "purpose": "INVESTIGATION",
    "authority": "Case 26-0001",
    "level": "EVIDENCE",
    "formats": ["csv", "kml"],
    "everything": "on",
}


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


@pytest.fixture
def erin(log_on: LogOn) -> Client:
    return log_on(Role.EXPORTER, name="erin", lines=("wentzville-pd", "ofallon-pd"))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def make() -> None:
    making.make_due(clock=timezone.now, heart=still)


def test_an_export_is_asked_for_watched_and_taken(tip: Tip, erin: Client) -> None:
    assert "Nothing was asked for yet" in text(erin, "/exports/")
    page = text(erin, f"/exports/new/?tips={tip.reference}")
    assert tip.reference in page
    answer = erin.post("/exports/ask/", {**FORM, "tips": f"{tip.reference}, {tip.reference}"})
    export = Export.objects.get()
    assert answer.headers["Location"] == f"/exports/{export.reference}/"
    assert "Waiting" in text(erin, f"/exports/{export.reference}/")
    assert erin.get(f"/exports/{export.reference}/progress/").status_code == 200
    make()
    assert erin.get(f"/exports/{export.reference}/progress/").status_code == 286
    assert "1 tip, 23 h" in text(erin, "/exports/")
    page = text(erin, f"/exports/{export.reference}/")
    assert "Download the package" in page
    assert "Case 26-0001" in page
    taken = erin.post(f"/exports/{export.reference}/download/")
    content = body(taken)
    assert taken.headers["Content-Length"] == str(len(content))
    assert f'filename="{export.reference}.zip"' in taken.headers["Content-Disposition"]
    assert taken.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        assert tip.reference in bag.read(f"{export.reference}/data/csv/tips.csv").decode()
    assert Dissemination.objects.get().by == "erin"
    assert "by erin" in text(erin, f"/exports/{export.reference}/")


def test_without_scripts_what_is_asked_for_twice_is_asked_for_once(tip: Tip, erin: Client) -> None:
    form = {**FORM, "once": hidden(erin.get("/exports/new/").content.decode(), "once")}
    first = erin.post("/exports/ask/", form).headers["Location"]
    second = erin.post("/exports/ask/", form).headers["Location"]
    assert first == second == f"/exports/{Export.objects.get().reference}/"
    assert "This export was asked for already" in text(erin, first)
    for another in ({**form, "authority": "Case 26-0002"}, FORM, FORM):
        assert erin.post("/exports/ask/", another).headers["Location"] != first
    assert Export.objects.count() == 4
    assert AuditEntry.objects.filter(act="export.asked").count() == 4


def test_a_form_that_stood_open_after_its_mark_was_forgotten_leads_to_what_stands(
    tip: Tip, erin: Client
) -> None:
    form = {**FORM, "once": hidden(erin.get("/exports/new/").content.decode(), "once")}
    first = erin.post("/exports/ask/", form).headers["Location"]
    forgetting.forget_expired(now=timezone.now() + timedelta(hours=25))
    assert not SpentToken.objects.exists()
    assert erin.post("/exports/ask/", form).headers["Location"] == first
    assert Export.objects.count() == 1
    assert "This export was asked for already" in text(erin, first)


@pytest.mark.parametrize(
    "end", ["cancelled", "stopping", "failed", "expired", "over", "withdrawn"]
)
def test_what_came_to_its_end_is_asked_for_anew_from_the_same_page(
    tip: Tip, make_tip: MakeTip, see: See, erin: Client, end: str
) -> None:
    see(make_tip("wentzville-pd"))
    form = {**FORM, "once": hidden(erin.get("/exports/new/").content.decode(), "once")}
    first = erin.post("/exports/ask/", form).headers["Location"]
    export = Export.objects.all()
    if end == "cancelled":
        erin.post(f"{first}cancel/")
    elif end == "stopping":
        export.update(state=Export.State.MAKING, cancel_asked=True)
    elif end == "failed":
        export.update(state=Export.State.FAILED)
    else:
        make()
        assert erin.post("/exports/ask/", form).headers["Location"] == first
        assert "was asked for already" in text(erin, first)
    if end == "expired":
        export.update(state=Export.State.EXPIRED)
    elif end == "over":
        export.update(expires_at=timezone.now())
    elif end == "withdrawn":
        correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=timezone.now())
    second = erin.post("/exports/ask/", form).headers["Location"]
    assert second != first
    assert "was asked for already" not in text(erin, second)
    assert erin.post("/exports/ask/", form).headers["Location"] == second
    assert Export.objects.count() == 2


def test_a_digest_that_was_stopped_is_arranged_anew_from_the_same_page(
    tip: Tip, erin: Client
) -> None:
    mark = hidden(erin.get("/exports/new/").content.decode(), "once")
    form = {**FORM, "every": "WEEK", "name": "Vans", "once": mark}
    erin.post("/exports/ask/", form)
    erin.post(f"/exports/digests/{Digest.objects.get().pk}/stop/")
    for _press in range(2):
        erin.post("/exports/ask/", form)
    assert [one.active for one in Digest.objects.order_by("pk")] == [False, True]


def test_without_scripts_a_digest_that_is_arranged_twice_is_arranged_once(
    tip: Tip, erin: Client
) -> None:
    mark = hidden(erin.get("/exports/new/").content.decode(), "once")
    form = {**FORM, "every": "WEEK", "name": "Vans", "once": mark}
    for _press in range(2):
        assert erin.post("/exports/ask/", form).headers["Location"] == "/exports/"
    assert Digest.objects.count() == 1
    assert "This digest was arranged already" in text(erin, "/exports/")
    forgetting.forget_expired(now=timezone.now() + timedelta(hours=25))
    for page in (form, {**form, "once": ""}):
        erin.post("/exports/ask/", page)
    assert Digest.objects.count() == 1
    for other in ({"authority": "Case 26-0002"}, {"city": "Wentzville"}, {"name": "Other"}):
        erin.post("/exports/ask/", {**form, **other})
    assert Digest.objects.count() == 4


def test_the_form_names_kinds_as_the_rest_of_the_desk_does(erin: Client) -> None:
    page = text(erin, "/exports/new/")
    assert "Pattern at a place" in page
    assert "I am not sure" not in page


def test_pictures_that_nobody_has_cleared_are_counted_before_it_is_made(
    tip: Tip, make_tip: MakeTip, photograph: Photograph, erin: Client
) -> None:
    elsewhere = make_tip("regional-triage")
    for one in (tip, tip, elsewhere):
        photograph(one)
    photograph(tip, by="erin")
    page = text(erin, f"/exports/new/?tips={tip.reference},{elsewhere.reference},nonsense")
    assert "the tips named above: 1 confirmed, 2 that nobody has confirmed." in page
    assert "how many is said once you have asked" in text(erin, "/exports/new/")
    for tips in (tip.reference, ""):
        form = {**FORM, "tips": tips, "with_pictures": "on"}
        there = erin.post("/exports/ask/", form).headers["Location"]
        assert "2 pictures stay out: nobody has confirmed them." in text(erin, there)
    there = erin.post("/exports/ask/", FORM).headers["Location"]
    assert "stay out" not in text(erin, there)


def test_what_a_writer_said_of_themselves_is_told_to_own_staff_alone(
    tip: Tip, make_tip: MakeTip, erin: Client, log_on: LogOn
) -> None:
    """That a tip stayed out must not say, by its number, who wrote it."""
    victims = make_tip("wentzville-pd", reporter_is_victim=True, police_consent=False)
    chosen = {**FORM, "tips": f"{tip.reference} {victims.reference}"}
    there = erin.post("/exports/ask/", chosen).headers["Location"]
    make()
    for address in (there, f"{there}progress/"):
        said = said_by(erin.get(address).content.decode())
        assert "1 tip stayed out: this recipient may not have it." in said
        assert "in the situation" not in said
        assert "police." not in said
    root = log_on(Role.ADMIN, name="root")
    assert "written by a person in the situation" in text(root, there)


def test_looking_is_no_download(tip: Tip, erin: Client) -> None:
    erin.post("/exports/ask/", FORM)
    make()
    reference = Export.objects.get().reference
    assert erin.get(f"/exports/{reference}/download/").status_code == 405
    assert not Dissemination.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recipient": ""}, "Choose the agency"),
        ({"purpose": ""}, "Choose a purpose"),
        ({"authority": ""}, "on what authority"),
        ({"formats": []}, "at least one format"),
        ({"recipient": "victim-advocate"}, "This recipient may receive"),
        ({"tips": "T-0000-0000"}, "Not here for you, or withdrawn: T-0000-0000"),
        ({"tips": "see T-0000-000"}, "No tip number: SEE, T-0000-000"),
        ({"with_vault": "on", "vault_reason": "PROTECT"}, "child/victim role"),
        ({"age_recipients": "ssh-rsa AAAA"}, "begins with age1"),
    ],
    ids=["recipient", "purpose", "authority", "format", "level", "tips", "odd", "names", "key"],
)
def test_what_lacks_is_said_and_what_was_typed_stays(
    change: dict[str, object], said: str, tip: Tip, erin: Client
) -> None:
    answer = erin.post("/exports/ask/", {**FORM, "city": "Wentzville", **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in said_by(page)
    assert 'value="Wentzville"' in page
    assert not Export.objects.exists()


def test_what_is_to_mend_leads_to_its_field(tip: Tip, erin: Client) -> None:
    unsaid = {"recipient": "", "purpose": "", "level": "", "formats": [], "tips": "soon"}
    page = erin.post("/exports/ask/", {**FORM, **unsaid, "received_to": "soon"}).content.decode()
    for name in (*unsaid, "received_to"):
        assert f'<a href="#{name}">' in page
        assert page.count(f' id="{name}"') == 1


def test_nothing_goes_out_to_a_line_that_was_retired(tip: Tip, erin: Client, lines: Lines) -> None:
    erin.post("/exports/ask/", FORM)
    erin.post("/exports/ask/", {**FORM, "every": "DAY", "name": "Vans"})
    Line.objects.filter(code="wentzville-pd").update(active=False)
    answer = erin.post("/exports/ask/", FORM)
    assert answer.status_code == 422
    assert "That agency is not in use any more" in said_by(answer.content.decode())
    make()
    export = Export.objects.get()
    assert (export.state, "is retired" in export.problem) == ("FAILED", True)
    sweeping.sweep(now=timezone.now() + timedelta(days=2))
    assert not Digest.objects.get().active
    assert Export.objects.count() == 1


def test_nobody_is_told_by_a_choice_that_nobody_made(tip: Tip, erin: Client) -> None:
    page = erin.get("/exports/log/").content.decode()
    chosen = page.partition('<select id="what"')[2]
    assert re.search(r"<option value=\"\">\s*Choose", chosen)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"recipient": "victim-advocate"}, "Este destinatario puede recibir: “"),
        ({"level": "HELP", "with_pictures": "on"}, "Las fotos solo salen con toda la evidencia."),
        ({"with_vault": "on", "vault_reason": "PROTECT"}, "función de menores y víctimas"),
    ],
    ids=["level", "pictures", "names"],
)
def test_what_may_not_go_out_is_said_in_spanish_on_the_spanish_desk(
    change: dict[str, str], said: str, tip: Tip, erin: Client
) -> None:
    erin.post("/preferences/", {"language": "es"})
    page = said_by(erin.post("/exports/ask/", {**FORM, **change}).content.decode())
    assert said in page
    assert "Leave them out" not in page


def test_numbers_are_understood_as_in_the_box_on_top(
    tip: Tip, make_tip: MakeTip, erin: Client
) -> None:
    make_tip("wentzville-pd")
    bare = tip.reference.removeprefix("T-").replace("-", "").lower()
    assert erin.post("/exports/ask/", {**FORM, "tips": bare}).status_code == 302
    assert [one.tip for one in Export.objects.get().tips.all()] == [tip]


def test_one_number_that_is_not_here_is_named_and_nothing_is_asked_for(
    tip: Tip, make_tip: MakeTip, erin: Client
) -> None:
    elsewhere = make_tip("regional-triage")
    for odd in ("T-0000-0000", elsewhere.reference):
        answer = erin.post("/exports/ask/", {**FORM, "tips": f"{tip.reference} {odd}"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"Not here for you, or withdrawn: {odd}." in said_by(page)
        assert f"{tip.reference} {odd}</textarea>" in page
    assert not Export.objects.exists()


def test_the_filter_finds_what_it_says(make_tip: MakeTip, see: See, erin: Client) -> None:
    here, there = make_tip("wentzville-pd"), make_tip("ofallon-pd", priority="P4")
    see(here)
    terms.place([(there.pk, "O'Fallon")])  # its words named the town, no field does
    for filters, found in (
        ({"line": "ofallon-pd"}, {there}),
        ({"city": "wentzville"}, {here}),
        ({"city": "OFALLON"}, {there}),
        ({"status": "CLOSED"}, set()),
        ({"received_from": timezone.localdate() + timedelta(days=1)}, set()),
        ({"received_to": timezone.localdate()}, {here, there}),
        ({}, {here, there}),
    ):
        erin.post("/exports/ask/", {**FORM, **filters})
        make()
        export = Export.objects.latest("asked_at")
        assert export.state == "READY", export.problem
        assert {one.tip for one in export.tips.all()} == found, filters


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"received_from": "2026-11-20", "received_to": "2026-11-02"}, "is after the last"),
        (
            {"received_to": "9999-12-31", "with_pictures": "on"},
            "9999-12-31 is no day of this century",
        ),
        ({"received_from": "0001-01-01"}, "0001-01-01 is no day of this century"),
        ({"received_from": "20.11.2026"}, "Received from: write the day as in"),
    ],
    ids=["turned round", "last day of all", "first day of all", "another form"],
)
def test_days_that_cannot_be_are_named_and_nothing_is_asked_for(
    days: dict[str, str], said: str, tip: Tip, erin: Client
) -> None:
    for more in ({}, {"every": "DAY", "name": "Vans"}):
        answer = erin.post("/exports/ask/", {**FORM, **days, **more})
        assert answer.status_code == 422
        assert said in said_by(answer.content.decode().partition('class="trouble"')[2])
    assert not Export.objects.exists()
    assert not Digest.objects.exists()


def test_the_filter_does_not_tell_which_tips_are_with_a_line_of_others(
    make_tip: MakeTip, erin: Client
) -> None:
    make_tip("wentzville-pd", "victim-advocate", reporter_is_victim=True, police_consent=True)
    erin.post("/exports/ask/", {**FORM, "line": "victim-advocate"})
    make()
    assert not Export.objects.get().tips.exists()


def test_without_a_choice_nothing_is_exported_until_everything_is_meant(
    tip: Tip, make_tip: MakeTip, erin: Client
) -> None:
    make_tip("ofallon-pd")
    unsaid = {**FORM, "everything": ""}
    answer = erin.post("/exports/ask/", unsaid)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "every tip that you see (2)" in page
    assert "Case 26-0001" in page
    assert not Export.objects.exists()
    assert erin.post("/exports/ask/", {**unsaid, "line": "wentzville-pd"}).status_code == 302
    assert erin.post("/exports/ask/", {**unsaid, "tips": tip.reference}).status_code == 302
    assert erin.post("/exports/ask/", {**unsaid, "everything": "on"}).status_code == 302


def test_a_cancelled_export_says_so(tip: Tip, erin: Client) -> None:
    erin.post("/exports/ask/", FORM)
    reference = Export.objects.get().reference
    erin.post(f"/exports/{reference}/cancel/")
    assert "Cancelled" in text(erin, f"/exports/{reference}/")
    assert erin.post(f"/exports/{reference}/download/").status_code == 409


def test_a_digest_is_arranged_and_stopped(tip: Tip, erin: Client) -> None:
    erin.post("/exports/ask/", {**FORM, "every": "WEEK", "name": "For the task force"})
    assert "For the task force" in text(erin, "/exports/")
    digest = Digest.objects.get()
    erin.post(f"/exports/digests/{digest.pk}/stop/")
    digest.refresh_from_db()
    assert not digest.active


def test_the_log_says_who_received_what_and_whom_to_tell(tip: Tip, erin: Client) -> None:
    erin.post("/exports/ask/", FORM)
    make()
    reference = Export.objects.get().reference
    assert body(erin.post(f"/exports/{reference}/download/"))
    page = text(erin, "/exports/log/")
    for word in (reference, "Wentzville Police", "Investigation", "Case 26-0001", "erin"):
        assert word in page
    assert "Nobody waits to be told" in page
    erin.post("/exports/log/correct/", {"reference": tip.reference, "what": "WRONG"})
    page = text(erin, "/exports/log/")
    assert Correction.objects.get().tip_hash in page
    assert "Do not use it as it stands" in page
    erin.post(f"/exports/log/{Correction.objects.get().pk}/told/")
    assert "Nobody waits to be told" in text(erin, "/exports/log/")
    read = AuditEntry.objects.filter(act="dissemination.read")
    assert read.count() == 3


def test_a_tip_that_must_not_be_used_is_not_taken_from_a_package_that_lies_ready(
    tip: Tip, erin: Client
) -> None:
    erin.post("/exports/ask/", FORM)
    make()
    withdrawn = {"reference": tip.reference, "what": "WITHDRAWN"}
    said = said_by(erin.post("/exports/log/correct/", withdrawn, follow=True).content.decode())
    assert f"{tip.reference} goes out in no package from now on." in said
    there = f"/exports/{Export.objects.get().reference}/"
    for address in (there, f"{there}progress/"):
        said = said_by(erin.get(address).content.decode())
        assert "Expired A tip in this export must not be used any more." in said
        assert "Download" not in said
    assert "Ready" not in text(erin, "/exports/")
    answer = erin.post(f"{there}download/")
    assert said_by(answer.content.decode()).count("must not be used any more") == 1
    assert not Dissemination.objects.exists()


def test_a_supervisor_lets_a_tip_be_used_again_that_an_exporter_withdrew(
    tip: Tip, erin: Client, log_on: LogOn
) -> None:
    sue = log_on(Role.SUPERVISOR, name="sue", lines=("wentzville-pd",))
    stranger = log_on(Role.SUPERVISOR, name="stranger", lines=("ofallon-pd",))
    erin.post("/exports/ask/", FORM)
    make()
    assert body(erin.post(f"/exports/{Export.objects.get().reference}/download/"))
    erin.post("/exports/log/correct/", {"reference": tip.reference, "what": "WITHDRAWN"})
    assert "A supervisor can let one go out again" in text(erin, "/exports/log/")
    again = {"reference": tip.reference, "why": "MISTAKE"}
    assert erin.post("/exports/log/allow-again/", again).status_code == 403
    assert tip.reference not in text(stranger, "/exports/log/")
    page = text(sue, "/exports/log/")
    assert "said by erin" in page
    assert "It may be used again since" not in page

    def press(who: Client, **given: str) -> str:
        answer = who.post("/exports/log/allow-again/", {**again, **given}, follow=True)
        return said_by(answer.content.decode())

    for said in (press(stranger), press(sue, why=""), press(sue, why="BORED")):
        assert "Give the number of a tip that you see, and say why." in said
    assert "Not here for you, or withdrawn" in said_by(
        erin.post("/exports/ask/", {**FORM, "tips": tip.reference}).content.decode()
    )
    assert f"{tip.reference} may go out again." in press(sue)
    assert f"{tip.reference} may be used." in press(sue)
    page = text(sue, "/exports/log/")
    assert "It may be used again since" in page
    assert "These tips go out in no package" not in page
    assert erin.post("/exports/ask/", {**FORM, "tips": tip.reference}).status_code == 302
    lifted = AuditEntry.objects.get(act="export.tip_usable_again")
    assert (lifted.actor, lifted.subject, lifted.facts) == (
        "sue", tip.reference, {"why": "MISTAKE"},
    )  # fmt: skip
    assert AuditEntry.objects.filter(act="export.correction_due", subject=tip.reference).exists()


def test_the_log_says_who_received_a_tip(
    make_tip: MakeTip, see: See, tip: Tip, erin: Client, log_on: LogOn
) -> None:
    other = make_tip("ofallon-pd")
    see(other)
    for one, authority in ((tip, "=1+1"), (other, "Case 26-0002")):
        erin.post("/exports/ask/", {**FORM, "tips": one.reference, "authority": authority})
        make()
        assert body(erin.post(f"/exports/{Export.objects.latest('asked_at').reference}/download/"))
    first, second = Export.objects.order_by("asked_at")
    ava = log_on(Role.AUDITOR, name="ava")
    tip_hash = first.tips.get().tip_hash
    for asked in (tip.reference, tip.reference.lower(), tip_hash):
        page = text(ava, f"/exports/log/?tip={asked}")
        assert first.reference in page
        assert second.reference not in page
    for word in (first.sha256, first.destroy_by.isoformat(), "chosen by number"):
        assert word in page
    lines = list(
        csv.DictReader(
            io.StringIO(
                ava.get(f"/exports/log/dissemination.csv?tip={tip.reference}").content.decode()
            )
        )
    )
    assert [one["package"] for one in lines] == [first.reference]
    assert (lines[0]["authority"], lines[0]["sha256"]) == ("'=1+1", first.sha256)
    whole = ava.get("/exports/log/dissemination.csv").content.decode()
    assert len(list(csv.DictReader(io.StringIO(whole)))) == 2
    entry = AuditEntry.objects.filter(act="dissemination.exported", actor="ava").order_by("pk")[0]
    assert entry.subject == tip.reference
    assert "64 characters" in text(ava, "/exports/log/?tip=' or 1=1")
    tip.delete()
    assert first.reference not in text(ava, f"/exports/log/?tip={tip.reference}")
    assert first.reference in text(ava, f"/exports/log/?tip={tip_hash}")


def test_the_log_answers_of_tips_that_the_account_sees(
    tip: Tip, erin: Client, log_on: LogOn
) -> None:
    erin.post("/exports/ask/", {**FORM, "tips": tip.reference})
    make()
    reference = Export.objects.get().reference
    assert body(erin.post(f"/exports/{reference}/download/"))
    assert reference in text(erin, f"/exports/log/?tip={tip.reference}")
    elsewhere = log_on(Role.EXPORTER, name="eve", lines=("ofallon-pd",))
    assert reference not in text(elsewhere, f"/exports/log/?tip={tip.reference}")


def test_nobody_says_of_a_tip_that_is_there_that_it_was_destroyed(tip: Tip, erin: Client) -> None:
    """Its recipients would destroy evidence of which nothing was purged here."""
    erin.post("/exports/ask/", {**FORM, "tips": tip.reference})
    make()
    assert body(erin.post(f"/exports/{Export.objects.get().reference}/download/"))
    erin.post("/exports/log/correct/", {"reference": tip.reference, "what": "PURGED"})
    assert not Correction.objects.exists()
    erin.post("/exports/log/correct/", {"reference": tip.reference, "what": "WRONG"})
    assert Correction.objects.get().what == "WRONG"


def test_the_auditor_reads_the_log_and_asks_for_nothing(tip: Tip, log_on: LogOn) -> None:
    auditor = log_on(Role.AUDITOR, name="ava")
    assert "Dissemination log" in text(auditor, "/exports/log/")
    assert auditor.get("/exports/").status_code == 403
    assert auditor.post("/exports/ask/", FORM).status_code == 403
    assert auditor.post("/exports/log/correct/", {}).status_code == 403


def test_the_signing_key_is_shown(erin: Client) -> None:
    assert "BEGIN PUBLIC KEY" in text(erin, "/exports/signing-key/")


def test_a_replaced_signing_key_still_checks_the_packages_of_its_time(
    tip: Tip, erin: Client, tmp_path: Path, settings: Any
) -> None:
    for name, folder in (("KEYS_DIR", "keys"), ("PRIVATE_KEYS_DIR", "private")):
        shutil.copytree(getattr(settings, name), tmp_path / folder)
        setattr(settings, name, tmp_path / folder)
    before = keys.signing_public(settings.KEYS_DIR)
    assert "It has signed no package yet" in text(erin, "/exports/signing-key/")
    erin.post("/exports/ask/", FORM)
    make()
    export = Export.objects.get()
    path = tmp_path / "p.zip"
    path.write_bytes(body(erin.post(f"/exports/{export.reference}/download/")))
    (tmp_path / "private/signing.key").unlink()
    assert keys.make_signing(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    assert keys.signing_public(settings.KEYS_DIR) != before
    assert keys.signing_former(settings.KEYS_DIR) == [before]
    assert not keys.make_signing(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    assert keys.signing_former(settings.KEYS_DIR) == [before]
    page = text(erin, "/exports/signing-key/")
    assert "Former key" in page
    assert export.made_at is not None
    day = export.made_at.date().isoformat()
    for word in (before.id, before.pem.split("\n")[1][:20], f"from {day} to {day}"):
        assert word in page
    out = io.StringIO()
    call_command("verify_export", str(path), stdout=out)
    assert "It was replaced since" in out.getvalue()
    (tmp_path / "keys/signing.former").unlink()
    with pytest.raises(CommandError, match="is not as it was made"):
        call_command("verify_export", str(path), stdout=io.StringIO())


def test_an_expired_export_offers_nothing(tip: Tip, erin: Client) -> None:
    erin.post("/exports/ask/", FORM)
    make()
    sweeping.sweep(now=timezone.now() + timedelta(days=1))
    reference = Export.objects.get().reference
    assert "Ask for a new one" in text(erin, f"/exports/{reference}/")


@pytest.mark.parametrize(
    "address",
    [
        "/exports/E-0000-0000/",
        "/exports/log/?before=99999999999999999999",
        "/exports/new/?tips=%00",
        "/exports/log/999999999999999999999999/told/",
        "/exports/digests/99999999999999999999999/stop/",
    ],
)
def test_odd_addresses_are_answered(address: str, erin: Client) -> None:
    assert erin.get(address).status_code in {200, 400, 404, 405}
    assert erin.post(address).status_code in {400, 403, 404, 405}
