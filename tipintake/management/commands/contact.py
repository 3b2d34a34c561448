"""`manage.py contact list|add|secret|try|stop|start`: who is told that a tip waits at a line."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.table import Column, Table

from tipintake.delivery import contacts
from tipintake.delivery.channels.base import Undelivered
from tipintake.delivery.channels.signing import SecretUnreadable
from tipintake.directory import lookup
from tipintake.directory.models import Contact
from tipintake.management.tables import print_table

ACTOR = "manage.py"
CHANNELS = (
    "email and webhook tell a machine outside; call_sheet: somebody of the desk telephones; "
    "console: it is shown on the desk alone"
)
ROLES = (
    "QUEUE is told when a tip comes (default), SUPERVISOR when nobody answers in time, "
    "COORDINATOR when nobody answers the second time"
)


class Command(BaseCommand):
    help = "Register endpoints of lines. A webhook's secret is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        listing = what.add_parser("list", help="every contact, or those of one line")
        listing.add_argument("line", nargs="?", metavar="LINE")
        add = what.add_parser("add", help="register an endpoint")
        add.add_argument("line", metavar="LINE", help="the line's code, such as wentzville-pd")
        add.add_argument("--channel", required=True, choices=Contact.Channel.values, help=CHANNELS)
        add.add_argument("--address", default="", help="https URL or e-mail address")
        add.add_argument("--role", default="QUEUE", choices=Contact.Role.values, help=ROLES)
        add.add_argument("--name", default="", help="who answers there")
        secret = what.add_parser("secret", help="give a webhook a new secret")
        secret.add_argument("id", type=int)
        secret.add_argument(
            "--both-for",
            type=int,
            default=24,
            metavar="HOURS",
            help="the old secret signs too for so long (24); 0 ends it at once",
        )
        for word, says in (
            ("try", "send a notice that says it is a trial"),
            ("stop", "send nothing more there"),
            ("start", "send there again"),
        ):
            what.add_parser(word, help=says).add_argument("id", type=int)

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        try:
            if what == "list":
                self._list(options["line"])
            elif what == "add":
                self._add(options)
            else:
                self._change(what, self._contact(options["id"]), options)
        except (contacts.ContactRefused, lookup.UnknownLine) as problem:
            raise CommandError(str(problem)) from None

    def _add(self, given: dict[str, Any]) -> None:
        made = contacts.register(
            lookup.line(given["line"]),
            role=given["role"],
            channel=given["channel"],
            address=given["address"],
            name=given["name"],
            actor=ACTOR,
            now=timezone.now(),
        )
        self.stdout.write(f"contact {made.contact.pk} of {given['line']} is registered")
        self._show_secret(made.secret)

    def _change(self, what: str, contact: Contact, given: dict[str, Any]) -> None:
        now = timezone.now()
        if what == "secret":
            both_for = timedelta(hours=given["both_for"])
            self._show_secret(
                contacts.renew_secret(contact, actor=ACTOR, now=now, both_for=both_for)
            )
        elif what == "try":
            try:
                contacts.try_out(contact, now=now)
            except Undelivered as failure:
                raise CommandError(f"not taken: {failure.reason}") from None
            except SecretUnreadable as fault:
                raise CommandError(f"not sent: {fault}") from None
            self.stdout.write("taken")
        else:
            contacts.switch(contact, active=what == "start", actor=ACTOR, now=now)
            says = "is told again" if contact.active else "is told nothing from now on"
            self.stdout.write(f"contact {contact.pk} of {contact.line.code} {says}")
            for sentence in lookup.answerable():
                self.stderr.write(self.style.WARNING(sentence))

    def _show_secret(self, secret: str) -> None:
        if secret:
            self.stdout.write("Hand this secret to the agency. It is not shown again:")
            self.stdout.write(secret)

    def _contact(self, pk: int) -> Contact:
        contact = Contact.objects.select_related("line").filter(pk=pk).first()
        if contact is None:
            raise CommandError(f"There is no contact {pk}. `manage.py contact list` shows all.")
        return contact

    def _list(self, line: str | None) -> None:
        rows = Contact.objects.select_related("line").order_by("line__code", "role", "pk")
        if line is not None:
            rows = rows.filter(line=lookup.line(line))
        line_code, address = Column("line", overflow="fold"), Column("address", overflow="fold")
        table = Table("id", line_code, "role", "channel", address, "name", "told")
        for row in rows:
            table.add_row(
                str(row.pk),
                row.line.code,
                row.role,
                row.channel,
                row.address,
                row.name,
                "yes" if row.active else "no",
            )
        print_table(table, self.stdout)
