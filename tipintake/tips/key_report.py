"""What there is to say of the keys that are here, and what is wrong with them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import DatabaseError, Error, connection

from tipintake.privacy import keys
from tipintake.privacy.keys import PAIRS, Pair
from tipintake.staff import heads
from tipintake.tips import own_keys, resealing
from tipintake.tips.models import DataKey


@dataclass(slots=True)
class Report:
    """Both are sentences; a problem says what to do."""

    says: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def report(keys_dir: Path, private_dir: Path, audit_dir: Path) -> Report:
    """Raises KeyMissing where a public key or the pepper is not here."""
    found = Report()
    knows_rows = _can_be_asked()
    if not knows_rows:
        found.problems.append(
            "The database cannot be asked, so nobody knows what is sealed to which key. Start it, "
            "or make room on its disk, and run this again."
        )
    for pair in PAIRS:
        _report_pair(found, pair, keys_dir, private_dir, knows_rows=knows_rows)
    keys.pepper(keys_dir)
    found.problems += foreign(keys_dir, private_dir)
    _report_signing(found, keys_dir, private_dir)
    if (private_dir / "desk.key").exists():  # a machine that only takes tips has none of these
        found.problems += [*_missing(private_dir), *_lost_for_heads()]
    found.problems += [*_misplaced(audit_dir), *_open_to_others(keys_dir, private_dir, audit_dir)]
    return found


def _can_be_asked() -> bool:
    """That it has no tables yet is an answer."""
    try:
        if connection.introspection.table_names():
            DataKey.objects.exists()
    except Error:
        return False
    return True


def foreign(keys_dir: Path, private_dir: Path) -> list[str]:
    """What says that these keys are not those of the tips; nothing before the first migration."""
    opens = (private_dir / "desk.key").exists()
    try:
        own_keys.refuse_foreign(keys_dir, private_dir, opens=opens)
    except own_keys.ForeignKeys as problem:
        return [str(problem)]
    except DatabaseError:
        pass
    return []


def rows_by_key(pair: Pair) -> dict[str, int]:
    """Empty before the first migration."""
    try:
        return resealing.rows_by_key(pair)
    except DatabaseError:
        return {}


def against_new(keys_dir: Path, private_dir: Path) -> str:
    """Why no new keys may be made: what is kept would not open, or its receipts be unknown."""
    tips = sum(rows_by_key("desk").values())
    if tips and not (private_dir / "desk.key").exists():
        return (
            f"The database holds {tips} tips sealed to a desk key that is not "
            f"in {private_dir}. New keys would not open them. Bring that key "
            "back from your copy, or start with an empty database."
        )
    if tips and not (keys_dir / "receipt.pepper").exists():
        return (
            f"The database holds {tips} tips, and no receipt.pepper is in "
            f"{keys_dir}. A new one would make every receipt unknown. Bring it back "
            "from your copy."
        )
    return ""


def _report_pair(
    found: Report, pair: Pair, keys_dir: Path, private_dir: Path, *, knows_rows: bool
) -> None:
    public = getattr(keys.public_keys(keys_dir), pair)
    rows = rows_by_key(pair) if knows_rows else {}
    here = f"{rows.pop(public.id, 0)} rows are sealed to it." if knows_rows else "it is here."
    found.says.append(f"{pair} key {public.id}: {here}")
    if not (private_dir / f"{pair}.key").exists():
        found.says.append(f"{pair}: no private key here; this process can seal and not open.")
        return
    private = keys.private_key(private_dir, pair)
    try:
        own_keys.refuse_unlike_halves(pair, keys_dir, private_dir)
    except own_keys.ForeignKeys as unlike:
        found.problems.append(str(unlike))
    else:
        if private.public != public:
            found.problems.append(
                f"{pair}.pub is not the public half of {pair}.key. Run `manage.py keys rotate"
                f"{_option(pair)}` to finish what was interrupted."
            )
    earlier = {key.public.id for key in private.earlier}
    found.says += [
        f"{pair}: the earlier key {key_id} is still here and opens what is sealed to it. When "
        f"every machine has the new {pair}.pub, run `manage.py keys rotate{_option(pair)} "
        "--finish`."
        for key_id in sorted(earlier - {private.public.id})
    ]
    for key_id, count in rows.items():
        if key_id in earlier:
            found.says.append(
                f"{pair}: {count} rows are sealed to the earlier key {key_id}. "
                f"Run `manage.py keys rotate{_option(pair)}` to move them."
            )
        else:
            found.problems.append(
                f"{count} rows are sealed to the {pair} key {key_id}, which is not here. "
                f"Bring its file back from your copy as {pair}-{key_id}.old."
            )


def _option(pair: Pair) -> str:
    return " --vault" if pair == "vault" else ""


def _report_signing(found: Report, keys_dir: Path, private_dir: Path) -> None:
    """The key that signs exports."""
    public = keys.signing_public(keys_dir)
    found.says.append(f"signing key {public.id}: packages of exports carry its signature.")
    found.says += [
        f"signing key {former.id}: replaced; it checks earlier packages."
        for former in keys.signing_former(keys_dir)
    ]
    is_here = (private_dir / "signing.key").exists()
    if is_here and keys.signing_private(private_dir).public != public:
        found.problems.append(
            "signing.pub is not the public half of signing.key. Run `manage.py keys init`."
        )


def _missing(private_dir: Path) -> Iterator[str]:
    for opened in (keys.vault_private, keys.signing_private, keys.accounts_key):
        try:
            opened(private_dir)
        except keys.KeyMissing as missing:
            yield str(missing)


def _lost_for_heads() -> list[str]:
    try:
        heads.newest()
    except heads.KeyLost as lost:
        return [str(lost)]
    except heads.NotSigned:  # `audit verify` says it
        pass
    return []


def _misplaced(audit_dir: Path) -> list[str]:
    """What is wrong with where the key lies that signs heads of the audit."""
    before, own = heads.former_key_file(), audit_dir / "audit.sign"
    if not before.exists():
        return []
    place = own.with_name("audit.sign.before") if own.exists() else own
    act = f"mkdir -p -m 700 {own.parent} && mv {before} {place}"
    return [f"{before} signs heads of the audit and lies where every process reads it. Run: {act}"]


def _open_to_others(*folders: Path) -> list[str]:
    return [
        f"{path} can be read by others (mode {path.stat().st_mode & 0o777:o}). "
        f"Run: chmod {'700' if path.is_dir() else '600'} {path}"
        for path in _paths(folders)
        if path.stat().st_mode & 0o077
    ]


def _paths(folders: Iterable[Path]) -> list[Path]:
    found = [path for one in folders if one.exists() for path in (one, *one.iterdir())]
    return list(dict.fromkeys(found))
