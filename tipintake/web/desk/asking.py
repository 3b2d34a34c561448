"""A question from the tip's page to the person who wrote: looked at, sent, taken back."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff.roles import May
from tipintake.tips import labels, languages
from tipintake.tips.models import DataKey, Tip
from tipintake.triage import dialog
from tipintake.web.desk import wording
from tipintake.web.desk.forms import AskForm
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import Trouble, page, visible_tip

TAKEN_OUT = gettext_noop("These words could point to somebody and would be taken out: {words}.")
REWRITE = gettext_noop(
    "Write it without them, or tick below to send it with [removed] in their place."
)
NO_KEY = gettext_noop("This tip's key was destroyed: nothing can be asked about it any more.")
ASKED = gettext_noop(
    "The question waits for the person who wrote. Nobody is told: they find it on coming back."
)
WAITS = gettext_noop("The same question waits already, so it was not asked a second time.")
TAKEN_BACK = gettext_noop("The question is taken back. The person who wrote never sees it.")
LOOK, CHANGE = "look", "change"


@require_POST
@staff_only(May.READ_TIPS, May.ASK_THE_WRITER)
def ask(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Send a question, or show first what would be sent."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    form = AskForm(request.POST)
    given = {name: form.data.get(name, "") for name in ("template", "words", "language")}
    act = request.POST.get("do", "")
    if act == CHANGE:
        return page(request, desk, found, trouble=Trouble("ask", (), given))
    sentences = [str(one) for errors in form.errors.values() for one in errors]
    if not sentences and not DataKey.objects.filter(tip=found).exists():
        sentences = [_(NO_KEY)]
    if not sentences and act == LOOK:
        return _look(request, desk, found, given)
    if not sentences and given["words"] and not form.cleaned_data["as_shown"]:
        sentences = _would_be_taken_out(given["words"])
    if sentences:
        trouble = Trouble("ask", tuple(sentences), given)
        return page(request, desk, found, trouble=trouble, status=422)
    with transaction.atomic():
        again = _waits_already(found, given)
        if not again:
            dialog.ask(found, **given, by=desk.user.username, now=desk.now)
    messages.success(request, _(WAITS) if again else _(ASKED))
    return _back(found)


def _waits_already(found: Tip, given: Mapping[str, str]) -> bool:
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        return dialog.waits_already(found, **given, private=private)
    except (keys.KeyMissing, CannotOpen):
        return False  # nobody here can read what was asked; to ask takes public keys alone


@require_POST
@staff_only(May.READ_TIPS, May.ASK_THE_WRITER)
def withdraw(request: HttpRequest, desk: Desk, reference: str, pk: uuid.UUID) -> HttpResponse:
    """Take back a question that its reader was not shown yet."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    try:
        dialog.withdraw(found, pk, by=desk.user.username, now=desk.now)
    except dialog.TooLate as problem:
        trouble = Trouble("withdraw", (str(problem),))
        return page(request, desk, found, trouble=trouble, status=409)
    messages.success(request, _(TAKEN_BACK))
    return _back(found)


def _look(request: HttpRequest, desk: Desk, found: Tip, given: Mapping[str, str]) -> HttpResponse:
    """What would be sent, word for word. Nothing is kept."""
    out = dialog.draft(found, **given)
    template = dialog.TEMPLATES.get(given["template"])
    theirs = found.language
    language = (given["language"] or theirs) if template else ""
    other = "en" if languages.base(language) == "es" else "es"
    context = {
        "tip": found,
        "given": given,
        "text": wording.marked(out.text),
        "taken_out": out.taken_out,
        "language": language or theirs,
        "their_language": labels.language(theirs),
        "other_language": labels.language(other) if template else "",
        "other_code": other,
        "other_text": template.said_in(other, is_own=found.reporter_is_victim) if template else "",
        "is_own_words": template is None,
    }
    return render(request, desk, "desk/ask_look.html", context)


def _would_be_taken_out(words: str) -> list[str]:
    out = dialog.scrubbed(words)
    if not out.taken_out:
        return []
    quoted = ", ".join(f"“{one}”" for one in out.taken_out)
    return [_(TAKEN_OUT).format(words=quoted), _(REWRITE)]


def _back(found: Tip) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]) + "#dialog")
