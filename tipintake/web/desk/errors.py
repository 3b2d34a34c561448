"""What the desk shows when a page cannot be shown."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from tipintake.door import failures, problem

API = failures.API_PREFIX


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return failures.not_found(request, exception)
    return _page(
        request,
        "There is nothing at this address",
        "Check its spelling, or look for the tip by its number.",
        status=404,
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token does not fit: an old page, or one from elsewhere. Nothing was done."""
    if request.path_info.startswith(API):
        return problem.response(problem.FORBIDDEN, "Send this without cookies.")
    return _page(
        request,
        "This page was open for too long",
        "Nothing was done. Go back, load the page again and repeat it.",
        status=403,
    )


def _page(request: HttpRequest, title: str, advice: str, *, status: int) -> HttpResponse:
    with translation.override("en"):
        context = {"title": title, "advice": advice}
        return render(request, "desk/error.html", context, status=status)
