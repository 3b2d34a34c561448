"""Numbers and pages: the writer's and a witness's do not stand, a suspect's is not destroyed."""

import pytest

from tipintake.privacy.scrub import (
    EvidenceKind,
    KnownEvidence,
    Verdict,
    Writer,
    evidence_in,
    scrub,
)

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


@pytest.mark.parametrize(
    "said",
    [
        'The mirror had "call me 314-555-0142" on it.',
        '"Call me 314-555-0142" was on a sticker.',
        '"Call me 314-555-0142." was on a sticker.',
        'A note had "call me 314-555-0142" on it.',
        'Her tattoo "call me 314-555-0142" is new.',
        'On the napkin was "call me 314-555-0142".',
        'On the wall: "call me 314-555-0142".',
        'A sign there had "call me 314-555-0142".',
        'He shouted "call me 314-555-0142".',
        'In the lot a man yelled "call me 314-555-0142".',
        "En el espejo decía “llámame al 314-555-0142”.",
        "Un hombre gritó “llámame al 314-555-0142”.",
    ],
)
def test_what_is_written_on_a_wall_or_shouted_between_marks_stands(said: str) -> None:
    for text in (f"{ROOM} {said}", f"{said} {ROOM}"):
        assert "314-555-0142" in scrub(text).text


@pytest.mark.parametrize(
    "said",
    [
        'I left a note "call me at 314-555-0188".',
        'I put a sticker on the wall: "call me at 314-555-0188".',
        "Dejé una nota “llámame al 314-555-0188”.",
        'I live behind the wall. "My name is Joan Moore, call me at 314-555-0188".',
        '"I live nearby, call me at 314-555-0188." The walls are thin.',
    ],
)
def test_what_the_writer_wrote_there_or_says_beside_a_wall_waits(said: str) -> None:
    for text in (f"{ROOM} {said}", f"{said} {ROOM}"):
        assert "0188" not in scrub(text).text


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
    "joan~moore@gmail.com",
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


@pytest.mark.parametrize(
    "number",
    [
        "314/555/0163",
        "314•555•0163",
        "314_555_0163",
        "314-555-0163 x22",
        "③①④-⑤⑤⑤-⓪①⑥③",
        "".join(f"{sign}\u0336" for sign in "314-555-0163"),
    ],
)
@pytest.mark.parametrize(
    "said",
    [
        "reach out {}. I saw bruises on her arms.",
        "I saw bruises on her arms. reach out {}",
        "Reach out, {}.",
    ],
)
def test_an_oddly_written_number_of_which_nobody_is_told_does_not_stand(
    said: str, number: str
) -> None:
    text = f"{ROOM} {said.format(number)}"
    assert number not in scrub(text).text


@pytest.mark.parametrize(
    "said",
    ["The ad says 314/555/0142.", "He uses 314•555•0142 for men.", "His number is 314_555_0142."],
)
def test_an_oddly_written_number_of_somebody_else_stands(said: str) -> None:
    assert said in scrub(f"{ROOM} {said}").text


@pytest.mark.parametrize("number", ["\u202a314\u00a0555\u20110142\u202c", "(314) 555–0142"])
def test_a_number_from_an_address_book_is_not_oddly_written(number: str) -> None:
    assert number in scrub(f"{ROOM} The van had {number} on it.").text


def test_the_number_of_the_ad_stands_though_a_letter_is_in_it() -> None:
    known = KnownEvidence(ad_phones=("314-555-0142",))
    said = f"The ad says 314-555-O142. Call me at 314-555-O163, again 314 555 0163. {ROOM}"
    left = scrub(said, known=known).text
    assert "314-555-O142" in left
    assert "163" not in left


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("text me, AB12CD at Outlook Drive is the van", "AB12CD"),
        ("white van 4KX1J2 at Outlook Inn", "4KX1J2"),
        ("There is a van AB12CD - Proton, with girls", "AB12CD"),
        ("girls in suite 4b at outlook tower", "4b"),
        ("girls in Room 214a at Outlook Inn", "214a"),
    ],
)
def test_a_plate_or_room_before_a_house_named_like_a_host_is_no_email(
    said: str, value: str
) -> None:
    found = evidence_in(said)
    assert [one.value for one in found] == [value]
    assert EvidenceKind.EMAIL not in {one.kind for one in found}


def test_a_clock_time_before_a_host_is_no_email() -> None:
    assert not evidence_in("seen 9.30pm yahoo")


@pytest.mark.parametrize(
    "said",
    [
        "joan.moore at yahoo dot com",
        "joan.moore at yahoo.com",
        "joan_m at outlook com",
        "joan88 at proton.me",
        "joan88 at gmail",
        "JOAN88 AT GMAIL",
        "joan.moore icloud",
    ],
)
def test_an_email_address_that_is_said_is_one(said: str) -> None:
    assert [one.kind for one in evidence_in(f"Write me {said}.")] == [EvidenceKind.EMAIL]
    assert "joan" not in scrub(f"{ROOM} Write me {said}.").text.lower()


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("He is Dre=dre@example.com", "dre@example.com"),
        ("see ads.example/tiff=joan@example.com", "joan@example.com"),
    ],
)
def test_what_stands_before_an_equals_sign_is_no_part_of_the_address(
    said: str, address: str
) -> None:
    assert [one.value for one in evidence_in(said)] == [address]


@pytest.mark.parametrize(
    "said",
    [
        "rooms 214/216/2180 have girls",
        "rooms 101 & 102 & 1034",
        "cuartos: 101/102/1034",
        "prices 100;150;2000",
        "unit 100 lol 2000 dollars",
        "USDOT #3145550163",
        "acct #1234567890",
    ],
)
def test_a_list_and_a_number_of_something_is_no_telephone_number(said: str) -> None:
    assert EvidenceKind.PHONE not in {one.kind for one in evidence_in(said)}


@pytest.mark.parametrize("behind", [" x 150 an hour", " x2 girls", " x22 an hour", "x2 girls"])
def test_a_price_behind_a_number_is_no_extension(behind: str) -> None:
    found = evidence_in(f"314-555-0163{behind}")
    assert "314-555-0163" in {one.value for one in found}


@pytest.mark.parametrize(
    ("said", "contact"),
    [
        ("He hit me up on snap {} and asked if I want money. I am 16.", "@dre_stl"),
        ("A man hit me up on insta {}, offered me modeling.", "@dre_stl"),
        ("Dre hit me up from {} last night and said he has girls.", "314-555-0142"),
    ],
)
def test_who_hit_the_writer_up_is_named(said: str, contact: str) -> None:
    assert contact in scrub(said.format(contact)).text


@pytest.mark.parametrize(
    "said",
    [
        "i found this: hmu {} for fun. She looks 15.",
        "I got a DM. hmu {} for work.",
        "He sends girls the same line, hmu {}",
        "Girl at Drury, hmu {} she types to everyone",
    ],
)
@pytest.mark.parametrize("contact", ["@dre_stl", "314-555-0142"])
def test_what_may_be_an_ads_own_words_is_not_destroyed(said: str, contact: str) -> None:
    findings = scrub(said.format(contact)).findings
    assert all(one.verdict is not Verdict.REMOVE for one in findings)


@pytest.mark.parametrize(
    "said",
    [
        "if u want pics hmu {}",
        "She needs help, hmu {}",
        "The victim is 15 so hmu {}",
        'I wrote "call me {}" on the mirror for her.',
        'I told her "call me {}".',
        'Please note: "call me at {}". Thank you.',
        'The walls are thin here, "my cell is {}".',
    ],
)
def test_what_the_writer_asks_or_wrote_waits_whoever_else_is_told_of(said: str) -> None:
    assert "0163" not in scrub(f"{ROOM} {said.format('314-555-0163')}").text


@pytest.mark.parametrize("said", ["contact joan.moore at outlook for more", "joan.moore at yahoo"])
def test_a_name_at_a_mail_host_is_an_address(said: str) -> None:
    assert "joan" not in scrub(f"{ROOM} {said}").text


def test_more_ringed_numbers_than_one_are_numbers() -> None:
    assert "③" not in scrub("call me ③①④⑤⑤⑤⓪①⑥③③①④⑤⑤⑤⓪①⑥④③①④⑤⑤⑤").text


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


@pytest.mark.parametrize(
    "said",
    [
        "I saw an ad on skipthegames, {}, the girl looks 15.",
        "We saw a flyer with {} on it in the laundromat.",
    ],
)
def test_an_oddly_written_number_of_an_ad_stands(said: str) -> None:
    assert "314/555/0142" in scrub(said.format("314/555/0142")).text


def test_of_two_numbers_the_pimps_stands() -> None:
    said = "Anote mi whatsapp 314-555-0166, el del padrote es 314-555-0122. Tiene dos muchachas."
    assert "314-555-0122" in scrub(said).text
    assert "314-555-0166" not in scrub(said).text
