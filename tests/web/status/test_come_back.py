from datetime import datetime

import pytest
from django.test import Client

from tests.web.residents import Page
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.status import TO_WHO_WROTE
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.routing.policy.rulebook import FIRST
from tipintake.tips.draft import LocationDraft, TipDraft
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy
from tipintake.triage import dialog


@pytest.fixture
def code(region: Gazetteer, now: datetime) -> ReceiptCode:
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="RECENT",
        minor_present="UNKNOWN",
        indicators=("CTL_CANNOT_LEAVE",),
        narrative="A woman is locked in a room of the motel and cannot leave.",
        locations=(LocationDraft(place_type="HOTEL_MOTEL", city="Wentzville"),),
    )
    return submit_tip(draft, came_by=CameBy.WEB, now=now).code


def come_back(typed: str, *, language: str = "") -> Page:
    return Page(Client().post(f"{language}/back/", {"code": typed}))


def test_the_code_opens_the_tip_however_it_is_typed(code: ReceiptCode) -> None:
    for typed in (code.pretty, code.pretty.lower(), code.pretty.replace("-", "  ")):
        page = come_back(typed)
        assert page.status == 200
        assert "We have your tip" in page.text


def test_of_a_tip_that_was_only_opened_it_is_not_said_that_nobody_read_it(
    code: ReceiptCode, now: datetime
) -> None:
    route_waiting(now=now)
    page = come_back(code.pretty).text
    assert "Nobody has confirmed yet that they have read it." in page
    assert "Nobody has read it yet" not in page


@pytest.mark.parametrize("consents", [False, True])
@pytest.mark.parametrize(
    ("language", "said"), [("", "You asked for help."), ("/es", "Usted pidió ayuda.")]
)
def test_whoever_asked_for_help_is_not_spoken_of_as_a_victim(
    region: Gazetteer, now: datetime, language: str, said: str, consents: bool
) -> None:
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="ONGOING",
        minor_present="NO",
        narrative="I am kept in a room of the motel and cannot leave.",
        locations=(LocationDraft(place_type="HOTEL_MOTEL", city="Wentzville"),),
        reporter_is_victim=True,
        police_consent=consents,
    )
    code = submit_tip(draft, came_by=CameBy.WEB, now=now).code
    route_waiting(now=now)
    page = come_back(code.pretty, language=language)
    assert said in page.text
    police = {"Wentzville Police", "Policía de Wentzville"}
    assert any(name in page.text for name in police) is consents
    assert "víctima: primero" not in page.text
    assert "is the victim" not in page.text


@pytest.mark.parametrize(
    ("language", "of_a_witness", "said"),
    [
        (
            "",
            ("where you live or work", "your own address", "address, job and car"),
            "you are kept",
        ),
        (
            "/es",
            ("dónde vive o trabaja", "su propia dirección", "trabajo ni carro"),
            "dónde le tienen",
        ),
    ],
)
def test_the_person_in_the_situation_is_never_told_to_leave_out_where_they_are(
    region: Gazetteer,
    now: datetime,
    language: str,
    of_a_witness: tuple[str, ...],
    said: str,
) -> None:
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="ONGOING",
        minor_present="NO",
        narrative="I am kept in a room of the motel and cannot leave.",
        reporter_is_victim=True,
    )
    code = submit_tip(draft, came_by=CameBy.WEB, now=now).code
    dialog.ask(Tip.objects.get(), template="WHERE", by="sam", now=now)
    page = come_back(code.pretty, language=language)
    assert [words for words in of_a_witness if words in page.text] == []
    assert said in page.text


@pytest.mark.parametrize(
    ("language", "said"), [("", "Please call 911 yourself."), ("/es", "llame usted al 911.")]
)
def test_nobody_is_made_to_believe_that_another_was_told_to_call_911(
    region: Gazetteer, now: datetime, language: str, said: str
) -> None:
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="NOW",
        minor_present="NO",
        narrative="A man hits a woman in room 114 right now.",
        locations=(LocationDraft(place_type="HOTEL_MOTEL", city="Wentzville"),),
    )
    code = submit_tip(draft, came_by=CameBy.WEB, now=now).code
    route_waiting(now=now)
    page = come_back(code.pretty, language=language)
    assert said in page.text
    assert "the person was told" not in page.text
    assert "coercion" not in page.text
    assert "se le dijo" not in page.text


def test_what_is_said_otherwise_to_who_wrote_stands_so_in_the_policy() -> None:
    assert set(TO_WHO_WROTE) <= {rule.reason for rule in FIRST.rules}


def test_the_page_says_nothing_of_what_was_written(code: ReceiptCode) -> None:
    page = come_back(code.pretty)
    assert "cannot leave" not in page.html
    assert "locked" not in page.html
    assert code.pretty not in page.html


def test_a_wrong_character_is_told_apart_from_an_unknown_code(code: ReceiptCode) -> None:
    last = code.pretty[-1]
    typo = come_back(code.pretty[:-1] + ("A" if last != "A" else "B"))
    unknown = come_back(receipts.new().pretty)
    assert "There is a typing mistake in this code" in typo.text
    assert "We have nothing under this code" in unknown.text
    assert "Tips are destroyed after a time" in unknown.text


def test_a_purged_tip_answers_like_an_unknown_one(code: ReceiptCode) -> None:
    Tip.objects.all().delete()
    purged, unknown = come_back(code.pretty), come_back(receipts.new().pretty)
    assert (purged.status, purged.headings) == (unknown.status, unknown.headings)
    assert purged.text == unknown.text


def test_what_was_typed_stays_in_the_field_after_a_mistake(region: Gazetteer) -> None:
    page = come_back("ABCDE-FGHJK")
    assert page.status == 422
    assert page.value("code") == "ABCDE-FGHJK"
    field = next(one for one in page.controls if one.name == "code")
    assert field.attrs["aria-invalid"] == "true"
    assert set(field.attrs["aria-describedby"].split()) <= set(page.ids)


@pytest.mark.parametrize("typed", ["", " "])
def test_an_empty_field_is_no_typing_mistake(region: Gazetteer, typed: str) -> None:
    page = come_back(typed)
    assert page.status == 422
    assert "Your code is missing" in page.text
    assert "typing mistake" not in page.text


@pytest.mark.parametrize("typed", ["\x00", "é" * 3000, "<script>"])
def test_anything_typed_gets_a_sentence(region: Gazetteer, typed: str) -> None:
    assert "There is a typing mistake in this code" in come_back(typed).text


def test_a_code_sent_from_another_site_is_not_used(code: ReceiptCode) -> None:
    response = Client().post(
        "/back/", {"code": code.pretty}, headers={"sec-fetch-site": "cross-site"}
    )
    page = Page(response)
    assert page.status == 403
    assert "another website" in page.text


def test_an_address_with_a_code_in_it_shows_nothing(code: ReceiptCode) -> None:
    page = Page(Client().get(f"/back/?code={code.pretty}"))
    assert page.status == 200
    assert code.pretty not in page.html
    assert "We have your tip" not in page.text


def test_coming_back_in_spanish(code: ReceiptCode) -> None:
    page = come_back(code.pretty, language="/es")
    assert page.lang == "es"
    assert "Tenemos su aviso" in page.text
