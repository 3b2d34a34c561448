"""The tips of one PDF: as many as memory and a reader can hold, with what they have in common."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.formats.base import About
from reports.packet import content, figures, pictures, ties
from reports.packet.figures import Figure
from reports.packet.index import Index
from reports.rows import LinkRow, PictureRow, TipRow
from reports.scope import GRADING, LEVEL_WORDS
from tipintake.tips.models import Attachment
from tipintake.triage.figures.places import Point
from tipintake.triage.figures.seen import Seen

MOST_TIPS = 100
MOST_PICTURE_BYTES = 16_000_000
FEW = 25  # tips: in a packet of so few each has a map and its hours
ABSENT = "This picture was removed after the export began."
UNPRINTABLE = "This picture cannot be printed; its file is in the package."


@dataclass(slots=True)
class Volume:
    """Grows tip by tip, and becomes the values that a template prints."""

    about: About
    number: int = 1
    tips: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    _index: Index = field(default_factory=Index)
    _links: dict[str, tuple[LinkRow, ...]] = field(default_factory=dict)
    _points: dict[str, list[Point]] = field(default_factory=dict)
    _seen: dict[str, Seen] = field(default_factory=dict)
    _policies: set[int] = field(default_factory=set)
    _lines: Any = field(default_factory=hashlib.sha256)
    _picture_bytes: int = 0
    _pictures: int = 0
    _left_out: int = 0

    @property
    def is_full(self) -> bool:
        return len(self.tips) >= MOST_TIPS or self._picture_bytes >= MOST_PICTURE_BYTES

    def add(self, row: TipRow) -> None:
        value = content.tip(row, self.about)
        value["pictures"] = [
            self._picture(one, row.reference, number)
            for number, one in enumerate(row.pictures, start=1)
        ]
        value["left_out"] = content.left_out(row.pictures_left_out)
        self._pictures += len(row.pictures)
        self._left_out += row.pictures_left_out
        self.tips.append(value)
        self._index.add(row)
        self._links[row.reference] = row.links
        self._points[row.reference] = figures.points_of(row)
        if row.seen_kind:
            self._seen[row.reference] = content.seen_of(row)
        if row.policy_version is not None:
            self._policies.add(row.policy_version)
        self._lines.update(f"{row.tip_hash}  {row.reference}\n".encode())
        if self.about.total <= FEW:
            value["figures"] = self._figures([row.reference], row.reference)

    def values(self, *, last: bool, across: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        """Everything a template needs, except the pictures in `files`. Draws the figures.
        `across`: what several volumes name."""
        whole = last and self.number == 1
        index = self._index.values()
        groups = []
        by_number = {tip["reference"]: tip for tip in self.tips}
        for number, group in enumerate(ties.groups_of(self._links), start=1):
            drawn = self._figures(list(group.tips), f"group-{number}")
            groups.append({**group.values(by_number), "number": number, "figures": drawn})
        return {
            **cover(self.about),
            "volume": "" if whole else str(self.number),
            "policies": ", ".join(map(str, sorted(self._policies))),
            "pictures": self._of_pictures(),
            "lines_hash": self._lines.hexdigest(),
            "whole": whole,
            "glance": self._glance(groups, index),
            "figures": self._figures(list(self._links), "all"),
            "groups": groups,
            "tips": self.tips,
            "index": index,
            "across": list(across),
        }

    def _of_pictures(self) -> str:
        """For the cover; nothing where none were asked for."""
        if not self.about.scope.with_pictures:
            return ""
        return " ".join(filter(None, (f"{self._pictures}.", content.left_out(self._left_out))))

    def _glance(
        self, groups: list[dict[str, Any]], index: Sequence[dict[str, Any]]
    ) -> dict[str, Any]:
        priorities = Counter(tip["priority"] for tip in self.tips)
        kinds = Counter(tip["kind"] for tip in self.tips)
        grades = Counter(tip["grade"] for tip in self.tips)
        linked = sum(len(group["tips"]) for group in groups)
        points = sum(map(len, self._points.values()))
        urgent = priorities["P1"] + priorities["P2"]
        return {
            "numbers": [
                [str(len(self.tips)), "tip" if len(self.tips) == 1 else "tips"],
                [str(urgent), "of priority 1 or 2"],
                [str(linked), "in links that an analyst confirmed"],
                [str(points), "point on the map" if points == 1 else "points on the map"],
            ],
            "shared": " ".join(
                filter(
                    None,
                    (
                        _of_reports(len(self.tips), ties.reports_in(self._links)),
                        _of_shared(
                            sum(len(row["tips"]) > 1 for one in index for row in one["rows"])
                        ),
                    ),
                )
            ),
            "tables": [
                _counts("Kind", kinds),
                _counts("Priority", Counter(dict(sorted(priorities.items())))),
                _counts("Grade", grades),
            ],
        }

    def _figures(self, tips: list[str], name: str) -> list[dict[str, str]]:
        """Map and week of some tips; their drawings join the files."""
        of = f"tip {tips[0]}" if len(tips) == 1 else f"{len(tips)} tips"
        points = [point for tip in tips for point in self._points[tip]]
        seen = [self._seen[tip] for tip in tips if tip in self._seen]
        if len(tips) == 1:  # one hour of one tip is said, not drawn
            seen = [one for one in seen if one.pattern is not None]
        made: list[Figure | None] = [
            figures.map_of(points, self.about.areas, name, title=f"Map of the places of {of}"),
            figures.week_of(seen, name, title=f"Hours of the week of {of}", small=name != "all"),
        ]
        drawn = [one for one in made if one is not None]
        self.files.update({one.name: one.drawing for one in drawn})
        return [one.value() for one in drawn]

    def _picture(self, one: PictureRow, reference: str, number: int) -> dict[str, Any]:
        said = content.picture(one, reference, number)
        name = f"picture-{len(self.files)}.svg"
        try:
            printed = pictures.for_print(self.about.picture(one))
        except Attachment.DoesNotExist:
            return {**said, "missing": ABSENT}
        except pictures.Unprintable:
            return {**said, "missing": UNPRINTABLE}
        self.files[name] = printed
        self._picture_bytes += len(printed)
        return {**said, "image": name}


def cover(about: About) -> dict[str, Any]:
    """What an export is, for whom and why: the same on every kind of page."""
    made = f"{content.day(about.made_at)}, {about.made_at:%H:%M %Z}"
    return {
        "export": about.export,
        "tlp": about.tlp,
        "red": about.tlp.endswith("RED"),
        "caveat": about.caveat,
        "destroy_by": about.destroy_by,
        "recipient": about.recipient,
        "installation": about.installation,
        "made": made,
        "level": LEVEL_WORDS[about.scope.level],
        "grading": GRADING,
        "total": about.total,
        "asked": [
            ["For", about.recipient],
            ["Purpose", about.purpose],
            ["Authority", about.authority],
            ["Asked for by", about.requester],
            ["Selection", about.filter],
            ["Shown", LEVEL_WORDS[about.scope.level]],
        ],
    }


def _of_reports(tips: int, reports: int) -> str:
    """How many of them can bear each other out; nothing where each stands for itself."""
    if reports == tips:
        return ""
    return (
        f"These {tips} tips count as {reports} report{'' if reports == 1 else 's'}: what was "
        "merged, or came alike within a day, is one report."
    )


def _of_shared(count: int) -> str:
    """What the index shows besides the links; nothing where it shows none."""
    if not count:
        return ""
    things = "1 thing" if count == 1 else f"{count} things"
    return (
        f"The index has {things} named by several tips here. Only what an analyst has confirmed "
        "counts as a link."
    )


def _counts(title: str, counted: Mapping[str, int]) -> dict[str, Any]:
    rows = [[name or "Not given", str(count)] for name, count in counted.items()]
    return {"title": title, "rows": rows}
