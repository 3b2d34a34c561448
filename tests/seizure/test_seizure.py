"""A seized machine does not tell who sent a tip: planted strings lie in no byte of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, installation
from tests.seizure.house import left_behind, read_out, state
from tests.smtp import Sink, sink
from tests.waiting import eventually
from tests.webhook import Endpoint, endpoint
from tipintake.door.seizure import plant
from tipintake.door.seizure.plant import Answer, Canaries, Planted, Sender
from tipintake.door.seizure.search import Broker, leaks
from tipintake.privacy import receipts

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

BROKEN = Path(__file__).parent / "broken"
LINE = "wentzville-pd"
RECEIPT = receipts.new().pretty  # asking for it breaks the installation's view


@dataclass(slots=True)
class Seized:
    """An installation that has seen everything, with what agencies were told."""

    one: Installation
    broker: Broker
    planted: Canaries
    sent: Planted
    webhook: Endpoint
    mail: Sink
    temporary: Path

    def canaries(self) -> dict[str, str]:
        return {**self.planted.everything(), **self.sent.channels(), "broken receipt": RECEIPT}


@pytest.fixture(scope="module")
def seized(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seized]:
    temporary = tmp_path_factory.mktemp("tmp")
    planted = plant.canaries(source_address="127.77.41.13")
    with (
        endpoint() as webhook,
        sink() as mail,
        installation(
            SWEEP_SECONDS="1",
            TMPDIR=str(temporary),
            LOG_LEVEL="DEBUG",
            PYTHONPATH=str(BROKEN),
            DJANGO_SETTINGS_MODULE="faulty_settings",
            FAULTY_RECEIPT=RECEIPT,
            WEBHOOK_ALLOW_LOOPBACK="1",
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_PORT=str(mail.port),
        ) as one,
        Broker(f"unix://{one.home}/valkey.sock") as broker,
    ):
        for channel, address in (("webhook", webhook.url), ("email", "records@police.example")):
            one.command("contact", "add", LINE, "--channel", channel, "--address", address)
        sender = Sender(one.public, planted)
        plant.through_every_door(sender)
        things_break(sender)
        kept = len(sender.done.receipts)
        eventually(lambda: state(one) == {"waiting": 0, "unsent": 0, "kept": kept}, seconds=60)
        yield Seized(one, broker, planted, sender.done, webhook, mail, temporary)


def things_break(sender: Sender) -> None:
    """Requests whose views raise, with what was sent in the exception's own words."""
    value = plant.tip(sender.planted)
    for where, plate in (("scrubber", "BRK 5CR"), ("store", "BRK 5T0")):
        words = {**value, "vehicles": [{"plate_raw": plate}]}
        sender.post_json(f"raise in {where}", plant.TIPS, words)
        form = {**_typed(words), "vehicles-0-plate_raw": plate, "do": "check"}
        sender.post_form(f"raise in {where} by form", plant.FORM, form)
    words = {**value, "vehicles": [{"plate_raw": "BRK 5CR"}]}
    sender.post_json("raise in preview", f"{plant.TIPS}/preview", words)
    sender.post_json("raise in status", f"{plant.TIPS}/status", {"receipt": RECEIPT})
    sender.post_form("raise in coming back", plant.BACK, {"code": RECEIPT})


def _typed(tip: dict[str, Any]) -> dict[str, Any]:
    names = ("category", "immediacy", "minor_present", "indicators", "narrative")
    return {name: tip[name] for name in names}


def test_every_door_was_tried_and_every_kind_of_failure_met(seized: Seized) -> None:
    statuses = seized.sent.statuses()
    assert len(seized.sent.receipts) == 3
    for asked, status in {
        "preview": 200,
        "tip": 201,
        "tip again": 201,
        "tip with another body": 422,
        "status": 200,
        "status with a typing error": 422,
        "mistake /r/all/": 422,
        "check /r/all/": 200,
        "check /es/r/all/": 200,
        "send again /r/all/": 409,
        "come back /es/r/all/": 200,
        "come back with a typing error /r/all/": 422,
        "broken /api/v1/tips": 400,
        "oversized /api/v1/tips/status": 413,
        "oversized form": 413,
        "put /api/v1/tips": 405,
        "get nowhere of nowhere": 404,
        "a wrong host": 400,
        "raise in store": 500,
        "raise in preview": 500,
        "raise in status": 500,
        "raise in coming back": 500,
        "raise in scrubber by form": 503,
    }.items():
        assert statuses[asked] == status, asked


def test_no_answer_sets_a_cookie_or_lacks_a_header(seized: Seized) -> None:
    for asked, answer in seized.sent.answers:
        assert "set-cookie" not in answer.headers, asked
        if not unreadable(answer):
            assert answer.headers["referrer-policy"] == "no-referrer", asked
            assert answer.headers["cache-control"] == "no-store", asked
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not any(sign.isdigit() for sign in answer.headers.get("server", "")), asked


def unreadable(answer: Answer) -> bool:
    """Refused by the server itself, before any code of ours."""
    return answer.status == 400 and not answer.body


def test_no_byte_tells_who_sent_a_tip(seized: Seized) -> None:
    """Files, names of files, temporary files, logs, printed output, broker, every table."""
    assert b"tipintake.route" in seized.broker.heard()
    places = [*left_behind(seized.one, seized.broker, seized.temporary)]
    places += read_out(seized.one).tables
    names = {name for name, _content in places}
    assert {"the printed output", "what the broker was told", "table tipintake_tip"} <= names
    assert any(name.startswith("logs/public") for name in names)
    assert leaks(seized.canaries(), places) == []


def test_agencies_are_told_a_number_and_nothing_of_the_tip(seized: Seized) -> None:
    assert seized.webhook.received
    assert seized.mail.received
    told = [
        *(
            ("a webhook", json.dumps(one.headers).encode() + one.raw)
            for one in seized.webhook.received
        ),
        *(("an e-mail", session) for session in seized.mail.received),
    ]
    assert leaks({"number": seized.sent.references[0]}, told)
    evidence = {"a place": "Copper Kettle", "a plate": "AB1 C2D", "a sign": "CTL_ACCOMPANIED"}
    assert leaks({**seized.canaries(), **evidence}, told) == []


def test_no_moment_of_a_residents_own_act_is_finer_than_the_hour(seized: Seized) -> None:
    assert read_out(seized.one).fine == []


def test_what_stood_behind_a_plain_cue_is_gone_for_whoever_holds_every_key(
    seized: Seized,
) -> None:
    opened = read_out(seized.one).opened
    narratives = [content for name, content in opened if name.startswith("the words of")]
    assert len(narratives) >= len(seized.sent.receipts)
    assert all(plant.SCENE.encode() in words for words in narratives)
    assert leaks({**seized.planted.transport, **seized.planted.words}, opened) == []


def test_a_living_installation_can_be_tried_by_its_operator(seized: Seized) -> None:
    table = seized.one.command("seizure_test", "--public", seized.one.public)
    assert "own phone" in table
    assert "tips kept" in table
    assert "overheard" not in table


@pytest.mark.parametrize("how", ["log", "temporary file", "too fine a moment"])
def test_the_operators_command_fails_on_a_leak(how: str, tmp_path: Path) -> None:
    """One that logs words, one that leaves them in a file, one that dates to the minute."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with installation(
        TMPDIR=str(temporary),
        PYTHONPATH=str(BROKEN),
        DJANGO_SETTINGS_MODULE="faulty_settings",
        FAULTY_LEAKS=how,
    ) as one:
        if how == "too fine a moment":
            one.command("shell", "-c", FINE)
        status, said = one.attempt("seizure_test", "--public", one.public)
    assert status == 1, said
    assert {"log": "logs/public.log", "temporary file": "careless.txt"}.get(
        how, "SpentToken.expires_at"
    ) in said


FINE = """
from django.utils import timezone
from tipintake.models import SpentToken
SpentToken.objects.create(
    token_hmac=b"x", expires_at=timezone.now().replace(year=2099, minute=31, second=7)
)
"""
