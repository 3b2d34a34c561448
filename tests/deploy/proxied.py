"""deploy/nginx.conf and its template, as the image would read them, and run without Docker.

What a container has of its own is told apart by hand: its folders become one of this machine, its
port one that is free, and the service behind it an address here.
"""

import os
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.composed import ROOT, described
from tests.installation import some_port
from tests.waiting import eventually


def directives(text: str) -> set[str]:
    """What nginx is told, each with one space between its words."""
    told = re.split("[;{}]", re.sub("#.*", "", text))
    return {" ".join(one.split()) for one in told} - {""}


def on_page(name: str) -> str:
    """What a page says to write into nginx's files."""
    page = (ROOT / "docs" / "how-to" / name).read_text("utf-8")
    return "\n".join(re.findall(r"```nginx\n(.*?)```", page, re.DOTALL))


def nginx() -> str:
    found = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if not found:
        pytest.skip("NO NGINX: its files were read and not tried")
    return found


@dataclass(frozen=True, slots=True)
class Proxy:
    folder: Path
    port: int
    watched: int  # the port for this machine alone

    @property
    def conf(self) -> Path:
        return self.folder / "nginx.conf"

    def written(self, *, given: Mapping[str, str], public: str, desk: str, names: str) -> None:
        """The files as they stand, for this machine, before services at these addresses."""
        conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        hosts = filled_in(given)
        hosts = hosts.replace("listen 8443", f"listen 127.0.0.1:{self.port}")
        hosts = hosts.replace("listen 8702", f"listen 127.0.0.1:{self.watched}")
        for name, where in (("public", public), ("desk", desk)):
            hosts = hosts.replace(f"set ${name} {name};", f"set ${name} {where};")
            hosts = hosts.replace(f"http://${name}:8000", f"http://${name}")
        hosts = hosts.replace("resolver 127.0.0.11 ", f"resolver {names} ")
        for there in ("/run", "/var/cache/nginx"):
            (self.folder / there[1:]).mkdir(parents=True, exist_ok=True)
            conf = re.sub(rf"(?<= ){there}(?=/)", str(self.folder / there[1:]), conf)
        certify(self.folder / "run" / "secrets")
        self.conf.write_text(conf.replace("/dev/stderr", str(self.folder / "error.log")))
        (self.folder / "run" / "hosts.conf").write_text(hosts)

    @contextmanager
    def running(self) -> Iterator[None]:
        alone = "daemon off; master_process off;"
        process = subprocess.Popen([nginx(), "-c", str(self.conf), "-g", alone])
        try:
            eventually(self._listens, seconds=20)
            yield
        finally:
            process.terminate()
            process.wait(10)

    def connect(self, host: str) -> ssl.SSLSocket:
        anybody = ssl.create_default_context()
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return anybody.wrap_socket(plain, server_hostname=host)

    def asked(self, host: str, path: str = "/") -> str:
        """The first line of its answer, and the last."""
        with self.connect(host) as asking:
            return said(asking, host, path)

    def asked_here(self, path: str) -> str:
        here = ("127.0.0.1", self.watched)
        with socket.create_connection(here, timeout=20) as asking:
            return said(asking, "127.0.0.1", path)

    def error_log(self) -> str:
        log = self.folder / "error.log"
        return log.read_text("utf-8") if log.exists() else ""

    def collected(self) -> list[Path]:
        return [one for one in (self.folder / "var").rglob("*") if one.is_file()]

    def _listens(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0


def said(asking: socket.socket, host: str, path: str) -> str:
    asking.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
    lines = b"".join(iter(lambda: asking.recv(4096), b"")).decode().splitlines()
    return f"{lines[0]}: {lines[-1]}"


NAMES = {
    "PUBLIC_HOSTS": "tips.county.example,tips.town.example",
    "DESK_HOSTS": "desk.county.example, desk.town.example",
}


def filled_in(given: Mapping[str, str]) -> str:
    """The template with what compose gives the proxy, and the image its scripts."""
    proxy = described()["services"]["proxy"]
    mounted = [volume.split(":")[0] for volume in proxy["volumes"]]
    scripts = "".join(f". {one}; " for one in mounted if one.endswith(".envsh"))
    command = ["sh", "-ec", f"{scripts}env -0"]
    env = {**os.environ, **given}
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    variables = dict(one.split("=", 1) for one in told.stdout.rstrip("\0").split("\0"))
    template = (ROOT / "deploy" / "hosts.conf.template").read_text("utf-8")
    return re.sub(r"\$\{(\w+)\}", lambda found: variables[found[1]], template)


@contextmanager
def before(
    folder: Path,
    *,
    public: str = "127.0.0.1:9",
    desk: str = "127.0.0.1:9",
    names: str = "127.0.0.1:9",
    given: Mapping[str, str] = NAMES,
) -> Iterator[Proxy]:
    """The shipped proxy before services at these addresses."""
    nginx()
    proxy = Proxy(folder, some_port(10_000, 15_000), some_port(15_000, 20_000))
    proxy.written(given=given, public=public, desk=desk, names=names)
    with proxy.running():
        yield proxy


class Named(BaseHTTPRequestHandler):
    """A service that says what it is and whom it was asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        server = cast("Service", self.server)
        self.wfile.write(f"{server.called} as {self.headers['Host']}".encode())

    def log_message(self, *_args: object) -> None:
        pass


class Service(ThreadingHTTPServer):
    called = ""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


@contextmanager
def service(called: str, *, at: tuple[str, int] = ("127.0.0.1", 0)) -> Iterator[Service]:
    with Service(at, Named) as one:
        one.called = called
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield one
        finally:
            one.shutdown()
            thread.join()


@dataclass(slots=True)
class Names:
    """What knows the addresses of containers: each name that is asked for has these."""

    socket: socket.socket
    addresses: list[str]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def answer(self) -> None:
        while True:
            question, asker = self.socket.recvfrom(512)
            if not question:
                return
            counts = struct.pack(">HHHHH", 0x8580, 1, len(self.addresses), 0, 0)
            answer = question[:2] + counts + question[12:]
            for one in self.addresses:  # the name that was asked for, type A, for ten minutes
                answer += struct.pack(">HHHIH", 0xC00C, 1, 1, 600, 4) + socket.inet_aton(one)
            self.socket.sendto(answer, asker)


@contextmanager
def names(*addresses: str) -> Iterator[Names]:
    with socket.socket(type=socket.SOCK_DGRAM) as asked:
        asked.bind(("127.0.0.1", 0))
        known = Names(asked, list(addresses))
        thread = threading.Thread(target=known.answer)
        thread.start()
        try:
            yield known
        finally:
            asked.sendto(b"", asked.getsockname())
            thread.join()


def certify(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "county.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "tls_certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls_key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
