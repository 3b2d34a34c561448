"""What a partner's system is shown of a hand-off, and the shape of it: never what was seen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count
from rest_framework import serializers

from tipintake.api.strict import StrictChoice, StrictSerializer, StrictText
from tipintake.delivery.acts import Reason
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.tips.models import Message
from tipintake.tips.vocabulary import Disposition

# "Another reason" needs words, and those are written by a person on the desk.
REASONS = [(one.value, one.label) for one in Reason if one is not Reason.OTHER]


def tag_of(row: HandOff) -> str:
    """The entity tag: it changes with whatever a partner may see of the hand-off."""
    return tag(_facts(row, _additions([row])))


def tag(content: object) -> str:
    packed = json.dumps(content, sort_keys=True).encode()
    return hashlib.blake2b(packed, digest_size=12).hexdigest()


def hand_off(row: HandOff) -> dict[str, Any]:
    return hand_offs([row])[0]


def hand_offs(rows: Sequence[HandOff]) -> list[dict[str, Any]]:
    additions = _additions(rows)
    shown = [_facts(row, additions) for row in rows]
    return [{**facts, "etag": f'"{tag(facts)}"'} for facts in shown]


def line(one: Line) -> dict[str, str]:
    return {"line": one.code, "name": one.name}


def _additions(rows: Sequence[HandOff]) -> Mapping[UUID, int]:
    """How often those who wrote these tips added to them, by tip."""
    answers = Message.objects.filter(
        tip__in=[row.tip_id for row in rows], direction=Message.Direction.ANSWER
    )
    return dict(answers.order_by().values_list("tip").annotate(Count("pk")))


def _facts(row: HandOff, additions: Mapping[UUID, int]) -> dict[str, Any]:
    taken = row.acknowledged_at
    reference = row.tip.reference
    return {
        "line": row.line.code,
        "reference": reference,
        "priority": row.priority,
        "is_primary": row.is_primary,
        "because": row.because,
        "state": row.state,
        "queued_at": row.queued_at.isoformat(timespec="seconds"),
        "acknowledge_by": row.due_at.isoformat(timespec="seconds"),
        "acknowledged_at": taken.isoformat(timespec="seconds") if taken else None,
        "disposition": row.disposition,
        "additions": additions.get(row.tip_id, 0),
        "link": f"{settings.DESK_URL}/tips/{reference}/",
    }


class HandOffSerializer(serializers.Serializer[Any]):
    """A tip in the queue of one of the token's lines. What was seen is read on the desk."""

    line = serializers.CharField(help_text="The line's code.")
    reference = serializers.CharField(help_text="The tip number that staff use.")
    priority = serializers.ChoiceField(choices=["P1", "P2", "P3", "P4"])
    is_primary = serializers.BooleanField()
    because = serializers.CharField(help_text="Why this line has it.")
    state = serializers.ChoiceField(choices=HandOff.State.choices)
    queued_at = serializers.DateTimeField()
    acknowledge_by = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    disposition = serializers.ChoiceField(
        choices=Disposition.choices, allow_blank=True, help_text="What came of it, when closed."
    )
    additions = serializers.IntegerField(
        help_text="How often the person who wrote has added to it. When it grows, read it again."
    )
    link = serializers.CharField(help_text="The tip on the desk. A person logs on there.")
    etag = serializers.CharField(help_text="Send it back in If-Match to answer.")


class HandOffPageSerializer(serializers.Serializer[Any]):
    hand_offs = HandOffSerializer(many=True)
    next = serializers.CharField(
        allow_null=True, help_text="The cursor of the next page; null on the last."
    )


class NextLineSerializer(serializers.Serializer[Any]):
    line = serializers.CharField(help_text="Its code, for `to`.")
    name = serializers.CharField()


class NextLinesSerializer(serializers.Serializer[Any]):
    next_lines = NextLineSerializer(many=True)


class DeclineSerializer(StrictSerializer):
    """Why the line does not take the tip, and who has it next. A tip is never left without one."""

    reason = StrictChoice(choices=REASONS)
    to = StrictText(max_length=40, help_text="The code of one of the next lines.")
