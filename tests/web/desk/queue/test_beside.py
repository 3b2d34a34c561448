"""The tip beside the queue: the same reading, the same need to know, without leaving the list."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, See
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role
from tipintake.tips import messages
from tipintake.tips.models import Tip
from tipintake.triage import dialog
from tipintake.triage.models import Seen

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/queue/?q=is%3Aurgent"}


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


def reads(tip: Tip) -> int:
    return AuditEntry.objects.filter(act="tip.read", subject=tip.reference).count()


def test_what_was_seen_stands_beside_the_list_and_is_recorded_as_read(
    triage: Client, tip: Tip
) -> None:
    page = triage.get(f"/queue/?view=all&beside={tip.reference}")
    shown = page.content.decode()
    assert "took their phones" in shown
    assert "Sentence of R3." in shown
    assert reads(tip) == 1
    entry = AuditEntry.objects.get(act="tip.read", subject=tip.reference)
    assert entry.facts == {"narrative": "opened", "of_version": 0, "beside": True}
    assert Seen.objects.get(user__username="triage", tip=tip).version == tip.version


def test_the_list_alone_reads_nothing(triage: Client, tip: Tip) -> None:
    page = triage.get("/queue/").content.decode()
    assert f"?view=all&amp;beside={tip.reference}#beside" in page
    assert "took their phones" not in page
    assert reads(tip) == 0


def test_a_script_gets_the_part_alone_and_everybody_else_the_tips_page(
    triage: Client, tip: Tip
) -> None:
    part = triage.get(f"/tips/{tip.reference}/beside/", headers=HTMX)
    assert "<html" not in part.content.decode()
    assert "took their phones" in part.content.decode()
    whole = triage.get(f"/tips/{tip.reference}/beside/")
    assert (whole.status_code, whole.headers["Location"]) == (302, f"/tips/{tip.reference}/")
    assert reads(tip) == 1


def test_after_taking_it_there_one_stands_in_the_same_list(triage: Client, tip: Tip) -> None:
    part = triage.get(f"/tips/{tip.reference}/beside/", headers=HTMX).content.decode()
    assert 'name="back" value="/queue/?q=is%3Aurgent"' in part
    given = {"act": "assign-me", "tip": f"{tip.reference}:{tip.version}"}
    answer = triage.post("/queue/act/", {**given, "back": "/queue/?q=is%3Aurgent"})
    assert answer.headers["Location"] == "/queue/?q=is%3Aurgent"
    assert Tip.objects.get(pk=tip.pk).assigned_to == User.objects.get(username="triage")


@pytest.mark.parametrize("where", ["/queue/?beside={}", "/tips/{}/beside/"])
def test_a_tip_of_another_line_is_not_shown_and_the_try_is_recorded(
    where: str, log_on: LogOn, tip: Tip
) -> None:
    stranger = log_on(Role.PARTNER, lines=("ofallon-pd",))
    page = stranger.get(where.format(tip.reference), headers=HTMX)
    assert "took their phones" not in page.content.decode()
    assert reads(tip) == 0
    assert AuditEntry.objects.filter(act="tip.read_refused", subject=tip.reference).exists()


def test_an_agency_does_not_see_why_the_house_decided_nor_who_has_it(
    log_on: LogOn, tip: Tip
) -> None:
    log_on(Role.ANALYST, name="kim")
    Tip.objects.filter(pk=tip.pk).update(assigned_to=User.objects.get(username="kim"))
    agency = log_on(Role.PARTNER, lines=("wentzville-pd",))
    part = agency.get(f"/tips/{tip.reference}/beside/", headers=HTMX).content.decode()
    assert "took their phones" in part
    assert "Sentence of R3." not in part
    assert "kim" not in part
    assert "Assign to me" not in part


def test_an_answer_stays_unread_until_its_tip_is_opened(triage: Client, tip: Tip) -> None:
    said = messages.answer(tip, "It was white.", key=tip.pk, now=timezone.now())
    with transaction.atomic():
        messages.keep(said)
    triage.get(f"/tips/{tip.reference}/beside/", headers=HTMX)
    assert dialog.unread_answers().filter(tip=tip).exists()
    triage.get(f"/tips/{tip.reference}/")
    assert not dialog.unread_answers().filter(tip=tip).exists()
