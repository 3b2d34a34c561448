"""A wrong setting stops the start with its name and a sentence."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from celery import Celery

from config import env
from tipintake.privacy.keys import web_secret

ROOT = Path(__file__).resolve().parent.parent


def test_a_wrong_choice_names_the_variable_and_the_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TIPINTAKE_ROLE", "everything")
    with pytest.raises(env.SettingError, match="TIPINTAKE_ROLE='everything'.*public, desk"):
        env.choice("TIPINTAKE_ROLE", "manage", ("public", "desk"))


@pytest.mark.parametrize("value", ["eighty", "-1", "0", "70000", "8.0", "٨٠"])
def test_a_port_is_a_whole_number_in_range(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PUBLIC_PORT", value)
    with pytest.raises(env.SettingError, match="PUBLIC_PORT.*from 1 to 65535"):
        env.number("PUBLIC_PORT", 8700, least=1, most=65535)


def test_a_flag_is_one_or_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPINTAKE_HTTPS", "perhaps")
    with pytest.raises(env.SettingError, match="use 1 or 0"):
        env.flag("TIPINTAKE_HTTPS", default=False)


def test_a_folder_that_is_a_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("TIPINTAKE_HOME", str(tmp_path / "state"))
    with pytest.raises(env.SettingError, match="name a folder"):
        env.folder("TIPINTAKE_HOME", tmp_path)


def test_a_wrong_database_address_never_shows_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://someone:open-sesame@host/tips")
    with pytest.raises(env.SettingError) as refused:
        env.database("DATABASE_URL", tmp_path)
    assert "postgresql://" in str(refused.value)
    assert "open-sesame" not in str(refused.value)


def test_a_socket_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://tips@:5433/tips?host=/run/Pg")
    assert env.database("DATABASE_URL", tmp_path)["HOST"] == "/run/Pg"


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        "foo://x",
        "redis://",
        "redis://h:x/0",
        "redis+socket:",
        "redis+socket:///x?db=one",
        "redis+socket:///x?virtual_host=1&db=2",
    ],
)
def test_a_broker_is_an_address_and_its_password_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("REDIS_URL", value)
    with pytest.raises(env.SettingError, match="use redis://host:port/0"):
        env.broker("REDIS_URL", "")
    monkeypatch.setenv("REDIS_URL", "http://:open-sesame@host/0")
    with pytest.raises(env.SettingError) as refused:
        env.broker("REDIS_URL", "")
    assert "open-sesame" not in str(refused.value)


@pytest.mark.parametrize(
    "value",
    [
        *("redis://:pw@valkey:6379/0", "redis+socket:///x"),
        "rediss://u:pw@h/1?ssl_cert_reqs=none",
    ],
)
def test_a_broker_may_stand_elsewhere(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("REDIS_URL", value)
    assert env.broker("REDIS_URL", "") == value


def test_a_brokers_address_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "broker"
    file.write_text("redis://tips:open-sesame@valkey:6379/0\n")
    monkeypatch.setenv("REDIS_URL_FILE", str(file))
    assert env.broker("REDIS_URL", "") == "redis://tips:open-sesame@valkey:6379/0"
    file.write_text("")
    with pytest.raises(env.SettingError, match="REDIS_URL_FILE=.*the file is empty"):
        env.broker("REDIS_URL", "redis+socket:///here")


@pytest.mark.parametrize(
    "value", ["rediss://:pw@h/1", "rediss://:pw@h:6380/0?ssl_ca_certs=/etc/ca.pem"]
)
def test_bells_go_only_to_a_broker_that_shows_its_certificate(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Celery's own default would tell the password to whoever stands between."""
    monkeypatch.setenv("REDIS_URL", value)
    with Celery(broker=env.broker("REDIS_URL", ""), set_as_current=False) as app:
        told = app.connection_for_write().ssl
    assert isinstance(told, dict)
    assert told["ssl_cert_reqs"] == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    "value", ["foo", "ftp://x", "https://", "https://x/path", "http://x:port", "http://a b", "//x"]
)
def test_a_web_address_is_scheme_and_host(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DESK_URL", value)
    with pytest.raises(env.SettingError, match="DESK_URL.*without a path"):
        env.web_address("DESK_URL", "http://localhost:8701")


def test_a_web_address_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_URL", "https://desk.county.example/")
    assert env.web_address("DESK_URL", "") == "https://desk.county.example"


@pytest.mark.parametrize(
    ("public", "desk"),
    [
        (["tips.example"], ["desk.example", "Tips.example"]),
        (["*"], ["desk.example"]),
        (["tips.example"], [".example"]),
        ([".county.example"], ["county.example"]),
    ],
)
def test_no_name_leads_to_both_doors(public: list[str], desk: list[str]) -> None:
    with pytest.raises(env.SettingError, match="DESK_HOSTS.*PUBLIC_HOSTS has"):
        env.disjoint("DESK_HOSTS", desk, "PUBLIC_HOSTS", public)


def test_names_beside_each_other_are_two_doors() -> None:
    env.disjoint(
        "DESK_HOSTS", ["desk.example"], "PUBLIC_HOSTS", ["tips.example", "x.desk.example"]
    )


def test_a_database_port_is_a_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://tips:open-sesame@host:five/tips")
    with pytest.raises(env.SettingError) as refused:
        env.database("DATABASE_URL", tmp_path)
    assert "open-sesame" not in str(refused.value)


@pytest.mark.parametrize("content", ["", " \n"])
def test_a_file_without_an_address_does_not_lead_to_another_database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    """Else tips would be kept in a new SQLite file, where nobody of the desk looks."""
    file = tmp_path / "database"
    file.write_text(content)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL_FILE", str(file))
    with pytest.raises(env.SettingError, match="DATABASE_URL_FILE=.*the file is empty"):
        env.database("DATABASE_URL", tmp_path)
    file.write_text("postgresql://tips@db/tips")
    assert env.database("DATABASE_URL", tmp_path)["HOST"] == "db"


def test_the_secret_half_of_a_recovery_key_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = pyrage.x25519.Identity.generate()
    monkeypatch.setenv("BACKUP_RECIPIENTS", str(made.to_public()))
    assert env.age_recipients("BACKUP_RECIPIENTS") == [str(made.to_public())]
    monkeypatch.setenv("BACKUP_RECIPIENTS", f"{made.to_public()}, {made}")
    with pytest.raises(env.SettingError, match="Take that off this machine") as refused:
        env.age_recipients("BACKUP_RECIPIENTS")
    assert str(made) not in str(refused.value)


MANAGE = ("manage.py", "check")
CELERY = ("-m", "celery", "-A", "config", "worker")
WEB = ("-c", "import config.wsgi")
UP = ("manage.py", "up", "--no-samples")


@pytest.mark.processes
@pytest.mark.parametrize(
    ("command", "wrong"),
    [
        (MANAGE, {"LOG_LEVEL": "loud"}),
        (MANAGE, {"TIPINTAKE_HOME": "/proc/nope"}),
        (MANAGE, {"TIPINTAKE_KEYS": "/proc/nope"}),
        (MANAGE, {"DATABASE_URL": "mysql://x"}),
        (MANAGE, {"DESK_HOSTS": "127.0.0.1"}),
        (MANAGE, {"BACKUP_RECIPIENTS": "age1…"}),
        (CELERY, {"REDIS_URL": "nonsense"}),
        (CELERY, {"SWEEP_SECONDS": "0"}),
        (WEB, {"DESK_URL": "foo"}),
        (WEB, {"LOG_LEVEL": "loud"}),
        (UP, {"PUBLIC_PORT": "abc"}),
        (UP, {"TIPINTAKE_HOME": "/proc"}),
    ],
)
def test_a_wrong_setting_ends_a_start_with_one_sentence(
    command: tuple[str, ...], wrong: dict[str, str], tmp_path: Path
) -> None:
    env_given = {**os.environ, "TIPINTAKE_HOME": str(tmp_path), "DATABASE_URL": "", **wrong}
    if command is UP:
        env_given["TIPINTAKE_KEYS"] = str(tmp_path)
    ended = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=env_given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    (sentence,) = ended.stderr.strip().splitlines()
    assert next(iter(wrong)) in sentence
    assert ended.returncode == 2


def test_a_damaged_web_secret_ends_a_start_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "web.secret").write_bytes(b"\xff\xfe")
    with pytest.raises(env.SettingError, match=r"TIPINTAKE_KEYS.*does not hold a key"):
        env.secret("TIPINTAKE_KEYS", tmp_path, web_secret)


def test_a_variable_of_our_name_that_nothing_reads_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert list(env.unread()) == []
    monkeypatch.setenv("TIPINTAKE_TRUSTED_PROXI", "1")
    monkeypatch.setenv("TIPINTAKE_PUBLIC_HOSTS", "tips.county.example")
    monkeypatch.setenv("TIPINTAKE_XYZ", "secret")
    monkeypatch.setenv("PUBLIC_HOSTZ", "of another program")
    public, proxy, other = env.unread()
    assert "Is PUBLIC_HOSTS meant?" in public
    assert "Is TIPINTAKE_TRUSTED_PROXY meant?" in proxy
    assert other.startswith("TIPINTAKE_XYZ is set, and nothing reads it. docs/")


@pytest.mark.processes
def test_a_misspelt_variable_is_said_by_whatever_is_typed_and_stops_nothing(
    tmp_path: Path,
) -> None:
    given = {**os.environ, "TIPINTAKE_HOME": str(tmp_path), "TIPINTAKE_HOEM": "/srv/tips"}
    done = subprocess.run(
        [sys.executable, "manage.py", "sanitize", "--help"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    (said,) = done.stderr.splitlines()
    assert "TIPINTAKE_HOEM is set, and nothing reads it. Is TIPINTAKE_HOME meant?" in said
