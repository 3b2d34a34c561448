"""One machine comes up as its how-to sets it up, under names that lead to it from outside."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from config import installation
from tests.installation import Installation
from tests.installation import installation as running

ROOT = Path(__file__).resolve().parent.parent
HERE = {"TIPINTAKE_HOME"}  # a folder of the test's own


def of_the_how_to() -> dict[str, str]:
    """What the page puts into /etc/tipintake.env."""
    page = (ROOT / "docs" / "how-to" / "run-on-one-machine.md").read_text("utf-8")
    (block,) = re.findall(r"In `/etc/tipintake.env`:\n\n```sh\n(.*?)```", page, re.DOTALL)
    told = dict(line.split("=", 1) for line in block.splitlines())
    return {name: value for name, value in told.items() if name not in HERE}


@pytest.fixture(scope="module")
def one() -> Iterator[Installation]:
    with running(**of_the_how_to()) as started:
        yield started


@pytest.mark.processes
@pytest.mark.enable_socket
def test_passwords_are_said_before_anything_can_fail(one: Installation) -> None:
    printed = one.printed()
    assert len(re.findall(r"(?:[a-z0-9]{4}-){4}[a-z0-9]{4}", printed)) == 4
    assert printed.index("Staff accounts") < printed.index("ready in")


@pytest.mark.processes
@pytest.mark.enable_socket
def test_samples_are_sent_under_the_name_that_leads_there(
    one: Installation, tmp_path: Path, settings: Settings
) -> None:
    settings.PUBLIC_HOSTS = of_the_how_to()["PUBLIC_HOSTS"].split(",")
    assert settings.PUBLIC_HOSTS != ["127.0.0.1"]
    assert installation.send_samples(one.public, tmp_path, lambda _line: None)


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (["tips.town.example", "tips.example"], "tips.town.example"),
        ([".county.example"], "county.example"),
        (["*"], "localhost"),
    ],
)
def test_a_host_is_asked_by_a_name_that_it_answers_to(patterns: list[str], name: str) -> None:
    assert installation.host_in(patterns) == name
