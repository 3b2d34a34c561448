"""Log lines and error reports say what happened, not what was written."""

import logging
import sys
from contextlib import suppress
from types import TracebackType

import pytest
from django.test import RequestFactory

from tipintake.door.quiet import QuietFilter, QuietFormatter, QuietReporter

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def raised() -> ExcInfo:
    narrative = "canary-local"
    try:
        raise KeyError(narrative) from ValueError("canary-cause")
    except KeyError as error:
        return type(error), error, error.__traceback__


def record(name: str, message: str, *args: object, exc_info: ExcInfo | None = None) -> str:
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, exc_info)
    with suppress(TypeError):
        logging.Formatter().format(made)  # caches the talkative traceback on the record
    return QuietFormatter("%(levelname)s %(name)s %(message)s").format(made)


def test_a_traceback_names_places_and_the_type_but_no_message() -> None:
    line = record("tipintake.door", "door.failed", exc_info=raised())
    assert "canary" not in line
    assert "builtins.KeyError" in line
    assert "in raised" in line


def test_our_own_lines_are_printed_whole() -> None:
    assert record("tipintake.pipeline", "tip.kept %s", "T-4K7P-29QD").endswith(
        "tip.kept T-4K7P-29QD"
    )


@pytest.mark.parametrize("message", ["cannot take %s", "%r is wrong", "%.20s"])
def test_somebody_elses_lines_lose_what_they_were_handed(message: str) -> None:
    line = record("django.request", message, "canary-path")
    assert "canary" not in line
    assert "<str>" in line


def test_a_line_that_does_not_fit_its_values_is_printed_without_them() -> None:
    assert "canary" not in record("celery", "took %d of %s", "canary-one", "canary-two")
    assert "canary" not in record("celery", "took %s of %s", "canary-one")
    assert not logging.raiseExceptions


def test_numbers_in_somebody_elses_lines_stay() -> None:
    assert "in 5 of 2.50" in record("celery", "in %d of %.2f", 5, 2.5)
    named = record("celery", "%(name)s took %(s)d", {"name": "canary", "s": 4})
    assert named.endswith("<str> took 4")


def test_error_reports_hold_no_message_locals_settings_or_request() -> None:
    request = RequestFactory().post("/x?who=canary", {"a": "canary"}, HTTP_COOKIE="a=canary")
    reporter = QuietReporter(request, *raised())
    told = repr(reporter.get_traceback_data()) + reporter.get_traceback_html()
    assert "canary" not in told
    assert "KeyError" in told
    quiet = QuietFilter()
    frame = sys._getframe()
    assert not quiet.get_post_parameters(request)
    assert not quiet.get_safe_request_meta(request)
    assert not quiet.get_safe_cookies(request)
    assert not quiet.get_safe_settings()
    assert not list(quiet.get_traceback_frame_variables(request, frame))
