"""What must never happen, whatever was answered; and what each reason says."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing import rules
from tipintake.routing.decide import Decided, decide
from tipintake.routing.facts import LocationFacts, TipFacts
from tipintake.routing.places.words import mentions_in
from tipintake.routing.policy.rulebook import FIRST
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.mentions import Mention, MentionKind
from tipintake.tips.vocabulary import Basis, Category, Immediacy, MinorPresent, PlaceType

TASK_FORCES = {"st-louis-county-task-force", "st-charles-county-task-force"}
POLICE = {
    *("creve-coeur-pd", "ofallon-pd", "wentzville-pd", "st-louis-county-pd"),
    *("st-charles-county-pd", "st-louis-city-pd", "jefferson-county-so", "franklin-county-so"),
    *("lincoln-county-so", "warren-county-so", "mshp"),
}
SERVICE = {"icac", "child-protection", "victim-advocate"}
DESKS = {"regional-triage", "out-of-area"}

CITIES = ("", "Wentzville", "O'Fallon", "Creve Coeur", "St. Louis", "Chesterfield", "Foristell",
          "Mehlville", "St. Charles County", "unincorporated Warren County", "Kansas City",
          "outside O'Fallon", "Xanadu", "\x00", "IL", "St. Louis City")  # fmt: skip
ZIPS = ("", "63385", "63103", "63348", "62269", "64106", "63302", "1", "63141-0001", "٦٣٣٨٥")
NARRATIVES = ("", "in Wentzville", "in O'Fallon, IL", "outside the city limits", "en San Luis",
              "exit 217 of I-70", "in Wentzville and Clayton", "at West Terra Lane")  # fmt: skip

locations = st.builds(
    LocationFacts,
    place_type=st.sampled_from([*PlaceType.values, ""]),
    city=st.one_of(st.sampled_from(CITIES), st.text(max_size=30)),
    state=st.sampled_from(("", "MO", "IL", "Missouri", "??")),
    zip=st.sampled_from(ZIPS),
    name=st.one_of(
        st.sampled_from(("", "Inn, Wentzville", "O'Fallon Brewery")), st.text(max_size=20)
    ),
    street=st.sampled_from(("", "Clayton Rd", "W Terra Ln", "Highway K", "exit 209 I-70")),
    cross_street=st.sampled_from(("", "Bryan Road")),
    highway=st.sampled_from(("", "I-70", "I-64", "270", "I-44", "x")),
    exit=st.sampled_from(("", "217", "229", "33", "14", "999", "A", "B1")),
    mile_marker=st.one_of(
        st.none(),
        st.decimals(allow_nan=True, allow_infinity=True, places=1),
        st.just(Decimal(217)),
    ),
    lat=st.one_of(st.none(), st.floats()),
    lon=st.one_of(st.none(), st.floats()),
)
mentions = st.builds(
    Mention,
    kind=st.sampled_from(list(MentionKind)),
    code=st.sampled_from(("", "state", "wentzville-mo", "ofallon-mo", "st-louis", "foristell-mo",
                          "st-charles-county", "st-louis-city", "I-70:217", ":209", "I-70:mm1.5",
                          "gone", "mm", "I-70:mm", ":")),
    strength=st.sampled_from(("scene", "passing", "other")),
)  # fmt: skip
tips = st.builds(
    TipFacts,
    category=st.sampled_from(Category.values),
    immediacy=st.sampled_from(Immediacy.values),
    minor_present=st.sampled_from(MinorPresent.values),
    basis=st.sampled_from(["", *Basis.values]),
    codes=st.frozensets(st.sampled_from([*INDICATORS, "NEW_SIGN"]), max_size=5),
    locations=st.lists(locations, max_size=3).map(tuple),
    mentions=st.one_of(
        st.lists(mentions, max_size=4).map(tuple),
    ),
    has_vehicle=st.booleans(),
    has_lead=st.booleans(),
    is_victim=st.booleans(),
    police_consent=st.booleans(),
    wants_reward=st.booleans(),
    distrusts_police=st.booleans(),
)


def lines_of(decided: Decided) -> set[str]:
    return {decided.primary, *decided.also}


@given(tips, st.booleans())
@settings(max_examples=200, deadline=None)
def test_every_tip_gets_a_sound_decision(
    gazetteer: Gazetteer, tip: TipFacts, shared: bool
) -> None:
    decided = decide(tip, gazetteer, shares_evidence=shared)
    assert decided.primary not in decided.also
    assert list(decided.also) == sorted(set(decided.also))
    assert lines_of(decided) <= gazetteer.line_codes
    assert decided.priority in {"P1", "P2", "P3", "P4"}
    assert decided.banner_911 == (decided.rule == "R0")
    assert decided.rule in decided.rules
    assert next(iter(decided.reasons_by_line)) == decided.primary
    assert set(decided.reasons_by_line) == lines_of(decided)
    assert decided.primary != "crimestoppers"
    assert json.dumps(decided.place.as_json())


@given(tips)
@settings(max_examples=150, deadline=None)
def test_a_victim_without_consent_reaches_nobody_else(gazetteer: Gazetteer, tip: TipFacts) -> None:
    tip = _replaced(tip, is_victim=True, police_consent=False)
    decided = decide(tip, gazetteer, shares_evidence=True)
    assert "victim-advocate" in lines_of(decided)
    assert not lines_of(decided) & {*TASK_FORCES, "nhth", "mshp", "crimestoppers"}
    assert set(decided.rules) <= {"R0", "R1", "R2", "R7", "R9"}
    if not {"R0", "R1"} & set(decided.rules):
        assert lines_of(decided) <= SERVICE
    if decided.rule == "R7":
        assert decided.also == ()


@given(tips)
@settings(max_examples=200, deadline=None)
def test_a_victim_with_consent_has_the_advocate_and_no_crimestoppers(
    gazetteer: Gazetteer, tip: TipFacts
) -> None:
    decided = decide(_replaced(tip, is_victim=True, police_consent=True), gazetteer)
    assert "victim-advocate" in lines_of(decided)
    assert "crimestoppers" not in lines_of(decided)
    if decided.rule == "R7":
        assert "nhth" not in lines_of(decided)


@given(tips)
@settings(max_examples=200, deadline=None)
def test_no_child_tip_goes_to_crimestoppers(gazetteer: Gazetteer, tip: TipFacts) -> None:
    decided = decide(tip, gazetteer, shares_evidence=True)
    if tip.minor or decided.priority == "P4":
        assert "crimestoppers" not in lines_of(decided)
    if tip.minor:
        assert {"R1", "R2"} & set(decided.rules)


@given(tips)
@settings(max_examples=200, deadline=None)
def test_an_adult_advertisement_never_reaches_police(gazetteer: Gazetteer, tip: TipFacts) -> None:
    ad = _replaced(
        tip,
        codes=frozenset({"ONL_AD", "VIC_FEAR"}),
        category="SEX_TRAFFICKING",
        immediacy="RECENT",
        minor_present="NO",
        is_victim=False,
        has_vehicle=False,
        locations=tuple(
            LocationFacts(place_type="ONLINE", city=place.city, zip=place.zip, state=place.state)
            for place in tip.locations
        ),
    )
    decided = decide(ad, gazetteer, shares_evidence=True)
    assert (decided.rule, decided.priority) == ("R6", "P4")
    assert not lines_of(decided) & {*POLICE, "nhth", "crimestoppers"}


@given(tips)
@settings(max_examples=200, deadline=None)
def test_danger_now_is_never_less_than_p1_and_waits_for_no_place(
    gazetteer: Gazetteer, tip: TipFacts
) -> None:
    decided = decide(_replaced(tip, immediacy="NOW"), gazetteer)
    assert (decided.rule, decided.priority, decided.banner_911) == ("R0", "P1", True)
    assert decided.primary in POLICE | DESKS


CANARIES = ("Zygomorph", "Quixotical", "Brontide")


@given(tips, st.sampled_from(NARRATIVES))
@settings(max_examples=150, deadline=None)
def test_no_word_of_the_narrative_comes_back(
    gazetteer: Gazetteer, tip: TipFacts, narrative: str
) -> None:
    words = f"{CANARIES[0]} {narrative} {CANARIES[1]}, in {CANARIES[2]} near {CANARIES[0]}."
    tip = _replaced(tip, locations=(), mentions=mentions_in(words, gazetteer))
    decided = decide(tip, gazetteer)
    shown = json.dumps(
        [decided.because, decided.reasons_by_line, decided.place.as_json(), str(tip.mentions)]
    ).casefold()
    assert not any(word.casefold() in shown for word in CANARIES)


@given(tips)
@settings(max_examples=100, deadline=None)
def test_the_order_of_mentions_decides_nothing(gazetteer: Gazetteer, tip: TipFacts) -> None:
    turned = _replaced(tip, mentions=tip.mentions[::-1])
    one, other = decide(tip, gazetteer), decide(turned, gazetteer)
    assert (one.primary, one.also, one.place.jurisdiction) == (
        other.primary,
        other.also,
        other.place.jurisdiction,
    )


def _replaced(tip: TipFacts, **values: Any) -> TipFacts:
    known = {name: getattr(tip, name) for name in TipFacts.__dataclass_fields__}
    return TipFacts(**{**known, **values})


# --- Single sentences of the policy ----------------------------------------------------------


def tip_of(city: str = "Wentzville", **values: Any) -> TipFacts:
    given: dict[str, Any] = {
        "category": "SUSPICIOUS_PLACE_PATTERN",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "locations": (LocationFacts(place_type="HOTEL_MOTEL", city=city),) if city else (),
        **values,
    }
    given["codes"] = frozenset(given.get("codes", ()))
    return TipFacts(**given)


def reason_of(code: str) -> str:
    rule = FIRST.named(code)
    assert rule is not None
    return rule.reason


def test_two_tips_that_share_a_plate_bring_the_task_force(gazetteer: Gazetteer) -> None:
    tip = tip_of(codes={"VEH_RECURRING"})
    assert decide(tip, gazetteer).also == ()
    decided = decide(tip, gazetteer, shares_evidence=True)
    assert decided.also == ("st-charles-county-task-force",)
    assert decided.reasons_by_line["st-charles-county-task-force"] == rules.SHARED_EVIDENCE
    assert (decided.rule, decided.priority) == ("R4", "P3")


def test_each_line_has_its_own_reason(gazetteer: Gazetteer) -> None:
    decided = decide(tip_of("Chesterfield", codes={"CTL_ID_HELD"}), gazetteer)
    assert decided.reasons_by_line == {
        "st-louis-county-task-force": reason_of("R3"),
        "regional-triage": rules.STANDS_IN_FOR_POLICE,
        "st-louis-county-pd": rules.COUNTY_POLICE_TOO,
        "nhth": reason_of("R3"),
    }


@pytest.mark.parametrize(
    ("city", "words"),
    [
        ("Wentzville", "The place is Wentzville, by the city field."),
        ("Mehlville", "The place is land of St. Louis County outside any municipality"),
        ("St. Louis County", "The place is in St. Louis County, by the city field; which police"),
        ("St. Louis", "The place may lie in more than one county"),
        ("Chicago", "The place lies outside the served counties"),
        ("", "No place is known."),
    ],
)
def test_the_reason_names_the_place(city: str, words: str, gazetteer: Gazetteer) -> None:
    because = decide(tip_of(city, codes={"HTL_CASH"}), gazetteer).because
    assert because.startswith(reason_of("R4"))
    assert words in because


def test_the_reason_says_that_evidence_disagrees(gazetteer: Gazetteer) -> None:
    locations = (LocationFacts(city="Wentzville", zip="63141"),)
    because = decide(tip_of(codes={"HTL_CASH"}, locations=locations), gazetteer).because
    assert "The city field and the ZIP code lie in different counties" in because


def test_a_region_without_a_line_lets_triage_stand_in(gazetteer: Gazetteer) -> None:
    smaller = Gazetteer(
        version="without patrol",
        jurisdictions=gazetteer.jurisdictions,
        places=gazetteer.places,
        line_codes=gazetteer.line_codes - {"mshp"},
    )
    decided = decide(tip_of(codes={"TRK_CAB_KNOCKING"}), smaller)
    assert decided.also == ("regional-triage", "st-charles-county-task-force")
    assert "R9" in decided.rules


def test_a_tip_about_an_unknown_region_reaches_triage() -> None:
    decided = decide(tip_of(codes={"IMM_VIOLENCE"}), Gazetteer(version=""))
    assert (decided.primary, decided.priority) == ("regional-triage", "P1")


def test_an_advertisement_with_a_truck_stop_is_a_highway_scene(gazetteer: Gazetteer) -> None:
    stop = (LocationFacts(place_type="TRUCK_STOP", city="Wentzville"),)
    assert decide(tip_of(codes={"ONL_AD"}, locations=stop), gazetteer).rule == "R5"
