"""The record of who did what. The entry stands in the act, in the same transaction.

Entries are chained in batches soon after they were written: each gets the next number and the
SHA-256 of the previous hash, that number and its own content. How far the chain has come is also
written to a file outside the database (`audit.head`), so that a shortened or rewritten chain
shows. docs/explanation/audit.md says what this can prove and what it cannot.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import transaction

from tipintake.staff.models import AuditEntry

BATCH = 500
START = bytes(32)
SALT = 16
PURGED = "tip.purged"  # its fact `entries` says how many entries lost their subject

Fact = str | int | bool | None | list[str]


def record(act: str, *, actor: str, now: datetime, subject: str = "", **facts: Fact) -> AuditEntry:
    """Append one entry. `facts` are codes, counts and references: never what a resident wrote."""
    entry = _entry(act, actor, now, subject, facts)
    entry.save()
    return entry


def record_each(
    act: str, about: Iterable[tuple[str, Mapping[str, Fact]]], *, actor: str, now: datetime
) -> None:
    """The same act on many subjects, each with its own facts, in one statement."""
    AuditEntry.objects.bulk_create(
        [_entry(act, actor, now, subject, facts) for subject, facts in about]
    )


def _entry(
    act: str, actor: str, now: datetime, subject: str, facts: Mapping[str, Fact]
) -> AuditEntry:
    salt = secrets.token_bytes(SALT) if subject else b""
    return AuditEntry(
        at=now,
        actor=actor,
        act=act,
        subject=subject,
        subject_salt=salt,
        subject_mark=_mark(subject, salt),
        facts=dict(facts),
    )


def forget(subject: str) -> int:
    """Take a purged tip's number out of the audit. In how many entries it stood.

    Record that number with the act PURGED in the same transaction: `verify` compares them.
    """
    return AuditEntry.objects.forget(subject)


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain has come: the last number and its hash."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        number, _, digest = text.strip().partition(":")
        head = cls(int(number), bytes.fromhex(digest))
        if head.number < 0 or len(head.digest) != len(START):
            raise ValueError(text)
        return head


BEGINNING = Head(0, START)


def seal_chain(*, now: datetime, most: int | None = None) -> int:
    """Chain what is not chained yet, and note the head. How many were chained; at about `most`
    it stops and leaves the rest to the next call.

    A head file that is missing, or that knows a longer or another chain, is left as it is:
    `verify` must go on saying so.
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
    """Replace the head file by the chain as it stands. Only after somebody has looked into it."""
    record("audit.head_renewed", actor=actor, now=now)
    seal_chain(now=now)
    reached = head()
    _write(reached, now=now)
    return reached


def verify(
    *, known: Head | None = None, progress: Callable[[int], None] = lambda _count: None
) -> list[str]:
    """What is wrong with the chain, in sentences. Empty: nothing was changed, removed or moved.

    `known` is a head that somebody noted earlier outside this machine.
    """
    noted, unreadable = _noted()
    anchors = [("the head file", noted), ("the head you gave", known)]
    expected = [(where, one) for where, one in anchors if one is not None]
    links = AuditEntry.objects.in_chain().iterator(chunk_size=2000)
    walked, problems = _walk(links, expected, progress)
    problems += [*unreadable, *_subjects_lost()]
    if noted is None and not unreadable and walked.number:
        problems.append(
            f"{head_file()} is missing: a shortened chain could not be told from a whole one. "
            "Bring the file back from your copy. If there is none, begin a new one with "
            "`manage.py audit seal --new-head`."
        )
    return problems + [
        f"The chain ends at number {walked.number}, but {where} says that it reached "
        f"{one.number}: the last {one.number - walked.number} entries were removed."
        for where, one in expected
        if one.number > walked.number
    ]


def head_file() -> Path:
    return Path(settings.HOME) / "audit.head"


def _seal_batch(now: datetime) -> int:
    with transaction.atomic():
        # The lock on the last link lets one sealer in at a time where the database allows two.
        links = AuditEntry.objects.in_chain()
        last = links.select_for_update().last()
        before = head() if last is not None else BEGINNING
        reached = before
        for entry in AuditEntry.objects.unchained()[:BATCH]:
            number = reached.number + 1
            reached = Head(number, _link(reached.digest, number, entry))
            AuditEntry.objects.seal(pk=entry.pk, number=number, digest=reached.digest)
        # After the commit: a head ahead of the database would look like a removed tail.
        if reached != before:
            begun = before == BEGINNING
            transaction.on_commit(lambda: _note(reached, begun=begun, now=now))
    return reached.number - before.number


def _link(previous: bytes, number: int, entry: AuditEntry) -> bytes:
    content = json.dumps(
        entry.content(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(previous + number.to_bytes(8, "big") + content.encode()).digest()


def _walk(
    links: Iterable[AuditEntry],
    expected: list[tuple[str, Head]],
    progress: Callable[[int], None],
) -> tuple[Head, list[str]]:
    problems: list[str] = []
    at = BEGINNING
    for entry, number in _numbered(links):
        if number != at.number + 1:
            problems.append(_gap(at.number + 1, number - 1))
        stored = bytes(entry.chain_hash or b"")
        # After a gap the previous hash is gone with its entry: this one cannot be judged alone.
        linked = number != at.number + 1 or _link(at.digest, number, entry) == stored
        if not linked or _names_another(entry):
            problems.append(
                f"Entry number {number} (id {entry.pk}) does not match its seal: "
                "it was changed, or another stands in its place."
            )
        at = Head(number, stored)
        problems += [
            f"Entry number {number} is not the one that {where} knows: the chain was rewritten."
            for where, one in expected
            if one.number == number and one.digest != stored
        ]
        progress(number)
    return at, problems


def _mark(subject: str, salt: bytes) -> bytes:
    """What stands for a subject in the chain; without its salt it tells nothing."""
    if not subject:
        return b""
    return hashlib.blake2b(subject.encode(), key=salt, digest_size=32).digest()


def _names_another(entry: AuditEntry) -> bool:
    mark = _mark(entry.subject, bytes(entry.subject_salt))
    return bool(entry.subject) and mark != bytes(entry.subject_mark)


def _subjects_lost() -> list[str]:
    """More entries without their subject than purges account for."""
    # Counted first: a purge that runs meanwhile only adds to what is accounted for.
    lost = AuditEntry.objects.filter(subject="").exclude(subject_mark=b"").count()
    purges = AuditEntry.objects.filter(act=PURGED).values_list("facts", flat=True)
    accounted = sum(int(facts.get("entries", 0)) for facts in purges.iterator())
    if lost <= accounted:
        return []
    problem = (
        f"{lost} entries have lost their subject, but purges account for {accounted} only: "
        "somebody emptied the others."
    )
    return [problem]


def _numbered(links: Iterable[AuditEntry]) -> Iterator[tuple[AuditEntry, int]]:
    for entry in links:
        if entry.chained is not None:
            yield entry, entry.chained


def _gap(first: int, last: int) -> str:
    if first == last:
        return f"Entry number {first} was removed."
    return f"Entries number {first} to {last} were removed."


def _noted() -> tuple[Head | None, list[str]]:
    try:
        text = head_file().read_text(encoding="ascii")
    except FileNotFoundError:
        return None, []
    try:
        return Head.parse(text.split()[0]), []
    except (ValueError, IndexError):
        return None, [f"{head_file()} does not hold a head: it was changed."]


def _note(reached: Head, *, begun: bool, now: datetime) -> None:
    """Move the head file on, if the chain still holds the link that it knows."""
    earlier, unreadable = _noted()
    if unreadable or (earlier is None and not begun):
        return
    if earlier is None or (earlier.number < reached.number and _holds(earlier)):
        _write(reached, now=now)


def _holds(one: Head) -> bool:
    if one.number == 0:
        return True
    link = AuditEntry.objects.in_chain().filter(chained=one.number).first()
    return link is not None and bytes(link.chain_hash or b"") == one.digest


def _write(reached: Head, *, now: datetime) -> None:
    """Whole or not at all."""
    path = head_file()
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{reached} {now.astimezone(UTC).isoformat(timespec='seconds')}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
