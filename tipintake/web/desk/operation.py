"""Whether the installation runs, for its administrators: what /readyz and /metrics say."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tipintake.door.health import readiness
from tipintake.pipeline import watch
from tipintake.pipeline.models import OperatorAlert
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk.page import Desk, render, staff_only

MOST_ALERTS = 20


@require_safe
@staff_only(May.SEE_OPERATION)
def operation(request: HttpRequest, desk: Desk) -> HttpResponse:
    checks = readiness()
    reading = watch.read(now=desk.now)
    alerts = OperatorAlert.objects.order_by("-opened_at", "-pk")[:MOST_ALERTS]
    audit.record("operation.read", actor=desk.user.username, now=desk.now)
    context = {
        "checks": [one for one in checks if one.name not in watch.SAYS],
        "alarms": [(alarm, alarm.span(reading) > alarm.after) for alarm in watch.ALARMS],
        "figures": _figures(reading),
        "alerts": [(one, _(watch.SAYS.get(one.code, one.code))) for one in alerts],
        "most": MOST_ALERTS,
    }
    return render(request, desk, "desk/operation.html", context)


def _figures(reading: watch.Reading) -> list[tuple[str, str]]:
    bells = _("broker away") if reading.bells is None else str(reading.bells)
    backup = _("never asked for") if reading.since_backup is None else _ago(reading.since_backup)
    return [
        (_("A worker made its round"), _ago(reading.since_sweep)),
        (_("A step of its rounds fails each time"), _at_most(reading.step_fails)),
        (_("The exporter was heard"), _ago(reading.since_exporter)),
        (_("A tip waits to be routed"), _at_most(reading.tip_waits)),
        (_("The oldest due notice is late by"), _at_most(reading.notice_overdue)),
        (_("Notices given up"), str(reading.notices_given_up)),
        (_("Bells not heard yet"), bells),
        (_("Backup"), backup),
    ]


def _ago(span: timedelta) -> str:
    return _("{span} ago").format(span=_said(span))


def _at_most(span: timedelta) -> str:
    return _said(span) if span else _("none")


def _said(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    units = (
        (_("{n} days"), 86_400),
        (_("{n} hours"), 3600),
        (_("{n} minutes"), 60),
    )
    for said, size in units:
        if seconds >= 2 * size:
            return said.format(n=seconds // size)
    return ngettext("{seconds} second", "{seconds} seconds", seconds).format(seconds=seconds)
