"""The client of the how-to, run as it stands: it waits as long as it was asked, and gives up on
nothing that would be taken later."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.docs.commands import DOCS

PAGE = (DOCS / "how-to" / "send-a-tip-by-api.md").read_text("utf-8")


def answered(status: int, **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer.headers.update(headers)
    return answer


@pytest.fixture
def send() -> Callable[[dict[str, Any]], requests.Response]:
    block = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert block
    names: dict[str, Any] = {}
    exec(block[1], names)
    sender: Callable[[dict[str, Any]], requests.Response] = names["send"]
    return sender


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_what_is_refused_is_not_sent_again(
    send: Callable[..., requests.Response], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    sent: list[str] = []

    def refuse(url: str, **_given: Any) -> requests.Response:
        sent.append(url)
        return answered(status)

    monkeypatch.setattr(requests, "post", refuse)
    assert send({}).status_code == status
    assert len(sent) == 1


def test_who_is_told_to_come_later_waits_and_sends_with_the_same_key(
    send: Callable[..., requests.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []
    slept: list[float] = []

    def busy(_url: str, *, headers: dict[str, str], **_given: Any) -> requests.Response:
        keys.append(headers["Idempotency-Key"])
        if len(keys) == 1:
            raise requests.ConnectionError
        return answered(201) if len(keys) == 3 else answered(503, **{"Retry-After": "60"})

    monkeypatch.setattr(requests, "post", busy)
    monkeypatch.setattr("time.sleep", slept.append)
    assert send({}).status_code == 201
    assert len(set(keys)) == 1
    assert slept == [10, 60]
