"""Our lines are those of the standard writer."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from reports.lines import line

CELLS = st.text(max_size=12) | st.sampled_from([",", '"', "\n", "\r", "a,b", 'say "no"', ""])


@given(st.lists(CELLS, min_size=2))
def test_a_line_is_written_as_the_standard_writer_does(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    assert f"{line(cells)}\r\n" == out.getvalue()
