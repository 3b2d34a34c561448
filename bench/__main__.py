"""`python -m bench [--whole] [--write] [NAME…]`: every benchmark, one after another.

Each runs in a process of its own and prints figures and the ratios of its own run. `--whole` takes
the sizes that are promised (an hour or more), else short ones (minutes each).
`--write` keeps what they printed in docs/reference/benchmarks.md, between its marks, with the
date, the machine and the command of each. What a file of this folder offers is found by itself;
`SIZES` says with what it is called.
"""

import argparse
import ast
import os
import platform
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
BEGIN = "<!-- written by `make bench`: what stands from here -->"
END = "<!-- to here -->"
# No speed, packages of their own, or runs of many minutes up to an hour: asked for by
# name only.
APART = frozenset({"authors", "peer", "kills", "ledger", "soak", "decade", "faults", "fuzz"})
NAMES = sorted(
    path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")
)
FIRST = ("limits", "submit", "load", "pipeline")  # what is asked about first
RATIO = re.compile(r"\bratio|^[^:]+ / [^:]+:? +[0-9.]+|beside raw", re.IGNORECASE)
MOST_LINES = 60  # of one benchmark that the page keeps
QUIET = 1.0  # load above which no figure of the clock is worth keeping
PATIENCE = {False: 240.0, True: 3600.0}  # seconds for one of those that are run together


@dataclass(frozen=True, slots=True)
class Sizes:
    """The arguments of a benchmark when it is run among all others, and alone."""

    short: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


SIZES: Mapping[str, Sizes] = {
    "limits": Sizes(("10", "16"), ("60", "16")),
    "load": Sizes(("--seconds", "20"), ("--seconds", "60")),
    "pipeline": Sizes(("2000", "10000"), ("10000", "100000")),
    "queue": Sizes(("20000", "20"), ("100000", "40")),
    "links": Sizes(("50000", "300"), ("1000000", "1000")),
    "export": Sizes(("3000",), ("100000",)),
    "policy": Sizes(("2000",), ()),
    "scrub": Sizes(("300",), ()),
    "decade": Sizes(("300000",), ()),
    "soak": Sizes(("20",), ()),
    "kills": Sizes(("2000", "10", "8"), ()),
}


@dataclass(frozen=True, slots=True)
class Ran:
    """One benchmark that ran: its command, what it printed, and how it ended."""

    name: str
    command: str
    printed: tuple[str, ...]
    seconds: float
    problem: str = ""


def in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (FIRST.index(name) if name in FIRST else 99, name))


def run(name: str, *, whole: bool) -> Ran:
    """In a process group of its own: one that takes too long is ended with all that it started."""
    sizes = SIZES.get(name, Sizes())
    command = ["python", "-m", f"bench.{name}", *(sizes.whole if whole else sizes.short)]
    begun = time.monotonic()
    late = threading.Event()
    process = subprocess.Popen(
        [sys.executable, *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )

    def stop() -> None:
        late.set()
        end(process)

    seconds = patience(name, whole=whole)
    watch = threading.Timer(seconds or 0, stop)
    if seconds is not None:
        watch.start()
    said = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line)
        process.wait()
    finally:
        watch.cancel()
        end(process)
    problem = f"ended with exit code {process.returncode}" if process.returncode else ""
    if late.is_set():
        problem = f"stopped after {seconds:.0f} seconds"
    return Ran(name, " ".join(command), plain(said), time.monotonic() - begun, problem)


def patience(name: str, *, whole: bool) -> float | None:
    """Seconds after which it is stopped; none for what is asked for by name."""
    return None if name in APART else PATIENCE[whole]


def end(process: "subprocess.Popen[str]") -> None:
    """Whatever is left of its group. Its servers clean up after themselves when interrupted."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def plain(lines: Iterable[str]) -> tuple[str, ...]:
    """As it stood on the screen at the end: what a progress bar wrote over is gone."""
    said = (line.rstrip("\n").split("\r")[-1].rstrip() for line in lines)
    return tuple(line for line in said if line)


# --- The page -----------------------------------------------------------------------------------


def page(ran: Sequence[Ran], *, now: datetime, command: str, machine: str) -> str:
    """What stands between the marks."""
    ratios = [f"{one.name}: {line}" for one in ran for line in one.printed if RATIO.search(line)]
    minutes = sum(one.seconds for one in ran) / 60
    run_of = f"Run of {now:%Y-%m-%d %H:%M} UTC: `{command}`, {minutes:.0f} minutes, on {machine}."
    parts = [
        BEGIN,
        run_of,
        *(["## Ratios of this run", _fenced(ratios)] if ratios else []),
    ]
    for one in ran:
        parts += [f"## {one.name}", about(one.name), f"`{one.command}`, {one.seconds:.0f} s"]
        if one.problem:
            parts.append(f"**{one.problem}**: {one.printed[-1] if one.printed else 'no word'}")
        else:
            parts.append(_fenced(shown(one.printed)))
    return "\n\n".join([*parts, END])


def shown(lines: Sequence[str]) -> list[str]:
    """Of a long answer its beginning and its end."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    half = MOST_LINES // 2
    return [*lines[:half], f"… {len(lines) - 2 * half} more lines …", *lines[-half:]]


def about(name: str) -> str:
    """The first sentence of what the file says of itself."""
    text = ast.get_docstring(ast.parse((ROOT / "bench" / f"{name}.py").read_text("utf-8"))) or ""
    return text.partition("\n")[0]


def _fenced(lines: Iterable[str]) -> str:
    return "\n".join(["```", *lines, "```"])


def put_into(text: str, made: str) -> str:
    """The page with this part in place of the one before; all else stays as it is."""
    before, begin, rest = text.partition(BEGIN)
    _old, end_mark, after = rest.partition(END)
    if begin and not end_mark:
        raise SystemExit(f"{PAGE} has lost its line {END}. Put it back where that part ends.")
    return f"{before if begin else before.rstrip() + chr(10) * 2}{made}{after or chr(10)}"


def this_machine() -> str:
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"model name\s*: (.*)", info.read_text("utf-8"))
        cpu = found[1] if found else cpu
    load = os.getloadavg()[0]
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} processors ({cpu}), {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}; load {load:.1f} at the start"
        + ("" if load < QUIET else ": **the machine was busy, do not compare these figures**")
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--whole", action="store_true", help="the sizes that are promised")
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.relative_to(ROOT)}")
    parser.add_argument("name", nargs="*", help=", ".join(NAMES))
    given = parser.parse_args()
    command = " ".join(["python -m bench", *sys.argv[1:]])
    unknown = [name for name in given.name if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    now = datetime.now(UTC)
    machine = this_machine()
    ran = []
    for name in in_order(given.name or set(NAMES) - APART):
        print(f"== {name}", flush=True)
        ran.append(run(name, whole=given.whole))
        if ran[-1].problem:
            print(f"{name}: {ran[-1].problem}", flush=True)
    if given.write:
        made = page(ran, now=now, command=command, machine=machine)
        PAGE.write_text(put_into(PAGE.read_text("utf-8"), made), "utf-8")
        print(f"written to {PAGE}")
    return 1 if any(one.problem for one in ran) else 0


if __name__ == "__main__":
    sys.exit(main())
