"""Which addresses a webhook may reach: public ones. A registered URL must not become a way in.

The name is resolved once, every address it has is checked, and the connection goes to the checked
address itself: a name that changes its answer between check and use gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tipintake.delivery.channels.base import PermanentFailure, TemporaryFailure

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

# What `ipaddress` calls global although it is not: IANA's special-purpose registries, newer
# entries and borderline ones, and an address that answers from inside a cloud machine.
NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        *("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"),
        *("64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "3fff::/20", "5f00::/16"),
    )
)
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
NOT_OPEN = "the webhook's host has an address that is not public"
NOT_HTTPS = "the webhook's address must begin with https://"
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Destination:
    """Where to connect (`address`, `port`) and what to say there."""

    scheme: str
    host: str
    address: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host. Numbers in odd notations come back as what they mean."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def destination(
    url: str, *, allowed: Sequence[Network] = (), resolver: Resolver = resolve
) -> Destination:
    """The checked way to a webhook, or a failure that says what is wrong with it.

    HTTPS to public addresses only. `allowed` networks may be reached although they are not
    public; plain HTTP only on the loopback, and only when it is allowed.
    """
    scheme, host, port, path = parts_of(url)
    try:
        addresses = [ipaddress.ip_address(a.partition("%")[0]) for a in resolver(host, port)]
    except (OSError, UnicodeError):
        raise TemporaryFailure("the name of the webhook's host was not found") from None
    if not addresses:
        raise TemporaryFailure("the webhook's host has no address")
    for address in addresses:
        if not reachable(address, allowed):
            raise PermanentFailure(NOT_OPEN)
    if scheme == "http" and not all(_plain(a).is_loopback for a in addresses):
        raise PermanentFailure(NOT_HTTPS)
    return Destination(scheme, host, str(addresses[0]), port, path)


def reachable(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether a webhook may connect to this address."""
    plain = _plain(address)
    if _in_any(plain, allowed):
        return True
    if isinstance(plain, ipaddress.IPv6Address) and plain not in GLOBAL_UNICAST:
        return False
    if _in_any(plain, NOT_PUBLIC):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def refuse_number(host: str, allowed: Sequence[Network] = ()) -> None:
    """Refuse a host that is itself a number which is not public. Names are judged at each use."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    if not reachable(address, allowed):
        raise PermanentFailure(NOT_OPEN)


def refuse_plain(scheme: str, allowed: Sequence[Network] = ()) -> None:
    """Refuse plain HTTP where no loopback may be reached, which alone is told so."""
    if scheme == "http" and not any(one.is_loopback for one in allowed):
        raise PermanentFailure(NOT_HTTPS)


def _in_any(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in one for one in networks if one.version == address.version)


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    embedded = address.ipv4_mapped or address.sixtofour
    return embedded or (address.teredo[1] if address.teredo else address)


def parts_of(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of a webhook's address. Raises PermanentFailure."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise PermanentFailure("the webhook's address cannot be read") from None
    if port == 0:
        raise PermanentFailure("the webhook's address names port 0, where nobody answers")
    host = parts.hostname or ""
    if parts.scheme not in PORTS or not host or not url.isascii() or not url.isprintable():
        raise PermanentFailure("the webhook's address must be a plain https:// address")
    if parts.username is not None or parts.password is not None or " " in url:
        raise PermanentFailure("the webhook's address must not hold a user name or spaces")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or PORTS[parts.scheme], path
