"""What an operator can set, run or read in a log is documented, and the documents hold."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
SOURCES = sorted(
    p for name in ("config", "tipintake", "reports") for p in (ROOT / name).rglob("*.py")
)
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")


def calls(source: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def first_text(call: ast.Call) -> str:
    value = call.args[0] if call.args else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def called(call: ast.Call) -> str:
    return ast.unparse(call.func)


def settings_read() -> set[str]:
    readers = {
        f"env.{kind}"
        for kind in (
            "text",
            "choice",
            "flag",
            "number",
            "factor",
            "folder",
            "listing",
            "networks",
            "database",
            "home",
            "secret",
            "web_address",
            "page_address",
            "told",
            "token",
            "host",
            "hosts",
            "mail_address",
            "mail_addresses",
            "region_code",
            "broker",
            "log_level",
        )
    }
    names = {first_text(c) for p in SOURCES for c in calls(p) if called(c) in readers}
    everywhere = [*SOURCES, *(ROOT / "tests").rglob("*.py")]
    plain = {first_text(c) for p in everywhere for c in calls(p) if called(c) == "os.environ.get"}
    composed = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    return {name for name in names | plain | composed if name}


def test_every_setting_is_documented() -> None:
    page = (DOCS / "reference" / "settings.md").read_text("utf-8")
    missing = sorted(name for name in settings_read() if f"`{name}`" not in page)
    assert not missing, f"describe these in docs/reference/settings.md: {missing}"


def test_no_setting_is_documented_that_is_not_read() -> None:
    page = (DOCS / "reference" / "settings.md").read_text("utf-8")
    named = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", page, re.MULTILINE))
    assert named
    assert named <= settings_read(), f"no longer read: {sorted(named - settings_read())}"


def test_every_command_is_documented() -> None:
    page = (DOCS / "reference" / "commands.md").read_text("utf-8")
    ours = {
        name for name, app in get_commands().items() if app in {"tipintake", "reports", "config"}
    }
    assert {"up", "scrub", "explain_route"} <= ours
    missing = sorted(name for name in ours if f"`{name}" not in page)
    assert not missing, f"describe these in docs/reference/commands.md: {missing}"


def test_every_audit_act_and_log_event_is_documented() -> None:
    page = (DOCS / "reference" / "events.md").read_text("utf-8")
    acts = {
        first_text(c) for p in SOURCES for c in calls(p) if called(c) in {"record", "audit.record"}
    }
    logs = {
        first_text(c).split(" ")[0]
        for p in SOURCES
        for c in calls(p)
        if re.fullmatch(r"(log|logger)\.(debug|info|warning|error|exception|critical)", called(c))
    }
    missing = sorted(name for name in acts | logs if name and f"`{name}`" not in page)
    assert not missing, f"describe these in docs/reference/events.md: {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = [t for t in LINK.findall(text) if "://" not in t and not t.startswith("mailto:")]
    broken = [t for t in targets if not (page.parent / t).exists()]
    assert not broken


def test_each_quadrant_has_pages() -> None:
    for quadrant in ("tutorial", "how-to", "reference", "explanation", "adr"):
        assert list((DOCS / quadrant).glob("*.md")), f"docs/{quadrant} is empty"


def test_every_page_stands_on_the_list_of_pages() -> None:
    listed = set(LINK.findall((DOCS / "README.md").read_text("utf-8")))
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}
    left = {page for page in pages if not page.startswith("adr/")} - listed
    assert left == set(), f"name these in docs/README.md: {sorted(left)}"


def test_the_readme_example_is_a_tip_the_api_takes() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    body = re.search(r"-d '(\{.*?\})'\n", readme, re.DOTALL)
    assert body
    tip = json.loads(body.group(1))
    assert {"category", "immediacy", "minor_present", "narrative"} <= tip.keys()


def test_adrs_have_their_parts() -> None:
    for page in (DOCS / "adr").glob("*.md"):
        text = page.read_text("utf-8")
        for part in ("Date:", "Status:", "## Context", "## Decision", "## Consequences"):
            assert part in text, f"{page.name} lacks {part}"
