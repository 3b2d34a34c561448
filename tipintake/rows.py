"""New rows, written by statements that are put together once a process.

Django's `save` and `bulk_create` put each statement together anew: for a tip of some twelve
tables that took longer than all that the database did. Values become what the database takes by
the methods of Django's own fields; a test holds what both write against each other.

Nothing is read back: a row whose key the database gives does not learn it. Call these inside the
transaction of the act.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql import Query

Row = TypeVar("Row", bound=models.Model)
Statement = tuple[str, list[Any]]
MOST_VALUES = 900  # older builds of SQLite take 999 in one statement
NOTHING_MORE = ""
STAYS = " ON CONFLICT DO NOTHING"
# What Django's fields hand on as it is, when it is of exactly these kinds.
_AS_IT_IS: tuple[tuple["type[models.Field[Any, Any]]", frozenset[type]], ...] = (
    (models.CharField, frozenset({str})),
    (models.TextField, frozenset({str})),
    (models.BooleanField, frozenset({bool})),
    (models.IntegerField, frozenset({int})),
    (models.FloatField, frozenset({float})),
)
_NOTHING = type(None)
# What fields made of moments.
_Moments = dict[tuple[Any, int, Callable[..., Any]], Any]
_LITERALS: dict[type, Callable[[Any], str]] = {
    _NOTHING: lambda _: "NULL",
    bool: lambda value: "TRUE" if value else "FALSE",
    int: str,
    # PostgreSQL takes these as they are; for SQLite Django's fields have made texts of them.
    datetime: lambda value: f"'{value.isoformat()}'::timestamptz",
    UUID: lambda value: f"'{value}'::uuid",
}


class Table:
    """How rows of one model are written, made once a process."""

    def __init__(self, model: type[models.Model], columns: tuple[str, ...] = ()) -> None:
        fields = _fields(model, columns)
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        name = quote(model._meta.db_table)  # noqa: SLF001
        self.names = [field.attname for field in fields]
        self._defaults = {field.attname: field.get_default for field in fields}
        self._taken = [
            (field.get_db_prep_save, _as_it_is(field), isinstance(field, models.DateTimeField))
            for field in fields
        ]
        self._query = Query(model)
        self.begins = f"INSERT INTO {name} ({names}) VALUES "  # noqa: S608 names of our own
        self.most = max(1, MOST_VALUES // len(fields))

    def statements(
        self, rows: Sequence[Sequence[Any]], ends: str, database: BaseDatabaseWrapper
    ) -> Iterator[Statement]:
        moments: _Moments = {}
        for at in range(0, len(rows), self.most):
            values: list[Any] = []
            some = rows[at : at + self.most]
            told = [self._told(row, values, moments, database) for row in some]
            yield f"{self.begins}{', '.join(told)}{ends}", values

    def in_order(self, named: Mapping[str, Any]) -> list[Any]:
        """A row's values by the names of its columns; what is missing has its default."""
        if not named.keys() <= self._defaults.keys():
            raise ValueError(f"These are no columns: {sorted(named.keys() - self._defaults)}.")
        return [
            named[name] if name in named else default() for name, default in self._defaults.items()
        ]

    def _told(
        self,
        row: Sequence[Any],
        values: list[Any],
        moments: "_Moments",
        database: BaseDatabaseWrapper,
    ) -> str:
        """One row in brackets. What can hold no quotation mark stands in it, the rest beside it:
        a driver handles each value that stands beside a statement by itself."""
        told = []
        for value, (prepare, plain, is_moment) in zip(row, self._taken, strict=True):
            if type(value) in plain:
                given = value
            elif isinstance(value, DatabaseDefault):
                said, more = self._query.get_compiler(connection=database).compile(value)
                told.append(said)
                values += more
                continue
            elif is_moment and value is not None:
                # Rows of one act share theirs. An hour that comes twice is one but for its fold.
                same = (value, value.fold, prepare)
                if (given := moments.get(same)) is None:
                    given = moments[same] = prepare(value, database)
            else:
                given = prepare(value, database)
            literal = _LITERALS.get(type(given))
            if given == "":
                told.append("''")
            elif literal is not None:
                told.append(literal(given))
            elif type(given) is str and given.isascii() and given.isalnum():
                told.append(f"'{given}'")
            else:
                told.append("%s")
                values.append(given)
        return f"({', '.join(told)})"


class Batch:
    """Rows of several models, written together: in PostgreSQL on one way there and back."""

    def __init__(self) -> None:
        self._database = connections[DEFAULT_DB_ALIAS]
        self._statements: list[Statement] = []
        self._rows: list[models.Model] = []

    def add(self, rows: Iterable[Row]) -> list[Row]:
        """Rows of one model."""
        some = list(rows)
        if some:
            table = _table(type(some[0]), (), self._database.vendor)
            values = [[one.__dict__[name] for name in table.names] for one in some]
            self._statements += table.statements(values, NOTHING_MORE, self._database)
            self._rows += some
        return some

    def add_named(self, model: type[models.Model], rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of which nobody needs an object, by the names of their columns (`tip_id`, not
        `tip`). What is missing has its default."""
        table = _table(model, (), self._database.vendor)
        values = [table.in_order(one) for one in rows]
        self._statements += table.statements(values, NOTHING_MORE, self._database)

    def add_values(
        self,
        model: type[models.Model],
        columns: tuple[str, ...],
        rows: Iterable[Sequence[Any]],
        *,
        ends: str = NOTHING_MORE,
    ) -> None:
        """Rows of which nobody needs an object; `columns` are all that they have but a key that
        the database gives."""
        table = _table(model, columns, self._database.vendor)
        self._statements += table.statements(list(rows), ends, self._database)

    def write(self) -> None:
        for statement, values in self._ways():
            with self._database.cursor() as cursor:
                cursor.execute(statement, values)
        for one in self._rows:
            one._state.adding = False  # noqa: SLF001 as Django's own save does
            one._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001

    def _ways(self) -> Iterable[Statement]:
        if self._database.vendor != "postgresql" or not self._statements:
            return self._statements
        whole = "; ".join(statement for statement, _ in self._statements)
        return [(whole, [one for _, values in self._statements for one in values])]


def insert(rows: Iterable[Row]) -> list[Row]:
    """Write rows of one model."""
    batch = Batch()
    some = batch.add(rows)
    batch.write()
    return some


def insert_unless(row: models.Model, *, same: str) -> bool:
    """Write one row, unless another has the same in its unique column. Whether it was written."""
    database = connections[DEFAULT_DB_ALIAS]
    table = _table(type(row), (), database.vendor)
    values = [[row.__dict__[name] for name in table.names]]
    ends = f" ON CONFLICT ({database.ops.quote_name(same)}) DO NOTHING"
    for statement, given in table.statements(values, ends, database):
        with database.cursor() as cursor:
            cursor.execute(statement, given)
            if cursor.rowcount != 1:
                return False
    row._state.adding = False  # noqa: SLF001
    row._state.db = DEFAULT_DB_ALIAS  # noqa: SLF001
    return True


@cache
def _table(model: type[models.Model], columns: tuple[str, ...], _vendor: str) -> Table:
    return Table(model, columns)


def _fields(model: type[models.Model], columns: tuple[str, ...]) -> list["models.Field[Any, Any]"]:
    own = [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001 Django's public way to columns
        if not field.generated and not isinstance(field, models.AutoField | models.BigAutoField)
    ]
    if not columns:
        return own
    by_name = {field.attname: field for field in own}
    if by_name.keys() != set(columns):
        raise ValueError(f"{model.__name__} has {sorted(by_name)}.")
    return [by_name[name] for name in columns]


def _as_it_is(field: "models.Field[Any, Any]") -> frozenset[type]:
    found = next((kinds for kind, kinds in _AS_IT_IS if isinstance(field, kind)), frozenset())
    return found | {_NOTHING} if found and field.null else found
