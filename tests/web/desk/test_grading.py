"""How reliable the source is, how far the content holds, and what closing means."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, act, text, version
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import messages
from tipintake.tips.models import DataKey, Tip
from tipintake.tips.retention import today
from tipintake.tips.vocabulary import Content, Disposition, Source, Status
from tipintake.triage import dispositions, grading, workflow
from tipintake.triage.models import Grade


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("wentzville-pd")


def grade(client: Client, tip: Tip, **given: str) -> Any:
    form = {
        "version": str(version(tip)),
        "source": "F",
        "content": "2",
        "why": "CHECKED",
        **given,
    }
    return client.post(f"/tips/{tip.reference}/grade/", form)


def test_a_tip_starts_where_nothing_can_be_judged(triage: Client, tip: Tip) -> None:
    said = text(triage, f"/tips/{tip.reference}/")
    assert "F6 Source cannot be judged; content cannot be judged." in said


def test_source_and_content_move_apart_with_a_reason_that_stays(triage: Client, tip: Tip) -> None:
    assert grade(triage, tip, grade_words="The motel's book names the van.").status_code == 302
    assert grade(triage, tip, source="C", content="2", why="PROVED_RIGHT").status_code == 302
    tip.refresh_from_db()
    assert (tip.source_grade, tip.content_grade) == ("C", "2")
    said = text(triage, f"/tips/{tip.reference}/")
    assert "C2 Source fairly reliable; content probably true." in said
    assert "F6 to F2 Checked against a record or on the spot" in said
    assert "F2 to C2" in said
    assert "The motel's book names the van." in said
    row = Grade.objects.earliest("at")
    assert row.before == "F6"
    assert b"motel" not in bytes(row.sealed)
    recorded = AuditEntry.objects.filter(act="tip.graded").order_by("pk")
    assert recorded[0].facts == {"before": "F6", "grade": "F2", "why": "CHECKED"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"why": ""}, "Say why."),
        ({"why": "FEELING"}, "not one of the available choices"),
        ({"source": "G"}, "not one of the available choices"),
        ({"content": "6"}, "graded F6 already"),
        ({"why": "OTHER"}, "which other reason"),
        ({"grade_words": "x" * 501}, "at most 500 characters"),
    ],
)
def test_a_grade_without_a_reason_or_a_change_is_refused(
    triage: Client, tip: Tip, given: dict[str, str], says: str
) -> None:
    answer = grade(triage, tip, **given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Grade.objects.exists()
    assert not AuditEntry.objects.filter(act="tip.graded").exists()


def test_of_two_who_grade_at_once_the_second_sees_that_it_changed(
    triage: Client, tip: Tip
) -> None:
    shown = version(tip)
    assert grade(triage, tip, version=str(shown)).status_code == 302
    answer = grade(triage, tip, version=str(shown), content="5", why="CONTRADICTED")
    assert answer.status_code == 409
    tip.refresh_from_db()
    assert tip.content_grade == "2"


def test_words_that_cannot_be_sealed_are_not_kept_in_clear(triage: Client, tip: Tip) -> None:
    DataKey.objects.filter(tip=tip).delete()
    answer = grade(triage, tip, grade_words="Said so.")
    assert answer.status_code == 422
    assert not Grade.objects.exists()
    tip.refresh_from_db()
    assert tip.content_grade == "6"


def test_an_agency_sees_the_grade_and_not_how_it_came(
    triage: Client, tip: Tip, log_on: LogOn
) -> None:
    grade(triage, tip, grade_words="The night clerk told it too.")
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",))
    said = text(partner, f"/tips/{tip.reference}/")
    assert "F2 Source" in said
    assert "night clerk" not in said
    assert "Change the grade" not in said


def test_every_word_of_the_tables_is_explained() -> None:
    assert set(grading.SOURCE_MEANS) == set(Source)
    assert set(grading.CONTENT_MEANS) == set(Content)
    assert set(dispositions.MEANS) == set(Disposition)
    assert set(workflow.MEANS) == set(Status)


def test_closing_shows_what_each_word_means_and_how_long_it_is_kept(
    triage: Client, tip: Tip
) -> None:
    act(triage, tip, "wentzville-pd", "acknowledge")
    said = text(triage, f"/tips/{tip.reference}/")
    assert "Unfounded Looked into, and it was not so. Kept 30 days from closing." in said
    assert "Victim located Somebody in the situation was found" in said
    assert "Kept 2 years from when it came." in said


def test_whoever_reads_an_answer_to_a_closed_tip_reads_how_long_they_have(
    triage: Client, tip: Tip
) -> None:
    act(triage, tip, "wentzville-pd", "acknowledge")
    act(triage, tip, "wentzville-pd", "close", disposition="SPAM")
    long_ago = timezone.now() - timedelta(days=60)
    Tip.objects.filter(pk=tip.pk).update(closed_on=today(long_ago))
    answer = messages.answer(tip, "The gray van.", key=uuid.uuid4(), now=long_ago)
    answer.number = 1
    answer.save(force_insert=True)
    until = f"{today(timezone.now()) + timedelta(days=30):%-d %B %Y}"
    said = text(triage, f"/tips/{tip.reference}/")
    assert f"Until {until} (spam). Then all of it is destroyed." in said


def test_a_status_says_what_it_means_and_offers_the_moves_of_the_table(
    triage: Client, tip: Tip
) -> None:
    text(triage, f"/tips/{tip.reference}/")
    said = text(triage, f"/tips/{tip.reference}/")
    means = "Nobody has screened or acknowledged it yet; somebody may have opened it."
    assert f"New. {means} Mark as screened Mark as assigned" in said
    assert "Close in every line" not in said


def test_the_law_of_status_names_every_move_once() -> None:
    pairs = [(move.start, move.end) for move in workflow.LAW]
    assert len(pairs) == len(set(pairs))
    assert all(
        not move.by_hand for move in workflow.LAW if Status.CLOSED in {move.start, move.end}
    )
