"""docker-compose.yml, read as compose would read it, and started without Docker.

Each service runs with the command and environment that stand there, in processes of this machine.
What containers would have told apart is told apart by hand: a volume becomes a folder, a secret a
file, a host name an address, and a port that two services use becomes two.
"""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
HELD_PORT = "8000"


def described() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def interpolated(value: Any, given: Mapping[str, str]) -> Any:
    """`${NAME}`, `${NAME:-else}` and `${NAME:?must}` filled in, `$$` for a dollar."""

    def fill(found: "re.Match[str]") -> str:
        name, way, other = found.groups()
        if given.get(name):
            return given[name]
        assert way != "?", f"{name} is not set: {other}"
        return other or ""

    if isinstance(value, str):
        return VARIABLE.sub(fill, value).replace("$$", "$")
    if isinstance(value, list):
        return [interpolated(one, given) for one in value]
    if isinstance(value, dict):
        return {name: interpolated(one, given) for name, one in value.items()}
    return value


def image() -> dict[str, Any]:
    """What the Dockerfile says of the command, the health check and the environment."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    last = text[text.rindex("FROM ") :]
    command = json.loads(re.findall(r"^CMD (\[.*\])$", last, re.MULTILINE)[-1])
    health = re.search(r"^HEALTHCHECK .*?CMD (\[.*\])$", last, re.MULTILINE)
    assert health
    return {"command": command, "health": ["CMD", *json.loads(health.group(1))]}


@dataclass(slots=True)
class Composed:
    """The services of the file, on this machine."""

    folder: Path
    given: Mapping[str, str]  # what would stand in .env
    hosts: Mapping[str, str]  # "valkey:6379" -> where it is here
    ports: Mapping[str, int]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def service(self, name: str) -> dict[str, Any]:
        found = interpolated(described()["services"][name], self.given)
        assert isinstance(found, dict)
        return found

    def volume(self, name: str) -> Path:
        path = self.folder / "volumes" / name
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def secret(self, name: str, text: str) -> None:
        path = self.folder / "secrets" / name
        path.parent.mkdir(exist_ok=True, mode=0o700)
        path.write_text(text)

    def env(self, name: str) -> dict[str, str]:
        service = self.service(name)
        mounts = {
            where: self.volume(volume)
            for volume, where in (one.split(":")[:2] for one in service["volumes"])
        }
        allowed = set(service.get("secrets", []))
        made = {"TIPINTAKE_HOME": "/state"}
        made |= {key: str(value) for key, value in service["environment"].items()}
        return {
            **_bare(),
            **{key: self._here(value, name, mounts, allowed) for key, value in made.items()},
        }

    def command(self, name: str) -> list[str]:
        command = self.service(name).get("command") or image()["command"]
        port = str(self.ports.get(name, HELD_PORT))
        places = {HELD_PORT: port, "0.0.0.0": "127.0.0.1", "/backups": self.volume("backups")}
        return [str(places.get(word, word)) for word in command]

    def health(self, name: str) -> list[str]:
        test = self.service(name).get("healthcheck", {}).get("test") or image()["health"]
        port = str(self.ports.get(name, HELD_PORT))
        way, *words = [word.replace(f":{HELD_PORT}/", f":{port}/") for word in test]
        return ["sh", "-c", *words] if way == "CMD-SHELL" else words

    def typed(self, text: str, *, instead: Mapping[str, str]) -> str:
        """`docker compose run …` as a page has it, but for what stands for something else."""
        for said, meant in instead.items():
            text = text.replace(said, meant)
        found = re.fullmatch(r"docker compose run --rm (?:--volume=\S+ )?([a-z-]+) ?(.*)", text)
        assert found, text
        return self.run(found[1], shlex.split(found[2]))

    def run(self, name: str, command: list[str] | None = None) -> str:
        """Run a service, or another command in its place, to its end; what it printed."""
        done = subprocess.run(
            command or self.command(name),
            cwd=ROOT,
            env=self.env(name),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    @contextmanager
    def up(self, *names: str) -> Iterator[None]:
        try:
            for name in names:
                with (self.folder / f"{name}.log").open("wb") as log:
                    self.running[name] = subprocess.Popen(
                        self.command(name),
                        cwd=ROOT,
                        env=self.env(name),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                    )
            yield
        finally:
            for process in self.running.values():
                process.terminate()
            for process in self.running.values():
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")

    def _here(self, value: str, name: str, mounts: Mapping[str, Path], allowed: set[str]) -> str:
        for host, here in self.hosts.items():
            value = value.replace(host, here)
        if value.startswith("/run/secrets/"):
            secret = value.removeprefix("/run/secrets/")
            return str(self.folder / "secrets" / secret) if secret in allowed else value
        for where, path in mounts.items():
            if value == where:
                return str(path)
        if value in {"/state", "/keys/private", "/keys/audit", "/exports"}:
            return str(self.folder / f"nothing-of-{name}" / Path(value).name)  # not mounted
        return value


def _bare() -> dict[str, str]:
    """What a container has: a path, its name, and nothing of ours."""
    kept = {"LANG", "HOME", "TMPDIR"}
    return {
        **{key: value for key, value in os.environ.items() if key in kept},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOSTNAME": socket.gethostname(),
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
