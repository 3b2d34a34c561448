"""What "police line", "county line" and "task force" mean at a place."""

from dataclasses import dataclass

from tipintake.directory.gazetteer import JurisdictionEntry
from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import Outcome, PlaceResult
from tipintake.routing.rules import Ask


@dataclass(frozen=True, slots=True)
class LinesOf:
    """The lines that serve one place."""

    police: str
    task_force: str
    county_police: str = ""  # added with the police line
    hotline: str = ""  # added with the police line
    triage_too: bool = False  # the evidence of the place disagrees

    @property
    def police_stands_in(self) -> bool:
        return self.police in _STAND_INS

    @property
    def task_force_stands_in(self) -> bool:
        return self.task_force in _STAND_INS


_STAND_INS = frozenset({Ask.TRIAGE.value, Ask.OUT_OF_AREA.value})


def lines_of(place: PlaceResult, atlas: Atlas) -> LinesOf:
    """No municipal police is ever guessed: without a queue, triage and the county get it."""
    disagrees = bool(place.conflicts)
    if place.outcome is Outcome.OUT_OF_AREA:
        desk = Ask.OUT_OF_AREA.value
        return LinesOf(desk, desk, hotline=Ask.HOTLINE.value, triage_too=disagrees)
    county = atlas.jurisdictions.get(place.county)
    task_force = _task_force(county)
    police = ""
    if place.outcome is Outcome.RESOLVED and place.jurisdiction:
        entry = atlas.jurisdictions.get(place.jurisdiction)
        police = entry.police_line if entry else ""
    if police:
        return LinesOf(police, task_force, triage_too=disagrees)
    return LinesOf(
        Ask.TRIAGE.value,
        task_force,
        county_police=county.police_line if county else "",
        triage_too=disagrees,
    )


def _task_force(county: JurisdictionEntry | None) -> str:
    """A neighbour county has none in the directory: regional triage stands in."""
    if county is None or not county.is_home or not county.task_force:
        return Ask.TRIAGE.value
    return county.task_force
