"""The boundaries in force, ready to be asked. Built once for each version and process."""

import logging
import threading

from tipintake.directory.boundaries import areas_of, version_in_force
from tipintake.directory.gazetteer import Gazetteer, JurisdictionEntry
from tipintake.routing.places.areas import AreaIndex, NotWhole, index_of

log = logging.getLogger(__name__)

_Key = tuple[str, tuple[JurisdictionEntry, ...]]
_lock = threading.Lock()
_kept: tuple[_Key, AreaIndex | None] | None = None


def current_boundaries(gazetteer: Gazetteer) -> AreaIndex | None:
    """None while points decide nothing: no boundaries, or too few to tell what lies outside.

    The version in force is asked for at each call, so that a load in one process is seen by
    every other without a restart.
    """
    return boundaries_of(version_in_force(), gazetteer)[0]


def boundaries_of(version: str, gazetteer: Gazetteer) -> tuple[AreaIndex | None, bool]:
    """The same when the version in force is known already; and whether it may be kept: what
    failed for a moment is built again at the next call."""
    global _kept
    if not version:
        return None, True
    key = (version, gazetteer.jurisdictions)
    kept = _kept
    if kept is not None and kept[0] == key:
        return kept[1], True
    with _lock:
        kept = _kept
        if kept is None or kept[0] != key:
            try:
                kept = (key, _build(version, gazetteer))
            except Exception:
                log.exception("boundaries.unusable points decide nothing")
                return None, False
            _kept = kept
    return kept[1], True


def _build(version: str, gazetteer: Gazetteer) -> AreaIndex | None:
    """A tip is never lost for want of a map: what cannot be built places no point."""
    try:
        return index_of(version, areas_of(version), gazetteer)
    except NotWhole:
        log.warning("boundaries.not_whole points decide nothing: %s", version[:12])
        return None
