"""Somebody comes back, reads a question and answers it, without scripts and without a cookie."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests.outage import away_after, away_at_the_commit
from tests.web.residents import Page
from tests.web.status.test_come_back import code
from tipintake.door import tickets
from tipintake.pipeline import follow_up
from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.tips.models import HeldSpan, Message, Tip
from tipintake.triage import dialog
from tipintake.web.status import views

__all__ = ["code"]

QUESTION = "Which floor was the room on?"
ANSWER = "My name is Zebulon Quackenbush. It was on the second floor, the last door."


class Returning:
    """A browser that runs no scripts and shows one page after another."""

    def __init__(self, typed: str, *, language: str = "") -> None:
        self.at = f"{language}/back/"
        self.client = Client()
        self.page = Page(self.client.post(self.at, {"code": typed}))

    def press(self, act: str, **changes: str) -> Page:
        values = self.page.form()
        for name, value in changes.items():
            values[name.replace("__", "-")] = [value]
        button = next(one for one in self.page.buttons if one.value == act)
        path = urlsplit(button.attrs.get("formaction", self.at)).path
        values["do"] = [act]
        self.page = Page(self.client.post(path, values))
        return self.page


@pytest.fixture
def tip(code: ReceiptCode) -> Tip:
    return Tip.objects.get()


@pytest.fixture
def asked(tip: Tip, now: datetime) -> Message:
    return dialog.ask(tip, words=QUESTION, by="sam", now=now)


def read(tip: Tip) -> list[str]:
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    return [one.text for one in dialog.said_in(tip, private)]


def test_a_question_is_answered_after_a_look_at_what_an_agency_sees(
    code: ReceiptCode, tip: Tip, asked: Message
) -> None:
    browser = Returning(code.pretty)
    assert QUESTION in browser.page.text
    assert "Answer, or add what you know by now" in browser.page.text
    checked = browser.press("check", narrative=ANSWER)
    assert checked.status == 200
    assert "Nothing is sent yet" in checked.text
    assert "[removed]" in checked.text
    assert not Message.objects.filter(direction="ANSWER").exists()
    sent = browser.press("send")
    assert sent.status == 201
    assert "Sent. Whoever opens your tip sees that there is more." in sent.text
    assert "You sent something. It is not shown here again." in sent.text
    assert "last door" not in sent.html
    answer = read(tip)[1]
    assert "the last door" in answer
    assert "Quackenbush" not in answer


def test_each_finding_can_be_turned_round(code: ReceiptCode, tip: Tip) -> None:
    browser = Returning(code.pretty)
    checked = browser.press("check", narrative="The card says 314-555-0142 on the back of it.")
    radios = {one.name for one in checked.controls if one.kind == "radio"}
    assert radios
    values = {name.replace("-", "__"): "unsure" for name in radios}
    again = browser.press("check", **values)
    assert "[held]" in again.text
    browser.press("send")
    assert "[held]" in read(tip)[0]
    assert HeldSpan.objects.count() == 1


@pytest.mark.parametrize("language", ["", "/es"])
def test_showing_it_again_with_ones_answers_leads_to_the_same_page(
    code: ReceiptCode, language: str
) -> None:
    checked = Returning(code.pretty, language=language).press("check", narrative=ANSWER)
    again = [one for one in checked.buttons if one.attrs.get("class") == "small"]
    assert [one.attrs["formaction"] for one in again] == [f"{language}/back/#h-words"]


def test_a_vehicle_and_a_place_are_added(code: ReceiptCode, tip: Tip) -> None:
    browser = Returning(code.pretty)
    checked = browser.press(
        "check",
        vehicles__0__plate_raw="XY9 8Z?",
        vehicles__0__make="Ford",
        locations__0__name="Second Motel",
        locations__0__city="O'Fallon",
    )
    assert "XY9 8Z?" in checked.text
    assert "Second Motel" in checked.text
    assert browser.press("send").status == 201
    assert tip.vehicles.get().plate_canonical == "XY98Z?"
    assert tip.locations.count() == 2


def test_nothing_written_is_said_kindly_and_nothing_is_lost(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    page = browser.press("check")
    assert page.status == 422
    assert "Write something, describe a vehicle or a place, or add a picture." in page.text
    page = browser.press("check", locations__0__exit="219", narrative="It was by the exit.")
    assert page.status == 422
    assert page.value("narrative") == "It was by the exit."
    assert page.value("locations-0-exit") == "219"


@pytest.mark.parametrize(
    "words",
    [
        "My ex-husband",
        "314-555-0142",
        "Llame al 314-555-0142",
        "ada@mail.example",
    ],
)
def test_an_answer_that_is_held_as_a_whole_is_an_answer(
    code: ReceiptCode, tip: Tip, words: str
) -> None:
    browser = Returning(code.pretty)
    assert browser.press("check", narrative=words).status == 200
    assert browser.press("send").status == 201
    assert HeldSpan.objects.exists()


@pytest.mark.parametrize("act", ["check", "send"])
@pytest.mark.parametrize("words", ["I live at 512 Elm Street."])
def test_whose_it_is_can_be_said_where_all_of_an_answer_would_be_taken_out(
    code: ReceiptCode, tip: Tip, words: str, act: str
) -> None:
    browser = Returning(code.pretty)
    page = browser.press("check", narrative=words)
    if act == "send":
        page = browser.press("send")
    assert page.status == 422
    assert "say of each part whose it is" in page.text
    assert not Message.objects.exists()
    asked = {one.name.replace("-", "__"): "keep" for one in page.controls if one.kind == "radio"}
    assert asked
    assert browser.press("check", **asked).status == 200
    assert browser.press("send").status == 201
    assert read(tip) == [words]


def test_an_announced_picture_that_was_not_chosen_is_no_answer(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    page = browser.press("check", narrative="I live at 512 Elm Street.", pictures_follow="on")
    assert page.status == 200
    page = browser.press("send")
    assert page.status == 422
    assert "say of each part whose it is" in page.text
    assert not Message.objects.exists()


def test_going_back_to_change_keeps_every_word(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    browser.press("check", narrative=ANSWER, vehicles__0__make="Ford")
    page = browser.press("show")
    assert page.value("narrative") == ANSWER
    assert page.value("vehicles-0-make") == "Ford"


def test_the_code_stands_on_no_page(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    for page in (browser.page, browser.press("check", narrative=ANSWER), browser.press("send")):
        assert code.pretty not in page.html
        assert code.pretty.replace("-", "") not in page.html
        assert "no-store" in page.headers["Cache-Control"]


def test_pressing_send_twice_sends_once(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    checked = browser.press("check", narrative=ANSWER)
    browser.press("send")
    browser.page = checked
    again = browser.press("send")
    assert again.status == 409
    assert "This was already sent once." in again.text
    assert Message.objects.count() == 1


def test_a_page_that_was_open_too_long_asks_for_the_code_and_keeps_the_words(
    code: ReceiptCode, tip: Tip
) -> None:
    browser = Returning(code.pretty)
    for control in browser.page.controls:
        if control.name == "ticket":
            control.value = tickets.issue(code, now=timezone.now() - timedelta(hours=3))
    page = browser.press("check", narrative=ANSWER)
    assert page.status == 422
    assert "Please type your code once more" in page.text
    assert "Quackenbush" in page.value("narrative")
    form = {name: values[0] for name, values in page.form().items()}
    page = Page(browser.client.post("/back/", {**form, "code": code.pretty}))
    assert page.status == 200
    assert page.value("narrative") == ANSWER


@pytest.mark.parametrize("ticket", ["", "x", "é", "A" * 140, "=" * 9, "A" * 5000])
def test_a_ticket_of_ones_own_making_opens_nothing(code: ReceiptCode, ticket: str) -> None:
    page = Page(Client().post("/back/", {"ticket": ticket, "do": "check"}))
    assert page.status == 422
    assert "Your tip" not in page.headings


def test_a_ticket_of_a_purged_tip_answers_like_an_unknown_code(
    code: ReceiptCode, tip: Tip
) -> None:
    browser = Returning(code.pretty)
    tip.delete()
    page = browser.press("check", narrative=ANSWER)
    assert page.status == 404
    assert "We have nothing under this code" in page.text


def test_a_fault_of_ours_loses_no_word(code: ReceiptCode, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object, **_more: object) -> None:
        raise ZeroDivisionError

    browser = Returning(code.pretty)
    browser.press("check", narrative=ANSWER)
    monkeypatch.setattr(follow_up, "clean", fails)
    page = browser.press("send")
    assert page.status == 503
    assert "Something broke on our side" in page.text
    assert page.value("narrative") == ANSWER


def test_a_database_that_is_away_costs_no_word(
    code: ReceiptCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise OperationalError("database is locked")

    browser = Returning(code.pretty)
    with monkeypatch.context() as away:
        away.setattr(views, "status_of", fails)
        page = browser.press("check", narrative=ANSWER)
        assert page.status == 503
        assert "Your words are still here" in page.text
        assert page.value("narrative") == ANSWER
    found = Page(browser.client.post("/back/", {**page.form(), "code": [code.pretty]}))
    assert found.status == 200
    assert found.value("narrative") == ANSWER


def test_a_database_that_goes_away_once_it_is_kept_does_not_say_that_nothing_was(
    code: ReceiptCode, tip: Tip
) -> None:
    browser = Returning(code.pretty)
    browser.press("check", narrative=ANSWER)
    with away_after(views, "send_more"):
        page = browser.press("send")
    assert page.status == 201
    assert "Sent. Whoever opens your tip sees that there is more." in page.text
    assert page.value("narrative") == ""
    assert len(read(tip)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_at_the_commit_does_not_say_that_nothing_was(
    code: ReceiptCode, tip: Tip
) -> None:
    browser = Returning(code.pretty)
    browser.press("check", narrative=ANSWER)
    with away_at_the_commit(back=False):
        page = browser.press("send")
    assert page.status == 503
    assert "It may be kept already or not" in page.text
    assert page.value("narrative") == ANSWER


def test_answering_in_spanish(code: ReceiptCode, tip: Tip, now: datetime) -> None:
    dialog.ask(tip, template="WHERE", by="sam", now=now)
    browser = Returning(code.pretty, language="/es")
    assert "¿Dónde fue exactamente?" in browser.page.text
    assert "Where exactly" not in browser.page.text
    checked = browser.press("check", narrative="Fue en el segundo piso, la última puerta.")
    assert checked.lang == "es"
    assert browser.press("send").status == 201


def test_the_language_can_be_changed_without_losing_a_word(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    form = browser.page.form() | {"narrative": [ANSWER], "do": ["show"]}
    page = Page(browser.client.post("/es/back/", form))
    assert page.lang == "es"
    assert page.value("narrative") == ANSWER


def test_unknown_and_purged_are_the_same_bytes(code: ReceiptCode, tip: Tip) -> None:
    tip.delete()
    # The same characters are typed back: two codes of one shape, then compared without them.
    unknown = receipts.new()
    answers = []
    for one in (code, unknown):
        response = Client().post("/back/", {"code": one.pretty})
        answers.append(
            (
                response.status_code,
                response.content.replace(one.pretty.encode(), b"CODE"),
                dict(response.headers),
            )
        )
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


# --- What waits, and what was taken back -----------------------------------------------------


@pytest.mark.parametrize(
    ("language", "waits"),
    [("", "A new message is waiting"), ("/es", "Abajo le espera un mensaje nuevo")],
)
def test_a_message_waits_at_the_next_visit_and_is_new_once(
    code: ReceiptCode, asked: Message, language: str, waits: str
) -> None:
    assert waits in Returning(code.pretty, language=language).page.text
    again = Returning(code.pretty, language=language).page
    assert waits not in again.text
    assert QUESTION in again.text


def test_the_desk_learns_that_it_was_seen_and_never_when(
    code: ReceiptCode, tip: Tip, asked: Message
) -> None:
    before = {f.name for f in Message._meta.fields}
    Returning(code.pretty)
    asked.refresh_from_db()
    assert asked.shown
    assert asked.read_at is None
    assert not {name for name in before if "shown" in name or "seen" in name} - {"shown"}
    with pytest.raises(dialog.TooLate):
        dialog.withdraw(tip, asked.pk, by="sam", now=timezone.now())


def test_a_question_that_comes_while_one_writes_is_new_after_sending_and_unanswered(
    code: ReceiptCode, tip: Tip, now: datetime
) -> None:
    browser = Returning(code.pretty)
    asked = dialog.ask(tip, words=QUESTION, by="sam", now=now)
    checked = browser.press("check", narrative=ANSWER)
    assert QUESTION not in checked.text
    questions = Message.objects.filter(pk=asked.pk).values_list("shown", "read_at")
    assert questions.get() == (False, None)
    sent = browser.press("send")
    assert QUESTION in sent.text
    assert "A new message is waiting" in sent.text
    assert questions.get() == (True, None)


def test_a_question_on_a_page_that_asks_for_another_look_was_shown(
    code: ReceiptCode, tip: Tip, now: datetime
) -> None:
    browser = Returning(code.pretty)
    asked = dialog.ask(tip, words=QUESTION, by="sam", now=now)
    page = browser.press("check", locations__0__exit="219")
    assert page.status == 422
    assert QUESTION in page.text
    with pytest.raises(dialog.TooLate):
        dialog.withdraw(tip, asked.pk, by="sam", now=now)


def test_a_question_that_was_taken_back_is_never_shown(
    code: ReceiptCode, tip: Tip, asked: Message, now: datetime
) -> None:
    dialog.withdraw(tip, asked.pk, by="sam", now=now)
    dialog.ask(tip, template="WHEN", by="sam", now=now)
    text = Returning(code.pretty).page.text
    assert QUESTION not in text
    assert "When did you see it?" in text


def test_an_answer_does_not_answer_what_was_taken_back(
    code: ReceiptCode, tip: Tip, asked: Message, now: datetime
) -> None:
    dialog.withdraw(tip, asked.pk, by="sam", now=now)
    follow_up.send_more(code, follow_up.More(text="There was a second van."), now=now)
    asked.refresh_from_db()
    assert asked.read_at is None
    assert asked.withdrawn_at is not None


def test_own_words_of_the_desk_are_scrubbed_on_their_way_out(
    code: ReceiptCode, tip: Tip, now: datetime
) -> None:
    words = "Was the van gray? Call me at 636-555-0137."
    dialog.ask(tip, words=words, by="sam", now=now)
    text = Returning(code.pretty).page.text
    assert "Was the van gray?" in text
    assert "555-0137" not in text
