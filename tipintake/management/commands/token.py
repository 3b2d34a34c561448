"""`manage.py token make|list|renew|revoke`: by which agencies ask for their own hand-offs."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.table import Column, Table

from tipintake.management.tables import print_table
from tipintake.staff import tokens
from tipintake.staff.models import PartnerToken
from tipintake.staff.tokens import Made, Scope

ACTOR = "manage.py"


class Command(BaseCommand):
    help = "Make, list, renew and revoke tokens of partner agencies. A token is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        make = what.add_parser("make", help="make a token for one or more lines")
        make.add_argument("name", help="the agency's system that will show it")
        make.add_argument("--line", action="append", required=True, dest="lines", metavar="CODE")
        make.add_argument("--scope", action="append", dest="scopes", choices=[*Scope])
        make.add_argument("--days", type=int, default=tokens.DAYS, help="good for so long (90)")
        what.add_parser("list", help="every token: whose, for what, until when")
        renew = what.add_parser("renew", help="a new token for the same; the old one ends")
        renew.add_argument("token", metavar="TOKEN", help="its public name, as `list` shows it")
        renew.add_argument("--days", type=int, default=tokens.DAYS)
        renew.add_argument(
            "--both-for",
            type=int,
            default=24,
            metavar="HOURS",
            help="the old one is good for so long beside it (24); 0 ends it at once",
        )
        what.add_parser("revoke", help="end a token at once").add_argument("token")

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        now = timezone.now()
        try:
            if what == "list":
                self._list()
            elif what == "make":
                made = tokens.make(
                    options["name"],
                    lines=options["lines"],
                    scopes=[Scope(one) for one in options["scopes"] or Scope],
                    days=options["days"],
                    actor=ACTOR,
                    now=now,
                )
                self._show(made)
            elif what == "renew":
                made = tokens.renew(
                    tokens.named(options["token"]),
                    days=options["days"],
                    both_good_for=timedelta(hours=options["both_for"]),
                    actor=ACTOR,
                    now=now,
                )
                self._show(made)
            else:
                tokens.revoke(tokens.named(options["token"]), actor=ACTOR, now=now)
                self.stdout.write(f"{options['token']} is revoked.")
        except tokens.TokenProblem as problem:
            raise CommandError(str(problem)) from None

    def _show(self, made: Made) -> None:
        ends = timezone.localtime(made.token.expires_at)
        self.stdout.write(f"{made.token.public} of {made.token.name}, good until {ends:%Y-%m-%d}")
        self.stdout.write("Hand this token to the agency. It is not shown again:")
        self.stdout.write(made.text)

    def _list(self) -> None:
        now = timezone.now()
        whole = Column("token", no_wrap=True)
        others = (Column(name, overflow="fold") for name in ("whose", "lines", "scopes", "until"))
        table = Table(whole, *others, "last used", "state")
        for one in PartnerToken.objects.prefetch_related("lines").order_by("name", "-made_at"):
            used = one.last_used_at
            table.add_row(
                one.public,
                one.name,
                ", ".join(sorted(line.code for line in one.lines.all())),
                ", ".join(one.scopes),
                f"{timezone.localtime(one.expires_at):%Y-%m-%d %H:%M}",
                f"{timezone.localtime(used):%Y-%m-%d %H:%M}" if used else "never",
                "over" if tokens.is_over(one, now=now) else "good",
            )
        print_table(table, self.stdout)
