"""Made-up tips must never stand among real ones, and nobody outside may be told of them."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Model

from tipintake.delivery.channels import OUTWARD
from tipintake.directory.models import Contact
from tipintake.tips.models import Tip


class Unwanted(Exception):
    """This installation is not for demos; the sentence says why and what to do."""


def refuse_among_real_tips(known: Collection[str], *, forced: bool) -> None:
    """`known` are the numbers of tips that are made up themselves."""
    tips = _count_of_others(set(known))
    if tips and not forced:
        raise Unwanted(
            f"{tips} tip{'s' if tips > 1 else ''} here did not come from a demo and may be real. "
            "Set TIPINTAKE_HOME (and DATABASE_URL) to an empty place. --force fills this one all "
            "the same: the made-up tips can then be told from real ones only by the truth file."
        )


def refuse_where_somebody_is_told() -> None:
    """No flag goes around this: a line that is told of made-up tips would act on them."""
    if not _exists(Contact):
        return
    told = Contact.objects.filter(channel__in=OUTWARD, active=True).count()
    if told:
        raise Unwanted(
            f"{told} contact{'s' if told > 1 else ''} here would be told of made-up tips by "
            "e-mail or webhook. Use another home, or stop them first: `manage.py contact stop`."
        )


def _exists(model: type[Model]) -> bool:
    table = model._meta.db_table  # noqa: SLF001 Django documents it
    return table in connection.introspection.table_names()


def _count_of_others(known: set[str]) -> int:
    if not _exists(Tip):
        return 0
    return sum(
        reference not in known
        for reference in Tip.objects.values_list("reference", flat=True).iterator()
    )
