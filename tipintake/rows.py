"""New rows, written by statements that are put together once a process.

Django's `save` and `bulk_create` put each statement together anew: for a tip of some twelve
tables that took longer than all that the database did. Values become what the database takes by
the methods of Django's own fields; a test holds what both write against each other.

Nothing is read back: a row whose key the database gives does not learn it. Call these inside the
transaction of the act.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
MOST_VALUES = 900  # older builds of SQLite take 999 in one statement
NOTHING_MORE = ""
STAYS = " ON CONFLICT DO NOTHING"
# What Django's fields hand on as it is, when it is of exactly these kinds.
_AS_IT_IS: tuple[tuple["type[models.Field[Any, Any]]", frozenset[type]], ...] = (
    (models.CharField, frozenset({str})),
    (models.TextField, frozenset({str})),
    (models.BooleanField, frozenset({bool})),
    (models.FloatField, frozenset({float})),
)
_NOTHING = type(None)


class Table:
    """How rows of one model are written, made once a process."""

    def __init__(self, model: type[models.Model], columns: tuple[str, ...] = ()) -> None:
        fields = _fields(model, columns)
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(field.column)) for field in fields)
        self.names = [field.attname for field in fields]
        self.taken = [(field.get_db_prep_save, _as_it_is(field)) for field in fields]
        name = quote(model._meta.db_table)  # noqa: SLF001
        self.begins = f"INSERT INTO {name} ({names}) VALUES "  # noqa: S608 names of our own
        self.marks = f"({', '.join(['%s'] * len(fields))})"
        self.at_once = max(1, MOST_VALUES // len(fields))

    def write(self, rows: Iterable[Sequence[Any]], ends: str = NOTHING_MORE) -> int:
        """How many were written."""
        written, rest = 0, iter(rows)
        while some := list(islice(rest, self.at_once)):
            statement = self.begins + ", ".join([self.marks] * len(some)) + ends
            values = list(chain.from_iterable(map(self._prepared, some)))
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                written += cursor.rowcount
        return written

    def _prepared(self, row: Sequence[Any]) -> list[Any]:
        return [
            value if type(value) in plain else prepare(value, connection)
            for value, (prepare, plain) in zip(row, self.taken, strict=True)
        ]


def insert(rows: Iterable[Row]) -> list[Row]:
    """Write these rows, all of one model, in one statement."""
    some = list(rows)
    if some:
        table = _table(type(some[0]), (), connection.vendor)
        table.write(_values(table, some))
        _are_kept(some)
    return some


def insert_unless(row: models.Model, *, same: str) -> bool:
    """Write one row, unless another has the same in its unique column. Whether it was written."""
    table = _table(type(row), (), connection.vendor)
    ends = f" ON CONFLICT ({connection.ops.quote_name(same)}) DO NOTHING"
    written = table.write(_values(table, [row]), ends) == 1
    if written:
        _are_kept([row])
    return written


def insert_values(
    model: type[models.Model],
    columns: tuple[str, ...],
    rows: Iterable[Sequence[Any]],
    *,
    ends: str = NOTHING_MORE,
) -> None:
    """Write rows of which nobody needs an object; `columns` are all that they have but a key that
    the database gives."""
    _table(model, columns, connection.vendor).write(rows, ends)


def _values(table: Table, rows: Iterable[models.Model]) -> list[list[Any]]:
    return [[one.__dict__[name] for name in table.names] for one in rows]


def _are_kept(rows: Iterable[models.Model]) -> None:
    for one in rows:
        one._state.adding = False  # noqa: SLF001 as Django's own save does
        one._state.db = connection.alias  # noqa: SLF001


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
