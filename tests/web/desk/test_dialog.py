"""Asking the person who wrote, at the desk."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, act, said_by, text
from tipintake.privacy import keys
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import messages
from tipintake.tips.models import DataKey, Message, Tip
from tipintake.triage import dialog

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


@pytest.mark.parametrize("given", [{"words": QUESTION}, {"template": "WHERE"}], ids=str)
def test_pressed_twice_it_is_asked_once_and_again_once_it_was_seen(
    triage: Client, tip: Tip, given: dict[str, str]
) -> None:
    triage.post(page(tip) + "ask/", given)
    answer = triage.post(page(tip) + "ask/", given, follow=True)
    assert "The same question waits already" in said_by(answer.content.decode())
    assert tip.messages.count() == AuditEntry.objects.filter(act="message.asked").count() == 1
    triage.post(page(tip) + "ask/", {"words": "And which day?"})
    tip.messages.update(shown=True)
    triage.post(page(tip) + "ask/", given)
    assert tip.messages.count() == 3


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


def test_an_answer_that_comes_while_the_page_is_made_stays_new(triage: Client, tip: Tip) -> None:
    answer(tip, "The third floor.")
    said = dialog.said_in(tip, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    answer(tip, "They leave tonight.")
    assert dialog.mark_read(said, now=timezone.now()) == 1
    assert [one.tip for one in dialog.unread_answers()] == [tip]
    assert "new" in text(triage, page(tip)).partition("They leave tonight.")[0].split()[-9:]


def test_an_answer_whose_words_do_not_open_stays_new(triage: Client, tip: Tip) -> None:
    answer(tip, "The third floor.")
    kept = tip.messages.get().for_desk
    tip.messages.update(for_desk=b"damaged")
    assert "This message does not open" in text(triage, page(tip))
    assert dialog.unread_answers().count() == 1
    tip.messages.update(for_desk=kept)
    assert "The third floor." in text(triage, page(tip))
    assert not dialog.unread_answers().exists()


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


# --- A look before it goes out, and taking it back -------------------------------------------


def test_what_would_be_sent_is_shown_with_what_is_taken_out(triage: Client, tip: Tip) -> None:
    looked = triage.post(page(tip) + "ask/", {"words": OWN, "do": "look"})
    assert looked.status_code == 200
    said = said_by(looked.content.decode())
    assert "Nothing is sent yet." in said
    assert "[removed]" in said or "removed" in said
    assert "Taken out, because it could point to somebody" in said
    assert "Zebulon Quackenbush" in said.partition("Taken out")[2]
    assert not Message.objects.exists()
    sent = triage.post(page(tip) + "ask/", {"words": OWN, "as_shown": "1", "do": "send"})
    assert sent.status_code == 302
    dialog_now = text(triage, page(tip))
    assert "Quackenbush" not in dialog_now


def test_clean_words_are_said_to_be_clean(triage: Client, tip: Tip) -> None:
    looked = triage.post(page(tip) + "ask/", {"words": QUESTION, "do": "look"})
    assert "Nothing had to be taken out." in looked.content.decode()


def test_changing_ones_mind_leads_back_with_the_words(triage: Client, tip: Tip) -> None:
    back = triage.post(page(tip) + "ask/", {"words": QUESTION, "do": "change"})
    assert back.status_code == 200
    assert f">{QUESTION}</textarea>" in back.content.decode()
    assert not Message.objects.exists()


def test_ready_questions_stand_in_the_language_of_the_person(
    triage: Client, make_tip: MakeTip
) -> None:
    theirs = make_tip("wentzville-pd", language="es")
    html = triage.get(page(theirs)).content.decode()
    assert "¿Dónde fue exactamente?" in html
    assert '<option value="es" selected>' in re.sub(r"\s+", " ", html)
    looked = triage.post(page(theirs) + "ask/", {"template": "WHEN", "do": "look"})
    said = looked.content.decode()
    assert said.index("¿Cuándo lo vio?") < said.index("When did you see it?")
    triage.post(page(theirs) + "ask/", {"template": "WHEN", "language": "en"})
    assert "When did you see it?" in text(triage, page(theirs))


def test_a_question_is_taken_back_before_anybody_saw_it(triage: Client, tip: Tip) -> None:
    triage.post(page(tip) + "ask/", {"words": QUESTION})
    asked = Message.objects.get()
    assert "not seen yet" in text(triage, page(tip))
    answer_page = triage.post(f"{page(tip)}withdraw/{asked.pk}/", follow=True)
    said = said_by(answer_page.content.decode())
    assert "The question is taken back." in said
    assert "taken back" in said.partition("Dialog with")[2]
    asked.refresh_from_db()
    assert bytes(asked.for_resident) == b""
    assert "Take it back" not in said
    assert AuditEntry.objects.filter(act="message.withdrawn").count() == 1


@pytest.mark.parametrize("seen", [{"shown": True}, {"withdrawn_at": timezone.now()}])
def test_what_was_seen_or_taken_back_is_not_taken_back(
    triage: Client, tip: Tip, seen: dict[str, object]
) -> None:
    triage.post(page(tip) + "ask/", {"words": QUESTION})
    Message.objects.update(**seen)
    asked = Message.objects.get()
    late = triage.post(f"{page(tip)}withdraw/{asked.pk}/")
    assert late.status_code == 409
    assert "Nothing was changed." in late.content.decode()
    assert bytes(Message.objects.get().for_resident) == bytes(asked.for_resident)


def test_a_question_of_another_tip_is_not_taken_back(
    triage: Client, tip: Tip, make_tip: MakeTip
) -> None:
    triage.post(page(tip) + "ask/", {"words": QUESTION})
    other = make_tip("wentzville-pd")
    asked = Message.objects.get()
    assert triage.post(f"{page(other)}withdraw/{asked.pk}/").status_code == 409
    assert Message.objects.get().withdrawn_at is None


def test_closing_the_last_part_thanks_the_person_if_that_is_ticked(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "ofallon-pd")
    for line in ("wentzville-pd", "ofallon-pd"):
        act(triage, tip, line, "acknowledge")
    done = {"disposition": "CASE_OPENED", "farewell": "1"}
    act(triage, tip, "wentzville-pd", "close", **done)
    assert not Message.objects.exists()
    act(triage, tip, "ofallon-pd", "close", **done)
    goodbye = Message.objects.get()
    assert goodbye.template == "LAST"
    assert goodbye.read_at is not None
    assert goodbye.read_at.minute == goodbye.read_at.second == 0
