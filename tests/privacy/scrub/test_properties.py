"""What holds for any text at all."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.privacy.scrub import KnownEvidence, Scrubbed, Verdict, evidence_in, patterns, scrub
from tipintake.privacy.scrub.readable import readable
from tipintake.privacy.scrub.tokens import tokenize

PIECES = st.sampled_from(
    [
        "My name is Laura Benson",
        "call me at 314-555-0163",
        "l.benson@mail.example",
        "@velvet.stl",
        "plate AB1 C2D",
        "room 214",
        "I work at the motel",
        "mi hermana Rosa",
        "he said",
        '"',
        "\n",
        "“",
        "é",
        "e\u0301",
        "😀",
        "\u200d",
        "\u2011",
        "\u00a0",
        "\ud800",
        "\x00",
        ".",
        "'",
        "-",
        "  ",
        "203.0.113.9",
        "My name is",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=14).map("".join),
)
MARKS = re.compile(r"\[removed\]|\[held\]")
EVERY_KIND_OF_CHARACTER = [
    *"a1Z9@.,-_$#\"'’“”()[]/:;!?+* \t\n",
    "é",
    "\u0301",
    "😀",
    "\u200d",
    "\u00a0",
    "ñ",
    "中",
    "\ud800",
    "\x00",
    "١",
]


def check(text: str, scrubbed: Scrubbed) -> None:
    at = 0
    rebuilt: list[str] = []
    for finding in scrubbed.findings:
        assert at <= finding.start < finding.end <= len(text)
        if finding.verdict is not Verdict.KEEP:
            rebuilt.append(text[at : finding.start])
        else:
            rebuilt.append(text[at : finding.end])
        at = finding.end
    rebuilt.append(text[at:])
    left = MARKS.sub("", scrubbed.text)
    assert "".join(left.split()) == "".join(MARKS.sub("", "".join(rebuilt)).split())


@given(TEXTS)
def test_offsets_are_in_order_and_the_rest_of_the_text_is_untouched(text: str) -> None:
    check(text, scrub(text))


@given(TEXTS)
def test_the_same_text_gives_the_same_answer(text: str) -> None:
    assert scrub(text) == scrub(text)


@given(TEXTS)
def test_every_finding_covers_whole_tokens(written: str) -> None:
    text = readable(written).text
    starts = {t.start for t in tokenize(text)}
    ends = {t.end for t in tokenize(text)}
    for finding in scrub(text).findings:
        assert finding.start in starts
        assert finding.end in ends


@given(TEXTS)
def test_a_masked_name_stands_nowhere_else(text: str) -> None:
    scrubbed = scrub(text)
    kept = {
        word.lower()
        for f in scrubbed.findings
        if f.verdict is Verdict.KEEP
        for word in re.findall(r"\w+", text[f.start : f.end])
    }
    for finding in scrubbed.findings:
        if finding.rule == "own-name":
            value = text[finding.start : finding.end]
            if value.lower() not in kept:
                assert not re.search(rf"(?<!\w){re.escape(value)}(?!\w)", scrubbed.text)


@given(st.lists(PIECES, max_size=10).map(" ".join))
def test_known_values_are_never_masked(text: str) -> None:
    known = KnownEvidence(
        plates=("AB1 C2D",), ad_phones=("314-555-0163",), handles=("@velvet.stl",), rooms=("214",)
    )
    scrubbed = scrub(text, known=known)
    for value in ("AB1 C2D", "@velvet.stl"):
        assert scrubbed.text.count(value) == text.count(value)


@given(TEXTS)
def test_evidence_is_read_from_what_is_left(text: str) -> None:
    scrubbed = scrub(text)
    for piece in evidence_in(scrubbed):
        assert piece.value in readable(scrubbed.text).text


def test_evidence_in_the_kept_words() -> None:
    found = evidence_in(
        "Room 214, plate AB1 C2D, ad https://ads.example/p/1, 314-555-0142, @velvet.stl,"
        " x@y.example"
    )
    assert [(e.kind.value, e.value) for e in found] == [
        ("room", "214"),
        ("plate", "AB1 C2D"),
        ("url", "https://ads.example/p/1"),
        ("phone", "314-555-0142"),
        ("handle", "@velvet.stl"),
        ("email", "x@y.example"),
    ]


@pytest.mark.parametrize("character", EVERY_KIND_OF_CHARACTER, ids=ascii)
def test_ten_thousand_of_one_character_take_no_longer_than_their_share(character: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        scrub(character * length)
        return time.process_time() - start

    scrub("warm up")
    assert seconds(10_000) < 1.0


@pytest.mark.parametrize("piece", ["a. ", "1-", "My name is ", "\"'", "a@", "555 ", "x_", "é,"])
def test_work_grows_with_the_length(piece: str) -> None:
    def seconds(copies: int) -> float:
        took = []
        for _ in range(3):  # the least of them: a collection of rubbish may fall into one
            start = time.process_time()
            scrub(piece * copies)
            took.append(time.process_time() - start)
        return min(took)

    scrub("warm up")
    short, long = seconds(250), seconds(1000)
    assert long < 16 * short + 0.2


@given(
    st.lists(
        st.sampled_from(
            "mary at mail dot example DOT punto arroba PUNTO smith (at) (dot) . @ 314 -".split()
        ),
        max_size=14,
    )
)
def test_looking_for_a_point_first_misses_no_spelled_address(words: list[str]) -> None:
    text = " ".join(words)
    if patterns.SPELLED_POINT.search(text) is None:
        assert patterns.SPELLED_EMAIL[1].search(text) is None
