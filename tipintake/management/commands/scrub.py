"""Say what an agency would see of a text."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tipintake.management.lines_of_json import answer_lines
from tipintake.privacy.scrub import Finding, KnownEvidence, Writer, scrub
from tipintake.privacy.scrub.marks import masked_text
from tipintake.routing.explain import BadTip
from tipintake.tips.cleaning import with_tracking

LISTS = ("plates", "ad_phones", "handles", "urls", "rooms")


class Command(BaseCommand):
    help = (
        'A text without its writer. Reads {"id", "text", "lang"?, "fields"?} on each line of the '
        'input, writes {"id", "text", "findings"} on each line of the output, and keeps nothing.'
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", help="JSON lines in, JSON lines out (the only form)"
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        answer_lines(sys.stdin.buffer, sys.stdout, scrubbed, what="texts scrubbed")


def scrubbed(row: dict[str, Any]) -> dict[str, Any]:
    text, lang = row.get("text"), row.get("lang")
    if not isinstance(text, str):
        raise BadTip('This line has no text; write {"id": …, "text": "…"}.')
    if lang is not None and not isinstance(lang, str):
        raise BadTip('`lang` must be a string such as "en" or "es".')
    result = scrub(text, known=known_evidence(row.get("fields")), writer=Writer(told=True))
    findings = with_tracking(text, result.findings)
    return {"text": masked_text(text, findings), "findings": [shown(f) for f in findings]}


def shown(finding: Finding) -> dict[str, Any]:
    return {
        "start": finding.start,
        "end": finding.end,
        "verdict": finding.verdict.value,
        "kind": finding.kind,
        "rule": finding.rule,
    }


def known_evidence(fields: object) -> KnownEvidence:
    if fields is None:
        return KnownEvidence()
    if not isinstance(fields, dict):
        raise BadTip("`fields` must be an object of lists.")
    lists = {name: values(name, fields.get(name)) for name in LISTS}
    return KnownEvidence(**lists, addresses=values("address", fields.get("address")))


def values(name: str, given: object) -> tuple[str, ...]:
    """A list of strings, or one string."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        return tuple(given)
    raise BadTip(f"`fields.{name}` must be a list of strings.")
