"""How many posts came from one address lately. Known to this process's memory alone.

Addresses are counted under an HMAC with a random key that lives ten minutes at most; with the key
go the counts. Nothing leaves but a small number, and that number refuses nobody's tip: it lets a
flood be sorted behind the rest, and, when more comes than can be answered, be answered after it.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from bisect import bisect_right

from django.conf import settings

LIFE_SECONDS = 600.0
MOST_ADDRESSES = 20_000
STEPS = (6, 21, 61)  # posts within the key's life at which the number rises: 0, 1, 2, 3
CROWDED = 2  # a program's tips sort behind the rest unless it shows work
FULL = 3  # a form's too
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})  # a read is never counted
ONION = "onion"


class Crowd:
    """The counter of one process."""

    def __init__(self, *, life: float = LIFE_SECONDS, most: int = MOST_ADDRESSES) -> None:
        self._life = life
        self._most = most
        self._lock = threading.Lock()
        self._born = float("-inf")
        self._key = b""
        self._counts: dict[bytes, int] = {}

    def count(self, address: str, *, now: float) -> int:
        """Count one post and say how busy its address is, 0 to 3. `now` is monotonic seconds."""
        place = network(address)
        if not place:
            return 0
        with self._lock:
            name = self._name(place, now)
            if name not in self._counts and len(self._counts) >= self._most:
                return 0
            self._counts[name] = self._counts.get(name, 0) + 1
            return bisect_right(STEPS, self._counts[name])

    def foresee(self, address: str, *, now: float) -> int:
        """How busy its address would be after one more post. Counts nothing."""
        place = network(address)
        if not place:
            return 0
        with self._lock:
            return bisect_right(STEPS, self._counts.get(self._name(place, now), 0) + 1)

    def sent(self, address: str, *, now: float) -> int:
        """How many posts of its address were counted in the key's life."""
        place = network(address)
        with self._lock:
            return self._counts.get(self._name(place, now), 0) if place else 0

    def _name(self, place: str, now: float) -> bytes:
        if now - self._born >= self._life:
            self._born, self._key, self._counts = now, secrets.token_bytes(32), {}
        return hmac.digest(self._key, place.encode(), hashlib.sha256)


crowd = Crowd()


def told_address(*, host: str, forwarded: str, peer: str) -> str:
    """Where a request comes from: what a trusted proxy says of it, else who is connected.

    Behind an onion service, where all come from one address, it is `ONION`, which is no network.
    A proxy's word comes first: anybody may write a host that ends in .onion.
    """
    told = forwarded.rpartition(",")[2].strip() if settings.TRUSTED_PROXY else ""
    if told:
        return told
    if host.partition(":")[0].lower().endswith(".onion"):
        return ONION
    return "" if settings.TRUSTED_PROXY else peer


def network(address: str) -> str:
    """One IPv4 address or one IPv6 /64; empty when there is nothing to tell people apart by."""
    try:
        parsed = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return ""
    if parsed.is_loopback:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
