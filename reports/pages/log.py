"""Who received what; what past recipients must hear; the key that signs packages."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from reports import correcting, selecting
from reports.disseminated import Asked, csv_lines, disseminated
from reports.models import Correction, Export, Purpose
from reports.scope import LEVEL_WORDS, Level
from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.references import reference_of
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only

MOST = 100
SAID_BY_HAND = frozenset(Correction.What.values) - {Correction.What.PURGED.value}
IN_NONE = gettext_noop("{reference} goes out in no package from now on.")
GOES_OUT = gettext_noop(
    "{reference} may go out again. Whoever was told not to use it does not hear of this by "
    "itself, and digests made meanwhile left it out: ask for an export of it where it is needed."
)


@require_safe
@staff_only(May.READ_DISSEMINATION)
def log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The dissemination log, of all or of one tip, and the corrections nobody has told yet."""
    asked = Asked.of(request.GET.get("tip", ""))
    rows = disseminated(asked, desk.user)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    page = list(rows[: MOST + 1])
    waiting = Correction.objects.filter(told_at=None).select_related("export__recipient")
    allowed = set(correcting.allowed_since(waiting).values_list("pk", flat=True))
    audit.record(
        "dissemination.read",
        actor=desk.user.username,
        now=desk.now,
        subject=asked.reference,
        rows=len(page[:MOST]),
    )
    context = {
        "entries": [
            {
                "row": one,
                "when": moment(one.at, desk.now),
                "purpose": _(Purpose(one.purpose).label),
                "level": _(LEVEL_WORDS[Level(one.level)]),
                "selection": selecting.in_words(one.export.selection),
            }
            for one in page[:MOST]
        ],
        "asked": asked,
        "before": page[MOST - 1].pk if len(page) > MOST else None,
        "corrections": [
            {
                "row": one,
                "what": _(Correction.What(one.what).label),
                "letter": correcting.letter(one),
                "since": moment(one.found_at, desk.now),
                "allowed": one.pk in allowed,
            }
            for one in waiting.order_by("found_at", "pk")[:MOST]
        ],
        "withdrawn": [
            {"row": one, "since": moment(one.since, desk.now)}
            for one in correcting.withdrawn_of(tips_visible_to(desk.user), most=MOST)
        ],
        "agains": correcting.Again.choices if desk.may(May.ALLOW_AGAIN) else [],
        "may_tell": desk.may(May.EXPORT),
        "whats": [one for one in Correction.What.choices if one[0] in SAID_BY_HAND],
    }
    return render(request, desk, "reports/log.html", context)


@require_safe
@staff_only(May.READ_DISSEMINATION)
def log_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same as CSV, whole: what an auditor files."""
    asked = Asked.of(request.GET.get("tip", ""))
    with translation.override("en"):  # what leaves the desk reads the same for everybody
        lines = list(csv_lines(disseminated(asked, desk.user)))
    audit.record(
        "dissemination.exported",
        actor=desk.user.username,
        now=desk.now,
        subject=asked.reference,
        rows=len(lines) - 1,
    )
    content = "".join(f"{line}\r\n" for line in lines)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="dissemination-log.csv"'
    return answer


@require_POST
@staff_only(May.EXPORT, May.READ_DISSEMINATION)
def told(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    found = Correction.objects.select_related("export").filter(pk=min(pk, 2**62)).first()
    if found is None:
        return not_here(request, desk)
    correcting.told(found, by=desk.user.username, now=desk.now)
    messages.success(request, _("Noted: they were told."))
    return HttpResponseRedirect(reverse("reports:log"))


@require_POST
@staff_only(May.EXPORT, May.READ_DISSEMINATION)
def correct(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say that past recipients of a tip must hear something about it."""
    reference = reference_of(request.POST.get("reference", ""))
    what = request.POST.get("what", "")
    tip = tips_visible_to(desk.user).filter(reference=reference).first()
    if tip is None or what not in SAID_BY_HAND:
        messages.error(request, _("Give the number of a tip that you see, and say what is wrong."))
        return HttpResponseRedirect(reverse("reports:log"))
    found = correcting.note(tip, Correction.What(what), by=desk.user.username, now=desk.now)
    said = (
        ngettext(
            "{count} package: its recipient stands under “To be told”.",
            "{count} packages: their recipients stand under “To be told”.",
            found,
        ).format(count=found)
        if found
        else _(
            "{reference} has not gone out in any package, or they are to be told already."
        ).format(reference=reference)
    )
    if what == Correction.What.WITHDRAWN:
        said = f"{said} {_(IN_NONE).format(reference=reference)}"
    messages.success(request, said)
    return HttpResponseRedirect(reverse("reports:log"))


@require_POST
@staff_only(May.ALLOW_AGAIN, May.READ_DISSEMINATION)
def allow_again(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Let a tip go out again of which staff said that it must not be used."""
    reference = reference_of(request.POST.get("reference", ""))
    why = request.POST.get("why", "")
    tip = tips_visible_to(desk.user).filter(reference=reference).first()
    if tip is None or why not in correcting.Again.values:
        messages.error(request, _("Give the number of a tip that you see, and say why."))
    elif not correcting.allow_again(
        tip, correcting.Again(why), by=desk.user.username, now=desk.now
    ):
        messages.error(request, _("{reference} may be used.").format(reference=reference))
    else:
        messages.success(request, _(GOES_OUT).format(reference=reference))
    return HttpResponseRedirect(reverse("reports:log"))


@require_safe
@staff_only(May.READ_DISSEMINATION)
def signing_key(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The public halves, today's and those before it: who receives packages compares with them."""
    try:
        key = keys.signing_public(settings.KEYS_DIR)
        former = keys.signing_former(settings.KEYS_DIR)
    except KeyMissing as problem:
        return render(request, desk, "reports/key.html", {"problem": str(problem)}, status=503)
    used = {
        one["signing_key"]: (one["first"].date(), one["last"].date())
        for one in Export.objects.exclude(signing_key="")
        .exclude(made_at=None)
        .values("signing_key")
        .annotate(first=Min("made_at"), last=Max("made_at"))
    }
    context = {
        "key": key,
        "used": used.get(key.id),
        "former": [{"key": one, "used": used.get(one.id)} for one in reversed(former)],
    }
    return render(request, desk, "reports/key.html", context)
