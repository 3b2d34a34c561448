"""The process beside the exporter: same package, no key to be seen, no afterlife."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from reports import asking, batches, reading
from reports.apart import Apart, Gone, opened
from reports.models import Export
from tests.reports.conftest import AskFor, files_of, package
from tests.waiting import eventually
from tests.web.desk.conftest import MakeTip, See
from tipintake.privacy.seal import DataKey, PrivateKey
from tipintake.tips.models import DataKey as SealedKey
from tipintake.tips.models import Tip
from tipintake.triage.models import Link

ROOT = Path(__file__).resolve().parents[2]
HERE, BESIDE = sys.maxsize, 0
BEGIN = "from reports.apart import Apart; from tipintake.privacy.seal import PrivateKey; "


@pytest.fixture
def tips(make_tip: MakeTip, see: See) -> list[Tip]:
    """Enough for several chunks of three, with what seldom stands in a tip."""
    made = [
        make_tip("wentzville-pd", narrative=words)
        for words in (
            "A gray van, every Friday.\nTwo women are led in by the same man.",
            '=HYPERLINK("https://ads.example/") and "quotes", 🚐 xe tải nhỏ.',
            "Nobody there speaks; the man answers for all of them, each time.",
            "The same man as last week, the same room, the same gray van again.",
        )
        for _ in range(2)
    ]
    for one in made:
        see(one)
    return made


@pytest.fixture
def exported(ask_for: AskFor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Export]:
    def export(many: int, **given: object) -> Export:
        Export.objects.all().delete()
        monkeypatch.setattr(asking, "reference_of", lambda _drawn: "E-SAME-SAME")
        monkeypatch.setattr(batches, "MANY", many)
        monkeypatch.setattr(reading, "CHUNK", 3)
        return ask_for(**given)

    return export


@pytest.mark.django_db
@pytest.mark.parametrize("level", ["EVIDENCE", "HELP", "CODES"])
@pytest.mark.parametrize("formats", [("csv",), ("csv", "i2", "kml", "xlsx")], ids="+".join)
def test_beside_and_here_make_the_same_package(
    formats: tuple[str, ...], level: str, tips: list[Tip], exported: Callable[..., Export]
) -> None:
    SealedKey.objects.filter(tip=tips[3]).delete()
    one, other = sorted((tips[0], tips[5]), key=lambda tip: tip.pk)
    Link.objects.create(
        one=one, other=other, why="same_plate", mark="x", strength=3, value_one="K1",
        value_other="K1", state="SUGGESTED",
    )  # fmt: skip
    beside = package(exported(BESIDE, formats=formats, level=level))
    here = exported(HERE, formats=formats, level=level)
    assert here.done == len(tips)
    assert package(here) == beside


@pytest.mark.django_db
def test_what_does_not_open_is_said_and_counted(
    tips: list[Tip], exported: Callable[..., Export]
) -> None:
    SealedKey.objects.filter(tip=tips[0]).delete()
    files = files_of(exported(BESIDE, formats=("csv",)))
    assert b"[could not be opened]" in files["data/csv/tips.csv"]
    assert b"Unopened-Count: 1\n" in files["bag-info.txt"]


def closed(desk: PrivateKey, words: str) -> tuple[str, bytes, bytes]:
    key, bound = DataKey.new(), f"tip:{uuid4()}:narrative"
    return bound, key.sealed_to(desk.public), key.seal(words.encode(), context=bound)


def test_it_opens_what_the_exporter_opens_and_nothing_else() -> None:
    former = PrivateKey.new()
    desk = PrivateKey(PrivateKey.new().to_bytes(), earlier=(former,))
    given = [
        closed(desk, "now"),
        closed(former, "before"),
        closed(PrivateKey.new(), "not ours"),
        ("elsewhere", *closed(desk, "moved")[1:]),
        ("purged", None, b""),
    ]
    with Apart(desk) as beside:
        assert beside.opened(given) == ["now", "before", None, None, None]
    assert opened(desk, given) == ["now", "before", None, None, None]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads /proc")
def test_its_arguments_and_surroundings_hold_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "a secret of the exporter")
    desk = PrivateKey.new()
    with Apart(desk) as beside:
        beside.opened([closed(desk, "it runs")])
        of_it = Path("/proc") / str(beside.pid)
        seen = (of_it / "cmdline").read_bytes() + (of_it / "environ").read_bytes()
    assert b"reports.apart" in seen
    assert desk.to_bytes() not in seen
    assert desk.to_bytes().hex().encode() not in seen
    assert b"a secret" not in seen


def test_it_ends_with_the_exporter() -> None:
    code = BEGIN + "import time; print(Apart(PrivateKey.new()).pid, flush=True); time.sleep(60)"
    exporter = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert exporter.stdout
    beside = int(exporter.stdout.readline())
    assert psutil.pid_exists(beside)
    exporter.send_signal(signal.SIGKILL)
    exporter.wait()
    exporter.stdout.close()
    eventually(lambda: not psutil.pid_exists(beside), seconds=10)


def test_it_ends_with_its_export() -> None:
    with Apart(PrivateKey.new()) as beside:
        pid = beside.pid
    assert not psutil.pid_exists(pid)


def test_its_end_is_noticed() -> None:
    desk = PrivateKey.new()
    with Apart(desk) as beside:
        os.kill(beside.pid, signal.SIGKILL)
        with pytest.raises(Gone):
            beside.opened([closed(desk, "too late")] * 1000)


def test_it_has_no_database() -> None:
    code = "import sys, reports.apart; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
