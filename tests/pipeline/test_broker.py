"""Real brokers, real workers, real hangs."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.pipeline.house import House, broker

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

UNTIL_ROUTED = """
held = keep({count})
until = time.monotonic() + {seconds}
begun = time.monotonic()
while Tip.objects.filter(routed_at=None).exists() and time.monotonic() < until:
    time.sleep(0.02)
from tipintake.models import Decision, HandOff, Notice
say(
    held=held,
    waited=time.monotonic() - begun,
    waiting=Tip.objects.filter(routed_at=None).count(),
    decisions=Decision.objects.count(),
)
"""
ASK_FOR_A_SWEEP = """
from config.celery import app
app.send_task("tipintake.sweep", ignore_result=True)
until = time.monotonic() + 60
while Tip.objects.filter(routed_at=None).exists() and time.monotonic() < until:
    time.sleep(0.05)
say(waiting=Tip.objects.filter(routed_at=None).count())
"""
RACE = """
import threading
from django.db import OperationalError, connection
from tipintake.models import Decision, HandOff
from tipintake.pipeline.route import route_waiting
keep(60)
routed, failed = [], []
start = threading.Barrier(3)

def router():
    start.wait()
    try:
        while done := route_waiting(now=timezone.now(), limit=7):
            routed.append(done)
    except Exception as error:
        failed.append(type(error).__name__)
    finally:
        connection.close()

threads = [threading.Thread(target=router) for _ in range(3)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
say(
    failed=failed,
    routed=sum(routed),
    waiting=Tip.objects.filter(routed_at=None).count(),
    decisions=Decision.objects.count(),
    primaries=HandOff.objects.filter(is_primary=True).count(),
)
"""


def test_a_tip_is_routed_within_seconds_through_the_broker_of_the_default_settings(
    house: House,
) -> None:
    # An empty REDIS_URL is the default: the embedded broker's socket in the home.
    here = house.home / "valkey.sock"
    with broker("--port", "0", "--unixsocket", str(here)), house.worker(""):
        said = house.run(UNTIL_ROUTED.format(count=5, seconds=60), REDIS_URL="")
    assert said["waiting"] == 0
    assert said["decisions"] == 5
    assert said["waited"] < 50  # the worker itself starts meanwhile, on a busy machine slowly


@contextmanager
def hanging() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    links: list[socket.socket] = []

    def take() -> None:
        try:
            while True:
                links.append(listener.accept()[0])
        except OSError:
            return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        # Closing alone does not wake an accept() that waits.
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for link in links:
            link.close()
        thread.join(5)


def test_a_dead_broker_holds_no_submission_and_its_return_routes_what_waits(
    house: House,
) -> None:
    said = house.run("say(held=keep(10))", TIPINTAKE_ROLE="public")
    assert said["held"] < 0.1
    here = house.home / "valkey.sock"
    url = f"redis+socket://{here}"
    with broker("--port", "0", "--unixsocket", str(here)), house.worker(url):
        assert house.run(ASK_FOR_A_SWEEP, REDIS_URL=url)["waiting"] == 0


def test_a_hanging_broker_holds_no_submission_and_its_return_routes_what_waits(
    house: House,
) -> None:
    with hanging() as port:
        url = f"redis://127.0.0.1:{port}/0"
        said = house.run("say(held=keep(10))", TIPINTAKE_ROLE="public", REDIS_URL=url)
    assert said["held"] < 0.1
    with broker("--port", str(port), "--bind", "127.0.0.1"), house.worker(url):
        assert house.run(ASK_FOR_A_SWEEP, REDIS_URL=url)["waiting"] == 0


def test_three_routers_at_once_route_every_tip_exactly_once(house: House) -> None:
    said = house.run(RACE)
    assert said == {
        "failed": [],
        "routed": 60,
        "waiting": 0,
        "decisions": 60,
        "primaries": 60,
    }
