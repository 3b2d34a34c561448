"""The desk's most used pages in a language that nobody speaks: what is in English was not marked."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.web.desk.conftest import MakeTip, See
from tests.web.residents import Page
from tests.web.site.test_pseudo import unmarked
from tipintake.tips.models import Tip


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd", "regional-triage", due_in=timedelta(hours=1))
    see(made)
    return made


@pytest.mark.parametrize(
    "path", ["/queue/", "/", "/lines/wentzville-pd/", "/search/", "/tips/{}/"]
)
def test_no_text_of_a_page_is_unmarked(path: str, tip: Tip, triage: Client, nobodys: None) -> None:
    page = Page(triage.get(path.format(tip.reference)))
    import sys

    print("LEFT", path, " ".join(unmarked(page)), file=sys.stderr)
    assert unmarked(page) == []
