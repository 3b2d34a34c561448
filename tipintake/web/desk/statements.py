"""Statements that Django writes once, and that are asked many times.

To write a statement of the queue takes Django several times as long as the database takes to
answer it. They differ in little from one page to the next: who asks, and when. That is left open
in what is kept (`Given`), and put in when it is asked. Keep no statement that names a plate, a
person or a place: what is kept outlives a purge.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BigIntegerField, Field, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

HOLE = "{rows}"


class Given(Value):
    """What is not known before somebody asks, such as the moment."""

    def __init__(self, read: Callable[[Any], Any], output_field: "Field[Any, Any]") -> None:
        super().__init__(read, output_field)

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        return "%s", [_Open(self.value, self.output_field)]


# The key of who asks, where that is a `Desk`.
ME = Given(lambda desk: desk.user.pk, BigIntegerField())


@dataclass(frozen=True, slots=True)
class _Open:
    """A parameter that is still missing."""

    read: Callable[[Any], Any]
    of: "Field[Any, Any]"

    def put(self, asking: object) -> Any:
        return self.of.get_db_prep_value(self.read(asking), connection)


def written(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """The SQL of these rows and its parameters; also where no row can fit."""
    sql, params = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False).as_sql()
    return sql, tuple(params)


def put(params: Iterable[Any], asking: object) -> list[Any]:
    """Parameters with everything that was left open."""
    return [one.put(asking) if isinstance(one, _Open) else one for one in params]


def hole() -> RawSQL:
    """Where a statement has room for another one, which says the rows that it is about."""
    return RawSQL(HOLE, [])  # noqa: S611 a constant


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its parameters, of which some may be open, and how to read what comes back."""

    sql: str
    params: tuple[Any, ...]
    compiler: SQLCompiler = field(repr=False)
    converters: dict[int, Any] = field(repr=False)

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Self:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS, elide_empty=False)
        sql, params = compiler.as_sql()
        columns = [one[0] for one in compiler.select[: compiler.col_count]]
        return cls(sql, tuple(params), compiler, compiler.get_converters(columns))

    def about(self, rows: QuerySet[Any, Any]) -> Self:
        """With the hole filled; it must stand behind all other parameters."""
        sql, params = written(rows)
        filled = self.sql.replace(HOLE, sql)
        return type(self)(filled, (*self.params, *params), self.compiler, self.converters)

    def ask(self, asking: object) -> Iterator[list[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, put(self.params, asking))
            rows = cursor.fetchall()
        return self.compiler.apply_converters(rows, self.converters)
