"""`manage.py retain`: purge what has been kept for its time, or only say what is due."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tipintake.pipeline import jumps
from tipintake.pipeline.checkpoint import checkpoint
from tipintake.pipeline.retain import BATCH, due, purge_due
from tipintake.tips import retention

MOST_NAMED = 20
LAST_WAIT_MS = 5000
RESTS = (
    "Nothing was purged. The machine's time jumped or the first round was made within the last "
    "day, or no round was made for two days: see whether the time is right. If it is, add "
    "--although-time-jumped."
)


class Command(BaseCommand):
    help = (
        "Purge tips whose time is over: key, words, evidence and number. The sweep does the same "
        "each minute, a few at a time. --dry-run says what is due and changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument(
            "--although-time-jumped",
            action="store_true",
            help="purge although the machine's time jumped lately: you looked, and it is right",
        )

    def handle(
        self, *_args: Any, dry_run: bool, although_time_jumped: bool, **_options: Any
    ) -> None:
        now = timezone.now()
        console = Console(file=self.stdout)  # type: ignore[arg-type]  # it writes, which is enough
        total = _show(console, now)
        if dry_run:
            console.print("Nothing was changed.")
            return
        if jumps.rests(now=now) and not although_time_jumped:
            raise CommandError(RESTS)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("purging", total=total)
            purged = 0
            while done := purge_due(now=now, limit=BATCH):
                purged += done
                progress.update(bar, completed=purged)
        console.print(f"{purged} purged." if purged or total else "Nothing to purge.")
        if connection.vendor == "sqlite" and not checkpoint(patience_ms=LAST_WAIT_MS):
            console.print(
                "The write-ahead log could not be cut off: somebody reads. The sweep does it "
                "within minutes; until then the log may hold bytes of what was purged."
            )
        if left := sum(rule.free().count() for rule in due(now=now)):
            raise CommandError(
                f"{left} that are due were not purged and are whole. Where retain.failed stands "
                "above, it says why; else somebody had them open. Run this again; the sweep tries "
                "each minute."
            )


def _show(console: Console, now: datetime) -> int:
    """The table of what is due; how many may be purged."""
    table = Table(title="Kept for its time")
    for heading in ("rule", "days"):
        table.add_column(heading)
    for heading in ("to purge", "on legal hold"):
        table.add_column(heading, justify="right")
    total = 0
    for rule in due(now=now):
        free, held = rule.free().count(), rule.held().count()
        total += free
        table.add_row(rule.rule, str(rule.days), str(free), str(held))
    console.print(table)
    review = retention.to_review(now=now)
    count = review.count()
    if count:
        days = retention.REVIEW_OPEN_AFTER.days
        console.print(f"Open for more than {days} days, to be reviewed: {count}")
        named = review.values_list("reference", flat=True)[:MOST_NAMED]
        console.print("  " + "  ".join(named) + ("  …" if count > MOST_NAMED else ""))
    return total
