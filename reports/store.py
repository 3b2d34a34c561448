"""Where packages lie: sealed, one file each, under a key of their own in the export's row."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings

from reports.models import Export
from tipintake.privacy.seal import DataKey, PrivateKey, Sealed
from tipintake.privacy.streams import opening


def folder() -> Path:
    path = Path(settings.EXPORTS_DIR)
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def package(export: UUID, lease: UUID) -> Path:
    return folder() / f"{export}-{lease}.sealed"


def workshop(export: UUID, lease: UUID) -> Path:
    """Where parts wait while a package is made."""
    return folder() / f"{export}-{lease}.parts"


def context(export: UUID) -> str:
    return f"export:{export}:package"


def content(export: Export, private: PrivateKey) -> Iterator[bytes]:
    """The package as it is handed over, opened block by block. Raises seal.CannotOpen."""
    if export.lease is None:
        return iter(())
    key = DataKey.unseal(Sealed(export.key_sealed), private)
    return opening(package(export.pk, export.lease), key, context=context(export.pk))


def destroy(export: UUID, *, but: UUID | None = None) -> None:
    """Every file of an export, except of the lease that goes on."""
    for path in folder().glob(f"{export}-*"):
        if but is not None and path.stem == f"{export}-{but}":
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def leftovers() -> Iterator[UUID]:
    """Exports of which files lie here."""
    for path in folder().iterdir():
        try:
            yield UUID(path.name[:36])
        except ValueError:
            continue
