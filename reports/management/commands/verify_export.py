"""`manage.py verify_export FILE`: whether a package is whole, unchanged and signed by whom."""

import tempfile
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.package.verify import NotAPackage, Verified, verify
from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.signing import PublicSigningKey


class Command(BaseCommand):
    help = "Check a package: every file, both manifests, the signature, each tip's hash."
    requires_system_checks = []  # a recipient may run it with nothing else set up

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a zip, an unpacked folder, or a .age file")
        parser.add_argument(
            "--key",
            type=Path,
            help="the installation's public key (PEM); this one's, former ones too, by default",
        )
        parser.add_argument("--identity", type=Path, help="age identity file that opens a .age")

    def handle(
        self, *_args: Any, file: Path, key: Path | None, identity: Path | None, **_options: Any
    ) -> None:
        trusted = self._trusted(key)
        try:
            found = _checked(file, identity, trusted)
        except NotAPackage as problem:
            raise CommandError(str(problem)) from None
        for sentence in found.problems:
            self.stdout.write(sentence)
        if found.problems:
            raise CommandError(
                f"{file} is not as it was made: {len(found.problems)} things are wrong with it. "
                "Do not rely on it; ask for it again."
            )
        if not trusted:
            raise CommandError(
                f"NOT proven to come from anybody: {file} is whole, but the key {found.key} that "
                "signed it stands in the package itself, where anybody can put a key of their "
                "own. Give the key that the installation gave you apart from it: --key FILE."
            )
        info = found.info
        self.stdout.write(
            f"{info.get('Export-Id', file.name)} is whole: {found.files} files, "
            f"{found.tips} tips, "
            f"for {info.get('Recipient', '?')}, destroy by {info.get('Destroy-By', '?')}. "
            f"Signed by the key that you trust, {found.key}."
            + (" It was replaced since." if found.key != trusted[0].id else "")
        )

    def _trusted(self, path: Path | None) -> list[PublicSigningKey]:
        """The key that was given; else this installation's, today's first."""
        if path is None:
            try:
                today = keys.signing_public(settings.KEYS_DIR)
            except KeyMissing:
                return []
            try:
                return [today, *keys.signing_former(settings.KEYS_DIR)]
            except KeyMissing as problem:
                raise CommandError(str(problem)) from None
        try:
            return [PublicSigningKey.from_pem(path.read_text("ascii"))]
        except OSError as error:
            raise CommandError(f"{path} cannot be read ({error.strerror}).") from None
        except ValueError:
            raise CommandError(f"{path} is no Ed25519 public key in PEM.") from None


def _checked(file: Path, identity: Path | None, trusted: list[PublicSigningKey]) -> Verified:
    """Against the trusted key that the package names, or today's when it names another."""
    if identity is not None:
        return _decrypted(file, identity, trusted)
    found = verify(file, trusted=trusted[0] if trusted else None)
    former = next((one for one in trusted[1:] if one.id == found.key), None)
    return verify(file, trusted=former) if former else found


def _decrypted(file: Path, identity: Path, trusted: list[PublicSigningKey]) -> Verified:
    try:
        lines = identity.read_text("ascii").split()
        secret = next(one for one in lines if one.startswith("AGE-SECRET-KEY-"))
        opened = [pyrage.x25519.Identity.from_str(secret)]
    except OSError as error:
        raise NotAPackage(f"{identity} cannot be read ({error.strerror}).") from None
    except (StopIteration, UnicodeDecodeError, pyrage.IdentityError):
        raise NotAPackage(f"{identity} holds no age identity (AGE-SECRET-KEY-…).") from None
    with tempfile.TemporaryDirectory() as folder:
        clear = Path(folder) / "package.zip"
        try:
            pyrage.decrypt_file(str(file), str(clear), opened)
        except (pyrage.DecryptError, OSError):
            raise NotAPackage(f"{file} does not open with {identity}.") from None
        return _checked(clear, None, trusted)
