"""A tip without its writer: every free text of every part goes through the scrubber.

What is evidence by its own field (plate, web address, user name, ad phone, ZIP, codes) is kept as
it is; a web address loses what can name the person who pasted it. The name of a possible victim,
or of anyone who looks under 18, goes to the vault. Only a `Cleaned` can be stored.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeVar

from tipintake.privacy.scrub import (
    EvidenceKind,
    Finding,
    KnownEvidence,
    Verdict,
    evidence_in,
    scrub,
)
from tipintake.tips import models, ncic, online, plates, rooms
from tipintake.tips.draft import (
    LeadDraft,
    LocationDraft,
    Part,
    PersonDraft,
    Problem,
    TipDraft,
    needs_a_what,
    tame,
)
from tipintake.tips.fields import longest
from tipintake.tips.vocabulary import MinorPresent, PersonRole

FREE_TEXTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "vehicles": ("plate_state", "plate_type", "make", "model", "style", "colour1", "colour2",
                     "features"),
        "locations": ("name", "street", "unit", "cross_street", "city", "state", "highway",
                      "direction", "exit", "precision"),
        "persons": ("hair", "eyes", "marks", "clothing", "name_or_alias", "race"),
        "online": ("platform", "ad_alias"),
    }
)  # fmt: skip
_MODELS = {
    "vehicles": models.Vehicle,
    "locations": models.Place,
    "persons": models.PersonDescribed,
    "online": models.OnlineLead,
}
VAULT_KINDS = frozenset(("VICTIM_NAME", "MINOR_NAME"))
_SHORTER = {"[removed]": "[-]", "[held]": "[?]"}
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
_Part = TypeVar("_Part", bound=Part)
NO_DECISIONS: Mapping[str, Verdict] = MappingProxyType({})


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Words that are taken out of the clear text and sealed: held, or for the vault."""

    value: str
    pointer: str
    kind: str
    rule: str

    def __repr__(self) -> str:
        return f"<Secret {self.kind} of {self.pointer}>"


@dataclass(frozen=True, slots=True, repr=False)
class Evidence:
    """Evidence that stands in the scrubbed words, in the forms that search and links use."""

    kind: EvidenceKind
    value: str
    canonical: str
    skeleton: str = ""

    def __repr__(self) -> str:
        return f"<Evidence {self.kind}>"


@dataclass(frozen=True, slots=True, repr=False)
class Cleaned:
    """What may be kept of a draft. Made by `clean` alone."""

    draft: TipDraft
    findings: Mapping[str, tuple[Finding, ...]]  # by pointer; offsets into the text as typed
    held: tuple[Secret, ...]
    vault: tuple[Secret, ...]
    evidence: tuple[Evidence, ...]

    def __repr__(self) -> str:
        return f"<Cleaned {sum(map(len, self.findings.values()))} findings>"

    def problems(self) -> list[Problem]:
        """What is missing when only the scrubbed words count."""
        return [] if self.draft.says_what else [needs_a_what()]


@dataclass(slots=True)
class _Work:
    """The findings gathered while one draft is cleaned."""

    lang: str
    known: KnownEvidence
    decisions: Mapping[str, Verdict]
    findings: dict[str, tuple[Finding, ...]]
    held: list[Secret]
    vault: list[Secret]
    words: list[str]

    def cleaned(self, text: str, pointer: str) -> str:
        if not text:
            return text
        own = self._decisions_on(text, pointer)
        scrubbed = scrub(text, lang=self.lang, known=self.known, decisions=own)
        if scrubbed.findings:
            self.findings[pointer] = scrubbed.findings
        for finding in scrubbed.findings:
            secret = Secret(text[finding.start : finding.end], pointer, finding.kind, finding.rule)
            if finding.verdict is Verdict.UNSURE:
                self.held.append(secret)
            elif _is_vaulted(finding) and finding.id not in own:
                self.vault.append(secret)
        self.words.append(scrubbed.text)
        return scrubbed.text

    def sealed_name(self, name: str, pointer: str) -> None:
        """A whole field that goes to the vault, unless the person says that it is their own."""
        finding = Finding(0, len(name), Verdict.REMOVE, "VICTIM_NAME", "person-role")
        self.findings[pointer] = (finding,)
        if self.decisions.get(f"{pointer}:{finding.id}") is not Verdict.REMOVE:
            self.vault.append(Secret(name, pointer, finding.kind, finding.rule))

    def _decisions_on(self, text: str, pointer: str) -> dict[str, Verdict]:
        """The person's word on one field. A name for the vault can be destroyed, never kept."""
        mark = f"{pointer}:"
        own = {k.removeprefix(mark): v for k, v in self.decisions.items() if k.startswith(mark)}
        if not own:
            return own
        before = scrub(text, lang=self.lang, known=self.known)
        vaulted = {finding.id for finding in before.findings if _is_vaulted(finding)}
        return {k: v for k, v in own.items() if k not in vaulted or v is Verdict.REMOVE}


def _is_vaulted(finding: Finding) -> bool:
    return finding.verdict is Verdict.REMOVE and finding.kind in VAULT_KINDS


def clean(draft: TipDraft, *, decisions: Mapping[str, Verdict] = NO_DECISIONS) -> Cleaned:
    """Scrub every free text. `decisions` maps "<pointer>:<finding id>" to the resident's word."""
    work = _Work(
        lang=draft.language[:2].lower(),
        known=known_evidence(draft),
        decisions=decisions,
        findings={},
        held=[],
        vault=[],
        words=[],
    )
    cleaned = replace(
        draft,
        narrative=work.cleaned(tame(draft.narrative), "/narrative"),
        vehicles=_parts(work, "vehicles", draft.vehicles),
        locations=_parts(work, "locations", draft.locations),
        persons=_parts(work, "persons", draft.persons),
        online=_parts(work, "online", draft.online),
    )
    return Cleaned(
        draft=cleaned,
        findings=MappingProxyType(work.findings),
        held=tuple(work.held),
        vault=tuple(work.vault),
        evidence=tuple(_evidence(work.words)),
    )


def known_evidence(draft: TipDraft) -> KnownEvidence:
    """The values of structured fields: the scrubber keeps them wherever they stand."""
    return KnownEvidence(
        plates=_given(vehicle.plate_raw for vehicle in draft.vehicles),
        ad_phones=_given(lead.ad_phone for lead in draft.online),
        handles=_given(
            value
            for lead in draft.online
            for value in (lead.handle, lead.payment_tag, lead.ad_email)
        ),
        urls=_given(lead.url for lead in draft.online if online.is_url(lead.url)),
        rooms=_given(place.unit for place in draft.locations),
        addresses=_given(place.street for place in draft.locations),
    )


def is_for_the_vault(person: PersonDraft) -> bool:
    """The name of this person is a victim's or a minor's."""
    ages = [age for age in (person.age_from, person.age_to) if age is not None]
    return (
        person.role == PersonRole.POSSIBLE_VICTIM
        or person.looks_under_18 in {MinorPresent.YES, MinorPresent.POSSIBLY}
        or any(age < 18 for age in ages)
    )


def _given(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _parts(work: _Work, group: str, parts: tuple[_Part, ...]) -> tuple[_Part, ...]:
    return tuple(_part(work, group, part, f"/{group}/{at}") for at, part in enumerate(parts))


def _part(work: _Work, group: str, part: _Part, pointer: str) -> _Part:
    changed: dict[str, Any] = {}
    if isinstance(part, PersonDraft) and part.name_or_alias and is_for_the_vault(part):
        work.sealed_name(tame(part.name_or_alias), f"{pointer}/name_or_alias")
        changed["name_or_alias"] = ""
    if isinstance(part, LeadDraft) and online.is_url(part.url):
        changed["url"] = online.without_own_data(part.url)
    for field in _free_texts(group, part):
        if field not in changed:
            value = tame(getattr(part, field))
            known = ncic.knows(field, value)
            text = value if known else work.cleaned(value, f"{pointer}/{field}")
            changed[field] = _fitted(text, group, field)
    return replace(part, **changed)


def _free_texts(group: str, part: object) -> tuple[str, ...]:
    """The fields to scrub; a ZIP or web address that is none may hold anything."""
    names = FREE_TEXTS[group]
    if isinstance(part, LocationDraft) and not _ZIP.fullmatch(part.zip):
        return (*names, "zip")
    if isinstance(part, LeadDraft) and not online.is_url(part.url):
        return (*names, "url")
    return names


def _fitted(text: str, group: str, field: str) -> str:
    """Marks are longer than what they stand for: shorten them first, the words last."""
    limit = longest(_MODELS[group], field)
    if limit is None or len(text) <= limit:
        return text
    for mark, shorter in _SHORTER.items():
        text = text.replace(mark, shorter)
    return text[:limit]


def _evidence(texts: Iterable[str]) -> Iterator[Evidence]:
    seen: set[tuple[EvidenceKind, str]] = set()
    for text in texts:
        for found in evidence_in(text):
            evidence = _in_one_form(found.kind, found.value)
            if evidence.canonical and (evidence.kind, evidence.canonical) not in seen:
                seen.add((evidence.kind, evidence.canonical))
                yield evidence


def _in_one_form(kind: EvidenceKind, value: str) -> Evidence:
    if kind is EvidenceKind.PLATE:
        plate = plates.canonical(value)
        return Evidence(kind, value, plate, plates.skeleton(plate))
    if kind is EvidenceKind.URL:
        return Evidence(kind, online.without_own_data(value), online.canonical_url(value))
    if kind is EvidenceKind.PHONE:
        return Evidence(kind, value, online.e164(value) or online.digits(value))
    if kind is EvidenceKind.HANDLE:
        return Evidence(kind, value, online.canonical_handle(value))
    if kind is EvidenceKind.ROOM:
        return Evidence(kind, value, rooms.canonical(value))
    return Evidence(kind, value, value.strip().casefold())
