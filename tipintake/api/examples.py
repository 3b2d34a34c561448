"""Fictional examples, shown in the schema and sent by the tests."""

from typing import Any

TIP: dict[str, Any] = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "ONGOING",
    "minor_present": "POSSIBLY",
    "basis": "SAW",
    "indicators": ["HTL_TRAFFIC", "CTL_ACCOMPANIED"],
    "narrative": (
        "Room 214 has short visits all night. A man waits in a silver van and collects a young "
        "woman after each visit. She never speaks for herself."
    ),
    "vehicles": [
        {
            "plate_raw": "AB1 C2?",
            "plate_state": "MO",
            "make": "Ford",
            "colour1": "silver",
            "role_in_scene": "COLLECTED",
        }
    ],
    "locations": [
        {
            "place_type": "HOTEL_MOTEL",
            "name": "Prairie Rest Motel",
            "unit": "214",
            "city": "Wentzville",
            "state": "MO",
        }
    ],
    "sighting": {
        "kind": "RECURRING",
        "rrule": "FREQ=WEEKLY;BYDAY=FR,SA",
        "local_start": "22:00",
        "duration_minutes": 240,
        "times_seen": "2-5",
    },
    "language": "en",
}

SHORT_TIP: dict[str, Any] = {
    "category": "OTHER_UNSURE",
    "immediacy": "PAST",
    "minor_present": "UNKNOWN",
    "narrative": "The same van brings young people to the plaza and takes their phones away.",
}

TIP_WITH_DECISIONS: dict[str, Any] = {
    **SHORT_TIP,
    "narrative": "The card in the van says 314-555-0142, and I wrote it down.",
    "decisions": {"/narrative:0f3c9a1be27d5b8e40c2": "keep"},
}

CHALLENGE: dict[str, Any] = {
    "challenge": "AGkcdJwWB0p9mLr3Jw0m6t2cV1sYb0eU5Qm8o2p4xR1nT7aK9dQ",
    "hash": "sha256",
    "bits": 22,
    "needed": True,
    "seconds": 600,
    "how": (
        "Find a nonce such that the SHA-256 of the challenge, a point and the nonce begins "
        "with 22 zero bits. Send both with the tip, as work."
    ),
}

RECEIPT_ANSWER: dict[str, Any] = {
    "receipt": "1WJ31-WR3A4-9D88H-24DT9-BKC19-AV",
    "reference": "T-4K7P-29QD",
    "placed_with": [
        {
            "line": "wentzville-pd",
            "name": "Wentzville police",
            "because": "A child may be involved in person: local police and child protection.",
            "number": "636-555-0100",
        },
        {
            "line": "child-protection",
            "name": "Child protection",
            "because": "A child may be involved in person: local police and child protection.",
        },
    ],
    "banner_911": False,
    "attachments": [],
    "next": [
        "Save the receipt now: it is shown only this once, and nobody can look it up.",
        "To see how the tip stands, send the receipt to /api/v1/tips/status.",
        "Nobody watches this service live. If someone is in danger now, call 911.",
    ],
}

STATUS_QUESTION: dict[str, Any] = {"receipt": "1WJ31-WR3A4-9D88H-24DT9-BKC19-AV"}

STATUS_ANSWER: dict[str, Any] = {
    "reference": "T-4K7P-29QD",
    "status": "NEW",
    "says": "Your tip is in the lists below. Nobody has confirmed yet that they have read it.",
    "received_hour": "2026-11-14T09:00:00-06:00",
    "lines": [
        {
            "line": "wentzville-pd",
            "name": "Wentzville police",
            "because": "A child may be involved in person: local police and child protection.",
            "state": "QUEUED",
            "says": "We tell this line by telephone. Nobody has called it yet.",
            "number": "636-555-0100",
        }
    ],
    "questions": [
        {"asked_at": "2026-11-15T10:20:00-06:00", "text": "Which floor was the room on?"}
    ],
    "answers": [],
}

MESSAGE: dict[str, Any] = {
    **STATUS_QUESTION,
    "text": "It was on the second floor, and the silver van came again on Friday.",
    "vehicles": [{"plate_raw": "AB1 C23", "make": "Ford"}],
}

MESSAGE_PREVIEW: dict[str, Any] = {**MESSAGE, "preview": True}

MESSAGE_KEPT: dict[str, Any] = {
    "kept": True,
    "attachments": [
        {
            "pages": 1,
            "removed": ["GPS position"],
            "offers_date": False,
            "offers_place": True,
            "kept": [],
        }
    ],
}

REFUSED: dict[str, Any] = {
    "type": "urn:problem-type:tipintake:tip-refused",
    "title": "The tip cannot be sent as it is",
    "status": 422,
    "detail": "Nothing was kept. Mend what is listed and send it again.",
    "errors": [
        {
            "pointer": "/vehicles/0/plate",
            "code": "unknown_field",
            "detail": 'There is no field "plate" here. Did you mean "plate_raw"?',
        }
    ],
}

UNKNOWN_RECEIPT: dict[str, Any] = {
    "type": "urn:problem-type:tipintake:receipt-unknown",
    "title": "No tip is known under this receipt",
    "status": 404,
    "detail": "It may never have been one of ours, or its time is over and everything is gone.",
    "errors": [],
}
