"""The process that opens a stranger's file holds nothing of the one that started it."""

import os
import re
import resource
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.privacy.attachments import corpus
from tests.waiting import eventually
from tipintake.privacy import attachments, keys

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
READABLE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+\s*(.*)")


@dataclass
class Look:
    """Starts what `sanitize` starts, as it does, and looks into it while it waits for the file.

    `careless` are arguments that a start would have which does not think of any of this.
    """

    secrets: tuple[bytes, ...]
    careless: dict[str, Any] = field(default_factory=dict)
    environ: bytes = b"?"
    descriptors: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    loaded: str = ""
    limits: dict[int, tuple[int, int]] = field(default_factory=dict)
    leaked: list[bytes] = field(default_factory=list)

    def run(self, command: list[str], **how: Any) -> "subprocess.CompletedProcess[bytes]":
        data, timeout = how.pop("input"), how.pop("timeout")
        assert how.pop("capture_output")
        assert not how.pop("check")
        how |= dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        with subprocess.Popen(command, **how | self.careless) as process:
            try:
                self._look_at(psutil.Process(process.pid))
                said, _ = process.communicate(data, timeout=timeout)
            finally:
                process.kill()
        return subprocess.CompletedProcess(command, process.returncode, said)

    def _look_at(self, child: psutil.Process) -> None:
        # The last limit that it sets; then it waits for the file.
        eventually(lambda: child.rlimit(resource.RLIMIT_CORE) == (0, 0), seconds=60)
        for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):
            self.limits[what] = child.rlimit(what)
        at = Path(f"/proc/{child.pid}")
        self.environ = (at / "environ").read_bytes()
        self.descriptors = {one.name: str(one.readlink()) for one in (at / "fd").iterdir()}
        self.folder = str((at / "cwd").readlink())
        self.loaded = (at / "maps").read_text()
        held = b"".join(_memory(at))
        self.leaked = [one for one in self.secrets if one in held]


def _memory(at: Path) -> Iterator[bytes]:
    with (at / "mem").open("rb", buffering=0) as memory:
        for start, end, name in READABLE.findall((at / "maps").read_text()):
            if not name.startswith(("[vvar", "[vsyscall")):  # the kernel's own, not to be read
                memory.seek(int(start, 16))
                yield memory.read(int(end, 16) - int(start, 16))


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Look]:
    """A parent with a word in its environment, its keys in memory, and a key file open."""
    word = secrets.token_hex(16)
    monkeypatch.setenv("TIPINTAKE_PLANTED", word)
    keys.init(tmp_path / "keys", tmp_path / "private")
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    held = [one.read_bytes().strip() for one in files]
    assert len(held) > 2
    monkeypatch.setenv("TIPINTAKE_PLANTED_FOLDER", str(tmp_path))
    with files[0].open("rb") as opened:
        os.set_inheritable(opened.fileno(), True)
        one = Look((word.encode(), str(tmp_path).encode(), *held))
        monkeypatch.setattr("tipintake.privacy.attachments.subprocess.run", one.run)
        yield one


def test_the_child_finds_nothing_of_the_parent(look: Look) -> None:
    assert attachments.sanitize(corpus.JPEG).pages
    assert look.environ == b""
    assert set(look.descriptors) == {"0", "1", "2"}
    assert all(one.startswith("pipe:") for one in look.descriptors.values())
    assert look.folder == "/"
    assert look.leaked == []


def test_nothing_that_decodes_is_there_before_the_limits_are(look: Look) -> None:
    assert attachments.sanitize(corpus.JPEG).pages
    assert "python" in look.loaded
    assert "_imaging" not in look.loaded


def test_what_a_careless_start_hands_on_is_seen(look: Look) -> None:
    look.careless = {"env": dict(os.environ), "close_fds": False}
    assert attachments.sanitize(corpus.JPEG).pages
    assert b"TIPINTAKE_PLANTED" in look.environ
    assert len(look.descriptors) > 3
    assert set(look.leaked) == set(look.secrets[:2])


def test_the_child_may_do_little(look: Look) -> None:
    assert attachments.sanitize(corpus.JPEG).pages
    assert look.limits == {
        resource.RLIMIT_AS: (1536 * 1024 * 1024,) * 2,
        resource.RLIMIT_CPU: (15, 15),
        resource.RLIMIT_FSIZE: (0, 0),
    }
