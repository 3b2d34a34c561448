"""Logs and tracebacks that say what happened, never what a resident wrote.

A line of our own loggers names an event, codes and references, and is printed whole. A line of
anybody else's logger may quote what it was handed: its values are replaced by their types.
"""

import json
import logging
from collections.abc import ItemsView, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

OWN_LOGGERS = ("tipintake", "reports", "config")

# When a line cannot be written, Python would print its arguments to the error output.
logging.raiseExceptions = False

_ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class QuietFormatter(logging.Formatter):
    """A traceback keeps its frames and the exception's type; its message may quote input."""

    def format(self, record: logging.LogRecord) -> str:
        # A copy: another handler may have cached the talkative traceback on the record.
        quiet = logging.makeLogRecord(record.__dict__)
        quiet.exc_text = None
        if not _is_own(quiet.name):
            quiet.args = _without_values(quiet.args)
        try:
            return super().format(quiet)
        except (TypeError, ValueError, KeyError, IndexError):
            quiet.args = None
            return super().format(quiet)

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802
        kind, _, trace = ei
        if kind is None:
            return ""
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_qualname}")
            trace = trace.tb_next
        return "\n".join([*places, f"{kind.__module__}.{kind.__qualname__}"])

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        """Only the lines that name a place, not those that quote the source."""
        return "\n".join(
            line for line in stack_info.splitlines() if line.startswith(('  File "', "Stack"))
        )


class QuietJSON(QuietFormatter):
    """The same, one JSON object a line, for whoever collects logs."""

    def format(self, record: logging.LogRecord) -> str:
        whole = super().format(record)
        message, _, trace = whole.partition("\n")
        moment = datetime.fromtimestamp(record.created, tz=UTC)
        said = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": message.split(" ")[0],
            "says": message,
        }
        return json.dumps({**said, "trace": trace} if trace else said, ensure_ascii=True)


class QuietFilter(SafeExceptionReporterFilter):
    """Hides everything of a request and every local."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        tb_frame: Any,  # noqa: ARG002
    ) -> ItemsView[str, Any]:
        return {}.items()


class QuietReporter(ExceptionReporter):
    """Reports the exception's type: no message, locals, settings or request."""

    def get_traceback_data(self) -> dict[str, Any]:
        return {"exception_type": self._kind(), "frames": []}

    def get_traceback_text(self) -> SafeString:
        return SafeString(f"{self._kind()}\n")

    def get_traceback_html(self) -> SafeString:
        return self.get_traceback_text()

    def _kind(self) -> str:
        return self.exc_type.__qualname__ if self.exc_type else ""


def _is_own(logger: str) -> bool:
    return logger.partition(".")[0] in OWN_LOGGERS


class _Unsaid:
    """Stands for a value that is not said; prints its type."""

    def __init__(self, value: object) -> None:
        self._kind = type(value).__name__

    def __str__(self) -> str:
        return f"<{self._kind}>"

    __repr__ = __str__


def _without_values(args: Any) -> Any:
    if isinstance(args, Mapping):
        return {name: _unsaid(value) for name, value in args.items()}
    if isinstance(args, tuple):
        return tuple(_unsaid(value) for value in args)
    return args


def _unsaid(value: object) -> object:
    """Numbers stay: a format such as %d takes nothing else."""
    return value if isinstance(value, int | float) else _Unsaid(value)
