"""The page about exports lists every column as the law has it."""

from pathlib import Path

from reports.scope import column_lines

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "exports.md"


def test_every_column_is_documented_as_it_is() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith("| `tips.reference`"))
    assert lines[first:] == column_lines()
