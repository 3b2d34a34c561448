"""The record of who did what. The entry stands in the act, in the same transaction.

Entries are chained in batches soon after they were written: each gets the next number and the
SHA-256 of the previous hash, that number and its own content. How far the chain has come is also
noted in signed files outside the database (staff/heads.py), so that a shortened or rewritten
chain shows. docs/explanation/audit.md says what this can prove and what it cannot.
"""

import itertools
import os
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from tipintake.rows import Batch, insert
from tipintake.staff import chain, heads
from tipintake.staff.chain import BEGINNING, Head
from tipintake.staff.models import AuditEntry, random_key

BATCH = 500
SALT = 16
PURGED = "tip.purged"  # its fact `entries` says how many entries lost their subject
# Entries about a resident's own act. They are dated by the hour, and chained when it is over and
# in no order, so that neither the chain nor the entries of staff beside them say more.
DOOR, TAKEN = "door", "tip.taken"
OF_RESIDENTS = Q(actor=DOOR) | Q(act=TAKEN)
HOUR = timedelta(hours=1)

Fact = str | int | bool | None | list[str]


def record(act: str, *, actor: str, now: datetime, subject: str = "", **facts: Fact) -> AuditEntry:
    """Append one entry. `facts` are codes, counts and references: never what a resident wrote."""
    entry = AuditEntry(**_entry(act, actor, now, subject, facts))
    insert([entry])
    return entry


def record_each(
    act: str,
    about: Iterable[tuple[str, Mapping[str, Fact]]],
    *,
    actor: str,
    now: datetime,
    batch: Batch | None = None,
) -> None:
    """The same act on many subjects, each with its own facts, in one statement; with a `batch`
    when that is written."""
    entries = (_entry(act, actor, now, subject, facts) for subject, facts in about)
    mine = Batch() if batch is None else batch
    mine.add_named(AuditEntry, entries)
    if batch is None:
        mine.write()


def _entry(
    act: str, actor: str, now: datetime, subject: str, facts: Mapping[str, Fact]
) -> dict[str, Any]:
    salt = secrets.token_bytes(SALT) if subject else b""
    of_a_resident = actor == DOOR or act == TAKEN
    return {
        "id": random_key() if of_a_resident else _rising_key(),
        "at": now,
        "actor": actor,
        "act": act,
        "subject": subject,
        "subject_salt": salt,
        "subject_mark": chain.mark(subject, salt),
        "facts": dict(facts),
    }


_runs: dict[int, "itertools.count[int]"] = {}


def _rising_key() -> int:
    """Entries of one act share their moment: within a process their keys keep the order."""
    if (run := _runs.get(os.getpid())) is None:
        run = _runs.setdefault(os.getpid(), itertools.count(secrets.randbits(39) << 24))
    return next(run)


def forget(subject: str) -> int:
    """Take a purged tip's number out of the audit. In how many entries it stood.

    Record that number with the act PURGED in the same transaction: `verify` compares them.
    """
    return AuditEntry.objects.forget(subject)


def seal_chain(*, now: datetime, most: int | None = None) -> int:
    """Chain what is not chained yet, and note the head. How many were chained; at about `most`
    it stops and leaves the rest to the next call.

    A head that is missing, or that knows a longer or another chain, is left as it is: `verify`
    must go on saying so.
    """
    total = 0
    while (most is None or total < most) and (sealed := _seal_batch(now)):
        total += sealed
    return total


def head() -> Head:
    """The last link of the chain in the database."""
    last = AuditEntry.objects.in_chain().last()
    if last is None or last.chained is None:
        return BEGINNING
    return Head(last.chained, bytes(last.chain_hash or b""))


def begin_new_head(*, actor: str, now: datetime) -> Head:
    """Note the chain as it stands, whatever was noted. Only after somebody has looked into it."""
    record("audit.head_renewed", actor=actor, now=now)
    heads.make_key()
    seal_chain(now=now)
    reached = head()
    heads.begin_anew(reached, now=now)
    return reached


def waiting(now: datetime) -> Q:
    """Which unchained entries are due: all but those of residents in the hour that runs."""
    return ~(OF_RESIDENTS & Q(at__gt=now - HOUR))


def holds(one: Head) -> bool:
    """Whether the chain in the database still has this link."""
    if one.number == 0:
        return True
    found = AuditEntry.objects.in_chain().filter(chained=one.number).first()
    return found is not None and bytes(found.chain_hash or b"") == one.digest


def _seal_batch(now: datetime) -> int:
    with transaction.atomic():
        # The lock on the last link lets one sealer in at a time where the database allows two.
        last = AuditEntry.objects.in_chain().select_for_update().last()
        before = head() if last is not None else BEGINNING
        reached, places = before, []
        due = AuditEntry.objects.unchained().filter(waiting(now)).order_by("at", "pk")
        for entry in due[:BATCH]:
            number = reached.number + 1
            reached = Head(number, chain.link(reached.digest, number, entry.content()))
            places.append((number, reached.digest, entry.pk))
        if places:
            AuditEntry.objects.seal(places)
            # After the commit: a head ahead of the database would look like a removed tail.
            transaction.on_commit(lambda: _note(reached, begun=before == BEGINNING, now=now))
    return len(places)


def _note(reached: Head, *, begun: bool, now: datetime) -> None:
    """Move the head file on, if the chain still holds the link that it knows."""
    try:
        earlier = heads.newest()
    except (heads.NotSigned, heads.KeyLost):
        return  # verify says which, until somebody has looked
    if earlier is None and begun:
        heads.make_key()
        heads.note(reached, now=now)
    elif earlier and earlier.head.number < reached.number and holds(earlier.head):
        heads.note(reached, now=now)
