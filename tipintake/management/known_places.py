"""What is known of places on this machine: the loaded region, or else the files of its pack."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.directory.models import RegionRelease
from tipintake.region.pack import PackError, read_pack


def known_places() -> Gazetteer:
    """Works without any database, and makes none."""
    if _has_release():
        return current_gazetteer()
    folder = Path(settings.REGIONS_DIR) / settings.REGION
    try:
        return read_pack(folder).gazetteer()
    except PackError as error:
        raise CommandError(f"The region pack {folder} cannot be read:\n{error}") from None


def _has_release() -> bool:
    if connection.vendor == "sqlite" and not _exists(str(connection.settings_dict["NAME"])):
        return False  # connecting would make an empty file
    try:
        return RegionRelease.objects.filter(region=settings.REGION).exists()
    except DatabaseError:
        return False  # not migrated, or not there


def _exists(name: str) -> bool:
    in_memory = name == ":memory:" or name.startswith("file:")
    return in_memory or Path(name).is_file()
