"""Asking the person who wrote, through their receipt; and what they answered."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy import coarsen
from tipintake.privacy.scrub import Verdict, scrub
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff import audit
from tipintake.tips import languages, messages
from tipintake.tips.cleaning import HELD
from tipintake.tips.models import Message, Tip

LIMIT = 1000
UNREADABLE = gettext_noop("This message does not open: its key or the message was changed.")
FAREWELL = "LAST"
REMOVED = "[removed]"


@dataclass(frozen=True, slots=True)
class Template:
    """One question as it is asked in each language; otherwise where it must be of the person in
    the situation."""

    code: str
    en: str
    es: str
    own_en: str = ""
    own_es: str = ""

    def said_in(self, language: str, *, is_own: bool) -> str:
        if languages.base(language) == "es":
            return (is_own and self.own_es) or self.es
        return (is_own and self.own_en) or self.en


_TEMPLATES = (
    Template(
        "WHERE",
        "Where exactly was it? A name, a street, a crossing or an exit helps. "
        "Please do not tell us where you live or work.",
        "¿Dónde fue exactamente? Ayuda un nombre, una calle, un cruce o una salida. "
        "Por favor, no nos diga dónde vive o trabaja usted.",
        "Where is it, or where are you? A name, a street, a room or a sign that you see helps. "
        "Say it only if you want to.",
        "¿Dónde es, o dónde está usted? Ayuda un nombre, una calle, un cuarto o un letrero que "
        "vea. Dígalo solo si quiere.",
    ),
    Template(
        "WHEN",
        "When did you see it? Does it happen on certain days or at certain hours?",
        "¿Cuándo lo vio? ¿Pasa en ciertos días o a ciertas horas?",
    ),
    Template(
        "VEHICLE",
        "Do you remember more about the vehicle: the plate, even a part of it, the color, the "
        "make, a dent or a sticker?",
        "¿Recuerda algo más del vehículo: la placa, aunque sea una parte, el color, la marca, "
        "un golpe o una calcomanía?",
    ),
    Template(
        "PEOPLE",
        "How many people did you see, and what did each of them do?",
        "¿A cuántas personas vio y qué hizo cada una?",
    ),
    Template(
        "STILL",
        "Is it still going on? If someone is in danger now, please call 911 first.",
        "¿Sigue pasando? Si alguien está en peligro ahora, llame primero al 911.",
    ),
    Template(
        "ONLINE",
        "Is there an ad, a profile or a phone number that you can copy here?",
        "¿Hay un anuncio, un perfil o un número de teléfono que pueda copiar aquí?",
    ),
    Template(
        "UNDER_18",
        "Why do you think that someone may be under 18? What did you see or hear?",
        "¿Por qué cree que alguien puede tener menos de 18 años? ¿Qué vio u oyó?",
    ),
    Template(
        "SAFE",
        "Are you safe where you are? You can ask us for help here, and we will tell you who "
        "gives it.",
        "¿Está usted a salvo donde está? Puede pedirnos ayuda aquí y le diremos quién la da.",
    ),
    Template(
        FAREWELL,
        "Thank you. We have no more questions for now. You can still add what you learn.",
        "Gracias. Por ahora no tenemos más preguntas. Todavía puede agregar lo que sepa.",
    ),
)
TEMPLATES: Mapping[str, Template] = MappingProxyType({one.code: one for one in _TEMPLATES})


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """Words for the person who wrote, as they would arrive."""

    text: str
    taken_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """One message as the desk reads it."""

    from_desk: bool
    at: datetime
    author: str
    text: str
    unread: bool
    pk: uuid.UUID
    state: str = ""  # of a question: how far it has come
    opens: bool = True


class TooLate(Exception):
    """The question was shown already, or taken back by somebody else. Nothing was changed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The person who wrote has been shown this question, or somebody took it back "
                "already. Nothing was changed."
            )
        )


def scrubbed(words: str) -> Outgoing:
    """What may leave the desk: a colleague's number or a victim's name must not go out either."""
    result = scrub(words.strip())
    taken = [one for one in result.findings if one.verdict is not Verdict.KEEP]
    text = words.strip()
    # Nothing of it is held for anybody: what goes out is gone.
    out = result.text.replace(HELD, REMOVED)
    return Outgoing(out, tuple(text[one.start : one.end] for one in taken))


def draft(tip: Tip, *, template: str = "", words: str = "", language: str = "") -> Outgoing:
    """What would be sent, in the language of the person who wrote unless another is chosen."""
    known = TEMPLATES.get(template)
    if known is None:
        return scrubbed(words)
    return Outgoing(known.said_in(language or tip.language, is_own=tip.reporter_is_victim), ())


def ask(
    tip: Tip,
    *,
    template: str = "",
    words: str = "",
    language: str = "",
    by: str,
    now: datetime,
) -> Message:
    """Put a question under the receipt. Nobody is told: its holder finds it on coming back."""
    known = TEMPLATES.get(template)
    text = draft(tip, template=template, words=words, language=language).text
    asked = messages.question(tip, text, template=known.code if known else "", author=by, now=now)
    if template == FAREWELL:
        asked.read_at = coarsen.hour(now)  # it waits for no answer
    with transaction.atomic():
        messages.keep(asked)
        audit.record(
            "message.asked",
            actor=by,
            now=now,
            subject=tip.reference,
            template=known.code if known else "own words",
        )
    return asked


def waits_already(
    tip: Tip, *, template: str, words: str, language: str, private: PrivateKey
) -> bool:
    """The same was asked, and its reader has not been shown it. In the transaction that asks: of
    two presses at one moment the second waits here for the first."""
    Tip.objects.select_for_update(no_key=True).filter(pk=tip.pk).values_list("pk").first()
    text = draft(tip, template=template, words=words, language=language).text
    return any(one.state == WAITING and one.text == text for one in said_in(tip, private))


def withdraw(tip: Tip, key: uuid.UUID, *, by: str, now: datetime) -> None:
    """Take a question back that nobody was shown. Its holder's copy is destroyed."""
    with transaction.atomic():
        asked = tip.messages.filter(
            Q(read_at__isnull=True) | Q(template=FAREWELL),
            pk=key,
            direction=Message.Direction.QUESTION,
            shown=False,
            withdrawn_at__isnull=True,
        )
        if not asked.update(withdrawn_at=now, for_resident=b""):
            raise TooLate
        audit.record("message.withdrawn", actor=by, now=now, subject=tip.reference)


def said_in(tip: Tip, private: PrivateKey) -> list[Said]:
    """The whole dialog, the oldest first."""
    return [_said(one, private) for one in tip.messages.select_related("tip__data_key")]


def mark_read(said: Iterable[Said], *, now: datetime) -> int:
    """Somebody who works the queue has seen these answers. How many they were. One that came
    since, or whose words do not open, is none of them."""
    shown = [one.pk for one in said if one.unread and one.opens]
    return unread_answers().filter(pk__in=shown).update(read_at=now)


def unread_answers() -> QuerySet[Message]:
    return Message.objects.filter(direction=Message.Direction.ANSWER, read_at__isnull=True)


def _said(message: Message, private: PrivateKey) -> Said:
    try:
        text, opens = messages.words_for_desk(message, private), True
    except CannotOpen:
        text, opens = _(UNREADABLE), False
    from_desk = message.direction == Message.Direction.QUESTION
    return Said(
        pk=message.pk,
        state=_state(message) if from_desk else "",
        from_desk=from_desk,
        at=message.at,
        author=message.author,
        text=text,
        unread=not from_desk and message.read_at is None,
        opens=opens,
    )


WITHDRAWN, SHOWN, WAITING = "withdrawn", "shown", "waiting"


def _state(question: Message) -> str:
    if question.withdrawn_at is not None:
        return WITHDRAWN
    answered = question.read_at is not None and question.template != FAREWELL
    return SHOWN if question.shown or answered else WAITING
