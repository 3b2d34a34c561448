"""`sudo python tools/clean_root.py`: the Dockerfile's steps in a clean root, without Docker.

Linux, as root. The root is a fresh tmpfs that holds nothing but this machine's /usr and Python,
read-only, in place of the base image. Every ENV, WORKDIR, COPY and RUN is done there in order, but
for what fetches packages of the base's own system (said at the end). Then the root is made
read-only and the image's CMD runs as its USER, without any network but the loopback, until its
HEALTHCHECK passes. It ends with what was done, and the root is gone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSIDE = "--inside"
# Where the new root is mounted; made by the first of the two processes.
NEW = Path(sys.argv[-1] if INSIDE in sys.argv else tempfile.mkdtemp(prefix="clean-root-"))
PYTHON = Path(sys.base_prefix)
# What of this machine may be needed to fetch packages: certificates, names, pip's own settings,
# and packages that lie here already.
LENT = ("/etc/ssl", "/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/xdg", "/opt")
WRITABLE = ("tmp", "state", "exports", "backups", "keys", "dev/shm")
OF_THE_SYSTEM = "apt-get"
RUNS_WITH = {
    "TIPINTAKE_ROLE": "public",
    "TIPINTAKE_KEYS": "/keys",
    "PUBLIC_HOSTS": "tips.county.example",
    "DESK_HOSTS": "desk.county.example",
    "HEALTH_HOST": "tips.county.example",
}


def instructions(text: str) -> list[tuple[str, str]]:
    whole = text.replace("\\\n", " ")
    found = re.findall(r"^([A-Z]+)\s+(.*)$", whole, re.MULTILINE)
    return [(name, rest.strip()) for name, rest in found]


def run(*command: str, **more: object) -> None:
    subprocess.run(command, check=True, **more)  # type: ignore[call-overload]


def lend(path: str) -> None:
    source, target = Path(path), NEW / path.lstrip("/")
    if not source.exists():
        return
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    run("mount", "--bind", str(source), str(target))
    run("mount", "-o", "remount,ro,bind", str(target))


def base() -> None:
    """What stands in the place of the FROM lines."""
    run("mount", "-t", "tmpfs", "-o", "mode=755,size=4g", "clean-root", str(NEW))
    for path in ("/usr", str(PYTHON), *LENT):
        lend(path)
    for name in ("bin", "sbin", "lib", "lib64"):
        if Path("/", name).is_symlink():
            (NEW / name).symlink_to(f"usr/{name}")
    for name in ("proc", "dev", "run", "var/tmp"):
        (NEW / name).mkdir(parents=True, exist_ok=True)
    run("mount", "-t", "proc", "proc", str(NEW / "proc"))
    for device in ("null", "zero", "random", "urandom"):
        (NEW / "dev" / device).touch()
        run("mount", "--bind", f"/dev/{device}", str(NEW / "dev" / device))
    for name in WRITABLE:
        (NEW / name).mkdir(parents=True, exist_ok=True)
    (NEW / "tmp").chmod(0o1777)
    (NEW / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    (NEW / "etc/group").write_text("root:x:0:\n")
    (NEW / "etc/login.defs").write_text("")


def chrooted(command: list[str], env: dict[str, str], where: str) -> list[str]:
    told = [f"{name}={value}" for name, value in env.items()]
    script = f'cd {where} && exec "$@"'
    return ["chroot", str(NEW), "env", "-i", *told, "sh", "-c", script, "sh", *command]


def build() -> tuple[dict[str, str], str, dict[str, str], list[str]]:
    """Every step. The environment, the folder, USER, CMD and HEALTHCHECK; what was left out."""
    lent = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    env = {"PATH": f"{PYTHON}/bin:/usr/bin:/usr/sbin:/bin", **lent}
    where, left = "/", []
    last: dict[str, str] = {}
    for name, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
        print(f"{name:11} {rest[:90]}", flush=True)
        if name == "ENV":
            for key, value in re.findall(r"(\w+)=(\S+)", rest):
                env[key] = value.replace("$PATH", env.get("PATH", ""))
        elif name == "WORKDIR":
            where = rest
            (NEW / where.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif name == "COPY" and not rest.startswith("--from"):
            copy(rest.split(), where)
        elif name == "RUN" and OF_THE_SYSTEM in rest:
            left.append(rest)
        elif name == "RUN":
            run(*chrooted(["sh", "-ec", rest], env, where))
        else:
            last[name] = rest
    return env, where, last, left


def copy(words: list[str], where: str) -> None:
    *sources, target = words
    for source in sources:
        there = NEW / Path(where, target).relative_to("/")
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            there = there / Path(source).name if target.endswith("/") else there
            there.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / source, there)


def serve(env: dict[str, str], where: str, last: dict[str, str]) -> None:
    """As compose runs it: read-only, its own user, and here without a network."""
    user, group = last["USER"].split(":")
    env = {**env, **RUNS_WITH}
    as_user = [
        "setpriv",
        f"--reuid={user}",
        f"--regid={group}",
        "--clear-groups",
        "--no-new-privs",
    ]
    for name in ("state", "exports", "backups", "keys"):
        os.chown(NEW / name, int(user), int(group))
        run("mount", "--bind", str(NEW / name), str(NEW / name))
    run("mount", "--bind", str(NEW / "tmp"), str(NEW / "tmp"))
    run("mount", "-o", "remount,ro,bind", str(NEW))
    alone = ["unshare", "-n", "sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh"]
    for command in (
        ("keys", "init"),
        ("migrate",),
        ("region", "load"),
        ("collectstatic", "--no-input"),
    ):
        manage = ["python", "manage.py", *command]
        given = {**env, "TIPINTAKE_ROLE": "manage"}
        run(*chrooted([*as_user, *manage], given, where), stdout=subprocess.DEVNULL)
    health = json.loads(last["HEALTHCHECK"].partition("CMD ")[2])
    script = f"until {shell(health)} 2>/dev/null; do sleep 1; done; kill $one; wait $one || true"
    both = ["sh", "-c", f"{shell(json.loads(last['CMD']))} & one=$!; {script}"]
    run(*alone, *chrooted([*as_user, *both], env, where), timeout=180)


def shell(words: list[str]) -> str:
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)


def main() -> None:
    if os.geteuid():
        sys.exit("This needs root: it mounts and changes the root of its own processes.")
    if INSIDE not in sys.argv:
        own = ["unshare", "-m", "--propagation", "private", sys.executable, __file__, INSIDE]
        try:
            sys.exit(subprocess.run([*own, str(NEW)], check=False).returncode)
        finally:
            NEW.rmdir()
    base()
    begun = time.monotonic()
    env, where, last, left = build()
    serve(env, where, last)
    print(f"Built and healthy in {time.monotonic() - begun:.0f} s, read-only, as {last['USER']}.")
    for one in left:
        print(f"Not done here, it installs packages of the base's system: {one[:100]}")


if __name__ == "__main__":
    main()
