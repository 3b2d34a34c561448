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
    INTELLIGENCE = "Intelligence officer"
    POLICY_OFFICER = "Policy officer"
    AUDITOR = "Auditor"
    ADMIN = "Admin"
    BOARD = "Board member"


class May(enum.StrEnum):
    SEE_ALL_LINES = "see every line and every tip"
    SEE_INTERNAL_LINES = "see the installation's own lines"
    READ_TIPS = "read the tips of visible lines"
    SEE_REPORTER_ANSWERS = "see what the person answered about themselves"
    ACT_ON_HAND_OFFS = "acknowledge, decline, transfer and close hand-offs"
    HAND_OVER_BY_TELEPHONE = "use call sheets and log calls"
    TAKE_TIPS = "take tips by telephone and at the door"
    JUDGE_LINKS = "confirm and reject links between tips, merge and unmerge tips"
    REROUTE = "send a tip another way, with a reason"
    SEE_DIRECTORY = "see the directory and what is due for review"
    KEEP_DIRECTORY = "verify, correct and import directory entries"
    CHANGE_STATUS = "change the status of a tip"
    ASSIGN_TIPS = "assign tips to persons"
    TAG_TIPS = "tag tips with words of the vocabulary"
    KEEP_TAGS = "add words to the vocabulary of tags and retire them"
    SHARE_VIEWS = "share saved views with the team"
    WRITE_NOTES = "write notes for colleagues"
    READ_COLLEAGUES_NOTES = "read every note on a tip"
    CLEAR_PICTURES = "black out parts of pictures and confirm them"
    SEE_UNDELIVERED = "see notices that were given up"
    ASK_THE_WRITER = "ask the person who wrote a tip"
    PLACE_LEGAL_HOLDS = "place and lift legal holds"
    GRADE = "grade the source and the content of a tip"
    SEARCH = "search the tips of visible lines by what stands in them in clear"
    SEARCH_WORDS = "search in sealed words, for a reason that is recorded"
    PROPOSE_INTELLIGENCE = "propose a tip as an intelligence record"
    APPROVE_INTELLIGENCE = "approve, review and end records that somebody else proposed"
    READ_INTELLIGENCE = "read intelligence records and search by the names in them"
    EXPORT = "ask for an export"
    READ_DISSEMINATION = "see who received which export"
    ALLOW_AGAIN = "let a tip go out again of which it was said that it must not be used"
    OPEN_HELD = "open, release or destroy held-back words"
    OPEN_VAULT = "open the names of victims and minors"
    PROPOSE_PLACES = "propose other names of places and landmarks"
    APPROVE_PLACES = "approve names of places that somebody else proposed"
    SUPERVISE = "see how the work of visible lines stands"
    READ_FIGURES = "read the figures of the whole house by month"
    PUBLISH_NUMBERS = "publish a quarter's numbers for everybody"
    READ_AUDIT = "read and verify the audit"
    READ_POLICIES = "read the routing policies, and what a change of them would do"
    WRITE_POLICIES = "draft routing policies and simulate them"
    ACTIVATE_POLICIES = "put a policy in force that somebody else wrote"
    MANAGE_ACCOUNTS = "create, disable and change accounts"
    SEE_OPERATION = "see how the installation runs"


_WORK_THE_QUEUE = frozenset(
    {
        May.SEE_INTERNAL_LINES,
        May.READ_TIPS,
        May.SEE_REPORTER_ANSWERS,
        May.ACT_ON_HAND_OFFS,
        May.HAND_OVER_BY_TELEPHONE,
        May.TAKE_TIPS,
        May.JUDGE_LINKS,
        May.REROUTE,
        May.SEE_DIRECTORY,
        May.CHANGE_STATUS,
        May.ASSIGN_TIPS,
        May.TAG_TIPS,
        May.SHARE_VIEWS,
        May.WRITE_NOTES,
        May.READ_COLLEAGUES_NOTES,
        May.SEE_UNDELIVERED,
        May.CLEAR_PICTURES,
        May.ASK_THE_WRITER,
        May.PROPOSE_PLACES,
        May.GRADE,
        May.SEARCH,
        May.SEARCH_WORDS,
    }
)

MAY: Mapping[Role, frozenset[May]] = {
    Role.ANALYST: _WORK_THE_QUEUE,
    Role.SUPERVISOR: _WORK_THE_QUEUE
    | {
        May.PLACE_LEGAL_HOLDS,
        May.KEEP_DIRECTORY,
        May.KEEP_TAGS,
        May.READ_POLICIES,
        May.READ_DISSEMINATION,
        May.ALLOW_AGAIN,
        May.SUPERVISE,
        May.READ_FIGURES,
        May.APPROVE_INTELLIGENCE,
        May.READ_INTELLIGENCE,
    },
    Role.EXPORTER: frozenset({May.READ_TIPS, May.SEARCH, May.EXPORT, May.READ_DISSEMINATION}),
    Role.PARTNER: frozenset({May.READ_TIPS, May.SEARCH, May.ACT_ON_HAND_OFFS, May.WRITE_NOTES}),
    Role.PRIVACY_OFFICER: frozenset(
        {
            May.SEE_INTERNAL_LINES,
            May.READ_TIPS,
            May.SEE_REPORTER_ANSWERS,
            May.OPEN_HELD,
            May.CLEAR_PICTURES,
            May.PUBLISH_NUMBERS,
        }
    ),
    Role.CHILD_VICTIM: frozenset({May.READ_TIPS, May.SEE_REPORTER_ANSWERS, May.OPEN_VAULT}),
    Role.INTELLIGENCE: frozenset(
        {
            May.SEE_INTERNAL_LINES,
            May.READ_TIPS,
            May.SEARCH,
            May.PROPOSE_INTELLIGENCE,
            May.READ_INTELLIGENCE,
        }
    ),
    Role.POLICY_OFFICER: frozenset(
        {May.READ_POLICIES, May.WRITE_POLICIES, May.ACTIVATE_POLICIES, May.APPROVE_PLACES}
    ),
    Role.AUDITOR: frozenset({May.READ_AUDIT, May.READ_DISSEMINATION}),
    Role.ADMIN: _WORK_THE_QUEUE
    | {
        May.SEE_ALL_LINES,
        May.PLACE_LEGAL_HOLDS,
        May.KEEP_DIRECTORY,
        May.KEEP_TAGS,
        May.APPROVE_PLACES,
        May.EXPORT,
        May.ALLOW_AGAIN,
        May.SUPERVISE,
        May.READ_FIGURES,
        May.PUBLISH_NUMBERS,
        May.READ_DISSEMINATION,
        May.READ_AUDIT,
        May.READ_POLICIES,
        May.ACTIVATE_POLICIES,
        May.MANAGE_ACCOUNTS,
        May.SEE_OPERATION,
    },
    Role.BOARD: frozenset({May.READ_FIGURES}),
}


# For whoever gives them: what somebody with this role does all day.
IN_WORDS: Mapping[Role, str] = {
    Role.ANALYST: "works the queues of own staff's and assigned lines",
    Role.SUPERVISOR: "the same, keeps the directory, and places legal holds",
    Role.EXPORTER: "asks for exports of assigned lines",
    Role.PARTNER: "answers for the hand-offs of assigned lines, and sees nothing else",
    Role.PRIVACY_OFFICER: "judges held-back words of every line, and publishes the numbers",
    Role.CHILD_VICTIM: "opens names of victims and minors of assigned lines",
    Role.INTELLIGENCE: "proposes and keeps intelligence records of assigned lines",
    Role.POLICY_OFFICER: "drafts, simulates and activates routing policies; sees no tip",
    Role.AUDITOR: "reads and verifies the audit; sees no tip",
    Role.ADMIN: "sees every line and tip, and makes accounts",
    Role.BOARD: "reads the figures of the house by month; sees no tip",
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
