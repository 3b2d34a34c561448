"""One detector of a writer who is held; what it hears in a quotation counts for that alone."""

import pytest

from tipintake.privacy.scrub import scrub
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.rules import captivity
from tipintake.privacy.scrub.rulings import TokenIndex
from tipintake.privacy.scrub.tokens import tokenize

HELD = [
    "I am held at a house on Elm.",
    "They won't let me leave.",
    "they wont let us eat",
    "they don’t pay us, we sleep at the shop",
    "he took my shoes",
    "She has my kids at his mom's.",
    "my madam keeps the key",
    "there are pictures of me on that page",
    "He pimps me from room 12.",
    "they make us stand outside",
    "we are trafficked from Joplin",
    "they tied me up",
    "Kim nos quita la propina",
    "no nos pagan",
    "me hacen bailar",
    "tienen mi celular",
    "hay un anuncio con mis fotos",
    "me explotan en la cocina",
    "no me dejan salir",
    "estamos encerradas en el sótano",
]
FREE = [
    "I can't leave my desk before six.",
    "My boss won't let me leave early.",
    "no puedo salir de noche por miedo",
    "The girls were held in a basement.",
    "I saw her locked in a van.",
    "She works at the spa and cannot leave.",
]


def told(text: str) -> tuple[tuple[int, int], ...]:
    an = analyse(text, tokenize(text))
    return captivity(an, TokenIndex(an)).stretches


@pytest.mark.parametrize("text", HELD)
def test_who_is_held_is_heard(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize("text", FREE)
def test_a_bystander_is_not_taken_for_one_who_is_held(text: str) -> None:
    assert not told(text)


def test_what_a_captive_wrote_in_a_note_counts_for_the_note_alone() -> None:
    text = 'I clean rooms at the inn and found a note "he has my baby, im in 12" by the door.'
    (stretch,) = told(text)
    assert text[slice(*stretch)] == '"he has my baby, im in 12"'
    an = analyse(text, tokenize(text))
    assert not captivity(an, TokenIndex(an)).sentences
    seen = scrub(text).text
    assert "im in 12" in seen
    assert "I clean rooms" not in seen
