from django.urls import path

from tipintake.web.status import views

app_name = "status"
urlpatterns = [path("back/", views.come_back, name="come-back")]
