"""Logs and tracebacks that say what happened, never what a resident wrote."""

import logging
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class QuietFormatter(logging.Formatter):
    """A traceback keeps its frames and the exception's type; its message may quote input."""

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind, _, trace = ei
        if kind is None:
            return ""
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_qualname}")
            trace = trace.tb_next
        return "\n".join([*places, f"{kind.__module__}.{kind.__qualname__}"])


class QuietFilter(SafeExceptionReporterFilter):
    """Hides everything of a request."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:  # noqa: ARG002
        return {}


class QuietReporter(ExceptionReporter):
    """Reports no locals, no settings and no request."""

    def get_traceback_data(self) -> dict[str, Any]:
        kind = self.exc_type
        return {"exception_type": kind.__qualname__ if kind else "", "frames": []}

    def get_traceback_text(self) -> str:
        return f"{self.exc_type.__qualname__ if self.exc_type else ''}\n"

    def get_traceback_html(self) -> str:
        return self.get_traceback_text()
