"""Searching: what stands in clear at once, sealed words step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.lookup import name_of_area
from tipintake.privacy import keys
from tipintake.routing.models import Decision
from tipintake.staff.roles import May
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Tip
from tipintake.tips.plate_patterns import PlatePattern
from tipintake.triage import sealed_words
from tipintake.triage import search as searches
from tipintake.triage.sealed_words import Found, Reason, Words
from tipintake.triage.search import Asked, Position, Searcher
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, render, staff_only
from tipintake.web.desk.search_form import SearchForm

NOTHING_ASKED = gettext_noop("Fill in at least one field.")
SAY_WHY = gettext_noop("Say why the words must be opened.")
WORDS_TOO_SHORT = gettext_noop(
    "Write at least one word of {letters} letters; a stretch may stand in quotation marks."
)
STALE = gettext_noop("This search was begun too long ago, or by somebody else. Begin it again.")
SALT = "desk.search.words"
LASTS = 3600  # seconds in which a begun search may be gone on with


@dataclass(frozen=True, slots=True)
class Row:
    """One tip that was found."""

    reference: str
    priority: str
    status: str
    came: str
    category: str
    place: str
    plates: tuple[str, ...]
    signs: int
    worst_sign: str


@require_safe
@staff_only(May.READ_TIPS, May.SEARCH)
def search(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form; with something in it, the page of tips that are so."""
    form = SearchForm(request.GET or None, desk=desk)
    position = Position.parse(request.GET.get("after", ""))
    context: dict[str, Any] = {"form": form, "asked_for": False}
    asked = _asked(form, desk) if form.is_bound else None
    if asked is not None:
        searcher = Searcher(desk.user, desk.acts)
        tips, more = searches.page(
            asked, searcher, position=position, now=desk.now, columns={"area": _where_placed()}
        )
        facets = _facets(form)
        context |= {
            "asked_for": True,
            "rows": _rows(tips, desk),
            "chosen": _chosen(form),
            "whole_plate": asked.plate and PlatePattern.parse(asked.plate).is_whole,
            "continued": position is not None,
            "first": f"{reverse('desk:search')}?{facets}",
            "more": _address(facets, more) if more else "",
            "facets": facets,
            "reasons": Reason.choices if desk.may(May.SEARCH_WORDS) else [],
            "most_read": sealed_words.MOST_READ,
        }
    status = 422 if form.is_bound and asked is None else 200
    return render(request, desk, "desk/search.html", context, status=status)


@require_POST
@staff_only(May.READ_TIPS, May.SEARCH, May.SEARCH_WORDS)
def words(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Begin a search in sealed words, or go on with one: a bounded step for each request."""
    state = (
        State.read(request.POST["state"], desk)
        if "state" in request.POST
        else _begun(request.POST, desk)
    )
    if isinstance(state, str):
        return _words_problem(request, desk, state)
    asked = _asked(SearchForm(QueryDict(state.facets), desk=desk), desk)
    if asked is None:
        return _words_problem(request, desk, _(STALE))
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    except keys.KeyMissing as problem:
        return _words_problem(request, desk, str(problem))
    searcher = Searcher(desk.user, desk.acts)
    looked_for = Words.parse(state.words)
    earlier = sealed_words.excerpts(
        state.found, searcher, looked_for, private=private, now=desk.now
    )
    step = sealed_words.read_words(
        asked,
        searcher,
        looked_for,
        Reason(state.reason),
        private=private,
        position=Position.parse(state.after),
        most=min(sealed_words.STEP, sealed_words.MOST_READ - state.opened),
        now=desk.now,
    )
    found = [*earlier, *step.found]
    state = replace(
        state,
        opened=state.opened + step.opened,
        unreadable=state.unreadable + step.unreadable,
        found=tuple(one.tip.reference for one in found),
        after=str(step.position) if step.position else "",
    )
    return _words_page(request, desk, state, found)


# --- What is in clear ------------------------------------------------------------------------


def _asked(form: SearchForm, desk: Desk) -> Asked | None:
    """What the form asks for; None when it cannot be searched, which the form then says."""
    if not form.is_valid():
        return None
    asked = form.asked()
    if not asked.given():
        form.add_error(None, _(NOTHING_ASKED))
        return None
    found = searches.problems(asked, Searcher(desk.user, desk.acts))
    for one in found:
        form.add_error(one.field if one.field in form.fields else None, one.sentence)
    return None if found else asked


def _facets(form: SearchForm) -> str:
    """What was asked for, as it stands in the address."""
    given = {name: value for name, value in form.cleaned_data.items() if value}
    return urlencode(given, doseq=True)


def _address(facets: str, position: Position) -> str:
    return f"{reverse('desk:search')}?{facets}&{urlencode({'after': str(position)})}"


def _chosen(form: SearchForm) -> list[tuple[str, str]]:
    """(label, value) of everything that was asked for, in words."""
    said = []
    for name, value in form.cleaned_data.items():
        if not value:
            continue
        field = form.fields[name]
        labels = {str(code): str(label) for code, label in getattr(field, "choices", ())}
        values = value if isinstance(value, list) else [value]
        said.append((_(str(field.label)), ", ".join(labels.get(str(v), str(v)) for v in values)))
    return said


def _where_placed() -> Subquery:
    """The jurisdiction that was found first, for a tip that names no place."""
    decisions = Decision.objects.filter(tip=OuterRef("pk")).exclude(jurisdiction="")
    return Subquery(decisions.order_by("decided_at", "pk").values("jurisdiction")[:1])


def _rows(tips: Sequence[Tip], desk: Desk) -> list[Row]:
    return [
        Row(
            reference=tip.reference,
            priority=tip.priority,
            status=_(tip.get_status_display()),
            came=moment(tip.submitted_hour, desk.now),
            category=wording.category(tip),
            place=_place(tip),
            plates=tuple(filter(None, (wording.plate(one) for one in tip.vehicles.all()))),
            signs=len(tip.indicators),
            worst_sign=wording.worst_severity(tip.indicators, INDICATORS),
        )
        for tip in tips
    ]


def _place(tip: Tip) -> str:
    said = (wording.place_words(place) for place in tip.locations.all())
    area = getattr(tip, "area", None)
    return next(filter(None, said), "") or (name_of_area(area) if area else "")


# --- Sealed words ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """How far a search in words has come. The page carries it, signed; nothing else keeps it."""

    facets: str
    words: str
    reason: str
    of: int
    opened: int = 0
    unreadable: int = 0
    found: tuple[str, ...] = ()
    after: str = ""

    @classmethod
    def read(cls, token: str, desk: Desk) -> Self | str:
        try:
            values = signing.loads(token, salt=SALT, max_age=LASTS)
        except signing.BadSignature:
            return _(STALE)
        if values.pop("by") != desk.user.pk:
            return _(STALE)
        return cls(**{**values, "found": tuple(values["found"])})

    def signed(self, desk: Desk) -> str:
        values = {name: getattr(self, name) for name in self.__slots__}
        return signing.dumps({**values, "by": desk.user.pk}, salt=SALT, compress=True)

    @property
    def is_over(self) -> bool:
        return not self.after or self.is_capped or self.is_full

    @property
    def is_capped(self) -> bool:
        return bool(self.after) and self.opened >= sealed_words.MOST_READ

    @property
    def is_full(self) -> bool:
        return len(self.found) >= sealed_words.MOST_FOUND


def _begun(given: Mapping[str, str], desk: Desk) -> State | str:
    """A new search in words, recorded; or the sentence that says what is missing."""
    facets, typed = given.get("facets", ""), given.get("words", "")[:200]
    asked = _asked(SearchForm(QueryDict(facets), desk=desk), desk)
    if asked is None:
        return _(NOTHING_ASKED)
    if given.get("reason", "") not in Reason.values:
        return _(SAY_WHY)
    if not Words.parse(typed).are_enough:
        return _(WORDS_TOO_SHORT).format(letters=sealed_words.SHORTEST_WORDS)
    reason = Reason(given["reason"])
    searcher = Searcher(desk.user, desk.acts)
    count = sealed_words.begin_words(asked, searcher, typed, reason, now=desk.now)
    return State(facets=facets, words=typed, reason=reason.value, of=count)


def _words_problem(request: HttpRequest, desk: Desk, sentence: str) -> HttpResponse:
    """Nothing was opened; what was typed is still there."""
    facets = request.POST.get("facets", "")
    context = {
        "problem": sentence,
        "facets": facets,
        "typed": request.POST.get("words", ""),
        "reason": request.POST.get("reason", ""),
        "reasons": Reason.choices,
        "most_read": sealed_words.MOST_READ,
        "back": f"{reverse('desk:search')}?{facets}" if facets else reverse("desk:search"),
    }
    return render(request, desk, "desk/search_words.html", context, status=422)


def _words_page(
    request: HttpRequest, desk: Desk, state: State, found: list[Found]
) -> HttpResponse:
    rows = _rows([one.tip for one in found], desk)
    context = {
        "state": state,
        "token": "" if state.is_over else state.signed(desk),
        "found": [
            (row, wording.marked(one.excerpt)) for row, one in zip(rows, found, strict=True)
        ],
        "reason": Reason(state.reason).label,
        "chosen": _chosen_of(state, desk),
        "most_read": sealed_words.MOST_READ,
        "most_found": sealed_words.MOST_FOUND,
        "back": f"{reverse('desk:search')}?{state.facets}",
    }
    return render(request, desk, "desk/search_words.html", context)


def _chosen_of(state: State, desk: Desk) -> list[tuple[str, str]]:
    form = SearchForm(QueryDict(state.facets), desk=desk)
    return _chosen(form) if form.is_valid() else []
