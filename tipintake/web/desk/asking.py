"""A question from the tip's page to the person who wrote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tipintake.staff.roles import May
from tipintake.tips.models import DataKey
from tipintake.triage import dialog
from tipintake.web.desk.forms import AskForm
from tipintake.web.desk.page import Desk, not_here, staff_only
from tipintake.web.desk.tip import Trouble, page, visible_tip

TAKEN_OUT = "These words could point to somebody and would be taken out: {words}."
REWRITE = "Write it without them, or tick below to send it with [removed] in their place."
NO_KEY = "This tip's key was destroyed: nothing can be asked about it any more."
ASKED = "The question waits for the person who wrote. Nobody is told: they find it on coming back."


@require_POST
@staff_only(May.READ_TIPS, May.ASK_THE_WRITER)
def ask(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    form = AskForm(request.POST)
    sentences = [str(one) for errors in form.errors.values() for one in errors]
    words, template = form.data.get("words", ""), form.data.get("template", "")
    if not sentences and words and not form.cleaned_data["as_shown"]:
        sentences = _would_be_taken_out(words)
    if not sentences and not DataKey.objects.filter(tip=found).exists():
        sentences = [NO_KEY]
    if sentences:
        typed = {"template": template, "words": words}
        trouble = Trouble("ask", tuple(sentences), typed)
        return page(request, desk, found, trouble=trouble, status=422)
    dialog.ask(found, template=template, words=words, by=desk.user.username, now=desk.now)
    messages.success(request, ASKED)
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]) + "#dialog")


def _would_be_taken_out(words: str) -> list[str]:
    out = dialog.scrubbed(words)
    if not out.taken_out:
        return []
    quoted = ", ".join(f"“{one}”" for one in out.taken_out)
    return [TAKEN_OUT.format(words=quoted), REWRITE]
