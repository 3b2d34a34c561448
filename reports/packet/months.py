"""The figures of the house by month, as a PDF for a meeting of the board."""

from datetime import datetime
from typing import Any

from reports.packet.press import Job
from reports.scope import Tlp
from reports.statistics.report import MonthReport

ON_A_SHEET = 6  # months that stand beside each other
TITLE = "Figures by month"
MEANING = (
    "Each month holds the tips that came in it, and what became of them until it was last "
    "counted. “3 of 12” is a part and its whole; a percentage stands only from twenty, and a "
    "middle from five times on. Times are from routing, which follows a submission at once. "
    "“–”: there is nothing to tell."
)


def months(report: MonthReport, *, installation: str, made_at: datetime) -> Job:
    """`report` has the newest month first; so have the sheets."""
    counted = f"Last counted {max(report.counted_at):%Y-%m-%d}. " if report.counted_at else ""
    values = {
        "title": TITLE,
        "what": "by month",
        "export": "Figures",
        "recipient": "supervisors and the board",
        "installation": installation,
        "caveat": report.marking,
        "tlp": Tlp.AMBER_STRICT.value,
        "red": False,
        "meaning": MEANING,
        "counted": f"{counted}Made {made_at:%Y-%m-%d} at {installation}.",
        "says": _says(report),
        "parts": [
            _part(report, slice(first, first + ON_A_SHEET))
            for first in range(0, len(report.months), ON_A_SHEET)
        ],
    }
    return Job("months.typ", values, {}, made_at)


def _part(report: MonthReport, which: slice) -> dict[str, Any]:
    """What stands on one run of sheets; its bars the oldest first."""
    names = report.names[which]
    bars = [
        {"label": f"{month:%b}", "year": str(month.year), "count": count, "said": f"{count:,}"}
        for month, count in zip(report.months[which], report.came[which], strict=True)
    ]
    return {
        "title": names[0] if len(names) == 1 else f"{names[-1]} to {names[0]}",
        "months": [
            {"name": name, "open": not closed}
            for name, closed in zip(names, report.closed[which], strict=True)
        ],
        "bars": bars[::-1],
        "sections": [
            {
                "title": section.title,
                "lines": [
                    {"title": one.title, "cells": list(one.cells[which])} for one in section.lines
                ],
            }
            for section in report.sections
        ],
    }


def _says(report: MonthReport) -> str:
    each = [f"{name}: {count:,}" for name, count in zip(report.names, report.came, strict=True)]
    return f"Tips that came, by month. {'; '.join(each[::-1])}."
