"""A worker that is running follows a newly activated policy, without a restart."""

import pytest

from tests.pipeline.house import House, broker
from tests.routing.policies import rule, with_rules
from tests.routing.test_policy_life import NIGHT_CASE
from tipintake.routing.policy.rulebook import FIRST_CASES

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]

PATROL_TOO = rule(
    "R10", '{ field = "pattern_sign", is = true }', acts='"with others"', primary='"mshp"'
)
FOLLOWED = """
from tipintake.models import Decision
from tipintake.routing.models import Policy

def routed():
    until = time.monotonic() + 60
    while Tip.objects.filter(routed_at=None).exists() and time.monotonic() < until:
        time.sleep(0.02)
    return list(Decision.objects.order_by("pk").values_list("policy_version", "also"))

keep(1)
before = routed()
from django.core.management import call_command
call_command("policy", "activate", "2", "--by", "lee", stdout=open("/dev/null", "w"))
begun = time.monotonic()
keep(1)
after = routed()
say(before=before, after=after, took=time.monotonic() - begun)
"""


def test_a_running_worker_follows_a_new_version_within_seconds(house: House) -> None:
    (house.home / "rules.toml").write_text(with_rules(PATROL_TOO), encoding="utf-8")
    cases = FIRST_CASES + NIGHT_CASE
    (house.home / "cases.jsonl").write_text(cases, encoding="utf-8")
    for name in ("kim", "lee"):
        house.manage("staff", "add", name, "--role", "Policy officer")
    paths = (f"{house.home}/rules.toml", "--cases", f"{house.home}/cases.jsonl")
    house.manage("policy", "draft", *paths, "--by", "kim")
    house.manage("policy", "simulate", "2", "--by", "kim")
    socket = f"{house.home}/broker.sock"
    url = f"redis+socket://{socket}"
    with broker("--port", "0", "--unixsocket", socket), house.worker(url):
        said = house.run(FOLLOWED, REDIS_URL=url)
    assert said["before"] == [[1, []]]
    assert said["after"] == [[1, []], [2, ["mshp"]]]
    assert said["took"] < 30  # two seconds where nothing else runs
