"""A content-free e-mail. Mail is a postcard: it says that a tip waits, and where to log in."""

import re
import smtplib
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from tipintake.delivery.channels.base import (
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.letters import NoMailServer, require_a_mail_server

SUBJECTS = {
    "tip.arrived": "{priority}: tip {reference} waits at {line_name}",
    "tip.overdue": "{priority} OVERDUE: tip {reference} at {line_name}",
    "tip.more": "{priority}: more about tip {reference} at {line_name}",
    "notice.trial": "A trial notice for {line_name}",
    "notice.given_up": "{priority}: a notice about tip {reference} could not be delivered",
}
SENTENCES = {
    "tip.arrived": "A tip waits in the queue of {line_name}.",
    "tip.overdue": "Nobody at {line_name} has acknowledged this tip in time.",
    "tip.more": "The person who wrote added something to a tip that {line_name} has.",
    "notice.trial": "This is a trial: no tip waits. Notices to {line_name} come to this address.",
    "notice.given_up": "An endpoint of {line_name} does not take notices. Please tell them by "
    "telephone, and mend the contact.",
}
# RFC 3463: no such mailbox or domain, a malformed address, one that moved, a domain that takes no
# mail. 5.1.7 and 5.1.8 speak of our sender, and whatever comes without a code of this kind may be
# our relay's refusal, which is mended meanwhile: Exim says "550 relay not permitted".
NO_SUCH_ADDRESS = re.compile(rb"5\.1\.(?:[1236]|10)\b")
BODY = """{sentence}

Tip number: {reference}
Priority:   {priority}
Open it:    {link}

This message says nothing of what was seen, on purpose. Please do not reply to it.
"""


class Email:
    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:  # noqa: ARG002
        try:
            require_a_mail_server()
            taken = _letter(message, to).send(fail_silently=False)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients.values()) from None
        except smtplib.SMTPDataError as error:
            raise _refused([(error.smtp_code, error.smtp_error)]) from None
        except smtplib.SMTPResponseException as error:
            # Log-on, greeting, sender: our own set-up is at fault, and can be mended meanwhile.
            raise TemporaryFailure(f"the mail server answered {error.smtp_code}") from None
        except NoMailServer as error:
            raise TemporaryFailure(str(error)) from None
        except (smtplib.SMTPException, OSError) as error:
            kind = type(error).__name__
            raise TemporaryFailure(f"no mail server was reached ({kind})") from None
        except ValueError:
            raise PermanentFailure("the address is not an e-mail address") from None
        if not taken:
            raise PermanentFailure("the contact has no e-mail address")


def _letter(message: Message, to: Endpoint) -> EmailMessage:
    words = {
        "reference": message.reference,
        "priority": message.priority,
        "line_name": " ".join(message.line_name.split()),
        "link": message.link,
    }
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=SUBJECTS[message.type].format(**words),
        body=BODY.format(sentence=SENTENCES[message.type].format(**words), **words),
        to=[to.address] if to.address else [],
        headers={
            "Message-ID": f"<{message.id}@{domain}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )


def _refused(answers: Iterable[tuple[int, bytes | str]]) -> TemporaryFailure | PermanentFailure:
    code, words = max(answers, default=(0, b""))
    said = words.encode() if isinstance(words, str) else words
    if code >= 500 and NO_SUCH_ADDRESS.match(said):
        return PermanentFailure(f"the mail server knows no such address ({code})")
    return TemporaryFailure(f"the mail server refused the letter ({code})")
