"""NCIC codes beside plain words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coded:
    label: str
    code: str


def knows(field: str, text: str) -> bool:
    return False


def lookup(field: str, text: str) -> Coded:
    return Coded(text, "")
