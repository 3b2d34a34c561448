"""Register an endpoint of a line, try it, stop it. Each act is recorded."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from tipintake.delivery.channels import CHANNELS, signing
from tipintake.delivery.channels.base import Endpoint, Message, PermanentFailure
from tipintake.delivery.channels.destinations import parts_of
from tipintake.directory.models import Contact, Line, VerifiedState
from tipintake.staff import audit


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


def renew_secret(contact: Contact, *, actor: str, now: datetime) -> str:
    """A new secret for a webhook. The old one signs nothing from now on."""
    if contact.channel != Contact.Channel.WEBHOOK:
        raise ContactRefused("Only a webhook has a secret.")
    secret = signing.new_secret()
    with transaction.atomic():
        contact.secret_sealed = signing.sealed(secret)
        contact.save(update_fields=["secret_sealed"])
        _record("contact.secret_renewed", contact, actor=actor, now=now)
    return secret


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
    secret = signing.opened(bytes(contact.secret_sealed))
    CHANNELS[contact.channel].send(message, Endpoint(contact.address, secret), now=now)


def _check(channel: str, address: str) -> None:
    if channel == Contact.Channel.WEBHOOK:
        try:
            parts_of(address)
        except PermanentFailure as failure:
            raise ContactRefused(f"Not registered: {failure.reason}.") from None
    elif channel == Contact.Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise ContactRefused("Not registered: this is not an e-mail address.") from None
    elif address:
        raise ContactRefused("Not registered: a call sheet and the console have no address.")


def _record(act: str, contact: Contact, *, actor: str, now: datetime) -> None:
    audit.record(
        act,
        actor=actor,
        now=now,
        subject=contact.line.code,
        channel=contact.channel,
        role=contact.role,
    )
