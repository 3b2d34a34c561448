"""`manage.py scrub --jsonl` as other programs use it."""

import io
import json
import sys
from typing import Any

import pytest
from django.core.management import call_command


class Lines(io.TextIOWrapper):
    def __init__(self, *lines: str) -> None:
        super().__init__(io.BytesIO("\n".join(lines).encode()))


def answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *lines: str
) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", Lines(*lines))
    call_command("scrub", "--jsonl")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_answer_a_line_in_the_same_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    got = answers(
        monkeypatch,
        capsys,
        json.dumps({"id": "a", "text": "Call me at 314-555-0163."}),
        json.dumps({"id": "b", "text": "x 314-555-0142", "fields": {"ad_phones": ["3145550142"]}}),
    )
    assert [row["id"] for row in got] == ["a", "b"]
    assert "0163" not in got[0]["text"]
    assert got[1]["text"] == "x 314-555-0142"
    assert set(got[0]["findings"][0]) == {"start", "end", "verdict", "kind", "rule"}


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[1]",
        '{"id": "c"}',
        '{"id": "c", "text": 5}',
        '{"id": "c", "text": "t", "lang": 5}',
        '{"id": "c", "text": "t", "fields": []}',
        '{"id": "c", "text": "t", "fields": {"plates": [1]}}',
    ],
)
def test_a_bad_line_gives_a_sentence_and_the_next_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    bad, good = answers(monkeypatch, capsys, line, '{"id": "d", "text": "ok"}')
    assert bad["error"].endswith(".")
    assert good == {"id": "d", "text": "ok", "findings": []}
