from collections.abc import Callable
from pathlib import Path

import pytest

from tests.region.packs import append, copy, edit, without_contacts
from tipintake.region.check import check
from tipintake.region.pack import Pack, read_pack


def test_the_pack_of_the_region_is_sound(pack: Pack) -> None:
    assert check(pack) == []


def told_of(folder: Path) -> str:
    return "\n".join(str(problem) for problem in check(read_pack(folder)))


def in_directory(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder, "directory.toml", old, new)


def row(file: str, text: str) -> Callable[[Path], None]:
    return lambda folder: append(folder, file, text + "\n")


WENTZVILLE = 'number = "636-327-5105"\nshown = true'

BREAKS: list[tuple[Callable[[Path], None], str]] = [
    (in_directory('code = "ofallon-pd"', 'code = "ofallon"'), "ofallon-pd is no line"),
    (in_directory('code = "icac"', 'code = "icack"'), "line icac is missing"),
    (in_directory('"st-charles-county"]', '"st-charls-county"]'), "is no county of jurisdictions"),
    (in_directory('county = "warren-county"', 'county = "wentzville-mo"'), "is no county"),
    (in_directory(WENTZVILLE, 'number = "636-327-5105"\nshown = false'), "would be shown"),
    (in_directory(WENTZVILLE, "shown = true"), "there is no number to show"),
    (in_directory("number_year = 2011\n", ""), "write its year"),
    (in_directory('verified = "internal"', 'verified = "confirmed"'), "a pack confirms nothing"),
    (
        in_directory('channel = "call_sheet"', 'channel = "email"'),
        "write the e-mail address",
    ),
    (
        in_directory(
            'channel = "call_sheet"', 'channel = "webhook"\naddress = "http://a.example"'
        ),
        "beginning with https://",
    ),
    (
        in_directory('channel = "console"', 'channel = "console"\naddress = "x"'),
        "a console contact has none",
    ),
    (lambda folder: without_contacts(folder, "mshp", "QUEUE"), "Line mshp has no active QUEUE"),
    (
        lambda folder: without_contacts(folder, "regional-triage", "COORDINATOR"),
        "no line has a COORDINATOR",
    ),
    (
        in_directory('name = "Triage desk"', 'name = "Triage desk"\nactive = false'),
        "Line regional-triage has no active QUEUE contact",
    ),
    (row("jurisdictions.csv", "x-mo,X,city,2999999,nowhere,,,no"), "nowhere is no county"),
    (row("jurisdictions.csv", "x-mo,X,city,2999999,,x-pd,,no"), "x-pd is no line"),
    (row("jurisdictions.csv", "x-mo,X,city,2999999,,,,no"), "2999999 is not in places.csv"),
    (row("jurisdictions.csv", "x-mo,X,city,2999999,,,,yes"), "says otherwise than home_counties"),
    (row("jurisdictions.csv", "y,Y,county,29001,y,,,no"), "a county needs one"),
    (row("jurisdictions.csv", "y,Y,county,29001,,mshp,,no"), "a county is its own county"),
    (row("jurisdictions.csv", "arnold-mo,Arnold,city,2999999,,,,no"), "stands twice, first on"),
    (row("places.csv", "2999999,X,MO,city,nowhere"), "nowhere is no county"),
    (row("places.csv", "2900244,Adrian,MO,city,"), "stands twice"),
    (row("aliases.csv", "X,name,resolved,x-mo,yes,Map,corroborated,2026-11-25"), "x-mo is not in"),
    (row("aliases.csv", "X,name,resolved,,yes,Map,corroborated,2026-11-25"), "is empty; resolved"),
    (
        row("aliases.csv", "X,name,ambiguous,ofallon-mo,yes,Map,corroborated,2026-11-25"),
        "ofallon-mo is no county",
    ),
    (
        row("aliases.csv", "X,name,out_of_area,ofallon-mo,yes,Map,corroborated,2026-11-25"),
        "out of the area has none",
    ),
    (
        row("aliases.csv", "X,name,resolved,ofallon-mo,yes,Somebody,unverified,"),
        "an unverified alias decides nothing",
    ),
    (row("aliases.csv", "X,name,resolved,ofallon-mo,yes,Map,corroborated,"), "the day on which"),
    (
        row("aliases.csv", "west terra lane,name,resolved,ofallon-mo,no,Map,unverified,"),
        "stands twice",
    ),
    (row("exits.csv", "I-70,300,resolved,x-mo,ofallon-mo"), "x-mo is not in"),
    (row("exits.csv", "I-70,300,ambiguous,st-charles-county,x-mo"), "sides: x-mo is not in"),
    (row("exits.csv", "I-70,217,resolved,ofallon-mo,ofallon-mo"), "stands twice"),
    (row("zips.csv", "63999,nowhere"), "nowhere is no county"),
    (
        lambda folder: edit(folder, "directory.toml", '"America/Chicago"', '"America/Denver"'),
        "days are those of America/Chicago",
    ),
    (row("zips.csv", "63999,"), "is empty; list its counties"),
    (row("zips.csv", "63005,st-louis-county"), "stands twice"),
    (
        lambda folder: edit(folder, "referrals.toml", 'contact = "911"\n', ""),
        "write a number or a site",
    ),
    (
        lambda folder: edit(folder, "referrals.toml", 'code = "nhth"', 'code = "911"'),
        "stands twice",
    ),
]


@pytest.mark.parametrize(
    ("break_it", "advice"),
    BREAKS,
    ids=[f"{number} {advice}" for number, (_, advice) in enumerate(BREAKS)],
)
def test_each_way_of_breaking_a_pack_is_named(
    tmp_path: Path, break_it: Callable[[Path], None], advice: str
) -> None:
    folder = copy(tmp_path)
    break_it(folder)
    assert advice in told_of(folder)


@pytest.mark.parametrize("line", ["victim-advocate", "regional-triage", "out-of-area"])
@pytest.mark.parametrize("role", ["QUEUE", "SUPERVISOR"])
def test_a_line_that_stands_in_for_others_needs_somebody_behind_it(
    tmp_path: Path, line: str, role: str
) -> None:
    folder = copy(tmp_path)
    without_contacts(folder, line, role)
    assert f"Line {line} has no active {role} contact" in told_of(folder)


def test_an_unverified_number_is_never_marked_as_shown(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    edit(
        folder,
        "directory.toml",
        'number_note = "636-240-3200 (2015',
        'number = "636-379-5633"\nnumber_note = "636-240-3200 (2015',
    )
    edit(
        folder,
        "directory.toml",
        'shown = false\nsource = "70westsentinel.com',
        'shown = true\nsource = "70westsentinel.com',
    )
    told = told_of(folder)
    assert "line ofallon-pd: is not checked; move it to number_note" in told
    assert "line ofallon-pd: an unverified number is never shown" in told


def test_every_entry_says_where_it_comes_from(pack: Pack) -> None:
    sourced = [
        *(line.provenance for line in pack.lines),
        *(contact.provenance for line in pack.lines for contact in line.contacts),
        *(alias.provenance for alias in pack.aliases),
        *(referral.provenance for referral in pack.referrals),
        *pack.tables.values(),
    ]
    assert all(provenance.source and provenance.state for provenance in sourced)
    assert all(
        provenance.verified_on for provenance in sourced if provenance.state != "unverified"
    )
