"""Is memory flat? An installation on PostgreSQL under a light, mixed load for a long time.

`python -m bench.soak [MINUTES [TIPS A SECOND]]` (60 and 4; `make soak`). Each minute the memory of
every part is read. At the end: a table, and whether each part grows. The first third is warming
up; of the rest the slope is taken (Theil–Sen) and said as growth in an hour. A part is flat when
that is at most 5 % of its size, or 5 MB: less cannot be told from the noise of an allocator.
Outside CI: it takes an hour.
"""

import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from bench._desk import Reader, reading
from bench._fleet import Fleet, fleet, percentiles
from bench._sender import Task
from bench._usage import Used, look, parts, slope
from bench.kills import server
from tests.installation import installation

EACH = 60.0
SHARE, LEAST = 0.05, 5.0  # of a part's size, and MB: growth in an hour that counts as none
WARMING = 1 / 3
EXPORT_EVERY = 10  # minutes
PROCESSES, THREADS = 1, 8
READ_EVERY = 2.0  # seconds between two pages at the desk
TOO_SHORT = 20  # minutes: less says nothing about an hour
EXPORT = """
from django.utils import timezone
from reports import asking
from reports.asking import Wish
from tipintake.models import Line
line = Line.objects.get(code="wentzville-pd")
asking.ask(Wish(line, "ANALYSIS", "a soak", "EVIDENCE", ["csv"]),
           user=None, requester="soak", now=timezone.now())
"""

HEAD = """
| part | processes | resident MB | own MB first | own MB last | growth an hour | verdict |
|---|---|---|---|---|---|---|"""

Series = dict[str, list[tuple[float, Used]]]


def main(minutes: float, rate: float) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        server() as postgres,
        installation(TIPINTAKE_TRUSTED_PROXY="1", METRICS_TOKEN="soak") as one,
    ):
        task = Task(
            base=one.public,
            told="",
            seed=1126,
            threads=THREADS,
            seconds=minutes * 60,
            rate=rate,
            visits=True,
        )
        series: Series = defaultdict(list)
        with (
            fleet(task, PROCESSES, Path(folder), "soak") as senders,
            reading(one, every=READ_EVERY, references=senders.newest) as reader,
        ):
            begun = time.monotonic()
            senders.go()
            minute = 0
            while (now := time.monotonic() - begun) < minutes * 60:
                for name, used in look(parts(one, postgres)).items():
                    series[name].append((now / 60, used))
                said(minute, series)
                if minute % EXPORT_EVERY == EXPORT_EVERY - 1:
                    one.attempt("shell", "-c", EXPORT)
                minute += 1
                time.sleep(max(0.0, begun + minute * EACH - time.monotonic()))
            senders.wait()
            tell(senders, reader, minutes)
        restarts = one.printed().count("starting it again")
        kept = one.command("shell", "-c", COUNT).split("TIPS ")[1].strip()
    print(f"{kept}; parts that ended and were started again: {restarts}")
    flat = table(series)
    if minutes < TOO_SHORT:
        sys.exit(f"{minutes:g} minutes are too short: only {TOO_SHORT} and more say anything.")
    sys.exit(0 if flat and not restarts else 1)


COUNT = """
from reports.models import Export
from tipintake.models import Tip
waiting = Tip.objects.filter(routed_at=None).count()
print("TIPS", Tip.objects.count(), "kept,", waiting, "wait,", Export.objects.count(), "exports")
"""


def said(minute: int, series: Series) -> None:
    now = ", ".join(f"{name} {rows[-1][1].own:.1f}" for name, rows in series.items())
    print(f"{minute:3} min  own MB: {now}", flush=True)


def tell(senders: Fleet, reader: Reader, minutes: float) -> None:
    rows = senders.rows()
    for what in ("tip", "status", "page"):
        these = [row for row in rows if row.what == what]
        answers = Counter(row.status for row in these)
        print(
            f"{what}: {len(these)} in {minutes:g} min, {percentiles([r.took for r in these])}, "
            f"answers {dict(answers)}"
        )
    print(f"desk: {len(reader.took)} pages, {percentiles(reader.took)}, {dict(reader.answers)}")


def table(series: Series) -> bool:
    print(HEAD)
    verdicts = {name: _row(name, rows) for name, rows in series.items()}
    grows = [name for name, flat in verdicts.items() if not flat]
    print(f"\nMEMORY {'IS FLAT' if not grows else 'GROWS: ' + ', '.join(grows)}")
    return not grows


def _row(name: str, rows: list[tuple[float, Used]]) -> bool:
    counted = rows[int(len(rows) * WARMING) :]
    hourly = slope([(at, used.own) for at, used in counted]) * 60
    size = sum(used.own for _, used in counted) / len(counted)
    flat = hourly <= max(SHARE * size, LEAST)
    last = rows[-1][1]
    print(
        f"| {name} | {last.processes} | {last.resident:.0f} | {rows[0][1].own:.1f} | "
        f"{last.own:.1f} | {hourly:+.2f} MB ({hourly / size if size else 0:+.1%}) | "
        f"{'flat' if flat else 'GROWS'} |"
    )
    return flat


if __name__ == "__main__":
    given: Mapping[int, float] = dict(enumerate(map(float, sys.argv[1:3])))
    main(given.get(0, 60.0), given.get(1, 4.0))
