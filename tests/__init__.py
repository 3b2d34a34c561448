"""Every run has a home of its own: no test ever touches the installation's state.

This stands here, not in pytest's configuration, because pytest-django would read the settings
before anything in this folder could name another home.
"""

import atexit
import os
import shutil
import tempfile

os.environ["TIPINTAKE_HOME"] = tempfile.mkdtemp(prefix="tipintake-test-")
os.environ["TIPINTAKE_HASHED_STATIC"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()
# A parallel run hands its environment to its workers: each comes by here for its own home.
del os.environ["DJANGO_SETTINGS_MODULE"]
atexit.register(shutil.rmtree, os.environ["TIPINTAKE_HOME"], ignore_errors=True)
