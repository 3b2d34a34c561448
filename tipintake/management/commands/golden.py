"""Write or check the table of cases by which a policy officer reviews the routing policy."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tipintake.region.pack import read_pack
from tipintake.routing.golden import Judged, judge, table

CASES = "cases"
TABLE = "golden.csv"


class Command(BaseCommand):
    help = (
        "Decide every case with the files of the region pack and write its golden.csv. A case "
        "that is decided otherwise than it expects is an error, and nothing is written."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "cases", nargs="*", type=Path, help="JSON lines of cases (default: cases/ of the pack)"
        )
        parser.add_argument(
            "--check", action="store_true", help="compare with the table; write nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = Path(settings.REGIONS_DIR) / settings.REGION
        files = options["cases"] or _of_the_pack(folder)
        gazetteer = read_pack(folder).gazetteer()
        judged = [judge(case, gazetteer) for file in files for case in _cases(file)]
        self._refuse_differences(judged)
        text = table(judged)
        if not options["check"]:
            (folder / TABLE).write_text(text, encoding="utf-8")
            self.stdout.write(f"{len(judged)} cases hold; {folder / TABLE} is written.")
        elif not (folder / TABLE).is_file() or (folder / TABLE).read_text("utf-8") != text:
            raise CommandError(f"{folder / TABLE} is behind the cases: run `manage.py golden`.")
        else:
            self.stdout.write(f"{len(judged)} cases hold, and {TABLE} says the same.")

    def _refuse_differences(self, judged: list[Judged]) -> None:
        wrong = [f"{one.case}: {what}" for one in judged for what in one.differences]
        if wrong:
            raise CommandError("The policy is not what the cases expect:\n" + "\n".join(wrong))


def _of_the_pack(folder: Path) -> list[Path]:
    files = sorted((folder / CASES).glob("*.jsonl"))
    if not files:
        raise CommandError(
            f"The region pack {folder.name} has no cases, so nothing is compared. Write some into "
            f"{folder / CASES}/own.jsonl (docs/explanation/routing.md), or name a file of cases."
        )
    return files


def _cases(file: Path) -> Iterator[dict[str, Any]]:
    if not file.is_file():
        raise CommandError(f"{file} is missing; name a file of cases.")
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)
