"""Links between tips: what the worker suggests, and what staff make of it.

Every act takes the next version of the tip on whose page it was done, and of the other one, so
that nobody judges what somebody else has just judged. The audit names the kinds of what is shared
under each tip, and never the other tip: a purge could not take it out again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips import link_keys
from tipintake.tips.links import Found, Strength
from tipintake.tips.models import Tip
from tipintake.triage.actions import claim
from tipintake.triage.models import Link, MergedTip

State = Link.State
_AT_ONCE = 400
_T = TypeVar("_T")


class NotPossible(Exception):
    """Nothing was changed; the sentence says why."""


# --- What the worker suggests -----------------------------------------------------------------


def suggest_for(tips: Collection[UUID], *, leaving_out: Collection[str] = ()) -> int:
    """Look for what belongs to these tips and keep what is new. How many rows were written.

    What was judged stays as it was judged, and what is suggested is said as it is known now.
    """
    found = [
        one for ones in link_keys.search(tips, leaving_out=leaving_out).values() for one in ones
    ]
    rows = {(row.one_id, row.other_id, row.mark): row for one in found for row in _rows(one)}
    known = _known(rows)
    new = [row for key, row in rows.items() if key not in known]
    lifted: dict[int, list[int]] = defaultdict(list)
    said_otherwise: list[Link] = []
    for key, row in rows.items():
        if key not in known:
            continue
        kept = known[key]
        if kept.strength != row.strength:
            lifted[row.strength].append(kept.pk)
        may_say_otherwise = kept.state == State.SUGGESTED or kept.why == row.why
        if may_say_otherwise and _said(kept) != _said(row):
            row.pk = kept.pk
            said_otherwise.append(row)
    with transaction.atomic():
        Link.objects.bulk_create(new, batch_size=_AT_ONCE, ignore_conflicts=True)
        for strength, keys in lifted.items():
            for some in _chunks(keys):
                Link.objects.filter(pk__in=some).update(strength=strength)
        Link.objects.bulk_update(said_otherwise, ["why", "value_one", "value_other"])
    return len(new)


def _rows(found: Found) -> Iterator[Link]:
    turned = found.other < found.tip
    one, other = sorted((found.tip, found.other))
    for reason in found.reasons:
        values = (reason.theirs, reason.mine) if turned else (reason.mine, reason.theirs)
        yield Link(
            one_id=one,
            other_id=other,
            why=reason.why,
            mark=reason.mark,
            strength=found.strength,
            value_one=values[0],
            value_other=values[1],
        )


def _said(row: Link) -> tuple[str, str, str]:
    return row.why, row.value_one, row.value_other


def _known(
    rows: Mapping[tuple[UUID, UUID, str], Link],
) -> dict[tuple[UUID, UUID, str], Link]:
    """Of these rows those that are kept already."""
    ones = sorted({one for one, _other, _mark in rows})
    known = {}
    for some in _chunks(ones):
        for row in Link.objects.filter(one__in=some):
            if (key := (row.one_id, row.other_id, row.mark)) in rows:
                known[key] = row
    return known


# --- Questions --------------------------------------------------------------------------------


def links_of(tips: Collection[UUID]) -> QuerySet[Link]:
    """Every link from or to these tips, the strongest first."""
    touching = Link.objects.filter(Q(one__in=tips) | Q(other__in=tips))
    return touching.order_by("-strength", "pk")


def linked(tip: str) -> Combinable:
    """A column: with how many others the tip is linked whose key stands in column `tip`.

    Confirmed, or suggested with more than a weak reason. A pair stands in one order only.
    """
    return _linked(tip, "one", "other") + _linked(tip, "other", "one")


def _linked(tip: str, side: str, far: str) -> Coalesce:
    rows = _telling(Link.objects.filter(**{side: OuterRef(tip)})).values(side)
    return Coalesce(Subquery(rows.values(count=Count(far, distinct=True))), 0)


def suggested_pairs(*, least: Strength = Strength.FAIR) -> set[tuple[str, str]]:
    """Every pair that is linked or suggested, by tip numbers in alphabetical order."""
    kept = Link.objects.exclude(state=State.REJECTED).filter(strength__gte=least)
    pairs = kept.values_list("one__reference", "other__reference").distinct().iterator()
    return {(min(pair), max(pair)) for pair in pairs}


def _telling(rows: QuerySet[Link]) -> QuerySet[Link]:
    return rows.filter(
        Q(state=State.CONFIRMED) | Q(state=State.SUGGESTED, strength__gt=Strength.WEAK)
    )


def between(one: Tip, other: Tip) -> QuerySet[Link]:
    first, second = sorted((one.pk, other.pk))
    return Link.objects.filter(one=first, other=second).order_by("-strength", "pk")


def merged_with(one: Tip, other: Tip) -> MergedTip | None:
    pair = [one.pk, other.pk]
    return MergedTip.objects.filter(tip__in=pair, into__in=pair).first()


# --- What staff make of it --------------------------------------------------------------------


def claim_both(tip: Tip, other: Tip, *, version: int) -> None:
    """Take the next version of both: that of `tip` as it was shown. First in the transaction, and
    in one order for everybody, so that two who act from two sides do not wait for ever.
    """
    if tip.pk < other.pk:
        claim(tip, version=version)
        _move_on(other)
    else:
        _move_on(other)
        claim(tip, version=version)


def confirm(
    tip: Tip, other: Tip, marks: Sequence[str], *, version: int, by: User, now: datetime
) -> None:
    """They belong together, by these reasons: those that the page showed."""
    _judge(tip, other, marks, State.CONFIRMED, version=version, by=by, now=now)


def reject(
    tip: Tip, other: Tip, marks: Sequence[str], *, version: int, by: User, now: datetime
) -> None:
    """These reasons say nothing about these two: they are never suggested for them again."""
    _judge(tip, other, marks, State.REJECTED, version=version, by=by, now=now)


def take_back(tip: Tip, other: Tip, *, version: int, by: User, now: datetime) -> None:
    """Undo what was judged of these two: everything is a suggestion again."""
    with transaction.atomic():
        claim_both(tip, other, version=version)
        judged = between(tip, other).exclude(state=State.SUGGESTED)
        kinds = sorted(set(judged.values_list("why", flat=True)))
        if not kinds:
            raise NotPossible(_("Nobody has judged these two, so there is nothing to take back."))
        judged.update(state=State.SUGGESTED, judged_by=None, judged_at=None)
        _record("link.taken_back", tip, other, by=by, now=now, shares=kinds)


def merge(duplicate: Tip, into: Tip, *, shown: Tip, version: int, by: User, now: datetime) -> None:
    """The first reports what the second reports: one report from now on. `shown` is that of the
    two on whose page it was done, and `version` its version there.

    Both stay in the queues of their lines until each line closes its part: a merge must not make
    a tip disappear that nobody has acknowledged.
    """
    with transaction.atomic():
        claim_both(shown, into if shown.pk == duplicate.pk else duplicate, version=version)
        count_as_one(duplicate, into, by=by, now=now)


def count_as_one(duplicate: Tip, into: Tip, *, by: User, now: datetime) -> None:
    """Merge in the transaction of a caller that has claimed both."""
    if duplicate.pk == into.pk:
        raise NotPossible(_("A tip cannot be merged into itself."))
    if MergedTip.objects.filter(tip=duplicate).exists():
        raise NotPossible(_("It is merged already. Undo that first."))
    if head := MergedTip.objects.filter(tip=into).select_related("into").first():
        raise NotPossible(
            _("{reference} is itself merged into {reference2}. Merge into that one.").format(
                reference=into.reference, reference2=head.into.reference
            )
        )
    if MergedTip.objects.filter(into=duplicate).exists():
        raise NotPossible(
            _(
                "Other tips are merged into {reference}. Merge the other way round, or undo "
                "those first."
            ).format(reference=duplicate.reference)
        )
    MergedTip.objects.create(tip=duplicate, into=into, merged_by=by, merged_at=now)
    _record("tip.merged", duplicate, into, by=by, now=now)


def count_as_two(tip: Tip, other: Tip, *, by: User, now: datetime) -> Tip:
    """They are two reports again, whichever was merged into which: that one comes back. Unmerges
    in the transaction of a caller that has claimed both."""
    row = merged_with(tip, other)
    if row is None:
        raise NotPossible(_("These two are not merged."))
    apart = tip if row.tip_id == tip.pk else other
    row.delete()
    _record("tip.unmerged", tip, other, by=by, now=now)
    return apart


def _judge(
    tip: Tip,
    other: Tip,
    marks: Sequence[str],
    to: Link.State,
    *,
    version: int,
    by: User,
    now: datetime,
) -> None:
    with transaction.atomic():
        claim_both(tip, other, version=version)
        shown = between(tip, other).filter(mark__in=marks)
        kinds = sorted(set(shown.values_list("why", flat=True)))
        if not kinds:
            raise NotPossible(
                _("These reasons are gone. Load the tip again and see what is left.")
            )
        shown.update(state=to, judged_by=by, judged_at=now)
        act = "link.confirmed" if to == State.CONFIRMED else "link.rejected"
        _record(act, tip, other, by=by, now=now, shares=kinds)


def _move_on(other: Tip) -> None:
    Tip.objects.filter(pk=other.pk).update(version=F("version") + 1)
    other.version += 1


def _record(
    act: str, tip: Tip, other: Tip, *, by: User, now: datetime, **facts: audit.Fact
) -> None:
    about = [(one.reference, facts) for one in (tip, other)]
    audit.record_each(act, about, actor=by.username, now=now)


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
