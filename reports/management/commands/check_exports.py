"""`manage.py check_exports`: a package of every format from the fictional tips, public numbers
and a month's figures from made-up counts, and what every installed validator says of them."""

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from reports import checks, demo
from reports.formats import formats
from reports.formats.base import About
from reports.package.bag import write_bag
from reports.package.parts import Parts
from reports.readme import readme
from reports.scope import Caveat, Level, Scope, Tlp
from reports.statistics import checks as figures
from tipintake.privacy.seal import DataKey
from tipintake.privacy.signing import PrivateSigningKey

NAME = "E-DEMO-0001"


class Command(BaseCommand):
    help = (
        "Make one package with every format from the region's fictional tips, outside the "
        "database, and run every validator that is installed over it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--strict", action="store_true", help="a validator that is not installed is a failure"
        )
        parser.add_argument("--keep", type=Path, help="leave the package in this folder")

    def handle(self, *_args: Any, strict: bool, keep: Path | None, **_options: Any) -> None:
        with tempfile.TemporaryDirectory() as folder:
            where = keep or Path(folder)
            where.mkdir(parents=True, exist_ok=True)
            package = where / f"{NAME}.zip"
            _make(package, Path(folder) / "parts", timezone.now())
            with zipfile.ZipFile(package) as bag:
                bag.extractall(where)
            results = list(checks.run(where / NAME))
            results += figures.run(where / "figures", now=timezone.now())
        self._show(results)
        failed = [one for one in results if one.problems]
        absent = [one for one in results if not one.ran]
        if failed or (strict and absent):
            raise CommandError(
                f"{len(failed)} validators refused it, {len(absent)} are not installed."
            )

    def _show(self, results: list[checks.Checked]) -> None:
        table = Table("format", "validator", "says")
        for one in results:
            said = "not installed" if not one.ran else "accepts it"
            table.add_row(one.format, one.validator, "\n".join(one.problems[:5]) or said)
        Console(file=self.stdout, width=110).print(table)  # type: ignore[arg-type]  # it writes


def _make(package: Path, folder: Path, now: datetime) -> None:
    scope = Scope(Level.EVIDENCE, Caveat(Tlp.AMBER_STRICT, now.date()))
    rows = list(demo.rows(now=now))
    about = About(
        export=NAME,
        made_at=timezone.localtime(now).replace(microsecond=0),
        scope=scope,
        installation="demonstration",
        requester="check_exports",
        recipient="Nobody",
        purpose="Trying the formats",
        authority="None: fictional tips",
        filter="fictional tips",
        total=len(rows),
    )
    parts = Parts(folder, DataKey.new())
    writers = [one.begin(parts, about) for one in formats().values()]
    with parts.binary("tips.jsonl") as records, parts.binary("tip-hashes.txt") as hashes:
        for row in rows:
            records.write(row.canonical + b"\n")
            hashes.write(f"{row.tip_hash}  {row.reference}\n".encode())
            for writer in writers:
                writer.add(row)
    for writer in writers:
        writer.end()
    parts.whole("README.txt", readme(about).encode())
    parts.close()
    info = {"Export-Id": NAME, "Recipient": "Nobody", "Destroy-By": about.destroy_by}
    with package.open("wb") as file:
        write_bag(
            file,
            parts,
            name=NAME,
            info=info,
            signing=PrivateSigningKey(bytes(32)),
            now=now,
        )
