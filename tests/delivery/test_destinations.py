import socket
from collections.abc import Sequence
from ipaddress import ip_address, ip_network

import pytest

from tipintake.delivery.channels.base import PermanentFailure, TemporaryFailure
from tipintake.delivery.channels.destinations import destination, reachable

PUBLIC = "93.184.216.34"


def says(*addresses: str) -> "Resolver":
    return Resolver([list(addresses)])


class Resolver:
    """Answers a list at each call; the last one for ever."""

    def __init__(self, answers: list[list[str]]) -> None:
        self.answers = answers
        self.asked = 0

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        (PUBLIC, True),
        ("2606:4700:4700::1111", True),
        ("127.0.0.1", False),
        ("127.9.9.9", False),
        ("0.0.0.0", False),
        ("10.0.0.8", False),
        ("172.16.4.4", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("100.100.100.200", False),
        ("169.254.169.254", False),
        ("168.63.129.16", False),
        ("192.0.0.192", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        # An IPv6 address that stands for an IPv4 one is judged as that one.
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::ffff:10.0.0.8", False),
        (f"::ffff:{PUBLIC}", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:7f00:1::", False),
        ("2002:c0a8:101::1", False),
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", False),
    ],
)
def test_only_public_addresses_are_reachable(address: str, *, allowed: bool) -> None:
    assert reachable(ip_address(address)) is allowed


@pytest.mark.parametrize(
    "url",
    [
        "https://2130706433/",  # 127.0.0.1 in decimal
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://[::ffff:7f00:1]/",
        "https://[::1]/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_this_machine_is_not_reached_by_any_spelling(url: str) -> None:
    with pytest.raises((PermanentFailure, TemporaryFailure)):
        destination(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://agency.example/notices",
        "ftp://agency.example/",
        "file:///etc/passwd",
        "gopher://agency.example/",
        "https:///notices",
        "//agency.example/",
        "agency.example/notices",
        "",
        "https://user:secret@agency.example/",
        "https://agency.example/a b",
        "https://agency.example/\r\nHost: other.example",
        "https://agency.example:99999/",
        "https://agéncy.example/",
        "https://[::1/",
    ],
)
def test_an_address_of_another_shape_is_refused_for_good(url: str) -> None:
    with pytest.raises(PermanentFailure):
        destination(url, resolver=says(PUBLIC))


def test_a_public_https_address_is_connected_to_by_the_checked_number() -> None:
    there = destination("https://Agency.example/hooks?line=1", resolver=says(PUBLIC))
    assert (there.host, there.address, there.port) == ("agency.example", PUBLIC, 443)
    assert there.path == "/hooks?line=1"
    assert there.host_header == "agency.example"
    other = destination("https://agency.example:8443", resolver=says(PUBLIC))
    assert other.host_header == "agency.example:8443"
    assert other.path == "/"


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(PermanentFailure):
        destination("https://agency.example/", resolver=says(PUBLIC, "10.0.0.8"))


def test_a_name_that_changes_its_answer_after_the_check_gains_nothing() -> None:
    rebinding = Resolver([[PUBLIC], ["127.0.0.1"]])
    there = destination("https://agency.example/", resolver=rebinding)
    assert there.address == PUBLIC
    assert rebinding.asked == 1


def test_an_allowed_network_is_reached_by_https_only() -> None:
    allowed = [ip_network("10.20.0.0/16")]
    inside = says("10.20.3.4")
    there = destination("https://cad.county.example/", allowed=allowed, resolver=inside)
    assert there.address == "10.20.3.4"
    with pytest.raises(PermanentFailure):
        destination("http://cad.county.example/", allowed=allowed, resolver=inside)
    with pytest.raises(PermanentFailure):
        destination("https://x.example/", allowed=allowed, resolver=says("10.21.0.1"))


def test_plain_http_reaches_the_loopback_when_that_is_allowed_and_nothing_else() -> None:
    allowed = [ip_network("127.0.0.0/8")]
    assert destination("http://127.0.0.1:9/", allowed=allowed).port == 9
    with pytest.raises(PermanentFailure):
        destination("http://agency.example/", allowed=allowed, resolver=says(PUBLIC))


def test_a_name_that_is_not_found_may_be_found_later() -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with pytest.raises(TemporaryFailure):
        destination("https://agency.example/", resolver=unknown)
    with pytest.raises(TemporaryFailure):
        destination("https://agency.example/", resolver=says())
