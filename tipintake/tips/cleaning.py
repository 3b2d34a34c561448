"""A tip without its writer: every free text of every part goes through the scrubber.

What is evidence by its own field (plate, web address, user name, ad phone, ZIP, codes) is kept as
it is; a web address loses what can name the person who pasted it. The name of a possible victim,
or of anyone who may be under 18, goes to the vault. Only a `Cleaned` can be stored.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from string import punctuation
from types import MappingProxyType
from typing import Any, Final, TypeVar

from django.utils.translation import gettext as _

from tipintake.privacy.scrub import (
    EvidenceKind,
    Finding,
    KnownEvidence,
    Scrubbed,
    Verdict,
    Writer,
    evidence_in,
    scrub,
)
from tipintake.privacy.scrub.findings import IN_A_FIELD
from tipintake.privacy.scrub.labels import NAME_KINDS, VAULT_KINDS
from tipintake.privacy.scrub.marks import MARK, masked_text
from tipintake.privacy.scrub.readable import readable
from tipintake.privacy.scrub.restraint import speaks_without_i
from tipintake.tips import models, ncic, online, plates, repeats, rooms
from tipintake.tips.draft import (
    ENOUGH_WORDS,
    NEEDS_A_WHAT,
    LeadDraft,
    LocationDraft,
    Part,
    Problem,
    TipDraft,
    characters_left,
    tame,
)
from tipintake.tips.fields import longest
from tipintake.tips.protected import names_to_seal
from tipintake.tips.said import NO_DECISIONS, key_of, not_to_be_seen, words_of

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
# Evidence by their own field, but for words in which somebody speaks of themselves.
OWN_FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "vehicles": ("plate_raw",),
        "online": ("handle", "ad_phone", "ad_email", "payment_tag"),
    }
)
_MODELS = {
    "vehicles": models.Vehicle,
    "locations": models.Place,
    "persons": models.PersonDescribed,
    "online": models.OnlineLead,
}
_SHORTER = {"[removed]": "[-]", "[held]": "[?]"}
HELD: Final = "[held]"
WHOLE_NAME: Final = "person-role"  # the rule for a name that goes to the vault with its field
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII)
# A highway or exit that is written like one is evidence by its shape: "I-70 West", "229B",
# "US-40/I-64", "autopista I-70".
_ROAD = (
    r"(?:(?:I|IH|US|MO|IL|SR|RT|RTE|ROUTE|RUTA|HWY|HIGHWAY|INTERSTATE|INTERESTATAL|AUTOPISTA"
    r"|CARRETERA|EXIT|SALIDA|MILE MARKER|MM)[ .-]{0,2}){%s,3}\d{1,3}[A-Z]?"
    r"(?: (?:N|S|E|W|NORTH|SOUTH|EAST|WEST)(?:BOUND)?)?"
)
_SHAPES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "highway": re.compile(
            f"{_ROAD % 0}(?:[ /&,]{{1,3}}{_ROAD % 1})?", re.ASCII | re.IGNORECASE
        ),
        "exit": re.compile(r"(?:EXIT |SALIDA )?\d{1,3}[ -]?[A-F]?", re.ASCII | re.IGNORECASE),
    }
)
_KIND_IF_MINE: Final = MappingProxyType(
    {
        "plate_raw": "REPORTER_VEHICLE",
        "ad_phone": "REPORTER_CONTACT",
        "ad_email": "REPORTER_CONTACT",
        "handle": "REPORTER_ACCOUNT",
        "payment_tag": "REPORTER_ACCOUNT",
        "url": "REPORTER_ACCOUNT",
    }
)
_IN_ONE_FORM: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "plate_raw": plates.canonical,
        "ad_phone": lambda words: online.e164(words) or online.digits(words),
        "ad_email": str.casefold,
        "handle": online.canonical_handle,
        "payment_tag": online.canonical_payment_tag,
        "url": online.canonical_url,
    }
)
_Part = TypeVar("_Part", bound=Part)
NOTHING_KNOWN: Final = KnownEvidence()
_REACHES_ONE: Final = re.compile(r"[@/_\d]|\w\.\w")
_LEAST_NUMBER, _LEAST_PLATE, _LEAST_NAME = 7, 4, 4
_Read = dict[tuple[str, KnownEvidence, Writer], Scrubbed]
_read: ContextVar[_Read | None] = ContextVar("read", default=None)


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Words that are taken out of the clear text and sealed: held, or for the vault."""

    value: str
    pointer: str
    kind: str
    rule: str
    mark: int = 0  # of held words: which [held] of the text stands for them, from 0

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
        """What is missing when only the scrubbed words count, and those that are held."""
        held = sum(len(one.value) for one in self.held if one.pointer == "/narrative")
        if self.draft.says_what or characters_left(self.draft.narrative) + held >= ENOUGH_WORDS:
            return []
        return [
            Problem(
                "",
                NEEDS_A_WHAT,
                _(
                    "What points to you, or names someone who may be harmed, is taken out of your "
                    "words, and too little is left of them. Add what you saw, tick a sign, or say "
                    "of each part whose it is."
                ),
            )
        ]


@contextmanager
def reading_once() -> Iterator[None]:
    """Within it no text is read twice: with and without the person's word on it, to show it and
    to send it. What was read is forgotten with the block."""
    if _read.get() is not None:
        yield
        return
    before = _read.set({})
    try:
        yield
    finally:
        _read.reset(before)


def _read_through(text: str, known: KnownEvidence, writer: Writer) -> Scrubbed:
    read = _read.get()
    if read is None:
        return scrub(text, known=known, writer=writer)
    if (text, known, writer) not in read:
        read[text, known, writer] = scrub(text, known=known, writer=writer)
    return read[text, known, writer]


def clean(
    draft: TipDraft,
    *,
    decisions: Mapping[str, Verdict] = NO_DECISIONS,
    also_known: KnownEvidence = NOTHING_KNOWN,
) -> Cleaned:
    """Scrub every free text. `decisions` maps the key of a finding (said.py) to the person's word;
    `also_known` is evidence that stands in fields outside this draft."""
    work = _Work(
        known=joined(known_evidence(draft), also_known),
        decisions=decisions,
        not_to_be_seen=not_to_be_seen(decisions),
        captive=draft.reporter_is_victim,
        names=(names := dict(names_to_seal(draft))),
        texts={at: text for at, text in _free_texts(draft) if at not in names},
        evidence=dict(_evidence_by_its_field(draft)),
    )
    findings = work.findings()
    words = {
        pointer: masked_text(work.text_at(pointer), ones)
        for pointer, ones in findings.items()
        if pointer not in names
    }
    held, vault = _secrets(work, findings)
    return Cleaned(
        draft=_with_words(draft, {**words, **dict.fromkeys(names, "")}),
        findings=MappingProxyType({pointer: ones for pointer, ones in findings.items() if ones}),
        held=tuple(held),
        vault=tuple(vault),
        evidence=tuple(_evidence(words.values())),
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Work:
    """The texts of one draft by pointer, and the person's word on them."""

    known: KnownEvidence
    decisions: Mapping[str, Verdict]
    not_to_be_seen: Mapping[str, Verdict]  # by words: once taken out, everywhere
    captive: bool  # the writer is the one in the situation
    names: Mapping[str, str]  # whole fields that go to the vault
    texts: Mapping[str, str]
    evidence: Mapping[str, str]  # evidence by its own field, that is none of these texts

    def text_at(self, pointer: str) -> str:
        found = (one for one in (self.names, self.texts) if pointer in one)
        return next(found, self.evidence)[pointer]

    def findings(self) -> dict[str, tuple[Finding, ...]]:
        """All findings: in each text by itself, and repeats of what was taken from another."""
        found = {pointer: self._scrubbed(text, pointer) for pointer, text in self.texts.items()}
        mine = repeats.patterns_of(self._mine(found))
        for pointer, text in self.texts.items() if mine else ():
            again = repeats.said_again(text, mine, found[pointer])
            ruled = (self._ruled(finding, pointer) for finding in again)
            found[pointer] = tuple(sorted([*found[pointer], *ruled], key=lambda one: one.start))
        found |= self._evidence_that_is_mine(found)
        for pointer, name in self.names.items():
            found[pointer] = (Finding(0, len(name), Verdict.REMOVE, "VICTIM_NAME", WHOLE_NAME),)
        taken = list(
            dict.fromkeys(repeats.taken_out({at: self.text_at(at) for at in found}, found))
        )
        for pointer, text in self.texts.items() if taken else ():
            settled = [one for one in found[pointer] if self._is_settled(one, pointer)]
            new = repeats.repeats(text, pointer, taken, settled)
            clear = (
                one for one in found[pointer] if not any(_touches(one, other) for other in new)
            )
            ruled = (self._ruled(finding, pointer) for finding in new)
            found[pointer] = tuple(sorted([*clear, *ruled], key=lambda one: one.start))
        return found

    def _is_settled(self, one: Finding, pointer: str) -> bool:
        """What was merely let stand goes too where it repeats what was taken from another text;
        not what is evidence by a field of its own, nor what the person has spoken on."""
        kept = one.verdict is Verdict.KEEP and one.rule not in IN_A_FIELD
        return not kept or self.said(one, pointer) is not None

    def said(self, finding: Finding, pointer: str) -> Verdict | None:
        """The person's own word on a finding, if there is one."""
        return self.decisions.get(key_of(pointer, self.text_at(pointer), finding))

    def _said_elsewhere(self, finding: Finding, pointer: str) -> Verdict | None:
        """The person's word on the same words elsewhere, where it is the stricter one."""
        said = self.not_to_be_seen.get(words_of(key_of(pointer, self.text_at(pointer), finding)))
        is_stricter = said is Verdict.REMOVE or finding.verdict is Verdict.KEEP
        return said if is_stricter else None

    def _mine(self, found: Mapping[str, tuple[Finding, ...]]) -> list[str]:
        """The words that the person said are to be taken out."""
        return [
            self.texts[pointer][one.start : one.end]
            for pointer, ones in found.items()
            for one in ones
            if pointer in self.texts and self.said(one, pointer) is Verdict.REMOVE
        ]

    def _evidence_that_is_mine(
        self, found: Mapping[str, Sequence[Finding]]
    ) -> dict[str, tuple[Finding, ...]]:
        """Of what the person said that it is theirs, or that they are not sure, a field that was
        filled in with the same is no evidence either."""
        said = [
            (self.texts[pointer][one.start : one.end], verdict)
            for pointer, ones in found.items()
            for one in ones
            if (verdict := self.said(one, pointer)) in MARK and one.kind not in NAME_KINDS
        ]
        mine: dict[str, tuple[Finding, ...]] = {}
        for pointer, value in self.evidence.items() if said else ():
            field = pointer.rpartition("/")[2]
            same = [(words, said_so) for words, said_so in said if _is_within(field, words, value)]
            if same:
                is_one = any(
                    said_so is Verdict.REMOVE and _are_one(field, words, value)
                    for words, said_so in same
                )
                verdict = Verdict.REMOVE if is_one else Verdict.UNSURE
                finding = Finding(0, len(value), verdict, _KIND_IF_MINE[field], repeats.RULE)
                mine[pointer] = (self._ruled(finding, pointer),)
        return mine

    def _scrubbed(self, text: str, pointer: str) -> tuple[Finding, ...]:
        """The scrubber's findings; then the person's own word on each."""
        is_told = pointer == "/narrative"
        writer = Writer(captive=self.captive, short_field=not is_told, told=is_told)
        scrubbed = _read_through(text, self.known, writer)
        told = tuple(one for one in scrubbed.findings if not _is_a_held_comma(text, one))
        traced = with_tracking(text, told)
        return tuple(self._ruled(finding, pointer) for finding in traced)

    def _ruled(self, finding: Finding, pointer: str) -> Finding:
        """A name for the vault can be destroyed by the person, never kept."""
        said = self.said(finding, pointer) or self._said_elsewhere(finding, pointer)
        if said is None or _is_vaulted(finding):
            return finding
        return replace(finding, verdict=said, overruled=finding.verdict)


def with_tracking(text: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """And what a pasted web address says of the person who shared it."""
    told = [
        Finding(start, end, Verdict.REMOVE, "META", "tracking-parameter")
        for start, end in online.own_data_in(text)
        if not any(
            one.start < end and start < one.end and one.verdict is not Verdict.KEEP
            for one in findings
        )
    ]
    if not told:
        return findings
    clear = (one for one in findings if not any(_touches(one, tracking) for tracking in told))
    return tuple(sorted([*clear, *told], key=lambda one: one.start))


def _is_a_held_comma(text: str, finding: Finding) -> bool:
    """Nobody is named by it, and nobody can say whose it is."""
    words = text[finding.start : finding.end].strip()
    return finding.verdict is Verdict.UNSURE and all(char in punctuation for char in words)


def _touches(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _is_vaulted(finding: Finding) -> bool:
    return finding.verdict is Verdict.REMOVE and finding.kind in VAULT_KINDS


def _secrets(
    work: _Work, findings: Mapping[str, tuple[Finding, ...]]
) -> tuple[list[Secret], list[Secret]]:
    """What is held, in the order of the texts; and what goes to the vault, each name once."""
    held: list[Secret] = []
    vault: dict[str, Secret] = {}
    own_names: set[str] = set()
    for pointer, ones in findings.items():
        text = work.text_at(pointer)
        held += _held_in(text, pointer, ones)
        for one in ones:
            secret = Secret(text[one.start : one.end], pointer, one.kind, one.rule)
            name = secret.value.casefold()
            if _is_vaulted(one) and work.said(one, pointer) is Verdict.REMOVE:
                own_names.add(name)
            elif _is_vaulted(one) and one.rule != repeats.RULE:
                vault.setdefault(name, secret)
    return held, [secret for name, secret in vault.items() if name not in own_names]


def _held_in(text: str, pointer: str, findings: tuple[Finding, ...]) -> Iterator[Secret]:
    """The held stretches of one text: one for each mark, as `masked_text` merges neighbours.
    One with a name in it that may be for the vault is of that kind."""
    runs: list[list[Finding]] = []
    last: Finding | None = None
    for one in findings:
        if one.verdict is Verdict.KEEP:
            continue
        merges = last is not None and last.verdict is one.verdict
        if one.verdict is Verdict.UNSURE:
            if runs and merges and not text[runs[-1][-1].end : one.start].strip():
                runs[-1].append(one)
            else:
                runs.append([one])
        last = one
    for run in runs:
        start, words = run[0].start, text[run[0].start : run[-1].end]
        earlier = [one for one in findings if one.start < start]
        mark = masked_text(text[:start], earlier).count(HELD)
        told = next((one for one in run if one.kind in VAULT_KINDS), run[0])
        yield Secret(words, pointer, told.kind, told.rule, mark)


def known_evidence(draft: TipDraft) -> KnownEvidence:
    """The values of structured fields: the scrubber keeps them wherever they stand."""
    urls = (online.without_own_data(lead.url) for lead in draft.online if online.is_url(lead.url))
    return _known(draft.vehicles, draft.online, draft.locations, urls)


def evidence_of_tip(tip: models.Tip) -> KnownEvidence:
    """The same of a tip that is kept, for words that come later."""
    leads = tip.online.all()
    urls = (one.url for one in leads if online.is_url(one.url))
    return _known(tip.vehicles.all(), leads, tip.locations.all(), urls)


def _known(
    vehicles: Iterable[Any], leads: Iterable[Any], places: Iterable[Any], urls: Iterator[str]
) -> KnownEvidence:
    own = {**_shields("vehicles", vehicles), **_shields("online", leads)}
    return KnownEvidence(
        plates=own["plate_raw"],
        ad_phones=own["ad_phone"],
        handles=tuple(dict.fromkeys((*own["handle"], *own["payment_tag"], *own["ad_email"]))),
        urls=_given(urls),
        rooms=_given(one.unit for one in places if not _speaks(one.unit)),
        addresses=_given(one.street for one in places if not _speaks(one.street)),
    )


# "1200 Main St, call me at 314-555-0161" is no address that shields its own words.
_REACHES_OR_SPEAKS = re.compile(
    r"@|\d{3}\D{0,3}\d{3}\D{0,3}\d{4}|\b(?:i|i'm|im|my|me|we|our|mi|mis|yo|soy|call|text|llam\w{1,6})\b",
    re.IGNORECASE,
)


# "my cell 314-555-0124, his unknown" is no number that shields itself; "@my.own.page" is one word,
# "mi 7kd m41" a plate of Michigan and "MY BENZ" one that somebody paid for.
_TELLS = re.compile(
    r"(?<!\S)[(\[\"“'‘]?"
    r"(?:i|i['’]?m|im|my|mine|me|we|our|ours|yo|soy|mi|mis|m[ií][oa]s?|nuestr[oa]s?)"
    r"[)\]\"”'’]?(?=[\s:,;.]|$)",
    re.IGNORECASE,
)


_STATE_FIRST = re.compile(
    r"m[ei][ -]{1,2}(?!van|suv|car|bus)(?=[a-z -]{0,8}\d)(?:[a-z\d]{1,3}[ -]?)?[a-z\d]{1,5}",
    re.IGNORECASE | re.ASCII,
)


_REACHES: Final = frozenset({EvidenceKind.PHONE, EvidenceKind.EMAIL})


def _speaks(value: str) -> bool:
    """However it is written: "1200 Main St, joan dot moore at gmail" reaches somebody too."""
    plain = readable(value).text
    if _REACHES_OR_SPEAKS.search(plain) is not None or speaks_without_i(plain):
        return True
    return any(one.kind in _REACHES for one in evidence_in(value))


def _tells_of_its_writer(field: str, value: str) -> bool:
    words = readable(value).text.strip()
    is_a_plate = words.isupper() or _STATE_FIRST.fullmatch(words) is not None
    if not any(map(str.isspace, words)) or (field == "plate_raw" and is_a_plate):
        return False
    return _TELLS.search(words) is not None


def _shields(group: str, parts: Iterable[Any]) -> dict[str, tuple[str, ...]]:
    """By field, the values that the scrubber keeps wherever they stand."""
    return {
        field: _given(
            value
            for part in parts
            if not _tells_of_its_writer(field, value := getattr(part, field))
        )
        for field in OWN_FIELDS[group]
    }


def joined(one: KnownEvidence, other: KnownEvidence) -> KnownEvidence:
    return KnownEvidence(
        **{fact.name: getattr(one, fact.name) + getattr(other, fact.name) for fact in fields(one)}
    )


def evidence_in_words(*texts: str) -> list[Evidence]:
    """Evidence that stands in scrubbed words, each once."""
    return list(_evidence(texts))


def _given(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _free_texts(draft: TipDraft) -> Iterator[tuple[str, str]]:
    """Pointer and text of everything that has to be scrubbed."""
    if draft.narrative:
        yield "/narrative", tame(draft.narrative)
    for group in FREE_TEXTS:
        for at, part in enumerate(getattr(draft, group)):
            for field in _fields_to_scrub(group, part):
                text = tame(getattr(part, field))
                if text and not (ncic.knows(field, text) or _has_its_shape(field, text)):
                    yield f"/{group}/{at}/{field}", text


def _evidence_by_its_field(draft: TipDraft) -> Iterator[tuple[str, str]]:
    """Pointer and value of what is kept as it is, unless the person says that it is theirs."""
    for group, names in OWN_FIELDS.items():
        for at, part in enumerate(getattr(draft, group)):
            for field in (*names, "url") if isinstance(part, LeadDraft) else names:
                value = tame(getattr(part, field))
                if value and field not in set(_fields_to_scrub(group, part)):
                    yield f"/{group}/{at}/{field}", value


def _are_one(field: str, words: str, value: str) -> bool:
    """The field holds this and nothing else."""
    if field == "ad_phone":
        return _national(words) == _national(value) != ""
    return words == value or _IN_ONE_FORM[field](words) == _IN_ONE_FORM[field](value) != ""


def _is_within(field: str, words: str, value: str) -> bool:
    """The field holds this, perhaps beside something else that may be evidence."""
    if _are_one(field, words, value):
        return True
    if field == "ad_phone":
        return len(own := _national(words)) >= _LEAST_NUMBER and own in online.digits(value)
    if field == "plate_raw":
        said = [one.value for one in evidence_in(words) if one.kind is EvidenceKind.PLATE]
        found = map(plates.canonical, said)
        return any(len(own) >= _LEAST_PLATE and own in plates.canonical(value) for own in found)
    if _REACHES_ONE.search(words) is None:
        return False  # a town that is the writer's stands in the address of an ad too
    own = re.split(r"[/@\s]", words.casefold().strip("/@ "))[-1].split("?")[0]
    if field == "ad_email" and "@" in words:
        own = words.casefold().strip()
    return (
        len(own) >= _LEAST_NAME
        and re.search(rf"(?<![\w.-]){re.escape(own)}(?![\w-]|\.\w)", value.casefold()) is not None
    )


def _national(words: str) -> str:
    return online.digits(words).removeprefix("1")


def _has_its_shape(field: str, text: str) -> bool:
    shape = _SHAPES.get(field)
    return shape is not None and shape.fullmatch(text) is not None


def _fields_to_scrub(group: str, part: Part) -> Iterator[str]:
    """A ZIP or web address that is none may hold anything, and so may words in other fields."""
    yield from FREE_TEXTS[group]
    for field in OWN_FIELDS.get(group, ()):
        if _tells_of_its_writer(field, getattr(part, field)):
            yield field
    if isinstance(part, LocationDraft) and not _ZIP.fullmatch(part.zip):
        yield "zip"
    if isinstance(part, LeadDraft) and not online.is_url(part.url):
        yield "url"


def _with_words(draft: TipDraft, words: Mapping[str, str]) -> TipDraft:
    """The draft with each text as it was left, and nothing in a field whose name is sealed."""
    return replace(
        draft,
        narrative=words.get("/narrative", ""),
        vehicles=_parts_with_words(words, "vehicles", draft.vehicles),
        locations=_parts_with_words(words, "locations", draft.locations),
        persons=_parts_with_words(words, "persons", draft.persons),
        online=_parts_with_words(words, "online", draft.online),
    )


def _parts_with_words(
    words: Mapping[str, str], group: str, parts: tuple[_Part, ...]
) -> tuple[_Part, ...]:
    return tuple(_part_with_words(words, group, part, at) for at, part in enumerate(parts))


def _part_with_words(words: Mapping[str, str], group: str, part: _Part, at: int) -> _Part:
    changed: dict[str, Any] = {}
    for field in (*FREE_TEXTS[group], *OWN_FIELDS.get(group, ()), "zip", "url"):
        pointer = f"/{group}/{at}/{field}"
        if pointer in words:
            changed[field] = _fitted(words[pointer], group, field)
    if isinstance(part, LeadDraft) and online.is_url(part.url) and "url" not in changed:
        changed["url"] = online.without_own_data(part.url)
    return replace(part, **changed)


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
