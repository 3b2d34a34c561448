"""The towns of the region as a map to put a pin on: drawn from the installation's own boundaries.

Only a script shows it, when somebody asks for it; nothing is asked of another host, and never is a
device asked where it is.
"""

from dataclasses import dataclass
from functools import cached_property

import shapely
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tipintake.directory.drawing import Edition, Outline, edition_in_force, geojson, outlines
from tipintake.door import failures
from tipintake.web.site.answer import READS, answers


@dataclass(frozen=True)
class RegionMap:
    """What a page needs to offer the map. Asked only where a template asks."""

    @cached_property
    def is_drawn(self) -> bool:
        try:
            return bool(edition_in_force())
        except Error:
            return False

    @property
    def url(self) -> str:
        return reverse("site:areas")

    @property
    def box(self) -> str:
        """West, south, east and north of the served towns."""
        found = _towns(edition_in_force())
        return " ".join(f"{edge:.3f}" for edge in shapely.total_bounds(_boxes(found)))


def _towns(edition: Edition) -> tuple[Outline, ...]:
    drawn = outlines(edition)
    return tuple(one for one in drawn if one.kind == "city") or drawn


def _boxes(found: tuple[Outline, ...]) -> list[shapely.Geometry]:
    return [shapely.box(*one.box) for one in found]


@answers(*READS)
def areas(request: HttpRequest) -> HttpResponse:
    """The boundaries as a script's own value: a page of ours may load scripts and nothing else."""
    edition = edition_in_force()
    if not edition:
        return failures.not_found(request)
    body = b"export default " + geojson(edition) + b";\n"
    return HttpResponse(body, content_type="text/javascript; charset=utf-8")
