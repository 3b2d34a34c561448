"""What came of a tip: what each word means, and how long the tip is kept after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from tipintake.tips.retention import DAYS_AFTER_CLOSING, LONGEST
from tipintake.tips.vocabulary import Disposition

MEANS: Mapping[Disposition, str] = MappingProxyType(
    {
        Disposition.UNFOUNDED: noop("Looked into, and it was not so."),
        Disposition.PRANK: noop("Made up on purpose."),
        Disposition.SPAM: noop("Advertising, or nothing about anybody."),
        Disposition.DUPLICATE: noop("The same report again; the other tip is worked on."),
        Disposition.INSUFFICIENT: noop("It may be so, but there is too little to go on."),
        Disposition.INFORMATION_ONLY: noop(
            "Nothing to do now; worth knowing when another tip comes."
        ),
        Disposition.REFERRED_SERVICES: noop("Somebody was brought together with people who help."),
        Disposition.REFERRED_AGENCY: noop("An agency that has no line here has it."),
        Disposition.CASE_OPENED: noop("An agency opened a case."),
        Disposition.VICTIM_LOCATED: noop(
            "Somebody in the situation was found, and is offered help."
        ),
        Disposition.ARREST: noop("Somebody who exploited others was arrested."),
        Disposition.CHARGED: noop("Somebody who exploited others was charged."),
        Disposition.NO_ACTION: noop("Looked at; the line decided to do nothing."),
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the table, as the page for closing shows it."""

    value: str
    label: str
    means: str

    @property
    def kept(self) -> str:
        return kept_for(Disposition(self.value))


def kept_for(disposition: Disposition) -> str:
    days = DAYS_AFTER_CLOSING.get(disposition)
    if days is None:
        return _("{years} years from when it came").format(years=LONGEST.days // 365)
    return _("{days} days from closing").format(days=days)


CHOICES: tuple[Choice, ...] = tuple(
    Choice(one.value, str(one.label), MEANS[one]) for one in Disposition
)
