"""What each word of the queue's box means: its values, and the condition on the rows.

FACETS is the table. A facet that an index answers by itself also `narrows`: it gives the tips that
fit, and when they are few the page is made from them alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Upper
from django.db.models.lookups import Exact
from django.utils.translation import gettext as say
from django.utils.translation import gettext_noop as _

from tipintake.delivery.models import OPEN_STATES, WAITING_RANKS, HandOff
from tipintake.staff.models import User
from tipintake.tips import terms
from tipintake.tips.models import (
    Attachment,
    OnlineLead,
    PersonDescribed,
    Place,
    SearchTerm,
    Tip,
    Vehicle,
)
from tipintake.tips.plate_patterns import PlatePattern
from tipintake.tips.retention import today
from tipintake.tips.vocabulary import Category, Priority, Status
from tipintake.triage.dialog import unread_answers
from tipintake.triage.models import Note, Seen, TipTag
from tipintake.web.desk.queue import language
from tipintake.web.desk.queue.language import QUOTED, closest
from tipintake.web.desk.statements import Given

SOON = timedelta(hours=1)
LATELY = timedelta(days=7)
LOW_TRUST = (11, 13, 21, 23, 31, 33, 41, 43)
URGENT_UP_TO = 21
NOBODY, ME = "nobody", "me"
# Words of the box, and values of `is:` and `has:`.
OF_THE_HOUSE = frozenset(
    {"assigned", "mine", "unassigned", "answered", "tag", "note", "duplicate"}
)

CATEGORIES: Mapping[str, str] = {one.value.lower().replace("_", "-"): one for one in Category}
PRIORITIES: Mapping[str, tuple[int, int]] = {
    one.value.lower(): (10 * at, 10 * at + 9) for at, one in enumerate(Priority, start=1)
}
STATUSES = {one.value.lower(): one for one in Status if one != Status.CLOSED}


@dataclass(frozen=True, slots=True)
class Ground:
    """Who asks, what they may see, and among which rows: in hand, or closed tips.

    Without a user and a moment for a statement that is kept (statements.py): conditions take them
    from `me`, `at` and `day`, which leave them open then.
    """

    user: User | None
    now: datetime | None
    lines: Mapping[str, tuple[int, str]]  # code -> (key, name), the visible ones
    sees_all: bool
    own_staff: bool = True
    closed: bool = False

    @property
    def me(self) -> int | Given:
        return Given(_key, BigIntegerField()) if self.user is None else self.user.pk

    def at(self, span: timedelta = timedelta()) -> datetime | Given:
        """So long after now."""
        if self.now is None:
            return Given(lambda asking: asking.now + span, DateTimeField())
        return self.now + span

    def day(self, span: timedelta) -> date | Given:
        """The day of that moment on a wall clock in St. Louis, as tips are closed."""
        if self.now is None:
            return Given(lambda asking: today(asking.now) + span, DateField())
        return today(self.now) + span

    @property
    def open(self) -> "Open":
        """All of it but who asks and when."""
        return Open(tuple(sorted(self.lines.items())), self.sees_all, self.own_staff, self.closed)

    @property
    def tip(self) -> str:
        """Where a tip's column stands, seen from a row."""
        return "" if self.closed else "tip__"

    @property
    def tip_key(self) -> str:
        return "pk" if self.closed else "tip_id"

    def on_tip(self, **conditions: object) -> Q:
        return Q(**{f"{self.tip}{name}": value for name, value in conditions.items()})

    def has(self, rows: QuerySet[Any]) -> Q:
        """The tip has one of these rows."""
        return Q(Exists(rows.filter(tip=OuterRef(self.tip_key))))

    def has_one(self, rows: QuerySet[Any]) -> Q:
        """The same for one of several conditions: asked tip by tip. PostgreSQL would read every
        such row there is, to ask for a few."""
        first = rows.filter(tip=OuterRef(self.tip_key)).order_by().values(found=Value(True))[:1]
        return Q(Coalesce(Subquery(first), False, output_field=BooleanField()))

    def in_hand(self, **conditions: object) -> Q:
        """On the row itself; a closed tip is in nobody's hand."""
        return Q(pk__in=[]) if self.closed else Q(**conditions)


def _key(asking: Ground) -> int:
    return asking.user.pk if asking.user is not None else 0


class Open(NamedTuple):
    """A ground that can be kept with a statement."""

    lines: tuple[tuple[str, tuple[int, str]], ...]
    sees_all: bool
    own_staff: bool
    closed: bool

    @property
    def ground(self) -> Ground:
        return Ground(None, None, dict(self.lines), *self[1:])


Condition = Callable[[Ground, tuple[str, ...]], Q]
Narrowed = Callable[[Ground, tuple[str, ...]], QuerySet[Any, Any]]
Problem = Callable[[Ground, str], str]


@dataclass(frozen=True, slots=True)
class Facet:
    says: str
    example: str
    condition: Condition
    values: Mapping[str, str] = field(default_factory=dict)  # word -> what it means
    problem: Problem | None = None
    narrows: Narrowed | None = None
    in_order: bool = False  # an index gives the tips of one value in the order of their keys

    def wrong(self, ground: Ground, value: str) -> str:
        if self.problem is not None:
            return self.problem(ground, value)
        if self.values and value.lower() not in self.values:
            near = closest(value, self.values)
            hint = (
                say("Did you mean “{near}”?").format(near=near)
                if near
                else say("Write {words}.").format(words=listed(self.values))
            )
            return say("“{value}” is not known here. {hint}").format(value=value, hint=hint)
        return ""


def listed(words: Iterable[str]) -> str:
    *most, last = words
    return say("{value} or {last}").format(value=", ".join(most), last=last) if most else last


# --- is: -------------------------------------------------------------------------------------


def _unread(ground: Ground) -> Q:
    read = Seen.objects.filter(
        user=ground.me,
        tip=OuterRef(ground.tip_key),
        version__gte=OuterRef(f"{ground.tip}version"),
    )
    return ~Q(Exists(read))


def _of_status(status: Status) -> Callable[[Ground], Q]:
    return lambda ground: ground.on_tip(status=status)


IS: Mapping[str, tuple[str, Callable[[Ground], Q]]] = {
    "open": ("in somebody's hand; what is shown when nothing is said", lambda _g: Q()),
    "closed": ("closed, the latest first", lambda _g: Q()),
    "closed-lately": (
        "closed within a week",
        lambda g: g.on_tip(closed_on__gte=g.day(-LATELY)),
    ),
    "waiting": ("no line has answered for it", lambda g: g.in_hand(state__in=OPEN_STATES)),
    "in-work": ("a line has acknowledged it", lambda g: g.in_hand(state="ACKNOWLEDGED")),
    "urgent": (
        "P1 or P2, and waiting",
        lambda g: g.in_hand(rank__lte=URGENT_UP_TO, state__in=OPEN_STATES),
    ),
    "overdue": (
        "its deadline has passed",
        lambda g: g.in_hand(rank__in=WAITING_RANKS, due_at__lt=g.at()),
    ),
    "due-soon": (
        "its deadline passes within the hour, or has passed",
        lambda g: g.in_hand(rank__in=WAITING_RANKS, due_at__lt=g.at(SOON)),
    ),
    "mine": ("assigned to you", lambda g: g.on_tip(assigned_to=g.me)),
    "unassigned": ("assigned to nobody", lambda g: g.on_tip(assigned_to__isnull=True)),
    "answered": (
        "the person who wrote added something new",
        lambda g: Q(**{f"{g.tip_key}__in": unread_answers().values("tip")}),
    ),
    "unread": ("changed since you read it, or never read by you", _unread),
    "low-trust": (
        "sent in a hurry or in numbers",
        lambda g: g.on_tip(low_trust=True) if g.closed else g.in_hand(rank__in=LOW_TRUST),
    ),
    "duplicate": (
        "closed as a duplicate",
        lambda g: g.on_tip(merged__isnull=False),
    ),
    **{
        word: (f"its status is {one.label.lower()}", _of_status(one))
        for word, one in STATUSES.items()
    },
}


def _is(ground: Ground, values: tuple[str, ...]) -> Q:
    return _any(IS[value.lower()][1](ground) for value in values)


def _any(conditions: Iterable[Q]) -> Q:
    first, *others = conditions
    for other in others:
        first = first | other
    return first


# --- The others ------------------------------------------------------------------------------


def _has(ground: Ground, values: tuple[str, ...]) -> Q:
    return _any(ground.has(HAS[value.lower()][1]()) for value in values)


HAS: Mapping[str, tuple[str, Callable[[], QuerySet[Any]]]] = {
    "picture": ("a picture or a page of a PDF", Attachment.objects.all),
    "plate": ("a plate, whole or in part", lambda: Vehicle.objects.exclude(plate_skeleton="")),
    "person": ("somebody described", PersonDescribed.objects.all),
    "online": ("a link, user name or advertised number", OnlineLead.objects.all),
    "note": ("a colleague's note", Note.objects.all),
    "tag": ("a tag", TipTag.objects.all),
}


def _upper(model: type[Model], column: str, value: str) -> QuerySet[Any]:
    found: QuerySet[Any] = model._default_manager.filter(Exact(Upper(F(column)), value.upper()))  # noqa: SLF001
    return found


def _has_term(condition: Callable[[str], Q]) -> Condition:
    """The tip is found by it (tips/terms.py)."""
    return lambda ground, values: ground.has_one(_terms(condition, values))


def _by_term(condition: Callable[[str], Q]) -> Narrowed:
    return lambda _ground, values: _terms(condition, values).values_list("tip")


def _terms(condition: Callable[[str], Q], values: tuple[str, ...]) -> QuerySet[SearchTerm]:
    return SearchTerm.objects.filter(_any(map(condition, values)))


def _like_plate(typed: str) -> Q:
    return PlatePattern.parse(typed).condition()


def _named(_ground: Ground, values: tuple[str, ...]) -> QuerySet[Any, Any]:
    rows = [
        _upper(Place, column, value).order_by().values_list("tip")
        for value in values
        for column in ("name", "street")
    ]
    return rows[0].union(*rows[1:], all=True)


def _words(ground: Ground, values: tuple[str, ...]) -> Q:
    return _any(
        ground.has_one(_upper(Place, column, value))
        for value in values
        for column in ("name", "street")
    )


def _line(ground: Ground, values: tuple[str, ...]) -> Q:
    keys = [ground.lines[line_code(ground, value)][0] for value in values]
    if not ground.closed:
        return Q(line__in=keys)
    return ground.has(HandOff.objects.filter(line__in=keys))


def line_code(ground: Ground, value: str) -> str:
    """The code of the one visible line that is meant; empty when none is, or several are."""
    wanted = value.casefold()
    if wanted in ground.lines:
        return wanted
    begins = [
        code
        for code, (_key, name) in ground.lines.items()
        if code.startswith(wanted) or name.casefold().startswith(wanted)
    ]
    return begins[0] if len(begins) == 1 else ""


def _line_problem(ground: Ground, value: str) -> str:
    if line_code(ground, value):
        return ""
    names = {name.casefold(): code for code, (_key, name) in ground.lines.items()}
    near = closest(value, [*ground.lines, *names])
    said = say("“{value}” is none of your lines, or more than one begins so.").format(value=value)
    if not near:
        return said
    hint = say("Did you mean “{near}”?").format(near=f"line:{names.get(near, near)}")
    return f"{said} {hint}"


def _category(ground: Ground, values: tuple[str, ...]) -> Q:
    return ground.on_tip(category__in=[CATEGORIES[value.lower()] for value in values])


def _priority(ground: Ground, values: tuple[str, ...]) -> Q:
    if ground.closed:
        return ground.on_tip(priority__in=[value.upper() for value in values])
    spans = [PRIORITIES[value.lower()] for value in values]
    return _any(Q(rank__gte=low, rank__lte=high) for low, high in spans)


def _closed(ground: Ground) -> Ground:
    return replace(ground, closed=True)


def _assigned(ground: Ground, values: tuple[str, ...]) -> Q:
    return _any(
        ground.on_tip(assigned_to__isnull=True)
        if value.lower() == NOBODY
        else ground.on_tip(assigned_to=ground.me)
        if value.lower() == ME
        else ground.on_tip(assigned_to__username=value)
        for value in values
    )


def _assigned_tips(ground: Ground, values: tuple[str, ...]) -> QuerySet[Any, Any]:
    return Tip.objects.filter(_assigned(_closed(ground), values)).values_list("pk")


def _tag(ground: Ground, values: tuple[str, ...]) -> Q:
    return ground.has(TipTag.objects.filter(tag__code__in=[one.lower() for one in values]))


def _tagged(_ground: Ground, values: tuple[str, ...]) -> QuerySet[Any, Any]:
    codes = [one.lower() for one in values]
    return TipTag.objects.filter(tag__code__in=codes).order_by().values_list("tip")


def _age(ground: Ground, values: tuple[str, ...]) -> Q:
    return _any(_of_age(ground, value) for value in values)


def _of_age(ground: Ground, value: str) -> Q:
    than, span = language.age(value) or (">", timedelta())
    then = ground.at(-span)
    return (
        ground.on_tip(submitted_hour__lt=then)
        if than == ">"
        else ground.on_tip(submitted_hour__gte=then)
    )


def _age_problem(_ground: Ground, value: str) -> str:
    if language.age(value):
        return ""
    return say(
        "“age:{value}” is no age. Write age:>2d, age:<3h or age:>1w (hours, days, weeks)."
    ).format(value=value)


def _plate_problem(_ground: Ground, value: str) -> str:
    if PlatePattern.parse(value).known:
        return ""
    return say(
        "“{value}” is no plate. Write letters and digits, ? for one not seen, * for several."
    ).format(value=value)


def _tip(ground: Ground, values: tuple[str, ...]) -> Q:
    return ground.on_tip(reference__in=values)


def _tips(_ground: Ground, values: tuple[str, ...]) -> QuerySet[Any, Any]:
    return Tip.objects.filter(reference__in=values).values_list("pk")


def _flood(ground: Ground, values: tuple[str, ...]) -> Q:
    return ground.on_tip(flood__in=[UUID(value) for value in values])


def _in_flood(ground: Ground, values: tuple[str, ...]) -> QuerySet[Any, Any]:
    return Tip.objects.filter(_flood(_closed(ground), values)).values_list("pk")


def _flood_problem(_ground: Ground, value: str) -> str:
    try:
        UUID(value)
    except ValueError:
        return say("“alike:” is written by the link of a row that stands for many, not by hand.")
    return ""


def _meanings(words: Mapping[str, tuple[str, Any]]) -> Mapping[str, str]:
    return {word: says for word, (says, _condition) in words.items()}


FACETS: Mapping[str, Facet] = {
    "is": Facet(
        _("state, and what is yours"),
        "is:urgent",
        _is,
        _meanings(IS),
    ),
    "city": Facet(
        _("where it is: as it was typed, or as its place was found"),
        "city:wentzville",
        _has_term(terms.in_city),
        narrows=_by_term(terms.in_city),
        in_order=True,
    ),
    "plate": Facet(
        _("? is one character not seen, * several"),
        "plate:AB?C12",
        _has_term(_like_plate),
        problem=_plate_problem,
        narrows=_by_term(_like_plate),
    ),
    "age": Facet(_("since it came: h, d or w"), "age:>2d", _age, problem=_age_problem),
    "line": Facet(_("in whose queue"), "line:wentzville", _line, problem=_line_problem),
    "priority": Facet(
        _("P1 to P4, several with commas"),
        "priority:P1,P2",
        _priority,
        {one.value.lower(): str(one.label) for one in Priority},
    ),
    "category": Facet(
        _("what it is about"),
        "category:labor-trafficking",
        _category,
        {word: str(Category(value).label) for word, value in CATEGORIES.items()},
    ),
    "assigned": Facet(
        _("me, nobody or an account"), "assigned:me", _assigned, narrows=_assigned_tips
    ),
    "has": Facet(_("what came with it"), "has:picture", _has, _meanings(HAS)),
    "tag": Facet(_("a word of your vocabulary"), "tag:hotel", _tag, narrows=_tagged),
    language.NUMBER: Facet(_("one tip, by its number"), "T-7Q2M-4KX9", _tip, narrows=_tips),
    QUOTED: Facet(
        _("the whole name of a place or street"), '"Sunset Inn"', _words, narrows=_named
    ),
    "alike": Facet(
        _("tips alike within a day"), "", _flood, problem=_flood_problem, narrows=_in_flood
    ),
}
