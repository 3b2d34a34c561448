"""`manage.py seizure_test`: tips full of planted strings, and then nothing of them to be found.

Run it on the machine that holds the installation, as the account that it runs as. It sends through
the public address as anybody would, waits until the tips are placed, and searches the home folder,
the temporary folder, the database and the broker. Exit code 1 when anything is found.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table

from tipintake.door.seizure import plant
from tipintake.door.seizure.opened import opened
from tipintake.door.seizure.plant import Canaries, Planted, Sender
from tipintake.door.seizure.search import Broker, Leak, Place, files, leaks, tables
from tipintake.door.seizure.times import too_fine
from tipintake.privacy import keys, receipts
from tipintake.privacy.keys import KeyMissing
from tipintake.tips.models import Tip

WORDS_ALIKE = (
    "Who stands behind a plain cue is looked for once more in everything that the keys open."
)


class Command(BaseCommand):
    help = "Send tips full of planted strings through the front door and look for them everywhere."

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
        begun = time.time()
        planted = plant.canaries(source_address=_telling_source(public))
        try:
            with Broker(settings.REDIS_URL) as broker:
                sent = self._send(Sender(public.rstrip("/"), planted))
                tips = _tips_of(sent)
                self._wait(tips, patience)
                searched: dict[str, int] = defaultdict(int)
                found = leaks(
                    {**planted.everything(), **sent.channels()},
                    _counted(_everywhere(broker, since=begun - 1), searched),
                )
                deaf = b"tipintake." not in broker.heard()  # a bell rang for each tip
        except RedisError as error:
            raise CommandError(
                f"The broker does not answer at REDIS_URL ({type(error).__name__}). Name the one "
                "that this installation uses."
            ) from None
        found += _behind_plain_cues(planted, tips, searched)
        found += [Leak("the moment of a resident's act", column) for column in too_fine()]
        self._show(planted, sent, searched, found, deaf=deaf)
        self._say_whose(tips)
        if found:
            raise CommandError("Something that identifies a person was kept. See the table.")

    def _send(self, sender: Sender) -> Planted:
        try:
            sent = plant.through_every_door(sender)
        except OSError as error:
            raise CommandError(
                f"Nothing answers at {sender.public} ({type(error).__name__}). Start the "
                "installation, or name its public address with --public."
            ) from None
        if not sent.receipts:
            raise CommandError(
                f"{sender.public} kept none of the tips, so nothing is proved: {sent.statuses()}"
            )
        return sent

    def _wait(self, tips: QuerySet[Tip], patience: int) -> None:
        until = time.monotonic() + patience
        while tips.filter(routed_at=None).exists():
            if time.monotonic() > until:
                raise CommandError(
                    f"Not placed within {patience} s: is a worker running? The tips are kept."
                )
            time.sleep(0.2)

    def _show(
        self,
        planted: Canaries,
        sent: Planted,
        searched: Mapping[str, int],
        found: list[Leak],
        *,
        deaf: bool,
    ) -> None:
        table = Table(title="Seizure test", caption=WORDS_ALIKE)
        table.add_column("channel")
        table.add_column("found")
        by_channel: dict[str, list[str]] = defaultdict(list)
        for leak in sorted(set(found)):
            by_channel[leak.channel].append(leak.place)
        every = [*planted.everything(), *sent.channels(), "the moment of a resident's act"]
        for channel in every:
            places = by_channel.get(channel, [])
            table.add_row(channel, "[red]" + ", ".join(places) if places else "nowhere")
        console = Console()
        console.print(table)
        for kind, number in sorted(searched.items()):
            console.print(f"searched {number} {kind}")
        console.print(f"{len(sent.answers)} requests, {len(sent.receipts)} tips kept")
        if deaf:
            console.print("[yellow]The broker was not overheard: only what it holds was searched.")

    def _say_whose(self, tips: QuerySet[Tip]) -> None:
        numbers = ", ".join(tips.values_list("reference", flat=True))
        self.stdout.write(f"These tips are of this test; close them as TEST: {numbers}")


def _telling_source(public: str) -> str:
    """On this machine a request may come from an address of its own, which is then looked for."""
    return "127.77.41.13" if urlsplit(public).hostname == "127.0.0.1" else ""


def _tips_of(sent: Planted) -> QuerySet[Tip]:
    pepper = keys.pepper(settings.KEYS_DIR)
    marks = [receipts.fingerprint(receipts.parse(code), pepper) for code in sent.receipts]
    return Tip.objects.filter(receipt_hmac__in=marks).order_by("reference")


def _everywhere(broker: Broker, *, since: float) -> Iterator[Place]:
    yield from files(
        settings.HOME, without=[settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, settings.STATIC_ROOT]
    )
    yield from files(Path(gettempdir()), without=[settings.HOME], since=since)
    yield from tables()
    yield from broker.places()


def _counted(places: Iterator[Place], searched: dict[str, int]) -> Iterator[Place]:
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


def _behind_plain_cues(
    planted: Canaries, tips: QuerySet[Tip], searched: dict[str, int]
) -> list[Leak]:
    """What the scrubber must have destroyed, looked for in what the keys open."""
    try:
        desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
    except KeyMissing:
        return [Leak("second pass", "not made: the private keys are not on this machine")]
    places = list(opened(tips, desk=desk, vault=vault))
    searched["opened texts"] = len(places)
    unsealed = leaks(planted.sealed, places)
    found = leaks({**planted.transport, **planted.words}, places)
    if not unsealed:
        found.append(Leak("the narrative", "nothing: the evidence is lost"))
    return found
