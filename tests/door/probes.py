"""Views that tell what reached them, and views that misbehave."""

import logging

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from tipintake.door.headers import allow_scripts

log = logging.getLogger("somebody.elses")


def everything(request: HttpRequest) -> HttpResponse:
    """Whatever a view could read of the request."""
    seen = [
        repr(sorted(request.META.items(), key=lambda item: item[0])),
        repr(dict(request.headers)),
        repr(request.COOKIES),
        repr(request.GET),
        request.get_full_path(),
        request.build_absolute_uri(),
        repr(getattr(request, "environ", {})),
    ]
    return JsonResponse({"seen": seen})


def body(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"length": len(request.body), "posted": dict(request.POST)})


def secure(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"secure": request.is_secure()})


def cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("ok")
    response.set_cookie("tracker", "canary-cookie")
    return response


def raw_cookie(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={"Set-Cookie": "tracker=canary-cookie"})


def broken(request: HttpRequest) -> HttpResponse:
    narrative = request.body.decode() + "canary-local"
    log.error("cannot take %s of %s", narrative, request.path)
    raise ValueError(narrative)


def denied(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("canary-denied")


def suspicious(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("canary-suspicious")


def scripted(_request: HttpRequest) -> HttpResponse:
    return allow_scripts(HttpResponse("ok"))


def talkative(_request: HttpRequest) -> HttpResponse:
    headers = {"Cache-Control": "public", "Access-Control-Allow-Origin": "*", "Server": "x"}
    return HttpResponse("ok", headers=headers)


urlpatterns = [
    path(name, view)
    for name, view in {
        "everything": everything,
        "api/everything": everything,
        "body": body,
        "secure": secure,
        "cookie": cookie,
        "raw-cookie": raw_cookie,
        "broken": broken,
        "api/broken": broken,
        "denied": denied,
        "suspicious": suspicious,
        "scripted": scripted,
        "talkative": talkative,
    }.items()
]

handler400 = "tipintake.door.failures.bad_request"
handler403 = "tipintake.door.failures.forbidden"
handler404 = "tipintake.door.failures.not_found"
handler500 = "tipintake.door.failures.server_error"
