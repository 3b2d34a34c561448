from django.urls import path

from tipintake.web.report import views
from tipintake.web.site.views import start

app_name = "report"
urlpatterns = [
    path("", start, name="start"),
    path("r/all/", views.one_page, name="one-page"),
]
