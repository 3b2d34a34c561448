"""Words that were held back: the privacy officer opens them, gives them back, or destroys them,
and locks the name of a victim or a minor away in the vault.

Each stands in the text of its tip as one mark. To release one is to put its words where the mark
stood and to seal the text anew; to destroy one, or to lock it away, leaves `[removed]` there. What
nobody judged in time the sweep destroys, and its mark stays.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy import coarsen
from tipintake.privacy.scrub.labels import VAULT_KINDS
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff import audit
from tipintake.tips import messages, one_form, online, own_keys, plates, shared, terms
from tipintake.tips.cleaning import HELD, evidence_in_words
from tipintake.tips.fields import longest
from tipintake.tips.models import (
    DataKey,
    EvidenceInWords,
    HeldSpan,
    Message,
    OnlineLead,
    PersonDescribed,
    Place,
    Tip,
    Vehicle,
)
from tipintake.tips.retention import today
from tipintake.tips.secrets import (
    context,
    data_key,
    held_words_of,
    narrative_of,
    vault_entry,
)

REMOVED = "[removed]"
MARKS = (HELD, "[?]")  # the second where a field had no room for the first
AROUND = 80
GONE = gettext_noop(
    "These words are not held any more: somebody released, destroyed or locked them away, or "
    "their time was over."
)
JUDGED = ("held_span.released", "held_span.destroyed", "held_span.locked_away")
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "REPORTER_NAME": gettext_noop("a name, perhaps the writer's"),
        "REPORTER_CONTACT": gettext_noop("a phone number or e-mail"),
        "REPORTER_ACCOUNT": gettext_noop("an account"),
        "REPORTER_ID": gettext_noop("an id or code"),
        "REPORTER_ROLE": gettext_noop("a job or shift"),
        "REPORTER_RELATION": gettext_noop("a relation"),
        "REPORTER_SCHEDULE": gettext_noop("a schedule"),
        "REPORTER_PLACE": gettext_noop("where the writer may be"),
        "REPORTER_VANTAGE": gettext_noop("from where it was seen"),
        "REPORTER_VEHICLE": gettext_noop("a car, perhaps the writer's"),
        "THIRD_PARTY": gettext_noop("somebody who stood by"),
        "VICTIM_NAME": gettext_noop("a name, perhaps a victim's"),
        "MINOR_NAME": gettext_noop("a name, perhaps a child's"),
        "META": gettext_noop("technical data"),
    }
)
PARTS: Mapping[str, type[models.Model]] = MappingProxyType(
    {
        "vehicles": Vehicle,
        "locations": Place,
        "persons": PersonDescribed,
        "online": OnlineLead,
    }
)
FORMS: Mapping[str, tuple[str, Callable[[str], str]]] = MappingProxyType(
    {
        "plate_raw": ("plate_canonical", one_form.plate),
        "unit": ("unit_canonical", one_form.room),
        "url": ("url_canonical", online.canonical_url),
        "handle": ("handle_canonical", one_form.handle),
    }
)


class Reason(models.TextChoices):
    """Why held words are opened or judged. A closed list: the audit repeats it."""

    EVIDENCE = "EVIDENCE", "They may be evidence"
    WRITER = "WRITER", "They may point to the person who wrote"
    SAFETY = "SAFETY", "Somebody's safety depends on them"
    COURT = "COURT", "A court asks for them"
    OVERSIGHT = "OVERSIGHT", "Our own handling is under review"


class NotPossible(Exception):
    """Nothing was done; the sentence says what to do instead."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One held stretch as the list shows it: never its words."""

    pk: int
    reference: str
    field: str
    kind: str
    rule: str
    days_left: int
    kept: bool  # by a legal hold: nothing destroys it


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """The words of one, and what stands around them."""

    before: str
    words: str
    after: str


def waiting(visible: QuerySet[HeldSpan], *, now: datetime, most: int) -> list[Waiting]:
    """What is held, the soonest destroyed first."""
    rows = visible.select_related("tip").order_by("destroy_after", "pk")[:most]
    return [_waiting(row, today(now)) for row in rows]


def open_words(
    span: HeldSpan, reason: Reason, *, private: PrivateKey, by: str, now: datetime
) -> Opened:
    """Show one to the privacy officer. That it was opened is recorded first."""
    _record("held_span.opened", span, reason, by=by, now=now)
    words = held_words_of(span, private)
    before, _mark, after = _cut(_text_of(span, private), span.mark)
    return Opened(before[-AROUND:], words, after[:AROUND])


def may_be_locked_away(span: HeldSpan) -> bool:
    """Whether the scrubber took it for the name of a victim or a minor, without being sure."""
    return span.kind in VAULT_KINDS


def lock_away(
    span: HeldSpan, reason: Reason, *, private: PrivateKey, by: str, now: datetime
) -> None:
    """It is the name of a victim or a child: into the vault, also beside another entry of the
    same name, which is sealed and cannot be compared."""
    with transaction.atomic():
        _claim(span)
        name = held_words_of(span, private)
        public = own_keys.to_seal_to(settings.KEYS_DIR)
        vault_entry(span.tip, span.field, span.kind, name, public).save()
        with suppress(NotPossible):  # without its mark in the text the name is kept all the same
            _reword(span, REMOVED, private)
        _record("held_span.locked_away", span, reason, by=by, now=now)


def release(
    span: HeldSpan, reason: Reason, *, private: PrivateKey, by: str, now: datetime
) -> None:
    """Put the words back where their mark stands: they are evidence from now on, and the tip is
    unread again for everybody who has read it without them."""
    with transaction.atomic():
        _claim(span)
        Tip.objects.filter(pk=span.tip_id).update(version=F("version") + 1)
        words = held_words_of(span, private)
        _reword(span, words, private)
        found = EvidenceInWords.objects.bulk_create(
            EvidenceInWords(
                tip_id=span.tip_id,
                kind=one.kind,
                value=one.value,
                canonical=one.canonical,
                skeleton=one.skeleton,
            )
            for one in evidence_in_words(words)
        )
        terms.keep(span.tip, found)
        shared.compare_again(span.tip_id)
        _record("held_span.released", span, reason, by=by, now=now)


def destroy(
    span: HeldSpan, reason: Reason, *, private: PrivateKey, by: str, now: datetime
) -> None:
    """They point to the person who wrote: nobody reads them again."""
    with transaction.atomic():
        _claim(span)
        if Tip.objects.exclude(legal_hold="").filter(pk=span.tip_id).exists():
            raise NotPossible(
                _(
                    "The tip is on legal hold: nothing of it may be destroyed. Ask a supervisor "
                    "why, or leave the words sealed; only you can open them."
                )
            )
        with suppress(NotPossible):  # without its mark in the text the words go all the same
            _reword(span, REMOVED, private)
        _record("held_span.destroyed", span, reason, by=by, now=now)


def kind_words(kind: str) -> str:
    """What the scrubber took it for, in the desk's words."""
    return _(KINDS[kind]) if kind in KINDS else kind.replace("_", " ").lower()


def where(field: str) -> str:
    """The text in which a held stretch stands, in the desk's words."""
    group, *rest = field.strip("/").split("/")
    if group in PARTS and len(rest) > 1:
        one = {"vehicles": _("Vehicle"), "locations": _("Place"), "persons": _("Person")}.get(
            group, _("Online lead")
        )
        return f"{one} {int(rest[0]) + 1}: {rest[1].replace('_', ' ')}"
    return _("A later message") if group == "messages" else _("In their words")


def _waiting(row: HeldSpan, day: date) -> Waiting:
    return Waiting(
        pk=row.pk,
        reference=row.tip.reference,
        field=where(row.field),
        kind=kind_words(row.kind),
        rule=row.rule,
        days_left=(row.destroy_after - day).days,
        kept=bool(row.tip.legal_hold),
    )


def _claim(span: HeldSpan) -> None:
    """Of two at one moment, or of an officer and the sweep, one succeeds. The text is read as it
    is now: another officer may have put other words back into it since the page was asked for."""
    tip = Tip.objects.select_for_update(no_key=True).filter(pk=span.tip_id).first()
    fresh = HeldSpan.objects.filter(pk=span.pk).first()
    if tip is None or fresh is None:
        raise NotPossible(_(GONE))
    span.tip, span.mark = tip, fresh.mark
    fresh.delete()


def _reword(span: HeldSpan, words: str, private: PrivateKey) -> None:
    """Other words in place of the mark. The marks after it move up by one."""
    _write(span, words, private)
    later = HeldSpan.objects.filter(tip=span.tip_id, field=span.field, mark__gt=span.mark)
    later.update(mark=F("mark") - 1 + words.count(HELD))


def _text_of(span: HeldSpan, private: PrivateKey) -> str:
    group, *rest = span.field.strip("/").split("/")
    try:
        if group == "messages":
            message = Message.objects.select_related("tip__data_key").get(pk=uuid.UUID(rest[0]))
            return messages.words_for_desk(message, private)
        if group in PARTS:
            return str(getattr(_part(span), rest[1]))
        return narrative_of(span.tip, private)
    except (Message.DoesNotExist, CannotOpen, DataKey.DoesNotExist):
        raise NotPossible(_("The text in which these words stood does not open.")) from None


def _write(span: HeldSpan, words: str, private: PrivateKey) -> None:
    text = _text_of(span, private)
    before, mark, after = _cut(text, span.mark)
    if not mark:
        raise NotPossible(_("The mark of these words no longer stands in its text."))
    text = before + words + after
    group, *rest = span.field.strip("/").split("/")
    if group == "messages":
        message = Message.objects.select_related("tip__data_key").get(pk=uuid.UUID(rest[0]))
        messages.reworded(message, text)
        message.save(update_fields=["for_desk"])
    elif group in PARTS:
        _write_part(_part(span), rest[1], text)
    else:
        tip = span.tip
        sealed = data_key(tip, private).seal(text.encode(), context=context(tip.pk, "narrative"))
        Tip.objects.filter(pk=tip.pk).update(
            narrative_sealed=sealed, narrative_length=coarsen.length(len(text))
        )


def _write_part(part: Any, field: str, text: str) -> None:
    limit = longest(type(part), field)
    if limit is not None and len(text) > limit:
        raise NotPossible(
            _(
                "With these words the field is longer than {limit} characters. Write them in a "
                "note if they are needed, then destroy them here."
            ).format(limit=limit)
        )
    setattr(part, field, text)
    changed = [field]
    if field in FORMS:
        column, form = FORMS[field]
        before = getattr(part, column)
        setattr(part, column, form(text))
        changed.append(column)
        if isinstance(part, Vehicle):
            said = part.plate_partial and not plates.is_partial(before)
            part.plate_skeleton = plates.skeleton(part.plate_canonical)
            part.plate_partial = said or plates.is_partial(part.plate_canonical)
            changed += ["plate_skeleton", "plate_partial"]
    part.save(update_fields=changed)
    terms.keep(part.tip, [part])


def _part(span: HeldSpan) -> Any:
    group, position, _field = span.field.strip("/").split("/")
    rows: QuerySet[Any] = PARTS[group]._default_manager.all()  # noqa: SLF001 Django documents it
    part = rows.filter(tip=span.tip_id, position=int(position)).first()
    if part is None:
        raise NotPossible(_("The row in which these words stood is gone."))
    return part


def _cut(text: str, number: int) -> tuple[str, str, str]:
    """The text before, of and after the mark with this number; all of it before, without one."""
    for mark in MARKS:
        pieces = text.split(mark)
        if number < len(pieces) - 1:
            return mark.join(pieces[: number + 1]), mark, mark.join(pieces[number + 1 :])
    return text, "", ""


def _record(act: str, span: HeldSpan, reason: Reason, *, by: str, now: datetime) -> None:
    audit.record(
        act,
        actor=by,
        now=now,
        subject=span.tip.reference,
        kind=span.kind,
        reason=reason.value,
    )
