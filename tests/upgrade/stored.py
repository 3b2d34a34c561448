"""An installation as one release left it, and its rows in tables of that release again.

`python -m tests.upgrade.stored FOLDER`, run with the code of a release, makes one: a backup, the
keys that open it (of a made-up installation: they open nothing else), and the receipts of its
tips. It is stored as `tests/upgrade/releases/VERSION`, once, on the day of the release.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.pipeline.house import House

HOLDS_TIPS = """
import pathlib
from datetime import timedelta
from django.conf import settings
from config.backup import make, recovery
from tests.tips.photos import PHONE_PICTURE, attachment
from tipintake.pipeline.follow_up import More, send_more
from tipintake.pipeline.route import route_waiting
from tipintake.staff import accounts, audit
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage import dialog

def come(**more):
    return submit_tip(TipDraft.from_mapping({
        "category": "SUSPICIOUS_PLACE_PATTERN", "immediacy": "ONGOING",
        "minor_present": "NO", "indicators": ["HTL_TRAFFIC"],
        "vehicles": [{"plate_raw": "AB1 C2D", "plate_state": "MO", "make": "Dodge"}],
        "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
        "sighting": {"kind": "RECURRING", "rrule": "FREQ=WEEKLY;BYDAY=FR",
                     "local_start": "22:00", "duration_minutes": 240},
        "persons": [{"role": "POSSIBLE_VICTIM", "name_or_alias": "Rosalind Quint"}],
        "online": [{"url": "https://ads.example/post/1", "ad_phone": "314-555-0163"}],
        "narrative": "A gray van comes each night. Jo Ann was there; it may be 314-555-0177.",
        **more,
    }), came_by="API", now=timezone.now()).code

codes = [come(), come(language="es"), come(immediacy="NOW")]
while route_waiting(now=timezone.now(), limit=50):
    pass
dialog.ask(Tip.objects.first(), template="WHERE", by="sam", now=timezone.now())
for code in codes:
    send_more(code, More(text="The van came back at ten."), now=timezone.now())
accounts.create("sam", roles=(Role.ANALYST,), lines=(), actor="test", now=timezone.now())
audit.seal_chain(now=timezone.now() + timedelta(hours=2))
home = pathlib.Path(settings.HOME)
public = recovery.make_key(home / "recovery.key")
made = make.back_up(home / "backups", recovery.recipients([public]), now=timezone.now(),
                    actor="test")
say(file=str(made.path), receipts=[one.pretty for one in codes], tips=Tip.objects.count(),
    head=str(audit.head()))
"""


def make(house: House, folder: Path) -> None:
    """With the code that is here: what a test of a later release begins with."""
    made = house.run(HOLDS_TIPS)
    folder.mkdir(parents=True)
    shutil.copy(made["file"], folder / "backup.age")
    shutil.copy(house.home / "recovery.key", folder)
    shutil.copytree(house.home / "keys", folder / "keys")
    said = {name: made[name] for name in ("receipts", "tips", "head")}
    (folder / "holds.json").write_text(json.dumps(said, indent=1) + "\n")


def holds(folder: Path) -> Mapping[str, Any]:
    found = json.loads((folder / "holds.json").read_text())
    assert isinstance(found, dict)
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        make(House(Path(home), {"TIPINTAKE_HOME": home}), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
