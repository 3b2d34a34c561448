"""Words between the desk and the holder of a receipt: a question is sealed to both, an answer to
the desk alone. Who writes needs public keys only."""

import uuid
from datetime import datetime

from django.db.models import Max

from tipintake.privacy import coarsen
from tipintake.privacy.receipts import ReplyKeys
from tipintake.privacy.seal import PrivateKey, PublicKey, Sealed, open_with, seal_to
from tipintake.tips.models import Message, Tip
from tipintake.tips.secrets import context, data_key

Direction = Message.Direction


def question(tip: Tip, text: str, *, template: str, author: str, now: datetime) -> Message:
    """A question to the person who wrote. Not yet saved."""
    key = uuid.uuid4()
    to = PublicKey(bytes(tip.receipt_public_key))
    return Message(
        id=key,
        tip=tip,
        direction=Direction.QUESTION,
        at=now,
        author=author,
        template=template,
        for_desk=_for_desk(tip, key, text),
        for_resident=seal_to(to, text.encode(), context=_context(tip.pk, key, "resident")),
    )


def answer(tip: Tip, text: str, *, key: uuid.UUID, now: datetime) -> Message:
    """What the person wrote, scrubbed. Dated to the hour. Not yet saved."""
    return Message(
        id=key,
        tip=tip,
        direction=Direction.ANSWER,
        at=coarsen.hour(now),
        for_desk=_for_desk(tip, key, text),
    )


def keep(message: Message) -> None:
    """Save it as the last of its dialog, in the caller's transaction."""
    # Two at once would take the same number.
    Tip.objects.select_for_update(no_key=True).filter(pk=message.tip_id).values_list("pk").first()
    last = Message.objects.filter(tip=message.tip_id).aggregate(last=Max("number"))["last"]
    message.number = (last or 0) + 1
    message.save(force_insert=True)


def reworded(message: Message, text: str) -> None:
    """Seal other words in place of the desk's copy. Not yet saved."""
    message.for_desk = _for_desk(message.tip, message.pk, text)


def mailbox_of(tip: Tip) -> PublicKey:
    """Where later words are dropped. Raises `DataKey.DoesNotExist` once the key is destroyed."""
    return PublicKey(bytes(tip.data_key.mailbox))


def words_for_desk(message: Message, private: PrivateKey) -> str:
    mailbox = data_key(message.tip, private).mailbox
    return _opened(message, mailbox, bytes(message.for_desk), "desk")


def words_for_resident(message: Message, keys: ReplyKeys) -> str:
    return _opened(message, keys.private, bytes(message.for_resident), "resident")


def _for_desk(tip: Tip, key: uuid.UUID, text: str) -> Sealed:
    return seal_to(mailbox_of(tip), text.encode(), context=_context(tip.pk, key, "desk"))


def _opened(message: Message, private: PrivateKey, sealed: bytes, reader: str) -> str:
    bound = _context(message.tip_id, message.pk, reader)
    return open_with(private, Sealed(sealed), context=bound).decode()


def _context(tip_id: uuid.UUID, key: uuid.UUID, reader: str) -> str:
    return context(tip_id, f"message:{key}:{reader}")
