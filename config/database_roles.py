"""Who may do what with which table: three roles of PostgreSQL, and the law is a table.

    owner    makes and changes tables: `migrate`, `backup`, `restore`; no process that serves
    inside   desk, worker, exporter: every row, but no table and no trigger
    public   the public host: what a tip, its receipt and its answer need, and nothing of staff

`manage.py database_roles` applies it, after each `migrate`: a table that is new to it would else
be closed to both. SQLite has no roles; there the processes are told apart by their keys alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

READ = ("SELECT",)
ADD = ("INSERT", "SELECT (id)")  # its new key is read back
# What the public process may do. A table that is not named is closed to it: accounts, second
# factors, sessions, tokens, notes, grades, intelligence records, exports, decisions, and the
# audit, which it adds to and cannot read.
PUBLIC: Mapping[str, Sequence[str]] = {
    # To know whether it can keep a tip.
    "django_migrations": READ,
    "tipintake_keymark": ("SELECT", "INSERT", "DELETE"),
    # The region: where tips go, and what residents are shown.
    "tipintake_regionrelease": READ,
    "tipintake_line": READ,
    # Who is told, and how; not where, and no webhook's secret, whose key every process has.
    "tipintake_contact": ("SELECT (id, line_id, role, channel, active)",),
    "tipintake_jurisdiction": READ,
    "tipintake_knownplace": READ,
    "tipintake_alias": READ,
    "tipintake_highwayexit": READ,
    "tipintake_ziparea": READ,
    "tipintake_referral": READ,
    "tipintake_boundarydataset": READ,
    "tipintake_boundaryrelease": READ,
    "tipintake_boundary": READ,
    "tipintake_policy": READ,
    # A tip, and what its holder adds. Read again for a receipt: `evidence_of_tip`.
    "tipintake_tip": ("SELECT", "INSERT", "UPDATE (to_compare)"),
    "tipintake_datakey": ("SELECT", "INSERT"),
    "tipintake_vehicle": ("SELECT", "INSERT"),
    "tipintake_place": ("SELECT", "INSERT"),
    "tipintake_onlinelead": ("SELECT", "INSERT"),
    "tipintake_evidenceinwords": ("SELECT", "INSERT"),
    "tipintake_attachment": ("INSERT", "SELECT (id, tip_id, position, page)"),
    "tipintake_sighting": ("INSERT", "SELECT (tip_id)"),
    "tipintake_persondescribed": ADD,
    "tipintake_placemention": ADD,
    "tipintake_heldspan": ADD,
    "tipintake_vaultentry": ("INSERT", "SELECT (id, vault_key_id)"),  # which key it needs
    "tipintake_samewords": ADD,
    "tipintake_searchterm": ADD,
    "tipintake_linkkey": ("INSERT", "DELETE", "SELECT (id, tip_id)"),
    "tipintake_auditentry": ("INSERT",),
    # What became of it, for a receipt; and that its lines are told of an answer.
    "tipintake_message": ("SELECT", "INSERT", "UPDATE (read_at, shown)"),
    "tipintake_handoff": READ,
    "tipintake_call": READ,
    "tipintake_notice": ("SELECT", "INSERT"),
    # What everybody may read.
    "reports_publishedquarter": READ,
    # What the door remembers for a day.
    "tipintake_idempotentanswer": ("SELECT", "INSERT", "DELETE"),
    "tipintake_spenttoken": ("SELECT", "INSERT", "DELETE"),
}
INSIDE = ("SELECT", "INSERT", "UPDATE", "DELETE")
# What neither role may, as `pg_roles` says it and as `CREATE ROLE` does.
RIGHTS: Mapping[str, str] = {
    "rolsuper": "SUPERUSER",
    "rolcreatedb": "CREATEDB",
    "rolcreaterole": "CREATEROLE",
    "rolinherit": "INHERIT",
}


class CannotGrant(Exception):
    """The roles were left as they were; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Login:
    """A role by which a process comes in."""

    name: str
    password: str


def apply(*, public: Login, inside: Login) -> None:
    """Make both roles if they are not there, and give them exactly this. All of it or nothing."""
    if connection.vendor != "postgresql":
        raise CannotGrant("SQLite has no roles. They are for an installation on PostgreSQL.")
    connection.ensure_connection()
    owner = connection.settings_dict["USER"]
    if len({public.name, inside.name, owner}) < 3:
        raise CannotGrant("Owner, inside and public need three different names.")
    with transaction.atomic(), connection.cursor() as cursor:
        for login in (public, inside):
            for statement in _login(login, _to_take_away(login.name)):
                cursor.execute(statement)
        for statement in (*_inside(inside.name), *_public(public.name)):
            cursor.execute(statement)


def _to_take_away(role: str) -> Sequence[str] | None:
    """What this role may and must not; None where it is not there. Who owns the database and not
    the server is refused as soon as other rights are only named for a role that is there."""
    columns = sql.SQL(", ").join(map(sql.Identifier, RIGHTS))
    asked = sql.SQL("SELECT {columns} FROM pg_roles WHERE rolname = {role}")
    with connection.cursor() as cursor:
        cursor.execute(asked.format(columns=columns, role=sql.Literal(role)))
        found = cursor.fetchone()
    return found and [right for right, has in zip(RIGHTS.values(), found, strict=True) if has]


def _login(login: Login, to_take_away: Sequence[str] | None) -> Iterator[sql.Composed]:
    name = sql.Identifier(login.name)
    rights = RIGHTS.values() if to_take_away is None else to_take_away
    yield sql.SQL("{act} ROLE {name} LOGIN {no} PASSWORD {word}").format(
        act=sql.SQL("CREATE" if to_take_away is None else "ALTER"),
        name=name,
        no=sql.SQL(" ".join(f"NO{right}" for right in rights)),
        word=sql.Literal(login.password),
    )
    for what in ("ALL TABLES IN SCHEMA public", "ALL SEQUENCES IN SCHEMA public", "SCHEMA public"):
        yield sql.SQL("REVOKE ALL ON {what} FROM {name}").format(what=sql.SQL(what), name=name)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {name}").format(name=name)


def _inside(role: str) -> Iterator[sql.Composed]:
    name = sql.Identifier(role)
    acts = sql.SQL(", ".join(INSIDE))
    yield sql.SQL("GRANT {acts} ON ALL TABLES IN SCHEMA public TO {name}").format(
        acts=acts, name=name
    )
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}").format(name=name)


def _public(role: str) -> Iterator[sql.Composed]:
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC").format()
    for table, acts in PUBLIC.items():
        yield sql.SQL("GRANT {acts} ON {table} TO {name}").format(
            acts=sql.SQL(", ".join(acts)),  # our own words above
            table=sql.Identifier(table),
            name=sql.Identifier(role),
        )
