"""The key that the desk seals second factors with: never made anew while some need it."""

from pathlib import Path

from tipintake.privacy import keys
from tipintake.privacy.seal import DataKey
from tipintake.staff import factors


def key_to_seal(private_dir: Path) -> DataKey:
    """What the desk seals with; made where nothing was sealed with it yet. Raises KeyMissing."""
    return keys.accounts_key(private_dir, make=not is_lost(private_dir))


def refuse_lost(private_dir: Path) -> None:
    """Raises KeyMissing."""
    if is_lost(private_dir):
        keys.accounts_key(private_dir)


def is_lost(private_dir: Path) -> bool:
    """Second factors are sealed with a key that is not here: under a new one, made without a
    word, they would never open again."""
    return not (private_dir / "accounts.key").exists() and factors.any_is_sealed()
