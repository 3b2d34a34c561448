"""The cleaning with the scrubber that is shipped: plain cues, and any text at all."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.privacy.scrub.test_properties import TEXTS
from tests.tips.drafts import draft, full_draft
from tests.tips.test_cleaning import texts_of
from tests.tips.test_draft import drafts
from tipintake.privacy.scrub import Finding, Verdict
from tipintake.privacy.scrub.labels import VAULT_KINDS
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import TipDraft
from tipintake.tips.said import key_of, keys_in, text_at, words_of

PLATE = words_of(key_of("", "AB1 C2D", Finding(0, 7, Verdict.KEEP, "PLATE", "")))
OWN = ("Dana Example", "314-555-0163", "dana@mail.example")


@pytest.mark.parametrize(
    "place",
    [
        {"narrative": "{} A gray van waits at the back door every night."},
        {"vehicles": [{"plate_raw": "AB1C2D", "features": "{}"}]},
        {"locations": [{"name": "{}"}]},
        {"persons": [{"role": "BUYER", "clothing": "{}"}]},
    ],
    ids=lambda place: next(iter(place)),
)
@pytest.mark.parametrize(
    "said", ["My name is Dana Example.", "Call me at 314-555-0163.", "Email me: dana@mail.example"]
)
def test_what_stands_behind_a_plain_cue_is_in_no_field(place: dict[str, Any], said: str) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [{name: filled(text) for name, text in value[0].items()}]
        return value.replace("{}", said)

    cleaned = clean(draft(**{name: filled(value) for name, value in place.items()}))
    left = " ".join(texts_of(cleaned.draft))
    assert not any(own in left for own in OWN)


def test_the_places_vehicles_and_suspects_of_a_tip_stay() -> None:
    before, after = full_draft(), clean(full_draft()).draft
    assert after.locations == before.locations
    assert after.vehicles == before.vehicles
    assert after.persons[1] == before.persons[1]
    assert after.online[0].handle == before.online[0].handle


@pytest.mark.parametrize(
    "city",
    ["Wentzville", "O'Fallon", "St. Charles", "Creve Coeur", "St. Louis County", "Florissant"],
)
def test_a_city_alone_is_never_taken_for_a_name(city: str) -> None:
    assert clean(draft(locations=[{"city": city}])).draft.locations[0].city == city


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drafts)
def test_no_typed_value_breaks_the_cleaning(one: TipDraft) -> None:
    cleaned = clean(one)
    assert {secret.pointer for secret in (*cleaned.held, *cleaned.vault)} <= set(cleaned.findings)
    again = clean(cleaned.draft)
    assert len(again.draft.persons) == len(one.persons)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=400))
def test_findings_lie_within_the_text(narrative: str) -> None:
    one = draft(narrative=narrative)
    for finding in clean(one).findings.get("/narrative", ()):
        assert 0 <= finding.start < finding.end <= len(one.narrative)


def test_ones_own_number_behind_a_cue_goes_where_it_stands_alone_too() -> None:
    said = "A gray van waits at the back door every night. Call me at 314-555-0163."
    fields = {"vehicles": [{"plate_raw": "AB1C2D", "features": "314-555-0163"}]}
    assert "0163" not in " ".join(texts_of(clean(draft(narrative=said, **fields)).draft))


def test_a_number_of_an_ad_field_stays_whatever_is_said_of_it() -> None:
    said = "A gray van waits at the back door every night. Call me at 314-555-0163."
    cleaned = clean(draft(narrative=said, online=[{"ad_phone": "314-555-0163"}]))
    assert cleaned.draft.online[0].ad_phone == "314-555-0163"


@pytest.mark.parametrize(
    ("said", "lead", "persons"),
    [
        (
            "A man sells Kiara Wexler at the Shell, Kiara Wexler is scared and 15.",
            {"handle": "kiara.wexler"},
            [{"name_or_alias": "Kiara Wexler", "role": "POSSIBLE_VICTIM"}],
        ),
        ("The girl's name is Kiara Wexler and he sells her.", {"handle": "@kiarawexler"}, []),
        ("My name is Mary Wexler, a van waits there.", {"handle": "@marywexler"}, []),
        (
            "My name is Mary Wexler, a van waits there.",
            {"ad_email": "mary.wexler@ads.example"},
            [],
        ),
    ],
)
def test_a_user_name_is_no_word_on_a_person_of_that_name(
    said: str, lead: dict[str, str], persons: list[dict[str, str]]
) -> None:
    assert (
        "Wexler"
        not in clean(draft(narrative=said, online=[lead], persons=persons)).draft.narrative
    )


def test_a_user_name_that_was_given_stays_where_it_is_written_as_one() -> None:
    said = "He writes as @mary.wexler and as big_rell, plate AB1 C2D."
    one = draft(
        narrative=said,
        online=[{"handle": "@mary.wexler"}, {"handle": "big_rell"}],
        vehicles=[{"plate_raw": "ab1c2d"}],
    )
    assert clean(one).draft.narrative == said


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://joan.poe:pw@ads.example/p/1", "https://[removed]@ads.example/p/1"),
        (
            "https://ads.example:8443/p?id=7&token=a1b2",
            "https://ads.example:8443/p?id=7&[removed]",
        ),
    ],
)
def test_an_address_in_a_sentence_is_without_who_logged_on(typed: str, kept: str) -> None:
    cleaned = clean(draft(narrative=f"The ad is at {typed} and the girl in it looks young."))
    assert cleaned.draft.narrative == f"The ad is at {kept} and the girl in it looks young."
    (address,) = cleaned.evidence
    assert address.canonical.startswith("https://ads.example")
    assert "[" not in address.canonical.partition("?")[0]


def test_an_address_that_cannot_be_read_is_without_who_logged_on() -> None:
    cleaned = clean(draft(online=[{"url": "https://joan.poe:pw@ads.example:99999/p/1"}]))
    assert cleaned.draft.online[0].url == "https://[removed]@ads.example:99999/p/1"


@pytest.mark.parametrize(
    ("group", "field", "said", "own"),
    [
        ("online", "ad_phone", "my cell 314-555-0124, his unknown", "0124"),
        ("online", "handle", "i am marysmith22 on insta, his is bigrell", "marysmith22"),
        ("online", "payment_tag", "mine is $mary22", "mary22"),
        ("online", "ad_email", "mine: mary22@mail.example", "mary22"),
        ("online", "ad_phone", "mi número es 314-555-0124", "0124"),
        ("online", "ad_phone", "314-555-0124 (me)", "0124"),
        ("online", "ad_phone", "314-555-0124 (mío)", "0124"),
        ("vehicles", "plate_raw", "mine AB1C2D theirs XY9", "AB1C2D"),
        ("vehicles", "plate_raw", "mi carro AB1C2D", "AB1C2D"),
    ],
)
def test_words_of_oneself_in_a_field_for_evidence_are_words(
    group: str, field: str, said: str, own: str
) -> None:
    narrative = f"A gray van waits at the back door. Call me at {own}, that is all."
    if "0124" in own:
        narrative = narrative.replace(own, "314-555-0124")
    cleaned = clean(draft(narrative=narrative, **{group: [{field: said}]}))
    assert own not in getattr(getattr(cleaned.draft, group)[0], field)
    assert own not in " ".join(one.value for one in cleaned.evidence)
    if "0124" in own:
        assert own not in cleaned.draft.narrative


@pytest.mark.parametrize(
    ("group", "field", "value"),
    [
        ("vehicles", "plate_raw", "MI 7KD M41"),
        ("vehicles", "plate_raw", "mi 7kd m41"),
        ("vehicles", "plate_raw", "Mi 4821"),
        ("vehicles", "plate_raw", "me 482 ab"),
        ("vehicles", "plate_raw", "MY BENZ"),
        ("online", "handle", "@me.my.mine"),
        ("online", "handle", "big(me)rell [mi]lo"),
        ("online", "handle", "big rell 314"),
    ],
)
def test_a_plate_or_user_name_with_such_letters_stays(group: str, field: str, value: str) -> None:
    cleaned = clean(draft(**{group: [{field: value}]}))
    assert getattr(getattr(cleaned.draft, group)[0], field) == value


@pytest.mark.parametrize("place", ["street", "unit"])
@pytest.mark.parametrize(
    "said",
    ["314•555•O163", "3one4 five55 oh1six3", "dana.moe at gmail", "dana.moe\uff20a.example"],
)
def test_no_contact_hides_behind_a_street_or_room_that_was_given(place: str, said: str) -> None:
    narrative = f"A gray van waits at the back door every night. {said} is my cell."
    cleaned = clean(draft(narrative=narrative, locations=[{place: said}])).draft
    left = f"{cleaned.narrative} {getattr(cleaned.locations[0], place)}".lower()
    assert not any(part in left for part in ("314", "163", "six", "dana", "moe"))


def test_ones_own_whole_name_goes_from_the_name_of_a_place_or_person_too() -> None:
    typed = draft(
        narrative="My name is Joan Doe. Two girls are kept at the motel.",
        locations=[{"name": "Joan Doe residence"}, {"name": "Joan's Nails", "street": "Doe Run"}],
        persons=[{"role": "BUYER", "name_or_alias": "joan doe"}, {"name_or_alias": "John Doe"}],
        online=[{"ad_alias": "Joan Doe"}, {"ad_alias": "Joan"}],
    )
    cleaned = clean(typed).draft
    assert [one.name for one in cleaned.locations] == ["[removed] residence", "Joan's Nails"]
    assert cleaned.locations[1].street == "Doe Run"
    assert [one.name_or_alias for one in cleaned.persons] == ["[removed]", "John Doe"]
    assert [one.ad_alias for one in cleaned.online] == ["[removed]", "Joan"]


def test_a_surname_beside_a_name_that_is_taken_out_goes_with_it() -> None:
    typed = draft(
        narrative="They keep Marisol, 15, in the back of the house. Ask for Rico.",
        locations=[{"name": "house of Marisol Vega"}, {"name": "Marisol Nails", "city": "Troy"}],
        vehicles=[{"features": "Marisol Vega-Ortiz sits in the back"}],
    )
    cleaned = clean(typed).draft
    assert [one.name for one in cleaned.locations] == ["house of [removed]", "[removed] Nails"]
    assert cleaned.vehicles[0].features == "[removed] sits in the back"


@pytest.mark.parametrize("street", ["vivo en 412 Elm St", "Vivo enfrente, 412 Elm St"])
def test_a_street_that_says_who_lives_there_shields_nothing(street: str) -> None:
    cleaned = clean(draft(locations=[{"street": street}])).draft
    assert "412" not in cleaned.locations[0].street or "ivo" not in cleaned.locations[0].street


@pytest.mark.parametrize("own", ["\uff4d\uff59 cell", "\U0001d5fa\U0001d606 cell", "ⓜⓨ cell"])
def test_words_of_oneself_in_a_field_for_evidence_are_words_in_any_letters(own: str) -> None:
    typed = draft(online=[{"platform": "OTHER", "ad_phone": f"{own} 314-555-0163"}])
    assert "0163" not in clean(typed).draft.online[0].ad_phone


@pytest.mark.parametrize("verdict", [Verdict.REMOVE, Verdict.UNSURE])
def test_what_is_said_to_be_mine_is_mine_wherever_it_stands(verdict: Verdict) -> None:
    one = draft(
        narrative="The van AB1 C2D came to the motel. I saw AB1 C2D again on Friday.",
        vehicles=[{"features": "plate AB1 C2D, sticker on the back"}],
    )
    keys = [key for key in keys_in(one, clean(one).findings) if words_of(key) == PLATE]
    cleaned = clean(one, decisions={keys[0]: verdict})
    assert "AB1" not in " ".join(texts_of(cleaned.draft))
    stays = clean(one, decisions={keys[0]: verdict, keys[-1]: Verdict.KEEP})
    assert "AB1 C2D" in stays.draft.vehicles[0].features


@pytest.mark.parametrize("verdict", [Verdict.REMOVE, Verdict.UNSURE])
@pytest.mark.parametrize(
    ("group", "field", "value", "said"),
    [
        ("vehicles", "plate_raw", "AB1234", "My truck is AB1 234."),
        ("online", "ad_phone", "+1 (314) 555-0163", "Please call me at 314-555-0163."),
        ("online", "ad_email", "Joan.Doe@mail.example", "Email me: joan.doe@mail.example"),
        ("online", "handle", "@Joan_Doe", "My instagram is @joan_doe if you need me."),
        ("online", "url", "https://facebook.com/joan.doe", "Mi página es facebook.com/joan.doe"),
    ],
)
def test_what_is_said_to_be_mine_is_no_evidence_in_a_field_either(
    group: str, field: str, value: str, said: str, verdict: Verdict
) -> None:
    typed = draft(narrative=f"A man sells girls at the motel. {said}", **{group: [{field: value}]})
    keys = list(keys_in(typed, clean(typed).findings))
    cleaned = clean(typed, decisions=dict.fromkeys(keys, verdict))
    mark = "[removed]" if verdict is Verdict.REMOVE else "[held]"
    assert getattr(getattr(cleaned.draft, group)[0], field) == mark
    at = f"/{group}/0/{field}"
    assert [one.value for one in cleaned.held if one.pointer == at] == (
        [value] if verdict is Verdict.UNSURE else []
    )
    (own,) = [key for key in keys_in(typed, cleaned.findings) if key.startswith(at)]
    back = clean(typed, decisions={**dict.fromkeys(keys, verdict), own: Verdict.KEEP})
    assert getattr(getattr(back.draft, group)[0], field) == value


@pytest.mark.parametrize(
    ("text", "words", "verdict"),
    [
        ("My number is (314) 555-0163, a van waits.", "(314) 555-0163", Verdict.KEEP),
        ("The plate of the van is AB1 C2D.", "AB1 C2D", Verdict.REMOVE),
        ("her pimp is called Dre, number 636-555-0120", "636-555-0120", Verdict.REMOVE),
        ("Gracias. Carlos de la llantera es el que las lleva al motel.", "Carlos", Verdict.KEEP),
    ],
)
def test_the_persons_word_stands_above_the_scrubbers(
    text: str, words: str, verdict: Verdict
) -> None:
    one = draft(narrative=text)
    (found,) = [f for f in clean(one).findings["/narrative"] if text[f.start : f.end] == words]
    assert found.verdict is not verdict
    cleaned = clean(one, decisions={key_of("/narrative", text, found): verdict})
    assert (words in cleaned.draft.narrative) == (verdict is Verdict.KEEP)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.data())
def test_the_persons_word_holds_in_any_text(text: str, data: st.DataObject) -> None:
    one = draft(narrative=text)
    findings = clean(one).findings.get("/narrative", ())
    told = [found for found in findings if found.kind not in VAULT_KINDS]
    if not told:
        return
    chosen = data.draw(st.sampled_from(told))
    verdict = data.draw(st.sampled_from(list(Verdict)))
    key = key_of("/narrative", text_at(one, "/narrative"), chosen)
    again = clean(one, decisions={key: verdict}).findings["/narrative"]
    same = [found for found in again if (found.start, found.end) == (chosen.start, chosen.end)]
    assert [found.verdict for found in same] == [verdict]


def test_that_one_may_stay_is_said_of_that_one_alone() -> None:
    one = draft(narrative="Text 314-555-0142, said the card. It said 314-555-0142 twice.")
    keys = list(keys_in(one, clean(one).findings))
    held = dict.fromkeys(keys, Verdict.UNSURE)
    cleaned = clean(one, decisions={**held, keys[0]: Verdict.KEEP})
    assert cleaned.draft.narrative.count("314-555-0142") == 1


def test_no_comma_is_held() -> None:
    """It names nobody, and nobody can say whose it is."""
    told = "My name is Rosa Example, my cell is 314-555-0163. A girl cried in room 214."
    cleaned = clean(draft(narrative=told))
    found = [told[one.start : one.end] for one in cleaned.findings["/narrative"]]
    assert "Rosa Example" in found
    assert "," not in found
    assert "," not in [one.value for one in cleaned.held]
    assert cleaned.draft.narrative.startswith("My name is [removed], ")


@pytest.mark.parametrize("words", ["Rico Banks", "Tony Vale, dob 4/12/1981, drives a Tahoe"])
def test_a_guess_in_the_words_takes_no_suspects_name_from_its_field(words: str) -> None:
    name = words.partition(",")[0]
    typed = draft(
        narrative=f"Three girls are kept in the basement. The boss goes by one name. {words}",
        persons=[{"role": "SUSPECTED_CONTROLLER", "name_or_alias": name}],
    )
    assert clean(typed).draft.persons[0].name_or_alias == name


def test_ones_own_whole_name_takes_nothing_from_a_street_or_an_inn() -> None:
    typed = draft(
        narrative="My name is James Street. Two girls are kept at the inn.",
        locations=[{"name": "St James Street Inn"}],
    )
    assert clean(typed).draft.locations[0].name == "St James Street Inn"


@pytest.mark.parametrize(
    "value",
    [
        "314-555-0163, 314-555-0199",
        "314-555-0199 / 314-555-0163",
        "314-555-0199 314-555-0163",
        "314-555-0163 or 314-555-0199",
    ],
)
def test_a_number_beside_ones_own_in_one_field_waits_with_it(value: str) -> None:
    typed = draft(
        narrative="A man sells girls at the motel. Please call me at 314-555-0163.",
        online=[{"ad_phone": value}],
    )
    keys = keys_in(typed, clean(typed).findings)
    cleaned = clean(typed, decisions=dict.fromkeys(keys, Verdict.REMOVE))
    assert cleaned.draft.online[0].ad_phone == "[held]"
    assert [one.value for one in cleaned.held if one.pointer == "/online/0/ad_phone"] == [value]


@pytest.mark.parametrize(
    ("group", "field", "value", "said"),
    [
        ("online", "handle", "@joan_doe, @bigtony", "My instagram is @joan_doe if you need me."),
        ("online", "url", "https://m.facebook.com/joan.doe?x=1", "Mi FB: facebook.com/joan.doe"),
        ("vehicles", "plate_raw", "AB1 234 MO", "My truck is AB1 234."),
    ],
)
def test_what_is_mine_within_a_field_waits(group: str, field: str, value: str, said: str) -> None:
    typed = draft(narrative=f"A man sells girls at the motel. {said}", **{group: [{field: value}]})
    keys = keys_in(typed, clean(typed).findings)
    cleaned = clean(typed, decisions=dict.fromkeys(keys, Verdict.REMOVE))
    assert getattr(getattr(cleaned.draft, group)[0], field) == "[held]"


def test_a_town_that_is_mine_takes_no_ads_address_away() -> None:
    typed = draft(
        narrative="A man sells girls at the motel. I am the night clerk and live in Wentzville",
        online=[{"url": "https://ads.example/wentzville/77"}],
    )
    keys = keys_in(typed, clean(typed).findings)
    cleaned = clean(typed, decisions=dict.fromkeys(keys, Verdict.REMOVE))
    assert cleaned.draft.online[0].url == "https://ads.example/wentzville/77"


@pytest.mark.parametrize("name", ["Conmigo Restaurant", "Trabajo Seguro LLC", "Tony Saw's Bar"])
def test_a_place_that_is_called_like_a_cue_keeps_its_name(name: str) -> None:
    assert clean(draft(locations=[{"name": name}])).draft.locations[0].name == name
