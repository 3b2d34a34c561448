from pathlib import Path

import pytest

from tipintake.region.check import check
from tipintake.region.new import CannotStart, new
from tipintake.region.pack import FILES, read_pack


def test_a_new_pack_can_be_read_at_once(tmp_path: Path) -> None:
    new(tmp_path / "boone-county")
    pack = read_pack(tmp_path / "boone-county")
    assert pack.facts.code == "boone-county"
    assert {path.name for path in (tmp_path / "boone-county").iterdir()} == set(FILES)


def test_the_check_of_a_new_pack_says_what_is_left_to_fill_in(tmp_path: Path) -> None:
    new(tmp_path / "boone-county")
    told = [str(problem) for problem in check(read_pack(tmp_path / "boone-county"))]
    assert told == [
        "jurisdictions.csv: lists no county; write one row for each county.",
        "directory.toml: home_counties: is empty; list the counties you serve.",
    ]


def test_a_new_pack_overwrites_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "boone-county"
    folder.mkdir()
    (folder / "notes.txt").write_text("ours", encoding="utf-8")
    with pytest.raises(CannotStart, match="is not empty"):
        new(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_a_name_that_cannot_be_a_region_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="use small letters"):
        new(tmp_path / "Boone County")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match="cannot be written: Not a directory"):
        new(tmp_path / "file" / "boone-county")
