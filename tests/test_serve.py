"""How long a sender may take, and whose body goes when memory runs short."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import psutil
import pytest
from pytest_django import Settings
from waitress.adjustments import Adjustments
from waitress.proxy_headers import proxy_headers_middleware

from config import serve
from config.supervisor import answers
from tests.installation import some_port
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parent.parent
HEAD = b"POST /api/v1/tips HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n"


def test_a_trickle_is_given_up_and_a_steady_phone_is_not() -> None:
    request = serve.Request(Adjustments())
    request.received(HEAD)
    assert not request.is_too_slow(request.begun + 59)
    assert request.is_too_slow(request.begun + 61)
    request.received(b"x" * 160 * 1024)
    assert not request.is_too_slow(request.begun + 69)
    assert request.is_too_slow(request.begun + 71)


def test_half_a_head_is_given_up_too() -> None:
    request = serve.Request(Adjustments())
    request.received(HEAD[:30])
    assert request.is_too_slow(request.begun + 61)


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0",
        b"Content-Length: " + b"9" * 5000,
        b"Content-Length: 5\r\nContent-Length: 6",
    ],
    ids=["length-first", "chunked-first", "endless", "two"],
)
def test_a_body_whose_end_is_told_twice_is_refused(headers: bytes) -> None:
    """A proxy that believed the other header would take its rest for somebody's request."""
    request = serve.Request(Adjustments())
    request.received(b"POST / HTTP/1.1\r\nHost: a\r\n" + headers + b"\r\n\r\n0\r\n\r\n")
    assert request.completed
    assert request.error is not None
    assert request.error.code == 400


def test_when_memory_runs_short_small_bodies_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "MOST_HELD", 1000)
    assert serve.beyond_memory({"small": 10, "other": 200}) == []
    assert serve.beyond_memory({"large": 900, "small": 10, "other": 200}) == ["large"]


@pytest.mark.enable_socket
@pytest.mark.parametrize("trusted", [True, False])
def test_forwarded_headers_pass_only_from_a_named_proxy(settings: Settings, trusted: bool) -> None:
    settings.TRUSTED_PROXY = trusted
    with socket.socket() as listener:
        adj = serve.adjustments(listener, 1)
    seen: dict[str, str] = {}
    application = proxy_headers_middleware(
        lambda environ, _start: seen.update(environ),
        clear_untrusted=adj.clear_untrusted_proxy_headers,
    )
    application({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}, None)
    assert ("HTTP_X_FORWARDED_PROTO" in seen) is trusted


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[psutil.Process]:
    port = some_port()
    process = Popen(
        [sys.executable, "-m", "config.serve", "--port", str(port)],
        cwd=ROOT,
        env={"TIPINTAKE_HOME": str(tmp_path), "TIPINTAKE_ROLE": "public"},
    )
    eventually(answers(f"http://127.0.0.1:{port}/healthz"), seconds=60)
    yield psutil.Process(process.pid)
    process.kill()
    process.wait()


@pytest.mark.processes
@pytest.mark.enable_socket
@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_nobody_outlives_the_parent(parent: psutil.Process, how: str) -> None:
    children = parent.children()
    assert len(children) == 2
    getattr(parent, how)()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


# Its child waits for a word before it is anything of its own.
LATE = """
import os, sys, time
from config.serve import Parent

class Late(Parent):
    def _be_a_child(self):
        print(os.getpid(), flush=True)
        os.read(0, 1)
        super()._be_a_child()

Late(lambda: time.sleep(600)).run(1)
"""


@pytest.mark.processes
def test_a_child_that_is_told_to_end_before_it_began_ends() -> None:
    process = Popen([sys.executable, "-c", LATE], cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    child = psutil.Process(int(process.stdout.readline()))
    process.terminate()
    child.terminate()
    process.stdin.write(b"!")
    process.stdin.close()
    try:
        _, alive = psutil.wait_procs([child], timeout=10)
        assert not alive
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
