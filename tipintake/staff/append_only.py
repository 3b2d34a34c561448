"""The database itself refuses to change or remove what was recorded.

Declared on the model like any other constraint, so that the migration makes the triggers on both
kinds of database and makes them again when a table is rebuilt. Whoever owns the table can drop
them: `missing` says when they are gone, and the chain shows what was done meanwhile.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model

SAYS = "The audit is only ever added to."


class AppendOnly(BaseConstraint):
    """No row is removed; `fixed` columns never change, `once` are filled once, `emptied` go empty.

    A row comes without its `once` columns: nobody puts one in between.
    """

    def __init__(
        self, *, name: str, fixed: Sequence[str], once: Sequence[str], emptied: Sequence[str]
    ) -> None:
        super().__init__(name=name)
        self.fixed, self.once, self.emptied = tuple(fixed), tuple(once), tuple(emptied)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        columns = {"fixed": self.fixed, "once": self.once, "emptied": self.emptied}
        return path, args, {**kwargs, **columns}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AppendOnly):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]  # compared, never a key: as Django's own

    def validate(self, *_args: object, **_kwargs: object) -> None:
        """A form has nothing to say here: the model refuses before the database does."""

    def constraint_sql(  # type: ignore[override]  # Django's own answer None for what is deferred
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        """Nothing within CREATE TABLE: triggers are made once the table has its final name."""
        if model is not None and schema_editor is not None:
            schema_editor.deferred_sql += self.statements(
                schema_editor.connection,
                model._meta.db_table,  # noqa: SLF001 Django's own way
            )

    def create_sql(  # type: ignore[override]
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> None:
        self.constraint_sql(model, schema_editor)

    def remove_sql(
        self, model: type[Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        if model is None or schema_editor is None:
            return ""
        table = model._meta.db_table  # noqa: SLF001 Django's own way
        return "; ".join(map(str, self.removal(schema_editor.connection, table)))

    def statements(self, connection: BaseDatabaseWrapper, table: str) -> list[Statement]:
        """What makes the triggers."""
        made = self._postgres() if connection.vendor == "postgresql" else self._sqlite()
        return [
            Statement(sql, table=Table(table, connection.ops.quote_name)) for sql in made.values()
        ]

    def removal(self, connection: BaseDatabaseWrapper, table: str) -> list[Statement]:
        postgres = connection.vendor == "postgresql"
        where = " ON %(table)s" if postgres else ""
        sql = [f"DROP TRIGGER IF EXISTS {name}{where}" for name in self._names(connection)]
        if postgres:
            sql.append(f"DROP FUNCTION IF EXISTS {self.name}()")
        return [Statement(one, table=Table(table, connection.ops.quote_name)) for one in sql]

    def missing(self, connection: BaseDatabaseWrapper, table: str) -> list[str]:
        """Triggers that are not there, are switched off, or say something else."""
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass "
                    "AND tgenabled IN ('O', 'A') AND NOT tgisinternal",
                    [table],
                )
                there = {row[0] for row in cursor.fetchall()}
            else:
                cursor.execute(
                    "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                    [table],
                )
                said = {row[0] for row in cursor.fetchall()}
                wanted = dict(
                    zip(self._names(connection), self.statements(connection, table), strict=True)
                )
                there = {name for name, sql in wanted.items() if str(sql) in said}
        return [name for name in self._names(connection) if name not in there]

    def _names(self, connection: BaseDatabaseWrapper) -> list[str]:
        acts = ["insert", "update", "delete"]
        if connection.vendor == "postgresql":
            acts.append("truncate")
        return [f"{self.name}_{act}" for act in acts]

    def _sqlite(self) -> dict[str, str]:
        # REPLACE removes a row without asking the trigger for removals: such keys are refused.
        taken = " OR ".join(
            f"EXISTS (SELECT 1 FROM %(table)s WHERE {one} = NEW.{one} AND id IS NOT {{other}})"  # noqa: S608 our own columns
            for one in ("id", *self.once[:1])
        )
        refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        came = " OR ".join(f"NEW.{one} IS NOT NULL" for one in self.once)
        changed = self._changed("IS NOT")
        own = taken.format(other="OLD.id")
        head = f"CREATE TRIGGER {self.name}"
        return {
            "insert": f"{head}_insert BEFORE INSERT ON %(table)s "
            f"WHEN {came} OR {taken.format(other='NULL')} {refuse}",
            "update": f"{head}_update BEFORE UPDATE ON %(table)s WHEN {changed} OR {own} {refuse}",
            "delete": f"{head}_delete BEFORE DELETE ON %(table)s {refuse}",
        }

    def _postgres(self) -> dict[str, str]:
        head, ends = f"CREATE TRIGGER {self.name}", f"EXECUTE FUNCTION {self.name}()"
        came = " OR ".join(f"NEW.{one} IS NOT NULL" for one in self.once)
        changed = self._changed("IS DISTINCT FROM")
        each = "FOR EACH ROW"
        return {
            "function": f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger "
            f"LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYS}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$",
            "insert": f"{head}_insert BEFORE INSERT ON %(table)s {each} WHEN ({came}) {ends}",
            "update": f"{head}_update BEFORE UPDATE ON %(table)s {each} WHEN ({changed}) {ends}",
            "delete": f"{head}_delete BEFORE DELETE ON %(table)s {each} {ends}",
            "truncate": f"{head}_truncate BEFORE TRUNCATE ON %(table)s {ends}",
        }

    def _changed(self, differs: str) -> str:
        fixed = [f"NEW.{one} {differs} OLD.{one}" for one in self.fixed]
        once = [f"(OLD.{one} IS NOT NULL AND NEW.{one} {differs} OLD.{one})" for one in self.once]
        emptied = [
            f"(NEW.{one} {differs} OLD.{one} AND length(NEW.{one}) > 0)" for one in self.emptied
        ]
        return " OR ".join([*fixed, *once, *emptied])


def guard_of(model: type[Model]) -> AppendOnly:
    """The constraint that this model declares."""
    (found,) = (
        one
        for one in model._meta.constraints  # noqa: SLF001 Django's public way to constraints
        if isinstance(one, AppendOnly)
    )
    return found


def lift(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    """What takes the triggers away."""
    table = model._meta.db_table  # noqa: SLF001 Django's public way to a table's name
    return [str(one) for one in guard_of(model).removal(connection, table)]


def put_back(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    """What makes them anew, whatever is there."""
    table = model._meta.db_table  # noqa: SLF001 Django's public way to a table's name
    made = guard_of(model).statements(connection, table)
    return [*lift(connection, model), *(str(one) for one in made)]


def missing(connection: BaseDatabaseWrapper, model: type[Model]) -> list[str]:
    """Triggers that are not there, are switched off, or say something else."""
    table = model._meta.db_table  # noqa: SLF001 Django's public way to a table's name
    return guard_of(model).missing(connection, table)
