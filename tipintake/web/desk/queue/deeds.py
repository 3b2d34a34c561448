"""What may be done from the queue, with one tip or with many: the table DEEDS.

Each deed is one transaction for one tip: claimed by the version that the page showed, audited,
and noted so that it can be taken back. A deed about two tips claims both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.acts import NotPossible
from tipintake.directory.models import Line
from tipintake.pipeline import closing, undoing
from tipintake.pipeline.reroute import CannotReroute, Why, reroute
from tipintake.pipeline.undoing import Reach
from tipintake.routing.corrections import CORRECTABLE
from tipintake.staff.models import User
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.references import reference_of
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage import actions, assignment, links, seen, tags
from tipintake.triage.actions import NotAllowed
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk.page import Desk

Given = Mapping[str, str]
REFUSALS = (NotAllowed, NotPossible, CannotReroute)
WHOM = gettext_noop("Choose whom to assign it to.")


@dataclass(frozen=True, slots=True)
class Deed:
    needs: frozenset[May]
    do: Callable[[Desk, Tip, Given], str]
    undone: bool = True
    reach: Reach = undoing.TIP_ALONE
    other: Callable[[Desk, Tip, Given], Tip] | None = None


def do(desk: Desk, tip: Tip, name: str, given: Given, *, version: int, together: UUID) -> str:
    """Do it, all of it or nothing. What happened, in a sentence; raises one of REFUSALS or
    ChangedMeanwhile, and then nothing was written."""
    deed = DEEDS[name]
    with transaction.atomic():
        other = deed.other(desk, tip, given) if deed.other else None
        if other is None:
            actions.claim(tip, version=version)
        else:
            links.claim_both(tip, other, version=version)
        before = undoing.standing(tip, deed.reach) if deed.undone else {}
        said = deed.do(desk, tip, given)
        if deed.undone:
            undoing.offer(
                tip,
                name,
                before,
                reach=deed.reach,
                together=together,
                user=desk.user,
                now=desk.now,
            )
        for one in (tip, other):
            if one is not None:
                seen.acted(desk.user, one)
    return said


def allowed(desk: Desk, name: str) -> bool:
    return name in DEEDS and desk.acts.issuperset(DEEDS[name].needs)


def _lines(desk: Desk) -> list[int]:
    return list(Line.objects.filter(desk.lines).values_list("pk", flat=True))


def _assign_me(desk: Desk, tip: Tip, _given: Given) -> str:
    assignment.assign(tip, desk.user, by=desk.user.username, now=desk.now)
    return _("Assigned to you.")


def _assign(desk: Desk, tip: Tip, given: Given) -> str:
    name = given.get("to", "")
    to = User.objects.filter(username=name, is_active=True).first() if name else None
    if to is None:
        raise NotAllowed(_(WHOM))
    assignment.assign(tip, to, by=desk.user.username, now=desk.now)
    return _("Assigned to {username}.").format(username=to.username)


def _unassign(desk: Desk, tip: Tip, _given: Given) -> str:
    assignment.assign(tip, None, by=desk.user.username, now=desk.now)
    return _("Assigned to nobody.")


def _status(desk: Desk, tip: Tip, given: Given) -> str:
    wanted = given.get("status", "")
    if wanted not in Status.values:
        raise NotAllowed(_("Choose a status."))
    to = Status(wanted)
    if Status.CLOSED in {to, tip.status}:
        raise NotAllowed(_("A tip is closed and reopened in the queues of its lines."))
    actions.change_status(tip, to, by=desk.user.username, now=desk.now)
    return _("It is {label} now.").format(label=_(to.label).lower())


def _tag(desk: Desk, tip: Tip, given: Given) -> str:
    tags.change(tip, add=[_chosen_tag(given)], by=desk.user.username, now=desk.now)
    return _("Tagged {tag}.").format(tag=given["tag"])


def _untag(desk: Desk, tip: Tip, given: Given) -> str:
    tags.change(tip, remove=[_chosen_tag(given)], by=desk.user.username, now=desk.now)
    return _("Tag {tag} taken away.").format(tag=given["tag"])


def _chosen_tag(given: Given) -> str:
    if not given.get("tag"):
        raise NotAllowed(_("Choose a tag."))
    return given["tag"]


def _close(desk: Desk, tip: Tip, given: Given) -> str:
    wanted = given.get("disposition", "")
    if wanted not in Disposition.values:
        raise NotAllowed(_("Say what came of it."))
    done = closing.close_tip(
        tip,
        _lines(desk),
        disposition=Disposition(wanted),
        by=desk.user.username,
        now=desk.now,
    )
    return done.said


def _that_came_first(desk: Desk, tip: Tip, given: Given) -> Tip:
    reference = reference_of(given.get("of", ""))
    if not reference:
        raise NotAllowed(_("Give the number of the tip that came first, as in T-7Q2M-4KX9."))
    of = tips_visible_to(desk.user).filter(reference=reference).first()
    if of is None:
        raise NotAllowed(
            _("{reference} is not among your tips. Check the number.").format(reference=reference)
        )
    if of.pk == tip.pk:
        raise NotAllowed(_("A tip is no duplicate of itself. Give the number of the other one."))
    return of


def _duplicate(desk: Desk, tip: Tip, given: Given) -> str:
    of = _that_came_first(desk, tip, given)
    done = closing.close_as_duplicate(tip, of, _lines(desk), by=desk.user, now=desk.now)
    said = _("A duplicate of {reference}. {said}").format(reference=of.reference, said=done.said)
    if of.status != Status.CLOSED:
        return said
    both = _("{reference} is closed too: reopen it there if somebody should work on this.").format(
        reference=of.reference
    )
    return f"{said} {both}"


def _reroute(desk: Desk, tip: Tip, given: Given) -> str:
    if given.get("why") not in Why.values:
        raise NotAllowed(_("Say why it should go another way."))
    read = {name: given[name] for name in CORRECTABLE if given.get(name)}
    bad = [name for name, value in read.items() if value not in CORRECTABLE[name].values]
    if bad:
        raise NotAllowed(_("Choose {bad} from the list.").format(bad=bad[0]))
    done = reroute(tip, read, why=Why(given["why"]), by=desk.user.username, now=desk.now)
    added = ", ".join(line.name for line in done.new) or _("no new line")
    return _("Sent another way by {rule}: {added}.").format(rule=done.decided.rule, added=added)


_CLOSES = frozenset({May.ACT_ON_HAND_OFFS, May.CHANGE_STATUS})

DEEDS: Mapping[str, Deed] = {
    "assign-me": Deed(frozenset({May.ASSIGN_TIPS}), _assign_me),
    "assign": Deed(frozenset({May.ASSIGN_TIPS}), _assign),
    "unassign": Deed(frozenset({May.ASSIGN_TIPS}), _unassign),
    "status": Deed(frozenset({May.CHANGE_STATUS}), _status),
    "tag": Deed(frozenset({May.TAG_TIPS}), _tag),
    "untag": Deed(frozenset({May.TAG_TIPS}), _untag),
    "close": Deed(_CLOSES, _close, reach=undoing.CLOSING),
    "duplicate": Deed(_CLOSES, _duplicate, reach=undoing.CLOSING, other=_that_came_first),
    # Another line may have been told of it already: what has left the house is not taken back.
    "reroute": Deed(frozenset({May.REROUTE}), _reroute, undone=False),
}
