from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.checks import Tags, register

from config.checks import set_up_whole
from tipintake.pipeline import connections


class ConfigConfig(AppConfig):
    """The installation itself: `manage.py up` lives here, above everything it starts."""

    name = "config"

    def ready(self) -> None:
        register(set_up_whole, Tags.security, deploy=True)
        connections.watch()


class StaticFiles(StaticFilesConfig):
    """Nobody can ask for what no page of ours uses, nor tell by it what the service is made of."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        # Folders and files of packages; of Leaflet its sources, of htmx all but the one version.
        "rest_framework",
        "account",
        "mfa",
        "ext",
        "leaflet-src*",
        "htmax-*",
        "htmx-4*",
        "htmx-2.js",
    ]
