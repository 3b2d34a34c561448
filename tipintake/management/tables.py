"""Tables that commands print."""

import os
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from tipintake.staff.accounts import FirstAccount


def print_table(table: Table, out: Any) -> None:
    """In a file or a journal no code is cut off; and a name may hold brackets."""
    width = None if os.isatty(1) else 150
    Console(file=out, width=width, force_terminal=False, markup=False).print(table)


def first_accounts(made: Iterable[FirstAccount]) -> Table:
    """The accounts of a first start with their passwords, which are shown this once."""
    password = Column("password", overflow="fold")
    table = Table("account", password, "for", title="Staff accounts (shown once)")
    for one in made:
        table.add_row(one.username, one.password, one.line)
    return table
