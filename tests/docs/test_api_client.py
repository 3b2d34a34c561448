"""The client that `send-a-tip-by-api.md` shows, run as it stands there."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.docs.commands import DOCS, FENCE

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
    (code,) = (one[3] for one in FENCE.finditer(PAGE.read_text("utf-8")) if "def send" in one[3])
    shown: dict[str, Any] = {}
    here = f"http://127.0.0.1:{busy.server_port}"
    exec(code.replace("https://tips.county.example", here), shown)
    assert shown["send"]({"category": "OTHER_UNSURE"}).json() == {"receipt": "made up"}
    keys = busy.keys  # type: ignore[attr-defined]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_the_command_keeps_its_key_for_the_next_try() -> None:
    text = PAGE.read_text("utf-8")
    assert '-H "Idempotency-Key: $key"' in text
    assert "uuidgen" not in text  # not on every machine: the header would be left out
