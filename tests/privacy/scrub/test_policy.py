"""The examples that explain the policy, the cases that must never go wrong, short fields."""

import json
from pathlib import Path
from typing import Any

import pytest

from tipintake.privacy.scrub import Finding, KnownEvidence, Verdict, Writer, scrub
from tipintake.privacy.scrub.features import analyse
from tipintake.privacy.scrub.findings import Mark
from tipintake.privacy.scrub.restraint import restrained
from tipintake.privacy.scrub.scrubber import spare_next_clause
from tipintake.privacy.scrub.tokens import tokenize

HERE = Path(__file__).parent


def cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", cases(HERE / "danger.jsonl"), ids=lambda case: case["id"])
def test_a_captives_whereabouts_and_a_suspects_name_are_never_removed(
    case: dict[str, Any],
) -> None:
    seen = scrub(case["text"]).text
    for value in case["keep"]:
        assert value in seen


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("My name is Laura Benson.", ["Laura", "Benson"]),
        ("my name is laura benson and i saw a van", ["laura", "benson"]),
        ("Call me at 636-555-0117.", ["636-555-0117", "0117"]),
        ("you can text me at (314) 555-0163 after six", ["555-0163"]),
        ("call me at 3 one 4 five five five 01 six3", ["five five"]),
        ("Email me at l.benson@mail.example.", ["l.benson", "mail.example"]),
        ("Write back to laura dot benson at mail dot example", ["laura", "benson"]),
        ("I live at 418 Maple Court and the noise is at 422 Maple Court.", ["418"]),
        ("I am a retired school nurse living at 4118 Maple Court. A van comes at 2.", ["4118"]),
        ("I rent the back bedroom at 614 Elm Avenue. Girls come to 616.", ["614"]),
        ("A man named Tico left our house at 1906 Fern Lane with a girl.", ["1906"]),
        ("Workers sleep in the shop. 12 Gander Road is us, we hear it.", ["12 Gander"]),
        ("The manse where my wife and I live, 19 Church Street, looks out on it.", ["19 Church"]),
        ("We live at 12 Elm Street.", ["12 Elm"]),
        ("Me llamo Rosa Jiménez y vi todo.", ["Rosa", "Jiménez"]),
        ("Mi teléfono es 314-555-0112.", ["0112"]),
        ("Llámenme al 314 555 0138.", ["0138"]),
        ("Vivo en 418 Maple Court.", ["418"]),
        ("Received: from 203.0.113.24 by mx1.mail.example", ["203.0.113.24", "mx1"]),
        ("It came from 198.51.100.23 I think", ["198.51.100.23"]),
        ("Look at the house.\nSent from my iPhone", ["iPhone"]),
        ("Girl's name is Ashlyn Roe, she is 15.", ["Ashlyn", "Roe"]),
    ],
)
def test_what_stands_behind_a_plain_cue_is_gone(text: str, gone: list[str]) -> None:
    seen = scrub(text).text
    for value in gone:
        assert value not in seen


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ('The ad reads: "call me at 636-555-0188, incall near Highway K".', "636-555-0188"),
        ("The ad says text 314-555-0142 and ask for Kayla.", "314-555-0142"),
        ("Plate AB1 C2D, silver Camry.", "AB1 C2D"),
        (
            "Posted at https://ads.example/stl/post/88231 today.",
            "https://ads.example/stl/post/88231",
        ),
        ("They drive to exit 219 on I-70.", "exit 219 on I-70"),
    ],
)
def test_evidence_stays(text: str, stays: str) -> None:
    assert stays in scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        "The website is down so text 314-555-0124.",
        "The ad is gone now, text 314-555-0124 for screenshots.",
        "The post is deleted but text 314-555-0124 and I can send it.",
        "The card is here, phone 314-555-0124.",
        "Their line is busy, use 314-555-0124 instead.",
        "The flyer is with us, 314-555-0124.",
        "The listing has girls, Mary Wexler 314-555-0124",
    ],
)
def test_an_ad_that_is_merely_spoken_of_makes_no_number_its_own(text: str) -> None:
    assert "0124" not in scrub(text).text


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        (
            "We live right next door, 1420 Salisbury. 1422 is where they keep the women.",
            "1420",
            "1422",
        ),
        ("home address 822 Bates St. suspect address 830 Bates", "822", "830 Bates"),
        ("Address of reporter: 822 Bates St. They keep her at 830 Bates.", "822", "830 Bates"),
        (
            "From 822 Bates St we see the girls get into a van at 830 Bates St.",
            "822",
            "830 Bates",
        ),
        ("We own 822 Bates St. The girls are in 830.", "822", "830"),
        ("I'm the neighbor at 822 Bates St and the girls are in 830.", "822", "830"),
        ("His home address is 830 Bates St.", "822", "830 Bates"),
    ],
)
def test_where_the_writer_lives_goes_and_the_house_of_the_scene_stays(
    text: str, gone: str, stays: str
) -> None:
    seen = scrub(text).text
    assert gone not in seen
    assert stays in seen


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("paypal.me/marysmith22 for the reward. Girls are kept on Miami St.", "marysmith22"),
        ("my ring video: https://ring.example/share/abc-123 shows the van", "abc-123"),
        ("my insta is @mary_smith_22, the van comes at nine", "mary_smith_22"),
        ("contact maryjsmith@gmail the girls are at 4410 Gravois", "maryjsmith"),
    ],
)
def test_an_own_page_or_unfinished_address_is_not_shown(text: str, gone: str) -> None:
    assert gone not in scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        "my pimp Dre 3145550123 makes me work at the Relax Inn",
        "the madam's whatsapp 3145550123",
        "The ad is at https://ads.example/p/1 and his insta is @bigrell",
    ],
)
def test_the_number_or_page_of_a_pimp_stays(text: str) -> None:
    assert scrub(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "The ad has the number 314-555-0142 on it.",
        "ad is 314-555-0142",
        "His number, 314-555-0142, is on the card.",
    ],
)
def test_the_number_of_an_ad_stays(text: str) -> None:
    assert "314-555-0142" in scrub(text).text


def test_a_value_of_a_structured_field_is_kept_wherever_it_stands() -> None:
    known = KnownEvidence(
        plates=("LK9 P3R",),
        ad_phones=("314-555-0142",),
        rooms=("room 214",),
        addresses=("418 Maple Court, Wentzville",),
        handles=("@velvet.stl",),
        urls=("https://ads.example/p/1",),
    )
    text = (
        "My car is by room 214 at 418 Maple Court, call me at (314) 555 0142, plate LK9P3R,"
        " my handle @velvet.stl and ads.example/p/1"
    )
    seen = scrub(text, known=known).text
    for value in (
        "214",
        "418 Maple Court",
        "(314) 555 0142",
        "LK9P3R",
        "@velvet.stl",
        "ads.example/p/1",
    ):
        assert value in seen


@pytest.mark.parametrize(
    "field",
    [
        "Copper Kettle Inn",
        "the Lotus & Pearl on Watson",
        "Motel Las Colinas",
        "Mom's Diner",
        "red hoodie, gold chain, white Jordans",
        "sudadera roja y gorra negra",
        "King",
        "Big Lonnie",
        "el Güero",
        "Prophet",
        "dent in left door, ladder rack",
        "about 35, tall, beard",
        "blue house with green shutters",
        "Maria's Nails",
        "Dre",
        "@kingdollaz",
        "rivercityrubs.example/listing/3320",
    ],
)
def test_a_bare_field_stays_as_it_is(field: str) -> None:
    assert scrub(field).text == field


@pytest.mark.parametrize(
    ("field", "gone"),
    [
        ("Copper Kettle Inn, 314-555-0163", "555-0163"),
        ("ask for me, my name is Laura", "Laura"),
        ("red hoodie, mail l.benson@mail.example", "benson"),
        ("Motel Rey, mi nombre es Rosa", "Rosa"),
    ],
)
def test_a_contact_or_an_own_name_in_a_bare_field_goes(field: str, gone: str) -> None:
    assert gone not in scrub(field).text


@pytest.mark.parametrize(
    ("field", "gone"),
    [
        ("Motel donde trabajo, Drury Inn", "donde trabajo"),
        ("uniforme del hotel donde trabajo", "donde trabajo"),
        ("Drury Inn donde trabajaba", "donde trabajaba"),
        ("edificio donde vivimos, 412 Elm St", "vivimos"),
        ("Joan Doe saw it", "Joan"),
        ("Seen by Joan Doe", "Joan"),
        ("visto por Juana Pérez", "Juana"),
        ("Joan Doe, the witness", "Joan"),
    ],
)
def test_a_bare_field_that_speaks_of_its_writer_without_i_is_no_bare_one(
    field: str, gone: str
) -> None:
    assert gone not in scrub(field, writer=Writer(short_field=True)).text


@pytest.mark.parametrize(
    "field",
    [
        *(
            "ropa de trabajo",
            "camioneta de trabajo",
            "rojo vivo",
            "un cuarto limpio",
            "Maria's Spa",
        ),
        *("tattoo that says Maria", "seen by the pool", "lo vi dos veces", "La Vi En Rosa"),
    ],
)
def test_words_like_those_of_its_writer_stay_in_a_bare_field(field: str) -> None:
    assert scrub(field, writer=Writer(short_field=True)).text == field


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Marisol is back at the motel.", "Marisol"),
        ("they took Marisol to Chicago", "Marisol"),
        ("se llevaron a Marisol a Chicago", "Marisol"),
        ("Tito moved Marisol to room 9", "Marisol"),
        ("marisol is back", "marisol"),
        ("Marisol Vega, room 114", "Vega"),
        ("Marisol", "Marisol"),
        ("The housekeeper Rosa knows", "Rosa"),
        ("Pregúntenle a Rosa", "Rosa"),
        ("Pedro también lo vio", "Pedro"),
        ("Joan again", "Joan"),
    ],
)
def test_a_name_in_a_few_words_that_somebody_tells_does_not_stand(answer: str, name: str) -> None:
    """What was told of it before is not known here: an answer is read by itself."""
    assert name not in scrub(answer, writer=Writer(told=True)).text


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "Tito drives the van now",
            "He said his name is Rico",
            "Budget Inn on Watson",
            "Ferguson",
        ),
        *(
            "Wentzville",
            "in Troy, Illinois",
            "Troy exit",
            "Florence Inn",
            "room 114",
            "Kansas City",
        ),
        *("the Lotus Spa, Maria's Nails", "A Ford Explorer and a Lincoln", "near Denny's"),
        *("yes Friday and Saturday", "de San Luis a Chicago", "the girl from Honduras"),
    ],
)
def test_a_suspect_or_place_in_a_few_words_that_somebody_tells_stands(answer: str) -> None:
    assert scrub(answer, writer=Writer(told=True)).text == answer


def test_the_victims_name_is_a_finding_of_a_vault_kind() -> None:
    text = "The victim is Maria Delgado. The man holding her is Carl Reyes."
    scrubbed = scrub(text)
    vault = [f for f in scrubbed.findings if f.kind in ("VICTIM_NAME", "MINOR_NAME")]
    assert "Maria Delgado" in [text[f.start : f.end] for f in vault]
    assert "Carl Reyes" in scrubbed.text


def test_a_removed_name_goes_everywhere_in_any_case_and_in_part() -> None:
    text = "My name is Laura Quigley. Ask the desk for LAURA or Ms. Quigley."
    seen = scrub(text).text.lower()
    assert "laura" not in seen
    assert "quigley" not in seen


def test_the_repr_shows_no_text() -> None:
    assert "Laura" not in repr(scrub("My name is Laura Benson"))


BYSTANDERS = [
    (
        (
            "My name is Tom Price, I live at 12 Elm St. They took my passport once too so I know. "
            "The house at 14 Elm has six women locked in."
        ),
        ["Tom", "12 Elm"],
    ),
    (
        (
            "I can't leave my kids alone so I watched from my kitchen window at 31 Birch Ln. "
            "The man at 33 hits the girl."
        ),
        ["31 Birch", "kitchen"],
    ),
    (
        (
            "soy vecina, vivo enfrente en 31 birch ln, me llamo Rosa y no puedo "
            "salir de noche por "
            "miedo. en el 33 golpean a una muchacha"
        ),
        ["31 birch", "Rosa", "vecina"],
    ),
    (
        (
            "I cannot leave my job here at the Drury, I'm the only night auditor, "
            "Paula. Men go in "
            "and out of 402"
        ),
        ["night auditor", "Paula"],
    ),
    (
        (
            "My boss won't let me leave early so I see it all. I'm the night "
            "clerk, Tom Price, and I "
            "live at 12 Elm St. Girls in 214."
        ),
        ["night clerk", "Tom Price", "12 Elm"],
    ),
    ("Estoy encerrada en mi turno de noche, soy la recepcionista. En el 402 hay niñas", ["recep"]),
    ("girl locked in 214 motel 6. -Tammy, room 212", ["Tammy", "212"]),
    ("this is maria from housekeeping", ["maria"]),
    ("-Tammy", ["Tammy"]),
    ("J. Whitfield, RN", ["Whitfield"]),
    (
        "I am writing from my own room 215, the girls are in 217. I am the housekeeper's son.",
        ["215", "housekeeper"],
    ),
]
HARMED = [
    "my mom's boyfriend Kevin Stroud sells my little sister Mia. we live at 402 Fern Ct. im 13",
    "I live at 402 Fern Ct with my stepdad and he makes me and my sister do videos. I am 13",
    "I live at 90 Cedar. My husband lets his friends pay to be with me. I have two kids here.",
    "My stepdad makes me and my sister do videos at our house, 402 Fern Ct. I am 13.",
]


@pytest.mark.parametrize(("text", "own"), BYSTANDERS)
def test_a_bystander_is_masked_though_a_phrase_sounds_captive(text: str, own: list[str]) -> None:
    seen = scrub(text).text
    assert not [one for one in own if one in seen]


@pytest.mark.parametrize("text", HARMED)
def test_where_somebody_may_be_harmed_home_is_held_and_not_destroyed(text: str) -> None:
    destroyed = [
        text[f.start : f.end]
        for f in scrub(text).findings
        if f.verdict is Verdict.REMOVE and f.kind not in ("VICTIM_NAME", "MINOR_NAME")
    ]
    assert destroyed == []


def test_a_plate_that_only_seems_the_writers_can_be_given_back() -> None:
    text = "Sent from Brenda's Galaxy. van AB1 C2D"
    (plate,) = [f for f in scrub(text).findings if "AB1" in text[f.start : f.end]]
    assert plate.verdict is not Verdict.REMOVE


def test_a_captives_patron_stays() -> None:
    seen = scrub("mi patron don Chuy me quita el pasaporte, vivo en el taller de la calle 9").text
    assert "patron don Chuy" in seen
    assert "taller de la calle 9" in seen


@pytest.mark.parametrize(
    "text",
    [
        "The ad has a girl from my street. Her sister's phone number is 314-555-0129.",
        "They took her on Friday. her mom's cell 314-555-0129",
        "Se la llevaron el viernes. El teléfono de su hermana es 314-555-0129.",
    ],
)
def test_the_number_of_somebodys_kin_is_held_and_not_shown(text: str) -> None:
    (number,) = [f for f in scrub(text).findings if "0129" in text[f.start : f.end]]
    assert number.verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "The ad says 314-555-0129. That is his cousin's phone, 314-555-0129.",
        "I do not know her sister's number. The ad says 314-555-0129.",
        "I never saw their family phone. Pimp: 314-555-0129, he answers at night.",
    ],
)
def test_a_number_of_the_scene_is_not_held_because_kin_is_spoken_of(text: str) -> None:
    assert all(found.rule != "kin-contact" for found in scrub(text).findings)


@pytest.mark.parametrize(
    "text",
    [
        "There is a van. My name is Joan Example, call me at 314-555-0163.",
        "Hay una van. Me llamo Juana Ejemplo, llámeme al 314-555-0163.",
    ],
)
def test_what_asks_to_be_called_is_no_finding_of_its_own(text: str) -> None:
    found = [one for one in scrub(text).findings if one.verdict is not Verdict.KEEP]
    assert len(found) == 2
    assert all(text[one.start : one.end].strip(" ,.") for one in found)


@pytest.mark.parametrize("town", ["O'Fallon", "Creve Coeur", "Troy"])
def test_the_state_behind_a_town_stays_where_the_town_does(town: str) -> None:
    text = f"girls at a spa in {town}, Ill. every night"
    start = text.index("Ill")
    doubted = Finding(start, start + 3, Verdict.UNSURE, "REPORTER_PLACE", "labeller")
    (kept,) = restrained(text, [doubted], Writer())
    assert (kept.verdict, kept.rule) == (Verdict.KEEP, "state")
    assert scrub(text).text == text


@pytest.mark.parametrize(
    ("clause", "own"),
    [
        ("I teach 7th grade and heard from a mom at my church", "my church"),
        ("I live over the shop and heard from my kitchen", "my kitchen"),
        ("Manejo el bus and noticed from mi asiento", "mi asiento"),
    ],
)
def test_what_is_said_of_oneself_behind_what_was_seen_waits(clause: str, own: str) -> None:
    text = (
        f"{clause} that a man in a red Dodge Caravan brings four girls to the Red Roof each day."
    )
    learned = Finding(0, len(clause), Verdict.REMOVE, "REPORTER_VANTAGE", "labeller")
    first, second = restrained(text, [learned], Writer())
    assert first.verdict is Verdict.REMOVE
    assert second.verdict is Verdict.UNSURE
    assert own in text[second.start : second.end]


def test_a_ride_behind_the_writers_work_is_not_taken_with_it() -> None:
    clause = "I drive for a taxi and dropped three girls at the Red Roof"
    learned = Finding(0, len(clause), Verdict.REMOVE, "REPORTER_ROLE", "labeller")
    (found,) = restrained(f"{clause}, room 214, at ten.", [learned], Writer())
    assert clause[found.start : found.end] == "I drive for a taxi"


def test_the_verb_of_what_was_seen_stays_with_it() -> None:
    seen = scrub("I am the janitor, there were three men at the door.").text
    assert seen == "[removed], there were three men at the door."


@pytest.mark.parametrize(
    ("text", "masked_to", "left"),
    [
        ("I am the janitor, there were men", "were", "I am the janitor"),
        ("Soy la camarera, pero son tres", "son", "Soy la camarera"),
        ("I am the janitor, there stood men", "there", "I am the janitor"),
        ("I am the janitor, and is fired", "fired", "I am the janitor, and is fired"),
    ],
)
def test_a_next_clause_is_spared_with_its_verb_where_the_mask_ends_there(
    text: str, masked_to: str, left: str
) -> None:
    """Whatever the labellers would say of these words: the marks are made by hand."""
    tokens = tokenize(text)
    an = analyse(text, tokens)
    last = [token.text for token in tokens].index(masked_to)
    mark = Mark(Verdict.REMOVE, "REPORTER_RELATION", "labeller")
    marks: list[Mark | None] = [mark if at <= last else None for at in range(len(tokens))]
    spare_next_clause(an, marks)
    kept = [token for token, one in zip(tokens, marks, strict=True) if one is not None]
    assert text[: kept[-1].end] == left
