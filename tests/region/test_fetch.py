"""Downloading from a server that is there, that has nothing, and that breaks off."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.region.land import census_files, region_map
from tipintake.directory.boundaries import version_in_force
from tipintake.directory.gazetteer import Gazetteer

pytestmark = pytest.mark.enable_socket


class Server:
    """Answers by path: bytes, a status, or a body shorter than it said."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | int] = {}
        self.cut = False
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                found = outer.files.get(self.path, 404)
                if isinstance(found, int):
                    self.send_response(found)
                    self.send_header("Location", "http://127.0.0.1:9/")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(found)))
                self.end_headers()
                self.wfile.write(found[: len(found) // 2] if outer.cut else found)

            def log_request(self, code: object = "-", size: object = "-") -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/geo/tiger"


@pytest.fixture
def server(region: Gazetteer, tmp_path: Path) -> Iterator[Server]:
    places, counties = census_files(tmp_path, region_map(region))
    one = Server()
    one.files["/geo/tiger/TIGER2024/PLACE/tl_2024_29_place.zip"] = places.read_bytes()
    one.files["/geo/tiger/TIGER2024/COUNTY/tl_2024_us_county.zip"] = counties.read_bytes()
    yield one
    one.http.shutdown()
    one.http.server_close()


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("load_boundaries", *arguments, stdout=out)
    return out.getvalue()


def test_the_files_of_a_state_and_year_are_downloaded_and_loaded(server: Server) -> None:
    said = told("--download", "MO", "2024", "--source", server.address)
    assert "153 municipalities, 6 counties" in said
    assert version_in_force()
    assert len(server.asked) == 2


def test_a_dry_run_downloads_and_writes_nothing(server: Server) -> None:
    assert "Nothing was written" in told(
        "--download", "mo", "2024", "--source", server.address, "--dry-run"
    )
    assert version_in_force() == ""


@pytest.mark.parametrize(
    ("state", "year", "says"),
    [
        ("MO", "2031", "answered 404"),
        ("Missouri", "2024", "is no state; write it like MO or 29"),
        ("MO", "24", "is no year"),
        ("MO", "../2024", "is no year"),
    ],
)
def test_what_is_not_there_is_said(state: str, year: str, says: str, server: Server) -> None:
    with pytest.raises(CommandError, match=says):
        told("--download", state, year, "--source", server.address)
    assert version_in_force() == ""


def test_a_download_that_breaks_off_changes_nothing(server: Server) -> None:
    server.cut = True
    with pytest.raises(CommandError, match="Download it on another machine|broke off"):
        told("--download", "29", "2024", "--source", server.address)
    assert version_in_force() == ""


def test_a_redirect_to_elsewhere_is_not_followed(server: Server) -> None:
    server.files["/geo/tiger/TIGER2024/PLACE/tl_2024_29_place.zip"] = 302
    with pytest.raises(CommandError, match="answered 302|could not be read"):
        told("--download", "29", "2024", "--source", server.address)


@pytest.mark.parametrize("source", ["http://tiger.example", "ftp://tiger.example", "file:///etc"])
def test_files_that_decide_come_by_https(source: str) -> None:
    with pytest.raises(CommandError, match="is no https address"):
        told("--download", "MO", "2024", "--source", source)
