"""Send a tip another way: first what would change, then the change, with its reason."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods

from tipintake.delivery.acts import Act, Reason
from tipintake.pipeline.reroute import CannotReroute, Foreseen, Why, foresee, reroute
from tipintake.routing.corrections import CORRECTABLE, PLACE, latest
from tipintake.routing.policy.reasons import decision_in_language
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.triage import actions, notes
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.web.desk import wording
from tipintake.web.desk.acting import changed_meanwhile, version_shown
from tipintake.web.desk.finding import Finder
from tipintake.web.desk.lesson import places
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import visible_tip
from tipintake.web.desk.whose import HandOffView, hand_offs_of

LABELS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "category": (gettext_noop("What it is"), wording.CATEGORIES),
    "immediacy": (gettext_noop("When it happens"), wording.IMMEDIACY),
    "minor_present": (gettext_noop("Anyone under 18"), wording.MINORS),
}


class RerouteForm(forms.Form):
    """What staff read, and why. What the person answered about themselves is not among it."""

    category = forms.ChoiceField(choices=CORRECTABLE["category"].choices)
    immediacy = forms.ChoiceField(choices=CORRECTABLE["immediacy"].choices)
    minor_present = forms.ChoiceField(choices=CORRECTABLE["minor_present"].choices)
    place = forms.ChoiceField(
        choices=lambda: [("", ""), *places()],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose where it is from the list.")},
    )
    why = forms.ChoiceField(
        choices=Why.choices, error_messages={"required": gettext_lazy("Say why.")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(May.READ_TIPS, May.REROUTE)
def another_way(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    if request.method != "POST":
        return _page(request, desk, found, _as_read(found))
    form = RerouteForm(request.POST)
    typed = {name: request.POST.get(name, "") for name in form.fields}
    if not form.is_valid():
        said = [str(one) for errors in form.errors.values() for one in errors]
        return _page(request, desk, found, typed, problems=said)
    answers = {name: form.cleaned_data[name] for name in (*CORRECTABLE, PLACE)}
    try:
        if request.POST.get("do") != "send":
            return _page(request, desk, found, typed, seen=foresee(found, answers))
        with transaction.atomic():
            actions.claim(found, version=version_shown(request))
            done = reroute(
                found,
                answers,
                why=Why(form.cleaned_data["why"]),
                by=desk.user.username,
                now=desk.now,
            )
    except ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, found, problem)
    except CannotReroute as problem:
        return _page(request, desk, found, typed, problems=[str(problem)])
    added = ", ".join(line.name for line in done.new) or _("no new line")
    messages.success(
        request,
        _("Sent another way by {rule}: {added}.").format(rule=done.decided.rule, added=added),
    )
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]))


def _as_read(found: Tip) -> dict[str, str]:
    """The answers as given, or as staff last read them."""
    decision = latest(found)
    read = decision.corrected if decision is not None else {}
    answers = {name: str(read.get(name) or getattr(found, name)) for name in CORRECTABLE}
    return {**answers, PLACE: str(read.get(PLACE, ""))}


def _where(found: Tip, chosen: str) -> dict[str, Any]:
    decision, known = latest(found), list(places())
    decided = f"{decision.place_outcome}:{decision.jurisdiction}" if decision else ""
    finder = Finder()
    nothing = [("", _("As the fields and words say"), not chosen)]
    return {
        "name": PLACE,
        "label": _("Where it is"),
        "given": dict(known).get(decided, _("not known")),
        "choices": [
            *nothing,
            *((v, _with_county(v, words, finder), v == chosen) for v, words in known),
        ],
    }


def _with_county(value: str, words: str, finder: Finder) -> str:
    """A municipality is found by its county too."""
    county = finder.county_of(value.partition(":")[2])
    return f"{words}, {county}" if county else words


def _lines_to_choose(desk: Desk, found: Tip) -> list[HandOffView]:
    """Own parts of the tip that may be passed on to a line by name."""
    own = hand_offs_of(desk, found, latest(found))
    return [one for one in own if Act.TRANSFER in one.acts]


def _page(
    request: HttpRequest,
    desk: Desk,
    found: Tip,
    typed: Mapping[str, str],
    *,
    seen: Foreseen | None = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    questions: list[dict[str, Any]] = [
        {
            "name": name,
            "label": _(label),
            "given": says.get(getattr(found, name), ""),
            "choices": [(value, words, typed.get(name) == value) for value, words in says.items()],
        }
        for name, (label, says) in LABELS.items()
    ]
    questions.append(_where(found, typed.get(PLACE, "")))
    audit.record(
        "tip.read",
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        narrative="none",
    )
    context = {
        "tip": found,
        "questions": questions,
        "reasons": [(value, words, typed.get("why") == value) for value, words in Why.choices],
        "seen": seen,
        "because": decision_in_language(seen.decided.because) if seen else "",
        "problems": problems or [],
        "pass_on": _lines_to_choose(desk, found),
        "pass_reasons": Reason.choices,
        "note_limit": notes.LIMIT,
    }
    status = 422 if problems else 200
    return render(request, desk, "desk/reroute.html", context, status=status)
