"""Where masking would cost a person their tip, or a captive their whereabouts, the words stay.

The scrubber reads a text by itself. This reads its findings with what the caller knows: whether
the writer is the one in the situation, whether the text is a sentence or a field of two words,
and how much of it would be left.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tipintake.privacy.scrub.cues.captivity import MAY_BE_HARMED
from tipintake.privacy.scrub.findings import LEARNED, Finding, Verdict, Writer
from tipintake.privacy.scrub.labels import NAME_KINDS, REACHES_SOMEBODY, VAULT_KINDS
from tipintake.privacy.scrub.patterns import find_candidates

CAPTIVE_RULE = "captive-writes"
SCENE_RULE = "up-to-the-scene"
FIELD_RULE = "short-field"
TOO_MUCH_RULE = "would-leave-nothing"

# Clauses about the writer. For a captive they are the evidence itself.
CLAUSES: Final = frozenset(
    {
        "REPORTER_ROLE",
        "REPORTER_RELATION",
        "REPORTER_SCHEDULE",
        "REPORTER_VANTAGE",
        "REPORTER_PLACE",
        "REPORTER_VEHICLE",
    }
)
_CONTACTS: Final = frozenset({"PHONE", "EMAIL"})
_ZIP = re.compile(r"(?:[A-Z]{2},? )?\d{5}(?:-\d{4})?", re.ASCII)
# What was learned can be wrong about a text; what stood behind a plain cue goes.
LEARNED_RULES: Final = frozenset({LEARNED, SCENE_RULE})
LEFT_AT_LEAST = 20  # characters of a narrative: what is asked for besides a sign or vehicle
MOST_OF_A_TEXT = 0.6

_THEIR_CONTACT = re.compile(
    r"\b(?:my|mi|nuestro|our) (?:\w{1,15} )?(?:pimp|trafficker|boss|boyfriend|husband|manager"
    r"|madam|padrote|jef[ea]|patr[oó]n(?:a)?|novio|esposo|marido)(?:'?s)?"
    r"(?: \w{1,12}){0,2} (?:number|phone|cell|is|es|n[uú]mero)\b|\bn[uú]mero de mi \w{1,15}\b",
    re.IGNORECASE,
)
_SCENE_BEGINS = re.compile(
    r"[,;.:\n–—-]\s{0,3}(?:and |but |y |pero )?"
    r"(?:there(?:'?s| is| are| was| were)?|hay|hab[ií]a|he|she|they|a|an|the|some|two|three|four"
    r"|one|una?|el|la|los|las|unos|unas|ellas?|ellos|dos|tres|someone|somebody|alguien)\b",
    re.IGNORECASE,
)
_DROPPED = re.compile(r"\s\band (?:I )?(?:saw|dropped|heard|noticed|found)\b\s?", re.IGNORECASE)
_SPEAKS_OF_SELF = re.compile(
    r"\b(?:I|I'm|im|me|my|mine|we|our|yo|soy|mi|mis|mío|nuestr[oa]s?|call|llam\w{1,4})\b",
    re.IGNORECASE,
)


# "Donde trabajo", "vivo en": Spanish needs no "I". Not "ropa de trabajo", "rojo vivo", "un cuarto
# limpio". And whoever is said to have seen it is a witness, or who writes.
_WITHOUT_I = re.compile(
    r"\b(?:(?:donde (?:vivo|viv[ií]|viv[íi]a|limpio|limpiaba|limpiamos)"
    r"|vivo (?:en|al?|aqu[ií]|ah[ií]|all[ií]|cerca|enfrente|junto|arriba|abajo)"
    r"|(?-i:(?<!\bde )trabajo)|trabaj(?:[ée]|aba|amos|[áa]bamos)|vivimos|rento|rentamos|duermo"
    r"|dormimos|estoy|estamos|(?-i:conmigo)|nosotr[oa]s"
    r"|(?<!\bJehovah's )(?<!\bJehovahs )witness(?:es)?|testigos?(?! de Jehov))\b"
    r"|(?:(?:seen|reported) by|(?:visto|reportado) por) (?-i:[A-Z])"
    r"|(?-i:[A-Z]\w{1,20} (?:saw|l[oa]s? vio))\b)",
    re.IGNORECASE,
)


def speaks_without_i(text: str) -> bool:
    return _WITHOUT_I.search(text) is not None


# Who is seen, in common words: these never name anybody.
_COMMON = frozenset(
    "a an the girl girls boy boys kid kids child children woman women man lady teen teenager baby "
    "locked young little una un la el las los niña nina niño nino niñas ninas niños ninos "
    "muchacha muchachas muchacho mujer mujeres chica chicas chico hija hijo menor menores señora "
    "joven encerrada encerradas encerrado".split()
)


# Not "calle Ohio" and "South Virginia", which are streets.
_TOWN_BEFORE = re.compile(
    r"(?:[^\W\d_]{3,20}, ?"
    r"|(?<!\w)(?!(?:Calle|Avenida|North|South|East|West) )[A-Z][^\W\d_]{2,19} \(?)$"
)
_STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY Ill Ills Mo Tenn Ark Ind Kan "
    "Okla Tex Fla Calif Mich Wis Minn Alabama Arkansas California Colorado Florida Georgia "
    "Illinois Indiana Iowa Kansas Kentucky Louisiana Michigan Minnesota Mississippi Missouri "
    "Misuri Nebraska Ohio Oklahoma Tennessee Texas Wisconsin".split()
)


def restrained(
    text: str,
    findings: Iterable[Finding],
    writer: Writer,
    captive: Sequence[tuple[int, int]] = (),
    *,
    perhaps: bool = False,
) -> tuple[Finding, ...]:
    """The findings with a milder verdict where masking would do the worse harm.

    `captive` are the stretches in which the writer says that they are held, sold or unpaid;
    `perhaps`: they say what may mean it.
    """
    found = tuple(findings)
    found = tuple(
        part
        for one in found
        for part in _up_to_what_was_seen(text, _kept_if_common(text, _kept_if_state(text, one)))
    )
    if writer.short_field and not (_SPEAKS_OF_SELF.search(text) or speaks_without_i(text)):
        return tuple(_kept_in_field(text, one) for one in found)
    if writer.captive:
        captive = ((0, len(text)),)
    found = tuple(
        _of_a_captive(text, one)
        if any(start <= one.start < end for start, end in captive)
        else one
        for one in found
    )
    if captive or perhaps or MAY_BE_HARMED.search(text):
        found = tuple(_waiting(one) for one in found)
    return _leaving_something(text, found)


def _waiting(finding: Finding) -> Finding:
    """What may be the scene of a person in the situation is held, not destroyed."""
    if finding.kind in CLAUSES and finding.verdict is Verdict.REMOVE and finding.rule == LEARNED:
        return replace(finding, verdict=Verdict.UNSURE)
    return finding


def _kept_if_state(text: str, finding: Finding) -> Finding:
    """The state behind a town says which town it is: O'Fallon, Ill. is not the one of Missouri."""
    somebody = finding.kind in NAME_KINDS  # Georgia, Virginia
    if somebody or finding.rule != LEARNED or finding.verdict is Verdict.KEEP:
        return finding
    words = text[finding.start : finding.end].strip(" .,")
    behind_a_name = _TOWN_BEFORE.search(text[max(0, finding.start - 30) : finding.start])
    if behind_a_name and words in _STATES:
        return replace(finding, verdict=Verdict.KEEP, rule="state")
    return finding


def _up_to_what_was_seen(text: str, finding: Finding) -> Iterator[Finding]:
    """I drive for a taxi and dropped three girls there: the ride is not the writer's job. Behind
    "and heard through my bedroom wall" the rest waits."""
    seen = None
    if finding.kind in CLAUSES and finding.rule == LEARNED and finding.verdict is not Verdict.KEEP:
        seen = _DROPPED.search(text[finding.start : finding.end], 4)
    if seen is None:
        yield finding
        return
    cut, told = finding.start + seen.start(), finding.start + seen.end()
    yield replace(finding, end=cut)
    if _SPEAKS_OF_SELF.search(text, told, finding.end):
        yield replace(finding, start=told, verdict=Verdict.UNSURE)


def _kept_if_common(text: str, finding: Finding) -> Finding:
    words = text[finding.start : finding.end].casefold().split()
    if finding.kind in VAULT_KINDS and words and _COMMON.issuperset(words):
        return replace(finding, verdict=Verdict.KEEP, rule="no-name")
    return finding


def _reaches(words: str) -> bool:
    """Enough to write or call somebody: "Super 8" and a ZIP are not."""
    digits = sum(char.isdigit() for char in words)
    return "@" in words or (digits >= 7 and not _ZIP.fullmatch(words))


def _kept_in_field(text: str, finding: Finding) -> Finding:
    """Two words in a field of their own: the labeller needs a sentence to judge by."""
    if finding.rule != LEARNED or finding.verdict is Verdict.KEEP:
        return finding
    words = text[finding.start : finding.end]
    if any(one.kind in _CONTACTS for one in find_candidates(words)):
        return finding
    if finding.kind in REACHES_SOMEBODY and _reaches(words):
        return finding
    return replace(finding, verdict=Verdict.KEEP, rule=FIELD_RULE)


def _of_a_captive(text: str, finding: Finding) -> Finding:
    if finding.verdict is Verdict.KEEP:
        return finding
    if finding.kind in CLAUSES:
        return replace(finding, verdict=Verdict.KEEP, rule=CAPTIVE_RULE)
    if finding.kind == "REPORTER_CONTACT" and _is_theirs(text, finding):
        return replace(finding, verdict=Verdict.KEEP, rule=CAPTIVE_RULE)
    return finding


def _is_theirs(text: str, finding: Finding) -> bool:
    """ "My pimp's number is …": somebody else's, although it begins with "my"."""
    return _THEIR_CONTACT.search(text[max(0, finding.start - 60) : finding.start + 1]) is not None


def _up_to_the_scene(text: str, findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """A clause about the writer ends where the scene begins."""
    for finding in findings:
        if finding.kind not in CLAUSES or finding.rule != LEARNED:
            yield finding
            continue
        words = text[finding.start : finding.end]
        scene = _SCENE_BEGINS.search(words, 4)
        if scene is None:
            yield finding
        elif end := finding.start + scene.start():
            yield replace(finding, end=end, rule=SCENE_RULE)


def _leaving_something(text: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Where clauses would take most of a text they end at the scene and are held."""
    masked = sum(one.end - one.start for one in findings if one.verdict is not Verdict.KEEP)
    left = len(text) - masked
    if left >= LEFT_AT_LEAST and masked <= MOST_OF_A_TEXT * len(text):
        return findings
    return tuple(
        replace(one, verdict=Verdict.UNSURE, rule=TOO_MUCH_RULE)
        if one.kind not in REACHES_SOMEBODY
        and one.verdict is Verdict.REMOVE
        and one.rule in LEARNED_RULES
        else one
        for one in _up_to_the_scene(text, findings)
    )
