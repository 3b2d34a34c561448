"""A desk with tips that try every format, and an exporter that makes packages of them."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

import pikepdf
import pytest
from pytest_django import Settings

from reports import asking, bell, making, store
from reports.asking import Wish
from reports.lease import still
from reports.models import Export
from reports.tagged import texts_of
from tests.web.conftest import browser  # noqa: F401  a fixture
from tests.web.desk.conftest import (  # noqa: F401  fixtures of the desk
    Lines,
    LogOn,
    MakeTip,
    Photograph,
    See,
    desk_host,
    lines,
    log_on,
    make_tip,
    photograph,
    see,
)
from tests.web.desk.windows import home, open_window  # noqa: F401  fixtures
from tipintake.privacy import keys
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
ALL_FORMATS = ("csv", "geojson", "i2", "kml", "niem", "pdf", "summary", "xlsx")

AskFor = Callable[..., Export]
Account = Callable[..., User]


@pytest.fixture(autouse=True)
def exports_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.EXPORTS_DIR = tmp_path / "exports"
    monkeypatch.setattr(bell, "ring", lambda: None)
    return tmp_path / "exports"


@pytest.fixture
def account(lines: Lines) -> Account:  # noqa: F811
    def create(*roles: Role, name: str = "erin", lines: tuple[str, ...] = ()) -> User:
        accounts.create(name, roles=roles, lines=lines, actor="test", now=NOW)
        return User.objects.get(username=name)

    return create


@pytest.fixture
def exporter(account: Account) -> User:
    return account(Role.EXPORTER, lines=("wentzville-pd", "ofallon-pd", "child-protection"))


@pytest.fixture
def ask_for(lines: Lines, exporter: User) -> AskFor:  # noqa: F811
    """Ask for an export and let it be made."""

    def ask(
        *,
        to: str = "wentzville-pd",
        user: User | None = exporter,
        make: bool = True,
        now: datetime = NOW,
        **given: Any,
    ) -> Export:
        wish = Wish(
            recipient=lines[to],
            **{
                "purpose": "INVESTIGATION",
                "authority": "Case 26-0001",
                "level": "EVIDENCE",
                "formats": ALL_FORMATS,
                **given,
            },
        )
        requester = user.username if user else "manage.py"
        export = asking.ask(wish, user=user, requester=requester, now=now)
        if make:
            making.make_due(clock=lambda: now, heart=still)
        export.refresh_from_db()
        return export

    return ask


def package(export: Export) -> bytes:
    """The package as it would be downloaded."""
    assert export.state == Export.State.READY, (export.state, export.problem)
    from django.conf import settings  # noqa: PLC0415

    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    return b"".join(store.content(export, private))


@dataclass(frozen=True, slots=True)
class Package:
    """A package as it was downloaded, for tests that only read it or break a copy of it: one may
    be shared between them."""

    reference: str
    destroy_by: date | None
    content: bytes

    @classmethod
    def of(cls, export: Export) -> Self:
        return cls(export.reference, export.destroy_by, package(export))

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.content)) as bag:
            return {
                name.removeprefix(f"{self.reference}/"): bag.read(name) for name in bag.namelist()
            }

    def unpacked(self, folder: Path) -> Path:
        with zipfile.ZipFile(io.BytesIO(self.content)) as bag:
            bag.extractall(folder)
        return folder / self.reference


def files_of(export: Export) -> dict[str, bytes]:
    return Package.of(export).files()


@pytest.fixture(scope="module")
def shelf() -> list[Package]:
    """Where a module keeps the package that its tests share."""
    return []


def every_byte(export: Export) -> Iterator[tuple[str, bytes]]:
    """Each file of the package, each file inside a workbook, each stream and text of a PDF."""
    for name, content in files_of(export).items():
        yield name, content
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                for inner in book.namelist():
                    yield f"{name}:{inner}", book.read(inner)
        if name.endswith(".pdf"):
            yield from inside_pdf(name, content)


def inside_pdf(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """What stands in a PDF once it is opened: streams, every text, and what its pages say."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for number, one in enumerate(pdf.objects):
            if isinstance(one, pikepdf.Stream) and "/DCTDecode" not in str(one.get("/Filter", "")):
                yield f"{name}:{number}", one.read_bytes()
        opened = io.BytesIO()
        pdf.save(opened, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        yield f"{name}:opened", opened.getvalue()
        yield f"{name}:strings", "\n".join(_strings(pdf)).encode("utf-8", "replace")
    pages = " ".join(texts_of(content))
    yield f"{name}:text", " ".join(pages.split()).encode()
    yield f"{name}:text without blanks", "".join(pages.split()).encode()


def _strings(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Titles, alt texts, bookmarks, names: whatever is a text in some dictionary."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            for value in one.values():
                if isinstance(value, pikepdf.String):
                    yield str(value)


def text_of(pdf: bytes) -> str:
    """What its pages say, blanks and line ends made one blank."""
    return " ".join(" ".join(texts_of(pdf)).split())
