"""What the holder of a receipt may see of their tip. Both doors show the same."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from tipintake.delivery.channels import OUTWARD
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Contact, Line
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptCode, ReplyKeys
from tipintake.privacy.seal import CannotOpen
from tipintake.routing.policy.reasons import in_language
from tipintake.tips import messages
from tipintake.tips.by_receipt import tip_under
from tipintake.tips.models import Message
from tipintake.tips.vocabulary import Status
from tipintake.triage.dialog import TEMPLATES
from tipintake.triage.models import Call

PLACING = _("We have your tip. It is being placed with the right line.")
TIP_SAYS: dict[str, Promise] = {
    Status.NEW: _(
        "Your tip is in the lists below. Nobody has confirmed yet that they have read it."
    ),
    Status.SCREENED: _("A person has read your tip."),
    Status.ASSIGNED: _("Someone has been asked to follow up on your tip."),
    Status.WORKING: _("Someone is working on your tip."),
    Status.CLOSED: _("Work on your tip has ended."),
}
LINE_SAYS: dict[str, Promise] = {
    HandOff.State.QUEUED: _("In the list of this line. Nobody there has confirmed it yet."),
    HandOff.State.NOTIFIED: _(
        "This line was told that a tip is waiting. Nobody there has confirmed it yet."
    ),
    HandOff.State.ACKNOWLEDGED: _("This line has confirmed that it has your tip."),
    HandOff.State.DECLINED: _("This line could not take your tip. It stays with the others."),
    HandOff.State.TRANSFERRED: _("This line gave your tip to another line."),
    HandOff.State.CLOSED: _("This line is done with your tip."),
}
# A line outside the house that no machine tells: staff call it. Nobody there knows of the tip yet.
NOT_CALLED = _("We tell this line by telephone. Nobody has called it yet.")
CALLED = _("We have called this line. Nobody there has confirmed it yet.")
ADVOCATE = "victim-advocate"
ASKED_FOR_HELP = gettext_noop(
    "You asked for help. An advocate reads it first. The police only as you allow."
)
# Of the first policy, what speaks to staff, of the person who wrote or in their trade's words, as
# said to that person.
TO_WHO_WROTE: dict[str, str] = {
    "Danger may be happening now: local police first, and the person was told to call 911.": (
        gettext_noop("Danger may be happening now: local police first. Please call 911 yourself.")
    ),
    "The person asking for help is the victim: an advocate first, police only as they allow.": (
        gettext_noop("You asked for help: an advocate first, the police only as you allow.")
    ),
    "A child may be exploited online: ICAC.": gettext_noop(
        "A child may be exploited online. This is for the police team for such crimes."
    ),
    "Signs of force, fraud or coercion: trafficking task force of the county.": gettext_noop(
        "Someone may be forced, tricked or threatened. This is for those who work against "
        "trafficking."
    ),
    "A pattern at a place or vehicle, no sign of force yet: local police, routine.": gettext_noop(
        "Something happens again and again at a place or with a vehicle. This is for the local "
        "police, not as urgent."
    ),
    "An adult advertisement without a sign of control: link analysis only.": gettext_noop(
        "An ad for an adult, with no sign that someone controls them. It is only compared with "
        "other tips."
    ),
}
NOBODY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line that the tip was placed with."""

    code: str
    name: str
    number: str  # empty when the number is not checked
    number_year: int | None
    because: str
    state: str
    says: str


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """A question of the desk, opened; or one's own answer, of which only the hour is shown."""

    is_question: bool
    at: datetime
    text: str = ""
    is_new: bool = False  # a question that was never shown before


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The state of one tip in plain words."""

    reference: str
    status: str
    says: str
    received_hour: datetime
    lines: tuple[StatusLine, ...]
    dialog: tuple[Said, ...] = ()
    is_own: bool = False  # the one in the situation wrote it

    @property
    def new_questions(self) -> int:
        return sum(one.is_new for one in self.dialog)

    @property
    def questions(self) -> list[Said]:
        return [one for one in self.dialog if one.is_question]

    @property
    def answers(self) -> list[Said]:
        return [one for one in self.dialog if not one.is_question]


def status_of(code: ReceiptCode, *, shows: bool = True) -> StatusPage | None:
    """What stands under this receipt; None for an unknown or purged one, after the same work.
    `shows` is whether its questions stand on the page that is made of it."""
    tip = tip_under(code).only(*SHOWN).first()
    reply = receipts.reply_keys(code)
    rows = (
        _with_who_is_told(HandOff.objects.filter(tip_id=tip.pk if tip else NOBODY))
        .select_related("line")
        .order_by("-is_primary", "queued_at", "pk")
    )
    shown, hidden = _parted(rows)
    is_victim = tip is not None and bool(tip.reporter_is_victim)
    lines = tuple(_line(row, is_victim=is_victim) for row in shown)
    said = list(Message.objects.filter(tip_id=tip.pk if tip else NOBODY, withdrawn_at=None))
    if tip is None:
        return None
    if shows:
        said = _shown(said)
    placed = tip.routed_at is not None and bool(lines)
    status = _as_if_alone(tip.status, shown) if hidden else tip.status
    return StatusPage(
        reference=tip.reference,
        status=status,
        says=str(TIP_SAYS[status] if placed else PLACING),
        received_hour=tip.submitted_hour,
        lines=lines,
        dialog=tuple(_said(one, reply, is_own=is_victim) for one in said),
        is_own=is_victim,
    )


def _parted(rows: QuerySet[HandOff]) -> tuple[list[HandOff], list[HandOff]]:
    """Lines that the writer may know of, and those that would tell of another tip."""
    found: tuple[list[HandOff], list[HandOff]] = [], []
    for row in rows:
        found[0 if row.shown_to_writer else 1].append(row)
    return found


def _as_if_alone(status: str, shown: list[HandOff]) -> str:
    """The status as it would be without the lines that the writer does not see: it must not
    tell of them either."""
    if all(row.state in OVER for row in shown):
        return Status.CLOSED
    answered = [row for row in shown if row.acknowledged_at is not None]
    by_agency = any(row.line.kind != Line.Kind.INTERNAL for row in answered)
    if status == Status.ASSIGNED and not by_agency:
        return Status.SCREENED if answered else Status.NEW
    return status


OVER = (HandOff.State.CLOSED, HandOff.State.DECLINED, HandOff.State.TRANSFERRED)
SHOWN = ("reference", "status", "submitted_hour", "routed_at", "reporter_is_victim")


def _said(message: Message, reply: ReplyKeys, *, is_own: bool) -> Said:
    if message.direction == Message.Direction.ANSWER:
        return Said(is_question=False, at=message.at)
    template = TEMPLATES.get(message.template)
    try:
        text = messages.words_for_resident(message, reply)
    except CannotOpen:
        text = say("This question cannot be opened any more.")
    if template is not None:
        text = template.said_in(get_language() or "en", is_own=is_own)
    return Said(is_question=True, at=message.at, text=text, is_new=not message.shown)


def _shown(said: list[Message]) -> list[Message]:
    """Note that new questions are being shown, so that nobody takes them back any more; without
    when. One that was taken back at this moment is left out."""
    new = [one.pk for one in said if one.direction == Message.Direction.QUESTION and not one.shown]
    if not new or Message.objects.filter(pk__in=new, withdrawn_at=None).update(shown=True) == len(
        new
    ):
        return said
    gone = Message.objects.filter(pk__in=new).exclude(withdrawn_at=None)
    withdrawn = set(gone.values_list("pk", flat=True))
    return [one for one in said if one.pk not in withdrawn]


def _with_who_is_told(rows: QuerySet[HandOff]) -> QuerySet[HandOff]:
    """In the same query: does a person call this line, and has somebody called it since?"""
    told_by_machine = Contact.objects.filter(
        line=OuterRef("line"), role=Contact.Role.QUEUE, channel__in=OUTWARD, active=True
    )
    calls = Call.objects.filter(hand_off=OuterRef("pk"), made_at__gte=OuterRef("queued_at"))
    return rows.annotate(
        is_called=~Exists(told_by_machine) & ~Q(line__kind=Line.Kind.INTERNAL),
        was_called=Exists(calls),
    )


def _says(row: HandOff) -> str:
    """What stands about this line; never that it was told when nobody has told it."""
    facts = vars(row)  # the annotations above
    if row.state != HandOff.State.QUEUED or not facts["is_called"]:
        return str(LINE_SAYS[row.state])
    return str(CALLED if facts["was_called"] else NOT_CALLED)


def because_to(code: str, because: str, *, is_victim: bool) -> str:
    """Why the tip is with this line, as said to the person who wrote."""
    if is_victim and code == ADVOCATE:
        return say(ASKED_FOR_HELP)
    spoken_to = TO_WHO_WROTE.get(because)
    return say(spoken_to) if spoken_to else in_language(because)


def _line(row: HandOff, *, is_victim: bool) -> StatusLine:
    return StatusLine(
        code=row.line.code,
        name=resident_name(row.line),
        number=row.line.shown_number,
        number_year=row.line.shown_year,
        because=because_to(row.line.code, row.because, is_victim=is_victim),
        state=row.state,
        says=_says(row),
    )


def resident_name(line: Line) -> str:
    """The line's name as a resident reads it, in the language of the page."""
    spanish = (get_language() or "en").startswith("es")
    return line.resident_name_es if spanish else line.resident_name
