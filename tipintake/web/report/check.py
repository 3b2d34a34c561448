"""The page before sending: what an agency would see, and each stretch that was taken for yours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.privacy.scrub import Finding, Verdict
from tipintake.privacy.scrub.findings import CLAIMED_FIELD
from tipintake.privacy.scrub.labels import VAULT_KINDS
from tipintake.privacy.scrub.marks import MARK
from tipintake.tips.cleaning import WHOLE_NAME
from tipintake.tips.draft import TipDraft
from tipintake.tips.said import key_of, text_at

DECIDES = "decide "  # before a finding's key: the name of the field that holds the answer
OWN_VERDICT = ""  # the answer that leaves the finding as the scrubber has it
CONTEXT = 40

_Answer = tuple[Verdict, str | Promise]
_ANSWERS: tuple[_Answer, ...] = (
    (Verdict.REMOVE, _("Mine: take it out")),
    (Verdict.KEEP, _("Theirs: it is what I saw")),
    (Verdict.UNSURE, _("Not sure: hold it back")),
)
# A name that may be a victim's or a minor's: "what I saw" would be a reason to leave it in.
_ANSWERS_ON_A_NAME: tuple[_Answer, ...] = (
    (Verdict.UNSURE, _("Of someone who may be harmed, or not sure: hold it back")),
    (Verdict.REMOVE, _("My own, or of somebody who only stood by: take it out")),
    (Verdict.KEEP, _("Of someone who does this, or no name at all: leave it in")),
)
_SAYS: dict[Verdict, str | Promise] = {
    Verdict.REMOVE: _("Taken out. It is kept nowhere."),
    Verdict.KEEP: _("Left in. The agency sees it."),
    Verdict.UNSURE: _("Held back. The agency does not see it."),
}
# The name of a victim or a minor stays out of the text whoever says so.
_LOCKED_SAYS = _(
    "Taken out of the text and locked away. Only staff for children and victims can open it."
)
_LOCKED_WITH_ITS_FIELD_SAYS = _(
    "Taken out and locked away. Only staff for children and victims can open it. If it is the "
    "name of someone who does this, say so where you described the person."
)
_HELD_NAME_SAYS = _(
    "Held back: perhaps the name of someone who may be harmed. The agency does not see it."
)
_LOCKED = _("The name of someone who may be harmed: keep it locked away")
_NOT_THEIRS = _("My own name: keep it nowhere")


@dataclass(frozen=True, slots=True)
class Answer:
    value: str
    label: str | Promise
    chosen: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding as it is shown: numbered, in its own words, with its possible answers."""

    number: int
    name: str
    verdict: Verdict
    before: str
    words: str
    after: str
    where: str | Promise
    says: str | Promise
    answers: tuple[Answer, ...]
    asks: bool  # shown with its answers: what waits, and a name that may be the writer's own


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text as seen; with marks when something was found there."""

    words: str
    marks: tuple[Mark, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        return self.marks[0].verdict if self.marks else None


def decisions_in(data: Mapping[str, Any]) -> dict[str, Verdict]:
    """What the person decided, by finding."""
    known = {verdict.value: verdict for verdict in Verdict}
    return {
        key.removeprefix(DECIDES): known[str(data[key])]
        for key in data
        if key.startswith(DECIDES) and str(data[key]) in known
    }


def carried_decisions(data: QueryDict) -> list[tuple[str, str]]:
    return [(DECIDES + name, verdict.value) for name, verdict in decisions_in(data).items()]


def marks(
    draft: TipDraft,
    findings: Mapping[str, tuple[Finding, ...]],
    decisions: Mapping[str, Verdict],
    labels: Mapping[str, str | Promise],
) -> list[Mark]:
    """All findings of a tip, numbered in the order of the form."""
    found: list[Mark] = []
    for pointer, ones in findings.items():
        text = text_at(draft, pointer)
        for one in sorted(ones, key=lambda finding: finding.start):
            name = key_of(pointer, text, one)
            where = labels.get(pointer, "")
            found.append(_mark(len(found) + 1, name, text, one, decisions, where))
    return found


def _mark(
    number: int,
    name: str,
    text: str,
    finding: Finding,
    decisions: Mapping[str, Verdict],
    where: str | Promise,
) -> Mark:
    of_the_scrubber = finding.overruled or finding.verdict
    may_be_locked = finding.kind in VAULT_KINDS and of_the_scrubber is Verdict.REMOVE
    is_locked = may_be_locked and decisions.get(name) is not Verdict.REMOVE
    return Mark(
        number=number,
        name=DECIDES + name,
        verdict=finding.verdict,
        before=_last_words(text[: finding.start]),
        words=text[finding.start : finding.end],
        after=_first_words(text[finding.end :]),
        where=where,
        says=_says_of_the_locked(finding) if is_locked else _says(finding),
        answers=_about_a_name(is_locked=is_locked)
        if may_be_locked
        else _about(finding, is_decided=name in decisions),
        asks=is_locked or finding.verdict is Verdict.UNSURE or _is_claimed(finding),
    )


def _is_claimed(finding: Finding) -> bool:
    """ "Call me at" the number that stands in a field for the ad's: whose it is only they know."""
    return finding.rule == CLAIMED_FIELD and finding.overruled is None


def _says_of_the_locked(finding: Finding) -> str | Promise:
    return _LOCKED_WITH_ITS_FIELD_SAYS if finding.rule == WHOLE_NAME else _LOCKED_SAYS


def _says(finding: Finding) -> str | Promise:
    is_a_held_name = finding.verdict is Verdict.UNSURE and finding.kind in VAULT_KINDS
    return _HELD_NAME_SAYS if is_a_held_name else _SAYS[finding.verdict]


def _about(finding: Finding, *, is_decided: bool) -> tuple[Answer, ...]:
    answers = _ANSWERS_ON_A_NAME if finding.kind in VAULT_KINDS else _ANSWERS
    return tuple(
        Answer(
            value=OWN_VERDICT if one is finding.verdict and not is_decided else one.value,
            label=label,
            chosen=one is finding.verdict,
        )
        for one, label in answers
    )


def _about_a_name(*, is_locked: bool) -> tuple[Answer, ...]:
    return (
        Answer(OWN_VERDICT, _LOCKED, chosen=is_locked),
        Answer(Verdict.REMOVE.value, _NOT_THEIRS, chosen=not is_locked),
    )


def stretches(text: str, found: Iterable[tuple[Finding, Mark]]) -> list[Stretch]:
    """The text as an agency sees it, cut at its findings. Neighbours of one verdict share a mark,
    as in `masked_text`."""
    pieces: list[Stretch] = []
    at = 0
    for finding, mark in found:
        between = text[at : finding.start]
        masked = MARK.get(finding.verdict)
        last = pieces[-1] if pieces else None
        if masked and last and last.words == masked and last.marks and not between.strip():
            pieces[-1] = Stretch(masked, (*last.marks, mark))
        else:
            pieces += [Stretch(between), Stretch(masked or mark.words, (mark,))]
        at = finding.end
    return [piece for piece in [*pieces, Stretch(text[at:])] if piece.words]


def _last_words(text: str) -> str:
    line = text[-CONTEXT:]
    return ("…" + line.partition(" ")[2]) if len(text) > CONTEXT else line


def _first_words(text: str) -> str:
    line = text[:CONTEXT]
    return (line.rpartition(" ")[0] + "…") if len(text) > CONTEXT else line
