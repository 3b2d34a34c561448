"""What can go wrong while a request is served, on the word of the request itself."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import tipintake.api.views
import tipintake.pipeline.submit
import tipintake.web.status.views

BREAKS_SCRUBBER, BREAKS_STORE = "BRK 5CR", "BRK 5T0"  # plates
GIVEN = {"FAULTY_LEAKS": "", "FAULTY_RECEIPT": "", **os.environ}
LEAKS, RECEIPT = GIVEN["FAULTY_LEAKS"], GIVEN["FAULTY_RECEIPT"]

Function = Callable[..., Any]


def begin() -> None:
    submit: Any = tipintake.pipeline.submit
    submit.clean = _breaks(submit.clean, BREAKS_SCRUBBER, lambda draft: draft)
    submit.store = _breaks(submit.store, BREAKS_STORE, lambda cleaned: cleaned.draft)
    doors: list[Any] = [tipintake.api.views, tipintake.web.status.views]
    for views in doors:
        views.status_of = _refuses(views.status_of)


def _breaks(function: Function, plate: str, draft_of: Function) -> Function:
    """Does its work, and then leaks what it was given, or raises it for this plate."""

    def broken(subject: Any, *args: Any, **kwargs: Any) -> Any:
        done = function(subject, *args, **kwargs)
        draft = draft_of(subject)
        _leak(draft.narrative)
        if any(vehicle.plate_raw == plate for vehicle in draft.vehicles):
            raise ValueError(draft.narrative, draft.vehicles)
        return done

    return broken


def _refuses(function: Function) -> Function:
    def broken(code: Any) -> Any:
        if code.pretty == RECEIPT:
            raise LookupError(code.pretty)
        return function(code)

    return broken


def _leak(text: str) -> None:
    if LEAKS == "log":
        logging.getLogger("tipintake.careless").warning("kept: %s", text)
    elif LEAKS == "temporary file":
        with (Path(gettempdir()) / "careless.txt").open("a") as file:
            file.write(text)
