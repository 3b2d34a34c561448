"""Asking the person who wrote, at the desk."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, text
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import messages
from tipintake.tips.models import DataKey, Message, Tip

QUESTION = "Which floor was the room on?"
OWN = "My name is Zebulon Quackenbush, call me at 636-555-0137. Which floor?"


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("wentzville-pd")


def page(tip: Tip) -> str:
    return f"/tips/{tip.reference}/"


def answer(tip: Tip, words: str) -> None:
    made = messages.answer(tip, words, key=uuid.uuid4(), now=timezone.now())
    made.number = tip.messages.count() + 1
    made.save(force_insert=True)


def test_a_question_in_ones_own_words_stands_in_the_dialog(triage: Client, tip: Tip) -> None:
    response = triage.post(page(tip) + "ask/", {"words": QUESTION}, follow=True)
    assert "The question waits for the person who wrote." in response.content.decode()
    said = text(triage, page(tip))
    assert QUESTION in said
    assert "triage asked" in said
    assert "The person who wrote was asked" in said


def test_a_question_that_stands_ready_goes_out_in_their_language(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", language="es")
    triage.post(page(tip) + "ask/", {"template": "WHERE"})
    assert "¿Dónde fue exactamente?" in text(triage, page(tip))


def test_what_points_to_somebody_is_shown_before_it_is_taken_out(triage: Client, tip: Tip) -> None:
    response = triage.post(page(tip) + "ask/", {"words": OWN})
    assert response.status_code == 422
    said = response.content.decode()
    assert "would be taken out" in said
    assert OWN in said
    assert not Message.objects.exists()
    triage.post(page(tip) + "ask/", {"words": OWN, "as_shown": "1"})
    sent = text(triage, page(tip))
    assert "triage asked" in sent
    assert "636-555-0137" not in sent


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Choose a question or write your own, one of the two."),
        ({"template": "WHERE", "words": "Hello"}, "one of the two"),
        ({"template": "NONE"}, "Select a valid choice"),
        ({"words": "x" * 1001}, "Write at most 1000 characters."),
    ],
)
def test_a_question_that_is_none_is_refused(
    triage: Client, tip: Tip, form: dict[str, str], sentence: str
) -> None:
    response = triage.post(page(tip) + "ask/", form)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Message.objects.exists()


def test_nothing_is_asked_about_a_tip_whose_key_is_gone(triage: Client, tip: Tip) -> None:
    DataKey.objects.all().delete()
    response = triage.post(page(tip) + "ask/", {"words": QUESTION})
    assert response.status_code == 422
    assert "nothing can be asked about it any more" in response.content.decode()


def test_an_answer_is_new_until_somebody_who_works_the_queue_saw_it(
    triage: Client, tip: Tip, log_on: LogOn
) -> None:
    answer(tip, "The second <b>floor</b>. [removed]")
    officer = log_on(Role.PRIVACY_OFFICER, lines=("wentzville-pd",), name="officer")
    for _ in range(2):
        said = text(officer, page(tip))
        assert "The second <b>floor</b>." in said
        assert "new The second" in said
    assert "Answers that nobody has read" in text(triage, "/")
    assert "new answer" in text(triage, "/lines/wentzville-pd/")
    assert "new The second" in text(triage, page(tip))
    assert "new The second" not in text(triage, page(tip))
    assert "Answers that nobody has read" not in text(triage, "/")
    assert "new answer" not in text(triage, "/lines/wentzville-pd/")


def test_an_agency_reads_the_dialog_and_cannot_ask(tip: Tip, log_on: LogOn) -> None:
    answer(tip, "The second floor.")
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    said = text(client, page(tip))
    assert "The second floor." in said
    assert "My own words" not in said
    assert client.post(page(tip) + "ask/", {"words": QUESTION}).status_code == 403


def test_answers_of_other_lines_tips_are_not_listed(tip: Tip, log_on: LogOn) -> None:
    answer(tip, "The second floor.")
    client = log_on(Role.ANALYST, lines=("nhth",))
    assert tip.reference not in text(client, "/")


def test_no_word_of_the_dialog_is_in_the_audit(triage: Client, tip: Tip) -> None:
    triage.post(page(tip) + "ask/", {"words": QUESTION})
    answer(tip, "The second floor.")
    text(triage, page(tip))
    recorded = " ".join(str(one.content()) for one in AuditEntry.objects.all())
    assert "floor" not in recorded


def test_tips_that_have_been_open_for_half_a_year_are_listed(triage: Client, tip: Tip) -> None:
    assert "Open for more than 180 days" not in text(triage, "/")
    long_ago = timezone.now() - timedelta(days=181)
    Tip.objects.filter(pk=tip.pk).update(submitted_hour=long_ago)
    said = text(triage, "/")
    assert "Open for more than 180 days" in said
    assert tip.reference in said
