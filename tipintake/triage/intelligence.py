"""The wall between a tip and criminal intelligence.

A tip is a lead. It becomes an intelligence record only when one person writes down which offence
is suspected and which facts give reasonable suspicion, and another approves it, for a time that
ends. Only then is a suspect's name followed from tip to tip, and only among records in force.
What nobody reviews in time ends by itself and is destroyed.
"""

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy import keys, receipts
from tipintake.privacy.seal import CannotOpen, PrivateKey, Sealed
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips import terms
from tipintake.tips.models import PersonDescribed, Tip
from tipintake.tips.retention import PROMOTED_YEARS, today
from tipintake.tips.secrets import context, data_key
from tipintake.tips.vocabulary import MinorPresent, PersonRole
from tipintake.triage.models import IntelligenceRecord

State = IntelligenceRecord.State
LIMIT = 4000
LEAST_FACTS = 60  # characters: a sentence that another person can judge
WAITS = gettext_noop("A proposal about this tip is waiting already. Let it be decided.")
REVIEWED = gettext_noop(
    "Somebody has reviewed it since you loaded the page, and nothing of yours was written. "
    "Look at its day of review again."
)
SOON = timedelta(days=60)
REFUSED_KEPT = timedelta(days=30)
ADULT = 18


class RecordProblem(Exception):
    """Nothing was written; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True, repr=False)
class OpenRecord:
    """What is sealed in a record."""

    facts: str
    subject: str
    why_refused: str


def last_day(now: datetime) -> date:
    """The furthest day until which a record may stand without another review."""
    day = today(now)
    try:
        return day.replace(year=day.year + PROMOTED_YEARS)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + PROMOTED_YEARS, day=28)


def may_be_subject(person: PersonDescribed) -> bool:
    """Somebody with a name who is neither a possible victim nor perhaps a minor."""
    ages = [age for age in (person.age_from, person.age_to) if age is not None]
    return (
        bool(terms.words_of(person.name_or_alias))
        and person.role != PersonRole.POSSIBLE_VICTIM
        and person.looks_under_18 not in {MinorPresent.YES, MinorPresent.POSSIBLY}
        and all(age >= ADULT for age in ages)
    )


def propose(
    tip: Tip,
    *,
    offence: IntelligenceRecord.Offence,
    facts: str,
    person: PersonDescribed | None,
    review_by: date,
    author: User,
    private: PrivateKey,
    now: datetime,
) -> IntelligenceRecord:
    """Ask that the tip become an intelligence record. Nothing follows before another approves."""
    facts = facts.strip()
    if len(facts) < LEAST_FACTS:
        raise RecordProblem(
            _(
                "Write the facts that give reasonable suspicion, so that another person can "
                "judge them: at least {least_facts} characters."
            ).format(least_facts=LEAST_FACTS)
        )
    _check_day(review_by, now)
    if person is not None and not may_be_subject(person):
        raise RecordProblem(
            _(
                "Nobody who may be a victim or a minor becomes the subject of a record. "
                "Choose another person, or none."
            )
        )
    if IntelligenceRecord.objects.filter(tip=tip, state=State.PROPOSED).exists():
        raise RecordProblem(_(WAITS))
    number = _new_number()
    key = data_key(tip, private)
    name = person.name_or_alias.strip() if person is not None else ""
    sealed_name = key.seal(name.encode(), context=_context(tip, number, "subject"))
    record = IntelligenceRecord(
        number=number,
        tip=tip,
        offence=offence,
        facts=key.seal(facts.encode(), context=_context(tip, number, "facts")),
        subject=sealed_name if name else b"",
        subject_mark=mark(name) if name else b"",
        author=author,
        proposed_at=now,
        review_by=review_by,
    )
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        raise RecordProblem(_(WAITS)) from None  # proposed by another at the same moment
    _record("intelligence.proposed", record, by=author, now=now, offence=offence.value)
    return record


def approve(record: IntelligenceRecord, *, by: User, now: datetime) -> None:
    """Another person takes it over as intelligence, until its day of review."""
    _check_day(record.review_by, now)
    _decide(record, State.IN_FORCE, by=by, now=now)
    _keep_tip(record.tip_id)
    _record(
        "intelligence.approved",
        record,
        by=by,
        now=now,
        offence=record.offence,
        review_by=record.review_by.isoformat(),
    )


def refuse(
    record: IntelligenceRecord, why: str, *, by: User, private: PrivateKey, now: datetime
) -> None:
    """The facts do not carry it. The proposal is destroyed soon."""
    if not why.strip():
        raise RecordProblem(_("Say what is missing, so that its author can mend it."))
    sealed = data_key(record.tip, private).seal(
        why.strip().encode(), context=_context(record.tip, record.number, "refused")
    )
    _decide(record, State.REFUSED, by=by, now=now)
    record.why_refused, record.review_by = sealed, today(now) + REFUSED_KEPT
    record.save(update_fields=["why_refused", "review_by"])
    _record("intelligence.refused", record, by=by, now=now)


def review(
    record: IntelligenceRecord, until: date, *, shown: date, by: User, now: datetime
) -> date:
    """It still holds: until when it stands now. The day that it had comes back, which is the one
    that was shown to whoever reviews it."""
    _by_another(record, by)
    _check_day(until, now)
    if record.state != State.IN_FORCE or record.review_by < today(now):
        raise RecordProblem(_("Only a record in force is reviewed. Propose it anew."))
    before = _as_shown(record, shown)
    record.review_by, record.reviewed_by, record.reviewed_at = until, by, now
    record.save(update_fields=["review_by", "reviewed_by", "reviewed_at"])
    _keep_tip(record.tip_id)
    _record(
        "intelligence.reviewed",
        record,
        by=by,
        now=now,
        before=before.isoformat(),
        review_by=until.isoformat(),
    )
    return before


def end(record: IntelligenceRecord, *, shown: date, by: User, now: datetime) -> None:
    """It no longer holds: the record is destroyed, and the tip kept for its ordinary time."""
    _by_another(record, by)
    _as_shown(record, shown)
    _record("intelligence.ended", record, by=by, now=now)
    _destroy(record)


def end_due(*, now: datetime, limit: int) -> int:
    """Destroy records that nobody reviewed in time, unless a legal hold keeps their tip."""
    over = IntelligenceRecord.objects.filter(review_by__lt=today(now), tip__legal_hold="")
    ended = 0
    for row in over.select_related("tip").order_by("review_by", "pk")[:limit]:
        with transaction.atomic():
            # Locked: for a hold that is being placed this waits, and then the record stays.
            tips = Tip.objects.select_for_update(no_key=True).filter(pk=row.tip_id)
            if tips.filter(legal_hold="").values_list("pk").first() is None:
                continue
            audit.record(
                "intelligence.expired",
                actor="retain",
                now=now,
                subject=row.tip.reference,
                record=row.number,
            )
            _destroy(row)
            ended += 1
    return ended


def in_force(*, now: datetime) -> QuerySet[IntelligenceRecord]:
    return IntelligenceRecord.objects.filter(state=State.IN_FORCE, review_by__gte=today(now))


def review_due(*, now: datetime) -> QuerySet[IntelligenceRecord]:
    """In force, and its day of review is near; the nearest first."""
    return in_force(now=now).filter(review_by__lte=today(now) + SOON).order_by("review_by", "pk")


def names_in_force(tips: QuerySet[Tip], *, now: datetime) -> frozenset[bytes]:
    """The marks of the names in records in force that rest on these tips."""
    named = in_force(now=now).filter(tip__in=tips).exclude(subject_mark=b"")
    return frozenset(bytes(one) for one in named.values_list("subject_mark", flat=True))


def about(name: str, *, now: datetime) -> QuerySet[IntelligenceRecord]:
    """Records in force whose subject bears this name, however it is written."""
    return in_force(now=now).filter(subject_mark=mark(name))


def opened(
    record: IntelligenceRecord, *, private: PrivateKey, by: User, now: datetime
) -> OpenRecord:
    """What it says. That it was read is recorded first."""
    _record("intelligence.read", record, by=by, now=now)
    key = data_key(record.tip, private)

    def text(sealed: bytes | memoryview, part: str) -> str:
        if not sealed:
            return ""
        try:
            bound = _context(record.tip, record.number, part)
            return key.open(Sealed(sealed), context=bound).decode()
        except CannotOpen:
            return _("This does not open: its key or the row was changed.")

    return OpenRecord(
        text(record.facts, "facts"),
        text(record.subject, "subject"),
        text(record.why_refused, "refused"),
    )


def _by_another(record: IntelligenceRecord, by: User) -> None:
    if by.pk == record.author_id:
        raise RecordProblem(
            _("Somebody else decides: nobody approves, prolongs or ends what they proposed.")
        )


def _as_shown(record: IntelligenceRecord, shown: date) -> date:
    """Of two who judge it at one moment the first does; the other one looks again."""
    rows = IntelligenceRecord.objects.select_for_update().filter(pk=record.pk, review_by=shown)
    if rows.filter(state=record.state).first() is None:
        raise RecordProblem(_(REVIEWED))
    return shown


def _decide(record: IntelligenceRecord, to: State, *, by: User, now: datetime) -> None:
    _by_another(record, by)
    waiting = IntelligenceRecord.objects.filter(pk=record.pk, state=State.PROPOSED)
    if not waiting.update(state=to, supervisor=by, decided_at=now):
        raise RecordProblem(_("Somebody has decided this already. Load the page again."))
    record.state, record.supervisor, record.decided_at = to, by, now


def _destroy(record: IntelligenceRecord) -> None:
    tip = record.tip_id
    record.delete()
    _keep_tip(tip)


def _keep_tip(tip: uuid.UUID) -> None:
    """A tip is kept as long as the last record that rests on it."""
    records = IntelligenceRecord.objects.filter(tip=tip, state=State.IN_FORCE)
    until = records.aggregate(last=Max("review_by"))["last"]
    Tip.objects.filter(pk=tip).update(promoted_until=until)


def _check_day(day: date, now: datetime) -> None:
    if not today(now) < day <= last_day(now):
        raise RecordProblem(
            _(
                "Choose a day of review after today and not after {day}: at most {years} years."
            ).format(day=date_format(last_day(now)), years=PROMOTED_YEARS)
        )


def mark(name: str) -> bytes:
    """Finds the same name again, however it is written; tells nothing without the pepper."""
    text = " ".join(sorted(terms.words_of(name)))
    pepper = keys.pepper(settings.KEYS_DIR)
    root = hmac.digest(pepper, b"intelligence subject\x00", hashlib.sha256)
    return hmac.digest(root, text.encode(), hashlib.sha256)


def _new_number() -> str:
    chars = "".join(secrets.choice(receipts.ALPHABET) for _ in range(8))
    return f"I-{chars[:4]}-{chars[4:]}"


def _record(
    act: str, record: IntelligenceRecord, *, by: User, now: datetime, **facts: audit.Fact
) -> None:
    audit.record(
        act,
        actor=by.username,
        now=now,
        subject=record.tip.reference,
        record=record.number,
        **facts,
    )


def _context(tip: Tip, number: str, part: str) -> str:
    return context(tip.pk, f"intelligence:{number}:{part}")
