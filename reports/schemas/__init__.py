"""The subset of NIEM 6.0 that our messages use, with its envelope: `tip-envelope.xsd`.

The code lists hold what our own tables know (`tips/ncic`); `python -m tools.niem_codes` writes
them anew, and a test sees when they differ.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from tipintake.tips import ncic
from tipintake.tips.vocabulary import PlaceType

FOLDER = Path(__file__).parent
ENVELOPE = FOLDER / "tip-envelope.xsd"
_RELEASE = "https://docs.oasis-open.org/niemopen/ns/model/"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!-- {about} Written by tools/niem_codes.py from tipintake/tips/ncic. -->
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:{prefix}="{space}" \
xmlns:nc="{release}niem-core/6.0/" xmlns:j="{release}domains/justice/6.0/" \
targetNamespace="{space}" elementFormDefault="qualified">
  <xs:import namespace="{release}niem-core/6.0/" schemaLocation="niem-core.xsd"/>
"""
_JUSTICE = (
    '  <xs:import namespace="{release}domains/justice/6.0/" schemaLocation="justice.xsd"/>\n'
)
# Element, the abstract one that it stands for, and the table of its codes.
_CODED = (
    ("ConveyanceColorPrimaryCode", "nc:ItemColorPrimaryAbstract", "colours"),
    ("VehicleStyleCode", "nc:ItemStyleAbstract", "styles"),
    ("VehicleMakeCode", "nc:VehicleMakeAbstract", "makes"),
    ("VehicleModelCode", "nc:VehicleModelAbstract", "models"),
    (
        "ConveyanceRegistrationPlateCategoryCode",
        "j:ConveyanceRegistrationPlateCategoryAbstract",
        "plate_types",
    ),
)
_EVENT = """  <xs:element name="TraffickingEvent"><xs:complexType><xs:complexContent>\
<xs:extension base="nc:ActivityType"><xs:sequence>
    <xs:element ref="hs:CurrentTraffickedVenueCode" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:element>
"""


def code_schemas() -> Mapping[str, str]:
    """`ncic.xsd` and `hs.xsd`, by name."""
    space = _RELEASE + "codes/ncic/6.0/"
    about = "The NCIC codes that our tables hold."
    head = _HEAD.format(about=about, prefix="ncic", space=space, release=_RELEASE)
    body = "".join(
        _coded(name, _codes(table), f' substitutionGroup="{stands_for}"')
        for name, stands_for, table in _CODED
    )
    venues = {ncic.venue(kind) for kind in PlaceType.values}
    help_space = _RELEASE + "domains/humanServices/6.0/"
    about = "What of the NIEM 6.0 human services domain our messages use."
    help_head = _HEAD.format(about=about, prefix="hs", space=help_space, release=_RELEASE)
    return {
        "ncic.xsd": head + _JUSTICE.format(release=_RELEASE) + body + "</xs:schema>\n",
        "hs.xsd": help_head
        + _EVENT
        + _coded("CurrentTraffickedVenueCode", venues, "")
        + "</xs:schema>\n",
    }


def _codes(table: str) -> set[str]:
    path = Path(ncic.__file__).parent / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"] for row in csv.DictReader(file) if row["code"]}


def _coded(name: str, codes: Iterable[str], more: str) -> str:
    values = "".join(f"<xs:enumeration value={quoteattr(one)}/>" for one in sorted(codes))
    return (
        f'  <xs:element name="{name}"{more}><xs:simpleType><xs:restriction base="xs:token">\n'
        f"    {values}\n  </xs:restriction></xs:simpleType></xs:element>\n"
    )
