"""What a letter or a form says of its writer without a name, and what is alike and stands."""

import pytest

from tipintake.privacy.scrub import Verdict, scrub

GIRLS = "Two girls are kept at the Drury, room 214."


def waits_or_goes(said: str, value: str) -> bool:
    start = said.index(value)
    places = range(start, start + len(value))
    masked = {
        at
        for one in scrub(said).findings
        if one.verdict is not Verdict.KEEP
        for at in range(one.start, one.end)
    }
    return all(at in masked for at in places if said[at].isalnum())


def stands(said: str, value: str) -> bool:
    return value in scrub(said).text


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (f"{GIRLS}\nSigned, a worried grandma on Tholozan, blue door", "grandma on Tholozan"),
        (f"{GIRLS} Sincerely, the old man at the Phillips pump.", "old man at the Phillips pump"),
        (f"{GIRLS}\n\nSincerely\na mother from Oakville Elementary", "mother from Oakville"),
        (
            "Hay muchachas encerradas en el 4420. Atentamente, un vecino del 4417",
            "vecino del 4417",
        ),
        ("Her teacher here. She has marks on her wrists.", "Her teacher"),
        (f"RP is the clerk of that motel. {GIRLS}", "is the clerk of that motel"),
        (f"Caller is a tow driver for Hartmann's. {GIRLS}", "a tow driver for Hartmann's"),
        ("Denunciante vive en el 2C y oye gritos.", "2C"),
        (f"Reporting party: J. Abernathy, DOB 04/12/1961. {GIRLS}", "04/12/1961"),
        ("The girl said her date of birth is March 3, 2009.", "March 3, 2009"),
        ("You can get me at work, Schnucks on Arsenal. He drives a Tahoe.", "Schnucks on Arsenal"),
        ("Trabajé ahí limpiando hasta marzo y vi a las muchachas.", "Trabajé ahí limpiando"),
        ("Somos de la misma parroquia. Él tiene a dos muchachas.", "de la misma parroquia"),
        (f"{GIRLS}\nSnap: kaylee_m09", "kaylee_m09"),
        (f"From: Joan Moore\nTo: tips\nCc: Sgt. Marla Doyle\n{GIRLS}", "Marla Doyle"),
        ("4B here. 4D has girls.", "4B"),
        (f"{GIRLS} Mom of Kaylee in Ms. Ford's class", "Mom of Kaylee"),
        (f"{GIRLS} Granddaughter Mya, 9, saw it.", "Mya"),
        (f"{GIRLS} The neighbor in 2C, Mrs. Alvarez, also saw it.", "Alvarez"),
        ("They come at night. Kelly R", "Kelly R"),
        (f"{GIRLS}\natt: la nuera de don Chema", "nuera de don Chema"),
        (f"My name is Ⓙ Ⓞ Ⓐ Ⓝ. {GIRLS}", "Ⓙ Ⓞ Ⓐ Ⓝ"),
    ],
)
def test_who_wrote_it_is_masked(said: str, value: str) -> None:
    assert waits_or_goes(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("The manager here, Raj, takes their passports.", "The manager here, Raj"),
        ("Girls here. Two of them, 15 or so.", "Girls here"),
        ("Regards the girl in 214, she cries.", "the girl in 214"),
        (f"Sincerely, a neighbor. PS the van is AB1 C2D. {GIRLS}", "the van is AB1 C2D"),
        ("The girl signed, a man took the paper.", "a man took the paper"),
        ("Caller is afraid of him. He has a gun.", "is afraid of him"),
        ("Somos tres muchachas y no nos dejan salir del cuarto 12.", "tres muchachas"),
        ("No nos dejan salir. Atentamente, la muchacha del cuarto 12.", "cuarto 12"),
        ("Room 12 here has girls.", "Room 12 here"),
        ("The mother of Kaylee sells her to men.", "mother of Kaylee sells"),
        ("The clerk, Doyle, takes the money.", "The clerk, Doyle"),
        ("Trabajé ahí y nos quitaron el pasaporte.", "Trabajé ahí"),
        ("Room 12, she cries. His accounts:\nInsta: big.rico", "big.rico"),
        ("He sells her there.\nSnap: big_r\nKik: rico_stl", "big_r"),
    ],
)
def test_what_is_alike_stands(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("He took my passport and we cannot leave.\nCC: we are in room 12.", "room 12"),
        ("Caller is a 15 year old girl locked in room 12 at the Super 8.", "locked in room 12"),
        ("Caller lives in room 9 and cannot leave, he has her passport.", "room 9"),
        ("La persona que llama vive encerrada en 3311 Bates.", "3311 Bates"),
        ("Please help. Signed, a girl at 3311 Bates who cant get out", "3311 Bates"),
        ("ayuda. Atentamente una muchacha encerrada en la calle Iowa 3311", "Iowa 3311"),
        ("Regards, the girls are in room 214 at the Super 8 on Bates.", "room 214"),
        ("Room 12 here. Please come, hes coming back", "Room 12 here"),
        ("The nurse in Florissant saw it. She is kept in Florissant.", "kept in Florissant"),
        ("A landlord here, he takes girls as rent.", "A landlord here"),
        ("His wife here. She collects the money.", "His wife here"),
        ("A manager here, Dave, sells the girls.", "A manager here"),
        ("Brother of Tony Vale at the Super 8, room 12.", "Brother of Tony Vale"),
        ("He said to add him\nsnap: bigtony_314", "bigtony_314"),
        ("She is kept in a house off the road. Jackson County", "Jackson County"),
    ],
)
def test_where_a_captive_is_and_who_holds_them_stands(said: str, value: str) -> None:
    assert stands(said, value)


@pytest.mark.parametrize(
    "said", ["The man is Rico Vance, DOB 04/12/1981.", "Donovan Teague, DOB 8/22/1979, has them."]
)
def test_a_suspects_day_of_birth_is_no_writers(said: str) -> None:
    found = scrub(f"{GIRLS} {said}").findings
    assert not any(one.rule == "born" for one in found)
