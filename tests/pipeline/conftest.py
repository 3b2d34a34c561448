"""Drafts and kept tips that the tests of the pipeline send on their way."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.installation import DATABASE, database, migrated
from tests.pipeline.house import House
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline import bell
from tipintake.pipeline.submit import submit_tip
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy

MakeTip = Callable[..., Tip]

HOTEL_PATTERN: dict[str, Any] = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"],
    "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
    "narrative": "Different cars come to the back door each night and leave within minutes.",
}
DANGER_NOW: dict[str, Any] = {**HOTEL_PATTERN, "immediacy": "NOW"}
ONLINE_AD: dict[str, Any] = {
    "category": "OTHER_UNSURE",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["ONL_AD"],
    "online": [{"url": "https://ads.example/post/1"}],
}
ASKS_FOR_AN_ADVOCATE: dict[str, Any] = {
    "category": "LABOR_TRAFFICKING",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["LAB_UNPAID"],
    "reporter_is_victim": True,
    "police_consent": False,
    "narrative": "They keep the pay and say that it is for the room.",
}


def draft(given: dict[str, Any] = HOTEL_PATTERN, **changes: Any) -> TipDraft:
    return TipDraft.from_mapping({**given, **changes})


class Silence:
    """Rings that came, counted instead of sent."""

    def __init__(self) -> None:
        self.rung: list[str] = []

    def ring_route(self) -> None:
        self.rung.append("route")

    def ring_notify(self) -> None:
        self.rung.append("notify")


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> Silence:
    """No broker runs during a test: what would be rung is listed."""
    quiet = Silence()
    monkeypatch.setattr(bell, "ring_route", quiet.ring_route)
    monkeypatch.setattr(bell, "ring_notify", quiet.ring_notify)
    return quiet


@pytest.fixture
def kept(region: Gazetteer, silence: Silence, now: datetime) -> MakeTip:
    """Keep a tip as the doors do."""

    def keep(given: dict[str, Any] = HOTEL_PATTERN, **changes: Any) -> Tip:
        receipt = submit_tip(draft(given, **changes), came_by=CameBy.API, now=now)
        return Tip.objects.get(reference=receipt.reference)

    return keep


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with database() as address:
        env = {
            "TIPINTAKE_HOME": str(tmp_path),
            "TIPINTAKE_KEYS": str(tmp_path / "keys"),
            "TIPINTAKE_PRIVATE_KEYS": str(tmp_path / "keys" / "private"),
            "DATABASE_URL": address,
            "REDIS_URL": f"redis+socket://{tmp_path / 'no-broker.sock'}",
            "TIPINTAKE_ROLE": "manage",
        }
        one = House(tmp_path, env)
        one.manage("keys", "init")
        if address:
            one.manage("migrate", "--verbosity=0")
        else:
            shutil.copyfile(migrated(), tmp_path / DATABASE)
        one.manage("region", "load")
        yield one
