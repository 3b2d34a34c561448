"""Run every validator that is installed over a package, and say which ran and what they found.

None of them is needed to run the service: they come with requirements-dev.txt; xmllint, openssl
and pdftotext with the system. A validator that is absent is reported as such, never as a pass.
"""

import csv
import importlib
import json
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reports import tagged
from reports.formats.i2 import ENTITIES, LINKS
from reports.package.bag import KEY, SIGNATURE, SIGNED
from reports.package.verify import verify
from reports.schemas import ENVELOPE

MOST_MESSAGES = 200


class Absent(Exception):
    """The validator is not installed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One validator over one format. `ran` False: it is not installed."""

    format: str
    validator: str
    ran: bool
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.ran and not self.problems


Check = Callable[[Path], list[str]]


def run(bag: Path) -> Iterator[Checked]:
    """Every validator over an unpacked package."""
    for name, validator, check, needs in CHECKS:
        if not any((bag / "data").glob(needs)):
            continue
        try:
            yield Checked(name, validator, ran=True, problems=tuple(check(bag)))
        except Absent:
            yield Checked(name, validator, ran=False)


def _ours(bag: Path) -> list[str]:
    return verify(bag, trusted=None).problems


def _bagit(bag: Path) -> list[str]:
    bagit = _module("bagit")
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    try:
        bagit.Bag(str(bag)).validate()
    except bagit.BagError as error:
        return [str(error)]
    return []


def _openssl(bag: Path) -> list[str]:
    return _tool(
        "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(bag / KEY), "-rawin",
        "-in", str(bag / SIGNED), "-sigfile", str(bag / SIGNATURE),
    )  # fmt: skip


def _frictionless(bag: Path) -> list[str]:
    frictionless = _module("frictionless")
    report = frictionless.Package(str(bag / "data/csv/datapackage.json")).validate()
    return [
        str(one) for one in report.flatten(["type", "title", "fieldName", "rowNumber", "note"])
    ]


def _openpyxl(bag: Path) -> list[str]:
    openpyxl = _module("openpyxl")
    try:
        book = openpyxl.load_workbook(bag / "data/tips.xlsx", read_only=True)
    except Exception as error:  # noqa: BLE001 whatever a reader raises is a finding
        return [f"{type(error).__name__}: {error}"]
    formulas = [
        f"{sheet.title} {cell.coordinate} is a formula"
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    book.close()
    return formulas


def _geojson(bag: Path) -> list[str]:
    validator = _module("geojson_validator")
    content = json.loads((bag / "data/tips.geojson").read_text("utf-8"))
    structure = validator.validate_structure(content)
    # Its second half knows geometries only; a place without a point has none.
    content["features"] = [one for one in content["features"] if one["geometry"]]
    geometry = validator.validate_geometries(content)["invalid"] if content["features"] else {}
    return [*map(str, structure), *map(str, geometry)]


def _kml(bag: Path) -> list[str]:
    etree, fastkml = _module("lxml.etree"), _module("fastkml")
    schema = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    return _against(etree.XMLSchema(file=str(schema)), [bag / "data/tips.kml"], etree)


def _niem(bag: Path) -> list[str]:
    etree = _module("lxml.etree")
    return _against(etree.XMLSchema(file=str(ENVELOPE)), _messages(bag), etree)


def _xmllint(bag: Path) -> list[str]:
    files = [str(path) for path in _messages(bag)]
    return _tool("xmllint", "--nonet", "--noout", "--schema", str(ENVELOPE), *files)


def _i2(bag: Path) -> list[str]:
    try:
        entities = _table(bag / "data/i2/entities.csv", ENTITIES)
        links = _table(bag / "data/i2/links.csv", LINKS)
    except (OSError, ValueError, csv.Error) as error:
        return [str(error)]
    known: set[str] = set()
    problems = []
    for one in entities:
        if not one["id"] or one["id"] in known:
            problems.append(f"entities.csv: {one['id'] or 'no id'} stands there more than once")
        known.add(one["id"])
    problems += [
        f"links.csv: {one[end]} is no entity"
        for one in links
        for end in ("from_id", "to_id")
        if one[end] not in known
    ]
    return problems


def _table(path: Path, headings: tuple[str, ...]) -> list[dict[str, str]]:
    """Raises ValueError for other headings, or a row of another length."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, strict=True)
        if tuple(next(rows, ())) != headings:
            raise ValueError(f"{path.name}: its headings are not {', '.join(headings)}")
        try:
            return [dict(zip(headings, row, strict=True)) for row in rows]
        except ValueError:
            raise ValueError(f"{path.name}: line {rows.line_num} has too few or many") from None


def _structure(which: str, bag: Path) -> list[str]:
    pikepdf = _module("pikepdf")
    return _of_each(which, bag, lambda pdf: tagged.problems_of(pdf, pikepdf))


def _pdfium(which: str, bag: Path) -> list[str]:
    return _of_each(which, bag, tagged.unmarked_pages)


def _pdftotext(which: str, bag: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        raise Absent
    problems = []
    for path in _pdfs(which, bag):
        command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or tagged.MARKING not in done.stdout:
            problems.append(f"{path.name}: {done.stderr.strip() or 'the caveat is not read'}")
    return problems


def _of_each(which: str, bag: Path, check: Callable[[bytes], list[str]]) -> list[str]:
    return [
        f"{path.name}: {said}" for path in _pdfs(which, bag) for said in check(path.read_bytes())
    ]


def _pdfs(which: str, bag: Path) -> list[Path]:
    return sorted((bag / "data").glob(which))[:MOST_MESSAGES]


def _against(schema: Any, paths: list[Path], etree: Any) -> list[str]:
    problems = []
    for path in paths:
        try:
            document = etree.parse(str(path))
        except etree.XMLSyntaxError as error:
            problems.append(f"{path.name}: {error}")
            continue
        if not schema.validate(document):
            problems += [f"{path.name}: {one.message}" for one in schema.error_log]
    return problems


def _messages(bag: Path) -> list[Path]:
    return sorted((bag / "data/niem").glob("*.xml"))[:MOST_MESSAGES]


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent from None


def _tool(name: str, *arguments: str) -> list[str]:
    if shutil.which(name) is None:
        raise Absent
    done = subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
    if not done.returncode:
        return []
    said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return said[:20] or [f"{name} refused it."]


CHECKS: tuple[tuple[str, str, Check, str], ...] = (
    ("package", "verify_export", _ours, "*"),
    ("package", "bagit --validate", _bagit, "*"),
    ("package", "openssl pkeyutl", _openssl, "*"),
    ("csv", "frictionless", _frictionless, "csv"),
    ("xlsx", "openpyxl", _openpyxl, "tips.xlsx"),
    ("geojson", "geojson-validator", _geojson, "tips.geojson"),
    ("kml", "KML 2.2 schema", _kml, "tips.kml"),
    ("niem", "our subset (lxml)", _niem, "niem"),
    ("niem", "our subset (xmllint)", _xmllint, "niem"),
    ("i2", "our tables", _i2, "i2"),
    *(
        (name, validator, partial(check, which), which)
        for name, which in (("pdf", "*.pdf"), ("summary", "summaries/*.pdf"))
        for validator, check in (
            ("pikepdf, structure", _structure),
            ("pdfium, text", _pdfium),
            ("pdftotext", _pdftotext),
        )
    ),
)
