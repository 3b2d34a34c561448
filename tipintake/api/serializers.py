"""A tip as a program sends it. Lengths and choices stand on the models; this is their shape."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tipintake.api.strict import (
    StrictBase64,
    StrictBoolean,
    StrictChoice,
    StrictLanguage,
    StrictList,
    StrictModelSerializer,
    StrictSerializer,
    StrictText,
    in_zone,
)
from tipintake.door import work
from tipintake.privacy.scrub import Verdict
from tipintake.tips import models as tips
from tipintake.tips.draft import MOST
from tipintake.tips.indicators import INDICATORS

MOST_DECISIONS = 500
SIGNS = [(one.code, one.label) for one in INDICATORS.values()]
VERDICTS = [
    (Verdict.REMOVE.value, _("Mine: take it out")),
    (Verdict.KEEP.value, _("Theirs: it is what I saw")),
    (Verdict.UNSURE.value, _("Not sure: hold it back")),
]


class VehicleSerializer(StrictModelSerializer):
    """A vehicle, as much of it as was seen."""

    class Meta:
        model = tips.Vehicle
        fields = (
            "plate_raw",
            "plate_state",
            "plate_type",
            "plate_partial",
            "year_from",
            "year_to",
            "make",
            "model",
            "style",
            "colour1",
            "colour2",
            "features",
            "role_in_scene",
        )


class LocationSerializer(StrictModelSerializer):
    """Where it was seen. Nothing of it is required."""

    class Meta:
        model = tips.Place
        fields = (
            "place_type",
            "name",
            "street",
            "unit",
            "cross_street",
            "city",
            "state",
            "zip",
            "highway",
            "direction",
            "exit",
            "mile_marker",
            "lat",
            "lon",
            "accuracy_m",
            "precision",
            "source",
        )


class SightingSerializer(StrictModelSerializer):
    """When it was seen: once, for a while, about then, or again and again."""

    class Meta:
        model = tips.Sighting
        fields = (
            "kind",
            "start",
            "end",
            "tz",
            "approx_minutes",
            "rrule",
            "local_start",
            "duration_minutes",
            "times_seen",
        )


class PersonSerializer(StrictModelSerializer):
    """Somebody who was seen; never the sender."""

    class Meta:
        model = tips.PersonDescribed
        fields = (
            "role",
            "age_from",
            "age_to",
            "looks_under_18",
            "sex",
            "height_cm",
            "build",
            "hair",
            "eyes",
            "marks",
            "clothing",
            "name_or_alias",
            "race",
        )


class OnlineSerializer(StrictModelSerializer):
    """An ad, profile, number or user name that was seen online."""

    class Meta:
        model = tips.OnlineLead
        fields = (
            "url",
            "platform",
            "handle",
            "ad_phone",
            "ad_email",
            "ad_alias",
            "payment_tag",
            "seen_at",
        )

    def validate_seen_at(self, value: datetime | None) -> datetime | None:
        return in_zone(value, timezone.get_default_timezone())


class AttachmentSerializer(StrictSerializer):
    """A picture or PDF. Only its pixels are kept; there is no field for its name."""

    content = StrictBase64(
        help_text=_(
            "JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF or PDF, at most 20 MB; together at most 25 MB."
        )
    )
    keep_claims = StrictBoolean(
        required=False,
        allow_null=True,
        help_text=_("Keep the date and place that the file itself carries. Without it they go."),
    )


class DecisionsField(serializers.DictField):
    """What the sender says of each finding that a preview showed."""

    default_error_messages = {
        "not_a_dict": _("Send an object: finding ids with remove, keep or unsure."),
        "max_length": _("These are more decisions than a tip can have findings."),
    }

    def to_internal_value(self, data: Any) -> dict[str, Verdict]:
        if not isinstance(data, dict):
            self.fail("not_a_dict", input_type=type(data).__name__)
        if len(data) > MOST_DECISIONS:
            self.fail("max_length")
        return {key: Verdict(word) for key, word in super().to_internal_value(data).items()}


class WorkSerializer(StrictSerializer):
    """A solved challenge. Never needed for a tip to be kept."""

    challenge = StrictText(
        max_length=work.LONGEST_CHALLENGE,
        help_text=_("As GET /api/v1/tips/challenge gave it."),
    )
    nonce = StrictText(max_length=64, help_text=_("What solves it: letters, digits, _ and -."))


# Fields of a tip and of what is added to one. Each serializer has a field of its own.


def _attachments() -> StrictList:
    return StrictList(
        child=AttachmentSerializer(),
        required=False,
        allow_null=True,
        max_length=MOST["attachments"],
        help_text=_(
            "Never a sexual picture of a child: with ONLINE_CHILD_EXPLOITATION or ONL_CSAM none "
            "is taken."
        ),
    )


def _decisions() -> DecisionsField:
    return DecisionsField(
        child=StrictChoice(choices=VERDICTS),
        required=False,
        allow_null=True,
        help_text=_("From a preview: finding id, and whether to remove, keep or hold it."),
    )


def _language(help_text: str | Promise) -> StrictLanguage:
    return StrictLanguage(required=False, allow_null=True, help_text=help_text)


def _receipt_of_a_tip() -> StrictText:
    return StrictText(max_length=200, help_text=_("The receipt that the tip's answer gave."))


class TipSerializer(StrictModelSerializer):
    """One tip. Only the first three fields are needed; null equals absent."""

    indicators = StrictList(
        child=StrictChoice(
            choices=SIGNS,
            error_messages={
                "invalid_choice": _(
                    "This is not a code of the list of signs, which GET /api/v1/vocabulary shows. "
                    "Take one from the list, or say it in the narrative."
                )
            },
        ),
        required=False,
        allow_null=True,
        max_length=len(INDICATORS),
        help_text=_("Codes of observable signs: see GET /api/v1/vocabulary."),
    )
    narrative = StrictText(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=tips.NARRATIVE_LIMIT,
        help_text=_("What was seen, in plain words. Never who saw it."),
    )
    language = _language(_("The language of the text: a code such as en, es-MX or fil."))
    vehicles = StrictList(
        child=VehicleSerializer(), required=False, allow_null=True, max_length=MOST["vehicles"]
    )
    locations = StrictList(
        child=LocationSerializer(), required=False, allow_null=True, max_length=MOST["locations"]
    )
    sighting = SightingSerializer(required=False, allow_null=True)
    persons = StrictList(
        child=PersonSerializer(), required=False, allow_null=True, max_length=MOST["persons"]
    )
    online = StrictList(
        child=OnlineSerializer(), required=False, allow_null=True, max_length=MOST["online"]
    )
    attachments = _attachments()
    decisions = _decisions()
    work = WorkSerializer(
        required=False,
        allow_null=True,
        help_text=_("A proof of work, for programs that send many tips."),
    )

    class Meta:
        model = tips.Tip
        fields = (
            "category",
            "immediacy",
            "minor_present",
            "basis",
            "indicators",
            "narrative",
            "reporter_is_victim",
            "police_consent",
            "wants_reward",
            "distrusts_police",
            "language",
            "vehicles",
            "locations",
            "sighting",
            "persons",
            "online",
            "attachments",
            "decisions",
            "work",
        )


class ReceiptSerializer(StrictSerializer):
    """A receipt as it was saved; spaces, hyphens and case do not matter."""

    receipt = _receipt_of_a_tip()
    language = _language(_("The language of the answer: a code such as en or es."))


class MessageSerializer(StrictSerializer):
    """More about a tip: an answer, vehicles, places, pictures; at least one of them."""

    receipt = _receipt_of_a_tip()
    text = StrictText(
        required=False,
        allow_null=True,
        allow_blank=True,
        max_length=tips.NARRATIVE_LIMIT,
        help_text=_("An answer, or what was seen since. Never who saw it."),
    )
    vehicles = StrictList(
        child=VehicleSerializer(), required=False, allow_null=True, max_length=MOST["vehicles"]
    )
    locations = StrictList(
        child=LocationSerializer(), required=False, allow_null=True, max_length=MOST["locations"]
    )
    attachments = _attachments()
    decisions = _decisions()
    preview = StrictBoolean(
        required=False,
        allow_null=True,
        help_text=_("True: show what an agency would see, and keep nothing."),
    )
    language = _language(_("The language of the answer: a code such as en or es."))


@cache
def _tip() -> TipSerializer:
    return TipSerializer()


@cache
def _receipt() -> ReceiptSerializer:
    return ReceiptSerializer()


@cache
def _message() -> MessageSerializer:
    return MessageSerializer()


def message_values(body: Any) -> Mapping[str, Any]:
    values: Mapping[str, Any] = _message().run_validation(body)
    return values


def tip_values(body: Any) -> Mapping[str, Any]:
    """The values of a tip as sent. Raises DRF's ValidationError.

    One serializer serves every request: building its fields costs more than asking them.
    """
    values: Mapping[str, Any] = _tip().run_validation(body)
    return values


def receipt_values(body: Any) -> Mapping[str, Any]:
    values: Mapping[str, Any] = _receipt().run_validation(body)
    return values
