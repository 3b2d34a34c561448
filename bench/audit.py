"""A long audit: how fast it is chained and verified, in how much memory. ENTRIES=1000000."""

import os
import resource
import time
from datetime import UTC, datetime, timedelta

from django.core.management import call_command

import tests  # noqa: F401 a home of its own, and Django set up
from tipintake.staff import audit, verifying
from tipintake.staff.models import AuditEntry

ENTRIES = int(os.environ.get("ENTRIES", "100000"))
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
AT_ONCE = 10_000


def main() -> None:
    call_command("migrate", verbosity=0)
    before = AuditEntry.objects.count()
    begun = time.perf_counter()
    for first in range(before, ENTRIES, AT_ONCE):
        audit.record_each(
            "tip.read",
            [(f"T-{one % 5000:04d}-0000", {"narrative": "opened"}) for one in range(AT_ONCE)],
            actor=f"analyst{first % 7}",
            now=START + timedelta(seconds=first),
        )
    written = time.perf_counter()
    chained = audit.seal_chain(now=START + timedelta(days=400))
    sealed = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    problems = verifying.verify()
    verified = time.perf_counter()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    whole = audit.head().number
    print(f"{ENTRIES - before} entries written: {_rate(ENTRIES - before, written - begun)}")
    print(f"{chained} chained: {_rate(chained, sealed - written)}")
    print(f"{whole} verified: {_rate(whole, verified - sealed)}, {len(problems)} problems")
    print(f"verifying grew the process by {grown / 1024:.1f} MB")


def _rate(count: int, seconds: float) -> str:
    return f"{seconds:.1f} s, {count / max(seconds, 1e-9):,.0f} a second"


if __name__ == "__main__":
    main()
