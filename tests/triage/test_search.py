"""What a search finds, what it refuses, and what it leaves in the audit."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.pipeline.conftest import HOTEL_PATTERN, MakeTip, kept, silence
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line
from tipintake.pipeline.follow_up import More, send_more
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role
from tipintake.tips.draft import TipDraft, VehicleDraft
from tipintake.tips.models import SearchTerm, Tip
from tipintake.tips.vocabulary import CameBy
from tipintake.triage import search
from tipintake.triage.search import Asked, Searcher

__all__ = ["kept", "silence"]

SEEN: dict[str, Any] = {
    **HOTEL_PATTERN,
    "vehicles": [
        {"plate_raw": "7KX 4B2", "plate_state": "MO", "make": "Chevy", "colour1": "grey"}
    ],
    "locations": [
        {
            "place_type": "HOTEL_MOTEL",
            "name": "The Fernleaf Inn",
            "street": "12 Café Road",
            "unit": "Room 12-B",
            "city": "St. Peters",
            "zip": "63376",
            "highway": "I-70",
            "exit": "222",
        }
    ],
    "online": [
        {
            "url": "https://www.ads.example/post/1?utm_source=x",
            "handle": "@Night.Owl",
            "ad_phone": "three one 4 555 0143",
            "ad_email": "Ads@Post.example",
            "payment_tag": "$nightowl",
        }
    ],
    "persons": [
        {
            "role": "SUSPECTED_CONTROLLER",
            "name_or_alias": "Big Rickard",
            "race": "white",
            "hair": "brown",
            "clothing": "red jacket",
        }
    ],
    "sighting": {"kind": "INSTANT", "start": datetime(2026, 11, 13, 4, 30, tzinfo=UTC)},
}


@pytest.fixture
def tip(kept: MakeTip) -> Tip:
    return kept(SEEN)


@pytest.fixture
def admin(region: Gazetteer, now: datetime) -> Searcher:
    accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    return Searcher.of(User.objects.get(username="root"))


def finds(searcher: Searcher, now: datetime, **asked: Any) -> bool:
    what = Asked(**asked)
    assert search.problems(what, searcher) == []
    tips, _more = search.page(what, searcher, position=None, now=now)
    return bool(tips)


@pytest.mark.parametrize(
    "asked",
    [
        {"plate": "7kx4b2"},
        {"plate": "7KX?82"},
        {"plate": "7*", "city": "saint peters"},
        {"plate_state": "Missouri", "plate": "*4B2"},
        {"make": "Chevrolet"},
        {"make": "CHEV", "colour": "gris"},
        {"phone": "(314) 555-0143"},
        {"handle": "night.owl"},
        {"url": "http://ads.example/post/1"},
        {"url": "ads.example"},
        {"email": "ads@post.example"},
        {"payment": "NightOwl"},
        {"place": "fernleaf"},
        {"place": "cafe road inn"},
        {"room": "12b"},
        {"city": "St Peters"},
        {"zip": "63376"},
        {"exit": "I-70 222"},
        {"exit": "222"},
        {"venue": "HOTEL_MOTEL"},
        {"sign": ("HTL_TRAFFIC",)},
        {"seen_from": date(2026, 11, 12), "seen_to": date(2026, 11, 12)},
        {"came_from": date(2026, 11, 14), "came_to": date(2026, 11, 14)},
        {"category": "SUSPICIOUS_PLACE_PATTERN", "status": "NEW"},
        {"race": "white", "colour": "gray", "room": "12B"},
    ],
    ids=str,
)
def test_each_thing_that_stands_in_clear_finds_the_tip(
    tip: Tip, admin: Searcher, now: datetime, asked: dict[str, Any]
) -> None:
    assert finds(admin, now, **asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"plate": "7KX4B3"},
        {"plate": "7KX4B2", "city": "Wentzville"},
        {"phone": "314-555-0144"},
        {"url": "other.example"},
        {"place": "fernleaf motel"},
        {"exit": "I-64 222"},
        {"exit": "22"},
        {"sign": ("HTL_TRAFFIC", "CTL_ID_HELD")},
        {"seen_from": date(2026, 11, 13)},
        {"seen_to": date(2026, 11, 11)},
        {"came_to": date(2026, 11, 13)},
        {"priority": "P1"},
        {"place": "rickard"},
    ],
    ids=str,
)
def test_everything_that_is_asked_for_must_hold(
    tip: Tip, admin: Searcher, now: datetime, asked: dict[str, Any]
) -> None:
    assert not finds(admin, now, **asked)


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ({"plate": "7K"}, "plate", "at least 3 known characters"),
        ({"plate": "7?K*"}, "plate", "at least 3 known characters"),
        ({"plate": "***"}, "plate", "letters and digits"),
        ({"phone": "nobody"}, "phone", "no telephone number"),
        ({"race": "white"}, "race", "never searched for by itself"),
        ({"race": "white", "status": "NEW", "priority": "P2"}, "race", "at least two things"),
        ({"name": "Rickard"}, "name", "unverified allegation"),
        ({"place": "!!"}, "place", "nothing in this"),
    ],
    ids=str,
)
def test_a_search_that_would_read_too_much_says_what_to_add(
    admin: Searcher, asked: dict[str, Any], field: str, says: str
) -> None:
    (problem,) = search.problems(Asked(**asked), admin)
    assert problem.field == field
    assert says in problem.sentence


def test_a_name_is_found_by_no_term(tip: Tip) -> None:
    assert not SearchTerm.objects.filter(term__icontains="rickard").exists()


def test_a_line_finds_only_its_own_tips(tip: Tip, admin: Searcher, now: datetime) -> None:
    route_waiting(now=now, limit=10)
    line = tip.hand_offs.select_related("line").latest("is_primary").line
    other = Line.objects.exclude(pk__in=tip.hand_offs.values("line")).filter(kind="police").first()
    assert other is not None
    for code, sees in ((line.code, True), (other.code, False)):
        name = f"at-{code}"[:30]
        accounts.create(name, roles=[Role.PARTNER], lines=[code], actor="test", now=now)
        searcher = Searcher.of(User.objects.get(username=name))
        assert finds(searcher, now, plate="7KX4B2") is sees
        assert not finds(searcher, now, plate="7KX4B2", line="none-such")


def test_a_tip_is_found_where_it_was_placed(kept: MakeTip, admin: Searcher, now: datetime) -> None:
    kept(HOTEL_PATTERN, locations=[], narrative="Cars all night behind the motel in Wentzville.")
    assert finds(admin, now, city="Wentzville")


def test_what_was_added_later_is_found_too(
    region: Gazetteer, silence: object, admin: Searcher, now: datetime
) -> None:
    receipt = submit_tip(TipDraft.from_mapping(HOTEL_PATTERN), came_by=CameBy.API, now=now)
    more = More(
        text="The ad is at https://later.example/ad/7 now.",
        vehicles=(VehicleDraft(plate_raw="XY9 8Z1"),),
    )
    send_more(receipt.code, more, now=now)
    assert finds(admin, now, plate="XY98Z1", url="later.example")


def test_pages_follow_one_another_without_gap_or_repeat(
    kept: MakeTip, admin: Searcher, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PAGE", 3)
    for number in range(8):
        one = kept(HOTEL_PATTERN, vehicles=[{"plate_raw": f"AAA{number}22"}])
        Tip.objects.filter(pk=one.pk).update(
            submitted_hour=datetime(2026, 11, 1 + number // 3, 5, tzinfo=UTC)
        )
    seen: list[Tip] = []
    position = None
    while True:
        tips, position = search.page(Asked(plate="AAA*"), admin, position=position, now=now)
        seen += tips
        if position is None:
            break
    assert len(seen) == len({one.pk for one in seen}) == 8
    assert seen == sorted(seen, key=lambda one: one.submitted_hour, reverse=True)


def test_a_search_is_recorded_with_marks_and_without_values(
    tip: Tip, admin: Searcher, now: datetime
) -> None:
    finds(admin, now, plate="7KX4B2", city="St. Peters")
    finds(admin, now, plate="7kx-4b2")
    first, second = AuditEntry.objects.filter(act="search.made").order_by("pk")
    assert first.actor == "root"
    assert first.facts["facets"] == ["city", "plate"]
    assert second.facts["marks"][0] in first.facts["marks"]
    everything = str(first.facts) + str(second.facts)
    assert "7KX" not in everything.upper()
    assert "peters" not in everything.lower()


def test_a_purge_leaves_no_term(tip: Tip, now: datetime) -> None:
    assert SearchTerm.objects.exists()
    tip.delete()
    assert not SearchTerm.objects.exists()


def test_the_index_can_be_written_anew(tip: Tip, admin: Searcher, now: datetime) -> None:
    before = set(SearchTerm.objects.values_list("kind", "term"))
    SearchTerm.objects.all().delete()
    assert not finds(admin, now, plate="7KX4B2")
    call_command("search_index", "--missing", stdout=StringIO())
    assert set(SearchTerm.objects.values_list("kind", "term")) == before


def test_a_day_is_a_day_in_st_louis(kept: MakeTip, admin: Searcher, now: datetime) -> None:
    one = kept(HOTEL_PATTERN)
    late = datetime(2026, 11, 14, 3, tzinfo=UTC)  # 9 pm of the day before
    Tip.objects.filter(pk=one.pk).update(submitted_hour=late)
    assert finds(admin, now, came_from=date(2026, 11, 13), came_to=date(2026, 11, 13))
    assert not finds(admin, now, came_from=late.date() + timedelta(days=0))
