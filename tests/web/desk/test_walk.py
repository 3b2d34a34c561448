"""Every address of the desk, asked for by nobody, by every role, and by the wrong agency."""

import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.web.desk.conftest import (
    LogOn,
    MakeTip,
    Photograph,
    hand_off,
    hold_back,
    lock_away,
    version,
)
from tipintake.delivery.models import Notice
from tipintake.directory.models import Alias, Contact
from tipintake.routing.policy import lifecycle
from tipintake.staff import accounts, tokens
from tipintake.staff.models import AuditEntry, PartnerToken
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

OPEN_TO_ALL = {"log-on/", "log-off/", "healthz", "readyz"}
READERS = {
    Role.ANALYST,
    Role.SUPERVISOR,
    Role.EXPORTER,
    Role.PARTNER,
    Role.PRIVACY_OFFICER,
    Role.CHILD_VICTIM,
    Role.ADMIN,
}
CLEARERS = {Role.ANALYST, Role.SUPERVISOR, Role.PRIVACY_OFFICER, Role.ADMIN}
ACTORS = {Role.ANALYST, Role.SUPERVISOR, Role.PARTNER, Role.ADMIN}
OWN_STAFF = {Role.ANALYST, Role.SUPERVISOR, Role.ADMIN}
SUPERVISORS = {Role.SUPERVISOR, Role.ADMIN}
OFFICERS = {Role.POLICY_OFFICER, Role.ADMIN}
EXPORTERS = {Role.EXPORTER, Role.ADMIN}
LOG_READERS = {Role.EXPORTER, Role.SUPERVISOR, Role.AUDITOR, Role.ADMIN}
AUDITORS = {Role.AUDITOR, Role.ADMIN}
POLICY_WRITERS = {Role.POLICY_OFFICER}
POLICY_READERS = {Role.POLICY_OFFICER, Role.SUPERVISOR, Role.ADMIN}
ACTIVATORS = {Role.POLICY_OFFICER, Role.ADMIN}

FIND = "/find/?reference={tip}"
LESSON = {"text": "Fern Hollow", "kind": "name", "where": "out_of_area:", "source": "A map."}
PART = {"left": "0", "top": "0", "width": "50", "height": "50"}
# (method, address, form, roles that may); "{tip}" and "{row}" stand in wentzville-pd's queue.
PAGES: tuple[tuple[str, str, dict[str, str], set[Role]], ...] = (
    ("get", "/", {}, set(Role)),
    ("get", FIND, {}, READERS),
    ("get", "/lines/wentzville-pd/", {}, READERS),
    ("get", "/tips/{tip}/", {}, READERS),
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
    ("get", "/delivery/", {}, OWN_STAFF),
    ("post", "/delivery/{letter}/again/", {}, OWN_STAFF),
    ("post", "/delivery/{letter}/elsewhere/", {}, OWN_STAFF),
    ("get", "/tokens/", {}, {Role.ADMIN}),
    ("post", "/tokens/make/", {}, {Role.ADMIN}),
    ("post", "/tokens/{token}/renew/", {}, {Role.ADMIN}),
    ("post", "/tokens/{token}/revoke/", {}, {Role.ADMIN}),
    ("get", "/alarm/", {}, set(Role)),
    ("get", "/calls/", {}, OWN_STAFF),
    ("get", "/tips/{tip}/another-way/", {}, OWN_STAFF),
    ("get", "/take/", {}, OWN_STAFF),
    ("get", "/directory/", {}, OWN_STAFF),
    ("get", "/directory/line/wentzville-pd/", {}, OWN_STAFF),
    ("get", "/directory/list/", {}, SUPERVISORS),
    ("post", "/directory/line/nhth/doubt/", {"source": "Rang for ever"}, SUPERVISORS),
    ("post", "/tips/{tip}/teach/", LESSON, OWN_STAFF),
    ("get", "/places/", {}, OFFICERS),
    ("post", "/places/{alias}/approve/", {"source": "A visit."}, OFFICERS),
    ("get", "/held/", {}, {Role.PRIVACY_OFFICER}),
    ("post", "/held/{held}/open/", {"reason": "EVIDENCE"}, {Role.PRIVACY_OFFICER}),
    ("get", "/vault/", {}, {Role.CHILD_VICTIM}),
    ("post", "/vault/{vault}/open/", {"reason": "PROTECT"}, {Role.CHILD_VICTIM}),
    ("get", "/policies/", {}, POLICY_READERS),
    ("post", "/policies/draft/", {}, POLICY_WRITERS),
    ("get", "/policies/1/", {}, POLICY_READERS),
    ("post", "/policies/2/save/", {"text": "", "cases": ""}, POLICY_WRITERS),
    ("post", "/policies/2/simulate/", {}, POLICY_WRITERS),
    ("post", "/policies/2/activate/", {}, ACTIVATORS),
    ("get", "/exports/", {}, EXPORTERS),
    ("get", "/exports/new/", {}, EXPORTERS),
    ("post", "/exports/ask/", {}, EXPORTERS),
    ("get", "/exports/log/", {}, LOG_READERS),
    ("post", "/exports/log/correct/", {}, EXPORTERS),
    ("get", "/exports/signing-key/", {}, LOG_READERS),
    ("get", "/audit/", {}, AUDITORS),
    ("post", "/audit/verify/", {}, AUDITORS),
)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    for one in (resolver or get_resolver()).url_patterns:
        address = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address
        else:
            yield from routes(one, address)


def filled(address: str, tip: Tip) -> str:
    return address.format(
        tip=tip.reference,
        row=hand_off(tip, "wentzville-pd").pk,
        picture=tip.attachments.get().pk,
        held=tip.held_spans.get().pk,
        vault=tip.vault.get().pk,
        letter=Notice.objects.get().pk,
        token=PartnerToken.objects.earliest("pk").public,
        alias=Alias.objects.get(text="Grey Mill").pk,
    )


@pytest.fixture
def tip(make_tip: MakeTip, photograph: Photograph, email_contact: Contact) -> Tip:
    made = make_tip("wentzville-pd")
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=timezone.now())
    photograph(made, by="ann")
    hold_back(made, "/narrative", "314-555-0142")
    Alias.objects.create(text="Grey Mill", kind="name", outcome="out_of_area", proposed_by="ann")
    lock_away(made, "Zebulonia")
    dead_letter(made, email_contact)
    tokens.make("CAD", lines=["wentzville-pd"], actor="test", now=timezone.now())
    lifecycle.draft(by="ann", now=timezone.now())
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


def test_nobody_sees_anything_without_logging_on(tip: Tip) -> None:
    row = hand_off(tip, "wentzville-pd")
    values = {
        "<slug:reference>": tip.reference,
        "<slug:code>": "wentzville-pd",
        "<int:pk>": str(row.pk),
        "<slug:act>": "acknowledge",
        "<uuid:pk>": str(tip.attachments.get().pk),
        "<slug:what>": "open",
        "<slug:public>": PartnerToken.objects.get().public,
        "<slug:table>": "line",
        "<slug:key>": "wentzville-pd",
        "<slug:judgement>": "approve",
        "<int:version>": "1",
    }
    asked = 0
    for route in routes():
        if route in OPEN_TO_ALL or route.startswith("api/"):
            continue
        address = "/" + route
        for name, value in values.items():
            address = address.replace(name, value)
        assert "<" not in address, f"{route}: say here what stands for its parts"
        for answer in (Client().get(address), Client().post(address)):
            if answer.status_code == 405:
                continue
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/log-on/"), address
            asked += 1
    assert asked >= len(PAGES)
    row.refresh_from_db()
    assert row.state == "QUEUED"
    assert not AuditEntry.objects.filter(act__startswith="tip.read").exists()


def ask(client: Client, method: str, address: str, form: dict[str, str]) -> int:
    answer = client.get(address) if method == "get" else client.post(address, form)
    return answer.status_code


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_the_table_says(role: Role, tip: Tip, log_on: LogOn) -> None:
    client = log_on(role, lines=("wentzville-pd",))
    for method, address, form, allowed in PAGES:
        status = ask(client, method, filled(address, tip), {**form, "version": str(version(tip))})
        refused = {409} if address.startswith("/policies/2/") else set()
        assert status in {200, 302, 403, 422} | refused, f"{role} {address}"
        assert (status == 403) is (role not in allowed), f"{role} {address}: {status}"


def test_another_agency_gets_the_answer_of_an_unknown_tip(tip: Tip, log_on: LogOn) -> None:
    client = log_on(Role.PARTNER, lines=("ofallon-pd",))
    for method, address, form, allowed in PAGES:
        if Role.PARTNER not in allowed or address in {"/", "/alarm/", FIND}:
            continue
        form = {**form, "version": "0"}
        unknown = address.replace("wentzville-pd", "nowhere-pd")
        nobodys = ask(
            client, method, unknown.format(tip="T-0000-0000", row=1, picture=uuid.uuid4()), form
        )
        theirs = ask(client, method, filled(address, tip), form)
        assert theirs == nobodys == 404, address
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    refused = AuditEntry.objects.filter(act="tip.read_refused", subject=tip.reference)
    assert refused.exists()


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
        "/nothing/here/",
    ],
)
def test_odd_addresses_are_answered_with_a_page(address: str, log_on: LogOn) -> None:
    client = log_on(Role.ADMIN)
    assert client.get(address).status_code in {200, 404, 405}
    assert client.post(address).status_code in {403, 404, 405}


def test_health_is_answered_on_the_desk_too(db: None) -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code in {200, 503}
