"""What two tips share, as values: every near plate is found by its keys, and nothing else is."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, time

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tipintake.tips import links, online
from tipintake.tips.clues import (
    NEAR_METRES,
    Clue,
    Kind,
    clues_of,
    further_keys,
    keys_to_ask,
    metres_between,
)
from tipintake.tips.links import Reason, Strength, Why
from tipintake.tips.models import EvidenceInWords, OnlineLead, Place, Sighting, Vehicle
from tipintake.tips.plates import skeleton
from tipintake.tips.unknown import is_no_plate

CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
PLATES = st.text(CHARS, min_size=5, max_size=8).filter(lambda text: not is_no_plate(text))


def plate(text: str, *, state: str = "", make: str = "", colour: str = "") -> list[Clue]:
    vehicle = Vehicle(
        position=0,
        plate_canonical=text,
        plate_skeleton=skeleton(text),
        plate_state=state,
        make_code=make,
        colour1_code=colour,
    )
    return clues_of(vehicles=[vehicle])


def place(**said: object) -> list[Clue]:
    return clues_of(places=[Place(position=0, **said)])


def lead(**said: object) -> list[Clue]:
    made = OnlineLead(position=0, **said)
    return clues_of(leads=[made])


def found_by_keys(mine: Sequence[Clue], theirs: Sequence[Clue]) -> bool:
    """Whether a look-up of the keys of the first would come upon the second."""
    stored = {key for one in theirs for key in (one.key, *further_keys(one))}
    return not stored.isdisjoint(key for one in mine for key in keys_to_ask(one))


def said(reason: Reason) -> str:
    return links.says(reason.why, reason.mine, reason.theirs)


def only(mine: Sequence[Clue], theirs: Sequence[Clue]) -> Reason:
    (reason,) = links.reasons_between(mine, theirs)
    return reason


@given(
    PLATES,
    st.integers(0, 7),
    st.sampled_from(CHARS),
    st.sampled_from("wrong missing added swapped".split()),
)
def test_a_plate_with_one_slip_is_found_by_its_keys_and_from_both_sides(
    text: str, at: int, char: str, slip: str
) -> None:
    at %= len(text) - 1
    read = {
        "wrong": text[:at] + char + text[at + 1 :],
        "missing": text[:at] + text[at + 1 :],
        "added": text[:at] + char + text[at:],
        "swapped": text[:at] + text[at + 1] + text[at] + text[at + 2 :],
    }[slip]
    if is_no_plate(read):
        return  # "NONEA" that was read as "NONE"
    one, other = plate(text), plate(read)
    assert found_by_keys(one, other)
    assert found_by_keys(other, one)
    assert links.reasons_between(one, other)


@given(PLATES, st.sets(st.integers(0, 7), min_size=1, max_size=3))
def test_a_plate_of_which_up_to_three_characters_were_not_seen_is_found(
    text: str, unseen: set[int]
) -> None:
    read = "".join("?" if at in unseen else char for at, char in enumerate(text))
    one, other = plate(text), plate(read)
    if not other or read == text:
        return  # fewer than four characters were seen: it fits too many
    assert found_by_keys(one, other)
    assert found_by_keys(other, one)
    assert only(one, other).why == Why.PART_OF_PLATE


@given(PLATES, st.integers(0, 8), st.integers(0, 8))
def test_a_plate_with_a_run_that_was_not_seen_is_found(text: str, head: int, tail: int) -> None:
    head = min(head, len(text))
    tail = min(tail, len(text) - head)
    read = f"{text[:head]}*{text[len(text) - tail :]}"
    one, other = plate(text), plate(read)
    if not other:
        return
    assert found_by_keys(one, other)
    assert found_by_keys(other, one)
    assert only(one, other).why == Why.PART_OF_PLATE


@given(PLATES, PLATES)
def test_two_other_plates_share_nothing(one: str, other: str) -> None:
    near = links.plates_related(one, other)
    alike = sum(a != b for a, b in zip(skeleton(one), skeleton(other), strict=False))
    if alike > 2 and len(one) == len(other):
        assert near is None
    assert near == links.plates_related(other, one)


def test_the_reason_says_what_differs() -> None:
    reason = only(plate("ABC123"), plate("A8C123"))
    assert reason.why == Why.LOOKALIKE_PLATE
    reason = only(plate("ABC123"), plate("AXC123"))
    assert said(reason) == "the same plate but for one character: ABC123 / AXC123"
    assert reason.strength == Strength.FAIR


@pytest.mark.parametrize(
    ("mine", "theirs", "strength"),
    [
        ({}, {}, Strength.STRONG),
        ({"state": "MO"}, {"state": "MO"}, Strength.STRONG),
        ({"state": "MO"}, {"state": "IL"}, Strength.WEAK),
        ({"make": "HOND"}, {"make": "FORD"}, Strength.FAIR),
    ],
)
def test_states_and_makes_that_contradict_weaken_the_same_plate(
    mine: dict[str, str], theirs: dict[str, str], strength: Strength
) -> None:
    assert only(plate("AB1C2D", **mine), plate("AB1C2D", **theirs)).strength == strength


def test_plates_of_two_states_say_both_and_are_never_strong() -> None:
    inn, house = (
        place(name="Sunset Inn", city="Wentzville"),
        place(street="12 Main", city="Ofallon"),
    )
    mine, theirs = plate("AB1C2D", state="MO"), plate("AB1C2D", state="IL")
    reason = only(mine, theirs)
    assert said(reason) == "plates alike, but said to be of two states: MO AB1C2D / IL AB1C2D"
    for shared in (inn, house):
        reasons = links.reasons_between([*mine, *shared], [*theirs, *shared])
        assert links.strength_of(reasons) == Strength.FAIR
    agreeing = links.reasons_between([*mine, *inn], [*mine, *inn])
    assert links.strength_of(agreeing) == Strength.STRONG


@pytest.mark.parametrize("other", ["AB1X2D", "A81C2D", "AB1C*"])
def test_so_do_plates_that_are_nearly_alike(other: str) -> None:
    reason = only(plate("AB1C2D", state="MO"), plate(other, state="IL"))
    assert (reason.strength, reason.theirs) == (Strength.WEAK, f"IL {other}")


def test_a_plate_that_is_put_right_keeps_what_was_made_of_it() -> None:
    before = only(plate("AB1C2D", state="MO"), plate("AB1C2D", state="IL"))
    assert before.mark == only(plate("AB1C2D", state="MO"), plate("AB1C2D", state="MO")).mark


def test_the_same_make_and_colour_strengthen_a_plate_read_with_a_slip() -> None:
    van = {"make": "HOND", "colour": "GRY"}
    assert only(plate("AB1C2D", **van), plate("AB1X2D", **van)).strength == Strength.STRONG


def test_a_part_is_a_clue_when_four_characters_were_seen() -> None:
    assert plate("AB1???") == []
    assert plate("AB1*") == []
    assert len(plate("AB1C*")) == 1


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [
        ("ad_phone_e164", "+13145550143", "+13145550143"),
        ("handle_canonical", "sweet_example", "sweet_example"),
        ("url_canonical", "https://ads.example/post/7", "https://ads.example/post/7"),
        ("ad_email", "Ad@mail.example", "ad@mail.example"),
        ("payment_tag", "$CashExample", "cashexample"),
    ],
)
def test_what_an_ad_names_links(field: str, mine: str, theirs: str) -> None:
    reason = only(lead(**{field: mine}), lead(**{field: theirs}))
    assert reason.strength == Strength.STRONG


@pytest.mark.parametrize(
    "said",
    [
        {"ad_alias": "Bella"},
        {"url_canonical": "https://ads.example"},
        {"handle_canonical": "bo"},
    ],
)
def test_names_in_ads_whole_sites_and_initials_are_no_clue(said: dict[str, str]) -> None:
    assert lead(**said) == []


@pytest.mark.parametrize(
    "page",
    [
        *("facebook.com/marketplace", "m.facebook.com/marketplace/", "facebook.com/groups"),
        *("facebook.com/marketplace/stlouis", "facebook.com/marketplace/category/jobs"),
        *("facebook.com/marketplace/kansascity/search", "facebook.com/marketplace/wentzville"),
        *("stlouis.craigslist.org/", "stlouis.craigslist.org/?lang=es"),
        *("ads.example/escorts", "ads.example/posts/missouri/st-louis", "ads.example/?page=2"),
        *("ads.example/us/mo/saint-louis", "ads.example/location/georgia/atlanta"),
        *("ads.example/brief/escorts/usa/missouri/stlouis/1", "ads.example/city/wentzville"),
        *("stlouis.ads.example/search/jobs", "ads.example/missouri/st-charles/female-escorts"),
        *("ads.example/escorts?page=2&sort=newest", "ads.example/#/search/massage"),
        *("ads.example/Missouri/St.%20Louis/", "instagram.com/explore"),
        *("ads.example/city/clayton", "ads.example/locations/missouri/augusta"),
        *("ads.example/us/mo/clayton/escorts", "ads.example/escorts?sort=price&order=asc"),
    ],
)
def test_a_page_that_thousands_share_links_no_tips(page: str) -> None:
    assert lead(url_canonical=online.canonical_url(page)) == []
    words = EvidenceInWords(kind="url", value=page, canonical=online.canonical_url(page))
    assert clues_of(in_words=[words]) == []


@pytest.mark.parametrize(
    "page",
    [
        *("facebook.com/marketplace/item/1234567890", "facebook.com/honey.bee", "t.me/honeybee"),
        *("facebook.com/marketplace/profile/100012345", "instagram.com/explore_stl"),
        *("facebook.com/groups/stlmassagejobs", "facebook.com/profile.php?id=100012345678"),
        "ads.example/posts/missouri/st-louis/female-escorts/honey/187654321",
        *("ads.example/post/escorts/usa/missouri/stlouis/187654321", "ads.example/post/7"),
        *("ads.example/?id=7", "ads.example/#/ad/123", "ads.example/escorts?user=honey"),
        *("ads.example/honey-bee", "ads.example/missouri/st-louis/honey-bee"),
        "video.example/watch?v=dQw4w9WgXcQ",
        # a word that is also a state, a chosen word that is a name
        *("linkedin.com/in/dremoore", "ads.example/id/sweet-tiff", "paypal.me/ma/dre"),
        *("pay.example/me/dremoney", "discord.gg/ok/dre", "ads.example/la/tiff"),
        *("skipthegames.com/posts/missouri/brianna-new-in-town", "foo.example/browse/u/dre"),
        *("ads.example/escorts/missouri/tiffany-314", "ads.example/escorts/missouri/314-555-0163"),
        *("ads.example/post/ga/peach-314-555-0163", "ads.example/search?q=314-555-0163"),
        *("boards.example/topic/99881", "escort.example/ad?view=12345", "example.com/tag/dre_stl"),
        *("facebook.com/marketplace/item/123", "telegram.example/topic/stl-brianna"),
        "massage.example/locations/lotus-spa-lindell",
        "rubmaps.example/massage-parlors/missouri/lotus-spa",
        # one word that is an account
        *("tiktok.com/@georgia", "cash.app/$georgia", "cash.app/women", "t.me/georgia"),
        *("onlyfans.com/montana", "instagram.com/texas", "es-la.facebook.com/girls"),
        *("facebook.com/groups/massage", "t.me/escorts", "bit.ly/massage", "ads.example/georgia"),
        *(
            "ads.example/@georgia",
            "ads.example/girls/georgia",
            "ads.example/girls/alberta",
            "ads.example/%40women",
        ),
        *("ads.example/girls/washington", "ads.example/girls/indiana"),
        # a city of the region that is called like a person; an order that is none
        *("ads.example/missouri/augusta", "ads.example/escorts/missouri/clayton"),
        *("ads.example/escorts?sort=lexi", "lexi.example/home?sort=lexi"),
        # in doubt
        *("facebook.com/marketplace/stlouis/search?query=massage&exact=false",),
        *("ads.example/?q=massage", "ads.example/mo/st-charles/female-escorts"),
        *("stlouis.ads.example/search/stl/jobs", "ads.example/location/63385"),
        *("ads.example/escorts/missouri/12", "ads.example/escorts?page=187", "ads.example/?12345"),
    ],
)
def test_a_page_of_one_ad_or_account_links_tips(page: str) -> None:
    one = lead(url_canonical=online.canonical_url(page))
    assert only(one, one).strength == Strength.STRONG


def test_what_the_words_name_links_with_what_the_fields_name() -> None:
    words = clues_of(
        in_words=[
            EvidenceInWords(kind="plate", value="ab1 c2d", canonical="AB1C2D", skeleton="A81C20")
        ]
    )
    assert only(words, plate("AB1C2D")).why == Why.SAME_PLATE


def test_a_room_in_the_words_is_in_the_one_place_of_the_tip() -> None:
    inn = Place(position=0, name="The Sunset Inn", city="Wentzville")
    room = EvidenceInWords(kind="room", value="Room 114", canonical="114")
    words = clues_of(places=[inn], in_words=[room])
    field = place(name="sunset inn", city="WENTZVILLE", unit="Rm 114", unit_canonical="114")
    whys = {one.why: one.strength for one in links.reasons_between(words, field)}
    assert whys == {Why.ROOM: Strength.STRONG, Why.PLACE: Strength.WEAK}


def test_an_address_and_a_name_that_fits_many() -> None:
    one = place(name="Motel", street="12 Main St", city="Wentzville")
    other = place(name="motel", street="12 Main Street.", zip="63385", city="wentzville")
    assert only(one, other).why == Why.ADDRESS


@pytest.mark.parametrize(
    "text",
    "UNKNOWN UNKNOWN? NONE NOPLATE NOPLATES TEMPTAG PAPER DEALER COVERED IDK? DIDNTSEE NOSE "
    "HELD REMOVED DESCONOCIDA SINPLACAS TAPADA COULDNOTSEETHEPLATE".split(),
)
def test_what_is_written_of_a_plate_that_nobody_read_is_no_clue(text: str) -> None:
    assert plate(text) == []


@pytest.mark.parametrize("text", ["VAR105", "TEMP5", "N0SE5", "PLATE5"])
def test_a_plate_whose_skeleton_looks_like_such_a_word_is_one(text: str) -> None:
    assert only(plate(text), plate(text)).why == Why.SAME_PLATE


@pytest.mark.parametrize(
    "said",
    [
        {"handle_canonical": "\u5c0f\u7f8exxx"},
        {"handle_canonical": "\u0440\u043e\u0437\u0430_na"},
        {"handle_canonical": "nada.novi"},
        {"ad_email": "nada@mailbox.example"},
        {"ad_email": "rose@xxx.example"},
    ],
)
def test_a_name_that_holds_such_a_word_or_is_like_one_is_a_clue(said: dict[str, str]) -> None:
    assert lead(**said) != []


@pytest.mark.parametrize("town", ["Many", "Novi", "Nothing"])
def test_a_town_is_one_by_any_name(town: str) -> None:
    assert place(name="Sunset Inn", city=town) != []
    assert place(name="Sunset Inn", city="Unknown") == []


@pytest.mark.parametrize(
    ("street", "is_house"),
    [
        ("12 Main St", True),
        ("Calle Cedar 1200", True),
        ("Main St #1200", True),
        ("Highway 67", False),
        ("US Highway 67", False),
        ("I 70", False),
        ("Carretera 40", False),
        ("Main St", False),
    ],
)
def test_a_house_has_its_number_before_or_behind(street: str, is_house: bool) -> None:
    said = place(street=street, city="Festus", unit="4", unit_canonical="4")
    assert (Kind.ROOM in {clue.kind for clue in said}) == is_house


def test_a_plate_of_letters_alone_is_one() -> None:
    assert only(plate("MYTRUCK"), plate("MYTRUCK")).why == Why.SAME_PLATE


@pytest.mark.parametrize(
    "said",
    [
        {"handle_canonical": "unknown"},
        {"handle_canonical": "[removed]"},  # as it was kept before
        {"payment_tag": "my cashapp [held]"},
        {"payment_tag": "my cashapp [?]"},
        {"ad_email": "my mail is [removed]"},
        {"url_canonical": "https://social.example/[removed]"},
        {"handle_canonical": "nosé"},
        {"payment_tag": "$Unknown"},
        {"payment_tag": "none"},
        {"ad_email": "none@none.com"},
        {"ad_email": "Unknown@gmail.com"},
        {"ad_phone_e164": "+10000000000"},
        {"ad_phone_e164": "+15555555555"},
        {"ad_phone_e164": "+11234567890"},
    ],
)
def test_what_is_written_where_nothing_is_known_is_no_clue(said: dict[str, str]) -> None:
    assert lead(**said) == []


@pytest.mark.parametrize(
    "said",
    [
        {"name": "Sunset Inn", "unit": "unknown", "unit_canonical": "UNKNOWN"},
        {"name": "Unknown", "unit": "12", "unit_canonical": "12"},
        {"name": "a", "street": "Don't know", "unit": "1", "unit_canonical": "1"},
        {"name": "Motel", "unit": "12", "unit_canonical": "12"},
        {"street": "Main St", "unit": "1", "unit_canonical": "1"},
    ],
)
def test_a_room_of_which_nothing_or_no_house_is_known_fits_many(said: dict[str, str]) -> None:
    town = {"city": "Wentzville"} if said.get("name") != "a" else {"city": "n/a"}
    assert Kind.ROOM not in {clue.kind for clue in place(**said, **town)}


def test_a_point_at_nought_and_nought_is_none() -> None:
    assert place(lat=0.0, lon=0.0) == []


def test_a_room_of_a_house_with_its_number_is_one() -> None:
    said = {"street": "12 Main St", "city": "Wentzville", "unit": "1", "unit_canonical": "1"}
    assert Why.ROOM in {one.why for one in links.reasons_between(place(**said), place(**said))}


@given(st.floats(37, 40), st.floats(-92, -89), st.floats(-0.004, 0.004), st.floats(-0.004, 0.004))
def test_pins_within_250_metres_are_found_by_their_squares(
    lat: float, lon: float, north: float, east: float
) -> None:
    one, other = place(lat=lat, lon=lon), place(lat=lat + north, lon=lon + east)
    near = metres_between((lat, lon), (lat + north, lon + east)) < NEAR_METRES - 0.2
    if near:
        assert found_by_keys(one, other)
        assert only(one, other).why == Why.DISTANCE


def recurring(rule: str, start: time, minutes: int) -> Sighting:
    return Sighting(kind="RECURRING", rrule=rule, local_start=start, duration_minutes=minutes)


def test_hours_that_both_name() -> None:
    fridays = recurring("FREQ=WEEKLY;BYDAY=FR", time(22), 240)
    weekend = recurring("FREQ=WEEKLY;BYDAY=FR,SA", time(23), 120)
    once = Sighting(kind="INSTANT", start=datetime(2026, 11, 14, 4, 30, tzinfo=UTC))  # Fri 22:30
    daily = recurring("FREQ=DAILY", time(0), 1440)
    assert links.pattern_shared(fridays, weekend)
    assert links.stretches(links.pattern_shared(fridays, once)) == "FR 22–23"
    assert not links.pattern_shared(fridays, daily)
    assert not links.pattern_shared(once, once)
    assert links.stretches(frozenset({23, 24, 25})) == "MO 23–24, TU 0–2"


def test_reasons_of_different_kinds_lift_one_another() -> None:
    weak = Reason(Why.PLACE, "a", Strength.WEAK, "", "")
    again = Reason(Why.DISTANCE, "b", Strength.WEAK, "", "")
    hours = Reason(Why.PATTERN, "c", Strength.WEAK, "", "")
    assert links.strength_of([weak, again]) == Strength.WEAK
    assert links.strength_of([weak, hours]) == Strength.FAIR


def test_suggestions_leave_out_the_tip_itself_and_are_the_same_from_both_sides() -> None:
    me, them = uuid.uuid4(), uuid.uuid4()
    mine, theirs = plate("AB1C2D"), plate("AB1X2D")
    (there,) = links.suggest(me, mine, {me: mine, them: theirs})
    (back,) = links.suggest(them, theirs, {me: mine})
    assert [one.mark for one in there.reasons] == [one.mark for one in back.reasons]
    assert (there.reasons[0].mine, back.reasons[0].mine) == ("AB1C2D", "AB1X2D")


def test_hours_are_kept_in_no_language_and_read_in_the_readers() -> None:
    said = links.says(Why.PATTERN, "FR 22–24, SA 0–2", "")
    assert said == "at the same hours of the week: Friday 22–24, Saturday 0–2"
    with translation.override("es"):
        said = links.says(Why.PATTERN, "FR 22–24, SA 0–2", "")
        assert said == "en las mismas horas de la semana: viernes 22–24, sábado 0–2"
        assert links.says(Why.PLATE_TWO_STATES, "MO ABC123", "IL ABC123").endswith(
            ": MO ABC123 / IL ABC123"
        )


def test_every_reason_is_said_in_spanish_too() -> None:
    english = {why: links.says(why, "x", "y") for why in Why}
    with translation.override("es"):
        assert not [why for why in Why if links.says(why, "x", "y") == english[why]]


def test_every_reason_has_words_and_a_family() -> None:
    for why in Why:
        assert links.says(why, "x", "y")
        assert links.FAMILY[why]
    assert set(links._SAME) == set(Kind) - {Kind.PLATE, Kind.PIN, Kind.HANDLE}
