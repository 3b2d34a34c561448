"""Only where pictures may be sent, and as they are sent there, may a body be large."""

import pytest
from django.conf import settings
from django.test import RequestFactory

from tipintake.door.bodies import (
    PICTURES_IN_ALL,
    PICTURES_IN_JSON,
    READ_THROUGH,
    is_too_large,
    limits_of,
    readable_type,
)
from tipintake.privacy.attachments import LARGEST_FILE

FORM = "multipart/form-data; boundary=x"
JSON = "application/json"
PLAIN_FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path", "kind", "most"),
    [
        ("POST", "/r/all/", FORM, READ_THROUGH),
        ("POST", "/es/r/all/", FORM, READ_THROUGH),
        ("POST", "/api/v1/tips", JSON, PICTURES_IN_JSON),
        ("POST", "/api/v1/tips/preview", "Application/JSON; charset=utf-8", PICTURES_IN_JSON),
        ("POST", "/r/all/", PLAIN_FORM, None),
        ("POST", "/api/v1/tips", FORM, None),
        ("POST", "/api/v1/tips/status", JSON, None),
        ("POST", "/back/", FORM, READ_THROUGH),
        ("POST", "/es/back/", FORM, READ_THROUGH),
        ("POST", "/api/v1/tips/messages", JSON, PICTURES_IN_JSON),
        ("POST", "/back/", PLAIN_FORM, None),
        ("POST", "/back/x", FORM, None),
        ("POST", "/r/all/x", FORM, None),
        ("POST", "/", FORM, None),
        ("PUT", "/api/v1/tips", JSON, None),
    ],
)
def test_each_address_has_its_own_limit(
    method: str, path: str, kind: str, most: int | None
) -> None:
    limit = most or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    for length, refused in ((limit, False), (limit + 1, True)):
        request = RequestFactory().generic(method, path, b"", kind)
        request.META |= {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}
        assert is_too_large(request) is refused


def test_what_is_held_at_once_is_what_a_tip_may_have() -> None:
    request = RequestFactory().generic("POST", "/r/all/", b"x", FORM)
    most, in_memory = limits_of(request)
    assert LARGEST_FILE < PICTURES_IN_ALL < in_memory < PICTURES_IN_ALL * 1.1 < most


@pytest.mark.parametrize("name", ["rot13", "idna", '"punycode"', "undefined", "utf-16", "UTF-8"])
def test_no_charset_breaks_a_request_before_it_is_one(name: str) -> None:
    kind = readable_type(f"text/plain; charset={name}; boundary=x")
    assert kind.endswith("boundary=x")
    asked = RequestFactory().get("/?a=b%FF\xff", CONTENT_TYPE=kind)
    assert asked.GET
