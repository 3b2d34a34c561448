"""A plate of which some characters are not known, as lookups that an index answers.

`AB?C12` becomes the few hundred plates that it may be, `AB1*` a beginning. Both sides may be
incomplete: what somebody typed here, and what somebody saw there.
"""

from dataclasses import dataclass, field
from itertools import product

from tipintake.tips.plates import canonical, skeleton

LEAST_KNOWN = 3
MOST_UNKNOWN = 2  # 29 characters each: 841 plates
ALPHABET = "".join(sorted({skeleton(char) for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}))
UNKNOWN, RUN = "?", "*"


@dataclass(frozen=True, slots=True)
class PlatePattern:
    """`exactly` are skeletons to look up; `begins` one with wildcards."""

    known: int
    exactly: frozenset[str] = field(default=frozenset())
    begins: str = ""

    @property
    def is_looked_up(self) -> bool:
        return bool(self.exactly) or bool(_head(self.begins))


def pattern_of(typed: str) -> PlatePattern:
    """`known` is 0 when nothing of a plate was typed."""
    plate = skeleton(canonical(typed))
    known = sum(char.isalnum() for char in plate)
    if RUN in plate or plate.count(UNKNOWN) > MOST_UNKNOWN:
        return PlatePattern(known, begins=plate)
    return PlatePattern(known, exactly=frozenset(_may_be(plate)) if plate else frozenset())


def _may_be(plate: str) -> set[str]:
    spots = [ALPHABET + UNKNOWN if char == UNKNOWN else char for char in plate]
    full = {"".join(chars) for chars in product(*spots)}
    # Somebody else may have missed one character, or the end.
    missed = {plate[:at] + UNKNOWN + plate[at + 1 :] for at in range(len(plate))}
    cut = {plate[:at] + RUN for at in range(LEAST_KNOWN, len(plate))}
    return full | missed | cut


def _head(plate: str) -> str:
    """What stands before the first character that is not known."""
    ends = [at for at in (plate.find(UNKNOWN), plate.find(RUN)) if at >= 0]
    return plate[: min(ends)] if ends else plate
