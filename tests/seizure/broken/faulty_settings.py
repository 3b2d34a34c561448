"""Settings of an installation in which things break and leak. Stands on no path but a test's."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as WELL

INSTALLED_APPS = [*WELL, "faulty"]
