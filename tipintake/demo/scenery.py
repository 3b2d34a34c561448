"""Where made-up tips happen: towns and exits, from `demo.toml` of the region pack."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "demo.toml"


class NoScenery(Exception):
    """The region pack has no demo.toml."""


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Scenery:
    towns: tuple[Town, ...]
    exits: Mapping[str, tuple[str, ...]]


def read_scenery(pack: Path) -> Scenery:
    path = pack / FILE
    if not path.exists():
        raise NoScenery(
            f"{path} is missing. Write one for your region: towns with latitude and longitude, "
            "and highways with their exits, as the pack st-louis has it."
        )
    given = tomllib.loads(path.read_text("utf-8"))
    return Scenery(
        tuple(Town(one["name"], one["lat"], one["lon"]) for one in given["towns"]),
        {name: tuple(exits) for name, exits in given["highways"].items()},
    )
