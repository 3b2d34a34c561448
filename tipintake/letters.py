"""Whether letters leave this machine."""

from django.conf import settings

PRINTS = "django.core.mail.backends.console.EmailBackend"


class NoMailServer(OSError):
    """Letters would be printed into a log and reach nobody."""

    def __str__(self) -> str:
        return (
            "EMAIL_BACKEND only prints letters: set it to "
            "django.core.mail.backends.smtp.EmailBackend, and EMAIL_HOST"
        )


def require_a_mail_server() -> None:
    """Raises NoMailServer where none is set."""
    if settings.EMAIL_BACKEND == PRINTS:
        raise NoMailServer
