"""The web server of the public host and of the desk.

`python -m config.serve --port N`: one parent that holds the listening socket, and a few processes
that answer. Each takes requests in one loop that never waits for anybody; a thread is occupied
only once the whole request lies in memory, so that a slow sender costs a socket and nothing else.
Nothing is written to disk. docs/adr/0004-a-server-that-takes-the-whole-request-first.md
"""

import argparse
import gc
import importlib
import logging
import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import accumulate
from types import FrameType
from typing import Any, TypeVar

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge, RequestHeaderFieldsTooLarge

from config import overload
from tipintake.door.bodies import THREADS_FOR_PICTURES, most_bytes, readable_type
from tipintake.door.unread import answer_to
from tipintake.privacy import scrub

IDLE_SECONDS = 30
WHOLE_REQUEST_SECONDS = 60
# A body that keeps coming at this pace is not slow, however long it is.
SLOWEST_BYTES_A_SECOND = 16 * 1024
LONGEST_PATH = 200
LINGER_SECONDS = 5
MOST_HELD = 256 * 1024 * 1024  # bytes of unfinished bodies in one process
CONNECTIONS = 2000
SPARE = 50  # from here on a new connection takes the place of an idle one
OPEN_FILES = CONNECTIONS + 200
NEVER = 1 << 40  # bytes after which a buffer would go to a file
WAITING = 1024  # connections that the system holds until they are taken
RESTART_PAUSE = 0.2
THREADS = THREADS_FOR_PICTURES + 1  # of a process: one is always left for words
ENDINGS = {signal.SIGTERM, signal.SIGINT}

Holder = TypeVar("Holder")


class Request(HTTPRequestParser):
    """Refuses a body that its address does not take as soon as its length is known."""

    path = "/"
    command = ""
    error: Error | None = None

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.begun = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        """A body whose end two headers name differently could hide a second request."""
        try:
            super().parse_header(header_plus)
        except ValueError:  # a length of thousands of digits
            raise ParsingError("Content-Length is invalid") from None
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Two lengths")

    def received(self, data: bytes) -> int:
        before = self.header_plus
        consumed: int = super().received(data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            self._read_first_line(before + data)
        if self.error is None and self.body_rcv is not None and self._is_too_large():
            self.error = RequestEntityTooLarge("")
            self.completed = True
        if self.completed:
            # Else the channel would say "100 Continue" and wait for what was just refused.
            self.expect_continue = False
        return consumed

    def _read_first_line(self, head: bytes) -> None:
        """Of headers that are too long nothing was read; the answer is that of their address."""
        words = head.lstrip().partition(b"\r\n")[0].split(b" ")
        if len(words) == len(("method", "address", "version")):
            self.command = words[0].decode("latin-1")
            self.path = words[1].partition(b"?")[0].decode("latin-1")[:LONGEST_PATH]

    def is_too_slow(self, now: float) -> bool:
        earned = self.body_bytes_received / SLOWEST_BYTES_A_SECOND
        return bool(now - self.begun > WHOLE_REQUEST_SECONDS + earned)

    def _is_too_large(self) -> bool:
        most = most_bytes(self.path)
        return bool(self.content_length > most or len(self.body_rcv) > most)


class Answer(WSGITask):
    """An answer of the application. One to HEAD has no body."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ["wsgi.multiprocess"] = True
        if "CONTENT_TYPE" in environ:
            environ["CONTENT_TYPE"] = readable_type(environ["CONTENT_TYPE"])
        # It would send a file's bytes after a HEAD.
        environ.pop("wsgi.file_wrapper", None)
        return environ

    def write(self, data: bytes) -> None:
        super().write(b"" if self.request.command == "HEAD" else data)

    def finish(self) -> None:
        if self.request.command == "HEAD":
            if not self.wrote_header:
                self.write(b"")
            self.chunked_response = False  # else a last chunk would follow
        super().finish()


class Refusal(ErrorTask):
    """The server's own errors look like the application's."""

    def execute(self) -> None:
        status = self.request.error.code
        said = answer_to(self.request.path, status)
        self.status, body = said.status, said.body
        self.response_headers.extend(said.headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        # What is refused for want of time was read whole.
        self.channel.lingers = status != overload.Overloaded.code
        self.write(b"" if self.request.command == "HEAD" else body)


class Channel(HTTPChannel):
    """One connection. After a refusal it reads on for a moment without keeping anything.

    Closed with bytes unread, the connection would be reset, and the refusal lost on its way.
    """

    parser_class = Request
    task_class = Answer
    error_task_class = Refusal
    lingers = False
    lingers_since: float | None = None

    def is_overdue(self, now: float) -> bool:
        if self.lingers_since is not None:
            return now - self.lingers_since > LINGER_SECONDS
        return self.request is not None and self.request.is_too_slow(now)

    def readable(self) -> bool:
        if self.lingers_since is not None:
            return not self.will_close
        return bool(super().readable())

    def handle_read(self) -> None:
        if self.lingers_since is None:
            super().handle_read()
            return
        try:
            more = self.recv(self.adj.recv_bytes)
        except OSError:
            more = b""
        if not more:
            self.will_close = True

    def handle_write(self) -> None:
        if self.lingers and self.close_when_flushed and not self.will_close:
            self._flush_exception(self._flush_some)
            if not self.total_outbufs_len and not self.will_close:
                self._begin_to_linger()
        else:
            super().handle_write()

    def _begin_to_linger(self) -> None:
        self.close_when_flushed = False
        self.lingers_since = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.will_close = True


class Server(TcpWSGIServer):
    channel_class = Channel

    def handle_accept(self) -> None:
        if len(self.active_channels) >= CONNECTIONS - SPARE:
            least = overload.to_make_room(self.active_channels.values())
            if least is not None:
                least.handle_close()
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        moment = time.monotonic()
        unfinished: dict[Channel, int] = {}
        for channel in self.active_channels.values():
            if channel.is_overdue(moment):
                channel.will_close = True
            elif channel.request is not None:
                unfinished[channel] = channel.request.body_bytes_received
        for channel in beyond_memory(unfinished):
            channel.will_close = True


def beyond_memory(held: Mapping[Holder, int]) -> list[Holder]:
    """Whose bodies go when all together hold too much: the largest, for a tip's words are few."""
    by_size = sorted(held, key=held.__getitem__)
    sums = accumulate(held[one] for one in by_size)
    return [one for one, so_far in zip(by_size, sums, strict=True) if so_far > MOST_HELD]


def adjustments(listener: socket.socket, threads: int) -> Adjustments:
    return Adjustments(
        sockets=[listener],
        threads=threads,
        ident=None,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE_SECONDS,
        cleanup_interval=5,
        max_request_header_size=32 * 1024,
        inbuf_overflow=NEVER,
        outbuf_overflow=NEVER,
        expose_tracebacks=False,
        log_socket_errors=False,
        asyncore_use_poll=True,
        # Behind a named proxy Django reads two of them; the door drops them all afterwards.
        clear_untrusted_proxy_headers=not settings.TRUSTED_PROXY,
    )


def answer(application: WSGIHandler, listener: socket.socket, threads: int) -> None:
    """Answer until asked to end; what is being answered then is finished."""
    # Its lines name paths and addresses.
    silent = settings.ROLE == "public"
    logging.getLogger("waitress").setLevel(logging.CRITICAL + 1 if silent else logging.ERROR)
    adj = adjustments(listener, threads)
    where = (listener.family, listener.type, listener.proto, listener.getsockname())
    server = Server(
        application,
        _sock=listener,
        bind_socket=False,
        sockinfo=where,
        adj=adj,
        dispatcher=overload.Dispatcher(threads),
    )
    server.run()


class Parent:
    """Keeps so many processes answering; they end when it does, by whatever means."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._children: set[int] = set()
        self._stopping = threading.Event()
        self._pipe_read, self._pipe_write = os.pipe()

    def run(self, processes: int) -> None:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for _ in range(processes):
            self._start()
        while self._children:
            ended, _ = os.waitpid(-1, 0)
            self._children.discard(ended)
            if not self._stopping.is_set():
                time.sleep(RESTART_PAUSE)
                self._start()

    def _start(self) -> None:
        if self._stopping.is_set():
            return
        # Until it has handlers of its own, a child that is told to end would run the parent's:
        # it would end the others and stay.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        child = os.fork()
        if not child:
            self._be_a_child()
        self._children.add(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        if self._stopping.is_set():
            os.kill(child, signal.SIGTERM)

    def _be_a_child(self) -> None:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, _end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
            os.close(self._pipe_write)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            self._work()
            code = 0
        finally:
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._pipe_read, 1)
        os._exit(1)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
        for child in self._children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGTERM)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(WAITING)
    listener.setblocking(False)
    return listener


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m config.serve", description=__doc__)
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--threads", type=int, default=THREADS)
    given = asked.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Before the seconds that loading takes: whose port it is shows at once.
    with _listen(given.host, given.port) as listener:
        application = get_wsgi_application()
        importlib.import_module(settings.ROOT_URLCONF)  # else the first request loads every page
        scrub.load()  # and the first tip what reads it
        # What stands by now stays: else each full collection walks it while a page waits.
        gc.collect()
        gc.freeze()
        _allow_open_files()
        Parent(lambda: answer(application, listener, given.threads)).run(given.processes)


if __name__ == "__main__":
    main()
