"""Which tokens belong to a value that the person also gave in a structured field."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tipintake.privacy.scrub.findings import KnownEvidence
from tipintake.privacy.scrub.lexicon import fold
from tipintake.privacy.scrub.readable import readable
from tipintake.privacy.scrub.tokens import Token

DIGIT_NAMES = {
    name: str(digit)
    for digit, names in enumerate(
        (
            "zero oh cero",
            "one uno",
            "two dos",
            "three tres",
            "four cuatro",
            "five cinco",
            "six seis",
            "seven siete",
            "eight ocho",
            "nine nueve",
        )
    )
    for name in names.split()
}
DIGIT_NAME = re.compile("|".join(sorted(DIGIT_NAMES, key=len, reverse=True)))
# "314-555-O163": a letter beside a digit, and beside no other letter
MISTAKEN = re.compile(r"(?<![^\W\d_])[oli]{1,4}(?=\d)|(?<=\d)[oli]{1,4}(?![^\W\d_])")
MEANT = str.maketrans("oli", "011")
EXTENSION = re.compile(r" ?(?:x|ext\.?) ?\d{1,5}$", re.IGNORECASE)
ROOM_WORD = re.compile(
    r"^(?:rooms?|rms?|units?|suite|ste|apt|apartment|apto|cuarto|habitacion|hab|no|numero|#)\.?\s{0,2}",
    re.IGNORECASE,
)


def squash(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def digits_of(text: str) -> str:
    """The digits of a phone, also when some are written as words."""
    spelled = DIGIT_NAME.sub(lambda m: DIGIT_NAMES[m.group()], fold(text))
    meant = MISTAKEN.sub(lambda m: m.group().translate(MEANT), spelled)
    return "".join(c for c in meant if c.isdigit())


def phone_key(text: str) -> str:
    return digits_of(EXTENSION.sub("", text))[-10:]


def bare_url(value: str) -> str:
    value = re.sub(r"^https?://(?:www\.)?|^www\.", "", value.strip(), flags=re.IGNORECASE)
    return squash(value)


def as_read(known: KnownEvidence) -> KnownEvidence:
    """The values as their text is read: of wide or ringed signs what they mean."""

    def plain(values: Iterable[str]) -> tuple[str, ...]:
        return tuple(readable(value).text for value in values)

    return KnownEvidence(
        plates=plain(known.plates),
        ad_phones=plain(known.ad_phones),
        handles=plain(known.handles),
        urls=plain(known.urls),
        rooms=plain(known.rooms),
        addresses=plain(known.addresses),
    )


def keys_of(known: KnownEvidence) -> set[str]:
    keys = {squash(v) for v in (*known.plates, *known.handles, *known.addresses)}
    keys |= {bare_url(v) for v in known.urls}
    keys |= {squash(v) for v in known.rooms}
    keys |= {squash(ROOM_WORD.sub("", v.strip())) for v in known.rooms}
    keys |= {squash(address.split(",")[0]) for address in known.addresses}
    return {key for key in keys if key}


def one_piece_keys(known: KnownEvidence) -> set[str]:
    """Of user names without a gap: "@mary.smith" is no word on Mary Smith."""
    return {squash(v) for v in known.handles if not any(map(str.isspace, v.strip()))}


def known_tokens(tokens: list[Token], known: KnownEvidence) -> frozenset[int]:
    """Indices of tokens that spell, from first to last letter, a known value."""
    if known == KnownEvidence():
        return frozenset()
    known = as_read(known)
    found: set[int] = set()
    keys = keys_of(known)
    unbroken = one_piece_keys(known)
    phones = {phone_key(p) for p in known.ad_phones} - {""}
    pieces = [squash(t.text) for t in tokens]
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    length = 0
    for at, piece in enumerate(pieces):
        if piece:
            starts[length] = at
            length += len(piece)
            ends[length] = at
        if (
            phones
            and tokens[at].kind in ("PHONE", "CODE", "NUM")
            and phone_key(tokens[at].text) in phones
        ):
            found.add(at)
        if tokens[at].kind == "URL" and bare_url(tokens[at].text) in keys:
            found.add(at)
    whole = "".join(pieces)
    for key in keys:
        at = whole.find(key)
        while at >= 0:
            if at in starts and at + len(key) in ends:
                span = range(starts[at], ends[at + len(key)] + 1)
                if key not in unbroken or is_one_piece(tokens, span):
                    found.update(span)
            at = whole.find(key, at + 1)
    return frozenset(found)


def is_one_piece(tokens: list[Token], span: range) -> bool:
    return all(tokens[at].end == tokens[at + 1].start for at in span[:-1])
