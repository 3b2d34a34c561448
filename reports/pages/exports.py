"""Exports on the desk: ask, watch, cancel, take."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from reports import asking, correcting, digesting, selecting, taking
from reports.asking import CannotAsk, Wish
from reports.formats import formats
from reports.models import GOES_ON, Digest, Export, Purpose
from reports.pages.forms import AskForm, numbers_in
from reports.scope import LEVEL_WORDS, Level, OutOfScope, permitted
from reports.taking import NotReady, visible_exports
from reports.unconfirmed import Pictures, pictures_of
from tipintake.directory.models import Line
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May
from tipintake.tips.labels import CATEGORIES
from tipintake.tips.vocabulary import Priority, Status
from tipintake.triage.vault import Reason
from tipintake.web.desk import once
from tipintake.web.desk.clocks import lasting, moment
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

MOST = 50
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """One export as the pages say it."""

    reference: str
    state_words: str
    recipient: str
    purpose: str
    authority: str
    level: str
    formats: str
    selection: str
    tlp: str
    destroy_by: str
    asked: str
    asked_by: str
    total: int
    done: int
    left_out: int
    goes_on: bool
    stopping: bool
    ready: bool
    until: str
    size: str
    sha256: str
    signing_key: str
    problem: str
    taken: list[tuple[str, str]]


@require_safe
@staff_only(May.EXPORT)
def exports(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = visible_exports(desk.user).select_related("recipient").order_by("-asked_at")[:MOST]
    digests = Digest.objects.filter(active=True).select_related("recipient")
    if not desk.may(May.SEE_ALL_LINES):
        digests = digests.filter(asked_by=desk.user)
    over = {one.pk for one in correcting.exports_to_destroy()}
    context = {
        "exports": [_shown(row, desk, is_over=row.pk in over) for row in rows],
        "digests": [
            (one, Digest.Every(one.every).label, moment(one.next_at, desk.now)) for one in digests
        ],
        "may_read_log": desk.may(May.READ_DISSEMINATION),
    }
    return render(request, desk, "reports/exports.html", context)


@require_safe
@staff_only(May.EXPORT)
@proved_lately
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form; `?tips=T-…,T-…` fills in what was selected in a queue."""
    typed = {"tips": request.GET.get("tips", "").replace("\x00", ""), "level": Level.EVIDENCE}
    return _form(request, desk, typed=typed)


@require_POST
@staff_only(May.EXPORT)
@proved_lately
def ask(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = AskForm(request.POST)
    if not form.is_valid():
        return _form(request, desk, problems=form.problems(), typed=request.POST, status=422)
    wish = form.wish()
    if form.asks_for_everything_unsaid():
        problems = [("tips", _everything(desk.user))]
        return _form(request, desk, problems=problems, typed=request.POST, status=422)
    try:
        with transaction.atomic():
            said = _spent(request, desk)
            if every := form.cleaned_data["every"]:
                name = form.cleaned_data["name"] or wish.recipient.name
                if _is_arranged(desk, wish, name, every):
                    sentence = _("This digest was arranged already: it stands here once.")
                else:
                    digesting.arrange(wish, name=name, every=every, user=desk.user, now=desk.now)
                    sentence = _("The digest is arranged. Its exports will stand here.")
                messages.success(request, sentence)
                return HttpResponseRedirect(reverse("reports:exports"))
            reference, is_asked = _number(said, desk)
            if is_asked:
                sentence = _("This export was asked for already: it is asked for once.")
                messages.success(request, sentence)
                return HttpResponseRedirect(reverse("reports:export", args=[reference]))
            made = asking.ask(
                wish,
                user=desk.user,
                requester=desk.user.username,
                now=desk.now,
                reference=reference,
            )
    except (CannotAsk, OutOfScope) as problem:
        return _form(request, desk, problems=[("", str(problem))], typed=request.POST, status=422)
    if wish.with_pictures:
        _say_what_stays_out(request, desk, made)
    return HttpResponseRedirect(reverse("reports:export", args=[made.reference]))


def _spent(request: HttpRequest, desk: Desk) -> bytes:
    """What this press draws, the same when it came before."""
    try:
        return once.spend(request, desk)
    except once.DoneBefore as before:
        return before.said


def _is_arranged(desk: Desk, wish: Wish, name: str, every: str) -> bool:
    """Whether the very same digest stands: another would bring its tips twice."""
    named = Digest.objects.filter(asked_by=desk.user, active=True, name=name.strip()[:60])
    return any(_wished(one) == wish for one in named.filter(every=every))


def _wished(one: Digest) -> Wish:
    return Wish(
        recipient=one.recipient,
        purpose=one.purpose,
        authority=one.authority,
        level=one.level,
        formats=one.formats,
        selection=one.selection,
        with_pictures=one.with_pictures,
        age_recipients=tuple(one.age_recipients),
    )


def _number(said: bytes, desk: Desk) -> tuple[str, bool]:
    """The export that the same press asked for and that is still to be had, or the number of the
    next. It is found also once the mark of the press is forgotten."""
    while True:
        reference = asking.reference_of(said)
        # Locked, so that of two presses the second finds what the first asks for.
        found = Export.objects.select_for_update().filter(reference=reference).first()
        if found is None:
            return reference, False
        if found.asked_by_id == desk.user.pk and _is_to_be_had(found, desk):
            return reference, True
        said = hashlib.sha256(said).digest()[:16]


def _is_to_be_had(row: Export, desk: Desk) -> bool:
    if row.state in GOES_ON:
        return not row.cancel_asked
    is_over = row.expires_at is None or row.expires_at <= desk.now
    return row.state == Export.State.READY and not is_over and not taking.not_to_be_used(row)


def _everything(user: User) -> str:
    """What is to mend where nothing says which tips."""
    seen = selecting.selected(user, {})[: MOST_COUNTED + 1].count()
    number = f"{MOST_COUNTED:,}+" if seen > MOST_COUNTED else str(seen)
    return _(
        "Name tips or choose a filter. Without one the export holds every tip that you see "
        "({number}): if you mean that, tick “Every tip that I see”."
    ).format(number=number)


@require_safe
@staff_only(May.EXPORT)
def export(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = _mine(desk, reference)
    if found is None:
        return not_here(request, desk)
    return render(request, desk, "reports/export.html", {"one": _one(found, desk)})


@require_safe
@staff_only(May.EXPORT)
def progress(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The part of the page that changes. 286 tells the page that it may stop asking."""
    found = _mine(desk, reference)
    if found is None:
        return not_here(request, desk)
    context = {"one": _one(found, desk)}
    over = found.state not in GOES_ON
    return render(request, desk, "reports/export_state.html", context, status=286 if over else 200)


@require_POST
@staff_only(May.EXPORT)
def cancel(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = _mine(desk, reference)
    if found is None:
        return not_here(request, desk)
    if asking.cancel(found, by=desk.user.username, now=desk.now):
        messages.success(
            request, _("{reference} is being stopped.").format(reference=found.reference)
        )
    return HttpResponseRedirect(reverse("reports:export", args=[found.reference]))


@require_POST
@staff_only(May.EXPORT)
@proved_lately
def download(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The package. By POST, because each time is an entry in the dissemination log."""
    found = _mine(desk, reference)
    if found is None:
        return not_here(request, desk)
    try:
        content = taking.take(found, user=desk.user, now=desk.now)
    except (NotReady, OutOfScope, KeyMissing, CannotOpen) as problem:
        context = {"one": _one(found, desk), "problem": str(problem)}
        return render(request, desk, "reports/export.html", context, status=409)
    answer = StreamingHttpResponse(content, content_type="application/octet-stream")
    answer["Content-Length"] = str(found.size)
    answer["Content-Disposition"] = f'attachment; filename="{found.file_name}"'
    return cast("HttpResponse", answer)  # every page of the desk is typed as one


@require_POST
@staff_only(May.EXPORT)
def stop_digest(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    rows = Digest.objects.select_related("recipient").filter(active=True)
    if not desk.may(May.SEE_ALL_LINES):
        rows = rows.filter(asked_by=desk.user)
    found = rows.filter(pk=min(pk, 2**62)).first()
    if found is None:
        return not_here(request, desk)
    digesting.stop(found, by=desk.user.username, now=desk.now)
    messages.success(request, _("The digest {name} is stopped.").format(name=found.name))
    return HttpResponseRedirect(reverse("reports:exports"))


def _say_what_stays_out(request: HttpRequest, desk: Desk, made: Export) -> None:
    if "chosen" in made.selection:
        tips = selecting.usable(desk.user).filter(pk__in=made.tips.values("tip"))
    else:
        tips = selecting.selected(desk.user, made.selection)
    if left := pictures_of(permitted(tips, made.recipient)).unconfirmed:
        messages.info(
            request,
            ngettext(
                "{count} picture stays out: nobody has confirmed it. Look at it on its tip's page "
                "and ask again to have it.",
                "{count} pictures stay out: nobody has confirmed them. Look at them on their "
                "tips' pages and ask again to have them.",
                left,
            ).format(count=left),
        )


def _pictures_named(desk: Desk, typed: object) -> Pictures | None:
    """Of the tips whose numbers stand in the form; None where none has a picture."""
    given = typed.get("tips", "") if isinstance(typed, QueryDict | dict) else ""
    found = pictures_of(selecting.chosen(desk.user, numbers_in(given)))
    return found if any(found) else None


def _mine(desk: Desk, reference: str) -> Export | None:
    rows = visible_exports(desk.user).select_related("recipient")
    found = rows.filter(reference=reference[:12]).first()
    if found is None:
        audit.record("export.refused", actor=desk.user.username, now=desk.now)
    return found


def _form(
    request: HttpRequest,
    desk: Desk,
    *,
    typed: object,
    problems: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    lines = Line.objects.filter(active=True).order_by("name")
    chosen = typed.getlist("formats") if isinstance(typed, QueryDict) else []
    context = {
        "problems": problems,
        "typed": typed,
        "recipients": lines,
        "lines": lines.filter(desk.lines),
        "purposes": Purpose.choices,
        "levels": [(one.value, words) for one, words in LEVEL_WORDS.items()],
        "formats": [
            (name, one.title, name in (chosen or ["csv", "xlsx"]))
            for name, one in formats().items()
        ],
        "priorities": Priority.choices,
        "statuses": Status.choices,
        "categories": [(code, _(words)) for code, words in CATEGORIES.items()],
        "every": Digest.Every.choices,
        "reasons": Reason.choices,
        "pictures": _pictures_named(desk, typed),
        "may_open_names": desk.may(May.OPEN_VAULT),
        "once": once.mark(),
    }
    return render(request, desk, "reports/ask.html", context, status=status)


def _one(row: Export, desk: Desk) -> Shown:
    """With why nobody may have it, which the next round makes so."""
    why = taking.not_to_be_used(row) if row.state == Export.State.READY else ""
    shown = _shown(row, desk, is_over=bool(why))
    return replace(shown, problem=why or shown.problem)


def _shown(row: Export, desk: Desk, *, is_over: bool) -> Shown:
    here = row.state == Export.State.READY
    is_over = here and (is_over or row.expires_at is None or row.expires_at <= desk.now)
    ready = here and not is_over
    state = Export.State.EXPIRED if is_over else Export.State(row.state)
    left = lasting(row.expires_at - desk.now) if ready and row.expires_at else ""
    return Shown(
        reference=row.reference,
        state_words=_(state.label),
        recipient=row.recipient.name,
        purpose=_(Purpose(row.purpose).label),
        authority=row.authority,
        level=_(LEVEL_WORDS[Level(row.level)]),
        formats=", ".join(formats()[one].title for one in row.formats if one in formats()),
        selection=selecting.in_words(row.selection),
        tlp=row.tlp,
        destroy_by=row.destroy_by.isoformat(),
        asked=moment(row.asked_at, desk.now),
        asked_by=row.requester,
        total=row.total,
        done=row.done,
        left_out=row.left_out,
        goes_on=row.state in GOES_ON,
        stopping=row.cancel_asked,
        ready=ready,
        until=left,
        size=_size(row.size),
        sha256=row.sha256,
        signing_key=row.signing_key,
        problem=_(row.problem) if row.problem else "",
        taken=[
            (one.by, moment(one.at, desk.now)) for one in row.disseminations.order_by("-at")[:20]
        ],
    )


def _size(octets: int) -> str:
    return f"{octets / 1e6:.1f} MB" if octets >= 100_000 else f"{octets / 1e3:.1f} kB"
