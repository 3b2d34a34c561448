"""The TIGER/Line files of one state and year, for operators with a network."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from tipintake.region.boundaries.files import MOST_BYTES

CENSUS = "https://www2.census.gov/geo/tiger"
CHUNK = 1 << 16
FIRST_YEAR, LAST_YEAR = 2010, 2100
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Census codes of the states.
STATES = {
    "AL": "01", "AK": "02", "AZ": "04", "AR": "05", "CA": "06", "CO": "08", "CT": "09",
    "DE": "10", "DC": "11", "FL": "12", "GA": "13", "HI": "15", "ID": "16", "IL": "17",
    "IN": "18", "IA": "19", "KS": "20", "KY": "21", "LA": "22", "ME": "23", "MD": "24",
    "MA": "25", "MI": "26", "MN": "27", "MS": "28", "MO": "29", "MT": "30", "NE": "31",
    "NV": "32", "NH": "33", "NJ": "34", "NM": "35", "NY": "36", "NC": "37", "ND": "38",
    "OH": "39", "OK": "40", "OR": "41", "PA": "42", "RI": "44", "SC": "45", "SD": "46",
    "TN": "47", "TX": "48", "UT": "49", "VT": "50", "VA": "51", "WA": "53", "WV": "54",
    "WI": "55", "WY": "56", "PR": "72",
}  # fmt: skip

Progress = Callable[[str, int, int], None]  # file, bytes so far, bytes of all or 0


class CannotFetch(Exception):
    """A file did not come. Says which, and what else can be done."""


def fetch(
    state: str, year: str, folder: Path, *, source: str = CENSUS, progress: Progress
) -> list[Path]:
    """Download the place and the county file into `folder`."""
    code = STATES.get(state.upper(), state if state in STATES.values() else "")
    if not code:
        raise CannotFetch(f"{state!r} is no state; write it like MO or 29.")
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR):
        raise CannotFetch(f"{year!r} is no year of TIGER/Line; write it like 2024.")
    _check_source(source)
    base = f"{source.rstrip('/')}/TIGER{year}"
    addresses = (
        f"{base}/PLACE/tl_{year}_{code}_place.zip",
        f"{base}/COUNTY/tl_{year}_us_county.zip",
    )
    with urllib3.PoolManager(
        retries=urllib3.Retry(3, redirect=0, backoff_factor=0.5),
        timeout=urllib3.Timeout(connect=10, read=60),
    ) as pool:
        return [_fetch(pool, address, folder, progress) for address in addresses]


def _check_source(source: str) -> None:
    where = urlsplit(source)
    local = where.scheme == "http" and where.hostname in LOOPBACK
    if not (local or (where.scheme == "https" and where.hostname)):
        raise CannotFetch(f"{source!r} is no https address; files that decide need one.")


def _fetch(pool: urllib3.PoolManager, address: str, folder: Path, progress: Progress) -> Path:
    name = address.rpartition("/")[2]
    path = folder / name
    instead = "Download it on another machine and give the file: manage.py load_boundaries FILE."
    try:
        answer = pool.request("GET", address, preload_content=False)
        try:
            if answer.status != 200:
                raise CannotFetch(f"{address} answered {answer.status}. {instead}")
            _write(answer, path, progress)
        finally:
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise CannotFetch(
            f"{address} could not be read ({type(error).__name__}). {instead}"
        ) from None
    return path


def _write(answer: urllib3.BaseHTTPResponse, path: Path, progress: Progress) -> None:
    expected = int(answer.headers.get("Content-Length") or 0)
    total = 0
    with path.open("wb") as file:
        for chunk in answer.stream(CHUNK):
            total += len(chunk)
            if total > MOST_BYTES:
                raise CannotFetch(f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB.")
            file.write(chunk)
            progress(path.name, total, expected)
    if expected and total != expected:
        raise CannotFetch(f"{path.name} broke off after {total} of {expected} bytes; try again.")
