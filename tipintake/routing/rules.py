"""What a rule may ask for, and why a line was added that no rule names.

The rules themselves are data (routing/policy/first.toml is version 1).
"""

import enum

from django.utils.translation import gettext_noop as _


class Ask(enum.StrEnum):
    """What a rule asks for: a part that depends on the place, or a line by its code."""

    POLICE = "police line"
    TASK_FORCE = "task force"
    ICAC = "icac"
    CHILD_PROTECTION = "child-protection"
    HOTLINE = "nhth"
    PATROL = "mshp"
    CRIMESTOPPERS = "crimestoppers"
    ADVOCATE = "victim-advocate"
    TRIAGE = "regional-triage"
    OUT_OF_AREA = "out-of-area"


PLACED = frozenset({Ask.POLICE, Ask.TASK_FORCE})
CATCH_ALL = "R9"  # also recorded when regional triage or the out-of-area desk stood in
LAW = "LAW"  # recorded when the law, and no rule, asked for a line

STANDS_IN_FOR_POLICE = _(
    "No queue of the police of this place is known: regional triage decides, and the police of "
    "the county get it at the same time when the county is known."
)
STANDS_IN_FOR_TASK_FORCE = _(
    "No trafficking task force is listed for this place: regional triage stands in."
)
COUNTY_POLICE_TOO = _("The county is known: its police get it at the same time.")
OUTSIDE_THE_REGION = _("The place lies outside the served counties: the referral desk hands over.")
HOTLINE_FOR_ELSEWHERE = _(
    "The place lies outside the served counties: the national hotline can hand over there."
)
EVIDENCE_DISAGREES = _("What was said about the place disagrees: a person looks at it.")
SHARED_EVIDENCE = _("Another tip names the same plate, phone or room: the task force looks at it.")
LINE_IS_MISSING = _("The line meant for this tip is not listed here: regional triage stands in.")
OWED_BY_LAW = _("Danger, a child or a person who asks for help: this line always gets such a tip.")
