"""What came of a tip: what each word means, and how long the tip is kept after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tipintake.tips.retention import DAYS_AFTER_CLOSING, LONGEST
from tipintake.tips.vocabulary import Disposition

MEANS: Mapping[Disposition, str] = MappingProxyType(
    {
        Disposition.UNFOUNDED: "Looked into, and it was not so.",
        Disposition.PRANK: "Made up on purpose.",
        Disposition.SPAM: "Advertising, or nothing about anybody.",
        Disposition.DUPLICATE: "The same report again; the other tip is worked on.",
        Disposition.INSUFFICIENT: "It may be so, but there is too little to go on.",
        Disposition.INFORMATION_ONLY: "Nothing to do now; worth knowing when another tip comes.",
        Disposition.REFERRED_SERVICES: "Somebody was brought together with people who help.",
        Disposition.REFERRED_AGENCY: "An agency that has no line here has it.",
        Disposition.CASE_OPENED: "An agency opened a case.",
        Disposition.VICTIM_LOCATED: "Somebody in the situation was found, and is offered help.",
        Disposition.ARREST: "Somebody who exploited others was arrested.",
        Disposition.CHARGED: "Somebody who exploited others was charged.",
        Disposition.NO_ACTION: "Looked at; the line decided to do nothing.",
    }
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row of the table, as the page for closing shows it."""

    value: str
    label: str
    means: str
    kept: str


def kept_for(disposition: Disposition) -> str:
    days = DAYS_AFTER_CLOSING.get(disposition)
    if days is None:
        return f"{LONGEST.days // 365} years from when it came"
    return f"{days} days from closing"


CHOICES: tuple[Choice, ...] = tuple(
    Choice(one.value, str(one.label), MEANS[one], kept_for(one)) for one in Disposition
)
