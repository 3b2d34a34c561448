"""Observable signs: what somebody did or what could be seen, never what they looked like."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Indicator:
    code: str
    label: str | Promise
    scope: str  # any | minor | place | person | vehicle | online | labor
    severity: str  # low | medium | high | critical | emergency


_ALL = (
    Indicator(
        "CTL_ACCOMPANIED",
        _("Someone else controls the person's movement or watches them (transporter, spotter)"),
        "any",
        "high",
    ),
    Indicator(
        "CTL_SPEAKS_FOR",
        _("Another person answers for them; answers seem scripted"),
        "any",
        "medium",
    ),
    Indicator(
        "CTL_ID_HELD",
        _("Someone else holds their ID, passport, money or phone"),
        "any",
        "high",
    ),
    Indicator(
        "CTL_DEBT_QUOTA",
        _("Talk of a debt, a quota or handing over all money"),
        "any",
        "high",
    ),
    Indicator(
        "CTL_CANNOT_LEAVE",
        _("Says or shows they cannot leave; locked in; guarded"),
        "any",
        "high",
    ),
    Indicator(
        "MIN_SEX_FOR_SHELTER",
        _("Minor appears to trade sex for shelter, money or goods"),
        "minor",
        "critical",
    ),
    Indicator(
        "MIN_OLDER_CONTROLLER",
        _("Minor with a controlling older companion / older 'boyfriend'"),
        "minor",
        "high",
    ),
    Indicator(
        "MIN_IN_HOTEL",
        _("Minor alone in, or brought to, a hotel room"),
        "minor",
        "high",
    ),
    Indicator(
        "MIN_MISSING_RUNAWAY",
        _("Believed missing or runaway child"),
        "minor",
        "critical",
    ),
    Indicator(
        "MIN_GROOMING_ONLINE",
        _("Online grooming: gifts, secret contacts, requests for images, meeting planned"),
        "minor",
        "high",
    ),
    Indicator(
        "MIN_TRUANT",
        _("Minors in public when they should be in school; stopped attending"),
        "minor",
        "low",
    ),
    Indicator(
        "HTL_TRAFFIC",
        _("Constant short visits by different people to one room"),
        "place",
        "medium",
    ),
    Indicator(
        "HTL_CASH",
        _("Room paid in cash / prepaid card / extended day by day"),
        "place",
        "low",
    ),
    Indicator(
        "HTL_NO_HOUSEKEEPING",
        _("Refuses housekeeping for days"),
        "place",
        "low",
    ),
    Indicator(
        "HTL_PARAPHERNALIA",
        _("Excessive condom wrappers or similar"),
        "place",
        "low",
    ),
    Indicator(
        "HTL_MULTI_ROOM",
        _("One person reserves several rooms"),
        "place",
        "medium",
    ),
    Indicator(
        "HTL_CROWDED",
        _("Many people living in one room; few belongings"),
        "place",
        "medium",
    ),
    Indicator(
        "VIC_INJURY",
        _("Bruises, burns, injuries in several stages; inconsistent explanation"),
        "person",
        "high",
    ),
    Indicator(
        "VIC_MALNOURISHED",
        _("Malnourished, exhausted, denied medical care"),
        "person",
        "medium",
    ),
    Indicator(
        "VIC_FEAR",
        _("Fearful, avoids eye contact, defers to one person"),
        "person",
        "low",
    ),
    Indicator(
        "VIC_BRANDING",
        _("Tattoo used as branding (name, crown, barcode) seen on several people"),
        "person",
        "medium",
    ),
    Indicator(
        "VIC_DISORIENTED",
        _("Does not know where they are; moved around a lot"),
        "person",
        "medium",
    ),
    Indicator(
        "VIC_SUBSTANCE",
        _("Drugs used to control"),
        "person",
        "medium",
    ),
    Indicator(
        "VIC_LANGUAGE_ISOLATED",
        _("Isolated by language, kept from speaking to others"),
        "person",
        "low",
    ),
    Indicator(
        "VEH_DROP_PICKUP",
        _("Vehicle drops people off and collects them after 15-20 minutes"),
        "vehicle",
        "medium",
    ),
    Indicator(
        "VEH_RECURRING",
        _("Same vehicle at the same place on a pattern"),
        "vehicle",
        "low",
    ),
    Indicator(
        "TRK_CAB_KNOCKING",
        _("People going truck to truck; flashing lights; CB talk"),
        "place",
        "medium",
    ),
    Indicator(
        "MSG_LIVE_IN",
        _("Massage or spa staff live on site, are driven in and out, cannot leave"),
        "place",
        "medium",
    ),
    Indicator(
        "ONL_AD",
        _("Online ad for commercial sex with a local phone or place"),
        "online",
        "low",
    ),
    Indicator(
        "ONL_AD_YOUNG",
        _("Ad suggests a person under 18"),
        "online",
        "critical",
    ),
    Indicator(
        "ONL_RECRUIT_JOB",
        _("Fake job / modelling offer used to recruit"),
        "online",
        "medium",
    ),
    Indicator(
        "ONL_CSAM",
        _("Sexual image of a child (do not copy or upload)"),
        "online",
        "critical",
    ),
    Indicator(
        "LAB_UNPAID",
        _("Unpaid or very low pay, documents held, lives with employer"),
        "labor",
        "medium",
    ),
    Indicator(
        "LAB_CREW",
        _("Travelling sales/begging crew under control"),
        "labor",
        "low",
    ),
    Indicator(
        "IMM_VIOLENCE",
        _("Violence or assault happening now"),
        "any",
        "emergency",
    ),
    Indicator(
        "IMM_WEAPON",
        _("Weapon seen"),
        "any",
        "emergency",
    ),
    Indicator(
        "IMM_CHILD_PRESENT_NOW",
        _("A child is at the scene now"),
        "minor",
        "emergency",
    ),
    Indicator(
        "IMM_LEAVING_NOW",
        _("Being moved or driven away now"),
        "any",
        "emergency",
    ),
)

INDICATORS: dict[str, Indicator] = {one.code: one for one in _ALL}
