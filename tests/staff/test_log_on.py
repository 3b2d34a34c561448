from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import RequestFactory

from tipintake.staff import accounts, lockout
from tipintake.staff.models import AuditEntry, FailedLogOn, User
from tipintake.staff.roles import Role

# The count of a bad log-on must survive whatever comes after it.
pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)
Try = Callable[[str, datetime], User | None]


@pytest.fixture
def password(now: datetime) -> str:
    return accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)


@pytest.fixture
def attempt() -> Try:
    request = RequestFactory().post("/log-on/", REMOTE_ADDR="192.0.2.7")

    def enter(password: str, at: datetime) -> User | None:
        return accounts.log_on(request, "kim", password, now=at)

    return enter


def test_five_bad_log_ons_lock_the_account_even_for_the_right_password(
    password: str, attempt: Try, now: datetime
) -> None:
    for minute in range(5):
        assert attempt("wrong", now + minute * MINUTE) is None
    assert attempt(password, now + 5 * MINUTE) is None
    acts = list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts[-3:] == ["log_on.failed", "account.locked", "log_on.refused_locked"]


def test_the_lock_ends_fifteen_minutes_after_the_last_bad_log_on(
    password: str, attempt: Try, now: datetime
) -> None:
    for minute in range(5):
        attempt("wrong", now + minute * MINUTE)
    fifth = now + 4 * MINUTE
    assert attempt(password, fifth + 14 * MINUTE) is None
    assert attempt(password, fifth + 15 * MINUTE) is not None


def test_trying_while_locked_does_not_keep_it_locked(
    password: str, attempt: Try, now: datetime
) -> None:
    for _ in range(5):
        attempt("wrong", now)
    for minute in range(15):
        attempt("wrong", now + minute * MINUTE)
    assert attempt(password, now + 15 * MINUTE) is not None


def test_four_bad_log_ons_and_a_good_one_begin_again(
    password: str, attempt: Try, now: datetime
) -> None:
    for _ in range(2):
        for _ in range(4):
            attempt("wrong", now)
        assert attempt(password, now) is not None


def test_bad_log_ons_spread_over_hours_lock_nothing(
    password: str, attempt: Try, now: datetime
) -> None:
    for number in range(10):
        attempt("wrong", now + number * 5 * MINUTE)
    assert attempt(password, now + 51 * MINUTE) is not None


def test_a_new_password_ends_the_lock(password: str, attempt: Try, now: datetime) -> None:
    for _ in range(5):
        attempt("wrong", now)
    assert attempt(accounts.set_password("kim", actor="test", now=now), now) is not None


def test_many_attempts_at_one_moment_get_no_more_than_five_tries(now: datetime) -> None:
    """All of them are counted before any password is checked."""
    tries = [lockout.begin("kim", now=now) for _ in range(9)]
    assert sum(one is not None for one in tries) == 5


def test_an_unknown_name_is_refused_and_kept_nowhere_in_clear(now: datetime) -> None:
    """People type their password into the field for the name."""
    request = RequestFactory().post("/log-on/")
    secret = "correct horse battery"
    assert accounts.log_on(request, secret, "x", now=now) is None
    assert FailedLogOn.objects.count() == 1
    assert secret not in str(list(FailedLogOn.objects.values()))
    assert secret not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.get(act="log_on.failed").subject == ""


def test_a_disabled_account_cannot_log_on(password: str, attempt: Try, now: datetime) -> None:
    accounts.set_active("kim", active=False, actor="test", now=now)
    assert attempt(password, now) is None


def test_old_counts_are_forgotten_after_a_day(password: str, attempt: Try, now: datetime) -> None:
    attempt("wrong", now)
    attempt("wrong", now + timedelta(days=1, minutes=1))
    assert FailedLogOn.objects.count() == 1
