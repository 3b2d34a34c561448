"""Coming back with the code: it travels in the body of a POST, never in an address."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.door import origin
from tipintake.door.status import StatusLine, status_of
from tipintake.privacy import receipts
from tipintake.web.site.answer import READS_AND_TAKES, answers, page
from tipintake.web.site.numbers import Way, ways

TYPO = _("There is a typing mistake in this code")
TYPO_ADVICE = _("Compare each letter and number with what you saved, and try again.")
UNKNOWN = _("We have nothing under this code")
UNKNOWN_ADVICE = _(
    "The code is well written, but nothing is kept under it. Tips are destroyed after a time, "
    "and then nothing is left of them here. You can check the code, or send a new tip."
)
FOREIGN = _("This came from another website's page")
FOREIGN_ADVICE = _("Your code was not used. If you want to see your tip, press Show here.")


@dataclass(frozen=True, slots=True)
class ShownLine:
    status: StatusLine
    ways: list[Way]


@answers(*READS_AND_TAKES)
def come_back(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request, "status/code.html")
    typed = request.POST.get("code", "")
    if origin.is_foreign(request):
        return _ask_again(request, typed, FOREIGN, FOREIGN_ADVICE, status=403)
    try:
        code = receipts.parse(typed)
    except receipts.ReceiptTypo:
        return _ask_again(request, typed, TYPO, TYPO_ADVICE, status=422)
    status = status_of(code)
    if status is None:
        return _ask_again(request, typed, UNKNOWN, UNKNOWN_ADVICE, status=404)
    lines = [ShownLine(line, ways(line.number)) for line in status.lines]
    return page(request, "status/shown.html", {"status": status, "lines": lines})


def _ask_again(
    request: HttpRequest,
    typed: str,
    problem: str | Promise,
    advice: str | Promise,
    *,
    status: int,
) -> HttpResponse:
    context = {"typed": typed[:100], "problem": problem, "advice": advice}
    return page(request, "status/code.html", context, status=status)
