"""How long an export takes, and how much memory above the idle exporter.

`python -m bench.export [TIPS]`: a database of its own (TIPINTAKE_HOME names the folder, which is
kept for another run), TIPS tips with sealed words and every kind of child; then each format in a
fresh process: seconds, CPU of all processes, and the peak of resident memory above that process
before it began; of the processes beside it (what opens words, what sets pages) the whole peak.
"words" is the reading and opening alone, which every format at this level needs. Packets and
summaries are made of PACKET tips: nobody prints a hundred thousand.
"""
# ruff: noqa: E402  Django is set up before what needs it is imported

import logging
import os
import resource
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import psutil
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from reports import asking, bell
from reports.asking import Wish
from reports.lease import still
from reports.making import make_due
from reports.models import Export
from reports.reading import Reader
from reports.scope import Caveat, Level, Scope, Tlp
from tipintake.directory.models import Line
from tipintake.privacy import keys
from tipintake.privacy.seal import DataKey as Key
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.routing.models import Decision
from tipintake.tips.models import (
    DataKey,
    EvidenceInWords,
    OnlineLead,
    PersonDescribed,
    Place,
    Sighting,
    Tip,
    Vehicle,
)
from tipintake.tips.secrets import context

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)
CHUNK = 1000
PACKET = 500
PRINTED = ("pdf", "summary")
SENTENCE = (
    "A gray van comes to the back door every Friday after ten and two women are led in by the "
    "same man, who keeps their phones and answers for them at the desk. "
)
WORDS = SENTENCE * 4
CITIES = ("Wentzville", "O'Fallon", "Creve Coeur", "Chesterfield", "Arnold")


def keep(first: int, count: int) -> None:
    """Tips as the door and the worker leave them."""
    public = keys.public_keys(settings.KEYS_DIR)
    numbers = range(first, first + count)
    made = [_tip(number) for number in numbers]
    sealed = []
    for tip in made:
        key = Key.new()
        tip.narrative_sealed = key.seal(WORDS.encode(), context=context(tip.pk, "narrative"))
        sealed.append(
            DataKey(
                tip=tip,
                sealed=key.sealed_to(public.desk),
                desk_key_id=public.desk_id,
                mailbox=bytes(32),
            )
        )
    Tip.objects.bulk_create(made)
    DataKey.objects.bulk_create(sealed)
    pairs = list(zip(numbers, made, strict=True))
    Vehicle.objects.bulk_create(
        Vehicle(
            tip=tip, position=0, plate_raw=f"k{n:05} x", plate_canonical=f"K{n:05}X",
            plate_skeleton=f"K{n:05}X", plate_state="MO", make="Honda", make_code="HOND",
            model="Odyssey", colour1="gray", colour1_code="GRY", year_from=2014, year_to=2016,
            features="dent on the left", role_in_scene="DROPPED_OFF",
        )
        for n, tip in pairs
    )  # fmt: skip
    Place.objects.bulk_create(
        Place(
            tip=tip, position=0, place_type="HOTEL_MOTEL", name="A hotel", unit=str(n % 300),
            city=CITIES[n % 5], state="MO", zip="63385", lat=38.7 + n % 100 / 500, lon=-90.7,
        )
        for n, tip in pairs
    )  # fmt: skip
    OnlineLead.objects.bulk_create(
        OnlineLead(
            tip=tip, position=0, url=f"https://ads.example/{n}", ad_phone_e164="+13145550166"
        )
        for n, tip in pairs
        if n % 3 == 0
    )
    PersonDescribed.objects.bulk_create(
        PersonDescribed(tip=tip, position=0, role="DRIVER", age_from=30, age_to=40)
        for n, tip in pairs
        if n % 2 == 0
    )
    EvidenceInWords.objects.bulk_create(
        EvidenceInWords(tip=tip, kind="ROOM", value="Room 12", canonical="12")
        for n, tip in pairs
        if n % 4 == 0
    )
    Sighting.objects.bulk_create(
        Sighting(tip=tip, kind="APPROX", start=NOW - timedelta(hours=n % 999), approx_minutes=30)
        for n, tip in pairs
    )
    Decision.objects.bulk_create(
        Decision(
            tip=tip, decided_at=NOW, policy_version=1, rule="R3", rules=["R3"],
            primary="wentzville-pd", also=["st-charles-county-task-force"], priority="P3",
            banner_911=False, because="The place lies in Wentzville.", place_outcome="resolved",
            jurisdiction="wentzville-mo", place={},
        )
        for n, tip in pairs
    )  # fmt: skip


def _tip(number: int) -> Tip:
    return Tip(
        reference=f"T-{number:09d}"[:12],
        receipt_hmac=secrets.token_bytes(32),
        receipt_public_key=bytes(32),
        submitted_hour=NOW - timedelta(hours=number % 4000),
        routed_at=NOW,
        priority="P3",
        came_by="API",
        category="SEX_TRAFFICKING",
        immediacy="ONGOING",
        minor_present="NO",
        basis="SAW",
        indicators=["CTL_ID_HELD", "HTL_CASH", "HTL_TRAFFIC"],
    )


class _Beside:
    """What the processes beside the exporter hold at most, looked at some times a second."""

    peak = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(0.2):
            for child in psutil.Process().children():
                with suppress(psutil.Error):  # it may have ended meanwhile
                    self.peak = max(self.peak, child.memory_info().rss)


def one(what: str) -> None:
    """In a process of its own."""
    logging.disable(logging.WARNING)
    line = Line.objects.get(code="wentzville-pd")
    idle = psutil.Process().memory_info().rss
    beside = _Beside()
    begun, spent = time.perf_counter(), time.process_time()
    if what == "words":
        caveat = Caveat(Tlp.AMBER_STRICT, NOW.date())
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        reader = Reader(Scope(Level.EVIDENCE, caveat), linked=Tip.objects.all(), desk=private)
        found = Tip.objects.order_by("submitted_hour", "pk").values_list("pk", flat=True)
        done, size = sum(1 for _ in reader.rows(found.iterator())), 0
        problem = ""
    else:
        bell.ring = lambda: None
        names = what.split("+")
        chosen = Tip.objects.order_by("pk").values_list("reference", flat=True)[:PACKET]
        some = tuple(chosen) if set(names) & set(PRINTED) else ()
        wish = Wish(line, "ANALYSIS", "bench", "EVIDENCE", names, references=some)
        export = asking.ask(wish, user=None, requester="bench", now=NOW)
        with beside.watched():
            make_due(clock=lambda: NOW, heart=still)
        export = Export.objects.get(pk=export.pk)
        done, size, problem = export.done, export.size, export.problem
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent += (others := children.ru_utime + children.ru_stime)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{what:<8} {done:>7} tips in {took:6.1f} s   CPU {spent:5.1f} s ({others:.1f} s beside)  "
        f"{(peak - idle) / 1e6:6.1f} MB above idle ({idle / 1e6:.0f} MB), "
        f"{beside.peak / 1e6:.0f} MB beside   package {size / 1e6:6.1f} MB   "
        f"load {os.getloadavg()[0]:.1f} {problem}",
        flush=True,
    )


def main(count: int) -> None:
    if not (Path(settings.KEYS_DIR) / "desk.pub").exists():
        keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=NOW, actor="bench")
    for first in range(Tip.objects.count(), count, CHUNK):
        keep(first, min(CHUNK, count - first))
    print(f"database: {connection.vendor}, {Tip.objects.count()} tips", flush=True)
    connection.close()
    for what in ("words", "csv", "xlsx", "geojson", "kml", "i2", "niem", *PRINTED):
        subprocess.run([sys.executable, "-m", "bench.export", "--one", what], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
