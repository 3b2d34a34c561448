"""The database of an installation on one machine is readable to its own account alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from config import env


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


def modes_after_writing(path: Path) -> dict[str, int]:
    connection = ConnectionHandler({"default": env.sqlite(path)})["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tip (words text)")
        cursor.execute("INSERT INTO tip VALUES ('a gray van')")
        found = [one for one in path.parent.iterdir() if not one.is_symlink()]
        modes = {one.name: one.stat().st_mode & 0o777 for one in found}
    connection.close()
    return modes
