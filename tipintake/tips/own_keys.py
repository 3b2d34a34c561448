"""Whether the keys on this disk are those of the tips in this database.

Other keys would be worse than none: old tips would not open, old receipts would be unknown, and
new tips would be sealed to a key that no copy holds. So the database remembers marks of its keys:
the ids of public keys and a fingerprint of the pepper. They open nothing.
"""

import hashlib
import time
from pathlib import Path

from django.db import transaction

from tipintake.privacy import keys
from tipintake.privacy.keys import PAIRS, KeyMissing, Pair, PublicKeys
from tipintake.tips.models import KeyMark, Tip
from tipintake.tips.resealing import rows_by_key

PEPPER = "pepper"
RECEIPT_PEPPER = "earlier receipt.pepper"
LOOK_AGAIN = 5.0  # seconds
UNDER_WAY = 5.0  # seconds: within them a tip is kept after its keys were looked at
# Marks that were found to be those of the tips, and until when that is believed.
_found_right: dict[frozenset[tuple[str, str]], float] = {}


class ForeignKeys(KeyMissing):
    """The keys here are not those of the tips; the sentence says which key must come back.

    `needed` names it without a path, for pages that anybody may ask.
    """

    def __init__(self, needed: str, sentence: str) -> None:
        super().__init__(sentence)
        self.needed = needed


def refuse_foreign(keys_dir: Path, private_dir: Path, *, opens: bool) -> None:
    """Raise ForeignKeys, or KeyMissing, when tips are kept that these keys do not belong to.

    `opens`: this process opens tips, so it also needs a private key to them.
    """
    if not Tip.objects.exists():
        return
    for pair in reversed(PAIRS):  # the desk key first: it opens the words
        _refuse_foreign_pair(pair, keys_dir, private_dir, opens=opens)
    _refuse_foreign_pepper(keys_dir)


def refuse_unlike_halves(pair: Pair, keys_dir: Path, private_dir: Path) -> None:
    """Raise ForeignKeys when what is sealed to the public half would open with nothing here, as
    after keys that were made twice and copied from both. Nobody sees it before the first tip."""
    public = getattr(keys.public_keys(keys_dir), pair)
    private = keys.private_key(private_dir, pair)
    opened = {private.public.id, *(key.public.id for key in private.earlier)}
    if public.id not in opened:
        raise ForeignKeys(
            f"private half of the {pair} key {public.id}",
            f"{keys_dir / f'{pair}.pub'} is the key {public.id}, and {private_dir} opens "
            f"{_listed(opened)} alone: nobody could read what comes in. Bring both halves of one "
            f"pair from your copy; where no tip is kept yet, move {keys_dir} and {private_dir} "
            "away and run `manage.py keys init`.",
        )


def to_seal_to(keys_dir: Path) -> PublicKeys:
    """The public keys, unless the tips here belong to others: then ForeignKeys is raised, and
    nothing is sealed that no copy opens. A file may be changed while a process runs, so it is
    looked at for each tip, and the database asked once in some seconds."""
    public = keys.public_keys(keys_dir)
    here = frozenset(_marks_of(public, keys_dir).items())
    if time.monotonic() < _found_right.get(here, 0.0):
        return public
    known = set(KeyMark.objects.values_list("kind", "mark"))
    kinds = {kind for kind, _mark in known}
    if any(kind in kinds and (kind, mark) not in known for kind, mark in here):
        refuse_foreign(keys_dir, keys_dir / "none", opens=False)
    _found_right.clear()
    _found_right[here] = time.monotonic() + LOOK_AGAIN
    return public


def expect(pair: Pair, public_id: str) -> None:
    """Keep the mark of a key that is about to be used."""
    KeyMark.objects.get_or_create(kind=pair, mark=public_id)


def remember(keys_dir: Path) -> None:
    """Keep marks of the keys in use. Call it after `refuse_foreign`.

    While there is no tip, keys may be made anew, and the earlier marks mean nothing.
    """
    here = _marks_of(keys.public_keys(keys_dir), keys_dir)
    known = set(KeyMark.objects.values_list("kind", "mark"))
    fresh = not Tip.objects.exists()
    if set(here.items()) <= known and not (fresh and len(known) > len(here)):
        return
    with transaction.atomic():
        if fresh:
            KeyMark.objects.all().delete()
        for kind, mark in here.items():
            KeyMark.objects.get_or_create(kind=kind, mark=mark)


def forget_earlier(pair: Pair, keys_dir: Path) -> None:
    """The earlier keys are about to be destroyed: a process that still seals to one must not be
    ready. Once this returns, none does: each has looked again, and kept what was under way."""
    present = getattr(keys.public_keys(keys_dir), pair).id
    earlier = KeyMark.objects.filter(kind=pair).exclude(mark=present)
    while True:
        earlier.delete()
        time.sleep(LOOK_AGAIN + UNDER_WAY)
        if not earlier.exists():  # one that was just looking may have put its own back
            return


def _marks_of(public: PublicKeys, keys_dir: Path) -> dict[str, str]:
    return {
        "desk": public.desk_id,
        "vault": public.vault_id,
        PEPPER: _pepper_mark(keys.pepper(keys_dir)),
    }


def _refuse_foreign_pair(pair: Pair, keys_dir: Path, private_dir: Path, *, opens: bool) -> None:
    sealed_to = _sealed_to(pair)
    known = _marks(pair) or sealed_to
    if not known:
        return  # no tip holds anything of this pair
    try:
        here = {getattr(keys.public_keys(keys_dir), pair).id}
    except KeyMissing as missing:
        raise _foreign(pair, known, str(missing)) from None
    # `desk-ID.old`: a rotation that was interrupted before it could be remembered.
    here |= {path.stem.partition("-")[2] for path in keys.earlier_files(private_dir, pair)}
    if not here & known:
        raise _foreign(pair, known, f"Here is {_listed(here)}.")
    if opens and pair == "desk":
        private = keys.desk_private(private_dir)
        opened = {private.public.id, *(key.public.id for key in private.earlier)}
        if sealed_to and not opened & sealed_to:
            raise _foreign(pair, sealed_to, f"The private key is {_listed(opened)}.")


def _refuse_foreign_pepper(keys_dir: Path) -> None:
    known = _marks(PEPPER)
    try:
        mark = _pepper_mark(keys.pepper(keys_dir))
    except KeyMissing as missing:
        raise ForeignKeys(
            RECEIPT_PEPPER, f"The database holds tips, and their receipts need it. {missing}"
        ) from None
    if known and mark not in known:
        raise ForeignKeys(
            RECEIPT_PEPPER,
            "The receipt pepper here is not the one of the tips in this database: no receipt that "
            "was given out would be recognised. Bring receipt.pepper back from your copy.",
        )


def _foreign(pair: Pair, known: set[str], what_is_here: str) -> ForeignKeys:
    return ForeignKeys(
        f"{pair} key {_listed(known)}",
        f"The database holds {Tip.objects.count()} tips, and they are sealed to the {pair} key "
        f"{_listed(known)}, which is not here. {what_is_here} Bring the keys back from your copy "
        "(is a volume missing, or TIPINTAKE_KEYS wrong?), or start with an empty database.",
    )


def _listed(ids: set[str]) -> str:
    return " or ".join(sorted(ids))


def _sealed_to(pair: Pair) -> set[str]:
    return set(rows_by_key(pair))


def _marks(kind: str) -> set[str]:
    return set(KeyMark.objects.filter(kind=kind).values_list("mark", flat=True))


def _pepper_mark(pepper: bytes) -> str:
    """Nobody can find 32 random bytes from it, nor use it to test a receipt."""
    return hashlib.blake2b(pepper, digest_size=16, person=b"receipt.pepper").hexdigest()
