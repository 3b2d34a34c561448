"""`manage.py sanitize FILE --out DIR`: a picture or PDF made anew, and what was removed."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tipintake.privacy.attachments import Unusable, sanitize


class Command(BaseCommand):
    help = "Make a picture or PDF anew from its pixels and say what the file held besides."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--out", type=Path, required=True, help="folder for the cleaned files")

    def handle(self, *_args: Any, file: Path, out: Path, **_options: Any) -> None:
        try:
            clean = sanitize(file.read_bytes())
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from None
        except Unusable as problem:
            raise CommandError(str(problem)) from None
        names = [f"{number:02}.jpg" for number in range(1, len(clean.pages) + 1)]
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name, page in zip(names, clean.pages, strict=True):
                (out / name).write_bytes(page)
        except OSError as problem:
            raise CommandError(f"{out} cannot be written: {problem.strerror}.") from None
        said = {
            "files": names,
            "kind": clean.kind,
            "removed": clean.removed,
            "taken_at": clean.taken_at,
            "taken_where": clean.taken_where,
        }
        self.stdout.write(json.dumps(said))
