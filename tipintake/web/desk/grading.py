"""Moving the grade of a tip, with a reason."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff.roles import May
from tipintake.tips.vocabulary import Content, Source
from tipintake.triage import actions, grading
from tipintake.triage.models import Grade
from tipintake.web.desk.acting import changed_meanwhile, in_trouble, sentences_of, version_shown
from tipintake.web.desk.forms import GradeForm
from tipintake.web.desk.page import Desk, not_here, staff_only
from tipintake.web.desk.tip import visible_tip

NO_KEY = gettext_noop(
    "The reason could not be sealed, so nothing was written: the tip's key was destroyed."
)


@require_POST
@staff_only(May.READ_TIPS, May.GRADE)
def grade(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    form = GradeForm(request.POST)
    if not form.is_valid():
        return in_trouble(request, desk, found, "grade", sentences_of(form))
    given = form.cleaned_data
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        with transaction.atomic():
            actions.claim(found, version=version_shown(request))
            grading.grade(
                found,
                source=Source(given["source"]),
                content=Content(given["content"]),
                why=Grade.Why(given["why"]),
                words=given["grade_words"],
                by=desk.user,
                private=private,
                now=desk.now,
            )
    except actions.ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, found, problem)
    except (grading.GradeProblem, keys.KeyMissing, CannotOpen) as problem:
        found.refresh_from_db()
        return in_trouble(request, desk, found, "grade", (str(problem),))
    except ObjectDoesNotExist:
        return in_trouble(request, desk, found, "grade", (_(NO_KEY),))
    messages.success(
        request,
        _("The tip is graded {source}{content} now.").format(
            source=given["source"], content=given["content"]
        ),
    )
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]) + "#grade")
