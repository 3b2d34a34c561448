"""By what words a line or a place is found while one types: its towns, its county, its kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext

from tipintake.directory.models import Jurisdiction, Line


@dataclass(frozen=True, slots=True)
class Findable:
    """One choice of a list: beside its name it is found by these words."""

    code: str
    name: str
    words: str


class Finder:
    """Asks the directory once for a page, and not at all for a page without such a list."""

    def lines(self, lines: Iterable[Line]) -> list[Findable]:
        """These lines, each with the towns that it polices, its county and what it is."""
        return [Findable(line.code, line.name, self._words(line)) for line in lines]

    def county_of(self, jurisdiction: str) -> str:
        """The name of the county of a municipality; empty for anything else."""
        return self._county_of.get(jurisdiction, "")

    def _words(self, line: Line) -> str:
        county = self._counties.get(line.county, "")
        kind = gettext(line.get_kind_display())
        return " ".join((line.agency, county, kind, *self._towns.get(line.code, ())))

    @cached_property
    def _known(self) -> list[Jurisdiction]:
        return list(Jurisdiction.objects.order_by("name"))

    @cached_property
    def _counties(self) -> Mapping[str, str]:
        city = Jurisdiction.Kind.CITY
        return {one.code: one.name for one in self._known if one.kind != city}

    @cached_property
    def _towns(self) -> Mapping[str, list[str]]:
        towns: dict[str, list[str]] = defaultdict(list)
        for one in self._known:
            if one.police_line:
                towns[one.police_line].append(one.name)
        return towns

    @cached_property
    def _county_of(self) -> Mapping[str, str]:
        city = Jurisdiction.Kind.CITY
        return {
            one.code: self._counties.get(one.county, "") for one in self._known if one.kind == city
        }
