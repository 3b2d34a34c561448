"""A browser understands every name in our Permissions-Policy: an unknown one is an error in its
console, and switches nothing off.
"""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tipintake.door.headers import DESK_PERMISSIONS, PUBLIC_PERMISSIONS

pytestmark = pytest.mark.browser

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        policy = DESK_PERMISSIONS if self.path == "/desk" else PUBLIC_PERMISSIONS
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Permissions-Policy", policy)
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>x</title>")

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture
def pages() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_chromium_knows_every_feature_that_we_switch_off(pages: str) -> None:
    if not CHROMIUM.exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1 and there is no browser at {CHROMIUM}")
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, so no page was seen in one")
    said: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        for path in ("/", "/desk"):
            page.goto(pages + path)
            page.wait_for_load_state("networkidle")
        allowed = page.evaluate("document.featurePolicy.allowsFeature('geolocation')")
        browser.close()
    assert [one for one in said if "Permissions-Policy" in one] == []
    assert not allowed
