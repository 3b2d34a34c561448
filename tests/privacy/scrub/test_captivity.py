"""One detector of a writer who is held; what it hears in a quotation counts for that alone."""

import pytest

from tipintake.privacy.scrub import scrub
from tipintake.privacy.scrub.captivity import Captivity, captivity
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.findings import Verdict
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
    "me obliga a acostarme con hombres",
    "I'm never allowed out of the house",
    "he sells me to the truckers",
    "he sells me 5 times a night",
    "he tied me up in the basement",
    "the guy that forces me to see men",
    "they wont let me leave until i pay",
    "no me dejan salir de la casa por nada",
    "se quedo con mis papeles",
    "my husband hides my passport",
    "the officer forces me to have sex",
    "i cant leave work until my debt is paid, i sleep at the warehouse",
    "I am a nurse from Manila and they hold our passports",
    "a girl told me run but they locked me in",
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
    "My wife keeps me inside because of my lungs.",
    "My conscience forces me to report this.",
    "My knee keeps me at home all day.",
    "The consulate has my passport.",
    "They have my passport at the embassy.",
    "My manager forced me to check them in.",
    "They made me stay late at the front desk.",
    "I'm trapped in a lease.",
    "He sells us tamales every Sunday.",
    "He kept me here for an hour.",
    "My mom won't let me go to the police.",
    "My parents dont let me out after 9.",
    "The girl said he took my passport and I am in room 12.",
    "I couldn't leave, I was the only nurse, I am at Mercy nights.",
    "My boss makes me work nights and I'm at the front desk.",
    "he wont let me leave alone",
    "I can't leave until I pay my debt.",
    "perdi la cartera con mi identificacion",
    "me tienen en la lista de turnos",
    "they locked me in the store by accident once",
    "my pimp used to be Rico, I got out in 2019",
    "he used to lock me in",
    "My boss has me on nights.",
    "My company has me at the motel every Friday.",
    "The landlord won't let us have pets. We are at 418 Maple Court.",
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
    "She is not allowed to leave the spa.",
    "The girls are not allowed out.",
    "They never let go of the girls.",
    "He forced me off the road.",
    "me vende tortillas",
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


SURVIVORS = [
    "my pimp used to be Rico Vance, i got out in 2019, i live at 45 Lemp Ave now",
    "he locked me in and i ran, now i live at 45 Lemp Ave",
    "my ex husband took my papers, i am divorced, i live with my mom at 45 Lemp Ave",
    "mi padrote me encerraba, me escape y ahora vivo en 45 Lemp Ave",
]


@pytest.mark.parametrize("text", SURVIVORS)
def test_where_who_got_out_lives_now_does_not_stand(text: str) -> None:
    assert "45 Lemp" not in scrub(text).text


def test_who_was_caught_again_is_held() -> None:
    assert heard("I ran but he caught me and locked me in").sentences
    assert heard("now I live in their basement and they keep my passport").sentences


HARMED = [
    "they say I owe 9000.",
    "help me please.",
    "he gets mad if I dont make 500 a night.",
    "men come to my room.",
    "nos rentan por noche.",
    "mi novio me lleva con hombres.",
]


@pytest.mark.parametrize("text", HARMED)
def test_where_the_writer_may_be_harmed_the_home_waits(text: str) -> None:
    told = f"I live at 45 Lemp Ave, {text}"
    (home,) = (one for one in scrub(told).findings if "45 Lemp" in told[one.start : one.end])
    assert home.verdict is Verdict.UNSURE


@pytest.mark.parametrize("room", ["at the motel 6 room 118", "in room 212", "in camp 4 row 2"])
def test_a_lodging_waits(room: str) -> None:
    text = f"There are girls next door, I stay {room}."
    removed = [one for one in scrub(text).findings if one.verdict is Verdict.REMOVE]
    assert not any(room[-3:] in text[one.start : one.end] for one in removed)


def test_what_a_captive_wrote_in_a_note_counts_for_the_note_alone() -> None:
    text = 'I clean rooms at the inn and found a note "he has my baby, im in 12" by the door.'
    (stretch,) = heard(text).stretches
    assert text[slice(*stretch)] == '"he has my baby, im in 12"'
    assert not heard(text).sentences
    seen = scrub(text).text
    assert "im in 12" in seen
    assert "I clean rooms" not in seen


@pytest.mark.parametrize(
    "said",
    [
        "The landlord won't let us have pets. We live at 418 Maple Court, girls scream nearby.",
        "My boss has me on nights, I live at 418 Maple Court and see them come and go.",
        "My boss makes me work nights and I am at 418 Maple Court until then.",
    ],
)
def test_an_address_beside_what_a_bystander_says_too_is_not_shown(said: str) -> None:
    assert "418 Maple" not in scrub(said).text


@pytest.mark.parametrize(
    "said",
    [
        "He took us to guys who fix cars. I live at 27 Ridge Manor Court.",
        "My boss sends me to customers. I live at 27 Ridge Manor Court.",
        "My passport is with the lady at the consulate. I live at 27 Ridge Manor Court.",
        "He asked me to take us to men's clothing. I live at 27 Ridge Manor Court.",
    ],
)
def test_who_is_driven_somewhere_is_not_held_by_that(said: str) -> None:
    assert "27 Ridge" not in scrub(said).text


@pytest.mark.parametrize(
    "said",
    [
        "The church bus takes us to men and women in jail. I live at 27 Ridge Manor Court.",
        "Uber sends us to strangers all day. I live at 27 Ridge Manor Court.",
        "My passport is with her at the travel agency. I live at 27 Ridge Manor Court.",
        "My husband travels, my passport is in his bag. I live at 27 Ridge Manor Court.",
        "We are not allowed outside at recess. I live at 27 Ridge Manor Court.",
        "I'm not allowed outside after my surgery. I live at 27 Ridge Manor Court.",
        "nos mandan a los hombres de seguridad cuando llamamos. vivo en 27 Ridge Manor Court",
        "Nos llevan a los viejos a la clinica en camion. Vivo en 27 Ridge Manor Court.",
        "My trafficker is in jail. He sold me to men. Two kids. I am at 27 Ridge Manor now.",
        "I was sold to a man in 2015. He still does it at the Super 8. I'm at 27 Ridge Manor.",
        "Mi padrote está preso. Su primo tiene dos niñas. Estoy en los apartamentos 27 Ridge.",
        "Me quitaron el pasaporte hace años. Ya estoy bien. Estoy en el edificio 27 Ridge.",
        "The girl next door knocked. She said he locked me in and sold me. I am in unit 27 Ridge.",
        "As a survivor: he locks them in like he locked me in. I am in unit 27 Ridge.",
        "Fui víctima. Me encerró un año. Hoy estoy en el apto 27 Ridge y lo vi otra vez.",
        "DHS has my papers. I saw two girls next door. I am in apartment 27 Ridge.",
        "My landlord won't let me out of my lease. A girl is in 14. I am in apartment 27 Ridge.",
    ],
)
def test_where_a_survivor_or_a_bystander_is_is_not_shown(said: str) -> None:
    assert "27 Ridge" not in scrub(said).text


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("my passport is in his drawer. i am in the room behind 27 ridge", "27 ridge"),
        ("Our passports are with the lady. We live at 27 Ridge Manor Court.", "27 Ridge"),
        ("We are not allowed outside. I live at 27 Ridge Manor Court.", "27 Ridge"),
        ("They lock us in during the day. We are in room 9 at the Super 8.", "room 9"),
        ("I came here as a kid. He sells me. Dogs bark. I am in room 9 of the Super 8.", "room 9"),
        ("He won't let me leave because I owe him. I am in room 9 at the Super 8.", "room 9"),
        ("He took my passport, I can't leave. Dogs bark. I am in room 9 of the inn.", "room 9"),
        ("Ya no me deja salir. Estoy en la casa azul de la calle Page 3311.", "Page 3311"),
        ("Cuando era niña me vendió. Me tiene encerrada. Estoy en la casa de Page 3311.", "3311"),
    ],
)
def test_where_who_is_held_now_is_stands(said: str, value: str) -> None:
    assert value in scrub(said).text
