"""Where the writer lives, works or is found does not stand; where others are kept does."""

import pytest

from tipintake.privacy.scrub import Finding, Verdict, Writer, scrub
from tipintake.privacy.scrub.restraint import restrained

KEPT = "The women at 49 Iowa Ave never go out."
ENCERRADAS = "En 49 Iowa Ave tienen encerradas a unas mujeres."


@pytest.mark.parametrize(
    "said",
    [
        "We just moved to 45 Tilden Ave.",
        "I can be found at 45 Tilden Ave most days.",
        "Mailing address: 45 Tilden Ave.",
        "I'm next door at 45 Tilden Ave.",
        "my mom lives at 45 Tilden Ave and sees it",
        "my grandma's house is 45 Tilden Ave",
        "my parents' place at 45 Tilden Ave is beside it",
        "our church, 45 Tilden Ave, feeds them",
        "send the reward check to 45 Tilden Ave",
        "come by 45 Tilden Ave and ill show the video",
        "we run a bakery at 45 Tilden Ave",
        "WE OWN A BAKERY AT 45 Tilden Ave.",
        "Our house is 45 Tilden Ave,",
        "Rento en 45 Tilden Ave.",
        "Rentamos un cuarto en 45 Tilden Ave.",
        "Me mudé a 45 Tilden Ave.",
        "Mi casa es 45 Tilden Ave.",
        "Mi domicilio: 45 Tilden Ave.",
        "Me pueden encontrar en 45 Tilden Ave.",
        "Mi mamá vive en 45 Tilden Ave y lo ve.",
        "La casa de mi abuela, 45 Tilden Ave, está junto.",
        "Mi taller en 45 Tilden Ave está pegado.",
    ],
)
def test_where_the_writer_is_found_goes_whole(said: str) -> None:
    seen = scrub(f"{said} {KEPT if said.isascii() else ENCERRADAS}").text
    assert "45" not in seen
    assert "Tilden" not in seen
    assert "49 Iowa" in seen


@pytest.mark.parametrize(
    "said",
    [
        "He moved us to 49 Iowa Ave and took our passports.",
        "They moved to 49 Iowa Ave last week with the girls.",
        "Come to 49 Iowa Ave quick, girls are screaming.",
        "My pimp's house is 49 Iowa Ave.",
        "My uncle Rico lives at 49 Iowa Ave and sells girls.",
        "our shop at 49 Iowa Ave is where we sleep, boss took passports",
        "49 Iowa Ave is where we all sleep and the owner keeps our papers",
        "my office at 49 Iowa Ave is where he makes us stay",
        "Mi trabajo está en 49 Iowa Ave, ahí dormimos y no nos pagan.",
        "Her mom lives at 49 Iowa Ave and sells her.",
        "His mailing address is 49 Iowa Ave.",
        "His shop is at 49 Iowa Ave.",
        "Se mudaron a 49 Iowa Ave con las muchachas.",
        "Su negocio está en 49 Iowa Ave.",
        "Rentan en 49 Iowa Ave y tienen muchachas.",
        "Rento un cuarto en 49 Iowa Ave, el patrón me quitó el pasaporte y no me deja salir.",
        "Me mudaron a 49 Iowa Ave, no me dejan salir.",
    ],
)
def test_where_others_or_a_captive_are_kept_stays(said: str) -> None:
    assert "49 Iowa Ave" in scrub(said).text


@pytest.mark.parametrize(
    "said",
    [
        "I'm upstairs at 49 Iowa Ave and he has a gun.",
        "You can find me, I can be found at 49 Iowa Ave.",
        "Me pueden encontrar en 49 Iowa Ave.",
        "My mom lives at 49 Iowa Ave and she sells girls.",
    ],
)
def test_what_a_captive_may_say_of_a_place_is_not_destroyed(said: str) -> None:
    removed = [one for one in scrub(said).findings if one.verdict is Verdict.REMOVE]
    assert not [one for one in removed if "49" in said[one.start : one.end]]


@pytest.mark.parametrize(
    "said",
    ["Vivo en el 45 de la calle Iowa.", "Vivo en la calle Ohio.", "I live off South Virginia."],
)
def test_a_street_named_after_a_state_goes(said: str) -> None:
    seen = scrub(f"{said} Hay muchachas encerradas enfrente.").text
    assert not [state for state in ("Iowa", "Ohio", "Virginia") if state in seen]


@pytest.mark.parametrize("kind", ["VICTIM_NAME", "MINOR_NAME", "REPORTER_NAME", "THIRD_PARTY"])
def test_a_person_named_like_a_state_is_no_state(kind: str) -> None:
    text = "She told me her name, Georgia, and that he sells her."
    start = text.index("Georgia")
    learned = Finding(start, start + len("Georgia"), Verdict.REMOVE, kind, "labeller")
    assert restrained(text, [learned], Writer()) == (learned,)
    assert "Georgia" not in scrub(text).text


@pytest.mark.parametrize(
    "said",
    [
        "82 Birch Street apt 3 is where I sleep, the man below took passports from the girls.",
        "82 Birch Street is where I sleep, the man below took passports from the girls.",
        "I live at 82 Birch Street, where I sleep and the neighbor has passports of girls.",
        "My husband has us at his mom's. I live at 82 Birch Street and he sells girls.",
        "My ex has us at his sister's. We live at 82 Birch Street and he sells girls.",
    ],
)
def test_a_bystanders_home_does_not_stand_beside_like_words(said: str) -> None:
    assert "82 Birch" not in scrub(said).text


def test_what_stood_somewhere_says_nothing_of_who_looked() -> None:
    said = "There was a lacquered birdcage by the window. Call me at 406-555-0138."
    assert "There was a lacquered birdcage by the window." in scrub(said).text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("There is one night clerk at the Sunset Inn and she is writing this.", "clerk"),
        ("There is a nurse on nights at Mercy Clinic who writes this.", "nurse"),
        ("There is a mail carrier on this route since 2009 who sends this.", "carrier"),
        ("Hay una cocinera en la escuela Green Tree, la que escribe.", "cocinera"),
    ],
)
def test_who_writes_of_themselves_as_of_another_is_masked(said: str, told: str) -> None:
    assert told not in scrub(said).text


@pytest.mark.parametrize("said", ["He's family.", "They're cousins.", "shes kin."])
def test_whose_kin_somebody_is_is_no_deed(said: str) -> None:
    told = said.split()[1]
    assert told not in scrub(f"{said} He sells girls at the Budget Inn.").text


def test_what_is_done_to_a_victim_stands() -> None:
    assert scrub("He hits Lena every night in room 214.").text.startswith("He hits [held]")


def test_a_street_in_capitals_is_no_plate() -> None:
    seen = scrub("I SAW BRUISES ON HER ARMS. WE OWN A BAKERY AT 418 MAPLE COURT.").text
    assert "418" not in seen
    assert "MAPLE" not in seen
