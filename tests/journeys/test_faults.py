"""A fault run: a real worker, and endpoints of agencies that fail in every way.

No hand-off is lost, none is marked as told that was not, what was given up is seen on the desk,
and every attempt at one notice carries the same id.
"""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
import standardwebhooks

from tests.faulty import DRIPS, KILLS, SILENT, Faulty, faulty
from tests.installation import Installation, installation
from tests.waiting import eventually
from tipintake.staff import factors

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

WENTZVILLE, OFALLON = "wentzville-pd", "ofallon-pd"
TIPS = 3

# Each way is an endpoint of Wentzville; O'Fallon has only one that never takes anything.
WAYS = (
    *("takes", "answers 500", "answers 429", "answers 410", "answers garbage", "hangs up"),
    *(SILENT, DRIPS, KILLS),
)
GIVEN_UP = (
    *("answers 500", "answers 410", "answers garbage", "hangs up"),
    *("unreadable secret", "unknown channel"),
)

REGISTER = """
import json
from django.utils import timezone
from tipintake.delivery.contacts import register
from tipintake.models import Contact, Line
wanted = json.loads({wanted!r})
secrets = {{}}
for code, name, url in wanted:
    line = Line.objects.get(code=code)
    Contact.objects.filter(line=line, source__contains="pack").update(active=False)
    made = register(
        line, role="QUEUE", channel="webhook", address=url, name=name, actor="test",
        now=timezone.now(),
    )
    secrets[code + "/" + name] = made.secret
line = Line.objects.get(code="wentzville-pd")
# Two that cannot be rendered: a secret that does not open, and a channel that does not exist.
Contact.objects.create(
    line=line, channel="webhook", name="unreadable secret", address="https://x.example/",
    secret_sealed=b"broken", source="test",
)
Contact.objects.create(
    line=line, channel="pigeon", name="unknown channel", address="coop", source="test",
)
print("SAID " + json.dumps(secrets))
"""

STATE = """
import json
from tipintake.models import Contact, HandOff, Notice, Tip
lines = ["wentzville-pd", "ofallon-pd"]
print("SAID " + json.dumps({
    "tips": Tip.objects.count(),
    "unrouted": Tip.objects.filter(routed_at=None).count(),
    "hand_offs": list(
        HandOff.objects.filter(line__code__in=lines).values(
            "tip__reference", "line__code", "state"
        )
    ),
    "active": dict(Contact.objects.exclude(name="").values_list("name", "active")),
    "notices": [
        {
            "id": str(one.pk), "name": one.contact.name, "line": one.hand_off.line.code,
            "state": one.state, "attempts": one.attempts, "error": one.last_error,
            "reference": one.hand_off.tip.reference,
            "tries": [
                [each.outcome, each.reason, each.ended_at is None]
                for each in one.tries.order_by("begun_at")
            ],
        }
        for one in Notice.objects.filter(
            hand_off__line__code__in=lines, purpose="ARRIVED", contact__active=True
        ).select_related("contact", "hand_off__line", "hand_off__tip")
        | Notice.objects.filter(
            hand_off__line__code__in=lines, purpose="ARRIVED", contact__name="answers 410"
        ).select_related("contact", "hand_off__line", "hand_off__tip")
    ],
}))
"""


def tip(number: int, city: str) -> dict[str, Any]:
    return {
        "category": "SUSPICIOUS_PLACE_PATTERN",
        "immediacy": "ONGOING",
        "minor_present": "NO",
        "indicators": ["HTL_TRAFFIC"],
        "vehicles": [{"plate_raw": f"F{number:05}", "plate_state": "MO"}],
        "locations": [{"place_type": "HOTEL_MOTEL", "city": city}],
    }


@dataclass(slots=True)
class Run:
    """What the installation says of its notices at one moment."""

    said: dict[str, Any]

    def of(self, name: str, line: str = WENTZVILLE) -> list[dict[str, Any]]:
        found = self.said["notices"]
        return [one for one in found if (one["name"], one["line"]) == (name, line)]

    def states(self, name: str, line: str = WENTZVILLE) -> set[str]:
        return {str(one["state"]) for one in self.of(name, line)}

    def hand_offs(self, line: str) -> list[str]:
        found = self.said["hand_offs"]
        return [str(one["state"]) for one in found if one["line__code"] == line]


def said(one: Installation, script: str) -> dict[str, Any]:
    printed = one.command("shell", "-c", script)
    (line,) = [part for part in printed.splitlines() if part.startswith("SAID ")]
    found = json.loads(line.removeprefix("SAID "))
    assert isinstance(found, dict)
    return found


@pytest.fixture
def agencies() -> Iterator[dict[str, Faulty]]:
    """By "line/way"."""
    with ExitStack() as stack:
        made = {f"{WENTZVILLE}/{way}": stack.enter_context(faulty(way)) for way in WAYS}
        made[f"{OFALLON}/answers 500"] = stack.enter_context(faulty("answers 500"))
        yield made


def test_no_fault_of_an_endpoint_or_of_a_worker_loses_a_hand_off_or_invents_a_delivery(
    agencies: dict[str, Faulty],
) -> None:
    with (
        installation(
            SWEEP_SECONDS="1",
            WEBHOOK_ALLOW_LOOPBACK="1",
            TIPINTAKE_RETRY_SCALE="0.0002",
            TIPINTAKE_SENDER_PATIENCE="0.2",
        ) as one,
        one.watching(STATE) as look,
    ):
        wanted = [[*key.split("/"), agency.url] for key, agency in agencies.items()]
        secrets = said(one, REGISTER.format(wanted=json.dumps(wanted)))
        killer = agencies[f"{WENTZVILLE}/{KILLS}"]

        def kill_once() -> None:
            if killer.way == KILLS:
                killer.way = "takes"
                one.kill("celery", "worker")

        killer.before_answer = kill_once
        busy = agencies[f"{WENTZVILLE}/answers 429"]
        busy.before_answer = lambda: relent(busy)
        references = [post(one, number, "Wentzville") for number in range(TIPS)]
        references.append(post(one, TIPS, "O'Fallon"))

        eventually(lambda: as_it_must_be(Run(look())), seconds=240)
        run = Run(look())
        nothing_is_lost(run, references)
        what_was_given_up_is_dead(run)
        a_killed_sender_left_its_trace(run, killer)
        nothing_is_marked_that_was_not_taken(run, agencies)

        # The slow ones recover: their notices come after all, under the ids that they had.
        for way in (SILENT, DRIPS):
            agencies[f"{WENTZVILLE}/{way}"].way = "takes"
        agencies[f"{OFALLON}/answers 500"].way = "takes"
        dead = run.of("answers 500", OFALLON)[0]
        see_on_the_desk_and_try_again(one, dead)

        def recovered() -> bool:
            late = Run(look())
            slow = late.states(SILENT) | late.states(DRIPS)
            return slow <= {"SENT", "DEAD"} and late.states("answers 500", OFALLON) == {"SENT"}

        eventually(recovered, seconds=120)
        run = Run(look())
        assert run.hand_offs(OFALLON) == ["NOTIFIED"]
        nothing_is_marked_that_was_not_taken(run, agencies)
        ids_are_stable_and_signatures_hold(run, agencies, secrets)


def relent(busy: Faulty) -> None:
    """Takes again once it has said "later" to three requests."""
    if len(busy.received) > TIPS:
        busy.way = "takes"


def post(one: Installation, number: int, city: str) -> str:
    status, body = one.post("/api/v1/tips", tip(number, city))
    assert status == 201, body
    return str(body["reference"])


def as_it_must_be(run: Run) -> bool:
    """Everything has come to the end that its endpoint allows."""
    slow = [each for way in (SILENT, DRIPS) for each in run.of(way)]
    ends = {way: run.states(way) for way in (*WAYS, "unreadable secret", "unknown channel")}
    return (
        ends["takes"] == ends[KILLS] == ends["answers 429"] == {"SENT"}
        and all(ends[way] == {"DEAD"} for way in GIVEN_UP)
        and run.states("answers 500", OFALLON) == {"DEAD"}
        and any(each["attempts"] >= 1 and each["error"] for each in slow)
    )


def nothing_is_lost(run: Run, references: list[str]) -> None:
    assert run.said["tips"] == len(references)
    assert run.said["unrouted"] == 0
    waiting = {str(each["tip__reference"]) for each in run.said["hand_offs"]}
    assert waiting >= set(references)
    # One success tells the line; what became of the other endpoints does not take it back, and
    # the line that nobody could tell is not said to be told.
    assert run.hand_offs(WENTZVILLE) == ["NOTIFIED"] * TIPS
    assert run.hand_offs(OFALLON) == ["QUEUED"]


def what_was_given_up_is_dead(run: Run) -> None:
    for way, attempts, says in (
        ("answers 500", 8, "the webhook answered 500"),
        ("answers garbage", 8, "the webhook's host did not answer"),
        ("hangs up", 8, "the webhook's host did not answer"),
        ("unknown channel", 8, "unexpected failure (KeyError)"),
    ):
        for each in run.of(way):
            assert each["attempts"] == attempts, way
            assert says in each["error"], way
            outcomes = [outcome for outcome, _, _ in each["tries"] if outcome]
            assert outcomes[-1] == "GIVEN_UP", way
    assert all("Register the webhook anew" in one["error"] for one in run.of("unreadable secret"))
    # A tip that arrives after the endpoint was stopped is not offered to it at all.
    gone = run.of("answers 410")
    assert 1 <= len(gone) <= TIPS
    assert run.said["active"]["answers 410"] is False
    assert {each["error"] for each in gone} <= {
        "the webhook answered 410",
        "the contact was stopped before it took this",
    }


def a_killed_sender_left_its_trace(run: Run, killer: Faulty) -> None:
    first = killer.received[0]
    assert first.way == KILLS
    (notice,) = [each for each in run.of(KILLS) if each["id"] == first.id]
    assert [each.id for each in killer.received].count(first.id) == 2
    assert notice["attempts"] == 2
    assert [unfinished for _, _, unfinished in notice["tries"]] == [True, False]
    assert notice["tries"][-1][0] == "TAKEN"


def nothing_is_marked_that_was_not_taken(run: Run, agencies: dict[str, Faulty]) -> None:
    for key, agency in agencies.items():
        line, name = key.split("/")
        rows = run.of(name, line)
        sent = {str(each["id"]) for each in rows if each["state"] == "SENT"}
        assert sent <= agency.taken(), f"{key}: marked as sent and never taken"


def ids_are_stable_and_signatures_hold(
    run: Run, agencies: dict[str, Faulty], secrets: dict[str, Any]
) -> None:
    for key, agency in agencies.items():
        line, name = key.split("/")
        assert agency.ids() <= {str(each["id"]) for each in run.of(name, line)}, key
        bodies = {(one.id, one.raw) for one in agency.received}
        assert len(bodies) == len(agency.ids()), f"{key}: a repeat had other bytes"
        last = agency.received[-1]
        age = datetime.now(UTC).timestamp() - int(last.headers["webhook-timestamp"])
        if age < 280:
            standardwebhooks.Webhook(str(secrets[key])).verify(last.raw, last.headers)
        for earlier, later in zip(agency.received, agency.received[1:], strict=False):
            times = [int(each.headers["webhook-timestamp"]) for each in (earlier, later)]
            assert times[0] <= times[1] + 1


# --- On the desk ------------------------------------------------------------------------------


class Browser:
    """Enough of one to log on and press a button."""

    def __init__(self, base: str) -> None:
        self.base = base
        jar = http.cookiejar.CookieJar()
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open

    def get(self, path: str) -> str:
        with self._open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, **given: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), **given}).encode()
        request = urllib.request.Request(self.base + path, form)
        request.add_header("Origin", self.base)
        with self._open(request, timeout=20) as answer:
            return str(answer.read().decode())


def first_log_on(desk: Browser, name: str, password: str) -> None:
    """A password of one's own, an app, and the desk is open."""
    own = "twelve kind herons wade"
    page = desk.post("/log-on/", desk.get("/log-on/"), name=name, password=password)
    page = desk.post("/me/password/", page, chosen=own, again=own)
    page = desk.get("/me/app/")
    key = re.search(r'data-secret="([A-Z2-7]+)"', page)
    assert key
    page = desk.post("/me/app/", page, code=factors.code_at(key.group(1), datetime.now(UTC)))
    assert "Your recovery codes" in page


def see_on_the_desk_and_try_again(one: Installation, dead: dict[str, Any]) -> None:
    made = one.command("staff", "add", "watcher", "--role", "Analyst", "--line", OFALLON)
    password = made.splitlines()[0].partition(": ")[2].strip()
    desk = Browser(one.desk)
    first_log_on(desk, "watcher", password)
    page = desk.get("/delivery/")
    said_there = unescape(re.sub(r"<[^>]+>", " ", page))
    assert dead["reference"] in said_there
    assert "the webhook answered 500" in said_there
    assert "8 attempts" in said_there
    again = desk.post(f"/delivery/{dead['id']}/again/", page)
    assert "it is tried again now" in again
