"""A dozen words about a vehicle, a pimp or an ad are evidence; the writer in them still goes."""

import pytest

from tipintake.privacy.scrub import scrub


@pytest.mark.parametrize(
    "text",
    [
        "white van MO plate 4KX 1J2 behind the motel every friday",
        "camioneta blanca placa 4KX 1J2 detrás del motel cada viernes",
        "her pimp is called Dre, number 636-555-0120",
        "anuncio con el número 314-555-0188, misma muchacha",
        "black Tahoe IL plate XR4 T9P, tinted, 3 girls inside",
        "two girls in room 214 Super 8 Bridgeton",
        "Not the motel in O'Fallon but the one in Wentzville.",
        "Which color was the van, and was anything on it?",
        "casa en 1420 Tansy St, muchas mujeres, ventanas tapadas",
    ],
)
def test_plain_evidence_in_a_few_words_stays(text: str) -> None:
    assert scrub(text).text == text


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Night porter, the Wexford. A boy was left with a stranger for a stack of bills.",
            "porter",
        ),
        ("Apartment 2A here. 2B gets eight or nine callers a night; a woman sobs after.", "2A"),
        ("girl crying in a van outside the spa, pimp watching. 314-555-0163", "0163"),
        ("ad for a girl at the inn. her sister's phone number 314-555-0129", "0129"),
        ("taxista. la subieron dormida. hotel prairie rose a la calle Utah 2745", "taxista"),
        ("Desk clerk at Super 8 on Page, can police come tonight?", "clerk"),
        ("Works nights at the Drury Inn, can somebody check room 12?", "nights"),
        ("Housekeeper at Super 8, girls in 214, who should be called?", "Housekeeper"),
        ("Recamarera del Super 8, niñas en el cuarto 214, ¿a quién se llama?", "Recamarera"),
        ("pimp in 214. my number 314-555-0163", "0163"),
        ("ad for the girl in 214, night clerk Tom, phone 314-555-0163", "0163"),
        ("anuncio de la niña, recepcionista Luz, tel 314-555-0163", "0163"),
    ],
)
def test_what_may_be_the_writers_does_not(text: str, own: str) -> None:
    assert own not in scrub(text).text


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Neighbor at Oak Terrace Apartments. Girls go in and out of 12 all night.",
            "Oak Terrace",
        ),
        ("Concerned resident of Maple Court: men come to unit 7 at all hours.", "Maple Court"),
        ("Two men carried a girl to a white van. A neighbor on Chippewa Street", "Chippewa"),
        ("Vecina de la calle Chippewa. Hay una van blanca cada viernes.", "Chippewa"),
        ("Dos hombres subieron a la niña.\nVecino preocupado de Cherokee.", "Cherokee"),
    ],
)
def test_who_signs_as_a_neighbor_is_not_shown_by_where(text: str, own: str) -> None:
    assert own not in scrub(text).text


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("Neighbor at Oak Terrace keeps two girls in the basement.", "Oak Terrace"),
        ("The neighbor in 4B screams every night, a girl of 14.", "4B"),
        ("A girl of 14 screams every night. The neighbor at 14 Elm Court did it.", "14 Elm Court"),
        ("Tenant at Oak Terrace. They took my passport and I cannot leave.", "Oak Terrace"),
        ("Inquilina de Oak Terrace. Me quitaron el pasaporte y no puedo salir.", "Oak Terrace"),
        ("El vecino de Oak Terrace tiene encerradas a dos niñas.", "Oak Terrace"),
    ],
)
def test_a_neighbor_who_is_told_of_stays(text: str, scene: str) -> None:
    assert scene in scrub(text).text


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Girls cry there. Not the third floor window but the one next to it.", "third floor"),
        ("Not the 418 Maple house, the one next to it", "418"),
        ("There are few bus drivers. Veo a dos muchachas.", "few bus drivers"),
    ],
)
def test_what_is_set_right_may_be_the_writers_own_place(text: str, own: str) -> None:
    assert own not in scrub(text).text
