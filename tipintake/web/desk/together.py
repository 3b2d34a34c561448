"""What belongs together with a tip, as its page and the page of its cluster show it.

Of a tip that this account may not see nothing is told but that it is there.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from tipintake.tips import links as linked
from tipintake.tips.links import Strength
from tipintake.tips.models import Tip
from tipintake.triage.clusters import Corroboration, corroboration, reports_of
from tipintake.triage.links import links_of
from tipintake.triage.models import Link, MergedTip
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk

STRENGTHS = {Strength.STRONG: "strong", Strength.FAIR: "fair", Strength.WEAK: "weak"}
MOST_OF_A_BURST = 10
ELSEWHERE = noop("a tip of another line")


@dataclass(frozen=True, slots=True)
class Pair:
    """This tip and another one."""

    other: Tip
    about: str  # where and when the other one came, in a line
    reasons: tuple[str, ...]
    marks: tuple[str, ...]  # of the reasons that are shown, for the form
    strength: str
    state: Link.State
    judged_by: str = ""
    merged: str = ""  # how, in words


@dataclass(slots=True)
class Burst:
    """Tips alike within a day: one report, held for review."""

    flood: UUID
    count: int = 0
    is_own: bool = False  # this tip is one of them
    pairs: list[Pair] = field(default_factory=list)


@dataclass(slots=True)
class Together:
    confirmed: list[Pair] = field(default_factory=list)
    suggested: list[Pair] = field(default_factory=list)
    weak: list[Pair] = field(default_factory=list)
    rejected: list[Pair] = field(default_factory=list)
    bursts: list[Burst] = field(default_factory=list)
    hidden: int = 0
    borne_out: Corroboration | None = None

    @property
    def is_empty(self) -> bool:
        shown = (self.confirmed, self.suggested, self.weak, self.rejected, self.bursts)
        return not any(shown) and not self.hidden


def together_of(desk: Desk, found: Tip) -> Together:
    """Every link of this tip that the account may know of."""
    rows: dict[UUID, list[Link]] = defaultdict(list)
    for row in links_of([found.pk]):
        rows[row.other_id if row.one_id == found.pk else row.one_id].append(row)
    merges = {
        (one.into_id if one.tip_id == found.pk else one.tip_id): one
        for one in MergedTip.objects.filter(Q(tip=found) | Q(into=found))
    }
    keys = set(rows) | set(merges)
    shown = visible(desk, keys)
    made = Together(hidden=_hidden(rows, merges, shown))
    bursts: dict[UUID, Burst] = {}
    for key in sorted(shown, key=lambda key: _weight(rows.get(key, ()))):
        pair = _pair(desk, found, shown[key], rows.get(key, []), merges.get(key))
        _put(made, bursts, found, pair)
    made.bursts = list(bursts.values())
    for burst in made.bursts:
        burst.pairs = burst.pairs[:MOST_OF_A_BURST]
    if made.confirmed:
        firm = {found.pk, *(one.other.pk for one in made.confirmed)}
        made.borne_out = corroboration(reports_of(firm).values())
    return made


def visible(desk: Desk, keys: Collection[UUID]) -> dict[UUID, Tip]:
    """Of these tips those that the account may see, with their places and times."""
    rows = tips_visible_to(desk.user).filter(pk__in=keys).select_related("sighting")
    return {tip.pk: tip for tip in rows.prefetch_related("locations", "decisions")}


def reason_words(row: Link, found: Tip) -> str:
    """A reason from the side of this tip."""
    values = (row.value_one, row.value_other)
    mine, theirs = values if row.one_id == found.pk else values[::-1]
    return linked.says(row.why, mine, theirs)


def pair_of(desk: Desk, found: Tip, other: Tip, rows: Sequence[Link]) -> Pair:
    merged = MergedTip.objects.filter(
        tip__in=[found.pk, other.pk], into__in=[found.pk, other.pk]
    ).first()
    return _pair(desk, found, other, rows, merged)


def about(desk: Desk, tip: Tip) -> str:
    place = wording.place_of_tip(tip, {})
    came = moment(tip.submitted_hour, desk.now)
    return " · ".join(filter(None, (wording.category(tip), place, came)))


def _pair(
    desk: Desk, found: Tip, other: Tip, rows: Sequence[Link], merge: MergedTip | None
) -> Pair:
    state = _state(rows, merge)
    shown = [row for row in rows if state == row.state or row.state == Link.State.SUGGESTED]
    judged = next((row for row in rows if row.state == state and row.judged_by_id), None)
    merged = ""
    if merge is not None:
        merged = (
            _("{reference} is merged into this tip").format(reference=other.reference)
            if merge.into_id == found.pk
            else _("This tip is merged into {reference}").format(reference=other.reference)
        )
    return Pair(
        other=other,
        about=about(desk, other),
        reasons=tuple(reason_words(row, found) for row in shown),
        marks=tuple(row.mark for row in shown),
        strength=STRENGTHS[Strength(max((row.strength for row in rows), default=1))],
        state=state,
        judged_by=judged.judged_by.username if judged and judged.judged_by else "",
        merged=merged,
    )


def _state(rows: Iterable[Link], merge: MergedTip | None) -> Link.State:
    """One confirmed reason ties two tips; a new one is suggested although others were rejected."""
    states = {row.state for row in rows}
    if merge is not None or Link.State.CONFIRMED in states:
        return Link.State.CONFIRMED
    return Link.State.SUGGESTED if Link.State.SUGGESTED in states else Link.State.REJECTED


def _put(made: Together, bursts: dict[UUID, Burst], found: Tip, pair: Pair) -> None:
    flood = pair.other.flood
    if pair.state == Link.State.CONFIRMED:
        made.confirmed.append(pair)
    elif pair.state == Link.State.REJECTED:
        made.rejected.append(pair)
    elif flood is not None:
        burst = bursts.setdefault(flood, Burst(flood, is_own=flood == found.flood))
        burst.count += 1
        burst.pairs.append(pair)
    else:
        (made.weak if pair.strength == "weak" else made.suggested).append(pair)


def _weight(rows: Sequence[Link]) -> tuple[int, int]:
    return (-max((row.strength for row in rows), default=0), -len(rows))


def _hidden(
    rows: dict[UUID, list[Link]], merges: dict[UUID, MergedTip], shown: dict[UUID, Tip]
) -> int:
    """How many tips of other lines there are beside these; what was rejected is not counted."""
    known = {key for key, ones in rows.items() if any(row.state != "REJECTED" for row in ones)}
    return len((known | set(merges)) - set(shown))
