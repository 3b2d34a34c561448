"""Other keys than those of the tips stop a start, and nothing new is made."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client

from config import installation
from tests.api.test_tips import LEAST
from tests.tips.drafts import full_draft
from tipintake.directory.gazetteer import Gazetteer
from tipintake.models import KeyMark, Tip
from tipintake.privacy import keys, receipts
from tipintake.privacy.keys import KeyMissing
from tipintake.tips import own_keys
from tipintake.tips.cleaning import clean
from tipintake.tips.own_keys import ForeignKeys
from tipintake.tips.secrets import narrative_of
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys of an installation of its own, remembered."""
    monkeypatch.setattr(own_keys, "UNDER_WAY", 0.0)
    settings.KEYS_DIR = folder = tmp_path / "keys"
    settings.PRIVATE_KEYS_DIR = folder / "private"
    settings.AUDIT_KEYS_DIR = folder / "audit"
    keys.init(folder, folder / "private")
    own_keys.remember(folder)
    return folder


@pytest.fixture
def tip(home: Path) -> Tip:
    with transaction.atomic():
        return store(clean(full_draft()), mentions=(), came_by=CameBy.WEB, low_trust=False,
                     receipt=receipts.new(), now=NOW)  # fmt: skip


def refuse(home: Path, *, opens: bool = True) -> None:
    own_keys.refuse_foreign(home, home / "private", opens=opens)


def lose_all(home: Path) -> None:
    shutil.rmtree(home)


def other_keys(home: Path) -> None:
    lose_all(home)
    keys.init(home, home / "private")


def lose_the_public_half(home: Path) -> None:
    (home / "desk.pub").unlink()


def lose_the_pepper(home: Path) -> None:
    (home / "receipt.pepper").unlink()


def another_pepper(home: Path) -> None:
    (home / "receipt.pepper").write_text("ab" * 32)


WAYS = [
    (lose_all, "sealed to the desk key {desk}, which is not here"),
    (other_keys, "sealed to the desk key {desk}, which is not here"),
    (lose_the_public_half, "sealed to the desk key {desk}, which is not here"),
    (lose_the_pepper, "receipt.pepper is missing"),
    (another_pepper, "receipt.pepper back from your copy"),
]


@pytest.mark.parametrize(("lose", "sentence"), WAYS)
def test_keys_that_do_not_belong_to_the_tips_are_refused(
    lose: Callable[[Path], None], sentence: str, home: Path, tip: Tip
) -> None:
    public = keys.public_keys(home)
    lose(home)
    said = sentence.format(desk=public.desk_id)
    with pytest.raises(ForeignKeys, match=said):
        refuse(home, opens=False)


@pytest.mark.parametrize("lose", [lose for lose, _ in WAYS])
def test_a_start_makes_nothing_new_over_an_archive(
    lose: Callable[[Path], None], home: Path, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "call_command", lambda *_words, **_options: None)
    lose(home)
    before = sorted(home.rglob("*"))
    with pytest.raises(ForeignKeys):
        installation.prepare(now=NOW, say=print)
    assert sorted(home.rglob("*")) == before


@pytest.mark.parametrize("lose", [lose for lose, _ in WAYS])
def test_a_process_with_other_keys_is_not_ready(
    lose: Callable[[Path], None], home: Path, tip: Tip
) -> None:
    lose(home)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    said = {one["name"]: one for one in answer.json()["checks"]}["own keys"]
    assert said["ok"] is False
    assert "put the keys back from your copy" in said["say"]
    assert str(home) not in answer.content.decode()


def keep_another() -> Tip:
    with transaction.atomic():
        return store(clean(full_draft()), mentions=(), came_by=CameBy.WEB, low_trust=False,
                     receipt=receipts.new(), now=NOW)  # fmt: skip


@pytest.mark.parametrize("lose", [other_keys, another_pepper])
def test_no_tip_is_sealed_to_keys_that_no_copy_holds(
    lose: Callable[[Path], None], home: Path, tip: Tip
) -> None:
    lose(home)
    with pytest.raises(KeyMissing, match="Bring"):
        keep_another()
    assert list(Tip.objects.all()) == [tip]


def test_the_front_door_says_that_nothing_was_kept(
    home: Path, tip: Tip, region: Gazetteer
) -> None:
    other_keys(home)
    answer = Client().post("/api/v1/tips", LEAST, content_type="application/json")
    assert answer.status_code == 503
    assert "Nothing was kept" in answer.json()["detail"]
    assert list(Tip.objects.all()) == [tip]


def test_the_first_tip_may_be_sealed_to_keys_that_were_made_anew(home: Path) -> None:
    other_keys(home)
    assert keep_another().data_key.desk_key_id == keys.public_keys(home).desk_id


def test_a_front_door_whose_key_was_destroyed_takes_no_tip(
    home: Path, tip: Tip, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_keys, "LOOK_AGAIN", 0.0)
    front = tmp_path / "front"
    shutil.copytree(home, front, ignore=shutil.ignore_patterns("private"))
    call_command("keys", "rotate")
    settings.KEYS_DIR = front
    keep_another()
    settings.KEYS_DIR = home
    keep_another()
    call_command("keys", "rotate", "--finish", "--at-once")
    settings.KEYS_DIR = front
    with pytest.raises(KeyMissing):
        keep_another()
    settings.KEYS_DIR = home
    keep_another()


class Clock:
    """Time goes on only where somebody sleeps, and then something happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.at, self.meanwhile = time.monotonic(), meanwhile

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.meanwhile()
        self.at += seconds


def test_a_tip_that_comes_while_an_earlier_key_is_destroyed_still_opens(
    home: Path, tip: Tip, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front door that found its key right a moment ago goes on believing it for that long."""
    front = tmp_path / "front"
    shutil.copytree(home, front, ignore=shutil.ignore_patterns("private"))

    def comes_to_the_front_door() -> Tip:
        settings.KEYS_DIR = front
        try:
            return keep_another()
        finally:
            settings.KEYS_DIR = home

    monkeypatch.setattr(own_keys, "time", Clock(comes_to_the_front_door))
    call_command("keys", "rotate")
    comes_to_the_front_door()
    call_command("keys", "rotate", "--finish", "--at-once")
    with pytest.raises(KeyMissing):
        comes_to_the_front_door()
    desk = keys.desk_private(home / "private")
    assert desk.earlier == ()
    tip.data_key.refresh_from_db()
    opened = [narrative_of(one, desk) for one in Tip.objects.all()]
    assert opened == [narrative_of(tip, desk)] * 3


def test_the_right_keys_are_ready(home: Path, tip: Tip) -> None:
    refuse(home)
    checks = {one["name"]: one["ok"] for one in Client().get("/readyz").json()["checks"]}
    assert checks["own keys"]


def test_what_opens_tips_needs_the_private_key_too(home: Path, tip: Tip) -> None:
    shutil.move(home / "private", home / "elsewhere")
    refuse(home, opens=False)
    with pytest.raises(KeyMissing, match=r"desk\.key"):
        refuse(home)
    keys.init(home / "other", home / "private")
    with pytest.raises(ForeignKeys, match="The private key is"):
        refuse(home)


def private_halves_of_another_trial(home: Path, *pairs: str) -> None:
    keys.init(home / "trial", home / "trial" / "private")
    for pair in pairs:
        shutil.copy(home / "trial" / "private" / f"{pair}.key", home / "private")


def test_no_start_seals_the_first_tip_to_what_nothing_here_opens(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "call_command", lambda *_words, **_options: None)
    private_halves_of_another_trial(home, "desk")
    with pytest.raises(ForeignKeys, match="nobody could read what comes in"):
        installation.prepare(now=NOW, say=print)
    with pytest.raises(CommandError):
        call_command("keys", "status")


@pytest.mark.parametrize(("pair", "status"), [("desk", 503), ("vault", 200)])
def test_a_desk_says_that_halves_are_of_two_pairs(
    home: Path, settings: Any, region: Gazetteer, pair: str, status: int
) -> None:
    settings.ROLE = "desk"
    private_halves_of_another_trial(home, pair)
    answer = Client().get("/readyz")
    needed = f"private half of the {pair} key {getattr(keys.public_keys(home), pair).id}"
    assert any(needed in one["say"] for one in answer.json()["checks"] if not one["ok"])
    assert answer.status_code == status


def test_names_that_would_not_open_keep_no_tip_out(
    home: Path, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    private_halves_of_another_trial(home, "vault")
    said: list[str] = []
    installation.make_keys(say=said.append)
    assert any("vault.pub" in one for one in said)


def test_tips_from_before_the_marks_are_judged_by_their_rows(home: Path, tip: Tip) -> None:
    KeyMark.objects.all().delete()
    refuse(home)
    own_keys.remember(home)
    assert KeyMark.objects.filter(kind="desk", mark=keys.public_keys(home).desk_id).exists()
    KeyMark.objects.all().delete()
    other_keys(home)
    with pytest.raises(ForeignKeys):
        refuse(home)


def test_without_tips_keys_may_be_made_anew(home: Path) -> None:
    other_keys(home)
    refuse(home)
    own_keys.remember(home)
    assert KeyMark.objects.count() == 3
    assert KeyMark.objects.filter(mark=keys.public_keys(home).desk_id).exists()


def test_a_front_door_with_the_earlier_public_key_is_ready_until_the_rotation_ends(
    home: Path, tip: Tip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = tmp_path / "front"
    shutil.copytree(home, front, ignore=shutil.ignore_patterns("private"))
    call_command("keys", "rotate")
    own_keys.refuse_foreign(front, front / "private", opens=False)
    monkeypatch.setattr(own_keys, "LOOK_AGAIN", 0.0)
    call_command("keys", "rotate", "--finish", "--at-once")
    refuse(home)
    with pytest.raises(ForeignKeys):
        own_keys.refuse_foreign(front, front / "private", opens=False)


def test_an_interrupted_rotation_is_no_loss(home: Path, tip: Tip) -> None:
    keys.begin_rotation(home, home / "private", "desk", expect=own_keys.expect)
    refuse(home)
    own_keys.remember(home)
    refuse(home)


def test_the_commands_make_no_pepper_over_an_archive(home: Path, tip: Tip) -> None:
    (home / "desk.pub").unlink()
    lose_the_pepper(home)
    with pytest.raises(CommandError, match="make every receipt unknown"):
        call_command("keys", "init")


@pytest.mark.processes
def test_up_says_which_key_must_come_back(tmp_path: Path) -> None:
    """A volume that is not mounted: the whole command, with its exit code."""
    env = {**os.environ, "TIPINTAKE_HOME": str(tmp_path), "DATABASE_URL": ""}
    keep = (
        "from django.core.management import call_command as c; c('migrate', verbosity=0);"
        "c('keys', 'init'); c('region', 'load');"
        "from django.utils.timezone import now; from tipintake.pipeline.submit import submit_tip;"
        "from tipintake.tips.draft import TipDraft;"
        "submit_tip(TipDraft.from_mapping({'category': 'SUSPICIOUS_PLACE_PATTERN', 'immediacy':"
        "'ONGOING', 'minor_present': 'NO', 'indicators': ['HTL_TRAFFIC'], 'locations': ["
        "{'place_type': 'HOTEL_MOTEL', 'city': 'Wentzville'}]}), came_by='API', now=now())"
    )
    kept = manage(env, "shell", "-c", keep)
    assert kept.returncode == 0, kept.stderr
    key_id = keys.public_keys(tmp_path / "keys").desk_id
    shutil.move(tmp_path / "keys", tmp_path / "unmounted")
    refused = manage(env, "up", "--no-samples")
    assert refused.returncode != 0
    assert f"sealed to the desk key {key_id}, which is not here" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "keys" / "desk.pub").exists()
    assert not (tmp_path / "keys" / "receipt.pepper").exists()


def manage(env: dict[str, str], *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
