"""The reference page names everything that the API for agencies takes and answers."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import get_resolver

from tipintake.api.partner import pages
from tipintake.door.problem import PARTNER_KINDS
from tipintake.staff.tokens import Scope

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGE = (REFERENCE / "partner-api.md").read_text("utf-8")
SCHEMAS: dict[str, Any] = yaml.safe_load((REFERENCE / "openapi-partner.yaml").read_bytes())[
    "components"
]["schemas"]


@pytest.mark.parametrize("shape", ["HandOff", "HandOffPage", "DeclineRequest"])
def test_every_field_is_described(shape: str) -> None:
    names = set(SCHEMAS[shape]["properties"]) - {"hand_offs"}
    assert not [name for name in names if f"`{name}`" not in PAGE]


def test_every_kind_of_problem_is_described() -> None:
    for kind in PARTNER_KINDS:
        assert f"| {kind.status} | `{kind.name}` |" in PAGE


def test_every_address_scope_and_filter_is_described() -> None:
    for pattern in get_resolver("tipintake.api.partner.urls").url_patterns:
        address = str(pattern.pattern)
        address = address.replace("<slug:line>", "LINE").replace("<slug:reference>", "REFERENCE")
        assert f"/api/v1/partner/{address}`" in PAGE
    for word in (*Scope, *pages.STATES, *pages.KNOWN):
        assert f"`{word}`" in PAGE
