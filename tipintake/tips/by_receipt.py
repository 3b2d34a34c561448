"""The tip under a receipt. An unknown receipt and a purged one cost the same and find nothing."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.tips.models import Tip

# Counted from the beginning of the hour in which the tip came: nothing finer is kept.
SHOWN_AGAIN = timedelta(minutes=75)


def tip_under(code: ReceiptCode) -> QuerySet[Tip]:
    """At most one tip."""
    mark = receipts.fingerprint(code, keys.pepper(settings.KEYS_DIR))
    return Tip.objects.filter(receipt_hmac=mark)


def fresh_under(code: ReceiptCode, *, now: datetime) -> Tip | None:
    """The tip, while its code may be shown again to the page that it was sent from: pressed twice,
    or the answer lost on its way. Later that page may be in other hands."""
    return tip_under(code).filter(submitted_hour__gt=now - SHOWN_AGAIN).first()
