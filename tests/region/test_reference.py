"""The reference page says what the pack holds."""

import dataclasses
import re

import pytest
from django.conf import settings

from tipintake.region.pack import COLUMNS, Pack, PackContact, PackLine, PackReferral, RegionFacts

PAGE = (settings.BASE_DIR / "docs" / "reference" / "region-pack.md").read_text(encoding="utf-8")
NOT_FIELDS = {"at", "provenance", "contacts", "position"}


def test_the_page_counts_what_the_pack_holds(pack: Pack) -> None:
    counted = {
        "directory.toml": f"{len(pack.lines)} lines",
        "jurisdictions.csv": f"{len(pack.jurisdictions)}",
        "places.csv": f"{len(pack.places):,}",
        "aliases.csv": f"{len(pack.aliases)}",
        "exits.csv": f"{len(pack.exits)}",
        "zips.csv": f"{len(pack.zips)}",
        "referrals.toml": f"{len(pack.referrals)}",
    }
    told = dict(re.findall(r"^\| `([\w.]+)` \|[^|]*\| ([\w, ]+) \|$", PAGE, re.MULTILINE))
    assert {file: told[file] for file in counted} == counted


@pytest.mark.parametrize("file", COLUMNS)
def test_the_page_names_the_columns_of_each_table(file: str) -> None:
    assert f"`{file}`: `{','.join(COLUMNS[file])}`" in PAGE


@pytest.mark.parametrize("kind", [RegionFacts, PackLine, PackContact, PackReferral])
def test_the_page_names_each_field(kind: type) -> None:
    fields = {field.name for field in dataclasses.fields(kind)} - NOT_FIELDS
    assert not {name for name in fields if f"`{name}`" not in PAGE}
