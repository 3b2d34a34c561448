"""Scrub a text: label, decide, apply the rules and the shields.

`scrub_with`, at the end, is the whole order on one page; docs/explanation/scrubbing.md says why it
is so, and where a new cue goes. Each step reads the text (`an`) and changes the marks of its
tokens: `hold_` makes them milder, `spare_` takes them off, `mask_` puts them on.
"""

from __future__ import annotations

from tipintake.privacy.scrub import brief
from tipintake.privacy.scrub.captivity import captivity
from tipintake.privacy.scrub.cues.belongings import ASKS_PRICES, CALLED_BY, OWN_NOTE
from tipintake.privacy.scrub.cues.homes import WHOLE_ADDRESS
from tipintake.privacy.scrub.decoding import Opinion, Weights, best_mask
from tipintake.privacy.scrub.ensemble import Ensemble
from tipintake.privacy.scrub.features import Analysis, analyse, clauses
from tipintake.privacy.scrub.findings import (
    CLAIMED_FIELD,
    LEARNED,
    OWN_FIELD,
    Finding,
    KnownEvidence,
    Mark,
    Scrubbed,
    Verdict,
    Writer,
)
from tipintake.privacy.scrub.labels import KIND_OF_LABEL, NAME_KINDS, VAULT_KINDS, WHEREABOUTS
from tipintake.privacy.scrub.lexicon import ordinary_words
from tipintake.privacy.scrub.marks import masked_text
from tipintake.privacy.scrub.readable import Readable, is_plainly_drawn, readable
from tipintake.privacy.scrub.repeats import repeats
from tipintake.privacy.scrub.restraint import restrained, speaks_without_i
from tipintake.privacy.scrub.rules import rulings
from tipintake.privacy.scrub.rulings import OWN_WORDS, Ruling, TokenIndex
from tipintake.privacy.scrub.shields import known_tokens
from tipintake.privacy.scrub.tokens import tokenize

TO_A_PLACE = frozenset("to in at near toward en".split())
FEW_WORDS = 8
NOTE_REACH = 60
SURE_OF_SUSPECT = 0.5
CONTACT_KINDS = frozenset(("PHONE", "EMAIL"))
SOMEBODY_ELSE = frozenset(("he", "she", "they", "third_poss", "suspect"))
NEVER_DESTROYED = frozenset(("PLATE", "URL"))
PLAIN_TOKENS = frozenset(("WORD", "MARK", "LINE"))
EVIDENCE_KINDS = {
    "PHONE": "PHONE",
    "EMAIL": "EMAIL",
    "URL": "URL",
    "HANDLE": "HANDLE",
    "PLATE": "PLATE",
}
NO_STREET = frozenset("i my we me he she they third_poss conj be have".split())
BEFORE_A_VERB = frozenset("will would can could to the a this that every who always".split())
PARTS_OF_A_WORD = frozenset(("NUM", "WORD"))
HEAD = 3
OTHERS = frozenset(("he", "hes", "they", "theyre", "ellos"))
DOES = frozenset(["he", "she", "they", "ella", "ellos"])  # not "he's family"
LONGEST_DEED = 2  # words
CLAUSE_KINDS = frozenset(("REPORTER_ROLE", "REPORTER_SCHEDULE"))
BESIDE_NAMES = frozenset(
    [
        "be",
        "conj",
        "prep",
        "namecue",
        "i",
        "my",
        "we",
        "me",
        "he",
        "she",
        "they",
        "third_poss",
        "you",
        "have",
        "speech",
        "neg",
    ]
)
OWN_CLASSES = frozenset(("i", "my", "we", "me", "soy", "namecue"))
OWN_NAME_OR_CONTACT = frozenset(("REPORTER_NAME", "REPORTER_CONTACT"))
ASKS_TO_REACH = frozenset(
    "call text write reach contact phone email e-mail mail number name "
    "llame llamen llamar llameme llámeme llámenme escriba escríbame número numero teléfono "
    "telefono correo nombre".split()
)
SCENE_BEGINS = frozenset(["there's", "hay", "habia", "hubo"])
LONGEST_LEAD = 4  # words
LONGEST_SCENE = 6  # words
OF_A_VEHICLE = frozenset(("the", "color", "vehicle"))
LEADS = frozenset(
    "the ad says said reads card number phone plate page site link handle on her his their is "
    "el la anuncio dice tarjeta numero número placa pagina página es su".split()
)
LED_TO = frozenset(["PHONE", "URL", "EMAIL", "HANDLE", "PLATE"])
BEGINS_A_CLAUSE = frozenset(["there", "there's", "and", "but", "hay", "y", "pero"])
OF_ITS_WRITER = frozenset(
    "only just us else few one solo solamente nomas unica unico una uno pocos pocas nadie nobody "
    "write writes writing wrote send sends sending text texts texting escribe escribo manda "
    "mando".split()
)
COPULAS = frozenset(["is", "are", "was", "were", "es", "son", "era", "esta", "estan"])
INTRODUCES = frozenset("named called name llama llamo llamado llamada nombre".split())
INTRODUCTION = INTRODUCES | frozenset(
    "a an the his her their is man woman boy girl guy lady kid child teen un una el la su que se "
    "hombre mujer senor senora muchacho muchacha nino nina chico chica tipo joven de me yo".split()
)
# Whoever writes "call me", "please call" or "cell" speaks of themselves, or may.
BESIDE_A_NUMBER = frozenset("call text txt dial or llame llamen marque marquen al o".split())
GLUE = ASKS_TO_REACH | frozenset(
    "me us at on my is am or and to the it its it's i'm im please you can by under thanks thank "
    "al en mi es soy o y a el por favor puede pueden gracias de".split()
)


def first_marks(an: Analysis, opinion: Opinion, weights: Weights) -> list[Mark | None]:
    """The labellers' own opinion: which tokens go, which are evidence, which are plain words."""
    mask = best_mask(opinion.odds(weights), weights.switch)
    likeliest, going, suspects = opinion.likeliest(), opinion.masked(), opinion.of("K.NAME")
    marks: list[Mark | None] = []
    for at, token in enumerate(an.tokens):
        if mask[at]:
            verdict = Verdict.REMOVE if going[at] >= weights.sure else Verdict.UNSURE
            marks.append(Mark(verdict, KIND_OF_LABEL[likeliest[at]], LEARNED))
        elif token.kind in EVIDENCE_KINDS:
            marks.append(Mark(Verdict.KEEP, EVIDENCE_KINDS[token.kind], LEARNED))
        elif suspects[at] > SURE_OF_SUSPECT:
            marks.append(Mark(Verdict.KEEP, "SUSPECT_NAME", LEARNED))
        else:
            marks.append(None)
    return marks


def is_short_field(an: Analysis) -> bool:
    """A place name, an alias, a description: a few words that speak of nobody's self."""
    words = [at for at, token in enumerate(an.tokens) if token.kind == "WORD"]
    if len(words) > FEW_WORDS or speaks_without_i(an.text):
        return False
    return all(OWN_CLASSES.isdisjoint(an.classes[at]) for at in words)


def is_bare(an: Analysis) -> bool:
    """A short field of words alone, in which nothing could be the writer's."""
    return is_short_field(an) and all(token.kind in PLAIN_TOKENS for token in an.tokens)


def spare_short_field(an: Analysis, marks: list[Mark | None], names: frozenset[int]) -> None:
    """In a bare field only contacts are masked: its words are about nobody's self. In a few words
    that somebody tells, the names of people are too: "Rosa knows", "they took Marisol to Troy"."""
    for at, token in enumerate(an.tokens):
        mark = marks[at]
        if at in names and mark is not None and mark.kind in NAME_KINDS:
            continue
        if token.kind in CONTACT_KINDS and (mark is None or mark.verdict is Verdict.KEEP):
            marks[at] = Mark(Verdict.UNSURE, "REPORTER_CONTACT", "contact-without-cue")
        elif (
            mark is not None
            and mark.verdict is not Verdict.KEEP
            and token.kind not in CONTACT_KINDS
            and (mark.kind not in ("META", "REPORTER_ID") or token.kind in ("URL", "WORD"))
        ):
            marks[at] = None


def is_clause(an: Analysis, at: int, mark: Mark) -> bool:
    """About work, times or a bare number, which in a captive's sentence may be a house."""
    if mark.kind in CLAUSE_KINDS:
        return True
    return mark.kind == "REPORTER_ID" and an.tokens[at].kind in ("NUM", "WORD")


def spare_others_clauses(an: Analysis, marks: list[Mark | None]) -> None:
    """He is at the Super 8, there was a sofa by the window: that says nothing of the writer."""
    for first, end in clauses(an.places):
        head = [token.norm for token in an.tokens[first : min(end, first + HEAD)]]
        spared = CLAUSE_KINDS | WHEREABOUTS
        begins = first
        if OTHERS.isdisjoint(head):
            if not sets_a_scene(an, first, end):
                continue
            # "There is a nurse on nights": who somebody is stays masked.
            is_plain = tells_of_nobody(an, first, end)
            spared = WHEREABOUTS | CLAUSE_KINDS if is_plain else WHEREABOUTS
            begins += 1 + (an.tokens[first].norm == "there")  # "were" is read as "we're" too
            marks[first:begins] = [None] * (begins - first)
        for at in range(begins, end):
            if not OWN_WORDS.isdisjoint(an.classes[at]):
                break
            mark = marks[at]
            if mark is not None and masked(mark) and mark.kind in spared:
                marks[at] = None


def sets_a_scene(an: Analysis, first: int, end: int) -> bool:
    """Not "there were only two of us there", "hay una que escribe" and their like."""
    words = [token.norm for token in an.tokens[first:end]]
    begins = words[0] in SCENE_BEGINS or (
        words[0] == "there" and not COPULAS.isdisjoint(words[1:2])
    )
    return begins and (OF_ITS_WRITER.isdisjoint(words) or tells_of_nobody(an, first, end))


def tells_of_nobody(an: Analysis, first: int, end: int) -> bool:
    """There is a van."""
    words = [at for at in range(first, end) if an.tokens[at].kind == "WORD"]
    behind = words[1 + (an.tokens[words[0]].norm == "there") :] if words else []
    told = [an.classes[at] for at in behind]
    vehicle = any("vehicle" in one for one in told)
    return vehicle and len(words) <= LONGEST_SCENE and not any(map(OF_A_VEHICLE.isdisjoint, told))


def spare_others_vehicles(an: Analysis, marks: list[Mark | None]) -> None:
    """A plate is the writer's only where the writer speaks of their own."""
    own = False
    sentence = -1
    for first, end in clauses(an.places):
        words = frozenset(name for at in range(first, end) for name in an.classes[at])
        told = [at for at in range(first, end) if is_vehicle(marks[at])]
        if not OWN_WORDS.isdisjoint(words):
            own = True
        elif "third_poss" in words or (an.places[first].sentence != sentence and not told):
            own = False
        sentence = an.places[first].sentence
        if not own:
            for at in told:
                marks[at] = None


def is_vehicle(mark: Mark | None) -> bool:
    return mark is not None and masked(mark) and mark.kind == "REPORTER_VEHICLE"


def spare_whereabouts(an: Analysis, marks: list[Mark | None], captive: frozenset[int]) -> None:
    """Who is held writes where: the worst error is to delete that.

    In their sentences it stays. In the others, which may be a bystander's, it is held.
    """
    for at, mark in enumerate(marks):
        if mark is None or mark.verdict is Verdict.KEEP:
            continue
        here = an.places[at].sentence in captive
        if here and (mark.kind in WHEREABOUTS or is_clause(an, at, mark)):
            marks[at] = None
        elif mark.kind in WHEREABOUTS:
            mark.verdict = Verdict.UNSURE


def apply_rulings(marks: list[Mark | None], found: list[Ruling]) -> None:
    for ruling in sorted(found, key=lambda r: (r.keep, not r.hold)):
        for at in range(ruling.first, ruling.last + 1):
            if ruling.yields and is_removed(marks[at]):
                continue
            if ruling.keep:
                marks[at] = Mark(Verdict.KEEP, ruling.kind, ruling.rule)
            elif not (ruling.hold and goes_to_the_vault(marks[at], ruling)):
                verdict = Verdict.UNSURE if ruling.hold else Verdict.REMOVE
                marks[at] = Mark(verdict, ruling.kind, ruling.rule)


def is_removed(mark: Mark | None) -> bool:
    return mark is not None and mark.verdict is Verdict.REMOVE


def goes_to_the_vault(mark: Mark | None, ruling: Ruling) -> bool:
    """What is surely a victim's name is not held because a rule is less sure."""
    sure = mark is not None and mark.verdict is Verdict.REMOVE and mark.kind in VAULT_KINDS
    return sure and ruling.kind in VAULT_KINDS


def spare_glue(an: Analysis, marks: list[Mark | None]) -> None:
    """ "Call me at" before a number, or a comma: that tells nothing by itself."""
    at = 0
    while at < len(marks):
        end = at
        while end < len(marks) and is_glue(an, end, marks[end]):
            end += 1
        if at < end and is_told_by_neighbours(an, marks, at, end):
            marks[at:end] = [None] * (end - at)
        at = max(end, at + 1)


def spare_next_clause(an: Analysis, marks: list[Mark | None]) -> None:
    """ "I am the housekeeper, there is": the comma and what is behind it begin what was seen."""
    for at in range(2, len(marks)):
        mark, end = marks[at], at + 1
        if (
            end < len(marks)
            and (after := marks[end]) is not None
            and masked(after)
            and an.tokens[end].norm in COPULAS
        ):
            end += 1
        behind = marks[end] if end < len(marks) else None
        if (
            mark is not None
            and masked(mark)
            and mark.rule == LEARNED
            and (behind is None or not masked(behind))
            and an.tokens[at].norm in BEGINS_A_CLAUSE
            and an.tokens[at - 1].text == ","
        ):
            marks[at - 1 : end] = [None] * (end - at + 1)


def spare_introductions(an: Analysis, marks: list[Mark | None]) -> None:
    """ "A man named", "una señora que se": before a name they say nothing of the writer."""
    at = 0
    while at < len(marks):
        end = at
        while end < len(marks) and an.tokens[end].norm in INTRODUCTION and is_relation(marks[end]):
            end += 1
        if at < end and not any(is_relation(marks[side]) for side in sides_within(an, at, end)):
            words = {token.norm for token in an.tokens[at : end + 1]}
            if not INTRODUCES.isdisjoint(words):
                marks[at:end] = [None] * (end - at)
        at = max(end, at + 1)


def spare_deeds(an: Analysis, marks: list[Mark | None]) -> None:
    """ "He hits" before a name: what another does is no relation of the writer's."""
    at = 0
    while at < len(marks):
        end = at
        while end < len(marks) and is_relation(marks[end]):
            end += 1
        name = marks[end] if end < len(marks) else None
        told = name is not None and masked(name) and name.kind in NAME_KINDS
        if told and 0 < end - at <= LONGEST_DEED and an.tokens[at].norm in DOES:
            marks[at:end] = [None] * (end - at)
        at = max(end, at + 1)


def sides_within(an: Analysis, first: int, end: int) -> list[int]:
    """The tokens before and behind a stretch that stand in a sentence of its."""
    sides = [(first - 1, first), (end, end - 1)]
    return [
        side
        for side, edge in sides
        if 0 <= side < len(an.tokens) and an.places[side].sentence == an.places[edge].sentence
    ]


def spare_leads(an: Analysis, marks: list[Mark | None]) -> None:
    """ "The ad says" before the number that stays: a sentence's beginning that names nobody."""
    for at, mark in enumerate(marks):
        if mark is None or mark.verdict is not Verdict.KEEP or mark.kind not in LED_TO:
            continue
        first = at
        sentence = an.places[at].sentence
        while (
            first and an.places[first - 1].sentence == sentence and is_lead(an, marks, first - 1)
        ):
            first -= 1
        begins = first == 0 or an.places[first - 1].sentence != sentence
        if begins and at - first <= LONGEST_LEAD:
            marks[first:at] = [None] * (at - first)


def is_lead(an: Analysis, marks: list[Mark | None], at: int) -> bool:
    """One of a few words, held by the labellers alone: any other may be who wrote."""
    mark, token = marks[at], an.tokens[at]
    held = mark is not None and mark.verdict is Verdict.UNSURE and mark.rule == LEARNED
    return held and (token.norm in LEADS or token.kind in ("MARK", "LINE"))


def is_relation(mark: Mark | None) -> bool:
    relation = mark is not None and mark.kind == "REPORTER_RELATION" and mark.rule == LEARNED
    return relation and masked(mark)


def mask_whole_words(an: Analysis, marks: list[Mark | None]) -> None:
    """The "B" of "4B" goes with its "4": half a word that stands says what the other half was. So
    does the line in a name like carla_jones."""
    for at in range(1, len(marks)):
        before, behind = an.tokens[at - 1], an.tokens[at]
        if before.end == behind.start and {before.kind, behind.kind} <= PARTS_OF_A_WORD:
            if masked(marks[at - 1]) and marks[at] is None:
                marks[at] = marks[at - 1]
            elif masked(marks[at]) and marks[at - 1] is None:
                marks[at - 1] = marks[at]
    for at in range(1, len(marks) - 1):
        before, here, behind = an.tokens[at - 1 : at + 2]
        glued = before.end == here.start and here.end == behind.start and here.text == "_"
        if glued and masked(marks[at - 1]) and masked(marks[at + 1]):
            marks[at] = marks[at - 1]


def mask_whole_addresses(an: Analysis, index: TokenIndex, marks: list[Mark | None]) -> None:
    """The "Iowa Ave" of "45 Iowa Ave" goes with its "45", and not what "212 they drive" says."""
    for match in WHOLE_ADDRESS.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        said = any(not NO_STREET.isdisjoint(an.classes[at]) for at in range(first + 1, last))
        if masked(marks[first]) and not said and an.tokens[last - 1].norm not in BEFORE_A_VERB:
            for at in range(first + 1, last + 1):
                marks[at] = marks[at] or marks[first]


def is_told_by_neighbours(an: Analysis, marks: list[Mark | None], first: int, end: int) -> bool:
    """Nothing but marks, or a request to call that stands beside the number or name itself; or
    with nothing beside it that goes: a "my" alone tells of nobody."""
    words = {an.tokens[at].norm for at in range(first, end) if an.tokens[at].kind == "WORD"}
    sides = [marks[side] for side in (first - 1, end) if 0 <= side < len(marks)]
    beside = [one for one in sides if one is not None and masked(one)]
    if not beside:
        return True
    if not words:
        return len({(one.verdict, one.kind) for one in beside}) > 1
    own = OWN_NAME_OR_CONTACT.issuperset(one.kind for one in beside)
    return own and not ASKS_TO_REACH.isdisjoint(words)


def is_glue(an: Analysis, at: int, mark: Mark | None) -> bool:
    if mark is None or not masked(mark) or mark.rule != LEARNED:
        return False
    if an.tokens[at].kind in ("MARK", "LINE"):
        return True
    return an.tokens[at].norm in GLUE


def keep_known(an: Analysis, marks: list[Mark | None], known: frozenset[int]) -> None:
    for at in known:
        kind, before = EVIDENCE_KINDS.get(an.tokens[at].kind, "FIELD_VALUE"), marks[at]
        claimed = before is not None and is_removed(before) and before.rule != LEARNED
        marks[at] = Mark(Verdict.KEEP, kind, CLAIMED_FIELD if claimed else OWN_FIELD)


def findings_of(an: Analysis, marks: list[Mark | None]) -> list[Finding]:
    """Neighbouring tokens of one verdict and kind become one finding."""
    found: list[Finding] = []
    last_at = -2
    for at, mark in enumerate(marks):
        if mark is None or (mark.verdict is not Verdict.KEEP and is_edge_mark(an, marks, at)):
            continue
        token = an.tokens[at]
        if found and last_at == at - 1 and same_stretch(found[-1], mark):
            previous = found[-1]
            verdict = previous.verdict
            found[-1] = Finding(previous.start, token.end, verdict, previous.kind, previous.rule)
        else:
            found.append(Finding(token.start, token.end, mark.verdict, mark.kind, mark.rule))
        last_at = at
    return found


def same_stretch(finding: Finding, mark: Mark) -> bool:
    return (finding.verdict, finding.kind, finding.rule) == (mark.verdict, mark.kind, mark.rule)


def is_edge_mark(an: Analysis, marks: list[Mark | None], at: int) -> bool:
    """A comma or full stop at the border of a masked stretch stays in the text."""
    if an.tokens[at].kind not in ("MARK", "LINE"):
        return False
    return not (0 < at < len(marks) - 1 and masked(marks[at - 1]) and masked(marks[at + 1]))


def masked(mark: Mark | None) -> bool:
    return mark is not None and mark.verdict is not Verdict.KEEP


def smooth_kinds(an: Analysis, marks: list[Mark | None]) -> None:
    """One kind and one verdict for each run of masked tokens, but for names and contacts."""
    names = spelled(an)
    at = 0
    while at < len(marks):
        if not masked(marks[at]):
            at += 1
            continue
        end = at
        while end < len(marks) and masked(marks[end]):
            end += 1
        level_phrases(an, marks, range(at, end), names)
        at = end


def level_phrases(
    an: Analysis, marks: list[Mark | None], run: range, names: frozenset[int]
) -> None:
    learned = [(at, m) for at in run if (m := marks[at]) is not None and m.rule == LEARNED]
    phrases = [m for _, m in learned if m.kind not in NAME_KINDS | {"REPORTER_CONTACT"}]
    if not phrases:
        return
    kinds = [m.kind for m in phrases]
    kind = max(set(kinds), key=lambda k: (kinds.count(k), k))
    sure = 2 * sum(m.verdict is Verdict.REMOVE for m in phrases) >= len(phrases)
    for mark in (*phrases, *(m for at, m in learned if is_beside(an, at, m, names))):
        mark.kind = kind
        mark.verdict = Verdict.REMOVE if sure else Verdict.UNSURE


def is_beside(an: Analysis, at: int, mark: Mark, names: frozenset[int]) -> bool:
    """The held "also" beside a name, the held "but" beside a number: a word that everybody uses,
    no name and no number."""
    beside = mark.kind in ("THIRD_PARTY", "REPORTER_CONTACT") and at not in names
    token = an.tokens[at]
    plain = token.kind in ("MARK", "LINE") or token.norm in ordinary_words()
    return beside and plain and mark.verdict is Verdict.UNSURE


def hold_plates(an: Analysis, marks: list[Mark | None]) -> None:
    """A plate or web address that only the labellers mask is held: it may be the scene's."""
    for token, mark in zip(an.tokens, marks, strict=True):
        if mark is not None and masked(mark) and token.kind in NEVER_DESTROYED:
            mark.verdict = Verdict.UNSURE


def hold_called_numbers(an: Analysis, index: TokenIndex, marks: list[Mark | None]) -> None:
    """I called 314-…, text 314-… for rates, and 314-… or an e-mail address alone: what only the
    labellers mask there is held."""
    alone = is_contact_alone(an)
    dialed = {
        index.at(match.end())
        for match in CALLED_BY.finditer(an.text)
        if not OWN_NOTE.search(an.text, max(0, match.start() - NOTE_REACH), match.end())
    }
    for at, token in enumerate(an.tokens):
        mark = marks[at]
        called = at in dialed or ASKS_PRICES.match(an.text, token.end) is not None
        is_any = alone or (token.kind == "PHONE" and called)
        if token.kind in CONTACT_KINDS and mark is not None and masked(mark) and is_any:
            mark.verdict = Verdict.UNSURE


def hold_oddly_written(an: Analysis, marks: list[Mark | None], read: Readable, text: str) -> None:
    """314/555/0163 in a sentence that tells of no ad, and of others only beside its writer."""
    said: dict[int, set[str]] = {}
    for place, classes in zip(an.places, an.classes, strict=True):
        said.setdefault(place.sentence, set()).update(classes)
    told = frozenset(
        sentence
        for sentence, classes in said.items()
        if "adword" in classes or (classes & SOMEBODY_ELSE and not classes & OWN_WORDS)
    )
    for at, token in enumerate(an.tokens):
        mark = marks[at]
        if token.kind != "PHONE" or an.places[at].sentence in told or masked(mark):
            continue
        first, end = read.place_of((token.start, token.end))
        if not is_plainly_drawn(text[first:end]):
            marks[at] = Mark(Verdict.UNSURE, "REPORTER_CONTACT", "contact-without-cue")


def is_contact_alone(an: Analysis) -> bool:
    """Nothing but numbers, e-mail addresses and "call", "llame al": nobody can tell whose they
    are."""
    return all(
        token.kind in ("PHONE", "EMAIL", "MARK", "LINE")
        or (token.kind == "WORD" and token.norm in BESIDE_A_NUMBER)
        for token in an.tokens
    )


def trim_names(an: Analysis, marks: list[Mark | None]) -> None:
    """A name's finding holds the name alone, so that the vault seals no more than that."""
    names = spelled(an)
    for step in (1, -1):
        order = range(len(marks)) if step > 0 else range(len(marks) - 1, -1, -1)
        previous = ""
        for at in order:
            mark = marks[at]
            kind = mark.kind if mark is not None and masked(mark) else ""
            edge = kind in NAME_KINDS and kind != previous
            if edge and not BESIDE_NAMES.isdisjoint(an.classes[at]) and at not in names:
                marks[at] = None
                kind = ""
            previous = kind


def names_told(an: Analysis) -> frozenset[int]:
    """Of what is spelled like a name, not what names a town: "Clayton", "taken to Savannah"."""
    return frozenset(
        at
        for first, last in an.names
        if not all("city" in an.classes[one] for one in range(first, last + 1))
        and not (first > 0 and an.tokens[first - 1].norm in TO_A_PLACE)
        for at in range(first, last + 1)
    )


def spelled(an: Analysis) -> frozenset[int]:
    return frozenset(at for first, last in an.names for at in range(first, last + 1))


def scrub_with(ensemble: Ensemble, text: str, known: KnownEvidence, writer: Writer) -> Scrubbed:
    """Scrub with given models; `scrub` in the package uses those that are shipped."""
    read = readable(text)
    tokens = tokenize(read.text)
    an = analyse(read.text, tokens)
    index = TokenIndex(an)
    fields = known_tokens(tokens, known)
    # What was learned, in whole phrases.
    marks: list[Mark | None] = [None] * len(tokens)
    if writer.told or not is_bare(an):
        marks = first_marks(an, ensemble.opinion(an, fields), ensemble.weights)
    trim_names(an, marks)
    smooth_kinds(an, marks)
    # Where it is often wrong: what may be the scene's is held or stands.
    hold_plates(an, marks)
    hold_called_numbers(an, index, marks)
    hold_oddly_written(an, marks, read, text)
    spare_others_clauses(an, marks)
    spare_others_vehicles(an, marks)
    if is_short_field(an):
        spare_short_field(an, marks, names_told(an) if writer.told else frozenset())
    captive = captivity(an, index)
    if captive.sentences or captive.perhaps:
        spare_whereabouts(an, marks, captive.sentences)
    # The cues stand above it. A step below touches only what they left to the labellers, but for
    # halves of words and of addresses.
    apply_rulings(marks, rulings(an, captive))
    brief.spare_evidence(an, marks)
    spare_glue(an, marks)
    spare_next_clause(an, marks)
    spare_introductions(an, marks)
    spare_deeds(an, marks)
    spare_leads(an, marks)
    mask_whole_words(an, marks)
    mask_whole_addresses(an, index, marks)
    # The fields stand above the cues; then repeats, and what the caller knows of the writer.
    keep_known(an, marks, fields)
    found = repeats(an, findings_of(an, marks), fields)
    findings = read.as_written(
        restrained(read.text, found, writer, captive.stretches, perhaps=captive.perhaps)
    )
    return Scrubbed(text=masked_text(text, findings), findings=findings)
