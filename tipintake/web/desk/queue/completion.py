"""What may be written in the queue's box, as a table and while somebody types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from tipintake.directory.models import Jurisdiction
from tipintake.staff.models import User
from tipintake.triage.models import Tag
from tipintake.web.desk.queue.facets import FACETS, ME, NOBODY, OF_THE_HOUSE, Ground
from tipintake.web.desk.queue.language import LONGEST

MOST = 8
TYPED = ("is", "city", "plate", "age", "line", "priority", "category", "assigned", "has", "tag")


@dataclass(frozen=True, slots=True)
class Offer:
    """One word that may stand there, and the whole text with it."""

    word: str
    says: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    says: str
    example: str
    values: tuple[tuple[str, str], ...]


def table(ground: Ground) -> list[Entry]:
    """Every facet that this account may write by hand, for the page's help."""
    hidden = _hidden(ground)
    return [
        Entry(
            key,
            gettext(facet.says),
            facet.example,
            tuple((w, gettext(says)) for w, says in facet.values.items() if w not in hidden),
        )
        for key, facet in FACETS.items()
        if facet.example and key not in hidden
    ]


def _hidden(ground: Ground) -> frozenset[str]:
    return frozenset() if ground.own_staff else OF_THE_HOUSE


def offers(text: str, ground: Ground) -> list[Offer]:
    """Completions of the last word; none while something is being quoted."""
    if len(text) > LONGEST or text.count('"') % 2:
        return []
    before, _space, last = text.rpartition(" ")
    found = _offers(last, ground)
    return [
        Offer(word, says, f"{before} {word}".strip())
        for _at, (word, says) in zip(range(MOST), found, strict=False)
        if word != last
    ]


def _offers(last: str, ground: Ground) -> Iterator[tuple[str, str]]:
    sign = "-" if last.startswith("-") else ""
    key, colon, value = last.removeprefix("-").partition(":")
    if not colon:
        open_to_it = [one for one in TYPED if one not in _hidden(ground)]
        begun = [one for one in open_to_it if key and one.startswith(key.lower())]
        yield from ((f"{sign}{one}:", gettext(FACETS[one].says)) for one in begun)
        return
    if key.lower() not in FACETS:
        return
    done, comma, part = value.rpartition(",")
    hidden = _hidden(ground)
    for word, says in _values(key.lower(), ground).items():
        if word not in hidden and word.casefold().startswith(part.casefold()):
            quoted = f'"{word}"' if " " in word else word
            yield f"{sign}{key.lower()}:{done}{comma}{quoted}", says


def _values(key: str, ground: Ground) -> Mapping[str, str]:
    match key:
        case "line":
            return {code: name for code, (_key, name) in sorted(ground.lines.items())}
        case "city":
            names = Jurisdiction.objects.order_by("name").values_list("name", "county")
            return {name.lower(): county for name, county in names}
        case "assigned" | "tag" if not ground.own_staff:
            return {}
        case "assigned":
            people = User.objects.filter(is_active=True).order_by("username")
            return {ME: "", NOBODY: ""} | dict.fromkeys(
                people.values_list("username", flat=True), ""
            )
        case "tag":
            return dict(Tag.objects.filter(active=True).values_list("code", "label"))
        case _:
            return {word: gettext(says) for word, says in FACETS[key].values.items()}
