"""A seized machine tells nothing of pictures that were sent and of who came back."""

import base64
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

import pytest
from redis import Redis

from tests.installation import Installation, installation, rows_in
from tests.privacy.attachments import corpus
from tests.tips.photos import FILE_NAME, PDF, PHONE_PICTURE
from tests.waiting import eventually
from tipintake.door.seizure.search import files, leaks

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

# What must be written nowhere, by the channel it came through.
TRANSPORT = {
    "source address": "127.77.41.13",
    "forwarded address": "203.0.113.177",
    "forwarded header": "198.51.100.93",
    "user agent": "CanaryBrowser/77.1 (Quokka)",
    "language": "qq-ZQ-x-quokka",
    "referer": "https://canary-referer.example/inbox/4411",
    "origin": "https://canary-origin.example",
    "cookie": "canary-cookie-5c1fe0",
    "query string": "canary-query-9d27aa",
    "unknown key": "canary_unknown_key_31f",
    "unknown value": "canary-unknown-value-8b2",
    "file name": "canary-holiday-photo-of-me.jpg",
    "broken body": "canary-broken-body-77aa01",
    "oversized body": "canary-oversized-body-12dd",
    "authorization": "canary-bearer-token-0091",
    "idempotency key": "canary-idempotency-key-4e55b1c09a2f",
}
WORDS = {
    "own name": "Zebulon Quackenbush",
    "own phone": "636-555-0137",
    "own e-mail": "zebulon.quack@mailbox.example",
    "own home": "4417 Periwinkle Hollow Lane",
}
SEALED = {
    "the narrative": "polka-dot umbrella stand",
    "a question": "checkered teapot",
    "an answer": "lacquered birdcage",
}
# What a phone writes into a picture, as `tests/tips/photos.py` plants it.
ENDS = ",;)]}\"'< &"
IN_PICTURES = {
    "EXIF, XMP, comment, maker note, trailing bytes": corpus.PLANT,
    # With what may follow a number: clocks have such digits too, and go on with others.
    **{f"GPS latitude {end}": f"38.667{end}" for end in ENDS},
    **{f"GPS longitude {end}": f"90.434{end}" for end in ENDS},
    "a picture's name": FILE_NAME,
    "a PDF's name": "resume-of-Zebulon.pdf",
}

NARRATIVE = (
    f"My name is {WORDS['own name']}. "
    "Two women are driven to the Copper Kettle Inn every Friday by a man in a gray van; "
    "there is a polka-dot umbrella stand by the door. "
    f"Call me at {WORDS['own phone']} or e-mail me at {WORDS['own e-mail']}. "
    f"I live at {WORDS['own home']}."
)
ANSWER = (
    f"My name is {WORDS['own name']}. There was a lacquered birdcage by the window. "
    f"Call me at {WORDS['own phone']}."
)
OPEN_ALL = """
import base64
import json
from tipintake.models import Message
from tipintake.tips import messages
from django.conf import settings
from tipintake.models import Attachment, Tip
from tipintake.privacy import keys
from tipintake.tips.pictures import jpeg_of
from tipintake.tips.secrets import narrative_of
private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
words = [narrative_of(tip, private) for tip in Tip.objects.all()]
said = [messages.words_for_desk(one, private) for one in Message.objects.all()]
print("OPENED " + json.dumps([words, said]))
pictures = [jpeg_of(row, private) for row in Attachment.objects.all()]
print("PICTURES " + json.dumps([[base64.b64encode(one).decode() for one in pictures]]))
"""
ASK = """
from django.utils import timezone
from tipintake.models import Tip
from tipintake.triage import dialog
tip = Tip.objects.get(reference="{reference}")
dialog.ask(tip, words="Was there a checkered teapot?", by="sam", now=timezone.now())
"""


@dataclass(slots=True)
class Eavesdropper:
    """Everything that is said to the broker while it listens."""

    path: str
    heard: list[bytes] = field(default_factory=list)
    _link: socket.socket | None = None

    def listen(self) -> None:
        self._link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._link.connect(self.path)
        self._link.sendall(b"MONITOR\r\n")
        threading.Thread(target=self._collect, daemon=True).start()

    def _collect(self) -> None:
        assert self._link is not None
        while chunk := self._link.recv(65536):
            self.heard.append(chunk)

    def everything(self) -> bytes:
        client = Redis(unix_socket_path=self.path)
        kept = [key + b" " + (client.dump(key) or b"") for key in client.scan_iter()]
        return b"".join(self.heard) + b"\n".join(kept)


def headers() -> dict[str, str]:
    return {
        "X-Forwarded-For": TRANSPORT["forwarded address"],
        "X-Real-IP": TRANSPORT["forwarded address"],
        "Forwarded": f"for={TRANSPORT['forwarded header']}",
        "User-Agent": TRANSPORT["user agent"],
        "Accept-Language": TRANSPORT["language"],
        "Referer": TRANSPORT["referer"],
        "Cookie": f"draft={TRANSPORT['cookie']}",
        "Authorization": f"Bearer {TRANSPORT['authorization']}",
    }


def send(
    one: Installation, method: str, path: str, body: bytes, more: Mapping[str, str]
) -> tuple[int, bytes]:
    """One request from a telling source address with a canary in every header."""
    where = urlsplit(one.public)
    link = http.client.HTTPConnection(
        "127.0.0.1", where.port, timeout=30, source_address=(TRANSPORT["source address"], 0)
    )
    try:
        link.request(method, path, body, {**headers(), **more})
        answer = link.getresponse()
        assert answer.getheader("Set-Cookie") is None
        return answer.status, answer.read()
    finally:
        link.close()


def post_json(
    one: Installation, tip: Mapping[str, object], **more: str
) -> tuple[int, dict[str, str]]:
    path = f"/api/v1/tips?who={TRANSPORT['query string']}"
    status, body = send(
        one, "POST", path, json.dumps(tip).encode(), {"Content-Type": "application/json", **more}
    )
    return status, json.loads(body)


def tip() -> dict[str, object]:
    return {
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["CTL_ACCOMPANIED"],
        "locations": [
            {
                "place_type": "HOTEL_MOTEL",
                "name": f"Copper Kettle Inn, call me at {WORDS['own phone']}",
                "city": "Wentzville",
            }
        ],
        "vehicles": [{"plate_raw": "AB1 C2D", "features": f"my name is {WORDS['own name']}"}],
        "narrative": NARRATIVE,
    }


def through_the_form(one: Installation) -> int:
    """The one-page form, sent as a browser without JavaScript would."""
    query = f"?who={TRANSPORT['query string']}"
    status, page = send(one, "GET", f"/r/all/{query}", b"", {})
    assert status == 200
    hidden = {
        name: value
        for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.decode())
        for name, value in [(attribute(tag, "name"), attribute(tag, "value"))]
    }
    assert "token" in hidden
    form = {
        **hidden,
        "category": "SEX_TRAFFICKING",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": "CTL_ACCOMPANIED",
        "narrative": NARRATIVE,
        TRANSPORT["unknown key"]: TRANSPORT["unknown value"],
        "do": "send",
    }
    files = [(FILE_NAME, PHONE_PICTURE), (IN_PICTURES["a PDF's name"], PDF)]
    kind = {"Content-Type": "multipart/form-data; boundary=quokka"}
    body = multipart(form, files)
    # A form that is sent at once is shown again: a person needs two seconds at least.
    answers: list[int] = []

    def sent() -> bool:
        answers.append(send(one, "POST", f"/r/all/{query}", body, kind)[0])
        return answers[-1] == 201

    eventually(sent, seconds=20)
    return answers[-1]


def multipart(fields: Mapping[str, str], files: list[tuple[str, bytes]]) -> bytes:
    """A form as a browser sends it when files were chosen."""
    begin, field = b"--quokka\r\nContent-Disposition: form-data; ", 'name="%s"\r\n\r\n%s\r\n'
    parts = [begin + (field % pair).encode() for pair in fields.items()]
    for name, data in files:
        head = f'name="photos"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(begin + head.encode() + data + b"\r\n")
    return b"".join([*parts, b"--quokka--\r\n"])


def come_back(one: Installation, receipt: str) -> tuple[list[int], str]:
    """Answer twice: by a program, and on the page without JavaScript. Also the page's ticket."""
    body = json.dumps({"receipt": receipt, "text": ANSWER}).encode()
    path = f"/api/v1/tips/messages?who={TRANSPORT['query string']}"
    program, _ = send(one, "POST", path, body, {"Content-Type": "application/json"})
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    form = {"code": receipt}
    statuses = [program]
    ticket = ""
    for act in ("show", "check", "send"):
        form |= {"do": act, "narrative": ANSWER, "vehicles-0-features": WORDS["own phone"]}
        form[TRANSPORT["unknown key"]] = TRANSPORT["unknown value"]
        status, page = send(one, "POST", "/back/", urlencode(form).encode(), kind)
        statuses.append(status)
        form = {
            attribute(tag, "name"): attribute(tag, "value")
            for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page.decode())
        }
        ticket = form.get("ticket", ticket)
    return statuses, ticket


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


def refused(one: Installation) -> list[int]:
    """Requests that fail, each with a canary in its body."""
    kind = {"Content-Type": "application/json"}
    broken = f'{{"narrative": "{TRANSPORT["broken body"]}'.encode()
    wrong = b'{"receipt": "0000-canary-query-9d27aa"}'
    large = json.dumps({**tip(), "narrative": TRANSPORT["oversized body"] * 20_000}).encode()
    file = multipart({"do": "send"}, [(TRANSPORT["file name"], b"not a picture" + PHONE_PICTURE)])
    form = {"Content-Type": "multipart/form-data; boundary=quokka"}
    torn = {"content": base64.b64encode(PHONE_PICTURE[:3000]).decode()}
    return [
        post_json(one, {**tip(), TRANSPORT["unknown key"]: TRANSPORT["unknown value"]})[0],
        post_json(one, {**tip(), "category": TRANSPORT["unknown value"]})[0],
        send(one, "POST", "/api/v1/tips", broken, kind)[0],
        send(one, "POST", "/api/v1/tips", broken + b"\xff\xfe", kind)[0],
        send(one, "POST", "/api/v1/tips", large, kind)[0],
        post_json(one, {**tip(), "attachments": [{**torn, "name": FILE_NAME}]})[0],
        post_json(one, {**tip(), "attachments": [torn, torn, torn, torn, torn, torn]})[0],
        send(one, "POST", "/api/v1/tips", file, form)[0],
        send(one, "POST", "/r/all/", file, form)[0],
        send(one, "POST", "/r/all/", file[:-500], form)[0],
        send(one, "PUT", "/api/v1/tips", broken, kind)[0],
        send(one, "GET", f"/nowhere/{TRANSPORT['query string']}", b"", {})[0],
        send(one, "POST", "/api/v1/tips/status", wrong, kind)[0],
    ]


def everything(one: Installation, ear: Eavesdropper) -> Iterator[tuple[str, bytes]]:
    yield "the printed output", one.printed().encode()
    yield "the broker", ear.everything()
    yield from files(one.home, without=[one.home / "keys", one.home / "static"])
    yield from rows_in(one.env["DATABASE_URL"])


def test_no_byte_tells_who_sent_pictures_and_came_back(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    temporary = tmp_path_factory.mktemp("tmp")
    with installation(SWEEP_SECONDS="1", TMPDIR=str(temporary), LOG_LEVEL="DEBUG") as one:
        ear = Eavesdropper(str(one.home / "valkey.sock"))
        ear.listen()
        content = base64.b64encode(PHONE_PICTURE).decode()
        sent = {**tip(), "attachments": [{"content": content}]}
        status, kept = post_json(one, sent, **{"Idempotency-Key": TRANSPORT["idempotency key"]})
        assert status == 201
        assert through_the_form(one) == 201
        assert all(400 <= status < 500 for status in refused(one))
        known = {"Content-Type": "application/json"}
        body = json.dumps({"receipt": kept["receipt"]}).encode()
        assert send(one, "POST", "/api/v1/tips/status", body, known)[0] == 200
        one.command("shell", "-c", ASK.format(reference=kept["reference"]))
        statuses, ticket = come_back(one, kept["receipt"])
        assert statuses == [201, 200, 200, 201]
        eventually(lambda: b"tipintake.route" in ear.everything(), seconds=10)
        said_all = one.command("shell", "-c", OPEN_ALL)
        words, said = printed(said_all, "OPENED ")
        (pictures,) = printed(said_all, "PICTURES ")
        canaries = {**TRANSPORT, **WORDS, **SEALED, **IN_PICTURES, "receipt": kept["receipt"]}
        canaries["the ticket of a page"] = ticket
        canaries["receipt without dashes"] = kept["receipt"].replace("-", "")
        found = leaks(canaries, [*everything(one, ear), *files(temporary)])
    assert found == []
    assert len(words) == 2
    assert all("polka-dot umbrella stand" in narrative for narrative in words)
    assert len(said) == 3
    assert "teapot" in said[0]
    assert leaks(WORDS, [("opened words", one.encode()) for one in [*words, *said]]) == []
    assert len(pictures) == 3
    blobs = [("an opened picture", base64.b64decode(one)) for one in pictures]
    assert all(blob.startswith(b"\xff\xd8\xff") for _place, blob in blobs)
    assert leaks(IN_PICTURES, blobs) == []


def printed(output: str, mark: str) -> list[list[str]]:
    """The lists that the installation printed behind this word."""
    (line,) = [one for one in output.splitlines() if one.startswith(mark)]
    found: list[list[str]] = json.loads(line.removeprefix(mark))
    return found
