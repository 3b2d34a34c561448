"""A seized machine does not tell who sent a tip: planted strings lie in no byte of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, installation
from tests.seizure.house import STATE, ReadOut, left_behind, read_out
from tests.smtp import Sink, sink
from tests.waiting import eventually
from tests.webhook import Endpoint, endpoint
from tipintake.door.seizure import pictures, plant
from tipintake.door.seizure.canaries import LATER_SCENE, SCENE, Canaries, canaries
from tipintake.door.seizure.search import Broker, leaks
from tipintake.door.seizure.sender import Answer, Planted, Sender
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
    planted = canaries(source_address="127.77.41.13")
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
        answers_break(sender)
        kept = len(sender.done.receipts)
        with one.watching(STATE) as state:
            eventually(lambda: state() == {"waiting": 0, "unsent": 0, "kept": kept}, seconds=60)
        yield Seized(one, broker, planted, sender.done, webhook, mail, temporary)


@pytest.fixture(scope="module")
def read(seized: Seized) -> ReadOut:
    """What its database holds, read out once all has come to rest."""
    return read_out(seized.one)


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


def answers_break(sender: Sender) -> None:
    """The same on coming back, and where a picture is opened."""
    planted, code = sender.planted, sender.done.receipts[-1]
    page = sender.shown(sender.post_form("come back to break", plant.BACK, {"code": code}))
    for where, plate in (("scrubber", "BRK 5CR"), ("store", "BRK 5T0")):
        words = {
            "receipt": code,
            "text": plant.answer(planted),
            "vehicles": [{"plate_raw": plate}],
        }
        sender.post_json(f"raise in {where} of an answer", plant.MESSAGES, words)
        form = {**page, "narrative": plant.answer(planted), "vehicles-0-plate_raw": plate}
        form["do"] = "check"
        checked = sender.post_form(f"raise in {where} of an answer by form", plant.BACK, form)
        form = {**form, **sender.shown(checked), "do": "send"}
        sender.post_form(f"raise in {where} of a sent answer by form", plant.BACK, form)
    breaks = [(kind, data + b"BRK P1C") for kind, data in pictures.files(planted)]
    value = {**plant.tip(planted), "attachments": pictures.coded(breaks)}
    sender.post_json("raise in pictures", plant.TIPS, value)
    value = {"receipt": code, "attachments": pictures.coded(breaks)}
    sender.post_json("raise in pictures of an answer", plant.MESSAGES, value)
    form = {**page, "narrative": plant.answer(planted), "do": "check"}
    checked = sender.post_form("check an answer whose pictures break", plant.BACK, form)
    form = {**sender.shown(checked), "do": "send"}
    body, kind = pictures.multipart(form, planted, breaks)
    sender.send("raise in pictures of an answer by form", "POST", plant.BACK, body, kind)


def _typed(tip: dict[str, Any]) -> dict[str, Any]:
    names = ("category", "immediacy", "minor_present", "indicators", "narrative")
    return {name: tip[name] for name in names}


def test_every_door_was_tried_and_every_kind_of_failure_met(seized: Seized) -> None:
    statuses = seized.sent.statuses()
    assert len(seized.sent.receipts) == 4
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
        "send with pictures /r/all/": 201,
        "send again /r/all/": 200,  # the code once more
        "send without the pictures /r/all/": 409,  # no code: it is another page's
        "come back /es/back/": 200,
        "begin, who stops": 303,
        "continue /r/2/, who stops": 303,
        "look at /r/2/, who stops": 200,
        "look at the check, who sends": 200,
        "send by steps": 201,
        "send by steps again": 200,  # the receipt, to who still has the cookie
        "leave in the middle": 200,
        "preview of an answer": 200,
        "answer": 201,
        "answer again": 201,
        "check an answer /back/": 200,
        "answer /back/": 201,
        "answer /es/back/": 201,
        "answer again /back/": 409,
        "come back with a typing error /r/all/": 422,
        "broken /api/v1/tips": 400,
        "oversized /api/v1/tips/status": 413,
        "oversized form /r/all/": 413,
        "oversized form /back/": 413,
        "put /api/v1/tips": 405,
        "get nowhere of nowhere": 404,
        "a wrong host": 400,
        "raise in store": 500,
        "raise in preview": 500,
        "raise in status": 500,
        "raise in coming back": 503,
        "raise in scrubber by form": 503,
        "raise in pictures": 500,
        "raise in pictures of an answer": 500,
        "raise in pictures of an answer by form": 503,
        "raise in store of an answer": 500,
        "raise in scrubber of an answer by form": 503,
        "raise in store of a sent answer by form": 503,
    }.items():
        assert statuses[asked] == status, asked


def test_what_is_to_be_mended_was_refused_at_both_doors(seized: Seized) -> None:
    refused = [one for one in seized.sent.answers if one[0].startswith(plant.REFUSED)]
    assert len(refused) > 40
    assert [asked for asked, answer in refused if not is_refusal(answer)] == []


def is_refusal(answer: Answer) -> bool:
    """A preview shows what is to be mended beside the rest."""
    return answer.status == 422 or (answer.status == 200 and answer.json()["ready"] is False)


def test_no_answer_sets_a_cookie_or_lacks_a_header(seized: Seized) -> None:
    for asked, answer in seized.sent.answers:
        assert may_set(asked, answer), asked
        if not unreadable(answer):
            assert answer.headers["referrer-policy"] == "no-referrer", asked
            assert answer.headers["cache-control"] == "no-store", asked
            assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not any(sign.isdigit() for sign in answer.headers.get("server", "")), asked


def may_set(asked: str, answer: Answer) -> bool:
    """No cookie but the one that opens an unfinished report, on its own posts."""
    cookie = answer.headers.get("set-cookie")
    by_steps = asked.startswith(("begin", "continue /r/", "mend", "send by steps"))
    handed = r"draft=[\w-]{43}; HttpOnly; Path=/; SameSite=Strict"
    taken = r'draft=""; expires=[^;]+; HttpOnly; Max-Age=0; Path=/; SameSite=Strict'
    own = re.fullmatch(f"{handed}|{taken}", cookie or "")
    return cookie is None or (by_steps and own is not None)


def unreadable(answer: Answer) -> bool:
    """Refused by the server itself, before any code of ours."""
    return answer.status == 400 and not answer.body


def test_no_byte_tells_who_sent_a_tip(seized: Seized, read: ReadOut) -> None:
    """Files, names of files, temporary files, logs, printed output, broker, every table."""
    assert b"tipintake.route" in seized.broker.heard()
    places = [*left_behind(seized.one, seized.broker, seized.temporary)]
    places += read.tables
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
    evidence = {"a place": "Copper Kettle", "a sign": "CTL_ACCOMPANIED", **seized.planted.clear}
    assert leaks({**seized.canaries(), **evidence}, told) == []


def test_no_moment_of_a_residents_own_act_is_finer_than_the_hour(read: ReadOut) -> None:
    assert read.fine == []


def test_what_stood_behind_a_plain_cue_is_gone_for_whoever_holds_every_key(
    seized: Seized, read: ReadOut
) -> None:
    opened = read.opened
    narratives = [content for name, content in opened if name.startswith("the words of")]
    assert len(narratives) >= len(seized.sent.receipts)
    assert all(SCENE.encode() in words for words in narratives)
    answers = [content for name, content in opened if name.startswith("a message of")]
    assert len(answers) == len(seized.sent.receipts)
    assert all(LATER_SCENE.encode() in words for words in answers)
    shown = [content for name, content in opened if name.startswith("a picture of")]
    assert len(shown) == 6 * len(seized.sent.receipts)  # three with the tip, three later
    assert all(content.startswith(b"\xff\xd8\xff") for content in shown)
    assert leaks({**seized.planted.transport, **seized.planted.words}, opened) == []


def test_a_living_installation_is_tried_by_its_operator_and_left_as_it_was(
    seized: Seized,
) -> None:
    with seized.one.watching(STATE) as state:
        before = state()
        table = seized.one.command("seizure_test", "--public", seized.one.public)
        after = state()
    assert "own phone" in table
    assert "4 tips, 24 pictures, 4 answers" in " ".join(table.split())
    assert "4 tips of this test were purged" in table
    assert "overheard" not in table
    assert after["kept"] == before["kept"]
    assert "'TEST', 4" in seized.one.command("shell", "-c", STONES)
    seized.one.command("audit", "seal")
    assert "The audit holds" in seized.one.command("audit", "verify")


def test_the_operators_command_names_each_door_that_leaks(tmp_path: Path) -> None:
    """One that logs words, answers and what it refuses, leaves words and pictures in files, keeps
    a date to the minute, and forgets no number on purging."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with installation(
        COLUMNS="400",
        TMPDIR=str(temporary),
        PYTHONPATH=str(BROKEN),
        DJANGO_SETTINGS_MODULE="faulty_settings",
        FAULTY_LEAKS="log, temporary file, answer, picture, refusal, purge",
    ) as one:
        one.command("shell", "-c", FINE)
        status, said = one.attempt("seizure_test", "--public", one.public)
    assert status == 1, said
    rows = {row[1]: row[2] for row in ROW.finditer(said)}
    for channel, where in {
        "own name": "logs/careless.log",
        "own home": "careless.txt",
        "the moment of a resident's act": "SpentToken.expires_at",
        "name in an answer": "logs/public.log",
        "refused value": "logs/public.log",
        "file's camera": "careless.bin",
        "document's author": "careless.bin",
        "document's attached file": "careless.bin",
        "tip number 1": "table tipintake_auditentry",
        "user agent": "nowhere",
        "receipt 1": "nowhere",
        "a plate": "logs/public.log, after the purge",
    }.items():
        assert where in rows[channel], f"{channel}: {rows[channel]}"


ROW = re.compile(r"│ (\S.*?) +│ (.*?) +│")
STONES = """
from tipintake.models import Tombstone
print(list(Tombstone.objects.values_list("disposition", "tips")))
"""
FINE = """
from django.utils import timezone
from tipintake.models import SpentToken
SpentToken.objects.create(
    token_hmac=b"x", expires_at=timezone.now().replace(year=2099, minute=31, second=7)
)
"""
