"""When it was seen: asked in days and times of the clock, told again in words."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tipintake.tips.draft import SightingDraft
from tipintake.tips.models import Sighting
from tipintake.tips.vocabulary import SightingKind
from tipintake.web.report.fields import CHICAGO, ClockField, DayField, moment
from tipintake.web.report.forms import Section, label_of

WEEKDAYS = (
    ("MO", _("Monday")),
    ("TU", _("Tuesday")),
    ("WE", _("Wednesday")),
    ("TH", _("Thursday")),
    ("FR", _("Friday")),
    ("SA", _("Saturday")),
    ("SU", _("Sunday")),
)
LAST_MINUTE = time(23, 59)
WEEKLY = "FREQ=WEEKLY;BYDAY="
DAILY = "FREQ=DAILY"


class SightingForm(Section):
    start_date = DayField(label=_("Day"))
    start_time = ClockField(label=_("Time"))
    end_date = DayField(label=_("Until day"))
    end_time = ClockField(label=_("Until time"))
    weekdays = forms.MultipleChoiceField(
        label=_("On which days?"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    local_start = ClockField(label=label_of(Sighting, "local_start"))
    local_end = ClockField(
        label=_("Until about"), help_text=_("After midnight is fine, like 2:00 AM.")
    )
    stands_for = {
        "start": "start_date",
        "end": "end_date",
        "rrule": "weekdays",
        "duration_minutes": "local_end",
    }

    class Meta:
        model = Sighting
        fields = ["kind", "approx_minutes", "local_start", "times_seen"]
        widgets = {
            "kind": forms.RadioSelect,
            "approx_minutes": forms.TextInput(attrs={"inputmode": "numeric"}),
            "times_seen": forms.RadioSelect,
        }

    def clean(self) -> dict[str, Any]:
        """An end alone is no stretch of time, and would be lost."""
        given = super().clean() or self.cleaned_data
        is_again = given.get("kind", "") in {"", SightingKind.RECURRING}
        if is_again and given.get("local_end") and not given.get("local_start"):
            self.add_error("local_start", gettext("From about what time of day? A guess helps."))
        return given

    def values(self) -> dict[str, Any]:
        """The draft's sighting. A day without a time is that whole day, not midnight."""
        kind = SightingKind(self.cleaned_data.get("kind") or SightingKind.UNKNOWN)
        if kind is SightingKind.UNKNOWN:
            kind = self._kind_of_what_was_typed()
        values: dict[str, Any] = {
            "kind": kind.value,
            "times_seen": self.cleaned_data.get("times_seen"),
        }
        if kind is SightingKind.RECURRING:
            return values | self._again_and_again()
        if kind is SightingKind.UNKNOWN:
            return values
        return values | self._at_a_time(kind)

    def blame(self, field: str, message: str) -> None:
        """The draft asks for a moment; the form asks for a day."""
        if field == "start" and not self.cleaned_data.get("start_date"):
            message = gettext("Give the day. If you do not know it, choose “I do not know”.")
        super().blame(field, message)

    def _kind_of_what_was_typed(self) -> SightingKind:
        given = self.cleaned_data
        if given.get("weekdays") or given.get("local_start"):
            return SightingKind.RECURRING
        if given.get("start_date") is None:
            return SightingKind.UNKNOWN
        if given.get("end_date") or given.get("end_time"):
            return SightingKind.RANGE
        return SightingKind.APPROX if given.get("approx_minutes") else SightingKind.INSTANT

    def _again_and_again(self) -> dict[str, Any]:
        given = self.cleaned_data
        days, start, end = (
            given.get("weekdays", []),
            given.get("local_start"),
            given.get("local_end"),
        )
        return {
            "rrule": _rule_on(days),
            "local_start": start,
            "duration_minutes": minutes_between(start, end) if start and end else None,
        }

    def _at_a_time(self, kind: SightingKind) -> dict[str, Any]:
        given = self.cleaned_data
        day, clock = given.get("start_date"), given.get("start_time")
        if day is None:
            return {}
        if kind is SightingKind.RANGE:
            return {"start": moment(day, clock or time.min), "end": self._until(day, clock)}
        if clock is None:
            whole_day = {"start": moment(day, time.min), "end": moment(day, LAST_MINUTE)}
            return {"kind": SightingKind.RANGE.value, **whole_day}
        minutes = given.get("approx_minutes") if kind is SightingKind.APPROX else None
        return {"start": moment(day, clock), "approx_minutes": minutes}

    def _until(self, day: date, clock: time | None) -> datetime | None:
        last, end = self.cleaned_data.get("end_date"), self.cleaned_data.get("end_time")
        if last is None and end is None:
            return moment(day, LAST_MINUTE) if clock is None else None
        if last is None and clock is not None and end is not None and end < clock:
            last = day + timedelta(days=1)  # "10 PM until 2 AM" ends on the next day
        return moment(last or day, end or LAST_MINUTE)


def _rule_on(days: list[str]) -> str:
    if len(days) == len(WEEKDAYS):
        return DAILY
    return WEEKLY + ",".join(days) if days else ""


def minutes_between(start: time, end: time) -> int:
    """Until the clock next shows `end`; the same time is a whole day."""
    span = (end.hour - start.hour) * 60 + end.minute - start.minute
    return span % (24 * 60) or 24 * 60


def in_words(sighting: SightingDraft) -> str:
    if sighting.kind == SightingKind.RECURRING:
        return _recurring_in_words(sighting)
    if sighting.start is None:
        return ""
    start = in_words_of(sighting.start)
    if sighting.end is not None:
        return gettext("%(start)s until %(end)s") % {
            "start": start,
            "end": in_words_of(sighting.end),
        }
    if sighting.approx_minutes:
        return gettext("About %(start)s, give or take %(minutes)s minutes") % {
            "start": start,
            "minutes": sighting.approx_minutes,
        }
    return start


def _recurring_in_words(sighting: SightingDraft) -> str:
    names = dict(WEEKDAYS)
    codes = sighting.rrule.removeprefix(WEEKLY).split(",")
    on = ", ".join(str(names[code]) for code in codes if code in names)
    days = gettext("Every day") if sighting.rrule == DAILY else on
    parts = [days or gettext("Again and again")]
    if sighting.local_start is not None:
        parts.append(
            gettext("from about %(time)s") % {"time": time_format(sighting.local_start, "g:i A")}
        )
    if sighting.local_start is not None and sighting.duration_minutes:
        end = datetime.combine(date.min, sighting.local_start) + timedelta(
            minutes=sighting.duration_minutes
        )
        parts.append(gettext("until about %(time)s") % {"time": time_format(end.time(), "g:i A")})
    return " ".join(part for part in parts if part)


def in_words_of(moment_: datetime) -> str:
    local = moment_.astimezone(CHICAGO)
    return gettext("%(day)s, %(time)s") % {
        "day": date_format(local, gettext("l, F j, Y")),
        "time": time_format(local.time(), "g:i A"),
    }
