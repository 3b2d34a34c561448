"""What staff and processes did with one tip, from the audit, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from tipintake.directory.models import Line
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, LegalHold, Status
from tipintake.web.desk.clocks import moment

MOST = 30
READS = (
    "tip.read",
    "tip.compared",
    "cluster.read",
    "tip.read_refused",
    "tip.words_found",
    "picture.opened",
    "intelligence.read",
    "hand_off.read",
)

SAYS: Mapping[str, str] = {
    "tip.submitted": noop("Tip received"),
    "tip.routed": noop("Routed"),
    "tip.taken": noop("Taken down by staff"),
    "tip.rerouted": noop("Sent another way ({reason}), now {rule}, {priority}"),
    "tip.corroborated": noop("Another tip names the same {shares}"),
    "link.confirmed": noop("Linked with another tip by: {shares}"),
    "link.rejected": noop("A link with another tip was rejected: {shares}"),
    "link.taken_back": noop("A judged link was taken back"),
    "burst.released": noop("Released from tips alike ({tips} at once): {why}"),
    "burst.set_aside": noop("Set aside with tips alike ({tips} at once): {why}"),
    "tip.merged": noop("Merged with another tip"),
    "tip.unmerged": noop("No longer merged"),
    "hand_off.let_go": noop("{line} is no longer asked"),
    "call_sheet.opened": noop("Call sheet of {line} opened"),
    "tip.status_changed": noop("Status changed to {status}"),
    "hand_off.notified": noop("{line} was told"),
    "hand_off.to_be_called": noop("{line}: on the list of people to call"),
    "hand_off.escalated": noop("{line} did not acknowledge in time"),
    "hand_off.acknowledged": noop("{line} acknowledged"),
    "hand_off.declined": noop("{line} declined, next {to}"),
    "hand_off.transferred": noop("{line} transferred to {to}"),
    "hand_off.closed": noop("{line} closed it: {disposition}"),
    "hand_off.reopened": noop("{line} reopened it"),
    "notice.given_up": noop("A notice to {line} was given up"),
    "notice.tried_again": noop("A notice to {line} is tried again"),
    "notice.sent_elsewhere": noop("A notice about {line} went to another contact, at {to}"),
    "tip.assigned": noop("Assigned to {to}"),
    "tip.tagged": noop("Tags changed: {added} given, {removed} taken away"),
    "act.undone": noop("Taken back: {what}"),
    "tip.graded": noop("Graded {grade}, before {before}: {why}"),
    "tip.hold_placed": noop("Legal hold: {reason}"),
    "tip.hold_lifted": noop("Legal hold lifted"),
    "message.asked": noop("The person who wrote was asked"),
    "message.withdrawn": noop("A question was taken back before it was shown"),
    "message.answered": noop("The person who wrote added something"),
    "held_span.opened": noop("Held words opened"),
    "held_span.released": noop("Held words released"),
    "held_span.destroyed": noop("Held words destroyed"),
    "held_span.locked_away": noop("A held name was locked away in the vault"),
    "vault.opened": noop("A name in the vault was opened"),
    "intelligence.proposed": noop("Proposed as intelligence record {record}"),
    "intelligence.approved": noop("Intelligence record {record} is in force"),
    "intelligence.refused": noop("Intelligence record {record} was refused"),
    "intelligence.reviewed": noop("Intelligence record {record} was reviewed"),
    "intelligence.ended": noop("Intelligence record {record} was ended"),
    "intelligence.expired": noop("Intelligence record {record} ended: nobody reviewed it"),
    "note.written": noop("Note written"),
    "export.correction_due": noop("Who received it in an export must be told ({what}): {count}"),
    "export.tip_usable_again": noop("May be used in exports again: {why}"),
    "picture.blacked_out": noop("Picture {picture}: {parts} part(s) blacked out"),
    "picture.confirmed": noop("Picture {picture} confirmed"),
    "call.logged": noop("Call to {line}: {outcome}"),
}
# An act that says something else where a fact of it is this.
SAYS_WHERE: Mapping[tuple[str, str, str], str] = {
    ("export.correction_due", "what", "WITHDRAWN"): noop(
        "Must not be used in exports; packages whose recipients must be told: {count}"
    ),
}

# What two tips share (tips/links.Why, tips/clues.Kind).
SHARED: Mapping[str, str] = {
    "plate": noop("plate"),
    "same_plate": noop("plate"),
    "lookalike_plate": noop("plates that look alike"),
    "part_of_plate": noop("part of a plate"),
    "near_plate": noop("plates but for one character"),
    "plate_two_states": noop("plates of two states"),
    "phone": noop("advertised number"),
    "email": noop("e-mail in the ad"),
    "handle": noop("user name"),
    "url": noop("web address"),
    "payment": noop("payment name"),
    "room": noop("room"),
    "address": noop("address"),
    "place": noop("place"),
    "distance": noop("places near each other"),
    "pattern": noop("hours of the week"),
}
CHOSEN: Mapping[str, str] = dict([*Status.choices, *Disposition.choices, *LegalHold.choices])


@dataclass(frozen=True, slots=True)
class Past:
    when: str
    who: str
    what: str


def past_of(tip: Tip, now: datetime) -> list[Past]:
    """The newest acts first. Reads are left out here; the audit has them."""
    entries = (
        AuditEntry.objects.filter(subject=tip.reference)
        .exclude(act__in=READS)
        .order_by("-at", "-pk")[:MOST]
    )
    return in_words(entries, dict(Line.objects.values_list("code", "name")), now)


def in_words(entries: Iterable[AuditEntry], lines: Mapping[str, str], now: datetime) -> list[Past]:
    return [Past(moment(one.at, now), one.actor, _what(one, lines)) for one in entries]


def _what(entry: AuditEntry, lines: Mapping[str, str]) -> str:
    """An entry in words; of an act that has none here, its own name."""
    where = (SAYS_WHERE.get((entry.act, key, str(one))) for key, one in entry.facts.items())
    known = next(filter(None, where), SAYS.get(entry.act))
    if known is None:
        return entry.act.replace("_", " ").replace(".", ": ")
    says = gettext(known)
    facts = {
        key: _shared(value) if key == "shares" else _said(value, lines)
        for key, value in entry.facts.items()
    }
    try:
        return says.format_map({"line": gettext("the line"), **facts})
    except KeyError:
        return says.partition(" {")[0]


def _shared(kinds: object) -> str:
    known = kinds if isinstance(kinds, list) else [kinds]
    return ", ".join(gettext(SHARED.get(str(one), str(one))) for one in known)


def _said(value: object, lines: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_said(one, lines) for one in value)
    if str(value) in CHOSEN:
        return gettext(CHOSEN[str(value)]).lower()
    return lines.get(str(value), str(value).replace("_", " ").lower())
