"""What the session table holds of tips: nothing in clear."""

import base64
import re
import zlib

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.web.desk.conftest import MakeTip, See, said_by, version
from tipintake.tips.models import Tip
from tipintake.triage.models import Tag


def kept() -> str:
    """Every session, as somebody reads it who has the table."""
    said = []
    for one in Session.objects.all():
        data = one.session_data.split(":")[0]
        raw = base64.urlsafe_b64decode(data.lstrip(".") + "===")
        said.append((zlib.decompress(raw) if data.startswith(".") else raw).decode())
    return " ".join(said)


@pytest.fixture
def tips(make_tip: MakeTip, see: See) -> tuple[Tip, Tip]:
    Tag.objects.create(code="hotel", label="Hotel")
    one, other = make_tip("regional-triage"), make_tip("regional-triage")
    see(one)
    return one, other


def test_what_the_queue_was_asked_is_known_and_not_in_clear(
    triage: Client, tips: tuple[Tip, Tip]
) -> None:
    assert triage.get("/queue/?q=plate:7KX4A2").status_code == 200
    assert '"queue"' in kept()
    assert "7KX4" not in kept()
    page = triage.get(f"/tips/{tips[0].reference}/").content.decode()
    assert "/queue/?q=plate%3A7KX4A2" in page


def test_messages_offers_and_results_are_not_in_clear(
    triage: Client, tips: tuple[Tip, Tip]
) -> None:
    one, other = tips
    form = {"tag": "hotel", "version": version(one)}
    assert triage.post(f"/tips/{one.reference}/do/tag/", form).status_code == 302
    assert "_messages" in kept()
    chosen = [f"{tip.reference}:{version(tip)}" for tip in tips]
    triage.post("/queue/act/", {"act": "assign-me", "tip": chosen})
    said = kept()
    assert '"results"' in said
    assert '"undo"' in said
    assert not re.search(r"T-[0-9A-Z]{4}-[0-9A-Z]{4}", said)
    html = triage.get("/queue/").content.decode()
    page = said_by(html)
    assert 'action="/queue/undo/' in html
    assert f"{one.reference}: " in page
    assert f"{other.reference} Assigned to you." in page


def test_a_session_from_before_opens(triage: Client, tips: tuple[Tip, Tip]) -> None:
    session = triage.session
    session["queue"], session["results"] = "plate:7KX4A2", [["T-1111-2222", True, "x"]]
    session["undo"] = {"together": "x", "said": "x", "until": 9e9}
    session.save()
    answer = triage.get(f"/tips/{tips[0].reference}/")
    assert answer.status_code == 200
    assert "7KX4A2" not in said_by(answer.content.decode()).partition("Vehicles")[0]
