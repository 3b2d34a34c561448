"""The database of an installation on one machine is readable to its own account alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from config import env, installation


@pytest.fixture
def everybody_may_read() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.django_db
@pytest.mark.usefixtures("everybody_may_read")
@pytest.mark.parametrize("is_link", [False, True])
def test_whichever_command_comes_first_only_the_owner_reads_the_database(
    tmp_path: Path, is_link: bool
) -> None:
    path = tmp_path / "tipintake.sqlite3"
    if is_link:
        path.symlink_to(tmp_path / "disk.sqlite3")
    modes = modes_after_writing(path)
    assert modes == {path.resolve().name + end: 0o600 for end in ("", "-wal", "-shm")}


@pytest.mark.django_db
@pytest.mark.usefixtures("everybody_may_read")
def test_a_database_that_a_group_shares_stays_shared(tmp_path: Path) -> None:
    path = tmp_path / "tipintake.sqlite3"
    path.touch()
    path.chmod(0o660)
    modes = modes_after_writing(path)
    assert modes == {path.name + end: 0o660 for end in ("", "-wal", "-shm")}


@pytest.mark.django_db
def test_a_start_that_takes_a_database_from_everybody_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tipintake.sqlite3"
    path.touch()
    path.chmod(0o664)
    shared = ConnectionHandler({"default": env.sqlite(path)})["default"]
    monkeypatch.setattr(installation, "connection", shared)
    said = list[str]()
    installation.let_nobody_else_read_the_database(said.append)
    assert path.stat().st_mode & 0o777 == 0o600
    (sentence,) = said
    assert "chmod 660" in sentence
    path.chmod(0o660)
    installation.let_nobody_else_read_the_database(said.append)
    assert len(said) == 1


def modes_after_writing(path: Path) -> dict[str, int]:
    connection = ConnectionHandler({"default": env.sqlite(path)})["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tip (words text)")
        cursor.execute("INSERT INTO tip VALUES ('a gray van')")
        found = [one for one in path.parent.iterdir() if not one.is_symlink()]
        modes = {one.name: one.stat().st_mode & 0o777 for one in found}
    connection.close()
    return modes
