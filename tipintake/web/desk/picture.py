"""One picture on its own: opened, blacked out and confirmed."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.door.headers import sandboxed
from tipintake.privacy import keys
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.pictures import jpeg_of, sha256_of
from tipintake.triage import actions
from tipintake.triage import pictures as acts
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.triage.pictures import PictureProblem
from tipintake.web.desk import strain
from tipintake.web.desk.acting import changed_meanwhile, version_shown
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.meanwhile import acted_oneself
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.pictures import CLOSED, state, visible, why
from tipintake.web.desk.tip import visible_tip

SIDES = {
    "left": gettext_noop("left"),
    "top": gettext_noop("top"),
    "width": gettext_noop("width"),
    "height": gettext_noop("height"),
}
MEANWHILE = gettext_noop(
    "Somebody else acted on this tip meanwhile, so nothing was blacked out. This is the picture "
    "as it is now: look at it, then black out what is still to be seen."
)
BY_ONESELF = gettext_noop(
    "You have acted on this tip yourself since you loaded the page: by an earlier press, or in "
    "another window. Nothing was blacked out a second time. This is the picture as it is now: "
    "look at it, and empty the numbers of what is no longer to be seen."
)
NOT_YET = gettext_noop(
    "The picture is not confirmed: a part is marked and not blacked out yet. Black it out first, "
    "or empty its numbers."
)
ROWS = acts.MOST_AT_ONCE  # a part that found no row would be left to be seen


@require_safe
@staff_only(May.READ_TIPS)
def content(request: HttpRequest, desk: Desk, reference: str, pk: UUID) -> HttpResponse:
    """The picture itself. To answer with it is to open it, so that is recorded first."""
    found = visible_tip(desk, reference)
    row = _row(desk, found, pk)
    if found is None or row is None:
        return not_here(request, desk)
    try:
        jpeg = jpeg_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    except CLOSED as problem:
        return HttpResponse(why(problem), status=503, content_type="text/plain; charset=utf-8")
    name = acts.name(row)
    audit.record(
        acts.OPENED,
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        picture=name,
    )
    strain.opened(request, desk.now)
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response.headers["Content-Disposition"] = f'inline; filename="{found.reference}-{name}.jpg"'
    return sandboxed(response)


@require_safe
@staff_only(May.READ_TIPS)
def look(request: HttpRequest, desk: Desk, reference: str, pk: UUID) -> HttpResponse:
    """One picture, unblurred, with what may be done to it."""
    found = visible_tip(desk, reference)
    row = _row(desk, found, pk)
    return not_here(request, desk) if found is None or row is None else _page(request, desk, row)


@require_POST
@staff_only(May.READ_TIPS, May.CLEAR_PICTURES)
def black_out(request: HttpRequest, desk: Desk, reference: str, pk: UUID) -> HttpResponse:
    """Burn black parts into the pixels. What was there before is gone."""
    found = visible_tip(desk, reference)
    row = _row(desk, found, pk)
    if found is None or row is None:
        return not_here(request, desk)
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        made = acts.covered(row, acts.rectangles_in(_typed(request)), private)
        with transaction.atomic():
            actions.claim(found, version=version_shown(request))
            # Not when the page was asked for: a package may have been since (reports/correcting).
            acts.black_out(row, made, by=desk.user.username, now=timezone.now())
    except ChangedMeanwhile:
        return _as_it_is_now(request, desk, reference, pk)
    except PictureProblem as problem:
        return _page(request, desk, row, trouble=str(problem), typed=_typed(request), status=422)
    except CLOSED as problem:
        return _page(request, desk, row, trouble=why(problem), typed=_typed(request), status=422)
    messages.success(request, _("Blacked out. Look again, then confirm."))
    return HttpResponseRedirect(reverse("desk:picture-look", args=[found.reference, row.pk]))


@require_POST
@staff_only(May.READ_TIPS, May.CLEAR_PICTURES)
def confirm(request: HttpRequest, desk: Desk, reference: str, pk: UUID) -> HttpResponse:
    """Nothing on it points to who sent it: agencies may see it and it may be exported."""
    found = visible_tip(desk, reference)
    row = _row(desk, found, pk)
    if found is None or row is None:
        return not_here(request, desk)
    typed = _typed(request)
    if any("".join(part).strip() for part in typed):
        return _page(request, desk, row, trouble=_(NOT_YET), typed=typed, status=422)
    try:
        with transaction.atomic():
            actions.claim(found, version=version_shown(request))
            acts.confirm(row, by=desk.user, now=desk.now)
    except ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, found, problem)
    messages.success(request, _("Picture {name} is confirmed.").format(name=acts.name(row)))
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]) + "#pictures")


def _as_it_is_now(request: HttpRequest, desk: Desk, reference: str, pk: UUID) -> HttpResponse:
    """The tip was acted on meanwhile: nothing was painted, and what was typed stands beside the
    picture of now."""
    found = visible_tip(desk, reference)
    row = _row(desk, found, pk)
    if row is None:
        return not_here(request, desk)
    oneself = acted_oneself(desk, row.tip, version=version_shown(request))
    why = _(BY_ONESELF if oneself else MEANWHILE)
    return _page(request, desk, row, trouble=why, typed=_typed(request), status=409)


def _page(
    request: HttpRequest,
    desk: Desk,
    row: Attachment,
    *,
    trouble: str = "",
    typed: Sequence[Sequence[str]] = (),
    status: int = 200,
) -> HttpResponse:
    try:
        digest = sha256_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))
        problem = ""
    except CLOSED as error:
        digest, problem = "", why(error)
    audit.record(
        "tip.read",
        actor=desk.user.username,
        now=desk.now,
        subject=row.tip.reference,
        narrative="none",
    )
    rows = [*typed, *([("",) * len(SIDES)] * (ROWS - len(typed)))]
    context = {
        "tip": row.tip,
        "picture": row,
        "name": acts.name(row),
        "facts": _facts(desk, row, digest),
        "problem": problem,
        "trouble": trouble,
        "may_clear": desk.may(May.CLEAR_PICTURES),
        "opened_before": _opened_before(desk, row),
        "parts": [list(zip(SIDES, SIDES.values(), one, strict=True)) for one in rows],
        "tens": range(0, 100, 10),
        "others": [(one.pk, acts.name(one)) for one in visible(desk, row.tip)],
    }
    return render(request, desk, "desk/picture.html", context, status=status)


def _opened_before(desk: Desk, row: Attachment) -> list[tuple[str, bool, str]]:
    """Who opened it as it was before, whether of own staff, and when; others than own staff first:
    they are the ones to be told."""
    seen = acts.opened_before(row) if desk.may(May.CLEAR_PICTURES) else {}
    accounts = User.objects.filter(username__in=seen).prefetch_related("groups")
    own = {one.username for one in accounts if May.SEE_REPORTER_ANSWERS in acts_of(one)}
    named = [(name, name in own, moment(at, desk.now)) for name, at in seen.items()]
    return sorted(named, key=lambda one: one[1])


def _facts(desk: Desk, row: Attachment, digest: str) -> list[tuple[str, str]]:
    where = "" if row.taken_lat is None else f"{row.taken_lat}, {row.taken_lon}"
    facts = [
        (_("State"), state(desk, row)),
        (
            _("Was"),
            _("{upper}, made anew as JPEG, {width} × {height}").format(
                upper=row.kind.upper(), width=row.width, height=row.height
            ),
        ),
        (_("Removed"), ", ".join(row.removed) or _("nothing besides the picture")),
        (_("Taken, says the file"), moment(row.taken_at, desk.now) if row.taken_at else ""),
        (_("Taken at, says the file"), where),
        (
            _("Blacked out"),
            _("{blacked_out} part(s)").format(blacked_out=row.blacked_out)
            if row.blacked_out
            else "",
        ),
        ("SHA-256", digest),
    ]
    return [(label, value) for label, value in facts if value]


def _typed(request: HttpRequest) -> list[tuple[str, ...]]:
    columns = [request.POST.getlist(side)[: acts.MOST_AT_ONCE] for side in SIDES]
    return list(zip(*columns, strict=False))


def _row(desk: Desk, found: Tip | None, pk: UUID) -> Attachment | None:
    if found is None:
        return None
    rows = Attachment.objects.filter(tip=found).select_related("tip", "confirmed_by")
    return (rows if desk.may(May.CLEAR_PICTURES) else rows.confirmed()).filter(pk=pk).first()
