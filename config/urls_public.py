"""What the public host answers: the form, the API, and whether it is well."""

from django.urls import URLPattern, URLResolver, include, path

from tipintake.door import health

urlpatterns: list[URLPattern | URLResolver] = [
    *health.urlpatterns,
    path("api/v1/", include("tipintake.api.urls")),
]

handler400 = "tipintake.door.failures.bad_request"
handler403 = "tipintake.door.failures.forbidden"
handler404 = "tipintake.door.failures.not_found"
handler500 = "tipintake.door.failures.server_error"
