"""Very many tips in a database, as routing and some work leave them. Fictional, from a seed.

Rows are written by COPY on PostgreSQL and in batches on SQLite: the words are not sealed, so no
tip opens. For measuring only.
"""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection, models, transaction
from django.utils.text import slugify

import tests  # noqa: F401 a home of its own, and Django set up
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.routing.models import Decision
from tipintake.tips.models import Place, SearchTerm, Tip, Vehicle
from tipintake.tips.plates import skeleton
from tipintake.tips.terms import city_of
from tipintake.tips.vocabulary import Term

CHUNK = 5000
CITIES = ("St. Louis", "St. Charles", "O'Fallon", "Wentzville", "Creve Coeur", "Arnold", "Eureka")
CITY_WEIGHTS = (40, 20, 14, 10, 8, 6, 2)
CATEGORIES = ("SEX_TRAFFICKING", "LABOR_TRAFFICKING", "SUSPICIOUS_PLACE_PATTERN", "OTHER_UNSURE")
LETTERS, DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
OPEN_SHARE = 0.4

Row = Mapping[str, Any]


class Table:
    """Rows of one model: columns that vary are given, the others stand at their defaults."""

    def __init__(self, model: type[models.Model], varies: tuple[str, ...], **fixed: Any) -> None:
        fields = [
            field
            for field in model._meta.concrete_fields  # noqa: SLF001 Django's public way to columns
            if not field.generated and (field.attname in varies or not _counts_itself(field))
        ]
        sample = model(**fixed)
        self.name = model._meta.db_table  # noqa: SLF001
        self.columns = [str(field.column) for field in fields]
        self.fixed = [
            None
            if field.attname in varies
            else field.get_db_prep_save(getattr(sample, field.attname), connection)
            for field in fields
        ]
        self.places = [
            (at, field.attname, field)
            for at, field in enumerate(fields)
            if field.attname in varies
        ]
        self.as_it_is = connection.vendor == "postgresql"

    def line(self, row: Row) -> list[Any]:
        values = list(self.fixed)
        for at, name, field in self.places:
            value = row[name]
            values[at] = value if self.as_it_is else field.get_db_prep_save(value, connection)
        return values

    def write(self, rows: Iterable[Row]) -> None:
        names = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        lines = map(self.line, rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {self.name} ({names}) FROM STDIN") as copy:
                    for line in lines:
                        copy.write_row(line)
                return
            marks = ", ".join(["%s"] * len(self.columns))
            cursor.executemany(f"INSERT INTO {self.name} ({names}) VALUES ({marks})", list(lines))


def _counts_itself(field: Any) -> bool:
    return isinstance(field, models.AutoField)


def fill(
    count: int,
    *,
    now: datetime,
    seed: int = 7,
    said: Callable[[int], None],
    days: float = 365,
) -> None:
    """`count` tips of so many days with their hand-offs, vehicles, places and decisions."""
    chance = random.Random(seed)
    lines = list(Line.objects.order_by("pk").values_list("pk", flat=True))
    tables = {
        Tip: Table(
            Tip,
            (
                *("id", "reference", "receipt_hmac", "submitted_hour", "routed_at", "category"),
                *("low_trust", "status", "disposition", "closed_on", "priority"),
            ),
            receipt_public_key=bytes(32),
            came_by="WEB",
            immediacy="ONGOING",
            minor_present="NO",
            indicators=["HTL_TRAFFIC"],
            narrative_sealed=bytes(300),
        ),
        HandOff: Table(
            HandOff,
            (
                *("tip_id", "line_id", "is_primary", "priority", "state", "queued_at", "due_at"),
                *("low_trust", "disposition"),
            ),
            rule="R3",
            because="The place lies in this line's area.",
        ),
        Vehicle: Table(
            Vehicle,
            ("tip_id", "plate_raw", "plate_canonical", "plate_skeleton"),
            position=0,
            plate_state="MO",
        ),
        SearchTerm: Table(SearchTerm, ("tip_id", "kind", "term")),
        Place: Table(Place, ("tip_id", "city"), position=0, name="", place_type="HOTEL_MOTEL"),
        Decision: Table(
            Decision,
            ("tip_id", "decided_at", "priority", "jurisdiction"),
            policy_version=1,
            rule="R3",
            rules=["R3"],
            primary="regional-triage",
            also=[],
            banner_911=False,
            because="The place lies in this line's area.",
            place_outcome="unknown",
            place={},
        ),
    }
    tips = (_one(chance, number, lines, now, days) for number in range(count))
    done = 0
    while chunk := list(islice(tips, CHUNK)):
        with transaction.atomic():
            for model, table in tables.items():
                table.write(row for parts in chunk for row in parts.get(model, ()))
        done += len(chunk)
        said(done)


def settle() -> None:
    """What autovacuum does in time: the planner knows the tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _one(
    chance: random.Random, number: int, lines: list[int], now: datetime, days: float
) -> dict[Any, list[Row]]:
    key = uuid.UUID(int=chance.getrandbits(128), version=4)
    came = now - timedelta(minutes=chance.randrange(int(60 * 24 * days)))
    hour = came.replace(minute=0, second=0, microsecond=0)
    is_open = chance.random() < OPEN_SHARE
    low = chance.random() < 0.02
    priority = chance.choices(("P1", "P2", "P3", "P4"), (1, 9, 55, 35))[0]
    status = chance.choice(("NEW", "SCREENED", "WORKING")) if is_open else "CLOSED"
    tip = {
        "id": key,
        "reference": f"T-{number // 2**16:04X}-{number % 2**16:04X}",
        "receipt_hmac": chance.randbytes(32),
        "submitted_hour": hour,
        "routed_at": came,
        "category": CATEGORIES[number % len(CATEGORIES)],
        "low_trust": low,
        "status": status,
        "disposition": "" if is_open else "UNFOUNDED",
        "closed_on": None if is_open else (came + timedelta(days=3)).date(),
        "priority": priority,
    }
    plate = _plate(chance)
    city = chance.choices(CITIES, CITY_WEIGHTS)[0]
    area = city if chance.random() < 0.8 else "St. Charles County"
    return {
        SearchTerm: [
            {"tip_id": key, "kind": kind, "term": term} for kind, term in _terms(plate, city, area)
        ],
        Tip: [tip],
        HandOff: list(_hand_offs(chance, tip, lines, came)),
        Vehicle: [
            {
                "tip_id": key,
                "plate_raw": plate,
                "plate_canonical": plate,
                "plate_skeleton": skeleton(plate),
            }
        ],
        Place: [{"tip_id": key, "city": city}],
        Decision: [
            {
                "tip_id": key,
                "decided_at": came,
                "priority": priority,
                "jurisdiction": f"{slugify(area)}{'' if area.endswith('County') else '-mo'}",
            }
        ],
    }


def _terms(plate: str, city: str, area: str) -> Iterator[tuple[Term, str]]:
    """What tips/terms.py makes of these rows."""
    read = skeleton(plate)
    yield Term.PLATE, read
    yield Term.PLATE_BACK, read[::-1]
    yield Term.PLATE_STATE, "MO"
    yield Term.VENUE, "HOTEL_MOTEL"
    yield Term.SIGN, "HTL_TRAFFIC"
    yield from {(Term.CITY, city_of(name)) for name in (city, area)}


def _plate(chance: random.Random) -> str:
    shape = "LLNLNL" if chance.random() < 0.7 else "LLNNNNN"
    return "".join(chance.choice(LETTERS if kind == "L" else DIGITS) for kind in shape)


def _hand_offs(chance: random.Random, tip: Row, lines: list[int], came: datetime) -> Iterator[Row]:
    # Few lines get most: the first of the list a third, the last one tip in some hundred.
    wanted = {min(int(chance.expovariate(0.35)), len(lines) - 1) for _ in range(2)}
    in_hand = tip["status"] != "CLOSED"
    for at, place in enumerate(sorted(wanted)):
        taken = tip["status"] == "WORKING" and chance.random() < 0.7
        state = ("ACKNOWLEDGED" if taken else "NOTIFIED") if in_hand else "CLOSED"
        yield {
            "tip_id": tip["id"],
            "line_id": lines[place],
            "is_primary": at == 0,
            "priority": tip["priority"],
            "state": state,
            "queued_at": came,
            "due_at": came + timedelta(minutes=chance.randrange(15, 60 * 24 * 9)),
            "low_trust": tip["low_trust"],
            "disposition": "" if in_hand else "UNFOUNDED",
        }
