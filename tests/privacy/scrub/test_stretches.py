"""Where a masked stretch begins and ends: one question to the resident for what is one thing."""

import pytest

from tipintake.privacy.scrub import Verdict, scrub

SEEN_BY_KIN = (
    "Trabajo limpiando cuartos en el Motel Pine de la First Capitol y cada viernes llega una van "
    "gris placas AB1 C2D con tres muchachas. Mi prima Lupita tambien las vio. Una se llama "
    "Daniela y dice que tiene 16. Mi cel es 636-555-0143 pero por favor no digan que fui yo, soy "
    "la unica que trabaja de noche los viernes. El anuncio dice 314-555-0188."
)


def masked(said: str) -> list[str]:
    return [
        said[one.start : one.end]
        for one in scrub(said).findings
        if one.verdict is not Verdict.KEEP
    ]


def test_a_plain_word_beside_what_is_held_is_no_question_of_its_own() -> None:
    assert "pero por favor no digan que fui yo" in " | ".join(masked(SEEN_BY_KIN))


def test_what_leads_to_a_number_that_stays_stands_with_it() -> None:
    assert "El anuncio dice 314-555-0188" in scrub(SEEN_BY_KIN).text


def test_who_is_named_in_the_next_sentence_is_introduced_there() -> None:
    assert "Una se llama [removed]" in scrub(SEEN_BY_KIN).text


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (
            "Night clerk has bedpage.example/girl/12345. He pays the girls with pills.",
            "Night clerk",
        ),
        ("Enfermera de Mercy plate AB1C234. A man brings girls to room 9.", "Enfermera"),
        (
            "I live across from the spa and my kids see it all. Stepdad @sweetgirl99. He is 40.",
            "across from the spa",
        ),
    ],
)
def test_who_wrote_does_not_stand_for_leading_to_a_number(said: str, who: str) -> None:
    assert who not in scrub(said).text


SISTER = (
    "i clean rooms and my sister peaches cleans with me on sundays. There is a girl about 15 in "
    "room 212 and men come all night. Last friday peaches opened the door for them with the key."
)
ROOMMATE = (
    "My roommate zlatka told me, we live upstairs from the spa. Men come all night. Last friday "
    "zlatka opened the door for them."
)
SUPERVISOR = (
    "I'm the housekeeper, nguyet my supervisor will fire me. Hay una muchacha en el cuarto 212. "
    "El viernes nguyet le llevo comida."
)


@pytest.mark.parametrize(
    ("said", "name"), [(SISTER, "peaches"), (ROOMMATE, "zlatka"), (SUPERVISOR, "nguyet")]
)
def test_a_small_written_name_beside_a_job_is_masked_wherever_it_stands(
    said: str, name: str
) -> None:
    assert name not in scrub(said).text
