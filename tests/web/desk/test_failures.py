import logging

import pytest
from django.test import Client

from tests.web.desk.conftest import MakeTip
from tipintake.web.desk import tip as tip_page


def test_a_page_that_breaks_says_so_and_the_log_knows_where_but_not_what(
    triage: Client,
    make_tip: MakeTip,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def breaks(*_arguments: object) -> None:
        raise RuntimeError("the gray van and the zebra")

    monkeypatch.setattr(tip_page, "why_here", breaks)
    triage.raise_request_exception = False
    answer = triage.get(f"/tips/{make_tip('regional-triage').reference}/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "Something broke on our side" in page
    assert "zebra" not in page
    shown = [logging.getLogger().handlers[0].format(one) for one in caplog.records]
    assert any("desk.failed" in one for one in shown)
    printed = capfd.readouterr()
    assert "zebra" not in printed.out + printed.err


def test_an_unknown_address_is_answered_in_the_look_of_the_desk(client: Client, db: None) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "desk.css" in answer.content.decode()
