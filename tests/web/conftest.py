"""What keeps unfinished reports: a broker of the tests' own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.pipeline.house import broker


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="tipintake-broker-"))  # a socket's path must be short
    here = folder / "valkey.sock"
    with broker("--port", "0", "--unixsocket", str(here)):
        yield f"redis+socket://{here}"
    shutil.rmtree(folder)


@pytest.fixture
def steps(broker_url: str, settings: Settings) -> str:
    """The broker that keeps unfinished reports in this test."""
    settings.REDIS_URL = broker_url
    return broker_url
