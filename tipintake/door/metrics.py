"""`/metrics` of the desk host, in the text format of Prometheus, for who shows METRICS_TOKEN.

Everything is read from rows at the moment of the question, so that it does not matter which
process is asked. No figure moves because one tip came, and none has a label: whoever keeps the
history of these learns nothing of anybody.
"""

import hmac
from datetime import timedelta

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from tipintake.pipeline import watch
from tipintake.pipeline.models import OperatorAlert
from tipintake.pipeline.watch import Reading

KIND = "text/plain; version=0.0.4; charset=utf-8"
NO_FIGURES = "The database gives no figures: /readyz of this host says why."


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    wanted = f"Bearer {settings.METRICS_TOKEN}".encode()
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(wanted, given):
        return HttpResponse(status=404)
    try:
        reading = watch.look(now=timezone.now())
        alerts = OperatorAlert.objects.filter(closed_at=None).count()
    except Error:
        return HttpResponse(f"{NO_FIGURES}\n", status=503, content_type="text/plain")
    return HttpResponse(as_text(reading, alerts=alerts), content_type=KIND)


def as_text(reading: Reading, *, alerts: int) -> str:
    """Each figure with what it means, as the format has it."""
    figures: list[tuple[str, str, float]] = [
        ("broker_up", "Whether the broker takes bells.", reading.bells is not None),
        ("broker_bells", "Bells that no worker has heard yet.", reading.bells or 0),
        ("sweep_age_seconds", "Since a worker made a round.", _seconds(reading.since_sweep)),
        (
            "step_failing_seconds",
            "So long has a step of the rounds failed each time; 0 when none does.",
            _seconds(reading.step_fails),
        ),
        (
            "exporter_age_seconds",
            "Since the exporter was heard.",
            _seconds(reading.since_exporter),
        ),
        (
            "tip_wait_seconds",
            "At least so long has a tip waited to be routed; 0 when none waits for long.",
            _seconds(reading.tip_waits),
        ),
        (
            "notice_overdue_seconds",
            "By how much the oldest notice that is due is late.",
            _seconds(reading.notice_overdue),
        ),
        ("notices_given_up", "Notices that staff must look at.", reading.notices_given_up),
        ("alerts_open", "Alerts that are open.", alerts),
    ]
    if reading.since_backup is not None:
        age = _seconds(reading.since_backup)
        figures.append(("backup_age_seconds", "Since the last backup.", age))
    lines = []
    for name, means, value in figures:
        full = f"tipintake_{name}"
        lines += [f"# HELP {full} {means}", f"# TYPE {full} gauge", f"{full} {float(value):g}"]
    return "\n".join([*lines, ""])


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds())


urlpatterns: list[URLPattern] = [path("metrics", metrics, name="metrics")]
