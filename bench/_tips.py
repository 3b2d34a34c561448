"""Tips as many different people send them, as the API takes them. Made up, from a seed."""

import base64
import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from PIL import Image

from tipintake.demo import speech
from tipintake.demo.scenery import Scenery, read_scenery
from tipintake.demo.scenes import Maker

Body = dict[str, Any]

SCENERY = Path(__file__).resolve().parent.parent / "tipintake" / "regions" / "st-louis"
# How many sentences stand behind a short text's thirty words, and how often: as long as the
# labelled narratives are (3,257 by seventeen authors: mean 57 words, median 49, one in ten above
# 94), and one in a hundred tips a letter.
MORE_SENTENCES = ((0, 52), (1, 20), (2, 14), (4, 8), (9, 5), (50, 1))
LONGEST = 3900
PICTURES = 0.03
SENT_AGAIN = 0.03  # the same person presses twice, or a copy goes around
COPIED = 0.05  # one text and plate, shared by many
OF_A_MAKER = 400  # a maker remembers all that it made
JUNK = (
    "You will not catch anybody with this silly form, I can fill it all day long.",
    "Test test test of the form with words that mean nothing at all to anybody here.",
    "Buy followers and cheap watches at our shop, the best prices of the whole town.",
    "My neighbor is a lizard and drives a spaceship to the mall every single morning.",
)


class Writers:
    """One tip after another. Of two with other seeds none is alike but what is copied."""

    def __init__(self, seed: int, *, pictures: float = PICTURES) -> None:
        self._rng = random.Random(seed)
        self._scenery: Scenery = read_scenery(SCENERY)
        self._pictures = pictures
        self._last: Body = {}
        self._maker = self._new_maker()
        self._made = 0

    def tips(self) -> Iterator[Body]:
        while True:
            chance = self._rng.random()
            if chance < SENT_AGAIN and self._last:
                yield self._last
            elif chance < SENT_AGAIN + COPIED:
                yield self._copied()
            else:
                self._last = self._own()
                yield self._last

    def junk(self) -> Iterator[Body]:
        """A script's: few words again and again, some with a number behind them, some facts."""
        while True:
            words = self._rng.choice(JUNK)
            if self._rng.random() < 0.5:
                words += f" {self._rng.randrange(10**9)}"
            yield {
                "category": "OTHER_UNSURE",
                "immediacy": "PAST",
                "minor_present": "UNKNOWN",
                "narrative": words,
                "locations": [{"place_type": "STREET", "city": "St. Charles"}],
            }

    def _own(self) -> Body:
        self._made += 1
        if self._made % OF_A_MAKER == 0:
            self._maker = self._new_maker()
        made = self._maker.tip(datetime.now(UTC))
        body = {name: _plain(value) for name, value in made.values.items() if value is not None}
        body["narrative"] = (body["narrative"] + self._more(made.kind, made.language))[:LONGEST]
        # Of what shows a child online no picture is taken, and nobody should send one.
        if self._rng.random() < self._pictures and made.kind not in {"minor", "game"}:
            body["attachments"] = [{"content": base64.b64encode(photo(self._rng)).decode()}]
        return body

    def _more(self, kind: str, language: str) -> str:
        counts, shares = zip(*MORE_SENTENCES, strict=True)
        said = speech.SPEECHES[kind][language].seen
        (count,) = self._rng.choices(counts, shares)
        # The same sentence seldom comes twice in a letter: each names another evening.
        return "".join(
            f" {self._rng.choice(said)} {self._evening(language)}" for _ in range(count)
        )

    def _evening(self, language: str) -> str:
        on = f"{self._rng.randint(1, 12)}/{self._rng.randint(1, 28)}"
        return f"Eso fue el {on}." if language == "es" else f"That was on {on}."

    def _copied(self) -> Body:
        """A post that many copy and send: the same words of the day, and one plate."""
        return {
            "category": "SEX_TRAFFICKING",
            "immediacy": "RECENT",
            "minor_present": "UNKNOWN",
            "basis": "ONLINE_ONLY",
            "narrative": "Everybody share this: a white van takes girls from parking lots.",
            "vehicles": [{"plate_raw": "5H4RE15", "colour1": "white", "style": "van"}],
            "locations": [{"place_type": "STREET", "city": "St. Charles", "state": "MO"}],
        }

    def _new_maker(self) -> Maker:
        return Maker(self._scenery, random.Random(self._rng.getrandbits(64)))


def photo(rng: random.Random) -> bytes:
    """As large as a phone sends it after its own shrinking: some hundred kilobytes."""
    size = rng.choice(((1024, 768), (1600, 1200)))
    scene = Image.effect_noise((size[0] // 8, size[1] // 8), 90).resize(size).convert("RGB")
    file = io.BytesIO()
    scene.save(file, "JPEG", quality=85)
    return file.getvalue()


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime | date | time) else value
