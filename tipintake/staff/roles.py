"""What each role may do. The law is the table MAY; an account may do what any of its roles may."""

import enum
from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser, Group

from tipintake.staff.models import User


class Role(enum.StrEnum):
    ANALYST = "Analyst"
    SUPERVISOR = "Supervisor"
    EXPORTER = "Exporter"
    PARTNER = "Agency partner"
    PRIVACY_OFFICER = "Privacy officer"
    CHILD_VICTIM = "Child/victim role"
    POLICY_OFFICER = "Policy officer"
    AUDITOR = "Auditor"
    ADMIN = "Admin"


class May(enum.StrEnum):
    SEE_ALL_LINES = "see every line and every tip"
    SEE_INTERNAL_LINES = "see the installation's own lines"
    READ_TIPS = "read the tips of visible lines"
    SEE_REPORTER_ANSWERS = "see what the person answered about themselves"
    ACT_ON_HAND_OFFS = "acknowledge, decline, transfer and close hand-offs"
    HAND_OVER_BY_TELEPHONE = "use call sheets and log calls"
    TAKE_TIPS = "take tips by telephone and at the door"
    REROUTE = "send a tip another way, with a reason"
    SEE_DIRECTORY = "see the directory and what is due for review"
    KEEP_DIRECTORY = "verify, correct and import directory entries"
    CHANGE_STATUS = "change the status of a tip"
    WRITE_NOTES = "write notes for colleagues"
    READ_COLLEAGUES_NOTES = "read every note on a tip"
    CLEAR_PICTURES = "black out parts of pictures and confirm them"
    SEE_UNDELIVERED = "see notices that were given up"
    ASK_THE_WRITER = "ask the person who wrote a tip"
    PLACE_LEGAL_HOLDS = "place and lift legal holds"
    EXPORT = "ask for an export"
    READ_DISSEMINATION = "see who received which export"
    OPEN_HELD = "open, release or destroy held-back words"
    OPEN_VAULT = "open the names of victims and minors"
    PROPOSE_PLACES = "propose other names of places and landmarks"
    APPROVE_PLACES = "approve names of places that somebody else proposed"
    READ_AUDIT = "read and verify the audit"
    READ_POLICIES = "read the routing policies, and what a change of them would do"
    WRITE_POLICIES = "draft routing policies and simulate them"
    ACTIVATE_POLICIES = "put a policy in force that somebody else wrote"
    MANAGE_ACCOUNTS = "create, disable and change accounts"


_WORK_THE_QUEUE = frozenset(
    {
        May.SEE_INTERNAL_LINES,
        May.READ_TIPS,
        May.SEE_REPORTER_ANSWERS,
        May.ACT_ON_HAND_OFFS,
        May.HAND_OVER_BY_TELEPHONE,
        May.TAKE_TIPS,
        May.REROUTE,
        May.SEE_DIRECTORY,
        May.CHANGE_STATUS,
        May.WRITE_NOTES,
        May.READ_COLLEAGUES_NOTES,
        May.SEE_UNDELIVERED,
        May.CLEAR_PICTURES,
        May.ASK_THE_WRITER,
        May.PROPOSE_PLACES,
    }
)

MAY: Mapping[Role, frozenset[May]] = {
    Role.ANALYST: _WORK_THE_QUEUE,
    Role.SUPERVISOR: _WORK_THE_QUEUE
    | {
        May.PLACE_LEGAL_HOLDS,
        May.KEEP_DIRECTORY,
        May.READ_POLICIES,
        May.READ_DISSEMINATION,
    },
    Role.EXPORTER: frozenset({May.READ_TIPS, May.EXPORT, May.READ_DISSEMINATION}),
    Role.PARTNER: frozenset({May.READ_TIPS, May.ACT_ON_HAND_OFFS, May.WRITE_NOTES}),
    Role.PRIVACY_OFFICER: frozenset(
        {
            May.SEE_INTERNAL_LINES,
            May.READ_TIPS,
            May.SEE_REPORTER_ANSWERS,
            May.OPEN_HELD,
            May.CLEAR_PICTURES,
        }
    ),
    Role.CHILD_VICTIM: frozenset({May.READ_TIPS, May.SEE_REPORTER_ANSWERS, May.OPEN_VAULT}),
    Role.POLICY_OFFICER: frozenset(
        {May.READ_POLICIES, May.WRITE_POLICIES, May.ACTIVATE_POLICIES, May.APPROVE_PLACES}
    ),
    Role.AUDITOR: frozenset({May.READ_AUDIT, May.READ_DISSEMINATION}),
    Role.ADMIN: _WORK_THE_QUEUE
    | {
        May.SEE_ALL_LINES,
        May.PLACE_LEGAL_HOLDS,
        May.KEEP_DIRECTORY,
        May.APPROVE_PLACES,
        May.EXPORT,
        May.READ_DISSEMINATION,
        May.READ_AUDIT,
        May.READ_POLICIES,
        May.ACTIVATE_POLICIES,
        May.MANAGE_ACCOUNTS,
    },
}


def roles_of(user: User | AnonymousUser) -> frozenset[Role]:
    """The roles of an active account; none for anybody else."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset()
    known = set(Role)
    return frozenset(Role(one.name) for one in user.groups.all() if one.name in known)


def acts_of(user: User | AnonymousUser) -> frozenset[May]:
    """Everything that this account may do, in one query."""
    return frozenset[May]().union(*(MAY[role] for role in roles_of(user)))


def may(user: User | AnonymousUser, act: May) -> bool:
    return act in acts_of(user)


def give(user: User, *roles: Role) -> None:
    """Set the roles of an account to exactly these."""
    user.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in roles])
