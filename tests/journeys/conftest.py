"""The desk's browser windows, for journeys that end there."""

from tests.web.conftest import browser
from tests.web.desk.windows import home, open_window

__all__ = ["browser", "home", "open_window"]
