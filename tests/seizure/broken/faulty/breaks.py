"""What can go wrong while a request is served, on the word of the request itself."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.conf import settings

import tipintake.api.returning
import tipintake.api.sending
import tipintake.door.pictures
import tipintake.pipeline.follow_up
import tipintake.pipeline.submit
import tipintake.staff.audit
import tipintake.web.status.views

BREAKS_SCRUBBER, BREAKS_STORE = "BRK 5CR", "BRK 5T0"  # plates
BREAKS_PICTURES = b"BRK P1C"  # at the end of a file
GIVEN = {"FAULTY_LEAKS": "", "FAULTY_RECEIPT": "", **os.environ}
LEAKS, RECEIPT = GIVEN["FAULTY_LEAKS"].split(", "), GIVEN["FAULTY_RECEIPT"]

Function = Callable[..., Any]


def begin() -> None:
    submit: Any = tipintake.pipeline.submit
    submit.clean = _breaks(submit.clean, BREAKS_SCRUBBER, lambda draft: draft)
    submit.store = _breaks(submit.store, BREAKS_STORE, lambda cleaned: cleaned.draft)
    follow_up: Any = tipintake.pipeline.follow_up
    follow_up.clean = _breaks(follow_up.clean, BREAKS_SCRUBBER, lambda draft: draft, "answer")
    follow_up.add = _breaks(follow_up.add, BREAKS_STORE, lambda cleaned: cleaned.draft, "answer")
    pictures: Any = tipintake.door.pictures
    pictures.sanitize = _breaks_on_file(pictures.sanitize)
    doors: list[Any] = [tipintake.api.returning, tipintake.web.status.views]
    for views in doors:
        views.status_of = _refuses(views.status_of)
    api: Any = tipintake.api.sending
    api.tip_values = _tells_what_it_refuses(api.tip_values)
    if "purge" in LEAKS:
        audit: Any = tipintake.staff.audit
        audit.forget = lambda _subject: 0


def _breaks(function: Function, plate: str, draft_of: Function, kind: str = "log") -> Function:
    """Does its work, and then leaks what it was given, or raises it for this plate."""

    def broken(subject: Any, *args: Any, **kwargs: Any) -> Any:
        done = function(subject, *args, **kwargs)
        draft = draft_of(subject)
        _leak(draft.narrative, kind)
        if any(vehicle.plate_raw == plate for vehicle in draft.vehicles):
            raise ValueError(draft.narrative, draft.vehicles)
        return done

    return broken


def _breaks_on_file(function: Function) -> Function:
    def broken(data: bytes, **kwargs: Any) -> Any:
        if data.endswith(BREAKS_PICTURES):
            raise ValueError(data)
        if "picture" in LEAKS:
            with (Path(gettempdir()) / "careless.bin").open("ab") as file:
                file.write(data)
        return function(data, **kwargs)

    return broken


def _refuses(function: Function) -> Function:
    def broken(code: Any, **how: Any) -> Any:
        if code.pretty == RECEIPT:
            raise LookupError(code.pretty)
        return function(code, **how)

    return broken


def _tells_what_it_refuses(function: Function) -> Function:
    def broken(body: Any) -> Any:
        try:
            return function(body)
        except Exception:
            if "refusal" in LEAKS:
                logging.getLogger("tipintake.careless").warning("refused: %s", body)
            raise

    return broken


def _leak(text: str, kind: str) -> None:
    if kind == "answer" and kind in LEAKS:
        logging.getLogger("tipintake.careless").warning("kept: %s", text)
    if kind == "log" and kind in LEAKS:
        _append(settings.HOME / "logs" / "careless.log", text)
    if kind == "log" and "temporary file" in LEAKS:
        _append(Path(gettempdir()) / "careless.txt", text)


def _append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)
