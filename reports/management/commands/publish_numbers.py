"""`manage.py publish_numbers`: which quarters are due, what they would show, and publish one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from reports.statistics.publishing import CannotPublish, Figures, due, propose, publish
from reports.statistics.quarters import Quarter

ACTOR = "manage.py"


class Command(BaseCommand):
    help = (
        "Tips by county for everybody: without a quarter, says which are due. With one, shows "
        "what would be public, and with --yes publishes it, once and for good."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", nargs="?", default="", metavar="2026-Q1")
        parser.add_argument("--yes", action="store_true", help="publish it")

    def handle(self, *_args: Any, quarter: str, yes: bool, **_options: Any) -> None:
        now = timezone.now()
        if not quarter:
            codes = [one.code for one in due(now=now)]
            self.stdout.write("\n".join(codes) or "No quarter is due.")
            return
        asked = Quarter.read(quarter)
        if asked is None:
            raise CommandError("Name a quarter as 2026-Q1.")
        try:
            proposal = propose(asked, now=now)
            if yes:
                publish(asked, by=ACTOR, now=now)
        except CannotPublish as problem:
            raise CommandError(str(problem)) from None
        self._show(asked.code, proposal.figures)
        if proposal.year_figures is not None:
            self._show(str(asked.year), proposal.year_figures)
        self.stdout.write("It is public now." if yes else "Nothing is public yet: add --yes.")

    def _show(self, title: str, figures: Figures) -> None:
        table = Table("county", title)
        for code, name, told in [*figures["rows"], ("", "together", figures["total"])]:
            table.add_row(name or code, "not shown" if told is None else str(told))
        Console(file=self.stdout, width=80).print(table)  # type: ignore[arg-type]  # it writes
