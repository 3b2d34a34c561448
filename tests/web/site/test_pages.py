import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.web.residents import SEEN, Page, Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line, Referral

PATHS = [
    "/",
    "/r/all/",
    "/back/",
    "/help/",
    "/privacy/",
    "/safety/",
    "/after/",
    "/done/",
    "/exit/",
    "/nothing-here/",
]
EVERYWHERE = [language + path for language in ("", "/es") for path in PATHS]
KILOBYTE = 1024
STATIC = Path(settings.BASE_DIR) / "tipintake" / "static"
SHARED = ("site.css", "site.js")
NUMBERS_AND_NAMES = re.compile(
    r"[^a-z]*$|I-\d|https?:|TTY|CyberTip|(Color|Bar|Club|Hotel|Spa)$", re.I
)


@pytest.fixture
def client(region: Gazetteer) -> Client:
    return Client()


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_page_keeps_the_promises_of_every_page(client: Client, path: str) -> None:
    page = Page(client.get(path))
    assert page.lang == ("es" if path.startswith("/es") else "en")
    assert page.title
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headings
    assert len(page.ids) == len(set(page.ids))
    for tag, attrs in page.tags:
        assert tag != "style"
        assert "style" not in attrs
        assert not any(name.startswith("on") for name in attrs)
        if tag == "script":
            assert attrs["src"].startswith("/static/")
        if tag in {"img", "link", "iframe"}:
            assert attrs.get("href", attrs.get("src", "/")).startswith("/")
        if tag == "form":
            assert attrs["action"].startswith("/")


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_title_tells_nothing_to_who_reads_the_history(client: Client, path: str) -> None:
    title = Page(client.get(path)).title.lower()
    for telling in ("traffick", "trata", "tip", "aviso", "police", "polic", "report", "victim"):
        assert telling not in title


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if "/exit/" not in path])
def test_every_page_has_the_way_out_and_911(client: Client, path: str) -> None:
    page = Page(client.get(path))
    hrefs = [link.get("href", "") for link in page.links]
    assert ("/es/exit/" if path.startswith("/es") else "/exit/") in hrefs
    assert "tel:911" in hrefs


@pytest.mark.parametrize("path", [path for path in PATHS if path not in {"/exit/"}])
def test_the_other_language_is_the_first_link_of_a_page(client: Client, path: str) -> None:
    first = Page(client.get(path)).links[0]
    assert (first["hreflang"], first["lang"]) == ("es", "es")
    there = Page(client.get(first["href"]))
    assert there.lang == "es"
    assert there.links[0]["hreflang"] == "en"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_a_page_is_light_enough_for_a_slow_phone(client: Client, path: str) -> None:
    """Page, style and script together, as they travel."""
    page = client.get(path, headers={"accept-encoding": "gzip, deflate, br, zstd"})
    style, script = (gzip.compress((STATIC / name).read_bytes()) for name in SHARED)
    assert len(page.content) + len(style) + len(script) <= 20 * KILOBYTE
    if page.status_code == 200:
        assert page.headers["Content-Encoding"] == "gzip"


def test_the_style_and_the_script_are_small() -> None:
    style, script = ((STATIC / name).stat().st_size for name in SHARED)
    assert style <= 10 * KILOBYTE
    assert script <= 2 * KILOBYTE


def test_the_hotline_stands_on_the_first_page(client: Client) -> None:
    page = Page(client.get("/"))
    assert "1-888-373-7888" in page.text
    assert {"tel:+18883737888", "sms:233733", "tel:911"} <= {
        link.get("href", "") for link in page.links
    }


def test_an_unverified_hotline_number_is_shown_nowhere(client: Client) -> None:
    Line.objects.filter(code="nhth").update(verified_state="unverified")
    Referral.objects.filter(code="nhth").update(verified_state="unverified")
    for path in PATHS:
        assert "373-7888" not in Page(client.get(path)).html


def test_only_checked_services_are_offered(client: Client) -> None:
    page = Page(client.get("/help/"))
    assert "1-800-392-3738" in page.text
    assert "Bridgeway" not in page.text
    assert "573-751-5260" not in page.text


@pytest.mark.django_db
def test_without_a_region_the_pages_still_say_911() -> None:
    for path in PATHS[:-2]:
        page = Page(Client().get(path))
        assert page.status == 200
        assert "911" in page.text


def test_leaving_asks_the_browser_to_forget_and_gives_nothing_away(client: Client) -> None:
    page = Page(client.get("/exit/"))
    assert '"cookies"' in page.headers["Clear-Site-Data"]
    assert '"storage"' in page.headers["Clear-Site-Data"]
    dot = client.get(next(attrs["src"] for tag, attrs in page.tags if tag == "img"))
    assert dot.headers["Clear-Site-Data"] == '"cache"'
    assert dot.content.startswith(b"GIF89a")
    for telling in ("911", "traffick", "tip", "police", "code"):
        assert telling not in page.text.lower()


@pytest.mark.parametrize("path", ["/safety/", "/privacy/", "/after/", "/help/", "/exit/", "/"])
def test_a_page_that_only_tells_takes_nothing(client: Client, path: str) -> None:
    response = client.post(path, {"a": "b"})
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"
    assert Page(response).headings


def test_the_first_page_leads_the_person_in_the_situation_to_help(client: Client) -> None:
    page = Page(client.get("/"))
    assert "I am the one in this situation" in page.text
    assert "/help/" in [link.get("href") for link in page.links]


def test_the_first_page_leads_whoever_sent_before_back_to_their_tip(client: Client) -> None:
    page = Page(client.get("/"))
    before = page.text.partition("How it works")[0]
    assert "Did you send a tip before? Come back with a code" in before


@pytest.mark.parametrize("minor", ["YES", "POSSIBLY"])
def test_help_names_the_child_for_whose_sake_the_police_are_told(
    client: Client, minor: str
) -> None:
    """Whoever answers "maybe" is told as truly as who says "yes"."""
    answer = client.post(
        "/api/v1/tips",
        {
            "category": "SEX_TRAFFICKING",
            "immediacy": "ONGOING",
            "minor_present": minor,
            "reporter_is_victim": True,
            "locations": [{"place_type": "RESIDENCE", "city": "Wentzville"}],
        },
        content_type="application/json",
    )
    assert "wentzville-pd" in {one["line"] for one in answer.json()["placed_with"]}
    assert (
        "or a child may be harmed. Then the local police" in client.get("/help/").content.decode()
    )


def test_spanish_pages_hold_no_english(client: Client) -> None:
    """A sentence that reads the same in both languages was never translated."""
    same_in_both = {"English", "Español", "911", "No", "National Human Trafficking Hotline"}
    for path in [*PATHS[:7], "/nothing-here/"]:
        english, spanish = Page(client.get(path)), Page(client.get("/es" + path))
        same = set(english.said) & set(spanish.said) - same_in_both
        assert {words for words in same if not NUMBERS_AND_NAMES.match(words)} == set()


def test_the_check_page_in_spanish_holds_no_english(region: Gazetteer) -> None:
    pages = []
    for language in ("", "es"):
        resident = Resident(Client(), language=language)
        pages.append(resident.press("check", **{**SEEN, "immediacy": "NOW"}))
    typed = {str(value) for value in SEEN.values()}
    same = set(pages[0].said) & set(pages[1].said) - typed
    assert {words for words in same if len(words.split()) > 2} == set()
