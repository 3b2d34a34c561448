"""Texts of several rows as one column of another row."""

from typing import Any

from django.db.models import Aggregate, CharField, TextField, Value

APART = "\x1f"


class Joined(Aggregate):
    """Several texts as one, in no order."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s)"
    output_field = TextField()

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, Value(APART, CharField()), **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra)


def apart(joined: str | None) -> list[str]:
    """The texts again, in no order."""
    return joined.split(APART) if joined else []
