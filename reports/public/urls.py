from django.urls import path

from reports.public import numbers

app_name = "numbers"
urlpatterns = [
    path("numbers/", numbers.page, name="page"),
    path("numbers/tips.csv", numbers.table, name="table"),
]
