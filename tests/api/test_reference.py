"""The reference page names everything that the API takes and answers."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import get_resolver

from tipintake.door.problem import KINDS, TYPE_PREFIX

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference" / "api.md").read_text("utf-8")
SCHEMAS: dict[str, Any] = yaml.safe_load((ROOT / "docs/reference/openapi.yaml").read_bytes())[
    "components"
]["schemas"]


@pytest.mark.parametrize(
    "shape",
    [
        *("TipRequest", "VehicleRequest", "LocationRequest", "SightingRequest"),
        *("PersonRequest", "OnlineRequest", "ReceiptAnswer", "PlacedWith"),
        *("PreviewAnswer", "Finding", "StatusAnswer", "Problem", "Challenge", "WorkRequest"),
        *("MessageRequest", "MessagePreview", "Question", "OwnAnswer"),
    ],
)
def test_every_field_is_described(shape: str) -> None:
    missing = [name for name in SCHEMAS[shape]["properties"] if f"`{name}`" not in PAGE]
    assert not missing


def test_every_kind_of_problem_is_described() -> None:
    assert TYPE_PREFIX in PAGE
    for kind in KINDS:
        assert f"| {kind.status} | `{kind.name}` |" in PAGE


def test_every_address_is_described() -> None:
    for pattern in get_resolver("tipintake.api.urls").url_patterns:
        assert f"/api/v1/{pattern.pattern}`" in PAGE
