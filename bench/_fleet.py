"""Several sender processes at once, and what they were told."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import quantiles

from bench._sender import Task


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one request. `took` is milliseconds since it was due, tries included."""

    what: str
    due: float
    took: float
    status: int
    tries: int
    reference: str


@dataclass(slots=True)
class Fleet:
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    went: float = 0.0  # seconds since the epoch

    def go(self) -> None:
        self.went = time.time()
        for one in self.processes:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()

    def wait(self) -> None:
        for one in self.processes:
            one.wait()

    def ids(self) -> list[int]:
        return [one.pid for one in self.processes]

    def newest(self) -> list[str]:
        """References of some that were lately kept."""
        found = []
        for file in self.files:
            with file.open("rb") as told:
                told.seek(max(0, file.stat().st_size - 4000))
                lines = told.read().splitlines()[1:]
            found += [json.loads(line)[5] for line in lines if line.endswith(b"]")]
        return [reference for reference in found if reference]

    def rows(self) -> list[Row]:
        return [
            Row(*json.loads(line))
            for file in self.files
            for line in file.read_text("utf-8").splitlines()
            if line.endswith("]")
        ]


@contextmanager
def fleet(task: Task, processes: int, folder: Path, name: str) -> Iterator[Fleet]:
    """Ready to go: threads, rate and addresses of the task are those of all together."""
    made = Fleet()
    with ExitStack() as stack:
        for number in range(processes):
            file = folder / f"{name}-{number}.jsonl"
            share = replace(
                task,
                told=str(file),
                seed=task.seed + number,
                threads=max(1, task.threads // processes),
                rate=task.rate / processes,
                addresses=-(-task.addresses // processes),
            )
            one = subprocess.Popen(
                [sys.executable, "-m", "bench._sender"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.callback(_end, one)
            assert one.stdin is not None
            one.stdin.write(json.dumps(asdict(share)) + "\n")
            one.stdin.flush()
            made.processes.append(one)
            made.files.append(file)
        for one in made.processes:
            assert one.stdout is not None
            if one.stdout.readline() != "ready\n":
                raise SystemExit("A sender did not start; its words stand above.")
        yield made


def _end(one: "subprocess.Popen[str]") -> None:
    if one.poll() is None:
        one.kill()
    one.communicate()


def percentiles(took: Sequence[float]) -> str:
    if len(took) < 2:
        return "too few"
    marks = quantiles(took, n=1000)
    p50, p95, p99 = marks[499], marks[949], marks[989]
    return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms, longest {max(took):.0f} ms"
