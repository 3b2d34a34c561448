"""Every way to tell an endpoint that a tip waits. Another one is another file and a row here."""

from collections.abc import Mapping

from tipintake.delivery.channels.base import Channel
from tipintake.delivery.channels.call_sheet import CallSheet
from tipintake.delivery.channels.console import Console
from tipintake.delivery.channels.email import Email
from tipintake.delivery.channels.webhook import Webhook

CHANNELS: Mapping[str, Channel] = {
    "email": Email(),
    "webhook": Webhook(),
    "call_sheet": CallSheet(),
    "console": Console(),
}

# These leave the installation: each is marked by itself as soon as it is out. Only of them may
# anybody say that a line was told.
OUTWARD = frozenset({"email", "webhook"})
