"""Teaching names of places: proposed on a tip's page, judged by a second person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.models import Alias
from tipintake.region import teach as lessons
from tipintake.region.teach import CannotTeach
from tipintake.staff.roles import May
from tipintake.web.desk.acting import in_trouble, sentences_of
from tipintake.web.desk.forms import JudgeForm, TeachForm
from tipintake.web.desk.lesson import places as choices
from tipintake.web.desk.lesson import where_of
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import visible_tip

ACT = "teach"
PROPOSED = gettext_noop("{text} waits for a second person. Until then it decides nothing.")
APPROVED = gettext_noop("{text} is evidence of a place from the next tip on.")
REFUSED = gettext_noop("The name is taken away.")
JUDGEMENTS = ("approve", "refuse")


@require_POST
@staff_only(May.READ_TIPS, May.PROPOSE_PLACES)
def teach(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Propose a name. It changes nothing of the tip, so it needs no version."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    form = TeachForm(request.POST)
    if not form.is_valid():
        return in_trouble(request, desk, found, ACT, sentences_of(form))
    given = form.cleaned_data
    try:
        outcome, jurisdiction = where_of(given["where"])
        alias = lessons.propose(
            given["text"],
            kind=Alias.Kind(given["kind"]),
            outcome=outcome,
            jurisdiction=jurisdiction,
            source=given["source"],
            by=desk.user.username,
            now=desk.now,
        )
    except CannotTeach as problem:
        return in_trouble(request, desk, found, ACT, (str(problem),))
    except ValueError:
        return in_trouble(request, desk, found, ACT, (_("Choose where it is from the list."),))
    messages.success(request, _(PROPOSED).format(text=alias.text))
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]))


@require_safe
@staff_only(May.APPROVE_PLACES)
def places(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _page(request, desk)


@require_POST
@staff_only(May.APPROVE_PLACES)
def judge(request: HttpRequest, desk: Desk, pk: int, judgement: str) -> HttpResponse:
    """Approve or refuse what somebody else proposed."""
    if judgement not in JUDGEMENTS:
        return not_here(request, desk)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, sentences=sentences_of(form), status=422)
    source, by = form.cleaned_data["source"], desk.user.username
    try:
        if judgement == "approve":
            alias = lessons.approve(pk, source=source, by=by, now=desk.now)
            messages.success(request, _(APPROVED).format(text=alias.text))
        else:
            lessons.refuse(pk, by=by, now=desk.now)
            messages.success(request, _(REFUSED))
    except CannotTeach as problem:
        return _page(request, desk, sentences=(str(problem),), status=422)
    return HttpResponseRedirect(reverse("desk:places"))


def _page(
    request: HttpRequest, desk: Desk, *, sentences: tuple[str, ...] = (), status: int = 200
) -> HttpResponse:
    known = dict(choices())
    rows = [
        (alias, known.get(f"{alias.outcome}:{alias.jurisdiction}", alias.jurisdiction))
        for alias in lessons.waiting()
    ]
    context = {
        "taught": [row for row in rows if row[0].proposed_by],
        "packs": [row for row in rows if not row[0].proposed_by],
        "sentences": sentences,
    }
    return render(request, desk, "desk/places.html", context, status=status)
