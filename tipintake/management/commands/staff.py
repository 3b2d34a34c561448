"""`manage.py staff add|list|password|roles|lines|disable|enable`: the accounts of the desk."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role, roles_of

ACTOR = "manage.py"


class Command(BaseCommand):
    help = "Make, list and change the accounts of the desk. Passwords are printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add", help="make an account")
        add.add_argument("name")
        add.add_argument("--role", action="append", required=True, choices=[*Role], dest="roles")
        add.add_argument("--line", action="append", default=[], dest="lines", metavar="CODE")
        what.add_parser("list", help="every account with its roles and lines")
        password = what.add_parser("password", help="give an account a new password")
        password.add_argument("name")
        roles = what.add_parser("roles", help="give an account exactly these roles")
        roles.add_argument("name")
        roles.add_argument("roles", nargs="+", choices=[*Role])
        lines = what.add_parser("lines", help="assign exactly these lines to an account")
        lines.add_argument("name")
        lines.add_argument("lines", nargs="*", metavar="CODE")
        for word in ("disable", "enable"):
            what.add_parser(word, help=f"{word} an account").add_argument("name")

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        try:
            self._do(what, options)
        except accounts.AccountProblem as problem:
            raise CommandError(str(problem)) from None

    def _do(self, what: str, options: dict[str, Any]) -> None:
        now = timezone.now()
        if what == "list":
            self._list()
            return
        name = options["name"]
        if what == "add":
            roles = [Role(one) for one in options["roles"]]
            self._show(
                name,
                accounts.create(name, roles=roles, lines=options["lines"], actor=ACTOR, now=now),
            )
        elif what == "password":
            self._show(name, accounts.set_password(name, actor=ACTOR, now=now))
        elif what == "roles":
            self._set_roles(name, [Role(one) for one in options["roles"]])
        elif what == "lines":
            accounts.set_lines(name, options["lines"], actor=ACTOR, now=now)
            self.stdout.write(f"{name} sees: {', '.join(options['lines']) or 'no line'}")
        else:
            accounts.set_active(name, active=what == "enable", actor=ACTOR, now=now)
            self.stdout.write(f"{name} is {what}d.")

    def _set_roles(self, name: str, roles: Sequence[Role]) -> None:
        accounts.set_roles(name, roles, actor=ACTOR, now=timezone.now())
        self.stdout.write(f"{name} is: {', '.join(roles)}")

    def _show(self, name: str, password: str) -> None:
        self.stdout.write(f"{name}: {password}")
        self.stdout.write("This password is shown once and kept nowhere.")

    def _list(self) -> None:
        table = Table("account", "roles", "lines", "state", "last log-on")
        for user in User.objects.prefetch_related("groups").order_by("username"):
            roles = roles_of(user)
            table.add_row(
                user.username,
                ", ".join(sorted(roles)),
                "every line"
                if Role.ADMIN in roles_of(user)
                else ", ".join(accounts.lines_of(user)),
                "active" if user.is_active else "disabled",
                f"{user.last_login:%Y-%m-%d %H:%M} UTC" if user.last_login else "never",
            )
        console = Console(file=self.stdout, force_terminal=False)  # type: ignore[arg-type]
        console.print(table)
