"""Searching for a plate of which only a part is known, by indexed beginnings and ends.

A pattern has `?` for one character and `*` for a run. It is looked up among skeletons, so that O
and 0 are one. Kept plates may have been seen in part too: their `?` stands for any character of
the pattern. No pattern reads more than the plates that share its known beginning, or its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Self

from django.db.models import F, Lookup, Q

from tipintake.tips import plates
from tipintake.tips.vocabulary import Term

LEAST_KNOWN = 3
MOST_UNSEEN = 2  # unknown characters of a kept plate that a whole one still finds
LONG_ENOUGH_FOR_TWO = 5

_ONE, _RUN, _UNSEEN = "_", "%", "?"  # as LIKE writes them; the last is a plain character there
_AS_GLOB = str.maketrans({_ONE: "?", _RUN: "*", _UNSEEN: "[?]"})


class Fits(Lookup):
    """`LIKE`, which PostgreSQL answers from an index; `GLOB` on SQLite, which does so there."""

    lookup_name = "fits"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right}", [*left_params, *right_params]

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        globbed = [str(one).translate(_AS_GLOB) for one in right_params]
        return f"{left} GLOB {right}", [*left_params, *globbed]


@dataclass(frozen=True, slots=True)
class PlatePattern:
    """A plate as it was asked for: A–Z and 0–9 in lookalike form, `?` and `*`."""

    text: str

    @classmethod
    def parse(cls, raw: str) -> Self:
        return cls(plates.skeleton(plates.canonical(raw)))

    @property
    def known(self) -> int:
        return sum(char.isalnum() for char in self.text)

    @property
    def is_whole(self) -> bool:
        return not plates.is_partial(self.text)

    @property
    def is_looked_up(self) -> bool:
        """Its beginning or its end is known: it does not read all plates."""
        likes = self.text.replace("?", _ONE).replace("*", _RUN)
        return bool(max(_beginning(likes), _beginning(likes[::-1])))

    def condition(self) -> Q:
        """For rows of `SearchTerm`."""
        if self.is_whole:
            return Q(kind=Term.PLATE, term__in=sorted(set(_as_it_may_be_kept(self.text))))
        found = Q()
        for one in dict.fromkeys(_likes(self.text)):
            found |= _anchored(one)
        return found


def _as_it_may_be_kept(plate: str) -> Iterator[str]:
    """A whole plate, and what is kept of it when somebody did not see all of it."""
    yield plate
    most = MOST_UNSEEN if len(plate) >= LONG_ENOUGH_FOR_TWO else 1
    for count in range(1, most + 1):
        if len(plate) - count < LEAST_KNOWN:
            return
        for places in combinations(range(len(plate)), count):
            yield "".join("?" if at in places else char for at, char in enumerate(plate))
    for length in range(LEAST_KNOWN, len(plate)):
        yield f"{plate[:length]}*"
        yield f"*{plate[-length:]}"


def _likes(pattern: str) -> Iterator[str]:
    """The pattern for LIKE, and with each known character as one that nobody saw."""
    like = pattern.replace("?", _ONE).replace("*", _RUN)
    yield like
    if sum(char.isalnum() for char in pattern) <= LEAST_KNOWN:
        return
    for at, char in enumerate(like):
        if char.isalnum():
            yield f"{like[:at]}{_UNSEEN}{like[at + 1 :]}"


def _anchored(like: str) -> Q:
    """Looked up from whichever end is known further."""
    if _beginning(like) >= _beginning(like[::-1]):
        return Q(kind=Term.PLATE) & Q(Fits(F("term"), like))
    return Q(kind=Term.PLATE_BACK) & Q(Fits(F("term"), like[::-1]))


def _beginning(like: str) -> int:
    return next((at for at, char in enumerate(like) if char in {_ONE, _RUN}), len(like))
