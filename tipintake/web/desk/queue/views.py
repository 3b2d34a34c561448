"""Saved views: those that everybody has, and those that somebody kept. With bounded counts.

A count stops at MOST: what matters is whether there is much to do, and millions are not walked
for a number. The counts of all views are one statement.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tipintake.directory.models import Line
from tipintake.staff.roles import May
from tipintake.staff.visible import lines_for
from tipintake.triage.assignment import people
from tipintake.triage.models import SavedView, Tag
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue import keepable
from tipintake.web.desk.queue.facets import Ground, Open
from tipintake.web.desk.queue.language import Asked
from tipintake.web.desk.queue.listing import found
from tipintake.web.desk.queue.questions import NOT_TO_BE_KEPT, understood
from tipintake.web.desk.statements import ME, Statement, put, written

MOST = 99
MOST_KEPT = 20
LONGEST_NAME = 40

# Code, name, what it asks; "" asks for all that is open.
BUILT_IN: tuple[tuple[str, str, str], ...] = (
    ("all", _("All open"), ""),
    ("urgent", _("Urgent"), "is:urgent"),
    ("due-soon", _("Due soon"), "is:due-soon"),
    ("mine", _("Mine"), "is:mine"),
    ("unassigned", _("Unassigned"), "is:unassigned"),
    ("answered", _("Answered by the writer"), "is:answered"),
    ("low-trust", _("Low trust"), "is:low-trust"),
    ("closed", _("Closed lately"), "is:closed-lately"),
)
OWN_STAFF_ONLY = frozenset({"mine", "unassigned", "answered"})


class CannotKeep(Exception):
    """The view was not kept; the sentence says why."""


@dataclass(frozen=True, slots=True)
class View:
    key: str  # a built-in code, or the number of a kept one
    name: str
    query: str
    owner: str = ""  # of a kept one
    shared: bool = False
    own: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around the rows: whose lines, which views, whom and what acts may name."""

    ground: Ground
    views: tuple[View, ...]
    people: tuple[str, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def built_in(self) -> tuple[View, ...]:
        return tuple(one for one in self.views if not one.owner)

    @property
    def kept(self) -> tuple[View, ...]:
        return tuple(one for one in self.views if one.owner)


@lru_cache(maxsize=64)
def _around(acts: frozenset[May]) -> Statement:
    lines = Line.objects.filter(lines_for(ME, acts)).values_list(
        Value("line"), "pk", "code", "name", Value(""), Value(0, IntegerField())
    )
    kept = SavedView.objects.filter(Q(owner=ME) | Q(shared=True)).values_list(
        Value("view"), "pk", "name", "query", "owner__username", Cast("shared", IntegerField())
    )
    colleagues = people().values_list(
        Value("person"), "pk", "username", Value(""), Value(""), Value(0, IntegerField())
    )
    words = Tag.objects.filter(active=True).values_list(
        Value("tag"), "pk", "code", "label", Value(""), Value(0, IntegerField())
    )
    return Statement.of(lines.union(kept, colleagues.order_by(), words.order_by(), all=True))


def surroundings(desk: Desk) -> Surroundings:
    """Visible lines, kept views, colleagues and tags, in one statement."""
    rows = list(_around(desk.acts).ask(desk))
    own_lines = {code: (key, name) for what, key, code, name, *_ in rows if what == "line"}
    sees_all = desk.may(May.SEE_ALL_LINES)
    ground = Ground(desk.user, desk.now, own_lines, sees_all, own_staff=desk.is_own_staff)
    views = [
        View(code, gettext(name), query)
        for code, name, query in BUILT_IN
        if desk.is_own_staff or code not in OWN_STAFF_ONLY
    ]
    views += sorted(
        (
            View(str(key), name, query, owner, bool(shared), owner == desk.user.username)
            for what, key, name, query, owner, shared in rows
            if what == "view" and (desk.is_own_staff or owner == desk.user.username)
        ),
        key=lambda one: (not one.own, one.name.casefold()),
    )
    if not desk.is_own_staff:
        return Surroundings(ground, tuple(views))
    return Surroundings(
        ground,
        tuple(views),
        people=tuple(sorted(name for what, _key, name, *_ in rows if what == "person")),
        tags=tuple(sorted((code, label) for what, _key, code, label, *_ in rows if what == "tag")),
    )


def counts(ground: Ground, views: Iterable[View]) -> Mapping[str, str]:
    """How many each view shows, as it is said: "7", "99+", or nothing for a view that broke."""
    asked = {view.key: understood(view.query, ground) for view in views}
    good = {key: one for key, one in asked.items() if not one.problems}
    if not good:
        return {}
    with connection.cursor() as cursor:
        sql, values = _counting(ground.open, tuple(good.values()), MOST)
        cursor.execute(sql, put(values, ground))
        numbers = cursor.fetchone()
    said = zip(good, numbers, strict=True)
    return {key: f"{MOST}+" if number > MOST else str(number) for key, number in said}


@lru_cache(maxsize=256)
def _counting(kept: Open, views: tuple[Asked, ...], most: int) -> tuple[str, tuple[Any, ...]]:
    parts: list[str] = []
    values: list[Any] = []
    for asked in views:
        # In their order: so the index is walked, and not the table.
        rows = found(kept.ground, asked, probe=False).beyond(None).values(one=F("pk"))
        sql, given = written(rows[: most + 1])
        parts.append(f"(SELECT COUNT(v.one) FROM ({sql}) v)")  # noqa: S608 made by Django
        values += given
    return f"SELECT {', '.join(parts)}", tuple(values)


def keep(desk: Desk, ground: Ground, *, name: str, query: str, shared: bool) -> SavedView:
    """Keep what is asked under a name. It may hold no evidence: a purge would not reach it."""
    name = " ".join(name.split())
    asked = understood(query, ground)
    if not name or len(name) > LONGEST_NAME:
        raise CannotKeep(
            gettext("Give the view a name of at most {longest_name} letters.").format(
                longest_name=LONGEST_NAME
            )
        )
    if asked.problems or not asked.words:
        raise CannotKeep(gettext("Ask something first: a view without a question is “All open”."))
    if keepable.looks_like_evidence(name):
        raise CannotKeep(gettext(keepable.NAME_HOLDS_EVIDENCE))
    if NOT_TO_BE_KEPT.intersection(word.key for word in asked.words):
        raise CannotKeep(
            gettext(
                "A view that is kept may hold no plate, name, street or tip number: they are "
                "purged "
                "with their tips. Leave them out, and type them when you need them."
            )
        )
    if unknown := keepable.unknown_words(asked):
        raise CannotKeep(gettext(keepable.ONLY_KNOWN).format(words=", ".join(unknown)))
    if SavedView.objects.filter(owner=desk.user).exclude(name=name).count() >= MOST_KEPT:
        raise CannotKeep(
            gettext("You have {most_kept} views. Take one away first.").format(most_kept=MOST_KEPT)
        )
    if shared and not desk.may(May.SHARE_VIEWS):
        raise CannotKeep(gettext("Your role keeps views for itself only."))
    view, _created = SavedView.objects.update_or_create(
        owner=desk.user, name=name, defaults={"query": str(asked), "shared": shared}
    )
    return view
