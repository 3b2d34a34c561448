"""Links from a tip's arrival to what staff make of it: suggested, judged, remembered, counted."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.pipeline.conftest import MakeTip
from tipintake.pipeline import closing, retain
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.route import route_waiting
from tipintake.staff.models import AuditEntry, User
from tipintake.tips import floods, link_keys
from tipintake.tips.links import Strength
from tipintake.tips.models import LinkKey, Tip
from tipintake.triage import clusters, links
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.triage.clusters import Report, cluster_of, corroboration, reports_of
from tipintake.triage.links import NotPossible
from tipintake.triage.models import Link, MergedTip

Arrive = Callable[..., Tip]
PLATE: dict[str, Any] = {"vehicles": [{"plate_raw": "AB1 C2D", "plate_state": "MO"}]}
NEAR: dict[str, Any] = {"vehicles": [{"plate_raw": "AB1 X2D"}]}


def links_count(tips: list[Tip]) -> dict[uuid.UUID, int]:
    rows = Tip.objects.filter(pk__in=[tip.pk for tip in tips])
    return dict(rows.values_list("pk", links.linked("pk")))


WORDS = (
    "Two men collect money from a side door every weekend.",
    "Cars idle behind the building all night long.",
    "A woman was crying at the door while others waited.",
    "Someone carries suitcases in and out at four in the morning.",
    "The curtains are never opened and guests change hourly.",
    "A man stands guard at the stairs and looks at telephones.",
)


@pytest.fixture
def sam(db: None) -> User:
    return User.objects.create(username="sam")


@pytest.fixture
def arrive(kept: MakeTip, now: datetime) -> Arrive:
    """A tip that came, was routed and compared, as the worker does it."""

    def come(number: int, *, day: int = 0, **given: Any) -> Tip:
        tip = kept(narrative=WORDS[number % len(WORDS)], **given)
        if day:
            came = now.replace(minute=0) - timedelta(days=day)
            Tip.objects.filter(pk=tip.pk).update(submitted_hour=came)
        route_waiting(now=now)
        corroborate_due(now=now)
        return Tip.objects.get(pk=tip.pk)

    return come


def states(one: Tip, other: Tip) -> set[str]:
    return set(links.between(one, other).values_list("state", flat=True))


def shown(one: Tip, other: Tip) -> list[str]:
    return list(links.between(one, other).values_list("mark", flat=True))


def test_a_plate_read_with_one_wrong_character_is_suggested_with_its_reason(
    arrive: Arrive,
) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **NEAR)
    row = links.between(first, second).get(why="near_plate")
    said = {row.value_one, row.value_other}
    assert said == {"AB1C2D", "AB1X2D"}
    assert row.state == "SUGGESTED"
    assert links_count([first, second]) == {first.pk: 1, second.pk: 1}
    pair = tuple(sorted((first.reference, second.reference)))
    assert links.suggested_pairs() == {pair}


@pytest.mark.parametrize("judged", [False, True])
def test_plates_of_two_states_are_said_so_where_they_were_called_the_same(
    arrive: Arrive, sam: User, now: datetime, judged: bool
) -> None:
    first = arrive(0, **PLATE)
    second = arrive(1, vehicles=[{"plate_raw": "AB1 C2D", "plate_state": "IL"}])
    rows = links.between(first, second)
    rows.filter(why="plate_two_states").update(why="same_plate", value_one="AB1C2D", strength=3)
    if judged:
        links.confirm(first, second, shown(first, second), version=first.version, by=sam, now=now)
    links.suggest_for([second.pk])
    row = rows.get(mark__startswith="same_plate")
    assert row.why == ("same_plate" if judged else "plate_two_states")
    assert row.value_one == ("AB1C2D" if judged else sorted_states(first, second)[0])
    assert row.strength == Strength.WEAK


def test_what_is_shared_is_kept_as_it_is_said_now(arrive: Arrive) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **NEAR)
    rows = links.between(first, second).filter(why="near_plate")
    kept = rows.values_list("value_one", "value_other").get()
    rows.update(value_one="as it was said before")
    links.suggest_for([second.pk])
    assert rows.values_list("value_one", "value_other").get() == kept


def sorted_states(first: Tip, second: Tip) -> list[str]:
    said = {first.pk: "MO AB1C2D", second.pk: "IL AB1C2D"}
    return [said[pk] for pk in sorted(said)]


def test_what_the_words_name_is_linked_and_the_words_stay_closed(arrive: Arrive) -> None:
    first = arrive(0, **PLATE)
    second = arrive(
        1, online=[{"url": "https://ads.example/7"}], basis="SAW", indicators=["HTL_CASH"]
    )
    assert not links.between(first, second).exists()
    third = arrive(2)
    link_keys.renew(third)
    assert not links.between(first, third).exclude(why="place").exists()


def test_a_suspects_name_links_nothing(arrive: Arrive) -> None:
    rico: dict[str, Any] = {
        "persons": [{"role": "SUSPECTED_CONTROLLER", "name_or_alias": "Rico Example"}],
        "online": [{"ad_alias": "Bella", "platform": "AD_SITE"}],
    }
    first, second = arrive(0, **rico), arrive(1, **rico)
    assert not Link.objects.exists()
    assert not LinkKey.objects.filter(value__icontains="rico").exists()
    assert links_count([first, second]) == {first.pk: 0, second.pk: 0}


def test_a_rejection_is_remembered_for_this_pair_and_reason_only(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **PLATE)
    links.reject(first, second, shown(first, second), version=first.version, by=sam, now=now)
    links.suggest_for([first.pk, second.pk])
    assert states(first, second) == {"REJECTED"}
    assert links_count([first]) == {first.pk: 0}
    third = arrive(2, **PLATE)
    assert states(first, third) == {"SUGGESTED"}


def test_another_reason_for_a_rejected_pair_is_suggested(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    ad: dict[str, Any] = {"online": [{"ad_phone": "314-555-0143"}]}
    first, second = arrive(0, **PLATE), arrive(1, **PLATE, **ad)
    links.reject(first, second, shown(first, second), version=first.version, by=sam, now=now)
    lead = second.online.get()
    lead.pk, lead.tip, lead._state.adding = None, first, True
    lead.save()
    link_keys.renew(first)
    links.suggest_for([first.pk])
    assert states(first, second) == {"REJECTED", "SUGGESTED"}
    assert links.between(first, second).get(state="SUGGESTED").why == "phone"


def test_what_was_judged_can_be_taken_back(arrive: Arrive, sam: User, now: datetime) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **PLATE)
    links.confirm(first, second, shown(first, second), version=first.version, by=sam, now=now)
    assert states(first, second) == {"CONFIRMED"}
    links.take_back(second, first, version=second.version, by=sam, now=now)
    assert states(first, second) == {"SUGGESTED"}
    with pytest.raises(NotPossible, match="nothing to take back"):
        links.take_back(
            first, second, version=Tip.objects.get(pk=first.pk).version, by=sam, now=now
        )
    acts = AuditEntry.objects.filter(act__startswith="link.")
    assert sorted(acts.values_list("act", "subject")) == sorted(
        (act, tip.reference)
        for act in ("link.confirmed", "link.taken_back")
        for tip in (first, second)
    )
    for entry in acts:
        assert first.reference not in str(entry.facts)
        assert second.reference not in str(entry.facts)


def test_of_two_who_judge_at_one_moment_one_is_told(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **PLATE)
    seen = Tip.objects.get(pk=second.pk)
    marks = shown(first, second)
    links.confirm(first, second, marks, version=first.version, by=sam, now=now)
    with pytest.raises(ChangedMeanwhile):
        links.reject(seen, first, marks, version=seen.version, by=sam, now=now)
    assert states(first, second) == {"CONFIRMED"}


def test_merged_tips_are_one_report_and_two_again(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    first, second = arrive(0, **PLATE), arrive(1, day=3, **PLATE)
    links.merge(first, second, shown=first, version=first.version, by=sam, now=now)
    both = [first.pk, second.pk]
    assert corroboration(reports_of(both).values()).reports == 1
    assert cluster_of(first).members == set(both)
    fresh = Tip.objects.get(pk=second.pk)
    closing.unmerge(fresh, first, (), version=fresh.version, by=sam, now=now)
    assert corroboration(reports_of(both).values()).reports == 2
    assert not MergedTip.objects.exists()
    assert first.hand_offs.count() == second.hand_offs.count()


def test_a_merge_is_one_level_deep(arrive: Arrive, sam: User, now: datetime) -> None:
    one, two, three = (arrive(number, **PLATE) for number in range(3))
    links.merge(one, two, shown=one, version=one.version, by=sam, now=now)
    two.refresh_from_db()
    with pytest.raises(NotPossible, match="Other tips are merged into"):
        links.merge(two, three, shown=two, version=two.version, by=sam, now=now)
    three.refresh_from_db()
    with pytest.raises(NotPossible, match="is itself merged into"):
        links.merge(three, one, shown=three, version=three.version, by=sam, now=now)
    one.refresh_from_db()
    with pytest.raises(NotPossible, match="merged already"):
        links.merge(one, three, shown=one, version=one.version, by=sam, now=now)


def test_a_purge_leaves_no_key_no_link_and_no_merge(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **PLATE)
    links.confirm(first, second, shown(first, second), version=first.version, by=sam, now=now)
    second.refresh_from_db()
    links.merge(second, first, shown=second, version=second.version, by=sam, now=now)
    retain.purge_test(Tip.objects.filter(pk=first.pk), actor="test", now=now)
    assert not Link.objects.exists()
    assert not MergedTip.objects.exists()
    assert set(LinkKey.objects.values_list("tip", flat=True)) == {second.pk}
    assert not AuditEntry.objects.filter(subject=first.reference).exists()


def test_a_burst_is_one_report_however_many_links_are_confirmed(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    tips = [arrive(number, **PLATE) for number in range(6)]
    floods.group([tips[-1].pk], now=now)
    assert None not in Tip.objects.values_list("flood", flat=True)
    first = Tip.objects.get(pk=tips[0].pk)
    for other in tips[1:]:
        links.confirm(first, other, shown(first, other), version=first.version, by=sam, now=now)
        first.refresh_from_db()
    counted = corroboration(reports_of(cluster_of(first).members).values())
    assert (counted.tips, counted.reports, counted.bears_out) == (6, 1, False)


def test_clusters_follow_confirmed_links_and_show_suggested_ones_around(
    arrive: Arrive, sam: User, now: datetime
) -> None:
    ad: dict[str, Any] = {"online": [{"ad_phone": "314-555-0143"}]}
    one, two, three = arrive(0, **PLATE), arrive(1, **PLATE, **ad), arrive(2, **ad)
    links.confirm(one, two, shown(one, two), version=one.version, by=sam, now=now)
    whole = cluster_of(one)
    assert whole.members == {one.pk, two.pk}
    assert whole.around == {three.pk}
    assert sorted(edge.is_firm for edge in whole.edges) == [False, True]
    assert cluster_of(three).members == {three.pk}


def test_corroboration_counts_days_and_places_and_not_copies() -> None:
    one, other, copy = (uuid.uuid4() for _ in range(3))
    friday, monday = date(2026, 11, 13), date(2026, 11, 16)
    inn, lodge = frozenset({1}), frozenset({2})
    same = corroboration([Report(one, friday, inn), Report(other, friday, inn)])
    assert (same.reports, same.days, same.places, same.bears_out) == (2, 1, 1, False)
    assert corroboration([Report(one, friday, inn), Report(other, monday, inn)]).bears_out
    assert corroboration([Report(one, friday, inn), Report(other, friday, lodge)]).bears_out
    copies = corroboration([Report(copy, friday, inn), Report(copy, monday, lodge)])
    assert (copies.tips, copies.reports, copies.days, copies.bears_out) == (2, 1, 1, False)


def test_what_was_taken_out_of_two_tips_is_nothing_that_they_share(arrive: Arrive) -> None:
    masked = {
        "vehicles": [{"plate_raw": "my car XYZ123"}],
        "online": [{"handle": "my own account carla_jones88", "platform": "SOCIAL"}],
        "locations": [{"name": "Sunset Inn", "city": "Wentzville", "unit": "apt where I live 4"}],
    }
    first, second = arrive(0, **masked), arrive(1, **masked)
    for tip in (first, second):
        vehicle, lead, place = tip.vehicles.get(), tip.online.get(), tip.locations.get()
        assert {vehicle.plate_raw, place.unit, lead.handle} <= {"[held]", "[removed]"}
        assert vehicle.plate_canonical == vehicle.plate_skeleton == ""
        assert lead.handle_canonical == place.unit_canonical == ""
    assert {row.why for row in links.between(first, second)} == {"place"}


def test_a_place_is_one_whether_its_name_or_its_street_is_said(arrive: Arrive) -> None:
    """Two reports of one motel on one day do not bear each other out."""
    inn = {"place_type": "HOTEL_MOTEL", "name": "Sunset Inn", "city": "Wentzville"}
    street = {"place_type": "HOTEL_MOTEL", "street": "12 Main St", "city": "Wentzville"}
    tips = [
        arrive(0, locations=[inn | street | {"unit": "12", "zip": "63385"}]),
        arrive(1, locations=[inn]),
        arrive(2, locations=[street | {"unit": "14", "name": "Sunset Motel"}]),
    ]
    counted = corroboration(reports_of([tip.pk for tip in tips]).values())
    assert (counted.reports, counted.days, counted.places) == (3, 1, 1)
    assert not counted.bears_out
    elsewhere = arrive(3, locations=[street | {"street": "14 Main St"}])
    counted = corroboration(reports_of([tips[0].pk, elsewhere.pk]).values())
    assert (counted.places, counted.bears_out) == (2, True)


def test_the_count_of_a_page_is_one_query(
    arrive: Arrive, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tips = [arrive(number, **PLATE) for number in range(3)]
    with django_assert_num_queries(1):
        assert set(links_count(tips).values()) == {2}


def test_a_weak_reason_alone_is_not_counted(arrive: Arrive) -> None:
    inn: dict[str, Any] = {"locations": [{"name": "Sunset Inn", "city": "Wentzville"}]}
    first, second = arrive(0, **inn), arrive(1, **inn)
    assert links.between(first, second).get().strength == Strength.WEAK
    assert links_count([first]) == {first.pk: 0}


def test_many_at_one_place_are_bounded_and_the_newest_are_seen(
    arrive: Arrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_keys, "MOST_OF_A_CROWD", 3)
    inn: dict[str, Any] = {"locations": [{"name": "Sunset Inn", "city": "Wentzville"}]}
    tips = [arrive(number, **inn) for number in range(6)]
    found = {one.other for one in link_keys.search([tips[-1].pk])[tips[-1].pk]}
    assert found == {tips[3].pk, tips[4].pk}


def test_a_failure_of_the_links_keeps_the_task_force_from_no_tip(
    kept: MakeTip,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_given: Any, **_named: Any) -> int:
        raise ValueError

    monkeypatch.setattr(links, "suggest_for", fails)
    for words in WORDS[:2]:
        kept(narrative=words, **PLATE)
        route_waiting(now=now)
        corroborate_due(now=now)
    assert Tip.objects.filter(shares_evidence=True).count() == 2


def test_the_database_refuses_a_pair_twice_or_turned_round(arrive: Arrive) -> None:
    first, second = arrive(0, **PLATE), arrive(1, **PLATE)
    row = links.between(first, second).first()
    assert row is not None
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.one_id, row.other_id, row.mark = row.other_id, row.one_id, "turned"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_day_of_a_report_is_that_which_it_speaks_of(arrive: Arrive, now: datetime) -> None:
    seen: dict[str, Any] = {
        "sighting": {"kind": "INSTANT", "start": datetime(2026, 11, 2, 3, tzinfo=UTC)}
    }
    tip = arrive(0, **seen)
    assert clusters.reports_of([tip.pk])[tip.pk].day == date(2026, 11, 1)


def test_earlier_tips_are_found_after_their_keys_were_renewed_and_held_against_a_truth(
    kept: MakeTip, now: datetime, tmp_path: Path
) -> None:
    tips = [kept(narrative=words, **PLATE) for words in WORDS[:2]]
    stranger = kept(narrative=WORDS[2])
    LinkKey.objects.all().delete()
    said = StringIO()
    call_command("links", "renew", stdout=said)
    assert said.getvalue() == "3 tips; 1 new suggestions.\n"
    truth = tmp_path / "truth.jsonl"
    truth.write_text(json.dumps({"tips": [tip.reference for tip in tips]}), "utf-8")
    said = StringIO()
    call_command("links", "score", "--truth", str(truth), stdout=said)
    scored = json.loads(said.getvalue())
    assert (scored["recall"], scored["precision"], scored["suggested"]) == (1.0, 1.0, 1)
    said = StringIO()
    call_command("links", "pairs", stdout=said)
    assert set(json.loads(said.getvalue()).values()) == {tip.reference for tip in tips}
    truth.write_text(json.dumps({"tips": [tips[0].reference, stranger.reference]}), "utf-8")
    said = StringIO()
    call_command("links", "score", "--truth", str(truth), stdout=said)
    assert json.loads(said.getvalue())["recall"] == json.loads(said.getvalue())["precision"] == 0


def test_a_truth_that_cannot_be_read_says_what_to_write(db: None, tmp_path: Path) -> None:
    (tmp_path / "truth").write_text("nonsense", "utf-8")
    with pytest.raises(CommandError, match="one ring a line"):
        call_command("links", "score", "--truth", str(tmp_path / "truth"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("links", "score", "--truth", str(tmp_path / "missing"))
