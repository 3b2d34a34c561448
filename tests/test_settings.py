"""Each setting that the reference lists is refused at the start when it cannot be used."""

import os
import re
import runpy
from pathlib import Path

import pytest

from config.env import SettingError

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
BAD: dict[str, tuple[str, ...]] = {
    "TIPINTAKE_HOME": ("/etc/passwd", "/proc/nope", "a\nb"),
    "TIPINTAKE_KEYS": ("/etc/passwd", "/proc/nope"),
    "TIPINTAKE_PRIVATE_KEYS": ("/etc/passwd", "~nobody-here/keys"),
    "TIPINTAKE_AUDIT_KEYS": ("/etc/passwd",),
    "TIPINTAKE_EXPORTS": ("/etc/passwd",),
    "TIPINTAKE_REGION": ("../..", "st louis", "st-louis/"),
    "TIPINTAKE_REGIONS": ("/etc/passwd",),
    "TIPINTAKE_ROLE": ("everything",),
    "TIPINTAKE_DEBUG": ("perhaps",),
    "DATABASE_URL": (
        *("nonsense", "mysql://h/x", "sqlite://", "sqlite:///", "sqlite:///tmp", "sqlite://a/b"),
        *("postgresql://h", "postgresql://h:0/x", "postgresql://h:five/x", "postgresql://h/a/b"),
        *("postgresql://h/x#y", "postgresql://h/x?sslmod=require"),
        "postgresql://h/x?sslmode=perhaps",
    ),
    "SWEEP_SECONDS": ("0", "6e1", "3601"),
    "REDIS_URL": ("h:6379", "redis://h:0/0", "redis://h:6379/x", "redis://h:6379/0/1"),
    "PUBLIC_HOSTS": (
        *(",", "https://tips.example", "tips.example:8700", "tips.example/x", "tips example"),
    ),
    "DESK_HOSTS": (",", "https://desk.example", "desk.example:8701", "127.0.0.1", "*"),
    "DESK_IDLE_MINUTES": ("0", "31"),
    "PUBLIC_URL": ("tips.example", "http://tips.example:0", "https://tips.example/x"),
    "DESK_URL": ("desk.example", "http://desk.example:0", "https://desk.example/x"),
    "ORGANIZATION_NAME": ("A\nB",),
    "TIPINTAKE_HTTPS": ("yes please",),
    "TIPINTAKE_TRUSTED_PROXY": ("127.0.0.1",),
    "ONION_LOCATION": ("nonsense", "http://a b.onion", "http://a.onion\r\nX: y"),
    "TIPINTAKE_HASHED_STATIC": ("2",),
    "EMAIL_BACKEND": ("smtp",),
    "EMAIL_HOST": ("smtp://mail.example", "mail.example:587", "mail example"),
    "EMAIL_PORT": ("0", "smtp"),
    "EMAIL_USE_TLS": ("starttls",),
    "DEFAULT_FROM_EMAIL": ("nobody", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"),
    "AUDIT_DIGEST_TO": ("nobody", "a@b.example; c@d.example"),
    "WEBHOOK_ALLOWED_NETWORKS": ("10.20.0.5/16", "intranet"),
    "WEBHOOK_ALLOW_LOOPBACK": ("maybe",),
    "ALERT_WEBHOOK": ("watch.example", "https://watch.example:0/", "https://watch.example:70000/"),
    "METRICS_TOKEN": ("zwölf", "two words"),
    "BACKUP_RECIPIENTS": ("age1x",),
    "LOG_FORMAT": ("xml",),
    "LOG_LEVEL": ("loud",),
    "TIPINTAKE_SENDER_PATIENCE": ("0", "nan"),
    "TIPINTAKE_RETRY_SCALE": ("nan", "inf"),
}
GOOD: dict[str, tuple[str, ...]] = {
    "DATABASE_URL": (
        *("sqlite:///var/tips.sqlite3", "postgresql://tips@/tips?host=/run/postgresql"),
        "postgresql://u:p@db.example:5433/tips?sslmode=verify-full&sslrootcert=/etc/ca.pem",
        "postgresql://u:p@db.example/tips?sslmode=require&channel_binding=require",
        "postgresql://u:p@/tips?host=db.example&port=5433&connect_timeout=3",
    ),
    "PUBLIC_HOSTS": ("tips.county.example, .town.example", "[::1],127.0.0.1"),
    "ONION_LOCATION": ("http://abc.onion/",),
    "EMAIL_HOST": ("mail.county.example", "smtp.county.example.", "::1", "127.0.0.1"),
    "DEFAULT_FROM_EMAIL": ("Tip desk <tips@county.example>", "tip-desk@localhost"),
    "AUDIT_DIGEST_TO": (
        "audit@county.example, board@town.example",
        "Audit of the county <audit@county.example>",
    ),
    "METRICS_TOKEN": ("s3cret+/=",),
    "REDIS_URL": ("redis://:pw@h:6379", "rediss://h/1"),
}
# Any line of text will do, or what reads it is a command, compose or a test.
FREE = {"EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD", "STAFF_SUPPORT"}
ELSEWHERE = {
    "PUBLIC_PORT",
    "DESK_PORT",
    "PUBLIC_DATABASE_URL",
    "INSIDE_DATABASE_URL",
    "ONION_HOST",
}


def read() -> None:
    runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in BAD:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TIPINTAKE_HOME", str(tmp_path))


@pytest.mark.parametrize(("name", "value"), [(name, one) for name in BAD for one in BAD[name]])
def test_what_cannot_be_used_ends_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingError) as refused:
        read()
    sentence = str(refused.value)
    assert sentence.startswith(f"{name}=")
    assert sentence.endswith(".") or "age1…" in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize(("name", "value"), [(name, one) for name in GOOD for one in GOOD[name]])
def test_what_can_be_used_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    read()


@pytest.mark.parametrize("begun", [False, True])
def test_root_leaves_nothing_in_the_home_of_the_services_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, begun: bool
) -> None:
    theirs = tmp_path / "keys" / "web.secret" if begun else tmp_path
    if begun:
        theirs.parent.mkdir()
        theirs.write_text("x" * 64)
    if os.geteuid() == 0:
        os.chown(theirs, 65534, 65534)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SettingError, match="Type the command as"):
        read()
    assert sorted(tmp_path.rglob("*")) == before


def test_every_setting_of_the_reference_is_tried() -> None:
    service = REFERENCE.partition("## For tests")[0]
    rows = [line.split("|")[1] for line in service.splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert listed == (set(BAD) - {"TIPINTAKE_SENDER_PATIENCE", "TIPINTAKE_RETRY_SCALE"}) | (
        FREE | ELSEWHERE
    )
