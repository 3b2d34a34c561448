"""What past recipients must hear: a tip was purged, unfounded, withdrawn or wrong.

The desk tells them, because nobody else knows how: the page shows whom, about which tip, and the
words. Of a purged tip only its hash is known here; the recipient finds the tip by it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from reports.models import Correction, Export, ExportedTip
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.vocabulary import Disposition
from tipintake.triage.pictures import BLACKED_OUT

FOUND_AT_ONCE = 500
ACTOR = "exporter"
DUE = "export.correction_due"
AGAIN = "export.tip_usable_again"
# What staff say of a tip that keeps packages from being taken that were asked for before.
KEPT_BACK = frozenset({Correction.What.WITHDRAWN, Correction.What.WRONG})
UNFOUNDED = frozenset({Disposition.UNFOUNDED, Disposition.PRANK, Disposition.SPAM})

LETTER = """\
To {recipient}

In the package {export} of {made} you received a tip with this SHA-256 hash:

{tip_hash}

It stands in data/tip-hashes.txt of the package, beside the tip's number.

{what}. {ask}

Please confirm to us that this was done, and tell everybody to whom you passed the tip.
"""
_ASK = {
    Correction.What.PURGED: "Destroy every copy of it",
    Correction.What.UNFOUNDED: "Mark it so wherever you keep it, and destroy what you do not need",
    Correction.What.WITHDRAWN: "Do not use it any more, and destroy every copy of it",
    Correction.What.WRONG: "Do not use it as it stands, and destroy every copy of it",
}


class Again(models.TextChoices):
    """Why a tip that was not to be used may be used again. A closed list: the audit repeats it."""

    MISTAKE = "MISTAKE", "It was said by mistake, or of the wrong tip"
    MENDED = "MENDED", "What was wrong with it is mended"
    PERMITTED = "PERMITTED", "Whoever forbade its use permits it again"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That staff said of a tip that it must not be used."""

    reference: str
    since: datetime
    by: str


def find(*, now: datetime) -> int:
    """Note what is due by itself: tips that went out and were purged since, or are unfounded and
    the package does not say so, or of which a picture was blacked out since."""
    out = ExportedTip.objects.filter(export__disseminations__isnull=False).exclude(tip_hash="")
    uncovered = shows_too_much().filter(export__disseminations__isnull=False)
    purged = out.filter(tip__isnull=True)
    unfounded = out.filter(tip__disposition__in=UNFOUNDED, said_unfounded=False)
    return (
        _note(purged, Correction.What.PURGED, by=ACTOR, now=now)
        + _note(unfounded, Correction.What.UNFOUNDED, by=ACTOR, now=now)
        + _note(uncovered, Correction.What.WRONG, by=ACTOR, now=now)
    )


def note(tip: Tip, what: Correction.What, *, by: str, now: datetime) -> int:
    """Staff say that past recipients of this tip must hear something. How many packages.

    What is wrong with it, or that it must not be used, is kept though it went out in none: a
    package with it may lie here or be made at this moment, and would be taken.
    """
    out = ExportedTip.objects.filter(tip=tip, export__disseminations__isnull=False)
    with transaction.atomic():
        # Locked: a purge that came between would not find the number that is written here.
        Tip.objects.select_for_update(no_key=True).filter(pk=tip.pk).values_list("pk").first()
        if what is Correction.What.WITHDRAWN:
            _forget_what_was_allowed(out)
        count = _note(out.exclude(tip_hash=""), what, by=by, now=now, said=True)
        if not count and what in KEPT_BACK and Tip.objects.filter(pk=tip.pk).exists():
            facts = _facts(what, 0, said=True)
            audit.record(DUE, actor=by, now=now, subject=tip.reference, **facts)
    return count


def allow_again(tip: Tip, why: Again, *, by: str, now: datetime) -> bool:
    """Let a tip go out again of which staff said that it must not be used. Whether they had.

    What they said stays in the audit, past recipients stay on the list, and packages that were
    asked for before they said so are never taken.
    """
    with transaction.atomic():
        # Locked: a purge that came between would not find the number that is written here.
        locked = Tip.objects.select_for_update(no_key=True).filter(pk=tip.pk)
        if not locked.filter(withdrawn()).exists():
            return False
        audit.record(AGAIN, actor=by, now=now, subject=tip.reference, why=why)
    return True


def told(one: Correction, *, by: str, now: datetime) -> None:
    with transaction.atomic():
        if Correction.objects.filter(pk=one.pk, told_at=None).update(told_at=now, told_by=by):
            audit.record(
                "export.recipient_told",
                actor=by,
                now=now,
                subject=one.export.reference,
                what=one.what,
            )


def letter(one: Correction) -> str:
    export = one.export
    what = Correction.What(one.what)
    return LETTER.format(
        recipient=export.recipient.name,
        export=export.reference,
        made=export.made_at.date().isoformat() if export.made_at else "",
        tip_hash=one.tip_hash,
        what=what.label,
        ask=f"{_ASK[what]}.",
    )


def _note(
    rows: QuerySet[ExportedTip],
    what: Correction.What,
    *,
    by: str,
    now: datetime,
    said: bool = False,
) -> int:
    known = Correction.objects.filter(
        what=what, export=OuterRef("export"), tip_hash=OuterRef("tip_hash")
    )
    fresh = list(rows.filter(~Exists(known)).distinct()[:FOUND_AT_ONCE])
    tips = Tip.objects.filter(pk__in={row.tip_id for row in fresh if row.tip_id})
    with transaction.atomic():
        # Locked: a purge that came between would not find the number that is written here.
        locked = tips.select_for_update(no_key=True).order_by("pk")
        numbers = dict(locked.values_list("pk", "reference"))
        made = [
            Correction(export_id=row.export_id, tip_hash=row.tip_hash, what=what,
                       found_at=now, found_by=by)
            for row in fresh
        ]  # fmt: skip
        Correction.objects.bulk_create(made, ignore_conflicts=True)
        packages = Counter(numbers.get(row.tip_id, "") if row.tip_id else "" for row in fresh)
        audit.record_each(
            DUE,
            [(number, _facts(what, count, said=said)) for number, count in packages.items()],
            actor=by,
            now=now,
        )
    return len(made)


def _forget_what_was_allowed(out: QuerySet[ExportedTip]) -> None:
    """Whoever heard that a tip must not be used, and perhaps that it may be again, must hear it
    anew. That they were told once stays in the audit."""
    of_tip = out.filter(export=OuterRef("export"), tip_hash=OuterRef("tip_hash"))
    earlier = Correction.objects.filter(Exists(of_tip))
    allowed_since(earlier).delete()


def _facts(what: Correction.What, count: int, *, said: bool) -> dict[str, audit.Fact]:
    """For the audit. `said`: by staff; else it was found by itself."""
    return {"what": what, "count": count, **({"said": True} if said else {})}


def withdrawn() -> Q:
    """A condition on tips: staff said that they must not be used, and nobody allowed it since."""
    told_of = _told_of().exclude(tip__reference__in=_allowed().values("subject"))
    return Q(pk__in=told_of.values("tip")) | Q(reference__in=_in_force().values("subject"))


def withdrawn_of(tips: QuerySet[Tip], *, most: int) -> Sequence[Withdrawn]:
    """Which of these tips must not be used, since when and who said so, the newest first."""
    numbers = set(tips.filter(withdrawn()).values_list("reference", flat=True))
    said = _in_force().filter(subject__in=numbers).order_by("at", "pk")
    newest = {one.subject: Withdrawn(one.subject, one.at, one.actor) for one in said}
    return sorted(newest.values(), key=lambda one: one.since, reverse=True)[:most]


def allowed_since(corrections: QuerySet[Correction]) -> QuerySet[Correction]:
    """Those of a tip that must not be used which somebody allowed again since."""
    since = _allowed().filter(
        subject=OuterRef("tip__reference"), at__gt=OuterRef(OuterRef("found_at"))
    )
    of_tip = ExportedTip.objects.filter(export=OuterRef("export"), tip_hash=OuterRef("tip_hash"))
    usable = of_tip.exclude(tip__in=Tip.objects.filter(withdrawn()).values("pk"))
    return corrections.filter(Exists(usable.filter(Exists(since))), what=Correction.What.WITHDRAWN)


def _told_of() -> QuerySet[ExportedTip]:
    """Where a tip stands of which a past recipient was told not to use it. By the few exports
    that were corrected: all that ever went out are many."""
    noted = Correction.objects.filter(what=Correction.What.WITHDRAWN)
    return ExportedTip.objects.filter(
        export__in=noted.values("export"), tip_hash__in=noted.values("tip_hash"), tip__isnull=False
    )


def _said_of() -> QuerySet[AuditEntry]:
    """Where staff said so, whether or not it had gone out. A purge takes the number out."""
    said = AuditEntry.objects.filter(act=DUE, facts__what=Correction.What.WITHDRAWN)
    return said.exclude(subject="")


def _allowed() -> QuerySet[AuditEntry]:
    """Where somebody allowed a tip again."""
    return AuditEntry.objects.filter(act=AGAIN).exclude(subject="")


def allowed_again(since: datetime | None, before: datetime | None) -> QuerySet[AuditEntry, str]:
    """The numbers of tips that somebody allowed again in this time."""
    rows = _allowed()
    if since is not None:
        rows = rows.filter(at__gte=since)
    if before is not None:
        rows = rows.filter(at__lt=before)
    return rows.values_list("subject", flat=True)


def _in_force() -> QuerySet[AuditEntry]:
    """Where staff said so, and nobody allowed the tip since."""
    since = _allowed().filter(subject=OuterRef("subject"), at__gt=OuterRef("at"))
    return _said_of().filter(~Exists(since))


def shows_too_much() -> QuerySet[ExportedTip]:
    """Tips of which a picture went into a package as it was before more of it was blacked out.

    It was confirmed then, and is not any more, or was confirmed anew after the package was asked
    for. Asked from the side of the audit: what is blacked out so late is rare.
    """
    asked = OuterRef("export__asked_at")
    late = AuditEntry.objects.filter(act=BLACKED_OUT, facts__was_confirmed=True)
    changed = Attachment.objects.filter(
        Q(confirmed_at=None) | Q(confirmed_at__gt=asked), tip=OuterRef("tip"), blacked_out__gt=0
    )
    out = ExportedTip.objects.exclude(tip_hash="").filter(
        export__with_pictures=True,
        tip__in=Tip.objects.filter(reference__in=late.values("subject")).values("pk"),
    )
    since = late.filter(subject=OuterRef("tip__reference"), at__gt=asked)
    return out.filter(Exists(changed), Exists(since))


def said_wrong() -> QuerySet[ExportedTip]:
    """Tips of which staff said, since the package was asked for, that something in them is wrong.

    What is found by itself (`find`) is said of the packages that it names and of no later one.
    """
    said = AuditEntry.objects.filter(
        act=DUE, facts__what=Correction.What.WRONG, facts__said=True
    ).exclude(subject="")
    return _said_since(said)


def _said_since(said: QuerySet[AuditEntry]) -> QuerySet[ExportedTip]:
    """Tips of which something was said since the package was asked for that they went into."""
    tips = Tip.objects.filter(reference__in=said.values("subject")).values("pk")
    since = said.filter(subject=OuterRef("tip__reference"), at__gt=OuterRef("export__asked_at"))
    return ExportedTip.objects.exclude(tip_hash="").filter(Exists(since), tip__in=tips)


def exports_to_destroy() -> list[Export]:
    """Packages that still lie here although a tip in them is gone, withdrawn or said to be wrong,
    or a picture of it shows what has been blacked out since."""
    ready = Export.objects.filter(state=Export.State.READY)
    over = Q(pk__in=gone().values("export")) | Q(pk__in=said_wrong().values("export"))
    return list(ready.filter(over | Q(pk__in=shows_too_much().values("export"))))


def gone() -> QuerySet[ExportedTip]:
    """Tips that went into a package and were purged or withdrawn since, also where they may be
    used again by now. One that stayed out has no hash."""
    barred = Tip.objects.filter(withdrawn()).values("pk")
    before = _said_since(_said_of()).values("pk")
    over = Q(tip__isnull=True) | Q(tip__in=barred) | Q(pk__in=before)
    return ExportedTip.objects.exclude(tip_hash="").filter(over)
