"""Pictures wait to be asked for, a pause is suggested and never counted by anybody else."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from tests.web.desk.conftest import LogOn, MakeTip, text
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.preferences import DEFAULTS, prefer, preferences_of
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.web.desk import strain

PAUSE = "A pause?"


@pytest.fixture
def analyst(log_on: LogOn) -> Client:
    return log_on(Role.ANALYST, name="kim")


@pytest.fixture
def hard(make_tip: MakeTip) -> Tip:
    return make_tip("regional-triage", category="MINOR_EXPLOITATION")


def test_preferences_are_kept_by_account_and_default_to_care(analyst: Client) -> None:
    kim = User.objects.get(username="kim")
    assert preferences_of(kim) == {
        "blur": True,
        "greyscale": True,
        "breaks": True,
        "shortcuts": True,
    }
    analyst.post("/preferences/", {"blur": "1", "shortcuts": "1", "other": "1"})
    kim.refresh_from_db()
    assert preferences_of(kim) == {
        "blur": True,
        "greyscale": False,
        "breaks": False,
        "shortcuts": True,
    }
    assert kim.preferences == {"greyscale": False, "breaks": False}
    prefer(kim, DEFAULTS)
    assert kim.preferences == {}


def test_a_pause_is_suggested_after_a_run_and_put_away_for_a_while(
    analyst: Client, hard: Tip
) -> None:
    for _ in range(strain.RUN - 1):
        analyst.get(f"/tips/{hard.reference}/")
    assert PAUSE not in text(analyst, "/")
    analyst.get(f"/tips/{hard.reference}/")
    assert PAUSE in text(analyst, "/")
    back = analyst.post("/preferences/pause/", {"back": "/calls/"})
    assert back.headers["Location"] == "/calls/"
    for _ in range(strain.RUN):
        assert PAUSE not in text(analyst, f"/tips/{hard.reference}/")


def test_who_took_a_pause_is_not_told_to(
    analyst: Client, hard: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(strain.RUN):
        analyst.get(f"/tips/{hard.reference}/")
    session = analyst.session
    session["hard"] = [strain.RUN, session["hard"][1] - strain.PAUSE_SECONDS]
    session.save()
    assert PAUSE not in text(analyst, "/")


def test_other_tips_do_not_count_and_nobody_is_told(
    analyst: Client, make_tip: MakeTip, hard: Tip
) -> None:
    tip = make_tip("regional-triage")
    for _ in range(strain.RUN + 1):
        analyst.get(f"/tips/{tip.reference}/")
    assert PAUSE not in text(analyst, "/")
    for _ in range(strain.RUN):
        analyst.get(f"/tips/{hard.reference}/")
    analyst.post("/preferences/pause/", {"back": "/"})
    analyst.post("/preferences/", {"blur": "1"})
    acts = set(AuditEntry.objects.filter(actor="kim").values_list("act", flat=True))
    entering = {"factor.added", "log_on.password_good", "log_on.good"}
    assert acts <= entering | {"tip.read", "queue.listed"}


def test_who_does_not_want_it_is_left_alone(analyst: Client, hard: Tip) -> None:
    analyst.post("/preferences/", {})
    for _ in range(strain.RUN + 1):
        analyst.get(f"/tips/{hard.reference}/")
    assert PAUSE not in text(analyst, "/")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "x"])
def test_a_pause_leads_to_no_other_host(analyst: Client, back: str) -> None:
    answer = analyst.post("/preferences/pause/", {"back": back})
    assert answer.headers["Location"] == "/"


def test_the_employers_own_support_stands_first(analyst: Client, settings: Settings) -> None:
    assert "988" in text(analyst, "/support/")
    settings.STAFF_SUPPORT = "Peer team: 555-0107 | https://help.county.example/staff"
    said = text(analyst, "/support/")
    assert said.index("Peer team: 555-0107") < said.index("988")


def test_nothing_plays_by_itself() -> None:
    root = Path(configured.BASE_DIR) / "tipintake"
    pages = [*root.glob("templates/**/*.html"), *root.glob("static/*.css")]
    assert len(pages) > 20
    for page in pages:
        words = page.read_text("utf-8")
        assert not re.search(r"<(video|audio|embed|object|iframe)\b|autoplay", words), page
        assert "infinite" not in words, page
    assert timedelta(seconds=strain.PAUSE_SECONDS) >= timedelta(minutes=5)
