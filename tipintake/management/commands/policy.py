"""`manage.py policy …`: the versions of the routing policy, from draft to version in force."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tipintake.management.known_places import (
    has_release,
    known_boundaries,
    known_places,
    known_policy,
)
from tipintake.routing.models import Policy
from tipintake.routing.policy import lifecycle
from tipintake.routing.policy.compare import differences
from tipintake.routing.policy.conditions import OPERATORS
from tipintake.routing.policy.current import UnknownPolicy
from tipintake.routing.policy.fields import FIELDS
from tipintake.routing.policy.lifecycle import PolicyProblem
from tipintake.routing.policy.rulebook import (
    FIRST,
    FIRST_CASES,
    BadPolicy,
    Rulebook,
    digest_of,
    read,
)
from tipintake.routing.policy.simulate import how_many
from tipintake.staff import accounts
from tipintake.staff.roles import May, may

SHOWN = 20


class Command(BaseCommand):
    help = "Routing policies as versions (docs/how-to/change-the-policy.md)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="every version and its state")
        acts.add_parser("fields", help="what a rule may ask about a tip, and how")
        show = acts.add_parser("show", help="the text of a version (default: the one in force)")
        show.add_argument("which", nargs="?", help="a version")
        show.add_argument("--cases", action="store_true", help="its example cases instead")
        draft = acts.add_parser("draft", help="begin a draft, from a file or as it is in force")
        draft.add_argument("file", nargs="?", type=Path, help="rules in TOML")
        revise = acts.add_parser("revise", help="give a draft another text or other cases")
        revise.add_argument("version", type=int)
        revise.add_argument("file", nargs="?", type=Path, help="rules in TOML")
        check = acts.add_parser("check", help="rules, branches and example cases; exit code 1")
        check.add_argument("which", help="a version, or a file of rules")
        diff = acts.add_parser("diff", help="what a version says otherwise than another")
        diff.add_argument("which", help="a version, or a file of rules")
        diff.add_argument("other", nargs="?", help="beside this (default: the one in force)")
        simulate = acts.add_parser("simulate", help="decide the kept tips by it; writes no tip")
        simulate.add_argument("which", help="a version, or a file of rules")
        simulate.add_argument("--newest", type=int, metavar="N", help="only the N newest tips")
        simulate.add_argument("--json", action="store_true", help="the whole report as JSON")
        simulate.add_argument("--by", default="manage.py", help="who, for the audit")
        activate = acts.add_parser("activate", help="put a simulated draft in force")
        activate.add_argument("version", type=int)
        for one in (draft, revise, check):
            one.add_argument("--cases", type=Path, help="example cases, one JSON object a line")
        for one in (draft, revise, activate):
            one.add_argument("--by", required=True, help="the staff account that does it")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        try:
            getattr(self, f"_{act}")(**options)
        except (PolicyProblem, BadPolicy) as wrong:
            for sentence in wrong.problems:
                self.stdout.write(sentence)
            raise CommandError(f"{_many(wrong.problems)} to mend.") from None
        except (UnknownPolicy, accounts.AccountProblem) as wrong:
            raise CommandError(str(wrong)) from None

    # --- Reading ---

    def _list(self, **_options: Any) -> None:
        rows = list(Policy.objects.order_by("version")) if has_release() else []
        for row in rows:
            when = f"{row.activated_at:%Y-%m-%d %H:%M}" if row.activated_at else ""
            by = f"by {row.activated_by}" if row.activated_by else ", ".join(row.authors)
            self.stdout.write(
                f"{row.version:>3}  {row.get_state_display():<8} {when:<16} {row.title}  ({by})"
            )
        if not rows:
            self.stdout.write(f"  1  Active    {FIRST.title}  (shipped with the service)")

    def _fields(self, **_options: Any) -> None:
        for field in FIELDS.values():
            self.stdout.write(f"{field.name}: {field.about}")
            self.stdout.write(f"    {field.kind}; {', '.join(OPERATORS[field.kind])}")
            if field.choices:
                self.stdout.write(
                    f"    {', '.join(repr(str(one)) for one in sorted(field.choices))}"
                )

    def _show(self, *, which: str | None, cases: bool, **_options: Any) -> None:
        if which is None and not cases:
            self.stdout.write(known_policy().text)
        else:
            row = self._row(which or str(known_policy().version), None)
            self.stdout.write(row.cases if cases else row.text)

    def _check(self, *, which: str, cases: Path | None, **_options: Any) -> None:
        row = self._row(which, cases)
        base = None if row.pk or which == "1" else known_policy()
        checked = lifecycle.check(row, known_places(), base=base)
        if checked.problems:
            raise PolicyProblem(*checked.problems)
        assert checked.rulebook is not None  # noqa: S101 no problem means that it was read
        self.stdout.write(
            f"{which} is sound: {len(checked.rulebook.rules)} rules, "
            f"{checked.cases_hold} cases hold."
        )

    def _diff(self, *, which: str, other: str | None, **_options: Any) -> None:
        before = known_policy() if other is None else self._rulebook(other)
        after = self._rulebook(which)
        found = differences(before, after)
        for one in found:
            self.stdout.write(str(one))
        if not found:
            self.stdout.write(f"{which} says the same as version {before.version}.")

    # --- Writing ---

    def _draft(self, *, file: Path | None, cases: Path | None, by: str, **_options: Any) -> None:
        who = _account(by, May.WRITE_POLICIES)
        row = lifecycle.draft(
            by=who,
            now=timezone.now(),
            text=_text(file) if file else None,
            example_cases=_text(cases) if cases else None,
        )
        self.stdout.write(f"Draft {row.version} stands, based on version {row.based_on}.")
        self.stdout.write(f"Next: manage.py policy check {row.version}")

    def _revise(
        self, *, version: int, file: Path | None, cases: Path | None, by: str, **_options: Any
    ) -> None:
        who, row = _account(by, May.WRITE_POLICIES), lifecycle.named(version)
        lifecycle.revise(
            version,
            text=_text(file) if file else row.text,
            example_cases=_text(cases) if cases else row.cases,
            by=who,
            now=timezone.now(),
        )
        if cases:
            had, has = _how_many(row.cases), _how_many(_text(cases))
            self.stdout.write(f"It has {has} example cases now; it had {had}.")
        self.stdout.write(f"Draft {version} is changed. Check and simulate it again.")

    def _activate(self, *, version: int, by: str, **_options: Any) -> None:
        who = _account(by, May.ACTIVATE_POLICIES)
        row = lifecycle.activate(version, known_places(), by=who, now=timezone.now())
        self.stdout.write(
            f"Version {row.version} is in force. Running processes follow it with their next tip; "
            "tips that were placed stay where they are."
        )

    # --- Simulating ---

    def _simulate(self, *, which: str, newest: int | None, by: str, **options: Any) -> None:
        row, gazetteer = self._row(which, None), known_places()
        with _bar(how_many(newest)) as advance:
            report = lifecycle.simulate_draft(
                row,
                gazetteer,
                by=by,
                now=timezone.now(),
                newest=newest,
                boundaries=known_boundaries(gazetteer),
                progress=advance,
            ).as_json()
        if options["json"]:
            self.stdout.write(json.dumps(report))
        else:
            for line in _in_words(report, row):
                self.stdout.write(line)

    # --- Which version is meant ---

    def _row(self, which: str, cases: Path | None) -> Policy:
        if which.isascii() and which.isdigit():
            if int(which) == FIRST.version and not (has_release() and Policy.objects.exists()):
                return Policy(version=1, text=FIRST.text, digest=FIRST.digest, cases=FIRST_CASES)
            row = lifecycle.named(int(which))
        else:
            text = _text(Path(which))
            row = Policy(version=0, text=text, digest=digest_of(text), title=which)
        if cases is not None:
            row.cases = _text(cases)
        return row

    def _rulebook(self, which: str) -> Rulebook:
        if which.isascii() and which.isdigit():
            return known_policy(int(which))
        return read(_text(Path(which)), version=0)


def _account(name: str, act: May) -> str:
    user = accounts.named(name)
    if not may(user, act):
        raise CommandError(
            f"{user.username} may not {act.value}. `manage.py staff roles` gives roles."
        )
    return user.username


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None


def _how_many(example_cases: str) -> int:
    return sum(bool(line.strip()) for line in example_cases.splitlines())


def _many(things: Iterable[str]) -> str:
    count = len(list(things))
    return "1 thing" if count == 1 else f"{count} things"


@contextmanager
def _bar(tips: int) -> Iterator[Callable[[int], None]]:
    columns = (
        TextColumn("tips"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("tips", total=tips)
        yield lambda count: progress.advance(task, count)


def _in_words(report: dict[str, Any], row: Policy) -> Iterator[str]:
    before, tips, changed = report["before"]["version"], report["tips"], report["changed"]
    yield f"Version {row.version or row.title} beside version {before}, over {tips} tips."
    yield f"{changed} tips would go another way, {len(report['changes'])} kinds of change."
    for one in report["changes"][:SHOWN]:
        way = f"{one['before']} → {one['after']}"
        yield f"  {one['count']:>7}  {way}  {one['lines']}  e.g. {', '.join(one['samples'])}"
    if len(report["changes"]) > SHOWN:
        yield f"  … and {len(report['changes']) - SHOWN} more kinds (--json has all)."
    for word, lines in (("would get", report["gained"]), ("would lose", report["lost"])):
        for line, count in lines.items():
            yield f"{line} {word} {count} tips."
    yield f"Rules never hit: {', '.join(report['never_hit']) or 'none'}."
    shadowed = [f"{code} (by {by})" for code, by in report["shadowed"].items()]
    yield f"Rules shadowed: {', '.join(shadowed) or 'none'}."
    yield f"Only the catch-all: {report['only_catch_all']['count']} tips."
    for code, group in report["leaks"].items():
        samples = ", ".join(group["samples"])
        yield f"  LEAK: {group['count']} that {code} decides now, e.g. {samples}"
    if report["law"]["count"]:
        yield (
            f"The law stood above the rules for {report['law']['count']} tips, "
            f"e.g. {', '.join(report['law']['samples'])}."
        )
