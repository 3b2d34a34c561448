"""A tip's pictures: rules before anything is opened, rows that only the desk's key opens."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.tips.drafts import draft
from tests.tips.photos import PDF, PHONE_PICTURE, PLANTED, attachment
from tipintake.privacy import keys, receipts
from tipintake.privacy.attachments import Sanitized
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import AttachmentDraft, TipDraft
from tipintake.tips.models import Attachment, DataKey, Tip
from tipintake.tips.pictures import jpeg_of, preview_of, sha256_of
from tipintake.tips.secrets import data_key
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy


def kept(sent: TipDraft, now: datetime) -> Tip:
    with transaction.atomic():
        return store(
            clean(sent),
            mentions=(),
            came_by=CameBy.WEB,
            low_trust=False,
            receipt=receipts.new(),
            now=now,
        )


def codes(sent: TipDraft, now: datetime) -> dict[str, str]:
    return {problem.pointer: problem.code for problem in sent.check(now=now)}


def test_a_picture_alone_says_what(now: datetime) -> None:
    bare = draft(indicators=[])
    assert "" in codes(bare, now)
    assert codes(replace(bare, attachments=(attachment(),)), now) == {}


@pytest.mark.parametrize(
    "changes",
    [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}],
)
def test_none_is_taken_where_it_may_show_a_child(
    changes: dict[str, object], now: datetime
) -> None:
    sent = draft(**changes)
    assert not sent.takes_pictures
    (problem,) = sent.picture_problems(1)
    assert problem.code == "no_pictures_of_this_kind"
    assert "CyberTipline" in problem.message
    assert codes(replace(sent, attachments=(attachment(),)), now) == {
        "/attachments": "no_pictures_of_this_kind"
    }
    assert sent.picture_problems(0) == []


def test_five_are_taken_and_a_sixth_is_said(now: datetime) -> None:
    one = attachment()
    assert codes(replace(draft(), attachments=(one,) * 5), now) == {}
    assert codes(replace(draft(), attachments=(one,) * 6), now) == {"/attachments": "too_many"}


@pytest.mark.parametrize("said", [None, "2026-02-31T10:00", "0000-00-00T00:00"])
def test_a_date_that_never_was_is_none(said: str | None) -> None:
    made = AttachmentDraft.of(
        Sanitized(kind="jpeg", pages=(b"",), removed=(), taken_at=said), keep_claims=True
    )
    assert made.taken_at is None
    assert not made.offers_date


@pytest.mark.django_db
def test_the_row_opens_with_the_desk_key_alone(now: datetime) -> None:
    sent = attachment()
    tip = kept(replace(draft(), attachments=(sent,)), now)
    row = Attachment.objects.get(tip=tip)
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    jpeg = jpeg_of(row, private)
    assert jpeg == sent.pages[0]
    assert not any(plant in jpeg for plant in PLANTED)
    assert sha256_of(row, private) == hashlib.sha256(jpeg).hexdigest()
    assert preview_of(row, data_key(tip, private)) == sent.previews[0]
    assert (row.width, row.height, row.kind) == (320, 240, "jpeg")
    assert {"EXIF", "GPS position", "XMP"} <= set(row.removed)
    with pytest.raises(CannotOpen):
        jpeg_of(row, keys.vault_private(settings.PRIVATE_KEYS_DIR))


@pytest.mark.django_db
def test_no_column_shows_the_picture_its_digest_or_its_claims(now: datetime) -> None:
    sent = attachment()
    tip = kept(replace(draft(), attachments=(sent,)), now)
    row = Attachment.objects.values().get(tip=tip)
    digest = hashlib.sha256(sent.pages[0]).digest()
    for name, value in row.items():
        raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        assert sent.pages[0][:64] not in raw, name
        assert digest not in raw, name
        assert digest.hex().encode() not in raw, name
        assert not any(plant in raw for plant in PLANTED), name
    assert (row["taken_at"], row["taken_lat"], row["taken_lon"]) == (None, None, None)
    assert row["confirmed_at"] is None
    assert row["confirmed_by_id"] is None


@pytest.mark.django_db
def test_the_files_own_claims_are_kept_only_when_ticked(now: datetime) -> None:
    tip = kept(replace(draft(), attachments=(attachment(keep_claims=True),)), now)
    row = Attachment.objects.get(tip=tip)
    assert row.taken_at == datetime(2026, 11, 14, 21, 40, tzinfo=ZoneInfo("America/Chicago"))
    assert (row.taken_lat, row.taken_lon) == (38.667, -90.434)


@pytest.mark.django_db
def test_each_page_of_a_pdf_is_a_row(now: datetime) -> None:
    paper = attachment(PDF)
    tip = kept(replace(draft(), attachments=(attachment(), paper)), now)
    rows = list(Attachment.objects.filter(tip=tip).values_list("position", "page", "kind"))
    assert rows == [
        (0, 1, "jpeg"),
        *((1, page, "pdf") for page in range(1, len(paper.pages) + 1)),
    ]


@pytest.mark.django_db
def test_a_picture_moved_to_another_row_does_not_open(now: datetime) -> None:
    tip = kept(replace(draft(), attachments=(attachment(), attachment(PDF))), now)
    first, second = Attachment.objects.filter(tip=tip)[:2]
    second.sealed = Sealed(first.sealed)
    with pytest.raises(CannotOpen):
        jpeg_of(second, keys.desk_private(settings.PRIVATE_KEYS_DIR))


@pytest.mark.django_db
def test_destroying_the_tips_key_shreds_its_pictures(now: datetime) -> None:
    tip = kept(replace(draft(), attachments=(attachment(),)), now)
    DataKey.objects.filter(tip=tip).delete()
    row = Attachment.objects.get(tip=tip)
    with pytest.raises(DataKey.DoesNotExist):
        jpeg_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))


@pytest.mark.django_db
def test_public_keys_are_enough_to_keep_one(
    now: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path / "nothing-here"
    tip = kept(replace(draft(), attachments=(attachment(),)), now)
    assert tip.attachments.count() == 1


@pytest.mark.django_db
def test_nobody_in_particular_cannot_confirm(now: datetime) -> None:
    tip = kept(replace(draft(), attachments=(attachment(),)), now)
    with pytest.raises(IntegrityError), transaction.atomic():
        tip.attachments.update(confirmed_at=now)
    assert not tip.attachments.confirmed().exists()


def test_a_draft_shows_nothing_of_its_pictures() -> None:
    assert repr(attachment()) == "<AttachmentDraft>"
    assert len(PHONE_PICTURE) > 1000
