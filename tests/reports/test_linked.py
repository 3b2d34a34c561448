"""Links in exports: what an analyst confirmed, and nothing that was only suggested."""

import uuid
from datetime import datetime

import pytest
from django.utils import translation

from reports.linked import ALIKE, MERGED, links_of
from reports.rows import LinkRow
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage.models import Link, MergedTip

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


def test_tips_that_were_merged_say_that_they_count_as_one_report(now: datetime) -> None:
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=now)
    first, copy, _other = (a_tip(now) for _ in range(3))
    MergedTip.objects.create(
        tip=copy, into=first, merged_by=User.objects.get(username="ann"), merged_at=now
    )
    found = links_of([first.pk, copy.pk], among=Tip.objects.all())
    assert found == {
        first.pk: (LinkRow(copy.reference, "one_report", MERGED, "CONFIRMED"),),
        copy.pk: (LinkRow(first.reference, "one_report", MERGED, "CONFIRMED"),),
    }
    others = Tip.objects.exclude(pk=copy.pk)
    assert links_of([first.pk], among=others) == {}


def test_tips_alike_within_a_day_say_that_they_count_as_one_report(now: datetime) -> None:
    tips = sorted((a_tip(now) for _ in range(4)), key=lambda tip: tip.reference)
    Tip.objects.filter(pk__in=[tip.pk for tip in tips[:3]]).update(flood=uuid.uuid4())
    head, second, third, alone = tips
    keys = [tip.pk for tip in tips]
    row = LinkRow(head.reference, "one_report", ALIKE, "")
    found = links_of(keys, among=Tip.objects.all())
    assert found[second.pk] == found[third.pk] == (row,)
    assert found[head.pk] == (row._replace(other_reference=second.reference),)
    assert alone.pk not in found
    withheld = Tip.objects.exclude(pk=head.pk)
    assert links_of([third.pk], among=withheld)[third.pk][0].other_reference == second.reference
    assert links_of([third.pk], among=withheld.exclude(pk=second.pk)) == {}
