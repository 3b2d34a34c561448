"""A package proves what it is: the same tip has the same hash, and any change shows."""

import errno
import hashlib
import io
import stat
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django import Settings

from reports import taking
from reports.models import Dissemination, Export
from reports.package.bag import write_bag
from reports.package.parts import Parts
from reports.package.verify import NotAPackage, verify
from tests.reports.conftest import NOW, AskFor, Package, files_of, package
from tests.web.desk.conftest import MakeTip, See
from tipintake.pipeline.retain import purge_test
from tipintake.privacy import keys
from tipintake.privacy.seal import DataKey
from tipintake.privacy.signing import PrivateSigningKey, PublicSigningKey
from tipintake.tips.models import Tip

pytestmark = pytest.mark.django_db

TO_WENTZVILLE = [
    *("--recipient", "wentzville-pd", "--purpose", "PROSECUTION", "--authority", "26-7"),
]


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


@pytest.fixture
def export(tip: Tip, make_tip: MakeTip, ask_for: AskFor) -> Export:
    make_tip("wentzville-pd", narrative="Another one, at the truck stop by the highway.")
    return ask_for()


@pytest.fixture
def made(shelf: list[Package], request: pytest.FixtureRequest) -> Package:
    """That export's package, made once for all that only read it or break a copy of it."""
    if not shelf:
        shelf.append(Package.of(request.getfixturevalue("export")))
    return shelf[0]


def trusted() -> PublicSigningKey:
    return keys.signing_public(settings.KEYS_DIR)


def test_another_export_has_another_id_and_the_same_hashes(
    export: Export, ask_for: AskFor
) -> None:
    again = ask_for(formats=["kml"])
    assert again.reference != export.reference
    hashes = "data/tip-hashes.txt"
    assert files_of(again)[hashes] == files_of(export)[hashes]
    assert list(again.tips.order_by("position").values_list("tip_hash", flat=True)) == list(
        export.tips.order_by("position").values_list("tip_hash", flat=True)
    )


def test_work_on_a_tip_leaves_its_hash_and_new_evidence_changes_it(
    tip: Tip, ask_for: AskFor
) -> None:
    before = files_of(ask_for())["data/tip-hashes.txt"]
    Tip.objects.filter(pk=tip.pk).update(status="SCREENED", source_grade="B", content_grade="2")
    assert files_of(ask_for())["data/tip-hashes.txt"] == before
    tip.vehicles.update(colour1="white")
    assert files_of(ask_for())["data/tip-hashes.txt"] != before


def test_a_whole_package_is_accepted(made: Package, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(made.content)
    found = verify(path, trusted=trusted())
    assert found.problems == []
    assert (found.tips, found.key) == (2, trusted().id)
    assert found.info["Recipient"] == "Wentzville Police"
    assert found.info["Authority"] == "Case 26-0001"
    out = io.StringIO()
    call_command("verify_export", str(path), stdout=out)
    assert f"{made.reference} is whole" in out.getvalue()
    assert "the key that you trust" in out.getvalue()


def test_openssl_accepts_the_signature(made: Package, tmp_path: Path) -> None:
    bag = made.unpacked(tmp_path)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "signing.pem", "-rawin",
               "-in", "tagmanifest-sha512.txt", "-sigfile", "signature.ed25519"]  # fmt: skip
    assert subprocess.run(command, cwd=bag, capture_output=True, check=False).returncode == 0
    info = bag / "tagmanifest-sha512.txt"
    info.write_bytes(info.read_bytes() + b"x")
    assert subprocess.run(command, cwd=bag, capture_output=True, check=False).returncode != 0


def _swap_hash(bag: Path) -> None:
    hashes = bag / "data/tip-hashes.txt"
    lines = hashes.read_text().splitlines()
    hashes.write_text("\n".join(reversed(lines)) + "\n")


def _rehash(bag: Path) -> None:
    """A forger who writes every manifest anew, but cannot sign."""
    (bag / "data/README.txt").write_text("Nothing to see.")
    size = sum(path.stat().st_size for path in (bag / "data").rglob("*") if path.is_file())
    count = sum(1 for path in (bag / "data").rglob("*") if path.is_file())
    info = (bag / "bag-info.txt").read_text()
    lines = [
        f"Payload-Oxum: {size}.{count}" if line.startswith("Payload-Oxum") else line
        for line in info.splitlines()
    ]
    (bag / "bag-info.txt").write_text("\n".join(lines) + "\n")
    for kind, paths in (("manifest", [*(bag / "data").rglob("*")]), ("tagmanifest", None)):
        for name in ("sha256", "sha512"):
            found = paths or [
                path
                for path in bag.iterdir()
                if path.is_file() and not path.name.startswith(("tagmanifest", "signature"))
            ]
            (bag / f"{kind}-{name}.txt").write_text(
                "".join(
                    f"{hashlib.new(name, path.read_bytes()).hexdigest()}  "
                    f"{path.relative_to(bag).as_posix()}\n"
                    for path in sorted(found)
                    if path.is_file()
                )
            )


def _written(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"%PDF")


def _appended(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def _listed_once(bag: Path) -> None:
    (bag / "NOTICE.txt").write_text("Keep it for good.")
    digest = hashlib.sha256((bag / "NOTICE.txt").read_bytes()).hexdigest()
    _appended(bag / "tagmanifest-sha256.txt", f"{digest}  NOTICE.txt\n")


def _linked(bag: Path) -> None:
    (bag / "data/tips.kml").rename(bag.parent / "outside.kml")
    (bag / "data/tips.kml").symlink_to(bag.parent / "outside.kml")


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed file": (
        lambda bag: (bag / "data/tips.kml").write_bytes(b"<kml/>"),
        "tips.kml is not the file",
    ),
    "a removed file": (lambda bag: (bag / "data/tips.kml").unlink(), "not in the package"),
    "an added file": (
        lambda bag: (bag / "data/extra.txt").write_text("x"),
        "no manifest lists it",
    ),
    "a notice beside the data": (
        lambda bag: (bag / "NOTICE.txt").write_text("Keep it for good."),
        "NOTICE.txt is in the package, but no manifest lists it",
    ),
    "a folder beside the data": (
        lambda bag: _written(bag / "other/packet.pdf"),
        "other/packet.pdf is in the package, but no manifest lists it",
    ),
    "an empty folder": (lambda bag: (bag / "data/Case closed").mkdir(), "is an empty folder"),
    "files to fetch": (
        lambda bag: (bag / "fetch.txt").write_text("https://x.example/ 1 data/x\n"),
        "fetch.txt is in the package",
    ),
    "a third manifest": (
        lambda bag: (bag / "manifest-md5.txt").write_text(f"{'0' * 32}  data/tips.kml\n"),
        "manifest-md5.txt is in the package",
    ),
    "a remark in a manifest": (
        lambda bag: _appended(bag / "tagmanifest-sha256.txt", "Checked by the county.\n"),
        "more than a hash and a name",
    ),
    "a name twice in a manifest": (
        lambda bag: _appended(bag / "tagmanifest-sha256.txt", f"{'0' * 64}  bagit.txt\n" * 2),
        "more than a hash and a name",
    ),
    "a file listed in one manifest alone": (_listed_once, "NOTICE.txt is not the file"),
    "a link for a file": (_linked, "tips.kml is a link"),
    "a link to a folder": (lambda bag: (bag / "data/more").symlink_to("/etc"), "is a link"),
    "a changed bag-info": (
        lambda bag: (bag / "bag-info.txt").write_text("Recipient: Somebody else\n"),
        "bag-info.txt is not the file",
    ),
    "no signature": (lambda bag: (bag / "signature.ed25519").unlink(), "is not signed"),
    "no manifest": (lambda bag: (bag / "manifest-sha512.txt").unlink(), "missing or empty"),
    "hashes of other tips": (_swap_hash, "does not fit its hash"),
    "a forger without the key": (_rehash, "changed after it was signed"),
    "another key inside": (
        lambda bag: (bag / "signing.pem").write_text(PrivateSigningKey(bytes(32)).public.pem),
        "not with the key",
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_said(change: str, made: Package, tmp_path: Path) -> None:
    bag = made.unpacked(tmp_path)
    spoil, said = CHANGES[change]
    spoil(bag)
    problems = verify(bag, trusted=trusted()).problems
    assert any(said in problem for problem in problems), problems
    with pytest.raises(CommandError, match="is not as it was made"):
        call_command("verify_export", str(bag), stdout=io.StringIO())


def test_a_link_in_a_zip_is_refused(made: Package, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(made.content)
    with zipfile.ZipFile(path, "a") as bag:
        link = zipfile.ZipInfo(f"{made.reference}/data/more")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        bag.writestr(link, "/etc/passwd")
    assert any("is a link" in one for one in verify(path, trusted=trusted()).problems)


def _commented(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as bag:
        bag.comment = b"Checked by the county."


def _one_commented(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as bag:
        bag.infolist()[0].comment = b"Checked by the county."
        bag.comment = b"x"
        bag.comment = b""


def _put_before(path: Path) -> None:
    path.write_bytes(b"Checked by the county." + path.read_bytes())


def _put_before_and_counted(path: Path) -> None:
    """As `zip -A` does: every place in the zip is moved."""
    inside = [_content(path, name) for name in _names(path)]
    path.write_bytes(b"Checked by the county.")
    with zipfile.ZipFile(path, "a") as bag:
        for name, content in inside:
            bag.writestr(name, content)


def _names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as bag:
        return bag.namelist()


def _content(path: Path, name: str) -> tuple[str, bytes]:
    with zipfile.ZipFile(path) as bag:
        return name, bag.read(name)


def _put_between(path: Path) -> None:
    """A file that no list names any more."""
    with zipfile.ZipFile(path, "a") as bag:
        bag.writestr("E/hidden.txt", b"Checked by the county.")
        bag.writestr("E/last.txt", b"")
        for name in ("E/hidden.txt", "E/last.txt"):
            bag.filelist.remove(bag.NameToInfo.pop(name))


BESIDE: dict[str, tuple[Callable[[Path], object], str]] = {
    "before": (_put_before, "before the first file"),
    "before, and counted": (_put_before_and_counted, "before the first file"),
    "between": (_put_between, "between the files"),
    "after": (
        lambda path: path.write_bytes(path.read_bytes() + b"Checked by the county."),
        "after the end",
    ),
    "after, a byte": (lambda path: path.write_bytes(path.read_bytes() + b"x"), "after the end"),
    "a comment": (_commented, "a comment"),
    "a comment of a file": (_one_commented, "a comment"),
}


@pytest.mark.parametrize("where", BESIDE)
def test_nothing_may_stand_beside_the_files_of_a_zip(
    where: str, made: Package, tmp_path: Path
) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(made.content)
    add, said = BESIDE[where]
    add(path)
    problems = verify(path, trusted=trusted()).problems
    assert len(problems) == 1
    assert said in problems[0]
    with pytest.raises(CommandError, match="is not as it was made"):
        call_command("verify_export", str(path), stdout=io.StringIO())


@pytest.mark.parametrize("forward", [True, False], ids=["forward only", "a file"])
def test_a_big_package_is_accepted(
    forward: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the end records of a big zip, and where each file is described behind it."""
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 3)
    opened = zipfile.ZipFile.open

    def long(self: zipfile.ZipFile, name: Any, mode: Any = "r", **given: Any) -> Any:
        return opened(self, name, mode, **{**given, "force_zip64": mode == "w"})

    monkeypatch.setattr(zipfile.ZipFile, "open", long)
    key, path = PrivateSigningKey(bytes(32)), tmp_path / "p.zip"
    parts = Parts(tmp_path / "parts", DataKey.new())
    parts.whole("tips.jsonl", b"{}\n")
    parts.whole("tip-hashes.txt", f"{hashlib.sha256(b'{}').hexdigest()}  T-1\n".encode())
    parts.whole("README.txt", bytes(range(256)) * 20)
    parts.close()
    with path.open("wb") as file:
        out = _Forward(file) if forward else file
        write_bag(out, parts, name="E", info={}, signing=key, now=NOW)  # type: ignore[arg-type]
    assert b"PK\x06\x06" in path.read_bytes()
    assert verify(path, trusted=key.public).problems == []


class _Forward(io.RawIOBase):
    """A file that cannot be sought in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, content: bytes, /) -> int:  # type: ignore[override]
        return self._file.write(content)


def test_without_a_known_key_nothing_is_proven(
    made: Package, tmp_path: Path, settings: Any
) -> None:
    """A stranger can sign too, with a key that lies in the package."""
    bag, key = made.unpacked(tmp_path), tmp_path / "signing.pem"
    key.write_text(trusted().pem)
    settings.KEYS_DIR = tmp_path / "of-a-recipient"
    with pytest.raises(CommandError, match="^NOT proven to come from anybody"):
        call_command("verify_export", str(bag))
    with pytest.raises(CommandError, match="cannot be read .No such file"):
        call_command("verify_export", str(bag), key=tmp_path / "another.pem")
    out = io.StringIO()
    call_command("verify_export", str(bag), key=key, stdout=out)
    assert "the key that you trust" in out.getvalue()


def test_any_single_flipped_byte_of_the_zip_is_noticed(made: Package, tmp_path: Path) -> None:
    whole = made.content
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(io.BytesIO(whole)) as bag:
        inside = [(one.header_offset, one.compress_size, one.filename) for one in bag.infolist()]
    for offset, size, name in inside:
        broken = bytearray(whole)
        at = offset + 30 + len(name) + size // 2
        broken[at] ^= 1
        path.write_bytes(bytes(broken))
        try:
            assert verify(path, trusted=trusted()).problems, name
        except NotAPackage:
            continue


def test_what_is_no_package_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    with pytest.raises(CommandError, match="is no zip"):
        call_command("verify_export", str(tmp_path / "x.zip"))
    with pytest.raises(CommandError, match="is not there"):
        call_command("verify_export", str(tmp_path / "y.zip"))


def test_a_package_is_sealed_for_its_recipient_alone(
    tip: Tip, ask_for: AskFor, tmp_path: Path
) -> None:
    theirs, stranger = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    export = ask_for(age_recipients=[str(theirs.to_public())])
    assert export.file_name.endswith(".zip.age")
    path = tmp_path / export.file_name
    path.write_bytes(package(export))
    assert b"Sunset Inn" not in path.read_bytes()
    for name, identity in (("theirs", theirs), ("stranger", stranger)):
        (tmp_path / name).write_text(f"# a key\n{identity}\n")
    out = io.StringIO()
    call_command("verify_export", str(path), identity=tmp_path / "theirs", stdout=out)
    assert "is whole" in out.getvalue()
    with pytest.raises(CommandError, match="does not open"):
        call_command("verify_export", str(path), identity=tmp_path / "stranger")
    with pytest.raises(CommandError, match="sealed for somebody"):
        call_command("verify_export", str(path))


def test_nothing_readable_lies_on_the_disk(
    tip: Tip, ask_for: AskFor, exports_folder: Path
) -> None:
    export = ask_for()
    files = [path for path in exports_folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    for word in (b"Sunset", b"7KX4", b"gray van", export.reference.encode(), b"PK\x03\x04"):
        assert all(word not in path.read_bytes() for path in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_the_command_writes_a_package_and_the_log_knows(
    tip: Tip, exports_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.zip"
    printed = io.StringIO()
    call_command(
        "export_tips", *TO_WENTZVILLE, "--format", "csv", "--out", str(out), stdout=printed
    )
    assert "1 tips" in printed.getvalue()
    assert verify(out, trusted=trusted()).problems == []
    assert out.stat().st_mode & 0o077 == 0
    entry = Dissemination.objects.get()
    assert (entry.by, entry.recipient, entry.authority) == (
        "manage.py", "Wentzville Police", "26-7",
    )  # fmt: skip
    with pytest.raises(CommandError, match="exists"):
        call_command("export_tips", *TO_WENTZVILLE, "--out", str(out))
    with pytest.raises(CommandError, match="There is no line"):
        call_command(
            "export_tips", "--recipient", "x", *TO_WENTZVILLE[2:], "--out", str(tmp_path / "n")
        )


def test_a_package_that_can_be_written_nowhere_is_neither_made_nor_noted(
    tip: Tip, exports_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=r"missing.out\.zip cannot be written \(No such file"):
        call_command("export_tips", *TO_WENTZVILLE, "--out", str(tmp_path / "missing" / "out.zip"))
    assert not Export.objects.exists()
    assert not Dissemination.objects.exists()


def test_a_package_that_was_broken_off_leaves_nothing_in_clear_and_hinders_no_other(
    tip: Tip, exports_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: Any, **_named: Any) -> Iterator[bytes]:
        yield b"the first words"
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "packages"
    folder.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(taking, "hand_over", full)
        with pytest.raises(CommandError, match="No space left"):
            call_command("export_tips", *TO_WENTZVILLE, "--out", str(folder / "out.zip"))
    assert list(folder.iterdir()) == []
    call_command("export_tips", *TO_WENTZVILLE, "--out", str(folder / "out.zip"))
    assert [one.name for one in folder.iterdir()] == ["out.zip"]


def test_a_fault_that_is_not_the_files_is_not_laid_to_it(
    tip: Tip, exports_folder: Path, tmp_path: Path, settings: Settings
) -> None:
    in_the_way = tmp_path / "in-the-way"
    in_the_way.touch()
    settings.EXPORTS_DIR = in_the_way / "exports"
    out = tmp_path / "out.zip"
    with pytest.raises(CommandError, match=r"was not made: .*in-the-way") as refused:
        call_command("export_tips", *TO_WENTZVILLE, "--out", str(out))
    assert "cannot be written" not in str(refused.value)
    assert not out.exists()


def test_a_tip_that_is_purged_while_its_package_is_made_is_not_written_and_the_command_says_why(
    tip: Tip, exports_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = taking.hand_over

    def once_purged(export: Export, **more: Any) -> Iterator[bytes]:
        purge_test(Tip.objects.all(), actor="test", now=NOW)
        return real(export, **more)

    monkeypatch.setattr(taking, "hand_over", once_purged)
    with pytest.raises(CommandError, match="was destroyed since"):
        call_command("export_tips", *TO_WENTZVILLE, "--out", str(tmp_path / "out.zip"))
    assert not list(tmp_path.glob("*out.zip*"))
    assert not Dissemination.objects.exists()


def test_check_exports_makes_one_of_each(tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("check_exports", stdout=out)
    assert out.getvalue().count("accepts it") >= 7
