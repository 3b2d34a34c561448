"""What the public host answers. The addresses stand in tipintake/urls.py and reports/public."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from tipintake.urls import public

urlpatterns = [
    *public,
    *i18n_patterns(path("", include("reports.public.urls")), prefix_default_language=False),
]

handler400 = "tipintake.door.failures.bad_request"
handler403 = "tipintake.door.failures.forbidden"
handler404 = "tipintake.door.failures.not_found"
handler500 = "tipintake.door.failures.server_error"
