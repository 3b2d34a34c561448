"""`manage.py directory due|history|import`: what should be checked, what was, and a list that an
agency sent."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tipintake.region import agency_csv, care


class Command(BaseCommand):
    help = "Look after the directory: what is due for review, its history, lists from agencies."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("due", help="entries that somebody should check")
        history = what.add_parser("history", help="what happened to an entry")
        history.add_argument("table", choices=[*care.TABLES])
        history.add_argument("key", help="its code; of a contact its number")
        listing = what.add_parser("import", help="show what a CSV file would change; --apply does")
        listing.add_argument("file", type=Path)
        listing.add_argument("--table", choices=["line", "referral"], default="line")
        listing.add_argument("--apply", action="store_true", help="write what was shown")
        listing.add_argument("--source", default="", help="who sent it, and when")
        listing.add_argument("--by", default="", help="your name")

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        if what == "due":
            self._due()
        elif what == "history":
            self._history(options["table"], options["key"])
        else:
            self._import(options)

    def _due(self) -> None:
        for one in care.for_review(today=timezone.localdate()):
            since = f"due since {one.since}" if one.since else "never verified"
            self.stdout.write(f"{one.table.name} {care.key_of(one.table, one.entry)}: {since}")

    def _history(self, name: str, key: str) -> None:
        table = care.TABLES[name]
        entry = care.find(table, key)
        if entry is None:
            raise CommandError(f"There is no {name} {key!r}. `manage.py contact list` shows all.")
        for one in care.history_of(table, entry):
            fields = "; ".join(f"{field} {a!r} → {b!r}" for field, (a, b) in one.fields.items())
            parts = (f"{one.at:%Y-%m-%d}", one.get_act_display(), one.by, one.source, fields)
            self.stdout.write(" · ".join(filter(None, parts)))

    def _import(self, options: dict[str, Any]) -> None:
        try:
            text = agency_csv.decoded(options["file"].read_bytes())
            planned = agency_csv.plan(text, care.TABLES[options["table"]])
            for sentence in agency_csv.in_words(planned):
                self.stdout.write(sentence)
            if options["apply"]:
                now = timezone.now()
                count = agency_csv.apply(
                    planned,
                    source=options["source"],
                    by=options["by"],
                    now=now,
                    today=timezone.localdate(now),
                )
                self.stdout.write(f"{count} changed, {planned.same} were so already")
            else:
                self.stdout.write(
                    f"{len(planned.differences)} would change, {planned.same} are so already; "
                    "nothing was written (--apply writes it)"
                )
        except OSError as problem:
            raise CommandError(f"The file cannot be read: {problem.strerror}.") from None
        except agency_csv.CannotRead as problem:
            raise CommandError("\n".join(problem.sentences)) from None
        except care.NotKept as problem:
            raise CommandError(str(problem)) from None
