"""What the desk host answers."""

from django.urls import include, path

from tipintake.door import health, metrics

handler400 = "tipintake.web.desk.errors.bad_request"
handler403 = "tipintake.web.desk.errors.forbidden"
handler404 = "tipintake.web.desk.errors.not_found"
handler500 = "tipintake.web.desk.errors.server_error"

urlpatterns = [
    *health.urlpatterns,
    *metrics.urlpatterns,
    path("api/v1/partner/", include("tipintake.api.partner.urls")),
    path("", include("reports.urls")),
    path("", include("tipintake.web.desk.urls")),
]
