"""Which characters the fonts can show, and the names of those that they cannot.

A packet holds whatever residents write: emoji, every script, control characters. What has no
glyph is printed as its Unicode name in brackets, so that nothing is lost and nothing is an empty
box. Text that would turn the direction of what follows it is named too, never obeyed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Missing = Callable[[str, bool], frozenset[str]]

# No font is asked about these: every packet's own text has them.
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\n–—’“”·×…é ")
# Controls, and what overrides the direction of text: never printed as themselves.
_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
_VARIATIONS = "\ufe0e\ufe0f"
# What only shapes the emoji before it: joiner, variation selectors, skin tones.
_SHAPERS = frozenset("\u200d" + _VARIATIONS) | frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_SAID = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_RTL = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Shown:
    """The values as they can be printed, and which names stand in them."""

    values: dict[str, object]
    named: frozenset[str] = frozenset()
    beyond: bool = False


def shown_by(values: Mapping[str, object], missing: Missing) -> Shown:
    """The values with a name for every character that `missing` says no font has.

    Only where letters are missing are the machine's own fonts asked: there a script can be read
    that the packet's fonts lack. Emoji are always named, so that pages look alike everywhere.
    """
    unusual: set[str] = set()
    _gather(values, unusual)
    unusual -= _PLAIN
    unsafe = {one for one in unusual if _UNSAFE.match(one)}
    asked = "".join(sorted(unusual - unsafe))
    absent = missing(asked, False) if asked else frozenset()
    beyond = any(unicodedata.category(one)[0] in "LM" for one in absent)
    if beyond:
        found = missing(asked, True)
        beyond = found != absent
        absent = found | {one for one in absent if unicodedata.category(one)[0] not in "LM"}
    gone = absent | unsafe | frozenset(_VARIATIONS)
    if not gone & unusual:
        return Shown(dict(values), beyond=beyond)
    run = re.compile(
        f"(?:[{re.escape(''.join(sorted(gone)))}][{''.join(_SHAPERS)}]*)+|[{_VARIATIONS}]"
    )
    names: set[str] = set()
    printed = _mapped(values, run, names)
    if not isinstance(printed, dict):
        raise TypeError("values are a mapping")
    return Shown(printed, frozenset(names), beyond)


def named_in(diagnostic: str, characters: str) -> frozenset[str]:
    """The characters of which a refusal says that they cannot be displayed."""
    said = "".join(_unescaped(found) for found in _SAID.findall(diagnostic))
    return frozenset(said) & frozenset(characters)


def name_of(character: str) -> str:
    """As people may read it: "minibus"; the code point for what has no name."""
    name = unicodedata.name(character, "")
    return name.lower() if name else f"U+{ord(character):04X}"


def is_rtl(text: str) -> bool:
    """Whether it is read from right to left: what its first letter is."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _RTL:
            return True
        if kind == "L":
            return False
    return False


def _gather(value: object, found: set[str]) -> None:
    if isinstance(value, str):
        found.update(value)
    elif isinstance(value, Mapping):
        for one in value.values():
            _gather(one, found)
    elif isinstance(value, list | tuple):
        for one in value:
            _gather(one, found)


def _mapped(value: object, run: re.Pattern[str], names: set[str]) -> object:
    if isinstance(value, str):
        return run.sub(lambda match: _named(match[0], names), value)
    if isinstance(value, Mapping):
        return {key: _mapped(one, run, names) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(one, run, names) for one in value]
    return value


def _named(run: str, names: set[str]) -> str:
    """One bracket for a run of them; nothing for what only chooses between two looks."""
    if run in _VARIATIONS:
        return ""
    said = [name_of(one) for one in run if one not in _SHAPERS] or [name_of(run[0])]
    names.update(said)
    return f"[{', '.join(said)}]"


def _unescaped(text: str) -> str:
    opened = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return opened.replace('\\"', '"').replace("\\\\", "\\")
