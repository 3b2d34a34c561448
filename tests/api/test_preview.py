"""A client shows its user what an agency would see, and sends the user's decisions along."""

from typing import Any

import pytest
from django.conf import settings

from tests.api.conftest import Send, pointers
from tipintake.privacy import keys
from tipintake.privacy.scrub import Scrubbed, scrub
from tipintake.tips import cleaning
from tipintake.tips.models import Tip
from tipintake.tips.secrets import narrative_of

pytestmark = pytest.mark.django_db

TIP: dict[str, Any] = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["CTL_ACCOMPANIED"],
    "narrative": (
        "A man brings her to room 12 each night. My name is Ada Probe. Call me at 314-555-0163."
    ),
    "vehicles": [{"make": "Ford", "features": "dent, call me at 636-555-0117"}],
}


@pytest.fixture
def shown(post: Send, region: object) -> dict[str, Any]:
    response = post("/api/v1/tips/preview", TIP)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def test_nothing_is_kept(shown: dict[str, Any]) -> None:
    assert not Tip.objects.exists()
    assert "receipt" not in shown


def test_each_finding_names_its_words_and_what_happens_to_them(shown: dict[str, Any]) -> None:
    phone = next(one for one in shown["findings"] if "555-0163" in one["words"])
    assert phone["pointer"] == "/narrative"
    assert phone["verdict"] == "remove"
    text = next(one for one in shown["texts"] if one["pointer"] == "/narrative")
    assert text["as_sent"][phone["start"] : phone["end"]] == phone["words"]
    assert "555-0163" not in text["as_seen"]


def test_what_an_agency_would_see_holds_nothing_that_is_removed(shown: dict[str, Any]) -> None:
    seen = str(shown["agency_sees"])
    assert "555-0163" not in seen
    assert "555-0117" not in seen
    assert "room 12" in seen
    assert shown["ready"] is True


def test_the_lines_are_those_that_the_tip_then_gets(shown: dict[str, Any], send_tip: Send) -> None:
    assert send_tip(TIP).json()["placed_with"] == shown["placed_with"]


def test_what_is_to_mend_is_shown_and_not_refused(post: Send, region: object) -> None:
    answer = post(
        "/api/v1/tips/preview",
        {"category": "OTHER_UNSURE", "immediacy": "PAST", "minor_present": "NO"},
    ).json()
    assert answer["ready"] is False
    assert answer["problems"][0]["code"] == "needs_a_what"


def test_that_all_words_would_be_taken_out_is_not_said_as_if_there_were_none(
    post: Send, send_tip: Send
) -> None:
    alone = {
        "category": "OTHER_UNSURE",
        "immediacy": "PAST",
        "minor_present": "NO",
        "narrative": "I live at 512 Elm Street, call me at 314-555-0163.",
    }
    shown = post("/api/v1/tips/preview", alone).json()
    assert shown["ready"] is False
    assert [one["code"] for one in shown["problems"]] == ["needs_a_what"]
    assert "say of each part whose it is" in shown["problems"][0]["detail"]
    refused = send_tip(alone)
    assert pointers(refused) == {"": "needs_a_what"}
    assert "say of each part whose it is" in refused.json()["errors"][0]["detail"]
    theirs = {one["id"]: "keep" for one in shown["findings"]}
    assert send_tip({**alone, "decisions": theirs}).status_code == 201


def test_the_senders_word_decides(shown: dict[str, Any], send_tip: Send) -> None:
    phone = next(one for one in shown["findings"] if "555-0163" in one["words"])
    assert send_tip({**TIP, "decisions": {phone["id"]: "keep"}}).status_code == 201
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    assert "555-0163" in narrative_of(Tip.objects.get(), private)


def test_no_text_is_read_twice_for_one_request(
    shown: dict[str, Any], send_tip: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tip with every field filled takes a second to read; decisions made it three."""
    read: list[str] = []

    def counted(text: str, **how: Any) -> Scrubbed:
        read.append(text)
        return scrub(text, **how)

    monkeypatch.setattr(cleaning, "scrub", counted)
    (said, *_more) = shown["findings"]
    for _request in range(2):
        assert send_tip({**TIP, "decisions": {said["id"]: "keep"}}).status_code == 201
        assert len(read) == len(set(read)) > 0
        read.clear()


def test_without_a_word_the_finding_stands(send_tip: Send) -> None:
    assert send_tip(TIP).status_code == 201
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    kept = narrative_of(Tip.objects.get(), private)
    assert "555-0163" not in kept
    assert "Ada Probe" not in kept


def test_a_decision_about_another_text_is_refused_not_dropped(
    shown: dict[str, Any], send_tip: Send
) -> None:
    phone = next(one for one in shown["findings"] if "555-0163" in one["words"])
    changed = {
        **TIP,
        "narrative": "Now: " + TIP["narrative"],
        "decisions": {phone["id"]: "remove"},
    }
    response = send_tip(changed)
    assert response.status_code == 422
    assert set(pointers(response).values()) == {"unknown_finding"}


def test_a_decision_about_other_words_in_the_same_place_is_refused(
    shown: dict[str, Any], send_tip: Send
) -> None:
    phone = next(one for one in shown["findings"] if "555-0163" in one["words"])
    changed = {
        **TIP,
        "narrative": TIP["narrative"].replace("555-0163", "555-0177"),
        "decisions": {phone["id"]: "keep"},
    }
    response = send_tip(changed)
    assert response.status_code == 422
    assert set(pointers(response).values()) == {"unknown_finding"}
    assert not Tip.objects.exists()


def test_a_baby_is_shown_with_its_age(post: Send, region: object) -> None:
    baby = {"role": "POSSIBLE_VICTIM", "age_from": 0, "age_to": 1}
    answer = post("/api/v1/tips/preview", {**TIP, "persons": [baby]})
    assert answer.json()["agency_sees"]["persons"] == [baby]


def test_a_preview_is_not_ready_with_decisions_that_the_tip_would_be_refused_for(
    shown: dict[str, Any], post: Send
) -> None:
    phone = next(one for one in shown["findings"] if "555-0163" in one["words"])
    decided = {**TIP, "decisions": {phone["id"]: "keep"}}
    assert post("/api/v1/tips/preview", decided).json()["ready"] is True
    changed = {**decided, "narrative": "Now: " + TIP["narrative"]}
    response = post("/api/v1/tips/preview", changed)
    assert response.status_code == 422
    assert set(pointers(response).values()) == {"unknown_finding"}


@pytest.mark.parametrize("decisions", [[], "keep", {"x": "mine"}, {"x": 1}, {"x": None}])
def test_decisions_are_an_object_of_known_words(send_tip: Send, decisions: Any) -> None:
    response = send_tip({**TIP, "decisions": decisions})
    assert response.status_code == 422
    assert all(pointer.startswith("/decisions") for pointer in pointers(response))
