"""A desk with a few lines, accounts of every role, and tips as the worker leaves them."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.tips.photos import PHONE_PICTURE, attachment
from tests.web.desk import entering
from tests.web.desk.windows import home, open_window  # noqa: F401  fixtures
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Contact, Line, VerifiedState
from tipintake.pipeline import bell
from tipintake.privacy import keys
from tipintake.privacy.seal import DataKey as Key
from tipintake.privacy.seal import PrivateKey, PublicKey, seal_to
from tipintake.routing.models import Decision
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips import pictures, terms
from tipintake.tips.models import (
    Attachment,
    DataKey,
    EvidenceInWords,
    HeldSpan,
    OnlineLead,
    PersonDescribed,
    Place,
    Sighting,
    Tip,
    VaultEntry,
    Vehicle,
)
from tipintake.tips.secrets import context, data_key

Lines = dict[str, Line]
LogOn = Callable[..., Client]
MakeTip = Callable[..., Tip]
See = Callable[[Tip], None]
Photograph = Callable[..., Attachment]

NARRATIVE = (
    "A gray van brings two women every Friday. [removed] The man at the door [held] took their "
    "phones. <b>Room 12</b>."
)
VERIFIED, UNVERIFIED = VerifiedState.CORROBORATED, VerifiedState.UNVERIFIED
KINDS: dict[str, tuple[str, Line.Kind, str, str, VerifiedState]] = {
    "wentzville-pd": (
        "Wentzville Police",
        Line.Kind.POLICE,
        "636-555-0105",
        "",
        VERIFIED,
    ),
    "ofallon-pd": ("O'Fallon Police", Line.Kind.POLICE, "", "636-555-0140 (2015)", UNVERIFIED),
    "st-charles-county-task-force": (
        "St. Charles County task force",
        Line.Kind.TASK_FORCE,
        "636-555-0177",
        "",
        UNVERIFIED,
    ),
    "st-louis-county-pd": ("St. Louis County Police", Line.Kind.POLICE, "", "", UNVERIFIED),
    "icac": ("ICAC", Line.Kind.CHILD, "", "", UNVERIFIED),
    "child-protection": ("Child protection", Line.Kind.CHILD, "314-555-0138", "", VERIFIED),
    "nhth": ("National hotline", Line.Kind.NATIONAL, "314-555-0173", "", VERIFIED),
    "crimestoppers": ("CrimeStoppers", Line.Kind.ALTERNATIVE, "314-555-0184", "", VERIFIED),
    "victim-advocate": ("Victim advocate", Line.Kind.SERVICE, "", "", UNVERIFIED),
    "regional-triage": ("Regional triage", Line.Kind.INTERNAL, "", "", VerifiedState.INTERNAL),
    "out-of-area": ("Out-of-area desk", Line.Kind.INTERNAL, "", "", VerifiedState.INTERNAL),
}


@pytest.fixture(autouse=True)
def desk_host(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer as the desk does; no broker runs during a test."""
    settings.ROLE = "desk"
    settings.ROOT_URLCONF = "config.urls_desk"
    settings.MIDDLEWARE = configured.DESK_MIDDLEWARE
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.WHITENOISE_AUTOREFRESH = True  # no collected folder in tests
    monkeypatch.setattr(bell, "ring_notify", lambda: None)


@pytest.fixture
def lines(db: None) -> Lines:
    made = {}
    counties = {"st-louis-county-pd": "st-louis-county", "icac": "", "child-protection": ""}
    for code, (name, kind, number, note, state) in KINDS.items():
        made[code] = Line.objects.create(
            code=code,
            agency=name,
            name=name,
            resident_name=name,
            resident_name_es=name,
            kind=kind,
            number=number,
            number_note=note,
            county=counties.get(code, "st-charles-county"),
            verified_state=state,
            source="made for tests",
            call_script="Say who you are.\nRead the tip.",
        )
    return made


@pytest.fixture
def log_on(lines: Lines) -> LogOn:
    """A client that is logged on with these roles, for these lines."""

    def enter(*roles: Role, lines: tuple[str, ...] = (), name: str = "sam") -> Client:
        password = accounts.create(
            name, roles=roles, lines=lines, actor="test", now=timezone.now()
        )
        client = Client()
        entering.enter(client, name, password)
        return client

    return enter


@pytest.fixture
def triage(log_on: LogOn) -> Client:
    return log_on(
        Role.ANALYST,
        Role.SUPERVISOR,
        name="triage",
        lines=("regional-triage", "wentzville-pd", "ofallon-pd", "nhth"),
    )


@pytest.fixture
def make_tip(lines: Lines) -> MakeTip:
    """A tip in the queues of these lines, the first as primary."""

    def make(
        *codes: str,
        priority: str = "P2",
        rule: str = "R3",
        narrative: str = NARRATIVE,
        waited: timedelta = timedelta(minutes=1),
        due_in: timedelta = timedelta(hours=2),
        rules: list[str] | None = None,
        county: str = "st-charles-county",
        **fields: Any,
    ) -> Tip:
        now = timezone.now()
        tip = _tip(narrative, now, priority=priority, **fields)
        for at, code in enumerate(codes):
            HandOff.objects.create(
                tip=tip,
                line=lines[code],
                is_primary=at == 0,
                priority=priority,
                rule=rule,
                because=f"Reason for {code}.",
                queued_at=now - waited,
                due_at=now + due_in,
                low_trust=tip.low_trust,
            )
        Decision.objects.create(
            tip=tip,
            decided_at=now - waited,
            policy_version=1,
            region_version="0123456789abcdef",
            rule=rule,
            rules=rules or [rule],
            primary=codes[0] if codes else "regional-triage",
            also=sorted(codes[1:]),
            priority=priority,
            banner_911=rule == "R0",
            because=f"Sentence of {rule}.",
            place_outcome="resolved",
            jurisdiction="wentzville-mo",
            place={
                "county": county,
                "evidence": [{"kind": "city", "value": "Wentzville"}],
                "conflicts": [],
            },
        )
        return tip

    return make


def _tip(narrative: str, now: datetime, **fields: Any) -> Tip:
    key = Key.new()
    hour = now.replace(minute=0, second=0, microsecond=0)
    tip = Tip(
        reference=f"T-{uuid.uuid4().hex[:4]}-{uuid.uuid4().hex[:4]}".upper(),
        receipt_hmac=uuid.uuid4().bytes * 2,
        receipt_public_key=PrivateKey.new().public.raw,
        submitted_hour=hour,
        came_by="WEB",
        **{
            "routed_at": now,
            "category": "SEX_TRAFFICKING",
            "immediacy": "ONGOING",
            "minor_present": "NO",
            "basis": "SAW",
            "indicators": ["CTL_ID_HELD", "HTL_CASH"],
            **fields,
        },
    )
    tip.narrative_sealed = key.seal(narrative.encode(), context=context(tip.pk, "narrative"))
    tip.save()
    public = keys.public_keys(configured.KEYS_DIR)
    DataKey.objects.create(
        tip=tip,
        sealed=key.sealed_to(public.desk),
        desk_key_id=public.desk_id,
        mailbox=key.mailbox.public.raw,
    )
    return tip


@pytest.fixture
def see() -> See:
    """Everything that can be seen, added to a tip."""

    def add(tip: Tip) -> None:
        Vehicle.objects.create(
            tip=tip,
            position=0,
            plate_raw="7kx 4?2",
            plate_canonical="7KX4?2",
            plate_skeleton="7KX4?2",
            plate_state="MO",
            plate_partial=True,
            year_from=2014,
            year_to=2016,
            make="Honda",
            make_code="HOND",
            model="Odyssey",
            style="Van",
            colour1="gray",
            colour1_code="GRY",
            features="dent, [removed]",
            role_in_scene="DROPPED_OFF",
        )
        Place.objects.create(
            tip=tip,
            position=0,
            place_type="HOTEL_MOTEL",
            name="Sunset Inn",
            unit="12",
            city="Wentzville",
            highway="I-70",
            exit="212",
        )
        PersonDescribed.objects.create(
            tip=tip, position=0, role="POSSIBLE_VICTIM", age_from=17, age_to=20, height_cm=165
        )
        OnlineLead.objects.create(
            tip=tip, position=0, url="https://ads.example/x", ad_phone="314 555 0166"
        )
        EvidenceInWords.objects.create(tip=tip, kind="ROOM", value="Room 12", canonical="12")
        Sighting.objects.create(
            tip=tip,
            kind="RECURRING",
            rrule="FREQ=WEEKLY;BYDAY=FR,SA",
            local_start=time(22, 0),
            duration_minutes=240,
            times_seen="6+",
        )
        found(tip)

    return add


def found(tip: Tip) -> None:
    """What the doors do when they store a tip: it can be searched for."""
    terms.index_anew(Tip.objects.with_all_parts().filter(pk=tip.pk))


@pytest.fixture
def photograph() -> Photograph:
    """A picture added to a tip, as the door would; `by` has confirmed it."""

    def add(tip: Tip, data: bytes = PHONE_PICTURE, *, by: str = "") -> Attachment:
        key = data_key(tip, keys.desk_private(configured.PRIVATE_KEYS_DIR))
        sent = attachment(data, keep_claims=True)
        for row in pictures.rows(tip, [sent], key.mailbox.public):
            row.position += tip.attachments.count()
            if by:
                row.confirmed_by = User.objects.get(username=by)
                row.confirmed_at = timezone.now()
            row.save()
        return row

    return add


@pytest.fixture
def email_contact(lines: Lines) -> Contact:
    return Contact.objects.create(
        line=lines["wentzville-pd"],
        channel=Contact.Channel.EMAIL,
        name="Records room",
        address="records@police.example",
        source="made for tests",
    )


def hold_back(
    tip: Tip, field: str, words: str, *, mark: int = 0, kind: str = "REPORTER_CONTACT"
) -> HeldSpan:
    """Words that stand in the tip as a mark."""
    mailbox = PublicKey(bytes(tip.data_key.mailbox))
    return HeldSpan.objects.create(
        tip=tip,
        field=field,
        mark=mark,
        kind=kind,
        rule="contact-without-cue",
        sealed=seal_to(mailbox, words.encode(), context=context(tip.pk, f"held:{field}")),
        destroy_after=timezone.localdate() + timedelta(days=9),
    )


def lock_away(tip: Tip, name: str) -> VaultEntry:
    public = keys.public_keys(configured.KEYS_DIR)
    field = "/persons/0/name_or_alias"
    return VaultEntry.objects.create(
        tip=tip,
        field=field,
        kind="VICTIM_NAME",
        sealed=seal_to(public.vault, name.encode(), context=context(tip.pk, f"vault:{field}")),
        vault_key_id=public.vault_id,
    )


def version(tip: Tip) -> int:
    return Tip.objects.get(pk=tip.pk).version


def hand_off(tip: Tip, code: str) -> HandOff:
    return HandOff.objects.get(tip=tip, line__code=code)


def act(client: Client, tip: Tip, code: str, what: str, **given: object) -> Any:
    """Press a button of this line on the tip's page."""
    row = hand_off(tip, code)
    return client.post(
        f"/tips/{tip.reference}/hand-offs/{row.pk}/{what}/",
        {"version": version(tip), **given},
    )


def said_by(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def hidden(page: str, name: str) -> str:
    """What a hidden field of the page carries."""
    found = re.search(rf'<input type="hidden"\s+name="{name}"\s+value="([^"]*)"', page)
    assert found, name
    return found[1]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return said_by(answer.content.decode())
