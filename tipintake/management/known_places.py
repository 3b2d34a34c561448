"""What is known of places on this machine: the loaded region, or else the files of its pack; and
the policy that decides here, or else the one that ships with the service."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.directory.models import RegionRelease
from tipintake.region.entries import PackError
from tipintake.region.pack import read_pack
from tipintake.routing.boundaries import current_boundaries
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.policy.current import UnknownPolicy, policy_in_force, policy_of
from tipintake.routing.policy.rulebook import FIRST, BadPolicy, Rulebook


def known_places() -> Gazetteer:
    """Works without any database, and makes none."""
    if has_release():
        return current_gazetteer()
    folder = Path(settings.REGIONS_DIR) / settings.REGION
    try:
        return read_pack(folder).gazetteer()
    except PackError as error:
        raise CommandError(f"The region pack {folder} cannot be read:\n{error}") from None


def known_boundaries(gazetteer: Gazetteer) -> Boundaries | None:
    """The boundaries in force, where there is a database that has some."""
    if not _has_database():
        return None
    try:
        return current_boundaries(gazetteer)
    except DatabaseError:
        return None  # not migrated, or not there


def known_policy(version: int | None = None) -> Rulebook:
    """That version, or the one in force. Works without any database, and makes none."""
    has_database = has_release()
    try:
        if version is not None and (has_database or version != FIRST.version):
            return policy_of(version)
    except (UnknownPolicy, BadPolicy) as error:
        raise CommandError(str(error)) from None
    return policy_in_force() if has_database and version is None else FIRST


def has_release() -> bool:
    if not _has_database():
        return False
    try:
        return RegionRelease.objects.filter(region=settings.REGION).exists()
    except DatabaseError:
        return False  # not migrated, or not there


def _has_database() -> bool:
    """Connecting to SQLite would make an empty file."""
    return connection.vendor != "sqlite" or _exists(str(connection.settings_dict["NAME"]))


def _exists(name: str) -> bool:
    in_memory = name == ":memory:" or name.startswith("file:")
    return in_memory or Path(name).is_file()
