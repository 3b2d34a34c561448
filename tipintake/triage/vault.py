"""Names of victims and minors. One role opens them, one at a time, for a reason that is kept."""

from datetime import datetime

from django.db import models

from tipintake.privacy.seal import PrivateKey
from tipintake.staff import audit
from tipintake.tips.models import VaultEntry
from tipintake.tips.secrets import vault_words_of


class Reason(models.TextChoices):
    """Why a name is opened. A closed list: the audit repeats it."""

    PROTECT = "PROTECT", "To protect a child or a victim now"
    SERVICES = "SERVICES", "To bring services to the person"
    MISSING = "MISSING", "To compare with a missing person"
    CASE = "CASE", "An opened case needs it"
    COURT = "COURT", "A court asks for it"


def open_name(
    entry: VaultEntry, reason: Reason, *, private: PrivateKey, by: str, now: datetime
) -> str:
    """The name. That it was opened is recorded first, whether or not it then opens."""
    audit.record(
        "vault.opened",
        actor=by,
        now=now,
        subject=entry.tip.reference,
        kind=entry.kind,
        reason=reason.value,
    )
    return vault_words_of(entry, private)
