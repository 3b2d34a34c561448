"""A tip in a line's queue, and the notices that say so."""

from django.db import models

from tipintake.directory.models import Contact, Line
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition

OPEN_STATES = ("QUEUED", "NOTIFIED")  # nobody has answered for it yet
IN_HAND = (*OPEN_STATES, "ACKNOWLEDGED")
DONE = 99  # the rank of a hand-off that is in nobody's hand any more
# Ranks of what waits: by P1 to P4, without and with low trust.
WAITING_RANKS = (10, 11, 20, 21, 30, 31, 40, 41)
IN_ORDER = ("rank", "due_at", "pk")


_URGENCY = models.Case(
    models.When(priority="P1", then=models.Value(10)),
    models.When(priority="P2", then=models.Value(20)),
    models.When(priority="P3", then=models.Value(30)),
    default=models.Value(40),
    output_field=models.SmallIntegerField(),
)
_TURN = models.Case(
    models.When(state="ACKNOWLEDGED", low_trust=True, then=models.Value(3)),
    models.When(state="ACKNOWLEDGED", then=models.Value(2)),
    models.When(low_trust=True, then=models.Value(1)),
    default=models.Value(0),
    output_field=models.SmallIntegerField(),
)


class HandOff(models.Model):
    """A tip's place in one line's queue, from arrival to close."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", "Queued"
        NOTIFIED = "NOTIFIED", "Notified"
        ACKNOWLEDGED = "ACKNOWLEDGED", "Acknowledged"
        DECLINED = "DECLINED", "Declined"
        TRANSFERRED = "TRANSFERRED", "Transferred"
        CLOSED = "CLOSED", "Closed"

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="hand_offs")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="hand_offs")
    is_primary = models.BooleanField(default=False)
    priority = models.CharField(max_length=2)
    rule = models.CharField(max_length=4)
    because = models.TextField()
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="Acknowledge by.")
    escalations = models.PositiveSmallIntegerField(default=0)
    escalate_again_at = models.DateTimeField(
        null=True, help_text="When the second deadline passes; empty before the first did."
    )
    notify_at = models.DateTimeField(
        null=True, help_text="When the next notice is due; empty when none is."
    )
    acknowledged_at = models.DateTimeField(null=True)
    disposition = models.CharField(
        max_length=20, choices=Disposition, blank=True, help_text="What came of it, when closed."
    )

    shown_to_writer = models.BooleanField(
        default=True,
        help_text="Whether the receipt shows it. Never when it would tell of another tip.",
    )
    low_trust = models.BooleanField(
        default=False, help_text="As the tip: it stands here so that an index can order by it."
    )
    # The database computes it, so that no writer can forget to.
    rank = models.GeneratedField(
        expression=models.Case(
            models.When(models.Q(state__in=IN_HAND), then=_URGENCY + _TURN),
            default=models.Value(DONE),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
        help_text="What comes first in a queue: priority, then waiting, low trust, in work.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tip", "line"], name="one_hand_off_per_line"),
            models.CheckConstraint(
                condition=models.Q(priority__in=["P1", "P2", "P3", "P4"]),
                name="hand_off_priority_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["notify_at"],
                condition=models.Q(notify_at__isnull=False),
                name="hand_off_notify_due",
            ),
            models.Index(fields=["line", "state", "priority", "due_at"], name="hand_off_queue"),
            models.Index(fields=["queued_at"], name="hand_off_came"),
            models.Index(
                fields=["rank", "queued_at", "line"],
                condition=models.Q(rank__lt=DONE),
                name="hand_off_age",
            ),
            models.Index(fields=["rank", "due_at", "id"], name="hand_off_in_order"),
            models.Index(fields=["line", "rank", "due_at", "id"], name="hand_off_line_order"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=OPEN_STATES, escalations=0),
                name="hand_off_overdue",
            ),
            models.Index(
                fields=["escalate_again_at"],
                condition=models.Q(escalate_again_at__isnull=False),
                name="hand_off_overdue_again",
            ),
        ]


class Notice(models.Model):
    """One content-free message to one endpoint about one hand-off, with its attempts."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        SENDING = "SENDING", "Sending"
        SENT = "SENT", "Sent"
        DEAD = "DEAD", "Given up"
        NEEDLESS = "NEEDLESS", "No longer needed"
        MOVED = "MOVED", "Sent another way"

    class Purpose(models.TextChoices):
        ARRIVED = "ARRIVED", "A tip arrived"
        OVERDUE = "OVERDUE", "Nobody acknowledged in time"
        GIVEN_UP = "GIVEN_UP", "A notice could not be delivered"
        MORE = "MORE", "The person who wrote added something"

    id = models.UUIDField(primary_key=True, editable=False, help_text="Idempotency id.")
    hand_off = models.ForeignKey(HandOff, on_delete=models.CASCADE, related_name="notices")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=8, choices=Purpose, default=Purpose.ARRIVED)
    priority = models.CharField(max_length=2, help_text="The most urgent goes out first.")
    round = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_off", "contact", "purpose", "round"], name="one_notice_per_endpoint"
            )
        ]
        indexes = [
            models.Index(
                fields=["priority", "next_at"],
                condition=models.Q(state__in=["WAITING", "SENDING"]),
                name="notice_due",
            ),
            models.Index(
                fields=["next_at", "id"],
                condition=models.Q(state="DEAD"),
                name="notice_dead",
            ),
        ]


class Attempt(models.Model):
    """One try at sending a notice out of the installation. Written before it is made, so that a
    sender that is killed leaves its trace."""

    class Outcome(models.TextChoices):
        TAKEN = "TAKEN", "Taken"
        AGAIN = "AGAIN", "To be tried again"
        GIVEN_UP = "GIVEN_UP", "Given up"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="tries")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="Empty: its sender did not come back.")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Ours, never theirs.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "begun_at"], name="one_attempt_at_a_time")
        ]
