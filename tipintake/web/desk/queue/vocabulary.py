"""The vocabulary of tags: supervisors add words and retire them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tipintake.staff.roles import May
from tipintake.triage import tags
from tipintake.triage.models import Tag
from tipintake.triage.tags import SUGGESTED, TagProblem
from tipintake.web.desk.page import Desk, not_here, render, staff_only


@require_safe
@staff_only(May.KEEP_TAGS)
def vocabulary(request: HttpRequest, desk: Desk) -> HttpResponse:
    words = list(Tag.objects.all())
    there = {tag.code for tag in words}
    context = {
        "words": words,
        "suggested": [one for one in SUGGESTED if one[0] not in there],
        "longest": tags.LONGEST,
    }
    return render(request, desk, "desk/queue/tags.html", context)


@require_POST
@staff_only(May.KEEP_TAGS)
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    code = request.POST.get("code", "")
    label = request.POST.get("label", "") or dict(SUGGESTED).get(code, "")
    try:
        with transaction.atomic():
            tag = tags.add_word(code, label, by=desk.user.username, now=desk.now)
    except TagProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The tag {code} may be given now.").format(code=tag.code))
    return HttpResponseRedirect(reverse("desk:tags"))


@require_POST
@staff_only(May.KEEP_TAGS)
def retire(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    if not Tag.objects.filter(code=code).exists():
        return not_here(request, desk)
    with transaction.atomic():
        tags.retire_word(code, by=desk.user.username, now=desk.now)
    messages.success(
        request,
        _("The tag {code} is not given any more. Tips that have it keep it.").format(code=code),
    )
    return HttpResponseRedirect(reverse("desk:tags"))
