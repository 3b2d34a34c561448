"""Make an export: read each tip once, give its row to every format, bag, sign, seal.

A maker that is killed leaves its lease to run out; another begins anew under its own lease, and
only one can mark the export ready. Memory does not grow with the number of tips.
"""

import gc
import hashlib
import io
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.db.models import ExpressionWrapper, F, TextField
from django.utils import timezone
from django.utils.translation import gettext_noop as noop

from reports import selecting, store
from reports.asking import CannotAsk, Wish, acts_for, age_recipient, checked
from reports.batches import Batch, Work
from reports.correcting import UNFOUNDED
from reports.formats.base import About
from reports.lease import MOST_ATTEMPTS, Clock, Heart, Lease, Stopped, beating, claim
from reports.listed import as_text, as_texts
from reports.models import Export, ExportedTip, Purpose
from reports.package.bag import write_bag
from reports.package.parts import Parts
from reports.reading import Reader
from reports.readme import readme
from reports.scope import LEVEL_WORDS, Level, OutOfScope, Scope, permitted
from tipintake.directory.drawing import edition_in_force, outlines
from tipintake.directory.models import Jurisdiction, Line
from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey
from tipintake.privacy.signing import PrivateSigningKey
from tipintake.privacy.streams import OpenedFile, SealedFile
from tipintake.staff import audit

log = logging.getLogger(__name__)

ACTOR = "exporter"
AT_ONCE = 20
KEPT = timedelta(hours=24)
NOTED_AT_ONCE = 20_000
TOLD_EVERY_SECONDS = 1.0
KEY_BYTES = 16
PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Keys:
    """What the exporter holds."""

    desk: PrivateKey
    vault: PrivateKey
    signing: PrivateSigningKey


class Purged(Exception):
    """A tip was purged after it was read; the next attempt goes without it."""


class Rekeyed(Exception):
    """Keys were changed after they were read; the next attempt has the new ones."""


class Impossible(Exception):
    """It cannot be made, and trying again would not help; the sentence is shown to its asker."""


def make_due(*, clock: Clock = timezone.now, heart: Heart = beating) -> int:
    """Make what waits, one after the other. How many were taken up."""
    done = 0
    while done < AT_ONCE and (lease := claim(now=clock())):
        with heart(lease), _settled():
            _make_one(lease, clock)
        done += 1
    return done


@contextmanager
def _settled() -> Iterator[None]:
    """What was there before is not searched for circles again and again: a tenth of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def pause() -> None:
    """Give another maker time to come to its end."""
    time.sleep(PAUSE_SECONDS)


def _make_one(lease: Lease, clock: Clock) -> None:
    export = Export.objects.select_related("recipient", "asked_by").get(pk=lease.export)
    store.destroy(export.pk, but=lease.token)
    try:
        _check(export)
        _make(export, lease, clock)
    except Stopped:
        _cancelled(export, lease)
    except (Impossible, OutOfScope, CannotAsk, KeyMissing) as problem:
        _failed(export, lease, str(problem), clock())
    except CannotOpen:
        advice = noop("Something sealed does not open. Run `manage.py keys verify`.")
        _failed(export, lease, advice, clock())
    except Exception as error:
        log.exception("export.making_failed %s", export.reference)
        if export.attempts >= MOST_ATTEMPTS:
            _failed(export, lease, f"Unexpected: {type(error).__name__}.", clock())
        else:
            lease.row().update(leased_until=clock() - timedelta(seconds=1))
    finally:
        _clear(export, lease)


def _check(export: Export) -> None:
    if export.cancel_asked:
        raise Stopped
    if export.attempts > MOST_ATTEMPTS:
        raise Impossible(noop("Its exporter did not come to an end three times. Ask for less."))


def _make(export: Export, lease: Lease, clock: Clock) -> None:
    scope = checked(_wish(export), acts=acts_for(export.asked_by), now=export.asked_at)
    held = _keys()
    key = DataKey.new()
    public = keys.public_keys(settings.KEYS_DIR)
    tips, left_out = _gather(export, lease)
    parts = Parts(store.workshop(export.pk, lease.token), key, alive=lease.check)
    reader = Reader(
        scope,
        linked=permitted(selecting.usable(export.asked_by), export.recipient),
        desk=held.desk,
        vault=held.vault if export.with_vault else None,
    )
    about = _about(export, scope, reader, tips.count, clock())
    try:
        policies, written = _write_rows(export, lease, reader, about, tips, parts, clock)
    except CannotOpen:
        _refuse_earlier(held)
        raise
    if reader.unopened:
        _refuse_earlier(held)
    about = replace(about, total=written)
    parts.whole("README.txt", readme(about).encode())
    parts.close()
    info = _info(about, export, reader.unopened, policies, held.signing)
    size, digest = _package(export, lease, parts, key, info, held.signing, about.made_at)
    _ready(
        export,
        lease,
        clock(),
        done=written,
        left_out=left_out,
        key_sealed=key.sealed_to(public.desk),
        size=size,
        sha256=digest,
        signing_key=held.signing.public.id,
        policy_versions=policies,
    )


@dataclass(frozen=True, slots=True)
class _Tips:
    """Keys of tips in order, sixteen bytes each."""

    packed: bytes

    @property
    def count(self) -> int:
        return len(self.packed) // KEY_BYTES

    def __iter__(self) -> Iterator[UUID]:
        for at in range(0, len(self.packed), KEY_BYTES):
            yield UUID(bytes=self.packed[at : at + KEY_BYTES])


def _gather(export: Export, lease: Lease) -> tuple[_Tips, int]:
    """Which tips go in, and how many stay out because their writer does not allow police."""
    was_chosen = "chosen" in export.selection
    if was_chosen:
        # An attempt before this one may have noted what does not go in now.
        export.tips.exclude(tip_hash="").update(tip_hash="", said_unfounded=False)
        listed = export.tips.filter(tip__isnull=False).values("tip")
        tips = selecting.usable(export.asked_by).filter(pk__in=listed)
        tips = tips.order_by("submitted_hour", "pk")
    else:
        export.tips.all().delete()
        tips = selecting.selected(export.asked_by, export.selection)
    allowed = permitted(tips, export.recipient)
    # With the moment beside it, because DISTINCT needs what it is ordered by; nobody reads it.
    unread = ExpressionWrapper(F("submitted_hour"), TextField())
    rows = allowed.values_list(as_text("pk"), unread).iterator(chunk_size=5000)
    packed = b"".join(bytes.fromhex(key.replace("-", "")) for key, _hour in rows)
    count = len(packed) // KEY_BYTES
    left_out = tips.count() - count
    lease.row().update(total=count, left_out=left_out)
    return _Tips(packed), left_out


def _write_rows(
    export: Export,
    lease: Lease,
    reader: Reader,
    about: About,
    tips: _Tips,
    parts: Parts,
    clock: Clock,
) -> tuple[list[int], int]:
    """Every row to every format, in one pass: the policy versions behind them, and how many."""
    policies: set[int] = set()
    done = 0
    work = Work(export.formats, about, reader, parts, _Progress(lease, clock).reached)
    notes = _Notes(export)
    with closing(work.batches(tips, tips.count)) as batches:
        for batch in batches:
            policies.update(
                one.policy_version for one in batch.noted if one.policy_version is not None
            )
            notes.add(batch, now=clock())
            done += len(batch.keys)
            lease.note(clock(), done=done)
    notes.write(now=clock())
    return sorted(policies), done


@dataclass(slots=True)
class _Progress:
    """Says how far it is every second, for whoever looks on."""

    lease: Lease
    clock: Clock
    _told: float = field(default_factory=time.monotonic)

    def reached(self, done: int) -> None:
        """Raises Stopped when it is not to go on."""
        if time.monotonic() - self._told >= TOLD_EVERY_SECONDS:
            self.lease.note(self.clock(), done=done)
            self._told = time.monotonic()


@dataclass(slots=True)
class _Notes:
    """Which tips went in, with their hashes; and of each opened name, that it was opened.

    Written some thousands at a time: each commit writes a page of an index for nearly every tip.
    """

    export: Export
    written: int = 0
    waiting: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, batch: Batch, *, now: datetime) -> None:
        self.waiting += [
            (key, one.tip_hash, one.disposition in UNFOUNDED)
            for key, one in zip(as_texts(batch.keys), batch.noted, strict=True)
        ]
        if batch.with_names or len(self.waiting) >= NOTED_AT_ONCE:
            self.write(batch.with_names, now=now)

    def write(self, with_names: Sequence[str] = (), *, now: datetime) -> None:
        with transaction.atomic():
            if "chosen" in self.export.selection:
                for key, tip_hash, unfounded in self.waiting:
                    place = self.export.tips.filter(tip=UUID(key))
                    if not place.update(tip_hash=tip_hash, said_unfounded=unfounded):
                        raise Purged
            else:
                self._enter()
            audit.record_each(
                "vault.opened",
                [
                    (one, {"reason": self.export.vault_reason, "export": self.export.reference})
                    for one in with_names
                ],
                actor=self.export.requester,
                now=now,
            )
        self.written += len(self.waiting)
        self.waiting.clear()

    def _enter(self) -> None:
        """By a statement of our own: of models, a hundred thousand took a quarter of an export. In
        the order of the index of tips, so that each page of it is written once."""
        table = connection.ops.quote_name(ExportedTip._meta.db_table)  # noqa: SLF001 Django's own name
        (own,) = as_texts([self.export.pk])
        places = range(self.written, self.written + len(self.waiting))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {table} (export_id, position, tip_id, tip_hash, said_unfounded) "  # noqa: S608  our own
                "VALUES (%s, %s, %s, %s, %s)",
                [(own, at, *one) for one, at in sorted(zip(self.waiting, places, strict=True))],
            )


def _package(
    export: Export,
    lease: Lease,
    parts: Parts,
    key: DataKey,
    info: Mapping[str, str],
    signing: PrivateSigningKey,
    now: datetime,
) -> tuple[int, str]:
    """Write the sealed package; its size and SHA-256 as it will be downloaded."""
    path = store.package(export.pk, lease.token)
    first = path.with_suffix(".zip") if export.age_recipients else path
    with _Counted(first, key, store.context(export.pk)) as file:
        write_bag(
            cast("BinaryIO", file),
            parts,
            name=export.reference,
            info=info,
            signing=signing,
            now=now,
            alive=lease.check,
        )
    if not export.age_recipients:
        return file.size, file.digest
    recipients = [age_recipient(one) for one in export.age_recipients]
    opened = OpenedFile(first, key, context=store.context(export.pk))
    with _Counted(path, key, store.context(export.pk)) as sealed:
        pyrage.encrypt_io(opened, sealed, recipients)
    first.unlink()
    return sealed.size, sealed.digest


class _Counted(io.BufferedIOBase):
    """A sealed file that knows the SHA-256 of what went in."""

    def __init__(self, path: Path, key: DataKey, context: str) -> None:
        self._file = SealedFile(path, key, context=context)
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.size

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        self._hash.update(content)
        self.size += len(content)
        return self._file.write(content)

    def close(self) -> None:
        if not self.closed:
            self._file.finish()
        super().close()


def _ready(
    export: Export, lease: Lease, now: datetime, *, done: int, left_out: int, **made: object
) -> None:
    with transaction.atomic():
        ready = lease.row().filter(cancel_asked=False)
        if not ready.update(
            state=Export.State.READY,
            made_at=now,
            expires_at=now + KEPT,
            leased_until=None,
            done=done,
            **made,
        ):
            raise Stopped
        audit.record(
            "export.made",
            actor=ACTOR,
            now=now,
            subject=export.reference,
            tips=done,
            left_out=left_out,
        )


def _cancelled(export: Export, lease: Lease) -> None:
    """Nothing to do when another maker has it: its row is no longer of this lease."""
    lease.row().filter(cancel_asked=True).update(
        state=Export.State.CANCELLED, leased_until=None, key_sealed=b""
    )
    log.info("export.stopped %s", export.reference)


def _failed(export: Export, lease: Lease, problem: str, now: datetime) -> None:
    with transaction.atomic():
        if lease.row().update(state=Export.State.FAILED, problem=problem[:200], leased_until=None):
            audit.record("export.failed", actor=ACTOR, now=now, subject=export.reference)


def _clear(export: Export, lease: Lease) -> None:
    """The parts go in any case, the package unless it is ready."""
    ready = Export.objects.filter(
        pk=export.pk, state=Export.State.READY, lease=lease.token
    ).exists()
    Parts.remove(store.workshop(export.pk, lease.token))
    if not ready:
        store.package(export.pk, lease.token).unlink(missing_ok=True)
        store.package(export.pk, lease.token).with_suffix(".zip").unlink(missing_ok=True)


def _keys() -> Keys:
    folder = settings.PRIVATE_KEYS_DIR
    return Keys(
        keys.desk_private(folder), keys.vault_private(folder), keys.signing_private(folder)
    )


def _refuse_earlier(held: Keys) -> None:
    """Raise Rekeyed when a rotation began after these were read: they do not open what it sealed
    anew, and its words would be missing in the package."""
    now = _keys()
    if (now.desk.public, now.vault.public) != (held.desk.public, held.vault.public):
        raise Rekeyed


def _wish(export: Export) -> Wish:
    return Wish(
        recipient=export.recipient,
        purpose=export.purpose,
        authority=export.authority,
        level=export.level,
        formats=export.formats,
        selection=export.selection,
        with_pictures=export.with_pictures,
        with_vault=export.with_vault,
        vault_reason=export.vault_reason,
        age_recipients=export.age_recipients,
    )


def _about(export: Export, scope: Scope, reader: Reader, total: int, now: datetime) -> About:
    return About(
        export=export.reference,
        made_at=timezone.localtime(now).replace(microsecond=0),
        scope=scope,
        installation=settings.ORGANIZATION_NAME,
        requester=export.requester,
        recipient=export.recipient.name,
        purpose=Purpose(export.purpose).label,
        authority=export.authority,
        filter=selecting.in_words(export.selection),
        total=total,
        picture=reader.picture,
        line_names=dict(Line.objects.values_list("code", "name")),
        jurisdictions=dict(Jurisdiction.objects.values_list("code", "name")),
        areas=lambda detail: outlines(edition_in_force(), detail),
    )


def _info(
    about: About,
    export: Export,
    unopened: int,
    policies: list[int],
    signing: PrivateSigningKey,
) -> dict[str, str]:
    return {
        "Source-Organization": about.installation,
        "External-Identifier": about.export,
        "External-Description": f"{about.tlp} {about.caveat}",
        "Export-Id": about.export,
        "Requester": about.requester,
        "Authority": about.authority,
        "Purpose": about.purpose,
        "Recipient": about.recipient,
        "Level": LEVEL_WORDS[Level(export.level)],
        "Filter": about.filter,
        "Policy-Versions": " ".join(map(str, policies)) or "none",
        "Tip-Count": str(about.total),
        "Unopened-Count": str(unopened),
        "TLP": about.tlp,
        "Destroy-By": about.destroy_by,
        "Signing-Key": signing.public.id,
    }
