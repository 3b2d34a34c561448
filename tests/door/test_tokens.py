"""A form is sent once, by somebody who had the time to fill it in."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tipintake.door import tokens
from tipintake.door.forgetting import forget_expired
from tipintake.door.models import IdempotentAnswer, SpentToken
from tipintake.door.tokens import TokenRefused, issue, spend
from tipintake.door.trust import Reason, reasons

pytestmark = pytest.mark.django_db


def test_a_token_works_once(now: datetime) -> None:
    token = issue(now)
    later = now + timedelta(minutes=5)
    assert spend(token, now=later) == timedelta(minutes=5)
    with pytest.raises(TokenRefused) as refused:
        spend(token, now=later)
    assert "already sent once" in str(refused.value.sentence)


def test_two_forms_have_different_tokens(now: datetime) -> None:
    assert issue(now) != issue(now)


def test_a_script_that_sends_at_once_is_asked_to_wait(now: datetime) -> None:
    token = issue(now)
    with pytest.raises(TokenRefused) as refused:
        spend(token, now=now + timedelta(seconds=1))
    assert "wait a moment" in str(refused.value.sentence)
    assert spend(token, now=now + timedelta(seconds=3))


def test_a_page_left_open_overnight_still_works_for_a_day(now: datetime) -> None:
    assert spend(issue(now), now=now + timedelta(hours=23))
    with pytest.raises(TokenRefused) as refused:
        spend(issue(now), now=now + timedelta(hours=25))
    assert "more than a day" in str(refused.value.sentence)


def test_every_refusal_says_that_nothing_was_lost() -> None:
    for sentence in (tokens.BROKEN, tokens.TOO_OLD, tokens.TOO_FAST, tokens.SPENT):
        assert "Your words are still here" in str(sentence) or "your words are still here" in str(
            sentence
        )
        assert "press Send" in str(sentence)


@pytest.mark.parametrize("token", ["", "x", "é", "=" * 60, "A" * 50, "A" * 10_000, "\x00"])
def test_what_is_no_token_of_ours_is_refused(token: str, now: datetime) -> None:
    with pytest.raises(TokenRefused):
        spend(token, now=now)


def test_a_changed_token_is_refused(now: datetime) -> None:
    token = issue(now)
    for at in range(len(token) - 1):
        other = "A" if token[at] != "A" else "B"
        with pytest.raises(TokenRefused):
            tokens.check(token[:at] + other + token[at + 1 :], now=now + timedelta(minutes=1))


def test_a_tip_that_is_not_kept_leaves_the_token_unspent(now: datetime) -> None:
    token, later = issue(now), now + timedelta(minutes=1)
    with transaction.atomic():
        spend(token, now=later)
        transaction.set_rollback(True)
    assert spend(token, now=later)


def test_what_is_stored_dates_the_act_no_finer_than_the_hour(now: datetime) -> None:
    token = issue(now)
    spend(token, now=now + timedelta(minutes=7, seconds=13))
    row = SpentToken.objects.get()
    assert (row.expires_at.minute, row.expires_at.second, row.expires_at.microsecond) == (0, 0, 0)
    assert token.encode() not in bytes(row.token_hmac)


def test_spent_tokens_and_answers_are_forgotten_after_a_day(now: datetime) -> None:
    spend(issue(now), now=now + timedelta(minutes=1))
    IdempotentAnswer.objects.create(
        key_hmac=b"k" * 32, body_hmac=b"b" * 32, answer_sealed=b"", expires_at=now
    )
    assert forget_expired(now + timedelta(hours=1)) == 1
    assert forget_expired(now + timedelta(hours=26)) == 1
    assert not SpentToken.objects.exists()


def test_low_trust_has_reasons_and_a_calm_person_gives_none() -> None:
    assert reasons(form_age=timedelta(minutes=3)) == ()
    assert reasons(form_age=timedelta(seconds=4)) == (Reason.FAST,)
    assert reasons(honeypot="https://spam.example", busy=3) == (Reason.HONEYPOT, Reason.CROWDED)
