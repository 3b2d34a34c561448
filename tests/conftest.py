"""What every test stands on: its own keys, a fixed moment, the region loaded."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import Pack, read_pack


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 14, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def keys_dir() -> Path:
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    return Path(settings.KEYS_DIR)


@pytest.fixture(scope="session", autouse=True)
def static_root() -> Path:
    """The folder of collected files: without it every request would warn."""
    folder = Path(settings.STATIC_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page asked for in Spanish leaves its language to the thread; no test inherits it."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack(Path(settings.REGIONS_DIR) / settings.REGION)


@pytest.fixture
def region(db: None, pack: Pack, now: datetime) -> Gazetteer:
    load(pack, now=now, actor="test")
    return current_gazetteer()
