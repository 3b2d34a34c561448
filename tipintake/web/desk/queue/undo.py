"""The offer to take the last act back: sealed in the session, so it costs no page a query."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from tipintake.pipeline.undoing import OFFERED
from tipintake.web.desk import sealed

KEY = "undo"


def put_forward(request: HttpRequest, together: UUID, said: str, *, now: datetime) -> None:
    until = (now + OFFERED).timestamp()
    sealed.put(request, KEY, {"together": str(together), "said": said, "until": until})


def put_away(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def offered(request: HttpRequest, now: datetime) -> Mapping[str, object] | None:
    """What may still be taken back, and for how many seconds."""
    offer = sealed.get(request, KEY)
    if not offer:
        return None
    left = int(offer["until"] - now.timestamp())
    if left <= 0:
        put_away(request)
        return None
    return {"together": offer["together"], "said": offer["said"], "seconds": left}
