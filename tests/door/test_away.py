"""What passes by itself is told apart from what somebody must mend."""

import psycopg.errors as said
import pytest
from django.db import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
)
from django.db.transaction import TransactionManagementError

from tipintake.door.away import passes
from tipintake.privacy.keys import KeyMissing


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (OperationalError, None),
        (InterfaceError, None),
        (DatabaseError, None),
        (OperationalError, said.SerializationFailure()),
        (OperationalError, said.DeadlockDetected()),
        (OperationalError, said.LockNotAvailable()),
        (OperationalError, said.QueryCanceled()),
        (OperationalError, said.AdminShutdown()),
        (OperationalError, said.DiskFull()),
        (InternalError, said.ReadOnlySqlTransaction()),
        (InternalError, said.IdleInTransactionSessionTimeout()),
        (ProgrammingError, said.UndefinedTable()),
        (ProgrammingError, said.UndefinedColumn()),
        (ProgrammingError, said.InsufficientPrivilege()),
    ],
)
def test_what_passes(fault: type[Error], cause: Exception | None) -> None:
    one = fault("said")
    one.__cause__ = cause
    assert passes(one)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (IntegrityError, said.UniqueViolation()),
        (IntegrityError, said.ForeignKeyViolation()),
        (IntegrityError, None),
        (DataError, said.StringDataRightTruncation()),
        (DataError, None),
        (ProgrammingError, said.SyntaxError()),
        (ProgrammingError, None),
        (InternalError, said.InFailedSqlTransaction()),
        (NotSupportedError, None),
        (TransactionManagementError, None),
        (ValueError, None),
    ],
)
def test_what_stays_until_it_is_mended(fault: type[Exception], cause: Exception | None) -> None:
    one = fault("said")
    one.__cause__ = cause
    assert not passes(one)


def test_a_key_that_is_missing_may_be_put_back_and_no_fault_is_none() -> None:
    assert passes(KeyMissing("desk"))
    assert not passes(None)
