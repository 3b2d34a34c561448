"""What a typed command says, rather than a traceback, where the database stands in its way."""

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.migrations.exceptions import MigrationSchemaMissing

# PostgreSQL's undefined_table and undefined_column, by number: SQLite alone needs no psycopg.
UNDEFINED = ("42P01", "42703")
NO_TABLES = (
    "The database has no tables yet, or those of another version. See that TIPINTAKE_HOME={home} "
    "and DATABASE_URL are those of the service; if they are, run `manage.py migrate`, which "
    "`manage.py up` does itself."
)
LOCKED = "Another process keeps the database. Try again when it has ended."
FULL = "Make room on its disk and try again."
NOT_WRITABLE = "See that this user may write TIPINTAKE_HOME, and try again."
AWAY = "Start the database or mend DATABASE_URL, and try again."


def sentence(error: DatabaseError | InterfaceError) -> str | None:
    """One sentence that says what to do; None for what is a fault of the program."""
    if isinstance(error, MigrationSchemaMissing) and isinstance(error.__context__, DatabaseError):
        error = error.__context__  # the first table of all could not be made
    said = str(error).partition("\n")[0]
    if getattr(error.__cause__, "sqlstate", None) in UNDEFINED:
        return NO_TABLES.format(home=settings.HOME)
    if not isinstance(error, OperationalError | InterfaceError):
        return None
    if "no such table" in said or "no such column" in said:
        return NO_TABLES.format(home=settings.HOME)
    if "locked" in said:
        return LOCKED
    return f"The database cannot be used ({said.rstrip('.')}). {_advice(said)}"


def _advice(said: str) -> str:
    if "full" in said or "I/O error" in said or "No space left" in said:
        return FULL
    return NOT_WRITABLE if "readonly" in said or "unable to open" in said else AWAY
