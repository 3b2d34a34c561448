"""Features of each token for the sequence labeller.

Each token gets one value in each of some columns; a template joins a few columns, of the token
or of its neighbours, to a feature. Words generalise badly from one author to another, so most
templates use word classes, word groups and what stands around. The training reads features as
strings (`features_of`); the service looks the columns up in tables (`labeller.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tipintake.privacy.scrub.context import Place, classes_of, places_of
from tipintake.privacy.scrub.lexicon import (
    clusters,
    given_names,
    ordinary_words,
    surnames,
)
from tipintake.privacy.scrub.tokens import Token

BAG_REACH = 8
CUE_REACH = 10
PERSON_REACH = 14
NAME_SENTENCE_REACH = 20
CLAUSE_REACH = 60
MOST_MENTIONS = 6
START, END = "<s>", "</s>"
NO_CLUSTER = ("-", "-", "-")
NOT_A_WORD = ("k", "k", "k")
CONTACT_KINDS = frozenset(("PHONE", "EMAIL", "HANDLE", "URL", "PLATE", "CODE"))
# The first class of a word in this order stands for the word in pairs, bags and heads
PRIMARY = [
    "i",
    "my",
    "we",
    "soy",
    "he",
    "third_poss",
    "she",
    "they",
    "you",
    "kin",
    "relation",
    "title",
    "namecue",
    "contact",
    "account",
    "idword",
    "tipword",
    "vehicle",
    "plateword",
    "dayname",
    "ampm",
    "numword",
    "shift",
    "role",
    "workverb",
    "live",
    "see",
    "speech",
    "adword",
    "victim",
    "suspect",
    "room",
    "street",
    "city",
    "state",
    "site",
    "vantage",
    "time",
    "color",
    "desc",
    "indicator",
    "danger",
    "protect",
    "former",
    "self",
    "neg",
    "be",
    "have",
    "prep",
    "conj",
    "the",
    "age",
    "street",
    "given",
    "surname",
]
RANK = {name: at for at, name in enumerate(PRIMARY)}
PERSON_CLASSES = [
    "namecue",
    "kin",
    "relation",
    "victim",
    "suspect",
    "age",
    "my",
    "third_poss",
    "indicator",
    "vehicle",
    "plateword",
    "speech",
]
SENTENCE_CLASSES = frozenset(
    [
        "victim",
        "suspect",
        "kin",
        "relation",
        "namecue",
        "age",
        "my",
        "i",
        "vehicle",
        "indicator",
        "title",
    ]
)


Columns = dict[str, list[str]]
COLUMN = re.compile(r"([a-z]+\d?)([+-]\d)?")


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of feature: the columns, and how many tokens away, whose values make it."""

    name: str
    parts: tuple[tuple[str, int], ...]

    @classmethod
    def read(cls, name: str) -> Template:
        parts = (COLUMN.fullmatch(part) for part in name.split())
        return cls(name, tuple((part[1], int(part[2] or 0)) for part in parts if part))


@dataclass(frozen=True, slots=True)
class Presence:
    """Tokens x names: 1 where the token has the name."""

    names: list[str]
    has: npt.NDArray[np.float32]

    def names_at(self, at: int) -> list[str]:
        if not 0 <= at < len(self.has):
            return []
        return [self.names[number] for number in np.flatnonzero(self.has[at])]


@dataclass(frozen=True, slots=True)
class View:
    """A text as the random field reads it: columns of one value a token, sets of several,

    and what is told of names and contacts alone.
    """

    columns: Columns
    sets: dict[str, Presence]
    special: dict[int, list[str]]

    @property
    def length(self) -> int:
        return len(self.columns["one"])


PART = "\x1f"  # between the values of a feature: a mark that no token holds
BORDERED = frozenset(("w", "t"))
SPECIAL = "x"
# Columns whose values together make a feature, +1 being that of the next token
TEMPLATES = tuple(
    Template.read(name)
    for name in (
        "one",
        *("w", "w-1", "w+1", "w-2", "w+2", "w-3", "w+3", "w-1 w", "w w+1"),
        *("s3", "s2", "p3", "p4", "sh", "k p", "k rep"),
        *("t", "t-1", "t+1", "t-2", "t+2", "t-3", "t+3", "t-4", "t+4"),
        *("t-1 t", "t t+1", "t-2 t-1", "t+1 t+2", "t-2 t-1 t", "t t+1 t+2", "t-3 t-2 t-1"),
        *("g1", "g2", "g3", "g2-2", "g2-1", "g2+1", "g2+2", "g1-1 g1", "g1 g1+1"),
        *("p", "p pd", "p t", "sub", "sub t", "psub sub", "is ic", "sent", "rep", "style"),
        *("ct cu", "cw", "st su", "sw", "sw sv", "q", "q t", "line"),
        *("ca", "ca t", "cb", "cb t", "cc", "cc t", "cd", "cd t", "cl", "kn", "kn t"),
    )
)
# Of columns with several values a token: name, column, offset
SETS = (
    *((f"c{offset:+}" if offset else "c", "c", offset) for offset in (0, -2, -1, 1, 2)),
    ("L", "L", 0),
    ("R", "R", 0),
)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text cut and looked at from every side, for features and rules alike."""

    text: str
    tokens: list[Token]
    classes: list[tuple[str, ...]]
    places: list[Place]
    primary: list[str]
    clusters: list[tuple[str, str, str]]
    style: str
    names: list[tuple[int, int]]

    def norm(self, at: int) -> str:
        if at < 0:
            return START
        return self.tokens[at].norm if at < len(self.tokens) else END

    def tag(self, at: int) -> str:
        if at < 0:
            return START
        return self.primary[at] if at < len(self.primary) else END

    def group(self, at: int) -> str:
        return self.clusters[at][1] if 0 <= at < len(self.clusters) else "-"


def name_classes(token: Token) -> tuple[str, ...]:
    if token.kind != "WORD":
        return ()
    found: tuple[str, ...] = ()
    if token.norm in given_names():
        found += ("given",)
    if token.norm in surnames():
        found += ("surname",)
    if token.norm not in ordinary_words() and len(token.norm) > 2:
        found += ("nameonly",) if found else ("unlisted",)
    return found


def primary_class(token: Token, classes: tuple[str, ...]) -> str:
    if token.kind != "WORD":
        return token.norm if token.kind != "NUM" else "9"
    ranked = [name for name in classes if name in RANK]
    if ranked:
        return min(ranked, key=RANK.__getitem__)
    return "unlisted" if "unlisted" in classes else "o"


def style_of(tokens: list[Token]) -> str:
    words = [t.text for t in tokens if t.kind == "WORD"]
    if 2 * sum(w.isupper() for w in words) > len(words):
        return "caps"
    return "lower" if 20 * sum(w[0].isupper() for w in words) < len(words) else "mixed"


def may_be_name(token: Token, classes: tuple[str, ...], style: str) -> bool:
    if token.kind != "WORD":
        return False
    capital = token.text[0].isupper()
    if "given" in classes or "unlisted" in classes:
        return capital or style == "lower"
    return capital and ("surname" in classes or ("title" in classes and style == "mixed"))


def name_runs(
    tokens: list[Token], classes: list[tuple[str, ...]], places: list[Place], style: str
) -> list[tuple[int, int]]:
    """First and last token of each run of words that may be one name."""
    runs: list[tuple[int, int]] = []
    for at, (token, own) in enumerate(zip(tokens, classes, strict=True)):
        if not may_be_name(token, own, style):
            continue
        if runs and runs[-1][1] == at - 1 and places[at].sentence == places[at - 1].sentence:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs


def analyse(text: str, tokens: list[Token]) -> Analysis:
    listed = [classes_of(token) for token in tokens]
    places = places_of(tokens, listed)
    classes = [own + name_classes(token) for own, token in zip(listed, tokens, strict=True)]
    style = style_of(tokens)
    table = clusters()
    return Analysis(
        text=text,
        tokens=tokens,
        classes=classes,
        places=places,
        primary=[primary_class(t, c) for t, c in zip(tokens, classes, strict=True)],
        clusters=[
            table.get(t.norm, NO_CLUSTER) if t.kind == "WORD" else NOT_A_WORD for t in tokens
        ],
        style=style,
        names=name_runs(tokens, classes, places, style),
    )


def near(distance: int) -> str:
    if distance < 4:
        return str(distance)
    return "4-7" if distance < 8 else "8-15" if distance < 16 else "far"


def columns_of(an: Analysis, known: Set[int]) -> Columns:
    """What there is to say of each token; nothing to say is the empty string."""
    words = [token.norm for token in an.tokens]
    bare = [token.norm if token.kind == "WORD" else "" for token in an.tokens]
    heads = [at - place.in_sentence for at, place in enumerate(an.places)]
    starts = [at - place.in_clause for at, place in enumerate(an.places)]
    after_words, after_tags = [*words, END], [*an.primary, END]
    signs = clause_signs(an)
    return {
        "one": ["1"] * len(words),
        "w": words,
        "s3": [word[-3:] for word in bare],
        "s2": [word[-2:] for word in bare],
        "p3": [word[:3] for word in bare],
        "p4": [word[:4] for word in bare],
        "sh": shapes(an),
        "k": ["" if token.kind == "WORD" else token.kind for token in an.tokens],
        "t": an.primary,
        "g1": [groups[0] for groups in an.clusters],
        "g2": [groups[1] for groups in an.clusters],
        "g3": [groups[2] for groups in an.clusters],
        "p": [place.person for place in an.places],
        "pd": [near(place.person_distance) for place in an.places],
        "sub": [place.subject for place in an.places],
        "psub": [place.previous_subject for place in an.places],
        "is": [near(place.in_sentence) for place in an.places],
        "ic": [near(place.in_clause) for place in an.places],
        "sent": ["later" if place.sentence else "first" for place in an.places],
        "rep": [place.reported or "none" for place in an.places],
        "q": ["1" if place.quoted else "" for place in an.places],
        "line": [place.line_head for place in an.places],
        "style": [an.style] * len(words),
        "ct": [an.primary[at] for at in starts],
        "cu": [after_tags[at + 1] for at in starts],
        "cw": [words[at] for at in starts],
        "st": [an.primary[at] for at in heads],
        "su": [after_tags[at + 1] for at in heads],
        "sw": [words[at] for at in heads],
        "sv": [after_words[at + 1] for at in heads],
        "ca": [sign.work for sign in signs],
        "cb": [sign.relation for sign in signs],
        "cc": [sign.time for sign in signs],
        "cd": [sign.view for sign in signs],
        "cl": [sign.length for sign in signs],
        "kn": ["1" if at in known else "" for at in range(len(words))],
    }


def shapes(an: Analysis) -> list[str]:
    """The shape of each token; of words only where the writer uses capitals as one should."""
    return [
        token.shape
        if token.kind != "WORD"
        else ""
        if an.style != "mixed"
        else f"{token.shape}|head"
        if place.in_sentence == 0
        else token.shape
        for token, place in zip(an.tokens, an.places, strict=True)
    ]


def presence(names: Sequence[Iterable[str]]) -> Presence:
    """Which of a few names each token has."""
    numbers: dict[str, int] = {}
    pairs = [
        (at, numbers.setdefault(name, len(numbers)))
        for at, own in enumerate(names)
        for name in own
    ]
    has = np.zeros((len(names), len(numbers)), dtype=np.float32)
    if pairs:
        has[tuple(zip(*pairs, strict=True))] = 1
    return Presence(list(numbers), has)


def bag(an: Analysis, step: int) -> Presence:
    """The classes of the last few tokens before each (`step` 1) or after it (-1), in its sentence.

    Plain words are left out.
    """
    numbers: dict[str, int] = {}
    tags = np.array([numbers.setdefault(tag, len(numbers)) for tag in an.primary], dtype=np.int64)
    sentences = np.array([place.sentence for place in an.places])
    has = np.zeros((len(tags), len(numbers)), dtype=np.float32)
    for distance in range(1, BAG_REACH + 1):
        (left,) = np.nonzero(sentences[distance:] == sentences[:-distance])
        right = left + distance
        here, there = (right, left) if step > 0 else (left, right)
        has[here, tags[there]] = 1
    if "o" in numbers:
        has[:, numbers["o"]] = 0
    return Presence(list(numbers), has)


def look_at(an: Analysis, known: Set[int]) -> View:
    """Everything that the random field reads; `known` are the tokens inside field values."""
    return View(
        columns=columns_of(an, known),
        sets={"c": presence(an.classes), "L": bag(an, 1), "R": bag(an, -1)},
        special=special_features(an),
    )


def special_features(an: Analysis) -> dict[int, list[str]]:
    rows = name_features(an)
    for at, row in contact_features(an).items():
        rows[at] = [*rows.get(at, ()), *row]
    return rows


def nearest_cue(an: Analysis, at: int, step: int) -> tuple[str, int]:
    """Whose word comes first when one walks from a contact along its sentence."""
    sentence = an.places[at].sentence
    for distance in range(CUE_REACH):
        other = at + step * (distance + 1)
        if not 0 <= other < len(an.tokens) or an.places[other].sentence != sentence:
            break
        if an.tokens[other].kind in ("PHONE", "EMAIL"):
            return "contact", distance
        for cue, names in CUES:
            if not names.isdisjoint(an.classes[other]):
                return cue, distance
    return "none", 0


CUES: tuple[tuple[str, frozenset[str]], ...] = (
    ("own", frozenset(("my", "me", "i", "we"))),
    ("third", frozenset(("third_poss", "he", "she", "they"))),
    ("ad", frozenset(("adword",))),
    ("suspect", frozenset(("suspect",))),
    ("relation", frozenset(("relation",))),
)


def position_in_text(an: Analysis, at: int) -> str:
    if len(an.tokens) - at <= 4:
        return "tail"
    return "last" if an.places[at].sentence >= an.places[-1].sentence - 1 else "mid"


def contact_features(an: Analysis) -> dict[int, list[str]]:
    """For contacts, plates and codes: the cues around them and their place among their kind."""
    rows: dict[int, list[str]] = {}
    phones = sum(t.kind == "PHONE" for t in an.tokens)
    seen = 0
    before = "none"
    for at, token in enumerate(an.tokens):
        if token.kind not in CONTACT_KINDS:
            continue
        left, left_distance = nearest_cue(an, at, -1)
        right, right_distance = nearest_cue(an, at, 1)
        where = position_in_text(an, at)
        row = [
            f"KL={left}",
            f"KLd={left}{left_distance // 2}",
            f"KR={right}",
            f"KRd={right}{right_distance // 2}",
            f"KLR={left}|{right}",
            f"Kprev={before}|{left}",
            f"Kpos={where}",
            f"Kpl={where}|{left}",
            f"Kwords={an.norm(at - 3)}|{an.norm(at - 2)}|{an.norm(at - 1)}",
            f"Kcls={an.tag(at - 3)}|{an.tag(at - 2)}|{an.tag(at - 1)}",
        ]
        if token.kind == "PHONE":
            row.append(f"Kn={min(3, phones)}|{min(3, seen)}")
            seen += 1
        rows[at] = [f"{token.kind}:{feature}" for feature in row]
        before = left
    return rows


def person_near(an: Analysis, first: int, last: int, step: int) -> list[str]:
    """The nearest word about persons left or right of a name, at most one sentence away."""
    start = first if step < 0 else last
    side = "L" if step < 0 else "R"
    for distance in range(PERSON_REACH):
        at = start + step * (distance + 1)
        if not 0 <= at < len(an.tokens):
            break
        if abs(an.places[at].sentence - an.places[first].sentence) > 1:
            break
        for name in PERSON_CLASSES:
            if name in an.classes[at]:
                return [f"Nn{side}={name}", f"Nn{side}d={name}{min(3, distance // 2)}"]
    return []


def sentence_of_name(an: Analysis, first: int, last: int) -> set[str]:
    sentence = an.places[first].sentence
    found: set[str] = set()
    for at in range(
        max(0, first - NAME_SENTENCE_REACH), min(len(an.tokens), last + NAME_SENTENCE_REACH)
    ):
        if an.places[at].sentence == sentence:
            found.update(SENTENCE_CLASSES.intersection(an.classes[at]))
    return found


def surroundings(an: Analysis, first: int, last: int) -> list[str]:
    left, right = an.tag(first - 1), an.tag(last + 1)
    return [
        f"NL={left}",
        f"NL2={an.tag(first - 2)}|{left}",
        f"NR={right}",
        f"NR2={right}|{an.tag(last + 2)}",
        f"NLR={left}|{right}",
        f"Nlw={an.norm(first - 1)}",
        f"Nrw={an.norm(last + 1)}",
        f"Nrg={an.group(last + 1)}",
        f"Nrr={an.norm(last + 2)}",
        f"Nlen={min(3, last - first + 1)}",
    ]


def other_mention(an: Analysis, first: int, last: int) -> list[str]:
    left = an.tag(first - 1)
    return [
        f"NoL={left}",
        f"NoR={an.tag(last + 1)}",
        f"NoRg={an.group(last + 1)}",
        f"Nolw={an.norm(first - 1)}",
        f"NoL2={an.tag(first - 2)}|{left}",
    ]


def mentions_by_word(an: Analysis) -> dict[str, list[tuple[int, int]]]:
    mentions: dict[str, list[tuple[int, int]]] = {}
    for run in an.names:
        for at in range(run[0], run[1] + 1):
            known = mentions.setdefault(an.tokens[at].norm, [])
            if len(known) < MOST_MENTIONS:
                known.append(run)
    return mentions


def name_features(an: Analysis) -> dict[int, list[str]]:
    """For names: what surrounds the whole name here and wherever else it is mentioned."""
    rows: dict[int, list[str]] = {}
    mentions = mentions_by_word(an)
    for first, last in an.names:
        others = {
            run
            for at in range(first, last + 1)
            for run in mentions[an.tokens[at].norm]
            if run != (first, last)
        }
        row = surroundings(an, first, last)
        row += person_near(an, first, last, -1) + person_near(an, first, last, 1)
        row += [f"Ns={name}" for name in sorted(sentence_of_name(an, first, last))]
        row.append(f"Nm={min(3, len(others))}")
        opening = "|first" if an.places[first].sentence == 0 else ""
        row.append(f"Npos={position_in_text(an, last)}{opening}")
        for run in sorted(others)[:MOST_MENTIONS]:
            row += other_mention(an, *run)
        row = list(dict.fromkeys(row))
        for at in range(first, last + 1):
            inside = "B" if at == first else "E" if at == last else "I"
            rows[at] = [*row, f"Nin={inside}"]
    return rows


def clauses(places: list[Place]) -> Iterator[tuple[int, int]]:
    first = 0
    for at in range(1, len(places) + 1):
        if at == len(places) or places[at].clause != places[first].clause:
            yield first, at
            first = at


@dataclass(frozen=True, slots=True)
class Signs:
    """Whether a clause speaks of its writer or of others, and of work, relation, time or view."""

    work: str
    relation: str
    time: str
    view: str
    length: str


def signs_of(an: Analysis, first: int, end: int) -> Signs:
    present: set[str] = set()
    for at in range(first, min(end, first + CLAUSE_REACH)):
        present.update(an.classes[at])

    def sign(letter: str, *names: str) -> str:
        return letter if not present.isdisjoint(names) else "-"

    own = "I" if present & {"i", "soy"} else "M" if "my" in present else sign("W", "we")
    third = "T" if present & {"he", "she", "they"} else sign("P", "third_poss")
    return Signs(
        work=f"{own}{third}{sign('R', 'role')}{sign('V', 'workverb')}",
        relation=f"{own}{sign('L', 'relation')}{third}",
        time=f"{own}{sign('t', 'time')}{sign('s', 'shift')}",
        view=f"{own}{sign('w', 'vantage')}",
        length=str(min(4, (end - first - 1) // 3)),
    )


def clause_signs(an: Analysis) -> list[Signs]:
    """For each token the signs of its clause."""
    rows: list[Signs] = []
    for first, end in clauses(an.places):
        rows += [signs_of(an, first, end)] * (end - first)
    return rows


def features_of(view: View) -> list[list[str]]:
    """One list of features a token, as the training reads them."""
    rows = [
        [
            f"{template.name}={PART.join(values)}"
            for template in TEMPLATES
            if all(values := [value_at(view, *part, at) for part in template.parts])
        ]
        for at in range(view.length)
    ]
    for at, row in enumerate(rows):
        for name, column, offset in SETS:
            row += [f"{name}={value}" for value in view.sets[column].names_at(at + offset)]
        row += [f"{SPECIAL}={feature}" for feature in view.special.get(at, ())]
    return rows


def value_at(view: View, column: str, offset: int, at: int) -> str:
    values = view.columns[column]
    if 0 <= at + offset < len(values):
        return values[at + offset]
    if column in BORDERED:
        return START if at + offset < 0 else END
    return ""
