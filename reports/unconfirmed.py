"""Pictures that stay out of an export because nobody has confirmed them: said beforehand."""

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from tipintake.tips.models import Attachment, Tip


class Pictures(NamedTuple):
    """Of some tips: how many go into an export that has pictures, and how many do not."""

    confirmed: int
    unconfirmed: int


def pictures_of(tips: QuerySet[Tip]) -> Pictures:
    rows = Attachment.objects.filter(tip__in=tips.order_by().values("pk"))
    counted = rows.aggregate(
        confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
        unconfirmed=Count("pk", filter=Q(confirmed_at__isnull=True)),
    )
    return Pictures(**counted)
