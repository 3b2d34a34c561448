"""`manage.py seizure_test`: tips full of planted strings, and then nothing of them to be found.

Run it on the machine that holds the installation, as the account that it runs as. It sends through
the public address as anybody would, waits until the tips are placed, and searches the home folder,
the temporary folder, the database and the broker. Then it purges its tips as tips are purged,
comes back under their receipts, and searches once more. Exit code 1 when anything is found.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import NOT_FOUND, OK, HTTPException
from pathlib import Path
from tempfile import gettempdir
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from tipintake.door.seizure import plant
from tipintake.door.seizure.canaries import Canaries, canaries
from tipintake.door.seizure.opened import opened
from tipintake.door.seizure.purged import THE_PURGE, Purge
from tipintake.door.seizure.search import Broker, Leak, Place, files, leaks, tables
from tipintake.door.seizure.sender import Planted, Sender
from tipintake.door.seizure.times import too_fine
from tipintake.privacy import keys, receipts
from tipintake.privacy.keys import KeyMissing
from tipintake.tips.models import Attachment, Message, Tip

WORDS_ALIKE = (
    "Who stands behind a plain cue is looked for once more in everything that the keys open."
)
MOMENT = "the moment of a resident's act"
NO_MORE: Mapping[str, str] = MappingProxyType({})
NOT_THERE = "nothing: the evidence is lost"


@dataclass(slots=True)
class Trial:
    """One run: who sent, what was searched, and what was found."""

    sender: Sender
    begun: float
    found: list[Leak] = field(default_factory=list)
    searched: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def planted(self) -> Canaries:
        return self.sender.planted

    @property
    def sent(self) -> Planted:
        return self.sender.done

    def look(self, broker: Broker, *, after: str = "", more: Mapping[str, str] = NO_MORE) -> None:
        """Search all there is for what was planted, and for what may be there no more."""
        wanted = {**self.planted.everything(), **self.sent.channels(), **more}
        places = _counted(_everywhere(broker, since=self.begun - 1), self.searched)
        self.found += [Leak(one.channel, f"{one.place}{after}") for one in leaks(wanted, places)]


class Command(BaseCommand):
    help = (
        "Send tips full of planted strings through the front door, look for them everywhere, "
        "purge them, and look once more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--public", default=settings.PUBLIC_URL, help="address of the public host"
        )
        parser.add_argument(
            "--patience",
            type=int,
            default=120,
            metavar="SECONDS",
            help="how long placing may take",
        )

    def handle(self, *_args: Any, public: str, patience: int, **_options: Any) -> None:
        try:
            keys.pepper(settings.KEYS_DIR)  # without it none of the tips is found again
        except KeyMissing as problem:
            raise CommandError(f"Nothing was sent. {problem}") from None
        planted = canaries(source_address=_telling_source(public))
        trial = Trial(Sender(public.rstrip("/"), planted), time.time())
        try:
            with Broker(settings.REDIS_URL) as broker:
                purge = self._kept_and_purged(trial, broker, patience)
                _come_back_to_nothing(trial)
                numbers = {f"tip number {at}": one for at, one in enumerate(purge.numbers, 1)}
                trial.found += leaks(numbers, tables())
                trial.look(broker, after=", after the purge", more=planted.clear)
                trial.found += purge.shortcomings()
                deaf = b"tipintake." not in broker.heard()  # a bell rang for each tip
        except RedisError as error:
            raise CommandError(
                f"The broker does not answer at REDIS_URL ({type(error).__name__}). Name the one "
                "that this installation uses."
            ) from None
        self._show(trial, deaf=deaf)
        self.stdout.write(
            f"{len(purge.numbers)} tips of this test were purged; they count as TEST. Lines that "
            "are told by a machine may have had a notice of them."
        )
        if trial.found:
            raise CommandError("Something that identifies a person was kept. See the table.")

    def _kept_and_purged(self, trial: Trial, broker: Broker, patience: int) -> Purge:
        """Whatever comes between, nothing that was made up stays in a list of real tips."""
        try:
            self._send(trial.sender)
            tips = _tips_of(trial.sent)
            self._wait(tips, patience)
            trial.look(broker)
            trial.found += _behind_plain_cues(trial, tips)
            trial.found += [Leak(MOMENT, column) for column in too_fine()]
            trial.kept = _counts(tips)
            trial.found += [
                Leak(kind, "none was kept, so nothing is proved")
                for kind, number in trial.kept.items()
                if not number
            ]
        finally:
            tips = _tips_of(trial.sent)
            purge = Purge.of(tips)
            purge.done(tips, patience=patience)
        return purge

    def _send(self, sender: Sender) -> None:
        try:
            form = sender.send("the form, before all else", "GET", plant.FORM)
            if form.status != OK:
                raise CommandError(
                    f"Nothing was sent: {sender.public} answers {form.status} where the form "
                    "stands. Name the public address as people use it with --public: this "
                    f"installation answers to {', '.join(settings.PUBLIC_HOSTS)} (PUBLIC_HOSTS). "
                    "If it is that one, /readyz there says what is missing."
                )
            plant.through_every_door(sender)
        except (OSError, HTTPException) as error:
            raise CommandError(
                f"Nothing answers at {sender.public} ({type(error).__name__}). Start the "
                "installation, or name its public address with --public."
            ) from None
        if not sender.done.receipts:
            raise CommandError(
                f"{sender.public} kept none of the tips, so nothing is proved: "
                f"{sender.done.statuses()}"
            )

    def _wait(self, tips: QuerySet[Tip], patience: int) -> None:
        until = time.monotonic() + patience
        while tips.filter(routed_at=None).exists():
            if time.monotonic() > until:
                raise CommandError(
                    f"Not placed within {patience} s: is a worker running? The tips of this test "
                    "were purged."
                )
            time.sleep(0.2)

    def _show(self, trial: Trial, *, deaf: bool) -> None:
        table = Table(title="Seizure test", caption=WORDS_ALIKE)
        table.add_column("channel")
        table.add_column("found")
        by_channel: dict[str, list[str]] = defaultdict(list)
        for leak in sorted(set(trial.found)):
            by_channel[leak.channel].append(leak.place)
        every = {
            **dict.fromkeys([*trial.planted.everything(), *trial.sent.channels(), MOMENT]),
            **dict.fromkeys([*trial.planted.clear, THE_PURGE, *by_channel]),
        }
        for channel in every:
            places = by_channel.get(channel, [])
            table.add_row(channel, "[red]" + ", ".join(places) if places else "nowhere")
        console = Console()
        console.print(table)
        for kind, number in sorted(trial.searched.items()):
            console.print(f"searched {number} {kind}")
        counts = ", ".join(f"{number} {kind}" for kind, number in trial.kept.items())
        console.print(f"{len(trial.sent.answers)} requests; kept until the purge: {counts}")
        if deaf:
            console.print("[yellow]The broker was not overheard: only what it holds was searched.")


def _telling_source(public: str) -> str:
    """On this machine a request may come from an address of its own, which is then looked for."""
    return "127.77.41.13" if urlsplit(public).hostname == "127.0.0.1" else ""


def _tips_of(sent: Planted) -> QuerySet[Tip]:
    pepper = keys.pepper(settings.KEYS_DIR)
    marks = [receipts.fingerprint(receipts.parse(code), pepper) for code in sent.receipts]
    return Tip.objects.filter(receipt_hmac__in=marks).order_by("reference")


def _counts(tips: QuerySet[Tip]) -> dict[str, int]:
    answers = Message.objects.filter(direction=Message.Direction.ANSWER)
    return {
        "tips": tips.count(),
        "pictures": Attachment.objects.filter(tip__in=tips).count(),
        "answers": answers.filter(tip__in=tips).count(),
    }


def _come_back_to_nothing(trial: Trial) -> None:
    """A purged receipt is an unknown one, at both doors."""
    for asked, answer in plant.under_purged_receipts(trial.sender):
        if answer.status != NOT_FOUND:
            trial.found.append(Leak(THE_PURGE, f"“{asked}” is answered {answer.status}"))


def _everywhere(broker: Broker, *, since: float) -> Iterator[Place]:
    keys_of_ours = (settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, settings.AUDIT_KEYS_DIR)
    yield from files(settings.HOME, without=[*keys_of_ours, settings.STATIC_ROOT])
    yield from files(Path(gettempdir()), without=[settings.HOME], since=since)
    yield from tables()
    yield from broker.places()


def _counted(places: Iterable[Place], searched: dict[str, int]) -> Iterator[Place]:
    for name, content in places:
        searched[_kind(name)] += 1
        yield name, content


def _kind(name: str) -> str:
    kinds: tuple[tuple[str, Callable[[str], bool]], ...] = (
        ("portions of tables", lambda one: one.startswith("table ")),
        ("things said to the broker and held by it", lambda one: "the broker" in one),
        ("names of files", lambda one: one.startswith("the name of ")),
    )
    return next((kind for kind, holds in kinds if holds(name)), "files")


def _behind_plain_cues(trial: Trial, tips: QuerySet[Tip]) -> list[Leak]:
    """What the scrubber must have destroyed, looked for in what the keys open."""
    try:
        desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
    except KeyMissing:
        return [Leak("second pass", "not made: the private keys are not on this machine")]
    planted = trial.planted
    places = list(opened(tips, desk=desk, vault=vault))
    trial.searched["opened texts and pictures"] = len(places)
    there = {leak.channel for leak in leaks(planted.sealed, places)}
    lost = [Leak(channel, NOT_THERE) for channel in planted.sealed if channel not in there]
    return leaks({**planted.transport, **planted.words}, places) + lost
