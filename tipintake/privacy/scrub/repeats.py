"""Once removed, everywhere: repeats of a masked value go too, also in other case or in part."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

from tipintake.privacy.scrub.context import classes_of
from tipintake.privacy.scrub.features import Analysis, name_classes
from tipintake.privacy.scrub.findings import LEARNED, Finding, Verdict
from tipintake.privacy.scrub.labels import NAME_KINDS
from tipintake.privacy.scrub.lexicon import ordinary_words
from tipintake.privacy.scrub.shields import phone_key, squash
from tipintake.privacy.scrub.tokens import Token

SHORTEST_PIECE = 3
SHORTEST_PHRASE = 5
LONGEST_PHRASE = 12
OFTEN_SUSPECTED = frozenset("ex uncle tio stepdad stepfather padrastro husband marido".split())


def repeats(an: Analysis, findings: list[Finding], fields: frozenset[int]) -> list[Finding]:
    """The findings and one more for every repeat of a masked value outside them."""
    covered = covered_tokens(an, findings)
    words: dict[str, Finding] = {}
    phones: dict[str, Finding] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Finding]]] = {}
    for finding in findings:
        if finding.verdict is Verdict.KEEP:
            continue
        learn(an, finding, words, phones, phrases)
    extra: list[Finding] = []
    kept_neighbours = {at for at, finding in covered.items() if finding.verdict is Verdict.KEEP}
    for at, token in enumerate(an.tokens):
        if at in fields:
            continue
        owner = covered.get(at)
        if owner is not None and owner.verdict is not Verdict.KEEP:
            continue
        source = words.get(token.norm) if token.kind == "WORD" else None
        same = owner is None or is_same_name(an, owner, words)
        if source is not None and same and (owner or not beside(at, kept_neighbours, an)):
            extra.append(repeat_of(an, source, at, at))
            continue
        if token.kind in ("PHONE", "EMAIL", "HANDLE", "CODE", "URL"):
            key = phone_key(token.text) if token.kind == "PHONE" else squash(token.text)
            if key in phones:
                extra.append(repeat_of(an, phones[key], at, at))
                continue
        for phrase, source in phrases.get(token.norm, ()):
            end = at + len(phrase)
            span = range(at, end)
            if tuple(t.norm for t in an.tokens[at:end]) == phrase and not any(
                i in fields or i in covered for i in span
            ):
                extra.append(repeat_of(an, source, at, end - 1))
                break
    return without_overlap([*findings, *extra])


def is_same_name(an: Analysis, kept: Finding, words: dict[str, Finding]) -> bool:
    """A name that was kept, all of whose words belong to a masked name; by a cue, to a removed."""
    if kept.kind != "SUSPECT_NAME" or kept.rule not in (LEARNED, "suspect-cue"):
        return False
    inside = [t for t in tokens_between(an, kept.start, kept.end) if t.kind == "WORD"]
    sources = [words.get(t.norm) for t in inside]
    if kept.rule == "suspect-cue":
        return all(one is not None and one.verdict is Verdict.REMOVE for one in sources)
    return all(
        one is not None or t.norm in ordinary_words()
        for one, t in zip(sources, inside, strict=True)
    )


def beside(at: int, kept: set[int], an: Analysis) -> bool:
    """A surname inside another, kept, full name is part of that name."""
    return (at - 1 in kept and an.tokens[at - 1].kind == "WORD") or (
        at + 1 in kept and an.tokens[at + 1].kind == "WORD"
    )


def repeat_of(an: Analysis, source: Finding, first: int, last: int) -> Finding:
    return Finding(
        an.tokens[first].start, an.tokens[last].end, source.verdict, source.kind, "repeat"
    )


def covered_tokens(an: Analysis, findings: Iterable[Finding]) -> dict[int, Finding]:
    covered: dict[int, Finding] = {}
    at = 0
    for finding in findings:
        while at < len(an.tokens) and an.tokens[at].end <= finding.start:
            at += 1
        inside = at
        while inside < len(an.tokens) and an.tokens[inside].start < finding.end:
            covered[inside] = finding
            inside += 1
    return covered


def learn(
    an: Analysis,
    finding: Finding,
    words: dict[str, Finding],
    phones: dict[str, Finding],
    phrases: dict[str, list[tuple[tuple[str, ...], Finding]]],
) -> None:
    inside = [t for t in tokens_between(an, finding.start, finding.end) if t.kind != "LINE"]
    for token in inside:
        if token.kind == "PHONE":
            phones.setdefault(phone_key(token.text), finding)
        elif token.kind in ("EMAIL", "HANDLE", "CODE", "URL"):
            phones.setdefault(squash(token.text), finding)
        elif (
            finding.kind in NAME_KINDS
            and token.kind == "WORD"
            and len(token.norm) >= SHORTEST_PIECE
            and token.norm not in ordinary_words()
        ):
            words.setdefault(token.norm, finding)
    for before, token in itertools.pairwise(inside):
        if finding.kind not in NAME_KINDS and is_kins_name(before, token):
            words.setdefault(token.norm, held(finding))
    phrase = tuple(t.norm for t in inside)
    if 1 < len(phrase) <= LONGEST_PHRASE and len(squash("".join(phrase))) >= SHORTEST_PHRASE:
        phrases.setdefault(phrase[0], []).append((phrase, finding))


def held(finding: Finding) -> Finding:
    return replace(finding, kind="THIRD_PARTY", verdict=Verdict.UNSURE)


def is_kins_name(before: Token, token: Token) -> bool:
    """ "My sister peaches cleans with me", masked as work: a name that nothing took for one.

    Not an uncle's, who is told of as often for what he does.
    """
    is_kin = "kin" in classes_of(before) and before.norm not in OFTEN_SUSPECTED
    return is_kin and "nameonly" in name_classes(token)


def tokens_between(an: Analysis, start: int, end: int) -> list[Token]:
    low, high = 0, len(an.tokens)
    while low < high:
        middle = (low + high) // 2
        if an.tokens[middle].end > start:
            high = middle
        else:
            low = middle + 1
    found = []
    while low < len(an.tokens) and an.tokens[low].start < end:
        found.append(an.tokens[low])
        low += 1
    return found


def without_overlap(findings: list[Finding]) -> list[Finding]:
    """In order of the text; where a repeat overlaps a kept finding, the repeat wins."""
    out: list[Finding] = []
    for finding in sorted(findings, key=lambda f: (f.start, -f.end)):
        if out and finding.start < out[-1].end:
            if finding.rule == "repeat" and out[-1].verdict is Verdict.KEEP:
                out[-1] = finding
            continue
        out.append(finding)
    return out
