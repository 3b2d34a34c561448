"""`manage.py export_tips`: ask for an export, make it here and now, and write the package."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports import asking, making, taking
from reports.asking import CannotAsk, Wish
from reports.formats import formats
from reports.models import Export, Purpose
from reports.scope import LEVEL_WORDS, Level, OutOfScope
from reports.taking import NotReady
from tipintake.directory.models import Line
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen
from tipintake.staff.models import User
from tipintake.tips.references import reference_of

ACTOR = "manage.py"
FACETS = ("line", "priority", "status", "category", "city")


class Command(BaseCommand):
    help = (
        "Make an export and write its package to a file. It is recorded like one from the desk. "
        "Needs the private keys, so run it where the desk or the exporter runs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipient", required=True, metavar="LINE", help="a line's code")
        purposes = "; ".join(f"{one.value}: {one.label}" for one in Purpose)
        parser.add_argument("--purpose", required=True, choices=Purpose.values, help=purposes)
        parser.add_argument("--authority", required=True, help="case number, order or agreement")
        parser.add_argument(
            "--level",
            default=Level.EVIDENCE,
            choices=[one.value for one in Level],
            help="; ".join(f"{one.value}: {LEVEL_WORDS[one]}" for one in Level)
            + " (default: EVIDENCE)",
        )
        parser.add_argument(
            "--format", action="append", choices=list(formats()), help="may be repeated; csv"
        )
        parser.add_argument(
            "--tip",
            action="append",
            default=[],
            metavar="T-XXXX-XXXX",
            help="this tip alone; may be repeated. Without it all that the filter finds",
        )
        for facet in FACETS:
            parser.add_argument(f"--{facet}", default="", help=f"only tips of this {facet}")
        day = "YYYY-MM-DD"
        parser.add_argument(
            "--from", default="", metavar=day, dest="received_from", help="came on it or later"
        )
        parser.add_argument(
            "--to", default="", metavar=day, dest="received_to", help="came on it or earlier"
        )
        parser.add_argument("--pictures", action="store_true", help="confirmed pictures too")
        parser.add_argument(
            "--encrypt-to",
            action="append",
            default=[],
            metavar="age1…",
            help="the recipient's public age key; may be repeated",
        )
        parser.add_argument(
            "--as", dest="account", default="", help="within what this account sees and may"
        )
        parser.add_argument("--out", required=True, type=Path, help="the file to write")

    def handle(self, *_args: Any, **given: Any) -> None:
        out: Path = given["out"]
        if out.exists():
            raise CommandError(f"{out} exists. Name another file.")
        user = self._account(given["account"])
        by = user.username if user else ACTOR
        wish = self._wish(given)
        try:
            with _whole(out) as write:
                export = self._made(asking.ask(wish, user=user, requester=by, now=timezone.now()))
                blocks = taking.hand_over(export, by=by, now=timezone.now())
                size = sum(write(block) for block in blocks)
        except (CannotAsk, OutOfScope, NotReady, KeyMissing, CannotOpen) as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(
                f"The package was not made: {problem}. Nothing is left at {out}."
            ) from None
        self.stdout.write(
            f"{export.reference}: {export.done} tips, {size} bytes, SHA-256 {export.sha256}, "
            f"written to {out}. {export.left_out} stayed out."
        )

    def _made(self, export: Export) -> Export:
        """By this process, or by the exporter that was faster."""
        while export.state in {Export.State.WAITING, Export.State.MAKING}:
            making.make_due()
            export = Export.objects.select_related("recipient").get(pk=export.pk)
            if export.state == Export.State.MAKING:
                making.pause()
        if export.state != Export.State.READY:
            raise CommandError(f"{export.reference} was not made. {export.problem}")
        return export

    def _account(self, name: str) -> User | None:
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active account {name}.")
        return found

    def _wish(self, given: dict[str, Any]) -> Wish:
        line = Line.objects.filter(code=given["recipient"]).first()
        if line is None:
            codes = ", ".join(Line.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"There is no line {given['recipient']}. There are: {codes}.")
        dates = {"from": given["received_from"], "to": given["received_to"]}
        return Wish(
            recipient=line,
            purpose=given["purpose"],
            authority=given["authority"],
            level=given["level"],
            formats=given["format"] or ["csv"],
            selection={
                **{name: given[name] for name in FACETS if given[name]},
                **{name: day for name, day in dates.items() if day},
            },
            references=[reference_of(one) or one for one in given["tip"]],
            with_pictures=given["pictures"],
            age_recipients=given["encrypt_to"],
        )


@contextmanager
def _whole(out: Path) -> Iterator[Callable[[bytes], int]]:
    """Readable by its owner alone, and whole or not there. Opened before an export is made: none
    is recorded as handed over that could not be written anywhere."""
    draft = out.with_name(f".{out.name}.{secrets.token_hex(8)}")
    with _blamed_on(out):
        file = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def write(block: bytes) -> int:
        with _blamed_on(out):
            return file.write(block)

    try:
        yield write
        with _blamed_on(out):
            file.close()
            draft.replace(out)
    except BaseException:
        with suppress(OSError):
            file.close()
        draft.unlink()
        raise


@contextmanager
def _blamed_on(out: Path) -> Iterator[None]:
    """What fails in here failed at this file, and nothing else did."""
    try:
        yield
    except OSError as problem:
        raise CommandError(
            f"{out} cannot be written ({problem.strerror}), and nothing is left there. Name "
            "another file, or make room."
        ) from None
