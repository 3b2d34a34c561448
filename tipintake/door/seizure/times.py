"""No column of a resident's own act is finer than the hour. The law is a table.

Every column that holds a moment stands in one of the two tables; a test fails for one that does
not, so that whoever adds a column says which it is.
"""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import models
from django.db.models import Q

from tipintake.staff.audit import OF_RESIDENTS

# Moments of a resident's own act, and in which rows they are that.
OWN_ACTS: dict[str, Q] = {
    "Tip.submitted_hour": Q(),
    "SameWords.expires_at": Q(),
    "SpentToken.expires_at": Q(),
    "IdempotentAnswer.expires_at": Q(),
    "AuditEntry.at": OF_RESIDENTS,
    "Message.at": Q(direction="ANSWER"),
    "Message.read_at": Q(direction="QUESTION"),
}
# Work of staff and machines, and what was seen: to the second, because it is needed so.
OTHER_MOMENTS = frozenset(
    {
        "Attachment.confirmed_at",
        "Attachment.taken_at",
        "Attempt.begun_at",
        "Attempt.ended_at",
        "AuditEntry.at",
        "BoundaryDataset.loaded_at",
        "BoundaryRelease.released_at",
        "Call.made_at",
        "Contact.secret_before_until",
        "Correction.found_at",
        "Correction.told_at",
        "Decision.decided_at",
        "Digest.next_at",
        "Digest.since",
        "DirectoryChange.at",
        "Dissemination.at",
        "Export.asked_at",
        "Export.expires_at",
        "Export.leased_until",
        "Export.made_at",
        "FailedLogOn.at",
        "Grade.at",
        "HandOff.acknowledged_at",
        "HandOff.due_at",
        "HandOff.escalate_again_at",
        "HandOff.notify_at",
        "HandOff.queued_at",
        "Heartbeat.at",
        "IntelligenceRecord.decided_at",
        "IntelligenceRecord.proposed_at",
        "IntelligenceRecord.reviewed_at",
        "Link.judged_at",
        "MergedTip.merged_at",
        "MonthFigures.counted_at",
        "Message.at",
        "Message.read_at",
        "Message.withdrawn_at",
        "Note.written_at",
        "Notice.leased_until",
        "Notice.next_at",
        "Notice.sent_at",
        "OnlineLead.seen_at",
        "OperatorAlert.closed_at",
        "OperatorAlert.opened_at",
        "PartnerToken.expires_at",
        "PartnerToken.last_used_at",
        "PartnerToken.made_at",
        "PartnerToken.revoked_at",
        "Policy.activated_at",
        "Policy.changed_at",
        "RegionRelease.loaded_at",
        "Seen.looking_until",
        "Sighting.end",
        "Sighting.start",
        "Tip.assigned_at",
        "Tip.routed_at",
        "Undoable.until",
        "User.date_joined",
        "User.last_login",
    }
)


def moments() -> set[str]:
    """Every column of ours that holds a moment."""
    return {
        f"{model.__name__}.{column.name}"
        for model in apps.get_models()
        if model.__module__.startswith(("tipintake", "reports"))
        for column in model._meta.concrete_fields  # noqa: SLF001 Django's public way to a model's columns
        if isinstance(column, models.DateTimeField)
    }


def too_fine() -> Iterator[str]:
    """Columns of own acts in which a row says more than the hour."""
    for name, rows in OWN_ACTS.items():
        model_name, _dot, column = name.partition(".")
        model = apps.get_model("tipintake", model_name)
        found = model.objects.filter(rows).values_list(column, flat=True)
        if any(not is_hour(moment) for moment in found.iterator(chunk_size=1000)):
            yield name


def is_hour(moment: datetime | None) -> bool:
    return moment is None or (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
