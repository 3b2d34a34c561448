from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError
from django.test import Client

from tests.outage import away_after, away_at_the_commit
from tests.web.residents import SEEN, Page, Resident
from tipintake.door.models import SpentToken
from tipintake.door.status import status_of
from tipintake.privacy import receipts
from tipintake.tips.by_receipt import tip_under
from tipintake.tips.models import Tip
from tipintake.web.report import sending, summary

OWN_PHONE = "314-555-0163"
AD_PHONE = "314-555-0142"
TELLING: dict[str, str | list[str]] = {
    **SEEN,
    "narrative": (
        f"The ad says to text {AD_PHONE}. A woman is locked in room 214.\n"
        f"My name is Joan Example, call me at {OWN_PHONE}."
    ),
    "vehicles__0__plate_raw": "AB1?23",
}


def checked(resident: Resident, **changes: str | list[str]) -> Page:
    page = resident.press("check", **{**TELLING, **changes})
    assert page.status == 200, page.text
    return page


def sent(resident: Resident) -> Page:
    resident.age_the_token()
    return resident.press("send")


def code_on(page: Page) -> str:
    shown = [word for word in page.text.split() if word.count("-") == 5]
    assert len(shown) == 1
    return shown[0]


def marks(page: Page) -> dict[str, list[str]]:
    """Each finding's field with the answers that it offers."""
    found: dict[str, list[str]] = {}
    for control in page.controls:
        if control.kind == "radio":
            found.setdefault(control.name, []).append(control.value)
    return found


def mark_of(page: Page, words: str) -> str:
    """The field that decides about these words."""
    quoted = f"«{words}»" if page.lang == "es" else f"“{words}”"
    before = page.html[: page.html.index(quoted)]
    number = before.rpartition('id="mark-')[2].partition('"')[0]
    return next(c.name for c in page.controls if c.attrs.get("id") == f"mark-{number}-1")


def offered(page: Page, words: str) -> list[tuple[str, str, bool]]:
    """The answers on these words: what each sends, what it says, and which one is chosen."""
    name = mark_of(page, words)
    radios = [one for one in page.controls if one.name == name]
    labels = {
        one.attrs["id"]: unescape(page.html.partition(f'for="{one.attrs["id"]}">')[2])
        for one in radios
    }
    return [
        (one.value, labels[one.attrs["id"]].partition("</label>")[0], one.checked)
        for one in radios
    ]


ALONE: dict[str, str | list[str]] = {
    "category": "OTHER_UNSURE",
    "immediacy": "PAST",
    "minor_present": "NO",
}
CRY: dict[str, str | list[str]] = {
    "category": "OTHER_UNSURE",
    "immediacy": "NOW",
    "minor_present": "YES",
    "reporter_is_victim": ["on"],
}


def test_a_babys_age_is_on_the_page_to_check(resident: Resident) -> None:
    page = checked(resident, persons__0__role="POSSIBLE_VICTIM", persons__0__age_from="0")
    assert "Age, from about 0" in page.text


@pytest.mark.parametrize(
    "cry",
    [
        {"narrative": "help me room 9", "locations__0__unit": "9"},
        {"narrative": "help"},
        {"locations__0__unit": "9"},
    ],
)
def test_a_short_cry_of_the_one_in_the_situation_is_taken(
    cry: dict[str, str | list[str]], resident: Resident
) -> None:
    assert resident.press("check", **{**CRY, **cry}).status == 200
    assert sent(resident).status == 201
    assert Tip.objects.get().reporter_is_victim


def test_the_one_in_the_situation_is_asked_for_a_word_or_a_place(resident: Resident) -> None:
    page = resident.press("check", **CRY)
    assert page.status == 422
    assert "Write one word, or say where you are" in page.text


ALL_OWN = "I live at 512 Elm Street, call me at 314-555-0163."


@pytest.mark.parametrize("act", ["check", "send"])
def test_who_wrote_of_themselves_alone_is_told_so_and_can_say_whose_it_is(
    resident: Resident, act: str
) -> None:
    page = resident.press("check", **{**ALONE, "narrative": ALL_OWN})
    if act == "send":
        page = sent(resident)
    assert page.status == 422
    assert "What points to you" in page.text
    assert "sentence of at least" not in page.text
    assert page.value("narrative") == ALL_OWN
    resident.press("change")
    assert resident.page.value("narrative") == ALL_OWN
    page = resident.press("check")
    asked: dict[str, str | list[str]] = {
        one.name.replace("-", "__"): "keep" for one in page.controls if one.kind == "radio"
    }
    assert asked
    assert resident.press("check", **asked).status == 200
    assert not Tip.objects.exists()
    assert sent(resident).status == 201


def test_who_wrote_of_themselves_alone_is_told_so_in_spanish(
    resident_in: Callable[[str], Resident],
) -> None:
    resident = resident_in("es")
    page = resident.press("check", **{**ALONE, "narrative": "Vivo en 512 Elm Street, San Luis."})
    assert page.status == 422
    assert "Lo que apunta a usted" in page.text


def test_who_wrote_of_themselves_alone_may_show_it_in_a_picture(resident: Resident) -> None:
    told = {**ALONE, "narrative": ALL_OWN, "pictures_follow": ["on"]}
    assert resident.press("check", **told).status == 200
    page = sent(resident)
    assert page.status == 422
    assert "What points to you" in page.text
    assert not Tip.objects.exists()


def test_nothing_is_kept_before_sending(resident: Resident) -> None:
    page = checked(resident)
    assert "Nothing is sent yet" in page.text
    assert Tip.objects.count() == 0


def test_the_check_shows_what_is_taken_out_and_what_stays(resident: Resident) -> None:
    page = checked(resident)
    assert "[removed] was taken out." in page.text  # not "gone": a name may be locked away
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert OWN_PHONE not in words
    assert AD_PHONE in words
    assert "AB1?23" in page.text
    assert all(len(answers) == 3 for answers in marks(page).values())


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("Please call me at 314-555-0142.", True),
        ("My phone is 314-555-0142.", True),
        ("The ad says 314-555-0142.", False),
        ("Text 314-555-0142 for rates, it says.", False),
    ],
)
def test_whose_a_number_of_the_ads_field_is_is_asked_where_the_words_claim_it(
    resident: Resident, said: str, asks: bool
) -> None:
    page = resident.press(
        "check",
        **{**SEEN, "narrative": f"He sells girls there. {said}"},
        online__0__ad_phone="314 555 0142",
    )
    finding = page.html.partition("“314-555-0142”")[2].partition("</fieldset>")[0]
    assert ("<details open" in " ".join(finding.split())) is asks
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert "314-555-0142" in words  # evidence until they say that it is theirs
    page = resident.press("check", **{mark_of(page, "314-555-0142"): "remove"})
    assert "314-555-0142" not in page.html.partition('class="words"')[2].partition("</div>")[0]
    assert "314 555 0142" not in page.html.partition('id="h-answers"')[2].partition("<h2")[0]


def test_each_finding_can_be_flipped_and_the_page_shows_it_again(resident: Resident) -> None:
    page = checked(resident)
    name = mark_of(page, OWN_PHONE)
    page = resident.press("check", **{name: "keep"})
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert OWN_PHONE in words
    page = resident.press("check")
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert OWN_PHONE in words
    page = resident.press("check", **{name: "remove"})
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert OWN_PHONE not in words


def test_what_was_said_to_be_mine_is_taken_out_after_the_words_were_changed(
    resident: Resident,
) -> None:
    page = checked(resident, vehicles__0__plate_raw="")
    page = resident.press("check", **{mark_of(page, AD_PHONE): "remove"})
    resident.press("change")
    changed = f"It was late. {TELLING['narrative']}"
    page = resident.press("check", narrative=changed)
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert "It was late." in words
    assert AD_PHONE not in words


def test_that_a_number_may_stay_is_not_said_of_another_in_its_place(resident: Resident) -> None:
    page = checked(resident)
    page = resident.press("check", **{mark_of(page, OWN_PHONE): "keep"})
    resident.press("change")
    other = str(TELLING["narrative"]).replace(OWN_PHONE, "314-555-0177")
    page = resident.press("check", narrative=other)
    assert "314-555-0177" not in page.html.partition('class="words"')[2].partition("</div>")[0]


HELD_NAME = "He hits Lena every night and sells her in room 214. The van is white."
ON_A_HELD_NAME = [
    "Of someone who may be harmed, or not sure: hold it back",
    "My own, or of somebody who only stood by: take it out",
    "Of someone who does this, or no name at all: leave it in",
]
ON_A_HELD_NAME_ES = [
    "De alguien a quien quizá lastiman, o no sé: que quede retenido",
    "El mío, o de alguien que solo estaba ahí: quítenlo",
    "De alguien que hace esto, o no es un nombre: déjenlo",
]


def test_of_a_name_that_may_be_a_victims_nobody_is_led_to_say_that_they_saw_it(
    resident: Resident,
) -> None:
    page = checked(resident, narrative=HELD_NAME)
    assert offered(page, "Lena") == [
        ("", ON_A_HELD_NAME[0], True),
        ("remove", ON_A_HELD_NAME[1], False),
        ("keep", ON_A_HELD_NAME[2], False),
    ]
    assert "perhaps the name of someone who may be harmed" in page.text
    assert "Theirs: it is what I saw" not in page.text


def test_it_is_asked_in_spanish_too(resident_in: Callable[[str], Resident]) -> None:
    page = checked(resident_in("es"), narrative=HELD_NAME)
    assert [label for _, label, _ in offered(page, "Lena")] == ON_A_HELD_NAME_ES


def test_who_did_not_say_what_a_person_does_is_told_how_the_name_is_seen(
    resident: Resident,
) -> None:
    name: dict[str, str | list[str]] = {
        "persons__0__name_or_alias": "Rico",
        "minor_present": "YES",
    }
    page = checked(resident, **name)
    assert "say so where you described the person" in page.text
    resident.press("change")
    page = checked(resident, **name, persons__0__role="RECRUITER")
    assert "say so where you described the person" not in page.text
    assert "Rico" in page.text


@pytest.mark.parametrize(("said", "seen"), [("keep", "Lena"), ("remove", "[removed]")])
def test_what_was_answered_on_such_a_name_can_be_answered_anew(
    resident: Resident, said: str, seen: str
) -> None:
    name = mark_of(checked(resident, narrative=HELD_NAME), "Lena")
    page = resident.press("check", **{name: said})
    assert f"He hits {seen}" in " ".join(page.text.split())
    assert [label for _, label, _ in offered(page, "Lena")] == ON_A_HELD_NAME
    assert [value for value, _, chosen in offered(page, "Lena") if chosen] == [said]
    page = resident.press("check", **{name: "unsure"})
    assert "He hits [held]" in " ".join(page.text.split())


def test_showing_it_again_with_ones_answers_leads_to_the_same_page(resident: Resident) -> None:
    again = {one.attrs.get("formaction") for one in checked(resident).buttons}
    assert "/r/all/#h-words" in again


def test_a_decision_outlives_going_back_to_change(resident: Resident) -> None:
    name = mark_of(checked(resident), OWN_PHONE)
    resident.press("check", **{name: "keep"})
    page = resident.press("change")
    assert page.value(name) == "keep"
    page = resident.press("check", vehicles__0__make="Ford")
    words = page.html.partition('class="words"')[2].partition("</div>")[0]
    assert OWN_PHONE in words


def test_changing_brings_back_everything_typed(resident: Resident) -> None:
    checked(resident, online__0__url="https://ads.example/12")
    page = resident.press("change")
    for name, value in TELLING.items():
        kept = page.form()[name.replace("__", "-")]
        typed = value if isinstance(value, list) else [value]
        assert [one.replace("\r\n", "\n") for one in kept] == typed
    assert page.value("online-0-url") == "https://ads.example/12"


def test_the_check_names_the_lines_and_the_reasons(resident: Resident) -> None:
    page = checked(resident)
    assert "Where it will be placed" in page.text
    assert "Wentzville" in page.text
    assert "636-327-5105" in page.text


def test_no_unverified_number_is_shown(resident: Resident) -> None:
    page = checked(resident, locations__0__city="O'Fallon")
    assert "O'Fallon" in page.text
    assert "636-379-5633" not in page.html
    assert "636-240-3200" not in page.html


def test_danger_now_is_said_at_the_check_and_on_the_receipt(resident: Resident) -> None:
    page = checked(resident, immediacy="NOW")
    assert "Danger may be happening now." in page.headings
    assert "tel:911" in [link.get("href") for link in page.links]
    assert "Danger may be happening now." in sent(resident).headings


def test_a_finished_tip_gives_a_code_once(resident: Resident) -> None:
    checked(resident)
    page = sent(resident)
    assert page.status == 201
    code = receipts.parse(code_on(page))
    assert Tip.objects.count() == 1
    assert page.html.count(code.pretty) == 1
    assert "Wentzville" in page.text
    assert "No one has been called" in page.text


def test_the_receipt_page_never_leaves_for_another_language(resident: Resident) -> None:
    checked(resident)
    assert [link for link in sent(resident).links if "hreflang" in link] == []


def sent_twice(resident: Resident, **changes: str) -> tuple[Page, Page]:
    """The answers to the first and to the second press on one page."""
    checked(resident)
    resident.age_the_token()
    check_page = resident.page
    first = resident.press("send")
    resident.page = check_page
    return first, resident.press("send", **changes)


def test_a_second_press_shows_the_receipt_of_the_first(resident: Resident) -> None:
    first, second = sent_twice(resident)
    assert (first.status, second.status) == (201, 200)
    assert "This was already sent" in second.headings
    assert code_on(second) == code_on(first)
    assert "Wentzville" in second.text.partition("Where it will be placed")[2]
    assert Tip.objects.count() == 1
    assert tip_under(receipts.parse(code_on(second))).exists()


def test_whoever_knows_the_token_alone_is_shown_no_code(resident: Resident) -> None:
    """Another may have chosen it; and words that were changed since are not lost."""
    first, second = sent_twice(resident, narrative="And another van, red, on Mondays.")
    assert second.status == 409
    assert "A tip was already sent from this page" in second.headings
    assert "nothing more to do" not in second.text.partition("Is it the same?")[0]
    assert code_on(first) not in second.html
    assert second.value("narrative") == "And another van, red, on Mondays."
    assert Tip.objects.count() == 1


def test_words_that_were_changed_since_are_sent_by_the_button_on_that_page(
    resident: Resident,
) -> None:
    first, _second = sent_twice(resident, narrative="And another van, red, on Mondays.")
    assert resident.press("check").status == 200
    last = sent(resident)
    assert last.status == 201
    assert code_on(last) != code_on(first)
    assert Tip.objects.count() == 2


def test_where_the_marks_of_sent_pages_were_lost_the_second_press_shows_the_code(
    resident: Resident,
) -> None:
    """A restored backup does not hold them; the tip stands all the same."""
    checked(resident)
    resident.age_the_token()
    check_page = resident.page
    first = resident.press("send")
    SpentToken.objects.all().delete()
    resident.page = check_page
    second = resident.press("send")
    assert second.status == 200
    assert code_on(second) == code_on(first)
    assert Tip.objects.count() == 1


def test_a_token_that_another_site_sent_is_not_taken_over(resident: Resident) -> None:
    form = {**resident.page.form(), "do": "change"}
    page = Page(resident.client.post("/r/all/", form, headers={"sec-fetch-site": "cross-site"}))
    assert page.value("token")
    assert page.value("token") != resident.page.value("token")


def test_where_the_database_fails_the_second_press_is_not_told_that_nothing_was_sent(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_args: object, **_given: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(sending, "fresh_under", fails)
    _first, second = sent_twice(resident)
    assert second.status == 409
    assert "A tip was already sent from this page" in second.headings


@pytest.mark.parametrize("gone", ["hours ago", "purged"])
def test_later_or_after_a_purge_no_page_shows_the_code(resident: Resident, gone: str) -> None:
    checked(resident)
    resident.age_the_token(hours=3)
    check_page = resident.page
    resident.press("send")
    hour = Tip.objects.get().submitted_hour
    if gone == "purged":
        Tip.objects.all().delete()
    else:
        Tip.objects.update(submitted_hour=hour - timedelta(hours=2))
    resident.page = check_page
    page = resident.press("send")
    assert page.status == 409
    assert "A tip was already sent from this page" in page.headings
    assert not [word for word in page.text.split() if word.count("-") == 5]


def test_two_pages_have_two_codes(resident: Resident) -> None:
    codes = set()
    for _ in range(2):
        resident.page = resident.read(resident.at)
        checked(resident)
        codes.add(code_on(sent(resident)))
    assert len(codes) == 2


def test_whoever_changed_something_can_send_once_more(resident: Resident) -> None:
    first, _second = sent_twice(resident, narrative="And another van, red, on Mondays.")
    assert resident.press("check").status == 200
    again = sent(resident)
    assert again.status == 201
    assert code_on(again) != code_on(first)
    assert Tip.objects.count() == 2


@pytest.mark.parametrize("token", ["", "nonsense", "é"])
def test_a_lost_token_never_loses_the_words(resident: Resident, token: str) -> None:
    checked(resident)
    page = resident.press("send", token=token)
    assert page.status == 409
    assert "Your words are still here" in page.text
    assert sent(resident).status == 201


def test_a_page_left_open_for_days_never_loses_the_words(resident: Resident) -> None:
    checked(resident)
    resident.age_the_token(days=3)
    page = resident.press("send")
    assert "Your words are still here" in page.text
    assert sent(resident).status == 201


def test_a_form_sent_from_another_site_is_shown_and_not_taken(resident: Resident) -> None:
    checked(resident)
    resident.age_the_token()
    form = {**resident.page.form(), "do": "send"}
    page = Page(resident.client.post("/r/all/", form, headers={"sec-fetch-site": "cross-site"}))
    assert page.status == 409
    assert "another website" in page.text
    assert Tip.objects.count() == 0
    assert page.value("narrative")


def test_a_script_that_fills_every_field_is_taken_and_sorted_behind(resident: Resident) -> None:
    resident.press("check", **TELLING, website="https://spam.example")
    assert sent(resident).status == 201
    assert Tip.objects.get().low_trust


def test_a_person_is_not_sorted_behind(resident: Resident) -> None:
    checked(resident)
    sent(resident)
    assert not Tip.objects.get().low_trust


def away(*_args: Any, **_given: Any) -> None:
    raise DatabaseError("away")


def test_when_the_database_is_away_every_word_stays_on_the_page(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked(resident)
    resident.age_the_token()

    with monkeypatch.context() as patch:
        patch.setattr(sending, "submit_tip", away)
        page = resident.press("send")
    assert page.status == 503
    assert "all you typed is still on this page" in page.text
    assert page.value("narrative").replace("\r\n", "\n") == TELLING["narrative"]
    assert resident.press("check").status == 200
    assert sent(resident).status == 201


@pytest.mark.parametrize(
    ("consent", "says"),
    [
        ("yes", "You said yes to the police"),
        ("no", "You did not say yes to the police"),
        ("", "You did not say yes to the police"),
    ],
)
def test_the_person_in_the_situation_reads_what_follows_from_their_answer(
    resident: Resident, consent: str, says: str
) -> None:
    page = checked(resident, reporter_is_victim="on", police_consent=consent)
    assert says in page.text


def test_without_consent_an_adult_in_no_danger_is_placed_with_an_advocate_alone(
    resident: Resident,
) -> None:
    page = checked(resident, reporter_is_victim="on", immediacy="PAST", minor_present="NO")
    placed = page.html.partition('class="placed"')[2].partition("</ul>")[0]
    assert placed.count("<li>") == 1
    assert "Police" not in placed


def test_help_for_the_person_in_the_situation_stands_right_after_the_code(
    resident: Resident,
) -> None:
    """The code is shown once, so it comes first; what becomes of the tip comes last."""
    checked(resident, reporter_is_victim="on")
    page = sent(resident)
    wanted = ["Your code", "Help for you, now", "Where it will be placed"]
    assert [one for one in page.headings if one in wanted] == wanted
    assert "1-888-373-7888" in page.text


def test_the_journey_in_spanish(resident_in: Callable[[str], Resident]) -> None:
    resident = resident_in("es")
    assert resident.page.lang == "es"
    page = checked(resident)
    assert page.lang == "es"
    assert "Todavía no se ha enviado nada" in page.text
    page = sent(resident)
    assert page.lang == "es"
    assert "Enviado. Gracias." in page.headings
    assert Tip.objects.get().language == "es"
    code = code_on(page)
    back = Page(Client().post("/es/back/", {"code": code}))
    assert back.status == 200
    assert back.lang == "es"


@pytest.mark.parametrize("as_victim", [{}, {"reporter_is_victim": ["on"], "police_consent": "no"}])
def test_a_database_that_goes_away_once_the_tip_is_kept_costs_nobody_the_code(
    resident: Resident, as_victim: dict[str, str | list[str]]
) -> None:
    checked(resident, **as_victim)
    resident.age_the_token()
    with away_after(sending, "submit_tip"):
        page = resident.press("send")
    assert page.status == 201
    assert status_of(receipts.parse(code_on(page))) is not None
    assert "Where it will be placed" in page.text
    assert "1-888-373-7888" in page.text


@pytest.mark.parametrize("language", ["", "es"])
def test_a_receipt_page_that_fails_leaves_the_code_and_911(
    resident_in: Callable[[str], Resident], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any, **_named: Any) -> None:
        raise OperationalError("away")

    resident = resident_in(language)
    checked(resident)
    resident.age_the_token()
    monkeypatch.setattr(summary, "placed", fails)
    page = resident.press("send")
    assert page.status == 201
    assert page.lang == (language or "en")
    assert status_of(receipts.parse(code_on(page))) is not None
    assert "911" in page.text
    assert page.links == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fails_before_that", [False, True])
def test_who_was_perhaps_kept_is_told_so_and_sends_again_to_read_the_code(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, fails_before_that: bool
) -> None:
    checked(resident)
    resident.age_the_token()
    with away_at_the_commit(back=False):
        page = resident.press("send")
    assert page.status == 503
    assert "It may be kept already or not" in page.text
    assert "Nothing was sent" not in page.text
    if fails_before_that:
        with monkeypatch.context() as patch:
            patch.setattr(sending, "submit_tip", away)
            page = resident.press("send")
        assert "It may be kept already or not" in page.text
    page = resident.press("send")
    assert page.status == 200
    assert status_of(receipts.parse(code_on(page))) is not None
    assert Tip.objects.count() == 1
