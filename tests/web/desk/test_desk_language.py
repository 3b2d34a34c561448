"""The desk speaks the language that each person chose; what stays English was never marked."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.web.desk.conftest import KINDS, LogOn, MakeTip, See, said_by
from tests.web.residents import Page
from tests.web.site.test_pseudo import unmarked
from tipintake.staff.models import User
from tipintake.staff.preferences import language_of, preferences_of
from tipintake.staff.roles import Role
from tipintake.tips import ncic
from tipintake.tips.models import Tip
from tipintake.web.desk.queue.facets import FACETS

# What is typed into the box is no sentence: it is the same in every language.
BOX = [
    "priority:P1,P2 -tag:hotel",
    *(one.example for one in FACETS.values()),
    *(word for one in FACETS.values() for word in one.values),
]
OF_THE_TIP = ["Sunset Inn", "room", "Wentzville", "I-70 exit", "Reason for wentzville-pd.", "P2"]
STATES = [one.label for one in ncic.codes("states")]


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd", "regional-triage", due_in=timedelta(hours=1))
    see(made)
    return made


@pytest.mark.parametrize("path", ["/", "/queue/", "/search/"])
def test_no_text_of_a_page_is_unmarked(path: str, tip: Tip, triage: Client, nobodys: None) -> None:
    page = Page(triage.get(path))
    names = [name for name, *_more in KINDS.values()]
    plates = ["MO 7KX4?2", "R3", "triage", tip.reference]
    left = unmarked(page, *names, *BOX, *STATES, *OF_THE_TIP, *plates)
    # Single keys and codes such as P1 are names, not words.
    assert [one for one in left if len(one) > 2] == []


def test_each_person_chooses_and_keeps_what_else_they_chose(triage: Client, tip: Tip) -> None:
    page = triage.post("/preferences/", {"language": "es", "blur": "1"}, follow=True)
    assert "Guardado. Vale desde la página siguiente." in said_by(page.content.decode())
    user = User.objects.get(username="triage")
    assert language_of(user) == "es"
    assert preferences_of(user)["greyscale"] is False
    queue = triage.get("/queue/").content.decode()
    assert '<html lang="es">' in queue
    assert "Todos los abiertos" in queue
    assert "Trata sexual" in queue or "Patrón en un lugar" in queue
    triage.post("/queue/keys/switch/", {"keys": "off"})
    user.refresh_from_db()
    assert language_of(user) == "es", "other choices leave the language alone"
    triage.post("/preferences/", {"language": "xx"})
    user.refresh_from_db()
    assert language_of(user) == "es"
    triage.post("/preferences/", {"language": "en"})
    assert '<html lang="en">' in triage.get("/queue/").content.decode()


def test_a_tip_is_read_in_spanish_and_its_words_stay_their_own(log_on: LogOn, tip: Tip) -> None:
    kim = log_on(Role.ANALYST, name="kim", lines=("wentzville-pd",))
    kim.post("/preferences/", {"language": "es"})
    page = kim.get(f"/tips/{tip.reference}/").content.decode()
    for said in ("En sus palabras", "Por qué aquí", "De quién es", "Acusar recibo"):
        assert said in page
    assert "took their phones" in page
    assert "Queue" not in kim.get("/").content.decode().partition("<main")[0]
