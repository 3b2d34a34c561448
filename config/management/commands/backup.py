"""`manage.py backup`: one encrypted file of everything that a lost machine would take along."""

from argparse import ArgumentTypeError
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

from config.backup import make, recovery
from config.database_away import sentence
from tipintake.pipeline import jumps
from tipintake.privacy.keys import KeyMissing

ACTOR = "manage.py"
MOST_DAYS = 36_500
PROBLEMS = (make.CannotBackUp, recovery.NoRecoveryKey, KeyMissing)


def days(text: str) -> int:
    """Whoever writes 0 may mean that every earlier backup stays, or that each goes."""
    number = int(text)
    if not 1 <= number <= MOST_DAYS:
        raise ArgumentTypeError(
            f"use a number from 1 to {MOST_DAYS}; without --keep no backup is removed."
        )
    return number


class Command(BaseCommand):
    help = (
        "Write the database of this moment, the public keys and the audit's heads into one file "
        "that only the recovery key opens. The installation goes on meanwhile. The private keys "
        "are not in it: copy them by themselves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER", help="where it is written; HOME/backups if unset"
        )
        parser.add_argument(
            "--keep",
            type=days,
            metavar="DAYS",
            help="afterwards remove earlier backups in the folder that are older: a purge does "
            "not reach them",
        )
        parser.add_argument(
            "--make-key",
            type=Path,
            metavar="FILE",
            help="only make a recovery key, on a machine that you trust; prints its public half",
        )

    def handle(
        self,
        *_args: Any,
        to: Path | None,
        keep: int | None,
        make_key: Path | None,
        **_options: Any,
    ) -> None:
        try:
            if make_key is not None:
                self._make_key(make_key)
            else:
                self._back_up(to or Path(settings.HOME) / "backups", keep)
        except PROBLEMS as problem:
            raise CommandError(str(problem)) from None
        except make.NotNoted as problem:
            self._show(problem.made)
            raise CommandError(str(problem)) from None
        except DatabaseError as error:
            said = sentence(error) or f"The database does not answer ({type(error).__name__})."
            raise CommandError(f"No backup was made. {said}") from None

    def _make_key(self, path: Path) -> None:
        public = recovery.make_key(path)
        self.stdout.write(f"BACKUP_RECIPIENTS={public}")
        self.stdout.write(
            f"The secret half is in {path}. Keep it and a copy apart from each other and away "
            "from the machines that take tips: without it no backup opens."
        )

    def _back_up(self, folder: Path, keep: int | None) -> None:
        recipients = recovery.recipients(settings.BACKUP_RECIPIENTS)
        now = timezone.now()
        shown = (SpinnerColumn(), TextColumn("{task.description}"))
        with Progress(*shown, console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("begins", total=None)
            made = make.back_up(
                folder,
                recipients,
                now=now,
                actor=ACTOR,
                progress=lambda table, rows: progress.update(bar, description=f"{table} {rows}"),
            )
        self._show(made)
        if keep is not None:
            self._remove(make.older(folder, than=timedelta(days=keep), now=now), now)
            for path in make.ahead(folder, now=now):
                self.stdout.write(
                    f"{path} is dated ahead: it was made while the time was wrong, or the time is "
                    "wrong now. It stays until you remove it, and a purge does not reach it."
                )

    def _show(self, made: make.Made) -> None:
        self.stdout.write(f"{made.path}  {made.size} bytes, {made.rows} rows")
        self.stdout.write(f"sha256 {made.sha256}")
        self.stdout.write("Note that line elsewhere; `restore --sha256` compares it.")

    def _remove(self, older: list[Path], now: datetime) -> None:
        if older and jumps.rests(now=now):
            self.stdout.write(
                f"{len(older)} earlier backups stay for now: the machine's time jumped within a "
                "day, or no rounds were made. See whether the time is right."
            )
            return
        for path in older:
            try:
                path.unlink()
            except OSError as error:
                raise CommandError(
                    f"The backup is made, but {path} cannot be removed ({error.strerror})."
                ) from None
        if older:
            self.stdout.write(f"{len(older)} earlier backups removed.")
