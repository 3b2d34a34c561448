"""The client that `send-a-tip-by-api.md` shows, run as it stands there: it waits as long as it was
asked, and gives up on nothing that would be taken later."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from tests.docs.commands import DOCS, names_shown

PAGE = DOCS / "how-to" / "send-a-tip-by-api.md"


class Busy(BaseHTTPRequestHandler):
    """Says once that it is busy, then takes the tip."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        keys: list[str] = self.server.keys  # type: ignore[attr-defined]
        keys.append(self.headers["Idempotency-Key"])
        busy = len(keys) == 1
        body = json.dumps({"title": "busy"} if busy else {"receipt": "made up"}).encode()
        self.send_response(503 if busy else 201)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_anything: object) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Busy)
    server.keys = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.enable_socket
def test_a_tip_that_was_asked_to_come_again_comes_with_the_same_key(busy: HTTPServer) -> None:
    shown = names_shown(PAGE, "send", here=f"http://127.0.0.1:{busy.server_port}")
    assert shown["send"]({"category": "OTHER_UNSURE"}).json() == {"receipt": "made up"}
    keys = busy.keys  # type: ignore[attr-defined]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_the_command_keeps_its_key_for_the_next_try() -> None:
    text = PAGE.read_text("utf-8")
    assert '-H "Idempotency-Key: $key"' in text
    assert "uuidgen" not in text  # not on every machine: the header would be left out


def answered(status: int, **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code = status
    answer.headers.update(headers)
    return answer


@pytest.fixture
def send() -> Callable[..., requests.Response]:
    sender: Callable[..., requests.Response] = names_shown(PAGE, "send")["send"]
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
