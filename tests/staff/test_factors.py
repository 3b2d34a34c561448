"""What counts as a second factor, how often, and how it lies in the database."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from pytest_django import Settings

from config import installation
from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import accounts, factors
from tipintake.staff.accounts import Proof
from tipintake.staff.factors import Factor
from tipintake.staff.models import AuditEntry, FailedLogOn, User
from tipintake.staff.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def secret() -> str:
    return factors.new_secret()


@pytest.fixture
def kim(secret: str, now: datetime) -> User:
    """Somebody with an app; the code of this moment is spent on setting it up."""
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)
    user = accounts.named("kim")
    assert factors.set_up_app(user, secret, factors.code_at(secret, now), now=now)
    return user


def test_the_arithmetic_is_that_of_rfc_6238() -> None:
    """Its last digits, from the table of appendix B."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        moment = datetime.fromtimestamp(seconds).astimezone()
        assert factors.code_at(secret, moment) == code


def test_an_app_that_shows_the_wrong_code_is_not_taken(secret: str, now: datetime) -> None:
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)
    user = accounts.named("kim")
    wrong = f"{(int(factors.code_at(secret, now)) + 1) % 10**6:06}"
    for typed in (wrong, "", "abcdef", "１２３４５６", "0" * 40):
        assert not factors.set_up_app(user, secret, typed, now=now)
    assert not factors.has_one(user)


def test_a_code_is_good_once_and_an_earlier_one_never_after_it(
    kim: User, secret: str, now: datetime
) -> None:
    later = now + 2 * HALF_A_MINUTE
    code, earlier = factors.code_at(secret, later), factors.code_at(secret, now + HALF_A_MINUTE)
    assert factors.spend(kim, f" {code[:3]} {code[3:]} ", now=later) is Factor.APP
    assert factors.spend(kim, code, now=later) is None
    assert factors.spend(kim, earlier, now=later) is None


def test_the_code_that_set_the_app_up_is_spent(kim: User, secret: str, now: datetime) -> None:
    assert factors.spend(kim, factors.code_at(secret, now), now=now) is None


@pytest.mark.parametrize(("away", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_clocks_may_differ_by_half_a_minute(
    kim: User, secret: str, now: datetime, away: int, good: bool
) -> None:
    later = now + timedelta(hours=1)
    code = factors.code_at(secret, later + away * HALF_A_MINUTE)
    assert (factors.spend(kim, code, now=later) is Factor.APP) is good


def test_each_of_ten_recovery_codes_opens_once(kim: User, now: datetime) -> None:
    codes = factors.new_recovery_codes(kim, now=now)
    assert len(set(codes)) == 10
    for left, code in zip(range(9, -1, -1), codes, strict=True):
        assert factors.spend(kim, code, now=now) is Factor.RECOVERY
        assert factors.spend(kim, code, now=now) is None
        assert factors.recovery_codes_left(kim) == left


def test_new_recovery_codes_end_the_old_ones(kim: User, now: datetime) -> None:
    old = factors.new_recovery_codes(kim, now=now)[0]
    new = factors.new_recovery_codes(kim, now=now)[0]
    assert factors.spend(kim, old, now=now) is None
    assert factors.spend(kim, new, now=now) is Factor.RECOVERY


def test_recovery_codes_alone_are_no_second_factor(now: datetime) -> None:
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)
    factors.new_recovery_codes(accounts.named("kim"), now=now)
    assert not factors.has_one(accounts.named("kim"))


def test_nothing_in_the_database_or_the_audit_opens_anything(
    kim: User, secret: str, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    codes = factors.new_recovery_codes(kim, now=now)
    rows = json.dumps(list(Authenticator.objects.values("data")))
    told = rows + str(list(AuditEntry.objects.values()))
    for words in (
        secret,
        factors.code_at(secret, now),
        *codes,
        *(c.replace("-", "") for c in codes),
    ):
        assert words not in told
    settings.PRIVATE_KEYS_DIR = tmp_path
    with pytest.raises(KeyMissing, match=r"reset-mfa"):
        factors.spend(kim, codes[0], now=now)


def test_under_another_key_nothing_opens(
    kim: User, secret: str, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path
    keys.accounts_key(tmp_path, make=True)
    accounts.create("lee", roles=[Role.ANALYST], actor="test", now=now)
    lee = accounts.named("lee")
    assert factors.set_up_app(lee, secret, factors.code_at(secret, now), now=now)
    assert (tmp_path / "accounts.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(CannotOpen):
        factors.spend(kim, "123456", now=now)


def test_no_key_is_made_anew_while_second_factors_need_the_one_that_is_missing(
    kim: User, secret: str, now: datetime, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path
    accounts.create("lee", roles=[Role.ANALYST], actor="test", now=now)
    lee = accounts.named("lee")
    with pytest.raises(KeyMissing, match=r"reset-mfa"):
        factors.set_up_app(lee, secret, factors.code_at(secret, now), now=now)
    shutil.copy(settings.KEYS_DIR / "desk.pub", tmp_path)
    (tmp_path / "desk.key").touch()
    settings.KEYS_DIR = tmp_path
    with pytest.raises(CommandError, match=r"accounts\.key.*reset-mfa"):
        call_command("keys", "init")
    accounts.reset_factors("kim", actor="test", now=now)
    assert factors.set_up_app(lee, secret, factors.code_at(secret, now), now=now)


def test_a_start_without_the_accounts_key_says_so_and_goes_on(
    kim: User, settings: Settings, tmp_path: Path
) -> None:
    assert factors.any_is_sealed()
    kept = tmp_path / "keys"
    shutil.copytree(settings.KEYS_DIR, kept)
    shutil.copytree(settings.PRIVATE_KEYS_DIR, kept, dirs_exist_ok=True)
    (kept / "accounts.key").unlink()
    settings.KEYS_DIR = settings.PRIVATE_KEYS_DIR = kept
    said: list[str] = []
    installation.make_keys(say=said.append)
    assert any("accounts.key" in one and "reset-mfa" in one for one in said)
    assert not (kept / "accounts.key").exists()


def try_code(user: User, typed: str, at: datetime) -> str:
    request = RequestFactory().post("/log-on/second/", REMOTE_ADDR="192.0.2.7")
    proof = Proof("log_on.good", accounts.by_code(user, typed, now=at))
    return accounts.prove(request, user, proof, now=at)


def try_password(typed: str, at: datetime) -> User | None:
    return accounts.log_on(RequestFactory().post("/log-on/"), "kim", typed, now=at)


@pytest.mark.parametrize("digits", [6, 10], ids=["app", "recovery"])
def test_five_bad_codes_lock_the_account_for_every_way_in(
    kim: User, secret: str, now: datetime, digits: int
) -> None:
    recovery = factors.new_recovery_codes(kim, now=now)
    password = accounts.set_password("kim", actor="test", now=now)
    later = now + timedelta(minutes=1)
    for _ in range(5):
        assert try_code(kim, "0" * digits, later) == ""
    assert try_code(kim, factors.code_at(secret, later), later) == ""
    assert try_code(kim, recovery[0], later) == ""
    assert try_password(password, later) is None
    assert factors.recovery_codes_left(kim) == 10, "a code was spent on a locked account"
    free = later + timedelta(minutes=15)
    assert try_code(kim, factors.code_at(secret, free), free) == "app"


def test_a_known_password_does_not_buy_more_tries_at_the_code(
    kim: User, secret: str, now: datetime
) -> None:
    """Each right password between bad codes leaves the count of bad codes as it is."""
    password = accounts.set_password("kim", actor="test", now=now)
    later = now + timedelta(minutes=1)
    for _ in range(5):
        assert try_password(password, later) is not None
        try_code(kim, "000000", later)
    assert try_password(password, later) is None
    assert try_code(kim, factors.code_at(secret, later), later) == ""


def test_bad_passwords_and_bad_codes_count_together_and_a_whole_log_on_ends_the_count(
    kim: User, secret: str, now: datetime
) -> None:
    later = now + timedelta(minutes=1)
    for _ in range(2):
        try_password("wrong", later)
        try_code(kim, "000000", later)
    assert FailedLogOn.objects.count() == 4
    assert try_code(kim, factors.code_at(secret, later), later) == "app"
    assert FailedLogOn.objects.count() == 0


def test_a_reset_ends_sessions_and_asks_for_another_factor(kim: User, now: datetime) -> None:
    before = kim.get_session_auth_hash()
    assert accounts.reset_factors("kim", actor="boss", now=now) == 1
    kim.refresh_from_db()
    assert not factors.has_one(kim)
    assert kim.get_session_auth_hash() != before
    assert AuditEntry.objects.get(act="account.factors_reset").actor == "boss"
