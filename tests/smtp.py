"""An agency's mail server on this machine: takes every message and keeps what it was told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Sink:
    port: int = 0
    received: list[bytes] = field(default_factory=list)  # whole sessions, as they came


@contextmanager
def sink() -> Iterator[Sink]:
    """Serve until the block ends."""
    seen = Sink()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            said: list[bytes] = []
            in_message = False
            self.wfile.write(b"220 sink.example\r\n")
            for line in self.rfile:
                said.append(line)
                if in_message:
                    in_message = line != b".\r\n"
                    if not in_message:
                        seen.received.append(b"".join(said))
                        self.wfile.write(b"250 kept\r\n")
                    continue
                word = line[:4].upper()
                in_message = word == b"DATA"
                self.wfile.write(
                    {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n")
                )
                if word == b"QUIT":
                    return

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
    server.daemon_threads = True
    seen.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
