"""Keys are made once, kept to their owner, changed without loss; a missing one is said plainly."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tipintake import files
from tipintake.privacy import keys
from tipintake.privacy.keys import PAIRS, KeyMissing, KeysExist, Pair
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed


def opens(row: Sealed, private: PrivateKey) -> bool:
    try:
        DataKey.unseal(row, private)
    except CannotOpen:
        return False
    return True


class Home:
    """Key folders of one made-up installation."""

    def __init__(self, folder: Path) -> None:
        self.keys = folder / "keys"
        self.private = self.keys / "private"

    def content(self) -> dict[str, bytes]:
        files = [path for path in self.keys.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.keys)): path.read_bytes() for path in files}


@pytest.fixture
def bare(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def home(bare: Home) -> Home:
    keys.init(bare.keys, bare.private)
    return bare


def test_a_new_installation_gets_every_key(home: Home) -> None:
    public = keys.public_keys(home.keys)
    assert keys.desk_private(home.private).public == public.desk
    assert keys.vault_private(home.private).public == public.vault
    assert public.desk_id != public.vault_id
    assert len(public.desk_id) == 16
    assert len(keys.pepper(home.keys)) == 32


def test_only_the_owner_can_read_the_key_files(home: Home) -> None:
    for path in (home.keys, *home.keys.rglob("*")):
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_keys_are_never_overwritten(home: Home) -> None:
    before = home.content()
    with pytest.raises(KeysExist, match="rotate"):
        keys.init(home.keys, home.private)
    assert home.content() == before


@pytest.mark.parametrize(
    "lost", ["desk.pub", "desk.pub vault.pub", "desk.pub private/desk.key", "desk.pub web.secret"]
)
def test_an_interrupted_init_is_completed_with_the_keys_that_stand(home: Home, lost: str) -> None:
    kept = keys.vault_private(home.private).public
    for name in lost.split():
        (home.keys / name).unlink(missing_ok=True)
    keys.init(home.keys, home.private)
    assert keys.public_keys(home.keys).vault == kept
    assert keys.desk_private(home.private).public == keys.public_keys(home.keys).desk


def test_init_makes_no_second_key_beside_a_lone_public_half(home: Home) -> None:
    (home.keys / "desk.pub").unlink()
    (home.private / "vault.key").unlink()
    with pytest.raises(KeyMissing, match=r"vault\.key is not"):
        keys.init(home.keys, home.private)


@pytest.mark.parametrize(
    ("name", "ask"),
    [
        ("desk.pub", lambda home: keys.public_keys(home.keys)),
        ("vault.pub", lambda home: keys.public_keys(home.keys)),
        ("receipt.pepper", lambda home: keys.pepper(home.keys)),
        ("private/desk.key", lambda home: keys.desk_private(home.private)),
        ("private/vault.key", lambda home: keys.vault_private(home.private)),
    ],
)
@pytest.mark.parametrize("damage", [None, b"", b"not a key\n", b"\xff\xfe", b"QUJD\n"])
def test_a_missing_or_spoilt_key_is_named_with_what_to_do(
    home: Home, name: str, ask: Any, damage: bytes | None
) -> None:
    path = home.keys / name
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(KeyMissing) as caught:
        ask(home)
    assert path.name in str(caught.value)
    assert "ring" in str(caught.value) or "init" in str(caught.value)


def test_the_front_door_needs_no_private_key(home: Home) -> None:
    for path in home.private.iterdir():
        path.unlink()
    home.private.rmdir()
    assert DataKey.new().sealed_to(keys.public_keys(home.keys).desk)
    with pytest.raises(KeyMissing, match=r"desk\.key is missing"):
        keys.desk_private(home.private)


def test_the_web_secret_is_one_for_all_who_ask_at_the_same_moment(bare: Home) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: keys.web_secret(bare.keys), range(40)))
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48
    assert [path.name for path in bare.keys.iterdir()] == ["web.secret"]


@pytest.mark.parametrize("damaged", [b"", b"cut", b"\xff\xfe" * 32])
def test_a_web_secret_that_is_not_whole_signs_nothing(bare: Home, damaged: bytes) -> None:
    keys.web_secret(bare.keys)
    (bare.keys / "web.secret").write_bytes(damaged)
    with pytest.raises(KeyMissing, match="Bring it back from your copy"):
        keys.web_secret(bare.keys)


def test_a_damaged_signing_key_is_said(home: Home) -> None:
    (home.private / "signing.key").write_bytes(b"\xff\xfe")
    with pytest.raises(KeyMissing, match="does not hold a key"):
        keys.make_signing(home.keys, home.private)


def unasked(_pair: Pair, _public_id: str) -> None:
    """No database here remembers keys."""


def test_a_new_key_is_expected_before_anything_can_be_sealed_to_it(home: Home) -> None:
    before, told = keys.public_keys(home.keys).desk_id, list[str]()

    def expect(_pair: Pair, public_id: str) -> None:
        told.append(public_id)
        assert keys.public_keys(home.keys).desk_id == before

    keys.begin_rotation(home.keys, home.private, "desk", expect=expect)
    assert told == [keys.public_keys(home.keys).desk_id] != [before]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_new_key_opens_what_was_sealed_to_the_earlier_one_until_the_end(
    home: Home, pair: Pair
) -> None:
    row = DataKey.new().sealed_to(getattr(keys.public_keys(home.keys), pair))
    keys.begin_rotation(home.keys, home.private, pair, expect=unasked)
    private = keys.private_key(home.private, pair)
    assert private.public == getattr(keys.public_keys(home.keys), pair)
    assert opens(row, private)
    assert [key.public.id for key in private.earlier] != [private.public.id]
    keys.end_rotation(home.private, pair)
    assert keys.private_key(home.private, pair).earlier == ()
    assert keys.private_key(home.private, pair).public == private.public


class Crash(Exception):
    """The machine stopped here."""


@pytest.mark.parametrize("steps", range(4))
def test_a_rotation_that_stops_at_any_step_loses_no_key(
    home: Home, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    row = DataKey.new().sealed_to(keys.public_keys(home.keys).desk)
    left = steps

    def crashing(_folder: Path) -> None:
        nonlocal left
        if not left:
            raise Crash
        left -= 1

    with monkeypatch.context() as patch:
        patch.setattr(files, "sync_folder", crashing)
        if steps < 3:
            with pytest.raises(Crash):
                keys.begin_rotation(home.keys, home.private, "desk", expect=unasked)
        else:
            keys.begin_rotation(home.keys, home.private, "desk", expect=unasked)
    assert opens(row, keys.desk_private(home.private)), "still opens after the crash"
    sealed_meanwhile = DataKey.new().sealed_to(keys.public_keys(home.keys).desk)
    assert opens(sealed_meanwhile, keys.desk_private(home.private))

    keys.begin_rotation(home.keys, home.private, "desk", expect=unasked)
    private = keys.desk_private(home.private)
    assert private.public == keys.public_keys(home.keys).desk
    assert len(private.earlier) == 1
    assert opens(row, private)
    assert opens(sealed_meanwhile, private)


def test_a_changed_public_half_is_seen_at_once(home: Home) -> None:
    before, other = keys.public_keys(home.keys), PrivateKey.new().public
    keys.write_public(home.keys, "desk", other)
    after = keys.public_keys(home.keys)
    assert after.vault == before.vault
    assert after.desk == other != before.desk
