"""What of django-allauth is installed: the tables that its second factors stand on.

Its own pages, middleware and mails are not: the desk has pages of its own, and the public host
knows no account. docs/adr/0013-second-factors-without-the-librarys-pages.md says why.
"""

from typing import ClassVar

from allauth.account.apps import AccountConfig


class AccountTables(AccountConfig):
    default: ClassVar[bool] = False

    def ready(self) -> None:
        """Without its demand for a middleware: nothing here reads what that would set."""
