"""The public host and the worker do their work where no private key is on the disk at all."""

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.pipeline.conftest import HOTEL_PATTERN
from tests.pipeline.house import House, broker

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

UNTIL_ROUTED = """
from tipintake.models import HandOff
until = time.monotonic() + 60
while Tip.objects.filter(routed_at=None).exists() and time.monotonic() < until:
    time.sleep(0.05)
tip = Tip.objects.get()
say(
    reference=tip.reference,
    routed=tip.routed_at is not None,
    line=HandOff.objects.get(is_primary=True).line.code,
)
"""
OPENED = """
from django.conf import settings
from tipintake.door.seizure.opened import opened
from tipintake.privacy import keys
desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
vault = keys.vault_private(settings.PRIVATE_KEYS_DIR)
say(words=[content.decode() for _, content in opened(Tip.objects.all(), desk=desk, vault=vault)])
"""


def post(address: str, value: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json"}
    ask = Request(address, json.dumps(value).encode(), headers)
    with urlopen(ask, timeout=60) as answer:
        return answer.status, json.load(answer)


def test_a_tip_is_taken_and_routed_where_no_private_key_is(house: House) -> None:
    folder = Path(house.env["TIPINTAKE_PRIVATE_KEYS"])
    private = {one: one.read_bytes() for one in folder.iterdir()}
    names = {one.name for one in private}
    assert names == {"accounts.key", "desk.key", "signing.key", "vault.key"}
    shutil.rmtree(folder)
    here = house.home / "valkey.sock"
    url = f"redis+socket://{here}"
    with (
        broker("--port", "0", "--unixsocket", str(here)),
        house.worker(url),
        house.web(url) as address,
    ):
        status, receipt = post(f"{address}/api/v1/tips", HOTEL_PATTERN)
        assert status == 201
        said = house.run(UNTIL_ROUTED, REDIS_URL=url)
        status, _ = post(f"{address}/api/v1/tips/status", {"receipt": receipt["receipt"]})
        assert status == 200
    assert said == {"reference": receipt["reference"], "routed": True, "line": "wentzville-pd"}
    left = [one.read_bytes() for one in house.home.rglob("*") if one.is_file()]
    words = HOTEL_PATTERN["narrative"]
    assert not any(hidden in one for one in left for hidden in [*private.values(), words.encode()])
    folder.mkdir()
    for one, content in private.items():
        one.write_bytes(content)
    assert house.run(OPENED)["words"] == [words]
