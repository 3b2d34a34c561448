"""Gather what is marked for translation into tipintake/locale and compile it.

    .venv/bin/python tools/messages.py

Needs GNU gettext (Debian: gettext), which running the service does not: the compiled catalogue is
committed. Afterwards look for empty `msgstr ""` in the .po file, fill them in and run it again.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

ROOT = Path(__file__).resolve().parent.parent
OTHER = [".venv", "var", "config", "tests", "bench", "docs", "tools"]


class Gather(makemessages.Command):
    """`say` is gettext's name in files where `_` is the lazy one, `noop` that of gettext_noop."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=say", "--keyword=noop"]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    call_command(
        Gather(), locale=others, no_obsolete=True, no_location=True, ignore_patterns=OTHER
    )
    call_command("compilemessages", locale=others, ignore_patterns=OTHER)


if __name__ == "__main__":
    main()
