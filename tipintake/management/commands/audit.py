"""`manage.py audit verify|seal`: the chain over everything that staff and processes did."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tipintake.staff import audit


class Command(BaseCommand):
    help = "Chain new audit entries, or check that none was changed, removed or moved."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        verify = what.add_parser("verify", help="check the whole chain; exit code 1 if it broke")
        verify.add_argument(
            "--known", metavar="NUMBER:HASH", help="a head noted earlier outside this machine"
        )
        seal = what.add_parser("seal", help="chain what is not chained yet")
        seal.add_argument(
            "--new-head",
            action="store_true",
            help="replace a lost or contradicted head file, after you looked into it",
        )

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        if what == "verify":
            self._verify(options["known"])
        elif options["new_head"]:
            reached = audit.begin_new_head(actor="manage.py", now=timezone.now())
            self.stdout.write(f"The head file now holds {reached}.")
        else:
            sealed = audit.seal_chain(now=timezone.now())
            self.stdout.write(f"{sealed} entries chained. Head: {audit.head()}")

    def _verify(self, known: str | None) -> None:
        try:
            noted = audit.Head.parse(known) if known else None
        except ValueError:
            raise CommandError(
                "--known takes what an earlier `audit verify` printed: NUMBER:HASH."
            ) from None
        reached = audit.head()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("entries", total=reached.number)
            problems = audit.verify(
                known=noted, progress=lambda count: progress.update(bar, completed=count)
            )
        for sentence in problems:
            self.stdout.write(sentence)
        if problems:
            raise CommandError(f"The audit does not hold: {len(problems)} problems.")
        self.stdout.write(f"The audit holds: {reached.number} entries. Head: {reached}")
        self.stdout.write("Write that head down somewhere else; give it next time with --known.")
