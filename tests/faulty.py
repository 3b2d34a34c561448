"""Endpoints of agencies that fail in every way one may, on this machine, over plain sockets.

Each remembers what it was sent, and what it had answered by then. `way` may be changed while it
runs: an endpoint that recovers.
"""

import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

TAKEN = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
NO_BODY = b"Content-Length: 0\r\nConnection: close\r\n\r\n"
ANSWERS: Mapping[str, bytes] = {
    "takes": TAKEN,
    "answers 500": b"HTTP/1.1 500 No\r\n" + NO_BODY,
    "answers 429": b"HTTP/1.1 429 Later\r\nRetry-After: 2\r\n" + NO_BODY,
    "answers 410": b"HTTP/1.1 410 Gone\r\n" + NO_BODY,
    "answers garbage": b"\x00\xff\xfe 204 taken\r\n\r\n" * 40,
    "hangs up": b"",
}
SILENT = "never answers"
DRIPS = "drips its answer"
KILLS = "kills the sender before it answers"
PATIENCE = 40.0
DROP_SECONDS = 0.5  # forty drops take longer than a sender waits for the whole answer


@dataclass(slots=True)
class Notice:
    headers: dict[str, str]
    raw: bytes
    way: str
    taken: bool = False

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(slots=True)
class Faulty:
    way: str
    url: str = ""
    received: list[Notice] = field(default_factory=list)
    before_answer: Callable[[], None] = field(default=lambda: None)

    def ids(self) -> set[str]:
        return {one.id for one in self.received}

    def taken(self) -> set[str]:
        return {one.id for one in self.received if one.taken}


@contextmanager
def faulty(way: str) -> Iterator[Faulty]:
    """Serve in this way until the block ends."""
    seen = Faulty(way)
    over = threading.Event()

    class Session(socketserver.StreamRequestHandler):
        timeout = PATIENCE

        def handle(self) -> None:
            try:
                self._answer()
            except OSError:
                return

        def _answer(self) -> None:
            notice = self._read()
            if notice is None:
                return
            seen.received.append(notice)
            seen.before_answer()
            if notice.way == KILLS:
                self.wfile.write(TAKEN)
            elif notice.way == SILENT:
                over.wait(PATIENCE)
            elif notice.way == DRIPS:
                for byte in TAKEN[:40]:
                    self.wfile.write(bytes([byte]))
                    if over.wait(DROP_SECONDS):
                        return
            else:
                self.wfile.write(ANSWERS[notice.way])
                notice.taken = notice.way == "takes"

        def _read(self) -> Notice | None:
            headers: dict[str, str] = {}
            if not self.rfile.readline(1000):
                return None
            for line in iter(self.rfile.readline, b"\r\n"):
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            raw = self.rfile.read(int(headers.get("content-length", "0")))
            return Notice(headers, raw, seen.way)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Session)
    seen.url = f"http://127.0.0.1:{server.server_address[1]}/notices"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
