"""`manage.py demo`: fill an empty installation with made-up tips; score what finds their rings."""

import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from config import env, installation
from tipintake.demo.guard import (
    Unwanted,
    refuse_among_real_tips,
    refuse_where_somebody_is_told,
)
from tipintake.demo.plan import LEAST, MOST, plan
from tipintake.demo.scenery import NoScenery, read_scenery
from tipintake.demo.score import Score, score
from tipintake.demo.send import Sent, send
from tipintake.demo.suggested import suggested_pairs
from tipintake.demo.truth import FILE, NotTruth, Truth
from tipintake.management.tables import first_accounts
from tipintake.privacy.keys import KeyMissing
from tipintake.staff import accounts, audit
from tipintake.staff.accounts import TRIAGE, FirstAccount
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.own_keys import ForeignKeys

ANALYST = "demo-analyst"
MOST_SHOWN = 20
BELL = "tipintake.pipeline.bell"
PROBLEMS = (
    env.SettingError,
    installation.AlreadyRunning,
    ForeignKeys,
    KeyMissing,
    Unwanted,
    NoScenery,
    NotTruth,
)


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Fill an empty installation with made-up tips of the last days, with rings of tips that "
        "belong together; or score how well suggested links find those rings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tips", type=int, default=300, help=f"{LEAST} to {MOST}")
        parser.add_argument("--days", type=int, default=60, help="over how many days, to 365")
        parser.add_argument("--seed", type=int, default=7, help="another number, other people")
        parser.add_argument(
            "--until", type=datetime.fromisoformat, help="the end of those days; now if not given"
        )
        parser.add_argument("--force", action="store_true", help="fill it beside other tips")
        parser.add_argument(
            "--score",
            type=Path,
            metavar="TRUTH",
            help=f"judge links by this {FILE}; write nothing",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["score"] is not None:
                self._score(options["score"])
                return
            self._check(options)
            with installation.held(settings.HOME):
                self._fill(options)
        except PROBLEMS as problem:
            raise CommandError(str(problem), returncode=2) from None

    def _check(self, options: dict[str, Any]) -> None:
        for name, least, most in (("tips", LEAST, MOST), ("days", 1, 365)):
            if not least <= options[name] <= most:
                raise CommandError(f"--{name} takes a number from {least} to {most}.")
        end = options["until"]
        if end is not None and end.tzinfo is None:
            raise CommandError("--until needs a time zone: 2026-11-14T15:30-06:00.")

    # --- Fill ------------------------------------------------------------------------------------

    def _fill(self, options: dict[str, Any]) -> None:
        path = settings.HOME / FILE
        if path.exists():
            raise Unwanted(f"{path} tells of a demo that is here already. Use another home.")
        refuse_among_real_tips(_samples(settings.HOME), forced=options["force"])
        refuse_where_somebody_is_told()
        now = timezone.now()
        end = options["until"] or now
        for name in ("tipintake", BELL):  # nobody listens while this runs
            logging.getLogger(name).setLevel(logging.ERROR)
        first = installation.prepare(now=now, say=self._say)
        scenery = read_scenery(settings.REGIONS_DIR / settings.REGION)
        made = plan(
            scenery, tips=options["tips"], days=options["days"], seed=options["seed"], end=end
        )
        with _bar(self.stdout) as bar:
            task = bar.add_task("tips", total=len(made.tips))
            sent = send(
                made,
                by=_analyst(now),
                seed=options["seed"],
                end=end,
                each=lambda: bar.advance(task),
            )
        facts = {"seed": options["seed"], "days": options["days"], "end": end.isoformat()}
        truth = Truth.of(made, sent.references, **facts)
        truth.write(path)
        audit.record(
            "demo.filled", actor="demo", now=now, tips=len(truth.tips), forced=options["force"]
        )
        audit.seal_chain(now=now)
        self._report(truth, sent, path, first)

    def _report(self, truth: Truth, sent: Sent, path: Path, first: list[FirstAccount]) -> None:
        if first:
            self._print(first_accounts(first))
        self._say(
            f"demo     {len(truth.tips)} made-up tips, {len(truth.rings)} rings, "
            f"{sum(len(list(one.pairs())) for one in truth.decoys)} pairs of decoys"
            + (f"; {sent.refused} were refused at the door" if sent.refused else "")
        )
        self._say(f"truth    {path}")
        if sent.waiting is not None:
            code = sent.waiting.code.pretty
            self._say(f"receipt  {code} finds a question at the public address, /back/")

    # --- Score -----------------------------------------------------------------------------------

    def _score(self, path: Path) -> None:
        truth = Truth.read(path)
        found = score(truth, suggested_pairs(truth.tips))
        table = Table("by", "true links", "found", "recall", title="Suggested links")
        for one in found.kinds:
            table.add_row(one.kind, str(one.links), str(one.found), f"{one.recall:.3f}")
        self._print(table)
        for name, *decoy in found.decoys[:MOST_SHOWN]:
            self._say(f"decoy    {name}: {' '.join(decoy)}")
        for pair in found.wrong[:MOST_SHOWN]:
            self._say(f"wrong    {' '.join(pair)}")
        self._say(said(found))

    def _print(self, table: Table) -> None:
        Console(file=self.stdout, width=100).print(table)  # type: ignore[arg-type]

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def said(found: Score) -> str:
    """The figures in one line, for people and programs."""
    return (
        f"recall {found.recall:.3f} ({found.found} of {found.links} true links) · "
        f"precision {found.precision:.3f} ({found.right} of {found.suggested} suggestions) · "
        f"decoys taken in: {len(found.decoys)} · other wrong ones: {len(found.wrong)}"
    )


def _samples(home: Path) -> set[str]:
    """The fictional tips of a first start."""
    sent = home / "samples.sent"
    return set(sent.read_text("utf-8").split()) if sent.exists() else set()


def _analyst(now: datetime) -> User:
    """Who works the demo's queue. Nobody knows the password: nobody logs on as them."""
    known = User.objects.filter(username=ANALYST).first()
    if known is None:
        accounts.create(ANALYST, roles=[Role.ANALYST], lines=[TRIAGE], actor="demo", now=now)
    return known or User.objects.get(username=ANALYST)


def _bar(stdout: Any) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(file=stdout),
    )
