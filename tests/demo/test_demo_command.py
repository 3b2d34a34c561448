"""`manage.py demo`, as an operator types it."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.utils import timezone
from pytest_django import Settings

from config import installation
from config.management.commands.demo import BELL
from tests.tips.drafts import draft
from tipintake.delivery.models import HandOff
from tipintake.demo.truth import FILE, Truth
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact, Line
from tipintake.door.status import status_of
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import receipts
from tipintake.staff.accounts import FirstAccount
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Message, Tip
from tipintake.tips.vocabulary import CameBy
from tipintake.triage.models import Link

UNTIL = "2026-11-14T15:30:00+00:00"
Fill = Callable[..., str]


@pytest.fixture
def fill(
    region: Gazetteer, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fill]:
    """The command in a home of its own, whose database, keys and region stand already."""
    settings.HOME = tmp_path

    def stands_already(**_given: object) -> list[FirstAccount]:
        return [FirstAccount("triage", "shown-once", "regional-triage")]

    monkeypatch.setattr(installation, "prepare", stands_already)
    levels = {name: logging.getLogger(name).level for name in ("tipintake", BELL)}

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("demo", *arguments, stdout=out)
        return out.getvalue()

    yield run
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_filled_desk_looks_lived_in_and_its_truth_is_kept(fill: Fill, tmp_path: Path) -> None:
    said = fill("--tips", "60", "--until", UNTIL)
    assert Tip.objects.count() == 60
    assert not Tip.objects.filter(routed_at=None).exists()
    assert "60 made-up tips" in said
    assert "shown-once" in said
    truth = Truth.read(tmp_path / FILE)
    assert set(truth.tips) == set(Tip.objects.values_list("reference", flat=True))
    assert {ring.by for ring in truth.rings} >= {"plate", "plate_one_off", "phone"}
    states = set(HandOff.objects.values_list("state", flat=True))
    assert {"ACKNOWLEDGED", "CLOSED"} <= states
    assert len(set(Tip.objects.exclude(disposition="").values_list("disposition", flat=True))) > 3
    assert set(Message.objects.values_list("direction", flat=True)) == {"QUESTION", "ANSWER"}
    entry = AuditEntry.objects.get(act="demo.filled")
    assert entry.facts == {"tips": 60, "forced": False}


def test_the_first_look_finds_urgent_tips_with_running_clocks(fill: Fill) -> None:
    fill("--tips", "100", "--until", UNTIL)
    end = datetime.fromisoformat(UNTIL)
    waiting = HandOff.objects.filter(is_primary=True, state__in=("QUEUED", "NOTIFIED"))
    urgent = waiting.filter(priority__in=("P1", "P2"))
    assert {"P1", "P2"} == set(urgent.values_list("priority", flat=True))
    assert urgent.filter(due_at__gt=end, due_at__lt=end + timedelta(hours=4)).count() >= 2
    tips = waiting.values("tip")
    suggested = Link.objects.filter(state=Link.State.SUGGESTED)
    assert suggested.filter(Q(one__in=tips) | Q(other__in=tips)).exists()
    assert Tip.objects.filter(assigned_to__isnull=False).exists()


def test_nothing_happens_after_the_end_and_nothing_names_the_writers(fill: Fill) -> None:
    fill("--tips", "40", "--until", UNTIL)
    latest = AuditEntry.objects.exclude(act__startswith="demo.").exclude(act="account.created")
    assert latest.exclude(act__startswith="region").order_by("-at")[0].at.isoformat() <= UNTIL
    told = json.dumps(list(AuditEntry.objects.values_list("facts", flat=True)))
    assert "555" not in told


def test_the_receipt_that_is_shown_finds_a_question(fill: Fill) -> None:
    said = fill("--tips", "60", "--until", UNTIL)
    shown = re.search(r"^receipt  (\S+) finds a question", said, re.MULTILINE)
    assert shown
    page = status_of(receipts.parse(shown[1]))
    assert page is not None
    assert page.questions[-1].text


def test_its_links_are_scored_and_nothing_is_written(fill: Fill, tmp_path: Path) -> None:
    fill("--tips", "60", "--until", UNTIL)
    before = AuditEntry.objects.count()
    said = fill("--score", str(tmp_path / FILE))
    assert "recall" in said
    assert "precision 1.000" in said
    assert "decoys taken in: 0" in said
    assert AuditEntry.objects.count() == before


def test_a_second_demo_is_refused_so_that_the_truth_of_the_first_holds(fill: Fill) -> None:
    fill("--tips", "20", "--until", UNTIL)
    with pytest.raises(CommandError, match="tells of a demo that is here already"):
        fill("--tips", "20", "--seed", "8", "--until", UNTIL)
    assert Tip.objects.count() == 20


def test_it_may_stand_beside_the_samples_of_a_first_start(
    fill: Fill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipintake.pipeline.bell.ring_route", lambda: None)
    sample = submit_tip(draft(), came_by=CameBy.WEB, now=timezone.now())
    (tmp_path / "samples.sent").write_text(sample.reference)
    fill("--tips", "20", "--until", UNTIL)
    assert Tip.objects.count() == 21


def test_it_refuses_to_run_among_real_tips_unless_forced(
    fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipintake.pipeline.bell.ring_route", lambda: None)
    now = timezone.now()
    submit_tip(draft(), came_by=CameBy.WEB, now=now)
    with pytest.raises(CommandError, match="1 tip here did not come from a demo"):
        fill("--tips", "20", "--until", UNTIL)
    assert Tip.objects.count() == 1
    fill("--tips", "20", "--until", UNTIL, "--force")
    assert Tip.objects.count() == 21


def test_it_never_runs_where_somebody_would_be_told(fill: Fill) -> None:
    line = Line.objects.get(code="wentzville-pd")
    Contact.objects.create(
        line=line, channel="email", address="records@police.example", source="made for tests"
    )
    with pytest.raises(CommandError, match="1 contact here would be told"):
        fill("--tips", "20", "--until", UNTIL, "--force")
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--tips", "3"), "--tips takes a number from 20 to 5000"),
        (("--days", "0"), "--days takes a number from 1 to 365"),
        (("--until", "2026-11-14T15:30"), "needs a time zone"),
        (("--score", "/nowhere/truth.json"), "cannot be read"),
    ],
)
def test_a_wrong_option_says_what_to_give(
    arguments: tuple[str, ...], says: str, fill: Fill
) -> None:
    with pytest.raises(CommandError, match=says):
        fill(*arguments)
