"""`manage.py static_files`: what both doors serve besides pages, whole or not at all."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.installation import collect_static
from tipintake.files import CannotWrite


class Command(BaseCommand):
    help = (
        "Collect the static files into the home. Unlike collectstatic it begins anew where an "
        "earlier run broke off: of that one half a file may lie there."
    )
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            collect_static()
        except CannotWrite as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write("The static files are whole.")
