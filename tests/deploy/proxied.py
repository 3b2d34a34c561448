"""deploy/nginx.conf and its template, as the image would read them, and run without Docker.

What a container has of its own is told apart by hand: its folders become one of this machine, its
port one that is free, and the service behind it an address here.
"""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.installation import some_port
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]


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

    @property
    def conf(self) -> Path:
        return self.folder / "nginx.conf"

    def written(self, *, service: str) -> None:
        """The files as they stand, for this machine, before a service at that address."""
        conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        hosts = (ROOT / "deploy" / "hosts.conf.template").read_text("utf-8")
        named = {"PUBLIC_HOSTS": "tips.county.example", "DESK_HOSTS": "desk.county.example"}
        for name, value in named.items():
            hosts = hosts.replace(f"${{{name}}}", value)
        hosts = hosts.replace("listen 8443", f"listen 127.0.0.1:{self.port}")
        hosts = re.sub(r"http://\w+:8000", f"http://{service}", hosts)
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

    def error_log(self) -> str:
        log = self.folder / "error.log"
        return log.read_text("utf-8") if log.exists() else ""

    def collected(self) -> list[Path]:
        return [one for one in (self.folder / "var").rglob("*") if one.is_file()]

    def _listens(self) -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def before(service: str, folder: Path) -> Iterator[Proxy]:
    """The shipped proxy before a service at that address."""
    nginx()
    proxy = Proxy(folder, some_port())
    proxy.written(service=service)
    with proxy.running():
        yield proxy


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
