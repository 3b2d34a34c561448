"""One line in the log of this installation, for lines that its own staff watch."""

import logging
from datetime import datetime

from tipintake.delivery.channels.base import Endpoint, Message

log = logging.getLogger("tipintake.notice")


class Console:
    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:  # noqa: ARG002
        log.info(
            "notice.shown %s %s %s %s %s",
            message.type,
            message.priority,
            message.line,
            message.reference,
            message.link,
        )
