"""What decisions stand on is asked for each time, and made anew only when it changed."""

from datetime import datetime

import pytest

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import renew
from tipintake.directory.models import Alias, Line
from tipintake.pipeline.placing import TRIAGE, ground
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
