"""The page of benchmarks: what `make bench` writes, and what it leaves alone."""

from datetime import UTC, datetime

import pytest

from bench import __main__ as bench

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
RAN = [
    bench.Ran(
        "limits",
        "python -m bench.limits 10 16",
        ("whole tips, 16 clients  200.0/s", "whole tips / a view that does nothing:  0.100"),
        12.0,
    ),
    bench.Ran(
        "scrub", "python -m bench.scrub 300", ("No corpus.",), 1.0, "ended with exit code 1"
    ),
]


def made() -> str:
    return bench.page(RAN, now=NOW, command="python -m bench --write", machine="a machine")


def test_the_page_has_date_machine_command_and_the_ratios_first() -> None:
    text = made()
    assert "2026-11-14 15:30 UTC: `python -m bench --write`" in text
    assert "on a machine" in text
    assert "`python -m bench.limits 10 16`" in text
    assert text.index("whole tips / a view") < text.index("## limits")


def test_a_benchmark_that_failed_is_said_to_have_failed() -> None:
    assert "**ended with exit code 1**: No corpus." in made()


def test_what_people_wrote_around_it_stays() -> None:
    page = f"# Benchmarks\n\nBefore.\n\n{bench.BEGIN}\nold\n{bench.END}\n\n## Soak\n\nAfter.\n"
    text = bench.put_into(page, made())
    assert text.startswith("# Benchmarks\n\nBefore.\n\n")
    assert text.endswith("\n\n## Soak\n\nAfter.\n")
    assert "old" not in text
    assert bench.put_into(text, made()) == text


def test_a_page_without_its_end_is_not_overwritten() -> None:
    with pytest.raises(SystemExit, match="Put it back"):
        bench.put_into(f"{bench.BEGIN}\nall that follows", made())


def test_the_progress_of_a_bar_is_not_kept() -> None:
    assert bench.plain(["\r10 tips\r20 tips, 1 s\n", "\n", "done\n"]) == ("20 tips, 1 s", "done")


def test_every_size_is_of_a_benchmark_that_there_is() -> None:
    assert set(bench.SIZES) <= set(bench.NAMES)


def test_what_takes_long_is_given_its_time() -> None:
    assert bench.patience("scrub", whole=False) == bench.PATIENCE[False]
    assert {bench.patience(name, whole=True) for name in bench.APART} == {None}
