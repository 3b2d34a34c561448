"""Everything that one person typed into the form: its sections, its rows, and what is to mend.

Nothing of it is kept anywhere but in the page itself: each answer to a POST carries it all again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.tips.draft import Problem, TipDraft
from tipintake.web.report.forms import (
    LeadForm,
    PersonForm,
    PlaceForm,
    Section,
    TipForm,
    VehicleForm,
)
from tipintake.web.report.sighting import SightingForm


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing of which there may be several."""

    name: str  # as the draft and its pointers call it
    form: type[Section]
    limit: int
    title: str | Promise
    hint: str | Promise
    one: str | Promise
    open: str | Promise  # "" when its first row is always open
    more: str | Promise
    add: str | Promise


KINDS = (
    Kind(
        name="locations",
        form=PlaceForm,
        limit=5,
        title=_("Where"),
        hint=_("Anything helps: a name, a street, a town. Never your own address."),
        one=_("Place"),
        open="",
        more="",  # its folds have titles of their own
        add=_("Add another place"),
    ),
    Kind(
        name="vehicles",
        form=VehicleForm,
        limit=5,
        title=_("Vehicles"),
        hint=_("Cars, vans and trucks that you saw. Never your own."),
        one=_("Vehicle"),
        open=_("Add a vehicle"),
        more=_("More about this vehicle"),
        add=_("Add another vehicle"),
    ),
    Kind(
        name="persons",
        form=PersonForm,
        limit=8,
        title=_("People"),
        hint=_("What they did comes first. What they looked like helps to find them."),
        one=_("Person"),
        open=_("Add a person"),
        more=_("More about this person"),
        add=_("Add another person"),
    ),
    Kind(
        name="online",
        form=LeadForm,
        limit=5,
        title=_("Online"),
        hint=_("Links, ads and user names. Never save or send a sexual picture of a child."),
        one=_("Link or ad"),
        open=_("Add a link or ad"),
        more=_("More about this link or ad"),
        add=_("Add another link or ad"),
    ),
)
_ADD = re.compile(r"add-(?P<kind>\w+)")
_REMOVE = re.compile(r"remove-(?P<kind>\w+)-(?P<row>\d)")
_BY_NAME = {kind.name: kind for kind in KINDS}
_ROW_KEY = re.compile(r"(?P<kind>locations|vehicles|persons|online)-(?P<row>\d)-(?P<field>\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary on top: where it leads and what it says."""

    anchor: str
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Rows:
    kind: Kind
    forms: list[Section]

    @property
    def may_add(self) -> bool:
        return len(self.forms) < self.kind.limit

    @property
    def is_folded(self) -> bool:
        """Only an empty first row: a closed line that opens it is enough."""
        if not self.kind.open or len(self.forms) > 1:
            return False
        return not self.filled() and not any(form.errors for form in self.forms)

    def filled(self) -> list[Section]:
        return [form for form in self.forms if form.has_changed()]


class Answers:
    """A form as typed: a section that stands once, and rows of several kinds. A quiet one finds
    no fault: somebody is still filling it in."""

    whole = ""  # where the summary leads for what belongs to no field

    def __init__(
        self, data: QueryDict | None, main: Section, kinds: Iterable[Kind], *, quiet: bool
    ) -> None:
        self.data = data
        self.quiet = quiet
        self.main = main
        self.groups = {kind.name: self._rows(kind) for kind in kinds}
        self._whole: list[Fault] = []

    def _rows(self, kind: Kind) -> Rows:
        return Rows(
            kind,
            [
                kind.form(
                    self.data,
                    prefix=f"{kind.name}-{row}",
                    quiet=self.quiet,
                    empty_permitted=True,
                )
                for row in range(row_count(self.data, kind))
            ],
        )

    def sections(self) -> Iterator[Section]:
        """In the order of the page."""
        yield self.main
        for rows in self.groups.values():
            yield from rows.forms

    def is_valid(self) -> bool:
        # Not all() over a generator: every section shall say what is wrong with it.
        return all([section.is_valid() for section in self.sections()])  # noqa: C419

    @property
    def announces_pictures(self) -> bool:
        """Pictures will be chosen on the check page: none is kept between two pages."""
        return bool(self.main["pictures_follow"].data)

    @property
    def signs(self) -> frozenset[str]:
        """Those that are ticked."""
        return frozenset(self.data.getlist("indicators")) if self.data is not None else frozenset()

    def blame(self, problems: Iterable[Problem]) -> None:
        """Put the draft's problems beside the fields that can mend them."""
        for problem in problems:
            section, field = self._find(problem.pointer)
            if section is None:
                self._whole.append(Fault(self.whole, "", problem.message))
            else:
                section.blame(field, problem.message)

    def _find(self, pointer: str) -> tuple[Section | None, str]:
        head, *rest = pointer.strip("/").split("/")
        if head in self.groups:
            rows = self.groups[head]
            at = int(rest[0]) if rest and rest[0].isdigit() else 0
            filled = rows.filled() or rows.forms
            return filled[min(at, len(filled) - 1)], rest[1] if len(rest) > 1 else ""
        return (self.main, head) if head in self.main.fields else (None, "")

    def faults(self) -> list[Fault]:
        found: list[Fault] = []
        for section in self.sections():
            row = self._title(section)
            for name in section.fields:
                label = f"{row} {section.fields[name].label}".strip()
                anchor = anchor_of(section[name])
                found += [Fault(anchor, label, str(one)) for one in section[name].errors]
            found += [
                Fault(section.prefix or self.whole, row, str(message))
                for message in section.non_field_errors()
            ]
            found += self._whole if section is self.main else []
        return found

    def _title(self, section: Section) -> str:
        """ "Vehicle 2:" for a row; nothing for a section that stands once."""
        for rows in self.groups.values():
            if section in rows.forms:
                return f"{rows.kind.one} {rows.forms.index(section) + 1}:"
        return ""

    def field(self, pointer: str) -> BoundField | None:
        """The field on the page that a pointer of the draft speaks of."""
        section, name = self._find(pointer)
        name = section.stands_for.get(name, name) if section else ""
        return section[name] if section and name in section.fields else None

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed, as the hidden fields of the next page."""
        if not self.data:
            return []
        sections = list(self.sections())
        known = {section.add_prefix(name) for section in sections for name in section.fields}
        pairs = [(rows_key(rows.kind), str(len(rows.forms))) for rows in self.groups.values()]
        for key in self.data:
            if key in known:
                pairs += [(key, value) for value in self.data.getlist(key) if value]
        return pairs


class Typed(Answers):
    """The form of a tip."""

    whole = "told"

    def __init__(self, data: QueryDict | None = None, *, quiet: bool = False) -> None:
        super().__init__(data, TipForm(data, quiet=quiet), KINDS, quiet=quiet)
        self.sighting = SightingForm(data, prefix="sighting", quiet=quiet, empty_permitted=True)

    @property
    def tip(self) -> Section:
        return self.main

    def sections(self) -> Iterator[Section]:
        places, *others = self.groups.values()
        yield self.tip
        yield from places.forms
        yield self.sighting
        for rows in others:
            yield from rows.forms

    def draft(self, *, language: str) -> TipDraft:
        """The tip as values, as far as they could be read. Untouched rows are left out."""
        unread = dict.fromkeys(("category", "immediacy", "minor_present"), "")
        values: dict[str, Any] = {**unread, **self.tip.values(), "language": language}
        for name, rows in self.groups.items():
            values[name] = [form.values() for form in rows.filled()]
        if self.sighting.has_changed():
            values["sighting"] = self.sighting.values()
        return TipDraft.from_mapping(values)

    def _find(self, pointer: str) -> tuple[Section | None, str]:
        head, *rest = pointer.strip("/").split("/")
        if head == "sighting":
            return self.sighting, rest[0] if rest else ""
        return super()._find(pointer)


def anchor_of(field: BoundField) -> str:
    """What a link in the summary leads to: for a group of choices, its first one."""
    return field.id_for_label or f"{field.auto_id}_0"


def rows_key(kind: Kind) -> str:
    return f"{kind.name}-rows"


def row_count(data: Mapping[str, Any] | None, kind: Kind) -> int:
    given = str(data.get(rows_key(kind), "")) if data else ""
    count = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1
    return min(max(count, 1), kind.limit)


def rearranged(data: QueryDict, act: str, kinds: Iterable[Kind]) -> QueryDict | None:
    """The same answers with a row more or less, if the button that was pressed says so."""
    names = {kind.name for kind in kinds}
    if (found := _ADD.fullmatch(act)) and found["kind"] in names:
        return with_another(data, found["kind"])
    if (found := _REMOVE.fullmatch(act)) and found["kind"] in names:
        return without_row(data, found["kind"], int(found["row"]))
    return None


def with_another(data: QueryDict, name: str) -> QueryDict:
    """The same answers and room for one more row."""
    kind = _BY_NAME[name]
    more = data.copy()
    more[rows_key(kind)] = str(min(row_count(data, kind) + 1, kind.limit))
    return more


def without_row(data: QueryDict, name: str, row: int) -> QueryDict:
    """The same answers without one row; the rows after it move up."""
    kind = _BY_NAME[name]
    fewer = QueryDict(mutable=True)
    for key in data:
        found = _ROW_KEY.fullmatch(key)
        if found and found["kind"] == name:
            at = int(found["row"])
            if at == row:
                continue
            key_now = f"{name}-{at - 1}-{found['field']}" if at > row else key
            fewer.setlist(key_now, data.getlist(key))
        else:
            fewer.setlist(key, data.getlist(key))
    fewer[rows_key(kind)] = str(max(row_count(data, kind) - 1, 1))
    return fewer
