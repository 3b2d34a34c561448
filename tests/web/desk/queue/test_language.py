"""The words of the queue's box, as they are read and written again."""

import pytest

from tipintake.web.desk.queue.language import parse


@pytest.mark.parametrize("text", ['city:"a,b"', 'city:"st. louis"', "city:a,b", '-"Sunset Inn"'])
def test_what_was_understood_is_written_so_that_it_is_understood_again(text: str) -> None:
    """A kept view, or a page without one of its words, asks by what stands there."""
    asked = parse(text, ("city",))
    assert not asked.problems
    assert parse(str(asked), ("city",)) == asked
