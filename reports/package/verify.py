"""Whether a package is whole, unchanged and ours. Says in sentences what is wrong with it."""

import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from reports.package.bag import ALGORITHMS, BAGIT, KEY, SIGNATURE, SIGNED
from tipintake.privacy.signing import PublicSigningKey

BLOCK = 1 << 20
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
)
_LOCAL = struct.Struct("<4s5H3L2H")  # what stands before each file of a zip
_END = struct.Struct("<4s4H2LH")  # what stands last in a zip, without a comment
_DESCRIBED, _MOST_DESCRIBED = 0x08, 24
_LINE = re.compile(r"([0-9a-f]{64,128})  (\S.*)")


class NotAPackage(Exception):
    """The file cannot be read as a package at all; the sentence says why."""


@dataclass(slots=True)
class Verified:
    """What was found. `problems` empty: nothing was changed, and the signature is ours."""

    info: Mapping[str, str]
    key: str = ""
    files: int = 0
    tips: int = 0
    problems: list[str] = field(default_factory=list)


class _Bag:
    """The files of a package, in a zip or in a folder. `odd`: what is neither file nor folder."""

    def __init__(self, path: Path) -> None:
        self._zip: zipfile.ZipFile | None = None
        self.odd: list[str] = []
        self.folders: list[str] = []
        self.twice = False
        self._path = path
        if path.is_dir():
            self._root = path
            self.names = sorted(self._walked(path))
            return
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise NotAPackage(f"{path} is not there.") from None
        except _UNREADABLE:
            raise NotAPackage(
                f"{path} is no zip: it is cut off, or sealed for somebody. A file that ends in "
                ".age is opened with --identity KEYFILE."
            ) from None
        entries = {one.filename: one for one in self._zip.infolist()}
        roots = {PurePosixPath(one).parts[:1] for one in entries}
        if len(roots) != 1 or roots == {()}:
            raise NotAPackage("A package holds one folder; this zip does not.")
        self._prefix = "".join(roots.pop()) + "/"
        self.twice = len(self._zip.infolist()) != len(entries)
        inside = {name.removeprefix(self._prefix): one for name, one in entries.items()}
        self.folders = [name.rstrip("/") for name in inside if name.endswith("/")]
        self.odd = [name for name, one in inside.items() if stat.S_ISLNK(one.external_attr >> 16)]
        self.names = sorted(
            name for name in inside if name and not name.endswith("/") and name not in self.odd
        )

    def _walked(self, root: Path) -> Iterator[str]:
        """Its files. No link is followed, and nothing else is opened."""
        for here, folders, files in os.walk(root, followlinks=False):
            for name in (*folders, *files):
                path = Path(here, name)
                said = path.relative_to(root).as_posix()
                mode = path.lstat().st_mode
                if stat.S_ISREG(mode):
                    yield said
                elif stat.S_ISDIR(mode):
                    self.folders.append(said)
                else:
                    self.odd.append(said)

    def open(self, name: str) -> IO[bytes]:
        if self._zip is None:
            return (self._root / name).open("rb")
        return self._zip.open(self._prefix + name)

    def read(self, name: str) -> bytes:
        if name not in self.names:
            return b""
        with self.open(name) as file:
            return file.read()

    def beside(self) -> Iterator[str]:
        """What a zip holds besides files, in sentences."""
        if self._zip is not None:
            with self._path.open("rb") as file:
                yield from _beside(file, self._zip)


def _beside(file: IO[bytes], bag: zipfile.ZipFile) -> Iterator[str]:
    """Bytes that belong to no file, which no hash answers for: our zips have none."""
    entries = sorted(bag.infolist(), key=lambda one: one.header_offset)
    if bag.comment or any(one.comment for one in entries):
        yield "The zip carries a comment: it was added."
    if entries and entries[0].header_offset:
        yield "Something stands before the first file of the zip: it was added."
    ends = [*(one.header_offset for one in entries[1:]), bag.start_dir]
    if not all(_fills(file, one, end) for one, end in zip(entries, ends, strict=True)):
        yield "Something stands between the files of the zip: it was added."
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - _END.size - len(bag.comment), 0))
    signature, *_counts, comment = _END.unpack(file.read(_END.size).ljust(_END.size, b"\0"))
    if signature != b"PK\5\6" or comment != len(bag.comment):
        yield "Something stands after the end of the zip: it was added."


def _fills(file: IO[bytes], entry: zipfile.ZipInfo, end: int) -> bool:
    """Whether a file of a zip reaches from its header to where the next begins."""
    file.seek(entry.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size:
        return False
    signature, *_facts, name, extra = _LOCAL.unpack(header)
    over = end - (entry.header_offset + _LOCAL.size + name + extra + entry.compress_size)
    if signature != b"PK\3\4" or not 0 <= over <= _MOST_DESCRIBED:
        return False
    file.seek(end - over)
    return file.read(over) in _descriptors(entry)


def _descriptors(entry: zipfile.ZipInfo) -> set[bytes]:
    """What may follow the content of a file: its facts, where it was written forward only."""
    if not entry.flag_bits & _DESCRIBED:
        return {b""}
    facts = (entry.CRC, entry.compress_size, entry.file_size)
    shapes = ("<3L", "<L2Q") if max(facts) < 2**32 else ("<L2Q",)
    plain = {struct.pack(shape, *facts) for shape in shapes}
    return plain | {b"PK\7\x08" + one for one in plain}


def verify(path: Path, *, trusted: PublicSigningKey | None) -> Verified:
    """Raises NotAPackage. `trusted` is the key that the reader knows to be the installation's."""
    bag = _Bag(path)
    found = Verified({})
    try:
        found.info = _info(bag.read("bag-info.txt"))
        found.problems += _outline(bag)
        found.problems += _signature(bag, trusted, found)
        for kind in ("tagmanifest", "manifest"):
            found.problems += _manifests(bag, kind)
        found.problems += _added(bag)
        found.problems += _oxum(bag, found)
        found.problems += _tip_hashes(bag, found)
    except _UNREADABLE as error:
        found.problems.append(f"The package cannot be read to its end: {error}.")
    found.files = len(bag.names)
    return found


def _outline(bag: _Bag) -> Iterator[str]:
    if bag.read("bagit.txt") != BAGIT:
        yield "bagit.txt is missing or is not that of a BagIt 1.0 package."
    if bag.twice:
        yield "The zip holds two files of the same name."
    yield from bag.beside()
    for name in bag.names:
        if ".." in PurePosixPath(name).parts or name.startswith("/"):
            yield f"{name} points outside the package."
    for name in sorted(bag.odd):
        yield f"{name} is a link or no file at all: a package holds files alone."


def _signature(bag: _Bag, trusted: PublicSigningKey | None, found: Verified) -> Iterator[str]:
    try:
        inside = PublicSigningKey.from_pem(bag.read(KEY).decode("ascii"))
    except ValueError:
        yield f"{KEY} is missing or is no Ed25519 public key."
        return
    found.key = inside.id
    if SIGNATURE not in bag.names:
        yield "The package is not signed: signature.ed25519 is missing."
    elif not inside.accepts(bag.read(SIGNED), bag.read(SIGNATURE)):
        yield f"The signature does not fit {SIGNED}: the package was changed after it was signed."
    if trusted is not None and trusted != inside:
        yield (
            f"The package is signed with the key {inside.id}, not with the key {trusted.id} "
            "that you trust. Ask the installation which keys it has used."
        )


def _manifests(bag: _Bag, kind: str) -> Iterator[str]:
    listed = {one: dict(_lines(bag, f"{kind}-{one}.txt")) for one in ALGORITHMS}
    for one in ALGORITHMS:
        if not listed[one]:
            yield f"{kind}-{one}.txt is missing or empty."
        if not _is_plain(bag, f"{kind}-{one}.txt"):
            yield f"{kind}-{one}.txt holds more than a hash and a name a line: it was changed."
    names = {path for paths in listed.values() for path in paths}
    for name in sorted(names):
        if name not in bag.names:
            yield f"{name} is listed in a manifest, but it is not in the package."
            continue
        actual = _digests(bag, name)
        for one in ALGORITHMS:
            if listed[one].get(name) != actual[one]:
                yield f"{name} is not the file that {kind}-{one}.txt lists: it was changed."


def _added(bag: _Bag) -> Iterator[str]:
    """Whatever no manifest answers for, wherever it lies."""
    known = {SIGNATURE, *(f"tagmanifest-{one}.txt" for one in ALGORITHMS)}
    for kind in ("tagmanifest", "manifest"):
        for one in ALGORITHMS:
            known |= {name for name, _digest in _lines(bag, f"{kind}-{one}.txt")}
    for name in bag.names:
        if name not in known:
            yield f"{name} is in the package, but no manifest lists it: it was added."
    above = {parent.as_posix() for name in known for parent in PurePosixPath(name).parents}
    for name in sorted(set(bag.folders) - above - {""}):
        yield f"{name} is an empty folder: it was added."


def _oxum(bag: _Bag, found: Verified) -> Iterator[str]:
    sizes = []
    for name in bag.names:
        if name.startswith("data/"):
            with bag.open(name) as file:
                sizes.append(sum(len(block) for block in _blocks(file)))
    actual = f"{sum(sizes)}.{len(sizes)}"
    said = found.info.get("Payload-Oxum", "")
    if said != actual:
        yield f"bag-info.txt says that the payload is {said or 'nothing'}; it is {actual}."


def _tip_hashes(bag: _Bag, found: Verified) -> Iterator[str]:
    """Each record against its hash, line by line."""
    if not {"data/tips.jsonl", "data/tip-hashes.txt"} <= set(bag.names):
        yield "data/tips.jsonl and data/tip-hashes.txt are missing: no tip can be compared."
        return
    with bag.open("data/tips.jsonl") as records, bag.open("data/tip-hashes.txt") as hashes:
        for record in records:
            found.tips += 1
            said, _, reference = (
                hashes.readline().decode("ascii", "replace").strip().partition("  ")
            )
            if hashlib.sha256(record.rstrip(b"\n")).hexdigest() != said:
                yield f"The record of {reference or 'a tip'} does not fit its hash."
        if hashes.readline():
            yield "There are more hashes than records."


def _info(text: bytes) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.decode("utf-8", "replace").splitlines())
    return {label: value for label, found, value in pairs if found}


def _lines(bag: _Bag, manifest: str) -> Iterator[tuple[str, str]]:
    for line in bag.read(manifest).decode("utf-8", "replace").split("\n"):
        if match := _LINE.fullmatch(line):
            yield match[2], match[1]


def _is_plain(bag: _Bag, manifest: str) -> bool:
    """Whether each line is a hash and a name, and no name stands there twice."""
    text = bag.read(manifest).decode("utf-8", "replace")
    names = [name for name, _digest in _lines(bag, manifest)]
    return text.count("\n") == len(names) == len(set(names)) and text.endswith("\n")


def _digests(bag: _Bag, name: str) -> dict[str, str]:
    hashes = {one: hashlib.new(one) for one in ALGORITHMS}
    with bag.open(name) as file:
        for block in _blocks(file):
            for one in hashes.values():
                one.update(block)
    return {one: digest.hexdigest() for one, digest in hashes.items()}


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block
