"""A package is a BagIt bag (RFC 8493) in a zip: payload, manifests, who asked for it, signature.

    E-XXXX-XXXX/
      bagit.txt  bag-info.txt  signing.pem
      manifest-sha256.txt  manifest-sha512.txt         every file of data/
      tagmanifest-sha256.txt  tagmanifest-sha512.txt   every file above
      signature.ed25519                                over tagmanifest-sha512.txt, 64 raw bytes
      data/tips.jsonl                                  each tip's record, one line of JSON
      data/tip-hashes.txt                              SHA-256 of each line, and its tip number
      data/...                                         the formats

The signature covers the last manifest, that the others, and they every byte: whoever has the
installation's public key sees any change. `manage.py verify_export` and openssl both check it.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, BinaryIO, cast

from reports.package.parts import Part, Parts
from reports.package.squeezing import LEVEL, STORED
from tipintake.privacy.signing import PrivateSigningKey

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SIGNATURE = "signature.ed25519"
SIGNED = "tagmanifest-sha512.txt"
KEY = "signing.pem"
ALGORITHMS = ("sha256", "sha512")


def write_bag(
    out: BinaryIO,
    parts: Parts,
    *,
    name: str,
    info: Mapping[str, str],
    signing: PrivateSigningKey,
    now: datetime,
    alive: Callable[[], None] = lambda: None,
) -> None:
    """The whole package as a zip, written forward only."""
    stamp = now.timetuple()[:6]
    tags: dict[str, Callable[[], Iterable[bytes]]] = {
        "bagit.txt": lambda: (BAGIT,),
        "bag-info.txt": lambda: (bag_info(info, parts, now),),
        KEY: lambda: (signing.public.pem.encode(),),
        **{f"manifest-{one}.txt": _manifest(parts, one) for one in ALGORITHMS},
    }
    digests: dict[str, list[str]] = {one: [] for one in ALGORITHMS}
    with zipfile.ZipFile(out, "w", allowZip64=True) as bag:
        for part, blocks in parts.payload():
            _put(bag, f"{name}/{part.path}", blocks, stamp, part=part)
            alive()
        for path, content in tags.items():
            hashes = {one: hashlib.new(one) for one in ALGORITHMS}
            _put(bag, f"{name}/{path}", _hashed(content(), hashes.values()), stamp)
            for one, digest in hashes.items():
                digests[one].append(f"{digest.hexdigest()}  {path}\n")
        for one in ALGORITHMS:
            _put(bag, f"{name}/tagmanifest-{one}.txt", ("".join(digests[one]).encode(),), stamp)
        signed = "".join(digests["sha512"]).encode()
        _put(bag, f"{name}/{SIGNATURE}", (signing.sign(signed),), stamp)


def bag_info(info: Mapping[str, str], parts: Parts, now: datetime) -> bytes:
    """`Label: value` lines; a value is one line."""
    lines = {
        "Bagging-Date": now.date().isoformat(),
        "Payload-Oxum": f"{parts.octets}.{parts.count}",
        "Bag-Software-Agent": "tipintake",
        **info,
    }
    return "".join(
        f"{label}: {' '.join(text.split())}\n" for label, text in lines.items()
    ).encode()


def _manifest(parts: Parts, algorithm: str) -> Callable[[], Iterable[bytes]]:
    return lambda: parts.manifest(algorithm)


def _hashed(blocks: Iterable[bytes], hashes: Iterable["hashlib._Hash"]) -> Iterator[bytes]:
    for block in blocks:
        for one in hashes:
            one.update(block)
        yield block


def _put(
    bag: zipfile.ZipFile,
    path: str,
    blocks: Iterable[bytes],
    stamp: tuple[int, ...],
    *,
    part: Part | None = None,
) -> None:
    entry = zipfile.ZipInfo(path, stamp)  # type: ignore[arg-type]  # six numbers
    stored = path.endswith(STORED)
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001  no public name in 3.11
    entry.external_attr = 0o600 << 16
    with bag.open(entry, "w", force_zip64=part is not None and part.size > 2**31) as file:
        if part is not None and part.crc is not None:
            _put_deflated(cast("Any", file), blocks, part.size, part.crc)
            return
        for block in blocks:
            file.write(block)


def _put_deflated(file: Any, blocks: Iterable[bytes], size: int, crc: int) -> None:
    """Content that was deflated while it was made. `zipfile` has no public way to take it."""
    file._compressor = _Deflated()  # noqa: SLF001
    for block in blocks:
        file.write(block)
    file._file_size, file._crc = size, crc  # noqa: SLF001


class _Deflated:
    """In place of a compressor."""

    def compress(self, block: bytes) -> bytes:
        return block

    def flush(self) -> bytes:
        return b""
