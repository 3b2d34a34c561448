"""Programs of others accept every format, and refuse it when it is broken."""

import csv
import io
import json
import os
import shutil
import subprocess
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pikepdf
import pytest

from reports import checks, schemas
from reports.formats import formats
from reports.package.verify import verify
from tests.reports.conftest import ALL_FORMATS, AskFor, Package, files_of, text_of
from tests.web.desk.conftest import MakeTip, See
from tipintake.tips.models import (
    EvidenceInWords,
    OnlineLead,
    PersonDescribed,
    Place,
    Sighting,
    Tip,
    Vehicle,
)

pytestmark = pytest.mark.django_db

WORDS = {
    "emoji": "Two vans 🚐🚐 and a 👩🏽‍🦱 at the door",
    "vietnamese": "Người đàn ông giữ hộ chiếu của họ ở tiệm làm móng",
    "bosnian": "Čovjek s džipom uzima im novac, ključeve i šalje poruke",
    "arabic": "الرجل يأخذ جوازات سفرهم كل ليلة",
    "private use": "A glyph that no font has: \ue123 \U000f1234",
    "markup": "<b>not bold</b> & ]]> <!-- --> &amp; \"quoted\" 'single'",
    "formula": '=HYPERLINK("http://evil.example","click")',
    "plus": "+1 314 555 0166 called",
    "minus": "-2+3 cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "control": "a\x0bb\x0cc\x1bd\x7fe\ufffef",
    "excel escape": "_x000D_ stays _x0041_ as typed",
    "lines": "first line\r\nsecond line\nthird",
    "script": "</script><script>alert(1)</script> #let x = 1 $ \\ `",
}
DATA = Path(os.environ.get("REFERENCE_NIEM", "/nowhere"))


@pytest.fixture
def hostile(make_tip: MakeTip, see: See) -> list[Tip]:
    """A tip for each kind of trouble, in the words and in the fields."""
    made = []
    for number, words in enumerate(WORDS.values()):
        tip = make_tip("wentzville-pd", "ofallon-pd", narrative=words)
        see(tip)
        made.append(tip)
        short = words[:60]
        Vehicle.objects.create(
            tip=tip, position=1, plate_raw=short[:20], plate_canonical="A81C20",
            plate_state="MO", plate_type="passenger car", make="Toyota", make_code="TOYT",
            model="Camry", model_code="CAM", style="4 door", style_code="4D", colour1="silver",
            colour1_code="SIL", year_from=2015, features=short,
        )  # fmt: skip
        Place.objects.create(
            tip=tip, position=1, place_type="STREET", name=short, street="100 Example Road",
            unit=short[:20], city="O'Fallon", state="MO", zip="63366", lat=38.8106 + number / 1000,
            lon=-90.6998, accuracy_m=30, source="PIN",
        )  # fmt: skip
        PersonDescribed.objects.create(
            tip=tip, position=1, role="DRIVER", clothing=short, name_or_alias=short
        )
        OnlineLead.objects.create(
            tip=tip, position=1, handle="@" + short[:50], ad_phone="+1 314 555 0166",
            ad_phone_e164="+13145550166", payment_tag="=cmd",
            seen_at=datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
        )  # fmt: skip
        Sighting.objects.filter(tip=tip).update(
            kind="RANGE", start=datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
            end=datetime(2026, 11, 1, 7, 30, tzinfo=UTC), approx_minutes=15,
        )  # fmt: skip
        Vehicle.objects.create(
            tip=tip, position=2, plate_raw="A8?", plate_canonical="A8?", plate_partial=True,
            plate_state="MO",
        )  # fmt: skip
    return made


@pytest.fixture
def made(shelf: list[Package], request: pytest.FixtureRequest) -> Package:
    """Of every format, made once for all that only read it or break a copy of it."""
    if not shelf:
        request.getfixturevalue("hostile")
        ask: AskFor = request.getfixturevalue("ask_for")
        shelf.append(Package.of(ask()))
    return shelf[0]


def test_every_validator_accepts_every_format(made: Package, tmp_path: Path) -> None:
    results = list(checks.run(made.unpacked(tmp_path)))
    ran = {(one.format, one.validator): one.problems for one in results if one.ran}
    assert {key: found for key, found in ran.items() if found} == {}
    assert {name for name, _ in ran} == {
        *("package", "csv", "xlsx", "geojson", "kml", "niem", "i2", "pdf", "summary")
    }


Break = Callable[[Path], object]


def _change(path: str, old: str, new: str) -> Break:
    def change(bag: Path) -> None:
        file = bag / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return change


def _cut(path: str) -> Break:
    def cut(bag: Path) -> None:
        (bag / path).write_bytes((bag / path).read_bytes()[:-400])

    return cut


def _a_formula(bag: Path) -> None:
    book = openpyxl.load_workbook(bag / "data/tips.xlsx")
    book["Tips"]["D2"] = "=1+1"
    book.save(bag / "data/tips.xlsx")


def _in_a_message(old: str, new: str) -> Break:
    def change(bag: Path) -> None:
        name = sorted((bag / "data/niem").iterdir())[0].name
        _change(f"data/niem/{name}", old, new)(bag)

    return change


def _untagged(bag: Path) -> None:
    with pikepdf.open(bag / "data/packet.pdf", allow_overwriting_input=True) as pdf:
        del pdf.Root.StructTreeRoot, pdf.Root.MarkInfo
        pdf.save()


def _silent_figures(bag: Path) -> None:
    with pikepdf.open(bag / "data/packet.pdf", allow_overwriting_input=True) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure":
                del one.Alt
        pdf.save()


def _a_page_without_the_caveat(bag: Path) -> None:
    with pikepdf.open(bag / "data/packet.pdf", allow_overwriting_input=True) as pdf:
        pdf.add_blank_page()
        pdf.save()


def _an_entity_less(bag: Path) -> None:
    file = bag / "data/i2/entities.csv"
    with file.open(newline="", encoding="utf-8") as read:
        rows = [row for row in csv.reader(read) if not row[0].startswith("plate:")]
    with file.open("w", newline="", encoding="utf-8") as written:
        csv.writer(written).writerows(rows)


def _an_entity_twice(bag: Path) -> None:
    file = bag / "data/i2/entities.csv"
    with file.open(newline="", encoding="utf-8") as read:
        last = list(csv.reader(read))[-1]
    with file.open("a", newline="", encoding="utf-8") as written:
        csv.writer(written).writerow(last)


@pytest.mark.parametrize(
    ("validator", "spoil"),
    [
        ("bagit --validate", _change("data/csv/tips.csv", "SEX_TRAFFICKING", "OTHER_UNSURE")),
        ("verify_export", _change("data/tips.jsonl", "SEX_TRAFFICKING", "OTHER_UNSURE")),
        ("openssl pkeyutl", _change("tagmanifest-sha512.txt", "bagit.txt", "bogit.txt")),
        ("frictionless", _change("data/csv/vehicles.csv", ",2014,", ",about 2014,")),
        ("frictionless", _change("data/csv/places.csv", "T-", "X-")),
        ("openpyxl", _cut("data/tips.xlsx")),
        ("openpyxl", _a_formula),
        ("geojson-validator", _change("data/tips.geojson", '"Point"', '"Pnt"')),
        ("KML 2.2 schema", _change("data/tips.kml", "<name>", "<nome>x</nome><name>")),
        ("our subset (lxml)", _in_a_message("TOYT", "TOYOTA")),
        ("our subset (xmllint)", _in_a_message("<nc:Latitude", "<nc:Longitude")),
        ("our tables", _an_entity_less),
        ("our tables", _an_entity_twice),
        ("our tables", _change("data/i2/links.csv", "from_id,to_id", "to_id,from_id")),
        ("our tables", _change("data/i2/links.csv", "\ntip:", "\ntip:X,tip:")),
        ("our tables", _change("data/i2/entities.csv", "\ntip:", '\n"tip:"x')),
        ("our tables", lambda bag: (bag / "data/i2/links.csv").unlink()),
        ("pikepdf, structure", _cut("data/packet.pdf")),
        ("pikepdf, structure", _untagged),
        ("pikepdf, structure", _silent_figures),
        ("pdfium, text", _a_page_without_the_caveat),
        ("pdfium, text", lambda bag: (bag / "data/packet.pdf").write_bytes(b"%PDF-1.7\n")),
        ("pdftotext", lambda bag: (bag / "data/packet.pdf").write_bytes(b"%PDF-1.7\n")),
    ],
    ids=[
        "a changed row",
        "a changed record",
        "a changed manifest",
        "a word for a number",
        "a child without its tip",
        "a cut workbook",
        "a formula",
        "a geometry of no kind",
        "an unknown element",
        "an unknown code",
        "a longitude for a latitude",
        "a link to nothing",
        "an entity twice",
        "other headings",
        "a cell too many",
        "no CSV",
        "a table that lacks",
        "a cut PDF",
        "a PDF without tags",
        "a figure without words",
        "a page without the caveat",
        "no PDF at all",
        "no PDF at all, pdftotext",
    ],
)
def test_a_broken_one_is_refused(
    validator: str,
    spoil: Break,
    made: Package,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bag = made.unpacked(tmp_path)
    spoil(bag)
    asked = [one for one in checks.CHECKS if one[1] == validator]
    monkeypatch.setattr(checks, "CHECKS", asked)  # all others take most of the time
    found = next(checks.run(bag))
    if not found.ran:
        pytest.skip(f"{validator} is not installed")
    assert found.problems


def test_a_message_is_valid_under_the_whole_niem_model(made: Package, tmp_path: Path) -> None:
    if not DATA.exists() or shutil.which("xmllint") is None:
        pytest.skip("the NIEM model or xmllint is not here")
    with zipfile.ZipFile(DATA / "niem-6.0-xsd.zip") as model:
        model.extractall(tmp_path / "niem")
    shutil.copy(DATA / "tip-envelope.xsd", tmp_path / "niem")
    messages = sorted((made.unpacked(tmp_path) / "data/niem").glob("*.xml"))
    assert len(messages) == len(WORDS)
    schema = str(tmp_path / "niem" / "tip-envelope.xsd")
    command = ["xmllint", "--nonet", "--noout", "--schema", schema]
    done = subprocess.run(
        [*command, *map(str, messages)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[:3000]
    broken = tmp_path / "broken.xml"
    broken.write_text(messages[0].read_text("utf-8").replace("TOYT", "TOYOTA"), "utf-8")
    assert subprocess.run([*command, str(broken)], capture_output=True, check=False).returncode


def test_code_lists_of_the_schema_are_those_of_our_tables() -> None:
    for name, text in schemas.code_schemas().items():
        advice = "run python -m tools.niem_codes"
        assert (schemas.FOLDER / name).read_text("utf-8") == text, advice


def test_text_that_a_spreadsheet_would_calculate_stays_text(made: Package) -> None:
    files = made.files()
    rows = list(csv.DictReader(io.StringIO(files["data/csv/tips.csv"].decode(), newline="")))
    read = {row["narrative"] for row in rows}
    for words in WORDS.values():
        if words[0] in "=+-@\t\r":
            assert "'" + words in read
        elif words != WORDS["control"]:
            assert words in read
    for name, content in files.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(content.decode(), newline="")):
                for cell in row:
                    number = cell.lstrip("-").replace(".", "", 1).isdigit()
                    assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), name


def test_the_workbook_says_what_was_written(made: Package) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made.files()["data/tips.xlsx"]))
    assert book.sheetnames[:3] == ["About", "Tips", "Vehicles"]
    heads = [cell.value for cell in book["Tips"][1]]
    column = heads.index("What was written")
    read = {row[column].value for row in book["Tips"].iter_rows(min_row=2)}
    for name in ("formula", "plus", "at", "emoji", "vietnamese", "bosnian", "arabic", "markup"):
        assert WORDS[name] in read
    # openpyxl leaves Excel's own escapes as they stand in the file.
    assert WORDS["excel escape"].replace("_x0", "_x005F_x0") in read
    assert not [
        cell.coordinate
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" or cell.hyperlink
    ]
    for sheet in book.worksheets[1:]:
        head = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            said = str(row[head.index("Caveat")].value)
            assert said.startswith("UNVERIFIED TIP. LEAD ONLY. Not probable cause.")
            assert str(made.destroy_by) in said


def test_every_row_of_every_format_carries_the_caveat(made: Package) -> None:
    files = made.files()
    rows = 0
    for name, content in files.items():
        text = content.decode("utf-8", "replace")
        if name.endswith(".csv"):
            found = list(csv.DictReader(io.StringIO(text, newline="")))
            rows += len(found)
            assert all(str(made.destroy_by) in row["caveat"] for row in found)
            assert all(row["tlp"] == "TLP:AMBER+STRICT" for row in found)
        if name.startswith("data/niem/"):
            assert "UNVERIFIED TIP. LEAD ONLY." in text
            assert "Source F, content 6" in text
            assert f"Export {made.reference} for Wentzville Police" in text
    assert rows > len(WORDS) * 10
    for feature in json.loads(files["data/tips.geojson"])["features"]:
        assert "UNVERIFIED TIP" in feature["properties"]["caveat"]
        assert feature["properties"]["source_grade"] == "F"
        assert feature["properties"]["content_grade"] == "6"
    kml = files["data/tips.kml"].decode()
    assert kml.count("<Placemark>") == len(WORDS) * 2
    assert kml.count("UNVERIFIED TIP") == len(WORDS) * 2 + 1
    assert kml.count('<Data name="content_grade"><value>6</value>') == len(WORDS) * 2
    book = openpyxl.load_workbook(io.BytesIO(files["data/tips.xlsx"]))
    assert all("UNVERIFIED TIP" in str(sheet.oddFooter.left.text) for sheet in book)


def test_words_in_any_script_arrive_whole_in_the_map_and_the_messages(made: Package) -> None:
    files = made.files()
    records = files["data/tips.jsonl"].decode("utf-8", "surrogatepass")
    messages = "".join(files[name].decode() for name in files if name.startswith("data/niem/"))
    for name in ("emoji", "vietnamese", "bosnian", "arabic"):
        assert WORDS[name] in records
        assert WORDS[name] in messages
        assert WORDS[name][:30] in files["data/tips.geojson"].decode()
        assert WORDS[name][:30] in files["data/tips.kml"].decode()


def test_an_entity_that_two_tips_name_stands_once(made: Package) -> None:
    text = made.files()["data/i2/entities.csv"].decode()
    entities = list(csv.DictReader(io.StringIO(text, newline="")))
    ids = [one["id"] for one in entities]
    assert len(ids) == len(set(ids))
    assert ids.count("plate:A81C20") == 1
    links = list(
        csv.DictReader(io.StringIO(made.files()["data/i2/links.csv"].decode(), newline=""))
    )
    assert sum(one["to_id"] == "plate:A81C20" for one in links) == len(WORDS)
    assert {one["to_id"] for one in links} <= set(ids)


@pytest.mark.parametrize(
    ("states", "ids", "labels"),
    [
        (["", "MO", ""], {"plate:A81C20"}, {"A81C20 MO"}),
        (["MO", "IL", ""], {"plate:MO:A81C20", "plate:IL:A81C20", "plate:A81C20"},
         {"A81C20 MO", "A81C20 IL", "A81C20"}),
    ],
    ids=["one state", "two states"],
)  # fmt: skip
def test_a_plate_without_a_state_stands_with_the_one_that_is_known(
    states: list[str], ids: set[str], labels: set[str], make_tip: MakeTip, ask_for: AskFor
) -> None:
    for state in states:
        Vehicle.objects.create(
            tip=make_tip("wentzville-pd"), position=1, plate_raw="A81 C20",
            plate_canonical="A81C20", plate_state=state,
        )  # fmt: skip
    words = make_tip("wentzville-pd")
    EvidenceInWords.objects.create(tip=words, kind="PLATE", value="A81 C20", canonical="A81C20")
    files = files_of(ask_for(formats=["i2", "pdf"]))
    entities, links = (
        list(csv.DictReader(io.StringIO(files[f"data/i2/{name}.csv"].decode(), newline="")))
        for name in ("entities", "links")
    )
    plates = [one for one in entities if one["type"] == "Vehicle"]
    assert {one["id"] for one in plates} == ids
    assert {one["label"] for one in plates} == labels
    assert len(plates) == len(ids)
    assert len(links) == len(states) + 1
    index = text_of(files["data/packet.pdf"]).split("License plates")[-1]
    assert index.count("A81C20") == len(ids)


def test_a_time_is_told_as_near_as_it_is_known(made: Package) -> None:
    files = made.files()
    messages = [files[name].decode() for name in files if name.startswith("data/niem/")]
    assert messages
    for message in messages:
        day = message.partition("<nc:ActivityDate>")[2].partition("</nc:ActivityDate>")[0]
        start, end = day.split("</nc:StartDate>")
        assert start.startswith("<nc:DateRange><nc:StartDate><nc:DateTime>2026-11-01T")
        assert end.startswith("<nc:EndDate><nc:DateTime>2026-11-01T")
        assert start[-38:] != end[:38]
        assert end.endswith("<nc:DateMarginOfErrorDuration>PT15M</nc:DateMarginOfErrorDuration>")
        assert "give or take 15 minutes" in message
    kml = files["data/tips.kml"].decode()
    assert kml.count("give or take 15 minutes.</description>") == len(WORDS) * 2


def test_a_message_says_that_a_plate_was_partly_seen(made: Package) -> None:
    files = made.files()
    for message in (files[name].decode() for name in files if name.startswith("data/niem/")):
        assert message.count("MO; partly seen<") == 2  # one that every tip here has
        assert "Plate partly seen: A8?" in message
        assert "partly seen: A81C20" not in message


def test_hours_of_what_recurs_stand_in_a_message(
    make_tip: MakeTip, see: See, ask_for: AskFor
) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    Sighting.objects.filter(tip=tip).update(
        kind="RECURRING", start=None, end=None, rrule="FREQ=WEEKLY;BYDAY=FR",
        local_start="22:00", duration_minutes=240,
    )  # fmt: skip
    message = files_of(ask_for(formats=["niem"]))[f"data/niem/{tip.reference}.xml"].decode()
    assert "Each time from about 22:00 America/Chicago, for 240 minutes<" in message
    assert "<nc:ActivityFrequencyText>FREQ=WEEKLY;BYDAY=FR<" in message


def test_a_message_has_everything_that_was_told_of_people_places_and_sites(
    make_tip: MakeTip, see: See, ask_for: AskFor
) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    PersonDescribed.objects.filter(tip=tip).update(race="as somebody said", hair_code="BLK")
    Place.objects.filter(tip=tip).update(lat=38.8, lon=-90.7, accuracy_m=37)
    seen_at = datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    OnlineLead.objects.filter(tip=tip).update(seen_at=seen_at)
    message = files_of(ask_for(formats=["niem"]))[f"data/niem/{tip.reference}.xml"].decode()
    assert "race or skin tone, as described: as somebody said" in message
    assert "seen on: 2026-11-01T01:30:00-06:00" in message
    assert "Point within meters: 37" in message
    for answer in ("Anyone under 18: NO", "When: ONGOING", "How known: SAW", "Times seen: 6+"):
        assert answer in message


def test_each_map_and_message_says_with_which_tips_it_counts_as_one_report(
    make_tip: MakeTip, see: See, ask_for: AskFor, tmp_path: Path
) -> None:
    flood = uuid.uuid4()
    made = [make_tip("wentzville-pd", flood=flood) for _ in range(2)] + [make_tip("wentzville-pd")]
    for tip in made:
        see(tip)
    first, second, alone = (tip.reference for tip in made)
    package = Package.of(ask_for(formats=["geojson", "kml", "niem"]))
    bag = package.unpacked(tmp_path)
    features = json.loads((bag / "data/tips.geojson").read_text("utf-8"))["features"]
    said = {one["properties"]["reference"]: one["properties"] for one in features}
    kml = (bag / "data/tips.kml").read_text("utf-8")
    for one, other in ((first, second), (second, first)):
        assert said[one]["one_report_with"] == [other]
        assert f'<Data name="one_report_with"><value>{other}</value></Data>' in kml
        message = (bag / f"data/niem/{one}.xml").read_text("utf-8")
        assert f">Counts as one report with {other}</nc:ActivityDescriptionText>" in message
    assert "one_report_with" not in said[alone]
    assert "one report" not in (bag / f"data/niem/{alone}.xml").read_text("utf-8")
    problems = {one.format: one.problems for one in checks.run(bag) if one.ran}
    assert {name: problems[name] for name in ("geojson", "kml", "niem")} == dict.fromkeys(
        ("geojson", "kml", "niem"), ()
    )


def test_a_format_is_a_file(made: Package, tmp_path: Path) -> None:
    assert set(ALL_FORMATS) <= set(formats())
    assert verify(made.unpacked(tmp_path), trusted=None).tips == len(WORDS)
