"""Both hosts, asked for anything: every address, with whatever a browser or a script may send.

A law here fails when a page breaks, and when something of ours noted a failure that it hid.
"""

import functools
import json
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.cache import cache as django_cache
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation
from hypothesis import strategies as st

from tests.fuzz.plain import LOCATIONS, RULES, URLS
from tests.fuzz.target import Target, left_as_it_was
from tests.fuzz.texts import bytes_from, texts
from tests.web.desk import entering
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.door import unfinished
from tipintake.door.anonymity import AnonymityMiddleware
from tipintake.door.bodies import readable_type
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips import vocabulary
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Tip
from tipintake.web.desk import presence

STAFF = "fuzz"


class Noted(logging.Handler):
    """What is noted as a failure of ours is one, even where a person gets an answer."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.faults: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self.faults.append(record.exc_info[1])


class Memory:
    """The broker's part in an unfinished report."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def set(self, name: str, value: bytes, **_more: object) -> None:
        self.kept[name] = value

    def info(self, _section: str) -> dict[str, int]:
        return {"used_memory": 0, "maxmemory": 0}

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


@contextmanager
def host(role: str) -> Iterator[Client]:
    """A client of one host. Nothing of what it does stays."""
    noted = Noted()
    log = logging.getLogger("tipintake")
    with ExitStack() as stack:
        desk = role == "desk"
        stack.enter_context(
            override_settings(
                ROLE=role,
                ROOT_URLCONF=f"config.urls_{role}",
                MIDDLEWARE=settings.DESK_MIDDLEWARE if desk else settings.PUBLIC_MIDDLEWARE,
                ALLOWED_HOSTS=["testserver"],
                WHITENOISE_AUTOREFRESH=True,
                PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            )
        )
        stack.enter_context(mock.patch.object(AnonymityMiddleware, "raises", True))
        stack.enter_context(mock.patch.object(bell, "ring_notify"))
        stack.enter_context(mock.patch.object(bell, "ring_route"))
        memory = Memory()
        stack.enter_context(mock.patch.object(unfinished, "_broker", return_value=memory))
        stack.enter_context(translation.override("en"))
        stack.enter_context(left_as_it_was())
        log.addHandler(noted)
        try:
            yield Client()
        finally:
            log.removeHandler(noted)
            django_cache.clear()
        for fault in noted.faults:
            raise fault


# --- Tips as a program sends them ------------------------------------------------------------


def choice(names: Any) -> st.SearchStrategy[Any]:
    listed = [str(one) for one in names]
    return st.one_of(st.sampled_from(listed), st.sampled_from(listed), texts(longest=20))


NUMBERS = st.one_of(
    st.integers(-1, 200),
    st.integers(1900, 2030),
    st.sampled_from((2**31, 32768, 1e300, 0.1, True, "5")),
)
MOMENTS = st.one_of(
    st.datetimes(datetime(1940, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.isoformat()[:19]),  # noqa: DTZ001
    st.sampled_from(
        ("2026-11-14T21:30Z", "2026-03-08T02:30", "2026-11-01T01:30", "2024-02-30T00:00")
    ),
    texts(longest=30),
)
WORDS = texts(longest=120)
TIPS = st.fixed_dictionaries(
    {
        "category": choice(vocabulary.Category),
        "immediacy": choice(vocabulary.Immediacy),
        "minor_present": choice(vocabulary.MinorPresent),
        "narrative": texts(longest=2500),
    },
    optional={
        "indicators": st.lists(choice(INDICATORS), max_size=6),
        "reporter_is_victim": st.booleans(),
        "police_consent": st.one_of(st.none(), st.booleans()),
        "language": st.sampled_from(("en", "es", "es-MX", "xx", "")),
        "vehicles": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    **dict.fromkeys(("plate_raw", "make", "model", "colour1", "features"), WORDS),
                    "plate_state": choice(("MO", "IL", "XX")),
                    "plate_partial": st.booleans(),
                    "year_from": NUMBERS,
                    "year_to": NUMBERS,
                },
            ),
            max_size=3,
        ),
        "locations": st.lists(LOCATIONS, max_size=3),
        "sighting": st.fixed_dictionaries(
            {"kind": choice(vocabulary.SightingKind)},
            optional={
                "start": MOMENTS,
                "end": MOMENTS,
                "rrule": texts(*RULES, longest=200),
                "local_start": st.sampled_from(("22:00", "24:00", "2:00", "23:59:59.999999", "")),
                "duration_minutes": NUMBERS,
                "approx_minutes": NUMBERS,
                "tz": st.sampled_from(("America/Chicago", "UTC", "Mars/X", "../etc", "")),
            },
        ),
        "persons": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "role": choice(vocabulary.PersonRole),
                    "age_from": NUMBERS,
                    "height_cm": NUMBERS,
                    **dict.fromkeys(("marks", "clothing", "name_or_alias", "hair"), WORDS),
                },
            ),
            max_size=3,
        ),
        "online": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "url": texts(*URLS, longest=480),
                    **dict.fromkeys(("handle", "ad_phone", "ad_email", "payment_tag"), WORDS),
                },
            ),
            max_size=3,
        ),
    },
)


def plain(value: Any) -> Any:
    """As JSON can hold it."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return float(value)


def sent(value: dict[str, Any]) -> None:
    """A tip is kept and reaches a queue, or is refused with a reason: nothing between."""
    with host("public") as client:
        body = json.dumps(plain(value))
        seen = client.generic("POST", "/api/v1/tips/preview", body, "application/json")
        answer = client.generic("POST", "/api/v1/tips", body, "application/json")
        if answer.status_code != 201:
            assert answer.status_code in {400, 422}, answer.status_code
            assert answer.json()["detail"]
            return
        assert seen.status_code == 200
        now = datetime.now(UTC)
        while route_waiting(now=now, limit=50):
            pass
        tip = Tip.objects.get(reference=answer.json()["reference"])
        assert tip.routed_at is not None
        queued = set(HandOff.objects.filter(tip=tip).values_list("line__code", flat=True))
        shown = {one["line"] for one in answer.json()["placed_with"]}
        assert queued
        assert shown <= queued, (shown, queued)
        code = {"receipt": answer.json()["receipt"]}
        status = client.generic(
            "POST", "/api/v1/tips/status", json.dumps(code), "application/json"
        )
        assert status.status_code == 200
        more = json.dumps({**code, "text": value["narrative"]})
        added = client.generic("POST", "/api/v1/tips/messages", more, "application/json")
        assert added.status_code in {201, 422}, added.content


# --- Residents' pages ------------------------------------------------------------------------

PUBLIC_PATHS = (
    *(
        "/",
        "/r/all/",
        "/r/check/",
        "/back/",
        "/exit/",
        "/exit/dot/",
        "/safety/",
        "/help/",
        "/numbers/",
    ),
    *(
        "/r/1/",
        "/r/2/",
        "/r/3/",
        "/r/4/",
        "/r/5/",
        "/r/99/",
        "/r/as/hotel-staff/",
        "/for/drivers/",
    ),
    *(
        "/es/r/all/",
        "/es/r/2/",
        "/es/back/",
        "/map/areas.js",
        "/healthz",
        "/api/v1/schema",
        "/api/v1/x",
    ),
    *("/api/v1/tips", "/api/v1/tips/messages", "/api/v1/tips/status", "/api/v1/tips/challenge"),
)
KINDS = (
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"),
    *("text/plain", "", "multipart/form-data", "application/json; charset=utf-16", "é"),
    *(
        "multipart/form-data; boundary=x; charset=rot13",
        "application/x-www-form-urlencoded; charset=x",
    ),
)
MULTIPARTS = (
    b'--x\r\nContent-Disposition: form-data; name="narrative"\r\n\r\nA van\r\n--x--\r\n',
    (
        b'--x\r\nContent-Disposition: form-data; name="photos"; filename="../a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\r\n--x--\r\n"
    ),
)
PART_TOKENS = (
    *(
        b"--x",
        b"\r\n",
        b"\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"filename*=utf-8''%00\"",
    ),
    *(b'name="do"', b"\x00", b"%00", b"&", b"=", b";", b"a=" * 40, b"decide x=KEEP&", b"token=x&"),
)


def asked(value: tuple[str, str, str, bytes, str]) -> None:
    """Any request to the public host is answered, and hardened, and sets no cookie of others."""
    method, path, kind, body, fetch = value
    kind = readable_type(kind)  # as the server hands it on
    with host("public") as client:
        answer = client.generic(
            method, path, body, kind, headers={"Sec-Fetch-Site": fetch or "none"}
        )
        assert answer.status_code < 500, answer.status_code
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not set(answer.cookies) - {settings.DRAFT_COOKIE_NAME}


@functools.cache
def names_on_pages() -> tuple[str, ...]:
    """Every field that a page of the form shows."""
    with host("public") as client:
        found: set[str] = set()
        for path in ("/r/all/", "/r/1/", "/back/"):
            found |= set(re.findall(r'name="([^"]+)"', client.get(path).content.decode()))
    rows = {f"{kind}-1-{name}" for kind in ("vehicles", "locations") for name in ("make", "city")}
    return tuple(sorted(found | rows | {"token", "code", "ticket", "do", "decide /narrative:x"}))


ACTS = st.sampled_from(
    (
        *(
            "check",
            "send",
            "continue",
            "back",
            "change",
            "language",
            "show",
            "add-vehicles",
            "add-x",
        ),
        *(
            "remove-vehicles-0",
            "remove-vehicles-99",
            "remove-persons--1",
            "change narrative",
            "add-",
        ),
        *(
            "change vehicles-0",
            "change x",
            "remove-vehicles-a",
            "add-vehicles-1-2",
            "remove-",
            "-",
        ),
    )
)
FORMS = st.deferred(
    lambda: st.dictionaries(
        st.sampled_from(names_on_pages()),
        st.one_of(
            texts(longest=300), st.sampled_from(("1", "0", "99", "-1", "on", "OTHER", "NO"))
        ),
        max_size=25,
    )
)


def filled_in(value: tuple[list[tuple[str, dict[str, str], str]], str]) -> None:
    """A resident goes through the steps, or fills in one page, in any order."""
    visits, lead = value
    with host("public") as client:
        token = re.search(r'name="token" value="([^"]+)"', client.get("/r/all/").content.decode())
        assert token
        for path, fields, act in visits:
            given = {"token": token[1], **as_browsers_send(fields), "do": act}
            answer = client.post(f"{lead}{path}", given)
            assert answer.status_code < 500, (path, answer.status_code)
            if answer.status_code == 303:
                there = answer.headers["Location"].partition("#")[0]
                assert client.get(there).status_code < 500, there


VISITS = st.lists(
    st.tuples(
        st.sampled_from(
            ("/r/1/", "/r/2/", "/r/3/", "/r/4/", "/r/5/", "/r/check/", "/r/all/", "/back/")
        ),
        FORMS,
        ACTS,
    ),
    min_size=1,
    max_size=5,
)


# --- The desk --------------------------------------------------------------------------------


@functools.cache
def desk_paths() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each address of the desk with the names of its changing parts."""
    return tuple(walked(get_resolver("config.urls_desk").url_patterns, ""))


def walked(patterns: Any, before: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from walked(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            yield route, tuple(re.findall(r"<[^>]+>", route))


@functools.cache
def desk_names() -> tuple[str, ...]:
    """Every name that a page of the desk reads from a form or an address."""
    root = Path(settings.BASE_DIR)
    source = "".join(
        path.read_text()
        for folder in ("tipintake/web/desk", "reports/pages", "tipintake/api/partner")
        for path in (root / folder).rglob("*.py")
    )
    told = re.findall(r'(?:POST|GET|data)(?:\.get|\.getlist|\[)\(?\s*"([a-z_]+)"', source)
    fields = re.findall(r"^    ([a-z_]+) = forms\.", source, re.MULTILINE)
    return tuple(sorted({*told, *fields, "q", "version", "after", "next", "tips", "act"}))


def known_parts() -> list[str]:
    return [
        *Tip.objects.values_list("reference", flat=True)[:3],
        *Line.objects.values_list("code", flat=True)[:3],
        *map(str, HandOff.objects.values_list("pk", flat=True)[:2]),
        *User.objects.values_list("username", flat=True)[:2],
    ]


VALUES = st.one_of(
    texts("is:new", "plate:AB?", "7KX", "city:x", "age:>2d", longest=200),
    st.sampled_from(
        ("1", "0", "-1", "99999999999999999999", "2026-11-14", "2026-13-40", "0001-01-01", "P1")
    ),
    st.sampled_from(
        ("9999-12-31", "2026-W99", "CLOSED", "x" * 300, "[]", "{}", "csv", "wentzville-pd")
    ),
)
ASKED_OF_DESK = st.tuples(
    st.sampled_from(("GET", "POST", "GET")),
    st.integers(0, 10_000),
    st.lists(st.integers(0, 50), min_size=4, max_size=4),
    st.lists(
        st.sampled_from(("1", "0", "zz", "T-AAAA-BBBB", "é", "2147483648", "2026", "..")),
        min_size=4,
        max_size=4,
    ),
    st.deferred(lambda: st.dictionaries(st.sampled_from(desk_names()), VALUES, max_size=6)),
    st.booleans(),
)


def open_the_desk() -> None:
    """Somebody with every role, and two tips; made once for a run."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        if not User.objects.filter(username=STAFF).exists():
            lines = tuple(Line.objects.values_list("code", flat=True))
            accounts.create(
                STAFF, roles=tuple(Role), lines=lines, actor="test", now=timezone.now()
            )
            entering.with_app(STAFF)


def asked_of_desk(value: Any) -> None:
    """Somebody who may do everything asks for anything: refused, or done, and never broken."""
    method, at, picks, odd, fields, htmx = value
    with host("desk") as client:
        open_the_desk()
        user = User.objects.get(username=STAFF)
        client.force_login(user)
        mark_as_entered(client)
        route, parts = desk_paths()[at % len(desk_paths())]
        path = "/" + route
        known = known_parts()
        for number, part in enumerate(parts):
            pick = picks[number % 4]
            path = path.replace(part, known[pick] if pick < len(known) else odd[number % 4], 1)
        if "log-off" in path:
            return
        more = {"HX-Request": "true"} if htmx else {}
        ask = client.get if method == "GET" else client.post
        answer = ask(path, as_browsers_send(fields), headers=more)
        if path == "/readyz":
            return
        assert answer.status_code < 500, (method, path, answer.status_code)
        read: Any = answer
        b"".join(read.streaming_content if read.streaming else [read.content])


def mark_as_entered(client: Client) -> None:
    session, now = client.session, int(timezone.now().timestamp())
    session[presence.FACTOR] = "app"
    session[presence.SEEN] = session[presence.BEGAN] = session[presence.PROVED] = now
    session.save()


def as_browsers_send(fields: dict[str, str]) -> dict[str, str]:
    return {name: text.encode("utf-8", "replace").decode() for name, text in fields.items()}


def path_of(text: str) -> str:
    """As Django's client takes it, which reads what begins with two slashes as a host."""
    return "/" + text.encode("utf-8", "replace").decode().lstrip("/")


DOORS = (
    Target("tips by the API", TIPS, sent, examples=8),
    Target(
        "requests",
        st.tuples(
            st.sampled_from(("GET", "POST", "POST", "HEAD", "PUT", "OPTIONS", "X")),
            st.one_of(
                st.sampled_from(PUBLIC_PATHS),
                texts("/", "r", "es", "%2e", longest=40).map(path_of),
            ),
            st.sampled_from(KINDS),
            bytes_from(MULTIPARTS, *PART_TOKENS),
            st.sampled_from(("", "cross-site", "same-origin")),
        ),
        asked,
        examples=12,
    ),
    Target("forms", st.tuples(VISITS, st.sampled_from(("", "/es"))), filled_in, examples=3),
    Target("desk", ASKED_OF_DESK, asked_of_desk, examples=8),
)
