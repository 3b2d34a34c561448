"""`manage.py keys init|status|verify|rotate`: the keys of this installation."""

from argparse import ArgumentTypeError
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFault
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tipintake.files import CannotWrite
from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing, KeysExist, Pair
from tipintake.staff import heads
from tipintake.tips import accounts_key, key_report, own_keys, resealing
from tipintake.tips.rotation import AtWork, CannotFinish, Rotation, alone

ACTOR = "manage.py"


def tips(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("use 1 or more; without --sample all are opened.")
    return number


class Command(BaseCommand):
    help = "Make, look at, check and change the keys. " + keys.LOST_KEY
    requires_system_checks = []  # keys must be reachable when something else is broken

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("init", help="make the keys of a new installation; overwrites nothing")
        what.add_parser("status", help="which keys are here, and what is sealed to them")
        verify = what.add_parser("verify", help="open what is sealed; exit code 1 if any fails")
        verify.add_argument("--sample", type=tips, metavar="N", help="N tips instead of all")
        rotate = what.add_parser("rotate", help="a new desk key; everything is sealed to it anew")
        rotate.add_argument("--vault", action="store_true", help="the vault key instead")
        rotate.add_argument(
            "--finish",
            action="store_true",
            help="destroy the earlier key, once desk.pub is on every machine that takes tips",
        )
        rotate.add_argument(
            "--at-once",
            action="store_true",
            help="with --finish: do not wait an hour after the new key was made",
        )

    def handle(self, *_args: Any, what: str, **options: Any) -> None:
        try:
            if what == "init":
                self._init()
            elif what == "status":
                self._status()
            elif what == "verify":
                self._verify(options["sample"])
            else:
                pair: Pair = "vault" if options["vault"] else "desk"
                keys.private_key(settings.PRIVATE_KEYS_DIR, pair)  # first of all it must be here
                with alone(settings.PRIVATE_KEYS_DIR):
                    self._rotate(pair, finish=options["finish"], at_once=options["at_once"])
        except (AtWork, KeyMissing, KeysExist) as error:
            raise CommandError(str(error)) from error
        except PermissionError as error:
            raise CommandError(
                f"{error.filename} may not be looked at ({error.strerror}). Type this as the "
                "service's user."
            ) from None
        except CannotWrite as error:
            raise CommandError(
                f"{error} No key was lost. Under compose "
                "type `docker compose run --rm keys` before it: the other services may only read "
                "keys."
            ) from None

    def _init(self) -> None:
        if (settings.KEYS_DIR / "desk.pub").exists() and keys.make_signing(
            settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR
        ):
            self.stdout.write("The key that signs exports was made.")
        self.stdout.write(keys.LOST_KEY)
        if refused := key_report.against_new(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR):
            raise CommandError(refused)
        try:
            accounts_key.refuse_lost(settings.PRIVATE_KEYS_DIR)
        except DatabaseFault:
            if (settings.KEYS_DIR / "desk.pub").exists():
                raise  # only a first run may have no database yet
        keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
        heads.make_key()
        public = keys.public_keys(settings.KEYS_DIR)
        self.stdout.write(f"Keys made in {settings.KEYS_DIR}: desk {public.desk_id}, "
                          f"vault {public.vault_id}.")  # fmt: skip
        self.stdout.write(
            f"Only the desk and the exporter need {settings.PRIVATE_KEYS_DIR}, and only the desk "
            f"and the worker {settings.AUDIT_KEYS_DIR}. On a machine that only takes tips, move "
            "both folders away."
        )

    def _status(self) -> None:
        found = key_report.report(
            settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, settings.AUDIT_KEYS_DIR
        )
        for sentence in (*found.says, *found.problems):
            self.stdout.write(sentence)
        if found.problems:
            raise CommandError(f"{len(found.problems)} things need attention.")
        self.stdout.write("The keys are in order. " + keys.LOST_KEY)

    def _verify(self, most: int | None) -> None:
        desk = partial(keys.desk_private, settings.PRIVATE_KEYS_DIR)
        vault = partial(keys.vault_private, settings.PRIVATE_KEYS_DIR)
        desk(), vault()  # one that is missing is said first of all
        broken = 0
        for name, run in (
            ("tips", resealing.verify_narratives(desk, most=most)),
            ("vault entries", resealing.verify_vault(vault, most=most)),
        ):
            done = resealing.Verified()
            with _progress() as progress:
                bar = progress.add_task(name, total=None)
                for done in run:  # noqa: B007  the last one is the sum
                    progress.advance(bar)
            self.stdout.write(f"{done.opened} {name} open.")
            for reference in done.broken:
                self.stdout.write(f"{reference} does not open: {name}.")
            broken += len(done.broken)
        if broken:
            raise CommandError(
                "Some of what is sealed does not open with the keys that are here. Do not delete "
                "anything; look for an earlier key in your copies and run `manage.py keys status`."
            )

    def _rotate(self, pair: Pair, *, finish: bool, at_once: bool) -> None:
        self.stdout.write(keys.LOST_KEY)
        one = Rotation(pair, settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, ACTOR, timezone.now())
        has_earlier = one.has_earlier()
        if foreign := key_report.foreign(one.keys_dir, one.private_dir):
            raise CommandError(foreign[0])
        own_keys.remember(settings.KEYS_DIR)
        if finish and not has_earlier:
            self.stdout.write(f"There is no earlier {pair} key; nothing to finish.")
            return
        private = one.begin()
        self._reseal(one)
        if finish:
            self._finish(one, at_once=at_once)
            return
        self.stdout.write(
            f"The {pair} key is now {private.public.id}. Copy {one.private_dir / f'{pair}.key'} "
            f"to your safe places, and {one.keys_dir / f'{pair}.pub'} to every machine that takes "
            "tips. The earlier key stays and still opens what comes sealed to it. When all "
            "machines have the new one, run this again with --finish."
        )

    def _reseal(self, one: Rotation) -> None:
        done = resealing.Resealed()
        with _progress() as progress:
            bar = progress.add_task(f"sealing to the new {one.pair} key", total=one.waiting())
            for done in one.reseal():
                progress.update(bar, completed=done.moved + done.unopened)
        self.stdout.write(f"{done.moved} rows are sealed to the new {one.pair} key.")
        if done.unopened:
            raise CommandError(
                f"{done.unopened} rows open with no {one.pair} key that is here; they were left "
                "as they are. The earlier key was kept. Run `manage.py keys status`."
            )

    def _finish(self, one: Rotation, *, at_once: bool) -> None:
        try:
            one.finish(at_once=at_once, reseal=lambda: self._reseal(one))
        except CannotFinish as kept:
            raise CommandError(str(kept)) from None
        self.stdout.write(
            f"The earlier {one.pair} key is destroyed here. Destroy its copies too: with one of "
            "them an old backup of the database can still be read."
        )


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)
