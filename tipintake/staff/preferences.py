"""What each person chose about their desk. One small table; the account keeps what differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipintake.staff.models import User


@dataclass(frozen=True, slots=True)
class Preference:
    key: str
    default: bool
    label: str
    says: str


PREFERENCES: tuple[Preference, ...] = (
    Preference(
        "blur",
        True,
        "Blur pictures until I show them",
        "An opened picture stays blurred until you press Show. The small ones on a tip's page "
        "are always blurred.",
    ),
    Preference(
        "greyscale",
        True,
        "Show pictures in gray",
        "Without color, hard pictures weigh less. Color is one press away on the picture.",
    ),
    Preference(
        "breaks",
        True,
        "Suggest a pause after a run of hard material",
        "Counted for this log-on alone and kept nowhere else: nobody but you sees it.",
    ),
    Preference(
        "shortcuts",
        True,
        "Single-key shortcuts",
        "Keys without Ctrl or Alt. Switch them off if you dictate, or if they surprise you.",
    ),
)
DEFAULTS: Mapping[str, bool] = {one.key: one.default for one in PREFERENCES}


def preferences_of(user: User) -> dict[str, bool]:
    """Every preference by its key."""
    kept = user.preferences if isinstance(user.preferences, dict) else {}
    return {key: bool(kept.get(key, default)) for key, default in DEFAULTS.items()}


def prefer(user: User, chosen: Mapping[str, bool]) -> None:
    """Keep what differs from the defaults; keys that are not given stay as they are."""
    wanted = {**preferences_of(user), **{k: v for k, v in chosen.items() if k in DEFAULTS}}
    user.preferences = {key: value for key, value in wanted.items() if value != DEFAULTS[key]}
    user.save(update_fields=["preferences"])
