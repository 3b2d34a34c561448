"""The signs as a neighbour, clerk or driver would say them, grouped by where one meets them.

The formal labels stand in `tips/indicators.py`; staff see those. Residents see these.
"""

from collections.abc import Set
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_Sign = tuple[str, str | Promise]

SIGNS: tuple[tuple[str, str | Promise, tuple[_Sign, ...]], ...] = (
    (
        "now",
        _("Happening right now"),
        (
            ("IMM_VIOLENCE", _("Someone is being hit or attacked")),
            ("IMM_WEAPON", _("There is a gun, a knife or another weapon")),
            ("IMM_CHILD_PRESENT_NOW", _("A child is there now")),
            ("IMM_LEAVING_NOW", _("Someone is being taken away or moved right now")),
        ),
    ),
    (
        "control",
        _("Someone is being controlled"),
        (
            ("CTL_CANNOT_LEAVE", _("They cannot leave, are locked in or are guarded")),
            ("CTL_ACCOMPANIED", _("Someone always goes with them or watches them")),
            ("CTL_SPEAKS_FOR", _("Someone else answers for them, or they repeat set answers")),
            ("CTL_ID_HELD", _("Someone else keeps their ID, passport, money or phone")),
            (
                "CTL_DEBT_QUOTA",
                _("They owe a debt, must earn a set amount or hand over all their money"),
            ),
        ),
    ),
    (
        "child",
        _("About a child or teenager"),
        (
            ("MIN_SEX_FOR_SHELTER", _("Trades sex for a place to stay, money or things")),
            ("MIN_OLDER_CONTROLLER", _("Is with an older person who controls them")),
            ("MIN_IN_HOTEL", _("Is alone in a hotel room, or was brought to one")),
            ("MIN_MISSING_RUNAWAY", _("May be missing or have run away")),
            (
                "MIN_GROOMING_ONLINE",
                _("Someone online sends gifts, keeps secrets, asks for pictures or wants to meet"),
            ),
            ("MIN_TRUANT", _("Is out during school hours, or stopped going to school")),
        ),
    ),
    (
        "person",
        _("How the person was doing"),
        (
            ("VIC_INJURY", _("Bruises, burns or wounds that the story does not explain")),
            ("VIC_MALNOURISHED", _("Very hungry, worn out, or kept from a doctor")),
            ("VIC_FEAR", _("Afraid, looks to one person before answering")),
            ("VIC_DISORIENTED", _("Does not know where they are, is moved from place to place")),
            ("VIC_SUBSTANCE", _("Someone uses drugs to control them")),
            ("VIC_BRANDING", _("The same tattoo on several people, like a name, crown or code")),
            (
                "VIC_LANGUAGE_ISOLATED",
                _("Is kept from talking with others, also because of language"),
            ),
        ),
    ),
    (
        "place",
        _("At a hotel, spa or truck stop"),
        (
            ("HTL_TRAFFIC", _("Many different visitors to one room, each for a short time")),
            ("HTL_MULTI_ROOM", _("One person rents several rooms")),
            ("HTL_CASH", _("The room is paid in cash or by prepaid card, one day at a time")),
            ("HTL_NO_HOUSEKEEPING", _("No cleaning wanted for days")),
            ("HTL_PARAPHERNALIA", _("Very many condoms or wrappers")),
            ("HTL_CROWDED", _("Many people live in one room and own very little")),
            ("MSG_LIVE_IN", _("Spa workers live there, are driven in and out, cannot leave")),
            (
                "TRK_CAB_KNOCKING",
                _("People go from truck to truck, flash lights or call on the CB radio"),
            ),
        ),
    ),
    (
        "vehicle",
        _("A car, van or truck"),
        (
            (
                "VEH_DROP_PICKUP",
                _("It drops people off and picks them up again 15 to 20 minutes later"),
            ),
            ("VEH_RECURRING", _("The same vehicle comes to the same place again and again")),
        ),
    ),
    (
        "online",
        _("On the internet"),
        (
            ("ONL_AD", _("An ad that sells sex, with a local phone number or place")),
            ("ONL_AD_YOUNG", _("An ad where the person may be under 18")),
            ("ONL_RECRUIT_JOB", _("A job or modeling offer that looks fake")),
            ("ONL_CSAM", _("A sexual picture of a child. Do not save it, copy it or send it")),
        ),
    ),
    (
        "work",
        _("At work"),
        (
            (
                "LAB_UNPAID",
                _("Works for little or no pay, lives with the boss, who keeps their papers"),
            ),
            ("LAB_CREW", _("A group is driven around to sell things or beg, and is watched")),
        ),
    ),
)

LABELS: dict[str, str | Promise] = dict(sign for _key, _title, signs in SIGNS for sign in signs)


@dataclass(frozen=True, slots=True)
class Group:
    """Signs under one heading: (code, label, ticked)."""

    key: str
    title: str | Promise
    signs: list[tuple[str, str | Promise, bool]]
    is_open: bool


def groups(ticked: Set[str], *, first: tuple[str, ...] = ("control", "now")) -> list[Group]:
    """Every group, those named `first` at the head and the first of them open, with what was
    ticked: a long wall of boxes is not read."""
    order = sorted(SIGNS, key=lambda one: first.index(one[0]) if one[0] in first else len(first))
    return [
        Group(
            key,
            title,
            [(code, label, code in ticked) for code, label in signs],
            is_open=key in first[:1] or any(code in ticked for code, _label in signs),
        )
        for key, title, signs in order
    ]
