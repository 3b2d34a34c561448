"""`manage.py keys init|status|verify|rotate`: the keys of this installation."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from tipintake.files import CannotWrite
from tipintake.privacy import keys
from tipintake.privacy.keys import PAIRS, KeyMissing, KeysExist, Pair
from tipintake.staff import audit, heads
from tipintake.tips import own_keys, resealing

ACTOR = "manage.py"
KEPT_AT_LEAST = timedelta(hours=1)


class Command(BaseCommand):
    help = "Make, look at, check and change the keys. " + keys.LOST_KEY
    requires_system_checks = []  # keys must be reachable when something else is broken

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("init", help="make the keys of a new installation; overwrites nothing")
        what.add_parser("status", help="which keys are here, and what is sealed to them")
        verify = what.add_parser("verify", help="open what is sealed; exit code 1 if any fails")
        verify.add_argument("--sample", type=int, metavar="N", help="N tips instead of all")
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
                self._rotate(pair, finish=options["finish"], at_once=options["at_once"])
        except (KeyMissing, KeysExist) as error:
            raise CommandError(str(error)) from error
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
        left = _rows_by_key("desk")
        if left and not (settings.PRIVATE_KEYS_DIR / "desk.key").exists():
            raise CommandError(
                f"The database holds {sum(left.values())} tips sealed to a desk key that is not "
                f"in {settings.PRIVATE_KEYS_DIR}. New keys would not open them. Bring that key "
                "back from your copy, or start with an empty database."
            )
        if left and not (settings.KEYS_DIR / "receipt.pepper").exists():
            raise CommandError(
                f"The database holds {sum(left.values())} tips, and no receipt.pepper is in "
                f"{settings.KEYS_DIR}. A new one would make every receipt unknown. Bring it back "
                "from your copy."
            )
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
        problems = [sentence for pair in PAIRS for sentence in self._status_of(pair)]
        keys.pepper(settings.KEYS_DIR)
        problems += _foreign() + self._signing() + _audits()
        problems += [
            f"{path} can be read by others (mode {path.stat().st_mode & 0o777:o}). "
            f"Run: chmod {'700' if path.is_dir() else '600'} {path}"
            for path in _key_paths()
            if path.stat().st_mode & 0o077
        ]
        for sentence in problems:
            self.stdout.write(sentence)
        if problems:
            raise CommandError(f"{len(problems)} things need attention.")
        self.stdout.write("The keys are in order. " + keys.LOST_KEY)

    def _status_of(self, pair: Pair) -> list[str]:
        """Print one line about the pair; return what is wrong with it."""
        public = getattr(keys.public_keys(settings.KEYS_DIR), pair)
        rows = _rows_by_key(pair)
        self.stdout.write(
            f"{pair} key {public.id}: {rows.pop(public.id, 0)} rows are sealed to it."
        )
        if not (settings.PRIVATE_KEYS_DIR / f"{pair}.key").exists():
            self.stdout.write(f"{pair}: no private key here; this process can seal and not open.")
            return []
        private = keys.private_key(settings.PRIVATE_KEYS_DIR, pair)
        problems = []
        if private.public != public:
            problems.append(
                f"{pair}.pub is not the public half of {pair}.key. Run `manage.py keys rotate"
                f"{' --vault' if pair == 'vault' else ''}` to finish what was interrupted."
            )
        earlier = {key.public.id for key in private.earlier}
        for key_id, count in rows.items():
            if key_id in earlier:
                self.stdout.write(
                    f"{pair}: {count} rows are sealed to the earlier key {key_id}. "
                    "Run `manage.py keys rotate` to move them."
                )
            else:
                problems.append(
                    f"{count} rows are sealed to the {pair} key {key_id}, which is not here. "
                    f"Bring its file back from your copy as {pair}-{key_id}.old."
                )
        return problems

    def _signing(self) -> list[str]:
        """Print the key that signs exports; what is wrong with it."""
        public = keys.signing_public(settings.KEYS_DIR)
        self.stdout.write(f"signing key {public.id}: packages of exports carry its signature.")
        for former in keys.signing_former(settings.KEYS_DIR):
            self.stdout.write(f"signing key {former.id}: replaced; it checks earlier packages.")
        if not (settings.PRIVATE_KEYS_DIR / "signing.key").exists():
            return []
        if keys.signing_private(settings.PRIVATE_KEYS_DIR).public != public:
            return [
                "signing.pub is not the public half of signing.key. Run `manage.py keys init`."
            ]
        return []

    def _verify(self, most: int | None) -> None:
        desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
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
        folder = settings.PRIVATE_KEYS_DIR
        before = keys.private_key(folder, pair)
        if foreign := _foreign():
            raise CommandError(foreign[0])
        own_keys.remember(settings.KEYS_DIR)
        if finish and not before.earlier:
            self.stdout.write(f"There is no earlier {pair} key; nothing to finish.")
            return
        now = timezone.now()
        keys.begin_rotation(settings.KEYS_DIR, folder, pair, expect=own_keys.expect)
        own_keys.remember(settings.KEYS_DIR)
        private = keys.private_key(folder, pair)
        if not before.earlier:
            audit.record("keys.rotated", actor=ACTOR, now=now, subject=pair, key=private.public.id)
        self._reseal(pair, now)
        if finish:
            self._finish(pair, now, at_once=at_once)
            return
        self.stdout.write(
            f"The {pair} key is now {private.public.id}. Copy {folder / f'{pair}.key'} to your "
            f"safe places, and {settings.KEYS_DIR / f'{pair}.pub'} to every machine that takes "
            "tips. The earlier key stays and still opens what comes sealed to it. When all "
            "machines have the new one, run this again with --finish."
        )

    def _reseal(self, pair: Pair, now: datetime) -> None:
        private = keys.private_key(settings.PRIVATE_KEYS_DIR, pair)
        total = resealing.rows_waiting(pair, private.public)
        done = resealing.Resealed()
        with _progress() as progress:
            bar = progress.add_task(f"sealing to the new {pair} key", total=total)
            for done in resealing.reseal(pair, private, actor=ACTOR, now=now):
                progress.update(bar, completed=done.moved + done.unopened)
        self.stdout.write(f"{done.moved} rows are sealed to the new {pair} key.")
        if done.unopened:
            raise CommandError(
                f"{done.unopened} rows open with no {pair} key that is here; they were left as "
                "they are. The earlier key was kept. Run `manage.py keys status`."
            )

    def _finish(self, pair: Pair, now: datetime, *, at_once: bool) -> None:
        """Destroy the earlier key, when nothing can need it any more."""
        made = datetime.fromtimestamp(
            (settings.PRIVATE_KEYS_DIR / f"{pair}.key").stat().st_mtime, tz=UTC
        )
        if now - made < KEPT_AT_LEAST and not at_once:
            raise CommandError(
                "The new key is less than an hour old, and a tip may still be on its way sealed "
                "to the earlier one. Run this again later."
            )
        public = getattr(keys.public_keys(settings.KEYS_DIR), pair)
        if resealing.rows_waiting(pair, public):
            raise CommandError(
                "Tips still arrive sealed to the earlier key: a machine that takes tips has the "
                f"old {pair}.pub. Copy the new one there, then run this again."
            )
        own_keys.forget_earlier(pair, settings.KEYS_DIR)
        if resealing.rows_waiting(pair, public):  # from a machine that had not noticed yet
            self._reseal(pair, now)
        keys.end_rotation(settings.PRIVATE_KEYS_DIR, pair)
        audit.record("keys.rotation_finished", actor=ACTOR, now=now, subject=pair)
        self.stdout.write(
            f"The earlier {pair} key is destroyed here. Destroy its copies too: with one of them "
            "an old backup of the database can still be read."
        )


def _rows_by_key(pair: Pair) -> dict[str, int]:
    """Empty before the first migration."""
    try:
        return resealing.rows_by_key(pair)
    except DatabaseError:
        return {}


def _foreign() -> list[str]:
    """What says that these keys are not those of the tips; nothing before the first migration."""
    opens = (settings.PRIVATE_KEYS_DIR / "desk.key").exists()
    try:
        own_keys.refuse_foreign(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, opens=opens)
    except own_keys.ForeignKeys as problem:
        return [str(problem)]
    except DatabaseError:
        pass
    return []


def _audits() -> list[str]:
    """What is wrong with where the key lies that signs heads of the audit."""
    before, own = heads.former_key_file(), settings.AUDIT_KEYS_DIR / "audit.sign"
    if not before.exists():
        return []
    place = own.with_name("audit.sign.before") if own.exists() else own
    act = f"mkdir -p -m 700 {own.parent} && mv {before} {place}"
    return [f"{before} signs heads of the audit and lies where every process reads it. Run: {act}"]


def _key_paths() -> list[Path]:
    folders = [settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, settings.AUDIT_KEYS_DIR]
    found = [path for one in folders if one.exists() for path in (one, *one.iterdir())]
    return list(dict.fromkeys(found))


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)
