"""A signed, content-free POST to the endpoint that an agency registered."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from tipintake.delivery.channels import signing
from tipintake.delivery.channels.base import (
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.channels.destinations import Destination, Resolver, destination, resolve

CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 6.0
WHOLE_SECONDS = 12.0
LONGEST_RETRY_AFTER = 40
MOST_DIGITS = 6
WORTH_TRYING_AGAIN = frozenset({408, 425, 429})


class Webhook:
    def __init__(self, resolver: Resolver = resolve) -> None:
        self._resolver = resolver

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        body = payload(message)
        secrets = (to.secret, *filter(None, [to.secret_before]))
        headers = signed_headers(message, body, secrets=secrets, now=now)
        there = destination(
            to.address, allowed=settings.WEBHOOK_ALLOWED_NETWORKS, resolver=self._resolver
        )
        status, asked = _post(there, body, headers)
        _judge(status, _asked_wait(asked, now))


def payload(message: Message) -> bytes:
    """The body: the same bytes at every attempt."""
    content = {
        "type": message.type,
        "timestamp": message.since.isoformat(timespec="seconds"),
        "data": {
            "id": str(message.id),
            "reference": message.reference,
            "priority": message.priority,
            "line": message.line,
            "link": message.link,
        },
    }
    return json.dumps(content, separators=(",", ":"), ensure_ascii=True).encode()


def signed_headers(
    message: Message, body: bytes, *, secrets: Iterable[str], now: datetime
) -> dict[str, str]:
    timestamp = int(now.timestamp())
    try:
        proof = signing.signatures(
            secrets, message_id=str(message.id), timestamp=timestamp, body=body
        )
    except ValueError:
        raise PermanentFailure("the webhook has no usable secret: register it anew") from None
    return {
        "Content-Type": "application/json",
        "User-Agent": "tipintake",
        "Connection": "close",
        "webhook-id": str(message.id),
        "webhook-timestamp": str(timestamp),
        "webhook-signature": proof,
    }


def _post(there: Destination, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """The status of the answer and its Retry-After. Its body is never read."""
    link = _link(there)
    try:
        link.connect()
        with _cut_off_after(WHOLE_SECONDS * settings.SENDER_PATIENCE, link.sock):
            link.timeout = ANSWER_SECONDS * settings.SENDER_PATIENCE
            link.request(
                "POST",
                there.path,
                body=body,
                headers={"Host": there.host_header, **headers},
                preload_content=False,
            )
            answer = link.getresponse()
            return answer.status, answer.headers.get("Retry-After", "")
    except (HTTPError, OSError, http.client.HTTPException) as error:
        kind = type(error).__name__
        raise TemporaryFailure(f"the webhook's host did not answer ({kind})") from None
    finally:
        link.close()


def _link(there: Destination) -> HTTPConnection:
    if there.scheme == "http":
        return HTTPConnection(there.address, there.port, timeout=CONNECT_SECONDS)
    return HTTPSConnection(
        there.address,
        there.port,
        timeout=CONNECT_SECONDS,
        server_hostname=there.host,
        ssl_context=ssl.create_default_context(),
    )


@contextmanager
def _cut_off_after(seconds: float, sock: socket.socket) -> Iterator[None]:
    """A timeout counts from byte to byte: an answer that drips in would hold a sender for ever.

    What was cut off is no answer, even where its beginning could be read as one.
    """
    was_cut = threading.Event()

    def cut() -> None:
        was_cut.set()
        with suppress(OSError):
            # Not the TLS socket's own method: that would take its session from under the reader.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    scissors = threading.Timer(seconds, cut)
    scissors.daemon = True
    scissors.start()
    try:
        yield
    finally:
        scissors.cancel()
    if was_cut.is_set():
        raise TemporaryFailure("the webhook's host answered too slowly")


def _asked_wait(value: str, now: datetime) -> timedelta | None:
    """Retry-After in either of its forms: seconds, or the moment itself."""
    value = value.strip()
    if not value.isascii() or len(value) > LONGEST_RETRY_AFTER:
        return None
    if value.isdigit():
        return timedelta(seconds=int(value)) if len(value) <= MOST_DIGITS else None
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:  # the old formats have no zone: HTTP means UTC
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def _judge(status: int, again_in: timedelta | None) -> None:
    if 200 <= status < 300:
        return
    if status in WORTH_TRYING_AGAIN or status >= 500:
        raise TemporaryFailure(f"the webhook answered {status}", again_in=again_in)
    if 300 <= status < 400:
        raise PermanentFailure(f"the webhook answered {status}; redirects are not followed")
    raise PermanentFailure(f"the webhook answered {status}", gone=status == 410)
