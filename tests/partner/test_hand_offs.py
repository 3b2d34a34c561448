"""What a system of an agency sees of its hand-offs, and how it answers for them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from tests.outage import away_after, away_at_the_commit
from tests.partner.conftest import HOME, Agency, MakeAgency, kind
from tests.web.desk.conftest import NARRATIVE, MakeTip, hand_off, version
from tipintake.api.partner import pages
from tipintake.api.schema import partner_schema_yaml
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import bell
from tipintake.staff import tokens
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.staff.tokens import Scope
from tipintake.tips.models import Message, Tip

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi-partner.yaml"


def test_a_partner_sees_the_hand_offs_of_its_lines_alone(
    wentzville: Agency, agency_of: MakeAgency, make_tip: MakeTip
) -> None:
    ours, theirs = make_tip("wentzville-pd"), make_tip("ofallon-pd")
    both = make_tip("ofallon-pd", "wentzville-pd")
    assert set(wentzville.listed()) == {ours.reference, both.reference}
    assert {one["line"] for one in wentzville.get().json()["hand_offs"]} == {"wentzville-pd"}
    for path in (
        f"/ofallon-pd/{theirs.reference}",
        f"/ofallon-pd/{both.reference}",
        f"/wentzville-pd/{theirs.reference}",
        "/wentzville-pd/T-0000-0000",
    ):
        answers = [wentzville.get(path), wentzville.get(f"{path}/next-lines")]
        answers += [
            wentzville.post(f"{path}/acknowledge", **{"If-Match": "*"}),
            wentzville.post(
                f"{path}/decline",
                {"reason": "OTHER_AREA", "to": "regional-triage"},
                **{"If-Match": "*"},
            ),
        ]
        assert {kind(one) for one in answers} == {"not-found"}, path
        assert len({one.content for one in answers}) == 1
    assert kind(wentzville.get("?line=ofallon-pd")) == "bad-request"
    assert not HandOff.objects.exclude(state="QUEUED").exists()


def test_nothing_of_what_was_seen_or_of_who_wrote_is_in_any_answer(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip(
        "wentzville-pd", "victim-advocate", reporter_is_victim=True, police_consent=True
    )
    said = b"".join(
        wentzville.get(path).content
        for path in (
            "",
            f"/wentzville-pd/{tip.reference}",
            f"/wentzville-pd/{tip.reference}/next-lines",
        )
    ).decode()
    for hidden in (NARRATIVE[:12], "SEX_TRAFFICKING", "CTL_ID_HELD", "advocate", "R3", "consent"):
        assert hidden not in said
    (shown,) = wentzville.get().json()["hand_offs"]
    assert set(shown) == {
        *("line", "reference", "priority", "is_primary", "because", "state", "queued_at"),
        *("acknowledge_by", "acknowledged_at", "disposition", "additions", "link", "etag"),
    }
    assert shown["link"].endswith(f"/tips/{tip.reference}/")


def test_pages_follow_one_another_without_a_gap_or_a_repeat(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tips = [make_tip("wentzville-pd", waited=timedelta(minutes=n)) for n in range(7)]
    same = timezone.now() - timedelta(hours=1)
    HandOff.objects.filter(tip__in=tips[:3]).update(queued_at=same)  # only tip and line tell them
    seen: list[str] = []
    address = "?limit=2"
    while address:
        answer = wentzville.get(address)
        seen += [one["reference"] for one in answer.json()["hand_offs"]]
        if len(seen) == 4:
            # What moves on meanwhile moves no other row onto another page.
            wentzville.answer(Tip.objects.get(reference=seen[0]), "acknowledge")
        following = answer.json()["next"]
        assert bool(following) == ("Link" in answer.headers)
        if following:
            address = answer.headers["Link"].partition(">")[0].removeprefix(f"<{HOME}")
            assert following in address
        else:
            address = ""
    assert sorted(seen) == sorted(tip.reference for tip in tips)
    rows = HandOff.objects.order_by("queued_at", "tip_id")
    assert seen == [row.tip.reference for row in rows.select_related("tip")]


def test_a_page_costs_few_queries_however_long_it_is(
    wentzville: Agency, make_tip: MakeTip, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        make_tip("wentzville-pd")
    with django_assert_max_num_queries(8):
        assert len(wentzville.listed()) == 12


def test_a_list_can_be_narrowed(agency_of: MakeAgency, make_tip: MakeTip) -> None:
    agency = agency_of("wentzville-pd", "ofallon-pd")
    first, second = make_tip("wentzville-pd"), make_tip("ofallon-pd")
    agency.answer(first, "acknowledge")
    assert agency.listed("?state=in-work") == [first.reference]
    assert agency.listed("?state=waiting") == [second.reference]
    assert agency.listed("?state=closed") == []
    assert agency.listed("?line=ofallon-pd") == [second.reference]


@pytest.mark.parametrize(
    "query",
    [
        *("?state=open", "?limit=0", "?limit=101", "?limit=x", "?limit=²", "?cursor=x"),
        *("?cursor=%00", "?page=2", "?state=waiting&state=closed", "?line=nowhere", "?line=%00"),
        f"?cursor={'A' * 300}",
    ],
)
def test_an_address_that_is_not_understood_is_refused_with_a_sentence(
    wentzville: Agency, query: str
) -> None:
    assert kind(wentzville.get(query)) == "bad-request"


def test_a_cursor_fits_its_own_list_only(wentzville: Agency, make_tip: MakeTip) -> None:
    for _ in range(3):
        make_tip("wentzville-pd")
    cursor = wentzville.get("?limit=1&state=waiting").json()["next"]
    assert wentzville.get(f"?limit=1&state=waiting&cursor={cursor}").status_code == 200
    assert kind(wentzville.get(f"?limit=1&cursor={cursor}")) == "bad-request"
    forged = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    assert kind(wentzville.get(f"?state=waiting&cursor={forged}")) == "bad-request"


def test_what_has_not_changed_is_answered_304_and_not_recorded_again(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    for path in ("", f"/wentzville-pd/{tip.reference}"):
        tag = wentzville.get(path).headers["ETag"]
        before = AuditEntry.objects.count()
        again = wentzville.get(path, **{"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert AuditEntry.objects.count() == before
    HandOff.objects.filter(tip=tip).update(priority="P1")
    assert wentzville.get(path, **{"If-None-Match": tag}).status_code == 200
    listed = AuditEntry.objects.get(act="hand_offs.listed")
    assert listed.actor.startswith("Records system (token ")
    assert listed.facts == {"rows": 1}


def test_a_hand_off_that_is_read_by_itself_is_recorded_too(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    """A token that was stolen leaves a trail, by whichever address it asks."""
    tip = make_tip("wentzville-pd")
    tag = wentzville.tag(tip)
    read = AuditEntry.objects.get(act="hand_off.read")
    assert wentzville.token is not None
    assert (read.actor, read.subject) == (wentzville.token.actor, tip.reference)
    assert read.facts == {"line": "wentzville-pd"}
    known = wentzville.get(f"/wentzville-pd/{tip.reference}", **{"If-None-Match": tag})
    assert known.status_code == 304
    assert AuditEntry.objects.filter(act="hand_off.read").count() == 1


def test_who_only_asks_again_learns_that_the_writer_added_something(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip, other = make_tip("wentzville-pd"), make_tip("wentzville-pd")
    one, page = wentzville.tag(tip), wentzville.get().headers["ETag"]
    now = timezone.now()
    directions = (Message.Direction.ANSWER, Message.Direction.QUESTION, Message.Direction.ANSWER)
    for number, direction in enumerate(directions, start=1):
        Message.objects.create(
            tip=tip, number=number, direction=direction, at=now, for_desk=b"sealed"
        )
    answer = wentzville.get(f"/wentzville-pd/{tip.reference}", **{"If-None-Match": one})
    assert answer.json()["additions"] == 2
    listed = wentzville.get(**{"If-None-Match": page}).json()["hand_offs"]
    assert {row["reference"]: row["additions"] for row in listed} == {
        tip.reference: 2,
        other.reference: 0,
    }
    # Who declines without having seen it reads it first.
    assert kind(wentzville.answer(tip, "acknowledge", tag=one)) == "changed-meanwhile"
    assert wentzville.answer(tip, "acknowledge").json()["additions"] == 2


def test_a_partner_acknowledges_and_the_desk_says_who_it_was(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    seen_on_the_desk = version(tip)
    answer = wentzville.answer(tip, "acknowledge")
    assert answer.status_code == 200
    assert answer.json()["state"] == "ACKNOWLEDGED"
    assert answer.json()["acknowledged_at"]
    assert answer.headers["ETag"] == answer.json()["etag"] == wentzville.tag(tip)
    row = hand_off(tip, "wentzville-pd")
    assert row.state == "ACKNOWLEDGED"
    entry = AuditEntry.objects.get(act="hand_off.acknowledged")
    assert (entry.actor, entry.subject) == (wentzville.token.actor, tip.reference)  # type: ignore[union-attr]
    tip.refresh_from_db()
    assert tip.status == "ASSIGNED"
    assert version(tip) == seen_on_the_desk + 1  # an old page of the desk learns of it


def test_an_answer_to_a_state_that_is_over_changes_nothing(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    stale = wentzville.tag(tip)
    assert wentzville.answer(tip, "acknowledge", tag=stale).status_code == 200
    again = wentzville.answer(tip, "acknowledge", tag=stale)
    assert (again.status_code, kind(again)) == (412, "changed-meanwhile")
    to_triage = {"reason": "OTHER_AREA", "to": "regional-triage"}
    assert wentzville.answer(tip, "decline", to_triage, tag=stale).status_code == 412
    fresh = wentzville.answer(tip, "decline", to_triage)
    assert (fresh.status_code, kind(fresh)) == (409, "not-possible")
    assert hand_off(tip, "wentzville-pd").state == "ACKNOWLEDGED"
    assert AuditEntry.objects.filter(act="hand_off.acknowledged").count() == 1


@pytest.mark.parametrize("header", [{}, {"If-Match": ""}, {"If-Match": "unquoted"}])
def test_an_answer_says_which_state_it_answers(
    wentzville: Agency, make_tip: MakeTip, header: dict[str, str]
) -> None:
    tip = make_tip("wentzville-pd")
    answer = wentzville.post(f"/wentzville-pd/{tip.reference}/acknowledge", **header)
    assert (answer.status_code, kind(answer)) == (428, "if-match-missing")
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def test_a_weak_tag_is_not_enough_to_answer(wentzville: Agency, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    weak = f"W/{wentzville.tag(tip)}"
    assert wentzville.answer(tip, "acknowledge", tag=weak).status_code == 412


def test_a_declined_tip_has_a_next_line_at_once(
    wentzville: Agency,
    make_tip: MakeTip,
    rung: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    tip = make_tip("wentzville-pd")
    offered = wentzville.get(f"/wentzville-pd/{tip.reference}/next-lines").json()["next_lines"]
    assert {"line": "regional-triage", "name": "Regional triage"} in offered
    with django_capture_on_commit_callbacks(execute=True):
        answer = wentzville.answer(
            tip, "decline", {"reason": "OTHER_AREA", "to": "regional-triage"}
        )
    assert answer.json()["state"] == "DECLINED"
    following = hand_off(tip, "regional-triage")
    assert (following.state, following.is_primary) == ("QUEUED", True)
    assert following.notify_at is not None
    assert rung
    assert AuditEntry.objects.get(act="hand_off.declined").facts["to"] == "regional-triage"


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"reason": "OTHER_AREA", "to": "crimestoppers"}, "/to"),
        ({"reason": "OTHER_AREA", "to": "nowhere"}, "/to"),
        ({"reason": "OTHER_AREA", "to": "wentzville-pd"}, "/to"),
        ({"reason": "OTHER_AREA"}, "/to"),
        ({"reason": "BECAUSE", "to": "regional-triage"}, "/reason"),
        ({"reason": "OTHER", "to": "regional-triage"}, "/reason"),
        ({"reason": "OTHER_AREA", "to": "regional-triage", "note": "x"}, "/note"),
        ([], ""),
    ],
)
def test_a_decline_that_does_not_hold_names_what_to_mend(
    wentzville: Agency, make_tip: MakeTip, body: object, where: str
) -> None:
    tip = make_tip("wentzville-pd")
    answer = wentzville.answer(tip, "decline", body)
    assert (answer.status_code, kind(answer)) == (422, "answer-refused")
    assert where in {error["pointer"] for error in answer.json()["errors"]}
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def test_where_an_agency_may_pass_a_tip_on_is_no_more_than_its_staff_may(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    offered = wentzville.get(f"/wentzville-pd/{tip.reference}/next-lines").json()["next_lines"]
    kinds = set(
        Line.objects.filter(code__in=[one["line"] for one in offered]).values_list(
            "kind", flat=True
        )
    )
    assert kinds <= {"internal", "police", "police-neighbour"}


# --- Who is let in ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Bearer", "Bearer ", "Basic abc", "Bearer tipa_unknown_secret"),
        *("Bearer tipa", "Bearer \x00", "Bearer " + "A" * 5000, "Bearer tipa_é_x"),
    ],
)
def test_nobody_is_let_in_without_a_token(db: None, header: str | None) -> None:
    client = Client()
    given = {} if header is None else {"Authorization": header}
    for path in (HOME, f"{HOME}/wentzville-pd/T-0000-0000"):
        answer = client.get(path, headers=given)
        assert (answer.status_code, kind(answer)) == (401, "token-refused")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert not answer.cookies


def test_a_changed_a_revoked_and_an_expired_token_are_refused_alike(
    wentzville: Agency, agency_of: MakeAgency, make_tip: MakeTip
) -> None:
    make_tip("wentzville-pd")
    assert wentzville.listed()
    last = "A" if wentzville.text[-1] != "A" else "B"
    refused = [Agency(wentzville.text[:-1] + last).get()]
    revoked, expired = agency_of(), agency_of()
    assert revoked.token is not None
    assert expired.token is not None
    tokens.revoke(revoked.token, actor="test", now=timezone.now())
    long_ago = timezone.now() - timedelta(days=91)
    type(expired.token).objects.filter(pk=expired.token.pk).update(
        made_at=long_ago, expires_at=timezone.now()
    )
    refused += [revoked.get(), expired.get()]
    assert {one.status_code for one in refused} == {401}
    assert len({one.content for one in refused}) == 1


def test_a_token_does_what_its_scopes_say(agency_of: MakeAgency, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    reader = agency_of(scopes=(Scope.READ,))
    assert reader.listed() == [tip.reference]
    for answer in (
        reader.answer(tip, "acknowledge"),
        reader.answer(tip, "decline", {"reason": "OTHER_AREA", "to": "regional-triage"}),
        reader.get(f"/wentzville-pd/{tip.reference}/next-lines"),
    ):
        assert (answer.status_code, kind(answer)) == (403, "token-too-narrow")
    blind = agency_of(scopes=(Scope.ACKNOWLEDGE,))
    assert kind(blind.get()) == "token-too-narrow"
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def test_a_line_that_becomes_own_staffs_or_ends_is_not_seen_any_more(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    make_tip("wentzville-pd")
    Line.objects.filter(code="wentzville-pd").update(kind="internal")
    assert wentzville.listed() == []
    Line.objects.filter(code="wentzville-pd").update(kind="police", active=False)
    assert wentzville.listed() == []


def test_a_staff_session_opens_nothing_here_and_a_token_opens_no_page(
    log_on: Any, wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    staff = log_on(Role.ADMIN)
    assert staff.get(HOME).status_code == 401
    page = wentzville.client.get(
        f"/tips/{tip.reference}/", headers={"Authorization": f"Bearer {wentzville.text}"}
    )
    assert page.status_code == 302


def test_the_public_host_has_no_such_address(db: None, settings: Any, wentzville: Agency) -> None:
    settings.ROLE = "public"
    settings.ROOT_URLCONF = "config.urls_public"
    settings.MIDDLEWARE = settings.PUBLIC_MIDDLEWARE
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = wentzville.get()
    assert (answer.status_code, kind(answer)) == (404, "not-found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
def test_other_methods_are_answered_405(wentzville: Agency, method: str) -> None:
    ask = getattr(wentzville.client, method)
    answer = ask(HOME, headers={"Authorization": f"Bearer {wentzville.text}"})
    assert (answer.status_code, kind(answer)) == (405, "method-not-allowed")


def test_a_database_that_is_away_is_said_without_a_word_about_tips(
    wentzville: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("canary")

    monkeypatch.setattr(pages, "page", away)
    answer = wentzville.get()
    assert (answer.status_code, kind(answer)) == (503, "not-ready")
    assert "tip again" not in answer.json()["detail"]
    assert b"canary" not in answer.content
    assert answer.headers["Retry-After"]


def test_a_fault_of_ours_is_said_as_one_without_a_word_about_tips(
    wentzville: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise IntegrityError("canary")

    monkeypatch.setattr(pages, "page", broken)
    answer = wentzville.get()
    assert (answer.status_code, kind(answer)) == (500, "failed")
    assert answer.json()["detail"].startswith("Nothing was changed.")
    assert b"canary" not in answer.content
    assert "Retry-After" not in answer.headers


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_is_asked_for_and_answered(
    wentzville: Agency, make_tip: MakeTip, rung: list[str]
) -> None:
    tip = make_tip("wentzville-pd")
    body = {"reason": "OTHER_AREA", "to": "regional-triage"}
    tag = wentzville.tag(tip)
    with away_at_the_commit(back=True):
        answer = wentzville.answer(tip, "decline", body, tag=tag)
    assert (answer.status_code, answer.json()["state"]) == (200, "DECLINED")
    assert answer.headers["ETag"] == wentzville.tag(tip)
    assert rung == ["notify"]


@pytest.mark.django_db(transaction=True)
def test_what_was_done_is_said_though_the_database_goes_away_right_after(
    wentzville: Agency, make_tip: MakeTip, rung: list[str]
) -> None:
    tip = make_tip("wentzville-pd")
    with away_after(bell, "ring_notify"):
        answer = wentzville.answer(
            tip, "decline", {"reason": "OTHER_AREA", "to": "regional-triage"}
        )
    assert (answer.status_code, answer.json()["state"]) == (200, "DECLINED")
    assert answer.headers["ETag"] == answer.json()["etag"] == wentzville.tag(tip)


@pytest.mark.django_db(transaction=True)
def test_what_was_perhaps_done_is_not_said_to_have_changed_nothing(
    wentzville: Agency, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    tag = wentzville.tag(tip)
    with away_at_the_commit(back=False):
        answer = wentzville.answer(tip, "acknowledge", tag=tag)
    assert (answer.status_code, kind(answer)) == (503, "not-ready")
    assert answer.headers["Retry-After"]
    assert "Nothing was changed" not in answer.json()["detail"]
    assert "Read the hand-off again" in answer.json()["detail"]
    assert wentzville.answer(tip, "acknowledge", tag=tag).status_code == 412
    assert wentzville.get(f"/wentzville-pd/{tip.reference}").json()["state"] == "ACKNOWLEDGED"


# --- The description --------------------------------------------------------------------------


def described() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(partner_schema_yaml())
    return found


def test_the_committed_description_is_current() -> None:
    assert COMMITTED.read_bytes() == partner_schema_yaml(), "make it anew: make schema"


def test_it_is_served_and_every_address_needs_a_token() -> None:
    served = Client().get("/api/v1/partner/schema.yaml")
    assert yaml.safe_load(served.content) == described()
    assert json.loads(Client().get("/api/v1/partner/schema.json").content) == described()
    for address in described()["paths"].values():
        for operation in address.values():
            assert operation["security"] == [{"partnerToken": []}]
    assert described()["components"]["securitySchemes"]["partnerToken"]["scheme"] == "bearer"


def test_answers_have_the_shape_that_is_described(wentzville: Agency, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    whole = described()

    def check(component: str, value: object) -> None:
        Draft202012Validator(
            {"$ref": f"#/components/schemas/{component}", "components": whole["components"]}
        ).validate(value)

    check("HandOffPage", wentzville.get().json())
    check("HandOff", wentzville.get(f"/wentzville-pd/{tip.reference}").json())
    check("NextLines", wentzville.get(f"/wentzville-pd/{tip.reference}/next-lines").json())
    check("Problem", wentzville.get("/wentzville-pd/T-0000-0000").json())
    check("HandOff", wentzville.answer(tip, "acknowledge").json())


def test_a_cursor_shows_no_running_number(wentzville: Agency, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    make_tip("wentzville-pd")
    assert isinstance(tip.pk, UUID)
    answer = wentzville.get("?limit=1").json()
    assert "id" not in answer["hand_offs"][0]
