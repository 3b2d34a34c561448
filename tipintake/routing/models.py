"""Policies as versions, and the decision each tip received."""

from django.db import models

from tipintake.tips.models import Tip


class Policy(models.Model):
    """One version of the routing policy. A version that decided once is never changed."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        ACTIVE = "ACTIVE", "Active"
        RETIRED = "RETIRED", "Retired"

    version = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    text = models.TextField(blank=True, help_text="The rules as they were written, in TOML.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the text.")
    cases = models.TextField(blank=True, help_text="Made-up tips and what is expected of them.")
    based_on = models.PositiveIntegerField(null=True, help_text="The version it began as.")
    authors = models.JSONField(default=list, help_text="None of these may activate it.")
    changed_at = models.DateTimeField(null=True)
    simulation = models.JSONField(default=dict, help_text="What it would have changed, and when.")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="ACTIVE"),
                name="one_active_policy",
            )
        ]


class Decision(models.Model):
    """Why a tip went where it went. Never changed; a re-route writes another."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="decisions")
    decided_at = models.DateTimeField()
    policy_version = models.PositiveIntegerField()
    region_version = models.CharField(max_length=64, blank=True)
    boundaries_version = models.CharField(
        max_length=64, blank=True, help_text="Empty: no boundaries were loaded."
    )
    rule = models.CharField(max_length=4)
    rules = models.JSONField(help_text="Every acting rule, in the order of decision.")
    primary = models.CharField(max_length=40, help_text="Line code.")
    also = models.JSONField(help_text="Sorted line codes added by the acting rules.")
    priority = models.CharField(max_length=2)
    banner_911 = models.BooleanField()
    because = models.TextField(
        help_text="The reason in a sentence; quotes nothing the person wrote."
    )
    made_by = models.CharField(
        max_length=150, default="route", help_text="A step of the pipeline, or the account."
    )
    why = models.CharField(max_length=20, blank=True, help_text="Of a re-route: the reason.")
    corrected = models.JSONField(
        default=dict, help_text="Answers that staff read otherwise; the tip keeps its own."
    )
    place_outcome = models.CharField(max_length=12)
    jurisdiction = models.CharField(max_length=60, blank=True)
    place = models.JSONField(help_text="Outcome, jurisdiction, confidence, evidence, conflicts.")

    class Meta:
        indexes = [
            models.Index(fields=["rule", "decided_at"], name="decision_rule"),
            models.Index(fields=["decided_at"], name="decision_when"),
        ]
