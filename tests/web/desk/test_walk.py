"""Every address of the desk, asked for by nobody, by every role, and by the wrong agency."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve
from django.utils import timezone

from tests.web.desk.conftest import (
    Lines,
    LogOn,
    MakeTip,
    Photograph,
    hand_off,
    hold_back,
    lock_away,
    said_by,
    version,
)
from tipintake.delivery.models import Notice
from tipintake.directory.models import Alias, Contact
from tipintake.privacy import keys
from tipintake.routing.policy import lifecycle
from tipintake.staff import accounts, tokens
from tipintake.staff.models import AuditEntry, PartnerToken, User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage import dialog, intelligence
from tipintake.triage.models import IntelligenceRecord

# Pages that no role is needed for; how they answer stands in test_log_on.py and its neighbours.
# "metrics" asks for a token of its own (tests/web/desk/test_operation.py).
OPEN_TO_ALL = {
    *("log-on/", "log-on/second/", "log-on/unlock/", "log-off/"),
    *("healthz", "readyz", "metrics"),
}
READERS = {
    Role.ANALYST,
    Role.SUPERVISOR,
    Role.EXPORTER,
    Role.PARTNER,
    Role.PRIVACY_OFFICER,
    Role.CHILD_VICTIM,
    Role.INTELLIGENCE,
    Role.ADMIN,
}
SEARCHERS = {
    Role.ANALYST,
    Role.SUPERVISOR,
    Role.EXPORTER,
    Role.PARTNER,
    Role.INTELLIGENCE,
    Role.ADMIN,
}
RECORD_READERS = {Role.SUPERVISOR, Role.INTELLIGENCE}
CLEARERS = {Role.ANALYST, Role.SUPERVISOR, Role.PRIVACY_OFFICER, Role.ADMIN}
ACTORS = {Role.ANALYST, Role.SUPERVISOR, Role.PARTNER, Role.ADMIN}
OWN_STAFF = {Role.ANALYST, Role.SUPERVISOR, Role.ADMIN}
SUPERVISORS = {Role.SUPERVISOR, Role.ADMIN}
OFFICERS = {Role.POLICY_OFFICER, Role.ADMIN}
FIGURE_READERS = {Role.SUPERVISOR, Role.BOARD, Role.ADMIN}
PUBLISHERS = {Role.PRIVACY_OFFICER, Role.ADMIN}
EXPORTERS = {Role.EXPORTER, Role.ADMIN}
LOG_READERS = {Role.EXPORTER, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN}
AUDITORS = {Role.AUDITOR, Role.ADMIN}
POLICY_WRITERS = {Role.POLICY_OFFICER}
POLICY_READERS = {Role.POLICY_OFFICER, Role.SUPERVISOR, Role.ADMIN}
ACTIVATORS = {Role.POLICY_OFFICER, Role.ADMIN}

FIND = "/find/?reference={tip}"
LESSON = {"text": "Fern Hollow", "kind": "name", "where": "out_of_area:", "source": "A map."}
GRADE = {"source": "B", "content": "2", "why": "CHECKED"}
FACTS = "Two patrols saw the van bring the same women to the motel on three nights in a row."
PROPOSAL = {"offence": "SEX_TRAFFICKING", "facts": FACTS, "review_by": "2031-01-31"}
WORDS = {"facets": "city=Wentzville", "words": "phones", "reason": "LINK"}
PART = {"left": "0", "top": "0", "width": "50", "height": "50"}
# (method, address, form, roles that may); "{tip}" and "{row}" stand in wentzville-pd's queue.
PAGES: tuple[tuple[str, str, dict[str, str], set[Role]], ...] = (
    ("get", "/", {}, set(Role)),
    ("get", FIND, {}, READERS),
    ("get", "/lines/wentzville-pd/", {}, READERS),
    ("get", "/alike/{flood}/", {}, READERS),
    ("post", "/alike/{flood}/release/", {}, OWN_STAFF),
    ("post", "/alike/{flood}/set-aside/", {}, OWN_STAFF),
    ("get", "/map/?line=wentzville-pd", {}, READERS),
    ("get", "/map/boundaries.json", {}, READERS),
    ("get", "/tips/{tip}/", {}, READERS),
    ("get", "/tips/{tip}/together/", {}, READERS),
    ("get", "/tips/{tip}/links/{twin}/", {}, READERS),
    ("post", "/tips/{tip}/links/{twin}/confirm/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/links/{twin}/merge/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/status/", {"status": "SCREENED"}, OWN_STAFF),
    ("post", "/tips/{tip}/hold/", {"reason": "COURT_ORDER"}, SUPERVISORS),
    ("post", "/tips/{tip}/note/", {"words": "Called the motel."}, ACTORS),
    ("post", "/tips/{tip}/hand-offs/{row}/call/", {"outcome": "NO_ANSWER"}, OWN_STAFF),
    ("get", "/tips/{tip}/hand-offs/{row}/sheet/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/hand-offs/{row}/acknowledge/", {}, ACTORS),
    ("get", "/tips/{tip}/pictures/{picture}/", {}, READERS),
    ("get", "/tips/{tip}/pictures/{picture}/look/", {}, READERS),
    ("post", "/tips/{tip}/pictures/{picture}/black-out/", PART, CLEARERS),
    ("post", "/tips/{tip}/pictures/{picture}/confirm/", {}, CLEARERS),
    ("post", "/tips/{tip}/ask/", {"template": "WHERE"}, OWN_STAFF),
    ("post", "/tips/{tip}/withdraw/{message}/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/grade/", GRADE, OWN_STAFF),
    ("get", "/tips/{tip}/promote/", {}, {Role.INTELLIGENCE}),
    ("post", "/tips/{tip}/promote/", PROPOSAL, {Role.INTELLIGENCE}),
    ("get", "/search/", {}, SEARCHERS),
    ("get", "/search/?plate=7KX", {}, SEARCHERS),
    ("post", "/search/words/", WORDS, OWN_STAFF),
    ("get", "/intelligence/", {}, RECORD_READERS),
    ("get", "/intelligence/{record}/", {}, RECORD_READERS),
    ("post", "/intelligence/{record}/approve/", {}, {Role.SUPERVISOR}),
    ("get", "/delivery/", {}, OWN_STAFF),
    ("post", "/delivery/{letter}/again/", {}, OWN_STAFF),
    ("post", "/delivery/{letter}/elsewhere/", {}, OWN_STAFF),
    ("get", "/tokens/", {}, {Role.ADMIN}),
    ("post", "/tokens/make/", {}, {Role.ADMIN}),
    ("post", "/tokens/{token}/renew/", {}, {Role.ADMIN}),
    ("post", "/tokens/{token}/revoke/", {}, {Role.ADMIN}),
    ("get", "/alarm/", {}, set(Role)),
    ("get", "/queue/", {}, READERS),
    ("get", "/queue/views/", {}, READERS),
    ("get", "/queue/complete/?q=is:", {}, READERS),
    ("post", "/queue/keep/", {"name": "Hot", "q": "is:urgent"}, READERS),
    ("post", "/queue/act/", {"act": "assign-me", "tip": "{tip}:0"}, OWN_STAFF),
    ("post", "/queue/act/", {"act": "tag", "tip": "{tip}:0"}, OWN_STAFF),
    ("post", "/queue/act/", {"act": "export", "tip": "{tip}:0"}, EXPORTERS),
    ("post", "/queue/act/", {"act": "close", "tip": "{tip}:0"}, OWN_STAFF),
    ("post", "/queue/act/", {"act": "reroute", "tip": "{tip}:0"}, OWN_STAFF),
    ("get", "/tips/{tip}/here/", {}, READERS),
    ("get", "/tips/{tip}/beside/", {}, READERS),
    ("get", "/tips/{tip}/step/next/", {}, READERS),
    ("post", "/tips/{tip}/do/assign-me/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/do/status/", {"status": "WORKING"}, OWN_STAFF),
    ("post", "/tips/{tip}/do/duplicate/", {}, OWN_STAFF),
    ("post", "/queue/forget/999999/", {}, READERS),
    ("post", f"/queue/undo/{uuid.UUID(int=7)}/", {}, READERS),
    ("get", "/queue/tags/", {}, SUPERVISORS),
    ("post", "/queue/tags/add/", {"code": "hotel", "label": "Hotel"}, SUPERVISORS),
    ("post", "/queue/tags/hotel/retire/", {}, SUPERVISORS),
    ("get", "/queue/keys/", {}, set(Role)),
    ("post", "/queue/keys/switch/", {"keys": "on"}, set(Role)),
    ("get", "/calls/", {}, OWN_STAFF),
    ("get", "/tips/{tip}/another-way/", {}, OWN_STAFF),
    ("post", "/tips/{tip}/another-way/", {}, OWN_STAFF),
    ("get", "/take/", {}, OWN_STAFF),
    ("post", "/take/", {}, OWN_STAFF),
    ("get", "/directory/", {}, OWN_STAFF),
    ("get", "/directory/line/wentzville-pd/", {}, OWN_STAFF),
    ("get", "/directory/list/", {}, SUPERVISORS),
    ("post", "/directory/list/", {}, SUPERVISORS),
    ("post", "/directory/line/nhth/doubt/", {"source": "Rang for ever"}, SUPERVISORS),
    ("post", "/tips/{tip}/teach/", LESSON, OWN_STAFF),
    ("get", "/places/", {}, OFFICERS),
    ("post", "/places/{alias}/approve/", {"source": "A visit."}, OFFICERS),
    ("get", "/held/", {}, {Role.PRIVACY_OFFICER}),
    ("post", "/held/{held}/open/", {"reason": "EVIDENCE"}, {Role.PRIVACY_OFFICER}),
    ("get", "/vault/", {}, {Role.CHILD_VICTIM}),
    ("post", "/vault/{vault}/open/", {"reason": "PROTECT"}, {Role.CHILD_VICTIM}),
    ("get", "/me/", {}, set(Role)),
    ("get", "/me/password/", {}, set(Role)),
    ("post", "/me/password/", {"chosen": "short"}, set(Role)),
    ("get", "/me/app/", {}, set(Role)),
    ("post", "/me/app/", {"code": "1"}, set(Role)),
    ("post", "/me/codes/", {}, set(Role)),
    ("get", "/me/passkey/", {}, set(Role)),
    ("post", "/me/passkey/", {"credential": "{}"}, set(Role)),
    ("post", "/me/passkey/{passkey}/remove/", {}, set(Role)),
    ("get", "/log-on/kept/", {}, set(Role)),
    ("post", "/log-on/kept/", {}, set(Role)),
    ("get", "/people/", {}, {Role.ADMIN}),
    ("post", "/people/add/", {}, {Role.ADMIN}),
    ("get", "/people/{person}/", {}, {Role.ADMIN}),
    ("get", "/people/{person}/leave/", {}, {Role.ADMIN}),
    ("post", "/people/{person}/leave/", {"to": "nobody"}, {Role.ADMIN}),
    ("post", "/people/{person}/end-sessions/", {}, {Role.ADMIN}),
    ("get", "/policies/", {}, POLICY_READERS),
    ("post", "/policies/draft/", {}, POLICY_WRITERS),
    ("get", "/policies/1/", {}, POLICY_READERS),
    ("post", "/policies/2/save/", {"text": "", "cases": ""}, POLICY_WRITERS),
    ("post", "/policies/2/simulate/", {}, POLICY_WRITERS),
    ("post", "/policies/2/activate/", {}, ACTIVATORS),
    ("get", "/figures/", {}, FIGURE_READERS),
    ("get", "/figures/months.csv", {}, FIGURE_READERS),
    ("get", "/figures/months.pdf", {}, FIGURE_READERS),
    ("get", "/numbers/", {}, PUBLISHERS),
    ("post", "/numbers/2020-Q1/publish/", {}, PUBLISHERS),
    ("get", "/exports/", {}, EXPORTERS),
    ("get", "/exports/new/", {}, EXPORTERS),
    ("post", "/exports/ask/", {}, EXPORTERS),
    ("get", "/exports/log/", {}, LOG_READERS),
    ("get", "/exports/log/dissemination.csv", {}, LOG_READERS),
    ("post", "/exports/log/correct/", {}, EXPORTERS),
    ("post", "/exports/log/allow-again/", {}, SUPERVISORS),
    ("get", "/exports/signing-key/", {}, LOG_READERS),
    ("post", "/exports/log/999999/told/", {}, EXPORTERS),
    ("post", "/exports/digests/999999/stop/", {}, EXPORTERS),
    ("get", "/exports/E-0000-0000/", {}, EXPORTERS),
    ("get", "/exports/E-0000-0000/progress/", {}, EXPORTERS),
    ("post", "/exports/E-0000-0000/cancel/", {}, EXPORTERS),
    ("post", "/exports/E-0000-0000/download/", {}, EXPORTERS),
    ("get", "/audit/", {}, AUDITORS),
    ("post", "/audit/verify/", {}, AUDITORS),
    ("post", "/audit/export/", {}, AUDITORS),
    ("get", "/audit/week/", {}, AUDITORS),
    ("get", "/supervision/", {}, SUPERVISORS),
    ("get", "/operation/", {}, {Role.ADMIN}),
    ("get", "/preferences/", {}, set(Role)),
    ("post", "/preferences/", {"blur": "1"}, set(Role)),
    ("post", "/preferences/pause/", {}, set(Role)),
    ("get", "/support/", {}, set(Role)),
)

# What the pages count.
PLURALS = {
    "en": (
        *("tips", "reports", "entries", "notices", "exports", "decisions", "counts", "lines"),
        *("tokens", "codes", "pictures", "signs", "places", "vehicles", "people", "questions"),
        *("answers", "attempts", "tries", "names", "days", "hours", "minutes", "seconds"),
        *("cases", "attachments", "accounts", "more are"),
    ),
    "es": (
        *("reportes", "entradas", "avisos", "exportaciones", "decisiones", "cuentas", "líneas"),
        *(
            "claves",
            "códigos",
            "fotos",
            "indicios",
            "lugares",
            "vehículos",
            "personas",
            "intentos",
        ),
        *(
            "preguntas",
            "respuestas",
            "llamadas",
            "nombres",
            "días",
            "horas",
            "minutos",
            "segundos",
        ),
        *("casos", "adjuntos", "retenidas", "enlazados", "irían", "más no figuran"),
    ),
}


def filled(address: str, tip: Tip, own: str = "ann") -> str:
    """The address for this tip; a passkey is `own`'s."""
    return address.format(**rows_of(tip), passkey=passkey_of(own) if "{passkey}" in address else 0)


@cache
def rows_of(tip: Tip) -> dict[str, object]:
    return {
        "tip": tip.reference,
        "twin": Tip.objects.exclude(pk=tip.pk).get().reference,
        "row": hand_off(tip, "wentzville-pd").pk,
        "flood": tip.flood,
        "picture": tip.attachments.get().pk,
        "held": tip.held_spans.get().pk,
        "vault": tip.vault.get().pk,
        "letter": Notice.objects.get().pk,
        "token": PartnerToken.objects.earliest("pk").public,
        "alias": Alias.objects.get(text="Grey Mill").pk,
        "person": User.objects.get(username="ann").pk,
        "message": tip.messages.earliest("number").pk,
        "record": tip.records.earliest("pk").number,
    }


def passkey_of(name: str) -> int:
    """A row as a browser would have left it, of this account."""
    row, _new = Authenticator.objects.get_or_create(
        user=User.objects.get(username=name), type="webauthn", data={"name": "blue key"}
    )
    return int(row.pk)


@pytest.fixture
def tip(make_tip: MakeTip, photograph: Photograph, email_contact: Contact) -> Tip:
    made = make_tip("wentzville-pd", flood=uuid.UUID(int=9))
    make_tip("wentzville-pd")
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=timezone.now())
    photograph(made, by="ann")
    hold_back(made, "/narrative", "314-555-0142")
    Alias.objects.create(text="Grey Mill", kind="name", outcome="out_of_area", proposed_by="ann")
    lock_away(made, "Zebulonia")
    dead_letter(made, email_contact)
    tokens.make("CAD", lines=["wentzville-pd"], actor="test", now=timezone.now())
    lifecycle.draft(by="ann", now=timezone.now())
    dialog.ask(made, template="WHERE", by="ann", now=timezone.now())
    intelligence.propose(
        made,
        offence=IntelligenceRecord.Offence.SEX_TRAFFICKING,
        facts=FACTS,
        person=None,
        review_by=timezone.localdate() + timedelta(days=90),
        author=User.objects.get(username="ann"),
        private=keys.desk_private(settings.PRIVATE_KEYS_DIR),
        now=timezone.now(),
    )
    return made


def dead_letter(tip: Tip, to: Contact) -> Notice:
    return Notice.objects.create(
        id=uuid.uuid4(),
        hand_off=hand_off(tip, "wentzville-pd"),
        contact=to,
        priority="P2",
        state=Notice.State.DEAD,
        attempts=8,
        next_at=timezone.now(),
        last_error="the webhook answered 500",
    )


def names(resolver: URLResolver | None = None, within: str = "desk") -> Iterator[str]:
    """Every page of the desk by name."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            if "api/" not in str(one.pattern):
                yield from names(one, one.namespace or within)
        elif str(one.pattern) not in OPEN_TO_ALL:
            yield f"{within}:{one.name}"


def test_every_page_stands_in_the_table(tip: Tip) -> None:
    """Whoever adds a page says here who may open it; each method counts for itself."""
    in_table = {resolve(filled(p, tip).partition("?")[0]).view_name for _m, p, _f, _r in PAGES}
    assert in_table == set(names())


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_method_that_is_not_in_the_table_is_answered_by_none(
    method: str, tip: Tip, log_on: LogOn
) -> None:
    client = log_on(*Role, lines=("wentzville-pd",))
    named = {
        (one, resolve(filled(p, tip).partition("?")[0]).view_name) for one, p, _f, _r in PAGES
    }
    said = {}
    for _method, address, _form, _roles in PAGES:
        there = filled(address, tip, "sam")
        if (method, resolve(there.partition("?")[0]).view_name) not in named:
            said[address] = ask(client, method, there, {})
    assert set(said.values()) == {405}, said


def test_nobody_sees_anything_without_logging_on(tip: Tip) -> None:
    for _method, page, _form, _roles in PAGES:
        address = filled(page, tip)
        for answer in (Client().get(address), Client().post(address)):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/log-on/"), address
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    assert not AuditEntry.objects.filter(act__startswith="tip.read").exists()


@pytest.mark.parametrize("role", Role)
def test_a_password_alone_opens_nothing(role: Role, tip: Tip) -> None:
    """Whatever the role, until a second factor is set up."""
    password = accounts.create(
        "new", roles=[role], lines=["wentzville-pd"], actor="test", now=timezone.now()
    )
    client = Client()
    client.post("/log-on/", {"name": "new", "password": password})
    User.objects.update(must_change_password=False)
    for method, page, form, _roles in PAGES:
        if page in {"/me/", "/me/app/", "/me/passkey/"}:
            continue
        address = filled(page, tip)
        answer = client.get(address) if method == "get" else client.post(address, form)
        assert answer.status_code == 302, address
        assert answer.headers["Location"] == "/me/", address
    assert tip.reference not in client.get("/me/").content.decode()
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def ask(client: Client, method: str, address: str, form: dict[str, str]) -> int:
    answer = client.get(address) if method == "get" else client.post(address, form)
    return answer.status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_the_table_says(role: Role, tip: Tip, log_on: LogOn) -> None:
    client = log_on(role, lines=("wentzville-pd",))
    for method, address, form, allowed in PAGES:
        there = filled(address, tip, "sam")
        status = ask(client, method, there, {**form, "version": str(version(tip))})
        may_be_stale = ("/policies/2/", "/directory/line/")
        refused = {409} if address.startswith(may_be_stale) else set()
        refused |= {404} if address.startswith(("/queue/forget/", "/exports/")) else set()
        assert status in {200, 302, 403, 422} | refused, f"{role} {address}"
        assert (status == 403) is (role not in allowed), f"{role} {address}: {status}"
    entries = AuditEntry.objects.filter(act="page.refused", actor="sam")
    assert entries.count() == sum(role not in allowed for _m, _a, _f, allowed in PAGES)


# Says who else is looking, and nothing of the tip.
TELLS_NOTHING = {"/tips/{tip}/here/"}


def test_no_page_of_a_tip_is_read_without_a_trail(tip: Tip, log_on: LogOn) -> None:
    client = log_on(*Role, lines=("wentzville-pd",))
    asked = 0
    for method, address, _form, _roles in PAGES:
        if method == "get" and address.startswith("/tips/") and address not in TELLS_NOTHING:
            about = AuditEntry.objects.filter(subject=tip.reference, actor="sam")
            before = about.count()
            if client.get(filled(address, tip), headers={"HX-Request": "true"}).status_code == 200:
                assert about.count() > before, address
                asked += 1
    assert asked > 5


# The privacy officer judges held words of every line.
OF_EVERY_LINE = {"/held/", "/held/{held}/open/"}
# What stands for one thing of one tip, and what nobody's would be.
NOBODYS = {
    "tip": "T-0000-0000",
    "twin": "T-0000-0001",
    "row": "999999",
    "picture": str(uuid.UUID(int=7)),
    "held": "999999",
    "vault": "999999",
    "letter": str(uuid.UUID(int=7)),
    "message": str(uuid.UUID(int=7)),
    "record": "I-0000-0000",
}


def is_of_one_agency(address: str) -> bool:
    named = any(f"{{{part}}}" in address for part in NOBODYS)
    return (named and address not in {FIND, *OF_EVERY_LINE}) or address == "/lines/wentzville-pd/"


@pytest.mark.parametrize("role", set(Role) - {Role.ADMIN})
def test_another_agency_gets_the_answer_of_an_unknown_tip(
    role: Role, tip: Tip, log_on: LogOn
) -> None:
    """By a guessed number: 404, the same page as for none, and recorded."""
    client = log_on(role, lines=("ofallon-pd",))
    asked = 0
    for method, address, form, allowed in PAGES:
        if role not in allowed or not is_of_one_agency(address):
            continue
        form = {**form, "version": "0"}
        unknown = address.replace("wentzville-pd", "nowhere-pd").format(**NOBODYS)
        before = AuditEntry.objects.filter(act="page.not_here", actor="sam").count()
        assert ask(client, method, unknown, form) == 404, address
        assert ask(client, method, filled(address, tip), form) == 404, address
        after = AuditEntry.objects.filter(act="page.not_here", actor="sam").count()
        assert after == before + 2, f"{address} is not recorded"
        asked += 1
    of_tips = [a for _m, a, _f, r in PAGES if role in r and is_of_one_agency(a) and "{tip}" in a]
    refused = AuditEntry.objects.filter(act="tip.read_refused", subject=tip.reference)
    assert refused.count() == len(of_tips)
    assert asked >= len(of_tips)
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


@pytest.mark.parametrize("role", set(Role) - {Role.ADMIN})
def test_no_list_names_a_tip_of_another_agency(role: Role, tip: Tip, log_on: LogOn) -> None:
    client = log_on(role, lines=("ofallon-pd",))
    for method, address, _form, allowed in PAGES:
        if method == "get" and "{" not in address and role in allowed:
            if address == "/audit/" or address in OF_EVERY_LINE:
                continue
            assert tip.reference not in client.get(address).content.decode(errors="replace"), (
                address
            )


def test_an_agency_acts_in_its_own_queue_only(make_tip: MakeTip, log_on: LogOn) -> None:
    shared = make_tip("wentzville-pd", "ofallon-pd")
    client = log_on(Role.PARTNER, lines=("ofallon-pd",))
    other = hand_off(shared, "wentzville-pd")
    address = f"/tips/{shared.reference}/hand-offs/{other.pk}/acknowledge/"
    assert client.post(address, {"version": 0}).status_code == 404
    assert hand_off(shared, "wentzville-pd").state == "QUEUED"


@pytest.mark.parametrize(
    "address",
    [
        "/tips/T-0000-0000/hand-offs/99999999999999999999999/acknowledge/",
        "/tips/x/",
        "/lines/nowhere/",
        "/lines/regional-triage/?after=P1~0~yesterday~3",
        "/lines/regional-triage/?after=P1~0~2026-01-01T00:00:00%2B00:00~99999999999999999999",
        "/lines/regional-triage/?after=~~~&state=none",
        "/find/?reference=%00%00",
        "/audit/?who=%00&before=99999999999999999999",
        "/search/?after=yesterday~x&city=Wentzville",
        "/search/?plate=%00&seen_from=never",
        "/intelligence/I-0000-0000/",
        "/intelligence/I-0000-0000/none/",
        "/nothing/here/",
    ],
)
def test_odd_addresses_are_answered_with_a_page(address: str, log_on: LogOn) -> None:
    client = log_on(Role.ADMIN)
    assert client.get(address).status_code in {200, 400, 403, 404, 405, 422}
    assert client.post(address).status_code in {400, 403, 404, 405}


@pytest.mark.parametrize(
    "address",
    [
        "/map/?line=%00",
        "/queue/?beside=%00",
        "/queue/?q=a%00",
        "/queue/?view=%00",
        "/queue/?%00=a",
        "/find/?reference=T%00",
        "/search/?city=a%00",
        "/search/?line=%00",
        "/exports/new/?tips=%00",
        "/log-on/?next=%00",
    ],
)
def test_an_address_with_a_nul_is_answered_with_a_sentence(address: str, log_on: LogOn) -> None:
    refused_as_no_text(log_on(Role.ADMIN).get(address))


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/tips/{tip}/do/assign/", {"to": "x\x00"}),
        ("/tips/{tip}/do/duplicate/", {"of": "T-\x00"}),
        ("/tips/{tip}/note/", {"words": "a\x00b"}),
        ("/queue/keep/", {"name": "a\x00", "q": "is:urgent"}),
        ("/queue/act/", {"act": "assign-me", "tip": "T\x00:1"}),
        ("/queue/tags/add/", {"code": "aa", "label": "b\x00b"}),
        ("/people/add/", {"name": "b\x00"}),
        ("/people/add/", {"na\x00me": "b"}),
    ],
)
def test_a_form_with_a_nul_is_answered_with_a_sentence_and_writes_nothing(
    address: str, form: dict[str, str], log_on: LogOn, make_tip: MakeTip
) -> None:
    client, tip = log_on(Role.ADMIN), make_tip("wentzville-pd")
    before = AuditEntry.objects.count()
    refused_as_no_text(client.post(address.format(tip=tip.reference), {**form, "version": "0"}))
    assert AuditEntry.objects.count() == before


def test_nobody_logs_on_by_a_name_with_a_nul(lines: Lines) -> None:
    refused_as_no_text(Client().post("/log-on/", {"username": "a\x00", "password": "b"}))


def refused_as_no_text(answer: Any) -> None:
    assert answer.status_code == 400
    assert "This holds a character that is no text" in said_by(answer.content.decode())


def test_health_is_answered_on_the_desk_too(db: None) -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code in {200, 503}


@pytest.mark.parametrize("language", ["en", "es"])
def test_of_one_thing_no_page_speaks_in_the_plural(language: str, tip: Tip, log_on: LogOn) -> None:
    client = log_on(*Role, lines=("wentzville-pd",))
    client.post("/preferences/", {"language": language})
    plural = re.compile(rf"(?<![\d.,:/-])1 (?:{'|'.join(PLURALS[language])})\b")
    said = {}
    for method, address, _form, _roles in PAGES:
        if method == "get":
            page = client.get(filled(address, tip, "sam")).content.decode(errors="replace")
            said[address] = plural.findall(said_by(page))
    assert not any(said.values()), {address: found for address, found in said.items() if found}
