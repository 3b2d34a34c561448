"""The P1 banner by itself, for pages that stay open. To ask for it is not to be present."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tipintake.web.desk.page import Desk, banner_of, staff_only


@require_safe
@staff_only()
def alarm(request: HttpRequest, desk: Desk) -> HttpResponse:
    return render(request, "desk/banner.html", {"banner": banner_of(desk)})
