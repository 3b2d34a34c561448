"""Links in exports: what an analyst confirmed, and nothing that was only suggested."""

import uuid
from datetime import datetime

import pytest
from django.utils import translation

from reports.linked import links_of
from reports.rows import LinkRow
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage.models import Link

pytestmark = pytest.mark.django_db


def a_tip(now: datetime) -> Tip:
    key = uuid.uuid4()
    return Tip.objects.create(
        reference=f"T-{key.hex[:4]}-{key.hex[4:8]}".upper(),
        receipt_hmac=key.bytes * 2,
        receipt_public_key=key.bytes * 2,
        submitted_hour=now.replace(minute=0, second=0, microsecond=0),
        came_by="API",
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        narrative_sealed=b"",
    )


def test_only_confirmed_links_are_exported_from_both_sides(now: datetime) -> None:
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=now)
    tips = sorted((a_tip(now) for _ in range(3)), key=lambda tip: tip.pk)
    shared = {"why": "near_plate", "strength": 3, "value_one": "ABC123", "value_other": "ABD123"}
    judged = {"judged_by": User.objects.get(username="ann"), "judged_at": now}
    Link.objects.create(
        one=tips[0], other=tips[1], mark="a", state="CONFIRMED", **judged, **shared
    )
    Link.objects.create(one=tips[0], other=tips[2], mark="b", **shared)
    with translation.override("es"):  # of whoever asks: an export is in one language
        found = links_of([tip.pk for tip in tips], among=Tip.objects.all())
    assert set(found) == {tips[0].pk, tips[1].pk}
    assert found[tips[1].pk] == (
        LinkRow(
            other_reference=tips[0].reference,
            pattern="near_plate",
            because="the same plate but for one character: ABD123 / ABC123",
            judgement="CONFIRMED",
        ),
    )
    others = Tip.objects.exclude(pk=tips[0].pk)
    assert set(links_of([tip.pk for tip in tips], among=others)) == {tips[0].pk}
