"""`manage.py up`: the whole installation on one machine, until Ctrl-C."""

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from config import env, installation
from config.supervisor import StartFailed, Supervisor
from tipintake.files import CannotWrite
from tipintake.management.tables import first_accounts
from tipintake.privacy.keys import KeyMissing
from tipintake.region.entries import PackError
from tipintake.routing.models import Decision
from tipintake.staff.accounts import FirstAccount
from tipintake.tips.models import Tip
from tipintake.tips.own_keys import ForeignKeys

PROBLEMS = (
    env.SettingError,
    installation.AlreadyRunning,
    StartFailed,
    ForeignKeys,
    CannotWrite,
    KeyMissing,
    PackError,
)


class Command(BaseCommand):
    requires_system_checks = ()  # `check` is its own command; a start should not wait for it
    help = "Start the public web, desk web, worker and clock of one machine; stop with Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-samples", action="store_true", help="send no fictional tips on the first start"
        )

    def handle(self, *_args: Any, no_samples: bool, **_options: Any) -> None:
        try:
            with installation.held(settings.HOME):
                self._run(samples=not no_samples)
        except PROBLEMS as problem:
            raise CommandError(str(problem), returncode=2) from None

    def _run(self, *, samples: bool) -> None:
        supervisor = Supervisor(settings.HOME / "logs", self._say)
        supervisor.catch_signals()
        where = self._addresses()
        accounts = installation.prepare(now=timezone.now(), say=self._say)
        if accounts:  # at once: they are made, whether or not the start succeeds
            self._show_accounts(accounts, installation.desk_url(where))
        others = env.address("REDIS_URL", "")
        broker = None if others else installation.broker_socket(settings.HOME)
        redis_url = f"redis+socket://{broker}" if broker else settings.REDIS_URL
        if not broker:
            installation.reach_broker(redis_url)
        # A connection opened before the parts fork off belongs to this process alone.
        connections.close_all()
        try:
            for parts in installation.parts(where, broker, redis_url):
                if not supervisor.stopping:
                    supervisor.start(*parts)
            if not supervisor.stopping:
                self._welcome(where, supervisor, samples=samples)
            supervisor.watch()
        finally:
            supervisor.stop()

    def _addresses(self) -> installation.Addresses:
        return installation.addresses(
            env.number("PUBLIC_PORT", 8700, least=1, most=65535),
            env.number("DESK_PORT", 8701, least=1, most=65535),
            say=self._say,
        )

    def _welcome(
        self, where: installation.Addresses, supervisor: Supervisor, *, samples: bool
    ) -> None:
        if samples:
            references = installation.send_samples(where.public, settings.HOME, self._say)
            installation.wait_for(
                lambda: (
                    not Tip.objects.filter(
                        reference__in=references, routed_at__isnull=True
                    ).exists()
                ),
                seconds=30,
                stopping=lambda: supervisor.stopping,
            )
            if references:
                self._show_samples(references)
        connections.close_all()
        self._say(f"ready public={where.public} desk={where.desk}")

    def _show_accounts(self, accounts: list[FirstAccount], desk: str) -> None:
        self._print(first_accounts(accounts))
        self._say(
            f"Log on at {desk} once it is ready. Each password is good for the first log-on: "
            "there one chooses another and sets up a second factor. Without a telephone at hand, "
            "`manage.py staff code KEY` says the code for the key that the page shows."
        )

    def _show_samples(self, references: list[str]) -> None:
        table = Table("tip", "lines", "prio", "rule", "reason", title="Where the samples went")
        decisions = {
            decision.tip.reference: decision
            for decision in Decision.objects.filter(tip__reference__in=references)
            .select_related("tip")
            .order_by("pk")
        }
        for reference in references:
            decision = decisions.get(reference)
            if decision is None:
                table.add_row(reference, "waiting", "", "", "not routed yet")
                continue
            lines = "\n".join([decision.primary, *(f"+ {code}" for code in decision.also)])
            table.add_row(reference, lines, decision.priority, decision.rule, decision.because)
        self._print(table)

    def _print(self, table: Table) -> None:
        console = Console(file=self.stdout, force_terminal=False)  # type: ignore[arg-type]
        if not os.isatty(1):
            console.width = 150
        console.print(table)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
