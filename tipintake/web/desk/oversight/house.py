"""Whether the house is well: routing, notices, the audit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tipintake.delivery.models import OPEN_STATES, Notice
from tipintake.staff import audit, digest, heads
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.web.desk.clocks import ago, lasting
from tipintake.web.desk.oversight.counting import capped, many
from tipintake.web.desk.page import Desk

STALE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Holds:
    """One thing about the house that is well, or what to do."""

    well: bool
    says: str


def house(desk: Desk) -> list[Holds]:
    return [*_pipeline(desk.now), *_chain(desk.now)]


def _pipeline(now: datetime) -> Iterable[Holds]:
    waiting = Tip.objects.waiting()
    count = capped(waiting)
    oldest = waiting.values_list("submitted_hour", flat=True).first()
    if not count or oldest is None:
        yield Holds(True, _("Every tip that came is routed."))
    else:
        since = ago(oldest, now)
        late = now - oldest > timedelta(hours=1) + STALE
        says = ngettext(
            "{many} tip waits to be routed, since {since}.",
            "{many} tips wait to be routed, the first since {since}.",
            count,
        ).format(many=many(count), since=since)
        if late:
            says += " " + _("Is the worker running?")
        yield Holds(not late, says)
    due = Notice.objects.filter(
        state__in=(Notice.State.WAITING, Notice.State.SENDING), next_at__lt=now - STALE
    )
    if behind := capped(due):
        yield Holds(
            False,
            ngettext(
                "{many} notice is due for over 5 minutes. Is the worker running?",
                "{many} notices are due for over 5 minutes. Is the worker running?",
                behind,
            ).format(many=many(behind)),
        )
    else:
        yield Holds(True, _("No notice is behind its time."))
    dead = Notice.objects.filter(state=Notice.State.DEAD, hand_off__state__in=OPEN_STATES)
    if given_up := capped(dead):
        yield Holds(
            False,
            ngettext(
                "{many} notice was given up while its tip waits.",
                "{many} notices were given up while their tips wait.",
                given_up,
            ).format(many=many(given_up)),
        )
    else:
        yield Holds(True, _("No notice was given up while its tip waits."))


def _chain(now: datetime) -> Iterable[Holds]:
    unchained = AuditEntry.objects.unchained().filter(audit.waiting(now)).order_by("at")
    oldest = unchained.values_list("at", flat=True).first()
    if oldest is not None and now - oldest > STALE:
        yield Holds(
            False,
            _("The audit has not been chained for {lasting}. Is the clock running?").format(
                lasting=lasting(now - oldest)
            ),
        )
    else:
        yield Holds(
            True,
            _("The audit is chained up to number {number}.").format(
                number=f"{audit.head().number:,}"
            ),
        )
    try:
        noted = heads.newest()
    except heads.NotSigned:
        yield Holds(False, _("The head of the audit's chain was changed. Tell the auditor now."))
    except heads.KeyLost as lost:
        yield Holds(False, str(lost))
    else:
        if noted is None:
            yield Holds(False, _("No head of the audit's chain is noted. Tell the auditor."))
    last = AuditEntry.objects.filter(act=digest.MADE).order_by("-at").first()
    if last is None:
        yield Holds(
            True, _("The chain has not been walked whole yet: the first weekly digest does.")
        )
    elif last.facts.get("problems"):
        yield Holds(
            False,
            _("The audit did not hold, {ago}. Tell the auditor now.").format(
                ago=ago(last.at, now)
            ),
        )
    else:
        yield Holds(True, _("The whole chain held, {ago}.").format(ago=ago(last.at, now)))
