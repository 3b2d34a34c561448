"""`manage.py staff add|list|password|roles|lines|reset-mfa|deactivate|enable|code`: accounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.table import Column, Table

from tipintake.management.tables import print_table
from tipintake.pipeline import leaving, unseen
from tipintake.staff import accounts, factors
from tipintake.staff.roles import May, Role, acts_of, roles_of

ACTOR = "manage.py"
ROLES = [str(role) for role in Role]


class Command(BaseCommand):
    help = "Make, list, change and close the accounts of the desk. Passwords are printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        add = what.add_parser("add", help="make an account")
        add.add_argument("name")
        add.add_argument(
            "--role",
            action="append",
            required=True,
            choices=ROLES,
            dest="roles",
            help="what it may do, in docs/how-to/manage-accounts.md; may be repeated",
        )
        add.add_argument(
            "--line",
            action="append",
            default=[],
            dest="lines",
            metavar="CODE",
            help="a line whose tips it sees, such as wentzville-pd; may be repeated",
        )
        what.add_parser("list", help="every account with its roles and lines")
        password = what.add_parser("password", help="give an account a new password")
        password.add_argument("name")
        roles = what.add_parser("roles", help="give an account exactly these roles")
        roles.add_argument("name")
        roles.add_argument("roles", nargs="+", choices=ROLES)
        lines = what.add_parser("lines", help="assign exactly these lines to an account")
        lines.add_argument("name")
        lines.add_argument("lines", nargs="*", metavar="CODE")
        lines.add_argument("--also", action="store_true", help="besides those it has")
        reset = what.add_parser("reset-mfa", help="forget an account's second factors")
        reset.add_argument("name")
        leaves = what.add_parser(
            "deactivate", aliases=["disable"], help="hand over what somebody holds, and close"
        )
        leaves.add_argument("name")
        leaves.add_argument("--to", default="", metavar="NAME", help="who takes it over")
        leaves.add_argument(
            "--keep-tokens", action="store_true", help="agency tokens that they made go on"
        )
        what.add_parser("enable", help="open a closed account again").add_argument("name")
        code = what.add_parser("code", help="the code of the moment for a key shown at set-up")
        code.add_argument("key", nargs="+", metavar="KEY")

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
        if what == "code":
            self._code("".join(options["key"]), now)
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
            self._set_lines(name, options["lines"], also=options["also"], now=now)
        elif what == "reset-mfa":
            accounts.reset_factors(name, actor=ACTOR, now=now)
            self.stdout.write(f"{name} sets up a new second factor at the next log-on.")
        elif what == "enable":
            accounts.set_active(name, active=True, actor=ACTOR, now=now)
            self.stdout.write(f"{name} is enabled.")
        else:
            self._close(name, options["to"], keep_tokens=options["keep_tokens"])

    def _set_roles(self, name: str, roles: Sequence[Role]) -> None:
        accounts.set_roles(name, roles, actor=ACTOR, now=timezone.now())
        self.stdout.write(f"{name} is: {', '.join(roles)}")
        self._warn_of_unseen_lines()

    def _set_lines(self, name: str, codes: list[str], *, also: bool, now: datetime) -> None:
        if also:
            codes = sorted({*accounts.lines_of(accounts.named(name)), *codes})
        accounts.set_lines(name, codes, actor=ACTOR, now=now)
        self.stdout.write(f"{name} sees: {', '.join(codes) or 'no line'}")
        self._warn_of_unseen_lines()

    def _close(self, name: str, to: str, *, keep_tokens: bool) -> None:
        left = leaving.leave(name, to=to, keep_tokens=keep_tokens, actor=ACTOR, now=timezone.now())
        for kind, count in left.handed_over:
            self.stdout.write(f"handed over to {to}: {count} {kind}")
        if left.tokens_ended:
            self.stdout.write(f"agency tokens ended: {left.tokens_ended}")
        self.stdout.write(f"{name} is disabled.")
        self._warn_of_unseen_lines()

    def _code(self, key: str, now: datetime) -> None:
        """Reads nothing of any account: what an app would show for this key."""
        try:
            self.stdout.write(factors.code_at(key.upper(), now))
        except (ValueError, UnicodeError):
            raise CommandError("This is no key. The page that sets up an app shows it.") from None

    def _show(self, name: str, password: str) -> None:
        self.stdout.write(f"{name}: {password}")
        self.stdout.write(
            "This password is shown once and kept nowhere. It is good for the first log-on, "
            "where another is chosen and a second factor set up."
        )

    def _list(self) -> None:
        name, lines = Column("account", overflow="fold"), Column("lines", overflow="fold")
        table = Table(name, "roles", lines, "second factor", "state", "last log-on")
        for user in accounts.listed():
            assigned = sorted(one.line.code for one in user.memberships.all())
            table.add_row(
                user.username,
                ", ".join(sorted(roles_of(user))),
                "every line" if May.SEE_ALL_LINES in acts_of(user) else ", ".join(assigned),
                ", ".join(sorted(factors.kinds_of(user))) or "none yet",
                "active" if user.is_active else "disabled",
                f"{user.last_login:%Y-%m-%d %H:%M} UTC" if user.last_login else "never",
            )
        print_table(table, self.stdout)
        self._warn_of_unseen_lines()

    def _warn_of_unseen_lines(self) -> None:
        for sentence in unseen.in_words():
            self.stderr.write(self.style.WARNING(sentence))
