"""What each person chose about their desk. One small table; the account keeps what differs."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

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
        _("Blur pictures until I show them"),
        _(
            "An opened picture stays blurred until you press Show. The small ones on a tip's page "
            "are always blurred."
        ),
    ),
    Preference(
        "greyscale",
        True,
        _("Show pictures in gray"),
        _("Without color, hard pictures weigh less. Color is one press away on the picture."),
    ),
    Preference(
        "breaks",
        True,
        _("Suggest a pause after a run of hard material"),
        _("Counted for this log-on alone and kept nowhere else: nobody but you sees it."),
    ),
    Preference(
        "shortcuts",
        True,
        _("Single-key shortcuts"),
        _("Keys without Ctrl or Alt. Switch them off if you dictate, or if they surprise you."),
    ),
)
# Languages of the desk: code, its own name. What is not translated yet stands in English.
LANGUAGES: tuple[tuple[str, str], ...] = (("en", "English"), ("es", "Español"))
LANGUAGE = "language"
DEFAULTS: Mapping[str, bool] = {one.key: one.default for one in PREFERENCES}


def preferences_of(user: User) -> dict[str, bool]:
    """Every preference by its key."""
    kept = user.preferences if isinstance(user.preferences, dict) else {}
    return {key: bool(kept.get(key, default)) for key, default in DEFAULTS.items()}


def prefer(user: User, chosen: Mapping[str, bool]) -> None:
    """Keep what differs from the defaults; keys that are not given stay as they are."""
    wanted = {**preferences_of(user), **{k: v for k, v in chosen.items() if k in DEFAULTS}}
    _keep(user, wanted, language_of(user))


def language_of(user: User) -> str:
    kept = user.preferences if isinstance(user.preferences, dict) else {}
    code = kept.get(LANGUAGE)
    return code if isinstance(code, str) and code in dict(LANGUAGES) else LANGUAGES[0][0]


def speak(user: User, code: str) -> None:
    """From now on the desk speaks this language to them; an unknown one changes nothing."""
    if code in dict(LANGUAGES):
        _keep(user, preferences_of(user), code)


def _keep(user: User, wanted: Mapping[str, bool], language: str) -> None:
    kept: dict[str, object] = {
        key: value for key, value in wanted.items() if value != DEFAULTS[key]
    }
    if language != LANGUAGES[0][0]:
        kept[LANGUAGE] = language
    user.preferences = kept
    user.save(update_fields=["preferences"])
