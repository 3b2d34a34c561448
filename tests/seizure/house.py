"""What a seized installation leaves behind, looked at from outside with its own search."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.installation import Installation
from tipintake.door.seizure.search import Broker, Place, files

# The installation has a database of its own: it is asked to read itself out.
READ_OUT = """
import base64, json
from django.conf import settings
from tipintake.models import Tip
from tipintake.door.seizure.opened import opened
from tipintake.door.seizure.search import tables
from tipintake.door.seizure.times import too_fine
from tipintake.privacy import keys
desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
def coded(places):
    return [(name, base64.b64encode(content).decode()) for name, content in places]
print("READ " + json.dumps({
    "tables": coded(tables()),
    "opened": coded(opened(Tip.objects.all(), desk=desk, vault=vault)),
    "fine": list(too_fine()),
}))
"""
STATE = """
import json
from tipintake.models import Notice, Tip
waiting = Tip.objects.filter(routed_at=None).count()
unsent = Notice.objects.exclude(state="SENT").count()
print("SAID " + json.dumps({"waiting": waiting, "unsent": unsent, "kept": Tip.objects.count()}))
"""


@dataclass(frozen=True, slots=True)
class ReadOut:
    tables: list[Place]
    opened: list[Place]
    fine: list[str]


def read_out(one: Installation) -> ReadOut:
    said = _said(one, READ_OUT)
    return ReadOut(_decoded(said["tables"]), _decoded(said["opened"]), said["fine"])


def left_behind(one: Installation, broker: Broker, *others: Path) -> Iterator[Place]:
    """Every byte outside the database, and the database's own files."""
    yield "the printed output", one.printed().encode()
    yield from broker.places()
    yield from files(one.home, without=[one.home / "keys", one.home / "static"])
    for folder in others:
        yield from files(folder)


def _said(one: Installation, script: str) -> dict[str, Any]:
    printed = one.command("shell", "-c", script)
    line = next(line for line in printed.splitlines() if line.startswith("READ "))
    found = json.loads(line.removeprefix("READ "))
    assert isinstance(found, dict)
    return found


def _decoded(places: list[list[str]]) -> list[Place]:
    return [(name, base64.b64decode(content)) for name, content in places]
