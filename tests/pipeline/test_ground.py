"""What decisions stand on is asked for each time, and made anew only when it changed."""

from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.management import call_command
from django.db import OperationalError

from tests.region.land import census_files, region_map
from tipintake.directory.boundaries import Area
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import renew
from tipintake.directory.models import Alias, Line
from tipintake.pipeline import placing
from tipintake.pipeline.placing import TRIAGE, ground
from tipintake.routing import boundaries
from tipintake.routing.models import Policy

pytestmark = pytest.mark.django_db


def test_nothing_is_made_anew_while_nothing_changes(region: Gazetteer) -> None:
    first = ground()
    assert first.gazetteer == region
    assert ground() is first


def test_a_line_changed_by_hand_is_seen_by_the_next_tip(region: Gazetteer) -> None:
    ground()
    Line.objects.filter(code=TRIAGE).update(resident_name="The people of the desk")
    assert ground().lines[TRIAGE].resident_name == "The people of the desk"
    Line.objects.filter(code=TRIAGE).update(active=False)
    assert TRIAGE not in ground().lines


def test_a_newer_release_of_the_region_is_seen_by_the_next_tip(
    region: Gazetteer, now: datetime
) -> None:
    ground()
    Alias.objects.all().delete()
    renew(now=now)
    assert not ground().gazetteer.aliases


def test_a_policy_that_cannot_be_read_is_tried_again_each_time(region: Gazetteer) -> None:
    before = ground().policy
    Policy.objects.filter(state=Policy.State.ACTIVE).delete()
    spoilt = Policy.objects.create(
        version=9, text="spoilt", digest="0" * 64, state=Policy.State.ACTIVE
    )
    first = ground()
    assert first.policy.version == before.version
    assert ground() is not first
    spoilt.delete()
    assert ground() is ground()


@pytest.fixture
def loaded(region: Gazetteer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boundaries that nothing was made of yet."""
    monkeypatch.setattr(placing, "_last", None)
    monkeypatch.setattr(boundaries, "_kept", None)
    drawn = region_map(region)
    call_command("load_boundaries", *map(str, census_files(tmp_path, drawn)), verbosity=0)


@pytest.mark.usefixtures("loaded")
def test_boundaries_that_fail_for_a_moment_are_built_by_the_next_tip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(_version: str) -> NoReturn:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(boundaries, "areas_of", fails)
        assert ground().boundaries is None
    assert ground().boundaries is not None
    assert ground() is ground()


@pytest.mark.usefixtures("loaded")
def test_boundaries_that_are_not_whole_are_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def few(version: str) -> tuple[Area, ...]:
        asked.append(version)
        return ()

    monkeypatch.setattr(boundaries, "areas_of", few)
    first = ground()
    assert first.boundaries is None
    assert ground() is first
    assert len(asked) == 1
