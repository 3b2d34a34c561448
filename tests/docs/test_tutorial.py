"""The tutorial ends with a packet on disk: its commands, typed on an installation that runs."""

import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.docs.commands import DOCS, ROOT, typed_in
from tests.installation import installation
from tests.waiting import eventually

TUTORIAL = DOCS / "tutorial" / "first-tip.md"
NUMBER = "T-7Q2M-4KX9"

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]


def the_tip_of_the_readme() -> bytes:
    body = re.search(r"-d '(\{.*?\})'\n", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert body
    return body[1].encode()


def test_what_the_tutorial_says_to_choose_stands_on_a_page() -> None:
    steps = TUTORIAL.read_text("utf-8").partition("7. **")[0]
    named = {one for one in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", steps) if len(one) < 60}
    pages = "".join(one.read_text("utf-8") for one in ROOT.glob("tipintake/templates/**/*.html"))
    on_pages = set(re.findall(r'translate "([^"]+)"', pages))
    assert {"Start", "Check before sending", "Come back with a code"} <= named
    assert named - on_pages - {"mine", "theirs", "not sure"} == set()


def test_the_tutorial_ends_with_a_verified_packet(tmp_path: Path) -> None:
    typed = [one for one in typed_in(TUTORIAL) if one.fenced and one.managed]
    assert [one.managed[0] for one in typed] == ["export_tips", "verify_export"]
    with installation() as one:
        status, answer = one.post("/api/v1/tips", the_tip_of_the_readme())
        assert status == 201
        number = answer["reference"]
        waiting = "from tipintake.tips.models import Tip; print(Tip.objects.waiting().count())"
        eventually(
            lambda: one.command("shell", "-v", "0", "-c", waiting).strip() == "0", seconds=60
        )
        packet = tmp_path / "packet.zip"
        said = [
            one.command(
                *(
                    str(packet) if word == packet.name else word.replace(NUMBER, number)
                    for word in step.managed
                )
            )
            for step in typed
        ]
    assert ": 1 tips," in said[0]
    assert "is whole" in said[1]
    assert "Signed by the key that you trust" in said[1]
    with ZipFile(packet) as unpacked:
        names = {name.partition("/")[2] for name in unpacked.namelist()}
        table = next(name for name in unpacked.namelist() if name.endswith("csv/tips.csv"))
        content = unpacked.read(table).decode()
    assert {"data/packet.pdf", "data/csv/tips.csv"} <= names  # as step 8 says
    assert "gray van" in content
    assert "636-555-0104" not in content
    assert json.loads(the_tip_of_the_readme())["category"] in content
