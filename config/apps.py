from django.apps import AppConfig
from django.core.checks import Tags, register

from config.checks import set_up_whole
from tipintake.pipeline import connections


class ConfigConfig(AppConfig):
    """The installation itself: `manage.py up` lives here, above everything it starts."""

    name = "config"

    def ready(self) -> None:
        register(set_up_whole, Tags.security, deploy=True)
        connections.watch()
