"""The web server when more comes than it can answer."""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings
from waitress import wasyncore

from config import overload, serve
from tests.bare_links import answer_begun
from tests.waiting import eventually
from tipintake.door.crowd import Crowd
from tipintake.door.headers import ALWAYS

pytestmark = [pytest.mark.enable_socket]

MOST = 4
POST = b"POST %s HTTP/1.1\r\nHost: %s\r\nX-Forwarded-For: %s\r\nContent-Length: 2\r\n\r\n{}"
Said = tuple[int, dict[str, str], bytes]


class House:
    """A server of one thread whose application answers when it is let go."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.going = threading.Event()
        self.asked: list[str] = []
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.setblocking(False)
        adj = serve.adjustments(self.listener, 1)
        name = self.listener.getsockname()
        self.server = serve.Server(
            self._answer,
            _sock=self.listener,
            bind_socket=False,
            sockinfo=(self.listener.family, self.listener.type, self.listener.proto, name),
            adj=adj,
            dispatcher=overload.Dispatcher(1),
        )
        self.port = name[1]
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def _answer(
        self, environ: Mapping[str, Any], start_response: Callable[..., Any]
    ) -> list[bytes]:
        self.asked.append(environ.get("HTTP_X_FORWARDED_FOR", ""))
        self.going.wait(20)
        start_response("201 Created", [("Content-Length", "0")])
        return []

    def waiting(self) -> int:
        return len(self.server.task_dispatcher.queue)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=10, source_address=(source, 0)
        )

    def post(
        self, address: str, path: bytes = b"/api/v1/tips", host: bytes = b"a"
    ) -> socket.socket:
        link = self.connect()
        link.sendall(POST % (path, host, address.encode()))
        return link

    def close(self) -> None:
        self.going.set()
        self.server.task_dispatcher.shutdown()
        # By the loop's own thread: elsewhere it would be in the middle of a round.
        self.server.trigger.pull_trigger(lambda: wasyncore.close_all(self.server._map))
        self.thread.join(5)


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    settings.TRUSTED_PROXY = True
    monkeypatch.setattr(overload, "MOST_WAITING", MOST)
    one = House(Crowd())
    monkeypatch.setattr(overload, "crowd", one.crowd)
    yield one
    one.close()


def said(link: socket.socket) -> Said:
    status, headers, body = answer_begun(link)
    while len(body) < int(headers["content-length"]):
        body += link.recv(65536)
    return status, headers, body


def full(house: House, kept: ExitStack, path: bytes = b"/api/v1/tips") -> list[socket.socket]:
    """One is being answered, and as many of the same origin wait as may."""
    links = [kept.enter_context(house.post("192.0.2.1", path))]
    eventually(lambda: len(house.asked) == 1, seconds=5)
    links += [kept.enter_context(house.post("192.0.2.1", path)) for _ in range(MOST)]
    eventually(lambda: house.waiting() == MOST, seconds=5)
    return links


def test_who_comes_too_many_is_told_when_to_come_again(house: House) -> None:
    with ExitStack() as kept:
        full(house, kept)
        with house.post("192.0.2.1") as link:
            status, headers, body = said(link)
        assert status == 503
        assert 1 <= int(headers["retry-after"]) <= 10
        assert json.loads(body)["type"].endswith(":busy")
        for name, value in ALWAYS.items():
            assert headers[name.lower()] == value
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "words"), [(b"/r/all/", b"Yours was not sent"), (b"/es/r/all/", b'lang="es"')]
)
def test_a_person_reads_it_as_a_page(house: House, path: bytes, words: bytes) -> None:
    with ExitStack() as kept:
        full(house, kept)
        with house.post("192.0.2.1", path) as link:
            status, headers, body = said(link)
        assert status == 503
        assert "retry-after" in headers
        assert words in body
        assert b"911" in body


def test_a_flood_makes_room_for_somebody_else_and_lets_them_pass(house: House) -> None:
    with ExitStack() as kept:
        flood = full(house, kept)
        person = kept.enter_context(house.post("198.51.100.7"))
        assert [said(link)[0] for link in flood if select.select([link], [], [], 0.5)[0]] == [503]
        house.going.set()
        assert said(person)[0] == 201
        assert house.asked.index("198.51.100.7") == 2


def test_what_is_refused_counts_as_sent(house: House) -> None:
    with ExitStack() as kept:
        full(house, kept)
        for _ in range(3):
            with house.post("192.0.2.1") as link:
                assert said(link)[0] == 503
        assert house.crowd.sent("192.0.2.1", now=time.monotonic()) == 3


def test_a_read_that_is_refused_does_not_count_as_sent(house: House) -> None:
    with ExitStack() as kept:
        full(house, kept)
        for _ in range(3):
            link = kept.enter_context(house.connect())
            link.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            assert said(link)[0] == 503
        assert house.crowd.sent("192.0.2.1", now=time.monotonic()) == 0


def test_a_flood_over_the_onion_refuses_nobody_elsewhere(house: House) -> None:
    house.crowd.count("203.0.113.5", now=time.monotonic())
    with ExitStack() as kept:
        flood = [kept.enter_context(house.post("", host=b"abc.onion"))]
        eventually(lambda: len(house.asked) == 1, seconds=5)
        flood += [kept.enter_context(house.post("", host=b"abc.onion")) for _ in range(MOST)]
        eventually(lambda: house.waiting() == MOST, seconds=5)
        person = kept.enter_context(house.post("203.0.113.5"))
        ready = select.select([*flood, person], [], [], 5)[0]
        assert [said(link)[0] for link in ready] == [503]
        house.going.set()
        assert said(person)[0] == 201


def origin_of(host: str, forwarded: str) -> str:
    link = SimpleNamespace(addr=("10.0.0.7", 4711))
    headers = {"HOST": host, "X_FORWARDED_FOR": forwarded}
    return overload.address_of(SimpleNamespace(headers=headers), link)


@pytest.mark.parametrize(
    ("host", "forwarded", "trusted", "origin"),
    [
        ("abc.onion:80", "", True, "onion"),
        ("abc.onion", "", False, "onion"),
        ("abc.onion", "192.0.2.1", False, "onion"),
        ("abc.onion", "192.0.2.1", True, "192.0.2.1"),  # the proxy knows better than the sender
        ("tips.example", "192.0.2.1", True, "192.0.2.1"),
        ("tips.example", "192.0.2.1", False, "10.0.0.7"),  # whoever came over Tor wrote it
        ("tips.example", "", True, ""),
    ],
)
def test_only_a_trusted_proxy_says_where_a_request_comes_from(
    settings: Settings, host: str, forwarded: str, trusted: bool, origin: str
) -> None:
    settings.TRUSTED_PROXY = trusted
    assert origin_of(host, forwarded) == origin


def test_more_connections_than_there_is_room_for_shut_nobody_else_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "CONNECTIONS", 60)
    house.going.set()
    with ExitStack() as kept:
        person = kept.enter_context(house.connect("127.0.0.3"))
        for _ in range(80):
            kept.enter_context(house.connect("127.0.0.2")).sendall(
                b"POST /api/v1/tips HTTP/1.1\r\n"
            )
        eventually(lambda: len(house.server.active_channels) <= 60, seconds=5)
        person.sendall(POST % (b"/api/v1/tips", b"a", b"203.0.113.5"))
        assert said(person)[0] == 201
        late = kept.enter_context(house.connect("127.0.0.4"))
        late.sendall(POST % (b"/api/v1/tips", b"a", b"203.0.113.6"))
        assert said(late)[0] == 201
