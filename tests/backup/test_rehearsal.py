"""A machine burns down and another takes its place: nothing is lost but what came after."""

import shutil
from pathlib import Path

import pytest

from tests.installation import database, own_ports, start
from tests.pipeline.house import House

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

# While the backup is written, a tip comes in on another connection.
BACK_UP = """
import pathlib, threading
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from config.backup import make, recovery, restore
from tipintake.pipeline.route import route_waiting
from tipintake.staff import audit

def come(_number):
    return submit_tip(TipDraft.from_mapping({
        "category": "SUSPICIOUS_PLACE_PATTERN", "immediacy": "ONGOING",
        "minor_present": "NO", "indicators": ["HTL_TRAFFIC"],
        "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
        "narrative": "Different cars come to the back door each night and leave soon.",
    }), came_by="API", now=timezone.now()).code.pretty

receipts = [come(number) for number in range(5)]
while route_waiting(now=timezone.now(), limit=50):
    pass
audit.seal_chain(now=timezone.now())
during = []

def one_more(table, rows):
    if table == "tipintake_tip" and not during:
        def meanwhile():
            during.append(come(0))
            connections.close_all()
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join(30)

home = pathlib.Path(settings.HOME)
public = recovery.make_key(home / "recovery.key")
made = make.back_up(home / "backups", recovery.recipients([public]), now=timezone.now(),
                    actor="test", progress=one_more)
found = restore.look(made.path, recovery.identities(home / "recovery.key"))
say(receipts=receipts, during=len(during), here=Tip.objects.count(), rows=found.rows,
    file=str(made.path), sha256=made.sha256, head=str(audit.head()))
"""
HOLDS = """
from django.core.management import call_command
call_command("keys", "verify")
call_command("audit", "verify", "--known", {head!r})
call_command("golden", "--check")
"""


def test_backup_destroy_restore(house: House, tmp_path: Path) -> None:
    made = house.run(BACK_UP)
    assert made["during"] == 1
    assert made["here"] == 6
    # Whole or not at all: the tip that came meanwhile is in no table of the backup.
    assert made["rows"]["tipintake_tip"] == made["rows"]["tipintake_datakey"] == 5
    assert made["rows"]["tipintake_place"] == 5
    safe = tmp_path.parent / f"{tmp_path.name}-safe"
    shutil.copytree(house.home / "keys" / "private", safe / "private")
    shutil.copy(house.home / "recovery.key", safe)
    file = Path(shutil.copy(made["file"], safe))
    shutil.rmtree(house.home)
    with database() as address:
        new = House(safe / "home", elsewhere(safe / "home", address))
        identity = ("--identity", str(safe / "recovery.key"))
        said = new.manage("restore", str(file), *identity, "--sha256", made["sha256"])
        assert "5 tips" in said
        # The files of SQLite, where it is the database.
        files = list(new.home.rglob("*.sqlite3*"))
        assert [one.name for one in files if one.stat().st_mode & 0o077] == []
        shutil.copytree(safe / "private", new.home / "keys" / "private")
        said = new.manage("shell", "-c", HOLDS.format(head=made["head"]))
        assert "5 tips open" in said
        assert "The audit holds" in said
        assert "cases hold" in said
        running = start(new.home, new.env)
        try:
            for code in made["receipts"]:
                assert running.post("/api/v1/tips/status", {"receipt": code})[0] == 200
            table = running.command("seizure_test", "--public", running.public)
            assert "4 tips of this test were purged" in table
            assert "The audit holds" in running.command("audit", "verify")
        finally:
            running.stop()


def elsewhere(home: Path, address: str) -> dict[str, str]:
    """A new machine: nothing in its home, an empty database."""
    temporary = home.with_name("tmp")  # what seizure_test searches besides the home
    temporary.mkdir()
    return {
        "TIPINTAKE_HOME": str(home),
        "DATABASE_URL": address,
        "REDIS_URL": "",
        "TMPDIR": str(temporary),
        **own_ports(),
    }
