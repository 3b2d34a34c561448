"""The formats. Another one is another file here that holds `FORMAT`; nothing else knows."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from reports.formats.base import Format


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, in the order of their files."""
    found: dict[str, Format] = {}
    for module in iter_modules(__path__):
        one = getattr(import_module(f"{__name__}.{module.name}"), "FORMAT", None)
        if isinstance(one, Format):
            found[one.name] = one
    return found
