"""The page before sending: what an agency would see, and each stretch that was taken for yours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.privacy.scrub import Finding, Verdict
from tipintake.tips.draft import TipDraft

DECIDES = "decide "  # before a finding's id: the name of the field that holds the answer
OWN_VERDICT = ""  # the answer that leaves the finding as the scrubber has it
CONTEXT = 40

# Names that stay out of the text whoever says so; they are locked away for child and victim work.
SEALED_KINDS = frozenset({"VICTIM_NAME", "MINOR_NAME"})

_ANSWERS: tuple[tuple[Verdict, str | Promise], ...] = (
    (Verdict.REMOVE, _("Mine: take it out")),
    (Verdict.KEEP, _("Theirs: it is what I saw")),
    (Verdict.UNSURE, _("Not sure: hold it back")),
)
_SAYS: dict[Verdict, str | Promise] = {
    Verdict.REMOVE: _("Taken out. It is kept nowhere."),
    Verdict.KEEP: _("Left in. The agency sees it."),
    Verdict.UNSURE: _("Held back. The agency does not see it."),
}
_SEALED_SAYS = _(
    "Taken out of the text and locked away. Only staff for children and victims can open it."
)


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
    answers: tuple[Answer, ...]  # empty: there is nothing to decide


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text as written; with a mark when something was found in it."""

    words: str
    mark: Mark | None = None


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
            name = f"{pointer}:{one.id}"
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
    sealed = finding.kind in SEALED_KINDS and finding.verdict is Verdict.REMOVE
    decided = name in decisions
    return Mark(
        number=number,
        name=DECIDES + name,
        verdict=finding.verdict,
        before=_last_words(text[: finding.start]),
        words=text[finding.start : finding.end],
        after=_first_words(text[finding.end :]),
        where=where,
        says=_SEALED_SAYS if sealed else _SAYS[finding.verdict],
        answers=() if sealed else tuple(_answers(finding.verdict, decided=decided)),
    )


def _answers(verdict: Verdict, *, decided: bool) -> Iterator[Answer]:
    for value, label in _ANSWERS:
        chosen = value is verdict
        stands = chosen and not decided
        yield Answer(OWN_VERDICT if stands else value.value, label, chosen)


def stretches(text: str, found: Iterable[tuple[Finding, Mark]]) -> list[Stretch]:
    """The text cut at its findings; a finding inside another one is shown by the outer one."""
    pieces, at = [], 0
    for finding, mark in sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)):
        if finding.start < at:
            continue
        pieces += [Stretch(text[at : finding.start]), Stretch(mark.words, mark)]
        at = finding.end
    return [piece for piece in [*pieces, Stretch(text[at:])] if piece.words]


def text_at(draft: TipDraft, pointer: str) -> str:
    """The value that a pointer names, "/vehicles/0/features" or "/narrative"."""
    value: Any = draft
    for step in pointer.strip("/").split("/"):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return str(value)


def _last_words(text: str) -> str:
    line = text[-CONTEXT:]
    return ("…" + line.partition(" ")[2]) if len(text) > CONTEXT else line


def _first_words(text: str) -> str:
    line = text[:CONTEXT]
    return (line.rpartition(" ")[0] + "…") if len(text) > CONTEXT else line
