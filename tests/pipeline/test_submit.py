from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from tests.outage import away_at_the_commit
from tests.pipeline.conftest import DANGER_NOW, Silence, draft
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line
from tipintake.pipeline import placing, submit
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import Receipt, Refused, preview, submit_tip
from tipintake.staff.models import AuditEntry
from tipintake.tips.by_receipt import tip_under
from tipintake.tips.cleaning import clean
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy


def send(now: datetime, **changes: Any) -> Receipt:
    return submit_tip(draft(**changes), came_by=CameBy.WEB, now=now)


def test_a_tip_is_kept_and_the_bell_is_rung_once_it_is_safe(
    region: Gazetteer, now: datetime, silence: Silence, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as after:
        receipt = send(now)
    assert silence.rung == []
    for ring in after:
        ring()
    assert silence.rung == ["route"]
    assert Tip.objects.get().reference == receipt.reference
    assert Tip.objects.get().routed_at is None


def test_the_record_of_a_submission_knows_the_hour_and_no_more(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    receipt = send(now)
    entry = AuditEntry.objects.get(act="tip.submitted")
    assert entry.subject == receipt.reference
    assert (entry.at.minute, entry.at.second, entry.at.microsecond) == (0, 0, 0)


def test_the_receipt_names_the_lines_that_then_receive_the_tip(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    receipt = send(now)
    assert route_waiting(now=now) == 1
    tip = Tip.objects.get()
    lines = [h.line.code for h in tip.hand_offs.order_by("-is_primary", "line__code")]
    promised = [placement.line_code for placement in receipt.placed]
    assert promised[0] == lines[0] == "wentzville-pd"
    assert sorted(promised) == sorted(lines)
    assert all(placement.because for placement in receipt.placed)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"vehicles": [{}], "online": [{}], "locations": [{}]},
        {"category": "OTHER_UNSURE", "indicators": ["ONL_AD"], "locations": [{}]},
        {"vehicles": [{"plate_raw": "K12345"}], "indicators": [], "narrative": ""},
        {"locations": [{"city": "  "}, {"highway": "I-70", "exit": "210"}]},
        {"locations": [], "narrative": "Every night behind the motel in Wentzville, new cars."},
        {"minor_present": "POSSIBLY", "online": [{"handle": "somebody"}]},
        {"reporter_is_victim": True, "police_consent": None},
        {"wants_reward": True, "distrusts_police": True, "immediacy": "NOW"},
        {"locations": [{"city": "O'Fallon", "state": "IL"}], "language": "es"},
    ],
)
def test_the_promise_is_kept_whatever_was_filled_in(
    region: Gazetteer, now: datetime, silence: Silence, changes: dict[str, Any]
) -> None:
    receipt = send(now, **changes)
    route_waiting(now=now)
    tip = Tip.objects.get()
    primary = tip.hand_offs.get(is_primary=True)
    assert receipt.placed[0].line_code == primary.line.code
    assert {p.line_code: p.because for p in receipt.placed} == dict(
        tip.hand_offs.values_list("line__code", "because")
    )


def test_a_number_is_shown_only_when_it_is_verified(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    shown = {p.line_code: p.shown_number for p in send(now).placed}
    assert shown["wentzville-pd"] == Line.objects.get(code="wentzville-pd").number
    Line.objects.filter(code="wentzville-pd").update(verified_state="unverified")
    assert {p.line_code: p.shown_number for p in send(now).placed}["wentzville-pd"] == ""


def test_a_spanish_tip_gets_spanish_names(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    line = Line.objects.get(code="wentzville-pd")
    assert send(now, language="es").placed[0].resident_name == line.resident_name_es
    assert send(now, language="en").placed[0].resident_name == line.resident_name


def test_danger_now_shows_the_banner(region: Gazetteer, now: datetime, silence: Silence) -> None:
    assert submit_tip(draft(DANGER_NOW), came_by=CameBy.WEB, now=now).banner_911
    assert not send(now).banner_911


def test_a_tip_without_any_what_is_refused_with_what_to_do_and_leaves_nothing(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    with pytest.raises(Refused) as refused:
        send(now, indicators=[], narrative="")
    assert refused.value.problems
    assert all(problem.message for problem in refused.value.problems)
    assert not Tip.objects.exists()
    assert not AuditEntry.objects.filter(act="tip.submitted").exists()


def test_a_preview_keeps_nothing_and_says_the_same_lines(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    shown = preview(draft(), now=now)
    assert not Tip.objects.exists()
    assert shown.problems == []
    assert shown.placed == send(now).placed


def test_what_must_stand_with_the_tip_falls_with_it(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    def fails(_receipt: Receipt) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        submit_tip(draft(), came_by=CameBy.API, now=now, also=fails)
    assert not Tip.objects.exists()


def test_words_are_scrubbed_before_the_transaction_is_open(
    region: Gazetteer, now: datetime, silence: Silence, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth: list[int] = []

    def watched(*args: Any, **kwargs: Any) -> Any:
        depth.append(len(connection.savepoint_ids))
        return clean(*args, **kwargs)

    monkeypatch.setattr(submit, "clean", watched)
    before = len(connection.savepoint_ids)
    send(now)
    assert depth == [before]


@pytest.mark.parametrize(
    ("where", "what"), [(placing, "decide"), (submit, "facts_of_draft"), (submit, "mentions_in")]
)
def test_a_tip_is_kept_even_when_deciding_fails(
    region: Gazetteer,
    now: datetime,
    silence: Silence,
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    what: str,
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(where, what, broken)
    receipt = send(now)
    assert Tip.objects.filter(reference=receipt.reference).exists()
    assert receipt.placed


def test_a_tip_is_kept_while_no_region_is_loaded(
    db: None, now: datetime, silence: Silence
) -> None:
    receipt = send(now)
    assert receipt.placed == ()
    assert route_waiting(now=now) == 0
    assert Tip.objects.get().routed_at is None


def test_a_receipt_does_not_show_its_code_in_logs(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    receipt = send(now)
    assert receipt.code.pretty not in repr(receipt)
    assert receipt.code.pretty.replace("-", "") not in repr(receipt)


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_was_lost_is_found_and_its_receipt_given(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    with away_at_the_commit(back=True):
        receipt = send(now)
    assert tip_under(receipt.code).get().reference == receipt.reference
    assert silence.rung == ["route"]


@pytest.mark.django_db(transaction=True)
def test_where_nobody_can_be_asked_nobody_is_told_that_nothing_was_kept(
    region: Gazetteer, now: datetime, silence: Silence
) -> None:
    with pytest.raises(PerhapsKept), away_at_the_commit(back=False):
        send(now)
    assert Tip.objects.count() == 1
