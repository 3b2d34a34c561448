"""The grown installation's description: well-formed, and nobody holds a key they should not."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent

SERVICE = {
    "type": "object",
    "properties": {
        "image": {"type": "string"},
        "build": {"type": ["string", "object"]},
        "command": {"type": ["string", "array"], "items": {"type": "string"}},
        "environment": {"type": "object", "additionalProperties": {"type": "string"}},
        "ports": {"type": "array", "items": {"type": "string", "pattern": r"^127\.0\.0\.1:"}},
        "networks": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "volumes": {"type": "array", "items": {"type": "string"}},
        "secrets": {"type": "array", "items": {"type": "string"}},
        "depends_on": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "condition": {"enum": ["service_healthy", "service_completed_successfully"]}
                },
                "required": ["condition"],
                "additionalProperties": False,
            },
        },
        "healthcheck": {
            "type": "object",
            "properties": {
                "test": {"type": ["string", "array"]},
                "interval": {"type": "string"},
                "timeout": {"type": "string"},
                "retries": {"type": "integer"},
                "disable": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
        "restart": {"enum": ["no", "always", "on-failure", "unless-stopped"]},
        "read_only": {"type": "boolean"},
        "tmpfs": {"type": "array", "items": {"type": "string"}},
        "cap_drop": {"type": "array", "items": {"type": "string"}},
        "security_opt": {"type": "array", "items": {"type": "string"}},
        "init": {"type": "boolean"},
        "user": {"type": "string"},
        "logging": {"type": "object"},
    },
    "required": ["image", "networks"],
    "additionalProperties": False,
}
COMPOSE = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "services": {"type": "object", "additionalProperties": SERVICE},
        "networks": {"type": "object"},
        "volumes": {"type": "object"},
        "secrets": {"type": "object"},
    },
    "patternProperties": {"^x-": {}},
    "required": ["services", "networks", "volumes"],
    "additionalProperties": False,
}


@pytest.fixture
def compose() -> dict[str, Any]:
    described = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert isinstance(described, dict)
    return described


def test_it_is_well_formed(compose: dict[str, Any]) -> None:
    jsonschema.validate(compose, COMPOSE)


def test_every_role_has_its_service(compose: dict[str, Any]) -> None:
    roles = {s.get("environment", {}).get("TIPINTAKE_ROLE") for s in compose["services"].values()}
    assert {"public", "desk", "worker", "exporter", "beat"} <= roles
    assert {"postgres", "valkey"} <= compose["services"].keys()


def test_only_desk_and_exporter_are_given_private_keys(compose: dict[str, Any]) -> None:
    holders = {
        name
        for name, service in compose["services"].items()
        if any("private-keys" in volume for volume in service.get("volumes", []))
    }
    assert holders == {"desk", "exporter"}


def test_the_worker_can_write_the_head_of_the_audit(compose: dict[str, Any]) -> None:
    assert "state:/state" in compose["services"]["worker"]["volumes"]


def test_what_is_named_is_declared(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(service["networks"]) <= compose["networks"].keys(), name
        named = {
            v.split(":")[0] for v in service.get("volumes", []) if not v.startswith((".", "/"))
        }
        assert named <= compose["volumes"].keys(), name
        assert set(service.get("secrets", [])) <= compose.get("secrets", {}).keys(), name
        assert set(service.get("depends_on", {})) <= compose["services"].keys(), name


def test_rows_and_bells_reach_no_outside_network(compose: dict[str, Any]) -> None:
    assert compose["networks"]["rows"] == {"internal": True}
    assert compose["networks"]["bells"] == {"internal": True}
    for name in ("postgres", "valkey"):
        assert not set(compose["services"][name]["networks"]) & {"front", "back"}
        assert "ports" not in compose["services"][name]


def test_our_services_run_without_privileges(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if service["image"].startswith("tipintake"):
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert "no-new-privileges:true" in service["security_opt"], name
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_broker_keeps_nothing_on_disk(compose: dict[str, Any]) -> None:
    command = compose["services"]["valkey"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"
