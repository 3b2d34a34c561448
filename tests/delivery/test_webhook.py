import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import standardwebhooks

from tests.webhook import Endpoint as Agency
from tests.webhook import endpoint
from tipintake.delivery.channels import signing, webhook
from tipintake.delivery.channels.base import (
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.channels.webhook import Webhook, payload

pytestmark = pytest.mark.enable_socket


@pytest.fixture(autouse=True)
def _loopback_allowed(settings: Any) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]


@pytest.fixture
def agency() -> Iterator[Agency]:
    with endpoint() as one:
        yield one


@pytest.fixture
def secret() -> str:
    return signing.new_secret()


def send(message: Message, url: str, secret: str, *, now: datetime | None = None) -> None:
    Webhook().send(message, Endpoint(url, secret), now=now or datetime.now(UTC))


def test_an_agency_verifies_the_signature_with_the_published_library(
    agency: Agency, message: Message, secret: str
) -> None:
    send(message, agency.url, secret)
    (received,) = agency.received
    content = standardwebhooks.Webhook(secret).verify(received.raw, received.headers)
    assert content == received.body
    assert received.headers["webhook-id"] == str(message.id)
    assert received.headers["content-type"] == "application/json"


def test_another_secret_an_old_time_or_a_changed_body_is_noticed(
    agency: Agency, message: Message, secret: str
) -> None:
    send(message, agency.url, secret)
    (received,) = agency.received
    wrong = standardwebhooks.WebhookVerificationError
    with pytest.raises(wrong):
        standardwebhooks.Webhook(signing.new_secret()).verify(received.raw, received.headers)
    with pytest.raises(wrong):
        standardwebhooks.Webhook(secret).verify(
            received.raw.replace(b"P1", b"P4"), received.headers
        )
    send(message, agency.url, secret, now=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(wrong):
        standardwebhooks.Webhook(secret).verify(agency.received[1].raw, agency.received[1].headers)


def test_a_repeat_has_the_same_id_and_the_same_bytes(
    agency: Agency, message: Message, secret: str
) -> None:
    send(message, agency.url, secret)
    send(message, agency.url, secret, now=datetime.now(UTC) + timedelta(minutes=2))
    first, second = agency.received
    assert first.raw == second.raw
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_the_payload_has_these_fields_and_no_other(message: Message) -> None:
    content = json.loads(payload(message))
    assert content == {
        "type": "tip.arrived",
        "timestamp": "2026-11-14T15:30:00+00:00",
        "data": {
            "id": str(message.id),
            "reference": "T-ABCD-2345",
            "priority": "P1",
            "line": "wentzville-pd",
            "link": "http://localhost:8701/tips/T-ABCD-2345/",
        },
    }


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (200, None),
        (202, None),
        (204, None),
        (301, PermanentFailure),
        (302, PermanentFailure),
        (307, PermanentFailure),
        (400, PermanentFailure),
        (401, PermanentFailure),
        (404, PermanentFailure),
        (408, TemporaryFailure),
        (410, PermanentFailure),
        (425, TemporaryFailure),
        (429, TemporaryFailure),
        (500, TemporaryFailure),
        (503, TemporaryFailure),
    ],
)
def test_what_an_answer_means(
    agency: Agency,
    message: Message,
    secret: str,
    status: int,
    failure: type[Exception] | None,
) -> None:
    agency.answer = lambda _one: status
    if failure is None:
        send(message, agency.url, secret)
        return
    with pytest.raises(failure) as caught:
        send(message, agency.url, secret)
    assert getattr(caught.value, "gone", False) is (status == 410)
    assert len(agency.received) == 1


def test_a_secret_that_is_none_is_refused_before_anything_is_sent(
    agency: Agency, message: Message
) -> None:
    for unusable in ("", "whsec_***", "c2VjcmV0"):
        with pytest.raises(PermanentFailure):
            send(message, agency.url, unusable)
    assert agency.received == []


def test_the_loopback_is_refused_unless_it_is_allowed(
    agency: Agency, message: Message, secret: str, settings: Any
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = []
    with pytest.raises(PermanentFailure):
        send(message, agency.url, secret)
    assert agency.received == []


def test_nobody_there_is_worth_trying_again(message: Message, secret: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(TemporaryFailure):
        send(message, f"http://127.0.0.1:{port}/", secret)


@contextmanager
def server(*pieces: bytes, every: float = 0.0) -> Iterator[str]:
    """Takes one connection and says the pieces, then holds the line until it is cut."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        try:
            link, _ = listener.accept()
        except OSError:
            return
        with link:
            link.settimeout(10)
            try:
                for piece in pieces:
                    link.sendall(piece)
                    time.sleep(every)
                while link.recv(65536):
                    pass
            except OSError:
                return

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        listener.close()
        thread.join(10)


def test_a_host_that_takes_the_call_and_says_nothing_is_left(
    message: Message, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.2)
    with server() as url, pytest.raises(TemporaryFailure):
        send(message, url, secret)


def test_an_answer_that_drips_in_is_cut_off(
    message: Message, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 0.3)
    drops = [b"HTTP/1.1 200 ", *[b"O"] * 80]
    begun = time.monotonic()
    with server(*drops, every=0.05) as url:
        with pytest.raises(TemporaryFailure):
            send(message, url, secret)
        assert time.monotonic() - begun < 3


def test_an_answer_without_end_is_not_read(message: Message, secret: str) -> None:
    with server(
        b"HTTP/1.1 204 No Content\r\nX: " + b"x" * 10 + b"\r\n\r\n" + b"y" * 10_000
    ) as url:
        send(message, url, secret)
    endless = b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000
    with server(endless) as url, pytest.raises(TemporaryFailure):
        send(message, url, secret)


def test_something_that_is_not_http_is_worth_trying_again(message: Message, secret: str) -> None:
    with server(b"220 mail.example ESMTP\r\n") as url, pytest.raises(TemporaryFailure):
        send(message, url, secret)


def test_no_failure_quotes_what_the_other_side_said(message: Message, secret: str) -> None:
    talk = b"HTTP/1.1 400 CANARY\r\nContent-Length: 6\r\n\r\nCANARY"
    with server(talk) as url, pytest.raises(PermanentFailure) as caught:
        send(message, url, secret)
    assert "CANARY" not in str(caught.value)


def test_a_wait_that_is_asked_for_is_handed_on(message: Message, secret: str) -> None:
    later = b"HTTP/1.1 503 No\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"
    with server(later) as url, pytest.raises(TemporaryFailure) as caught:
        send(message, url, secret)
    assert caught.value.again_in == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("0", 0),
        ("120", 120),
        (" 30 ", 30),
        ("Sat, 14 Nov 2026 15:32:00 GMT", 120),
        ("Saturday, 14-Nov-26 15:32:00 GMT", 120),
        ("Sat Nov 14 15:32:00 2026", 120),
        ("Sat, 14 Nov 2026 15:00:00 GMT", 0),
        *((value, None) for value in ("", "soon", "-5", "1e3", "²", "9" * 7, "x" * 10_000)),
        ("Sat, 99 Nov 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_of_its_forms(asked: str, wait: int | None) -> None:
    now = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
    expected = None if wait is None else timedelta(seconds=wait)
    assert webhook._asked_wait(asked, now) == expected


def test_secrets_are_kept_sealed_and_open_on_this_installation_only(
    secret: str, settings: Any
) -> None:
    kept = signing.sealed(secret)
    assert secret.encode() not in kept
    assert signing.opened(kept) == secret
    assert signing.opened(b"") == ""
    settings.SECRET_KEY = "another installation's secret"
    with pytest.raises(signing.SecretUnreadable):
        signing.opened(kept)


def test_an_endpoint_does_not_show_itself(secret: str) -> None:
    shown = repr(Endpoint("https://agency.example/", secret))
    assert secret not in shown
    assert "agency" not in shown


def test_a_message_of_any_type_is_signed(agency: Agency, message: Message, secret: str) -> None:
    for kind in ("tip.overdue", "notice.given_up"):
        send(replace(message, type=kind), agency.url, secret)
    assert [one.body["type"] for one in agency.received] == ["tip.overdue", "notice.given_up"]


# --- Over TLS, to a name that resolves to this machine -------------------------------------------

CERTIFICATE = Path(__file__).with_name("agency.pem")  # for agency.example; not a secret


@pytest.fixture
def over_tls() -> Iterator[Agency]:
    """The agency's endpoint behind a certificate for agency.example."""
    with endpoint(CERTIFICATE) as one:
        yield one


def to_this_machine(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def port_of(agency: Agency) -> int:
    return urlsplit(agency.url).port or 0


def test_tls_is_verified_for_the_name_although_the_checked_number_is_called(
    over_tls: Agency, message: Message, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    to = Endpoint(f"https://agency.example:{port_of(over_tls)}/notices", secret)
    Webhook(to_this_machine).send(message, to, now=datetime.now(UTC))
    (received,) = over_tls.received
    assert received.headers["host"] == f"agency.example:{port_of(over_tls)}"


def test_a_certificate_for_another_name_is_not_accepted(
    over_tls: Agency, message: Message, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    to = Endpoint(f"https://other.example:{port_of(over_tls)}/", secret)
    with pytest.raises(TemporaryFailure):
        Webhook(to_this_machine).send(message, to, now=datetime.now(UTC))
    assert over_tls.received == []


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    over_tls: Agency, message: Message, secret: str
) -> None:
    to = Endpoint(f"https://agency.example:{port_of(over_tls)}/", secret)
    with pytest.raises(TemporaryFailure):
        Webhook(to_this_machine).send(message, to, now=datetime.now(UTC))
    assert over_tls.received == []
