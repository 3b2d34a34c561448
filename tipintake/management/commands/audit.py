"""`manage.py audit verify|seal|digest|guard`: over everything that staff and processes did."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tipintake.staff import append_only, audit, digest, heads, verifying
from tipintake.staff.chain import Head
from tipintake.staff.models import AuditEntry

ACTOR = "manage.py"
MOST_DAYS = 36_500


def days(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_DAYS:
        raise ArgumentTypeError(f"use a number from 1 to {MOST_DAYS}.")
    return number


class Command(BaseCommand):
    help = "Chain new audit entries, verify the chain, say what a week was like."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        verify = what.add_parser("verify", help="check the whole chain; exit code 1 if it broke")
        verify.add_argument(
            "--known",
            metavar="HEAD",
            help="a head noted earlier outside this machine: NUMBER:HASH, or the signed line",
        )
        seal = what.add_parser("seal", help="chain what is not chained yet")
        seal.add_argument(
            "--new-head",
            action="store_true",
            help="replace lost or contradicted heads, after you looked into it",
        )
        week = what.add_parser("digest", help="what was done, in counts, and whether it holds")
        week.add_argument("--days", type=days, default=7)
        week.add_argument(
            "--send", action="store_true", help="also mail it to AUDIT_DIGEST_TO, and record it"
        )
        what.add_parser("guard", help="put the database's triggers back, after you looked into it")

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        acts: Mapping[str, Callable[[dict[str, Any]], None]] = {
            "verify": self._verify,
            "seal": self._seal,
            "digest": self._digest,
            "guard": self._guard,
        }
        try:
            acts[what](options)
        except heads.KeyLost as lost:
            raise CommandError(str(lost)) from None

    def _verify(self, options: dict[str, Any]) -> None:
        known = _head_in(options["known"]) if options["known"] else None
        reached = audit.head()
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("entries", total=reached.number)
            problems = verifying.verify(
                known=known, progress=lambda count: progress.update(bar, completed=count)
            )
        for sentence in problems:
            self.stdout.write(sentence)
        if problems:
            raise CommandError(f"The audit does not hold: {len(problems)} problems.")
        self.stdout.write(f"The audit holds: {reached.number} entries. Head: {reached}")
        if reached.number:
            self.stdout.write("Keep this line somewhere else; give it next time with --known:")
            self.stdout.write(heads.signed(reached, now=timezone.now()))

    def _seal(self, options: dict[str, Any]) -> None:
        if options["new_head"]:
            reached = audit.begin_new_head(actor=ACTOR, now=timezone.now())
            self.stdout.write(f"The head file now holds {reached}.")
            return
        sealed = audit.seal_chain(now=timezone.now())
        self.stdout.write(f"{sealed} entries chained. Head: {audit.head()}")

    def _digest(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        span = timedelta(days=options["days"])
        made = digest.digest_of(now - span, now, problems=verifying.verify())
        self.stdout.write(digest.as_text(made))
        if options["send"]:
            if not settings.AUDIT_DIGEST_TO:
                raise CommandError("Nobody was sent it: AUDIT_DIGEST_TO names no address.")
            try:
                told = digest.send(made, actor=ACTOR, now=now)
            except OSError as error:
                raise CommandError(f"The digest was not mailed: {error}.") from None
            self.stdout.write(f"Sent to {told} addresses of AUDIT_DIGEST_TO.")

    def _guard(self, _options: dict[str, Any]) -> None:
        gone = append_only.missing(connection, AuditEntry)
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in append_only.put_back(connection, AuditEntry):
                cursor.execute(statement)
            audit.record("audit.guarded", actor=ACTOR, now=timezone.now(), missing=gone)
        self.stdout.write(f"The database refuses changes again; {len(gone)} triggers were gone.")


def _head_in(text: str) -> Head:
    """A head as somebody kept it. A whole line must be one that this installation signed."""
    try:
        return heads.read(text).head if " " in text.strip() else Head.parse(text)
    except ValueError:
        raise CommandError(
            "--known takes what an earlier `audit verify` printed: NUMBER:HASH, or the line."
        ) from None
    except heads.NotSigned:
        raise CommandError("This installation did not sign that line: it was changed.") from None
