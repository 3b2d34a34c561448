"""An export from asking to its end: made once, cancelled, expired, corrected, sent each week."""

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings

from reports import (
    asking,
    batches,
    correcting,
    digesting,
    making,
    reading,
    selecting,
    store,
    sweeping,
    taking,
)
from reports.asking import CannotAsk, Wish
from reports.correcting import Again
from reports.disseminated import Asked, disseminated
from reports.formats import base, formats
from reports.lease import LASTS, MOST_ATTEMPTS, Lease, Stopped, claim, still
from reports.models import Correction, Digest, Dissemination, Export, ExportedTip
from reports.scope import OutOfScope
from reports.taking import NotReady
from tests.reports.conftest import NOW, Account, AskFor, files_of, package
from tests.web.desk.conftest import Lines, MakeTip, Photograph, See
from tipintake.directory.models import Line
from tipintake.pipeline.retain import purge_test
from tipintake.privacy import keys
from tipintake.privacy.attachments import Rectangle
from tipintake.privacy.seal import DataKey, PrivateKey
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role, give
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.rotation import Rotation
from tipintake.triage import pictures
from tipintake.web.desk.history import past_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


def make(now: object = NOW) -> int:
    return making.make_due(clock=lambda: now, heart=still)  # type: ignore[arg-type,return-value]


def acts(act: str) -> int:
    return AuditEntry.objects.filter(act=act).count()


class _Breaks:
    """A format that fails, or lets something happen, at its first row."""

    def __init__(self, happens: object) -> None:
        self.happens = happens

    def add(self, _row: object) -> None:
        self.happens()  # type: ignore[operator]

    def end(self) -> None: ...


@pytest.fixture
def at_the_first_row(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def arrange(happens: object) -> None:
        known = dict(formats())
        broken = base.Format("csv", "Broken", lambda _files, _about: _Breaks(happens))
        monkeypatch.setattr(batches, "formats", lambda: {**known, "csv": broken})

    return arrange  # type: ignore[return-value]


def test_one_maker_at_a_time_and_none_twice(tip: Tip, ask_for: AskFor) -> None:
    waiting = ask_for(make=False)
    first = claim(now=NOW)
    assert first
    assert claim(now=NOW + LASTS) is None
    assert first.renew(NOW + LASTS)
    assert claim(now=NOW + LASTS * 2) is None
    second = claim(now=NOW + LASTS * 2 + timedelta(seconds=1))
    assert second
    assert not first.renew(NOW)
    with pytest.raises(Stopped):
        first.note(NOW, done=1)
    waiting.refresh_from_db()
    assert (waiting.attempts, waiting.lease) == (2, second.token)


def test_a_maker_that_was_overtaken_finishes_nothing(
    tip: Tip, ask_for: AskFor, at_the_first_row: object
) -> None:
    waiting = ask_for(make=False)

    def overtake() -> None:
        Export.objects.filter(pk=waiting.pk).update(lease="0" * 32)

    at_the_first_row(overtake)  # type: ignore[operator]
    make()
    waiting.refresh_from_db()
    assert waiting.state == "MAKING"
    assert acts("export.made") == 0
    assert not list(store.folder().iterdir())


def test_what_fails_is_tried_again_and_then_given_up(
    tip: Tip, ask_for: AskFor, at_the_first_row: object
) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    at_the_first_row(fail)  # type: ignore[operator]
    export = ask_for()
    assert (export.state, export.attempts) == ("FAILED", MOST_ATTEMPTS)
    assert export.problem == "Unexpected: ZeroDivisionError."
    assert acts("export.failed") == 1
    assert not list(store.folder().iterdir())


def test_a_maker_that_dies_each_time_does_not_go_on_for_ever(tip: Tip, ask_for: AskFor) -> None:
    waiting = ask_for(make=False)
    moment = NOW
    for _ in range(MOST_ATTEMPTS):
        assert claim(now=moment)
        moment += LASTS + timedelta(seconds=1)
    make(moment)
    waiting.refresh_from_db()
    assert waiting.state == "FAILED"
    assert "did not come to an end" in waiting.problem


def test_cancelled_before_and_while_it_is_made(
    tip: Tip, ask_for: AskFor, at_the_first_row: object
) -> None:
    before = ask_for(make=False)
    assert asking.cancel(before, by="erin", now=NOW)
    assert make() == 0
    while_made = ask_for(make=False)
    at_the_first_row(lambda: asking.cancel(while_made, by="erin", now=NOW))  # type: ignore[operator]
    make()
    for one in (before, while_made):
        one.refresh_from_db()
        assert one.state == "CANCELLED"
        assert not asking.cancel(one, by="erin", now=NOW)
    assert acts("export.cancelled") == 2
    assert not list(store.folder().iterdir())


def test_every_download_is_in_the_log_and_in_the_audit(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    export = ask_for()
    whole = b"".join(taking.take(export, user=exporter, now=NOW))
    assert whole == package(export)
    assert len(whole) == export.size
    assert b"".join(taking.take(export, user=exporter, now=NOW + timedelta(hours=1))) == whole
    entries = Dissemination.objects.filter(export=export)
    assert entries.count() == acts("export.downloaded") == 2
    first = entries.earliest("pk")
    assert (first.by, first.recipient, first.purpose, first.tips) == (
        "erin", "Wentzville Police", "INVESTIGATION", 1,
    )  # fmt: skip
    for entry in AuditEntry.objects.filter(act__startswith="export."):
        assert tip.reference not in str(entry.facts)
        assert "Sunset" not in str(entry.facts)


def test_it_is_gone_after_a_day(
    tip: Tip, ask_for: AskFor, exporter: User, exports_folder: Path
) -> None:
    export = ask_for()
    sweeping.sweep(now=NOW + timedelta(hours=23))
    export.refresh_from_db()
    assert export.state == "READY"
    day = NOW + timedelta(hours=24)
    with pytest.raises(NotReady):
        taking.take(export, user=exporter, now=day)
    sweeping.sweep(now=day)
    export.refresh_from_db()
    assert (export.state, bytes(export.key_sealed)) == ("EXPIRED", b"")
    assert not list(exports_folder.iterdir())
    assert acts("export.expired") == 1


def test_who_may_no_longer_give_it_takes_nothing(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    export = ask_for()
    give(exporter, Role.ANALYST)
    with pytest.raises(Exception, match="do not include exports"):
        taking.take(export, user=User.objects.get(pk=exporter.pk), now=NOW)
    assert not Dissemination.objects.exists()


def test_who_does_not_see_its_tips_any_more_takes_nothing(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    export = ask_for()
    accounts.set_lines(exporter.username, ["ofallon-pd"], actor="test", now=NOW)
    with pytest.raises(OutOfScope, match="do not see every tip in this export any more"):
        taking.take(export, user=exporter, now=NOW)
    assert not Dissemination.objects.exists()
    accounts.set_lines(exporter.username, ["wentzville-pd"], actor="test", now=NOW)
    assert list(taking.take(export, user=exporter, now=NOW))


def test_a_purged_tip_leaves_its_package_and_its_recipients_are_to_be_told(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User, exports_folder: Path
) -> None:
    make_tip("wentzville-pd")
    export = ask_for()
    list(taking.take(export, user=exporter, now=NOW))
    digest = ExportedTip.objects.get(tip=tip).tip_hash
    assert purge_test(Tip.objects.filter(pk=tip.pk), actor="test", now=NOW) == 1
    with pytest.raises(NotReady, match="was destroyed since"):  # before anybody has swept
        taking.take(export, user=exporter, now=NOW)
    assert Dissemination.objects.count() == 1
    sweeping.sweep(now=NOW)
    sweeping.sweep(now=NOW)
    export.refresh_from_db()
    assert export.state == "EXPIRED"
    assert not list(exports_folder.iterdir())
    due = Correction.objects.get()
    assert (due.what, due.tip_hash, due.export) == ("PURGED", digest, export)
    letter = correcting.letter(due)
    assert digest in letter
    assert "Wentzville Police" in letter
    assert tip.reference not in letter
    correcting.told(due, by="erin", now=NOW)
    correcting.told(due, by="erin", now=NOW)
    assert acts("export.recipient_told") == 1


def test_a_tip_that_stayed_out_may_be_purged(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User
) -> None:
    kept_back = make_tip("wentzville-pd", reporter_is_victim=True, police_consent=False)
    export = ask_for(formats=["csv"], references=[tip.reference, kept_back.reference])
    assert (export.done, export.left_out) == (1, 1)
    assert purge_test(Tip.objects.filter(pk=kept_back.pk), actor="test", now=NOW) == 1
    sweeping.sweep(now=NOW)
    export.refresh_from_db()
    assert b"".join(taking.take(export, user=exporter, now=NOW)) == package(export)


def test_the_log_names_no_package_that_a_tip_stayed_out_of(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User, account: Account
) -> None:
    kept_back = make_tip("wentzville-pd", reporter_is_victim=True, police_consent=False)
    export = ask_for(formats=["csv"], references=[tip.reference, kept_back.reference])
    list(taking.take(export, user=exporter, now=NOW))
    reader = account(Role.AUDITOR, name="rita")
    assert disseminated(Asked.of(tip.reference), reader).count() == 1
    assert disseminated(Asked.of(kept_back.reference), reader).count() == 0


def test_a_chosen_tip_that_is_purged_while_it_is_read_does_not_go_out(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, at_the_first_row: Callable[[object], None]
) -> None:
    other = make_tip("wentzville-pd")
    waiting = ask_for(
        make=False, formats=["csv", "kml"], references=[tip.reference, other.reference]
    )
    at_the_first_row(lambda: purge_test(Tip.objects.filter(pk=tip.pk), actor="test", now=NOW))
    make(NOW)
    make(NOW + timedelta(minutes=1))
    waiting.refresh_from_db()
    assert waiting.attempts == 2
    assert files_of(waiting)["data/tip-hashes.txt"].decode().split()[1:] == [other.reference]
    assert not correcting.gone().filter(export=waiting).exists()


def test_a_withdrawn_tip_is_not_taken_before_anybody_has_swept(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    export = ask_for(formats=["csv"])
    list(taking.take(export, user=exporter, now=NOW))
    assert correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=NOW) == 1
    with pytest.raises(NotReady, match="must not be used"):
        taking.take(export, user=exporter, now=NOW)
    assert Dissemination.objects.count() == acts("export.downloaded") == 1


@pytest.mark.parametrize("when", ["before", "made", "ready"])
def test_a_tip_that_was_withdrawn_before_it_ever_left_does_not_leave(
    when: str,
    tip: Tip,
    make_tip: MakeTip,
    ask_for: AskFor,
    exporter: User,
    at_the_first_row: Callable[[object], None],
) -> None:
    def withdraw() -> None:
        assert correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=NOW) == 0

    make_tip("wentzville-pd")
    if when == "before":
        withdraw()
    if when == "made":
        at_the_first_row(withdraw)
    export = ask_for(formats=["csv"])
    if when == "ready":
        withdraw()
    if when == "before":
        assert export.done == 1
        list(taking.take(export, user=exporter, now=NOW))
        return
    with pytest.raises(NotReady, match="must not be used"):
        taking.take(export, user=exporter, now=NOW)
    sweeping.sweep(now=NOW)
    assert Export.objects.get().state == "EXPIRED"
    assert not Correction.objects.exists()
    assert ask_for(formats=["csv"]).done == 1


@pytest.mark.parametrize("taken", [False, True], ids=["lies here", "went out"])
def test_what_staff_say_is_wrong_does_not_go_out_as_it_was(
    taken: bool, tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User
) -> None:
    other = make_tip("wentzville-pd")
    export = ask_for(formats=["csv"], references=[tip.reference])
    untouched = ask_for(formats=["csv"], references=[other.reference])
    if taken:
        list(taking.take(export, user=exporter, now=NOW))
    later = NOW + timedelta(minutes=1)
    # An account may be called as the process is that finds the others by itself.
    assert correcting.note(tip, Correction.What.WRONG, by=correcting.ACTOR, now=later) == taken
    with pytest.raises(NotReady, match="is wrong"):
        taking.take(export, user=exporter, now=later)
    sweeping.sweep(now=later)
    assert [Export.objects.get(pk=one.pk).state for one in (export, untouched)] == [
        "EXPIRED", "READY",
    ]  # fmt: skip
    again = ask_for(formats=["csv"], references=[tip.reference], now=later)
    list(taking.take(again, user=exporter, now=later))


def test_nobody_is_told_of_a_tip_that_never_left(tip: Tip, ask_for: AskFor) -> None:
    ask_for()
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="UNFOUNDED", closed_on=NOW.date()
    )
    assert correcting.find(now=NOW) == 0


def test_an_unfounded_tip_and_a_wrong_one_are_told_once(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    list(taking.take(ask_for(), user=exporter, now=NOW))
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="UNFOUNDED", closed_on=NOW.date()
    )
    assert [correcting.find(now=NOW) for _ in range(2)] == [1, 0]
    assert [correcting.note(tip, Correction.What.WRONG, by="erin", now=NOW) for _ in range(2)] == [
        1, 0,
    ]  # fmt: skip


def test_the_audit_says_of_which_tip_recipients_must_hear_until_it_is_purged(
    tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User
) -> None:
    other = make_tip("wentzville-pd")
    for _ in range(2):
        list(taking.take(ask_for(), user=exporter, now=NOW))
    correcting.note(other, Correction.What.WRONG, by="erin", now=NOW)
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="UNFOUNDED", closed_on=NOW.date()
    )
    correcting.find(now=NOW)
    due = AuditEntry.objects.filter(act="export.correction_due").order_by("pk")
    assert [(one.subject, one.facts) for one in due] == [
        (other.reference, {"what": "WRONG", "count": 2, "said": True}),
        (tip.reference, {"what": "UNFOUNDED", "count": 2}),
    ]
    (past,) = (one.what for one in past_of(tip, NOW) if "export" in one.what)
    assert past == "Who received it in an export must be told (unfounded): 2"
    purge_test(Tip.objects.filter(pk=other.pk), actor="test", now=NOW)
    correcting.find(now=NOW)
    assert [one.subject for one in due.all()] == ["", tip.reference, ""]


def black_out(row: Attachment, *, confirm_as: str = "") -> None:
    """As the desk does, from the row as it is now."""
    row = Attachment.objects.select_related("tip__data_key").get(pk=row.pk)
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    made = pictures.covered(row, [Rectangle(0, 0, 20, 20)], private)
    pictures.black_out(row, made, by="triage", now=timezone.now())
    if confirm_as:
        pictures.confirm(row, by=User.objects.get(username=confirm_as), now=timezone.now())


@pytest.mark.parametrize("confirm_as", ["", "erin"], ids=["waits", "confirmed anew"])
def test_a_picture_that_was_blacked_out_since_does_not_go_out_as_it_was(
    confirm_as: str, tip: Tip, ask_for: AskFor, exporter: User, photograph: Photograph
) -> None:
    row = photograph(tip, by="erin")
    now = timezone.now()
    export = ask_for(formats=["csv"], with_pictures=True, now=now)
    list(taking.take(export, user=exporter, now=now))
    black_out(row, confirm_as=confirm_as)
    with pytest.raises(NotReady, match="blacked out since"):
        taking.take(export, user=exporter, now=timezone.now())
    assert correcting.find(now=timezone.now()) == 1
    assert "destroy every copy" in correcting.letter(Correction.objects.get(what="WRONG"))
    sweeping.sweep(now=timezone.now())
    assert Export.objects.get().state == "EXPIRED"
    again = ask_for(formats=["csv"], with_pictures=True, now=timezone.now())
    list(taking.take(again, user=exporter, now=timezone.now()))


def test_what_was_blacked_out_before_or_never_went_out_stops_no_export(
    tip: Tip, ask_for: AskFor, exporter: User, photograph: Photograph
) -> None:
    black_out(photograph(tip, by="erin"), confirm_as="erin")
    never = photograph(tip)
    now = timezone.now()
    plain = ask_for(formats=["csv"], now=now)
    export = ask_for(formats=["csv"], with_pictures=True, now=now)
    black_out(never)
    black_out(never, confirm_as="erin")
    for one in (plain, export):
        list(taking.take(one, user=exporter, now=timezone.now()))
    assert correcting.find(now=timezone.now()) == 0
    sweeping.sweep(now=timezone.now())
    assert set(Export.objects.values_list("state", flat=True)) == {"READY"}


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "filtered"])
@pytest.mark.parametrize(("level", "due"), [("EVIDENCE", 0), ("HELP", 1)], ids=str)
def test_who_read_that_it_was_unfounded_is_not_told_again(
    level: str, due: int, chosen: bool, tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    """What the recipient may see does not always show it."""
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="UNFOUNDED", closed_on=NOW.date()
    )
    given = {"references": [tip.reference]} if chosen else {}
    list(taking.take(ask_for(level=level, formats=["csv"], **given), user=exporter, now=NOW))
    assert correcting.find(now=NOW) == due


@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "filtered"])
def test_a_withdrawn_tip_does_not_go_out_again(
    chosen: bool, tip: Tip, make_tip: MakeTip, ask_for: AskFor, exporter: User
) -> None:
    other = make_tip("wentzville-pd")
    list(taking.take(ask_for(level="HELP", formats=["csv"]), user=exporter, now=NOW))
    both = [tip.reference, other.reference] if chosen else []
    asked_before = ask_for(make=False, formats=["csv"], references=both)
    assert correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=NOW) == 1
    assert correcting.note(other, Correction.What.WRONG, by="erin", now=NOW) == 1
    make(NOW)
    asked_before.refresh_from_db()
    rest = [other.reference] if chosen else []
    for export in (asked_before, ask_for(formats=["csv"], references=rest)):
        assert files_of(export)["data/tip-hashes.txt"].decode().split()[1:] == [other.reference]
        assert export.left_out == 0
    for named in ([tip.reference], [other.reference, tip.reference]):
        with pytest.raises(CannotAsk, match=f"withdrawn: {tip.reference}\\."):
            ask_for(references=named)
    sweeping.sweep(now=NOW)
    states = Export.objects.order_by("asked_at", "pk").values_list("level", "state")
    assert sorted(states) == [("EVIDENCE", "READY"), ("EVIDENCE", "READY"), ("HELP", "EXPIRED")]


def test_a_tip_that_may_be_used_again_goes_out_and_packages_from_before_do_not(
    tip: Tip, ask_for: AskFor, exporter: User
) -> None:
    went_out = ask_for(formats=["csv"])
    list(taking.take(went_out, user=exporter, now=NOW))
    minutes = [NOW + timedelta(minutes=one) for one in range(1, 5)]
    assert correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=minutes[0]) == 1
    assert correcting.allow_again(tip, Again.MISTAKE, by="sue", now=minutes[1])
    assert not correcting.allow_again(tip, Again.MISTAKE, by="sue", now=minutes[1])
    assert Correction.objects.get().what == "WITHDRAWN"
    with pytest.raises(NotReady, match="must not be used"):
        taking.take(went_out, user=exporter, now=minutes[2])
    again = ask_for(formats=["csv"], references=[tip.reference], now=minutes[2])
    list(taking.take(again, user=exporter, now=minutes[2]))
    sweeping.sweep(now=minutes[2])
    assert [Export.objects.get(pk=one.pk).state for one in (went_out, again)] == [
        "EXPIRED", "READY",
    ]  # fmt: skip
    past = [(one.who, one.what) for one in past_of(tip, minutes[2])]
    assert ("sue", "May be used in exports again: mistake") in past
    assert (
        "erin",
        "Must not be used in exports; packages whose recipients must be told: 1",
    ) in past
    correcting.told(Correction.objects.get(), by="erin", now=minutes[2])
    assert correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=minutes[3]) == 2
    anew = Correction.objects.filter(told_at=None)
    assert {one.export for one in anew} == {went_out, again}
    assert not correcting.allowed_since(anew)
    with pytest.raises(NotReady, match="must not be used"):
        taking.take(again, user=exporter, now=minutes[3])
    with pytest.raises(CannotAsk, match=f"withdrawn: {tip.reference}\\."):
        ask_for(references=[tip.reference], now=minutes[3])


def test_what_was_allowed_again_is_forgotten_with_the_tip(tip: Tip) -> None:
    correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=NOW)
    correcting.allow_again(tip, Again.MENDED, by="sue", now=NOW + timedelta(minutes=1))
    purge_test(Tip.objects.filter(pk=tip.pk), actor="test", now=NOW + timedelta(minutes=2))
    assert not AuditEntry.objects.filter(subject=tip.reference).exists()


def wish_for(lines: Lines, **given: object) -> Wish:
    return Wish(
        **{  # type: ignore[arg-type]
            "recipient": lines["wentzville-pd"], "purpose": "INVESTIGATION",
            "authority": "Agreement 7", "level": "EVIDENCE", "formats": ["csv"],
            "selection": {"line": "wentzville-pd"}, **given,
        }
    )  # fmt: skip


def test_a_digest_brings_each_tip_once(make_tip: MakeTip, lines: Lines, exporter: User) -> None:
    came(make_tip("wentzville-pd"), NOW - timedelta(hours=1))
    digest = digesting.arrange(
        wish_for(lines), name="Weekly", every="WEEK", user=exporter, now=NOW
    )
    week = timedelta(days=7)
    brought = []
    for number in range(1, 4):
        fresh = make_tip("wentzville-pd")
        came(fresh, NOW + week * number - timedelta(hours=2))
        sweeping.sweep(now=NOW + week * number)
        sweeping.sweep(now=NOW + week * number)
        make(NOW + week * number)
        export = Export.objects.latest("asked_at")
        assert export.digest == digest
        brought += references(export)
        assert brought[-1] == fresh.reference
        take(export, NOW + week * number)
    assert Export.objects.count() == len(set(brought)) == 3


def hand_over_later(tip: Tip, line: Line) -> None:
    handed = tip.hand_offs.get()
    handed.pk, handed.line, handed.is_primary = None, line, False
    handed.queued_at = NOW + timedelta(hours=5)
    handed.save(force_insert=True)


def test_a_digest_brings_what_comes_to_its_line_later(
    make_tip: MakeTip, lines: Lines, exporter: User
) -> None:
    late = make_tip("ofallon-pd")
    came(late, NOW - timedelta(days=3))
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    hand_over_later(late, lines["wentzville-pd"])
    sweeping.sweep(now=NOW + timedelta(days=1))
    make(NOW + timedelta(days=1))
    export = Export.objects.get()
    assert references(export) == [late.reference]
    take(export, NOW + timedelta(days=1))
    sweeping.sweep(now=NOW + timedelta(days=2))
    make(NOW + timedelta(days=2))
    assert Export.objects.latest("asked_at").done == 0


def test_a_digest_of_all_lines_brings_what_comes_to_one_of_them_later(
    make_tip: MakeTip, lines: Lines, exporter: User
) -> None:
    """It was routed to a line that the account does not see, and handed over days after."""
    late, known = make_tip("nhth"), make_tip("ofallon-pd")
    came(late, NOW - timedelta(days=3))
    came(known, NOW - timedelta(days=3))
    wish = wish_for(lines, selection={})
    digesting.arrange(wish, name="Daily", every="DAY", user=exporter, now=NOW)
    for tip in (late, known):
        hand_over_later(tip, lines["wentzville-pd"])
    sweeping.sweep(now=NOW + timedelta(days=1))
    make(NOW + timedelta(days=1))
    export = Export.objects.get()
    assert references(export) == [late.reference]
    said = selecting.in_words(export.selection)
    assert said == "came since 2026-11-14 09:30 CST, came before 2026-11-15 09:25 CST"


def test_a_digest_brings_what_may_be_used_again(
    make_tip: MakeTip, lines: Lines, exporter: User
) -> None:
    day = timedelta(days=1)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    tip = make_tip("wentzville-pd")
    came(tip, NOW + timedelta(hours=3))
    correcting.note(tip, Correction.What.WITHDRAWN, by="erin", now=NOW + timedelta(hours=4))
    sweeping.sweep(now=NOW + day)
    make(NOW + day)
    export = Export.objects.get()
    assert references(export) == []
    take(export, NOW + day)
    correcting.allow_again(tip, Again.MENDED, by="sue", now=NOW + timedelta(hours=30))
    sweeping.sweep(now=NOW + 2 * day)
    make(NOW + 2 * day)
    assert references(Export.objects.latest("asked_at")) == [tip.reference]


def test_after_a_standstill_a_digest_comes_once_and_at_its_hour_again(
    lines: Lines, exporter: User
) -> None:
    """It was asked for a second time a minute later, with the same tips."""
    day = timedelta(days=1)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    back = NOW + 5 * day + timedelta(hours=2)
    sweeping.sweep(now=back)
    sweeping.sweep(now=back + timedelta(minutes=1))
    assert Export.objects.count() == 1
    assert Digest.objects.get().next_at == NOW + 6 * day


def test_a_digest_asked_under_a_time_ahead_leaves_nothing_out(
    make_tip: MakeTip, lines: Lines, exporter: User, caplog: pytest.LogCaptureFixture
) -> None:
    day, year = timedelta(days=1), timedelta(days=365)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    sweeping.sweep(now=NOW + day)
    sweeping.sweep(now=NOW + year)
    assert Export.objects.count() == 2
    make(NOW + day)
    for export in Export.objects.filter(state="READY"):
        take(export, NOW + day)
    missed = make_tip("wentzville-pd")
    came(missed, NOW + timedelta(hours=30))
    set_back = NOW + 2 * day
    sweeping.sweep(now=set_back)
    sweeping.sweep(now=set_back)
    asked = Export.objects.get(asked_at=set_back)
    assert asked.selection["routed_since"] == (NOW + day - digesting.SETTLED).isoformat()
    make(set_back)
    assert references(asked) == [missed.reference]
    assert Digest.objects.get().next_at == set_back + day
    assert caplog.text.count("digest.brought_back") == 1


def test_a_digest_arranged_under_a_time_ahead_begins_a_period_ago(
    lines: Lines, exporter: User
) -> None:
    week = timedelta(days=7)
    ahead = NOW + timedelta(days=365)
    digesting.arrange(wish_for(lines), name="Weekly", every="WEEK", user=exporter, now=ahead)
    sweeping.sweep(now=NOW)
    assert Export.objects.get().selection["routed_since"] == (NOW - week).isoformat()
    assert Digest.objects.get().next_at == NOW + week


@pytest.mark.parametrize("became", ["FAILED", "CANCELLED", "EXPIRED"])
def test_what_nobody_took_comes_again(
    make_tip: MakeTip, lines: Lines, exporter: User, became: str
) -> None:
    day = timedelta(days=1)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    first, second = (make_tip("wentzville-pd") for _ in range(2))
    came(first, NOW + timedelta(hours=3))
    came(second, NOW + timedelta(hours=27))
    sweeping.sweep(now=NOW + day)
    Export.objects.update(state=became, asked_at=NOW + day)
    sweeping.sweep(now=NOW + 2 * day)
    make(NOW + 2 * day)
    export = Export.objects.latest("asked_at")
    assert sorted(references(export)) == sorted([first.reference, second.reference])
    take(export, NOW + 2 * day)
    sweeping.sweep(now=NOW + 3 * day)
    make(NOW + 3 * day)
    assert Export.objects.latest("asked_at").done == 0


def test_what_does_not_open_any_more_is_not_noted_as_given_and_comes_again(
    make_tip: MakeTip, lines: Lines, exporter: User
) -> None:
    """The desk's key was rotated, and the earlier one destroyed, while the package lay here."""
    day = timedelta(days=1)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    tip = make_tip("wentzville-pd")
    came(tip, NOW + timedelta(hours=3))
    sweeping.sweep(now=NOW + day)
    make(NOW + day)
    destroyed = PrivateKey.new().public
    Export.objects.update(key_sealed=DataKey.new().sealed_to(destroyed))
    with pytest.raises(taking.NotReady, match="key was changed"):
        take(Export.objects.get(), NOW + day)
    assert not Dissemination.objects.exists()
    assert acts("export.downloaded") == 0
    sweeping.sweep(now=NOW + 2 * day)
    make(NOW + 2 * day)
    assert references(Export.objects.latest("asked_at")) == [tip.reference]


def test_what_was_routed_while_a_digest_was_read_comes_with_the_next(
    make_tip: MakeTip, lines: Lines, exporter: User
) -> None:
    day = timedelta(days=1)
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    sweeping.sweep(now=NOW + day)
    make(NOW + day)
    take(Export.objects.get(), NOW + day)
    late = make_tip("wentzville-pd")
    came(late, NOW + day - timedelta(seconds=1))
    sweeping.sweep(now=NOW + 2 * day)
    make(NOW + 2 * day)
    assert references(Export.objects.latest("asked_at")) == [late.reference]


def references(export: Export) -> list[str]:
    export.refresh_from_db()
    return files_of(export)["data/tip-hashes.txt"].decode().split()[1::2]


def take(export: Export, at: datetime) -> None:
    export.refresh_from_db()
    assert b"".join(taking.hand_over(export, by="test", now=at))


def came(tip: Tip, at: datetime) -> None:
    """Routed, and in its queues, at this moment."""
    Tip.objects.filter(pk=tip.pk).update(routed_at=at)
    tip.hand_offs.update(queued_at=at)


def test_a_digest_ends_with_the_right_to_it(lines: Lines, exporter: User) -> None:
    digesting.arrange(wish_for(lines), name="Daily", every="DAY", user=exporter, now=NOW)
    give(exporter, Role.ANALYST)
    sweeping.sweep(now=NOW + timedelta(days=1))
    assert not Digest.objects.get().active
    assert not Export.objects.exists()
    assert acts("digest.stopped") == 1


def test_names_never_go_out_by_themselves(lines: Lines, account: Account) -> None:
    both = account(Role.EXPORTER, Role.CHILD_VICTIM, name="cleo")
    with pytest.raises(CannotAsk):
        digesting.arrange(
            wish_for(lines, with_vault=True, vault_reason="PROTECT"),
            name="x", every="DAY", user=both, now=NOW,
        )  # fmt: skip


def test_files_that_belong_to_nothing_are_cleared(exports_folder: Path) -> None:
    store.folder()
    lost = exports_folder / f"{'0' * 8}-0000-4000-8000-{'0' * 12}-x.sealed"
    lost.write_bytes(b"x")
    sweeping.sweep(now=NOW)
    assert not lost.exists()


def test_without_the_private_key_it_says_which(
    tip: Tip, ask_for: AskFor, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path / "none"
    export = ask_for()
    assert export.state == "FAILED"
    assert "desk.key is missing" in export.problem


def test_what_is_sealed_anew_while_it_is_read_goes_out_with_its_words(
    make_tip: MakeTip,
    see: See,
    ask_for: AskFor,
    at_the_first_row: object,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shutil.copytree(settings.KEYS_DIR, tmp_path / "keys")
    settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR = tmp_path / "keys", tmp_path / "keys" / "private"
    monkeypatch.setattr(reading, "CHUNK", 1)
    monkeypatch.setattr(batches, "AT_ONCE", 1)
    for _ in range(5):
        see(make_tip("wentzville-pd"))
    one = Rotation("desk", settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, "test", NOW)

    def rotate() -> None:
        if not one.has_earlier():
            one.begin()
            list(one.reseal())

    at_the_first_row(rotate)  # type: ignore[operator]
    files = files_of(ask_for(formats=("csv",)))
    assert one.has_earlier()
    assert b"Unopened-Count: 0\n" in files["bag-info.txt"]
    assert len(files["data/tips.jsonl"].splitlines()) == 5
    assert b"could not be opened" not in files["data/tips.jsonl"]


@pytest.mark.django_db(transaction=True)
def test_a_beating_heart_keeps_the_lease(ask_for: AskFor, monkeypatch: pytest.MonkeyPatch) -> None:
    from reports import lease as law  # noqa: PLC0415

    ask_for(make=False)
    taken = claim(now=NOW)
    assert taken
    beaten = threading.Event()
    renew = Lease.renew

    def watched(one: Lease, now: object) -> bool:
        done = renew(one, now)  # type: ignore[arg-type]
        beaten.set()
        return done

    monkeypatch.setattr(law, "BEAT_SECONDS", 0.01)
    monkeypatch.setattr(Lease, "renew", watched)
    with law.beating(taken):
        assert beaten.wait(10)
    row = Export.objects.get()
    assert row.leased_until is not None
    assert row.leased_until > NOW + LASTS
