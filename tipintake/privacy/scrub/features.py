"""Features of each token for the sequence labeller.

A feature is a short string; its prefix names the template. Words generalise badly from one
author to another, so most templates use word classes, word groups and what stands around.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

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


def word_features(an: Analysis, at: int) -> list[str]:
    token, place = an.tokens[at], an.places[at]
    word, before, after = token.norm, an.norm(at - 1), an.norm(at + 1)
    row = [
        "b",
        f"w={word}",
        f"w-1={before}",
        f"w+1={after}",
        f"w-2={an.norm(at - 2)}",
        f"w+2={an.norm(at + 2)}",
        f"w-3={an.norm(at - 3)}",
        f"w+3={an.norm(at + 3)}",
        f"w-1w={before}|{word}",
        f"ww+1={word}|{after}",
    ]
    if token.kind == "WORD":
        row += [f"s3={word[-3:]}", f"s2={word[-2:]}", f"p3={word[:3]}", f"p4={word[:4]}"]
        if an.style == "mixed":
            row.append(f"sh={token.shape}{'|head' if place.in_sentence == 0 else ''}")
    else:
        row += [
            f"sh={token.shape}",
            f"k={token.kind}|{place.person}",
            f"kr={token.kind}|{place.reported}",
        ]
    return row


def class_features(an: Analysis, at: int) -> list[str]:
    tag = an.tag
    here, before, after = tag(at), tag(at - 1), tag(at + 1)
    row = [
        f"t={here}",
        f"t-1={before}",
        f"t+1={after}",
        f"t-2={tag(at - 2)}",
        f"t+2={tag(at + 2)}",
        f"t-3={tag(at - 3)}",
        f"t+3={tag(at + 3)}",
        f"t-4={tag(at - 4)}",
        f"t+4={tag(at + 4)}",
        f"t-1t={before}|{here}",
        f"tt+1={here}|{after}",
        f"t-2t-1={tag(at - 2)}|{before}",
        f"t+1t+2={after}|{tag(at + 2)}",
        f"t-2t={tag(at - 2)}|{before}|{here}",
        f"tt+2={here}|{after}|{tag(at + 2)}",
        f"t3={tag(at - 3)}|{tag(at - 2)}|{before}",
    ]
    row += [f"c={name}" for name in an.classes[at]]
    for offset in (-2, -1, 1, 2):
        if 0 <= at + offset < len(an.tokens):
            row += [f"c{offset}={name}" for name in an.classes[at + offset]]
    return row


def cluster_features(an: Analysis, at: int) -> list[str]:
    coarse, middle, fine = an.clusters[at]
    row = [f"g1={coarse}", f"g2={middle}", f"g3={fine}"]
    row += [f"g2{o}={an.group(at + o)}" for o in (-2, -1, 1, 2) if 0 <= at + o < len(an.tokens)]
    if at:
        row.append(f"g1-1={an.clusters[at - 1][0]}|{coarse}")
    if at + 1 < len(an.tokens):
        row.append(f"g1+1={coarse}|{an.clusters[at + 1][0]}")
    return row


def place_features(an: Analysis, at: int) -> list[str]:
    place, here = an.places[at], an.primary[at]
    head, clause = at - place.in_sentence, at - place.in_clause
    row = [
        f"p={place.person}",
        f"pd={place.person}{near(place.person_distance)}",
        f"pt={place.person}|{here}",
        f"sub={place.subject}",
        f"subt={place.subject}|{here}",
        f"psub={place.previous_subject}|{place.subject}",
        f"pos={near(place.in_sentence)}|{near(place.in_clause)}",
        f"sent={'first' if place.sentence == 0 else 'later'}",
        f"rep={place.reported}",
        f"style={an.style}",
        f"ch={an.tag(clause)}|{an.tag(clause + 1)}",
        f"chw={an.norm(clause)}",
        f"sh2={an.tag(head)}|{an.tag(head + 1)}",
        f"shw={an.norm(head)}",
        f"shw2={an.norm(head)}|{an.norm(head + 1)}",
    ]
    if place.quoted:
        row += ["quoted", f"quoted|{here}"]
    if place.line_head:
        row.append(f"line={place.line_head}")
    return row


def running_bags(primary: list[str], places: list[Place]) -> list[list[str]]:
    """For each token the classes of the tokens before it in its sentence, the last few only."""
    bags: list[list[str]] = []
    for at in range(len(primary)):
        sentence = places[at].sentence
        seen: list[str] = []
        for other in range(at - 1, max(-1, at - BAG_REACH - 1), -1):
            if places[other].sentence != sentence:
                break
            if primary[other] != "o" and primary[other] not in seen:
                seen.append(primary[other])
        bags.append(seen)
    return bags


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


def clause_signs(an: Analysis, first: int, end: int) -> list[str]:
    """Whether the clause speaks of its writer, of others, of work, relation, time and view."""
    present: set[str] = set()
    for at in range(first, min(end, first + CLAUSE_REACH)):
        present.update(an.classes[at])

    def sign(letter: str, *names: str) -> str:
        return letter if not present.isdisjoint(names) else "-"

    own = "I" if present & {"i", "soy"} else "M" if "my" in present else sign("W", "we")
    third = "T" if present & {"he", "she", "they"} else sign("P", "third_poss")
    return [
        f"C1={own}{third}{sign('R', 'role')}{sign('V', 'workverb')}",
        f"C2={own}{sign('L', 'relation')}{third}",
        f"C3={own}{sign('t', 'time')}{sign('s', 'shift')}",
        f"C4={own}{sign('w', 'vantage')}",
    ]


def clause_features(an: Analysis) -> list[list[str]]:
    rows: list[list[str]] = []
    for first, end in clauses(an.places):
        signs = clause_signs(an, first, end)
        length = f"Clen={min(4, (end - first - 1) // 3)}"
        rows += [[*signs, *(f"{s}|{tag}" for s in signs), length] for tag in an.primary[first:end]]
    return rows


def features_of(an: Analysis, known: Set[int]) -> list[list[str]]:
    """One list of features a token; `known` are the tokens inside structured-field values."""
    left = running_bags(an.primary, an.places)
    right = running_bags(an.primary[::-1], an.places[::-1])[::-1]
    of_clauses = clause_features(an)
    of_names = name_features(an)
    of_contacts = contact_features(an)
    rows: list[list[str]] = []
    for at in range(len(an.tokens)):
        row = word_features(an, at)
        row += class_features(an, at)
        row += cluster_features(an, at)
        row += place_features(an, at)
        row += [f"L={name}" for name in left[at]]
        row += [f"R={name}" for name in right[at]]
        row += of_clauses[at]
        row += of_names.get(at, [])
        row += of_contacts.get(at, [])
        if at in known:
            row += ["known", f"known|{an.primary[at]}"]
        rows.append(row)
    return rows
