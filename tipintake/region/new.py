"""A commented pack to start another county from."""

from pathlib import Path

from tipintake.region.entries import CODE
from tipintake.region.pack import (
    ALIASES,
    COLUMNS,
    DIRECTORY,
    EXITS,
    JURISDICTIONS,
    PLACES,
    REFERRALS,
    ZIPS,
)


class CannotStart(Exception):
    """The folder for a new pack is taken or cannot be written, or its name cannot be one."""


def new(folder: Path) -> list[Path]:
    """Write a pack with every file, its remarks and the lines that every region needs.

    It can be read at once; `region check` then lists what is still to fill in.
    """
    if not CODE.fullmatch(folder.name):
        raise CannotStart(
            f"{folder.name!r} cannot name a region: use small letters, digits and hyphens."
        )
    if folder.exists() and any(folder.iterdir()):
        raise CannotStart(f"{folder} is not empty: choose another name, or edit what is there.")
    texts = {
        DIRECTORY: _DIRECTORY.replace("REGION", folder.name)
        + "".join(_line(*row) for row in _HAND_OFFS)
        + "".join(_own_line(*row) for row in _OWN),
        REFERRALS: _REFERRALS,
        **{name: _csv(name) for name in _REMARKS},
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as problem:
        raise CannotStart(f"{folder} cannot be written: {problem.strerror}.") from None
    return [folder / name for name in texts]


def _csv(name: str) -> str:
    remarks = "".join(f"# {line}\n" for line in _REMARKS[name])
    return f"{remarks}{','.join(COLUMNS[name])}\n"


def _line(code: str, name: str, name_es: str, kind: str) -> str:
    return f'''
[[line]]
code = "{code}"
agency = "{name}"
name = "{name}, hand-off"
resident_name = "{name}"
resident_name_es = "{name_es}"
kind = "{kind}"
shown = false
source = "Not read anywhere yet"
verified = "unverified"
call_script = "Read the tip number, the place, the time and what was seen. Say it is a lead only."

[[line.contact]]
role = "QUEUE"
name = "{name}, by telephone"
channel = "call_sheet"
'''


def _own_line(code: str, name: str, name_es: str, kind: str, roles: tuple[str, ...]) -> str:
    contacts = "".join(
        f'\n[[line.contact]]\nrole = "{role}"\nname = "{name}, {role.lower()}"\n'
        'channel = "console"\n'
        for role in roles
    )
    return f'''
[[line]]
code = "{code}"
agency = "{name} of this installation"
name = "{name} (staff of this installation)"
resident_name = "{name}"
resident_name_es = "{name_es}"
kind = "{kind}"
shown = false
source = "This installation: its own staff"
verified = "internal"
call_script = "A person reads it here first, decides, and writes the reason."
{contacts}'''


_HAND_OFFS = (
    ("mshp", "State patrol", "Patrulla estatal", "police-state"),
    (
        "icac",
        "Police team for crimes against children online (ICAC)",
        "Equipo policial contra delitos en línea que dañan a menores (ICAC)",
        "child",
    ),
    (
        "child-protection",
        "Child abuse and neglect hotline",
        "Línea contra el abuso y descuido de menores",
        "child",
    ),
    (
        "nhth",
        "National Human Trafficking Hotline",
        "Línea Nacional contra la Trata de Personas",
        "national",
    ),
    ("crimestoppers", "CrimeStoppers", "CrimeStoppers", "alternative"),
)
_ANSWERED = ("QUEUE", "SUPERVISOR")
_OWN = (
    (
        "victim-advocate",
        "A victim advocate",
        "Una persona que acompaña a las víctimas",
        "service",
        _ANSWERED,
    ),
    (
        "regional-triage",
        "The regional tip desk",
        "La mesa regional de avisos",
        "internal",
        (*_ANSWERED, "COORDINATOR"),
    ),
    (
        "out-of-area",
        "The desk for places outside this area",
        "La mesa para lugares fuera de esta zona",
        "internal",
        _ANSWERED,
    ),
)

_DIRECTORY = """\
# The directory of this region: every line that a tip can be placed with.
# docs/how-to/add-a-region.md leads through it; docs/reference/region-pack.md names every field.
#
# 1. Fill in [region].
# 2. Say where the four tables come from.
# 3. Add a [[line]] for each police agency, task force and service, with its contact.
# 4. Run `manage.py region check REGION` until it finds nothing.
#
# verified is one of: unverified, corroborated, corroborated_dated, internal.
# A number that nobody checked stands in number_note, never in number.

[region]
code = "REGION"
name = "Name of the region, State"
name_es = "Nombre de la región, Estado"
state = "MO"
time_zone = "America/Chicago"
home_counties = [] # codes of jurisdictions.csv, for example ["example-county"]

[tables.jurisdictions]
source = "Say where the list comes from, for example: Census Bureau, places of 2019"
verified = "unverified"

[tables.places]
source = "Say where the list comes from"
verified = "unverified"

[tables.exits]
source = "Say where the list comes from"
verified = "unverified"

[tables.zips]
source = "Say where the list comes from"
verified = "unverified"

# --- Police, task forces, services -----------------------------------------------------------
#
# [[line]]
# code = "example-county-so"
# agency = "Example County Sheriff's Office"
# name = "Example County Sheriff's Office, non-emergency"
# resident_name = "Example County Sheriff"
# resident_name_es = "Alguacil del condado de Example"
# kind = "police" # police, police-neighbour, police-state, task-force, child, national,
#                 # alternative, service, internal
# county = "example-county"
# number = "636-555-0100"
# shown = true
# number_note = "Other numbers on record, for staff only"
# source = "Where the number was read"
# verified = "corroborated"
# verified_on = 2026-11-25
# call_script = "What to say on the telephone."
#
# [[line.contact]]
# role = "QUEUE" # QUEUE, SUPERVISOR or COORDINATOR
# name = "Records desk"
# channel = "call_sheet" # email, webhook, call_sheet or console

# --- Lines that the routing policy needs in every region -------------------------------------
"""

_REFERRALS = """\
# Help for people in the situation, in the order in which pages list it.
# Residents see an entry only when somebody checked it; an unverified one is shown to nobody.

[[referral]]
code = "911"
name = "911"
name_es = "911"
what = "Police, fire or ambulance, when somebody is in danger now."
what_es = "Policía, bomberos o ambulancia, cuando alguien está en peligro ahora."
kind = "emergency" # emergency, hotline, child, online, shelter, health or counseling
contact = "911"
source = "Say where it was read"
verified = "unverified"
"""

_REMARKS: dict[str, tuple[str, ...]] = {
    JURISDICTIONS: (
        "Who polices what: one row for each municipality and each county.",
        "kind: city, county or city-county. police_line: only where the line is in the directory.",
        "A municipality that reaches over two counties has an empty county.",
        "example-county,Example County,county,29999,example-county,example-county-so,,yes",
    ),
    PLACES: (
        "Every named place of the state, so that a place elsewhere is known as out of the area.",
        "kind: city, cdp, inactive or other.",
        "region_counties: codes with | between; empty for a place outside the region.",
        "2999999,Exampleville,MO,city,example-county",
    ),
    ALIASES: (
        "Other names and landmarks. kind: name or landmark.",
        "outcome: resolved, ambiguous (jurisdiction is the one county, or empty), out_of_area.",
        "Only approved ones decide anything; an unverified one cannot be approved.",
        '"Main & Oak Plaza",landmark,resolved,exampleville-mo,yes,Map,corroborated,2026-11-25',
    ),
    EXITS: (
        "Highway exits. An exit close to a city line is ambiguous: jurisdiction is its county.",
        "I-70,210B,resolved,exampleville-mo,exampleville-mo",
    ),
    ZIPS: (
        "ZIP codes and the counties that hold 1 % or more of each, with | between.",
        "outside stands for a county that this region does not list.",
        "63999,example-county|outside",
    ),
}
