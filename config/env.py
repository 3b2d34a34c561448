"""Environment variables; a wrong one stops the start with its name and a sentence."""

import os
import pwd
import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from email.utils import formataddr, getaddresses
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

import pyrage

from config.postgresql import limits
from config.postgresql.limits import Limits
from tipintake.privacy.keys import KeyMissing


class SettingError(Exception):
    """A named environment variable holds a value that cannot be used."""

    def __init__(self, name: str, value: str, advice: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {advice}")


OURS = "TIPINTAKE_"
_asked: set[str] = set()


def text(name: str, default: str) -> str:
    _asked.add(name)
    value = os.environ.get(name, "").strip()
    if any(ord(sign) < ord(" ") for sign in value):
        raise SettingError(name, "…", "write it on one line, without tabs.")
    return value or default


def unread() -> Iterator[str]:
    """Of each variable that has our name and that no setting asked for, a sentence: misspelt, it
    would be left out in silence. Call it when the settings are read."""
    known = {one.removeprefix(OURS): one for one in sorted(_asked)}
    for name in sorted(os.environ):
        if not name.startswith(OURS) or name in _asked:
            continue
        near = get_close_matches(name.removeprefix(OURS), known, n=1, cutoff=0.7)
        question = f" Is {known[near[0]]} meant?" if near else ""
        yield (
            f"{name} is set, and nothing reads it.{question} docs/reference/settings.md names all."
        )


def told(name: str, default: str) -> str:
    """A secret: of the variable itself, or of the file that NAME_FILE names."""
    file = text(f"{name}_FILE", "")
    if not file:
        return text(name, default)
    try:
        return Path(file).read_text("utf-8").strip() or default
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        advice = f"the file cannot be read ({reason})."
        raise SettingError(f"{name}_FILE", file, advice) from None


def address(name: str, default: str) -> str:
    """One that may hold a password. A file that is named and empty leads nowhere else."""
    value = told(name, "")
    if not value and (file := text(f"{name}_FILE", "")):
        raise SettingError(f"{name}_FILE", file, "the file is empty: write the address into it.")
    return value or default


def page_address(name: str) -> str:
    """A whole web address with its path, or nothing."""
    value = text(name, "")
    parts = _split(value)
    if value and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname):
        raise SettingError(
            name, _without_secrets(value), "use a web address: https://watch.county.example/tips."
        )
    return value


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingError(name, value, f"use one of {', '.join(allowed)}.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(name, value, "use 1 or 0.")


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise SettingError(name, value, f"use a whole number from {least} to {most}.")
    return int(value)


LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def log_level(name: str, default: str) -> str:
    value = text(name, default)
    if value.upper() not in LOG_LEVELS:
        raise SettingError(name, value, f"use one of {', '.join(LOG_LEVELS)}.")
    return value.upper()


HOST = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
MAIL_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
REGION_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
TOKEN = re.compile(r"[!-~]*")


def host(name: str, default: str) -> str:
    """The name or address of one machine."""
    value = text(name, default)
    if not HOST.fullmatch(value.removesuffix(".")) and not _is_ip_address(value):
        advice = "name a host, without scheme, port or path: mail.county.example."
        raise SettingError(name, value, advice)
    return value


def hosts(name: str, default: str) -> list[str]:
    """Names that a door answers to, as Django reads them: `.county.example` is all under it."""
    advice = "name hosts, without scheme, port or path, separated by commas: tips.county.example."
    found = listing(name, default)
    if not found:
        raise SettingError(name, text(name, default), advice)
    for one in found:
        if one != "*" and not HOST.fullmatch(one.removeprefix(".").removesuffix(".")):
            raise SettingError(name, one, advice)
    return found


def region_code(name: str, default: str) -> str:
    value = text(name, default)
    if not REGION_CODE.fullmatch(value):
        raise SettingError(name, value, "name a folder of TIPINTAKE_REGIONS: st-louis.")
    return value


def mail_address(name: str, default: str) -> str:
    """One address, perhaps with a name: `Tip desk <tips@county.example>`."""
    value = text(name, default)
    found = [address for _name, address in getaddresses([value])]
    if len(found) != 1 or not MAIL_ADDRESS.fullmatch(found[0]):
        raise SettingError(name, value, "use an e-mail address: tips@county.example.")
    return value


def mail_addresses(name: str) -> list[str]:
    """Addresses, each perhaps with a name before it."""
    value = text(name, "")
    found = getaddresses([value]) if value else []
    for _person, address in found:
        if not MAIL_ADDRESS.fullmatch(address):
            advice = "use e-mail addresses, separated by commas: audit@county.example."
            raise SettingError(name, address or value, advice)
    return [formataddr(one) for one in found]


def token(name: str) -> str:
    value = told(name, "")
    if not TOKEN.fullmatch(value):
        raise SettingError(name, "…", "use letters, digits and signs of ASCII, without blanks.")
    return value


def web_address(name: str, default: str) -> str:
    """Scheme, host and port of a web site: `https://desk.county.example`."""
    value = text(name, default).rstrip("/")
    if value == default == "":
        return ""
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or _has_more_than_a_host(parts):
        advice = "use http:// or https:// and a host, without a path: https://tips.county.example."
        raise SettingError(name, value, advice)
    return value


def broker(name: str, default: str) -> str:
    """Over TLS the broker shows its certificate, unless the address says otherwise: Celery alone
    would take anybody's, and tell them the password."""
    value = address(name, default)
    parts = _split(value)
    host = parts is not None and parts.scheme in {"redis", "rediss"} and bool(parts.hostname)
    socket = parts is not None and parts.scheme == "redis+socket" and len(parts.path) > 1
    number_in = "" if parts is None else parts.path.removeprefix("/")
    if host and number_in and not (number_in.isascii() and number_in.isdigit()):
        host = False
    if parts is not None and socket:
        # To Celery "db=" says nothing of a socket: it would take another database than we do.
        query = re.sub(r"(?:^|(?<=&))db=", "virtual_host=", parts.query)
        numbers = re.findall(r"(?:^|(?<=&))virtual_host=([^&]*)", query)
        if len(numbers) > 1 or not all(re.fullmatch(r"\d{1,5}", one, re.ASCII) for one in numbers):
            socket = False
        elif query != parts.query:
            return value.partition("?")[0] + "?" + query
    if not host and not socket:
        raise SettingError(
            name, _without_secrets(value), "use redis://host:port/0 or redis+socket:///path."
        )
    if parts is not None and parts.scheme == "rediss" and "ssl_cert_reqs=" not in parts.query:
        query = "&".join(filter(None, (parts.query, "ssl_cert_reqs=required")))
        return urlunsplit(parts._replace(query=query))
    return value


def disjoint(name: str, hosts: list[str], other: str, others: list[str]) -> None:
    """No name leads to both doors: cookies ignore ports, so the desk's would reach the other."""
    for host in hosts:
        for rival in others:
            if _covers(host, rival) or _covers(rival, host):
                advice = f"{other} has {rival!r}. Give the two doors different host names."
                raise SettingError(name, host, advice)


def secret(name: str, folder: Path, make: Callable[[Path], str]) -> str:
    try:
        return make(folder)
    except OSError as error:
        advice = f"web.secret can neither be read nor made there ({error.strerror})."
        raise SettingError(name, str(folder), advice) from None
    except KeyMissing as missing:
        raise SettingError(name, str(folder), str(missing)) from None


def home(name: str, default: Path) -> Path:
    path = folder(name, default)
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        advice = f"the folder cannot be made ({error.strerror}). Name one that can."
        raise SettingError(name, str(path), advice) from None
    return path


def refuse_root(name: str, home: Path, keys_dir: Path) -> None:
    """Root may read and write what belongs to the user of the service, and that user may not read
    what root leaves: after `keys rotate` under root no tip could be kept."""
    made_first = keys_dir / "web.secret"
    whose = (made_first if made_first.exists() else home).stat().st_uid
    if os.geteuid() != 0 or whose == 0:
        return
    try:
        user = pwd.getpwuid(whose).pw_name
    except KeyError:
        user = f"the user {whose}"
    advice = (
        f"it belongs to {user}, and what root writes there {user} could not read: tips would be "
        f"refused. Type the command as {user}, as docs/how-to/run-on-one-machine.md shows under "
        "Typing commands."
    )
    raise SettingError(name, str(home), advice)


def writable(name: str, path: Path) -> Path:
    if not os.access(path, os.W_OK | os.X_OK):
        advice = "this process may not write there. Change its owner, or name another folder."
        raise SettingError(name, str(path), advice)
    return path


def _split(value: str) -> SplitResult | None:
    """The parts of an address; None when it is none."""
    try:
        parts = urlsplit(value)
        nobodys = parts.port == 0
    except ValueError:
        return None
    return None if nobodys or any(map(str.isspace, value)) else parts


def _is_ip_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _has_more_than_a_host(parts: SplitResult) -> bool:
    return not parts.hostname or bool(
        parts.path or parts.query or parts.fragment or "@" in parts.netloc
    )


def _without_secrets(value: str) -> str:
    """Only the scheme: the rest may hold a password."""
    scheme, found, _rest = value.partition("://")
    return f"{scheme}://…" if found else "…"


def _covers(pattern: str, host: str) -> bool:
    """As Django reads host names: "*" is any, ".county.example" is it and all under it."""
    pattern, host = pattern.casefold(), host.casefold()
    under = pattern.startswith(".") and (host.endswith(pattern) or host == pattern[1:])
    return pattern in {"*", host} or under


def folder(name: str, default: Path) -> Path:
    value = text(name, str(default))
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise SettingError(name, value, "its ~ names nobody; write the whole path.") from None
    if not path.is_absolute():
        path = Path.cwd() / path
    if os.path.exists(path) and not path.is_dir():  # noqa: PTH110  False where one may not look
        raise SettingError(name, str(path), "it is a file; name a folder.")
    return path


def listing(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def factor(name: str, default: float, *, least: float, most: float) -> float:
    value = text(name, str(default))
    try:
        number_given = float(value)
    except ValueError:
        number_given = -1.0
    if not least <= number_given <= most:
        raise SettingError(name, value, f"use a number from {least} to {most}.")
    return number_given


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Networks, separated by commas: `10.20.0.0/16, fd00:1::/64`."""
    found = []
    for part in listing(name):
        try:
            found.append(ip_network(part))
        except ValueError:
            raise SettingError(name, part, "use networks such as 10.20.0.0/16.") from None
    return found


def age_recipients(name: str) -> list[str]:
    """Public halves of recovery keys, separated by commas: `age1…`."""
    found = listing(name)
    for one in found:
        try:
            pyrage.x25519.Recipient.from_str(one)
        except pyrage.RecipientError:
            secret_half = one.upper().startswith("AGE-SECRET-KEY-")
            advice = (
                "it holds a secret key. Take that off this machine, and name its public half."
                if secret_half
                else "use what `manage.py backup --make-key` printed: age1…"
            )
            raise SettingError(name, "…" if secret_half else one, advice) from None
    return found


# How the way to the server is secured, and what else PostgreSQL's own library may be told.
TO_LIBPQ = (
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation", "gssencmode"),
    *("channel_binding", "connect_timeout", "application_name", "target_session_attrs"),
)
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def database(name: str, home: Path, waits: Limits = limits.NONE) -> dict[str, object]:
    """Django's settings for one database address: empty is SQLite under `home`."""
    value = address(name, "")
    if not value:
        return sqlite(writable("TIPINTAKE_HOME", home) / "tipintake.sqlite3")
    advice = "use postgresql://user:password@host:port/name or sqlite:///path."
    parts = _split(value)
    if parts is None:
        raise SettingError(name, _without_secrets(value), advice)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path))
        if parts.netloc or not path.name or path.is_dir():
            raise SettingError(name, _without_secrets(value), "use sqlite:///path/to/a/file.")
        return sqlite(path)
    is_ours = parts.scheme in {"postgres", "postgresql"} and not parts.fragment
    if not is_ours or not parts.path.strip("/") or "/" in parts.path[1:]:
        raise SettingError(name, _without_secrets(value), advice)
    if unknown := set(query) - {"host", "port", *TO_LIBPQ}:
        known = ", ".join(("host", "port", *TO_LIBPQ))
        advice = f"after its ? stands {min(unknown)!r}; what may stand there is {known}."
        raise SettingError(name, _without_secrets(value), advice)
    if query.get("sslmode", SSL_MODES[0]) not in SSL_MODES:
        advice = f"sslmode is one of {', '.join(SSL_MODES)}."
        raise SettingError(name, _without_secrets(value), advice)
    return {
        "ENGINE": "config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": limits.startup(waits),
            "patience": waits.silence,
            "connect_timeout": limits.CONNECT_SECONDS,
            **limits.KEEPALIVES,
            **{one: query[one] for one in TO_LIBPQ if one in query},
        },
    }


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A deferred read-then-write fails "database is locked" at once, timeout or not.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
            ),
        },
    }
