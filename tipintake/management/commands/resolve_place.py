"""Say where locations and words are."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tipintake.management.known_places import known_boundaries, known_places
from tipintake.management.lines_of_json import answer_lines
from tipintake.routing.explain import explain_place


class Command(BaseCommand):
    help = (
        'Where locations and words are. Reads {"id", "locations": […], "narrative"?} on each '
        "line of the input, writes one place on each line of the output, and keeps nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", help="JSON lines in, JSON lines out (the only form)"
        )

    def handle(self, *_args: Any, **_options: Any) -> None:
        gazetteer = known_places()
        boundaries = known_boundaries(gazetteer)

        def answer(row: dict[str, Any]) -> dict[str, Any]:
            return explain_place(row, gazetteer, boundaries=boundaries)

        answer_lines(sys.stdin.buffer, sys.stdout, answer, what="places resolved")
