"""One process of each role on one machine, started and stopped together.

Each part runs under `config.guard` in a session of its own: Ctrl-C reaches the supervisor alone,
which stops the parts in order; when the supervisor is killed, the guards see their pipe close.
A part that dies is started again. Output of the parts goes to `logs/` under the home folder.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from types import FrameType
from typing import IO

from tipintake.files import CannotWrite

ROOT = Path(__file__).resolve().parent.parent
STOP_GRACE = 8.0
START_PATIENCE = 60.0
# Of one question: others wait for it; on a slow machine the answer takes longer.
LEAST_PATIENCE, MOST_PATIENCE = 0.1, 2.0
RESTART_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
# Else glibc keeps a heap for each thread, up to eight for each processor, and returns none.
ARENAS: Mapping[str, str] = {"MALLOC_ARENA_MAX": "2"}


class StartFailed(Exception):
    """A part did not become ready; the message says which and where its output lies."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process: `ready` answers whether it serves."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool]


class Supervisor:
    """Starts parts group by group, restarts what dies, stops the groups in reverse order."""

    def __init__(self, logs: Path, say: Callable[[str], None]) -> None:
        self._logs = logs
        self._say = say
        self._groups: list[Sequence[Part]] = []
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: dict[str, list[float]] = {}
        self._restart_at: dict[str, float] = {}
        self._pipe_read, self._pipe_write = os.pipe()
        self.stopping = False
        try:
            logs.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=logs):
                pass
        except OSError as error:
            raise CannotWrite(error.errno, error.strerror, str(logs)) from None

    def catch_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, *parts: Part) -> None:
        """Start these at once and wait until all are ready. Raises StartFailed."""
        begun = time.monotonic()
        latest = begun + START_PATIENCE * len(parts)  # on one slow core they take turns
        self._groups.append(parts)
        for part in parts:
            self._spawn(part)
        waited_for = list(parts)
        while waited_for and not self.stopping:
            for part in [one for one in waited_for if self._is_ready(one, latest)]:
                waited_for.remove(part)
                self._say(f"{part.name:<8} ready in {(time.monotonic() - begun) * 1000:.0f} ms")
            for part in [one for group in self._groups for one in group]:
                self._refuse_ended(part, "ended while others started")
            time.sleep(0.03)

    def _is_ready(self, part: Part, latest: float) -> bool:
        # First: at the address of one that ended, another installation may answer.
        self._refuse_ended(part, "ended at once")
        if part.ready():
            return True
        if time.monotonic() > latest:
            raise self._failed(part, "did not answer in time")
        return False

    def _refuse_ended(self, part: Part, what: str) -> None:
        if self._running[part.name].poll() is not None:
            raise self._failed(part, what)

    def _failed(self, part: Part, what: str) -> StartFailed:
        return StartFailed(f"{part.name} {what}. Its output: {self._log_path(part)}")

    def watch(self) -> None:
        """Until told to stop: start again what has died."""
        while not self.stopping:
            for group in self._groups:
                for part in group:
                    self._revive(part)
            time.sleep(0.2)

    def stop(self) -> None:
        """End every part, last started first; after this nothing is left."""
        self.stopping = True
        for group in reversed(self._groups):
            running = [part for part in group if self._is_running(part)]
            for part in running:
                self._running[part.name].terminate()
            until = time.monotonic() + STOP_GRACE + 2
            for part in running:
                self._end(self._running[part.name], until)
                self._say(f"{part.name:<8} stopped")

    def _is_running(self, part: Part) -> bool:
        process = self._running.get(part.name)
        return process is not None and process.poll() is None

    def _end(self, process: "subprocess.Popen[bytes]", until: float) -> None:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _spawn(self, part: Part) -> None:
        guard = [sys.executable, "-I", str(ROOT / "config" / "guard.py")]
        guard += [str(self._pipe_read), str(STOP_GRACE)]
        with self._log(part) as log:
            self._running[part.name] = subprocess.Popen(
                [*guard, *part.command],
                env={**ARENAS, **os.environ, **part.env},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[self._pipe_read],
            )

    def _revive(self, part: Part) -> None:
        process, now = self._running[part.name], time.monotonic()
        if process.poll() is None:
            return
        if part.name not in self._restart_at:
            deaths = [at for at in self._deaths.get(part.name, []) if now - at < 60]
            self._deaths[part.name] = [*deaths, now]
            pause = RESTART_PAUSES[min(len(deaths), len(RESTART_PAUSES) - 1)]
            self._restart_at[part.name] = now + pause
            self._say(f"{part.name:<8} ended unexpectedly; starting it again in {pause:g} s")
        elif now >= self._restart_at[part.name]:
            del self._restart_at[part.name]
            self._spawn(part)

    def _log_path(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"

    def _log(self, part: Part) -> IO[bytes]:
        path = self._log_path(part)
        if path.exists() and path.stat().st_size > 5_000_000:
            path.replace(path.with_suffix(".log.1"))
        return path.open("ab")


def answers(url: str, *, host: str | None = None) -> Callable[[], bool]:
    """Whether this address answers 200, asked by this host name if there is one."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310
    patience = LEAST_PATIENCE

    def ask() -> bool:
        nonlocal patience
        try:
            with urllib.request.urlopen(request, timeout=patience) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, HTTPException):  # whatever speaks there, it is not ours yet
            patience = min(MOST_PATIENCE, patience * 1.2)
            return False

    return ask


def free_port(wanted: int, *, avoid: frozenset[int] = frozenset()) -> int:
    """`wanted`, or the next port that nobody holds."""
    for port in range(wanted, wanted + 200):
        if port in avoid or port > 65535:
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StartFailed(f"No free port from {wanted} on. Set PUBLIC_PORT and DESK_PORT.")
