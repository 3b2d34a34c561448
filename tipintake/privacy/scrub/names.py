"""Whose a name is, where plain words say so: the writer's, a victim's or child's, a suspect's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.cues.names import (
    A_LETTER_TOLD_OF,
    APPOSED,
    ARE_GIRLS,
    BETWEEN_COMMAS,
    CARRIED,
    CHILD_AFTER_NAME,
    CHILD_APPOSED,
    CHILD_SPOKEN_OF,
    CLOSE_OR_HARMED,
    CLOSE_SPOKEN_OF,
    CLOSE_TO_WRITER,
    CLOSING,
    CREDENTIAL,
    DASHED,
    DEALS_AFTER_NAME,
    DEALS_IN_OTHERS,
    ENDS_A_LETTER,
    ENDS_IN_AND,
    FORM_OF_ANOTHER,
    FORM_OF_SOMEBODY,
    FORM_OF_WRITER,
    GIRLS_ARE,
    GIRLS_OTHER,
    HARM_AFTER_NAME,
    HARMS,
    HAS,
    HE_SAID_HIS_NAME,
    HEAD_THIS_IS,
    HELPED,
    HELPER_BEFORE,
    HELPS,
    HERE,
    I_AM,
    IN_A_CELLAR,
    IS_WHO_DOES_IT,
    IS_WHO_REPORTS,
    KIN_NAMED,
    KNOWN_AS,
    MAY_CLOSE_ANOTHERS,
    MAY_SUFFER,
    ME_THEY_CALL,
    MERELY_IS,
    NAME_ON_A_LINE,
    NAMES_ANOTHER,
    NO_NAME_BUT_LIKE_ONE,
    NO_SUSPECT_SPOKEN_OF,
    NOBODY_SAYS,
    OF_A_BYSTANDER,
    OF_HIM,
    OF_WHO_WRITES,
    ONE_OF_THEM,
    OTHERS_SUFFER,
    OWN_NAME,
    OWN_ROOM_AFTER,
    SAYS_OR_SAW,
    SAYS_YOUNG,
    SIGN_OFF,
    SUFFERS,
    SUFFERS_OR_SAW,
    SUSPECT_NAME,
    SUSPECT_OF_CAPTIVE,
    SUSPECT_WOMAN,
    THIS_IS,
    TIP_OF,
    TITLED,
    VICTIM_AFTER,
    VICTIM_BEFORE,
    VICTIM_CUE,
    VICTIM_NAME,
    VICTIM_NAMED,
    WHO_DOES_IT,
    WITNESSED,
    WRITER_IS_NAMED,
    WRITER_IS_NAMED_HERE,
    YOUNG_AFTER,
    YOUNG_BEFORE,
    YOUNG_CALLED,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.labels import NAME_KINDS
from tipintake.privacy.scrub.rulings import OWN_WORDS, Ruling, TokenIndex, shielded

NO_NAMES = frozenset(
    ["not", "no", "on", "in", "unimportant", "irrelevant", "anonymous", "anonimo"]
)
CUE_WINDOW = 60
VICTIM_WINDOW = 24
NAME_LENGTH = 4
BEHIND_A_SIGNATURE = 6  # words
LETTER_REACH = 100
SPOKEN_OF_REACH = 100
JOINS = frozenset([",", "and", "y", "e", "&"])
MOST_JOINS = 2
MOST_OF_TITLES = 3  # "Rev", its dot, "Sister"
NEAR_A_NAME = 3
MOST_NAMES = 6  # of those who sign together


def own_names(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """My name is Joan; and held, for the words between may be of another: I am a man named Joe."""
    for pattern in (OWN_NAME, WRITER_IS_NAMED):
        for match in pattern.finditer(an.text):
            first = index.at(match.end())
            if first >= len(an.tokens) or shielded(an, first):
                continue
            last = end_of_name(an, first)
            if last >= first:
                yield Ruling(first, last, kind, "own-name", hold=pattern is WRITER_IS_NAMED)
    for match in KNOWN_AS.finditer(an.text):
        first = index.at(match.end())
        if not shielded(an, first):
            for begins, last in names_from(an, first):
                yield Ruling(begins, last, kind, "own-name")


def names_in_forms(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """Reporting party: Joan Moore; and held, for it may be another's: witness: Joan Moore."""
    for match in FORM_OF_WRITER.finditer(an.text):
        first = index.at(match.end())
        if not shielded(an, first):
            for begins, last in names_from(an, first):
                yield Ruling(begins, last, kind, "own-name")
    dealers = names_of_dealers(an)
    for match in FORM_OF_SOMEBODY.finditer(an.text):
        last = -1
        for begins, last in names_from(an, index.at(match.end())):
            if not {token.norm for token in an.tokens[begins : last + 1]} & dealers:
                yield Ruling(begins, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)
        for at in range(last + 1, min(len(an.tokens), last + 1 + NEAR_A_NAME) if last > 0 else 0):
            if an.tokens[at].kind in ("PHONE", "EMAIL"):
                yield Ruling(at, at, "REPORTER_CONTACT", "kin-contact", hold=True)
    for match in NAME_ON_A_LINE.finditer(an.text):
        line_before = an.text[: match.start()].rstrip().rpartition("\n")[2]
        if not FORM_OF_ANOTHER.search(line_before):
            for begins, last in names_from(an, index.at(match.end())):
                yield Ruling(begins, last, kind, "own-name", hold=True, yields=True)


def names_of_who_reports(an: Analysis, kind: str) -> Iterator[Ruling]:
    """Joan Moore is the one making this report: the writer, or for whom they write."""
    for first, last in whole_names(an):
        if IS_WHO_REPORTS.match(an.text, an.tokens[last].end) and not an.places[first].quoted:
            yield Ruling(first, last, kind, "own-name", hold=True)


def names_of_dealers(an: Analysis) -> frozenset[str]:
    """Of whom the text says that they sell the girls, whoever else they are."""
    return frozenset(
        an.tokens[at].norm
        for first, last in whole_names(an)
        if DEALS_IN_OTHERS.match(an.text, an.tokens[last].end) and not helps_them(an, last)
        for at in range(first, last + 1)
    )


def names_from(an: Analysis, first: int) -> Iterator[tuple[int, int]]:
    """Names with their titles from a token on: Sister Agnes and Flor. Of "Joan, Rico sells" it is
    Joan alone."""
    begins = first
    for _ in range(MOST_NAMES):
        if first >= len(an.tokens):
            return
        at = behind_titles(an, first)
        last = end_of_name(an, at) if signs(an, at) or is_initial(an, at) else -1
        if last < at:
            return
        follows = an.tokens[last + 1].kind == "WORD" if last + 1 < len(an.tokens) else False
        if first > begins and follows and an.tokens[last + 1].norm not in JOINS:
            return
        yield first, last
        if last + 1 >= len(an.tokens) or an.tokens[last + 1].norm not in JOINS:
            return
        first = last + 2


def behind_titles(an: Analysis, first: int) -> int:
    at = first
    while at < min(len(an.tokens), first + MOST_OF_TITLES) and (
        not {"title", "kin"}.isdisjoint(an.classes[at])
        or (at > first and an.tokens[at].text == ".")
    ):
        at += 1
    return at


def is_initial(an: Analysis, at: int) -> bool:
    """The "J" of "J. Haas"."""
    dotted = at + 2 < len(an.tokens) and an.tokens[at + 1].text == "."
    return dotted and len(an.tokens[at].text) == 1 and signs(an, at + 2)


def end_of_name(an: Analysis, first: int) -> int:
    """The last token of the name that begins at `first`; the one before it where there is none."""
    last = first - 1
    while last + 1 < len(an.tokens) and last + 1 < first + NAME_LENGTH:
        token = an.tokens[last + 1]
        initial = token.kind == "MARK" and token.text == "." and len(an.tokens[last].text) <= 2
        if not (initial or continues_name(an, last + 1, first)):
            break
        last += 1
    return last


def continues_name(an: Analysis, at: int, first: int) -> bool:
    token, classes = an.tokens[at], an.classes[at]
    if token.kind != "WORD" or an.places[at].sentence != an.places[first].sentence:
        return False
    if at == first:
        return token.norm not in NO_NAMES
    if an.style == "mixed":
        return token.text[0].isupper()
    return bool({"given", "surname", "unlisted"}.intersection(classes)) and "neg" not in classes


def own_kins_names(an: Analysis, captive: bool) -> Iterator[Ruling]:
    """My husband Tom Barker says. Kin of who is held may be who holds them."""
    for first, last in () if captive else whole_names(an):
        start, end = an.tokens[first].start, an.tokens[last].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        is_kin = not an.places[first].quoted and KIN_NAMED.search(before) is not None
        if is_kin and SAYS_OR_SAW.match(an.text, end):
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)


def whole_names(an: Analysis) -> list[tuple[int, int]]:
    """Runs of name words, joined over the dot of a title or an initial: "Mr. Vo"."""
    runs: list[tuple[int, int]] = []
    for first, last in an.names:
        if runs and first == runs[-1][1] + 2 and an.tokens[first - 1].text == ".":
            before = runs[-1][1]
            if "title" in an.classes[before] or len(an.tokens[before].norm) == 1:
                runs[-1] = (runs[-1][0], last)
                continue
        runs.append((first, last))
    return runs


def introductions(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """This is Maria from housekeeping; les escribe Rosa, hay …; Mary here."""
    for match in THIS_IS.finditer(an.text):
        at = index.at(match.end())
        if not shielded(an, at) and is_name(an, at):
            last = max(at, end_of_name(an, at))
            told_of = WHO_DOES_IT.match(an.text, an.tokens[last].end) is not None
            yield Ruling(at, last, kind, "this-is", hold=told_of)
    for match in HEAD_THIS_IS.finditer(an.text):
        at = index.at(match.end())
        if is_given(an, at):
            yield Ruling(at, end_of_name(an, at), kind, "this-is")
    for first, last in an.names:
        head = first == 0 or an.tokens[first - 1].kind == "LINE"
        here = HERE.match(an.text, an.tokens[last].end)
        if head and is_given(an, first) and here:
            yield Ruling(first, last, kind, "this-is", hold=here["writing"] is not None)


def sign_offs(an: Analysis, index: TokenIndex, kind: str) -> Iterator[Ruling]:
    """Thanks, Joan Moore; -Tammy, room 212; J. Whitfield, RN."""
    for match in CLOSING.finditer(an.text):
        for first, last in names_from(an, index.at(match.end())):
            rest, _, _ = an.text[an.tokens[last].end :].partition("\n")
            if ENDS_A_LETTER.match(an.text, an.tokens[last].end):
                doubted = tells_more(rest) or is_anothers_letter(match)
                yield Ruling(first, last, kind, "sign-off", hold=doubted)
            elif may_sign(match, rest) or (
                first < last and rest.startswith(",") and not tells_more(rest)
            ):
                yield Ruling(first, last, kind, "sign-off", hold=True)
    for match in SIGN_OFF.finditer(an.text):
        at = index.at(match.end())
        if is_name(an, at):
            last = end_of_signature(an, at)
            doubted = is_listed(an.text, match) or tells_more(an.text[an.tokens[last].end :])
            yield Ruling(at, last, kind, "sign-off", hold=doubted)
            if room := OWN_ROOM_AFTER.search(an.text, match.end()):
                first, last = (
                    index.at(room.start() + 1),
                    index.at(len(room.group().rstrip()) + room.start() - 1),
                )
                yield Ruling(first, last, "REPORTER_PLACE", "sign-off", hold=True)
    for match in CREDENTIAL.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        a_town = match["state"] is not None and match["initial"] is None
        yield Ruling(first, min(last, len(an.tokens) - 1), kind, "credential", hold=a_town)


def may_sign(closing: re.Match[str], rest: str) -> bool:
    """Tip from Joan Moore: two girls at the Super 8."""
    return rest.startswith(":") and TIP_OF.match(closing.group()) is not None


def is_anothers_letter(closing: re.Match[str]) -> bool:
    """A note on her door says pay me. Signed, Rico."""
    before = closing.string[max(0, closing.start() - LETTER_REACH) : closing.start()]
    may_be = MAY_CLOSE_ANOTHERS.match(closing.group()) is not None
    return may_be and A_LETTER_TOLD_OF.search(before) is not None


def end_of_signature(an: Analysis, at: int) -> int:
    """With the initial of a surname: "- jen h"."""
    last = max(at, end_of_name(an, at))
    behind = an.tokens[last + 1 : last + 2]
    return last + sum(token.kind == "WORD" and len(token.text) == 1 for token in behind)


def tells_more(after: str) -> bool:
    """Behind a signature stands where the writer is to be found, not another sentence."""
    return len(after.split()) > BEHIND_A_SIGNATURE


def is_listed(text: str, signature: re.Match[str]) -> bool:
    """One of several lines that begin with a dash: whoever is listed did not sign."""
    begins = text.rfind("\n", 0, signature.end()) + 1
    ends = text.find("\n", signature.end())
    before = text[:begins].rstrip().rpartition("\n")[2]
    after = text[ends:] if ends >= 0 else ""
    return any(DASHED.match(line) is not None for line in (before, after.lstrip()))


def is_name(an: Analysis, at: int) -> bool:
    return at < len(an.tokens) and bool(
        {"given", "surname", "unlisted"}.intersection(an.classes[at])
    )


def signs(an: Analysis, at: int) -> bool:
    """A word that closes a letter as a name does: a capital, or where there are none, a list."""
    if an.style == "mixed":
        return is_name(an, at) and an.tokens[at].text[0].isupper()
    return at < len(an.tokens) and bool({"given", "surname"}.intersection(an.classes[at]))


def is_given(an: Analysis, at: int) -> bool:
    return at < len(an.tokens) and "given" in an.classes[at]


def victim_names(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """A name beside words that only go with a victim or a child."""
    for match in VICTIM_NAMED.finditer(an.text):
        first = index.at(match.end())
        if is_named(an, first) and not an.places[first].quoted and not of_another(match):
            yield Ruling(first, end_of_name(an, first), of_whom(match), "victim-cue")
    for first, last in whole_names(an):
        if an.places[first].quoted:
            continue
        start, end = an.tokens[first].start, an.tokens[last].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if named := VICTIM_NAME.search(before):
            yield from named_as_victim(an, named, first, last)
        elif VICTIM_BEFORE.search(before):
            yield Ruling(first, last, "VICTIM_NAME", "victim-cue")
        elif CARRIED.search(before):
            yield Ruling(first, last, "MINOR_NAME", "victim-cue", hold=True)
        elif YOUNG_BEFORE.search(before) or YOUNG_CALLED.search(before):
            yield Ruling(first, last, "MINOR_NAME", "young-name")
        elif is_persons_name(an, first, last) or says_they_are_young(an, first, last):
            young = YOUNG_AFTER.match(an.text, end) is not None
            if young or SAYS_YOUNG.match(an.text, end):
                yield Ruling(first, last, "MINOR_NAME", "young-name", hold=not young)
            elif (
                HARMS.search(before)
                or VICTIM_AFTER.match(an.text, end)
                or is_close_or_harmed(an, before, end)
                or is_kept_or_apposed(an, before, end)
            ):
                yield Ruling(first, last, "VICTIM_NAME", "victim-cue", hold=True)


def says_they_are_young(an: Analysis, first: int, last: int) -> bool:
    """Yareli dice que tiene quince años: a name that no list has, and no "ella dice"."""
    pronoun = not {"he", "she", "they", "i"}.isdisjoint(an.classes[first])
    written = an.style == "mixed" and an.tokens[first].text[0].isupper()
    return written and not pronoun and bool(SAYS_YOUNG.match(an.text, an.tokens[last].end))


def is_close_or_harmed(an: Analysis, before: str, end: int) -> bool:
    """His niece Carmen; not where she recruits the girls."""
    dealer = SUSPECT_WOMAN.search(before) or DEALS_IN_OTHERS.match(an.text, end)
    return not dealer and CLOSE_OR_HARMED.search(before) is not None


def is_kept_or_apposed(an: Analysis, before: str, end: int) -> bool:
    """He keeps Tia in the cellar; the girl, Tia, cries."""
    kept = HAS.search(before) and IN_A_CELLAR.match(an.text, end)
    apposed = APPOSED.search(before) and BETWEEN_COMMAS.match(an.text, end)
    return bool(kept or apposed or CHILD_APPOSED.search(before))


def named_as_victim(an: Analysis, cue: re.Match[str], first: int, last: int) -> Iterator[Ruling]:
    """The girl is Rose; and held, where "is" alone stands before what is no common name."""
    if of_another(cue) or is_no_name(an, cue, first, last):
        return
    unsure = MERELY_IS.search(cue.group()) is not None and not is_persons_name(an, first, last)
    yield Ruling(first, last, of_whom(cue), "victim-cue", hold=unsure)


def of_another(cue: re.Match[str]) -> bool:
    """The man who sells the girl is …: the name is not the girl's."""
    girl = cue.end("grown") if cue["grown"] else cue.end("young")
    told = NAMES_ANOTHER.match(cue.string, girl)
    begins = cue.string[max(0, cue.start() - CUE_WINDOW) : cue.start()]
    return told is not None and GIRLS_OTHER.search(begins) is not None


def is_no_name(an: Analysis, cue: re.Match[str], first: int, last: int) -> bool:
    """The girl is Mexican, and no name."""
    words = an.text[an.tokens[first].start : an.tokens[last].end]
    is_like_one = NO_NAME_BUT_LIKE_ONE.fullmatch(words) is not None
    return is_like_one and MERELY_IS.search(cue.group()) is not None


def names_of_girls(an: Analysis) -> Iterator[Ruling]:
    """Two girls, Brianna and Kaylee, …; Brianna and Kaylee are the girls he sells."""
    for listed in lists_of_names(an):
        start, end = an.tokens[listed[0][0]].start, an.tokens[listed[-1][1]].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if not is_persons_name(an, *listed[0]):
            continue
        if told := GIRLS_ARE.search(before) or ARE_GIRLS.match(an.text, end):
            kind = of_whom(told)
            for first, last in listed:
                yield Ruling(first, last, kind, "victim-cue", hold=kind == "VICTIM_NAME")


def lists_of_names(an: Analysis) -> list[list[tuple[int, int]]]:
    """Names with nothing but commas and "and" between them; one alone is a list too."""
    lists: list[list[tuple[int, int]]] = []
    for first, last in whole_names(an):
        between = range(lists[-1][-1][1] + 1, first) if lists else range(first)
        joined = all(an.tokens[at].norm in JOINS for at in between) and len(between) <= MOST_JOINS
        if lists and joined:
            lists[-1].append((first, last))
        else:
            lists.append([(first, last)])
    return lists


def is_named(an: Analysis, at: int) -> bool:
    """Behind "is named" any capital is a name, also April and Rose."""
    if an.style != "mixed":
        return is_name(an, at)
    return at < len(an.tokens) and an.tokens[at].text[0].isupper()


def is_persons_name(an: Analysis, first: int, last: int) -> bool:
    """With a given name in it; "Ella tiene 16" is she."""
    alone = first == last and an.tokens[first].norm == "ella"
    return not alone and any(is_given(an, at) for at in range(first, last + 1))


def of_whom(match: re.Match[str]) -> str:
    return "MINOR_NAME" if match.group("young") else "VICTIM_NAME"


def is_writers(before: str, cue: int) -> bool:
    """The name behind `before`, whose cue begins at `cue`: I am the driver they call."""
    named = WRITER_IS_NAMED_HERE.search(before) or ME_THEY_CALL.search(before[:cue])
    return named is not None


def is_of_somebody_close(before: str, cue: int) -> bool:
    """My husband is a man named; my son saw it, his name is."""
    head = before[:cue]
    of_him = OF_HIM.match(before, cue) is not None
    close = CLOSE_TO_WRITER.search(head) or (of_him and CLOSE_SPOKEN_OF.search(head))
    return bool(close)


def names_of_who_does_it(an: Analysis, found: list[Ruling]) -> Iterator[Ruling]:
    """My son, Garrett Pohl, 38, is the one doing it: his name stays, wherever the text has it and
    nothing found makes it another's: the writer's, a child's. It is held where it may be who
    suffers it, or who saw it."""
    # "My cousin Lamar", which is held as kin's, is no other's.
    others = [
        one
        for one in found
        if not one.keep and one.kind in NAME_KINDS and not (one.hold and one.rule == "victim-cue")
    ]
    ruled = {at for one in others for at in range(one.first, one.last + 1)}
    names = whole_names(an)
    told: set[frozenset[str]] = set()
    for first, last in names:
        end = an.tokens[last].end
        does_it = IS_WHO_DOES_IT.match(an.text, end)
        if does_it is None or an.places[first].quoted:
            continue
        before = an.text[max(0, an.tokens[first].start - CUE_WINDOW) : an.tokens[first].start]
        doubted = (
            MAY_SUFFER.search(before)
            or SUFFERS_OR_SAW.match(an.text, does_it.end())
            or YOUNG_AFTER.match(an.text, end)
        )
        if doubted:
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)
        elif not NOBODY_SAYS.search(before) and ruled.isdisjoint(range(first, last + 1)):
            told.add(words_of(an, first, last))
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)
    of_others = {words_of(an, one.first, one.last) for one in others}
    for first, last in names if told else ():
        words = words_of(an, first, last)
        if any(words <= one for one in told) and not any(words <= one for one in of_others):
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)


def words_of(an: Analysis, first: int, last: int) -> frozenset[str]:
    return frozenset(an.tokens[at].norm for at in range(first, last + 1))


def helps_them(an: Analysis, last: int) -> bool:
    """Tom drives the girls to school."""
    deals = DEALS_AFTER_NAME.match(an.text, an.tokens[last].end)
    return deals is not None and HELPED.match(an.text, deals.end()) is not None


def deals_in_them(an: Analysis, before: str, first: int, last: int) -> bool:
    """The girls are Asian, and Rico sells them: where the name is said of nobody else, and the
    sentence is not about the writer's own people."""
    deals = DEALS_AFTER_NAME.match(an.text, an.tokens[last].end)
    if not deals or not ENDS_IN_AND.search(before) or HELPED.match(an.text, deals.end()):
        return False
    if ONE_OF_THEM.search(before):
        return False
    sentence = an.places[first].sentence
    here = [at for at, place in enumerate(an.places) if place.sentence == sentence]
    if any(not OWN_WORDS.isdisjoint(an.classes[at]) for at in here):
        return False
    said = [token.norm for token in an.tokens]
    return all(said.count(an.tokens[at].norm) == 1 for at in range(first, last + 1))


def another_named_so(
    an: Analysis, told: re.Match[str], first: int, last: int, captive: bool
) -> list[Ruling]:
    """Of a name behind a suspect's cue: whose else it is, or may be."""
    before, cue = told.string, told.start()
    start, end = an.tokens[first].start, an.tokens[last].end
    if is_childs(an, before, cue, end):
        return [Ruling(first, last, "MINOR_NAME", "young-name", hold=True)]
    if is_writers(before, cue):
        return [Ruling(first, last, "REPORTER_NAME", "own-name", hold=True)]
    # Kin of who is held may be who holds them.
    close = not captive and is_of_somebody_close(before, cue)
    saw = WITNESSED.search(before) or WITNESSED.search(an.text, end, end + CUE_WINDOW)
    if close and saw:
        return [Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)]
    if not close and may_be_a_bystanders(an, start, told, end, captive):
        return [Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)]
    return []


def may_be_a_bystanders(
    an: Analysis, start: int, told: re.Match[str], end: int, captive: bool
) -> bool:
    """The boy slept in the van, his name was; owner: Joan Moore, I rent them the house. Not from
    who is held: "owner: Rico, I am locked in"."""
    cue = start - len(told.string) + told.start()
    spoken_of = an.text[max(0, cue - SPOKEN_OF_REACH) : cue]
    of_the_writer = told.group().rstrip().endswith(":") and OF_WHO_WRITES.match(an.text, end)
    if of_the_writer and not captive:
        return True
    suffers = SUFFERS.search(spoken_of) and not OTHERS_SUFFER.search(spoken_of)
    of_him = HE_SAID_HIS_NAME.match(told.string, told.start()) and (
        suffers or NO_SUSPECT_SPOKEN_OF.search(spoken_of)
    )
    return bool(of_him or OF_A_BYSTANDER.match(an.text, end))


def is_childs(an: Analysis, before: str, cue: int, end: int) -> bool:
    """His name is Leo, he is my son; the boy they sell, his name is Leo."""
    after = CHILD_AFTER_NAME.match(an.text, end) or YOUNG_AFTER.match(an.text, end)
    of_him = OF_HIM.match(before, cue) is not None
    return after is not None or (of_him and CHILD_SPOKEN_OF.search(before[:cue]) is not None)


def is_beside_a_captive(an: Analysis, before: str, first: int) -> bool:
    """My boss Karen, Mr. Vo: in the words of who is held they may hold them."""
    titled = TITLED.match(an.text, an.tokens[first].start)
    return SUSPECT_OF_CAPTIVE.search(before) is not None or titled is not None


def harms(an: Analysis, last: int) -> bool:
    return HARM_AFTER_NAME.match(an.text, an.tokens[last].end) is not None


def is_helper(an: Analysis, before: str, last: int) -> bool:
    """My teacher Mr. Dunn knows; my boss Karen is scared too. Not who makes or sells me."""
    helps = HELPER_BEFORE.search(before) or HELPS.match(an.text, an.tokens[last].end)
    return helps is not None and not harms(an, last)


def is_captor(an: Analysis, before: str, first: int, last: int) -> bool:
    return harms(an, last) or is_beside_a_captive(an, before, first)


def suspect_names(an: Analysis, captive: frozenset[int]) -> Iterator[Ruling]:
    """A name beside words that only go with a suspect."""
    for first, last in whole_names(an):
        start = an.tokens[first].start
        before = an.text[max(0, start - CUE_WINDOW) : start]
        deals = deals_in_them(an, before, first, last)
        if helps_them(an, last):
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)
        if YOUNG_CALLED.search(before) or (
            VICTIM_CUE.search(before[-VICTIM_WINDOW:]) and not deals
        ):
            continue
        told = SUSPECT_NAME.search(before)
        if told is not None:
            anothers = another_named_so(an, told, first, last, bool(captive))
            yield from anothers
            if any(one.kind == "MINOR_NAME" for one in anothers):
                continue
            if anothers or (not captive and is_of_somebody_close(before, told.start())):
                told = None
        named = deals or told is not None
        if captive and not named and not I_AM.search(before):
            helps = is_helper(an, before, last)
            if helps and is_beside_a_captive(an, before, first):
                yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)
            named = not helps and is_captor(an, before, first, last)
        if named:
            while first and "title" in an.classes[first - 1]:
                first -= 1
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True, yields=deals)
