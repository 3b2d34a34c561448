"""Move every row from an earlier key pair to the present one, and see that all of it opens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Count

from tipintake.privacy import seal
from tipintake.privacy.keys import Pair
from tipintake.privacy.seal import CannotOpen, PrivateKey, PublicKey, Sealed
from tipintake.staff import audit
from tipintake.tips.models import DataKey, Tip, VaultEntry
from tipintake.tips.secrets import narrative_of, vault_words_of

BATCH = 500
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where something sealed to a key pair stands, and the column that names the key."""

    model: type[models.Model]
    key_column: str

    @property
    def rows(self) -> "models.QuerySet[Any]":
        return self.model._default_manager.order_by("pk")  # noqa: SLF001  Django documents it


KEPT: dict[Pair, _Kept] = {
    "desk": _Kept(DataKey, "desk_key_id"),
    "vault": _Kept(VaultEntry, "vault_key_id"),
}


@dataclass(slots=True)
class Resealed:
    """What a run has come to so far."""

    moved: int = 0
    unopened: int = 0


@dataclass(slots=True)
class Verified:
    opened: int = 0
    broken: list[str] = field(default_factory=list)  # tip references, the first hundred


def rows_by_key(pair: Pair) -> dict[str, int]:
    """How many rows are sealed to each key id."""
    kept = KEPT[pair]
    counted = kept.rows.order_by().values_list(kept.key_column).annotate(Count("pk"))
    return dict(counted)


def rows_waiting(pair: Pair, public: PublicKey) -> int:
    """How many rows are sealed to another key than this one."""
    return sum(count for key_id, count in rows_by_key(pair).items() if key_id != public.id)


def reseal(pair: Pair, private: PrivateKey, *, actor: str, now: datetime) -> Iterator[Resealed]:
    """Seal every row anew to the present key, one batch a transaction; yields after each.

    A run that is killed has lost nothing: the next takes the rows that are left. A row that no
    key opens stays as it is and is counted.
    """
    kept, public = KEPT[pair], private.public
    done = Resealed()
    others = kept.rows.exclude(**{kept.key_column: public.id})
    last: Any = None
    while True:
        with transaction.atomic():
            batch = list((others if last is None else others.filter(pk__gt=last))[:BATCH])
            _reseal_batch(kept, batch, private, done)
        if not batch:
            break
        last = batch[-1].pk
        yield done
    audit.record(
        "keys.resealed",
        actor=actor,
        now=now,
        subject=pair,
        key=public.id,
        moved=done.moved,
        unopened=done.unopened,
    )


def _reseal_batch(kept: _Kept, batch: list[Any], private: PrivateKey, done: Resealed) -> None:
    moved = []
    for row in batch:
        try:
            row.sealed = seal.resealed(Sealed(row.sealed), private, private.public)
        except CannotOpen:
            done.unopened += 1
            continue
        setattr(row, kept.key_column, private.public.id)
        moved.append(row)
    kept.rows.bulk_update(moved, ["sealed", kept.key_column])
    done.moved += len(moved)


def verify_narratives(desk: Callable[[], PrivateKey], *, most: int | None) -> Iterator[Verified]:
    """Open the words of every tip, or of `most` tips taken by their random ids.

    The key is read once the rows are: one from before a rotation would not open what was sealed
    anew.
    """
    done = Verified()
    private: PrivateKey | None = None
    tips = Tip.objects.select_related("data_key").order_by("pk")
    for tip in tips[:most].iterator(chunk_size=BATCH):
        private = private or desk()
        try:
            narrative_of(tip, private)
            done.opened += 1
        except (CannotOpen, DataKey.DoesNotExist):
            _name(done, tip.reference)
        yield done


def verify_vault(vault: Callable[[], PrivateKey], *, most: int | None) -> Iterator[Verified]:
    """Open every vault entry, or `most` of them; with the key as above."""
    done = Verified()
    private: PrivateKey | None = None
    entries = VaultEntry.objects.select_related("tip").order_by("pk")
    for entry in entries[:most].iterator(chunk_size=BATCH):
        private = private or vault()
        try:
            vault_words_of(entry, private)
            done.opened += 1
        except CannotOpen:
            _name(done, entry.tip.reference)
        yield done


def _name(done: Verified, reference: str) -> None:
    if len(done.broken) < MOST_NAMED:
        done.broken.append(reference)
