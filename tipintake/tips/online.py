"""Web addresses, phone numbers, user names and payment tags in one form each. Nothing is fetched.

`without_own_data` takes out of a pasted address what can name the person who pasted it;
`canonical_url` makes two spellings of one page equal.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import phonenumbers

from tipintake.tips import spoken

_HOME_REGION = "US"
_LONGEST_URL = 500
_LONGEST_PHONE = 120
_LONGEST_NAME = 60
_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]{0,20}:(?=//|[^0-9])", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/?#@\s]{1,200}@")
_EMAIL = re.compile(r"[^\s@=&/]{1,64}(?:@|%40)[^\s@=&/]{1,190}\.[a-z]{2,24}", re.IGNORECASE)

_ADDRESS = re.compile(
    r"(?:https?://[^\s<>\"'/?#;]{1,300}|\b(?:[\w-]{1,60}\.){1,4}[a-z]{2,24}(?::\d{1,5})?)"
    r"[/?#;][^\s<>\"']{1,500}",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"[?&;#](?P<whole>(?P<name>[^=&#?;\s]{1,60})=(?P<value>[^&#;\s]{1,300}))")
_BEHIND_SEMICOLON = re.compile(r";(?P<name>[^=&#?;/\s]{1,60})=(?P<value>[^&#?;/\s]{0,300})")
_USER = re.compile(r"(?<=://)[^/?#@\s]{1,200}(?=@)")

# Parameters that say how somebody came to a page, or who shared it; never which page it is.
_TRACKING_PREFIXES = (
    "utm_", "mc_", "mkt_", "pk_", "piwik_", "matomo_", "hsa_", "oly_", "__hs", "vero_", "fb_",
    "__cft__", "share_", "sharer", "sender_", "ref_",
)  # fmt: skip
_TRACKING = frozenset((
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "gclsrc", "msclkid", "yclid", "twclid",
    "ttclid", "li_fat_id", "igshid", "igsh", "si", "s_cid", "icid", "cmpid", "ncid", "ocid",
    "referrer", "referer", "source", "feature", "spm", "scm", "_ga", "_gl", "_hsenc", "_hsmi",
    "_openstat", "wickedid", "rb_clickid", "shareid", "tt_from", "u_code", "_r", "_t",
    "is_from_webapp", "is_copy_url", "mibextid", "rdid", "trk", "trkinfo", "__tn__", "__xts__",
    "original_referer", "cvid", "pvid", "hc_ref",
))  # fmt: skip
# Parameters that can open, name or place the account or device of whoever pasted the address.
# Not `user`, `u` and `uid`: they may name the ad's own profile.
_OWN = frozenset((
    "token", "access_token", "auth", "auth_token", "authuser", "id_token", "refresh_token",
    "session", "session_id", "sessionid", "sid", "jsessionid", "phpsessid", "api_key", "apikey",
    "password", "passwd", "pwd", "pass", "secret", "signature", "sig", "email", "e-mail", "mail",
    "user_email", "viewer", "viewerid", "device_id", "deviceid", "client_id", "clientid", "ip",
    "invite", "inviter", "invited_by", "referred_by", "shared_by", "owner",
))  # fmt: skip


def canonical_url(raw: str) -> str:
    """Scheme and host in lower case, no credentials, tracking or trailing slash.

    `http` and `https`, `www.` and `m.` are made equal, so that two copies of one link match.
    An address that cannot be read comes back trimmed, never an error.
    """
    parts = _split(without_own_data(raw))
    if parts is None:
        return without_own_data(raw)
    host = _host(parts)
    for prefix in ("www.", "m.", "mobile."):
        if host.startswith(prefix) and host.count(".") > 1:
            host = host.removeprefix(prefix)
            break
    scheme = "https" if parts.scheme in {"http", "https"} else parts.scheme
    path = parts.path.rstrip("/")
    query = urlencode(sorted(_telling_parameters(parts.query)))
    return urlunsplit((scheme, host, path, query, parts.fragment))[:_LONGEST_URL]


def is_url(raw: str) -> bool:
    """True for what reads as one web address; other words in its field are free text."""
    return _split(_trimmed(raw)) is not None


def without_own_data(raw: str) -> str:
    """The address as it may be kept: no credentials, own tokens, own e-mail, tracking, fragment.

    A fragment goes unless it is a route of the page ("#/ad/123", "#!ad"): it never reaches the
    site and can hold what a browser remembered.
    """
    text = _trimmed(raw)
    parts = _split(text)
    if parts is None:
        return _CREDENTIALS.sub("//", text)[:_LONGEST_URL]
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    fragment = _PARAMETER.sub(_if_of_the_page, fragment)
    if _EMAIL.search(unquote(fragment)):
        fragment = ""
    path = _BEHIND_SEMICOLON.sub(_if_of_the_page, parts.path)
    path = quote(path, safe="/%:@!$&'()*+,;=~-._[]")
    query = urlencode(_telling_parameters(_BEHIND_SEMICOLON.sub(_if_of_the_page, parts.query)))
    netloc = parts.netloc.rpartition("@")[2]
    return _trimmed(urlunsplit((parts.scheme, netloc, path, query, fragment))[:_LONGEST_URL])


def own_data_in(text: str) -> Iterator[tuple[int, int]]:
    """Where web addresses in a text tell who shared them: who logged on, and their query."""
    for user in _USER.finditer(text):
        yield user.span()
    for address in _ADDRESS.finditer(text):
        for parameter in _PARAMETER.finditer(text, address.start(), address.end()):
            if _tells_of_its_sender(parameter):
                yield parameter.span("whole")


def e164(raw: str) -> str:
    """A phone number as +13145550143, whether typed, dotted, or spoken out. Empty when it is none.

    "3 one 4 five five five 01 forty-three", "tres uno cuatro 555 0143", "(314) 555.O143".
    """
    # Spoken first: the library would skip the words before the first numeral.
    for text in (*spoken.readings(raw), raw):
        try:
            number = phonenumbers.parse(text[:_LONGEST_PHONE], _HOME_REGION)
        except phonenumbers.NumberParseException:
            continue
        if _can_be_dialled(number):
            return _as_e164(number)
    for match in phonenumbers.PhoneNumberMatcher(
        raw[:_LONGEST_PHONE], _HOME_REGION, leniency=phonenumbers.Leniency.POSSIBLE
    ):
        if _can_be_dialled(match.number):
            return _as_e164(match.number)  # the first of several
    return ""


def digits(raw: str) -> str:
    """The bare digits of a number that is too short or too long to be dialled."""
    return next(spoken.readings(raw), "").lstrip("+")[:30]


def canonical_handle(raw: str) -> str:
    """A user name without @, case or the address of the site around it."""
    return _name(raw, signs="@.,;:")


def canonical_payment_tag(raw: str) -> str:
    """A payment name without its sign, case or the address of the service around it."""
    return _name(raw, signs="@$€£.,;:")


def _name(raw: str, *, signs: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", raw).casefold().split())
    # Once more: a letter and a mark that a space held apart have become one.
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if "/" in text:
        text = text.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    return text.strip(signs)[:_LONGEST_NAME].strip(signs)


def _can_be_dialled(number: phonenumbers.PhoneNumber) -> bool:
    """Long enough from anywhere: seven digits without an area code are not."""
    possible = phonenumbers.is_possible_number_with_reason(number)
    return bool(possible == phonenumbers.ValidationResult.IS_POSSIBLE)


def _as_e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _trimmed(raw: str) -> str:
    return "".join(char for char in raw.strip() if char.isprintable()).strip("<>\"' ")


def _split(text: str) -> SplitResult | None:
    if not text or any(char.isspace() for char in text):
        return None
    if not _SCHEME.match(text):
        text = "https://" + text.removeprefix("//")
    try:
        parts = urlsplit(text)
        return parts if _host(parts) else None
    except ValueError:
        return None


def _host(parts: SplitResult) -> str:
    """Host in ASCII with a port that is not the usual one."""
    name = (parts.hostname or "").rstrip(".")
    try:
        name = name.encode("idna").decode() if not name.isascii() else name
    except UnicodeError:
        name = quote(name)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{name}:{parts.port}" if name and parts.port not in {None, usual} else name


def _telling_parameters(query: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not _says_nothing_of_the_page(name.casefold(), value)
        and not _EMAIL.search(value)
        and not _EMAIL.search(name)
    ]


def _tells_of_its_sender(parameter: re.Match[str]) -> bool:
    name, value = unquote(parameter["name"]), unquote(parameter["value"])
    return _says_nothing_of_the_page(name.casefold(), value) or bool(_EMAIL.search(value))


def _if_of_the_page(parameter: re.Match[str]) -> str:
    return "" if _tells_of_its_sender(parameter) else parameter[0]


def _says_nothing_of_the_page(name: str, value: str) -> bool:
    if name == "ref":
        return not value.isdigit()  # a number is an ad's own reference
    return name in _TRACKING or name in _OWN or name.startswith(_TRACKING_PREFIXES)
