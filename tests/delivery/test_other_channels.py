import logging
import smtplib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from tipintake.delivery.channels import CHANNELS
from tipintake.delivery.channels.base import (
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.channels.call_sheet import CallSheet
from tipintake.delivery.channels.console import Console
from tipintake.delivery.channels.email import Email
from tipintake.directory.models import Contact

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
DESK = Endpoint("desk@police.example")


def test_every_kind_of_contact_has_a_channel() -> None:
    assert set(CHANNELS) == set(Contact.Channel.values)


def test_an_email_says_that_a_tip_waits_and_where(message: Message) -> None:
    Email().send(message, DESK, now=NOW)
    (letter,) = mail.outbox
    assert letter.to == ["desk@police.example"]
    assert letter.subject == "P1: tip T-ABCD-2345 waits at Wentzville Police, non-emergency"
    assert "http://localhost:8701/tips/T-ABCD-2345/" in letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<{message.id}@")


def test_a_repeated_email_has_the_same_message_id(message: Message) -> None:
    Email().send(message, DESK, now=NOW)
    Email().send(message, DESK, now=NOW)
    first, second = (letter.extra_headers["Message-ID"] for letter in mail.outbox)
    assert first == second


@pytest.mark.parametrize("kind", ["tip.arrived", "tip.overdue", "notice.given_up"])
def test_each_type_has_its_own_words(message: Message, kind: str) -> None:
    Email().send(replace(message, type=kind), DESK, now=NOW)
    (letter,) = mail.outbox
    assert "T-ABCD-2345" in letter.subject
    assert "{" not in letter.subject + str(letter.body)


def test_a_line_name_cannot_add_a_header(message: Message) -> None:
    Email().send(replace(message, line_name="Police\nBcc: x@other.example"), DESK, now=NOW)
    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["desk@police.example"]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.1 canary")}), PermanentFailure),
        (smtplib.SMTPRecipientsRefused({"a": (556, b"5.1.10 canary")}), PermanentFailure),
        (smtplib.SMTPRecipientsRefused({"a": (451, b"4.1.1 canary")}), TemporaryFailure),
        (smtplib.SMTPRecipientsRefused({"a": (554, b"5.7.1 canary")}), TemporaryFailure),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"5.1.8 canary")}), TemporaryFailure),
        (smtplib.SMTPRecipientsRefused({"a": (550, b"canary")}), TemporaryFailure),
        (smtplib.SMTPDataError(550, b"5.1.1 canary"), PermanentFailure),
        (smtplib.SMTPDataError(554, b"5.7.1 canary"), TemporaryFailure),
        (smtplib.SMTPDataError(452, b"canary"), TemporaryFailure),
        (smtplib.SMTPAuthenticationError(535, b"canary"), TemporaryFailure),
        (smtplib.SMTPSenderRefused(553, b"canary", "a"), TemporaryFailure),
        (smtplib.SMTPServerDisconnected("canary"), TemporaryFailure),
        (ConnectionRefusedError("canary"), TemporaryFailure),
        (TimeoutError("canary"), TemporaryFailure),
        (ValueError("canary"), PermanentFailure),
    ],
)
def test_what_a_mail_server_says_decides_about_another_attempt(
    message: Message, monkeypatch: pytest.MonkeyPatch, error: Exception, failure: type[Exception]
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> int:
        raise error

    monkeypatch.setattr(EmailMessage, "send", fails)
    with pytest.raises(failure) as caught:
        Email().send(message, DESK, now=NOW)
    assert "canary" not in str(caught.value)


def test_a_letter_that_would_only_be_printed_counts_as_not_sent(
    message: Message, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    with pytest.raises(TemporaryFailure, match="EMAIL_BACKEND only prints letters: set it to"):
        Email().send(message, DESK, now=NOW)


def test_a_contact_without_an_address_cannot_be_mailed(message: Message) -> None:
    with pytest.raises(PermanentFailure):
        Email().send(message, Endpoint(""), now=NOW)


def test_the_console_prints_one_line(message: Message, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="tipintake.notice"):
        Console().send(message, Endpoint(""), now=NOW)
    (record,) = caplog.records
    assert record.getMessage() == (
        "notice.shown tip.arrived P1 wentzville-pd T-ABCD-2345 "
        "http://localhost:8701/tips/T-ABCD-2345/"
    )


def test_a_call_sheet_sends_nothing_anywhere(
    message: Message, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    CallSheet().send(message, Endpoint(""), now=NOW)
    assert mail.outbox == []
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
