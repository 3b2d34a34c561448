"""The reference pages say everything that the code can hold or answer."""

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tipintake.privacy import keys
from tipintake.tips import draft as drafts
from tipintake.tips import vocabulary as words

ROOT = Path(__file__).resolve().parents[2]
TIP_PAGE = (ROOT / "docs" / "reference" / "structured-tip.md").read_text("utf-8")
KEYS_PAGE = (ROOT / "docs" / "reference" / "keys.md").read_text("utf-8")
PARTS = (
    drafts.TipDraft,
    drafts.VehicleDraft,
    drafts.LocationDraft,
    drafts.SightingDraft,
    drafts.PersonDraft,
    drafts.LeadDraft,
)
CHOICES = (
    words.Category,
    words.Immediacy,
    words.MinorPresent,
    words.Basis,
    words.RoleInScene,
    words.PlaceType,
    words.PinSource,
    words.SightingKind,
    words.TimesSeen,
    words.PersonRole,
    words.Sex,
    words.Build,
    words.Platform,
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_is_described(part: type[drafts.Part]) -> None:
    described = set(re.findall(r"`([a-z_0-9]+)`", TIP_PAGE))
    assert {field.name for field in fields(part)} <= described


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.__name__)
def test_every_choice_is_listed(choice: type[words.Category]) -> None:
    assert [value for value in choice.values if value not in TIP_PAGE] == []


def test_every_code_of_the_check_is_explained() -> None:
    source = ast.parse(Path(drafts.__file__).read_text("utf-8"))
    codes = {
        call.args[1].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Problem"
        and isinstance(call.args[1], ast.Constant)
    }
    assert len(codes) > 15
    assert [code for code in sorted(map(str, codes)) if f"`{code}`" not in TIP_PAGE] == []


def test_every_key_file_is_described(tmp_path: Path) -> None:
    keys.init(tmp_path, tmp_path / "private")
    keys.web_secret(tmp_path)
    for path in tmp_path.rglob("*.*"):
        assert f"`{path.name}`" in KEYS_PAGE
    assert keys.LOST_KEY.split(":")[0] in KEYS_PAGE
