"""The proxy before both hosts: what it keeps, what it says itself, and what it passes on."""

import os
import re
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.composed import ROOT, described
from tests.deploy.proxied import NAMES, before, directives, names, nginx, on_page, service
from tests.installation import some_port
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

# Wherever somebody is told how nginx shall be set up.
TOLD = {
    "ours": (ROOT / "deploy" / "nginx.conf").read_text("utf-8"),
    "with compose": on_page("deploy-with-compose.md"),
    "on one machine": on_page("run-on-one-machine.md"),
}
HEAD = b"POST /api/v1/tips HTTP/1.1\r\nHost: tips.county.example\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + b"10\r\n~~~~~~~~~~~~~~~~\r\n" * 2000
WITH_LENGTH = b"Content-Length: 44040192\r\n\r\n" + b"~" * 32_000


@pytest.fixture(params=TOLD)
def told(request: pytest.FixtureRequest) -> set[str]:
    return directives(TOLD[request.param])


def test_it_writes_of_nobody_into_a_log(told: set[str]) -> None:
    assert {"access_log off", "error_log /dev/null emerg"} <= told


def test_it_collects_no_body_and_no_answer(told: set[str]) -> None:
    passing_on = {"proxy_request_buffering off", "proxy_http_version 1.1"}
    assert passing_on | {"proxy_max_temp_file_size 0"} <= told
    assert "client_max_body_size 42m" in told
    assert not any(one.startswith("client_body_buffer_size") for one in told)  # it would hold it


@pytest.mark.parametrize("where", ["ours", "with compose"])
def test_it_says_itself_where_a_request_comes_from(where: str) -> None:
    """Passed on as it came, a script would be somebody else at each post."""
    assert "proxy_set_header X-Forwarded-For $remote_addr" in directives(TOLD[where])


def test_an_onion_service_of_one_machine_says_of_nobody_where_they_are() -> None:
    assert 'proxy_set_header X-Forwarded-For ""' in directives(TOLD["on one machine"])


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_watches_asks_on_this_machine_and_nobody_else(path: str, tmp_path: Path) -> None:
    with service("desk") as desk, before(tmp_path, desk=desk.address) as proxy:
        assert proxy.asked("desk.county.example", path).startswith("HTTP/1.1 404 ")
        assert proxy.asked("desk.county.example").startswith("HTTP/1.1 200 ")
        assert proxy.asked_here(path) == "HTTP/1.1 200 OK: desk as desk.county.example"
        assert proxy.asked_here("/").startswith("HTTP/1.1 404 ")


def test_prometheus_is_sent_where_the_proxy_answers_it() -> None:
    page = (ROOT / "docs" / "how-to" / "watch-over-it.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (job,) = yaml.safe_load(block)["scrape_configs"]
    (where,) = job["static_configs"][0]["targets"]
    assert job.get("scheme", "http") == "http"
    published = described()["services"]["proxy"]["ports"]
    assert [one for one in published if one.startswith(f"{where}:")] == [f"{where}:8702"]
    assert f"listen {where}" in directives(on_page("watch-over-it.md"))


@pytest.mark.parametrize(
    "page", ["deploy-with-compose.md", "run-on-one-machine.md", "watch-over-it.md"]
)
def test_nginx_takes_what_the_pages_say(page: str, tmp_path: Path) -> None:
    said = on_page(page)
    said = said if "server {" in said else f"server {{ {said} }}"
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid; events {{}} http {{ {said} }}")
    command = [nginx(), "-t", "-c", str(conf)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    assert tried.returncode == 0, tried.stderr


@pytest.mark.parametrize("body", [CHUNKED, WITH_LENGTH], ids=["in chunks", "with a length"])
def test_a_body_goes_on_to_the_service_as_it_comes(body: bytes, tmp_path: Path) -> None:
    """Collected first, a body that never ends would hold memory or lie in a file, in clear."""
    with socket.create_server(("127.0.0.1", 0)) as public:
        public.settimeout(10)
        with (
            before(tmp_path, public=f"127.0.0.1:{public.getsockname()[1]}") as proxy,
            proxy.connect("tips.county.example") as sender,
        ):
            sender.sendall(HEAD + body)
            passed_on, _address = public.accept()
            passed_on.settimeout(10)
            with passed_on:
                come = b""
                while come.count(b"~") < 32_000:
                    come += passed_on.recv(65536) or pytest.fail("it ended")
            assert proxy.collected() == []


def test_a_request_that_fails_leaves_no_address_in_a_log(tmp_path: Path) -> None:
    nowhere = f"unix:{tmp_path}/nowhere"  # which nginx finds graver than a service that is away
    with before(tmp_path, public=nowhere) as proxy, proxy.connect("tips.county.example") as sender:
        sender.sendall(HEAD + b"Referer: https://help.example/\r\nContent-Length: 0\r\n\r\n")
        assert sender.recv(4096).startswith(b"HTTP/1.1 502 ")
        assert proxy.error_log() == ""


def test_every_name_of_a_list_is_answered_and_no_other(tmp_path: Path) -> None:
    with (
        service("public") as public,
        service("desk") as desk,
        before(tmp_path, public=public.address, desk=desk.address) as proxy,
    ):
        for kind, one in (("public", "PUBLIC_HOSTS"), ("desk", "DESK_HOSTS")):
            names = [name.strip() for name in NAMES[one].split(",")]
            assert len(names) == 2
            for name in names:
                assert proxy.asked(name) == f"HTTP/1.1 200 OK: {kind} as {name}"
        with pytest.raises(ssl.SSLError):
            proxy.connect("other.county.example")


def test_containers_that_come_and_go_are_found_by_their_name(tmp_path: Path) -> None:
    """Asked for once, a name leads to a container that an upgrade took away."""
    port = some_port()

    def who_answers() -> str:
        return proxy.asked("tips.county.example").split()[3]

    heard = set()

    def both_answer() -> bool:
        heard.add(who_answers())
        return heard == {"first", "second"}

    with (
        names("127.0.0.2", "127.0.0.3") as known,
        service("first", at=("127.0.0.3", port)),
        before(tmp_path, public=f"public:{port}", names=known.address) as proxy,
    ):
        with service("second", at=("127.0.0.2", port)):
            eventually(both_answer, seconds=30)
        assert {who_answers() for _ in range(4)} == {"first"}  # at once, of those it knows
        known.addresses = ["127.0.0.4"]
        with service("third", at=("127.0.0.4", port)):
            eventually(lambda: who_answers() == "third", seconds=30)


def test_a_long_name_is_answered_too(tmp_path: Path) -> None:
    long = f"{'anonymous-' * 5}tips.{'county-' * 7}sheriff.example"
    given = {**NAMES, "PUBLIC_HOSTS": long}
    with service("public") as public, before(tmp_path, public=public.address, given=given) as one:
        assert one.asked(long) == f"HTTP/1.1 200 OK: public as {long}"


def test_what_the_image_reads_may_be_run() -> None:
    """It passes over a script that is not executable."""
    assert os.access(ROOT / "deploy" / "hosts.envsh", os.X_OK)
