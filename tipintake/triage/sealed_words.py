"""Finding tips by their sealed words.

They are opened one tip after another, only of tips that a search in what is in clear left, for a
reason that is recorded, and never more than a fixed number.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from tipintake.privacy.scrub.lexicon import ordinary_words
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips import messages
from tipintake.tips.models import Message, Tip
from tipintake.tips.secrets import narrative_of
from tipintake.triage import intelligence
from tipintake.triage.search import Asked, Position, Searcher, after, marked, marks_of, matching
from tipintake.triage.visible import tips_visible_to

MOST_READ = 3000  # tips whose words one search opens
STEP = 250  # of them in one request
MOST_FOUND = 100
SHORTEST_WORDS = 3
AROUND = 70


class Reason(models.TextChoices):
    """Why sealed words are opened for a search. A closed list: the audit repeats it."""

    DANGER = "DANGER", "Somebody may be in danger now"
    LINK = "LINK", "To see whether tips belong together"
    REQUEST = "REQUEST", "A line asked about it"
    CASE = "CASE", "An opened case needs it"
    QUALITY = "QUALITY", "Our own handling is under review"


@dataclass(frozen=True, slots=True, repr=False)
class Words:
    """What is looked for in sealed words: each word, or a "stretch in quotation marks"."""

    parts: tuple[str, ...]

    @classmethod
    def parse(cls, typed: str) -> Self:
        pieces = typed.split('"')
        quoted = [_plain(piece) for piece in pieces[1::2]]
        single = [_plain(word) for piece in pieces[0::2] for word in piece.split()]
        return cls(tuple(part for part in (*quoted, *single) if part))

    @property
    def are_enough(self) -> bool:
        return max((len(part) for part in self.parts), default=0) >= SHORTEST_WORDS

    def excerpt(self, text: str, *, closed: Iterable[str] = ()) -> str:
        """What stands around the first of them, if all are there; else empty. A name that is
        closed is not found: neither whole nor a part of it."""
        plain = _without(closed, text)
        if not self.parts or not all(part in plain for part in self.parts):
            return ""
        at = min(plain.find(part) for part in self.parts)
        start, end = max(0, at - AROUND), at + AROUND
        shown = text[start:end]
        # Whole words only, and no half of a mark of the scrubber.
        if start:
            shown = "… " + shown[: at - start].partition(" ")[2] + shown[at - start :]
        if end < len(text):
            shown = shown.rpartition(" ")[0] + " …"
        return shown.strip()


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A tip whose words hold what was looked for."""

    tip: Tip
    excerpt: str


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """One step of a search in sealed words."""

    found: list[Found]
    opened: int
    unreadable: int
    position: Position | None  # where the next step begins; None: all were read


def begin_words(
    asked: Asked, searcher: Searcher, words: str, reason: Reason, *, now: datetime
) -> int:
    """Record that words are about to be opened, and why. How many tips that will be at most."""
    tips = matching(asked, searcher, now=now).values("pk")[:MOST_READ]
    count = tips.count()
    audit.record(
        "search.words",
        actor=searcher.user.username,
        now=now,
        facets=sorted(asked.given()),
        marks=[*marks_of(asked), *_marks_of_words(words)],
        reason=reason.value,
        tips=count,
    )
    return count


def _marks_of_words(words: str) -> list[str]:
    """Of all that was typed, and of each word or stretch of it: either may be asked for."""
    whole = words.replace('"', " ")
    return marked(("words", one) for one in (whole, *Words.parse(words).parts))


def read_words(
    asked: Asked,
    searcher: Searcher,
    words: Words,
    reason: Reason,
    *,
    private: PrivateKey,
    position: Position | None,
    most: int,
    now: datetime,
) -> Read:
    """Open the words of the next tips. Each that is shown is recorded as read."""
    rows = after(matching(asked, searcher, now=now), position).select_related("data_key")
    tips = list(rows.prefetch_related("messages", "persons")[: most + 1])
    followed = _names_followed(searcher, now)
    found, unreadable = [], 0
    for tip in tips[:most]:
        try:
            excerpt = words.excerpt(_all_words(tip, private), closed=_closed(tip, followed))
        except (CannotOpen, ObjectDoesNotExist):
            unreadable += 1
            continue
        if excerpt:
            found.append(Found(tip, excerpt))
    audit.record(
        "search.words_opened",
        actor=searcher.user.username,
        now=now,
        reason=reason.value,
        opened=len(tips[:most]),
        found=len(found),
    )
    audit.record_each(
        "tip.words_found",
        [(one.tip.reference, {"reason": reason.value}) for one in found],
        actor=searcher.user.username,
        now=now,
    )
    more = Position.of(tips[most - 1]) if len(tips) > most else None
    return Read(found, len(tips[:most]), unreadable, more)


def excerpts(
    references: Sequence[str],
    searcher: Searcher,
    words: Words,
    *,
    private: PrivateKey,
    now: datetime,
) -> list[Found]:
    """What earlier steps found, once more: nothing of it was kept."""
    tips = tips_visible_to(searcher.user).filter(reference__in=references[:MOST_FOUND])
    rows = tips.select_related("data_key").prefetch_related("messages", "persons")
    followed = _names_followed(searcher, now)
    by_reference = {tip.reference: tip for tip in rows}
    found = []
    for reference in references:
        if (tip := by_reference.get(reference)) is None:
            continue
        try:
            closed = _closed(tip, followed)
            found.append(Found(tip, words.excerpt(_all_words(tip, private), closed=closed)))
        except (CannotOpen, ObjectDoesNotExist):
            continue
    return found


def _all_words(tip: Tip, private: PrivateKey) -> str:
    """The narrative and what its writer added later; held words and names stay closed."""
    texts = [narrative_of(tip, private)]
    for message in tip.messages.all():
        if message.direction == Message.Direction.ANSWER:
            message.tip = tip
            texts.append(messages.words_for_desk(message, private))
    return "\n".join(text for text in texts if text)


def _names_followed(searcher: Searcher, now: datetime) -> frozenset[bytes]:
    """Marks of the names that this account may follow: of records in force that it may read."""
    if May.READ_INTELLIGENCE not in searcher.acts:
        return frozenset()
    return intelligence.names_in_force(tips_visible_to(searcher.user), now=now)


def _closed(tip: Tip, followed: frozenset[bytes]) -> list[str]:
    """Names of the people described in a tip: allegations, which no search follows."""
    names = [one.name_or_alias for one in tip.persons.all() if one.name_or_alias]
    return [one for one in names if intelligence.mark(one) not in followed]


def _without(closed: Iterable[str], text: str) -> str:
    """The plain text with every closed name blotted out, whole or in part, as long as before.

    A word that everybody uses, such as the "big" of a "Big Rickard", stays where it stands small
    and alone.
    """
    plain = _plain(text)
    for name in closed:
        words = re.findall(r"[^\W_]+", _plain(name))
        whole = r"[\W_]+".join(words)
        for match in re.finditer(rf"(?<![^\W_])(?:{whole})(?![^\W_])", plain) if words else ():
            plain = _blotted(plain, match.span())
        for word in words:
            for match in re.finditer(rf"(?<![^\W_]){word}(?![^\W_])", plain):
                if word not in ordinary_words() or text[match.start()].isupper():
                    plain = _blotted(plain, match.span())
    return plain


def _blotted(plain: str, span: tuple[int, int]) -> str:
    start, end = span
    return plain[:start] + "\0" * (end - start) + plain[end:]


def _plain(text: str) -> str:
    """No case and no accents, each character for one, so that places in it stay true."""
    return "".join(_bare(char) for char in text)


def _bare(char: str) -> str:
    lowered = char.casefold()
    if len(lowered) != 1:
        return char
    return _ACCENTED.get(lowered, lowered)


_ACCENTED = dict(zip("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc", strict=True))
