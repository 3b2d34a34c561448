"""Scrub JSON lines: one text in, one scrubbed text with its findings out, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tipintake.privacy.scrub import KnownEvidence, scrub

FIELDS = ("plates", "ad_phones", "handles", "urls", "rooms")


class BadLine(ValueError):
    """A line that cannot be scrubbed; the message says what to write instead."""


class Command(BaseCommand):
    help = (
        "Read JSON lines from standard input and write each text without its writer: "
        '{"id", "text", "lang"?, "fields"?} in, {"id", "text", "findings"} out. '
        "Needs no database and no keys; nothing is kept."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--jsonl", action="store_true", help="JSON lines in, JSON lines out")

    def handle(self, *args: object, **options: object) -> None:
        if not options["jsonl"]:
            raise CommandError("Say --jsonl: the command reads and writes JSON lines.")
        for answer in answers(sys.stdin):
            write_line(self.stdout._out, answer)


def write_line(out: TextIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer, ensure_ascii=True) + "\n")
    out.flush()


def answers(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield answer_to(line, number)


def answer_to(line: str, number: int) -> dict[str, Any]:
    identity: object = None
    try:
        row = read_row(line, number)
        identity = row.get("id")
        return scrubbed_row(row, number)
    except BadLine as error:
        return {"id": identity, "error": str(error)}


def read_row(line: str, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLine(f"Line {number} is not JSON: write one object a line.") from None
    if not isinstance(row, dict):
        raise BadLine(f"Line {number} is not an object with id and text.")
    return row


def scrubbed_row(row: dict[str, Any], number: int) -> dict[str, Any]:
    text, lang = row.get("text"), row.get("lang")
    if not isinstance(text, str):
        raise BadLine(f"Line {number} has no text: give it as a string.")
    if lang is not None and not isinstance(lang, str):
        raise BadLine(f'Line {number}: lang must be a string such as "en" or "es".')
    scrubbed = scrub(text, lang=lang, known=known_of(row.get("fields"), number))
    return {
        "id": row.get("id"),
        "text": scrubbed.text,
        "findings": [
            {
                "start": f.start,
                "end": f.end,
                "verdict": f.verdict.value,
                "kind": f.kind,
                "rule": f.rule,
            }
            for f in scrubbed.findings
        ],
    }


def known_of(fields: object, number: int) -> KnownEvidence:
    if fields is None:
        return KnownEvidence()
    if not isinstance(fields, dict):
        raise BadLine(f"Line {number}: fields must be an object.")
    values = {name: texts(fields.get(name), name, number) for name in FIELDS}
    addresses = texts(fields.get("address"), "address", number)
    return KnownEvidence(**values, addresses=addresses)


def texts(value: object, name: str, number: int) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise BadLine(f"Line {number}: fields.{name} must be a list of strings.")
