"""Tips with a planted string in every channel that can identify a person, sent through every door.

Each run makes its own strings, so that what is found was left by this run.
"""

import http.client
import io
import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urlencode, urlsplit

from PIL import ExifTags, Image, PngImagePlugin

from tipintake.door.tokens import MINIMUM_AGE

TIPS = "/api/v1/tips"
FORM, ES_FORM = "/r/all/", "/es/r/all/"
BACK = "/back/"
FORM_TYPE = "application/x-www-form-urlencoded"
SCENE = "polka-dot umbrella stand"  # evidence: kept, but only sealed
RECEIPT = re.compile(r"\b(?:[0-9A-Z]{5}-){5}[0-9A-Z]{2}\b")
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
FIRST = ("Zebulon", "Thaddeus", "Leocadia", "Ignacia", "Barnaby", "Philomena")
LAST = ("Quackenbush", "Vandersloot", "Featherstone", "Ollerenshaw", "Throckmorton")
STREETS = ("Periwinkle Hollow", "Bramblewood", "Quarryman", "Larkspur Bend")


@dataclass(frozen=True, slots=True)
class Canaries:
    """What must be written nowhere, by the channel it comes through."""

    transport: Mapping[str, str]
    words: Mapping[str, str]  # behind plain cues: gone even for whoever holds every key
    sealed: Mapping[str, str]  # evidence: there for who holds the keys, and else nowhere

    def everything(self) -> dict[str, str]:
        return {**self.transport, **self.words, **self.sealed}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        found = json.loads(self.body)
        return found if isinstance(found, dict) else {}


@dataclass(slots=True)
class Planted:
    """What was sent and what came back."""

    receipts: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    answers: list[tuple[str, Answer]] = field(default_factory=list)  # by what was asked

    def statuses(self) -> dict[str, int]:
        return {asked: answer.status for asked, answer in self.answers}

    def channels(self) -> dict[str, str]:
        """Each receipt as it was shown and as it may be typed."""
        return {
            f"receipt {number}{' without hyphens' if bare else ''}": code.replace("-", "")
            if bare
            else code
            for number, code in enumerate(self.receipts, start=1)
            for bare in (False, True)
        }


def canaries(*, source_address: str = "") -> Canaries:
    """New strings. `source_address` is the one that requests come from, if that is telling."""

    def mark(name: str) -> str:
        return f"canary-{name}-{secrets.token_hex(6)}"

    name = f"{secrets.choice(FIRST)} {secrets.choice(LAST)}"
    mailbox = f"{name.split()[1].lower()}.{secrets.token_hex(3)}@mailbox.example"
    number = secrets.randbelow(9000) + 1000
    transport = {
        "forwarded address": f"203.0.113.{secrets.randbelow(150) + 100}",
        "forwarded header": f"198.51.100.{secrets.randbelow(150) + 100}",
        "user agent": f"CanaryBrowser/77.{secrets.randbelow(10**6)} (Quokka)",
        "language": f"qq-ZQ-x-{secrets.token_hex(4)}",
        "referer": f"https://{mark('referer')}.example/inbox",
        "origin": f"https://{mark('origin')}.example",
        "file name": f"{mark('photo-of-me')}.jpg",
        **{
            channel: mark(channel.replace(" ", "-"))
            for channel in (
                *("cookie", "query string", "path", "unknown key", "unknown value"),
                *("broken body", "oversized body", "authorization", "idempotency key"),
                *("client hint", "etag", "new header", "file's camera", "file's comment"),
                "file's tail",
            )
        },
    }
    if source_address:
        transport["source address"] = source_address
    return Canaries(
        transport,
        {
            "own name": name,
            "own surname": name.split()[1],
            "own phone": f"636-555-01{secrets.randbelow(100):02}",
            "own e-mail": mailbox,
            "own home": f"{number} {secrets.choice(STREETS)} Lane",
        },
        {"the narrative": SCENE},
    )


def narrative(words: Mapping[str, str]) -> str:
    return (
        f"My name is {words['own name']}. "
        "Two women are driven to the Copper Kettle Inn every Friday by a man in a gray van; "
        f"there is a {SCENE} by the door. "
        f"Call me at {words['own phone']} or e-mail me at {words['own e-mail']}. "
        f"I live at {words['own home']}."
    )


def tip(planted: Canaries) -> dict[str, Any]:
    """A tip that says who wrote it in every field that takes words."""
    words = planted.words
    return {
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["CTL_ACCOMPANIED"],
        "locations": [
            {
                "place_type": "HOTEL_MOTEL",
                "name": f"Copper Kettle Inn, call me at {words['own phone']}",
                "city": "Wentzville",
            }
        ],
        "vehicles": [{"plate_raw": "AB1 C2D", "features": f"my name is {words['own name']}"}],
        "persons": [
            {"clothing": f"A long blue coat and white boots. I live at {words['own home']}."}
        ],
        "narrative": narrative(words),
    }


@dataclass(frozen=True, slots=True)
class Sender:
    """Somebody whose every request has a canary wherever one can be."""

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

    def post_form(self, asked: str, path: str, values: Mapping[str, Any]) -> Answer:
        body = urlencode(values, doseq=True).encode()
        return self.send(asked, "POST", path, body, {"Content-Type": FORM_TYPE})

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


def through_every_door(sender: Sender) -> Planted:
    """By the API and by the form, in both languages, with what fails in between."""
    opened_at = time.monotonic()
    pages = [(path, sender.send(f"form {path}", "GET", path)) for path in (FORM, ES_FORM)]
    by_api(sender)
    that_fail(sender)
    # A form may be sent no sooner than a person could have filled it in.
    time.sleep(max(0.0, MINIMUM_AGE.total_seconds() + 1.1 - (time.monotonic() - opened_at)))
    for path, page in pages:
        by_form(sender, path, page)
    return sender.done


def by_api(sender: Sender) -> None:
    told = sender.planted.transport
    value = tip(sender.planted)
    sender.post_json("preview", f"{TIPS}/preview", value)
    key = {"Idempotency-Key": told["idempotency key"]}
    _kept(sender, sender.post_json("tip", TIPS, value, **key))
    sender.post_json("tip again", TIPS, value, **key)
    sender.post_json("tip with another body", TIPS, {**value, "basis": "SAW"}, **key)
    for code in sender.done.receipts:
        sender.post_json("status", f"{TIPS}/status", {"receipt": code})
        wrong = {"receipt": _mistyped(code)}
        sender.post_json("status with a typing error", f"{TIPS}/status", wrong)


def by_form(sender: Sender, path: str, page: Answer) -> None:
    """As a browser without scripts: a mistake, a check, sent, sent again, and come back."""
    values = {
        **_hidden(page),
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["CTL_ACCOMPANIED"],
        "narrative": narrative(sender.planted.words),
        "vehicles-0-features": f"my name is {sender.planted.words['own name']}",
        sender.planted.transport["unknown key"]: sender.planted.transport["unknown value"],
    }
    wrong = {**values, "category": sender.planted.transport["unknown value"]}
    sender.post_form(f"mistake {path}", path, {**wrong, "do": "check"})
    sender.post_form(f"another row {path}", path, {**values, "do": "add-vehicles"})
    checked = sender.post_form(f"check {path}", path, {**values, "do": "check"})
    carried = {**_hidden(checked), "do": "send"}
    body, kind = multipart(carried, sender.planted)
    _kept(sender, sender.send(f"send with a picture {path}", "POST", path, body, kind))
    _kept(sender, sender.post_form(f"send {path}", path, carried))
    sender.post_form(f"send again {path}", path, carried)
    for code in sender.done.receipts[-1:]:
        back = path.removesuffix(FORM) + BACK
        sender.post_form(f"come back {path}", back, {"code": code})
        sender.post_form(f"come back with a typing error {path}", back, {"code": _mistyped(code)})


def that_fail(sender: Sender) -> None:
    """Requests that fail, each with a canary in it."""
    told = sender.planted.transport
    value = tip(sender.planted)
    broken = f'{{"narrative": "{told["broken body"]}'.encode()
    for path in (TIPS, f"{TIPS}/preview", f"{TIPS}/status"):
        sender.post_json(f"broken {path}", path, broken)
        sender.post_json(f"not UTF-8 {path}", path, broken + b"\xff\xfe")
        sender.post_json(f"oversized {path}", path, told["oversized body"].encode() * 12_000)
        sender.send(f"put {path}", "PUT", path, broken)
    sender.post_json("unknown key", TIPS, {**value, told["unknown key"]: told["unknown value"]})
    sender.post_json("unknown code", TIPS, {**value, "category": told["unknown value"]})
    sender.post_json("poor key", TIPS, value, **{"Idempotency-Key": told["cookie"][:9]})
    sender.post_form("a form to the API", TIPS, {"narrative": told["broken body"]})
    sender.post_form("oversized form", FORM, {"narrative": told["oversized body"] * 12_000})
    body, kind = multipart({"do": "send"}, sender.planted)
    sender.send("a picture to the API", "POST", TIPS, body, kind)
    sender.send("a picture without a tip", "POST", FORM, body, kind)
    cut = {"Content-Type": kind["Content-Type"].replace("boundary=", "boundary=no")}
    sender.send("another boundary", "POST", FORM, body, cut)
    for path in (
        f"/nowhere/{told['path']}/",
        f"/static/{told['path']}.css",
        f"/api/{told['path']}",
    ):
        sender.send(f"get {path.split('/')[1]} of nowhere", "GET", path)
    sender.send("trace", "TRACE", FORM)
    sender.send("a wrong host", "GET", FORM, b"", {"Host": f"{told['path']}.example"})


def multipart(values: Mapping[str, Any], planted: Canaries) -> tuple[bytes, dict[str, str]]:
    """A form with pictures that say who took them, and the header that it needs."""
    told = planted.transport
    edge = secrets.token_hex(12)
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{one}'.encode()
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    for kind, data in pictures(planted):
        head = (
            f'Content-Disposition: form-data; name="photos"; filename="{told["file name"]}"\r\n'
            f"Content-Type: image/{kind}\r\n\r\n"
        )
        parts.append(head.encode() + data)
    body = b"".join(f"--{edge}\r\n".encode() + part + b"\r\n" for part in parts)
    return body + f"--{edge}--\r\n".encode(), {
        "Content-Type": f"multipart/form-data; boundary={edge}"
    }


def pictures(planted: Canaries) -> Iterator[tuple[str, bytes]]:
    """Small pictures with a canary in their tags, comments, texts and behind their end."""
    told = planted.transport
    camera, comment, tail = (told[f"file's {part}"] for part in ("camera", "comment", "tail"))
    scene = Image.effect_noise((96, 72), 60).convert("RGB")
    tags = Image.Exif()
    tags[ExifTags.Base.Make] = tags[ExifTags.Base.Artist] = camera
    tags.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment.encode()
    tags.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = comment.encode()
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{comment}</x:xmpmeta>'.encode()
    made = io.BytesIO()
    scene.save(made, "JPEG", exif=tags, comment=comment.encode(), xmp=xmp)
    yield "jpeg", made.getvalue() + tail.encode()
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", camera)
    texts.add_itxt("Comment", comment, zip=True)
    made = io.BytesIO()
    scene.save(made, "PNG", pnginfo=texts, exif=tags)
    yield "png", made.getvalue() + tail.encode()


def _mistyped(code: str) -> str:
    """With another check character, so that it is nobody's receipt."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def _hidden(page: Answer) -> dict[str, Any]:
    """The hidden fields of a page's form; one that stands several times as a list."""
    values: dict[str, Any] = {}
    for tag in HIDDEN.findall(page.body.decode()):
        name, value = _attribute(tag, "name"), _attribute(tag, "value")
        values.setdefault(name, []).append(value)
    return values


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found.group(1)) if found else ""


def _kept(sender: Sender, answer: Answer) -> None:
    """Remember the receipt of a tip that was kept."""
    if answer.status != http.client.CREATED:
        return
    sender.done.receipts += RECEIPT.findall(unescape(answer.body.decode()))[:1]
    if answer.headers.get("content-type", "").startswith("application/json"):
        sender.done.references.append(str(answer.json()["reference"]))
