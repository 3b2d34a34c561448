"""Web pages that thousands share: the front of a marketplace, a city's page of an ad site, a kind
of a list. Two who name the same have nothing in common by it.

Every word of such an address stands on a closed list. What is in doubt is a page of one ad or
one account: a link too many is looked at and dismissed, one that is missing is seen by nobody.
"""

import csv
import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings

from tipintake.privacy.scrub import lexicon
from tipintake.tips import ncic

_COUNTRY = frozenset(("us", "usa", "unitedstates"))
# What follows one of these was chosen from a list.
_CHOOSES = frozenset("cities city location locations marketplace state states".split())
_KINDS = _CHOOSES | frozenset(
    "ads adult adults all browse brief categories category classified classifieds dating "
    "discover escorts explore female femaleescorts for forsale girls groups home housing "
    "indexhtml indexphp jobs latest list listings login male maleescorts massage massageparlors "
    "massages bodyrubs eroticmassage men personals popular posts rentals results sale search "
    "services signin signup trans transescorts tsescorts women en es".split()
)
# Where the first word of a path is somebody's account, and any word is somebody's.
_OF_ACCOUNTS = frozenset(
    # people and groups
    "facebook.com fb.com fb.me fb.watch messenger.com m.me instagram.com threads.com threads.net "
    "tiktok.com twitter.com x.com t.co snapchat.com linkedin.com reddit.com tumblr.com "
    "pinterest.com youtube.com youtu.be twitch.tv vk.com ok.ru bsky.app nextdoor.com tagged.com "
    "badoo.com meetme.com vimeo.com soundcloud.com flickr.com "
    # chats
    "t.me telegram.me telegram.dog telegram.org wa.me whatsapp.com discord.com discord.gg "
    "discordapp.com signal.me signal.group kik.com kik.me line.me viber.com skype.com wickr.com "
    # pay
    "cash.app cash.me paypal.com paypal.me venmo.com zellepay.com chime.com revolut.me wise.com "
    "buymeacoffee.com ko-fi.com patreon.com gofundme.com throne.com "
    # fans and cameras
    "onlyfans.com fansly.com fanvue.com loyalfans.com justfor.fans manyvids.com clips4sale.com "
    "chaturbate.com stripchat.com myfreecams.com cam4.com camsoda.com bongacams.com "
    # links in a profile, and short ones
    "linktr.ee linktree.com beacons.ai allmylinks.com bio.link bio.site biolink.to carrd.co "
    "lnk.bio campsite.bio solo.to taplink.cc taplink.at hoo.be msha.ke snipfeed.co stan.store "
    "flow.page direct.me getallmylinks.com link.me withkoji.com about.me bit.ly tinyurl.com "
    "goo.gl is.gd rebrand.ly cutt.ly".split()
)
_NOBODYS_THERE = {
    "facebook.com": frozenset(("groups", "login", "marketplace")),
    "instagram.com": frozenset(("explore",)),
}
_ORDERS = {
    "page": re.compile(r"\d{1,2}"),
    "sort": re.compile(
        r"new(est)?|old(est)?|recent|latest|date|updated|price|low(est)?|high(est)?|rating|top"
        r"|popular(ity)?|views|relevance|distance|nearest|name|title|featured|random|asc|desc"
    ),
    "order": re.compile(r"asc|desc"),
    "view": re.compile(r"list|grid|map|gallery"),
    "lang": re.compile(r"en|es"),
    "hl": re.compile(r"en|es"),
}
# States that are called like a person: only where a state is chosen.
_ALSO_NAMES = frozenset(
    "georgia montana virginia carolina dakota alberta washington indiana sonora california colima "
    "nevada".split()
)
# Large ones, which ad sites have pages for; no name that women bear.
_LARGE_CITIES = frozenset(
    "akron albany albuquerque anchorage atlanta atlanticcity baltimore batonrouge birmingham "
    "bloomington boise boston branson buffalo capegirardeau carbondale champaign charleston "
    "chattanooga chicago cincinnati cleveland coloradosprings columbia columbus davenport dayton "
    "denver desmoines detroit durham eaststlouis elpaso evansville fargo fayetteville "
    "fortlauderdale fortwayne fortworth fresno grandrapids greenbay greensboro hartford honolulu "
    "houston indianapolis jacksonville jeffersoncity joplin kansascity knoxville lasvegas "
    "lexington littlerock losangeles louisville memphis miami milwaukee minneapolis nashville "
    "neworleans newyork newyorkcity norfolk oakland oklahomacity omaha overlandpark peoria "
    "philadelphia pittsburgh portland providence raleigh reno richmond rochester rockford rolla "
    "sacramento saltlakecity sanantonio sandiego sanfrancisco sanjose seattle shreveport "
    "siouxcity siouxfalls southbend spokane springfield stjoseph stlouis stpaul syracuse tacoma "
    "tallahassee tampa toledo topeka tucson tulsa washingtondc wichita".split()
)
# Besides the given names that the scrubber knows: only where a city is chosen.
_CITIES_ALSO_NAMES = frozenset(("augusta", "berkeley", "olivette"))
_SEGMENT = re.compile(r"[\w .'+-]+")
_NUMBER = re.compile(r"\d{3}")
_PAGE = re.compile(r"\d{1,2}")


def is_shared(url: str) -> bool:
    """True of facebook.com/marketplace/stlouis and ads.example/escorts/missouri/st-louis; false
    of an ad, an account, and whatever cannot be told."""
    parts = urlsplit(url)
    route = unquote(f"{parts.path}/{parts.fragment.lstrip('!')}")
    segments = [one for one in route.split("/") if one]
    if _NUMBER.search(route) or not all(map(_SEGMENT.fullmatch, segments)):
        return False
    if not all(_orders_a_list(*one) for one in parse_qsl(parts.query, keep_blank_values=True)):
        return False
    words = [_word(one) for one in segments]
    if site := _site_of_accounts(parts.hostname or ""):
        return not words or _is_nobodys(site, words)
    return _all_shared(words)


def _orders_a_list(name: str, value: str) -> bool:
    return name in _ORDERS and _ORDERS[name].fullmatch(value) is not None


def _word(text: str) -> str:
    word = "".join(char for char in text.casefold() if char.isalnum())
    return f"st{word.removeprefix('saint')}" if word.startswith("saint") else word


def _site_of_accounts(host: str) -> str:
    labels = host.split(".")
    ends = (".".join(labels[at:]) for at in range(len(labels)))
    return next((end for end in ends if end in _OF_ACCOUNTS), "")


def _is_nobodys(site: str, words: list[str]) -> bool:
    if words[0] not in _NOBODYS_THERE.get(site, ()):
        return False
    # Groups, too, have names of their own.
    return len(words) == 1 or (words[0] == "marketplace" and _all_shared(words))


def _all_shared(words: list[str]) -> bool:
    last, state_is_chosen = "", False
    for at, word in enumerate(words):
        is_chosen = last in _CHOOSES or last in _COUNTRY
        if word in _KINDS or word in _COUNTRY:
            last = word
        elif _is_state(word, is_chosen=is_chosen, behind_the_country=last in _COUNTRY):
            last, state_is_chosen = "STATE", is_chosen
        elif (last == "STATE" or last in _CHOOSES) and _is_city(
            word, is_chosen=last in _CHOOSES or state_is_chosen
        ):
            last = "CITY"
        else:
            return last == "CITY" and at == len(words) - 1 and bool(_PAGE.fullmatch(word))
    return len(words) != 1 or last != "STATE"  # alone it may be an account


def _is_state(word: str, *, is_chosen: bool, behind_the_country: bool) -> bool:
    names, codes = _states()
    if word in names:
        return is_chosen or word not in _ALSO_NAMES
    return behind_the_country and word in codes


def _is_city(word: str, *, is_chosen: bool) -> bool:
    is_name = word in _CITIES_ALSO_NAMES or word in lexicon.given_names()
    return word in _cities() and (is_chosen or not is_name)


@cache
def _states() -> tuple[frozenset[str], frozenset[str]]:
    rows = ncic.codes("states")
    return frozenset(_word(one.label) for one in rows), frozenset(one.code.lower() for one in rows)


@cache
def _cities() -> frozenset[str]:
    """The large ones and those of the region, whose pack may be in the making."""
    try:
        return _LARGE_CITIES | _cities_of_the_region()
    except (OSError, ValueError, KeyError, csv.Error):
        return _LARGE_CITIES


def _cities_of_the_region() -> frozenset[str]:
    path = Path(settings.REGIONS_DIR) / settings.REGION / "jurisdictions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "city"]
    return frozenset(_word(row["name"]) for row in rows)
