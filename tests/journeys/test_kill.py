"""Nothing that was answered with 201 is lost, whatever is killed, and nothing is told twice."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from tests.installation import Installation, installation
from tests.waiting import eventually
from tests.webhook import Endpoint, endpoint

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

CITIES = ("Wentzville", "O'Fallon", "Creve Coeur", "Chesterfield", "Arnold", None)

COUNTS = """
import json
from django.db.models import Count
from tipintake.models import Tip, Decision, HandOff, Notice
print("SAID " + json.dumps({
    "references": list(Tip.objects.values_list("reference", flat=True)),
    "waiting": Tip.objects.filter(routed_at__isnull=True).count(),
    "undecided": Tip.objects.annotate(n=Count("decisions", distinct=True)).exclude(n=1).count(),
    "nowhere": Tip.objects.annotate(n=Count("hand_offs", distinct=True)).filter(n=0).count(),
    "unsent": Notice.objects.exclude(state="SENT").count(),
    "due": HandOff.objects.filter(notify_at__isnull=False).count(),
    "notices": Notice.objects.count(),
}))
"""

REGISTER = """
from django.utils import timezone
from tipintake.delivery.contacts import register
from tipintake.models import Line
for line in Line.objects.filter(code__in=["wentzville-pd", "regional-triage"]):
    register(
        line, role="QUEUE", channel="webhook", address={url!r}, name="", actor="test",
        now=timezone.now(),
    )
"""


def tip(number: int) -> dict[str, Any]:
    return {
        "category": "SUSPICIOUS_PLACE_PATTERN",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["HTL_TRAFFIC"],
        "vehicles": [{"plate_raw": f"K{number:05}", "plate_state": "MO"}],
        "locations": [{"place_type": "HOTEL_MOTEL", "city": CITIES[number % len(CITIES)]}],
        "narrative": f"The same van number {number} waits behind the building every Friday night.",
    }


@pytest.fixture
def agency() -> Iterator[Endpoint]:
    with endpoint() as one:
        yield one


def test_300_tips_survive_killed_workers_and_brokers(agency: Endpoint) -> None:
    chance = random.Random(20261114)
    agency.answer = lambda _one: 503 if chance.random() < 0.1 else 204
    with installation(
        SWEEP_SECONDS="1", WEBHOOK_ALLOW_LOOPBACK="1", TIPINTAKE_RETRY_SCALE="0.01"
    ) as one:
        one.command("shell", "-c", REGISTER.format(url=agency.url))
        done = threading.Event()
        killer = threading.Thread(target=kill_at_random, args=(one, done), daemon=True)
        killer.start()
        with ThreadPoolExecutor(4) as clients:
            answers = list(clients.map(lambda n: one.post("/api/v1/tips", tip(n)), range(300)))
        done.set()
        killer.join()
        kept = [body["reference"] for status, body in answers if status == 201]
        assert len(kept) == 300, Counter(status for status, _ in answers)

        with one.watching(COUNTS) as counts:

            def settled() -> bool:
                now = counts()
                return not now["waiting"] and not now["unsent"] and not now["due"]

            eventually(settled, seconds=120)
            now = counts()
    assert sorted(now["references"]) == sorted(kept)
    assert now["undecided"] == 0
    assert now["nowhere"] == 0
    ids = defaultdict(set)
    for notice in agency.received:
        ids[notice.body["data"]["reference"], notice.body["data"]["line"]].add(
            notice.headers["webhook-id"]
        )
    assert ids
    assert all(len(same) == 1 for same in ids.values())


def kill_at_random(one: Installation, done: threading.Event) -> None:
    chance = random.Random(7)
    while not done.wait(chance.uniform(0.2, 0.9)):
        one.kill(*chance.choice([("celery", "worker"), ("valkey-server",)]))


@pytest.fixture(scope="module")
def one() -> Iterator[Installation]:
    """One that comes whole out of each test."""
    with installation(SWEEP_SECONDS="2") as started:
        yield started


@pytest.mark.parametrize("how", ["dead", "hanging"])
def test_tips_are_accepted_while_the_broker_is_away(one: Installation, how: str) -> None:
    eventually(lambda: len(one.parts("valkey-server")) == 1, seconds=20)
    (broker,) = one.parts("valkey-server")
    guard = broker.parent()
    assert guard is not None
    # A stopped guard does not notice its child's end, so nobody starts the broker again.
    guard.suspend()
    eventually(lambda: guard.status() == psutil.STATUS_STOPPED, seconds=5)
    if how == "dead":
        broker.kill()
        eventually(lambda: broker.status() == psutil.STATUS_ZOMBIE, seconds=5)
    else:
        broker.suspend()
    answers = [one.post("/api/v1/tips", tip(n)) for n in range(20)]
    assert [status for status, _ in answers] == [201] * 20
    if how == "hanging":
        broker.resume()
    guard.resume()
    with one.watching(COUNTS) as counts:
        eventually(lambda: counts()["waiting"] == 0, seconds=90)
        now = counts()
    kept = Counter(now["references"])
    assert [kept[body["reference"]] for _, body in answers] == [1] * 20
    assert now["undecided"] == 0


def test_killed_workers_and_doors_are_started_again_and_find_everything(one: Installation) -> None:
    def started_again() -> int:
        return one.printed().count("starting it again")

    before = started_again()
    assert one.post("/api/v1/tips", tip(1))[0] == 201
    one.kill("celery", "worker")
    one.kill("config.serve")
    eventually(lambda: started_again() >= before + 3, seconds=20)
    eventually(lambda: posted(one, 2), seconds=60)
    with one.watching(COUNTS) as counts:
        eventually(lambda: counts()["waiting"] == 0, seconds=60)


def posted(one: Installation, number: int) -> bool:
    try:
        return one.post("/api/v1/tips", tip(number))[0] == 201
    except OSError:
        return False
