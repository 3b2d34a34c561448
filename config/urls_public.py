"""What the public host answers. The addresses stand in tipintake/urls.py."""

from tipintake.urls import public

urlpatterns = public

handler400 = "tipintake.door.failures.bad_request"
handler403 = "tipintake.door.failures.forbidden"
handler404 = "tipintake.door.failures.not_found"
handler500 = "tipintake.door.failures.server_error"
