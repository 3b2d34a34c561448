"""What the public host answers: the form in each language, the API, and whether it is well."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from tipintake.door import health

urlpatterns: list[URLPattern | URLResolver] = [
    *health.urlpatterns,
    path("api/v1/", include("tipintake.api.urls")),
    *i18n_patterns(
        path("", include("tipintake.web.report.urls")),
        path("", include("tipintake.web.status.urls")),
        path("", include("tipintake.web.site.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "tipintake.door.failures.bad_request"
handler403 = "tipintake.door.failures.forbidden"
handler404 = "tipintake.door.failures.not_found"
handler500 = "tipintake.door.failures.server_error"
