"""What a channel is: it tells one endpoint that a tip waits, and nothing of the tip."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """All that ever leaves in a notice. No field of the tip but its number and its priority."""

    id: UUID  # the same at every attempt: an endpoint can tell a repeat
    type: str  # "tip.arrived" | "tip.overdue" | "tip.more" | "notice.given_up" | "notice.trial"
    reference: str
    priority: str
    line: str  # code
    line_name: str
    link: str
    since: datetime  # when the queue received the tip


@dataclass(frozen=True, slots=True, repr=False)
class Endpoint:
    """Where to send it. Its repr shows nothing, so that no log can."""

    address: str
    secret: str = ""
    secret_before: str = ""  # signs as well, while the agency changes to the new one


class Undelivered(Exception):
    """The message was not taken. The reason is ours: it never quotes what the other side said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemporaryFailure(Undelivered):
    """Trying again makes sense."""

    def __init__(self, reason: str, *, again_in: timedelta | None = None) -> None:
        super().__init__(reason)
        self.again_in = again_in


class PermanentFailure(Undelivered):
    """Trying again makes no sense. `gone`: the endpoint says that it will never take any."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


class Channel(Protocol):
    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        """Deliver within a quarter of a minute, or raise TemporaryFailure or PermanentFailure."""
