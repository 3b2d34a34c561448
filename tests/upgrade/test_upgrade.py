"""The newest code takes over what each release left: no tip, receipt, key or entry is lost."""

import shutil
from pathlib import Path

import pytest

from tests.backup.conftest import house
from tests.pipeline.house import House
from tests.upgrade import stored
from tests.upgrade.loading import LOAD

__all__ = ["house"]

pytestmark = [pytest.mark.processes]

RELEASES = Path(__file__).parent / "releases"
TODAY = "today"  # stands in until there is a release, and tries the way itself
HOLDS = """
from django.core.management import call_command
from tipintake.door.status import status_of
from tipintake.privacy import receipts
from tipintake.tips.models import Tip
call_command("keys", "verify")
call_command("audit", "verify", "--known", {head!r})
pages = [status_of(receipts.parse(one)) for one in {receipts!r}]
print("SHOWN", [len(one.dialog) for one in pages], Tip.objects.count())
"""


@pytest.mark.parametrize(
    "release", [TODAY, *sorted(one.name for one in RELEASES.glob("*") if one.is_dir())]
)
def test_what_a_release_left_is_taken_over(release: str, house: House, tmp_path: Path) -> None:
    folder = RELEASES / release
    if release == TODAY:
        folder = tmp_path / "stored"
        stored.make(house, folder)
    left = stored.holds(folder)
    newer = House(tmp_path / "home", {**house.env, "TIPINTAKE_HOME": str(tmp_path / "home")})
    shutil.copytree(folder / "keys", newer.home / "keys")
    newer.manage("shell", "-c", LOAD.format(folder=str(folder)))
    newer.manage("migrate")
    said = newer.manage("shell", "-c", HOLDS.format(**left))
    assert f"{left['tips']} tips open" in said
    assert "The audit holds" in said
    shown = next(line for line in said.splitlines() if line.startswith("SHOWN "))
    _, dialogs, tips = shown.replace(", ", ",").split(" ")
    # Each of three answered once, and one was asked before.
    assert sorted(dialogs) == sorted("[1,1,2]")
    assert int(tips) == left["tips"]
