"""Tips alike within a day, all of them on one page, and one judgement for all of them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from tipintake.pipeline import bursts, undoing
from tipintake.pipeline.bursts import MOST, Release, SetAside, members, stamp
from tipintake.pipeline.undoing import JUDGING_A_BURST
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.triage import seen
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.queue.bulk import JUST_DONE
from tipintake.web.desk.queue.undo import put_forward

MOST_SHOWN = 100
SAY_WHY = gettext_noop("Say why: choose a reason.")
NEWER = gettext_noop(
    "Nothing was done: another tip came, or somebody acted on one of these, since you loaded "
    "the page. Look at them again."
)


def _release(tips: list[Tip], why: str, user: User, now: datetime) -> str:
    bursts.release(tips, Release(why), by=user, now=now)
    return ngettext(
        "{count} tip is a report of its own now.",
        "{count} tips are reports of their own now.",
        len(tips),
    ).format(count=len(tips))


def _set_aside(tips: list[Tip], why: str, user: User, now: datetime) -> str:
    bursts.set_aside(tips, SetAside(why), by=user, now=now)
    return ngettext(
        "{count} tip stands behind the others of its priority now.",
        "{count} tips stand behind the others of their priority now.",
        len(tips),
    ).format(count=len(tips))


Judged = Callable[[list[Tip], str, User, datetime], str]
JUDGEMENTS: Mapping[str, tuple[Judged, list[str]]] = {
    "release": (_release, list(Release.values)),
    "set-aside": (_set_aside, list(SetAside.values)),
}


@require_safe
@staff_only(May.READ_TIPS)
def burst(request: HttpRequest, desk: Desk, flood: UUID) -> HttpResponse:
    return _page(request, desk, flood)


@require_POST
@staff_only(May.READ_TIPS, May.JUDGE_LINKS)
def judge(request: HttpRequest, desk: Desk, flood: UUID, how: str) -> HttpResponse:
    """One judgement for every tip of the burst that is visible: all of it or nothing."""
    if how not in JUDGEMENTS:
        return not_here(request, desk)
    if not members(desk.user, flood).exists():
        again = _just_judged(desk, flood, how)
        return _done_already(request) if again else not_here(request, desk)
    do, reasons = JUDGEMENTS[how]
    why = request.POST.get("why", "")
    if why not in reasons:
        return _page(request, desk, flood, problem=_(SAY_WHY), judged=how, status=422)
    together = uuid.uuid4()
    try:
        with transaction.atomic():
            tips = _as_shown(request, desk, flood)
            bursts.claim(tips)
            before = {tip.pk: undoing.standing(tip, JUDGING_A_BURST) for tip in tips}
            said = do(tips, why, desk.user, desk.now)
            for tip in tips:
                undoing.offer(
                    tip,
                    how,
                    before[tip.pk],
                    reach=JUDGING_A_BURST,
                    together=together,
                    user=desk.user,
                    now=desk.now,
                )
                seen.acted(desk.user, tip)
    except ChangedMeanwhile:
        if _just_judged(desk, flood, how):
            return _done_already(request)
        return _page(request, desk, flood, problem=_(NEWER), judged=how, status=409)
    messages.success(request, said)
    put_forward(request, together, said, now=desk.now)
    return HttpResponseRedirect(reverse("desk:queue"))


def _just_judged(desk: Desk, flood: UUID, how: str) -> bool:
    """Whether the same was just done, and this is a second press. What was released stands in no
    burst any more."""
    lately = undoing.lately(desk.user, how, now=desk.now).select_related("tip")
    return any(
        str(flood) in {str(one.tip.flood), *one.changed["tip"].get("flood", ())[:1]}
        for one in lately
    )


def _done_already(request: HttpRequest) -> HttpResponseRedirect:
    messages.success(request, _(JUST_DONE))
    return HttpResponseRedirect(reverse("desk:queue"))


def _as_shown(request: HttpRequest, desk: Desk, flood: UUID) -> list[Tip]:
    """What the page showed; raises ChangedMeanwhile once there is more or other."""
    tips = list(members(desk.user, flood)[:MOST])
    if request.POST.get("stamp") != stamp(tips):
        raise ChangedMeanwhile
    return tips


def _page(
    request: HttpRequest,
    desk: Desk,
    flood: UUID,
    *,
    problem: str = "",
    judged: str = "",
    status: int = 200,
) -> HttpResponse:
    tips = list(members(desk.user, flood)[: MOST + 1])
    if not tips:
        return not_here(request, desk)
    shown = tips[:MOST]
    audit.record("burst.read", actor=desk.user.username, now=desk.now, tips=len(shown))
    context = {
        "flood": flood,
        "count": len(shown),
        "more": len(tips) > MOST,
        "rows": [_row(desk, tip) for tip in _with_places(shown[:MOST_SHOWN])],
        "not_shown": len(shown[MOST_SHOWN:]),
        "elsewhere": Tip.objects.filter(flood=flood).count() - len(tips),
        "first": moment(shown[0].submitted_hour, desk.now),
        "last": moment(shown[-1].submitted_hour, desk.now),
        "plates": _plates(shown),
        "aside": all(tip.low_trust for tip in shown),
        "stamp": stamp(shown),
        "may_judge": desk.may(May.JUDGE_LINKS),
        "release_reasons": Release.choices,
        "aside_reasons": SetAside.choices,
        "problem": problem,
        "judged": judged,
    }
    return render(request, desk, "desk/burst.html", context, status=status)


def _with_places(tips: list[Tip]) -> list[Tip]:
    rows = Tip.objects.filter(pk__in=[tip.pk for tip in tips])
    return list(rows.prefetch_related("locations", "decisions").order_by("submitted_hour", "pk"))


def _row(desk: Desk, tip: Tip) -> dict[str, object]:
    return {
        "tip": tip,
        "category": wording.category(tip),
        "place": wording.place_of_tip(tip, {}),
        "came": moment(tip.submitted_hour, desk.now),
        "status": _(tip.get_status_display()),
    }


def _plates(tips: list[Tip]) -> list[str]:
    """What is the same may be a plate: each that stands in more than one of them."""
    keys = [tip.pk for tip in tips]
    rows = Tip.objects.filter(pk__in=keys, vehicles__plate_canonical__gt="")
    counted: dict[str, int] = {}
    for plate in rows.values_list("vehicles__plate_canonical", flat=True):
        counted[plate] = counted.get(plate, 0) + 1
    return sorted(f"{plate} ({number})" for plate, number in counted.items() if number > 1)
