import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from ipaddress import ip_network
from typing import Any

import pytest
import standardwebhooks
from django.core.management import CommandError, call_command

from tests.webhook import Endpoint as Agency
from tests.webhook import endpoint
from tipintake.delivery.channels.signing import opened
from tipintake.delivery.contacts import ContactRefused, register
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact, Line
from tipintake.staff.models import AuditEntry

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)


@pytest.fixture
def agency() -> Iterator[Agency]:
    with endpoint() as one:
        yield one


def contact(*arguments: str) -> str:
    said = StringIO()
    call_command("contact", *arguments, stdout=said)
    return said.getvalue()


def add(address: str, *more: str) -> Contact:
    said = contact("add", "wentzville-pd", "--channel=webhook", f"--address={address}", *more)
    found = re.search(r"contact (\d+) of", said)
    assert found
    return Contact.objects.get(pk=found.group(1))


@pytest.mark.enable_socket
def test_an_agency_registers_a_webhook_and_tries_it(
    region: Gazetteer, agency: Agency, settings: Any
) -> None:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    said = contact("add", "wentzville-pd", "--channel=webhook", f"--address={agency.url}")
    secret = said.split()[-1]
    made = Contact.objects.get(address=agency.url)
    assert contact("try", str(made.pk)).strip() == "taken"
    (received,) = agency.received
    assert standardwebhooks.Webhook(secret).verify(received.raw, received.headers)
    assert received.body["type"] == "notice.trial"


def test_the_secret_is_kept_sealed_and_never_recorded(region: Gazetteer) -> None:
    said = contact("add", "wentzville-pd", "--channel=webhook", "--address=https://a.example/x")
    secret = said.split()[-1]
    made = Contact.objects.get(address="https://a.example/x")
    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(made.secret_sealed)
    assert opened(bytes(made.secret_sealed)) == secret
    written = " ".join(str(entry.facts) + entry.subject for entry in AuditEntry.objects.all())
    assert secret not in written
    assert secret not in contact("list")


def test_a_new_secret_replaces_the_old(region: Gazetteer) -> None:
    made = add("https://a.example/x")
    before = opened(bytes(made.secret_sealed))
    after = contact("secret", str(made.pk)).split()[-1]
    made.refresh_from_db()
    assert after != before
    assert opened(bytes(made.secret_sealed)) == after


def test_a_stopped_contact_is_kept_and_can_be_started(region: Gazetteer) -> None:
    made = add("https://a.example/x")
    for word, active in (("stop", False), ("start", True)):
        contact(word, str(made.pk))
        made.refresh_from_db()
        assert made.active is active
    entries = AuditEntry.objects.filter(act__startswith="contact.").order_by("pk")
    assert [entry.act for entry in entries] == [
        "contact.registered",
        "contact.stopped",
        "contact.started",
    ]


def test_the_list_shows_who_is_told(region: Gazetteer) -> None:
    add("https://a.example/x", "--name=Records desk")
    shown = contact("list", "wentzville-pd")
    assert "webhook" in shown
    assert "Records" in shown


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("webhook", "ftp://a.example/"),
        ("webhook", "https://user:word@a.example/"),
        ("email", "not an address"),
        ("email", ""),
        ("call_sheet", "555-0100"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(
    region: Gazetteer, channel: str, address: str
) -> None:
    with pytest.raises(CommandError, match="Not registered"):
        contact("add", "wentzville-pd", f"--channel={channel}", f"--address={address}")


def test_the_same_endpoint_is_not_registered_twice(region: Gazetteer) -> None:
    line = Line.objects.get(code="wentzville-pd")
    add("https://a.example/x")
    with pytest.raises(ContactRefused, match="already"):
        register(
            line,
            role="QUEUE",
            channel="webhook",
            address="https://a.example/x",
            name="",
            actor="test",
            now=NOW,
        )


def test_an_unknown_line_or_contact_is_said(region: Gazetteer) -> None:
    with pytest.raises(CommandError, match="no-such-line"):
        contact("add", "no-such-line", "--channel=console")
    with pytest.raises(CommandError, match="contact list"):
        contact("try", "999999")


def test_a_secret_is_for_webhooks(region: Gazetteer) -> None:
    sheet = Contact.objects.filter(channel="call_sheet").first()
    assert sheet is not None
    with pytest.raises(CommandError, match="webhook"):
        contact("secret", str(sheet.pk))
