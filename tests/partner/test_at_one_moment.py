"""An agency answers at the moment at which somebody else has its tip in hand."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.partner.conftest import Agency, Lines, MakeTip, kind
from tests.waiting import eventually, somebody_waits_for_us
from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.models import Contact
from tipintake.pipeline import follow_up
from tipintake.pipeline.follow_up import More, send_more
from tipintake.privacy import keys, receipts
from tipintake.tips.models import Message, Tip

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer at a time"
    ),
    pytest.mark.django_db(transaction=True),
]


def test_a_resident_who_answers_then_is_not_refused(
    lines: Lines, make_tip: MakeTip, wentzville: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each held what the other wanted next; PostgreSQL ended one of them, perhaps the resident."""
    code = receipts.new()
    tip = make_tip("wentzville-pd")
    mark = receipts.fingerprint(code, keys.pepper(settings.KEYS_DIR))
    Tip.objects.filter(pk=tip.pk).update(receipt_hmac=mark)
    Contact.objects.create(
        line=lines["wentzville-pd"],
        role=Contact.Role.QUEUE,
        channel=Contact.Channel.EMAIL,
        address="desk@wentzville.example",
    )
    tag = wentzville.tag(tip)
    agency = ThreadPoolExecutor(1)
    answered: list[Any] = []
    tell_lines = follow_up._tell_lines

    def acknowledge() -> Any:
        try:
            return wentzville.answer(tip, "acknowledge", tag=tag)
        finally:
            connection.close()

    def tell_while_the_agency_answers(*args: Any, **more: Any) -> None:
        answered.append(agency.submit(acknowledge))
        eventually(lambda: answered[0].done() or somebody_waits_for_us(), seconds=30)
        tell_lines(*args, **more)

    monkeypatch.setattr(follow_up, "_tell_lines", tell_while_the_agency_answers)
    with agency:
        send_more(code, More(text="The van came back at ten."), now=timezone.now())
        assert kind(answered[0].result(30)) == "changed-meanwhile"
    assert wentzville.answer(tip, "acknowledge").status_code == 200
    assert Message.objects.filter(direction=Message.Direction.ANSWER).count() == 1
    assert Notice.objects.filter(purpose=Notice.Purpose.MORE).count() == 1
    assert HandOff.objects.get().state == HandOff.State.ACKNOWLEDGED
