"""The ways by which people come to the form, and what they find answered and on top there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Way:
    """A short page for one kind of people: what to note, what never to do, where to begin."""

    code: str
    title: Words
    lead: Words
    note: tuple[Words, ...]
    never: tuple[Words, ...]
    signs: tuple[str, ...]
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_page: bool = True
    takes_pictures: bool = True


_FOLLOW = _("Do not follow anyone, and do not walk up to them.")
_ASK = _("Do not ask them what is going on while others watch.")
_TELL = _("Do not tell the person whom you suspect, or the guest, driver or boss.")
_PHOTO = _("Do not take a picture if somebody could see you do it.")

WAYS = (
    Way(
        "hotel",
        _("You work at a hotel or motel"),
        _("You see who comes, who pays and who never leaves the room. Small things count."),
        note=(
            _("The room number, and when visitors come and go"),
            _("The vehicle: color, make, plate, even a part of it"),
            _("How the room was paid, and if the same person pays for several"),
            _("What housekeeping sees, and what they are told not to see"),
        ),
        never=(_ASK, _TELL, _("Do not open a room to look. In danger call 911 first.")),
        signs=("place", "control"),
    ),
    Way(
        "driver",
        _("You drive a truck, bus, taxi or delivery car"),
        _("You are there when others are not: at night, at stops, at the back door."),
        note=(
            _("The highway, the direction and the exit or mile marker"),
            _("The vehicle: color, make, plate and state, even a part of it"),
            _("When it was, and if you saw the same before"),
            _("What was said on the radio or at your window"),
        ),
        never=(_FOLLOW, _PHOTO, _("Do not block a vehicle. In danger call 911 first.")),
        signs=("vehicle", "place"),
    ),
    Way(
        "health",
        _("You work in health care"),
        _(
            "Somebody answers for the patient, the story does not fit, the fear is plain. Tell "
            "what you saw, not who the patient is. If your work has to report by law, do that too."
        ),
        note=(
            _("Who came along and what they did"),
            _("What does not fit together in what was told"),
            _("A vehicle, a place or a phone number that was named"),
        ),
        never=(
            _ASK,
            _("Do not write a patient's name, number or record here."),
            _("Do not promise what you cannot keep. Offer help, and let them choose."),
        ),
        signs=("person", "control"),
    ),
    Way(
        "school",
        _("You are a parent or a teacher"),
        _("A new older friend, gifts, secrets, a second phone: you know when something changed."),
        note=(
            _("User names, links and apps, as they are written"),
            _("When it began, and what changed"),
            _("Who picks the child up, and in which vehicle"),
        ),
        never=(
            _("Do not punish or blame the child. It is not their fault."),
            _("Do not write to the person online in the child's name."),
            _("Do not save or send a sexual picture of anyone who may be under 18."),
        ),
        signs=("child", "online"),
    ),
    Way(
        "neighbor",
        _("You live nearby"),
        _("Something at one house, shop or corner does not look right, again and again."),
        note=(
            _("The address or the crossing, never your own address"),
            _("The days and hours at which it happens"),
            _("Vehicles that come again: color, make, plate, even a part of it"),
            _("What people did, not what they look like"),
        ),
        never=(_FOLLOW, _PHOTO, _("Do not knock at the door to find out.")),
        signs=("control", "place"),
    ),
    Way(
        "child-online",
        _("It is about a child on the internet"),
        _("There is a place for this that works day and night. Please tell them first."),
        note=(
            _("User names, links and apps, as they are written"),
            _("Day and time of what you saw"),
        ),
        never=(
            _("Do not save, copy or send a sexual picture of a child, also not to us."),
            _("Do not answer in the child's name, and do not warn the other person."),
        ),
        signs=("online", "child"),
        answers=MappingProxyType({"category": "ONLINE_CHILD_EXPLOITATION"}),
        takes_pictures=False,
    ),
    Way(
        "me",
        "",
        "",
        note=(),
        never=(),
        signs=("control", "person"),
        answers=MappingProxyType({"reporter_is_victim": "on"}),
        is_page=False,
    ),
)
PAGES = tuple(one for one in WAYS if one.is_page)
_BY_CODE = {one.code: one for one in WAYS}


def way(code: str) -> Way | None:
    return _BY_CODE.get(code)
