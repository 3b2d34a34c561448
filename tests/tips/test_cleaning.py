"""What is kept of a draft; a stand-in scrubber of three plain words shows which texts it sees."""

import itertools
import re
import time
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tips.drafts import draft, full_draft
from tipintake.privacy.scrub import (
    EvidenceKind,
    Finding,
    KnownEvidence,
    Scrubbed,
    Verdict,
    WordEvidence,
    Writer,
)
from tipintake.privacy.scrub.labels import NAME_KINDS
from tipintake.tips import cleaning, repeats
from tipintake.tips.cleaning import FREE_TEXTS, clean
from tipintake.tips.draft import TipDraft
from tipintake.tips.protected import ages_said
from tipintake.tips.repeats import Taken
from tipintake.tips.said import keys_in

MINE, MAYBE, CHILD, NAMED = "minemine", "maybemaybe", "childchild", "namednamed"
VERDICTS = {
    MINE: (Verdict.REMOVE, "REPORTER_NAME"),
    MAYBE: (Verdict.UNSURE, "PHONE"),
    CHILD: (Verdict.REMOVE, "MINOR_NAME"),
    NAMED: (Verdict.UNSURE, "VICTIM_NAME"),
}
SYLLABLES = ["".join(four) for four in itertools.product("bdgl", "aeio", "mnrs", "u")]
MOST_SECONDS = 3.0  # of processor time; it took a minute
MARKS = {Verdict.REMOVE: "[removed]", Verdict.UNSURE: "[held]"}


class PlainScrubber:
    """Removes one word, holds another, takes a third for a child's name, and a fourth perhaps
    for a victim's."""

    def __init__(self) -> None:
        self.known: list[KnownEvidence] = []

    def scrub(
        self,
        text: str,
        *,
        known: KnownEvidence | None = None,
        writer: Writer | None = None,
    ) -> Scrubbed:
        self.known.append(known or KnownEvidence())
        findings = []
        for match in re.finditer("|".join(VERDICTS), text):
            verdict, kind = VERDICTS[match.group()]
            findings.append(Finding(match.start(), match.end(), verdict, kind, "plain-word"))
        kept = text
        for finding in reversed(findings):
            shown = MARKS.get(finding.verdict, text[finding.start : finding.end])
            kept = kept[: finding.start] + shown + kept[finding.end :]
        return Scrubbed(text=kept, findings=tuple(findings))


@pytest.fixture(autouse=True)
def scrubber(monkeypatch: pytest.MonkeyPatch) -> PlainScrubber:
    plain = PlainScrubber()
    monkeypatch.setattr(cleaning, "scrub", plain.scrub)
    return plain


def every_text_says(word: str) -> TipDraft:
    parts: dict[str, Any] = {
        group: [{name: f"{name} {word}"[-20:] for name in names}]
        for group, names in FREE_TEXTS.items()
    }
    return draft(narrative=f"Somebody said {word} there.", **parts)


def texts_of(one: TipDraft) -> list[str]:
    parts = [*one.vehicles, *one.locations, *one.persons, *one.online]
    return [one.narrative, *(str(getattr(p, f.name)) for p in parts for f in fields(p))]


def test_no_text_field_escapes_the_scrubber() -> None:
    cleaned = clean(every_text_says(MINE))
    assert not any(MINE in text for text in texts_of(cleaned.draft))
    expected = {f"/{group}/0/{name}" for group, names in FREE_TEXTS.items() for name in names}
    assert set(cleaned.findings) == {"/narrative", *expected}
    assert cleaned.held == ()
    assert cleaned.vault == ()


def test_every_text_of_a_part_is_either_scrubbed_or_evidence_or_a_choice() -> None:
    evidence = {"plate_raw", "zip", "url", "handle", "ad_phone", "ad_email", "payment_tag"}
    choices = {"role_in_scene", "place_type", "source", "role", "looks_under_18", "sex", "build"}
    for group, part in one_of_each().items():
        texts = {field.name for field in fields(part) if field.type in {"str", str}}
        assert texts - set(FREE_TEXTS[group]) <= evidence | choices


def one_of_each() -> dict[str, Any]:
    one = full_draft()
    return {
        "vehicles": one.vehicles[0],
        "locations": one.locations[0],
        "persons": one.persons[0],
        "online": one.online[0],
    }


def test_what_is_unsure_is_held_with_its_place() -> None:
    cleaned = clean(draft(narrative=f"call {MAYBE} now", locations=[{"name": MAYBE}]))
    assert [(one.value, one.pointer, one.kind) for one in cleaned.held] == [
        (MAYBE, "/narrative", "PHONE"),
        (MAYBE, "/locations/0/name", "PHONE"),
    ]
    assert cleaned.draft.narrative == "call [held] now"


def test_what_is_held_with_a_victims_name_in_it_is_held_as_a_name() -> None:
    cleaned = clean(draft(narrative=f"he beat {MAYBE} {NAMED} there"))
    assert [(one.value, one.kind) for one in cleaned.held] == [(f"{MAYBE} {NAMED}", "VICTIM_NAME")]


def test_a_childs_name_in_the_words_goes_to_the_vault() -> None:
    cleaned = clean(draft(narrative=f"they call her {CHILD}"))
    assert [(one.value, one.kind) for one in cleaned.vault] == [(CHILD, "MINOR_NAME")]
    assert cleaned.draft.narrative == "they call her [removed]"


@pytest.mark.parametrize(
    "person",
    [
        {"role": "POSSIBLE_VICTIM"},
        {"looks_under_18": "YES"},
        {"looks_under_18": "POSSIBLY"},
        {"age_from": 16},
        {"age_from": 17, "age_to": 20},
        {"age_to": 17},
        {"role": "RECRUITER", "age_to": 17},
    ],
)
def test_the_name_of_a_victim_or_minor_goes_to_the_vault(person: dict[str, Any]) -> None:
    cleaned = clean(draft(persons=[{**person, "name_or_alias": "Marisol"}]))
    assert [(one.value, one.pointer) for one in cleaned.vault] == [
        ("Marisol", "/persons/0/name_or_alias")
    ]
    assert cleaned.draft.persons[0].name_or_alias == ""


@pytest.mark.parametrize(
    "name",
    [
        "Amber Nolan, 15, goes to Soldan",
        "Amber 15",
        "amber (about 14?)",
        "Amber, 16 or 17",
        "15 yo Amber",
        "Amber, she's fifteen",
        "Kiki, 8th grader",
        "Kiki de 14 años",
        "Lupita tiene quince",
    ],
)
def test_a_name_with_an_age_under_18_in_its_own_words_goes_to_the_vault(name: str) -> None:
    cleaned = clean(draft(persons=[{"role": "OTHER", "name_or_alias": name}]))
    assert [secret.value for secret in cleaned.vault] == [name]
    assert cleaned.draft.persons[0].name_or_alias == ""


@pytest.mark.parametrize(
    "name",
    [
        "Big Tony, 35",
        "MS 13",
        "Tony, room 12",
        "Tony 5 ft 10",
        "Tony 5 10",
        "Tony 3 years older",
        "@tony15",
    ],
)
def test_a_number_that_is_no_childs_age_leaves_the_name(name: str) -> None:
    cleaned = clean(draft(persons=[{"role": "BUYER", "name_or_alias": name}]))
    assert cleaned.vault == ()
    assert cleaned.draft.persons[0].name_or_alias == name


@given(st.text(alphabet="a15 ,(-y", max_size=200))
def test_no_text_breaks_the_search_for_ages(text: str) -> None:
    assert all(0 < age < 100 for age in ages_said(text))


@pytest.mark.parametrize("tells", [{}, {"looks_under_18": "UNKNOWN"}, {"sex": "FEMALE"}])
def test_where_a_minor_is_a_name_without_a_role_goes_to_the_vault(tells: dict[str, Any]) -> None:
    person = {**tells, "name_or_alias": "Marisol"}
    cleaned = clean(draft(minor_present="YES", persons=[person]))
    assert [secret.value for secret in cleaned.vault] == ["Marisol"]
    assert cleaned.draft.persons[0].name_or_alias == ""


@pytest.mark.parametrize(
    ("minor_present", "tells"),
    [
        ("POSSIBLY", {}),
        ("YES", {"role": "SUSPECTED_CONTROLLER"}),
        ("YES", {"looks_under_18": "NO"}),
        ("YES", {"age_from": 18}),
        ("YES", {"age_to": 40}),
    ],
)
def test_who_has_a_role_or_is_grown_keeps_the_name_where_a_minor_is(
    minor_present: str, tells: dict[str, Any]
) -> None:
    person = {**tells, "name_or_alias": "Rico"}
    cleaned = clean(draft(minor_present=minor_present, persons=[person]))
    assert cleaned.vault == ()
    assert cleaned.draft.persons[0].name_or_alias == "Rico"


def test_the_name_of_a_suspect_stays() -> None:
    suspect = {"role": "SUSPECTED_CONTROLLER", "age_from": 30, "name_or_alias": "Rico"}
    cleaned = clean(draft(persons=[suspect]))
    assert cleaned.vault == ()
    assert cleaned.draft.persons[0].name_or_alias == "Rico"


def decided(one: TipDraft, verdict: Verdict) -> dict[str, Verdict]:
    return dict.fromkeys(keys_in(one, clean(one).findings), verdict)


def test_the_person_decides_field_by_field() -> None:
    one = draft(narrative=f"a {MINE} b", locations=[{"name": f"a {MINE} b"}])
    ids = decided(one, Verdict.KEEP)
    only_words = {key: verdict for key, verdict in ids.items() if key.startswith("/narrative:")}
    cleaned = clean(one, decisions=only_words)
    assert cleaned.draft.narrative == f"a {MINE} b"
    assert cleaned.draft.locations[0].name == "a [removed] b"
    unsure = clean(one, decisions=dict.fromkeys(only_words, Verdict.UNSURE))
    assert [held.pointer for held in unsure.held] == ["/narrative"]


@pytest.mark.parametrize("verdict", [Verdict.KEEP, Verdict.UNSURE])
def test_nobody_can_put_a_childs_name_back_into_the_text(verdict: Verdict) -> None:
    one = draft(
        narrative=f"they call her {CHILD}",
        persons=[{"role": "POSSIBLE_VICTIM", "name_or_alias": "Marisol"}],
    )
    cleaned = clean(one, decisions=decided(one, verdict))
    assert CHILD not in cleaned.draft.narrative
    assert cleaned.draft.persons[0].name_or_alias == ""
    assert {secret.value for secret in cleaned.vault} == {CHILD, "Marisol"}


def test_a_name_that_is_the_writers_own_is_destroyed() -> None:
    one = draft(
        narrative=f"they call me {CHILD}",
        persons=[{"role": "POSSIBLE_VICTIM", "name_or_alias": "Marisol"}],
    )
    cleaned = clean(one, decisions=decided(one, Verdict.REMOVE))
    assert cleaned.vault == ()
    assert cleaned.held == ()
    assert CHILD not in cleaned.draft.narrative


VICTIM = {"role": "POSSIBLE_VICTIM", "name_or_alias": "Marisol Quintanar"}


@pytest.mark.parametrize(
    ("narrative", "left"),
    [
        ("They call MARISOL down at ten.", "They call [removed] down at ten."),
        ("marisol quintanar cried.", "[removed] cried."),
        ("Marisol's phone was taken.", "[removed] phone was taken."),
        ("He wrote @marisol on the card.", "He wrote @marisol on the card."),
        ("The marisoles were open.", "The marisoles were open."),
        ("At the Marisol Inn.", "At the Marisol Inn."),
        ("Near St. Marisol.", "Near St. Marisol."),
    ],
)
def test_a_victims_name_in_its_field_is_taken_out_of_the_words_too(
    narrative: str, left: str
) -> None:
    cleaned = clean(draft(narrative=narrative, persons=[VICTIM]))
    assert cleaned.draft.narrative == left
    assert [secret.value for secret in cleaned.vault] == ["Marisol Quintanar"]


@pytest.mark.parametrize("name", ["Marisol Quintanar", "Rose"])
def test_the_very_name_of_a_victim_stays_in_no_other_row(name: str) -> None:
    persons = [
        {"role": "RECRUITER", "name_or_alias": name.upper()},
        {**VICTIM, "name_or_alias": name},
    ]
    cleaned = clean(draft(persons=persons))
    assert cleaned.draft.persons[0].name_or_alias == "[removed]"
    assert [(one.value, one.pointer) for one in cleaned.vault] == [
        (name, "/persons/1/name_or_alias")
    ]


def test_a_suspect_who_shares_a_victims_surname_keeps_the_name() -> None:
    uncle = {"role": "RECRUITER", "name_or_alias": "Rico Quintanar"}
    cleaned = clean(draft(persons=[VICTIM, uncle]))
    assert cleaned.draft.persons[1].name_or_alias == "Rico Quintanar"


def test_a_description_in_place_of_a_name_takes_no_words_out() -> None:
    girl = {"role": "POSSIBLE_VICTIM", "name_or_alias": "the girl in red"}
    narrative = "The girl in the red coat got into the van."
    assert clean(draft(narrative=narrative, persons=[girl])).draft.narrative == narrative


def test_a_name_in_the_words_is_taken_out_of_descriptions_and_not_of_places() -> None:
    cleaned = clean(
        draft(
            narrative=f"I am {MINE}.",
            vehicles=[{"features": f"sticker of {MINE.upper()} on it"}],
            locations=[{"city": "Saint Minemine", "street": "Minemine Road"}],
            persons=[{"role": "BUYER", "name_or_alias": "Minemine"}],
        )
    )
    assert cleaned.draft.vehicles[0].features == "sticker of [removed] on it"
    assert cleaned.draft.locations[0].city == "Saint Minemine"
    assert cleaned.draft.locations[0].street == "Minemine Road"
    assert cleaned.draft.persons[0].name_or_alias == "Minemine"


def test_the_person_sees_and_decides_repeats_as_well() -> None:
    one = draft(narrative=f"I am {MINE}.", vehicles=[{"features": f"sticker {MINE.upper()}"}])
    (finding,) = (found := clean(one).findings)["/vehicles/0/features"]
    assert (finding.start, finding.end, finding.rule) == (8, 16, "said-elsewhere")
    (key,) = (key for key in keys_in(one, found) if key.startswith("/vehicles/0/features:"))
    kept = clean(one, decisions={key: Verdict.KEEP})
    assert kept.draft.vehicles[0].features == f"sticker {MINE.upper()}"


def test_a_number_taken_out_of_one_text_goes_from_the_others() -> None:
    taken = [Taken("(314) 555-0163", "/narrative", "REPORTER_CONTACT")]
    found = repeats.repeats("call 314.555.0163 or 3145550199", "/vehicles/0/features", taken, [])
    assert [(one.start, one.end) for one in found] == [(5, 17)]
    assert repeats.repeats("314\u2011555–0163", "/vehicles/0/features", taken, [])
    assert repeats.repeats("31\u200b4  555 0163", "/vehicles/0/features", taken, [])
    assert repeats.repeats("13145550163", "/vehicles/0/features", taken, []) == []
    assert repeats.repeats("314 555 0163", "/narrative", taken, []) == []


def test_a_name_that_is_broken_by_what_nobody_sees_goes_from_the_others() -> None:
    taken = [Taken("Rosalind", "/narrative", "VICTIM_NAME")]
    found = repeats.repeats("tattoo Rosa\u00adlind here", "/vehicles/0/features", taken, [])
    assert [(one.start, one.end) for one in found] == [(7, 16)]
    mine = repeats.patterns_of(["blue house"])
    (again,) = repeats.said_again("the  blue  house", mine, [])
    assert (again.start, again.end) == (5, 16)


def test_a_tip_of_a_thousand_names_is_searched_for_them_within_seconds() -> None:
    firsts = ("Alba", "Beno", "Caro", "Dina", "Elmo", "Fina", "Gila", "Hano", "Ilda", "Juno")
    names = [f"{first}{last}" for first in firsts for last in SYLLABLES]
    others = {f"/vehicles/{at}/features": f"a dent, {names[at]}" for at in range(100)}
    found = {
        "/narrative": tuple(
            Finding(at, at + 8, Verdict.REMOVE, "REPORTER_NAME", "")
            for at in range(0, 9 * len(names), 9)
        )
    }
    narrative = " ".join(names)
    begun = time.process_time()
    taken = list(repeats.taken_out({"/narrative": narrative}, found))
    again = [repeats.repeats(text, pointer, taken, []) for pointer, text in others.items()]
    mine = repeats.patterns_of(names)
    for text in others.values():
        assert repeats.said_again(text, mine, [])
    assert time.process_time() - begun < MOST_SECONDS
    assert [(one.start, one.end) for (one,) in again] == [(8, 16)] * len(others)


@given(st.text(max_size=60), st.text(max_size=30), st.sampled_from(sorted(NAME_KINDS)))
def test_no_text_breaks_the_search_for_repeats(text: str, value: str, kind: str) -> None:
    for what in (kind, "REPORTER_CONTACT"):
        found = repeats.repeats(text, "/narrative", [Taken(value, "/persons/0/marks", what)], [])
        assert all(0 <= one.start < one.end <= len(text) for one in found)


def test_structured_evidence_is_known_to_the_scrubber_in_every_text(
    scrubber: PlainScrubber,
) -> None:
    clean(full_draft())
    assert len(set(scrubber.known)) == 1
    known = scrubber.known[0]
    assert known.plates == ("ab1-?2d", "XYZ 789")
    assert known.handles == ("@Sweet_Example",)
    assert known.rooms == ("Rm. 114",)
    assert known.addresses == ("100 Example Parkway",)


def test_plain_vehicle_words_are_not_taken_for_names(scrubber: PlainScrubber) -> None:
    clean(draft(vehicles=[{"make": "Mercedes", "model": "Sierra", "colour1": "rosa"}]))
    assert scrubber.known == []


def test_evidence_fields_keep_their_value_and_lose_what_names_the_sender() -> None:
    lead = {
        "url": "https://me:pw@ads.example/p?id=7&email=me@mail.example&igsh=abc",
        "handle": "@Sweet_Example",
        "ad_phone": "3 one 4 555 0143",
    }
    cleaned = clean(draft(online=[lead], vehicles=[{"plate_raw": "ab1-?2d"}]))
    kept = cleaned.draft.online[0]
    assert kept.url == "https://ads.example/p?id=7"
    assert (kept.handle, kept.ad_phone) == ("@Sweet_Example", "3 one 4 555 0143")
    assert cleaned.draft.vehicles[0].plate_raw == "ab1-?2d"


def test_words_in_a_field_for_an_address_or_zip_are_scrubbed_too() -> None:
    cleaned = clean(
        draft(online=[{"url": f"ask {MINE} for it"}], locations=[{"zip": MINE}, {"zip": "63385"}])
    )
    assert cleaned.draft.online[0].url == "ask [removed] for it"
    assert cleaned.draft.locations[0].zip == "[removed]"
    assert cleaned.draft.locations[1].zip == "63385"


def test_marks_never_outgrow_a_column() -> None:
    cleaned = clean(draft(locations=[{"unit": MINE * 2, "direction": f"{MAYBE} {MINE}"}]))
    place = cleaned.draft.locations[0]
    assert len(place.unit) <= 20
    assert len(place.direction) <= 20
    assert MINE not in place.unit + place.direction


def test_after_scrubbing_there_must_still_be_something_seen() -> None:
    lone = draft(indicators=[], narrative=f"I am {MINE} {MINE}")
    assert lone.says_what
    assert [problem.code for problem in clean(lone).problems()] == ["needs_a_what"]
    assert clean(draft(narrative=MINE)).problems() == []


@pytest.mark.parametrize("words", [MINE, MAYBE, f"{MINE} help"])
def test_a_cry_for_help_stays_one_whatever_is_taken_out_of_it(words: str) -> None:
    cry = draft(indicators=[], narrative=words, reporter_is_victim=True)
    assert clean(cry).problems() == []


def test_evidence_in_the_words_is_read_after_scrubbing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        EvidenceKind.PLATE: "ab1 c2d",
        EvidenceKind.PHONE: "three one four 555 0143",
        EvidenceKind.HANDLE: "@Sweet_Example",
        EvidenceKind.URL: "https://me:pw@ads.example/p?utm_source=x",
        EvidenceKind.ROOM: "room 114",
        EvidenceKind.EMAIL: "Ad@Mail.example ",
    }

    def evidence_in(text: Scrubbed | str) -> tuple[WordEvidence, ...]:
        assert MINE not in str(text)
        return tuple(WordEvidence(kind, value) for kind, value in found.items())

    monkeypatch.setattr(cleaning, "evidence_in", evidence_in)
    one = draft(narrative=f"{MINE} the van", locations=[{"name": "Example Suites"}])
    evidence = {item.kind: item for item in clean(one).evidence}
    assert len(clean(one).evidence) == 6, "each once, although two texts name it"
    assert evidence[EvidenceKind.PLATE].canonical == "AB1C2D"
    assert evidence[EvidenceKind.PLATE].skeleton == "A81C20"
    assert evidence[EvidenceKind.PHONE].canonical == "+13145550143"
    assert evidence[EvidenceKind.HANDLE].canonical == "sweet_example"
    assert evidence[EvidenceKind.URL].canonical == "https://ads.example/p"
    assert evidence[EvidenceKind.URL].value == "https://ads.example/p"
    assert evidence[EvidenceKind.ROOM].canonical == "114"
    assert evidence[EvidenceKind.EMAIL].canonical == "ad@mail.example"


def test_a_cleaned_tip_shows_nothing() -> None:
    cleaned = clean(full_draft(narrative=f"the gray van, {MAYBE}, {CHILD}"))
    shown = f"{cleaned!r} {cleaned} {cleaned.held!r} {cleaned.vault!r} {cleaned.evidence!r}"
    for secret in ("gray", MAYBE, CHILD, "Marisol", "Rico", "Wentzville"):
        assert secret not in shown
