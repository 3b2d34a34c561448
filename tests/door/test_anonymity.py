"""What identifies the sender reaches no view and no log."""

import json
import logging
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client
from pytest_django import Settings

from tipintake.door import failures
from tipintake.door.anonymity import AnonymityMiddleware, CookieOnPublicHost
from tipintake.door.crowd import CROWDED, Crowd
from tipintake.door.quiet import QuietFormatter
from tipintake.door.tally import tally

Probe = Callable[..., Any]

CANARIES = {
    "REMOTE_ADDR": "203.0.113.77",
    "REMOTE_HOST": "canary-remote-host",
    "REMOTE_PORT": "canary-port",
    "REMOTE_USER": "canary-remote-user",
    "HTTP_X_FORWARDED_FOR": "203.0.113.78",
    "HTTP_X_FORWARDED_HOST": "canary-forwarded-host",
    "HTTP_FORWARDED": "for=203.0.113.79",
    "HTTP_X_REAL_IP": "203.0.113.80",
    "HTTP_CF_CONNECTING_IP": "203.0.113.81",
    "HTTP_TRUE_CLIENT_IP": "203.0.113.82",
    "HTTP_USER_AGENT": "canary-agent",
    "HTTP_SEC_CH_UA": "canary-brand",
    "HTTP_REFERER": "https://canary.example/referer",
    "HTTP_ORIGIN": "https://canary.example",
    "HTTP_ACCEPT_LANGUAGE": "eo-canary",
    "HTTP_COOKIE": "desk=canary-session; other=canary-other",
    "HTTP_AUTHORIZATION": "Bearer canary-bearer",
    "HTTP_ACCEPT": "text/canary",
    "HTTP_ACCEPT_ENCODING": "canary-encoding",
    "HTTP_VIA": "canary-via",
    "HTTP_IF_NONE_MATCH": '"canary-etag"',
    "HTTP_DNT": "canary-dnt",
    "HTTP_X_NOT_INVENTED_YET": "canary-new",
    "SSL_CLIENT_S_DN": "canary-certificate",
    "DATABASE_URL": "postgresql://canary-secret",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_of_the_sender_reaches_a_view(probe: Probe, method: str) -> None:
    seen = probe(method, "/everything?who=canary-query", **CANARIES).content.decode()
    assert "canary" not in seen
    assert "203.0.113" not in seen


def test_the_parts_of_a_request_that_are_its_content_reach_the_view(probe: Probe) -> None:
    headers = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_IDEMPOTENCY_KEY": "a-key"}
    seen = probe("POST", "/everything", b"{}", "application/json", **headers).content.decode()
    assert "same-origin" in seen
    assert "a-key" in seen
    assert "application/json" in seen


def test_https_is_still_known_behind_a_trusted_proxy(probe: Probe, settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert probe("GET", "/secure", HTTP_X_FORWARDED_PROTO="https").json() == {"secure": True}
    assert probe("GET", "/secure").json() == {"secure": False}


@pytest.mark.parametrize("path", ["/cookie", "/raw-cookie"])
def test_a_cookie_never_leaves_the_public_host(
    probe: Probe, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(AnonymityMiddleware, "raises", False)
    before = tally.counts().get("cookie_dropped", 0)
    with caplog.at_level(logging.ERROR):
        response = probe("GET", path)
    assert response.status_code == 200
    assert not response.cookies
    assert "Set-Cookie" not in response.headers
    assert "door.cookie_dropped" in caplog.text
    assert "canary" not in caplog.text
    assert tally.counts()["cookie_dropped"] == before + 1


def test_a_cookie_fails_the_tests(probe: Probe, settings: Settings) -> None:
    with pytest.raises(CookieOnPublicHost):
        Client().get("/cookie")


def test_a_body_over_the_limit_is_refused_by_its_declared_length(
    probe: Probe, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert probe("POST", "/body", b"x" * 100, "text/plain").json()["length"] == 100
    refused = probe("POST", "/body", b"x" * 101, "text/plain")
    assert refused.status_code == 413
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in refused.headers


class Endless:
    """A client that never stops sending."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "asked for everything"
        self.given += size
        return b"x" * size

    readline = read


def call(environ: dict[str, Any]) -> HttpResponseBase:
    """As a WSGI server calls it, without the test client's own handling of bodies."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.url_scheme": "http",
            **environ,
        }
    )
    return WSGIHandler().get_response(request)


def test_a_body_without_a_length_is_read_no_further_than_the_limit(
    probe: Probe, settings: Settings
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    endless = Endless()
    environ = {"PATH_INFO": "/body", "wsgi.input": endless, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert call(environ).status_code == 413
    assert endless.given <= 1001


def test_a_small_body_without_a_length_reaches_the_view(probe: Probe, settings: Settings) -> None:
    environ = {
        "PATH_INFO": "/body",
        "wsgi.input": BytesIO(b"said=hello"),
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
    }
    response = call(environ)
    assert response.status_code == 200
    assert json.loads(response.getvalue()) == {"length": 10, "posted": {"said": ["hello"]}}


@pytest.fixture
def written(settings: Settings) -> Iterator[StringIO]:
    """What the process would have written to its log."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter(settings.LOGGING["formatters"]["plain"]["format"]))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize("path", ["/broken", "/api/broken", "/denied", "/suspicious", "/nowhere"])
def test_a_failing_request_leaves_nothing_of_itself_in_the_logs(
    probe: Probe, path: str, written: StringIO
) -> None:
    before = tally.counts().get("failed", 0)
    url = f"{path}?who=canary-query"
    response = probe("POST", url, b"canary-body", "text/plain", **CANARIES)
    lines = written.getvalue()
    assert "canary" not in lines
    assert "203.0.113" not in lines
    assert b"canary" not in response.content
    if "broken" in path:
        assert response.status_code == 500
        assert "door.failed builtins.ValueError in broken" in lines
        assert "somebody.elses cannot take <str> of <str>" in lines
        assert tally.counts()["failed"] == before + 1


def test_a_program_gets_a_problem(probe: Probe) -> None:
    problem = probe("GET", "/api/broken")
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == 500


@pytest.mark.parametrize("template", ["failure.html", "none.html"])
def test_a_person_gets_a_page_even_where_its_template_fails_too(
    probe: Probe, monkeypatch: pytest.MonkeyPatch, template: str
) -> None:
    def rendered(_name: str, *given: Any) -> str:
        return render_to_string(template, *given)

    monkeypatch.setattr(failures, "render_to_string", rendered)
    page = probe("GET", "/broken").content.decode()
    assert "Nothing was sent" in page
    assert "911" in page
    assert 'href="/"' in page


def test_many_posts_from_one_address_raise_a_small_number_and_nothing_else() -> None:
    crowd = Crowd()
    assert [crowd.count("203.0.113.5", now=0.0) for _ in range(61)][::20] == [0, 2, 2, 3]
    assert crowd.count("203.0.113.6", now=0.0) == 0
    assert "203.0.113.5" not in repr(vars(crowd))


def test_the_count_is_forgotten_with_its_key_after_ten_minutes() -> None:
    crowd = Crowd()
    for _ in range(100):
        crowd.count("203.0.113.5", now=0.0)
    key = crowd._key
    assert crowd.count("203.0.113.5", now=599.0) >= CROWDED
    assert crowd.count("203.0.113.5", now=600.0) == 0
    assert crowd._key != key


def test_neighbours_in_one_ipv6_network_count_as_one() -> None:
    crowd = Crowd()
    for at in range(40):
        crowd.count(f"2001:db8::{at:x}", now=0.0)
    assert crowd.count("2001:db8::ffff", now=0.0) >= CROWDED


@pytest.mark.parametrize("address", ["", "unix:", "127.0.0.1", "::1", "canary"])
def test_no_address_is_never_crowded(address: str) -> None:
    crowd = Crowd()
    assert {crowd.count(address, now=0.0) for _ in range(200)} == {0}


def test_the_crowd_never_grows_without_end() -> None:
    crowd = Crowd(most=3)
    for at in range(50):
        crowd.count(f"203.0.113.{at}", now=0.0)
    assert len(crowd._counts) == 3


def test_a_busy_address_is_known_to_the_view_as_a_number_only(probe: Probe) -> None:
    for _ in range(30):
        seen = probe("POST", "/everything", REMOTE_ADDR="198.51.100.200").content.decode()
    assert "'tipintake.busy', 2" in seen
    assert "198.51.100" not in seen


def test_behind_an_onion_service_nobody_is_crowded(probe: Probe, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["tipsexample.onion"]
    for _ in range(30):
        seen = probe(
            "POST", "/everything", REMOTE_ADDR="198.51.100.201", HTTP_HOST="tipsexample.onion"
        ).content.decode()
    assert "'tipintake.busy', 0" in seen


@pytest.mark.parametrize("trusted", [True, False])
def test_no_host_that_is_written_hides_what_a_trusted_proxy_says(
    probe: Probe, settings: Settings, trusted: bool
) -> None:
    settings.ALLOWED_HOSTS = ["tipsexample.onion"]
    settings.TRUSTED_PROXY = trusted
    for _ in range(30):
        seen = probe(
            "POST",
            "/everything",
            HTTP_HOST="tipsexample.onion",
            HTTP_X_FORWARDED_FOR="198.51.100.203",
        ).content.decode()
    assert f"'tipintake.busy', {2 if trusted else 0}" in seen


def test_a_trusted_proxy_names_the_address(probe: Probe, settings: Settings) -> None:
    settings.TRUSTED_PROXY = True
    forwarded = "198.51.100.1, 198.51.100.202"
    for _ in range(30):
        seen = probe(
            "POST", "/everything", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded
        ).content.decode()
    assert "'tipintake.busy', 2" in seen
