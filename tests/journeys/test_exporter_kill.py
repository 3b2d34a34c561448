"""An exporter that is killed half-way: its export is finished after the restart, once."""

from pathlib import Path

import psutil
import pytest

from tests.installation import installation
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

TIPS = 2000
KEEP = f"""
from bench.export import CHUNK, keep
for first in range(0, {TIPS}, CHUNK):
    keep(first, CHUNK)
"""
# Asks, waits until some rows are written, and kills the exporter at that moment.
ASK_AND_KILL = """
import os, signal, time
from datetime import timedelta
import psutil
from django.db.models import F
from django.utils import timezone
from reports import asking
from reports.asking import Wish
from reports.models import Export
from tipintake.directory.models import Line
wish = Wish(Line.objects.get(code="wentzville-pd"), "ANALYSIS", "a test", "EVIDENCE",
            ["csv", "niem", "xlsx"])
made = asking.ask(wish, user=None, requester="test", now=timezone.now())
until = time.monotonic() + 120
while time.monotonic() < until:
    row = Export.objects.get(pk=made.pk)
    if row.state == "MAKING" and row.done:
        break
    time.sleep(0.02)
beside = [one.pid for pid in {pids} for one in psutil.Process(pid).children(recursive=True)]
for pid in {pids}:
    os.kill(pid, signal.SIGKILL)
print("BESIDE", *beside)
# Two thirds of the time that its lease still lasts go by at once.
earlier = F("leased_until") - timedelta(seconds=20)
Export.objects.filter(pk=made.pk, state="MAKING").update(leased_until=earlier)
row = Export.objects.get(pk=made.pk)
print("KILLED", row.state, row.done)
"""
STATE = """
import json
from reports import store
from reports.models import Export
from tipintake.models import AuditEntry
row = Export.objects.get()
print("SAID " + json.dumps({
    "state": row.state, "done": row.done, "attempts": row.attempts, "problem": row.problem,
    "made": AuditEntry.objects.filter(act="export.made").count(),
    "tips": row.tips.count(), "hashed": row.tips.exclude(tip_hash="").count(),
    "files": len(list(store.folder().iterdir())),
}))
"""
TAKE = """
from pathlib import Path
from django.utils import timezone
from reports import taking
from reports.models import Export
blocks = taking.hand_over(Export.objects.get(), by="test", now=timezone.now())
Path({out!r}).write_bytes(b"".join(blocks))
"""


def test_a_killed_exporters_work_is_taken_up_once(tmp_path: Path) -> None:
    with installation(SWEEP_SECONDS="1") as one:
        one.command("shell", "-c", KEEP)
        pids = [process.pid for process in one.parts("exporter@")]
        assert pids
        printed = one.command("shell", "-c", ASK_AND_KILL.format(pids=pids))
        assert "KILLED MAKING" in printed, printed
        beside = next(one for one in printed.splitlines() if one.startswith("BESIDE")).split()[1:]
        assert beside, "what opens words beside the exporter was there"
        eventually(lambda: not any(psutil.pid_exists(int(one)) for one in beside), seconds=10)
        with one.watching(STATE) as state:
            eventually(lambda: state()["state"] != "MAKING", seconds=180)
            # The workshop goes once the package is there.
            eventually(lambda: state()["files"] == 1, seconds=30)
            found = state()
        assert found == {
            "state": "READY", "done": TIPS, "attempts": 2, "problem": "", "made": 1,
            "tips": TIPS, "hashed": TIPS, "files": 1,
        }  # fmt: skip
        out = tmp_path / "package.zip"
        one.command("shell", "-c", TAKE.format(out=str(out)))
        assert "is whole" in one.command("verify_export", str(out))
