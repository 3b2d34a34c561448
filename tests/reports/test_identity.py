"""Two tips share one thing only when what they name identifies it, in the chart and the index."""

import csv
import io
from collections import defaultdict
from typing import Any

import pytest

from reports import demo, identity
from reports.formats import i2
from reports.packet.index import Index
from reports.rows import OnlineRow, PlaceRow, TipRow, VehicleRow, WordRow
from tests.reports.test_packet import MADE, Kept, about

ONE, OTHER = "T-TEST-0001", "T-TEST-0002"


class Lines(Kept):
    """Texts and scratch files of a package, kept."""

    def text(self, name: str) -> Any:
        kept = self.files

        class File(io.StringIO):
            def close(self) -> None:
                kept[name] = self.getvalue().encode()
                super().close()

        return File(newline="")

    def scratch(self, name: str) -> Any:
        class File(io.BytesIO):
            def blocks(self) -> Any:
                yield self.getvalue()

        return File()


def row(reference: str, **given: Any) -> TipRow:
    bare = {"vehicles": (), "places": (), "online": (), "words": (), "links": ()}
    return next(demo.rows(now=MADE))._replace(reference=reference, **{**bare, **given})


def pair(one: dict[str, Any], other: dict[str, Any]) -> tuple[TipRow, TipRow]:
    return row(ONE, **one), row(OTHER, **other)


def in_chart(*rows: TipRow) -> list[tuple[str, set[str]]]:
    """The label of each entity that is no tip, and the tips from which a link goes to it."""
    files = Lines()
    writer = i2.FORMAT.begin(files, about(len(rows)))
    for one in rows:
        writer.add(one)
    writer.end()
    entities, links = (
        list(csv.DictReader(io.StringIO(files.files[f"i2/{name}.csv"].decode(), newline="")))
        for name in ("entities", "links")
    )
    tips: dict[str, set[str]] = defaultdict(set)
    for link in links:
        tips[link["to_id"]].add(link["tip"])
    return [(one["label"], tips[one["id"]]) for one in entities if one["type"] != "Tip"]


def in_index(*rows: TipRow) -> list[tuple[str, set[str]]]:
    index = Index()
    for one in rows:
        index.add(one)
    return [(one["shown"], set(one["tips"])) for table in index.values() for one in table["rows"]]


def places(*given: PlaceRow) -> dict[str, Any]:
    return {"places": given}


def online(**given: Any) -> dict[str, Any]:
    return {"online": (OnlineRow(**given),)}


def words(kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"words": (WordRow(kind, value, value),), **more}


SUPER_8 = PlaceRow(name="Super 8")
MAIN = PlaceRow(street="100 Main St", city="Springfield")
INN = PlaceRow(name="Sunset Inn", city="Wentzville", state="MO")
BELLA = {"handle": "@Bella", "platform": "DATING"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (places(SUPER_8._replace(state="IL", zip="62401")),
         places(SUPER_8._replace(state="MO", zip="63301"))),
        (places(SUPER_8), places(SUPER_8)),
        (places(SUPER_8._replace(city="Springfield")),
         places(SUPER_8._replace(city="Springfield"))),
        (places(MAIN._replace(state="IL")), places(MAIN._replace(state="MO"))),
        (places(MAIN), places(MAIN)),
        (places(MAIN._replace(street="1 23rd St", state="IL")),
         places(MAIN._replace(street="12 3rd St", state="IL"))),
        (places(MAIN._replace(street="Main St", state="IL")),
         places(MAIN._replace(street="Main St", state="IL"))),
        (places(INN._replace(name="Motel")), places(INN._replace(name="motel"))),
        (places(INN._replace(unit="12")), places(INN._replace(unit="14"))),
        (places(SUPER_8._replace(unit="12")), places(SUPER_8._replace(unit="12"))),
        (words("room", "214"), words("room", "214")),
        (words("room", "214", **places(SUPER_8)), words("room", "214", **places(SUPER_8))),
        (words("address", "100 main st"), words("address", "100 main st")),
        (online(**BELLA), online(**BELLA)),
        (online(handle="bella", platform="Dating app"),
         online(handle="bella", platform="dating app")),
        (online(handle="bella", platform="Tinder"), online(handle="bella", platform="Bumble")),
        (online(handle="bella", url="https://a.example/x"),
         online(handle="bella", url="https://b.example/x")),
        (words("handle", "bella"), words("handle", "bella")),
        (words("handle", "bella"), online(handle="bella", platform="Tinder")),
        (online(ad_phone="555-0143"), online(ad_phone="555-0143")),
        (online(payment_tag="$rose"), online(payment_tag="@rose")),
        (online(payment_tag="[held]"), online(payment_tag="[held]")),
        (online(payment_tag="unknown"), online(payment_tag="unknown")),
        (online(ad_email="none@none.com"), online(ad_email="none@none.com")),
        (online(ad_phone_e164="+10000000000"), online(ad_phone_e164="+10000000000")),
        (online(handle="unknown", platform="Tinder"), online(handle="Unknown", platform="tinder")),
        (places(INN._replace(name="Unknown")), places(INN._replace(name="unknown"))),
        ({"vehicles": (VehicleRow(plate="UNKNOWN", plate_state="MO"),)},
         {"vehicles": (VehicleRow(plate="UNKNOWN", plate_state="MO"),)}),
        (words("plate", "A8?"), words("plate", "A8?")),
        ({"vehicles": (VehicleRow(plate="A8*", plate_state="MO"),)},
         {"vehicles": (VehicleRow(plate="A8*", plate_state="MO"),)}),
        ({"vehicles": (VehicleRow(plate="A81", plate_partial=True),)},
         {"vehicles": (VehicleRow(plate="A81", plate_partial=True),)}),
    ],
)  # fmt: skip
def test_what_may_be_two_things_stays_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    rows = pair(one, other)
    for found in (in_chart(*rows), in_index(*rows)):
        assert [said for said, tips in found if len(tips) > 1] == []
    assert {tip for _, tips in in_chart(*rows) for tip in tips} == {ONE, OTHER}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (places(INN), places(INN._replace(name="The Sunset Inn"))),
        (places(SUPER_8._replace(zip="63301")),
         places(SUPER_8._replace(zip="63301-1234", state="MO"))),
        (places(MAIN._replace(state="IL")), places(MAIN._replace(state="IL", zip="62401"))),
        (places(MAIN._replace(street="Main St", cross_street="Oak Ave", state="IL")),
         places(MAIN._replace(street="Oak Avenue", cross_street="main street", state="IL"))),
        (places(INN._replace(unit="Rm 12")), places(INN._replace(unit="#12"))),
        (words("room", "12", **places(INN)), places(INN._replace(unit="12"))),
        (words("room", "12", **places(INN)), words("room", "12", **places(INN))),
        (online(handle="@Bella", platform="Tinder"), online(handle="bella", platform="tinder")),
        (online(handle="bella", url="http://www.a.example/bella"),
         online(handle="@bella", url="https://a.example/x")),
        (words("handle", "bella", **online(handle="@Bella", platform="Tinder")),
         online(handle="bella", platform="Tinder")),
        (online(payment_tag="$Rose"), online(payment_tag="$rose")),
        (words("phone", "+13145550166"), online(ad_phone_e164="+13145550166")),
        (words("email", "a@b.example"), online(ad_email="A@b.example")),
        (words("url", "https://a.example/x"), online(url="http://www.a.example/x/")),
        (words("plate", "A81C20"), {"vehicles": (VehicleRow(plate="A81C20", plate_state="MO"),)}),
    ],
)  # fmt: skip
def test_what_is_one_thing_is_joined(one: dict[str, Any], other: dict[str, Any]) -> None:
    rows = pair(one, other)
    for found in (in_chart(*rows), in_index(*rows)):
        assert any(tips == {ONE, OTHER} for _, tips in found), found


def test_labels_tell_things_of_one_name_apart() -> None:
    rows = pair(
        places(MAIN._replace(state="IL", zip="62701"), SUPER_8._replace(unit="12", zip="63301")),
        {**places(MAIN._replace(state="MO")), **online(handle="@bella", platform="Tinder")},
    )
    shown = [said for said, _ in in_index(*rows)]
    assert shown == [
        "@bella, tinder",
        "100 Main St, Springfield, IL 62701",
        "100 Main St, Springfield, MO",
        "Super 8, room 12, 63301",
    ]
    labels = [said for said, _ in in_chart(*rows)]
    assert "100 Main St Springfield IL 62701" in labels
    assert "100 Main St Springfield MO" in labels


def test_a_room_in_words_stands_under_its_place() -> None:
    one = row(ONE, **words("room", "214", **places(SUPER_8)))
    assert {said for said, _ in in_index(one)} == {"Super 8", "Super 8, room 214"}
    same = row(ONE, **words("room", "214", **places(SUPER_8._replace(unit="214"))))
    assert len(in_index(same)) == len(in_chart(same)) == 1
    assert in_index(row(ONE, **words("room", "214"))) == [("room 214", {ONE})]


def test_an_exit_in_a_town_is_looked_up_by_its_road() -> None:
    exits = [PlaceRow(city="Wentzville", state="MO", highway="I-70", exit=at) for at in "89"]
    index = Index()
    for at, one in enumerate(exits):
        index.add(row(f"T-{at}", places=(one,)))
    (places,) = [one for one in index.values() if one["kind"] == "places"]
    assert [(one["shown"], one["tips"]) for one in places["rows"]] == [
        ("I-70 exit 8, Wentzville, MO", ["T-0"]),
        ("I-70 exit 9, Wentzville, MO", ["T-1"]),
    ]


def test_a_town_and_a_stretch_of_road_need_their_state() -> None:
    town, road = PlaceRow(city="Springfield"), PlaceRow(highway="I-70", exit="208")
    for one, state, shared in ((town, "", 2), (town, "MO", 1), (road, "", 2), (road, "MO", 1)):
        rows = pair(places(one._replace(state=state)), places(one._replace(state=state)))
        assert len(in_index(*rows)) == shared
        assert len(in_chart(*rows)) == 2  # a town is no place where somebody was seen


def test_a_kind_of_site_is_no_site() -> None:
    for platform in ("", "DATING", "a dating app", "Red social", "web site", "Página web"):
        assert identity.site(OnlineRow(handle="bella", platform=platform)) == ""
    assert identity.site(OnlineRow(url="unknown", handle="bella")) == ""
    assert identity.site(OnlineRow(handle="https://www.a.example/bella")) == "a.example"
    assert identity.site(OnlineRow(handle="bella", platform="Tinder app")) == "tinderapp"
