"""The exits of the region's highways, to choose from: nobody needs to know how to write one."""

import re
from itertools import groupby
from typing import Any

from django import forms
from django.db import Error
from django.utils.translation import gettext

from tipintake.directory.gazetteer import ExitEntry, Gazetteer
from tipintake.directory.lookup import current_gazetteer

_CODE = re.compile(r"(?P<road>[A-Z]{1,3}-[0-9]{1,3}):(?P<number>[0-9]{1,3}[A-F]?)")
_NAMED = re.compile(r"^(?:exit|salida)(?: n[uú]m(?:ero|\.)?| no\.?| #)? *(?=\d)", re.IGNORECASE)

Choices = list[tuple[str, str | list[tuple[str, str]]]]


class ListOfExits(forms.Select):
    """Reads the region when it is drawn: another region is seen at the next page."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        self.choices = choices()
        return super().optgroups(name, value, attrs)


def choices() -> Choices:
    """By highway, in the order of their numbers. Empty where none are known: type it then."""
    try:
        known = current_gazetteer()
    except Error:
        return [("", gettext("No answer"))]  # a page that carries words needs no list
    return [("", gettext("No answer")), *_by_road(known)]


def bare(typed: str) -> str:
    """ "210" of "salida 210"."""
    return _NAMED.sub("", typed)


def read(code: str) -> tuple[str, str] | None:
    """ "I-70:217" as highway and exit."""
    found = _CODE.fullmatch(code)
    return (found["road"], found["number"]) if found else None


def _by_road(known: Gazetteer) -> Choices:
    names = {one.code: one.name for one in known.jurisdictions}
    ordered = sorted(known.exits, key=_order)
    return [
        (road, [(f"{road}:{one.exit}", _label(one, names)) for one in listed])
        for road, listed in groupby(ordered, key=lambda one: one.highway)
    ]


def _order(one: ExitEntry) -> tuple[str, int, str]:
    number = one.exit.rstrip("ABCDEF")
    return one.highway, int(number) if number.isdigit() else 0, one.exit


def _label(one: ExitEntry, names: dict[str, str]) -> str:
    """ "I-70 217, O'Fallon". The highway too: a closed list shows no heading."""
    sides = [names[side] for side in one.sides or (one.jurisdiction,) if side in names]
    return ", ".join((f"{one.highway} {one.exit}", *sides))
