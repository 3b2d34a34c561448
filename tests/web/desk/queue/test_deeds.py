"""What analysts do from the queue: with one tip, with many, and back again."""

import re
import threading
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, act, hand_off, said_by, text, version
from tipintake.delivery.channels.base import Channel, Endpoint, Message
from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.models import Contact, Line
from tipintake.pipeline import announce, notify, undoing
from tipintake.pipeline.retain import purge_test
from tipintake.staff.models import AuditEntry, LineMembership, User
from tipintake.staff.preferences import preferences_of
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage import links
from tipintake.triage.models import MergedTip, Tag, TipTag, Undoable


def deed(client: Client, tip: Tip, what: str, **given: object) -> str:
    """Do it on the tip's page; where one is led to."""
    answer = client.post(f"/tips/{tip.reference}/do/{what}/", {"version": version(tip), **given})
    assert answer.status_code == 302, said_by(answer.content.decode())
    return str(answer.headers["Location"])


def bulk(client: Client, *tips: Tip, **given: object) -> str:
    chosen = [f"{tip.reference}:{version(tip)}" for tip in tips]
    answer = client.post("/queue/act/", {"tip": chosen, **given}, follow=True)
    assert answer.status_code == 200
    return said_by(answer.content.decode())


def undo(client: Client) -> str:
    html = client.get("/queue/").content.decode()
    found = re.search(r'action="(/queue/undo/[^"]+)"', html)
    assert found, "no undo is offered"
    answer = client.post(found[1], follow=True)
    return said_by(answer.content.decode())


def fresh(tip: Tip) -> Tip:
    return Tip.objects.select_related("assigned_to").get(pk=tip.pk)


class Sent:
    """An agency's endpoint that takes everything."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.channels: dict[str, Channel] = dict.fromkeys(Contact.Channel.values, self)

    def send(self, message: Message, to: Endpoint, *, now: datetime) -> None:
        self.messages.append(message)


@pytest.fixture
def tags(db: None) -> None:
    Tag.objects.create(code="hotel", label="Hotel")


def test_after_a_deed_the_next_tip_of_the_queue_opens(triage: Client, make_tip: MakeTip) -> None:
    tips = [
        make_tip("regional-triage", priority="P3", due_in=timedelta(hours=at)) for at in (1, 2, 3)
    ]
    triage.get("/queue/")
    assert deed(triage, tips[0], "assign-me") == f"/tips/{tips[1].reference}/"
    assert deed(triage, tips[1], "close", disposition="SPAM") == f"/tips/{tips[2].reference}/"
    assert deed(triage, tips[2], "assign-me") == f"/tips/{tips[0].reference}/"
    assert fresh(tips[0]).assigned_to == User.objects.get(username="triage")
    assert fresh(tips[0]).status == "ASSIGNED"
    assert fresh(tips[1]).status == "CLOSED"


def test_the_next_tip_is_of_the_question_that_was_asked(triage: Client, make_tip: MakeTip) -> None:
    first = make_tip("regional-triage", priority="P2")
    make_tip("wentzville-pd", priority="P2", due_in=timedelta(hours=3))
    second = make_tip("regional-triage", priority="P4")
    triage.get("/queue/?q=line:regional-triage")
    assert triage.get(f"/tips/{first.reference}/step/next/").headers["Location"] == (
        f"/tips/{second.reference}/"
    )
    assert triage.get(f"/tips/{second.reference}/step/previous/").headers["Location"] == (
        f"/tips/{first.reference}/"
    )
    assert triage.get(f"/tips/{second.reference}/step/next/").headers["Location"] == "/queue/"


def test_an_assignment_is_taken_back_and_the_audit_has_both(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    assert f"{tip.reference} is as it was before" in undo(triage)
    assert (fresh(tip).assigned_to, fresh(tip).status) == (None, "NEW")
    acts = list(AuditEntry.objects.filter(subject=tip.reference).values_list("act", flat=True))
    assert acts[:3] == ["tip.assigned", "tip.status_changed", "act.undone"]


@pytest.mark.parametrize("part", ["/queue/views/", "/tips/{}/beside/", "/alarm/"])
def test_a_part_that_loads_itself_takes_no_news_from_the_next_page(
    triage: Client, make_tip: MakeTip, part: str
) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    loaded = triage.get(part.format(tip.reference), headers={"HX-Request": "true"})
    assert loaded.status_code == 200
    news = f"{tip.reference}: Assigned to you."
    assert news not in loaded.content.decode()
    assert news in triage.get("/queue/").content.decode()


def test_a_close_is_taken_back_with_its_queues(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    act(triage, tip, "wentzville-pd", "acknowledge")
    before = hand_off(tip, "regional-triage")
    deed(triage, tip, "close", disposition="UNFOUNDED")
    assert fresh(tip).status == "CLOSED"
    assert hand_off(tip, "wentzville-pd").state == "CLOSED"
    undo(triage)
    after = hand_off(tip, "regional-triage")
    assert (after.state, after.due_at, after.acknowledged_at) == ("QUEUED", before.due_at, None)
    assert hand_off(tip, "wentzville-pd").state == "ACKNOWLEDGED"
    assert (fresh(tip).status, fresh(tip).disposition, fresh(tip).closed_on) == (
        "ASSIGNED",
        "",
        None,
    )


@pytest.mark.parametrize(
    ("what", "given"),
    [("assign-me", {}), ("tag", {"tag": "hotel"}), ("status", {"status": "SCREENED"})],
)
def test_an_agency_is_not_told_again_after_an_undo(
    what: str,
    given: dict[str, str],
    triage: Client,
    make_tip: MakeTip,
    email_contact: Contact,
    tags: None,
) -> None:
    tip = make_tip("wentzville-pd", priority="P1")
    HandOff.objects.filter(tip=tip).update(notify_at=timezone.now())
    deed(triage, tip, what, **given)
    sent = Sent()
    notify.notify_due(now=timezone.now(), channels=sent.channels)
    after = hand_off(tip, "wentzville-pd")
    assert (len(sent.messages), after.state) == (1, "NOTIFIED")
    assert "is as it was before" in undo(triage)
    notify.notify_due(now=timezone.now(), channels=sent.channels)
    assert len(sent.messages) == 1
    stands = hand_off(tip, "wentzville-pd")
    assert (stands.state, stands.notify_at) == ("NOTIFIED", after.notify_at)
    assert (fresh(tip).status, fresh(tip).assigned_to) == ("NEW", None)
    assert not TipTag.objects.exists()


def test_a_notice_that_was_needless_for_a_moment_goes_out_after_the_undo(
    triage: Client, make_tip: MakeTip, email_contact: Contact
) -> None:
    tip = make_tip("wentzville-pd", priority="P1")
    HandOff.objects.filter(tip=tip).update(notify_at=timezone.now())
    announce.announce_due(now=timezone.now())
    Line.objects.filter(code="wentzville-pd").update(kind=Line.Kind.INTERNAL)
    before = hand_off(tip, "wentzville-pd")
    deed(triage, tip, "close", disposition="SPAM")
    sent = Sent()
    notify.notify_due(now=timezone.now(), channels=sent.channels)
    assert Notice.objects.get().state == "NEEDLESS"
    undo(triage)
    after = hand_off(tip, "wentzville-pd")
    assert (after.state, after.notify_at) == ("QUEUED", before.notify_at)
    assert (Notice.objects.get().state, sent.messages) == ("WAITING", [])
    notify.notify_due(now=timezone.now(), channels=sent.channels)
    assert [message.reference for message in sent.messages] == [tip.reference]
    assert Notice.objects.get().attempts == 1
    assert hand_off(tip, "wentzville-pd").state == "NOTIFIED"


def test_an_undo_knows_of_a_notice_that_left_meanwhile(
    triage: Client, make_tip: MakeTip, email_contact: Contact
) -> None:
    tip = make_tip("wentzville-pd")
    HandOff.objects.filter(tip=tip).update(notify_at=timezone.now())
    announce.announce_due(now=timezone.now())
    Line.objects.filter(code="wentzville-pd").update(kind=Line.Kind.INTERNAL)
    deed(triage, tip, "close", disposition="SPAM")
    Notice.objects.update(state=Notice.State.SENT, sent_at=timezone.now())
    undo(triage)
    assert hand_off(tip, "wentzville-pd").state == "NOTIFIED"
    assert Notice.objects.get().state == "SENT"


def test_what_one_took_back_oneself_is_no_news(triage: Client, make_tip: MakeTip) -> None:
    tip, first = make_tip("regional-triage"), make_tip("regional-triage")
    for one in (tip, first):
        assert triage.get(f"/tips/{one.reference}/").status_code == 200
    deed(triage, tip, "duplicate", of=first.reference)
    assert "as it was before" in undo(triage)
    assert triage.get("/queue/?q=is:unread").content.count(b"data-open") == 0


def test_an_undo_that_came_too_late_says_so(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    row = Undoable.objects.get()
    Undoable.objects.update(until=timezone.now() - timedelta(seconds=1))
    answer = triage.post(f"/queue/undo/{row.together}/", follow=True)
    assert "The ten seconds are over" in said_by(answer.content.decode())
    assert fresh(tip).assigned_to is not None


def test_an_undo_that_is_pressed_twice_says_that_it_is_done(
    triage: Client, make_tip: MakeTip
) -> None:
    tips = [make_tip("regional-triage") for _ in range(2)]
    for chosen in (tips[:1], tips):
        bulk(triage, *chosen, act="assign-me")
        at = f"/queue/undo/{Undoable.objects.latest('until').together}/"
        answers = [triage.post(at) for _press in range(2)]
        assert len({one.headers["Location"] for one in answers}) == 1
        said = text(triage, answers[1].headers["Location"])
        assert "before" in said
        assert "The ten seconds are over" not in said
        assert not any(fresh(tip).assigned_to for tip in tips)


def test_an_undo_of_a_tip_that_is_gone_says_so(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    at = f"/queue/undo/{Undoable.objects.get().together}/"
    assert purge_test(Tip.objects.filter(pk=tip.pk), actor="test", now=timezone.now()) == 1
    said = said_by(triage.post(at, follow=True).content.decode())
    assert "was destroyed" in said
    assert "The ten seconds are over" not in said


def test_nothing_is_undone_when_somebody_has_acted_since(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    act(log_on(Role.ANALYST, name="kim"), tip, "regional-triage", "acknowledge")
    assert f"{tip.reference} was acted on again since" in undo(triage)
    assert fresh(tip).assigned_to is not None


def test_nobody_undoes_what_another_did(triage: Client, make_tip: MakeTip, log_on: LogOn) -> None:
    tip = make_tip("regional-triage")
    deed(triage, tip, "assign-me")
    kim = log_on(Role.ANALYST, name="kim")
    kim.post(f"/queue/undo/{Undoable.objects.get().together}/")
    assert fresh(tip).assigned_to is not None


def test_what_undo_keeps_holds_no_word_and_does_not_last(make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    kept = str(undoing.standing(tip, undoing.CLOSING))
    assert "SEX_TRAFFICKING" not in kept
    assert "Reason for" not in kept


def test_a_line_outside_that_has_not_answered_keeps_the_tip(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    deed(triage, tip, "close", disposition="NO_ACTION")
    assert hand_off(tip, "regional-triage").state == "CLOSED"
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    assert fresh(tip).status != "CLOSED"
    answer = triage.post(
        f"/tips/{tip.reference}/do/close/",
        {"version": version(tip), "disposition": "NO_ACTION"},
    )
    assert answer.status_code == 422
    assert "Wentzville Police has not answered for it yet" in said_by(answer.content.decode())


def test_a_duplicate_is_closed_and_names_the_first(triage: Client, make_tip: MakeTip) -> None:
    first, second = make_tip("regional-triage"), make_tip("regional-triage")
    deed(triage, second, "duplicate", of=first.reference[2:].lower())
    assert MergedTip.objects.get(tip=second).into == first
    assert (fresh(second).status, fresh(second).disposition) == ("CLOSED", "DUPLICATE")
    undo(triage)
    assert not MergedTip.objects.exists()
    for of in (second.reference, "T-0000-0000", ""):
        answer = triage.post(
            f"/tips/{second.reference}/do/duplicate/", {"version": version(second), "of": of}
        )
        assert answer.status_code == 422


def test_a_number_that_is_none_is_said_and_stays_in_its_field(
    triage: Client, make_tip: MakeTip
) -> None:
    tip, hidden = make_tip("regional-triage"), make_tip("st-louis-county-pd")
    answer = triage.post(
        f"/tips/{tip.reference}/do/duplicate/",
        {"version": version(tip), "of": hidden.reference.lower()},
    )
    assert f"{hidden.reference} is not among your tips" in said_by(answer.content.decode())
    assert f'value="{hidden.reference.lower()}"' in answer.content.decode()


def test_who_closes_a_duplicate_of_a_closed_tip_hears_that_nobody_works_on_either(
    triage: Client, make_tip: MakeTip
) -> None:
    first, second, third, open_one = (make_tip("regional-triage") for _ in range(4))
    deed(triage, first, "close", disposition="INSUFFICIENT")
    said = bulk(triage, second, act="duplicate", of=first.reference)
    assert f"{first.reference} is closed too: reopen it there" in said
    assert "is closed too" not in bulk(triage, third, act="duplicate", of=open_one.reference)


def test_a_tip_that_is_no_duplicate_after_all_is_in_work_again(
    triage: Client, make_tip: MakeTip
) -> None:
    first, second = make_tip("regional-triage"), make_tip("regional-triage", "wentzville-pd")
    act(triage, second, "wentzville-pd", "acknowledge")
    deed(triage, second, "duplicate", of=first.reference)
    assert fresh(second).status == "CLOSED"
    answer = triage.post(
        f"/tips/{first.reference}/links/{second.reference}/unmerge/",
        {"version": version(first)},
        follow=True,
    )
    said = said_by(answer.content.decode())
    assert f"has {second.reference} in work again." in said
    assert (fresh(second).status, fresh(second).disposition) == ("WORKING", "")
    assert {row.state for row in second.hand_offs.all()} == {"ACKNOWLEDGED"}
    acts = list(AuditEntry.objects.filter(subject=second.reference).values_list("act", flat=True))
    assert acts.count("hand_off.reopened") == 2
    assert second.reference in said_by(triage.get("/queue/").content.decode())


def test_unmerging_opens_nothing_that_was_closed_for_something_else(
    triage: Client, make_tip: MakeTip
) -> None:
    first, second = make_tip("regional-triage"), make_tip("regional-triage")
    address = f"/tips/{second.reference}/links/{first.reference}"
    triage.post(f"{address}/merge/", {"version": version(second)})
    deed(triage, second, "close", disposition="UNFOUNDED")
    answer = triage.post(f"{address}/unmerge/", {"version": version(second)}, follow=True)
    said = said_by(answer.content.decode())
    assert f"{second.reference} stays closed: a line that has it reopens it." in said
    assert fresh(second).disposition == "UNFOUNDED"


@pytest.mark.parametrize("when", ["before", "during"])
def test_unmerging_opens_no_part_that_an_agency_had_closed_itself(
    when: str, triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    kim = log_on(Role.PARTNER, lines=("wentzville-pd",), name="kim")
    first, second = make_tip("regional-triage"), make_tip("regional-triage", "wentzville-pd")
    address = f"/tips/{second.reference}/links/{first.reference}"
    if when == "during":
        triage.post(f"{address}/merge/", {"version": version(second)})
    act(kim, second, "wentzville-pd", "acknowledge")
    act(kim, second, "wentzville-pd", "close", disposition="DUPLICATE")
    if when == "before":
        deed(triage, second, "duplicate", of=first.reference)
    else:
        deed(triage, second, "close", disposition="DUPLICATE")
    assert fresh(second).status == "CLOSED"
    triage.post(f"{address}/unmerge/", {"version": version(second)})
    states = {row.line.code: row.state for row in second.hand_offs.select_related("line")}
    assert states == {"regional-triage": "ACKNOWLEDGED", "wentzville-pd": "CLOSED"}


def test_an_undone_duplicate_leaves_no_lie_on_the_first(triage: Client, make_tip: MakeTip) -> None:
    first, second = make_tip("regional-triage"), make_tip("regional-triage")
    deed(triage, second, "duplicate", of=first.reference)
    shown = version(first)
    undo(triage)
    assert version(first) == shown + 1
    for tip in (first, second):
        acts = list(AuditEntry.objects.filter(subject=tip.reference).values_list("act", flat=True))
        assert acts.count("tip.merged") == acts.count("tip.unmerged") == 1
    page = said_by(triage.get(f"/tips/{first.reference}/").content.decode())
    assert "No longer merged" in page


def test_of_two_who_close_two_tips_as_duplicates_of_each_other_one_is_told(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    one, other = make_tip("regional-triage"), make_tip("regional-triage")
    kim = log_on(Role.ANALYST, name="kim")
    shown = {tip.pk: version(tip) for tip in (one, other)}
    deed(triage, one, "duplicate", of=other.reference)
    answer = kim.post(
        f"/tips/{other.reference}/do/duplicate/",
        {"version": shown[other.pk], "of": one.reference},
    )
    assert answer.status_code == 409
    assert "Somebody was faster" in said_by(answer.content.decode())
    assert [(row.tip, row.into) for row in MergedTip.objects.all()] == [(one, other)]
    assert fresh(other).status == "NEW"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_at_one_moment_do_not_close_both_tips(
    triage: Client, make_tip: MakeTip, log_on: LogOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_tip("regional-triage"), make_tip("regional-triage")
    kim = log_on(Role.ANALYST, name="kim")
    together = threading.Barrier(2, timeout=10)
    answers: list[int] = []
    claim = links.claim_both

    def both_at_once(*args: Tip, version: int) -> None:
        together.wait()
        claim(*args, version=version)

    def close(client: Client, tip: Tip, of: Tip) -> None:
        given = {"version": 0, "of": of.reference}
        answers.append(client.post(f"/tips/{tip.reference}/do/duplicate/", given).status_code)
        connection.close()

    monkeypatch.setattr(links, "claim_both", both_at_once)
    hands = [
        threading.Thread(target=close, args=args)
        for args in ((triage, one, other), (kim, other, one))
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(answers) == [302, 409]
    assert MergedTip.objects.count() == 1
    assert Tip.objects.filter(status="CLOSED").count() == 1


def test_bulk_deeds_answer_for_each_tip(
    triage: Client, make_tip: MakeTip, log_on: LogOn, tags: None
) -> None:
    log_on(Role.ANALYST, name="kim")
    tips = [make_tip("regional-triage", priority="P3") for _ in range(3)]
    hidden = make_tip("st-louis-county-pd")
    said = bulk(triage, *tips, hidden, act="assign", to="kim")
    assert said.count("Assigned to kim.") == 3
    assert f"{hidden.reference} Not done. It is not among your tips" in said
    assert "Tagged hotel." in bulk(triage, tips[0], act="tag", tag="hotel")
    said = bulk(triage, *tips, act="tag", tag="hotel")
    assert said.count("Tagged hotel.") == 2
    assert "Nothing to change" in said
    assert "3 tips changed" not in said
    assert undo(triage).count("as they were before") == 1
    assert set(TipTag.objects.values_list("tip", flat=True)) == {tips[0].pk}
    said = bulk(triage, *tips, act="status", status="WORKING")
    assert said.count("It is working now.") == 3
    said = bulk(triage, tips[1], tips[2], act="duplicate", of=tips[0].reference)
    assert said.count(f"A duplicate of {tips[0].reference}.") == 2
    said = bulk(triage, *tips, act="close", disposition="SPAM")
    assert said.count("None of your lines has it in hand.") == 2


def test_bulk_decides_anew(triage: Client, make_tip: MakeTip, region: object) -> None:
    tip = make_tip("regional-triage", priority="P4", rule="R9", category="OTHER_UNSURE")
    said = bulk(triage, tip, act="reroute", category="MINOR_EXPLOITATION", why="KIND")
    assert "Sent another way by R" in said
    assert "Undo" not in said
    assert "Say why" in bulk(triage, tip, act="reroute")


def test_nothing_ticked_and_unknown_deeds_change_nothing(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    assert "Choose tips first" in bulk(triage, act="assign-me")
    assert triage.post("/queue/act/", {"act": "burn"}).status_code == 403
    agency = log_on(Role.PARTNER, lines=("wentzville-pd",), name="pat")
    chosen = {"tip": f"{tip.reference}:0", "act": "assign-me"}
    assert agency.post("/queue/act/", chosen).status_code == 403
    assert agency.post(f"/tips/{tip.reference}/do/close/", {"version": 0}).status_code == 403
    assert fresh(tip).version == 0


def test_a_tip_goes_to_nobody_who_may_not_read_it(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("wentzville-pd")
    log_on(Role.ANALYST, name="kim")
    log_on(Role.AUDITOR, name="aud")
    for name, says in (("kim", "kim may not work on this tip"), ("aud", "aud may not work")):
        assert says in bulk(triage, tip, act="assign", to=name)
    assert fresh(tip).assigned_to is None


def test_of_two_who_save_the_same_tip_nobody_overwrites_and_both_see(
    triage: Client, make_tip: MakeTip, log_on: LogOn
) -> None:
    tip = make_tip("regional-triage", "wentzville-pd")
    kim = log_on(Role.ANALYST, name="kim")
    shown = version(tip)
    for client in (triage, kim):
        client.get(f"/tips/{tip.reference}/")
    deed(kim, tip, "assign-me")
    row = hand_off(tip, "wentzville-pd")
    answer = triage.post(
        f"/tips/{tip.reference}/hand-offs/{row.pk}/decline/",
        {
            "version": shown,
            "reason": "OTHER_AREA",
            "to": "regional-triage",
            "words": "Their dispatcher says it is ours.",
        },
    )
    said = said_by(answer.content.decode())
    assert answer.status_code == 409
    assert "kim" in said
    assert "Assigned to kim" in said
    assert "Status new Assigned" in said
    assert "Their dispatcher says it is ours." in answer.content.decode()
    assert "Outside our area" in said
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    assert fresh(tip).assigned_to == User.objects.get(username="kim")
    # The one who was faster sees what the other does next.
    act(triage, tip, "regional-triage", "acknowledge")
    page = said_by(kim.get(f"/tips/{tip.reference}/here/?version=1").content.decode())
    assert "It was acted on since you loaded it" in page
    history = said_by(kim.get(f"/tips/{tip.reference}/").content.decode())
    assert "Regional triage acknowledged triage" in history
    assert f"{tip.reference}" in said_by(kim.get("/queue/").content.decode())
    bulk_said = bulk(triage, act="status", status="WORKING", tip=[f"{tip.reference}:{shown}"])
    assert "Not done. It was acted on since this list was loaded" in bulk_said


def test_many_at_once_that_are_pressed_twice_are_done_and_said_once(
    triage: Client, make_tip: MakeTip, tags: None
) -> None:
    tips = [make_tip("regional-triage") for _ in range(2)]
    shown = [f"{tip.reference}:{version(tip)}" for tip in tips]
    for _press in range(2):
        said = bulk(triage, act="tag", tag="hotel", tip=shown)
    assert said.count("You have just done this yourself.") == 2
    assert "Not done" not in said
    assert "as they were before" in undo(triage)
    assert not TipTag.objects.exists()


def test_another_deed_from_the_same_list_is_no_second_press(
    triage: Client, make_tip: MakeTip, tags: None
) -> None:
    Tag.objects.create(code="truck", label="Truck stop")
    tips = [make_tip("regional-triage") for _ in range(2)]
    shown = [f"{tip.reference}:{version(tip)}" for tip in tips]
    bulk(triage, act="tag", tag="hotel", tip=shown)
    said = bulk(triage, act="tag", tag="truck", tip=shown)
    assert "You have just done this yourself." not in said
    assert said.count("It was acted on since this list was loaded") == 2
    assert not TipTag.objects.filter(tag__code="truck").exists()


def test_keys_are_switched_off_by_each_person(triage: Client, make_tip: MakeTip) -> None:
    assert 'data-keys="on"' in triage.get("/queue/").content.decode()
    triage.post("/queue/keys/switch/", {"keys": "off"})
    html = triage.get("/queue/").content.decode()
    assert 'data-keys="on"' not in html
    assert "keys-help" not in html
    triage.post("/queue/keys/switch/", {"keys": "on"})
    assert preferences_of(User.objects.get(username="triage"))["shortcuts"]


def test_supervisors_keep_the_vocabulary_of_tags(triage: Client, log_on: LogOn) -> None:
    triage.post("/queue/tags/add/", {"code": "call-back"})
    assert Tag.objects.get().label == "Call the line back"
    for code, label in (("Jane Doe!", "x y"), ("x", "one letter"), ("fine-code", "")):
        triage.post("/queue/tags/add/", {"code": code, "label": label})
    assert Tag.objects.count() == 1
    triage.post("/queue/tags/call-back/retire/")
    assert not Tag.objects.get().active
    assert log_on(Role.ANALYST, name="kim").get("/queue/tags/").status_code == 403
    assert HandOff.objects.count() == 0


def test_nothing_is_undone_after_the_line_or_the_role_was_taken_away(
    log_on: LogOn, make_tip: MakeTip, tags: None
) -> None:
    tip = make_tip("wentzville-pd")
    ana = log_on(Role.ANALYST, name="ana", lines=("wentzville-pd",))
    user = User.objects.get(username="ana")
    for take_away in (LineMembership.objects.all().delete, user.groups.clear):
        TipTag.objects.all().delete()
        Undoable.objects.all().delete()
        LineMembership.objects.get_or_create(user=user, line=hand_off(tip, "wentzville-pd").line)
        deed(ana, tip, "tag", tag="hotel")
        take_away()
        if not user.groups.exists():
            user.groups.add(Group.objects.get_or_create(name=Role.PARTNER)[0])
        at = f"/queue/undo/{Undoable.objects.get().together}/"
        said = said_by(ana.post(at, follow=True).content.decode())
        assert "not yours to change any more" in said
        assert TipTag.objects.count() == 1
        assert fresh(tip).version == version(tip)
    refused = AuditEntry.objects.filter(act="tip.read_refused", actor="ana")
    assert refused.values_list("subject", flat=True).get() == tip.reference


def test_many_at_once_by_a_guessed_number_change_nothing_and_are_recorded(
    log_on: LogOn, make_tip: MakeTip
) -> None:
    own, other = make_tip("wentzville-pd"), make_tip("ofallon-pd")
    ana = log_on(Role.ANALYST, Role.EXPORTER, name="ana", lines=("wentzville-pd",))
    said = bulk(ana, own, other, act="assign-me")
    assert "It is not among your tips" in said
    assert fresh(other).assigned_to is None
    chosen = [f"{one.reference}:0" for one in (own, other)]
    answer = ana.post("/queue/act/", {"act": "export", "tip": chosen})
    assert own.reference in answer.headers["Location"]
    assert other.reference not in answer.headers["Location"]
    refused = AuditEntry.objects.filter(act="tip.read_refused", actor="ana")
    assert list(refused.values_list("subject", flat=True)) == [other.reference] * 2
    ana.post("/queue/act/", {"act": "assign-me", "tip": "T-0000-0000:0"})
    assert refused.count() == 2
