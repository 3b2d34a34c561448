"""What ties the tips of a packet: groups that hang together by links an analyst has confirmed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.rows import CONFIRMED, ONE_REPORT, LinkRow
from tipintake.tips.links import FAMILY, Why

MOST_DRAWN = 16  # tips or shared things in one chart: what is readable on a page
_KNOWN = frozenset(map(str, Why))
_FAMILIES: Mapping[str, str] = {
    "vehicle": "Vehicle", "phone": "Phone", "email": "E-mail", "handle": "Account",
    "url": "Web address", "payment": "Payment", "place": "Place", "time": "Hours",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing that two or more tips share."""

    family: str
    says: str
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Tips that hang together, in the order of the packet, and what they share."""

    tips: tuple[str, ...]
    shared: tuple[Shared, ...]

    def values(self, tips: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """With a chart: for each drawn thing, which of the drawn tips share it."""
        drawn = self.tips[:MOST_DRAWN]
        at = {tip: number for number, tip in enumerate(drawn)}
        things = [
            (one, [at[tip] for tip in one.tips if tip in at])
            for one in self.shared
            if any(tip in at for tip in one.tips)
        ]
        things = things[:MOST_DRAWN]
        things.sort(key=lambda thing: sum(thing[1]) / len(thing[1]))
        cut = len(drawn) < len(self.tips) or len(things) < len(self.shared)
        return {
            "tips": list(self.tips),
            "shared": [
                {"family": one.family, "says": one.says, "tips": list(one.tips)}
                for one in self.shared
            ],
            "chart": {
                "tips": [
                    {
                        name: tips[tip][name]
                        for name in ("reference", "received", "priority", "grade")
                    }
                    for tip in drawn
                ],
                "things": [
                    {"family": one.family, "says": one.says, "tips": named}
                    for one, named in things
                ],
                "cut": cut,
                "alt": self.says(),
            },
        }

    def says(self) -> str:
        """The chart, for who does not see it; the table beside it says the same."""
        count = len(self.tips)
        things = "; ".join(
            f"{', '.join(one.tips)} share {_inside(one.says)}" for one in self.shared[:6]
        )
        more = f"; and {len(self.shared) - 6} more" if len(self.shared) > 6 else ""
        return f"Link chart of {count} tips. {things}{more}."


def groups_of(links: Mapping[str, Sequence[LinkRow]]) -> list[Group]:
    """The largest first. `links` has an entry for every tip of the packet, in its order."""
    confirmed = {
        tip: [row for row in rows if row.judgement == CONFIRMED] for tip, rows in links.items()
    }
    together = _together(confirmed)
    made = [_group(tips, confirmed) for tips in together if len(tips) > 1]
    return sorted(made, key=lambda one: -len(one.tips))


def reports_in(links: Mapping[str, Sequence[LinkRow]]) -> int:
    """How many reports these tips are, where what was merged or is alike counts once."""
    once = {tip: [row for row in rows if row.pattern == ONE_REPORT] for tip, rows in links.items()}
    elsewhere = {row.other_reference for rows in once.values() for row in rows} - once.keys()
    known = once | {tip: [] for tip in elsewhere}
    return sum(not elsewhere.issuperset(tips) for tips in _together(known))


def _together(links: Mapping[str, Sequence[LinkRow]]) -> list[list[str]]:
    """Tips that hang together by these links, each set in the order of the packet."""
    head = {tip: tip for tip in links}

    def top(tip: str) -> str:
        while head[tip] != tip:
            head[tip] = head[head[tip]]
            tip = head[tip]
        return tip

    for tip, rows in links.items():
        for row in rows:
            if row.other_reference in head:
                head[top(row.other_reference)] = top(tip)
    together: dict[str, list[str]] = defaultdict(list)
    for tip in links:
        together[top(tip)].append(tip)
    return list(together.values())


def _group(tips: list[str], links: Mapping[str, Sequence[LinkRow]]) -> Group:
    inside = frozenset(tips)
    order = {tip: at for at, tip in enumerate(tips)}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for tip in tips:
        for row in links[tip]:
            # Each link stands at both its tips, in the words of each: those of one are enough.
            if row.other_reference in inside and tip < row.other_reference:
                found[row.pattern, row.because[:1].upper() + row.because[1:]] |= {
                    tip,
                    row.other_reference,
                }
    shared = [
        Shared(_family(pattern), says, tuple(sorted(named, key=order.__getitem__)))
        for (pattern, says), named in found.items()
    ]
    return Group(tuple(tips), tuple(sorted(shared, key=_order)))


def _inside(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _order(one: Shared) -> tuple[int, int, str]:
    families = list(_FAMILIES.values())
    place = families.index(one.family) if one.family in families else len(families)
    return -len(one.tips), place, one.says


def _family(pattern: str) -> str:
    if pattern == ONE_REPORT:
        return "One report"
    return _FAMILIES[FAMILY[Why(pattern)]] if pattern in _KNOWN else "Other"
