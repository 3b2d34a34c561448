"""Django's SQLite, whose file is its owner's alone from the first byte, whichever command makes
it. One that is there keeps the mode it has; SQLite's further files are as readable as their
first."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base

from tipintake import files


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        path = Path(conn_params["database"])
        if path.is_absolute():  # else it lies in memory
            with suppress(files.CannotWrite):  # SQLite says so itself
                files.make_own(path)
        return super().get_new_connection(conn_params)
