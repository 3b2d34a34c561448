"""Load where municipalities and counties lie; show what would change; go back."""

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from tipintake.directory.boundaries import dataset_in_force
from tipintake.directory.models import Boundary, BoundaryDataset
from tipintake.management.known_places import known_places
from tipintake.region.boundaries.fetch import CENSUS, CannotFetch, fetch
from tipintake.region.boundaries.files import BadFile, read_boundaries
from tipintake.region.boundaries.load import (
    Act,
    CannotLoad,
    Change,
    NoSuchVersion,
    Plan,
    plan,
    put_in_force,
    roll_back,
)

SHOWN = 40  # changes listed one by one; a first load has about 1,000
COLOURS = {Act.ADD: "green", Act.CHANGE: "yellow", Act.REMOVE: "red"}
MIGRATE = "The database has no table for boundaries; run manage.py migrate first."


class Command(BaseCommand):
    help = (
        "Load boundaries of municipalities and counties: TIGER/Line shapefile zips or GeoJSON "
        "with GEOID. A broken file changes nothing (docs/how-to/load-boundaries.md)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument(
            "--download",
            nargs=2,
            metavar=("STATE", "YEAR"),
            help="fetch the place and county files of the Census Bureau first, such as MO 2024",
        )
        parser.add_argument("--source", default=CENSUS, help="where to download from")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change; write nothing"
        )
        parser.add_argument("--all", action="store_true", help="list every change")
        parser.add_argument("--versions", action="store_true", help="list what was loaded")
        parser.add_argument(
            "--rollback",
            nargs="?",
            const="",
            metavar="VERSION",
            help="bring back the version before, or the one that begins so",
        )
        parser.add_argument("--by", default="operator", help="who does it, for the audit")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["versions"]:
                self.list_versions()
            elif options["rollback"] is not None:
                self.roll_back(options["rollback"], by=options["by"])
            else:
                self.load(options)
        except (BadFile, CannotLoad) as error:
            self._refuse(error.problems)
        except (CannotFetch, NoSuchVersion) as error:
            raise CommandError(str(error), returncode=1) from None
        except DatabaseError as error:
            if "no such table" in str(error) or "does not exist" in str(error):
                raise CommandError(MIGRATE, returncode=1) from None
            raise

    def load(self, options: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="boundaries-") as folder:
            files = list(options["files"])
            if options["download"]:
                state, year = options["download"]
                files += self._fetched(state, year, Path(folder), options["source"])
            if not files:
                raise CommandError("Name a file, or use --download STATE YEAR.", returncode=1)
            planned = self._planned(files)
        self._list(planned.changes, everything=options["all"])
        for warning in planned.warnings:
            self.stdout.write(self.style.WARNING(warning))
        if options["dry_run"]:
            self.stdout.write(f"{_summary(planned)} Nothing was written.")
            return
        with _status(f"Writing {len(planned.areas)} boundaries …"):
            changed = put_in_force(planned, now=timezone.now(), actor=options["by"])
        self.stdout.write(
            f"{_summary(planned)} "
            + ("In force now, in every running process." if changed else "Was in force already.")
        )

    def list_versions(self) -> None:
        present = dataset_in_force()
        for dataset in BoundaryDataset.objects.order_by("-loaded_at", "-pk"):
            counts = {
                kind: dataset.areas.filter(kind=kind).count() for kind in Boundary.Kind.values
            }
            self.stdout.write(
                f"{dataset.version[:12]}  {timezone.localtime(dataset.loaded_at):%Y-%m-%d %H:%M}  "
                f"{counts['city']} municipalities, {counts['county']} counties  "
                f"{', '.join(str(one['name']) for one in dataset.files)}  by {dataset.loaded_by}"
                + ("  in force" if dataset == present else "")
            )
        if present is None:
            self.stdout.write("No boundaries are loaded: points on the map decide nothing.")

    def roll_back(self, version: str, *, by: str) -> None:
        dataset = roll_back(version, now=timezone.now(), actor=by)
        self.stdout.write(f"Boundaries {dataset.version[:12]} are in force again.")

    def _planned(self, files: Iterable[Path]) -> Plan:
        gazetteer = known_places()
        states = {one.geoid[:2] for one in gazetteer.jurisdictions}
        problems: list[str] = []
        read = []
        for file in files:
            try:
                with _status(f"Reading {file.name} …"):
                    read.append(read_boundaries(file, states=states))
            except BadFile as error:
                problems += error.problems
        if problems:
            raise CannotLoad(problems)
        with _status("Comparing …"):
            return plan(read, gazetteer)

    def _fetched(self, state: str, year: str, folder: Path, source: str) -> list[Path]:
        with _downloads() as progress:
            return fetch(state, year, folder, source=source, progress=progress)

    def _refuse(self, problems: Iterable[str]) -> None:
        problems = list(problems)
        for problem in problems:
            self.stdout.write(problem)
        many = "1 thing" if len(problems) == 1 else f"{len(problems)} things"
        raise CommandError(f"{many} to mend; no boundary was changed.", returncode=1)

    def _list(self, changes: Iterable[Change], *, everything: bool) -> None:
        order = (Act.REMOVE, Act.CHANGE, Act.ADD)
        listed = sorted(changes, key=lambda change: order.index(change.act))
        shown = listed if everything else listed[:SHOWN]
        console = Console() if self.stdout.isatty() else None
        for change in shown:
            if console:
                console.print(change.words, style=COLOURS[change.act], markup=False)
            else:
                self.stdout.write(change.words)
        if len(shown) < len(listed):
            self.stdout.write(f"… and {len(listed) - len(shown)} more (--all lists them).")


def _summary(planned: Plan) -> str:
    counts = ", ".join(
        f"{planned.count(act)} {done}"
        for act, done in ((Act.ADD, "added"), (Act.CHANGE, "changed"), (Act.REMOVE, "removed"))
    )
    return (
        f"Boundaries {planned.version[:12]}: {planned.of_kind(Boundary.Kind.CITY)} "
        f"municipalities, {planned.of_kind(Boundary.Kind.COUNTY)} counties; {counts}; "
        f"{planned.passed_over} passed over (no active municipality, or of another state)."
    )


@contextmanager
def _status(words: str) -> Iterator[None]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


@contextmanager
def _downloads() -> Iterator[Any]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _name, _so_far, _all: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(name: str, so_far: int, of_all: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=of_all or None)
            bars.update(tasks[name], completed=so_far)

        yield show
