"""Numbers and pages: the writer's and a witness's do not stand, a suspect's is not destroyed."""

import pytest

from tipintake.privacy.scrub import KnownEvidence, Verdict, Writer, scrub

ROOM = "Rico Vance has girls in room 9 at the Super 8."


@pytest.mark.parametrize(
    "said",
    [
        "I called him from {} and he hung up.",
        "I texted the pimp from {} and he answered.",
        "I texted his number from {} and he answered.",
        "Le escribí desde el {} y contestó.",
        "Kim Ortega can confirm, her number is {}.",
        "My coworker Tom saw it too, his number is {}.",
        "My husband Gary heard it, his cell is {}.",
        "Mi vecina Marta lo vio, su número es {}.",
        "Marta también lo vio, su teléfono es {}.",
        "Her mom Ana Roe can be reached at {}.",
        "Su mamá Ana está en el {}.",
    ],
)
def test_the_number_of_the_writer_or_of_who_saw_it_does_not_stand(said: str) -> None:
    assert "0188" not in scrub(f"{said.format('314-555-0188')} {ROOM}").text


@pytest.mark.parametrize(
    "said",
    [
        "I saw the man, his number is {}.",
        "My brother saw him, his number is {}.",
        "My sister saw the pimp, his number is {}.",
        "I texted his number {} and he answered.",
        "I called the number from the ad {}.",
        "Vi al hombre, su número es {}.",
        "Mi hermana vio al hombre, su número es {}.",
        "My pimp Dre {} makes me work.",
    ],
)
def test_the_number_of_whom_they_saw_does(said: str) -> None:
    assert "314-555-0199" in scrub(f"{said.format('314-555-0199')} {ROOM}").text


@pytest.mark.parametrize(
    "said",
    [
        "I called {} and a girl answered crying.",
        "I texted {} pretending to be a buyer.",
        "Llamé al {} y contestó un hombre.",
        "Marqué el {} y me dijeron cuarto 9.",
        "She slipped me a note with {} on it.",
        "Text {} for rates, he says.",
    ],
)
def test_a_number_that_somebody_called_is_not_destroyed(said: str) -> None:
    text = f"{said.format('314-555-0199')} {ROOM}"
    removed = [one for one in scrub(text).findings if one.verdict is Verdict.REMOVE]
    assert not [one for one in removed if "0199" in text[one.start : one.end]]


@pytest.mark.parametrize(
    "said",
    ["I called my mom, call me at {}.", "Text {} for me.", "Llamé a la policía, mi cel {}."],
)
def test_the_writers_own_goes_though_they_called_somebody(said: str) -> None:
    assert "0188" not in scrub(f"{said.format('314-555-0188')} {ROOM}").text


def test_a_page_that_is_offered_waits() -> None:
    assert "jenny_blu9" not in scrub(f"telegram @jenny_blu9 for video. {ROOM}").text
    assert "@kingstl" in scrub(f"he posts as @kingstl for men. {ROOM}").text


ALONE = "{} | call {} | Text {}. | call or text {} | llame al {} | Llamen al {} | marque {}"


@pytest.mark.parametrize("said", ALONE.split(" | "))
@pytest.mark.parametrize(
    "number", ["314-555-0142", "(314) 555-0142", "3145550142", "314 555 0142", "314-555-0142\n"]
)
def test_a_number_alone_that_may_be_anybodys_is_held(said: str, number: str) -> None:
    text = said.format(number)
    assert [one.verdict for one in scrub(text).findings] == [Verdict.UNSURE], text
    assert "0142" not in scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        *("jane.doe77@mail.example", "rosa@mail.example\n", "(bigmike99@mail.example)"),
        *("jane.doe77@mail.example, rosa@mail.example", "jane.doe77@mail.example 314-555-0142"),
    ],
)
def test_an_email_address_alone_that_may_be_anybodys_is_held(text: str) -> None:
    assert {one.verdict for one in scrub(text).findings} == {Verdict.UNSURE}, text
    assert not {"mail.example", "0142"} & set(scrub(text).text.replace("@", " ").split())
    assert "@" not in scrub(text).text


@pytest.mark.parametrize(
    "said",
    "email me {} | my email {} | {} is mine | email {} | thanks, {} | Joan {} | write to me, {}"
    " | escríbame a {} | mi correo {} | correo {} | gracias, {}".split(" | "),
)
def test_an_email_address_beside_which_the_writer_is_named_goes(said: str) -> None:
    text = said.format("jane.doe77@mail.example")
    at = text.index("jane")
    found = [one for one in scrub(text).findings if one.start <= at < one.end]
    assert [one.verdict for one in found] == [Verdict.REMOVE], text


OWN_ALONE = (
    "call me {} | call me at {} | text me, {} | my number {} | my cell {} | {} is mine"
    " | please call {} | Joan {} | thanks, {} | cell {} | call my cell {} | call our house {}"
    " | call {} for more"
    " | llámame al {} | llamame {} | llámenme al {} | mi número {} | mi celular {} | soy {}"
    " | Juana {} | gracias, {} | márqueme al {}"
)


@pytest.mark.parametrize("said", OWN_ALONE.split(" | "))
def test_a_number_beside_which_the_writer_is_named_goes_although_nothing_else_is_said(
    said: str,
) -> None:
    text = said.format("314-555-0163")
    at = text.index("314")
    found = [one for one in scrub(text).findings if one.start <= at < one.end]
    assert [one.verdict for one in found] == [Verdict.REMOVE], text


@pytest.mark.parametrize(
    "said",
    [
        '"My name is Joan Moore, call me at {}".',
        '"I live nearby, call me at {}."',
        '"My name is Joan Moore" "my cell is {}"',
        "“Me llamo Juana, mi número es {}”.",
    ],
)
def test_a_number_in_words_that_nobody_else_is_said_to_have_spoken_waits(said: str) -> None:
    for text in (f"{said} {ROOM}", f"{ROOM} {said}"):
        assert "0188" not in scrub(text.replace("{}", "314-555-0188")).text


@pytest.mark.parametrize(
    "said",
    [
        '"Call me at {}" was on the card.',
        'The ad: "my cell is {}".',
        'He tells them "call me at {}".',
        "Él les dice “llámame al {}”.",
    ],
)
def test_what_an_ad_or_somebody_says_between_marks_stands(said: str) -> None:
    text = said.replace("{}", "314-555-0142")
    assert text in scrub(f"{ROOM} {text}").text


@pytest.mark.parametrize("said", ["hmu {}", "HMU at {}", "hit me up {}", "Hit me up on {}"])
@pytest.mark.parametrize("contact", ["@jmoore_63", "314-555-0163"])
def test_hit_me_up_is_the_writers_own_and_in_an_ad_the_ads(said: str, contact: str) -> None:
    asked = said.format(contact)
    assert contact not in scrub(f"{ROOM} {asked}").text
    assert contact not in scrub(asked).text
    assert contact in scrub(f'{ROOM} The ad says "{asked} for rates".').text


ODDLY_WRITTEN = [
    "314-555-O163",
    "3l4 555 ol63",
    "314/555/0163",
    "314•555•0163",
    "314_555_0163",
    "314~555~0163",
    "314:555:0163",
    "314…555…0163",
    "314😀555😀0163",
    "#3145550163",
    "314-555-0163x22",
    "314-555-0163 ext. 22",
    "three one four five five five zero one six three",
    "joan.moore at gmail",
    "joan dot moore at gmail",
    "joan dot moore at gmail dot com",
    "joan.moore (arroba) hotmail",
    "joan.moore{at}gmail.com",
    "joan.moore gmail com",
    "joan.moore#gmail.com",
    "joan.moore@\ngmail.com",
    "joan.moore@gmailcom",
    "joan.moore%40gmail.com",
    "joan~moore=x@gmail.com",
]


@pytest.mark.parametrize("said", ODDLY_WRITTEN)
@pytest.mark.parametrize("field", ["{}", "Copper Kettle Inn {}", "the owner is {}"])
@pytest.mark.parametrize("short_field", [False, True])
def test_a_contact_in_a_field_of_a_few_words_waits_however_it_is_written(
    said: str, field: str, *, short_field: bool
) -> None:
    left = scrub(field.format(said), writer=Writer(short_field=short_field)).text.lower()
    assert not any(part in left for part in ("314", "0163", "three", "joan", "moore"))


@pytest.mark.parametrize(
    "said",
    [
        "He works at yahoo",
        "rooms 101, 102 and 214",
        "seen 11/14/2026 and 11/15/2026",
        "I-70 exit 229, mile 229.4",
        "an ad on gmail, Ford F-150",
        "room 214: 5 girls, 3 men",
    ],
)
def test_what_reaches_nobody_stands(said: str) -> None:
    assert scrub(said, writer=Writer(short_field=True)).text == said


def test_the_number_of_the_ad_stands_though_a_letter_is_in_it() -> None:
    known = KnownEvidence(ad_phones=("314-555-0142",))
    said = f"The ad says 314-555-O142. Call me at 314-555-O163, again 314 555 0163. {ROOM}"
    left = scrub(said, known=known).text
    assert "314-555-O142" in left
    assert "163" not in left


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("He hit me up on snap {} and asked if I want money. I am 16.", "@dre_stl"),
        ("A man hit me up on insta {}, offered me modeling.", "@dre_stl"),
        ("Dre hit me up from {} last night and said he has girls.", "314-555-0142"),
        ("He sends girls the same line, hmu {}, and waits for them.", "@dre_stl"),
    ],
)
def test_who_hit_the_writer_up_is_named(said: str, contact: str) -> None:
    assert contact in scrub(said.format(contact)).text


@pytest.mark.parametrize(
    "said", ["i found this: hmu {} for fun. She looks 15.", "I got a DM. hmu {} for work."]
)
def test_what_may_be_an_ads_own_words_is_not_destroyed(said: str) -> None:
    text = said.format("@dre_stl")
    assert all(one.verdict is not Verdict.REMOVE for one in scrub(text).findings)


@pytest.mark.parametrize(
    "said",
    [
        "hablenme 314-555-0163. I saw bruises on her arms.",
        "para mas info 314-555-0163 He sells girls. His name is Dre.",
        "reach out 314-555-0163 A man in a white van brings girls",
        "email joan.moore@example.com please Two girls are kept in room 214 at the Drury.",
    ],
)
def test_where_word_is_asked_for_waits(said: str) -> None:
    seen = scrub(said).text
    assert "0163" not in seen
    assert "joan" not in seen
