from django.urls import path

from tipintake.web.site import region_map, views

app_name = "site"
urlpatterns = [
    path("safety/", views.safety, name="safety"),
    path("privacy/", views.privacy, name="privacy"),
    path("help/", views.help_first, name="help"),
    path("for/<slug:code>/", views.way, name="way"),
    path("after/", views.after, name="after"),
    path("done/", views.done, name="done"),
    path("map/areas.js", region_map.areas, name="areas"),
    path("exit/", views.leave, name="exit"),
    path("exit/dot/", views.dot, name="dot"),
]
