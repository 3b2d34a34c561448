from django.apps import AppConfig


class TipIntakeConfig(AppConfig):
    name = "tipintake"
    verbose_name = "Tip intake"
