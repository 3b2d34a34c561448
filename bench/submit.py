"""How long a submit takes through HTTP: broker there, dead, hanging; and how many a second.

Every figure comes from one run of one installation on this machine; compare the ratios.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median, quantiles

import psutil

from tests.installation import Installation, installation
from tests.journeys.test_kill import tip
from tests.waiting import eventually

ROUND = 60


def timed(one: Installation, number: int) -> float:
    begun = time.perf_counter()
    status, _ = one.post("/api/v1/tips", tip(number))
    assert status == 201
    return (time.perf_counter() - begun) * 1000


def sequence(one: Installation, label: str, base: float | None = None) -> float:
    took = [timed(one, number) for number in range(ROUND)]
    middle, worst = median(took), quantiles(took, n=100)[98]
    ratio = "" if base is None else f", {middle - base:+.1f} ms against the broker being there"
    print(f"{label:<22} p50 {middle:6.1f} ms  p99 {worst:6.1f} ms  max {max(took):6.1f} ms{ratio}")
    return middle


def throughput(one: Installation, clients: int) -> None:
    with ThreadPoolExecutor(clients) as pool:
        begun = time.perf_counter()
        took = list(pool.map(lambda n: timed(one, n), range(ROUND * 4)))
        rate = len(took) / (time.perf_counter() - begun)
    print(
        f"{clients} clients              {rate:6.1f} tips/s"
        f"  p99 {quantiles(took, n=100)[98]:6.1f} ms"
    )


def main() -> None:
    with installation() as one:
        for number in range(10):
            timed(one, number)
        base = sequence(one, "broker there")
        for clients in (1, 4, 8):
            throughput(one, clients)
        (broker,) = one.parts("valkey-server")
        guard = broker.parent()
        assert guard is not None
        guard.suspend()
        broker.suspend()
        sequence(one, "broker hanging", base)
        broker.resume()
        broker.kill()
        eventually(lambda: broker.status() == psutil.STATUS_ZOMBIE, seconds=5)
        sequence(one, "broker dead", base)
        guard.resume()


if __name__ == "__main__":
    main()
