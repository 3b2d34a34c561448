"""`manage.py check --deploy` names what is set up by halves, and is silent when all of it is."""

import pytest
from pytest_django import Settings

from config.checks import set_up_whole

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def whole(settings: Settings) -> Settings:
    settings.ROLE = "manage"
    settings.HTTPS = settings.TRUSTED_PROXY = True
    settings.PUBLIC_HOSTS, settings.DESK_HOSTS = ["tips.town.example"], [".desk.town.example"]
    settings.PUBLIC_URL, settings.DESK_URL = (
        "https://tips.town.example",
        "https://desk.town.example",
    )
    settings.BACKUP_RECIPIENTS = ["age1…"]
    settings.AUDIT_DIGEST_TO, settings.EMAIL_BACKEND = ["auditor@town.example"], SMTP
    settings.ALERT_WEBHOOK, settings.METRICS_TOKEN = "", "token"
    return settings


def found() -> set[str]:
    return {str(one.id) for one in set_up_whole()}


def test_it_is_silent_when_nothing_is_missing(whole: Settings) -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HTTPS", False, "https"),
        ("TRUSTED_PROXY", False, "proxy"),
        ("PUBLIC_HOSTS", ["127.0.0.1"], "hosts"),
        ("DESK_URL", "https://desks.town.example", "hosts"),
        ("PUBLIC_URL", "http://tips.town.example", "address"),
        ("BACKUP_RECIPIENTS", [], "backup"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "mail"),
        ("METRICS_TOKEN", "", "watch"),
    ],
)
def test_what_is_missing_is_named(whole: Settings, name: str, value: object, says: str) -> None:
    setattr(whole, name, value)
    assert found() == {f"tipintake.{says}"}


def test_a_process_that_watches_nothing_needs_nobody_to_tell(whole: Settings) -> None:
    whole.ROLE, whole.METRICS_TOKEN = "public", ""
    assert found() == set()
