"""The record of who did what. The entry stands in the act, in the same transaction."""

from datetime import datetime

from tipintake.staff.models import AuditEntry

Fact = str | int | bool | None | list[str]


def record(act: str, *, actor: str, now: datetime, subject: str = "", **facts: Fact) -> AuditEntry:
    """Append one entry. `facts` are codes, counts and references: never what a resident wrote."""
    return AuditEntry.objects.create(at=now, actor=actor, act=act, subject=subject, facts=facts)
