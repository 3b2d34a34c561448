"""The recovery key: age, made on a machine that you trust and never kept on this one."""

import os
from collections.abc import Iterable
from pathlib import Path

import pyrage


class NoRecoveryKey(Exception):
    """No backup can be made, or opened, with what was given; the sentence says what to do."""


def recipients(names: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    found = []
    for name in names:
        try:
            found.append(pyrage.x25519.Recipient.from_str(name))
        except pyrage.RecipientError:
            raise NoRecoveryKey(
                f"{name!r} is no age recipient (age1…). A secret key never goes here."
                if not name.startswith("AGE-SECRET-KEY-")
                else "BACKUP_RECIPIENTS holds a secret key. Take it away from this machine and "
                "name its public half, age1…"
            ) from None
    if not found:
        raise NoRecoveryKey(
            "There is no recovery key. On a machine that you trust run "
            "`manage.py backup --make-key FILE`, keep FILE there, and set BACKUP_RECIPIENTS here "
            "to the age1… that it prints."
        )
    return found


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file as age-keygen or `make_key` writes it."""
    try:
        lines = path.read_text(encoding="ascii").split()
        secret = [one for one in lines if one.startswith("AGE-SECRET-KEY-")]
        found = [pyrage.x25519.Identity.from_str(one) for one in secret]
    except OSError as error:
        raise NoRecoveryKey(f"{path} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, pyrage.IdentityError):
        found = []
    if not found:
        raise NoRecoveryKey(f"{path} holds no age identity (AGE-SECRET-KEY-…).")
    return found


def make_key(path: Path) -> str:
    """A new recovery key in a file of its own; its public half."""
    made = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise NoRecoveryKey(f"{path} cannot be made ({error.strerror}).") from None
    public = str(made.to_public())
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"# public key: {public}\n{made}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink()  # a key that is none, copied to the safes, would open nothing
        raise NoRecoveryKey(f"{path} cannot be written ({error.strerror}).") from None
    return public
