"""A message as every channel gets it, with a moment to send it at."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from tipintake.delivery.channels.base import Message


@pytest.fixture
def message() -> Message:
    return Message(
        id=UUID("15fc90b1-5aae-5009-a82b-48d1106eb18b"),
        type="tip.arrived",
        reference="T-ABCD-2345",
        priority="P1",
        line="wentzville-pd",
        line_name="Wentzville Police, non-emergency",
        link="http://localhost:8701/tips/T-ABCD-2345/",
        since=datetime(2026, 11, 14, 15, 30, tzinfo=UTC),
    )
