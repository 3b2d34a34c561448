"""`manage.py database_roles`: as what processes come into PostgreSQL, and what each may do."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from config import env
from config.database_roles import CannotGrant, Login, apply

PROBLEMS = (CannotGrant, env.SettingError)


class Command(BaseCommand):
    help = (
        "Make the roles of PUBLIC_DATABASE_URL and INSIDE_DATABASE_URL, with the passwords that "
        "stand there, and give each exactly what config/database_roles.py says. Run it as the "
        "owner (DATABASE_URL), after each migrate."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            public, inside = _login("PUBLIC_DATABASE_URL"), _login("INSIDE_DATABASE_URL")
            apply(public=public, inside=inside)
        except PROBLEMS as problem:
            raise CommandError(str(problem)) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database refuses ({type(error).__name__}): DATABASE_URL must be of who "
                "owns the tables and may make roles, and the tables must be of this version."
            ) from None
        self.stdout.write(f"{public.name} and {inside.name} may do what they must, and no more.")


def _login(name: str) -> Login:
    parts = urlsplit(env.told(name, ""))
    if not parts.username or not parts.password:
        advice = "use postgresql://user:password@host:port/name, of a role of its own."
        raise env.SettingError(name, "…", advice)
    return Login(unquote(parts.username), unquote(parts.password))
