"""Whose a tip is among the people of the desk."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import MAY, May
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Status
from tipintake.triage import actions, workflow
from tipintake.triage.actions import NotAllowed
from tipintake.triage.visible import tips_visible_to


def people() -> QuerySet[User]:
    """Accounts to which tips may be assigned."""
    roles = [role.value for role, acts in MAY.items() if May.ASSIGN_TIPS in acts]
    return User.objects.filter(is_active=True, groups__name__in=roles).distinct()


def assign(tip: Tip, to: User | None, *, by: str, now: datetime) -> None:
    """Give the tip to somebody, or to nobody. Its status moves on to assigned, never back."""
    if tip.status == Status.CLOSED:
        raise NotAllowed(_("A closed tip is assigned to nobody. Reopen it first."))
    if to is not None and not _may_have(to, tip):
        raise NotAllowed(
            _("{username} may not work on this tip: it is in none of their lines.").format(
                username=to.username
            )
        )
    before = tip.assigned_to.username if tip.assigned_to is not None else ""
    if before == (to.username if to is not None else ""):
        raise NotAllowed(
            _("It is assigned to {before} already.").format(before=before)
            if before
            else _("It is assigned to nobody.")
        )
    tip.assigned_to, tip.assigned_at = to, now if to is not None else None
    tip.save(update_fields=["assigned_to", "assigned_at"])
    audit.record(
        "tip.assigned",
        actor=by,
        now=now,
        subject=tip.reference,
        to=to.username if to is not None else "",
        before=before,
    )
    further = workflow.is_further(Status.ASSIGNED, tip.status)
    if to is not None and further and workflow.allowed(tip.status, Status.ASSIGNED):
        actions.change_status(tip, Status.ASSIGNED, by=by, now=now)


def _may_have(user: User, tip: Tip) -> bool:
    return people().filter(pk=user.pk).exists() and (
        tips_visible_to(user).filter(pk=tip.pk).exists()
    )
