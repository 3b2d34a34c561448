"""One tip: what was seen, why it is here, and whose it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from tipintake.delivery.acts import Reason
from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips import labels, languages, retention
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Tip
from tipintake.tips.secrets import narrative_of
from tipintake.tips.vocabulary import CameBy, LegalHold, Status
from tipintake.triage import actions, dialog, dispositions, notes, seen, workflow
from tipintake.triage.models import Call
from tipintake.triage.notes import OpenNote
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import once, strain, wording
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.graded import grade_of
from tipintake.web.desk.history import past_of
from tipintake.web.desk.lesson import lesson_of
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.pictures import pictures_of
from tipintake.web.desk.promoted import promotion_of
from tipintake.web.desk.queue.tip_bar import bar_of, way_back
from tipintake.web.desk.together import together_of
from tipintake.web.desk.whereabouts import map_of_tip, patterns_of_tip
from tipintake.web.desk.whose import hand_offs_of
from tipintake.web.desk.why import why_here

DESTROYED = _("The words of this tip were destroyed together with its key.")


@require_safe
@staff_only(May.READ_TIPS)
def tip(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = visible_tip(desk, reference)
    return not_here(request, desk) if found is None else page(request, desk, found)


def visible_tip(desk: Desk, reference: str) -> Tip | None:
    """The tip, if this account may know of it. A look at somebody else's is recorded."""
    reference = reference.upper()
    found = tips_visible_to(desk.user).filter(reference=reference).first()
    if found is None and Tip.objects.filter(reference=reference).exists():
        audit.record("tip.read_refused", actor=desk.user.username, now=desk.now, subject=reference)
    return found


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was wrong with a form of this page, and what had been typed into it."""

    act: str
    sentences: tuple[str, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    hand_off: int | None = None


def page(
    request: HttpRequest,
    desk: Desk,
    found: Tip,
    *,
    trouble: Trouble | None = None,
    status: int = 200,
) -> HttpResponse:
    """The tip's page. To show it is to read the tip, so that is recorded first."""
    narrative = read(request, desk, found)
    said = _dialog(desk, found)
    decision = found.decisions.order_by("-decided_at", "-pk").first()
    hand_offs = hand_offs_of(desk, found, decision)
    prefetch_related_objects([found], "locations")  # the cards and the map read them
    context = {
        "tip": found,
        "bar": bar_of(desk, found),
        "queue_back": way_back(request),
        **what_was_seen(desk, found, narrative),
        "pictures": pictures_of(desk, found),
        "map": map_of_tip(found, decision),
        "patterns": patterns_of_tip(found, desk.now),
        "together": together_of(desk, found),
        "may_judge_links": desk.may(May.JUDGE_LINKS),
        "why": why_here(desk, decision, hand_offs),
        "teach": lesson_of(desk, found),
        "hand_offs": hand_offs,
        "dialog": said,
        "questions": _questions(found) if desk.may(May.ASK_THE_WRITER) else [],
        "ask_limit": dialog.LIMIT,
        "their_language": labels.language(found.language),
        "notes": _notes(desk, found),
        "history": past_of(found, desk.now) if desk.is_own_staff else [],
        "statuses": _statuses(desk, found),
        "dispositions": dispositions.CHOICES,
        "may_say_goodbye": desk.may(May.ASK_THE_WRITER),
        "status_means": workflow.MEANS[Status(found.status)],
        "grade": grade_of(desk, found),
        "promotion": promotion_of(desk, found),
        "languages": settings.LANGUAGES,
        "wrote_in": languages.base(found.language),
        "reasons": Reason.choices,
        "outcomes": Call.Outcome.choices,
        "holds": LegalHold.choices if desk.may(May.PLACE_LEGAL_HOLDS) else [],
        # The day tells what came of a tip, and whether a record rests on it.
        "kept_until": retention.kept_until(found) if desk.is_own_staff else None,
        "goes_without_hold": actions.goes_without_hold(found, now=desk.now)
        if found.legal_hold
        else actions.NOTHING,
        "hold_reason": gettext(LegalHold(found.legal_hold).label)
        if desk.is_own_staff and found.legal_hold
        else "",
        "trouble": trouble,
        "may_note": desk.may(May.WRITE_NOTES),
        "note_limit": notes.LIMIT,
        "once": once.mark(),
    }
    return render(request, desk, "desk/tip.html", context, status=status)


def read(request: HttpRequest, desk: Desk, found: Tip, *, beside: bool = False) -> "Narrative":
    """Open the words. That this person read the tip is recorded, beside a list or by itself."""
    narrative = _narrative(found)
    audit.record(
        "tip.read",
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        narrative="opened" if narrative.text else "none" if not narrative.problem else "closed",
        of_version=found.version,
        **({"beside": True} if beside else {}),
    )
    seen.note(desk.user, found, now=desk.now)
    if strain.is_hard(found):
        strain.opened(request, desk.now)
    return narrative


# --- The words -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrative:
    text: SafeString | str = ""
    problem: str = ""


def _narrative(found: Tip) -> Narrative:
    try:
        text = narrative_of(found, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    except ObjectDoesNotExist:
        return Narrative(problem=gettext(DESTROYED))
    except (keys.KeyMissing, CannotOpen) as problem:
        return Narrative(problem=str(problem))
    return Narrative(wording.marked(text)) if text.strip() else Narrative()


def plain_words(found: Tip) -> str:
    """The narrative as agencies may read it; empty when it does not open."""
    try:
        return narrative_of(found, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    except (keys.KeyMissing, CannotOpen, ObjectDoesNotExist):
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as it is shown."""

    from_desk: bool
    at: datetime
    author: str
    text: SafeString
    unread: bool
    pk: UUID
    state: str


def _dialog(desk: Desk, found: Tip) -> list[Line]:
    """The dialog. Shown to somebody who works the queue, its answers are read."""
    try:
        said = dialog.said_in(found, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    except (keys.KeyMissing, CannotOpen, ObjectDoesNotExist):
        return []
    if desk.may(May.ASK_THE_WRITER):
        dialog.mark_read(said, now=desk.now)
    return [
        Line(
            one.from_desk,
            one.at,
            one.author,
            wording.marked(one.text),
            one.unread,
            one.pk,
            one.state,
        )
        for one in said
    ]


def _notes(desk: Desk, found: Tip) -> list[OpenNote]:
    if not desk.may(May.WRITE_NOTES) and not desk.may(May.READ_COLLEAGUES_NOTES):
        return []
    only_by = None if desk.may(May.READ_COLLEAGUES_NOTES) else desk.user
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        return list(notes.notes_of(found, private, only_by=only_by))
    except (keys.KeyMissing, CannotOpen, ObjectDoesNotExist):
        return []


# --- What was seen ---------------------------------------------------------------------------


def what_was_seen(desk: Desk, found: Tip, narrative: Narrative) -> dict[str, Any]:
    """What `desk/tip_seen.html` shows."""
    return {
        "facts": _facts(desk, found),
        "narrative": narrative,
        "signs": wording.signs(found.indicators, INDICATORS),
        "seen": _seen(found),
        "when": _when(found),
        "in_words": [
            (wording.evidence_kind(one), one.value) for one in found.evidence_in_words.all()
        ],
        "kept_back": _kept_back(found),
    }


def _facts(desk: Desk, found: Tip) -> list[tuple[str, str]]:
    """Short answers. What the person said about themselves is for own staff only."""
    came = moment(found.submitted_hour, desk.now)
    facts = [
        (_("Category"), wording.category(found)),
        (_("When"), wording.IMMEDIACY.get(found.immediacy, "")),
        (_("Anyone under 18"), wording.MINORS.get(found.minor_present, "")),
        (_("Basis"), wording.BASIS.get(found.basis, "")),
        (_("Grade"), f"{found.source_grade}{found.content_grade}"),
        (_("Received"), gettext("{moment} (hour)").format(moment=came)),
    ]
    if desk.may(May.SEE_REPORTER_ANSWERS):
        facts += _about_the_person(found)
    return [(label, value) for label, value in facts if value]


def _about_the_person(found: Tip) -> list[tuple[str, str]]:
    consent = {True: gettext("Police may be told"), False: gettext("Police may not be told")}.get(
        bool(found.police_consent), ""
    )
    wishes = (
        (gettext("asked about rewards"), found.wants_reward),
        (gettext("would rather not deal with the police"), found.distrusts_police),
    )
    return [
        (
            _("Person who wrote"),
            gettext("is in this situation") if found.reporter_is_victim else "",
        ),
        (_("Consent"), consent if found.reporter_is_victim else ""),
        (_("Wishes"), ", ".join(words for words, wished in wishes if wished)),
        (_("Language"), labels.language(found.language)),
        (_("Came by"), gettext(CameBy(found.came_by).label)),
    ]


def _seen(found: Tip) -> list[tuple[str, list[wording.Card]]]:
    groups = [
        (_("Vehicles"), [wording.vehicle_card(one) for one in found.vehicles.all()]),
        (_("Places"), [wording.place_card(one) for one in found.locations.all()]),
        (_("People"), [wording.person_card(one) for one in found.persons.all()]),
        (_("Online"), [wording.lead_card(one) for one in found.online.all()]),
    ]
    return [(title, cards) for title, cards in groups if cards]


def _when(found: Tip) -> list[str]:
    try:
        return wording.sighting_words(found.sighting)
    except ObjectDoesNotExist:
        return []


def _kept_back(found: Tip) -> str:
    """How much is sealed apart from the narrative, never what."""
    held = found.held_spans.count()
    names = found.vault.count()
    parts = (
        ngettext(
            "{held} held back for the privacy officer",
            "{held} held back for the privacy officer",
            held,
        ).format(held=held)
        if held
        else "",
        gettext("{names} in the vault of victims' and minors' names").format(names=names)
        if names
        else "",
    )
    return ", ".join(filter(None, parts))


def _questions(found: Tip) -> list[tuple[str, str]]:
    """The ready ones, as the person who wrote would read them."""
    is_own = found.reporter_is_victim
    return [
        (one.code, one.said_in(found.language, is_own=is_own)) for one in dialog.TEMPLATES.values()
    ]


def _statuses(desk: Desk, found: Tip) -> list[tuple[str, str]]:
    """Where the status may go by hand: a tip closes and reopens with its hand-offs."""
    if not desk.may(May.CHANGE_STATUS) or found.status == Status.CLOSED:
        return []
    return [(move.end.value, move.says) for move in workflow.by_hand(found.status)]
