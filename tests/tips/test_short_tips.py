"""A short tip is a tip: it is taken, its scene stays, and a captive's own words stay with it."""

from datetime import UTC, datetime

import pytest

from tipintake.tips.cleaning import Cleaned, clean
from tipintake.tips.draft import LocationDraft, TipDraft

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)


def cleaned(words: str, *, victim: bool = False) -> Cleaned:
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="NOW",
        minor_present="UNKNOWN",
        narrative=words,
        reporter_is_victim=victim,
        police_consent=True if victim else None,
    )
    assert not draft.check(now=NOW)
    return clean(draft)


# What was typed, and the words of the scene that an agency must be able to read.
SHORT = [
    ("I am the housekeeper, there is a girl locked in 214", "there is a girl locked in 214"),
    ("im the night clerk, a man keeps two girls in room 118", "two girls in room 118"),
    ("I drive for uber and dropped 3 scared girls at the Red Roost", "dropped 3 scared girls"),
    (
        "I work here. There is a woman who sleeps in the laundry",
        "a woman who sleeps in the laundry",
    ),
    ("soy camarista, hay una niña encerrada en el cuarto 214", "encerrada en el cuarto 214"),
    ("trabajo de noche, un hombre trae muchachas cada viernes", "trae muchachas cada viernes"),
]
CAPTIVE = [
    ("my boss keeps my passport and does not pay me", "keeps my passport and does not pay me"),
    ("I am 16 and there is an ad of me. Please help.", "16 and there is an ad of me"),
    ("my mom's boyfriend sells me please help me", "boyfriend sells me"),
    ("my boyfriend makes me sleep with men", "boyfriend makes me sleep with men"),
    (
        "I work nights at the Example Inn because he makes me stay, I am in room 214",
        "I am in room 214",
    ),
    (
        "I sleep in the trailer behind the barn at 500 Highway Z, Wentzville, they lock it",
        "the trailer behind the barn at 500 Highway Z",
    ),
    ("My husband Rick makes me see men at the Copper Kettle Inn", "Rick makes me see men"),
    ("mi esposo Rick me obliga a trabajar en el motel", "Rick me obliga a trabajar en el motel"),
    ("mi jefe tiene mi pasaporte y no me paga", "tiene mi pasaporte y no me paga"),
    ("my dad sells me to his friends, i am 12", "sells me to his friends"),
    ("we are locked in the house behind the tire shop, they lock us in", "behind the tire shop"),
    ("no nos dejan salir de la bodega en la salida 210", "la bodega en la salida 210"),
]
TOLD_BY_THE_FORM = [
    ("my room is 214 at the Example Inn, he comes back at 6", "room is 214 at the Example Inn"),
    ("I am in the blue trailer behind the barn on Highway Z", "the blue trailer behind the barn"),
    ("estoy en el cuarto 12 del motel azul, vuelve a las 6", "cuarto 12 del motel azul"),
]


@pytest.mark.parametrize(("words", "scene"), SHORT)
def test_a_short_tip_is_taken_and_its_scene_stays(words: str, scene: str) -> None:
    tip = cleaned(words)
    assert not tip.problems()
    assert scene in tip.draft.narrative


@pytest.mark.parametrize(("words", "scene"), SHORT)
def test_the_writers_job_still_goes(words: str, scene: str) -> None:
    assert tip_start(words) not in cleaned(words).draft.narrative


def tip_start(words: str) -> str:
    """The clause in which the writer speaks of themselves."""
    return " ".join(words.replace(",", " ").replace(".", " ").split()[:3])


@pytest.mark.parametrize(("words", "scene"), CAPTIVE)
def test_a_captives_words_stay(words: str, scene: str) -> None:
    tip = cleaned(words)
    assert not tip.problems()
    assert scene in tip.draft.narrative


@pytest.mark.parametrize(("words", "scene"), [*TOLD_BY_THE_FORM, *CAPTIVE])
def test_who_says_to_be_in_the_situation_is_believed(words: str, scene: str) -> None:
    tip = cleaned(words, victim=True)
    assert not tip.problems()
    assert scene in tip.draft.narrative


def test_a_captives_own_name_and_number_still_go() -> None:
    tip = cleaned(
        "My name is Amparo Quispe, call me at 314-555-0163. He locks me in room 9.", victim=True
    )
    assert "Quispe" not in tip.draft.narrative
    assert "0163" not in tip.draft.narrative
    assert "room 9" in tip.draft.narrative


def test_the_exploiters_number_stays_although_it_begins_with_my() -> None:
    assert "314-555-0142" in cleaned("My pimp's number is 314-555-0142").draft.narrative


def test_a_nervous_clerk_is_no_captive() -> None:
    tip = cleaned("I am the night clerk at the Copper Kettle Inn and he makes me nervous.")
    assert "night clerk" not in tip.draft.narrative


def test_words_that_are_held_count_as_words() -> None:
    tip = cleaned("my neighbor keeps a girl in his basement")
    assert not tip.problems()


@pytest.mark.parametrize(
    "place",
    [
        {"city": "O'Fallon, IL 62269"},
        {"city": "Saint Louis, MO 63141"},
        {"city": "Creve Coeur IL 61610"},
        {"city": "Wentzville, MO 63385"},
        {"name": "Motel 6"},
        {"name": "Super 8", "street": "1200 Main Street"},
        {"unit": "214"},
    ],
)
def test_a_place_in_its_field_is_evidence(place: dict[str, str]) -> None:
    draft = TipDraft(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        indicators=("HTL_CASH",),
        locations=(LocationDraft.from_mapping(place),),
    )
    (kept,) = clean(draft).draft.locations
    assert {name: getattr(kept, name) for name in place} == place


def test_a_name_and_phone_in_a_place_field_still_go() -> None:
    draft = TipDraft(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        indicators=("HTL_CASH",),
        locations=(LocationDraft(name="Copper Kettle Inn, call me at 636-555-0104"),),
    )
    (kept,) = clean(draft).draft.locations
    assert kept.name.startswith("Copper Kettle Inn")
    assert "0104" not in kept.name


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://social.example/p/abc?igshid=ME123", "https://social.example/p/abc?"),
        ("social.example/x?id=77&invited_by=joan88", "social.example/x?id=77&"),
        ("social.example/x?id=77&fbclid=IwMe99", "social.example/x?id=77&"),
        ("https://ads.example/?u=1&email=me@mail.example", "https://ads."),
    ],
)
def test_a_pasted_address_does_not_tell_who_shared_it(address: str, left: str) -> None:
    narrative = cleaned(f"The ad with her picture is at {address} since Friday").draft.narrative
    assert left in narrative
    for secret in ("ME123", "joan88", "IwMe99", "me@mail"):
        assert secret not in narrative


@pytest.mark.parametrize("phone", ["636-555-0104", "636 555 0104", "(636) 555-0104"])
def test_a_bare_phone_in_a_field_of_two_words_is_not_in_clear(phone: str) -> None:
    draft = TipDraft(
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        indicators=("HTL_CASH",),
        locations=(LocationDraft(name=phone),),
    )
    assert "0104" not in clean(draft).draft.locations[0].name
