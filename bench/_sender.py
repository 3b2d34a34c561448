"""A process that sends tips and writes down what became of each: `python -m bench._sender`.

Its task comes as one JSON object on standard input, and "go" on the line after; what became of
each tip goes to `told`, one JSON list a line, as it becomes known. It knows nothing of Django, so
that many of them are light. The pace is kept whatever the server does: a tip's time counts from
when it was due, not from when a connection was free.
"""

import http.client
import itertools
import json
import random
import secrets
import socket
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO
from urllib.parse import urlsplit

from bench._tips import Body, Writers

PATIENCE = 30.0  # seconds until an answer
PAUSES = (0.5, 1.0, 2.0, 4.0)  # of somebody who sends again
JUNK_PATIENCE = 5.0
STATUS_EVERY = 8
PAGE_EVERY = 4
PAGES = ("/", "/r/all/", "/es/", "/help/", "/numbers/", "/back/")


@dataclass(frozen=True, slots=True)
class Task:
    """`rate` is tips a second in all of this process; 0 is as fast as answers come."""

    base: str
    told: str
    seed: int
    threads: int
    seconds: float
    rate: float = 0.0
    kind: str = "tips"  # tips, or junk, whose sender does not wait and does not come back
    visits: bool = False  # people also read pages and come back with their receipts
    addresses: int = 0  # from so many addresses; 0: each tip from one of its own
    pictures: float = 0.03
    tries_for: float = 60.0  # seconds that somebody goes on trying
    ahead: int = 0  # bodies made before it begins


def opened(link: http.client.HTTPConnection) -> None:
    link.connect()
    link.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@dataclass(slots=True)
class Line:
    """A connection that is kept alive, as a browser or a program keeps it."""

    base: str
    patience: float
    link: http.client.HTTPConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes, float]:
        """Status, answer and Retry-After; status 0 when none came."""
        if self.link is None:
            where = urlsplit(self.base)
            self.link = http.client.HTTPConnection(
                where.hostname or "", where.port, timeout=self.patience
            )
        try:
            if self.link.sock is None:
                opened(self.link)
            self.link.request(method, path, body or None, headers)
            answer = self.link.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.link.close()
            self.link = None
            return 0, b"", 0.0
        after = answer.getheader("Retry-After") or "0"
        return answer.status, content, float(after) if after.isdigit() else 0.0


class Sender:
    def __init__(self, task: Task, told: TextIO) -> None:
        self.task = task
        self._told = told
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        writers = Writers(task.seed, pictures=task.pictures)
        source = writers.junk() if task.kind == "junk" else writers.tips()
        ready = [_coded(next(source)) for _ in range(task.ahead)]
        self._bodies: Iterator[bytes] = itertools.chain(ready, map(_coded, source))
        self._begun = 0.0

    def run(self) -> None:
        self._begun = time.monotonic()
        threads = [
            threading.Thread(target=self._keep_sending, args=(number,))
            for number in range(self.task.threads)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    def _keep_sending(self, seed: int) -> None:
        chance = random.Random(self.task.seed * 1000 + seed)
        line = Line(self.task.base, PATIENCE if self.task.kind == "tips" else JUNK_PATIENCE)
        while True:
            with self._lock:
                number, body = next(self._numbers), next(self._bodies)
            due = self._begun + number / self.task.rate if self.task.rate else time.monotonic()
            if due >= self._begun + self.task.seconds:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            receipt = self._send(line, body, due, chance)
            if self.task.visits and receipt:
                self._visit(line, receipt, number, chance)

    def _send(self, line: Line, body: bytes, due: float, chance: random.Random) -> str:
        headers = {"Content-Type": "application/json", "X-Forwarded-For": self._address(chance)}
        if self.task.kind == "tips":
            headers["Idempotency-Key"] = secrets.token_hex(16)
        tries = 0
        while True:
            tries += 1
            status, answer, after = line.ask("POST", "/api/v1/tips", body, headers)
            over = time.monotonic() - due > self.task.tries_for
            if 200 <= status < 500 or over or self.task.kind == "junk":
                break
            pause = PAUSES[min(tries, len(PAUSES)) - 1]
            time.sleep(max(after, pause) * chance.uniform(0.7, 1.3))
        kept = json.loads(answer) if status == 201 else {}
        why = answer.decode() if 400 <= status < 500 else ""
        self._tell("tip", due, status, tries, str(kept.get("reference", why)))
        return str(kept.get("receipt", ""))

    def _visit(self, line: Line, receipt: str, number: int, chance: random.Random) -> None:
        headers = {"X-Forwarded-For": self._address(chance)}
        if number % STATUS_EVERY == 0:
            asked = json.dumps({"receipt": receipt}).encode()
            begun = time.monotonic()
            said = {**headers, "Content-Type": "application/json"}
            status, _, _ = line.ask("POST", "/api/v1/tips/status", asked, said)
            self._tell("status", begun, status, 1, "")
        if number % PAGE_EVERY == 0:
            begun = time.monotonic()
            status, _, _ = line.ask("GET", chance.choice(PAGES), b"", headers)
            self._tell("page", begun, status, 1, "")

    def _address(self, chance: random.Random) -> str:
        """Networks for documentation: nobody's."""
        if self.task.addresses:
            return f"198.51.{100 + self.task.seed % 100}.{chance.randrange(self.task.addresses)}"
        return f"2001:db8:{chance.randrange(65536):x}:{chance.randrange(65536):x}::1"

    def _tell(self, what: str, begun: float, status: int, tries: int, reference: str) -> None:
        took = (time.monotonic() - begun) * 1000
        row = [what, round(begun - self._begun, 3), round(took, 2), status, tries, reference]
        with self._lock:
            self._told.write(json.dumps(row) + "\n")
            self._told.flush()


def _coded(body: Body) -> bytes:
    return json.dumps(body).encode()


def main() -> None:
    task = Task(**json.loads(sys.stdin.readline()))
    with open(task.told, "w", encoding="utf-8") as told:  # noqa: PTH123
        sender = Sender(task, told)
        print("ready", flush=True)
        sys.stdin.readline()
        sender.run()


if __name__ == "__main__":
    main()
