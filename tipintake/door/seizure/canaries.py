"""The strings that are planted. Each run makes its own, so that what is found was left by it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

SCENE = "polka-dot umbrella stand"  # evidence: kept, but only sealed
LATER_SCENE = "lacquered birdcage"  # the same, in an answer
FIRST = ("Zebulon", "Thaddeus", "Leocadia", "Ignacia", "Barnaby", "Philomena")
LAST = ("Quackenbush", "Vandersloot", "Featherstone", "Ollerenshaw", "Throckmorton")
STREETS = ("Periwinkle Hollow", "Bramblewood", "Quarryman", "Larkspur Bend")
# Far from any region: of the numbers that may stand in made-up text there are but a hundred each.
AREAS = (
    *("205", "207", "208", "304", "307", "402", "406", "505"),
    *("603", "605", "701", "775", "802", "808", "907"),
)
PLATE_LETTERS = "CDFGHJKLMNPQRTVWXYZ"
MARKED = (
    *("cookie", "query string", "path", "unknown key", "unknown value", "refused value"),
    *("broken body", "oversized body", "authorization", "idempotency key", "key of an answer"),
    *("client hint", "etag", "new header"),
    *("file's camera", "file's comment", "file's tail"),
    *("document's author", "document's attached file", "torn file"),
)


@dataclass(frozen=True, slots=True)
class Canaries:
    """What must be written nowhere, by the channel it comes through."""

    transport: Mapping[str, str]
    words: Mapping[str, str]  # behind plain cues: gone even for whoever holds every key
    sealed: Mapping[str, str]  # evidence: there for who holds the keys, and else nowhere
    clear: Mapping[str, str] = field(default_factory=dict)  # kept in clear until the purge

    def everything(self) -> dict[str, str]:
        return {**self.transport, **self.words, **self.sealed}


def canaries(*, source_address: str = "") -> Canaries:
    """New strings. `source_address` is the one that requests come from, if that is telling."""
    transport = {
        "forwarded address": f"203.0.113.{secrets.randbelow(150) + 100}",
        "forwarded header": f"198.51.100.{secrets.randbelow(150) + 100}",
        "user agent": f"CanaryBrowser/77.{secrets.randbelow(10**6)} (Quokka)",
        "language": f"qq-ZQ-x-{secrets.token_hex(4)}",
        "referer": f"https://{_mark('referer')}.example/inbox",
        "origin": f"https://{_mark('origin')}.example",
        "file name": f"{_mark('photo-of-me')}.jpg",
        **{channel: _mark(channel.replace(" ", "-")) for channel in MARKED},
    }
    if source_address:
        transport["source address"] = source_address
    return Canaries(
        transport,
        _words(),
        {"the narrative": SCENE, "an answer": LATER_SCENE},
        {
            "a plate": _plate(),
            "an ad's user name": f"ad_{secrets.token_hex(5)}",
            "an answer's plate": _plate(),
        },
    )


def _words() -> dict[str, str]:
    """Who wrote the tip, and who the answers: other strings, so that a leak names its door."""
    chance = secrets.SystemRandom()
    first, last = chance.sample(FIRST, 2), chance.sample(LAST, 2)
    phones = [f"{chance.choice(AREAS)}-555-01{end:02}" for end in chance.sample(range(100), 2)]
    mailboxes = [f"{one.lower()}.{secrets.token_hex(3)}@mailbox.example" for one in last]
    return {
        "own name": f"{first[0]} {last[0]}",
        "own surname": last[0],
        "own phone": phones[0],
        "own e-mail": mailboxes[0],
        "own home": f"{chance.randrange(1000, 10_000)} {chance.choice(STREETS)} Lane",
        "name in an answer": f"{first[1]} {last[1]}",
        "phone in an answer": phones[1],
        "e-mail in an answer": mailboxes[1],
    }


def _mark(name: str) -> str:
    return f"canary-{name}-{secrets.token_hex(6)}"


def _plate() -> str:
    return "".join(secrets.choice(PLATE_LETTERS) for _ in range(6)) + "7"
