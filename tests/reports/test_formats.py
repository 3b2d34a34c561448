"""Programs of others accept every format, and refuse it when it is broken."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import bagit
import fastkml
import geojson_validator
import pytest
from frictionless import Package
from lxml import etree
from openpyxl import load_workbook

from tests.reports.conftest import AskFor, files_of, unpacked
from tests.web.desk.conftest import MakeTip, See

pytestmark = pytest.mark.django_db


def test_debug(make_tip: MakeTip, see: See, ask_for: AskFor, tmp_path: Path) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)
    export = ask_for()
    print(export.state, export.problem)
    for name, content in files_of(export).items():
        print("==", name, len(content)); 
        if not name.endswith("xlsx"): print(content[:1500].decode(errors="replace"))
    assert 0
