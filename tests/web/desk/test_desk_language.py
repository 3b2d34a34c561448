"""The desk speaks the language that each person chose; what stays English was never marked."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.web.desk.conftest import KINDS, LogOn, MakeTip, See, act, said_by
from tests.web.residents import Page
from tests.web.site.test_pseudo import unmarked
from tipintake.delivery.models import HandOff
from tipintake.routing.policy.rulebook import FIRST
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


PATHS = (
    *("/", "/queue/", "/lines/wentzville-pd/", "/search/", "/map/", "/calls/", "/supervision/"),
    *("/preferences/", "/queue/keys/", "/me/", "/take/", "/delivery/", "/people/", "/operation/"),
    *("/exports/new/", "/queue/complete/?q=is:", "/support/"),
)
# Names of things, commands and addresses, which are the same in every language.
SAME = (
    *("wentzville-pd", "wentzville-mo", "CSV", "PDF", "ADMIN", "app", "/readyz", "/metrics"),
    *("manage.py contact add", "STAFF_SUPPORT", "AUDIT_DIGEST_TO", "audit.read", "English"),
    *("is:", "sweep", "routing", "notices", "exporter", "backup", "broker"),
)


def with_titles(page: Page) -> Page:
    """What a pointer that rests there shows, and what figures are called, are read too."""
    page.said += [page.title, *(given["title"] for _tag, given in page.tags if "title" in given)]
    return page


def test_no_page_of_the_desk_says_an_unmarked_word(
    log_on: LogOn, tip: Tip, make_tip: MakeTip, nobodys: None
) -> None:
    place_not_known = make_tip("wentzville-pd")
    place_not_known.decisions.update(jurisdiction="", place={})
    every_role = log_on(*Role, name="triage", lines=("wentzville-pd", "regional-triage"))
    names = [name for name, *_more in KINDS.values()]
    titles = [rule.title for rule in FIRST.rules]
    known = [*titles, *names, *BOX, *STATES, *OF_THE_TIP, *SAME, "MO 7KX4?2", "R3", "triage"]
    known += [tip.reference, place_not_known.reference]
    left = {path: unmarked(with_titles(Page(every_role.get(path))), *known) for path in PATHS}
    # Single keys and codes such as P1 are names, not words.
    found = {path: [one for one in words if len(one) > 2] for path, words in left.items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_what_was_done_and_why_not_is_said_in_spanish(log_on: LogOn, tip: Tip) -> None:
    kim = log_on(Role.ANALYST, name="kim", lines=("wentzville-pd", "regional-triage"))
    kim.post("/preferences/", {"language": "es"})
    deed = f"/tips/{tip.reference}/do/"
    done = kim.post(f"{deed}assign-me/", {"version": tip.version}, follow=True)
    said = said_by(done.content.decode())
    assert f"{tip.reference}: Asignado a usted. Deshacer Asignado a usted. durante" in said
    tip.refresh_from_db()
    again = kim.post(f"{deed}assign-me/", {"version": tip.version}).content.decode()
    assert "Ya está asignado a kim." in said_by(again)
    late = kim.post(f"{deed}assign-me/", {"version": tip.version - 1}).content.decode()
    assert "Otra persona actuó en este reporte mientras usted lo miraba." in said_by(late)
    page = said_by(kim.get(f"/tips/{tip.reference}/").content.decode())
    assert "Asignado a kim" in page
    assert "El estado pasó a asignado" in page
    assert "Cada viernes y sábado, desde las 22:00 más o menos" in page
    asked = said_by(kim.get("/queue/?q=is:lost").content.decode())
    assert "«lost» no se conoce aquí." in asked
    found = said_by(kim.get("/search/?city=Wentzville").content.decode())
    assert "Ciudad Wentzville" in found
    assert "Asignado" in found
    assert "Assigned" not in found


def test_holds_and_what_came_of_it_are_said_in_spanish(
    log_on: LogOn, tip: Tip, triage: Client
) -> None:
    kim = log_on(Role.SUPERVISOR, name="kim", lines=("wentzville-pd", "regional-triage"))
    kim.post("/preferences/", {"language": "es"})
    there = f"/tips/{tip.reference}/"
    triage.post(f"{there}hold/", {"version": tip.version, "reason": "COURT_ORDER"})
    said = said_by(kim.get(there).content.decode())
    assert "Orden judicial o citación. Nada lo borra." in said
    assert "Retención legal: orden judicial o citación" in said
    tip.refresh_from_db()
    triage.post(f"{there}do/close/", {"version": tip.version, "disposition": "INSUFFICIENT"})
    shown = said_by(kim.get(there).content.decode())
    assert "Demasiado poco para actuar" in shown
    assert "Too little" not in shown


def test_reasons_hints_and_what_closing_means_are_said_in_spanish(
    triage: Client, tip: Tip
) -> None:
    reason, spanish = next(iter(FIRST.in_spanish.items()))
    HandOff.objects.filter(tip=tip).update(because=reason)
    triage.post("/preferences/", {"language": "es"})
    queue = triage.get("/queue/").content.decode()
    assert spanish in queue
    assert reason not in queue
    said = said_by(triage.get("/queue/?q=line:wentzvile").content.decode())
    assert "¿Quiso decir «line:wentzville-pd»?" in said
    act(triage, tip, "wentzville-pd", "acknowledge")
    page = said_by(triage.get(f"/tips/{tip.reference}/").content.decode())
    assert "Se averiguó, y no era así. Se guarda 30 días desde el cierre." in page
    assert "from closing" not in page
    assert "when it came" not in page


def test_why_a_tip_is_here_is_said_in_spanish(triage: Client, tip: Tip) -> None:
    reason, spanish = next(iter(FIRST.in_spanish.items()))
    kept = (
        f"{reason} The place is in St. Louis County, by highway and exit and by ZIP code; which "
        "police serve it is not known. A sentence of another release."
    )
    said = (
        f"{spanish} El lugar está en St. Louis County, por la autopista y la salida y por el "
        "código postal (ZIP); no se sabe qué policía lo atiende. A sentence of another release."
    )
    tip.decisions.update(because=kept)

    def pages() -> list[str]:
        whole = triage.get(f"/tips/{tip.reference}/")
        part = triage.get(f"/tips/{tip.reference}/beside/", headers={"HX-Request": "true"})
        return [said_by(one.content.decode()) for one in (whole, part)]

    assert all(kept in page for page in pages())
    triage.post("/preferences/", {"language": "es"})
    assert all(said in page and "The place is" not in page for page in pages())


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
