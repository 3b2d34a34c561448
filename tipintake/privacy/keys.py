"""Keys of one installation, in files outside the database (mode 0600, folders 0700).

    keys/          web.secret  receipt.pepper  desk.pub  vault.pub  signing.pub   every process
                   signing.former
    keys/private/  desk.key  vault.key  signing.key                    desk and exporter only
                   accounts.key                                        desk only

While a rotation runs, the earlier key waits beside the new one as `desk-<id>.old` and still opens
what was sealed to it. A lost `desk.key` is a lost archive: no copy exists anywhere else.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tipintake import files
from tipintake.privacy.seal import DataKey, PrivateKey, PublicKey
from tipintake.privacy.signing import PrivateSigningKey, PublicSigningKey

Pair = Literal["desk", "vault"]
PAIRS: tuple[Pair, ...] = ("vault", "desk")
SHORTEST_SECRET = 32  # characters
LOST_KEY = (
    "A lost desk key is a lost archive: nobody can open the words of any tip without it. "
    "Copy the private folder to two places that are kept apart, offline, now."
)

ACCOUNTS_KEY_GONE = (
    "Second factors do not open without it: bring it back from your copy, or run "
    "`manage.py staff reset-mfa NAME` for each account."
)


class KeyMissing(Exception):
    """A key file is not where this process looks, or does not hold a key."""


class KeysExist(Exception):
    """There are keys already; they are never overwritten."""


@dataclass(frozen=True, slots=True)
class PublicKeys:
    desk: PublicKey
    desk_id: str
    vault: PublicKey
    vault_id: str


def web_secret(folder: Path) -> str:
    """The secret that signs form tokens and desk sessions; made on first use."""
    path = folder / "web.secret"
    secret = _made_once(path, lambda: secrets.token_urlsafe(48))
    if len(secret) < SHORTEST_SECRET:
        raise KeyMissing(
            f"{path} holds no whole secret. Bring it back from your copy, or remove it and start "
            "every process anew: sessions end then, and webhooks and tokens of agencies need new "
            "secrets."
        )
    return secret


def init(keys_dir: Path, private_dir: Path, *, accounts: bool = True) -> None:
    """Make every key that a new installation needs; that of the accounts only where told so.
    Refuses when there are keys already.

    `desk.pub` is written last: until it stands, an interrupted run is completed by the next.
    """
    if (keys_dir / "desk.pub").exists():
        # Newer than the others: an installation from before gets it with the next start.
        if accounts and (private_dir / "desk.key").exists():
            _make_accounts_key(private_dir)
        raise KeysExist(
            f"{keys_dir} holds keys already and they were left as they are. "
            "To change the desk key, run `manage.py keys rotate`."
        )
    _made_once(keys_dir / "receipt.pepper", lambda: secrets.token_hex(32))
    if accounts:
        _make_accounts_key(private_dir)
    for pair in PAIRS:
        if (keys_dir / f"{pair}.pub").exists() and not (private_dir / f"{pair}.key").exists():
            raise KeyMissing(
                f"{keys_dir / f'{pair}.pub'} is there, {private_dir / f'{pair}.key'} is not. "
                "Bring the private key back from your copy, or move the public half away."
            )
        _made_once(private_dir / f"{pair}.key", lambda: _encoded(PrivateKey.new().to_bytes()))
        if pair == "desk":
            make_signing(keys_dir, private_dir)
        private = PrivateKey(_decoded(private_dir / f"{pair}.key"))
        write_public(keys_dir, pair, private.public)


def make_signing(keys_dir: Path, private_dir: Path) -> bool:
    """Make the key that signs exports, where there is none. Whether it was made now.

    A lost one opens nothing and loses nothing: earlier packages keep their signatures, and the
    earlier public half goes to `signing.former`, so that they can still be checked.
    """
    private = private_dir / "signing.key"
    made = not private.exists()
    _made_once(private, lambda: _encoded(secrets.token_bytes(32)))
    signing = PrivateSigningKey(_decoded(private))
    public = keys_dir / "signing.pub"
    if not public.exists():
        files.replace(public, _encoded(signing.public.raw))
    elif (before := signing_public(keys_dir)) != signing.public:
        # First the list: interrupted between the two, no key is lost.
        known = dict.fromkeys((*signing_former(keys_dir), before))
        lines = [_encoded(one.raw) for one in known if one != signing.public]
        files.replace(keys_dir / "signing.former", *lines)
        files.replace(public, _encoded(signing.public.raw))
    return made


def signing_private(private_dir: Path) -> PrivateSigningKey:
    return PrivateSigningKey(_decoded(private_dir / "signing.key"))


def signing_public(keys_dir: Path) -> PublicSigningKey:
    return PublicSigningKey(_decoded(keys_dir / "signing.pub"))


def signing_former(keys_dir: Path) -> list[PublicSigningKey]:
    """Public halves that were replaced, the oldest first: they check packages of their time."""
    path = keys_dir / "signing.former"
    if not path.exists():
        return []
    try:
        raws = [base64.b64decode(one, validate=True) for one in _text(path, "").split()]
        return [PublicSigningKey(one) for one in raws]
    except ValueError:
        raise KeyMissing(f"{path} does not hold keys. Bring it back from your copy.") from None


def public_keys(keys_dir: Path) -> PublicKeys:
    """What a process needs to seal. Looked at each time, so that a rotation is seen at once."""
    desk, vault = _public(keys_dir, "desk"), _public(keys_dir, "vault")
    return PublicKeys(desk=desk, desk_id=desk.id, vault=vault, vault_id=vault.id)


def desk_private(private_dir: Path) -> PrivateKey:
    return private_key(private_dir, "desk")


def vault_private(private_dir: Path) -> PrivateKey:
    return private_key(private_dir, "vault")


def pepper(keys_dir: Path) -> bytes:
    """What makes a stored receipt fingerprint worthless without this file."""
    path = keys_dir / "receipt.pepper"
    text = _text_kept(path, "Without it no receipt is recognised. Bring it back from your copy.")
    try:
        value = bytes.fromhex(text)
    except ValueError:
        value = b""
    if len(value) != 32:
        raise KeyMissing(f"{path} does not hold a pepper. Bring it back from your copy.")
    return value


def private_key(private_dir: Path, pair: Pair) -> PrivateKey:
    """The private key, carrying the earlier keys of a rotation that has not ended.

    In this order: before a new key stands here, the one before it lies beside it.
    """
    present = _decoded(private_dir / f"{pair}.key")
    earlier = []
    for path in earlier_files(private_dir, pair):
        try:
            earlier.append(PrivateKey(_decoded(path)))
        except KeyMissing:
            if path.exists():
                raise
            # The rotation has just ended: nothing is sealed to it any more.
    return PrivateKey(present, earlier=tuple(earlier))


def earlier_files(private_dir: Path, pair: Pair) -> list[Path]:
    return sorted(private_dir.glob(f"{pair}-*.old"))


def accounts_key(private_dir: Path, *, make: bool = False) -> DataKey:
    """What seals second factors and texts that wait behind the idle lock."""
    path = private_dir / "accounts.key"
    if make:
        try:
            _make_accounts_key(private_dir)
        except OSError:
            raise KeyMissing(f"{path} is missing. Run `manage.py keys init`.") from None
    return DataKey(_decoded(path))


def _make_accounts_key(private_dir: Path) -> None:
    path = private_dir / "accounts.key"
    if not path.exists():  # one that is spoilt is said by whoever opens it
        _made_once(path, lambda: _encoded(secrets.token_bytes(32)))


def begin_rotation(
    keys_dir: Path, private_dir: Path, pair: Pair, *, expect: Callable[[Pair, str], None]
) -> None:
    """Put a new key in place of the present one, which stays beside it and still opens.

    `expect` is told its id before anything can be sealed to it.

    Safe to call again after a crash at any step: the earlier key is on disk before the new one
    takes its name, and the public half changes only when the private one can be read. Raises
    CannotWrite, with all as it was, where either folder cannot be written.
    """
    for folder in (keys_dir, private_dir):
        files.finished(folder / "rotation", []).unlink()
    present = private_key(private_dir, pair)
    if not present.earlier or present.public in {key.public for key in present.earlier}:
        _made_once(
            private_dir / f"{pair}-{present.public.id}.old", lambda: _encoded(present.to_bytes())
        )
        present = PrivateKey.new()
        files.replace(private_dir / f"{pair}.key", _encoded(present.to_bytes()))
    expect(pair, present.public.id)
    write_public(keys_dir, pair, present.public)


def end_rotation(private_dir: Path, pair: Pair) -> None:
    """Destroy the earlier keys. Only after nothing is sealed to them any more."""
    for path in earlier_files(private_dir, pair):
        path.unlink()
    files.sync_folder(private_dir)


def write_public(keys_dir: Path, pair: Pair, public: PublicKey) -> None:
    files.replace(keys_dir / f"{pair}.pub", _encoded(public.raw))


def _public(keys_dir: Path, pair: Pair) -> PublicKey:
    return PublicKey(_decoded(keys_dir / f"{pair}.pub"))


def _decoded(path: Path) -> bytes:
    if path.name == "accounts.key":
        advice = ACCOUNTS_KEY_GONE
    elif path.suffix == ".pub":
        advice = (
            "Run `manage.py keys init` on a new installation; on an old one bring it back from "
            "your copy."
        )
    else:
        advice = (
            "The desk and the exporter need it: bring it back from your copy. A process that "
            "only takes tips works without it."
        )
    text = (_text_kept if path.suffix == ".pub" else _text)(path, advice)
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32:
        raise KeyMissing(f"{path} does not hold a key. Bring it back from your copy.")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _text(path: Path, advice: str) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise KeyMissing(f"The key file {path} is missing. {advice}") from None
    except PermissionError:
        raise KeyMissing(
            f"The key file {path} may not be read by this process. Give it to the user of the "
            "service with `chown`."
        ) from None
    except UnicodeDecodeError:
        raise KeyMissing(f"{path} does not hold a key. Bring it back from your copy.") from None


_kept: dict[Path, tuple[tuple[int, int, int], str]] = {}


def _text_kept(path: Path, advice: str) -> str:
    """The same, read again only when another file stands there: all are replaced whole."""
    try:
        found = path.stat()
    except OSError:
        return _text(path, advice)
    file = (found.st_ino, found.st_mtime_ns, found.st_size)
    kept = _kept.get(path)
    if kept is None or kept[0] != file:
        kept = _kept[path] = (file, _text(path, advice))
    return kept[1]


def _made_once(path: Path, make: Callable[[], str]) -> str:
    """The file's content; written whole by whoever comes first, and never again."""
    if not path.exists():
        draft = files.finished(path, [make()])
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        files.sync_folder(path.parent)
    return _text(path, "")
