"""What staff and processes did with one tip, from the audit, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tipintake.directory.models import Line
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
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
)

SAYS: Mapping[str, str] = {
    "tip.submitted": "Tip received",
    "tip.routed": "Routed",
    "tip.taken": "Taken down by staff",
    "tip.rerouted": "Sent another way ({reason}), now {rule}, {priority}",
    "tip.corroborated": "Another tip names the same {shares}",
    "link.confirmed": "Linked with another tip: same {shares}",
    "link.rejected": "A link with another tip was rejected: {shares}",
    "link.taken_back": "A judged link was taken back",
    "burst.released": "Released from tips alike ({tips} at once): {why}",
    "burst.set_aside": "Set aside with tips alike ({tips} at once): {why}",
    "tip.merged": "Merged with another tip",
    "tip.unmerged": "No longer merged",
    "hand_off.let_go": "{line} is no longer asked",
    "call_sheet.opened": "Call sheet of {line} opened",
    "tip.status_changed": "Status changed to {status}",
    "hand_off.notified": "{line} was told",
    "hand_off.to_be_called": "{line}: on the list of people to call",
    "hand_off.escalated": "{line} did not acknowledge in time",
    "hand_off.acknowledged": "{line} acknowledged",
    "hand_off.declined": "{line} declined, next {to}",
    "hand_off.transferred": "{line} transferred to {to}",
    "hand_off.closed": "{line} closed it: {disposition}",
    "hand_off.reopened": "{line} reopened it",
    "notice.given_up": "A notice to {line} was given up",
    "notice.tried_again": "A notice to {line} is tried again",
    "notice.sent_elsewhere": "A notice about {line} went to another contact, at {to}",
    "tip.assigned": "Assigned to {to}",
    "tip.tagged": "Tags changed: {added} given, {removed} taken away",
    "act.undone": "Taken back: {what}",
    "tip.graded": "Graded {grade}, before {before}: {why}",
    "tip.hold_placed": "Legal hold: {reason}",
    "tip.hold_lifted": "Legal hold lifted",
    "message.asked": "The person who wrote was asked",
    "message.withdrawn": "A question was taken back before it was shown",
    "message.answered": "The person who wrote added something",
    "held_span.opened": "Held words opened",
    "held_span.released": "Held words released",
    "held_span.destroyed": "Held words destroyed",
    "vault.opened": "A name in the vault was opened",
    "intelligence.proposed": "Proposed as intelligence record {record}",
    "intelligence.approved": "Intelligence record {record} is in force",
    "intelligence.refused": "Intelligence record {record} was refused",
    "intelligence.reviewed": "Intelligence record {record} was reviewed",
    "intelligence.ended": "Intelligence record {record} was ended",
    "intelligence.expired": "Intelligence record {record} ended: nobody reviewed it",
    "note.written": "Note written",
    "picture.blacked_out": "Picture {picture}: {parts} part(s) blacked out",
    "picture.confirmed": "Picture {picture} confirmed",
    "call.logged": "Call to {line}: {outcome}",
}


@dataclass(frozen=True, slots=True)
class Past:
    when: str
    who: str
    what: str


def past_of(tip: Tip, now: datetime, *, most: int = MOST) -> list[Past]:
    """The newest acts first. Reads are left out here; the audit has them."""
    entries = (
        AuditEntry.objects.filter(subject=tip.reference)
        .exclude(act__in=READS)
        .order_by("-at", "-pk")[:most]
    )
    return in_words(entries, dict(Line.objects.values_list("code", "name")), now)


def in_words(entries: Iterable[AuditEntry], lines: Mapping[str, str], now: datetime) -> list[Past]:
    return [Past(moment(one.at, now), one.actor, _what(one, lines)) for one in entries]


def _what(entry: AuditEntry, lines: Mapping[str, str]) -> str:
    """An entry in words; of an act that has none here, its own name."""
    says = SAYS.get(entry.act)
    if says is None:
        return entry.act.replace("_", " ").replace(".", ": ")
    facts = {key: _said(value, lines) for key, value in entry.facts.items()}
    try:
        return says.format_map({"line": "the line", **facts})
    except KeyError:
        return says.partition(" {")[0]


def _said(value: object, lines: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_said(one, lines) for one in value)
    return lines.get(str(value), str(value).replace("_", " ").lower())
