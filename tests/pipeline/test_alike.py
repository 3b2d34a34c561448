"""A copied tip, sent again and again: every one is kept, routed and announced, and they are put
together.
"""

from datetime import datetime

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.pipeline.conftest import DANGER_NOW, MakeTip
from tipintake.delivery.models import HandOff
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.sweep import sweep
from tipintake.tips import floods
from tipintake.tips.models import SameWords, Tip

pytestmark = pytest.mark.django_db


def test_a_copied_tip_is_routed_each_time_and_grouped(
    kept: MakeTip,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    other = kept(narrative="Two men carry mattresses into the back room every Tuesday at noon.")
    copies = [kept() for _ in range(4)]
    with django_capture_on_commit_callbacks(execute=True):
        assert route_waiting(now=now) == 5
    assert HandOff.objects.filter(tip__in=copies, is_primary=True).count() == 4
    found = set(Tip.objects.filter(pk__in=[one.pk for one in copies]).values_list("flood"))
    assert len(found) == 1
    assert (None,) not in found
    other.refresh_from_db()
    assert other.flood is None


def test_a_copied_cry_for_help_goes_out_at_once_each_time(
    kept: MakeTip,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    copies = [kept(DANGER_NOW) for _ in range(4)]
    with django_capture_on_commit_callbacks(execute=True):
        route_waiting(now=now)
    hand_offs = HandOff.objects.filter(tip__in=copies, is_primary=True)
    assert {one.priority for one in hand_offs} == {"P1"}
    assert hand_offs.count() == 4


def test_a_fault_in_grouping_takes_no_tip_from_its_queue(
    kept: MakeTip,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def breaks(*_args: object, **_kwargs: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(floods, "group", breaks)
    kept()
    with django_capture_on_commit_callbacks(execute=True):
        assert route_waiting(now=now) == 1
    assert "route.not_grouped" in caplog.text
    assert HandOff.objects.filter(is_primary=True).count() == 1


def test_the_sweep_forgets_what_no_later_tip_can_share(kept: MakeTip, now: datetime) -> None:
    kept()
    assert SameWords.objects.count() == 2
    SameWords.objects.update(expires_at=now)
    sweep(now=now)
    assert not SameWords.objects.exists()
