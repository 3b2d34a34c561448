"""The reference page names everything that the API for agencies takes and answers."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import get_resolver

from tipintake.api.partner import pages
from tipintake.door import unread
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


@pytest.mark.parametrize("status", [unread.TOO_LARGE, unread.HEADERS_TOO_LARGE, unread.BUSY])
def test_what_the_server_refuses_before_anything_reads_it_is_described_too(
    desk_host: None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process serves one host and keeps its words; this one serves both.
    monkeypatch.setattr(unread, "_kept", unread._kept.__wrapped__)
    said = unread.answer_to("/api/v1/partner/hand-offs", status)
    refused = json.loads(said.body)
    assert said.status.startswith(f"{status} ")
    assert refused["status"] == status
    assert f"| {status} | `{refused['type'].rpartition(':')[2]}` |" in PAGE
    assert "Nothing was changed" in refused["detail"]


def test_every_address_scope_and_filter_is_described() -> None:
    for pattern in get_resolver("tipintake.api.partner.urls").url_patterns:
        address = str(pattern.pattern)
        address = address.replace("<slug:line>", "LINE").replace("<slug:reference>", "REFERENCE")
        assert f"/api/v1/partner/{address}`" in PAGE
    for word in (*Scope, *pages.STATES, *pages.KNOWN):
        assert f"`{word}`" in PAGE
