"""Make a resident's own acts coarse: the hour, never finer; a length class, never the length."""

from datetime import UTC, datetime

_LENGTHS = (0, 20, 100, 500, 1000, 2000, 4000)


def hour(moment: datetime) -> datetime:
    """The hour in which `moment` lies, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def length(characters: int) -> int:
    """The lower bound of the class: 0, 20, 100, 500, 1000, 2000 or 4000 characters and more."""
    return max(one for one in _LENGTHS if one <= max(characters, 0))
