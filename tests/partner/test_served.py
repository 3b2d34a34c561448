"""The API for agencies as the real server of the desk serves it, fuzzed by its own description."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Installation, installation
from tests.waiting import eventually

HERE = Path(__file__).resolve().parent

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

TIP = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"],
    "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
}


def asked(one: Installation, path: str, token: str, **headers: str) -> Any:
    request = urllib.request.Request(
        f"{one.desk}/api/v1/partner/{path}",
        headers={"Authorization": f"Bearer {token}", **headers},
        method="POST" if headers else "GET",
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_a_token_made_by_the_command_works_at_once_and_a_fuzzer_finds_nothing(
    tmp_path: Path,
) -> None:
    with installation(SWEEP_SECONDS="1") as one:
        printed = one.command("token", "make", "County CAD", "--line", "wentzville-pd")
        found = re.search(r"tipa_\S+", printed)
        assert found
        token = found.group()
        status, kept = one.post("/api/v1/tips", TIP)
        assert status == 201

        def waiting() -> list[Any]:
            return list(asked(one, "hand-offs?state=waiting", token)["hand_offs"])

        eventually(lambda: bool(waiting()), seconds=30)
        (row,) = waiting()
        assert row["reference"] == kept["reference"]
        taken = asked(
            one,
            f"hand-offs/wentzville-pd/{kept['reference']}/acknowledge",
            token,
            **{"If-Match": row["etag"]},
        )
        assert taken["state"] == "ACKNOWLEDGED"
        fuzz(one, token, tmp_path)
        one.command("token", "revoke", token.split("_")[1])
        with pytest.raises(urllib.error.HTTPError, match="401"):
            waiting()
        assert token not in one.printed()
        for log in (one.home / "logs").glob("*"):
            assert token not in log.read_text("utf-8", "replace"), log.name


def fuzz(one: Installation, token: str, folder: Path) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file"),
            *(str(HERE / "schemathesis.toml"), "run"),
            f"{one.desk}/api/v1/partner/schema.json",
            *("--header", f"Authorization: Bearer {token}"),
            *("--max-examples", "10", "--generation-deterministic", "--no-color"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
