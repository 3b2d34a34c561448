"""Where a masked stretch begins and ends: one question to the resident for what is one thing."""

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
