"""Which tip comes next in the queue that somebody is working through."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.web.desk import sealed
from tipintake.web.desk.page import Desk, not_here, staff_only
from tipintake.web.desk.queue.listing import AnySpot, Found, found, spot_of
from tipintake.web.desk.queue.questions import understood
from tipintake.web.desk.queue.tip_bar import LAST
from tipintake.web.desk.queue.views import surroundings
from tipintake.web.desk.tip import visible_tip


def last_queue(request: HttpRequest, desk: Desk) -> Found:
    """The question that was asked last; all that is open when there is none, or a broken one."""
    ground = surroundings(desk).ground
    asked = understood(str(sealed.get(request, LAST) or ""), ground)
    return found(ground, understood("", ground) if asked.problems else asked)


def spot_in_queue(queue: Found, tip: Tip) -> AnySpot | None:
    row = queue.rows.filter(**{queue.ground.tip_key: tip.pk}).first()
    return spot_of(row) if row is not None else None


def neighbour(queue: Found, tip: Tip, spot: AnySpot | None, *, back: bool = False) -> str:
    """The number of the tip after this one, or before it; empty at the end of the queue."""
    rows = queue.beyond(spot, back=back).exclude(**{queue.ground.tip_key: tip.pk})
    reference = f"{queue.ground.tip}reference"
    return next(iter(rows.values_list(reference, flat=True)[:1]), "")


def to_next(queue: Found, tip: Tip, spot: AnySpot | None) -> HttpResponseRedirect:
    """To the next tip, from the end to the first, and back to the list when none is left."""
    reference = neighbour(queue, tip, spot) or neighbour(queue, tip, None)
    return HttpResponseRedirect(
        reverse("desk:tip", args=[reference]) if reference else reverse("desk:queue")
    )


@require_safe
@staff_only(May.READ_TIPS)
def step(request: HttpRequest, desk: Desk, reference: str, way: str) -> HttpResponse:
    """From a tip to its neighbour in the queue; the list itself at either end."""
    tip = visible_tip(desk, reference)
    if tip is None or way not in {"next", "previous"}:
        return not_here(request, desk)
    queue = last_queue(request, desk)
    spot = spot_in_queue(queue, tip)
    other = neighbour(queue, tip, spot, back=way == "previous" and spot is not None)
    return HttpResponseRedirect(
        reverse("desk:tip", args=[other]) if other else reverse("desk:queue")
    )
