"""What is true of a demo: which tips belong together and by what, by their numbers."""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tipintake.demo.plan import Plan

FILE = "demo-truth.json"


class NotTruth(Exception):
    """The file is not what `manage.py demo` wrote."""


@dataclass(frozen=True, slots=True)
class KnownLink:
    one: str
    other: str
    by: str

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.one, self.other))


@dataclass(frozen=True, slots=True)
class KnownRing:
    name: str
    by: str
    counted: bool
    members: tuple[str, ...]
    links: tuple[KnownLink, ...]


@dataclass(frozen=True, slots=True)
class KnownDecoy:
    name: str
    why: str
    members: tuple[str, ...]

    def pairs(self) -> Iterator[frozenset[str]]:
        return (frozenset(pair) for pair in itertools.combinations(self.members, 2))


@dataclass(frozen=True, slots=True)
class Truth:
    """`tips` are all numbers that the demo was given, in the order in which they came."""

    seed: int
    days: int
    end: str
    tips: tuple[str, ...]
    rings: tuple[KnownRing, ...]
    decoys: tuple[KnownDecoy, ...]

    @classmethod
    def of(cls, plan: Plan, references: Mapping[int, str], **facts: Any) -> "Truth":
        """`references` by the number of the made tip; a tip that was refused is left out."""
        rings = []
        for ring in plan.rings:
            links = tuple(
                KnownLink(references[a.number], references[b.number], by)
                for a, b, by in ring.links
                if a.number in references and b.number in references
            )
            members = tuple(references[m.number] for m in ring.members if m.number in references)
            rings.append(KnownRing(ring.name, ring.by, ring.counted, members, links))
        decoys = tuple(
            KnownDecoy(
                one.name,
                one.why,
                tuple(references[m.number] for m in one.members if m.number in references),
            )
            for one in plan.decoys
        )
        tips = tuple(references[one.number] for one in plan.tips if one.number in references)
        return cls(tips=tips, rings=tuple(rings), decoys=decoys, **facts)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, path: Path) -> "Truth":
        try:
            given = json.loads(path.read_text("utf-8"))
            return cls(
                seed=given["seed"],
                days=given["days"],
                end=given["end"],
                tips=tuple(given["tips"]),
                rings=tuple(_ring(one) for one in given["rings"]),
                decoys=tuple(
                    KnownDecoy(one["name"], one["why"], tuple(one["members"]))
                    for one in given["decoys"]
                ),
            )
        except OSError as problem:
            raise NotTruth(f"{path} cannot be read: {problem.strerror}.") from None
        except (ValueError, KeyError, TypeError):
            raise NotTruth(
                f"{path} is no truth file. `manage.py demo --tips 2000` writes one, {FILE}, "
                "into the home of the installation."
            ) from None


def _ring(given: Mapping[str, Any]) -> KnownRing:
    links = tuple(KnownLink(one["one"], one["other"], one["by"]) for one in given["links"])
    return KnownRing(
        given["name"], given["by"], bool(given["counted"]), tuple(given["members"]), links
    )
