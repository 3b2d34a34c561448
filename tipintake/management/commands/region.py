"""Check, compare, load or start a region pack; confirm what it says."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tipintake.directory.lookup import UnknownLine, answerable
from tipintake.directory.models import RegionRelease
from tipintake.pipeline import unseen
from tipintake.region.care import NotKept
from tipintake.region.check import check
from tipintake.region.diff import Act, Change, changes_of, in_words
from tipintake.region.entries import PackError, Problem
from tipintake.region.load import load
from tipintake.region.new import CannotStart, new
from tipintake.region.pack import Pack, read_pack
from tipintake.region.verify import approve_alias, confirm_line, doubt_line

SHOWN = 200  # changes listed one by one; a first load has about 1,500
COLOURS = {
    Act.ADD: "green",
    Act.CHANGE: "yellow",
    Act.REMOVE: "red",
    Act.RETIRE: "red",
    Act.KEEP: "cyan",
}


class Command(BaseCommand):
    help = "Region packs and the directory (docs/reference/region-pack.md)."
    requires_system_checks = []  # reading files needs nothing of the web

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        self._add_pack_acts(acts)
        self._add_entry_acts(acts)

    def _add_pack_acts(self, acts: Any) -> None:
        for act, words in (
            ("check", "say what must be mended before the pack can be loaded"),
            ("diff", "say what loading would change; writes nothing"),
            ("load", "bring the directory to what the pack says"),
            ("new", "write a commented pack to start another county from"),
        ):
            one = acts.add_parser(act, help=words)
            which = "a region, or the path of its folder"
            if act == "new":
                one.add_argument("name", help=which)
            else:
                one.add_argument("name", help=which, nargs="?", default=settings.REGION)
            if act == "load":
                one.add_argument("--by", default="operator", help="who loads it, for the audit")
                one.add_argument(
                    "--keep-earlier",
                    action="store_true",
                    help="where something is to mend, go on with what was loaded before",
                )

    def _add_entry_acts(self, acts: Any) -> None:
        for act, entry, words in (
            ("confirm", "line", "somebody called this line: it is right"),
            ("doubt", "line", "a call failed: residents no longer see this line's number"),
            ("approve", "alias", "this name or landmark is evidence of a place"),
        ):
            one = acts.add_parser(act, help=words)
            one.add_argument("name", metavar=entry, help=f"the {entry} as the directory has it")
            one.add_argument("--source", required=True, help="whom you asked, and when")
            one.add_argument("--by", required=True, help="who found it out, for the audit")
            if act == "confirm":
                one.add_argument("--number", help="the number that residents may see")

    def handle(self, *_args: Any, **options: Any) -> None:
        name, folder = options["name"], _folder(options["name"])
        match options["act"]:
            case "check":
                self.check_pack(folder)
            case "diff":
                self.diff_pack(folder)
            case "load":
                self.load_pack(folder, by=options["by"], keeps_earlier=options["keep_earlier"])
            case "new":
                self.new_pack(folder)
            case act:
                self.judge(act, name, options)

    def check_pack(self, folder: Path) -> None:
        pack = self._sound(folder)
        self.stdout.write(
            f"{pack.facts.code} is sound: {len(pack.lines)} lines, "
            f"{len(pack.jurisdictions)} jurisdictions, {len(pack.places)} places, "
            f"{len(pack.aliases)} other names, {len(pack.exits)} exits, "
            f"{len(pack.zips)} ZIP codes, {len(pack.referrals)} services."
        )

    def diff_pack(self, folder: Path) -> None:
        pack = self._sound(folder)
        changes = changes_of(pack)
        self._list(changes)
        if not any(change.writes for change in changes):
            self.stdout.write(f"Loading {pack.facts.code} would change nothing.")
        else:
            self.stdout.write(f"Loading {pack.facts.code} would {_totals(changes)}.")

    def load_pack(self, folder: Path, *, by: str, keeps_earlier: bool) -> None:
        try:
            pack = self._sound(folder)
        except CommandError as refusal:
            newest = RegionRelease.objects.order_by("-pk").first() if keeps_earlier else None
            if newest is None or newest.region != folder.name:
                raise
            self.stderr.write(
                f"{folder.name} is NOT loaded anew: {refusal} What was loaded before stays in "
                "force. Mend it, and run `manage.py region load`."
            )
            return
        with Console(stderr=True).status(f"Loading {pack.facts.code} …"):
            loaded = load(pack, now=timezone.now(), actor=by)
        self._list(loaded.kept)
        if loaded.released:
            done = _totals(loaded.changes) or "no row changed"
            self.stdout.write(f"Loaded {pack.facts.code} {pack.digest[:12]}: {done}.")
        else:
            self.stdout.write(f"{pack.facts.code} {pack.digest[:12]} was loaded already.")
        for sentence in (*answerable(), *unseen.in_words()):
            self.stderr.write(self.style.WARNING(sentence))

    def new_pack(self, folder: Path) -> None:
        try:
            written = new(folder)
        except CannotStart as error:
            raise CommandError(str(error)) from None
        for path in written:
            self.stdout.write(str(path))
        self.stdout.write(f"Fill it in, then run: manage.py region check {folder}")

    def judge(self, act: str, name: str, options: dict[str, Any]) -> None:
        given = {"source": options["source"], "by": options["by"], "now": timezone.now()}
        try:
            if act == "confirm":
                line = confirm_line(name, number=options["number"], **given)
                seen = line.shown_number or "no number"
                self.stdout.write(f"{name} is confirmed. Residents see {seen}.")
            elif act == "doubt":
                doubt_line(name, **given)
                self.stdout.write(f"{name} is unverified. Residents see no number.")
            else:
                alias = approve_alias(name, **given)
                where = alias.jurisdiction or alias.outcome
                self.stdout.write(f"{alias.text} is evidence of {where} from now on.")
        except (UnknownLine, NotKept) as error:
            raise CommandError(str(error)) from None

    def _sound(self, folder: Path) -> Pack:
        try:
            pack = read_pack(folder)
        except PackError as error:
            raise self._refusal(folder, error.problems) from None
        problems = check(pack)
        if problems:
            raise self._refusal(folder, problems)
        return pack

    def _refusal(self, folder: Path, problems: Iterable[Problem]) -> CommandError:
        problems = list(problems)
        if self.stdout.isatty():
            table = Table("File", "Line", "Field", "What to mend", title=str(folder))
            for problem in problems:
                at = str(problem.line or "")
                table.add_row(problem.file, at, problem.field, escape(problem.message))
            Console().print(table)
        else:
            for problem in problems:
                self.stdout.write(str(problem))
        many = "1 thing" if len(problems) == 1 else f"{len(problems)} things"
        return CommandError(f"{many} to mend in {folder}.", returncode=1)

    def _list(self, changes: Iterable[Change]) -> None:
        changes = sorted(changes, key=lambda change: change.act is Act.ADD)
        console = Console() if self.stdout.isatty() else None
        for change in changes[:SHOWN]:
            if console:
                console.print(in_words(change), style=COLOURS[change.act], markup=False)
            else:
                self.stdout.write(in_words(change))
        if len(changes) > SHOWN:
            self.stdout.write(f"… and {len(changes) - SHOWN} more.")


def _folder(name: str) -> Path:
    return Path(name) if "/" in name else Path(settings.REGIONS_DIR) / name


def _totals(changes: Iterable[Change]) -> str:
    changes = list(changes)
    counts = {act: sum(change.act is act for change in changes) for act in Act}
    return ", ".join(f"{act.value} {count}" for act, count in counts.items() if count)
