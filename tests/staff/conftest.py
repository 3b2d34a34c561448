"""A directory of three lines, and an audit of its own for each test."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tipintake.directory.models import Line

LINES = {
    "regional-triage": Line.Kind.INTERNAL,
    "out-of-area": Line.Kind.INTERNAL,
    "victim-advocate": Line.Kind.SERVICE,
    "wentzville-pd": Line.Kind.POLICE,
    "nhth": Line.Kind.NATIONAL,
}


@pytest.fixture
def lines(db: None) -> None:
    Line.objects.bulk_create(
        Line(code=code, agency=code, name=code, kind=kind, source="made for tests")
        for code, kind in LINES.items()
    )


@pytest.fixture(autouse=True)
def own_home(settings: Settings, tmp_path: Path) -> None:
    """The head of the chain lies in a folder of this test alone."""
    settings.HOME = tmp_path
