"""Notices that did not get through: what staff do about them.

Call each act in the transaction of everything that belongs to it, and ring
`pipeline.bell.ring_notify` after the commit.
"""

from datetime import datetime

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tipintake.delivery.channels import OUTWARD
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.delivery.notices import notice
from tipintake.directory.models import Contact, Line
from tipintake.staff import audit

State = Notice.State
ON_ITS_WAY = (State.WAITING, State.SENDING)


class NotPossible(Exception):
    """The notice cannot be sent so; the sentence says why and what to do."""


def try_again(dead: Notice, *, by: str, now: datetime) -> None:
    """Send a dead letter once more, under the id that it always had: from the first attempt on."""
    if not dead.contact.active:
        raise NotPossible(
            _(
                "This contact takes no notices any more. Send it another way, or start the "
                "contact first: manage.py contact start {contact_id}"
            ).format(contact_id=dead.contact_id)
        )
    _claim(dead, State.WAITING, attempts=0, next_at=now, last_error="")
    _record("notice.tried_again", dead, by=by, now=now)


def send_elsewhere(dead: Notice, to: Contact, *, by: str, now: datetime) -> Notice:
    """Tell another contact instead. It is another notice, with an id of its own."""
    if to not in list(others_for(dead)):
        raise NotPossible(_("A notice goes to another contact of the same line, or to own staff."))
    _claim(dead, State.MOVED)
    earlier = Notice.objects.filter(
        hand_off=dead.hand_off_id, contact=to, purpose=dead.purpose
    ).aggregate(highest=Max("round"))["highest"]
    fresh = notice(
        dead.hand_off,
        to,
        purpose=Notice.Purpose(dead.purpose),
        number=0 if earlier is None else earlier + 1,
        now=now,
    )
    fresh.save(force_insert=True)
    _record("notice.sent_elsewhere", dead, by=by, now=now, to=to.line.code, to_channel=to.channel)
    return fresh


def others_for(dead: Notice) -> QuerySet[Contact]:
    """Who else may be told: the same line's other contacts first, then own staff.

    A notice holds the number of a tip; no other agency learns even that. Of a person who asked
    that nobody else be told, not even own staff do.
    """
    told = Q(line=dead.hand_off.line_id)
    tip = dead.hand_off.tip
    if not tip.reporter_is_victim or tip.police_consent:
        told |= Q(line__kind=Line.Kind.INTERNAL)
    return (
        Contact.objects.filter(told, active=True, channel__in=OUTWARD)
        .exclude(pk=dead.contact_id)
        .select_related("line")
        .order_by("line__kind", "line__name", "role", "pk")
    )


def dead_letters(hand_offs: QuerySet[HandOff]) -> QuerySet[Notice]:
    """Notices that were given up and still matter; the urgent first.

    They matter while nobody has answered for the tip; that the writer added something matters
    also to a line that has it in work.
    """
    unanswered = Q(hand_off__state__in=OPEN_STATES)
    more = Q(purpose=Notice.Purpose.MORE, hand_off__state=HandOff.State.ACKNOWLEDGED)
    return (
        Notice.objects.filter(unanswered | more, state=State.DEAD, hand_off__in=hand_offs)
        .select_related("hand_off__tip", "hand_off__line", "contact__line")
        .prefetch_related("tries")
        .order_by("priority", "next_at", "pk")
    )


def still_tried(hand_offs: QuerySet[HandOff]) -> QuerySet[Notice]:
    """Notices that failed at least once and are due again; the urgent first."""
    return (
        Notice.objects.filter(state__in=ON_ITS_WAY, attempts__gt=0, hand_off__in=hand_offs)
        .select_related("hand_off__tip", "hand_off__line", "contact__line")
        .prefetch_related("tries")
        .order_by("priority", "next_at", "pk")
    )


def lately_sent(hand_offs: QuerySet[HandOff]) -> QuerySet[Notice]:
    """What left the installation last."""
    return (
        Notice.objects.filter(
            state=State.SENT, contact__channel__in=OUTWARD, hand_off__in=hand_offs
        )
        .select_related("hand_off__tip", "hand_off__line", "contact__line")
        .prefetch_related("tries")
        .order_by("-sent_at", "pk")
    )


def told_nobody(hand_offs: QuerySet[HandOff]) -> QuerySet[HandOff]:
    """Open hand-offs of other agencies of which nobody there was told by wire, nor is just now.

    Staff telephone: machines only count their deadlines and remind the desk of urgent ones.
    """
    announced = Q(notify_at__isnull=True) | Q(notify_at__gt=F("queued_at"))
    told = Notice.objects.filter(
        hand_off=OuterRef("pk"),
        contact__line=OuterRef("line"),
        contact__channel__in=OUTWARD,
        state__in=(*ON_ITS_WAY, State.SENT),
    )
    return (
        hand_offs.filter(announced, ~Exists(told), state__in=OPEN_STATES)
        .exclude(line__kind=Line.Kind.INTERNAL)
        .select_related("tip", "line")
        .order_by("due_at", "pk")
    )


def _claim(dead: Notice, to: Notice.State, **values: object) -> None:
    """Of two people at the same moment one succeeds."""
    claimed = Notice.objects.filter(pk=dead.pk, state=State.DEAD).update(
        state=to, leased_until=None, **values
    )
    dead.refresh_from_db(fields=["state", "attempts", "next_at", "last_error", "leased_until"])
    if not claimed:
        raise NotPossible(
            _("This notice is {state} by now. Load the page again.").format(
                state=_(State(dead.state).label).lower()
            )
        )


def _record(act: str, dead: Notice, *, by: str, now: datetime, **facts: audit.Fact) -> None:
    audit.record(
        act,
        actor=by,
        now=now,
        subject=dead.hand_off.tip.reference,
        line=dead.hand_off.line.code,
        channel=dead.contact.channel,
        **facts,
    )
