"""A month's figures: what is counted, what a purge leaves of it, and who reads it."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from reports import tagged
from reports.models import MonthFigures
from reports.packet.months import months as sheets
from reports.packet.typeset import typeset
from reports.statistics import checks, months
from reports.statistics.kinds import KINDS, Unit
from reports.statistics.months import Span, count, read
from reports.statistics.report import csv_lines, report, said
from tests.reports.conftest import text_of
from tests.web.desk.conftest import LogOn, MakeTip, said_by
from tipintake.delivery.models import HandOff
from tipintake.pipeline import retain
from tipintake.staff import accounts, audit
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.tips.retention import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def span() -> Span:
    return Span.of(today(timezone.now()))


def test_a_month_counts_what_came_and_what_came_of_it(make_tip: MakeTip, span: Span) -> None:
    closed = {"status": "CLOSED", "closed_on": today(timezone.now())}
    make_tip("wentzville-pd", priority="P1")
    make_tip("wentzville-pd", disposition="VICTIM_LOCATED", **closed)
    make_tip("wentzville-pd", disposition="UNFOUNDED", **closed)
    Tip.objects.update(priority="P1")
    figures: dict[str, Any] = {**count(span, now=timezone.now())}
    assert figures["came"] == (3, None)
    assert figures["came_p1"] == (3, None)
    assert figures["victim_located"] == (1, 3)
    assert figures["actionable"] == (1, 3)
    assert figures["rule_R3"] == (3, 3)
    assert figures["closed"] == (2, 3)


def test_a_purged_tip_stays_in_the_month_in_which_it_came(make_tip: MakeTip) -> None:
    now = timezone.now()
    make_tip("wentzville-pd")
    tip = make_tip(
        "wentzville-pd",
        status="CLOSED",
        disposition="SPAM",
        closed_on=today(now) - timedelta(days=40),
    )
    tip.hand_offs.update(state="CLOSED", disposition="SPAM")
    came = now.replace(day=15, hour=12) - timedelta(days=62)
    Tip.objects.filter(pk=tip.pk).update(submitted_hour=came, routed_at=came)
    span = Span.of(today(came))
    assert count(span, now=now)["spam"] == (1, 1)
    assert count(span, now=now)["overdue"] == (1, None)
    retain.purge_due(now=now, limit=10)
    after = count(span, now=now)
    assert (after["came"], after["spam"], after["purged"]) == ((1, None), (1, 1), (1, 1))
    assert after["overdue"] == (0, None)


def test_looking_answering_and_passing_on(make_tip: MakeTip, span: Span) -> None:
    now = timezone.now()
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=now)
    seen, unseen = make_tip("wentzville-pd", "ofallon-pd"), make_tip("wentzville-pd")
    Tip.objects.update(priority="P2", routed_at=now - timedelta(hours=1))
    audit.record("tip.read", actor="ann", now=now, subject=seen.reference)
    audit.record("tip.read", actor="bot (token 1)", now=now, subject=unseen.reference)
    first = HandOff.objects.filter(tip=seen).order_by("pk")
    first.filter(is_primary=True).update(state="ACKNOWLEDGED", acknowledged_at=now)
    first.filter(is_primary=False).update(state="DECLINED")
    audit.record(
        "hand_off.declined", actor="ann", now=now, subject=seen.reference, reason="OTHER_AREA"
    )
    figures: dict[str, Any] = {**count(span, now=now)}
    assert figures["seen_p2"] == (1, 1)
    assert figures["unseen"] == (1, 2)
    assert figures["seen_half"] == (None, 1)
    assert figures["answered_in_time"] == (1, 1)
    assert figures["unanswered"] == (1, 3)
    assert figures["declined"] == (1, 3)
    assert figures["wrong_area"] == (1, 3)
    assert figures["reads"] == (1, None)


def test_opened_and_nothing_done_is_told_after_a_day(make_tip: MakeTip, span: Span) -> None:
    now = span.begins + timedelta(days=5)
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=now)
    idle, busy = make_tip("wentzville-pd"), make_tip("wentzville-pd")
    for tip in (idle, busy):
        audit.record("tip.read", actor="ann", now=now, subject=tip.reference)
    later = now + timedelta(hours=3)
    audit.record("note.written", actor="ann", now=later, subject=busy.reference)
    assert count(span, now=now + timedelta(days=2))["idle_reads"] == (1, 2)
    assert count(span, now=now + timedelta(hours=5))["idle_reads"] == (0, 0)


def test_months_are_counted_once_a_day_and_no_more_when_they_are_old(make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    Tip.objects.filter(pk=tip.pk).update(submitted_hour=datetime(2026, 1, 10, tzinfo=UTC))
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert [one.first.month for one in months.due(now=now)] == [3, 2, 1]
    assert months.count_due(now=now) == 3
    assert months.count_due(now=now + timedelta(hours=2)) == 0
    assert len(months.due(now=now + timedelta(days=1))) == 3
    late = datetime(2026, 6, 3, 12, tzinfo=UTC)
    while months.count_due(now=late):
        pass
    closed = MonthFigures.objects.filter(closed=True).values_list("month", flat=True)
    assert [one.month for one in closed.order_by("month")] == [1, 2]
    assert [one.first.month for one in months.due(now=late + timedelta(days=1))] == [6, 5, 4, 3]


@pytest.mark.parametrize(
    ("unit", "told", "words"),
    [
        (Unit.PART, (3, 12), "3 of 12"),
        (Unit.PART, (5, 20), "5 of 20 (25 %)"),
        (Unit.PART, (0, 0), "–"),
        (Unit.COUNT, (1234, None), "1,234"),
        (Unit.MINUTES, (12.4, 9), "12 min"),
        (Unit.MINUTES, (150, 9), "2.5 h"),
        (Unit.MINUTES, (4320, 9), "3.0 d"),
        (Unit.MINUTES, (None, 2), "–"),
        (Unit.EACH, (2.3, 4), "2.3 on 4"),
    ],
)
def test_a_figure_is_said_as_it_is_known(unit: Unit, told: months.Told, words: str) -> None:
    assert said(unit, told) == words


def test_the_board_reads_figures_and_sees_no_tip(make_tip: MakeTip, log_on: LogOn) -> None:
    tip = make_tip("wentzville-pd")
    months.count_due(now=timezone.now())
    board: Client = log_on(Role.BOARD, name="bo")
    assert board.get("/").headers["Location"] == "/figures/"
    page = board.get("/figures/").content.decode()
    assert "INTERNAL." in page
    assert tip.reference not in page
    assert board.get(f"/tips/{tip.reference}/").status_code == 403
    assert AuditEntry.objects.filter(act="figures.read", actor="bo").count() == 1


def test_the_csv_says_every_figure_with_its_marking(make_tip: MakeTip, log_on: LogOn) -> None:
    make_tip("wentzville-pd")
    months.count_due(now=timezone.now())
    answer = log_on(Role.SUPERVISOR, name="sue").get("/figures/months.csv?months=12")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {one["figure"] for one in lines} >= {kind.code for kind in KINDS}
    assert {one["marking"][:8] for one in lines} == {"INTERNAL"}
    assert AuditEntry.objects.filter(act="figures.exported", actor="sue").count() == 1


def test_the_page_is_read_in_spanish_and_what_leaves_the_desk_in_english(
    make_tip: MakeTip, log_on: LogOn
) -> None:
    make_tip("regional-triage", rule="R3")
    months.count_due(now=timezone.now())
    sue = log_on(Role.SUPERVISOR, name="sue")
    sue.post("/preferences/", {"language": "es"})
    page = said_by(sue.get("/figures/").content.decode())
    for kind in KINDS:
        if len(kind.title) > 6:
            assert kind.title not in page, kind.title
    for words in ("Qué llegó", "R3: Fuerza, engaño o presión", "0 de 1", "aún se cuenta"):
        assert words in page, words
    leaves = sue.get("/figures/months.csv").content.decode()
    assert "Half were opened within" in leaves
    assert "R3: Force, fraud or coercion" in leaves


def test_the_pdf_says_every_figure_and_can_be_read_aloud(make_tip: MakeTip, log_on: LogOn) -> None:
    make_tip("wentzville-pd")
    months.count_due(now=timezone.now())
    answer = log_on(Role.BOARD, name="bo").get("/figures/months.pdf?months=12")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert AuditEntry.objects.filter(act="figures.exported", actor="bo").count() == 1
    text = " ".join(text_of(answer.content).split())
    shown = report(list(MonthFigures.objects.order_by("-month")))
    for section in shown.sections:
        assert section.title in text
        for one in section.lines:
            assert one.title in text
            assert all(cell in text for cell in one.cells)
    assert tagged.problems_of(answer.content, pikepdf) == []
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        tree = tagged.tree_of(opened, pikepdf)
        pages = len(opened.pages)
    assert tree.count("/TH") >= 2 * len(shown.sections)
    assert tree.count("/TR") >= sum(len(one.lines) for one in shown.sections)
    assert shown.names[0] in tree.alts[0]
    for number, page in enumerate(tagged.texts_of(answer.content), start=1):
        assert "INTERNAL. Figures of the whole house" in page
        assert "TLP:AMBER+STRICT" in page
        assert f"{number} of {pages}" in page


@pytest.mark.parametrize("many", [0, 1, 24])
def test_the_pdf_holds_any_number_of_months(many: int) -> None:
    counted = datetime(2026, 2, 1, tzinfo=UTC)
    rows = [
        MonthFigures(
            month=datetime(2024 + at // 12, at % 12 + 1, 1, tzinfo=UTC).date(),
            counted_at=counted,
            figures={kind.code: [1234, 5678] for kind in KINDS} | {'rule_#panic("no")': [1, 2]},
        )
        for at in reversed(range(many))
    ]
    job = sheets(report(rows), installation="https://desk.example", made_at=counted)
    made = typeset(job.template, job.values, job.files, made_at=counted)
    assert made.accessible
    assert tagged.problems_of(made.pdf, pikepdf) == []
    text = text_of(made.pdf)
    assert text.count("1,234 of 5,678 (22 %)") >= many * len(
        [kind for kind in KINDS if kind.unit == Unit.PART]
    )
    assert ('#panic("no")' in text) == bool(many)
    assert ("No month is counted yet" in text) == (not many)


def test_a_rule_that_reads_like_a_formula_stays_text() -> None:
    row = MonthFigures(
        month=datetime(2026, 1, 1, tzinfo=UTC).date(),
        counted_at=datetime(2026, 2, 1, tzinfo=UTC),
        figures={"rule_=1+1": [1, 2]},
    )
    assert read(row.figures) == {"rule_=1+1": (1, 2)}
    assert any(",'=1+1: " in line for line in csv_lines([row]))


def test_what_is_published_is_judged_and_a_broken_table_refused(tmp_path: Path) -> None:
    judged = list(checks.run(tmp_path, now=datetime(2026, 1, 1, tzinfo=UTC)))
    assert [one for one in judged if one.problems] == []
    assert {one.format for one in judged} >= {checks.NUMBERS, checks.MONTHS, checks.DRAWING}
    numbers = tmp_path / checks.NUMBERS
    numbers.write_bytes(numbers.read_bytes() + b"2020,Q1,=1+1,1,one cell too many\r\n")
    assert checks._frictionless(numbers)
    assert checks._formulas(numbers) == ["'=1+1' is a formula"]
    drawing = tmp_path / checks.DRAWING
    silent = re.sub(r"(</?)desc", r"\1text", drawing.read_text("utf-8"))
    drawing.write_text(silent, "utf-8")
    assert checks._spoken(drawing) == ["no desc"]
