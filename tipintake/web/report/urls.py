from django.urls import path

from tipintake.web.report import one_page, stepped
from tipintake.web.site.views import start

app_name = "report"
urlpatterns = [
    path("", start, name="start"),
    path("r/all/", one_page.one_page, name="one-page"),
    path("r/check/", stepped.check, name="check"),
    path("r/as/<slug:code>/", stepped.by_way, name="by-way"),
    path("r/<int:number>/", stepped.step, name="step"),
]
