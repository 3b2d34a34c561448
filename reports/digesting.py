"""Digests: the same export each day or week, of the tips that came to their lines since the last
that somebody took. What failed, was cancelled or lay there untaken comes once more.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from reports import asking
from reports.asking import CannotAsk, Wish, acts_for, checked, keep
from reports.models import Digest, Dissemination, Export
from reports.scope import OutOfScope
from tipintake.staff import audit
from tipintake.staff.models import User

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=2)  # the clocks of two machines differ by less
SETTLED = timedelta(minutes=5)  # what was routed so long ago is committed, and can be read
STEP: Mapping[str, timedelta] = {
    Digest.Every.DAY: timedelta(days=1),
    Digest.Every.WEEK: timedelta(days=7),
}


def arrange(wish: Wish, *, name: str, every: str, user: User, now: datetime) -> Digest:
    """Names of victims and minors never go out by themselves. Raises CannotAsk or OutOfScope."""
    if wish.with_vault or wish.references:
        raise CannotAsk(_("A digest has a filter, and never names of victims or minors."))
    if every not in STEP or not name.strip():
        raise CannotAsk(_("Give the digest a name, and say how often."))
    checked(wish, acts=acts_for(user), now=now)
    with transaction.atomic():
        digest = Digest.objects.create(
            name=name.strip()[:60],
            every=every,
            since=now,
            next_at=now + STEP[every],
            asked_by=user,
            requester=user.username,
            recipient=wish.recipient,
            purpose=wish.purpose,
            authority=wish.authority.strip(),
            level=wish.level,
            formats=list(wish.formats),
            selection=dict(wish.selection),
            with_pictures=wish.with_pictures,
            age_recipients=list(wish.age_recipients),
        )
        audit.record(
            "digest.arranged",
            actor=user.username,
            now=now,
            recipient=wish.recipient.code,
            every=every,
        )
    return digest


def stop(digest: Digest, *, by: str, now: datetime) -> None:
    with transaction.atomic():
        if Digest.objects.filter(pk=digest.pk, active=True).update(active=False):
            audit.record("digest.stopped", actor=by, now=now, recipient=digest.recipient.code)


def ask_due(*, now: datetime) -> int:
    """Ask for the export of each digest whose time has come. What may not go out, stops."""
    _bring_back(now)
    done = 0
    for digest in Digest.objects.filter(active=True, next_at__lte=now).select_related(
        "recipient", "asked_by"
    ):
        done += _ask(digest, now)
    return done


def _bring_back(now: datetime) -> None:
    """What a wrong time dated ahead is due now."""
    for digest in Digest.objects.filter(active=True, next_at__gt=now):
        ahead = Digest.objects.filter(pk=digest.pk, next_at__gt=now + STEP[digest.every] + AHEAD)
        if ahead.update(next_at=now):
            log.warning("digest.brought_back it was dated ahead")


def _since(digest: Digest, now: datetime) -> datetime:
    """Where the last that was taken ended; else where the first begins. What was made under a
    time that was wrong does not count: it may come twice, and is not left out."""
    taken = Export.objects.filter(
        Exists(Dissemination.objects.filter(export=OuterRef("pk"))),
        digest=digest,
        asked_at__lte=now,
    )
    last = taken.order_by("-asked_at").first()
    if last is not None:
        return datetime.fromisoformat(last.selection["routed_before"])
    return digest.since if digest.since <= now else now - STEP[digest.every]


def _ask(digest: Digest, now: datetime) -> int:
    with transaction.atomic():
        mine = Digest.objects.filter(pk=digest.pk, active=True, next_at=digest.next_at)
        step = STEP[digest.every]
        missed = (now - digest.next_at) // step  # while nothing ran
        if not mine.update(next_at=digest.next_at + step * (missed + 1)):
            return 0
        since, until = _since(digest, now), now - SETTLED
        span = {"routed_since": since.isoformat(), "routed_before": until.isoformat()}
        wish = Wish(
            recipient=digest.recipient,
            purpose=digest.purpose,
            authority=digest.authority,
            level=digest.level,
            formats=digest.formats,
            selection={**digest.selection, **span},
            with_pictures=digest.with_pictures,
            age_recipients=digest.age_recipients,
        )
        try:
            scope = asking.checked(wish, acts=acts_for(digest.asked_by), now=now)
        except (OutOfScope, CannotAsk):
            stop(digest, by="exporter", now=now)
            return 0
        keep(wish, scope, user=digest.asked_by, requester=digest.requester, now=now, digest=digest)
    return 1
