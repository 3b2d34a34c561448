"""One detector of a writer who is held; what it hears in a quotation counts for that alone."""

import pytest

from tipintake.privacy.scrub import scrub
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.findings import Verdict
from tipintake.privacy.scrub.rules import Captivity, captivity
from tipintake.privacy.scrub.rulings import TokenIndex
from tipintake.privacy.scrub.tokens import tokenize

SURELY_HELD = [
    "I am held at a house on Elm.",
    "They won't let me leave.",
    "they don’t pay us, we sleep at the shop",
    "I am in room 9 and he has my phone",
    "my madam keeps the key",
    "He pimps me from room 12.",
    "they make us stand outside",
    "we are trafficked from Joplin",
    "they tied me up",
    "me hacen bailar",
    "hay un anuncio con mis fotos",
    "me explotan en la cocina",
    "no me dejan salir",
    "estamos encerradas en el sótano",
    "la señora guarda mi pasaporte",
    "me obligan a trabajar",
]
PERHAPS_HELD = [
    "they wont let us eat",
    "he took my shoes",
    "She has my kids at his mom's.",
    "there are pictures of me on that page",
    "Kim nos quita la propina",
    "no nos pagan",
    "tienen mi celular",
    "My boss makes me work nights.",
    "I can't leave.",
]
FREE = [
    "I had my phone with me.",
    "I always keep my keys at hand.",
    "The noise keeps me up at night.",
    "They keep me on hold when I call.",
    "A man took my phone number.",
    "He sold us the house.",
    "Mi pasaporte es mexicano.",
    "Perdí mi identificación.",
    "Me tienen preocupada.",
    "No puedo irme sin avisar.",
    "I can't leave home because of my knee.",
    "I can't leave my desk before six.",
    "My boss won't let me leave early.",
    "no puedo salir de noche por miedo",
    "The girls were held in a basement.",
    "I saw her locked in a van.",
    "She works at the spa and cannot leave.",
]


def heard(text: str) -> Captivity:
    an = analyse(text, tokenize(text))
    return captivity(an, TokenIndex(an))


@pytest.mark.parametrize("text", SURELY_HELD)
def test_who_is_held_is_heard(text: str) -> None:
    assert heard(text).sentences
    assert not heard(text).perhaps


@pytest.mark.parametrize("text", PERHAPS_HELD)
def test_what_a_bystander_says_as_well_is_no_captives_sentence(text: str) -> None:
    assert heard(text) == Captivity(perhaps=True)


@pytest.mark.parametrize("text", FREE)
def test_a_bystander_is_not_taken_for_one_who_is_held(text: str) -> None:
    assert heard(text) == Captivity()


@pytest.mark.parametrize("text", [*PERHAPS_HELD, *FREE])
def test_a_bystanders_home_does_not_stand_for_what_a_captive_would_say(text: str) -> None:
    told = f"{text.rstrip('.')}. I live at 418 Maple Court and girls are locked in across."
    assert "418 Maple" not in scrub(told).text


def test_where_it_may_be_a_captive_the_home_waits() -> None:
    text = "He took my shoes. I live at 418 Maple Court."
    (home,) = (one for one in scrub(text).findings if "418" in text[one.start : one.end])
    assert home.verdict is Verdict.UNSURE


def test_what_a_captive_wrote_in_a_note_counts_for_the_note_alone() -> None:
    text = 'I clean rooms at the inn and found a note "he has my baby, im in 12" by the door.'
    (stretch,) = heard(text).stretches
    assert text[slice(*stretch)] == '"he has my baby, im in 12"'
    assert not heard(text).sentences
    seen = scrub(text).text
    assert "im in 12" in seen
    assert "I clean rooms" not in seen
