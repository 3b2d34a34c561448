"""The index of addresses on the public host: the form in each language, the API, health."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from tipintake.door import health

public: list[URLPattern | URLResolver] = [
    *health.urlpatterns,
    path("api/v1/", include("tipintake.api.urls")),
    *i18n_patterns(
        path("", include("tipintake.web.report.urls")),
        path("", include("tipintake.web.status.urls")),
        path("", include("tipintake.web.site.urls")),
        prefix_default_language=False,
    ),
]
