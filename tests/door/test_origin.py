import pytest
from django.test import RequestFactory

from tipintake.door.origin import is_foreign


@pytest.mark.parametrize(
    ("said", "foreign"),
    [
        ("cross-site", True),
        ("same-site", True),
        ("Cross-Site", True),
        ("same-origin", False),
        ("none", False),
        (None, False),
        ("", False),
    ],
)
def test_another_sites_page_cannot_send_the_form(said: str | None, foreign: bool) -> None:
    request = RequestFactory().post("/r/all/")
    if said is not None:
        request.META["HTTP_SEC_FETCH_SITE"] = said
    assert is_foreign(request) is foreign
