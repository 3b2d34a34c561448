"""Say where tips would go and why."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from tipintake.management.known_places import known_boundaries, known_places, known_policy
from tipintake.management.lines_of_json import answer_lines
from tipintake.routing.explain import explain


class Command(BaseCommand):
    help = (
        'Where tips would go and why. Reads {"id", "tip": {… as the API takes it …}} on each '
        "line of the input, writes one decision on each line of the output, and keeps nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", help="JSON lines in, JSON lines out (the only form)"
        )
        parser.add_argument(
            "--policy", type=int, metavar="VERSION", help="explain by this version of the policy"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        gazetteer, policy = known_places(), known_policy(options["policy"])
        boundaries = known_boundaries(gazetteer)

        def answer(row: dict[str, Any]) -> dict[str, Any]:
            return explain(
                row.get("tip"),
                gazetteer,
                policy=policy,
                boundaries=boundaries,
                at=timezone.now(),
            )

        answer_lines(sys.stdin.buffer, sys.stdout, answer, what="tips explained")
