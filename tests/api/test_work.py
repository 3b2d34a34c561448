"""A program in a crowd: its tip is kept as always, and work keeps it from the back of the list."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.api.conftest import Send, pointers
from tests.door.test_work import solve
from tipintake.api import examples
from tipintake.door import signed, work
from tipintake.door.crowd import crowd
from tipintake.door.models import SpentToken
from tipintake.tips.models import Tip

pytestmark = pytest.mark.django_db

CHALLENGE = "/api/v1/tips/challenge"
FROM = {"REMOTE_ADDR": "203.0.113.44"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Easy work, and a counter that knows nobody yet."""
    monkeypatch.setattr(work, "BITS_BY_BUSY", (6, 6, 7, 8))
    monkeypatch.setattr(crowd, "_born", float("-inf"))
    yield
    monkeypatch.setattr(crowd, "_born", float("-inf"))


@pytest.fixture
def busy(post: Send) -> None:
    for _ in range(25):
        post("/api/v1/tips/status", {}, **FROM)


def challenge(public: Client, **headers: Any) -> dict[str, Any]:
    asked: dict[str, Any] = public.get(CHALLENGE, **headers).json()
    return asked


def done(asked: dict[str, Any]) -> dict[str, Any]:
    proof = {
        "challenge": asked["challenge"],
        "nonce": solve(asked["challenge"], asked["bits"]),
    }
    return {**examples.SHORT_TIP, "work": proof}


def low_trust(answer: Any) -> bool:
    assert answer.status_code == 201
    return Tip.objects.get(reference=answer.json()["reference"]).low_trust


def test_a_crowded_address_is_never_refused_but_sorted_behind(busy: None, send_tip: Send) -> None:
    answer = send_tip(examples.SHORT_TIP, **FROM)
    assert low_trust(answer)
    assert "work" not in answer.json()


def test_work_lifts_it_once(busy: None, public: Client, send_tip: Send) -> None:
    asked = challenge(public, **FROM)
    assert asked["needed"]
    assert asked["bits"] > 6
    tip = done(asked)
    first, second = send_tip(tip, **FROM), send_tip(tip, **FROM)
    assert first.json()["work"] == "accepted"
    assert not low_trust(first)
    assert second.json()["work"] == "spent"
    assert low_trust(second)


def test_work_that_was_not_needed_is_burnt_too(public: Client, send_tip: Send) -> None:
    asked = challenge(public, **FROM)
    assert not asked["needed"]
    tip = done(asked)
    assert send_tip(tip, **FROM).json()["work"] == "accepted"
    again = send_tip(tip, **FROM)
    assert again.json()["work"] == "spent"
    assert not low_trust(again)


def test_wrong_and_old_work_counts_for_nothing_and_the_tip_is_kept(
    busy: None, send_tip: Send
) -> None:
    text = work.ask(timezone.now(), busy=2, bits=30).text
    wrong = {**examples.SHORT_TIP, "work": {"challenge": text, "nonce": "1"}}
    assert send_tip(wrong, **FROM).json()["work"] == "wrong"
    old = work.ask(timezone.now() - timedelta(hours=1), busy=2, bits=4).text
    late = {**examples.SHORT_TIP, "work": {"challenge": old, "nonce": solve(old, 4)}}
    answer = send_tip(late, **FROM)
    assert answer.json()["work"] == "expired"
    assert low_trust(answer)


def test_a_tip_that_is_refused_leaves_the_work_unspent(
    busy: None, public: Client, send_tip: Send
) -> None:
    tip = done(challenge(public, **FROM))
    refused = send_tip({**tip, "narrative": "Too short."}, **FROM)
    assert refused.status_code == 422
    assert send_tip(tip, **FROM).json()["work"] == "accepted"


def test_who_loses_the_race_for_one_solution_is_kept_behind_the_rest(
    busy: None, public: Client, send_tip: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = done(challenge(public, **FROM))
    send_tip(tip, **FROM)
    monkeypatch.setattr(signed, "is_burnt", lambda *_: False)  # as both would have seen it
    late = send_tip(tip, **FROM)
    assert late.json()["work"] == "spent"
    assert low_trust(late)
    assert SpentToken.objects.count() == 1


def test_the_same_request_twice_has_one_answer_and_burns_once(
    busy: None, public: Client, send_tip: Send
) -> None:
    tip = done(challenge(public, **FROM))
    key = {"HTTP_IDEMPOTENCY_KEY": "5e0a7f6c-9f6e-4c3b-8d0a-2f1b7c9e4d35", **FROM}
    assert send_tip(tip, **key).content == send_tip(tip, **key).content
    assert Tip.objects.count() == 1


@pytest.mark.parametrize("proof", ["x", 1, {"challenge": 5, "nonce": "1"}, {"nonce": "1"}, []])
def test_work_of_another_shape_is_a_mistake_to_mend(send_tip: Send, proof: Any) -> None:
    refused = send_tip({**examples.SHORT_TIP, "work": proof})
    assert refused.status_code == 422
    assert all(pointer.startswith("/work") for pointer in pointers(refused))


def test_nobody_needs_it_behind_an_onion_service(
    busy: None, public: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["tipsexample.onion"]
    assert not challenge(public, HTTP_HOST="tipsexample.onion", **FROM)["needed"]


def test_a_challenge_is_stored_nowhere_and_may_be_posted_for(public: Client) -> None:
    one, other = challenge(public), public.post(CHALLENGE).json()
    assert one["challenge"] != other["challenge"]
    assert not SpentToken.objects.exists()
