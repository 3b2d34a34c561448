"""`manage.py restore`: bring an installation back from a backup, or only see that one opens."""

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from config import installation
from config.backup import archive, recovery, restore
from tipintake.files import CannotWrite
from tipintake.privacy.keys import KeyMissing
from tipintake.tips import purged

ACTOR = "manage.py"
PROBLEMS = (
    archive.CannotOpen,
    recovery.NoRecoveryKey,
    restore.CannotRestore,
    restore.NotWhole,
    CannotWrite,
    purged.NotMarks,
    installation.AlreadyRunning,
    KeyMissing,
)


class Command(BaseCommand):
    requires_system_checks = ()  # it must work where everything else is broken
    help = (
        "Bring everything back from a backup, into an empty database, with all processes stopped. "
        "All of it or nothing. Tips that were purged meanwhile are purged again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--identity", type=Path, required=True, metavar="FILE", help="the recovery key"
        )
        parser.add_argument("--sha256", metavar="HEX", help="what `backup` printed of this file")
        parser.add_argument(
            "--purged",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="a copy of purged.marks that is newer than the backup; the one in this home is "
            "read anyway",
        )
        parser.add_argument(
            "--check", action="store_true", help="only read the file through; change nothing"
        )

    def handle(
        self,
        *_args: Any,
        file: Path,
        identity: Path,
        sha256: str | None,
        purged: list[Path],
        check: bool,
        **_options: Any,
    ) -> None:
        try:
            if sha256 is not None:
                _refuse_another(file, sha256)
            opened = recovery.identities(identity)
            if check:
                self._look(file, opened)
            else:
                with installation.held(settings.HOME):
                    self._restore(file, opened, purged)
        except PROBLEMS as problem:
            raise CommandError(str(problem)) from None
        except DatabaseError as error:
            full_or_away = isinstance(error, OperationalError) and str(error).partition("\n")[0]
            raise CommandError(
                f"The database does not take it ({full_or_away or type(error).__name__}). "
                "Nothing was changed."
            ) from None

    def _look(self, file: Path, opened: list[Any]) -> None:
        found = restore.look(file, opened)
        self.stdout.write(
            f"{file} is whole: made at {found.manifest['made_at']}, {sum(found.rows.values())} "
            f"rows, {found.rows.get('tipintake_tip', 0)} tips, sealed to the desk key "
            f"{found.manifest['keys']['desk']}."
        )

    def _restore(self, file: Path, opened: list[Any], copies: list[Path]) -> None:
        here = [purged.marks_file()] if purged.marks_file().exists() else []
        for copy in copies:
            if not copy.exists():
                raise purged.NotMarks(
                    f"{copy} is not there. Bring it from where you keep it. An installation that "
                    "never purged a tip has no such file: then, and only then, leave --purged out."
                )
        gone = set[str]().union(*(purged.read(one) for one in [*here, *copies]))
        done = restore.restore(
            file, opened, gone=gone, now=timezone.now(), actor=ACTOR, progress=self._say
        )
        self._say(f"Restored as of {done.made_at}: {done.rows} rows, {done.tips} tips.")
        self._say(f"{done.purged_again} tips that were purged since were purged again.")
        for path in done.put_aside:
            self._say(f"The audit's heads that were here are kept as {path}.")
        self._say(
            f"{done.accounts} accounts may log on and {done.tokens} tokens let systems in, as "
            "when the backup was made: end those that were ended since."
        )
        self._say(
            "Next: bring the private keys back from your copy, then `manage.py keys verify` and "
            "`manage.py audit verify --known` with the newest line that you kept elsewhere."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _refuse_another(file: Path, wanted: str) -> None:
    try:
        with file.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise archive.CannotOpen(f"{file} cannot be read ({error.strerror}).") from None
    if found != wanted.strip().lower():
        raise archive.CannotOpen(
            f"{file} is not the file whose sha256 was noted (it has {found}): it was damaged or "
            "somebody put another in its place."
        )
