"""The committed description of the API is the one that the code makes, and it tells the truth."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft202012Validator

from tests.api.conftest import Send
from tipintake.api import examples
from tipintake.api.schema import schema_yaml
from tipintake.tips.indicators import INDICATORS

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "docs" / "reference" / "openapi.yaml"


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMMITTED.read_bytes())
    return found


def validator(described: dict[str, Any], component: str) -> Draft202012Validator:
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{component}", "components": described["components"]}
    )


def test_the_committed_schema_is_current() -> None:
    advice = "make it anew: manage.py spectacular --file docs/reference/openapi.yaml"
    assert COMMITTED.read_bytes() == schema_yaml(), advice


def test_it_is_made_without_a_warning(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", fail_on_warn=True, validate=True, file=str(made))
    assert made.read_bytes() == COMMITTED.read_bytes()


def test_it_is_served_as_yaml_and_as_json(public: Client, described: dict[str, Any]) -> None:
    for path in ("/api/v1/schema", "/api/v1/schema.yaml"):
        assert yaml.safe_load(public.get(path).content) == described
    assert public.get("/api/v1/schema.json").json() == described
    assert described["openapi"].startswith("3.1")


@pytest.mark.django_db
@pytest.mark.parametrize("tip", [examples.TIP, examples.SHORT_TIP])
def test_the_examples_work(described: dict[str, Any], send_tip: Send, tip: dict[str, Any]) -> None:
    validator(described, "TipRequest").validate(tip)
    response = send_tip(tip)
    assert response.status_code == 201
    validator(described, "ReceiptAnswer").validate(response.json())


@pytest.mark.parametrize(
    ("component", "example"),
    [
        ("ReceiptAnswer", examples.RECEIPT_ANSWER),
        ("StatusAnswer", examples.STATUS_ANSWER),
        ("ReceiptRequest", examples.STATUS_QUESTION),
        ("Problem", examples.REFUSED),
        ("Problem", examples.UNKNOWN_RECEIPT),
        ("TipRequest", examples.TIP_WITH_DECISIONS),
    ],
)
def test_the_examples_have_the_shape_they_show(
    described: dict[str, Any], component: str, example: dict[str, Any]
) -> None:
    validator(described, component).validate(example)


def test_unknown_keys_are_refused_by_the_schema_too(described: dict[str, Any]) -> None:
    for name, shape in described["components"]["schemas"].items():
        if name.endswith("Request"):
            assert shape["additionalProperties"] is False, name


def test_no_field_asks_for_the_sender(described: dict[str, Any]) -> None:
    asked = set(described["components"]["schemas"]["TipRequest"]["properties"])
    assert not asked & {"name", "email", "phone", "contact", "address", "reporter"}


def test_the_vocabulary_has_every_sign_in_both_languages(
    public: Client, described: dict[str, Any]
) -> None:
    words = public.get("/api/v1/vocabulary").json()
    validator(described, "Vocabulary").validate(words)
    assert [one["code"] for one in words["indicators"]] == list(INDICATORS)
    assert set(words["indicators"][0]["label"]) == {"en", "es"}
    assert {"category", "vehicles/role_in_scene", "sighting/kind"} <= set(words["choices"])
    assert "indicators" not in words["choices"]
    (kind, *_others) = words["choices"]["online/platform"]
    assert kind == {"code": "AD_SITE", "label": {"en": "Ad site", "es": "Sitio de anuncios"}}
    assert words["limits"]["narrative"] == 4000
