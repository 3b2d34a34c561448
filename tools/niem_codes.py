"""Write the code lists of reports/schemas from our own tables: `python -m tools.niem_codes`."""
# ruff: noqa: E402  Django is set up before what needs it is imported

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from reports.schemas import code_schemas

for name, text in code_schemas().items():
    (Path("reports/schemas") / name).write_text(text, encoding="utf-8")
    print(name)
