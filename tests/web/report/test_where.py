"""Where it was: an exit chosen from a list, two roads, a spot on a map. All of it optional."""

import pytest
import shapely
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from tests.web.desk.test_map_page import release
from tests.web.residents import SEEN, Page, Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Boundary, BoundaryDataset
from tipintake.tips.models import Place, Tip
from tipintake.tips.vocabulary import PinSource
from tipintake.web.report import exits

KIND: dict[str, str | list[str]] = {
    name: SEEN[name] for name in ("category", "immediacy", "minor_present", "narrative")
}


@pytest.fixture
def land(region: Gazetteer) -> BoundaryDataset:
    """One municipality in force."""
    dataset = BoundaryDataset.objects.create(
        version="first-version", loaded_at=timezone.now(), loaded_by="test"
    )
    area = shapely.to_wkb(shapely.box(-90.9, 38.78, -90.8, 38.85))
    Boundary.objects.create(
        dataset=dataset, kind="city", geoid="2978442", name="Wentzville", wkb=area
    )
    release(dataset)
    return dataset


def sent(resident: Resident, **answers: str) -> Place:
    resident.age_the_token()
    resident.press("check", **KIND, **answers)
    resident.press("send")
    return Tip.objects.get().locations.get()


def test_an_exit_is_chosen_without_knowing_how_to_write_one(resident: Resident) -> None:
    assert "I-70 217, O'Fallon" in resident.page.html.replace("&#x27;", "'")
    place = sent(resident, locations__0__listed_exit="I-70:217")
    assert (place.highway, place.exit) == ("I-70", "217")


def test_the_chosen_exit_places_the_tip(resident: Resident) -> None:
    resident.age_the_token()
    page = resident.press("check", **KIND, locations__0__listed_exit="I-64:1")
    assert "Wentzville" in page.text
    assert page.value("locations-0-listed_exit") == "I-64:1"


def test_an_exit_typed_by_hand_is_the_one_that_counts(resident: Resident) -> None:
    place = sent(
        resident,
        locations__0__listed_exit="I-70:217",
        locations__0__highway="I-44",
        locations__0__exit="266",
    )
    assert (place.highway, place.exit) == ("I-44", "266")


@pytest.mark.parametrize(
    "typed", ["salida 210", "Salida núm. 210", "Exit 210", "exit no. 210", "210"]
)
def test_an_exit_may_be_written_with_the_word(resident: Resident, typed: str) -> None:
    place = sent(resident, locations__0__highway="I-70", locations__0__exit=typed)
    assert (place.highway, place.exit) == ("I-70", "210")


@pytest.mark.parametrize("made_up", ["I-70:", "nonsense", "I-70:217 or so", "x" * 500])
def test_an_answer_that_no_list_offers_is_no_exit(resident: Resident, made_up: str) -> None:
    place = sent(resident, locations__0__listed_exit=made_up, locations__0__name="Budget Inn")
    assert (place.highway, place.exit) == ("", "")


def test_between_two_roads(resident: Resident) -> None:
    place = sent(
        resident,
        locations__0__street="Pearce Boulevard",
        locations__0__cross_street="Main Street",
        locations__0__second_road="Linn Avenue",
    )
    assert place.cross_street == "Main Street & Linn Avenue"


def test_the_check_page_tells_both_roads_once(resident: Resident) -> None:
    page = resident.press(
        "check",
        **KIND,
        locations__0__cross_street="Main Street",
        locations__0__second_road="Linn Avenue",
    )
    assert page.text.count("Main Street & Linn Avenue") == 1
    page = resident.press("change")
    assert page.value("locations-0-second_road") == "Linn Avenue"


def test_a_pin_is_kept_no_finer_than_a_doorway(resident: Resident) -> None:
    place = sent(
        resident,
        locations__0__lat="38.812345678",
        locations__0__lon="-90.852987654",
        locations__0__accuracy_m="3",
        locations__0__pinned="1",
    )
    assert (place.lat, place.lon, place.accuracy_m) == (38.8123, -90.853, 25)
    assert place.source == PinSource.PIN


def test_numbers_typed_by_hand_stand_as_they_are(resident: Resident) -> None:
    place = sent(resident, locations__0__lat="38.812345", locations__0__lon="-90.852987")
    assert (place.lat, place.lon, place.accuracy_m) == (38.812345, -90.852987, None)


def test_a_comma_may_stand_before_the_fraction(resident: Resident) -> None:
    place = sent(
        resident,
        locations__0__lat="38,812345",
        locations__0__lon="-90,852987",
        locations__0__highway="I-70",
        locations__0__mile_marker="214,5",
    )
    assert (place.lat, place.lon) == (38.812345, -90.852987)
    assert float(place.mile_marker or 0) == 214.5
    assert place.source == PinSource.TYPED


def test_a_pin_alone_is_no_report(resident: Resident) -> None:
    """A where is never a what."""
    answers = {name: KIND[name] for name in ("category", "immediacy", "minor_present")}
    page = resident.press("check", **answers, locations__0__lat="38.8", locations__0__lon="-90.8")
    assert "Tell us one thing you noticed" in page.text


def test_no_map_is_offered_where_there_is_none(resident: Resident) -> None:
    assert "data-map" not in resident.page.html
    assert Client().get("/map/areas.js").status_code == 404
    assert "Say in your own words what is next to it" in resident.page.text


def test_the_map_is_a_script_of_this_site(land: BoundaryDataset, resident: Resident) -> None:
    page = resident.read("/r/all/")
    buttons = [one.attrs for one in page.buttons if "data-map" in one.attrs]
    assert [one["data-fields"] for one in buttons] == ["locations-0"]
    assert "hidden" in buttons[0]
    for name in ("data-map", "data-leaflet", "data-areas"):
        assert buttons[0][name].startswith("/")
    response = Client().get(buttons[0]["data-areas"])
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.content.startswith(b'export default {"type":"FeatureCollection"')
    assert b"Wentzville" in response.content
    assert page.headers["Content-Security-Policy"].count("connect-src") == 0


def test_a_page_that_carries_words_needs_no_list_of_exits(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Gazetteer:
        raise DatabaseError

    monkeypatch.setattr(exits, "current_gazetteer", broken)
    assert [value for value, _label in exits.choices()] == [""]


@pytest.mark.parametrize("path", ["/safety/", "/privacy/", "/after/"])
def test_a_page_that_only_tells_leads_to_the_form(resident: Resident, path: str) -> None:
    page: Page = resident.read(path)
    assert [one["href"] for one in page.links if one.get("class") == "button"] == ["/r/1/"]
