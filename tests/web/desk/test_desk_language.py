"""The desk speaks the language that each person chose; what stays English was never marked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

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
    *("/exports/new/", "/queue/complete/?q=is:", "/support/", "/exports/", "/exports/log/"),
    *("/figures/", "/numbers/", "/policies/", "/places/", "/held/", "/vault/", "/intelligence/"),
    *("/tokens/", "/directory/", "/directory/line/wentzville-pd/"),
    *("/me/password/", "/log-on/unlock/", "/map/?line=wentzville-pd&state=waiting"),
)
# Names of things, commands and addresses, which are the same in every language.
SAME = (
    *("wentzville-pd", "wentzville-mo", "CSV", "PDF", "ADMIN", "app", "/readyz", "/metrics"),
    *("manage.py contact add", "STAFF_SUPPORT", "AUDIT_DIGEST_TO", "audit.read", "English"),
    *("is:", "sweep", "steps", "routing", "notices", "exporter", "backup", "broker"),
    *("SHA-256", "Say who you are. Read the tip.", FIRST.title),
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
    known = [*names, *BOX, *STATES, *OF_THE_TIP, *SAME, "MO 7KX4?2", "R3", "triage"]
    known += [tip.reference, place_not_known.reference]
    left = {path: unmarked(with_titles(Page(every_role.get(path))), *known) for path in PATHS}
    # Single keys and codes such as P1 are names, not words.
    found = {path: [one for one in words if len(one) > 2] for path, words in left.items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_whatever_a_page_looks_up_stands_in_the_spanish_catalogue(
    log_on: LogOn, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a lower layer says in English is marked somewhere, and not only looked up."""
    every_role = log_on(*Role, name="triage", lines=("wentzville-pd", "regional-triage"))
    every_role.post("/preferences/", {"language": "es"})
    catalogue = trans_real.translation("es")._catalog  # type: ignore[attr-defined]
    said = {str(text) for _msgid, text in catalogue.items()}
    looked_up, finds = set(), trans_real.gettext

    def noting(text: str) -> str:
        found = finds(text)
        if str(found) == str(text) and trans_real.get_language() == "es":
            looked_up.add(str(text))
        return found

    for where in (vars(translation)["_trans"], trans_real):
        monkeypatch.setattr(where, "gettext", noting)
    for path in (*PATHS, "/queue/tags/", f"/tips/{tip.reference}/"):
        assert every_role.get(path).status_code == 200, path
    names = {name for name, *_more in KINDS.values()}
    of_this_test = re.compile(r"Reason for .*|Sentence of R3\.|\W*[A-Z\d]*\W*")
    missing = {one for one in looked_up - said - names if not of_this_test.fullmatch(one)}
    assert missing == set()


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


def test_log_on_speaks_the_browsers_language_and_then_the_persons(
    log_on: LogOn, tip: Tip, client: Client
) -> None:
    spanish = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
    page = client.get("/log-on/?why=late", headers=spanish).content.decode()
    assert '<html lang="es">' in page
    assert "Log on" not in said_by(page)
    assert '<html lang="en">' in client.get("/log-on/").content.decode()
    kim = log_on(Role.EXPORTER, name="kim", lines=("wentzville-pd",))
    kim.post("/preferences/", {"language": "es"})
    for path in ("/log-on/unlock/", "/nothing-here/"):
        page = kim.get(path).content.decode()
        assert '<html lang="es">' in page, path
        for english in ("Show that it is you", "Skip to the page", "There is nothing"):
            assert english not in said_by(page)
    refused = kim.post("/log-on/unlock/", {"code": "1"}).content.decode()
    assert "Eso no funcionó." in said_by(refused)
    ed = log_on(Role.EXPORTER, name="ed", lines=("wentzville-pd",))
    for path in ("/log-on/unlock/", "/nothing-here/"):
        page = ed.get(path, headers=spanish).content.decode()
        assert '<html lang="en">' in page, path
