"""When somebody leaves: what they hold is listed and handed over, then their account is closed.

What a person may hold is the table HOLDINGS. Another kind of thing is another line in it; neither
the page nor the command needs to know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.models import Alias
from tipintake.routing.models import Policy
from tipintake.staff import accounts, audit, tokens
from tipintake.staff.accounts import AccountProblem
from tipintake.staff.models import PartnerToken, User
from tipintake.staff.roles import May, acts_of
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Status
from tipintake.triage.models import SavedView


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that waits for a person: how to list it, and how another gets it.

    `of` names each thing without a word of a tip; `hand_over` says how many went over.
    """

    kind: str
    needs: frozenset[May]
    of: Callable[[User], list[str]]
    hand_over: Callable[[User, User], int]


@dataclass(frozen=True, slots=True)
class Held:
    kind: str
    things: tuple[str, ...]
    needs: frozenset[May]


@dataclass(frozen=True, slots=True)
class Left:
    """What became of it: (kind, how many), and how many tokens ended."""

    handed_over: tuple[tuple[str, int], ...]
    tokens_ended: int


def _proposals(user: User) -> QuerySet[Alias]:
    return Alias.objects.filter(approved=False, proposed_by=user.username).order_by("text")


def _drafts(user: User) -> list[Policy]:
    drafts = Policy.objects.filter(state=Policy.State.DRAFT).order_by("version")
    return [draft for draft in drafts if user.username in draft.authors]


def _hand_over_proposals(user: User, to: User) -> int:
    return _proposals(user).update(proposed_by=to.username)


def _hand_over_drafts(user: User, to: User) -> int:
    """Who goes on with a draft is one of its authors: somebody else activates it."""
    drafts = _drafts(user)
    for draft in drafts:
        draft.authors = sorted({*draft.authors, to.username})
        draft.save(update_fields=["authors"])
    return len(drafts)


def _assigned(user: User) -> QuerySet[Tip]:
    return Tip.objects.filter(assigned_to=user).exclude(status=Status.CLOSED).order_by("reference")


def _hand_over_assigned(user: User, to: User) -> int:
    return _assigned(user).update(assigned_to=to, version=F("version") + 1)


def _shared_views(user: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(owner=user, shared=True).order_by("name")


def _hand_over_views(user: User, to: User) -> int:
    """A name that the other has already gets the first owner's beside it."""
    taken = set(SavedView.objects.filter(owner=to).values_list("name", flat=True))
    views = list(_shared_views(user))
    for view in views:
        view.owner = to
        if view.name in taken:
            view.name = f"{view.name[:20]} ({user.username[:16]})"
        view.save(update_fields=["owner", "name"])
    return len(views)


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        gettext_noop("tips that are assigned to them"),
        frozenset({May.ASSIGN_TIPS}),
        lambda user: [one.reference for one in _assigned(user)],
        _hand_over_assigned,
    ),
    Holding(
        gettext_noop("views that they share"),
        frozenset({May.READ_TIPS}),
        lambda user: [one.name for one in _shared_views(user)],
        _hand_over_views,
    ),
    Holding(
        gettext_noop("names of places that wait for approval"),
        frozenset({May.PROPOSE_PLACES}),
        lambda user: [one.text for one in _proposals(user)],
        _hand_over_proposals,
    ),
    Holding(
        gettext_noop("drafts of policies"),
        frozenset({May.WRITE_POLICIES}),
        lambda user: [f"version {one.version} {one.title}".strip() for one in _drafts(user)],
        _hand_over_drafts,
    ),
)


def held_by(user: User) -> list[Held]:
    """What waits for this person, kind by kind; nothing where there is nothing."""
    found = ((one, tuple(one.of(user))) for one in HOLDINGS)
    return [Held(one.kind, things, one.needs) for one, things in found if things]


def tokens_made_by(user: User, *, now: datetime) -> list[PartnerToken]:
    """Tokens that still let a system in, and whose text this person has seen."""
    rows = PartnerToken.objects.filter(made_by=user.username).order_by("pk")
    return [row for row in rows if not tokens.is_over(row, now=now)]


def successors_of(user: User) -> list[User]:
    """Who could take everything over that this person holds."""
    needed = frozenset[May]().union(*(one.needs for one in held_by(user)))
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    rows = others.prefetch_related("groups").order_by("username")
    return [one for one in rows if needed <= acts_of(one)]


def leave(
    username: str, *, to: str = "", keep_tokens: bool = False, actor: str, now: datetime
) -> Left:
    """Hand over what somebody holds, end their sessions and tokens, and close their account."""
    user = accounts.named(username)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        accounts.keep_an_administrator(user)
        held = held_by(user)
        went: tuple[tuple[str, int], ...] = ()
        if held or to:  # also where nothing waits: a name that is mistyped is said
            successor = _successor(user, held, to)
            went = _hand_over(user, successor, actor=actor, now=now) if held else ()
        ended = [] if keep_tokens else tokens_made_by(user, now=now)
        for one in ended:
            tokens.revoke(one, actor=actor, now=now)
        accounts.set_active(user.username, active=False, actor=actor, now=now)
    return Left(went, len(ended))


def _hand_over(user: User, to: User, *, actor: str, now: datetime) -> tuple[tuple[str, int], ...]:
    went = tuple((one.kind, one.hand_over(user, to)) for one in HOLDINGS)
    some = tuple((kind, count) for kind, count in went if count)
    audit.record(
        "account.handed_over",
        actor=actor,
        now=now,
        subject=user.username,
        to=to.username,
        things=[f"{kind}: {count}" for kind, count in some],
    )
    return some


def _successor(user: User, held: Sequence[Held], to: str) -> User:
    if not to:
        kinds = ", ".join(f"{len(one.things)} {_(one.kind)}" for one in held)
        raise AccountProblem(
            _("{username} holds {kinds}. Say who takes it over.").format(
                username=user.username, kinds=kinds
            )
        )
    found = accounts.named(to)
    if found.pk == user.pk or not found.is_active:
        raise AccountProblem(
            _("{to} cannot take it over: choose somebody else who works here.").format(to=to)
        )
    lacks = frozenset[May]().union(*(one.needs for one in held)) - acts_of(found)
    if lacks:
        raise AccountProblem(
            _("{to} cannot take it over: their roles do not let them {value}.").format(
                to=to, value=", ".join(sorted(lacks))
            )
        )
    return found
