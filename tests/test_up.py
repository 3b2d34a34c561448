"""One machine comes up as its how-to sets it up, under names that lead to it from outside."""

import re
import resource
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from pytest_django import Settings

from config import installation
from config.supervisor import Part, StartFailed
from tests.installation import Installation, some_port
from tests.installation import installation as running
from tests.region.packs import append, copy
from tipintake.directory.models import RegionRelease
from tipintake.files import CannotWrite
from tipintake.region.entries import PackError

ROOT = Path(__file__).resolve().parent.parent
HERE = {"TIPINTAKE_HOME", "BACKUP_RECIPIENTS"}  # a folder and a key of the test's own


def of_the_how_to() -> dict[str, str]:
    """What the page puts into /etc/tipintake.env."""
    page = (ROOT / "docs" / "how-to" / "run-on-one-machine.md").read_text("utf-8")
    (block,) = re.findall(r"In `/etc/tipintake.env`:\n\n```sh\n(.*?)```", page, re.DOTALL)
    told = dict(line.split("=", 1) for line in block.splitlines())
    return {name: value for name, value in told.items() if name not in HERE}


@pytest.fixture(scope="module")
def one() -> Iterator[Installation]:
    with running(**of_the_how_to()) as started:
        yield started


@pytest.mark.processes
@pytest.mark.enable_socket
def test_passwords_are_said_before_anything_can_fail(one: Installation) -> None:
    printed = one.printed()
    assert len(re.findall(r"(?:[a-z0-9]{4}-){4}[a-z0-9]{4}", printed)) == 4
    assert printed.index("Staff accounts") < printed.index("ready in")
    assert "Log on at https://desk.town.example once it is ready." in printed


@pytest.mark.processes
@pytest.mark.enable_socket
def test_nobody_else_on_the_machine_reads_the_database(one: Installation) -> None:
    """Not even where its folder was there before, and is open to all."""
    found = sorted(one.home.glob("tipintake.sqlite3*"))
    if not found:
        pytest.skip("the database is a server's")
    assert {path.name: path.stat().st_mode & 0o077 for path in found} == {
        path.name: 0 for path in found
    }


@pytest.mark.processes
@pytest.mark.enable_socket
def test_samples_are_sent_under_the_name_that_leads_there(
    one: Installation, tmp_path: Path, settings: Settings
) -> None:
    settings.PUBLIC_HOSTS = of_the_how_to()["PUBLIC_HOSTS"].split(",")
    assert settings.PUBLIC_HOSTS != ["127.0.0.1"]
    assert installation.send_samples(one.public, tmp_path, lambda _line: None)


def test_a_region_without_samples_starts_all_the_same(tmp_path: Path, settings: Settings) -> None:
    settings.REGIONS_DIR, settings.REGION = tmp_path, "boone-county"
    said: list[str] = []
    assert installation.send_samples("http://127.0.0.1:1", tmp_path, said.append) == []
    assert said == ["samples  none: the region pack boone-county has no samples.jsonl"]


@pytest.mark.processes
@pytest.mark.enable_socket
def test_a_seizure_test_of_another_name_says_which_to_use(one: Installation) -> None:
    status, said = one.attempt("seizure_test", "--public", one.public)
    assert status == 1
    assert "Traceback" not in said
    assert f"Nothing was sent: {one.public} answers 400" in said
    assert "this installation answers to tips.town.example (PUBLIC_HOSTS)" in said


def test_links_lead_to_the_addresses_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    told = of_the_how_to()
    monkeypatch.setenv("PUBLIC_URL", told["PUBLIC_URL"])
    monkeypatch.setenv("DESK_URL", told["DESK_URL"])
    for part in parts():
        assert part.env["PUBLIC_URL"] == "https://tips.town.example"
        assert part.env["DESK_URL"] == "https://desk.town.example"


def test_links_lead_to_the_ports_that_were_taken_where_nothing_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.setenv("DESK_URL", "")
    for part in parts():
        assert part.env["PUBLIC_URL"] == "http://127.0.0.1:8710"
        assert part.env["DESK_URL"] == "http://localhost:8711"


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ["half a line", "a file away"])
def test_a_pack_that_is_being_edited_keeps_nobody_from_sending_tips(
    harm: str, tmp_path: Path, settings: Settings, now: datetime
) -> None:
    folder, said = copy(tmp_path), list[str]()
    settings.REGIONS_DIR, settings.REGION = tmp_path, "st-louis"
    installation.load_region(now=now, say=said.append)
    installation.load_region(now=now, say=said.append)
    assert said == ["region   st-louis loaded"]
    file = folder / "directory.toml"
    if harm == "half a line":
        append(folder, file.name, '[[line]]\ncode = "st-peters')
    else:
        file.unlink()
    installation.load_region(now=now, say=said.append)
    assert "NOT loaded anew" in said[1]
    assert "directory.toml" in said[1]
    assert RegionRelease.objects.count() == 1
    RegionRelease.objects.update(region="boone-county")
    with pytest.raises(PackError):  # of this region nothing is in force
        installation.load_region(now=now, say=said.append)


@pytest.mark.enable_socket
@pytest.mark.parametrize("behind", ["HTTPS", "TRUSTED_PROXY"])
@pytest.mark.parametrize("name", ["PUBLIC_PORT", "DESK_PORT"])
def test_behind_a_proxy_no_port_is_taken_that_it_does_not_ask(
    behind: str, name: str, settings: Settings
) -> None:
    setattr(settings, behind, True)
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        wanted = {"PUBLIC_PORT": some_port(20_000, 26_000), "DESK_PORT": some_port(26_000, 32_000)}
        wanted[name] = taken
        with pytest.raises(StartFailed, match=f"{name} {taken} is taken, and your proxy"):
            installation.addresses(wanted["PUBLIC_PORT"], wanted["DESK_PORT"], say=print)


@pytest.mark.enable_socket
def test_one_port_for_both_doors_is_called_that(settings: Settings) -> None:
    said: list[str] = []
    port = some_port(20_000, 26_000)
    got = installation.addresses(port, port, say=said.append)
    assert got.public_port == port
    assert said[0] == f"PUBLIC_PORT and DESK_PORT are both {port}; the desk is given {port + 1}."
    settings.TRUSTED_PROXY = True
    with pytest.raises(StartFailed, match=f"PUBLIC_PORT and DESK_PORT are both {port}"):
        installation.addresses(port, port, say=said.append)


@pytest.mark.enable_socket
def test_without_a_proxy_the_next_free_port_is_said() -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = int(other.getsockname()[1])
        got = installation.addresses(taken, some_port(26_000, 32_000), say=said.append)
    assert got.public_port > taken
    assert said == [f"PUBLIC_PORT {taken} is taken; using {got.public_port} instead."]


def test_the_key_of_the_audit_is_shown_to_those_that_need_it() -> None:
    shown = {
        part.name
        for part in parts()
        if part.env["TIPINTAKE_AUDIT_KEYS"] == str(settings.AUDIT_KEYS_DIR)
    }
    assert shown == {"desk", "worker"}


def parts() -> list[Part]:
    (speakers,) = installation.parts(
        installation.Addresses(8710, 8711), None, "redis://127.0.0.1:1/0"
    )
    return speakers


@pytest.mark.parametrize(
    ("patterns", "name"),
    [
        (["tips.town.example", "tips.example"], "tips.town.example"),
        ([".county.example"], "county.example"),
        (["*"], "localhost"),
    ],
)
def test_a_host_is_asked_by_a_name_that_it_answers_to(patterns: list[str], name: str) -> None:
    assert installation.host_in(patterns) == name


def test_a_full_disk_is_said_and_no_half_of_a_file_is_left_when_there_is_room_again(
    tmp_path: Path, settings: Settings
) -> None:
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(CannotWrite, match=r"static cannot be written .* Make room there"):
            installation.collect_static()
        with pytest.raises(CommandError, match=r"static cannot be written .* Make room there"):
            call_command("static_files")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    call_command("static_files")  # as compose does
    copied = {
        Path(storage.path(path)): tmp_path / "static" / path
        for finder in get_finders()
        for path, storage in finder.list([*installation.NOT_SERVED])
    }
    assert {path.name for path in copied} >= {"site.css", "leaflet.js", "htmx-2.min.js"}
    assert not [path for path in copied if "rest_framework" in str(path) or "jquery" in path.name]
    assert [name for name in copied if name.read_bytes() != copied[name].read_bytes()] == []


def test_what_an_earlier_start_collected_and_nobody_needs_now_is_served_no_more(
    tmp_path: Path, settings: Settings
) -> None:
    settings.HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    call_command("static_files")
    first = collected(tmp_path)
    for name in (
        "rest_framework/js/jquery.min.js",
        "rest_framework/js/jquery.min.0123456789ab.js.gz",
        "leaflet/leaflet-src.js",
        "gone.0123456789ab.css",
    ):
        stale = tmp_path / "static" / name
        stale.parent.mkdir(exist_ok=True, parents=True)
        stale.write_bytes(b"of an earlier version")
    call_command("static_files")
    assert collected(tmp_path) == first
    assert first
    earlier = tmp_path / "static" / "site.0123456789ab.css"
    earlier.write_bytes(b"asked for by pages of containers that are about to be replaced")
    call_command("static_files")
    assert earlier.exists()
    assert not (tmp_path / "static" / "rest_framework").exists()


def collected(home: Path) -> dict[str, bytes]:
    files = (one for one in (home / "static").rglob("*") if one.is_file())
    return {str(one.relative_to(home)): one.read_bytes() for one in files}
