"""The API as the real server serves it: fuzzed by its own schema, and asked over raw sockets."""

import json
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.installation import Installation, installation
from tipintake.api import examples

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def served() -> Iterator[Installation]:
    with installation() as one:
        yield one


def raw(served: Installation, request: bytes, *, chunks: int = 0) -> bytes:
    """Send bytes as they are, then so many chunks of 64 kB; the answer's first part."""
    where = urlsplit(served.public)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as link:
        link.sendall(request)
        try:
            for _ in range(chunks):
                link.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        except OSError:
            pass  # the server hung up on us, as it should
        answer = b""
        try:
            while part := link.recv(65536):
                answer += part
                if b"\r\n\r\n" in answer:
                    break
        except OSError:
            pass
        return answer


def test_a_fuzzer_that_knows_only_the_schema_finds_nothing(
    served: Installation, tmp_path: Path
) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file"),
            *(str(ROOT / "schemathesis.toml"), "run", f"{served.public}/api/v1/schema.json"),
            *("--max-examples", "25", "--generation-deterministic", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "Tested: 7" in run.stdout


def test_a_body_without_a_length_is_cut_off_at_the_limit(served: Installation) -> None:
    head = b"POST /api/v1/tips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    answer = raw(served, head + b"Transfer-Encoding: chunked\r\n\r\n", chunks=2000)
    assert not answer or b" 413 " in answer.split(b"\r\n")[0]


def test_a_tip_may_come_without_a_length(served: Installation) -> None:
    body = json.dumps(examples.SHORT_TIP).encode()
    answer = raw(
        served,
        b"POST /api/v1/tips HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body),
    )
    assert b" 201 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize(
    "line",
    [
        b"GET /caf\xc3\xa9 HTTP/1.1",
        b"GET /%ff%fe%00%0d%0aX-Injected:%201 HTTP/1.1",
        b"GET /static/%2e%2e/%2e%2e/web.secret HTTP/1.1",
        b"GET //elsewhere.example/%2f.. HTTP/1.1",
        b"GET /es HTTP/1.1",
        b"BREW / HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
    ],
)
def test_an_odd_request_is_answered_calmly(served: Installation, line: bytes) -> None:
    canary = secrets.token_hex(8).encode()
    answer = raw(
        served,
        line
        + b"\r\nHost: 127.0.0.1\r\nUser-Agent: "
        + canary
        + b"\r\nX_Forwarded_For: "
        + canary
        + b"\r\nReferer: http://x.example/"
        + canary
        + b"\r\nCookie: a="
        + canary
        + b"\xff\xfe\r\nX-A: \xff\r\nConnection: close\r\n\r\n",
    )
    status = int(answer.split(b" ")[1])
    assert 200 <= status < 500
    assert b"set-cookie" not in answer.lower()
    assert b"x-injected" not in answer.lower().split(b"\r\n\r\n")[0].replace(b"onion", b"")
    assert canary not in answer
    assert canary not in served.printed().encode()
    for log in (served.home / "logs").iterdir():
        assert canary not in log.read_bytes(), log.name
