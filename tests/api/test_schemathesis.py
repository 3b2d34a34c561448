"""A fuzzer that knows only the schema finds no answer that the schema does not promise."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tipintake.directory.gazetteer import Gazetteer

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_the_fuzzer_finds_nothing(
    public: object, region: Gazetteer, live_server: LiveServer, tmp_path: Path
) -> None:
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file"),
            *(str(ROOT / "schemathesis.toml"), "run", f"{live_server.url}/api/v1/schema.json"),
            *("--max-examples", "25", "--generation-deterministic", "--no-color"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert "Tested: 4" in run.stdout
