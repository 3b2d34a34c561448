"""The words residents pick and the codes that rules read. Choices are not schema."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    SEX_TRAFFICKING = "SEX_TRAFFICKING", _("Someone may be forced or tricked into selling sex")
    MINOR_EXPLOITATION = "MINOR_EXPLOITATION", _("A child or teenager may be sexually exploited")
    ONLINE_CHILD_EXPLOITATION = (
        "ONLINE_CHILD_EXPLOITATION",
        _("A child may be exploited online"),
    )
    LABOR_TRAFFICKING = "LABOR_TRAFFICKING", _("Someone may be forced to work")
    COERCED_COMMERCIAL_SEX = (
        "COERCED_COMMERCIAL_SEX",
        _("Someone sells sex, and another person controls it or takes the money"),
    )
    RECRUITMENT_GROOMING = (
        "RECRUITMENT_GROOMING",
        _("Someone may be luring people with gifts, promises or a job"),
    )
    SUSPICIOUS_PLACE_PATTERN = (
        "SUSPICIOUS_PLACE_PATTERN",
        _("The same odd things keep happening at a place"),
    )
    OTHER_UNSURE = "OTHER_UNSURE", _("Something else, or I am not sure")


class Immediacy(models.TextChoices):
    NOW = "NOW", _("It is happening now")
    RECENT = "RECENT", _("In the last 24 hours")
    ONGOING = "ONGOING", _("It keeps happening")
    PAST = "PAST", _("It was a while ago, or I do not know when")


class MinorPresent(models.TextChoices):
    YES = "YES", _("Yes")
    POSSIBLY = "POSSIBLY", _("Maybe")
    NO = "NO", _("No")
    UNKNOWN = "UNKNOWN", _("I do not know")


class Basis(models.TextChoices):
    SAW = "SAW", _("I saw it")
    HEARD_DIRECT = "HEARD_DIRECT", _("I heard it myself")
    TOLD_BY_OTHER = "TOLD_BY_OTHER", _("Someone told me")
    ONLINE_ONLY = "ONLINE_ONLY", _("I saw it online only")
    INFERRED = "INFERRED", _("I put it together from several things")


class RoleInScene(models.TextChoices):
    DROPPED_OFF = "DROPPED_OFF", _("It dropped people off")
    COLLECTED = "COLLECTED", _("It picked people up")
    WATCHING = "WATCHING", _("Someone watched from it")
    PARKED = "PARKED", _("It was parked")
    LEFT_WITH_PERSON = "LEFT_WITH_PERSON", _("It left with the person")
    UNKNOWN = "UNKNOWN", _("I do not know")


class PlaceType(models.TextChoices):
    HOTEL_MOTEL = "HOTEL_MOTEL", _("Hotel or motel")
    MASSAGE_SPA = "MASSAGE_SPA", _("Massage or spa")
    SALON = "SALON", _("Nail or hair salon")
    TRUCK_STOP = "TRUCK_STOP", _("Truck stop")
    BUS_STATION = "BUS_STATION", _("Bus station")
    RESIDENCE = "RESIDENCE", _("House or apartment")
    STREET = "STREET", _("Street or parking lot")
    BAR = "BAR", _("Bar")
    CLUB = "CLUB", _("Club")
    SCHOOL = "SCHOOL", _("School")
    SHELTER = "SHELTER", _("Shelter")
    FARM = "FARM", _("Farm")
    CONSTRUCTION = "CONSTRUCTION", _("Construction site")
    FACTORY = "FACTORY", _("Factory or plant")
    RETAIL = "RETAIL", _("Store or shopping center")
    ONLINE = "ONLINE", _("Online only")
    OTHER = "OTHER", _("Other")
    UNKNOWN = "UNKNOWN", _("I do not know")


class PinSource(models.TextChoices):
    TYPED = "TYPED", _("Typed in")
    PIN = "PIN", _("Pin dropped on a map")


class SightingKind(models.TextChoices):
    INSTANT = "INSTANT", _("At one time")
    RANGE = "RANGE", _("From one time to another")
    APPROX = "APPROX", _("At about a time")
    RECURRING = "RECURRING", _("Again and again")
    UNKNOWN = "UNKNOWN", _("I do not know")


class TimesSeen(models.TextChoices):
    ONCE = "1", _("Once")
    FEW = "2-5", _("2 to 5 times")
    MANY = "6+", _("6 times or more")


class PersonRole(models.TextChoices):
    POSSIBLE_VICTIM = "POSSIBLE_VICTIM", _("May be in the situation")
    SUSPECTED_CONTROLLER = "SUSPECTED_CONTROLLER", _("Seems to be in control")
    BUYER = "BUYER", _("Seems to pay")
    DRIVER = "DRIVER", _("Drives")
    RECRUITER = "RECRUITER", _("Lures people")
    OTHER = "OTHER", _("Other")


class Sex(models.TextChoices):
    FEMALE = "FEMALE", _("Woman or girl")
    MALE = "MALE", _("Man or boy")
    OTHER = "OTHER", _("Other")
    UNKNOWN = "UNKNOWN", _("I do not know")


class Build(models.TextChoices):
    SLIM = "SLIM", _("Slim")
    MEDIUM = "MEDIUM", _("Medium")
    HEAVY = "HEAVY", _("Heavy")
    UNKNOWN = "UNKNOWN", _("I do not know")


class Platform(models.TextChoices):
    AD_SITE = "AD_SITE", _("Ad site")
    SOCIAL = "SOCIAL", _("Social network")
    DATING = "DATING", _("Dating app")
    GAME = "GAME", _("Game or game chat")
    MESSAGING = "MESSAGING", _("Messages")
    OTHER = "OTHER", _("Other")


class Status(models.TextChoices):
    NEW = "NEW", "New"
    SCREENED = "SCREENED", "Screened"
    ASSIGNED = "ASSIGNED", "Assigned"
    WORKING = "WORKING", "Working"
    CLOSED = "CLOSED", "Closed"


class Priority(models.TextChoices):
    P1 = "P1", "P1: 15 minutes"
    P2 = "P2", "P2: 4 hours"
    P3 = "P3", "P3: 1 business day"
    P4 = "P4", "P4: 5 days"


class CameBy(models.TextChoices):
    WEB = "WEB", "Web form"
    API = "API", "API"
    STAFF = "STAFF", "Taken by staff"


class Disposition(models.TextChoices):
    """What came of a tip, as the line that closes it says."""

    UNFOUNDED = "UNFOUNDED", "Unfounded"
    PRANK = "PRANK", "Prank"
    SPAM = "SPAM", "Spam"
    DUPLICATE = "DUPLICATE", "Duplicate of another tip"
    INSUFFICIENT = "INSUFFICIENT", "Too little to act on"
    INFORMATION_ONLY = "INFORMATION_ONLY", "Kept for information"
    REFERRED_SERVICES = "REFERRED_SERVICES", "Person referred to services"
    REFERRED_AGENCY = "REFERRED_AGENCY", "Referred to another agency"
    CASE_OPENED = "CASE_OPENED", "Case opened"
    VICTIM_LOCATED = "VICTIM_LOCATED", "Victim located"
    ARREST = "ARREST", "Arrest"
    CHARGED = "CHARGED", "Charged"
    NO_ACTION = "NO_ACTION", "No action"


class LegalHold(models.TextChoices):
    """Why a tip may not be purged. A closed list: the audit repeats it."""

    COURT_ORDER = "COURT_ORDER", "Court order or subpoena"
    PROSECUTION = "PROSECUTION", "A prosecutor asked to keep it"
    INVESTIGATION = "INVESTIGATION", "An open investigation needs it"
    RECORDS_REQUEST = "RECORDS_REQUEST", "A records request is pending"
    INTERNAL_REVIEW = "INTERNAL_REVIEW", "Our own handling is under review"


class Source(models.TextChoices):
    """How far the source can be relied on. Says nothing about what it said."""

    A = "A", "A: reliable"
    B = "B", "B: usually reliable"
    C = "C", "C: fairly reliable"
    D = "D", "D: not usually reliable"
    E = "E", "E: unreliable"
    F = "F", "F: cannot be judged"


class Content(models.TextChoices):
    """How far what was said holds. Says nothing about who said it."""

    ONE = "1", "1: confirmed by others"
    TWO = "2", "2: probably true"
    THREE = "3", "3: possibly true"
    FOUR = "4", "4: doubtful"
    FIVE = "5", "5: improbable"
    SIX = "6", "6: cannot be judged"


class Term(models.TextChoices):
    """What a search term is (tips/terms.py)."""

    PLATE = "plate", "Plate"
    PLATE_BACK = "etalp", "Plate from its end"
    PLATE_STATE = "pstate", "State of a plate"
    MAKE = "make", "Make"
    COLOUR = "colour", "Color"
    STYLE = "style", "Body style"
    PHONE = "phone", "Phone"
    HANDLE = "handle", "User name"
    URL = "url", "Web address"
    HOST = "host", "Web site"
    EMAIL = "email", "E-mail"
    PAYMENT = "pay", "Payment tag"
    ROOM = "room", "Room"
    WORD = "word", "Word of a place's name or street"
    VENUE = "venue", "Kind of place"
    CITY = "city", "City as typed, as the words name it, or where the tip was placed"
    ZIP = "zip", "ZIP code"
    EXIT = "exit", "Exit"
    SIGN = "sign", "Sign"
    RACE = "race", "Race as it was described"
