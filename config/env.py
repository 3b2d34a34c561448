"""Environment variables; a wrong one stops the start with its name and a sentence."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(Exception):
    """A named environment variable holds a value that cannot be used."""

    def __init__(self, name: str, value: str, advice: str) -> None:
        super().__init__(f"{name}={value!r} cannot be used: {advice}")


def text(name: str, default: str) -> str:
    return os.environ.get(name, "").strip() or default


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


def folder(name: str, default: Path) -> Path:
    path = Path(text(name, str(default))).expanduser()
    if not path.is_absolute():
        path = Path.cwd() / path
    if path.exists() and not path.is_dir():
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


def database(name: str, home: Path) -> dict[str, object]:
    """Django's settings for one database address: empty is SQLite under `home`."""
    value = text(name, "")
    if not value:
        return sqlite(home / "tipintake.sqlite3")
    parts = urlsplit(value)
    query = dict(parse_qsl(parts.query))
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingError(
            name,
            parts.scheme + "://…",
            "use postgresql://user:password@host:port/name or sqlite:///path.",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
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
