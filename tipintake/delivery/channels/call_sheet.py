"""A line with only a telephone: staff call it from the desk's call list, with a call sheet."""

from datetime import datetime

from tipintake.delivery.channels.base import Endpoint, Message


class CallSheet:
    """Nothing leaves the installation: the notice itself is the entry on the call list."""

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        """The row marked sent is on the desk's call list from now on."""
