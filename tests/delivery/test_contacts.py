import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from ipaddress import ip_network
from typing import Any

import pytest
import standardwebhooks
from django.core.management import CommandError, call_command

from tests.webhook import Endpoint as Agency
from tests.webhook import endpoint
from tipintake.delivery.channels.signing import new_secret, opened
from tipintake.delivery.contacts import (
    ContactRefused,
    forget_old_secrets,
    register,
    renew_secret,
    try_out,
)
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
    for word, active, says in (
        ("stop", False, "is told nothing from now on"),
        ("start", True, "is told again"),
    ):
        assert f"contact {made.pk} of wentzville-pd {says}" in contact(word, str(made.pk))
        made.refresh_from_db()
        assert made.active is active
    entries = AuditEntry.objects.filter(act__startswith="contact.").order_by("pk")
    assert [entry.act for entry in entries] == [
        "contact.registered",
        "contact.stopped",
        "contact.started",
    ]


def test_the_last_contact_of_a_line_that_must_answer_is_not_stopped_in_silence(
    region: Gazetteer,
) -> None:
    said = StringIO()
    for made in Contact.objects.filter(line__code="regional-triage", role="QUEUE", active=True):
        call_command("contact", "stop", str(made.pk), stdout=StringIO(), stderr=said)
    assert "Line regional-triage has no active QUEUE contact" in said.getvalue()


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
        ("webhook", "http://a.example/"),
        ("webhook", "https://a.example:0/"),
        ("webhook", f"https://a.example/{'x' * 300}"),
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


def test_a_contacts_name_that_does_not_fit_is_refused_with_a_sentence(region: Gazetteer) -> None:
    with pytest.raises(CommandError, match="the name has 121 characters, and at most 120 fit"):
        add("https://a.example/x", f"--name={'x' * 121}")


def test_a_trial_with_a_secret_of_another_installation_says_so(
    region: Gazetteer, settings: Any
) -> None:
    made = add("https://a.example/x")
    settings.SECRET_KEY = "another web.secret, as long as one of ours must be"
    with pytest.raises(CommandError, match="Register the webhook anew"):
        contact("try", str(made.pk))


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


def test_the_list_names_each_line_in_full_and_takes_any_name(region: Gazetteer) -> None:
    add("https://a.example/x", "--name=Desk [/b] nights [red]")
    said = contact("list")
    assert "Desk [/b] nights [red]" in said
    assert "st-charles-county-task-force" in said
    assert "st-louis-county-task-force" in said


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


# --- A change of secret, without a notice missed ---------------------------------------------

WRONG = standardwebhooks.WebhookVerificationError


def verified(secret: str, agency: Agency) -> bool:
    """Whether the published library takes the notice that came last."""
    last = agency.received[-1]
    try:
        standardwebhooks.Webhook(secret).verify(last.raw, last.headers)
    except WRONG:
        return False
    return True


@pytest.fixture
def registered(region: Gazetteer, agency: Agency, settings: Any) -> Contact:
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8")]
    return add(agency.url)


@pytest.mark.enable_socket
def test_during_a_change_both_secrets_verify_and_afterwards_the_new_one_alone(
    registered: Contact, agency: Agency
) -> None:
    now = datetime.now(UTC)
    old = opened(bytes(registered.secret_sealed))
    new = renew_secret(registered, actor="test", now=now)
    try_out(registered, now=now)
    header = agency.received[-1].headers["webhook-signature"]
    assert len(header.split(" ")) == 2
    assert all(one.startswith("v1,") for one in header.split(" "))
    assert verified(old, agency)
    assert verified(new, agency)
    assert not verified(new_secret(), agency)
    # The next day, as the clock of this machine sees it: the change began a day ago.
    Contact.objects.filter(pk=registered.pk).update(secret_before_until=now)
    registered.refresh_from_db()
    try_out(registered, now=now)
    assert not verified(old, agency)
    assert verified(new, agency)
    assert " " not in agency.received[-1].headers["webhook-signature"]


@pytest.mark.enable_socket
def test_a_secret_that_leaked_ends_at_once(registered: Contact, agency: Agency) -> None:
    old = opened(bytes(registered.secret_sealed))
    new = contact("secret", str(registered.pk), "--both-for", "0").split()[-1]
    registered.refresh_from_db()
    try_out(registered, now=datetime.now(UTC))
    assert not verified(old, agency)
    assert verified(new, agency)
    assert bytes(registered.secret_before_sealed) == b""


@pytest.mark.enable_socket
def test_a_second_change_within_the_day_ends_the_oldest(
    registered: Contact, agency: Agency
) -> None:
    now = datetime.now(UTC)
    first = opened(bytes(registered.secret_sealed))
    second = renew_secret(registered, actor="test", now=now)
    third = renew_secret(registered, actor="test", now=now)
    try_out(registered, now=now)
    assert [verified(one, agency) for one in (first, second, third)] == [False, True, True]


@pytest.mark.enable_socket
def test_two_signatures_do_not_make_a_tampered_or_stale_notice_good(
    registered: Contact, agency: Agency
) -> None:
    now = datetime.now(UTC)
    old = opened(bytes(registered.secret_sealed))
    new = renew_secret(registered, actor="test", now=now)
    try_out(registered, now=now)
    sent = agency.received[-1]
    for secret in (old, new):
        with pytest.raises(WRONG):
            standardwebhooks.Webhook(secret).verify(sent.raw + b" ", sent.headers)
        other = {**sent.headers, "webhook-id": "another"}
        with pytest.raises(WRONG):
            standardwebhooks.Webhook(secret).verify(sent.raw, other)
        later = {**sent.headers, "webhook-timestamp": str(int(now.timestamp()) + 60)}
        with pytest.raises(WRONG):
            standardwebhooks.Webhook(secret).verify(sent.raw, later)
    for hours in (-1, 1):
        try_out(registered, now=now + timedelta(hours=hours))
        assert not verified(new, agency)


def test_the_old_secret_is_destroyed_when_its_day_is_over(region: Gazetteer) -> None:
    made = add("https://cad.police.example/x")
    renew_secret(made, actor="test", now=NOW)
    assert forget_old_secrets(NOW + timedelta(hours=23)) == 0
    assert forget_old_secrets(NOW + timedelta(hours=24)) == 1
    made.refresh_from_db()
    assert bytes(made.secret_before_sealed) == b""
    assert made.secret_before_until is None
    entry = AuditEntry.objects.get(act="contact.secret_renewed")
    assert entry.facts["both_sign_for_hours"] == 24


@pytest.mark.parametrize("hours", ["-1", "337"])
def test_both_secrets_do_not_sign_for_ever(region: Gazetteer, hours: str) -> None:
    made = add("https://cad.police.example/x")
    with pytest.raises(CommandError):
        contact("secret", str(made.pk), "--both-for", hours)


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://10.0.0.7/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:192.168.1.4]/x",
        "https://168.63.129.16/",
    ],
)
def test_an_address_inside_is_refused_when_it_is_registered(
    region: Gazetteer, address: str
) -> None:
    with pytest.raises(CommandError, match="not public"):
        add(address)
    assert not Contact.objects.filter(address=address).exists()
