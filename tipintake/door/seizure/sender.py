"""Somebody whose every request has a canary wherever one can be, and what came back."""

import http.client
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from tipintake.door.seizure.canaries import Canaries

FORM_TYPE = "application/x-www-form-urlencoded"
RECEIPT = re.compile(r"\b(?:[0-9A-Z]{5}-){5}[0-9A-Z]{2}\b")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        found = json.loads(self.body)
        return found if isinstance(found, dict) else {}

    def hidden(self) -> dict[str, Any]:
        """The hidden fields of a page's form; one that stands several times as a list."""
        values: dict[str, Any] = {}
        for tag in HIDDEN.findall(self.body.decode()):
            name, value = _attribute(tag, "name"), _attribute(tag, "value")
            values.setdefault(name, []).append(value)
        return values


@dataclass(slots=True)
class Planted:
    """What was sent and what came back."""

    receipts: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    secrets: set[str] = field(default_factory=set)  # that open unfinished reports
    answers: list[tuple[str, Answer]] = field(default_factory=list)  # by what was asked

    def statuses(self) -> dict[str, int]:
        return {asked: answer.status for asked, answer in self.answers}

    def channels(self) -> dict[str, str]:
        """Each receipt as it was shown and as it may be typed, and what stood in its place."""
        return dict(self._channels())

    def _channels(self) -> Iterator[tuple[str, str]]:
        for number, code in enumerate(self.receipts, start=1):
            yield f"receipt {number}", code
            yield f"receipt {number} without hyphens", code.replace("-", "")
        for number, ticket in enumerate(sorted(self.tickets), start=1):
            yield f"ticket of a page {number}", ticket
        for number, secret in enumerate(sorted(self.secrets), start=1):
            yield f"secret of an unfinished report {number}", secret


@dataclass(frozen=True, slots=True)
class Sender:
    public: str
    planted: Canaries
    done: Planted = field(default_factory=Planted)

    def send(
        self,
        asked: str,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        where = urlsplit(self.public)
        source = self.planted.transport.get("source address", "")
        kind = (
            http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        )
        link = kind(
            where.hostname or "",
            where.port,
            timeout=60,
            source_address=(source, 0) if source else None,
        )
        try:
            query = urlencode({"who": self.planted.transport["query string"]})
            link.request(method, f"{path}?{query}", body, {**self._headers(), **(headers or {})})
            came = link.getresponse()
            answer = Answer(came.status, {k.lower(): v for k, v in came.getheaders()}, came.read())
        finally:
            link.close()
        self.done.answers.append((asked, answer))
        return answer

    def post_json(self, asked: str, path: str, value: Any, **headers: str) -> Answer:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.send(
            asked, "POST", path, body, {"Content-Type": "application/json", **headers}
        )

    def post_form(
        self, asked: str, path: str, values: Mapping[str, Any], **headers: str
    ) -> Answer:
        body = urlencode(values, doseq=True).encode()
        return self.send(asked, "POST", path, body, {"Content-Type": FORM_TYPE, **headers})

    def opened(self, answer: Answer) -> dict[str, str]:
        """The cookie of an unfinished report, to be sent with the next step."""
        cookie = answer.headers.get("set-cookie", "").partition(";")[0]
        self.done.secrets.add(cookie.partition("=")[2])
        return {"Cookie": cookie}

    def kept(self, answer: Answer) -> None:
        """Remember the receipt of a tip that was kept."""
        if answer.status != http.client.CREATED:
            return
        self.done.receipts += RECEIPT.findall(unescape(answer.body.decode()))[:1]
        if answer.headers.get("content-type", "").startswith("application/json"):
            self.done.references.append(str(answer.json()["reference"]))

    def shown(self, page: Answer) -> dict[str, Any]:
        """The hidden fields of a page under a receipt, whose ticket is a secret too."""
        hidden = page.hidden()
        self.done.tickets |= set(hidden.get("ticket", ()))
        return hidden

    def _headers(self) -> dict[str, str]:
        told = self.planted.transport
        return {
            "X-Forwarded-For": told["forwarded address"],
            "X-Real-IP": told["forwarded address"],
            "CF-Connecting-IP": told["forwarded address"],
            "Forwarded": f"for={told['forwarded header']}",
            "User-Agent": told["user agent"],
            "Accept-Language": told["language"],
            "Referer": told["referer"],
            "Origin": told["origin"],
            "Cookie": f"draft={told['cookie']}; desk={told['cookie']}",
            "Authorization": f"Bearer {told['authorization']}",
            "Sec-CH-UA": told["client hint"],
            "If-None-Match": f'"{told["etag"]}"',
            "X-Not-Invented-Yet": told["new header"],
        }


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""
