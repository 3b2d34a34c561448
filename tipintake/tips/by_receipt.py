"""The tip under a receipt. An unknown receipt and a purged one cost the same and find nothing."""

from django.conf import settings
from django.db.models import QuerySet

from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.tips.models import Tip


def tip_under(code: ReceiptCode) -> QuerySet[Tip]:
    """At most one tip."""
    mark = receipts.fingerprint(code, keys.pepper(settings.KEYS_DIR))
    return Tip.objects.filter(receipt_hmac=mark)
