"""Parsers of files: pictures, PDFs, backups, packages, region packs, boundaries."""

import atexit
import gzip
import io
import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2
import pyrage
from django.conf import settings
from hypothesis import strategies as st
from PIL import Image

from config.backup import archive, restore
from config.backup.make import FORMAT, VERSION
from reports.package import verify
from tests.fuzz.target import Target, says_something
from tests.fuzz.texts import bytes_from, texts
from tests.privacy.attachments.corpus import RAW, exif, saved, scene
from tipintake.door.uploads import PicturesInMemory
from tipintake.privacy.attachments import Unusable, pictures, sanitize
from tipintake.region.agency_csv import CannotRead, decoded
from tipintake.region.boundaries.files import BadFile, read_boundaries
from tipintake.region.entries import PackError
from tipintake.region.pack import FILES, read_pack
from tipintake.tips import purged

logging.getLogger("PIL").setLevel(logging.CRITICAL)
HERE = Path(tempfile.mkdtemp(prefix="tipintake-fuzz-"))
atexit.register(shutil.rmtree, HERE, ignore_errors=True)


@cache
def seeds_of_pictures() -> list[bytes]:
    tagged = exif(6)
    small = scene(size=(24, 18))
    made = [
        saved(small, kind, **more)
        for kind, more in (
            ("JPEG", {"exif": tagged}),
            ("PNG", {"exif": tagged}),
            ("WEBP", {"exif": tagged}),
            ("GIF", {}),
            ("TIFF", {"exif": tagged}),
            ("AVIF", {"exif": tagged}),
            ("HEIF", {"exif": tagged.tobytes()}),
        )
    ]
    frames = [scene(size=(12, 9)) for _ in range(3)]
    made.append(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    made.append(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
    return made


PICTURE_TOKENS = (
    *(
        b"\xff\xd8",
        b"\xff\xd9",
        b"\xff\xe1",
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"IHDR",
        b"IDAT",
    ),
    *(
        b"ftypheic",
        b"ftypavif",
        b"RIFF",
        b"VP8X",
        b"II*\x00",
        b"MM\x00*",
        b"GIF89a",
        b"%PDF-1.4\n",
        RAW,
    ),
)


def picture(data: bytes) -> None:
    """In this process, without the child's limits: any crash of ours would show."""
    if data.startswith(b"%PDF-"):
        return
    try:
        found = pictures.opened(data)
    except pictures.Refused:
        return
    except Exception:  # noqa: BLE001  the decoders' own: the child calls each "unopenable"
        return
    for page in found.pages:
        for jpeg in (page.jpeg, page.preview):
            assert RAW not in jpeg
            with Image.open(io.BytesIO(jpeg)) as made:
                assert made.format == "JPEG"
                assert not made.getexif()


def picture_in_child(data: bytes) -> None:
    try:
        found = sanitize(data)
    except Unusable:
        return
    for jpeg in (*found.pages, *found.previews):
        assert jpeg.startswith(b"\xff\xd8")
        assert RAW not in jpeg


@cache
def seeds_of_pdfs() -> list[bytes]:
    out = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    for size in ((100, 80), (14_400, 14_400), (1, 1)):
        document.new_page(*size)
    document.save(out)
    drawn = io.BytesIO()
    scene(size=(40, 30)).save(drawn, "PDF", title=RAW.decode())
    return [out.getvalue(), drawn.getvalue()]


PDF_TOKENS = (
    *(
        b"%PDF-1.7\n",
        b"%%EOF",
        b"endobj",
        b"stream\n",
        b"<<",
        b">>",
        b"/MediaBox [0 0 1e9 1e9]",
        b"[",
        b"]",
    ),
    *(
        b"/Kids [1 0 R]",
        b"/Count 99999999",
        b"/JS (x)",
        b"/OpenAction",
        b"/Filter /FlateDecode",
        b"0 0 0 0",
    ),
    *(
        b"/MediaBox [0 0 0 0]",
        b"/MediaBox [0 0 -5 5]",
        b"/Rotate 45",
        b"/UserUnit 1e9",
        b"/Encrypt 1 0 R",
    ),
)


def pdf_in_child(data: bytes) -> None:
    picture_in_child(data if data.startswith(b"%PDF-") else b"%PDF-1.4\n" + data)


# --- Backups ---------------------------------------------------------------------------------

IDENTITY = pyrage.x25519.Identity.generate()
MANIFEST = json.dumps(
    {"format": FORMAT, "version": VERSION, "made_at": "2026-11-14", "migrations": [], "tables": {}}
).encode()
MEMBERS = (
    ("manifest.json", MANIFEST),
    ("rows/tipintake_line/000000.jsonl.gz", gzip.compress(b'["x"]\n')),
    ("keys/receipt.pepper", b"x" * 32),
    ("end.json", b'{"rows": {"tipintake_line": 1}}'),
)


def tar_of(members: tuple[tuple[str, bytes], ...]) -> bytes:
    return b"".join(archive._tar(members))


def with_one_changed(value: tuple[int, bytes]) -> bytes:
    at, content = value
    changed = [(n, content if n == at else one) for n, (_name, one) in enumerate(MEMBERS)]
    return tar_of(tuple((MEMBERS[n][0], one) for n, one in changed))


CHANGED_MEMBERS = st.sampled_from(range(len(MEMBERS))).flatmap(
    lambda at: st.tuples(
        st.just(at), bytes_from([MEMBERS[at][1]], b"[", b"null", b"{}", b'"rows"', b"1e9", b"\xff")
    )
)


def backup(plain: bytes) -> None:
    """Somebody who knows the recovery key's public half makes a file that opens."""
    path = HERE / "backup.age"
    path.write_bytes(pyrage.encrypt(plain, [IDENTITY.to_public()]))
    looks_at(path)


def backup_as_stored(data: bytes) -> None:
    path = HERE / "stored.age"
    path.write_bytes(data)
    looks_at(path)


def looks_at(path: Path) -> None:
    try:
        restore.look(path, [IDENTITY])
    except (archive.CannotOpen, restore.CannotRestore) as problem:
        says_something(problem)


# --- Packages --------------------------------------------------------------------------------


@cache
def seeds_of_packages() -> list[bytes]:
    files = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": b"Payload-Oxum: 1.1\nBagging-Date: 2026-11-14\n",
        "data/tips.csv": b"x",
        "manifest-sha256.txt": b"0" * 64 + b"  data/tips.csv\n",
        "tagmanifest-sha256.txt": b"0" * 64 + b"  bagit.txt\n",
    }
    made = []
    for root in ("export/", "", "../"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as zipped:
            for name, content in files.items():
                zipped.writestr(root + name, content)
        made.append(out.getvalue())
    return made


def package(data: bytes) -> None:
    path = HERE / "package.zip"
    path.write_bytes(data)
    try:
        found = verify.verify(path, trusted=None)
    except verify.NotAPackage as problem:
        says_something(problem)
        return
    assert found.problems


# --- Regions ---------------------------------------------------------------------------------

PACK_TOKENS = (
    *(
        b",",
        b'"',
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b"[line]",
        b"= ",
        b"true",
        b"2026-13-45",
        b"nan",
    ),
    *(b"99999999999999999999", b"''", b"[[referral]]", b"\xef\xbb\xbf", b"1e999", b"=cmd()", b";"),
)


@cache
def pack_folder() -> Path:
    folder = HERE / "pack"
    shutil.copytree(Path(settings.REGIONS_DIR) / settings.REGION, folder)
    return folder


def seeds_of_pack() -> list[tuple[str, bytes]]:
    folder = Path(settings.REGIONS_DIR) / settings.REGION
    return [(name, (folder / name).read_bytes()) for name in FILES]


def pack(value: tuple[str, bytes]) -> None:
    name, content = value
    path = pack_folder() / name
    whole = path.read_bytes()
    try:
        path.write_bytes(content)
        read_pack(pack_folder()).gazetteer()
    except PackError as problem:
        says_something(problem)
    finally:
        path.write_bytes(whole)


def agencies(data: bytes) -> None:
    try:
        decoded(data)
    except CannotRead as problem:
        says_something(problem)


SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"GEOID": "2979000", "NAME": "Wentzville", "STATEFP": "29"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[-91, 38], [-90, 38], [-90, 39], [-91, 39], [-91, 38]]],
            },
        }
    ],
}
LAND_TOKENS = (
    *(
        b"[",
        b"]",
        b"null",
        b"1e999",
        b"NaN",
        b'"MultiPolygon"',
        b'"Point"',
        b"-91",
        b"{}",
        b"\xff",
    ),
    *(
        b"PK\x03\x04",
        b"[[]]",
        b"[[[-91,38]]]",
        b'"crs":{"properties":{"name":"EPSG:3857"}},',
        b"9" * 400,
    ),
)


@cache
def zipped_shape() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zipped:
        for end in ("shp", "shx", "dbf", "prj"):
            zipped.writestr(f"tl_2024_29_place.{end}", bytes(120))
    return out.getvalue()


def boundaries(data: bytes) -> None:
    path = HERE / "land.geojson"
    path.write_bytes(data)
    try:
        read_boundaries(path, states={"29"})
    except BadFile as problem:
        says_something(problem)


def marks(data: bytes) -> None:
    path = HERE / "purged.marks"
    path.write_bytes(data)
    try:
        purged.read(path)
    except purged.NotMarks as problem:
        says_something(problem)


def upload(value: tuple[list[tuple[str, bytes]], str]) -> None:
    """Whatever the file's name and type, neither reaches what is kept of it."""
    chunks, name = value
    handler = PicturesInMemory()
    handler.new_file("photos", name, name, 1, "utf-8", {})
    for _kind, chunk in chunks:
        handler.receive_data_chunk(chunk, 0)
    kept = handler.file_complete(0)
    assert kept.name == "file"


def of(seeds: Callable[[], list[bytes]], *tokens: bytes) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: bytes_from(seeds(), *tokens))


PACKS = st.sampled_from(range(len(FILES))).flatmap(
    lambda at: st.tuples(
        st.just(FILES[at]), st.deferred(lambda: bytes_from([seeds_of_pack()[at][1]], *PACK_TOKENS))
    )
)
GEOJSON = json.dumps(SQUARE).encode()

ON_FILES = (
    Target("pictures", of(seeds_of_pictures, *PICTURE_TOKENS), picture),
    Target(
        "pictures in the child",
        of(seeds_of_pictures, *PICTURE_TOKENS),
        picture_in_child,
        slow=True,
    ),
    Target("pdfs in the child", of(seeds_of_pdfs, *PDF_TOKENS), pdf_in_child, slow=True),
    Target(
        "backups", bytes_from([tar_of(MEMBERS)], b"\x80", b"\xff" * 8, b"7" * 11, b"{}"), backup
    ),
    Target("backups changed inside", CHANGED_MEMBERS.map(with_one_changed), backup),
    Target(
        "backups as stored",
        of(lambda: [pyrage.encrypt(tar_of(MEMBERS), [IDENTITY.to_public()])], b"\xff", b"age"),
        backup_as_stored,
    ),
    Target(
        "packages",
        of(seeds_of_packages, b"PK\x01\x02", b"/", b"\x00", b"..", b"\xff\xff"),
        package,
    ),
    Target("packs", PACKS, pack, examples=5),
    Target("agencies", bytes_from([b"code,name\nx,y\n"], *PACK_TOKENS), agencies),
    Target(
        "boundaries",
        st.deferred(lambda: bytes_from([GEOJSON, zipped_shape()], *LAND_TOKENS)),
        boundaries,
    ),
    Target("marks of purged tips", bytes_from([b"0" * 32 + b"\n", b""], b"\xff", b"\n"), marks),
    Target(
        "file names",
        st.tuples(st.lists(st.tuples(st.just(""), st.binary(max_size=9)), max_size=3), texts()),
        upload,
    ),
)
