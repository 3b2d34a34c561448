"""The version in force, and every version that decided once.

The version in force is asked for at each call, so that every running process takes a newly
activated one with the next batch, without a restart. Reading its text happens once a process.
"""

import logging

from tipintake.routing.models import Policy
from tipintake.routing.policy.rulebook import FIRST, BadPolicy, Rulebook, digest_of, read

log = logging.getLogger(__name__)

_kept: dict[tuple[int, str], Rulebook] = {(FIRST.version, FIRST.digest): FIRST}
_KEPT_AT_MOST = 16


class UnknownPolicy(LookupError):
    def __init__(self, version: int) -> None:
        super().__init__(f"There is no policy version {version}. `manage.py policy list` has all.")


def policy_in_force() -> Rulebook:
    """Version 1, which ships with the service, until another is activated.

    When the active version cannot be read, as after a damage to the database, version 1 decides
    and the log says so: a tip is never held up by its rules.
    """
    active = Policy.objects.filter(state=Policy.State.ACTIVE)
    return in_force(active.values_list("version", "digest").first())


def in_force(active: tuple[int, str] | None) -> Rulebook:
    """The same for one who has read version and digest of the active row, if there is one."""
    if active is None:
        return FIRST
    try:
        return _rulebook(*active)
    except BadPolicy:
        log.exception("policy.unreadable version %d; version 1 decides meanwhile", active[0])
        return FIRST


def policy_of(version: int) -> Rulebook:
    """That version, active or not. Raises `UnknownPolicy`, or `BadPolicy` for a draft's text."""
    digest = Policy.objects.filter(version=version).values_list("digest", flat=True).first()
    if digest is None and version == FIRST.version:
        return FIRST
    if digest is None:
        raise UnknownPolicy(version)
    return _rulebook(version, digest)


def _rulebook(version: int, digest: str) -> Rulebook:
    kept = _kept.get((version, digest))
    if kept is not None:
        return kept
    text = Policy.objects.filter(version=version).values_list("text", flat=True).first() or ""
    if digest_of(text) != digest:
        raise BadPolicy([f"The text of version {version} is not the one that was activated."])
    rulebook = read(text, version=version)
    if len(_kept) >= _KEPT_AT_MOST:
        _kept.clear()
    _kept[version, digest] = rulebook
    return rulebook
