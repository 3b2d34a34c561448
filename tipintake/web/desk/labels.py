"""Labels of choices that lower layers keep in English, marked here for whoever reads another
language: templates translate them where they show them.
"""

from django.utils.translation import gettext_noop as _

MARKED = (
    # Status
    _("New"),
    _("Screened"),
    _("Assigned"),
    _("Working"),
    _("Closed"),
    # HandOff.State
    _("Queued"),
    _("Notified"),
    _("Acknowledged"),
    _("Declined"),
    _("Transferred"),
    # Disposition
    _("Unfounded"),
    _("Prank"),
    _("Spam"),
    _("Duplicate of another tip"),
    _("Too little to act on"),
    _("Kept for information"),
    _("Person referred to services"),
    _("Referred to another agency"),
    _("Case opened"),
    _("Victim located"),
    _("Arrest"),
    _("Charged"),
    _("No action"),
    # Line.Kind
    _("City or county police"),
    _("Police of a neighbouring county"),
    _("State police"),
    _("Task force"),
    _("Child protection"),
    _("National hotline, hand-off"),
    _("Alternative for the resident, hand-off"),
    _("Service"),
    _("Own staff"),
    # strength and state of links
    _("strong"),
    _("fair"),
    _("weak"),
)
