"""The public page of numbers, and the same as CSV. No cookie, nothing of a tip, kept an hour."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from reports.public import drawing
from reports.public.years import Year, lines, years
from tipintake.web.site.answer import READS, answers
from tipintake.web.site.answer import page as render


@answers(*READS)
def page(request: HttpRequest) -> HttpResponse:
    shown = years()
    context = {
        "years": shown,
        "drawing": drawing.quarters(shown) if shown else "",
        "table": reverse("numbers:table"),
    }
    return render(request, "numbers/page.html", context)


@answers(*READS)
def table(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """One line for each count. An empty one is hidden."""
    answer = HttpResponse(_csv(years()), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="numbers.csv"'
    return answer


def _csv(shown: Sequence[Year]) -> str:
    return "".join(f"{line}\r\n" for line in lines(shown))
