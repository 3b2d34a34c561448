"""Digests: the same export each day or week, of the tips that came to their lines since."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from reports import asking
from reports.asking import CannotAsk, Wish, acts_for, checked, keep
from reports.models import Digest, Export
from reports.scope import OutOfScope
from tipintake.staff import audit
from tipintake.staff.models import User

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=2)  # the clocks of two machines differ by less
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
    """What a wrong time dated ahead goes on where its last export under a right one ended. What
    came meanwhile may be brought twice, and is not left out."""
    for digest in Digest.objects.filter(active=True, since__gt=now + AHEAD):
        made = Export.objects.filter(digest=digest, asked_at__lte=now).order_by("-asked_at")
        last = made.values_list("asked_at", flat=True).first()
        Digest.objects.filter(pk=digest.pk, since=digest.since).update(
            since=last or now - STEP[digest.every], next_at=now
        )
        log.warning("digest.brought_back it was dated ahead")


def _ask(digest: Digest, now: datetime) -> int:
    with transaction.atomic():
        mine = Digest.objects.filter(pk=digest.pk, active=True, next_at=digest.next_at)
        following = digest.next_at + STEP[digest.every]
        if not mine.update(since=now, next_at=max(following, now)):
            return 0
        span = {"routed_since": digest.since.isoformat(), "routed_before": now.isoformat()}
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
