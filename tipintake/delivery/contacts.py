"""Register an endpoint of a line, try it, stop it. Each act is recorded."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from tipintake.delivery.channels import CHANNELS, signing
from tipintake.delivery.channels.base import Endpoint, Message, PermanentFailure
from tipintake.delivery.channels.destinations import parts_of, refuse_number, refuse_plain
from tipintake.directory.models import Contact, Line, VerifiedState
from tipintake.staff import audit
from tipintake.tips.fields import longest

BOTH_SIGN_FOR = timedelta(days=1)
LONGEST_BOTH_SIGN = timedelta(days=14)


class ContactRefused(Exception):
    """This contact cannot be registered; the message says why."""


@dataclass(frozen=True, slots=True, repr=False)
class Registered:
    """A new contact, and the webhook secret to hand over. The secret is shown this once."""

    contact: Contact
    secret: str


def register(
    line: Line, *, role: str, channel: str, address: str, name: str, actor: str, now: datetime
) -> Registered:
    """Add an endpoint to a line. A webhook gets a secret of its own."""
    _check(channel, address)
    _check_length("address", address)
    _check_length("name", name)
    secret = signing.new_secret() if channel == Contact.Channel.WEBHOOK else ""
    contact = Contact(
        line=line,
        role=role,
        channel=channel,
        address=address,
        name=name,
        secret_sealed=signing.sealed(secret) if secret else b"",
        source=f"registered by {actor}",
        verified_state=VerifiedState.CONFIRMED,
        verified_by=actor,
        verified_on=now.date(),
    )
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
            _record("contact.registered", contact, actor=actor, now=now)
    except IntegrityError:
        raise ContactRefused(
            f"{line.code} has this contact already. `manage.py contact list {line.code}` shows it."
        ) from None
    return Registered(contact, secret)


def renew_secret(
    contact: Contact, *, actor: str, now: datetime, both_for: timedelta = BOTH_SIGN_FOR
) -> str:
    """A new secret for a webhook. The old one signs too for `both_for`, so that the agency can
    change over without missing a notice; with no time at all it ends at once."""
    if contact.channel != Contact.Channel.WEBHOOK:
        raise ContactRefused("Only a webhook has a secret.")
    if not timedelta() <= both_for <= LONGEST_BOTH_SIGN:
        raise ContactRefused(
            f"Both secrets may sign for up to {LONGEST_BOTH_SIGN.days} days, not longer."
        )
    secret = signing.new_secret()
    with transaction.atomic():
        stays = bool(both_for) and _opens(contact)
        contact.secret_before_sealed = contact.secret_sealed if stays else b""
        contact.secret_before_until = now + both_for if stays else None
        contact.secret_sealed = signing.sealed(secret)
        contact.save(
            update_fields=["secret_sealed", "secret_before_sealed", "secret_before_until"]
        )
        _record(
            "contact.secret_renewed",
            contact,
            actor=actor,
            now=now,
            both_sign_for_hours=round(both_for / timedelta(hours=1)),
        )
    return secret


def forget_old_secrets(now: datetime) -> int:
    """Destroy the secrets whose time of signing beside a newer one is over. How many."""
    return Contact.objects.filter(secret_before_until__lte=now).update(
        secret_before_sealed=b"", secret_before_until=None
    )


def endpoint(contact: Contact, *, now: datetime) -> Endpoint:
    """Where to send, and with which secrets to sign at this moment. Raises SecretUnreadable."""
    until = contact.secret_before_until
    both = until is not None and now < until
    return Endpoint(
        contact.address,
        signing.opened(bytes(contact.secret_sealed)),
        signing.opened(bytes(contact.secret_before_sealed)) if both else "",
    )


def switch(contact: Contact, *, active: bool, actor: str, now: datetime) -> None:
    """Notices go to this contact from now on, or no longer."""
    with transaction.atomic():
        contact.active = active
        contact.save(update_fields=["active"])
        _record("contact.started" if active else "contact.stopped", contact, actor=actor, now=now)


def try_out(contact: Contact, *, now: datetime) -> None:
    """Send a notice that says it is a trial. Raises what the channel raises."""
    message = Message(
        id=uuid4(),
        type="notice.trial",
        reference="T-0000-0000",
        priority="P4",
        line=contact.line.code,
        line_name=contact.line.name,
        link=f"{settings.DESK_URL}/",
        since=now,
    )
    CHANNELS[contact.channel].send(message, endpoint(contact, now=now), now=now)


def _opens(contact: Contact) -> bool:
    try:
        return bool(signing.opened(bytes(contact.secret_sealed)))
    except signing.SecretUnreadable:
        return False


def _check(channel: str, address: str) -> None:
    if channel == Contact.Channel.WEBHOOK:
        try:
            scheme, host, _port, _path = parts_of(address)
            refuse_plain(scheme, settings.WEBHOOK_ALLOWED_NETWORKS)
            refuse_number(host, settings.WEBHOOK_ALLOWED_NETWORKS)
        except PermanentFailure as failure:
            raise ContactRefused(f"Not registered: {failure.reason}.") from None
    elif channel == Contact.Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise ContactRefused("Not registered: this is not an e-mail address.") from None
    elif address:
        raise ContactRefused("Not registered: a call sheet and the console have no address.")


def _check_length(field: str, given: str) -> None:
    most = longest(Contact, field)
    if most is not None and len(given) > most:
        raise ContactRefused(
            f"Not registered: the {field} has {len(given)} characters, and at most {most} fit."
        )


def _record(act: str, contact: Contact, *, actor: str, now: datetime, **facts: audit.Fact) -> None:
    audit.record(
        act,
        actor=actor,
        now=now,
        subject=contact.line.code,
        channel=contact.channel,
        role=contact.role,
        **facts,
    )
