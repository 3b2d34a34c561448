"""The figures of the house, and publishing, in a real browser; printed as a PDF too."""

import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from reports.models import MonthFigures, PublishedQuarter
from reports.statistics.kinds import KINDS, Unit
from tests.web.desk.conftest import MakeTip
from tests.web.desk.windows import OpenWindow
from tipintake.directory.models import Jurisdiction
from tipintake.staff import accounts
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

pytestmark = pytest.mark.browser


def made_up() -> None:
    """Seven months of figures that try every unit."""
    dice = random.Random(7)
    now = timezone.now()
    for number in range(7):
        month = datetime(2026, 1 + number, 1, tzinfo=UTC).date()
        came = dice.randint(90, 1400)
        figures: dict[str, Any] = {}
        for kind in KINDS:
            part = dice.randint(0, came // 3)
            figures[kind.code] = {
                Unit.COUNT: [part, None],
                Unit.PART: [part, came],
                Unit.MINUTES: [dice.choice([None, 12.0, 140.5, 5000.0]), part],
                Unit.DAYS: [float(dice.randint(1, 40)), part],
                Unit.EACH: [2.3, dice.randint(1, 9)],
            }[kind.unit]
        figures["came"] = [came, None]
        figures["rule_R3"] = [came // 2, came]
        MonthFigures.objects.create(
            month=month, counted_at=now, closed=number < 3, figures=figures
        )


def test_figures_and_numbers_are_without_a_fault(
    open_window: OpenWindow, make_tip: MakeTip
) -> None:
    made_up()
    Jurisdiction.objects.create(
        code="st-charles-county", name="St. Charles County", kind="county", geoid="29183",
        county="st-charles-county",
    )  # fmt: skip
    tip = make_tip("wentzville-pd")
    now = timezone.now()
    Tip.objects.filter(pk=tip.pk).update(submitted_hour=now.replace(year=now.year - 1))
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    window = open_window()
    window.log_on(password)
    faults = {}
    for path in ("/figures/", "/figures/?months=12", "/numbers/"):
        window.page.goto(window.home + path)
        name = path.strip("/").replace("/", "-").replace("?", "")
        faults[path] = window.faults_everywhere(name)
    window.press(window.page.get_by_role("button", name="for good"))
    faults["published"] = window.faults_everywhere("published")
    assert {path: found for path, found in faults.items() if found} == {}
    assert PublishedQuarter.objects.count() == 1
    if folder := os.environ.get("PICTURES"):
        window.page.goto(f"{window.home}/figures/?months=12")
        window.page.pdf(path=Path(folder) / "figures.pdf", prefer_css_page_size=True)
