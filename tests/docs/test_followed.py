"""The how-tos, followed: each command of a page, in its order, on an installation of this test.

What needs a network, a machine of its own, or another database stands in `PARSED_ONLY` with where
else it is run; `test_commands.py` holds the options of those against the commands' own parsers.
"""

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.docs.commands import DOCS, FENCE, Typed, typed_in
from tests.pipeline.conftest import draft
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys
from tipintake.staff import accounts, audit, heads
from tipintake.staff.models import PartnerToken
from tipintake.staff.roles import Role
from tipintake.tips.vocabulary import CameBy

HOW_TO = DOCS / "how-to"


@dataclass(slots=True)
class Follower:
    """Somebody who types what a page says, in a folder of their own."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    committed: Callable[..., AbstractContextManager[Any]]
    said: list[str] = field(default_factory=list)

    def type(self, one: Typed, *, instead: Mapping[str, str]) -> None:
        text = one.text
        for said, meant in instead.items():
            text = text.replace(said, meant)
        one = replace(one, text=text)
        out = io.StringIO()
        fed = io.TextIOWrapper(io.BytesIO(one.fed.encode()), "utf-8")
        self.monkeypatch.setattr(sys, "stdin", fed)
        try:
            with self.committed(execute=True):
                call_command(*one.managed, stdout=out)
        except CommandError as problem:
            pytest.fail(f"{one}: {problem}\n{out.getvalue()}")
        self.said.append(out.getvalue())
        if one.kept_in:
            (self.folder / one.kept_in).write_text(out.getvalue(), "utf-8")


@pytest.fixture
def follower(
    region: Gazetteer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Follower:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "HOME", tmp_path)
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    monkeypatch.setattr(bell, "ring_notify", lambda: None)
    return Follower(tmp_path, monkeypatch, django_capture_on_commit_callbacks)


# --- What must be there before a page begins ----------------------------------------------------

Prepare = Callable[[Path, pytest.MonkeyPatch], Mapping[str, str]]


def nothing(_folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    return {}


def people(*names: str, role: Role = Role.ANALYST) -> Prepare:
    def make(_folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
        for name in names:
            accounts.create(name, roles=(role,), lines=(), actor="test", now=timezone.now())
        return {"KEY": "JBSWY3DPEHPK3PXP"}

    return make


def add_the_case(folder: Path) -> None:
    """The case of the page, below those of the version in force."""
    with (folder / "cases.jsonl").open("a", encoding="utf-8") as cases:
        cases.write(_block("change-the-policy.md", '{"id"'))


def write_the_rule(folder: Path) -> None:
    """What an officer does with an editor: the rule of the page, before the catch-all."""
    rules = folder / "rules.toml"
    head, mark, tail = rules.read_text("utf-8").partition("# The catch-all")
    assert mark
    rules.write_text(f"{head}{_block('change-the-policy.md', '[[rule]]')}\n{mark}{tail}", "utf-8")


def a_list(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    (folder / "list.csv").write_text(_block("look-after-the-directory.md", "code,"), "utf-8")
    return {}


def a_contact(_folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    call_command(
        *("contact", "add", "wentzville-pd", "--channel", "webhook"),
        *("--address", "https://cad.police.example/other"),
        stdout=io.StringIO(),
    )
    return {"42": str(Contact.objects.latest("pk").pk)}


def an_agency(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    people("triage")(folder, monkeypatch)
    return a_contact(folder, monkeypatch)


def another_region(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """A folder of packs that may be written into, and in it a county whose pack is filled."""
    regions = folder / "regions"
    copytree(settings.REGIONS_DIR, regions)
    monkeypatch.setattr(settings, "REGIONS_DIR", regions)
    return {f"{act} boone-county": f"{act} st-louis" for act in ("check", "diff", "load")}


def new_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    monkeypatch.setattr(settings, "KEYS_DIR", folder / "keys" / "public")
    monkeypatch.setattr(settings, "PRIVATE_KEYS_DIR", folder / "keys" / "private")
    monkeypatch.setattr(settings, "AUDIT_KEYS_DIR", folder / "keys" / "audit")
    return {}


def own_keys(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """Keys that may be changed, with a tip sealed to them; nobody here waits for an hour."""
    new_keys(folder, monkeypatch)
    call_command("keys", "init", stdout=io.StringIO())
    made = a_tip(folder, monkeypatch)
    return {**made, "--finish": "--finish --at-once"}


def a_token(_folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    call_command("token", "make", "Another", "--line", "wentzville-pd", stdout=io.StringIO())
    return {"k3v9x2m4pq": PartnerToken.objects.latest("pk").public}


def a_head(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The audit as it stood some time ago."""
    people("lee")(folder, monkeypatch)
    audit.seal_chain(now=timezone.now())
    heads.make_key()
    heads.note(audit.head(), now=timezone.now())
    head = str(audit.head())
    return {
        "…the newest line that you kept elsewhere…": head,
        "5821:9f0c… 2026-11-20T07:00:11+00:00 kX1v…": head,
    }


def a_tip(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """One that waits at Wentzville, and the key that a recipient was given."""
    moment = timezone.now()
    receipt = submit_tip(draft(), came_by=CameBy.API, now=moment)
    assert route_waiting(now=moment) == 1
    (folder / "signing.pem").write_text(keys.signing_public(settings.KEYS_DIR).pem, "ascii")
    return {"verify_export FILE": "verify_export october.zip", "T-7Q2M-4KX9": receipt.reference}


def _block(page: str, begins: str) -> str:
    text = (HOW_TO / page).read_text("utf-8")
    found = next(one[3] for one in FENCE.finditer(text) if one[3].strip().startswith(begins))
    return "\n".join(line.strip() for line in found.strip().splitlines()) + "\n"


# --- The pages ----------------------------------------------------------------------------------

FOLLOWED: Mapping[str, Prepare] = {
    "add-a-channel.md": a_contact,
    "add-a-format.md": nothing,
    "add-a-region.md": another_region,
    "add-an-agency.md": an_agency,
    "answer-a-records-request.md": a_tip,
    "back-up-and-restore.md": a_head,
    "connect-an-agencys-system.md": a_token,
    "deploy-with-compose.md": new_keys,
    "go-into-production.md": a_head,
    "load-boundaries.md": nothing,
    "verify-the-audit.md": a_head,
    "change-the-policy.md": people("kim", "lee", role=Role.POLICY_OFFICER),
    "hand-over-an-export.md": a_tip,
    "look-after-the-directory.md": a_list,
    "manage-accounts.md": people("lee"),
    "publish-the-numbers.md": nothing,
    "register-a-webhook.md": a_contact,
    "rotate-keys.md": own_keys,
    "run-on-one-machine.md": nothing,
    "verify-a-line.md": nothing,
}

# What a page says to do by hand after one of its commands.
BY_HAND: Mapping[str, Callable[[Path], None]] = {
    "python manage.py policy show 2 > rules.toml": write_the_rule,
    "python manage.py policy show 2 --cases > cases.jsonl": add_the_case,
}

ELSEWHERE: Mapping[str, str] = {
    "python manage.py contact try": "asks a server on the network: tests/delivery",
    "python manage.py check --deploy": "settings of a service: tests/deploy",
    "python manage.py check_exports": "a package of every format: tests/reports/test_formats.py",
    "python manage.py demo": "minutes: tests/demo",
    "python manage.py restore": "an empty database: tests/backup/test_rehearsal.py",
    "python manage.py backup --to": "a database of its own: tests/backup/test_rehearsal.py",
    "python manage.py load_boundaries": "files of the Census Bureau: tests/directory",
    "python manage.py publish_numbers 2026": "quarters that were counted: tests/reports",
    "python manage.py seizure_test": "a running installation: tests/seizure",
    "python -m tests.upgrade.stored": "a release of its own: tests/upgrade",
    "python manage.py up": "a running installation: tests/test_up.py",
}


def to_be_typed(page: Path) -> Iterator[Typed]:
    """Whole commands; a name in passing is none."""
    for one in typed_in(page):
        if one.managed and (one.fenced or ("python manage.py" in one.text and one.managed[1:])):
            yield one


def elsewhere(one: Typed) -> bool:
    return any(words in one.text for words in ELSEWHERE)


@pytest.mark.parametrize("page", sorted(FOLLOWED))
def test_a_page_can_be_followed(page: str, follower: Follower) -> None:
    instead = FOLLOWED[page](follower.folder, follower.monkeypatch)
    for one in to_be_typed(HOW_TO / page):
        if not elsewhere(one):
            follower.type(one, instead=instead)
            if one.text in BY_HAND:
                BY_HAND[one.text](follower.folder)


def test_every_page_with_commands_is_followed() -> None:
    left = {
        page.name
        for page in HOW_TO.glob("*.md")
        if page.name not in FOLLOWED and any(not elsewhere(one) for one in to_be_typed(page))
    }
    assert left == set()
