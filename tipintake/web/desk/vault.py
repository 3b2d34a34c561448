"""The vault, for the role that may open the names of victims and minors."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.models import VaultEntry
from tipintake.triage.held import where
from tipintake.triage.vault import Reason, open_name
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import strain
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

MOST = 200
KINDS = {
    "VICTIM_NAME": gettext_noop("Name of a possible victim"),
    "MINOR_NAME": gettext_noop("Name of a minor"),
}
SAY_WHY = gettext_noop("Say why the name must be opened.")


@require_safe
@staff_only(May.READ_TIPS, May.OPEN_VAULT)
@proved_lately
def vault(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How many names each visible tip has. Not one of them is opened by this."""
    entries = list(_visible(desk).order_by("-tip__submitted_hour", "tip", "pk")[:MOST])
    audit.record("vault.listed", actor=desk.user.username, now=desk.now, rows=len(entries))
    rows = [(one, _(KINDS.get(one.kind, one.kind)), where(one.field)) for one in entries]
    context = {"rows": rows, "reasons": Reason.choices, "most": MOST}
    return render(request, desk, "desk/vault.html", context)


@require_POST
@staff_only(May.READ_TIPS, May.OPEN_VAULT)
@proved_lately
def reveal(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """Open one name for a reason. It stands on this page and is kept nowhere else."""
    entry = _visible(desk).filter(pk=pk).first()
    if entry is None:
        return not_here(request, desk)
    given = request.POST.get("reason", "")
    name, problem = "", ""
    if given not in Reason.values:
        problem = _(SAY_WHY)
    else:
        try:
            private = keys.vault_private(settings.PRIVATE_KEYS_DIR)
            by = desk.user.username
            name = open_name(entry, Reason(given), private=private, by=by, now=desk.now)
            strain.opened(request, desk.now)
        except (keys.KeyMissing, CannotOpen) as error:
            problem = str(error)
    context = {
        "entry": entry,
        "kind": _(KINDS.get(entry.kind, entry.kind)),
        "field": where(entry.field),
        "name": name,
        "problem": problem,
        "reasons": Reason.choices,
    }
    return render(request, desk, "desk/vault_one.html", context, status=422 if problem else 200)


def _visible(desk: Desk) -> QuerySet[VaultEntry]:
    return VaultEntry.objects.filter(tip__in=tips_visible_to(desk.user)).select_related("tip")
