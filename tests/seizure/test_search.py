"""The search can fail: one leak of every kind is planted, and it is found where it lies."""

import base64
import io
import json
import urllib.parse
import urllib.request
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django import Settings

from tests.pipeline.house import broker as broker_running
from tests.waiting import eventually
from tests.webhook import endpoint
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.seizure import pictures, plant
from tipintake.door.seizure.canaries import SCENE, canaries
from tipintake.door.seizure.opened import opened
from tipintake.door.seizure.purged import Purge
from tipintake.door.seizure.search import Broker, Place, files, leaks, tables
from tipintake.door.seizure.sender import Answer, Sender
from tipintake.door.seizure.times import OTHER_MOMENTS, OWN_ACTS, moments, too_fine
from tipintake.pipeline import bell
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys, receipts
from tipintake.staff import audit
from tipintake.tips import messages
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Attachment, HeldSpan, Message, Tip, Vehicle
from tipintake.tips.pictures import sealed
from tipintake.tips.secrets import data_key
from tipintake.tips.vocabulary import CameBy

PLANTED = canaries(source_address="127.77.41.13")
RECEIPT = receipts.new().pretty
CANARIES = {**PLANTED.everything(), "receipt": RECEIPT}

Seed = Callable[[Tip, datetime], None]


@pytest.fixture
def tip(region: Gazetteer, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Tip:
    """A tip that was kept as it should be."""
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    draft = TipDraft.from_mapping(plant.tip(PLANTED))
    kept = submit_tip(draft, came_by=CameBy.API, now=now)
    return Tip.objects.get(reference=kept.reference)


def found(places: list[Place]) -> set[str]:
    return {str(leak) for leak in leaks(CANARIES, places)}


def test_a_tip_that_is_kept_as_it_should_be_leaves_nothing(tip: Tip) -> None:
    assert found(list(tables())) == set()
    assert list(too_fine()) == []


# --- In the database -------------------------------------------------------------------------


def seed_header(tip: Tip, now: datetime) -> None:
    told = PLANTED.transport["user agent"]
    audit.record("tip.submitted", actor="door", now=tip.submitted_hour, agent=told)


def seed_words(tip: Tip, now: datetime) -> None:
    Vehicle.objects.filter(tip=tip).update(features=f"a {SCENE}")


def seed_receipt(tip: Tip, now: datetime) -> None:
    audit.record("tip.submitted", actor="door", now=tip.submitted_hour, subject=RECEIPT)


def seed_unsealed_bytes(tip: Tip, now: datetime) -> None:
    HeldSpan.objects.create(  # whether the tip has one hangs on the names that were planted
        tip=tip,
        field="narrative",
        kind="REPORTER_NAME",
        rule="labeller",
        sealed=PLANTED.words["own name"].encode(),
        destroy_after=now.date() + timedelta(days=14),
    )


def seed_file(tip: Tip, now: datetime) -> None:
    Tip.objects.filter(pk=tip.pk).update(narrative_sealed=picture())


def seed_unsealed_answer(tip: Tip, now: datetime) -> None:
    words = plant.answer(PLANTED).encode()
    Message.objects.create(
        tip=tip, number=1, direction="ANSWER", at=tip.submitted_hour, for_desk=words
    )


def seed_picture_as_it_came(tip: Tip, now: datetime) -> None:
    _row(tip, picture(), kind="jpeg")


def seed_document_as_it_came(tip: Tip, now: datetime) -> None:
    _row(tip, pictures.document(PLANTED)[1], kind="pdf")


def seed_refused_value(tip: Tip, now: datetime) -> None:
    told = PLANTED.transport["refused value"]
    audit.record("tip.refused", actor="door", now=tip.submitted_hour, value=told)


def _row(tip: Tip, data: bytes, *, kind: str) -> Attachment:
    return Attachment.objects.create(
        tip=tip,
        position=9,
        kind=kind,
        width=96,
        height=72,
        sealed=data,
        preview_sealed=b"x",
        sha256_sealed=b"x",
    )


@pytest.mark.parametrize(
    ("seed", "channel", "table"),
    [
        (seed_header, "user agent", "tipintake_auditentry"),
        (seed_words, "the narrative", "tipintake_vehicle"),
        (seed_receipt, "receipt", "tipintake_auditentry"),
        (seed_unsealed_bytes, "own name", "tipintake_heldspan"),
        (seed_file, "file's camera", "tipintake_tip"),
        (seed_unsealed_answer, "name in an answer", "tipintake_message"),
        (seed_unsealed_answer, "an answer", "tipintake_message"),
        (seed_picture_as_it_came, "file's tail", "tipintake_attachment"),
        (seed_document_as_it_came, "document's author", "tipintake_attachment"),
        (seed_document_as_it_came, "document's attached file", "tipintake_attachment"),
        (seed_refused_value, "refused value", "tipintake_auditentry"),
    ],
)
def test_a_column_that_tells_is_found(
    tip: Tip, now: datetime, seed: Seed, channel: str, table: str
) -> None:
    seed(tip, now)
    assert f"{channel} in table {table}" in found(list(tables()))


@pytest.mark.parametrize("late", [{"minutes": 31}, {"seconds": 7}, {"microseconds": 1}])
def test_a_moment_finer_than_the_hour_is_found(tip: Tip, late: dict[str, int]) -> None:
    Tip.objects.update(submitted_hour=tip.submitted_hour + timedelta(**late))
    audit.record("tip.submitted", actor="door", now=tip.submitted_hour + timedelta(**late))
    assert set(too_fine()) == {"Tip.submitted_hour", "AuditEntry.at"}


def test_an_answer_dated_to_the_minute_is_found(tip: Tip, now: datetime) -> None:
    seed_unsealed_answer(tip, now)
    assert list(too_fine()) == []
    Message.objects.update(at=tip.submitted_hour + timedelta(minutes=31))
    assert set(too_fine()) == {"Message.at"}


def test_every_moment_that_is_stored_is_called_an_own_act_or_not() -> None:
    """A new column: say in tipintake/door/seizure/times.py which it is."""
    assert moments() == set(OWN_ACTS) | OTHER_MOMENTS


# --- Under the keys --------------------------------------------------------------------------


def found_by_the_keys(tip: Tip) -> set[str]:
    desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
    wanted = {**PLANTED.transport, **PLANTED.words}
    return {one.channel for one in leaks(wanted, opened([tip], desk=desk, vault=vault))}


def test_an_answer_that_was_sealed_and_not_scrubbed_is_found(tip: Tip, now: datetime) -> None:
    assert found_by_the_keys(tip) == set()
    said = plant.answer(PLANTED)
    messages.keep(messages.answer(tip, said, key=uuid.uuid4(), now=now))
    assert found(list(tables())) == set()
    assert found_by_the_keys(tip) == {
        "name in an answer",
        "phone in an answer",
        "e-mail in an answer",
    }


def test_a_picture_that_was_sealed_and_not_made_anew_is_found(tip: Tip) -> None:
    row = _row(tip, b"", kind="jpeg")
    key = data_key(tip, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    box = key.mailbox.public
    made = sealed(picture(), picture(), tip_id=tip.pk, row_id=row.pk, mailbox=box)
    row.sealed, row.preview_sealed = made.picture, made.preview
    row.save()
    assert found(list(tables())) == set()
    assert found_by_the_keys(tip) == {"file's camera", "file's comment", "file's tail"}


# --- After the purge -------------------------------------------------------------------------


def test_a_purge_leaves_nothing_and_is_counted(tip: Tip) -> None:
    evidence = {**PLANTED.clear, "number": tip.reference}
    before = {one.channel for one in leaks(evidence, tables())}
    assert before == {"a plate", "an ad's user name", "number"}
    ours = Tip.objects.filter(pk=tip.pk)
    purge = Purge.of(ours)
    purge.done(ours, patience=0)
    assert list(purge.shortcomings()) == []
    assert leaks({**CANARIES, **evidence}, tables()) == []


def test_a_purge_that_was_none_is_found(tip: Tip) -> None:
    short = list(Purge.of(Tip.objects.filter(pk=tip.pk)).shortcomings())
    assert [one.place for one in short] == [
        "1 tips are still there",
        "a key is still there",
        "0 tombstones for 1 tips",
        "0 audit entries for 1 tips",
    ]


def test_where_the_keys_are_not_nothing_is_sent(settings: Settings, tmp_path: Path) -> None:
    """Its tips could be neither found nor purged."""
    settings.KEYS_DIR = tmp_path
    with pytest.raises(CommandError, match="Nothing was sent"):
        call_command("seizure_test", "--public", "http://127.0.0.1:9")


def test_a_house_that_keeps_nothing_is_no_error_of_the_test() -> None:
    """It answers, and refuses every tip: what it said is there to be shown."""
    sender = _Refused("http://tips.county.example", PLANTED)
    plant.by_steps(sender, Answer(503, {}, b""), ends="sends")
    assert sender.done.receipts == []
    assert set(sender.done.statuses().values()) == {503}


class _Refused(Sender):
    __slots__ = ()

    def send(self, asked: str, *_args: Any, **_more: Any) -> Answer:
        answer = Answer(503, {}, b"")
        self.done.answers.append((asked, answer))
        return answer


def test_deleting_a_row_is_no_purge(tip: Tip) -> None:
    purge = Purge.of(Tip.objects.filter(pk=tip.pk))
    tip.delete()
    assert [one.place for one in purge.shortcomings()] == [
        "0 tombstones for 1 tips",
        "0 audit entries for 1 tips",
    ]
    assert leaks({"number": purge.numbers[0]}, tables()) != []


# --- On disk ---------------------------------------------------------------------------------


def picture() -> bytes:
    return next(data for kind, data in pictures.pictures(PLANTED) if kind == "image/jpeg")


def log_line(folder: Path) -> None:
    (folder / "public.log").write_text(f"GET /r/all/ from {PLANTED.transport['source address']}\n")


def temporary_file(folder: Path) -> None:
    (folder / "tmpab12").write_bytes(PLANTED.transport["broken body"].encode("utf-16-le"))


def name_of_a_file(folder: Path) -> None:
    (folder / PLANTED.transport["file name"]).write_bytes(b"")


def stored_picture(folder: Path) -> None:
    (folder / "a1b2.jpg").write_bytes(picture())


def stored_document(folder: Path) -> None:
    (folder / "a1b2.pdf").write_bytes(pictures.document(PLANTED)[1])


def torn_file(folder: Path) -> None:
    (folder / "tmpab13").write_bytes(pictures.torn(PLANTED)[2][1])


def copied_pixels(folder: Path) -> None:
    """As many tools do: decoded and saved again, with what the file said of itself."""
    scene = Image.open(io.BytesIO(picture()))
    scene.save(folder / "a1b2.jpg", "JPEG", exif=scene.getexif())


@pytest.mark.parametrize(
    ("seed", "channel"),
    [
        (log_line, "source address in public.log"),
        (temporary_file, "broken body in tmpab12"),
        (name_of_a_file, "file name in the name of"),
        (stored_picture, "file's tail in a1b2.jpg"),
        (stored_document, "document's author in a1b2.pdf"),
        (stored_document, "document's attached file in a1b2.pdf"),
        (torn_file, "torn file in tmpab13"),
        (copied_pixels, "file's camera in a1b2.jpg"),
    ],
)
def test_a_file_that_tells_is_found(
    tmp_path: Path, seed: Callable[[Path], None], channel: str
) -> None:
    assert found(list(files(tmp_path))) == set()
    seed(tmp_path)
    assert any(leak.startswith(channel) for leak in found(list(files(tmp_path))))


# --- On its way ------------------------------------------------------------------------------


@pytest.mark.processes
def test_a_word_in_a_task_or_a_key_of_the_broker_is_found(tmp_path: Path) -> None:
    path = tmp_path / "valkey.sock"
    with (
        broker_running("--port", "0", "--unixsocket", str(path)),
        Broker(f"redis+socket://{path}") as listening,
    ):
        app = Celery(broker=f"redis+socket://{path}", set_as_current=False)
        app.send_task("tipintake.route", queue="intake")
        eventually(lambda: b"tipintake.route" in listening.heard(), seconds=10)
        assert found(list(listening.places())) == set()
        app.send_task("tipintake.route", args=[PLANTED.words["own name"]], queue="intake")
        # Celery codes a message's body; the search reads that too.
        eventually(lambda: bool(found(list(listening.places()))), seconds=10)
        assert "own name in what the broker holds" in found(list(listening.places()))
        eventually(
            lambda: "own name in what the broker was told" in found(list(listening.places())),
            seconds=10,
        )
        app.close()


def test_a_word_in_a_notice_is_found() -> None:
    with endpoint() as agency:
        body = json.dumps({"reference": "T-4K7P-29QD", "about": f"a {SCENE}"}).encode()
        urllib.request.urlopen(urllib.request.Request(agency.url, body))
        (notice,) = agency.received
    assert found([("a notice", notice.raw)]) == {"the narrative in a notice"}


WRITTEN: dict[str, Callable[[str], bytes]] = {
    "UTF-16": lambda words: words.encode("utf-16-le"),
    "in capitals": lambda words: words.upper().encode(),
    "in hexadecimals": lambda words: words.encode().hex().encode(),
    "in base64": lambda words: base64.b64encode(b"x" + words.encode()),
    "as a URL": lambda words: urllib.parse.quote(words).lower().encode(),
    "as a form": lambda words: urllib.parse.quote_plus(words).encode(),
}


@pytest.mark.parametrize("how", WRITTEN)
@pytest.mark.parametrize("channel", sorted(CANARIES))
def test_every_canary_is_found_however_it_is_written(channel: str, how: str) -> None:
    written = WRITTEN[how](CANARIES[channel])
    assert channel in {leak.channel for leak in leaks(CANARIES, [("x", b"a " + written + b" b")])}


@pytest.mark.parametrize("phone", ["({}) {}.{}", "{}{}{}", "+1{}{}{}", "{}  {} - {}"])
def test_a_telephone_number_is_found_however_it_is_written(phone: str) -> None:
    digits = PLANTED.words["own phone"].split("-")
    assert leaks(PLANTED.words, [("x", b"call " + phone.format(*digits).encode())])


def test_the_search_is_silent_on_clean_bytes() -> None:
    assert leaks(CANARIES, [("a log", b"tip.routed T-7K3M-9QXD 203.0.113.7 " + bytes(9999))]) == []
