#!/usr/bin/env python3
import os
import sys

try:
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, InterfaceError

    from config.database_away import sentence
except KeyboardInterrupt:
    sys.exit(130)  # as a shell says of what Ctrl-C ended
except ModuleNotFoundError:
    sys.exit(
        "This Python has none of the service's libraries. Run `make setup` once, and type "
        "`.venv/bin/python manage.py …`."
    )


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)
    except (DatabaseError, InterfaceError) as error:
        said = sentence(error)
        if said is None or "--traceback" in sys.argv:
            raise
        sys.exit(said)


if __name__ == "__main__":
    main()
