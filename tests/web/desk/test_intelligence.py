"""The wall between a tip and an intelligence record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.waiting import eventually, somebody_waits_for_us
from tests.web.desk.conftest import LogOn, MakeTip, See, found, said_by, text
from tipintake.pipeline import watch
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.sweep import sweep
from tipintake.privacy import keys
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role
from tipintake.tips import retention
from tipintake.tips.models import PersonDescribed, Tip
from tipintake.tips.vocabulary import LegalHold
from tipintake.triage import actions, intelligence
from tipintake.triage.models import IntelligenceRecord

LINES = ("wentzville-pd", "regional-triage")
FACTS = (
    "On three nights two patrols saw the gray van bring the same women; the driver keeps their "
    "phones and rents the rooms under one card."
)
NAME = "Big Rickard"
DAY = timedelta(days=1)


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    PersonDescribed.objects.create(
        tip=made, position=1, role="SUSPECTED_CONTROLLER", name_or_alias=NAME
    )
    PersonDescribed.objects.create(
        tip=made, position=2, role="OTHER", name_or_alias="Young Zed", age_from=16
    )
    found(made)
    return made


@pytest.fixture
def officer(log_on: LogOn) -> Client:
    return log_on(Role.INTELLIGENCE, lines=LINES, name="officer")


@pytest.fixture
def chief(log_on: LogOn) -> Client:
    return log_on(Role.SUPERVISOR, lines=LINES, name="chief")


def propose(client: Client, tip: Tip, **given: str) -> Any:
    form = {
        "offence": "SEX_TRAFFICKING",
        "facts": FACTS,
        "person": "1",
        "review_by": (timezone.localdate() + 365 * DAY).isoformat(),
        **given,
    }
    return client.post(f"/tips/{tip.reference}/promote/", form)


def record() -> IntelligenceRecord:
    return IntelligenceRecord.objects.get()


def decide(client: Client, what: str, **given: str) -> Any:
    form = {"shown": record().review_by.isoformat(), **given}
    return client.post(f"/intelligence/{record().number}/{what}/", form)


def test_two_people_promote_a_tip_and_then_its_name_is_found(
    officer: Client, chief: Client, tip: Tip
) -> None:
    assert propose(officer, tip).status_code == 302
    assert f"{NAME}" in text(officer, f"/intelligence/{record().number}/")
    assert "Nothing found" in text(chief, "/search/?name=big+rickard")
    assert decide(chief, "approve").status_code == 302
    assert tip.reference in text(chief, "/search/?name=RICKARD,+Big")
    assert "Nothing found" in text(chief, "/search/?name=Rickard")
    assert "An intelligence record rests on this tip." in text(chief, f"/tips/{tip.reference}/")
    assert record().supervisor == User.objects.get(username="chief")
    acts = AuditEntry.objects.filter(act__startswith="intelligence.", subject=tip.reference)
    assert {"intelligence.proposed", "intelligence.approved", "intelligence.read"} == {
        one.act for one in acts
    }


def in_words(client: Client, words: str) -> str:
    form = {"facets": "city=wentzville", "words": words, "reason": "LINK"}
    return said_by(client.post("/search/words/", form).content.decode())


@pytest.mark.parametrize("typed", ["Rickard", '"Big Rickard"', "rick", "big rickard van", "Big_"])
def test_no_search_in_words_follows_a_name_that_is_an_allegation(
    officer: Client, chief: Client, make_tip: MakeTip, see: See, typed: str
) -> None:
    typed = typed.replace("_", "")
    made = make_tip("wentzville-pd", narrative="Big Rickard drives a van. RICKARD's men wait.")
    see(made)
    PersonDescribed.objects.create(
        tip=made, position=1, role="SUSPECTED_CONTROLLER", name_or_alias=NAME
    )
    found(made)
    assert "1 found" in in_words(chief, "men wait")
    assert "0 found" in in_words(chief, typed)
    propose(officer, made)
    assert "0 found" in in_words(chief, typed)
    decide(chief, "approve")
    assert "1 found" in in_words(chief, typed)


def test_an_ordinary_word_of_a_name_is_found_where_it_names_nobody(
    chief: Client, make_tip: MakeTip, see: See
) -> None:
    made = make_tip("wentzville-pd", narrative="Rickard has a big van at the door.")
    see(made)
    PersonDescribed.objects.create(tip=made, position=1, role="DRIVER", name_or_alias=NAME)
    assert "1 found" in in_words(chief, '"big van"')


def test_until_then_it_is_said_to_be_an_allegation(officer: Client, tip: Tip) -> None:
    said = text(officer, f"/tips/{tip.reference}/")
    assert "An unverified tip, not criminal intelligence." in said


def test_nobody_approves_what_they_proposed(log_on: LogOn, tip: Tip) -> None:
    both = log_on(Role.INTELLIGENCE, Role.SUPERVISOR, lines=LINES, name="both")
    propose(both, tip)
    assert "Somebody else decides" in text(both, f"/intelligence/{record().number}/")
    answer = decide(both, "approve")
    assert answer.status_code == 422
    assert "nobody approves, prolongs or ends what they proposed" in answer.content.decode()
    assert record().state == "PROPOSED"
    with pytest.raises(IntegrityError), transaction.atomic():
        IntelligenceRecord.objects.update(
            state="IN_FORCE", supervisor=record().author, decided_at=timezone.now()
        )


def test_nobody_prolongs_or_ends_what_they_proposed(
    log_on: LogOn, chief: Client, tip: Tip
) -> None:
    both = log_on(Role.INTELLIGENCE, Role.SUPERVISOR, lines=LINES, name="both")
    propose(both, tip)
    decide(chief, "approve")
    until = record().review_by
    said = text(both, f"/intelligence/{record().number}/")
    assert "Somebody else decides" in said
    assert "Keep it" not in said
    assert "Destroy the record" not in said
    assert decide(both, "review", review_by=(until + 30 * DAY).isoformat()).status_code == 422
    assert decide(both, "end").status_code == 422
    assert (record().review_by, record().reviewed_by) == (until, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        IntelligenceRecord.objects.update(reviewed_by=record().author)


def test_of_two_who_review_a_record_the_second_looks_again(
    officer: Client, chief: Client, tip: Tip, log_on: LogOn
) -> None:
    second = log_on(Role.SUPERVISOR, lines=LINES, name="second")
    propose(officer, tip)
    decide(chief, "approve")
    page = " ".join(second.get(f"/intelligence/{record().number}/").content.decode().split())
    shown = record().review_by.isoformat()
    assert page.count(f'name="shown" value="{shown}"') == 2
    sooner, later = (timezone.localdate() + days * DAY for days in (30, 900))
    assert decide(chief, "review", review_by=sooner.isoformat()).status_code == 302
    for what in ("review", "end"):
        answer = decide(second, what, review_by=later.isoformat(), shown=shown)
        assert answer.status_code == 422
        assert "Somebody has reviewed it since you loaded the page" in said_by(
            answer.content.decode()
        )
    assert record().review_by == sooner
    assert decide(second, "review", review_by=later.isoformat()).status_code == 302
    assert record().review_by == later


def test_two_proposals_about_one_tip_are_never_both_kept(
    officer: Client, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(officer, tip)
    with monkeypatch.context() as patched:  # both looked before either wrote
        none = IntelligenceRecord.objects.none()
        patched.setattr(type(none), "exists", lambda _rows: False)
        answer = propose(officer, tip)
    assert answer.status_code == 422
    assert "A proposal about this tip is waiting already." in said_by(answer.content.decode())
    assert IntelligenceRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"offence": ""}, "which offence is suspected"),
        ({"facts": "A feeling."}, "at least 60 characters"),
        ({"review_by": "soon"}, "Write the day as"),
        ({"review_by": "2020-01-01"}, "at most 5 years"),
        ({"review_by": "2099-01-01"}, "at most 5 years"),
        ({"person": "0"}, "may be a victim or a minor"),
        ({"person": "2"}, "may be a victim or a minor"),
    ],
)
def test_a_proposal_without_offence_facts_or_a_near_review_is_refused(
    officer: Client, tip: Tip, given: dict[str, str], says: str
) -> None:
    answer = propose(officer, tip, **given)
    assert answer.status_code == 422
    assert says in said_by(answer.content.decode())
    assert not IntelligenceRecord.objects.exists()


def test_victims_and_minors_are_not_offered(officer: Client, tip: Tip) -> None:
    said = text(officer, f"/tips/{tip.reference}/promote/")
    assert NAME in said
    assert "Young Zed" not in said


def test_words_and_names_are_sealed_and_not_in_the_audit(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip)
    decide(chief, "refuse", why="The rooms were not checked.")
    row = record()
    for sealed in (row.facts, row.subject, row.why_refused):
        assert sealed
        assert b"rickard" not in bytes(sealed).lower()
        assert b"rooms" not in bytes(sealed)
    recorded = " ".join(str(one.content()) for one in AuditEntry.objects.all())
    assert "Rickard" not in recorded
    assert "phones" not in recorded
    assert "The rooms were not checked." in text(officer, f"/intelligence/{row.number}/")


def test_a_refused_proposal_finds_nothing_and_is_destroyed_within_a_month(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip)
    decide(chief, "refuse", why="Not enough.")
    assert "Nothing found" in text(chief, "/search/?name=Big+Rickard")
    assert intelligence.end_due(now=timezone.now() + 29 * DAY, limit=9) == 0
    assert intelligence.end_due(now=timezone.now() + 32 * DAY, limit=9) == 1
    assert not IntelligenceRecord.objects.exists()


def test_what_is_due_is_listed_and_a_review_prolongs_it(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip, review_by=(timezone.localdate() + 20 * DAY).isoformat())
    assert "Waiting for a decision" in text(chief, "/intelligence/")
    decide(chief, "approve")
    assert "Due for review" in text(chief, "/intelligence/")
    until = timezone.localdate() + 400 * DAY
    assert decide(chief, "review", review_by=until.isoformat()).status_code == 302
    assert record().review_by == until
    said = text(chief, "/intelligence/")
    assert "Due for review" not in said
    assert "In force" in said
    assert decide(chief, "review", review_by="2099-01-01").status_code == 422


def test_nobody_reviewed_it_so_it_ends_and_is_found_no_more(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip, review_by=(timezone.localdate() + 20 * DAY).isoformat())
    decide(chief, "approve")
    later = timezone.now() + 22 * DAY
    assert not intelligence.about(NAME, now=later).exists()
    watch.beat(watch.SWEPT, now=later)
    assert sweep(now=later)["records"] == 1
    assert not IntelligenceRecord.objects.exists()
    tip.refresh_from_db()
    assert tip.promoted_until is None
    assert AuditEntry.objects.filter(act="intelligence.expired").exists()


def test_a_tip_is_kept_as_long_as_a_record_rests_on_it(
    officer: Client, chief: Client, tip: Tip
) -> None:
    tip.hand_offs.update(state="CLOSED")
    until = timezone.localdate() + 900 * DAY
    propose(officer, tip, review_by=until.isoformat())
    decide(chief, "approve")
    tip.refresh_from_db()
    assert tip.promoted_until == until
    assert retention.kept_until(tip) == until
    over = timezone.now() + 740 * DAY
    assert not retention.too_old(now=over).exists()
    assert purge_due(now=over, limit=9) == 0
    decide(chief, "end")
    assert not IntelligenceRecord.objects.exists()
    assert retention.too_old(now=over).exists()


def test_a_legal_hold_keeps_a_record_that_is_over(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip, review_by=(timezone.localdate() + 20 * DAY).isoformat())
    decide(chief, "approve")
    Tip.objects.update(legal_hold=LegalHold.COURT_ORDER)
    later = timezone.now() + 40 * DAY
    tip.refresh_from_db()
    assert actions.goes_without_hold(tip, now=later) == actions.PARTS
    assert intelligence.end_due(now=later, limit=9) == 0
    assert not intelligence.about(NAME, now=later).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_hold_that_is_placed_while_records_end_keeps_its_record(
    officer: Client, chief: Client, tip: Tip
) -> None:
    propose(officer, tip, review_by=(timezone.localdate() + 20 * DAY).isoformat())
    decide(chief, "approve")

    def ended() -> int:
        try:
            return intelligence.end_due(now=timezone.now() + 40 * DAY, limit=9)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.hold(tip, LegalHold.COURT_ORDER, by="sam", now=timezone.now())
            done = pool.submit(ended)
            eventually(lambda: done.done() or somebody_waits_for_us(), seconds=30)
        assert done.result(30) == 0
    assert IntelligenceRecord.objects.exists()


def test_records_of_other_lines_are_not_here(officer: Client, tip: Tip, log_on: LogOn) -> None:
    propose(officer, tip)
    other = log_on(Role.SUPERVISOR, lines=("nhth",), name="other")
    assert record().number not in text(other, "/intelligence/")
    assert other.get(f"/intelligence/{record().number}/").status_code == 404
    assert decide(other, "approve").status_code == 404


def test_a_decided_proposal_is_not_decided_again(
    officer: Client, chief: Client, tip: Tip, log_on: LogOn
) -> None:
    propose(officer, tip)
    decide(chief, "approve")
    second = log_on(Role.SUPERVISOR, lines=LINES, name="second")
    answer = decide(second, "refuse", why="No.")
    assert answer.status_code == 422
    assert "decided this already" in answer.content.decode()
    assert record().state == "IN_FORCE"


def test_a_purge_destroys_the_record_with_its_tip(officer: Client, tip: Tip) -> None:
    propose(officer, tip)
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    assert intelligence.opened(
        record(), private=private, by=User.objects.get(username="officer"), now=timezone.now()
    ).facts.startswith("On three nights")
    tip.delete()
    assert not IntelligenceRecord.objects.exists()
