"""The index Django loads: each model lives with its subject."""

from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.models import (
    Alias,
    Contact,
    HighwayExit,
    Jurisdiction,
    KnownPlace,
    Line,
    Referral,
    RegionRelease,
    ZipArea,
)
from tipintake.door.models import IdempotentAnswer, SpentToken
from tipintake.routing.models import Decision, Policy
from tipintake.staff.models import AuditEntry, FailedLogOn, LineMembership, User
from tipintake.tips.models import (
    Attachment,
    DataKey,
    EvidenceInWords,
    HeldSpan,
    KeyMark,
    Message,
    OnlineLead,
    PersonDescribed,
    Place,
    PlaceMention,
    Sighting,
    Tip,
    Tombstone,
    VaultEntry,
    Vehicle,
)
from tipintake.triage.models import Call, Note

__all__ = [
    "Alias",
    "Attachment",
    "AuditEntry",
    "Call",
    "Contact",
    "DataKey",
    "Decision",
    "EvidenceInWords",
    "FailedLogOn",
    "HandOff",
    "HeldSpan",
    "HighwayExit",
    "IdempotentAnswer",
    "Jurisdiction",
    "KeyMark",
    "KnownPlace",
    "Line",
    "LineMembership",
    "Message",
    "Note",
    "Notice",
    "OnlineLead",
    "PersonDescribed",
    "Place",
    "PlaceMention",
    "Policy",
    "Referral",
    "RegionRelease",
    "Sighting",
    "SpentToken",
    "Tip",
    "Tombstone",
    "User",
    "VaultEntry",
    "Vehicle",
    "ZipArea",
]
