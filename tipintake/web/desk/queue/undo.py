"""The offer to take the last act back: sealed in the session, so it costs no page a query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from tipintake.pipeline.undoing import OFFERED
from tipintake.web.desk import sealed

KEY = "undo"
TAKEN_BACK = "undone"  # what was taken back last


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


def was_put_forward(request: HttpRequest, together: UUID, *, now: datetime) -> bool:
    """Whether this is what may still be taken back."""
    offer = offered(request, now)
    return offer is not None and offer["together"] == str(together)


def note_taken_back(request: HttpRequest, together: UUID, tips: Sequence[str]) -> None:
    sealed.put(request, TAKEN_BACK, {"together": str(together), "tips": list(tips)})


def taken_back(request: HttpRequest, together: UUID) -> Sequence[str]:
    """The numbers of the tips, when it was this that was taken back last."""
    last = sealed.get(request, TAKEN_BACK)
    return list(last["tips"]) if last and last["together"] == str(together) else []
