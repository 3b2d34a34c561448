"""A machine burns down and another takes its place: nothing is lost but what came after."""

import json
import secrets
import shutil
from pathlib import Path

import pytest

from tests.installation import Installation, database, installation, start
from tests.journeys.test_kill import tip
from tests.pipeline.house import House
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

# A tip comes while the backup is being written: it is taken at once, and is not in the file.
WHILE_TIPS_COME = """
import pathlib, threading, time
from django.db import connection, connections
from config.backup import make, recovery, restore
from django.conf import settings

keep(3)
during, seen = [], []

def one_more(table, rows):
    if table == "tipintake_tip" and not during:
        def come():
            begun = time.monotonic()
            keep(1)
            during.append(time.monotonic() - begun)
            connections.close_all()
        thread = threading.Thread(target=come)
        thread.start()
        thread.join(15)

folder = pathlib.Path(settings.HOME) / "backups"
public = recovery.make_key(pathlib.Path(settings.HOME) / "recovery.key")
made = make.back_up(folder, recovery.recipients([public]), now=timezone.now(), actor="test",
                    progress=one_more)
identities = recovery.identities(pathlib.Path(settings.HOME) / "recovery.key")
found = restore.look(made.path, identities)
say(during=len(during), here=Tip.objects.count(), rows=found.rows)
"""


def test_tips_that_come_meanwhile_neither_wait_nor_get_in_half(house: House) -> None:
    said = house.run(WHILE_TIPS_COME)
    assert said["during"] == 1
    assert said["here"] == 4
    assert said["rows"]["tipintake_tip"] == said["rows"]["tipintake_datakey"] == 3
    assert said["rows"]["tipintake_place"] == 3


def test_backup_destroy_restore(tmp_path: Path) -> None:
    recovery, kept = tmp_path / "recovery.key", tmp_path / "kept"
    kept.mkdir()
    with installation() as one:
        printed = one.command("backup", "--make-key", str(recovery))
        public = printed.splitlines()[0].partition("=")[2]
        sent = [one.post("/api/v1/tips", tip(number))[1] for number in range(8)]
        eventually(lambda: waiting(one) == 0, seconds=60)
        one.command("audit", "seal")
        one.env = {**one.env, "BACKUP_RECIPIENTS": public}
        printed = one.command("backup", "--to", str(kept))
        digest = next(x for x in printed.splitlines() if x.startswith("sha256 ")).split()[1]
        shutil.copytree(one.home / "keys" / "private", kept / "private")
        known = one.command("audit", "verify").splitlines()[-1]
    (file,) = kept.glob("*.age")
    with database() as address:
        house = House(tmp_path / "home", elsewhere(tmp_path / "home", address))
        said = house.manage("restore", str(file), "--identity", str(recovery), "--sha256", digest)
        assert "8 tips" in said
        shutil.copytree(kept / "private", house.home / "keys" / "private")
        assert "8 tips open" in house.manage("keys", "verify")
        assert "The audit holds" in house.manage("audit", "verify", "--known", known)
        assert "cases hold" in house.manage("golden", "--check")
        (tmp_path / "tmp").mkdir()  # what seizure_test searches besides the home
        running = start(house.home, {**house.env, "TMPDIR": str(tmp_path / "tmp")})
        try:
            for body in sent:
                receipt = {"receipt": body["receipt"]}
                assert running.post("/api/v1/tips/status", receipt)[0] == 200
            table = running.command("seizure_test", "--public", running.public)
            assert "4 tips of this test were purged" in table
            running.command("audit", "seal")
            assert "The audit holds" in running.command("audit", "verify")
        finally:
            running.stop()


def elsewhere(home: Path, address: str) -> dict[str, str]:
    """A new machine: nothing in its home, an empty database."""
    return {
        "TIPINTAKE_HOME": str(home),
        "DATABASE_URL": address,
        "REDIS_URL": "",
        "PUBLIC_PORT": str(20_000 + secrets.randbelow(20_000)),
        "DESK_PORT": str(40_100 + secrets.randbelow(20_000)),
    }


def waiting(one: Installation) -> int:
    printed = one.command("shell", "-c", WAITING)
    line = next(line for line in printed.splitlines() if line.startswith("WAITING "))
    return int(json.loads(line.removeprefix("WAITING ")))


WAITING = """
from tipintake.models import Tip
print("WAITING", Tip.objects.filter(routed_at=None).count())
"""
