"""A packet says what was written, can be read aloud, looks as it should, and hides the rest."""

import hashlib
import io
import json
import re
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from reports import asking, demo, making, tagged
from reports.formats import pdf as packet_format
from reports.formats.base import About, Files, Scratch, Writer
from reports.formats.summary import FORMAT as SUMMARY
from reports.linked import ALIKE, MERGED
from reports.models import Export
from reports.packet import content as packed
from reports.packet import figures, glyphs, press, volume
from reports.packet.summary import summary
from reports.packet.typeset import CannotTypeset, Typeset, typeset
from reports.rows import (
    DialogRow,
    LinkRow,
    OnlineRow,
    PersonRow,
    PictureRow,
    PlaceRow,
    TipRow,
    VaultRow,
    VehicleRow,
)
from reports.scope import Caveat, Level, Scope, Tlp
from tests.reports.conftest import NOW, Account, AskFor, files_of, text_of
from tests.web.desk.conftest import MakeTip, Photograph, See
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Attachment, Tip
from tipintake.triage.figures.places import Point
from tipintake.triage.models import Link

MADE = datetime(2026, 11, 14, 9, 30, tzinfo=UTC)
INCH = 72
TYPST = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" #panic("no") #let a = 1',
    "$ x^2 $ = Not a heading * not bold * _ not italic _ `raw` <label> @reference",
    '// not a comment /* nor this */ \\u{1F600} \\ ~ -- ... #include "x"',
    '"}],"tips":[{"reference":"T-FAKE-0001"}]',
)


def about(total: int = 1, **given: Any) -> About:
    caveat = Caveat(given.pop("tlp", Tlp.AMBER_STRICT), MADE.date() + timedelta(days=180))
    scope = Scope(Level.EVIDENCE, caveat, with_pictures=True)
    return About(
        export="E-TEST-0001",
        made_at=MADE,
        scope=scope,
        installation="https://desk.example",
        requester="erin",
        recipient="Wentzville Police",
        purpose="Investigation",
        authority="Case 26-0001",
        filter="all tips",
        total=total,
        **given,
    )


def row(reference: str = "T-TEST-0001", **given: Any) -> TipRow:
    first = next(demo.rows(now=MADE))
    return first._replace(reference=reference, **given)


class Kept(Files):
    """Files of a package, kept."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def binary(self, name: str) -> Any:
        kept = self.files

        class File(io.BytesIO):
            def close(self) -> None:
                kept[name] = self.getvalue()
                super().close()

        return File()

    def whole(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def text(self, name: str) -> Any:
        raise NotImplementedError

    def scratch(self, name: str) -> Scratch:
        raise NotImplementedError

    def alive(self) -> None:
        """Nothing stops it."""


def packet(*rows: TipRow, **given: Any) -> dict[str, bytes]:
    files = Kept()
    writer: Writer = packet_format.FORMAT.begin(files, about(len(rows), **given))
    for one in rows:
        writer.add(one)
    writer.end()
    return files.files


def structure(pdf: bytes) -> tagged.Tree:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return tagged.tree_of(opened, pikepdf)


# --- What is written is printed ------------------------------------------------------------------


def test_words_in_any_script_are_printed_as_text() -> None:
    said = {
        "vietnamese": "Người đàn ông giữ hộ chiếu của họ ở tiệm làm móng",
        "bosnian": "Čovjek s džipom uzima im novac, ključeve i šalje poruke",
        "russian": "Мужчина забирает их паспорта",
        "greek": "Ο άντρας κρατάει τα διαβατήρια",
        "markup": "<b>not bold</b> & ]]> <!-- --> &amp; 'single'",
    }
    pdf = packet(row(narrative="\n".join(said.values())))["packet.pdf"]
    text = text_of(pdf)
    for words in said.values():
        assert words in text


def test_arabic_is_set_from_right_to_left() -> None:
    words = "الرجل يأخذ جوازات سفرهم كل ليلة"
    pdf = packet(row(narrative=words))["packet.pdf"]
    for word in words.split():
        assert word in text_of(pdf) or word[::-1] in text_of(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        languages = {
            str(one.get("/Lang")) for one in opened.objects if isinstance(one, pikepdf.Dictionary)
        }
    assert "ar" in languages


def test_what_no_font_can_show_is_printed_by_its_name() -> None:
    pdf = packet(row(narrative="Two vans 🚐🚐 and a 👩🏽‍🦱 ☎️ \U000f1234 a\x0bb turn \u202eback"))[
        "packet.pdf"
    ]
    text = text_of(pdf)
    assert "Two vans [minibus, minibus] and a [woman, emoji component curly hair]" in text
    assert "[U+F1234]" in text
    assert "a[U+000B]b" in text
    assert "[right-to-left override]back" in text
    assert "Characters that no font here can show stand as their names in brackets: " in text
    assert tagged.problems_of(pdf, pikepdf) == []


@pytest.mark.parametrize("words", TYPST, ids=["code", "markup", "comments", "data"])
def test_typst_in_a_tip_is_text(words: str) -> None:
    plain = structure(packet(row(narrative="One line."))["packet.pdf"])
    pdf = packet(
        row(
            narrative=words,
            vehicles=(VehicleRow(plate=words[:20], features=words),),
            places=(PlaceRow(place_type="STREET", name=words, city=words[:30]),),
            online=(OnlineRow(handle=words, url=words),),
        )
    )["packet.pdf"]
    text = text_of(pdf).replace(" ", "")
    assert text.count(words.replace(" ", "")) >= 4
    assert structure(pdf).count("/H1") <= plain.count("/H1") + 2  # pages of the index


@given(st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_any_text_makes_an_accessible_page(words: str) -> None:
    place = PlaceRow(place_type="BAR", name=words)
    values = dict(summary(row(narrative=words, places=(place,)), about()).values)
    made = typeset("summary.typ", {**values, "size": 9.0, "cut": False}, made_at=MADE)
    assert made.accessible


def test_a_character_that_still_fails_gives_a_packet_that_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(glyphs, "named_in", lambda _said, _asked: frozenset())
    job = summary(row(narrative="A van 🚐."), about())
    values = {**job.values, "size": 9.0, "cut": False}
    made = typeset("summary.typ", values, job.files, made_at=MADE)
    assert not made.accessible
    assert "could not be made to the standard for accessible PDF" in text_of(made.pdf)


def test_a_babys_age_is_said() -> None:
    baby = PersonRow(role="POSSIBLE_VICTIM", age_from=0, age_to=1)
    (made,) = press.printed([summary(row(persons=(baby,)), about())])
    assert "0–1" in text_of(made.pdf)


def test_a_template_that_fails_says_nothing_of_the_tip() -> None:
    job = summary(row(narrative="Zebulonia"), about())
    broken = replace(job, values={**job.values, "asked": [{"Zebulonia": "Quark"}]})
    with pytest.raises(CannotTypeset) as said:
        list(press.printed([broken]))
    assert "Zebulonia" not in str(said.value)
    assert "summary.typ" in str(said.value) or "template" in str(said.value)


# --- What it looks like --------------------------------------------------------------------------


def test_every_page_says_what_it_is_and_its_number(many: bytes) -> None:
    pages = tagged.texts_of(many)
    assert len(pages) > 10
    for number, text in enumerate(pages, start=1):
        said = " ".join(text.split())
        assert f"{number} of {len(pages)}" in said
        assert "UNVERIFIED TIP. LEAD ONLY. Not probable cause." in said
        assert "Destroy by 2027-05-13." in said
        assert "TLP:AMBER+STRICT" in said


def test_the_cover_says_for_whom_why_and_how(many: bytes) -> None:
    cover = " ".join(tagged.texts_of(many)[0].split())
    for said in ("Wentzville Police", "Investigation", "Case 26-0001", "erin", "E-TEST-0001",
                 "data/tip-hashes.txt", "An anonymous tip starts as F6"):  # fmt: skip
        assert said in cover


@pytest.fixture(scope="module")
def many() -> bytes:
    """A packet of forty tips, two of them linked, one with everything as long as it gets."""
    return packet(*_many())["packet.pdf"]


def _many() -> Iterator[TipRow]:
    for number in range(40):
        reference = f"T-MANY-{number:04d}"
        link = LinkRow("T-MANY-0001", "same_plate", "the same plate: AB1C2D", "CONFIRMED")
        back = link._replace(other_reference="T-MANY-0000")
        links = {0: (link,), 1: (back,)}.get(number, ())
        places = (PlaceRow(place_type="BAR", name=f"Bar {number}", lat=38.8, lon=-90.7),)
        yield row(reference, links=links, places=places, **_WEEKLY)
    yield longest("T-LONG-0001")


_WEEKLY: dict[str, Any] = {
    "seen_kind": "RECURRING", "seen_rrule": "FREQ=WEEKLY;BYDAY=FR", "seen_local_start": time(22),
    "seen_duration_minutes": 240, "seen_tz": "America/Chicago", "times_seen": "6+",
}  # fmt: skip


def longest(reference: str) -> TipRow:
    """As much as the form takes, in words without a place to break."""
    url = "https://ads.example/" + "a" * 480
    return row(
        reference,
        narrative=("Every Friday night a gray van stops. " * 110)[:4000],
        vehicles=(
            VehicleRow(plate="W" * 12, plate_state="MO", make="M" * 40, model="N" * 40,
                       colour1="c" * 30, features="W" * 300, role_in_scene="DROPPED_OFF"),
        ) * 5,
        places=(
            PlaceRow(place_type="HOTEL_MOTEL", name="N" * 120, street="S" * 120, unit="U" * 20,
                     city="C" * 80, state="MO", zip="63385", lat=38.8, lon=-90.7,
                     accuracy_m=5000, highway="I-70", exit="212"),
        ) * 5,
        persons=(
            PersonRow(role="SUSPECTED_CONTROLLER", age_from=30, age_to=40, marks="m" * 300,
                      clothing="c" * 300, name_or_alias="n" * 80, race="r" * 60, hair="h" * 30),
        ) * 8,
        online=(
            OnlineRow(url=url, platform="AD_SITE", handle="@" + "h" * 80, ad_phone="1" * 30,
                      ad_email="e" * 60 + "@ads.example", payment_tag="$" + "p" * 60),
        ) * 5,
    )  # fmt: skip


def test_nothing_runs_over_the_margin(many: bytes) -> None:
    document = pypdfium2.PdfDocument(many)
    for number, page in enumerate(document, start=1):
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(at)
            assert left >= 0.8 * INCH - 2, (number, left)
            assert right <= 7.7 * INCH + 2, (number, right)
            assert bottom >= 0.3 * INCH, (number, bottom)
            assert top <= 10.8 * INCH, (number, top)
    document.close()


def test_what_is_long_breaks_and_is_still_found_as_one_word(many: bytes) -> None:
    text = "".join("".join(tagged.texts_of(many)).split())
    assert "https://ads.example/" + "a" * 480 in text.replace("\ufffe", "")


def test_the_heads_of_a_table_stand_on_each_of_its_pages(many: bytes) -> None:
    pages = [" ".join(one.split()) for one in tagged.texts_of(many)]
    contents = [one for one in pages if "T-MANY-" in one and "Received Kind Place" in one]
    assert len(contents) > 1


def test_pages_in_the_contents_are_those_of_the_tips(many: bytes) -> None:
    pages = [" ".join(one.split()) for one in tagged.texts_of(many)]
    listed = dict(re.findall(r"(T-MANY-\d{4}) .{10,60}? P3 F6 (\d+)", " ".join(pages[1:3])))
    assert len(listed) > 20
    for reference, number in listed.items():
        assert pages[int(number) - 1].count(reference) >= 1
        assert "What was written" in pages[int(number) - 1]


def test_linked_tips_have_a_chart_and_a_table(many: bytes) -> None:
    text = text_of(many)
    assert "Linked tips, group 1" in text
    assert "The same plate: AB1C2D" in text
    charts = [one for one in structure(many).alts if one.startswith("Link chart")]
    assert charts == [
        "Link chart of 2 tips. T-MANY-0000, T-MANY-0001 share the same plate: AB1C2D."
    ]


def test_what_several_tips_name_is_no_link_and_both_are_said() -> None:
    """Two tips with one phone number that nobody has judged, and two that are linked."""
    phone = (OnlineRow(ad_phone_e164="+13145550166"),)
    link = LinkRow("T-TEST-0004", "room", "the same room: 12", "CONFIRMED")
    back = link._replace(other_reference="T-TEST-0003")
    apart = [row(f"T-TEST-000{n}", online=phone, vehicles=(), places=()) for n in (1, 2)]
    text = text_of(packet(*apart)["packet.pdf"])
    assert "0 in links that an analyst confirmed" in text
    assert "The index has 1 thing named by several tips here." in text
    nothing = {"online": (), "vehicles": (), "places": (), "words": ()}
    linked = [
        row("T-TEST-0003", links=(link,), **nothing), row("T-TEST-0004", links=(back,), **nothing)
    ]  # fmt: skip
    text = text_of(packet(*linked)["packet.pdf"])
    assert "2 in links that an analyst confirmed" in text
    assert "named by several tips" not in text


def test_tips_that_count_as_one_report_bear_nothing_out_in_a_packet() -> None:
    merged = LinkRow("T-TEST-0002", "one_report", MERGED, "CONFIRMED")
    back = merged._replace(other_reference="T-TEST-0001")
    alike = LinkRow("T-TEST-0009", "one_report", ALIKE, "")  # the first of them is not in here
    nothing: dict[str, Any] = {"online": (), "vehicles": (), "places": (), "words": ()}
    rows = [
        row(f"T-TEST-000{number}", links=links, **nothing)
        for number, links in enumerate(((merged,), (back,), (alike,), (alike,), ()), start=1)
    ]
    text = " ".join(text_of(packet(*rows)["packet.pdf"]).split())
    assert "These 5 tips count as 3 reports" in text
    assert "2 in links that an analyst confirmed" in text
    assert f"One report with T-TEST-0002 ({MERGED})" in text
    assert f"One report with T-TEST-0009 ({ALIKE})" in text
    assert "count as" not in text_of(packet(row(), row("T-TEST-0002"))["packet.pdf"])


def test_map_and_hours_are_told_in_words_too(many: bytes) -> None:
    alts = structure(many).alts
    assert any("Points: " in one and one.startswith("Map of") for one in alts)
    assert any("Friday 22:00 to 02:00" in one for one in alts)


def test_the_index_finds_plates_phones_accounts_and_places() -> None:
    pdf = packet(
        row(
            vehicles=(VehicleRow(plate="7KX432", plate_state="MO", make="Honda"),),
            online=(OnlineRow(ad_phone_e164="+13145550166", handle="@rose"),),
            places=(PlaceRow(place_type="BAR", name="Sunset Inn", city="Wentzville"),),
        ),
        row("T-TEST-0002", vehicles=(VehicleRow(plate="7KX432", plate_state="MO"),)),
    )["packet.pdf"]
    text = text_of(pdf)
    index = text[text.index("Index: license plates", text.index("T-TEST-0002 Received") if
                 "T-TEST-0002 Received" in text else 2000) :]  # fmt: skip
    for said in ("7KX432 MO", "+13145550166", "@rose", "Sunset Inn, Wentzville"):
        assert said in index
    assert re.search(r"T-TEST-0001, p\. \d+; T-TEST-0002, p\. \d+", index)


def test_it_can_be_read_aloud(many: bytes) -> None:
    assert tagged.problems_of(many, pikepdf) == []
    tree = structure(many)
    assert tree.alts
    assert not tree.silent
    assert tree.count("/Table") == tree.count("/THead") > 40
    with pikepdf.open(io.BytesIO(many)) as pdf:
        assert str(pdf.Root.Lang) == "en-US"
        assert str(pdf.docinfo.Title) == "Tip packet E-TEST-0001 for Wentzville Police"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle


# --- Volumes, summaries, pictures ----------------------------------------------------------------


def test_more_tips_make_volumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "MOST_TIPS", 2)
    files = packet(*(row(f"T-TEST-000{number}") for number in range(5)))
    assert list(files) == ["packet-1.pdf", "packet-2.pdf", "packet-3.pdf"]
    for number, pdf in enumerate(files.values(), start=1):
        text = text_of(pdf)
        assert f"Tip packet, volume {number}" in text
        assert f"T-TEST-000{2 * number - 2}" in text
        assert tagged.problems_of(pdf, pikepdf) == []


def test_the_last_volume_tells_what_several_volumes_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volume, "MOST_TIPS", 1)
    van = VehicleRow(plate="AB1C2D", plate_state="MO")
    other = VehicleRow(plate="ZZ9", plate_state="IL")
    tips = [
        row("T-TEST-0001", vehicles=(van,)),
        row("T-TEST-0002", vehicles=(other,)),
        row("T-TEST-0003", vehicles=(van,)),
    ]
    first, second, third = (text_of(pdf) for pdf in packet(*tips).values())
    assert "In several volumes" not in first + second
    told = third.partition("Tips and volumes")[2]
    assert "AB1C2D" in told
    assert "T-TEST-0001, vol. 1" in told
    assert "T-TEST-0003, vol. 3" in told
    assert "ZZ9" not in told


def test_an_empty_packet_is_a_packet() -> None:
    assert "0 tips for Wentzville Police" in text_of(packet()["packet.pdf"])


@pytest.mark.parametrize(
    "tip",
    [row(), longest("T-LONG-0001"), TipRow(row().key, "T-1", "0", b"{}")],
    ids=["plain", "longest", "empty"],
)
def test_a_summary_has_at_most_two_pages(tip: TipRow) -> None:
    files = Kept()
    writer = SUMMARY.begin(files, about())
    writer.add(tip)
    writer.end()
    (pdf,) = files.files.values()
    assert len(tagged.texts_of(pdf)) <= 2
    assert tip.reference in text_of(pdf)
    assert tagged.problems_of(pdf, pikepdf) == []
    assert tagged.unmarked_pages(pdf) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("ar", "Arabic"), ("es-MX", "Spanish"), ("zh_CN", "Chinese"), ("fil", "Filipino")),
        ("xq", "xq"),
    ],
)
def test_the_language_of_a_tip_is_named(code: str, name: str) -> None:
    assert ["Written in", name] in packed.tip(row(language=code), about())["facts"]


@pytest.mark.parametrize("immediacy", ["NOW", "RECENT"])
def test_when_it_was_is_told_from_the_day_it_was_sent(immediacy: str) -> None:
    (_, said), *_more = packed.tip(row(immediacy=immediacy), about())["facts"]
    assert "it was sent" in said


def test_an_answer_is_not_printed_as_if_it_came_before_its_question() -> None:
    asked = MADE.replace(hour=14, minute=30)
    said = (
        DialogRow("DESK", asked, "Which color was the van?"),
        DialogRow("WRITER", asked.replace(minute=0), "White."),
    )
    question, answer = packed.tip(row(dialog=said), about())["dialog"]
    assert answer["at"].startswith("within the hour from ")
    assert "within" not in question["at"]


def test_a_summary_that_leaves_words_out_says_so() -> None:
    (made,) = press.printed([summary(longest("T-LONG-0001"), about())])
    assert "The rest does not fit on two pages" in text_of(made.pdf)


def test_a_summary_says_what_it_never_prints_and_where_that_is_read() -> None:
    dialog = (
        DialogRow("DESK", MADE, "Which color was the van?"),
        DialogRow("WRITER", MADE, "White."),
        DialogRow("DESK", MADE, "Which room?"),
    )
    photo = PictureRow(uuid.uuid4(), path="data/pictures/T-TEST-0001/1-1.jpg")
    full = row(dialog=dialog, pictures=(photo,), pictures_left_out=2)
    for one in (full, longest("T-LONG-0001")._replace(dialog=dialog)):
        (made,) = press.printed([summary(one, about())])
        said = text_of(made.pdf)
        assert "Not on these pages" in said
        assert "What was asked and answered since: 2 questions and 1 answer. Read it in" in said
        assert "Which room?" not in said
        assert len(tagged.texts_of(made.pdf)) <= 2
    (made,) = press.printed([summary(full, about())])
    assert "1 picture, in data/pictures/T-TEST-0001 of this package." in text_of(made.pdf)
    assert "2 pictures stay out" in text_of(made.pdf)
    (made,) = press.printed([summary(row(dialog=()), about())])
    assert "Not on these pages" not in text_of(made.pdf)


def test_of_many_vehicles_some_stay_out_before_what_was_written() -> None:
    many = tuple(
        VehicleRow(plate=f"AB{at}C{at}D", features="a dent " * 42) for at in range(10, 60)
    )
    (made,) = press.printed(
        [summary(row(narrative="She was led to room 214, crying.", vehicles=many), about())]
    )
    said = text_of(made.pdf)
    assert "She was led to room 214, crying." in said
    assert "AB10C10D" in said
    assert "AB59C59D" not in said
    left_out = sum(one.plate not in said for one in many)
    assert f"and {left_out} more" in said


def _picture(jpeg: bytes) -> dict[str, bytes]:
    one = PictureRow(id=row().key, path="data/pictures/T-TEST-0001/1-1.jpg", sha256="0" * 64,
                     width=8, height=8, blacked_out=2)  # fmt: skip
    return packet(row(pictures=(one,)), picture=lambda _row: jpeg)


def test_pictures_are_printed_from_their_pixels_alone() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "Zebulonia"
    Image.new("RGB", (2000, 1500), "teal").save(out, "JPEG", exif=exif, comment=b"Quark")
    pdf = _picture(out.getvalue())["packet.pdf"]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        images = [
            one for one in opened.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        ]  # fmt: skip
        assert [(int(one.Width), int(one.Height)) for one in images] == [(1400, 1050)]
        assert b"Zebulonia" not in images[0].read_raw_bytes()
        assert b"Quark" not in images[0].read_raw_bytes()
    assert "Picture 1 of tip T-TEST-0001, confirmed by an analyst; 2 parts blacked out." in (
        structure(pdf).alts
    )


def test_a_picture_that_cannot_be_printed_leaves_a_sentence() -> None:
    assert "cannot be printed" in text_of(_picture(b"no picture")["packet.pdf"])


def test_a_picture_that_was_purged_meanwhile_leaves_a_sentence() -> None:
    def gone(_row: PictureRow) -> bytes:
        raise Attachment.DoesNotExist

    one = PictureRow(id=row().key, path="x.jpg")
    files = packet(row(pictures=(one,)), picture=gone)
    assert "was removed after the export began" in text_of(files["packet.pdf"])


def test_names_are_marked_red() -> None:
    names = (VaultRow("/narrative", "victim_name", "Zebulonia Quark"),)
    text = text_of(packet(row(vault=names), tlp=Tlp.RED)["packet.pdf"])
    assert "Zebulonia Quark" in text
    assert "TLP:RED" in text
    assert "AMBER" not in text


# --- In a package --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_packet_of_real_rows_tells_them_whole(
    make_tip: MakeTip, see: See, ask_for: AskFor, photograph: Photograph, account: Account
) -> None:
    account(Role.ANALYST, name="ann")
    one, other = make_tip("wentzville-pd", "ofallon-pd"), make_tip("wentzville-pd")
    for tip in (one, other):
        see(tip)
    photograph(one, by="ann")
    photograph(other)
    _link(one, other, state="CONFIRMED", value="room 12, Sunset Inn")
    _link(one, other, state="SUGGESTED", value="Zebulonia", why="handle")
    export = ask_for(formats=["pdf", "summary"], with_pictures=True)
    files = files_of(export)
    text = text_of(files["data/packet.pdf"])
    for said in (
        "2 tips for Wentzville Police", "7KX4?2 MO", "Gray 2014–2016 Honda Odyssey, van",
        "Sunset Inn", "The place is wentzville-mo.", "By The tip line of this region",
        f"Destroy by {export.destroy_by} ", "Wentzville Police",
        "Every Friday and Saturday, from about 22:00", "[removed]", "F: cannot be judged",
        "The same room: room 12, Sunset Inn", "Linked tips, group 1",
        f"data/pictures/{one.reference}/1-1.jpg",
    ):  # fmt: skip
        assert said in text, said
    for unsaid in ("Zebulonia", "localhost", "Sentence of R3.", "O'Fallon Police"):
        assert unsaid not in text
    assert f"data/pictures/{other.reference}" not in text
    out = "1 picture stays out because nobody at the desk has confirmed it."
    assert f"Pictures 1. {out}" in text, "on the cover"
    assert f"Pictures {out}" in text, "at the tip"
    hashes = files["data/tip-hashes.txt"].decode()
    for line in hashes.splitlines():
        assert line.split()[0] in text.replace(" ", "")
    assert hashlib.sha256(hashes.encode()).hexdigest() in text.replace(" ", "")
    assert set(files) >= {f"data/summaries/{tip.reference}.pdf" for tip in (one, other)}


def test_a_map_without_boundaries_says_so() -> None:
    points = [Point(38.81, -90.69, 0, "T-AAAA-0001"), Point(38.75, -90.6, 0, "T-AAAA-0002")]
    drawn = figures.map_of(points, lambda _detail: (), "all", title="Map")
    assert drawn is not None
    assert drawn.says.startswith("Points: 2. Tips: 2.")
    assert figures.NO_BOUNDARIES in drawn.says


def _link(one: Tip, other: Tip, *, state: str, value: str, why: str = "room") -> None:
    first, second = sorted((one, other), key=lambda tip: tip.pk)
    Link.objects.create(
        one=first, other=second, why=why, mark=value[:10], strength=3, value_one=value,
        value_other=value, state=state,
        judged_by=User.objects.first() if state == "CONFIRMED" else None,
        judged_at=NOW if state == "CONFIRMED" else None,
    )  # fmt: skip


@pytest.mark.django_db
def test_nothing_in_clear_is_on_the_disk_while_it_is_made(
    make_tip: MakeTip,
    ask_for: AskFor,
    exports_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_tip("wentzville-pd", narrative="Zebulonia Quark stands here as any other word.")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    seen: list[int] = []

    def looked(jobs: Any) -> Iterator[Typeset]:
        for made in press.printed(jobs):
            found = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert not [path for path in found if b"Zebulonia" in path.read_bytes()]
            assert not list(scratch.iterdir())
            seen.append(len(found))
            yield made

    monkeypatch.setattr(packet_format, "printed", looked)
    export = ask_for(formats=["pdf"])
    assert export.state == Export.State.READY
    assert seen
    assert "Zebulonia" in text_of(files_of(export)["data/packet.pdf"])


def test_the_process_that_sets_pages_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIPINTAKE_SECRET", "Zebulonia")
    told: dict[str, str] = {}
    begin = subprocess.Popen

    def watched(*command: Any, **given: Any) -> Any:
        told.update(given["env"])
        return begin(*command, **given)

    monkeypatch.setattr(subprocess, "Popen", watched)
    assert [made.accessible for made in press.printed([summary(row(), about())])] == [True]
    assert "Zebulonia" not in json.dumps(told)


def test_a_process_that_hangs_is_ended() -> None:
    with pytest.raises(CannotTypeset, match="ended before it was done"):
        list(press.printed([summary(row(), about())], longest=0.001))


@pytest.mark.django_db
def test_a_packet_says_how_far_it_is_and_stops_when_it_is_cancelled(
    make_tip: MakeTip, ask_for: AskFor, exports_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        make_tip("wentzville-pd")
    monkeypatch.setattr(volume, "MOST_TIPS", 1)
    monkeypatch.setattr(making, "TOLD_EVERY_SECONDS", 0.0)
    reached: list[int] = []

    def looked(jobs: Any) -> Iterator[Typeset]:
        yield from press.printed(jobs)
        export = Export.objects.get()
        reached.append(export.done)
        if len(reached) == 3:
            asking.cancel(export, by="erin", now=NOW)

    monkeypatch.setattr(packet_format, "printed", looked)
    export = ask_for(formats=["pdf"])
    assert reached == [1, 2, 3]
    assert export.state == Export.State.CANCELLED
    assert not list(exports_folder.iterdir())
