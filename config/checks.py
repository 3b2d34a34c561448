"""What `manage.py check --deploy` says of an installation that is set up by halves."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.http.request import validate_host

from tipintake.letters import PRINTS


def set_up_whole(**_about: object) -> list[checks.CheckMessage]:
    return list(_lacks())


def _lack(code: str, says: str) -> checks.CheckMessage:
    return checks.Warning(says, id=f"tipintake.{code}")


def _lacks() -> Iterator[checks.CheckMessage]:
    if not settings.HTTPS:
        yield _lack(
            "https",
            "TIPINTAKE_HTTPS is 0: put TLS before both hosts and set it to 1. What residents "
            "write travels in clear until then.",
        )
    elif not settings.TRUSTED_PROXY:
        yield _lack(
            "proxy",
            "TIPINTAKE_TRUSTED_PROXY is 0: behind a proxy all senders look like one, so that a "
            "flood keeps everybody waiting. Set it to 1 when yours overwrites X-Forwarded-For.",
        )
    for door in ("PUBLIC", "DESK"):
        address, hosts = getattr(settings, f"{door}_URL"), getattr(settings, f"{door}_HOSTS")
        parts = urlsplit(address)
        if not validate_host(parts.hostname or "", hosts):
            yield _lack(
                "hosts",
                f"{door}_URL={address} leads to a name that is not in {door}_HOSTS "
                f"({','.join(hosts)}): who follows a link is refused.",
            )
        elif settings.HTTPS and parts.scheme != "https":
            yield _lack(
                "address", f"{door}_URL={address}: begin it with https://, as it is reached."
            )
    if not settings.BACKUP_RECIPIENTS:
        yield _lack(
            "backup",
            "BACKUP_RECIPIENTS is empty: no backup can be made, and nobody is told that none is. "
            "Run `manage.py backup --make-key` on another machine and set what it prints.",
        )
    if settings.AUDIT_DIGEST_TO and settings.EMAIL_BACKEND == PRINTS:
        yield _lack(
            "mail",
            "AUDIT_DIGEST_TO names addresses, but EMAIL_BACKEND only prints letters: set it to "
            "django.core.mail.backends.smtp.EmailBackend, and EMAIL_HOST.",
        )
    watches = settings.ROLE in {"desk", "manage"}
    if watches and not settings.ALERT_WEBHOOK and not settings.METRICS_TOKEN:
        yield _lack(
            "watch",
            "Neither ALERT_WEBHOOK nor METRICS_TOKEN is set: nobody outside the desk is told "
            "when tips stand still.",
        )
