"""Pictures at the desk: blurred, opened on the record, blacked out for good, confirmed."""

import base64
import io
import re
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from PIL import Image, ImageStat
from pytest_django import Settings

from tests.tips.photos import PDF, PLAIN_PICTURE, attachment
from tests.web.desk.conftest import LogOn, MakeTip, Photograph, said_by, text, version
from tipintake.pipeline import bell
from tipintake.pipeline.follow_up import More, send_more
from tipintake.privacy import keys, receipts
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Attachment, DataKey, Tip
from tipintake.tips.pictures import jpeg_of, preview_of, sha256_of
from tipintake.tips.secrets import data_key
from tipintake.triage.pictures import MOST_AT_ONCE


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("wentzville-pd")


def address(row: Attachment, what: str = "") -> str:
    return f"/tips/{row.tip.reference}/pictures/{row.pk}/{what}"


def opened(row: Attachment) -> Image.Image:
    row = Attachment.objects.get(pk=row.pk)
    jpeg = jpeg_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def brightest(picture: Image.Image) -> int:
    return max(high for _low, high in ImageStat.Stat(picture).extrema)


def press(client: Client, row: Attachment, what: str, **given: Any) -> Any:
    given.setdefault("version", version(row.tip))
    return client.post(address(row, f"{what}/"), given)


def entries(act: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(act=act))


def test_the_tips_page_shows_a_blur_and_no_picture(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    page = triage.get(f"/tips/{tip.reference}/").content.decode()
    assert "Not confirmed yet" in page
    assert "Blurred until opened" in page
    sources = re.findall(r'<img[^>]*src="([^"]+)"', page)
    (blur,) = [one for one in sources if one.startswith("data:image/jpeg;base64,")]
    small = Image.open(io.BytesIO(base64.b64decode(blur.partition(",")[2])))
    assert max(small.size) <= 20
    assert f'src="{address(row)}"' not in page
    assert address(row, "look/") in page
    assert entries("picture.opened") == []


def test_an_opened_picture_travels_alone_and_is_on_the_record(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    answer = triage.get(address(row))
    assert answer.status_code == 200
    assert answer.content == jpeg_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    headers = answer.headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Content-Disposition"] == f'inline; filename="{tip.reference}-1.jpg"'
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    (entry,) = entries("picture.opened")
    assert (entry.actor, entry.subject) == ("triage", tip.reference)
    assert entry.facts == {"picture": "1"}


def test_its_own_page_says_what_was_removed_and_what_the_file_claimed(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    page = text(triage, address(row, "look/"))
    assert "GPS position" in page
    assert "38.667, -90.434" in page
    assert sha256_of(row, keys.desk_private(settings.PRIVATE_KEYS_DIR)) in page
    assert "default-src 'none'; script-src 'self'" in str(
        triage.get(address(row, "look/")).headers["Content-Security-Policy"]
    )


def test_blacking_out_changes_the_pixels_and_the_earlier_bytes_are_gone(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    before, stored = opened(row), bytes(Attachment.objects.get(pk=row.pk).sealed)
    answer = press(
        triage,
        row,
        "black-out",
        left=["0", "50%", "", ""],
        top=["0", "50", "", ""],
        width=["50", "50,0", "", ""],
        height=["50", "50", "", ""],
    )
    assert answer.status_code == 302
    after = opened(row)
    assert after.size == before.size
    assert brightest(before.crop((8, 8, 150, 110))) > 200
    assert brightest(after.crop((8, 8, 150, 110))) < 12
    assert brightest(after.crop((170, 130, 310, 230))) < 12
    assert brightest(after.crop((180, 8, 310, 100))) > 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM tipintake_attachment")
        assert stored not in [bytes(one) for (one,) in cursor.fetchall()]
    fresh = Attachment.objects.get(pk=row.pk)
    assert fresh.blacked_out == 2
    key = data_key(tip, keys.desk_private(settings.PRIVATE_KEYS_DIR))
    assert preview_of(fresh, key) != preview_of(row, key)
    (entry,) = entries("picture.blacked_out")
    assert entry.facts == {"picture": "1", "parts": 2, "was_confirmed": False}


def test_a_picture_is_not_confirmed_while_a_part_is_marked_and_still_to_be_seen(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    part = {"left": ["10", " "], "top": ["10", ""], "width": ["5", ""], "height": ["5", ""]}
    answer = press(triage, row, "confirm", **part)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "a part is marked and not blacked out yet" in page
    assert 'name="left" value="10"' in page
    assert not tip.attachments.confirmed().exists()
    empty = {side: [""] * 8 for side in part}
    assert press(triage, row, "confirm", **empty).status_code == 302
    assert tip.attachments.confirmed().exists()


def test_a_part_for_each_that_can_be_blacked_out_at_once_has_its_row(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    page = triage.get(f"/tips/{tip.reference}/pictures/{row.pk}/look/").content.decode()
    assert page.count('name="left"') == MOST_AT_ONCE
    (button,) = re.findall(r"<button[^>]*formaction[^>]*>", page)
    assert 'form="parts"' in button
    assert f'formaction="/tips/{tip.reference}/pictures/{row.pk}/confirm/"' in button


def test_blacking_out_takes_a_confirmation_back(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip, by="triage")
    press(triage, row, "black-out", left="0", top="0", width="10", height="10")
    assert not tip.attachments.confirmed().exists()


def test_who_opened_it_before_more_was_blacked_out_is_named(
    tip: Tip, photograph: Photograph, triage: Client, log_on: LogOn
) -> None:
    row, other = photograph(tip, by="triage"), photograph(tip, by="triage")
    kim, bo, ed = (
        log_on(role, lines=("wentzville-pd",), name=name)
        for role, name in ((Role.PARTNER, "kim"), (Role.ANALYST, "bo"), (Role.PARTNER, "ed"))
    )
    for who, opened_by_them in ((triage, row), (kim, row), (bo, row), (ed, other)):
        assert who.get(address(opened_by_them)).status_code == 200
    assert "as it was before" not in text(triage, address(row, "look/"))
    press(triage, row, "black-out", left="0", top="0", width="10", height="10")
    page = text(triage, address(row, "look/"))
    assert "Nobody else" not in page
    (named,) = re.findall(r"Who opened it as it was before: (.*?) Tell them", page)
    assert re.fullmatch(r"kim, not of own staff , today .* bo, today \d\d:\d\d", named)
    press(triage, row, "confirm")
    assert ed.get(address(row)).status_code == 200
    page = text(ed, address(row, "look/"))
    assert "kim" not in page
    page = text(triage, address(row, "look/"))
    assert "ed, not of own staff" not in page
    press(triage, other, "black-out", left="0", top="0", width="10", height="10")
    page = text(triage, address(other, "look/"))
    assert "ed, not of own staff" in page
    assert "kim" not in page


def test_that_nobody_else_saw_the_earlier_picture_is_said(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    triage.get(address(row))
    press(triage, row, "black-out", left="0", top="0", width="10", height="10")
    assert "Nobody else has opened it as it was before." in text(triage, address(row, "look/"))


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        (("", "", "", ""), "Say which part"),
        (("1", "2", "3", ""), "Part 1: write four numbers"),
        (("a", "2", "3", "4"), "Part 1: write four numbers"),
        (("-1", "2", "3", "4"), "Part 1: write four numbers"),
        (("100", "2", "3", "4"), "Part 1: left and top lie below 100"),
        (("1", "2", "0", "4"), "width and height above 0"),
        (("1", "2", "101", "4"), "Part 1"),
    ],
)
def test_a_part_that_is_none_is_said_and_nothing_changes(
    part: tuple[str, ...], sentence: str, tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    given = dict(zip(("left", "top", "width", "height"), part, strict=True))
    answer = press(triage, row, "black-out", **given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in said_by(page)
    assert all(f'value="{value}"' in page for value in part if value)
    assert Attachment.objects.get(pk=row.pk).blacked_out == 0


@pytest.mark.parametrize("roles", [(Role.PARTNER, Role.CHILD_VICTIM), (Role.CHILD_VICTIM,)])
def test_an_advocate_sees_no_picture_that_nobody_has_cleared(
    roles: tuple[Role, ...], tip: Tip, photograph: Photograph, triage: Client, log_on: LogOn
) -> None:
    row = photograph(tip)
    advocate = log_on(*roles, lines=("wentzville-pd",), name="advocate")
    page = text(advocate, f"/tips/{tip.reference}/")
    assert "1 picture not confirmed by the tip desk yet" in page
    ways = (address(row), address(row, "look/"))
    assert {advocate.get(way).status_code for way in ways} == {404}
    assert press(triage, row, "confirm").status_code == 302
    assert {advocate.get(way).status_code for way in ways} == {200}


def test_confirming_is_on_the_record_and_opens_it_to_agencies(
    tip: Tip, photograph: Photograph, triage: Client, log_on: LogOn
) -> None:
    row = photograph(tip)
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",), name="kim")
    assert partner.get(address(row)).status_code == 404
    assert partner.get(address(row, "look/")).status_code == 404
    page = text(partner, f"/tips/{tip.reference}/")
    assert "1 picture not confirmed by the tip desk yet" in page
    assert press(triage, row, "confirm").status_code == 302
    (entry,) = entries("picture.confirmed")
    assert (entry.actor, entry.facts) == ("triage", {"picture": "1"})
    assert partner.get(address(row)).status_code == 200
    assert "Confirmed by triage" in text(partner, f"/tips/{tip.reference}/")
    assert "Picture 1 confirmed" in text(triage, f"/tips/{tip.reference}/")


@pytest.mark.parametrize("act", ["confirm", "black-out"])
def test_of_two_at_one_moment_one_succeeds(
    act: str, tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    stale = version(tip)
    part = {"left": "0", "top": "0", "width": "10", "height": "10"}
    assert press(triage, row, "black-out", **part).status_code == 302
    answer = press(triage, row, act, version=stale, **(part if act == "black-out" else {}))
    assert answer.status_code == 409
    if act == "black-out":
        page = answer.content.decode()
        assert "Somebody else acted on this tip meanwhile" in page
        assert page.count('value="10"') == 2
        assert f'name="version" value="{version(tip)}"' in page
    fresh = Attachment.objects.get(pk=row.pk)
    assert (fresh.blacked_out, fresh.confirmed_at) == (1, None)


def test_a_picture_is_found_under_its_own_tip_only(
    tip: Tip, make_tip: MakeTip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    other = make_tip("wentzville-pd")
    assert triage.get(f"/tips/{other.reference}/pictures/{row.pk}/").status_code == 404
    assert entries("picture.opened") == []


def test_a_tip_of_another_line_shows_no_picture(
    make_tip: MakeTip, photograph: Photograph, triage: Client, log_on: LogOn
) -> None:
    theirs = make_tip("ofallon-pd")
    row = photograph(theirs, by="triage")
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",), name="kim")
    assert partner.get(address(row)).status_code == 404
    (entry,) = entries("tip.read_refused")
    assert entry.actor == "kim"


def test_a_picture_that_came_later_is_blurred_blacked_out_and_confirmed_like_any(
    tip: Tip,
    photograph: Photograph,
    triage: Client,
    log_on: LogOn,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bell, "ring_notify", lambda: None)
    photograph(tip, by="triage")
    row = sent_later(tip, now)
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",), name="kim")
    assert partner.get(address(row)).status_code == 404
    assert "1 picture not confirmed by the tip desk yet" in text(
        partner, f"/tips/{tip.reference}/"
    )
    page = triage.get(f"/tips/{tip.reference}/").content.decode()
    assert "Open picture 2" in page
    assert len(re.findall(r'src="data:image/jpeg;base64,', page)) == 2
    assert "No words: a vehicle, a place or a picture was added." in page
    press(triage, row, "black-out", left="0", top="0", width="50", height="50")
    assert brightest(opened(row).crop((8, 8, 150, 110))) < 12
    assert press(triage, row, "confirm").status_code == 302
    assert partner.get(address(row)).status_code == 200


def sent_later(tip: Tip, now: datetime) -> Attachment:
    """A picture that the person who wrote sends under their receipt, and nothing else."""
    code = receipts.new()
    mark = receipts.fingerprint(code, keys.pepper(settings.KEYS_DIR))
    Tip.objects.filter(pk=tip.pk).update(receipt_hmac=mark)
    send_more(code, More(attachments=(attachment(),)), now=now)
    return tip.attachments.get(position=1)


def test_each_page_of_a_pdf_is_opened_and_confirmed_by_itself(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    photograph(tip, PLAIN_PICTURE)
    last = photograph(tip, PDF)
    pages = tip.attachments.filter(kind="pdf").count()
    page = text(triage, f"/tips/{tip.reference}/")
    assert f"Open picture 2.{pages}" in page
    press(triage, last, "confirm")
    assert tip.attachments.confirmed().count() == 1


def test_without_the_key_the_page_says_so(
    tip: Tip, photograph: Photograph, triage: Client, settings: Settings, tmp_path: Any
) -> None:
    row = photograph(tip)
    settings.PRIVATE_KEYS_DIR = tmp_path
    assert triage.get(address(row)).status_code == 503
    assert "desk.key" in text(triage, address(row, "look/"))
    assert entries("picture.opened") == []


def test_a_shredded_picture_is_said_to_be_destroyed(
    tip: Tip, photograph: Photograph, triage: Client
) -> None:
    row = photograph(tip)
    DataKey.objects.filter(tip=tip).delete()
    assert "destroyed together with its key" in text(triage, f"/tips/{tip.reference}/")
    assert "destroyed together with its key" in text(triage, address(row, "look/"))
    answer = press(triage, row, "black-out", left="0", top="0", width="9", height="9")
    assert answer.status_code == 422
