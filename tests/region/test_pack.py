from pathlib import Path

import pytest

from tests.region.packs import HOME_PACK, append, copy, edit
from tipintake.region.entries import PackError
from tipintake.region.pack import FILES, Pack, read_pack


def test_the_region_lists_all_lines_jurisdictions_and_missouri_places(pack: Pack) -> None:
    assert len(pack.lines) == 20
    assert len(pack.jurisdictions) == 159
    assert len(pack.places) == 1032
    assert len(pack.exits) == 117
    assert len(pack.zips) == 138


def test_towns_over_two_counties_belong_to_none(pack: Pack) -> None:
    straddlers = {row.entry.code for row in pack.jurisdictions if not row.entry.county}
    assert straddlers == {"foristell-mo", "pacific-mo", "sullivan-mo"}


def test_home_counties_have_a_task_force_and_neighbours_none(pack: Pack) -> None:
    by_code = {row.entry.code: row.entry for row in pack.jurisdictions}
    assert by_code["wentzville-mo"].task_force == "st-charles-county-task-force"
    assert by_code["creve-coeur-mo"].police_line == "creve-coeur-pd"
    assert by_code["st-peters-mo"].police_line == ""
    assert by_code["warren-county"].task_force == ""
    assert by_code["st-louis-city"].kind == "city-county"
    assert not by_code["foristell-mo"].is_home


def test_only_approved_aliases_become_evidence(pack: Pack) -> None:
    texts = {alias.text: alias for alias in pack.gazetteer().aliases}
    assert texts["Highway K and Bryan Road"].jurisdiction == "ofallon-mo"
    assert texts["West Terra Lane"].jurisdiction == "ofallon-mo"
    assert texts["Olive & Craig Plaza"].jurisdiction == "creve-coeur-mo"
    assert texts["East St. Louis"].outcome == "out_of_area"
    assert "Mid Rivers Mall" not in texts


def test_the_same_files_have_the_same_digest_wherever_they_lie(pack: Pack, tmp_path: Path) -> None:
    folder = copy(tmp_path)
    assert read_pack(folder).digest == pack.digest
    append(folder, "zips.csv", "63999,st-louis-county\n")
    assert read_pack(folder).digest != pack.digest


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_with_the_way_out(tmp_path: Path, file: str) -> None:
    folder = copy(tmp_path)
    (folder / file).unlink()
    with pytest.raises(PackError, match=rf"{file}: the file is missing; `manage.py region new`"):
        read_pack(folder)


BROKEN = [
    ("directory.toml", "[region]", "[region", "directory.toml:", "is not TOML"),
    ("directory.toml", "[region]", "[[lines]]\n[region]", "lines", "is not part of this file"),
    ("directory.toml", 'kind = "police"', 'kind = "polise"', "kind", "use one of police,"),
    ("directory.toml", 'kind = "police"', 'kinds = "police"', "kinds", "is not a field"),
    ("directory.toml", "shown = true\ns", 'shown = "maybe"\ns', "shown", "use yes or no"),
    ("directory.toml", "number_year = 2011", "number_year = 11", "number_year", "from 1990"),
    ("directory.toml", 'code = "wentzville-pd"', 'code = "Wentzville PD"', "code", "small"),
    ("directory.toml", 'role = "QUEUE"', 'role = "BOSS"', "role", "use one of QUEUE"),
    ("directory.toml", "verified_on = 2026-11-25", 'verified_on = "soon"', "verified_on", "2026-"),
    ("directory.toml", 'source = "Census', 'sources = "Census', "sources", "is not a field"),
    ("referrals.toml", 'kind = "hotline"', 'kind = "helpline"', "kind", "use one of emergency"),
    ("referrals.toml", 'name = "911"', "name = 911", "name", "put quotation marks around it"),
    ("jurisdictions.csv", "code,name", "name,code", "jurisdictions.csv:1", "write the first line"),
    ("jurisdictions.csv", ",city,2901972", ",town,2901972", "kind", "use one of city"),
    ("jurisdictions.csv", ",city,2901972", ",city,29", "geoid", "write it like 2978442"),
    ("places.csv", "2900244,Adrian,MO", "2900244,Adrian,Mo", "state", "write it like MO"),
    ("places.csv", "2900244,Adrian,MO,city,", "2900244,Adrian,MO,city", "places.csv:2", "cells"),
    ("aliases.csv", "landmark,resolved,ofallon-mo,yes", "landmark,sure,ofallon-mo,yes", "outcome",
     "use one of resolved"),
    ("aliases.csv", "resolved,ofallon-mo,yes", "resolved,ofallon-mo,maybe", "approved", "yes or"),
    ("exits.csv", "I-64,1,", "64,1,", "highway", "write it like I-70"),
    ("zips.csv", "63005,", "6305,", "zip", "write it like 63385"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "advice"),
    BROKEN,
    ids=[f"{file} {new} {advice}" for file, _, new, _, advice in BROKEN],
)
def test_a_field_that_cannot_be_read_is_named_with_file_line_and_advice(
    tmp_path: Path, file: str, old: str, new: str, where: str, advice: str
) -> None:
    folder = copy(tmp_path)
    edit(folder, file, old, new)
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    told = "\n".join(str(problem) for problem in refused.value.problems)
    assert f"{file}" in told
    assert where in told
    assert advice in told


def test_a_broken_line_is_found_by_its_number(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    text = (HOME_PACK / "directory.toml").read_text(encoding="utf-8").splitlines()
    header = text.index('code = "wentzville-pd"')  # the header stands one line above
    edit(folder, "directory.toml", 'agency = "Wentzville Police Department"\n', "")
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert [(p.file, p.line, p.field) for p in refused.value.problems] == [
        ("directory.toml", header, "agency")
    ]


def test_a_file_saved_in_another_encoding_is_named(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "aliases.csv").write_bytes("text\nCrève Cœur".encode("utf-16"))
    with pytest.raises(PackError, match="save it again as UTF-8"):
        read_pack(folder)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    edit(folder, "zips.csv", "63005,", "6305,")
    edit(folder, "exits.csv", "I-64,1,", "64,1,")
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert {problem.file for problem in refused.value.problems} == {"zips.csv", "exits.csv"}


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_how: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    folder = copy(tmp_path)
    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(PackError, match=r"directory.toml.*cannot be read \(Permission denied\)"):
        read_pack(folder)
