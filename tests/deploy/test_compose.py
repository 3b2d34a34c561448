"""The grown installation's description: well-formed, and nobody holds a key they should not."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pyrage
import pytest
import yaml
from django.core.management import get_commands

from config import installation
from tests.deploy.composed import interpolated

ROOT = Path(__file__).resolve().parents[2]

# What a service comes into the database as; `beat` reads no row.
ROLES = {
    "migrate": {"database_owner", "database_inside", "database_public"},
    "backup": {"database_owner"},
    "restore": {"database_owner"},
    "keys": {"database_inside"},
    "public": {"database_public"},
    "public-onion": {"database_public"},
    "desk": {"database_inside", "metrics_token", "email_host_password"},
    "worker": {"database_inside", "email_host_password"},
    "exporter": {"database_inside"},
    "beat": set(),
}
# Who reads what an operator may set; whatever else is passed on goes to all of ours.
READERS = {
    "ALERT_WEBHOOK": {"desk", "worker"},
    "AUDIT_DIGEST_TO": {"desk", "worker"},
    "DEFAULT_FROM_EMAIL": {"desk", "worker"},
    "DESK_IDLE_MINUTES": {"desk"},
    "EMAIL_BACKEND": {"desk", "worker"},
    "EMAIL_HOST": {"desk", "worker"},
    "EMAIL_HOST_USER": {"desk", "worker"},
    "EMAIL_PORT": {"desk", "worker"},
    "EMAIL_USE_TLS": {"desk", "worker"},
    "ONION_LOCATION": {"public"},
    "STAFF_SUPPORT": {"desk"},
    "SWEEP_SECONDS": {"beat"},
    "WEBHOOK_ALLOWED_NETWORKS": {"desk", "worker"},
    **dict.fromkeys(
        ("BACKUP_RECIPIENTS", "LOG_FORMAT", "LOG_LEVEL", "ORGANIZATION_NAME", "TIPINTAKE_REGION"),
        ROLES.keys(),
    ),
}
NOT_PASSED_ON = {
    "TIPINTAKE_DEBUG": "never in service",
    "TIPINTAKE_HASHED_STATIC": "for development",
    "TIPINTAKE_HOME": "the image says where it is",
    "TIPINTAKE_REGIONS": "packs are part of the image",
    "WEBHOOK_ALLOW_LOOPBACK": "for trials; in a container nothing of the machine is there",
}
# The volumes that a service may write.
WRITERS = {
    "migrate": {"state"},
    "backup": {"backups"},
    "restore": {"state", "public-keys", "audit-keys"},
    "keys": {"state", "public-keys", "private-keys", "audit-keys"},
    "worker": {"state"},
    "exporter": {"exports"},
}


@pytest.fixture
def compose() -> dict[str, Any]:
    described = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    assert isinstance(described, dict)
    return described


def assert_is_what_compose_reads(described: dict[str, Any]) -> None:
    """By the published schema of compose files, which check-jsonschema brings along."""
    file = "builtin_schemas/vendor/compose-spec.json"
    schema = json.loads((files("check_jsonschema") / file).read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [one.message for one in validator.iter_errors(described)] == []
    described["services"]["public"]["imaeg"] = "x"  # the schema is no yes-man
    assert not validator.is_valid(described)


def test_it_is_what_compose_reads(compose: dict[str, Any]) -> None:
    assert_is_what_compose_reads(compose)


def test_each_service_comes_into_the_database_as_what_it_is(compose: dict[str, Any]) -> None:
    ours = {name: one for name, one in compose["services"].items() if is_ours(one)}
    assert {name: set(one.get("secrets", [])) for name, one in ours.items()} == ROLES


def is_ours(service: dict[str, Any]) -> bool:
    return str(service["image"]).startswith("tipintake:")


def test_what_goes_on_running_writes_no_key_and_is_not_the_owner(compose: dict[str, Any]) -> None:
    found = {}
    for name, service in compose["services"].items():
        if is_ours(service):
            mounted = [volume for volume in service["volumes"] if not volume.endswith(":ro")]
            found[name] = {volume.split(":")[0] for volume in mounted}
    assert {name: written for name, written in found.items() if written} == WRITERS
    for name, service in compose["services"].items():
        owner = "database_owner" in service.get("secrets", [])
        keys = found.get(name, set()) & {"public-keys", "private-keys"}
        assert not (owner or keys) or service["restart"] == "no", name


def test_every_setting_is_passed_on(compose: dict[str, Any]) -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[A-Z].*?) \|", page.partition("## For tests")[0], re.MULTILINE)
    settings = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert len(settings) > 35
    told = {name for one in compose["services"].values() for name in one.get("environment", {})}
    read = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    read |= set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "deploy/own-proxy.yml").read_text("utf-8")))
    passed_on = read | {name.removesuffix("_FILE") for name in told}
    assert settings - passed_on == NOT_PASSED_ON.keys()


@pytest.mark.parametrize("name", READERS)
def test_a_setting_reaches_who_reads_it(name: str, compose: dict[str, Any]) -> None:
    given = dict.fromkeys(("PUBLIC_HOSTS", "DESK_HOSTS", "PUBLIC_URL", "DESK_URL"), "some")
    found = {
        service
        for service, one in compose["services"].items()
        if interpolated(one.get("environment", {}), {**given, name: "what was set"}).get(name)
        == "what was set"
    }
    assert found == READERS[name]


def test_no_secret_stands_in_the_file(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN|SECRET|DATABASE_URL", variable) and name != "beat":
                assert variable.endswith("_FILE"), (name, variable)
                assert str(value).startswith("/run/secrets/"), (name, variable)


def test_only_the_proxy_answers_the_world(compose: dict[str, Any]) -> None:
    """A port is of one container: a service that publishes one cannot be started twice."""
    assert [name for name, one in compose["services"].items() if one.get("ports")] == ["proxy"]


def test_a_proxy_of_ones_own_finds_both_hosts_on_this_machine_alone(
    compose: dict[str, Any],
) -> None:
    added = yaml.safe_load((ROOT / "deploy" / "own-proxy.yml").read_text("utf-8"))
    assert_is_what_compose_reads(added)
    ports = {name: one["ports"] for name, one in added["services"].items()}
    assert ports.keys() == {"public", "desk"} < compose["services"].keys()
    assert interpolated(ports, {}) == {
        "public": ["127.0.0.1:8700:8000"],
        "desk": ["127.0.0.1:8701:8000"],
    }


def test_tor_looks_anew_for_a_host_that_was_renewed(compose: dict[str, Any]) -> None:
    """It asks for the address of a name once, when it starts."""
    assert compose["services"]["onion"]["depends_on"]["public-onion"]["restart"] is True


def test_an_upgrade_leaves_the_old_container_until_the_new_one_answers() -> None:
    page = (ROOT / "docs" / "how-to" / "deploy-with-compose.md").read_text("utf-8")
    (beside,) = re.findall(r"`(docker compose up .*--scale public=2 public)`", page)
    assert {"--no-deps", "--no-recreate"} <= set(beside.split())


def test_public_and_desk_share_no_network_but_rows_and_bells(compose: dict[str, Any]) -> None:
    public, desk = (set(compose["services"][name]["networks"]) for name in ("public", "desk"))
    assert public & desk == {"rows", "bells"}


def test_what_is_mounted_is_in_the_repository(compose: dict[str, Any]) -> None:
    mounted = [
        volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert mounted
    for path in mounted:
        assert (ROOT / path).is_file(), path
    onion = compose["services"]["onion"]["build"]
    assert (ROOT / onion["context"] / onion["dockerfile"]).is_file()


def test_nobody_over_tor_reaches_a_service_that_believes_their_headers(
    compose: dict[str, Any],
) -> None:
    services = compose["services"]
    torrc = (ROOT / "deploy" / "torrc").read_text("utf-8")
    (target,) = re.findall(r"^HiddenServicePort \d+ ([\w-]+):8000$", torrc, re.MULTILINE)
    assert services[target]["environment"]["TIPINTAKE_TRUSTED_PROXY"] == "0"
    assert services[target]["environment"]["TIPINTAKE_ROLE"] == "public"
    near = set(services["onion"]["networks"])
    reached = {name for name, one in services.items() if near & set(one["networks"])}
    assert reached == {"onion", target}


@pytest.mark.parametrize("unit", ["tipintake.service", "tipintake-backup.service"])
def test_units_run_what_there_is_and_may_do_little(unit: str) -> None:
    told = ConfigParser(interpolation=None, strict=False)
    told.optionxform = str  # type: ignore[assignment,method-assign]  # names of units have capitals
    told.read(ROOT / "deploy" / "systemd" / unit)
    service = told["Service"]
    _python, manage, command, *_rest = service["ExecStart"].split()
    assert manage == "manage.py"
    assert command in get_commands()
    assert service["User"] == "tipintake"
    assert service["UMask"] == "0077"
    # A core dump and swapped memory would hold unstripped words.
    assert service["LimitCORE"] == service["MemorySwapMax"] == "0"
    for law in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictNamespaces"):
        assert service[law] == "yes"
    assert service["ProtectSystem"] == "strict"


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
    assert holders == {"desk", "exporter", "keys"}
    assert compose["services"]["keys"]["profiles"] == ["keys"]  # only while somebody runs it


def test_only_those_that_sign_or_verify_heads_are_given_the_key_of_the_audit(
    compose: dict[str, Any],
) -> None:
    holders = {
        name
        for name, service in compose["services"].items()
        if any("audit-keys" in volume for volume in service.get("volumes", []))
    }
    assert holders == {"worker", "desk", "backup", "keys", "restore"}


def test_the_worker_can_write_the_head_of_the_audit(compose: dict[str, Any]) -> None:
    assert "state:/state" in compose["services"]["worker"]["volumes"]


def test_a_restore_as_the_page_says_leaves_the_marks_of_what_was_purged(
    compose: dict[str, Any],
) -> None:
    """They lie in the home, newer than any copy: without them purged tips come back."""
    page = (ROOT / "docs" / "how-to" / "back-up-and-restore.md").read_text("utf-8")
    removed = " ".join(re.findall("docker volume rm (.*)", page)).split()
    assert removed == ["tipintake_postgres"]
    assert "state:/state" in compose["services"]["restore"]["volumes"]


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


def test_our_services_run_without_privileges(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if is_ours(service):
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name
            assert "no-new-privileges:true" in service["security_opt"], name
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text("utf-8")


def test_the_proxy_is_given_keys_that_it_can_read(compose: dict[str, Any]) -> None:
    """Root without this right reads what is root's own and nothing else."""
    may = set(compose["services"]["proxy"]["cap_add"])
    assert not may & {"DAC_OVERRIDE", "DAC_READ_SEARCH"}
    page = (ROOT / "docs" / "how-to" / "deploy-with-compose.md").read_text("utf-8")
    assert "`chown root: secrets/tls_* && chmod 0400 secrets/tls_*`" in page


def test_no_log_grows_without_end(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["logging"]["options"] == {"max-size": "5m", "max-file": "2"}, name


def test_the_broker_keeps_nothing_on_disk(compose: dict[str, Any]) -> None:
    command = compose["services"]["valkey"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"


def test_the_broker_has_the_limits_of_the_embedded_one(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    embedded = installation._broker(tmp_path).command
    for command in (compose["services"]["valkey"]["command"], embedded):
        assert command[command.index("--maxmemory") + 1] == "256mb"
        assert command[command.index("--maxmemory-policy") + 1] == "volatile-lru"


@pytest.mark.parametrize("role", ["public", "desk"])
def test_the_check_for_deployment_finds_nothing(role: str, tmp_path: Path) -> None:
    env = {
        **os.environ,
        "TIPINTAKE_HOME": str(tmp_path),
        "TIPINTAKE_ROLE": role,
        "TIPINTAKE_HTTPS": "1",
        "TIPINTAKE_TRUSTED_PROXY": "1",
        "PUBLIC_HOSTS": "tips.county.example",
        "DESK_HOSTS": "desk.county.example",
        "PUBLIC_URL": "https://tips.county.example",
        "DESK_URL": "https://desk.county.example",
        "BACKUP_RECIPIENTS": str(pyrage.x25519.Identity.generate().to_public()),
        "METRICS_TOKEN": "token",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_image_copies_is_enough_to_start(tmp_path: Path) -> None:
    """The COPY lines of the Dockerfile in a folder of their own, and nothing else of ours."""
    told = (ROOT / "Dockerfile").read_text("utf-8")
    for source, target in re.findall(r"^COPY (\S+) /app/(\S*)$", told, re.MULTILINE):
        there = tmp_path / "app" / (target or source)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, there)
    env = {"PATH": os.environ["PATH"], "TIPINTAKE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(
        command, cwd=tmp_path / "app", env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_how_to_makes_the_secrets_that_are_named(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "deploy-with-compose.md").read_text("utf-8")
    (script,) = (one for one in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "word()" in one)
    as_anybody = re.sub(r"chown .*? && ", "", script)  # only root may give files away
    subprocess.run(["sh", "-ec", as_anybody], cwd=tmp_path, check=True)
    made = {path.name for path in (tmp_path / "secrets").iterdir()}
    named = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["secrets"])
    assert named - made == {"tls_certificate", "tls_key"}
    assert made <= named
    roles = {
        urlsplit((tmp_path / "secrets" / f"database_{one}").read_text()).username
        for one in ("owner", "inside", "public")
    }
    assert len(roles) == 3
