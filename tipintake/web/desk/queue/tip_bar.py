"""The bar of deeds on the tip's own page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from tipintake.tips.models import Tip
from tipintake.triage import seen, tags
from tipintake.triage.assignment import people
from tipintake.triage.models import Tag
from tipintake.web.desk import sealed
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue import deeds
from tipintake.web.desk.queue.choices import choices_of

LAST = "queue"  # in the session, sealed: what the queue was asked last


def way_back(request: HttpRequest) -> str:
    """To the list from which this person works."""
    asked = str(sealed.get(request, LAST) or "")
    return f"{reverse('desk:queue')}?{urlencode({'q': asked})}" if asked else reverse("desk:queue")


def bar_of(desk: Desk, tip: Tip) -> dict[str, Any]:
    if not desk.is_own_staff:
        return {"any": False}
    names = people().order_by("username").values_list("username", flat=True)
    words = Tag.objects.filter(active=True).values_list("code", "label")
    return {
        **choices_of(desk, list(names), list(words)),
        "given": tags.codes_of(tip),
        "looking": seen.others_looking(desk.user, tip, now=desk.now),
        "names": [name for name in deeds.DEEDS if name != "status"],
    }
