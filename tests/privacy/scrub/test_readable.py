"""Invisible characters, and other kinds of spaces and hyphens, hide nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tipintake.privacy.scrub import (
    EvidenceKind,
    Finding,
    KnownEvidence,
    Verdict,
    evidence_in,
    scrub,
)
from tipintake.privacy.scrub.encoder import pieces_of, shipped_encoder
from tipintake.privacy.scrub.readable import RINGED_LETTERS, UNSEEN, readable
from tipintake.privacy.scrub.tokens import tokenize

FROM_AN_ADDRESS_BOOK = "\u202a+1\u00a0(314)\u00a0555\u20110163\u202c"
IN_KEYCAPS = "".join(f"{digit}\ufe0f\u20e3" for digit in "3145550142")
ODD = st.text(
    alphabet=" -aé1\u00a0\u2011\u200b\u202a\ufeff\u20e3\ud800\x00\u0301\u0336３①²ⓐ", max_size=40
)
FULL_WIDTH = "\uff13\uff11\uff14\uff0d\uff15\uff15\uff15\uff0d\uff10\uff11\uff16\uff13"
RINGED = "③①④-⑤⑤⑤-⓪①⑥③"
STRUCK_THROUGH = "".join(f"{sign}\u0336" for sign in "314-555-0163")


@given(st.one_of(ODD, st.text(max_size=100)))
@example("a  b\u200b \u200b c\u200b")
def test_what_is_read_stands_where_it_was_written(written: str) -> None:
    read = readable(written)
    assert UNSEEN.search(read.text) is None
    assert readable(read.text).text == read.text
    letters = [Finding(at, at + 1, Verdict.KEEP, "", "") for at in range(len(read.text))]
    places = read.as_written(letters)
    drawn = [readable(written[one.start : one.end]).text for one in places]
    for seen, alone in zip(read.text, drawn, strict=True):
        # What a raised or ringed sign means is seen by what it stands beside.
        assert (
            seen == alone
            or (alone == "•" and seen.isascii() and seen.isalnum())
            or (len(alone) == 1 and RINGED_LETTERS.fullmatch(alone * 2))
        )
    ends = [one.start for one in places[1:]] + [len(written)] * bool(places)
    assert [one.end for one in places] == ends


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (f"Call me at {FROM_AN_ADDRESS_BOOK}.", "Call me at \u202a[removed]."),
        ("My\u00a0name\u00a0is Joan\u2009Moore.", "My\u00a0name\u00a0is [removed]."),
        ("My  name  is  Joan  Moore.", "My  name  is  [removed]."),
        ("My name is Jo\u00adan Mo\u200bore.", "My name is [removed]."),
        ("My number is 314\u3164555\u28000163.", "My number is [removed]."),
        ("My number is 314\U000e0020 555\u115f 0163.", "My number is [removed]."),
        (f"My number is {FULL_WIDTH}.", "My number is [removed]."),
        (f"My number is {RINGED}.", "My number is [removed]."),
        (f"My number is {STRUCK_THROUGH}.", "My number is [removed]."),
        ("My name is Ⓙⓞⓐⓝ Ⓜⓞⓞⓡⓔ.", "My name is [removed]."),
        ("My name is 🄹🄾🄰🄽 🅼🅾🅾🆁🅴.", "My name is [removed]."),
        ("Me llamo \U0001d4d9\U0001d4f8\U0001d4ea\U0001d4f7 Moore.", "Me llamo [removed]."),
        ("My email is joan.moore\uff20mail\uff0eexample.", "My email is [removed]."),
        ("Write me at ana.pen\u0303a@mail.example.", "Write me at [removed]."),
        ("The ad has \u202a636\u2011555\u20110142\u202c on it.", None),
    ],
)
def test_a_cue_is_known_by_what_is_seen_of_it(said: str, left: str | None) -> None:
    assert scrub(said).text == (said if left is None else left)


def test_evidence_is_found_and_told_in_plain_characters() -> None:
    said = f"The ad: {IN_KEYCAPS}\u2060, https://ads.example/p\u2011{1}\u200b plate AB1\u2011C2D"
    found = {one.kind: one.value for one in evidence_in(said)}
    assert found == {
        EvidenceKind.PHONE: "3145550142",
        EvidenceKind.URL: "https://ads.example/p-1",
        EvidenceKind.PLATE: "AB1-C2D",
    }


@pytest.mark.parametrize(
    "said",
    [FULL_WIDTH, RINGED, STRUCK_THROUGH, "³¹⁴-⁵⁵⁵-⁰¹⁶³", "٣١٤-٥٥٥-٠١٦٣", "➂➀➃ ➄➄➄ 0➀➅➂"],
)
def test_a_number_alone_waits_however_its_digits_are_drawn(said: str) -> None:
    assert [one.verdict for one in scrub(said).findings] == [Verdict.UNSURE]
    assert scrub(said).text == "[held]"


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("Girls in room 214¹ and room 216².", {"214", "216"}),
        ("Plate AB1C2D² is the van.", {"AB1C2D"}),
        ("The ad says 314-555-0177¹.", {"314-555-0177"}),
        ("Plate①AB1C2D and plate②XY9Z8W", {"AB1C2D", "XY9Z8W"}),
        (
            "①Drury room 214 ②Super 8 room 118 ③call 314-555-0177",
            {"214", "118", "314-555-0177"},
        ),
        ("⑩Drury room 214⑪", {"214"}),
    ],
)
def test_a_raised_or_ringed_digit_is_no_part_of_what_it_stands_beside(
    said: str, evidence: set[str]
) -> None:
    assert {one.value for one in evidence_in(said)} == evidence


@pytest.mark.parametrize(
    "said",
    [
        "girls at the motel on Ⅰ-70",
        "girls in Building Ⅰ, Unit 4B",
        "ⓘ Motel 6 has girls",
        "🅿 of the Motel 6: white van",
        "Ⓜ station has girls",
    ],
)
def test_a_roman_number_and_a_ringed_letter_alone_are_no_word(said: str) -> None:
    assert readable(said).text == said
    assert scrub(said).text == said


def test_a_name_of_which_the_first_letter_is_ringed_goes() -> None:
    assert scrub("My name is Ⓙoan Moore.").text == "My name is [removed]."


ALL_WIDE = KnownEvidence(
    plates=("ＡＢ１Ｃ２Ｄ",),
    ad_phones=("３１４－５５５－０１６３",),
    handles=("ⓣⓘⓕⓕⓨ",),
    urls=("ａｄｓ．ｅｘａｍｐｌｅ／ｐ１",),
    rooms=("２１４",),
    addresses=("４１８ Ｍａｐｌｅ Ｃｏｕｒｔ",),
)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("A girl of 14 is in it. Text me {}", "３１４－５５５－０１６３"),
        ("A girl of 14 is in it. Text me {}", "314-555-0163"),
        ("A girl of 14 is in it, follow me {}", "@ⓣⓘⓕⓕⓨ"),
        ("I drive {} to the place with girls.", "ＡＢ１Ｃ２Ｄ"),
        ("I live in room {} and a girl is held.", "２１４"),
        ("I live at {} and a girl is held.", "４１８ Ｍａｐｌｅ Ｃｏｕｒｔ"),
        ("A girl of 14 is in it. My page is {}", "ａｄｓ．ｅｘａｍｐｌｅ／ｐ１"),
    ],
)
def test_what_a_field_of_its_own_holds_too_stands_however_both_are_drawn(
    said: str, value: str
) -> None:
    assert value in scrub(said.format(value), known=ALL_WIDE).text


def test_what_spanish_writes_is_read_as_it_stands() -> None:
    said = "El 1.º de mayo la niña cumplió años; ¿vivía en la 2.ª casa?"
    assert readable(said).text == said


def test_no_key_of_a_keycap_is_left_of_a_number_that_goes() -> None:
    assert scrub(f"My number is {IN_KEYCAPS}.").text == "My number is [removed]."


def ids_of(text: str) -> list[int]:
    return pieces_of(shipped_encoder().vocabulary, text, tokenize(text)).ids


@pytest.mark.parametrize(
    "said",
    [
        "MY NAME IS JOAN MOORE AND I CLEAN ROOMS. CALL 314-555-0163!",
        "SOY LA VECINA, ÉL TIENE A DOS NIÑAS",
    ],
)
def test_what_is_shouted_is_read_as_if_it_were_said(said: str) -> None:
    assert ids_of(said) == ids_of(said.lower())


@pytest.mark.parametrize("said", ["The ABC DEF van of JOAN", "I-70 MO, USA BMW and more", "NASA"])
def test_a_few_words_in_capitals_are_not_shouted(said: str) -> None:
    assert ids_of(said) != ids_of(said.lower())


def test_a_shouted_tip_keeps_its_evidence() -> None:
    said = (
        "A MAN NAMED RICO BEATS THE TWO GIRLS WHO CLEAN FOR HIM AT THE SUPER 8 AND TAKES THEIR "
        "MONEY EVERY FRIDAY. I AM THE NIGHT CLERK THERE."
    )
    left = scrub(said).text
    assert "RICO BEATS THE TWO GIRLS WHO CLEAN FOR HIM AT THE SUPER 8" in left
    assert "NIGHT CLERK" not in left
