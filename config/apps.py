from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The installation itself: `manage.py up` lives here, above everything it starts."""

    name = "config"
