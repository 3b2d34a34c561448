"""`manage.py policy`: what an officer types, and what it answers."""

import json
import os
import subprocess
import sys
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.routing.policies import WEEKEND_NIGHT, with_rules
from tests.routing.test_commands import TIP, run
from tests.routing.test_policy_life import NIGHT_CASE
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.policy.current import policy_in_force
from tipintake.routing.policy.rulebook import FIRST, FIRST_CASES
from tipintake.staff import accounts
from tipintake.staff.roles import Role


def policy(*arguments: str) -> str:
    said = StringIO()
    call_command("policy", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def officers(region: Gazetteer, now: datetime) -> None:
    for name, role in (("kim", "Policy officer"), ("lee", "Policy officer"), ("ann", "Analyst")):
        accounts.create(name, roles=[Role(role)], actor="test", now=now)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    rules, cases = tmp_path / "rules.toml", tmp_path / "cases.jsonl"
    rules.write_text(with_rules(WEEKEND_NIGHT), encoding="utf-8")
    cases.write_text(FIRST_CASES + NIGHT_CASE, encoding="utf-8")
    return str(rules), str(cases)


@pytest.mark.usefixtures("officers")
def test_two_people_bring_a_file_into_force(files: tuple[str, str]) -> None:
    rules, cases = files
    assert "is sound: 11 rules, 12 cases hold" in policy("check", rules, "--cases", cases)
    assert "Draft 2 stands" in policy("draft", rules, "--cases", cases, "--by", "kim")
    assert "R10 added" in policy("diff", "2")
    assert "2 is sound" in policy("check", "2")
    with pytest.raises(CommandError):
        policy("activate", "2", "--by", "lee")
    assert "over 0 tips" in policy("simulate", "2", "--by", "kim")
    assert "Version 2 is in force" in policy("activate", "2", "--by", "lee")
    assert policy_in_force().version == 2
    listed = policy("list").splitlines()
    assert "Retired" in listed[0]
    assert "Active" in listed[1]
    assert "by lee" in listed[1]
    assert policy("show", "1").strip() == FIRST.text.strip()
    assert 'code = "R10"' in policy("show")


@pytest.mark.usefixtures("officers")
def test_the_cases_of_a_draft_are_taken_out_and_added_to(tmp_path: Path) -> None:
    policy("draft", "--by", "kim")
    cases = tmp_path / "cases.jsonl"
    cases.write_text(policy("show", "2", "--cases") + NIGHT_CASE, encoding="utf-8")
    rules = tmp_path / "rules.toml"
    rules.write_text(with_rules(WEEKEND_NIGHT), encoding="utf-8")
    said = policy("revise", "2", str(rules), "--cases", str(cases), "--by", "kim")
    assert "It has 12 example cases now; it had 11." in said
    assert "12 cases hold" in policy("check", "2")
    assert policy("show", "--cases").strip() == FIRST_CASES.strip()


@pytest.mark.usefixtures("officers")
def test_only_officers_draft_and_activate(files: tuple[str, str]) -> None:
    with pytest.raises(CommandError, match="ann may not draft"):
        policy("draft", *files[:1], "--by", "ann")
    with pytest.raises(CommandError, match="no account"):
        policy("draft", *files[:1], "--by", "nobody")
    policy("draft", "--by", "kim")
    with pytest.raises(CommandError, match="ann may not put a policy in force"):
        policy("activate", "2", "--by", "ann")
    with pytest.raises(CommandError, match="no policy version 9"):
        policy("check", "9")


def test_what_is_wrong_is_listed_and_the_exit_code_says_so(
    region: Gazetteer, files: tuple[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(FIRST.text.replace('"danger_now"', '"danger"'), encoding="utf-8")
    said = StringIO()
    with pytest.raises(CommandError, match="1 thing to mend"):
        call_command("policy", "check", str(broken), stdout=said)
    assert said.getvalue().startswith("R0.when.field: 'danger' is not on the list of fields")
    with pytest.raises(CommandError, match="cannot be read"):
        policy("check", str(tmp_path / "missing.toml"))


def test_a_tip_is_explained_by_the_version_asked_for(
    officers: None,
    files: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
) -> None:
    always = with_rules(WEEKEND_NIGHT).replace("between = [22, 4]", "between = [0, 23]")
    always = always.replace('{ field = "weekday", in = ["Saturday", "Sunday"] }, ', "")
    (tmp_path / "rules.toml").write_text(always, encoding="utf-8")
    policy("draft", files[0], "--cases", files[1], "--by", "kim")
    policy("simulate", "2")
    policy("activate", "2", "--by", "lee")
    line = json.dumps({"id": 1, "tip": TIP})
    (now_,) = run("explain_route", [line], monkeypatch, capsys)
    assert now_["also"] == ["mshp"]
    monkeypatch.setattr("tests.routing.test_commands.call_command", _by_version_one)
    (then,) = run("explain_route", [line], monkeypatch, capsys)
    assert then["also"] == []


def _by_version_one(command: str, *arguments: str) -> None:
    call_command(command, *arguments, "--policy", "1")


def test_fields_are_listed_with_kind_and_choices() -> None:
    said = policy("fields")
    assert "hour: the hour at which the tip came" in said
    assert "'SUSPICIOUS_PLACE_PATTERN'" in said
    assert "'ambiguous', 'out_of_area', 'resolved', 'unknown'" in said


def test_a_fresh_clone_checks_and_compares_without_making_a_database(
    files: tuple[str, str], tmp_path: Path
) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DATABASE")
    }

    def manage(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", "policy", *arguments],
            capture_output=True,
            text=True,
            cwd=settings.BASE_DIR,
            env={**environment, "TIPINTAKE_HOME": str(tmp_path / "home")},
            timeout=300,
            check=True,
        ).stdout

    (tmp_path / "home").mkdir()
    assert "sound" in manage("check", files[0], "--cases", files[1])
    assert "R10 added" in manage("diff", files[0])
    assert not list(tmp_path.rglob("*.sqlite3*"))
