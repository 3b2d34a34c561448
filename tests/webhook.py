"""An agency's endpoint on this machine: records what it was told and answers as it is bidden."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Received:
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        content = json.loads(self.raw)
        assert isinstance(content, dict)
        return content


@dataclass(slots=True)
class Endpoint:
    url: str = ""
    received: list[Received] = field(default_factory=list)
    answer: Callable[[Received], int] = field(default=lambda _one: 204)


@contextmanager
def endpoint(certificate: Path | None = None) -> Iterator[Endpoint]:
    """Serve until the block ends; over TLS with this certificate and key."""
    seen = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            one = Received({k.lower(): v for k, v in self.headers.items()}, raw)
            seen.received.append(one)
            self.send_response(seen.answer(one))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    seen.url = f"http://127.0.0.1:{server.server_port}/notices"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
