"""Parsers of text that need no database."""

import functools
import itertools
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from hypothesis import strategies as st

from tests.fuzz.target import Target, says_something
from tests.fuzz.texts import bytes_from, texts
from tests.privacy.scrub.test_properties import check as untouched_but_for_findings
from tipintake.api import parsers
from tipintake.api.problems import ApiProblem
from tipintake.delivery.channels import destinations
from tipintake.delivery.channels.base import PermanentFailure, TemporaryFailure
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import tickets, tokens, work
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptTypo
from tipintake.privacy.scrub import KnownEvidence, evidence_in, scrub
from tipintake.privacy.scrub.readable import readable
from tipintake.region.pack import read_pack
from tipintake.routing.decide import decide
from tipintake.routing.facts import TipFacts
from tipintake.routing.places.atlas import atlas_of
from tipintake.routing.places.exits import codes_in, highway_of
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.words import mentions_in, mentions_in_field
from tipintake.routing.policy import rulebook
from tipintake.tips import online, plates, recurrence, rooms, spoken, terms, when
from tipintake.tips.draft import LocationDraft, SightingDraft
from tipintake.tips.plate_patterns import PlatePattern
from tipintake.tips.recurrence import Pattern, RuleProblem
from tipintake.web.desk.queue import keepable, language

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
INSIDE = ("127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "192.168.1.1", "0.0.0.0")


@functools.cache
def gazetteer() -> Gazetteer:
    return read_pack(Path(settings.REGIONS_DIR) / settings.REGION).gazetteer()


# --- Whose is it? ----------------------------------------------------------------------------


def scrubbed(value: tuple[str, str]) -> None:
    text, field = value
    known = KnownEvidence(plates=(field,), ad_phones=(field,), urls=(field,), rooms=(field,))
    found = scrub(text, known=known)
    untouched_but_for_findings(text, found)
    seen = readable(found.text).text
    for piece in evidence_in(found):
        assert piece.value in seen
        online.without_own_data(piece.value)


SCRUB = Target(
    "scrub",
    st.tuples(texts(longest=4000), texts(longest=60)),
    scrubbed,
    examples=10,
)


# --- Evidence in one form --------------------------------------------------------------------


def plate(raw: str) -> None:
    one = plates.canonical(raw)
    assert plates.canonical(one) == one
    assert plates.skeleton(plates.skeleton(one)) == plates.skeleton(one)
    pattern = PlatePattern.parse(raw)
    if pattern.text:
        str(pattern.condition())
    assert pattern.known <= 20


def address(raw: str) -> None:
    own = online.without_own_data(raw)
    if online.is_url(raw) and len(own) < 500:
        assert online.without_own_data(own) == own
    one = online.canonical_url(raw)
    assert len(one) <= 500
    online.is_url(raw)
    terms.host_of(raw)
    spans = list(online.own_data_in(raw))
    assert all(0 <= start < end <= len(raw) for start, end in spans)


def number(raw: str) -> None:
    one = online.e164(raw)
    assert not one or (one[0] == "+" and one[1:].isascii() and one[1:].isdigit())
    online.digits(raw)
    online.canonical_handle(raw)
    assert online.canonical_handle(online.canonical_handle(raw)) == online.canonical_handle(raw)
    online.canonical_payment_tag(raw)
    list(spoken.readings(raw))
    rooms.canonical(raw)
    for form in (terms.words_of, terms.city_of, terms.make_of, terms.colour_of, terms.state_of):
        form(raw)


RULES = (
    *("FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=DAILY", ";BYDAY=FR,SA", ";BYDAY=1FR,-1SU", ";COUNT=5"),
    *(";INTERVAL=2", ";INTERVAL=365", ";BYMONTHDAY=31,-1", ";UNTIL=20261231", ";COUNT=1000", ";"),
    *(
        ";UNTIL=20261231T055959Z",
        "RRULE:",
        ";BYDAY=",
        ";INTERVAL=0",
        ";UNTIL=21001231",
        ";BYMONTHDAY=-31",
    ),
)


def pattern_in_time(value: tuple[str, time, int, date | None]) -> None:
    text, start, minutes, first = value
    try:
        rule = recurrence.parse(text)
    except RuleProblem as problem:
        says_something(problem)
        return
    pattern = Pattern(rule, start, minutes, CHICAGO, first)
    blocks = list(recurrence.occurrences(pattern, since=NOW, until=NOW + timedelta(days=400)))
    assert len(blocks) <= recurrence.MOST_OCCURRENCES
    assert all(one.start <= two.start for one, two in itertools.pairwise(blocks))
    assert recurrence.hours_of_week(pattern) <= set(range(168))
    said = when.said(
        SightingDraft(kind="RECURRING", rrule=text, local_start=start, duration_minutes=minutes)
    )
    assert said


def receipt(text: str) -> None:
    try:
        code = receipts.parse(text)
    except ReceiptTypo:
        return
    assert receipts.parse(code.pretty) == code
    assert receipts.parse(code.pretty.lower().replace("-", " ")) == code


def mark(text: str) -> None:
    """Form tokens, tickets and challenges that we never gave."""
    for read, refusal in (
        (lambda: tokens.check(text, now=NOW), tokens.TokenRefused),
        (lambda: tickets.read(text, now=NOW), tickets.TicketRefused),
        (lambda: work.check(text, text, now=NOW), work.WorkRefused),
    ):
        try:
            read()
        except refusal:
            continue
        raise AssertionError("taken for one of ours")


def webhook(value: tuple[str, tuple[str, ...]]) -> None:
    """No address leads inside, whatever its host's name answers."""
    url, answers = value
    try:
        there = destinations.destination(url, resolver=lambda _host, _port: answers)
    except (PermanentFailure, TemporaryFailure):
        return
    assert there.scheme == "https"
    assert not set(answers) & set(INSIDE)
    assert "\n" not in there.path + there.host_header
    assert "\r" not in there.path + there.host_header


# --- Places ----------------------------------------------------------------------------------


def words(text: str) -> None:
    found = mentions_in(text, gazetteer())
    assert found == mentions_in(text, gazetteer())
    mentions_in_field(text, gazetteer(), street=True)
    atlas = atlas_of(gazetteer())
    list(codes_in(text, atlas))
    highway_of(text, atlas)
    decide(replace(SOME_FACTS[0], mentions=found), gazetteer())


def places(value: tuple[dict[str, Any], str]) -> None:
    fields, narrative = value
    where = LocationDraft.from_mapping(fields)
    found = resolve([where], mentions_in(narrative, gazetteer()), gazetteer())
    resolve([where, where], (), gazetteer())
    for one in found.served:
        assert one.as_json()


PLACE = texts(longest=80)
LOCATIONS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("name", "street", "cross_street", "city", "zip", "exit"), PLACE),
        "state": st.sampled_from(("", "MO", "IL", "mo", "Missouri", "XX", "é")),
        "highway": st.one_of(PLACE, st.sampled_from(("I-70", "I-64", "US-40", "hwy 364"))),
        "mile_marker": st.decimals(-10, 5000, places=1),
        "lat": st.floats(),
        "lon": st.floats(),
        "accuracy_m": st.integers(-5, 2**31 - 1),
    },
)


# --- What programs and staff write -----------------------------------------------------------

JSONS = (
    *(
        b'{"category":"SUSPICIOUS_PLACE_PATTERN","narrative":"x"}',
        b'{"a":[1,2,{"b":null}]}',
        b'"x"',
    ),
    *(
        b"[" * 19 + b"]" * 19,
        b'{"a":1e-30,"b":-0,"c":1.50}',
        b'{"\xc3\xa9":"\xf0\x9f\x98\x80"}',
        b"{}",
    ),
)
JSON_TOKENS = (
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\u0000", b"\\ud800", b"NaN", b"Infinity", b"-"),
    *(
        b"1e999999999",
        b"9" * 31,
        b"\xff",
        b"\xef\xbb\xbf",
        b"\\",
        b"\x00",
        b"null",
        b'"a":1,"a":2',
    ),
)


def body(raw: bytes) -> None:
    try:
        value = parsers.read(raw)
    except ApiProblem as problem:
        says_something(problem)
        problem.sentence.encode()
        return
    assert parsers.read(raw) == value


def box(text: str) -> None:
    """What the queue's box understood it understands again as it writes it."""
    keys = ("is", "has", "city", "plate", "line", "priority", "age", "tag", "tip", "category")
    asked = language.parse(text, keys)
    for problem in asked.problems:
        assert problem
    again = language.parse(str(asked), keys)
    if not asked.problems and len(str(asked)) <= language.LONGEST:
        assert again == asked, str(asked)
    keepable.looks_like_evidence(text)
    keepable.unknown_words(asked)
    language.age(text)


BOX = (
    *(
        "is:new",
        "-is:new",
        "city:wentzville",
        "plate:AB?C*",
        "age:>2d",
        '"Sunset Inn"',
        "T-AB12-CD34",
    ),
    *(
        "line:a,b",
        'city:"st. louis"',
        "-",
        ":",
        ",",
        '"',
        "has:",
        "is:,",
        "tab12cd34",
        "priority:p1",
    ),
)


def policy(text: str) -> None:
    """Either everything that is wrong with it, or a rulebook that cannot raise."""
    try:
        book = rulebook.read(text, version=2)
    except rulebook.BadPolicy as problem:
        says_something(problem)
        return
    for facts in SOME_FACTS:
        assert decide(facts, gazetteer(), policy=book).primary


SOME_FACTS = (
    TipFacts(category="SUSPICIOUS_PLACE_PATTERN", immediacy="ONGOING", minor_present="NO"),
    TipFacts(category="LABOR_TRAFFICKING", immediacy="NOW", minor_present="YES", received=NOW),
    TipFacts(
        category="ONLINE_CHILD_EXPLOITATION",
        immediacy="PAST",
        minor_present="YES",
        codes=frozenset({"ONL_CSAM"}),
    ),
)
TOML = (
    *(
        b"[[rule]]\n",
        b"when = ",
        b"{ all = [",
        b"{ any = [",
        b"{ not = ",
        b"]",
        b"}",
        b'"',
        b"R9",
        b"=",
        b"[",
    ),
    *(
        b"field",
        b"between = [22, 4]",
        b"between = [1e400, 4]",
        b"between = [true, nan]",
        b"is = true",
        b"in = []",
    ),
    *(
        b"at_least = 99999999999999999999",
        b'has = "IMM_WEAPON"',
        b"1979-05-27",
        b"inf",
        b"''' ",
        b"\\uD800",
        b"\x00",
    ),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A name of a target and the parser of one text."""

    name: str
    law: Any
    pieces: tuple[str, ...] = ()


URLS = (
    *(
        "https://",
        "HTTP://www.",
        "ads.example",
        "/p/1",
        "?",
        "&",
        "a=1",
        "utm_source=x",
        "token=1",
        "#/ad/1",
    ),
    *(
        "user:pw@",
        "[::1]",
        ":80",
        ":99999",
        ":abc",
        "xn--",
        "é.example",
        "%zz",
        "javascript:",
        "data:",
        "&a" * 60,
    ),
    *("//", "?a&b&c", ";", "@", "l.benson%40mail.example", "..", "\u3002", "\u2100", "[", "]"),
)
FORMS = (
    Form(
        "plates", plate, ("AB1 C2D", "AB1*", "?B1", "…", "¿", "_", "ab1-c2d", "*" * 30, "?" * 30)
    ),
    Form("addresses", address, URLS),
    Form(
        "numbers",
        number,
        ("+1", "314", "555", "one", "dos", "hundred", "oh", "double", "x12", "()"),
    ),
    Form(
        "receipts", receipt, ("ABCDE-FGHJK-MNPQR-STVWX-YZ0123", "0", "O", "I", "L", "U", "-", " ")
    ),
    Form("marks", mark, ("AAAAAAAAAAAAAAAAAAAAAA", "=", "-_", "+/", "A" * 400)),
    Form("words", words),
    Form("box", box, BOX),
)

PLAIN = (
    SCRUB,
    *(Target(one.name, texts(*one.pieces, longest=1200), one.law, examples=15) for one in FORMS),
    Target("places", st.tuples(LOCATIONS, texts(longest=300)), places),
    Target(
        "patterns",
        st.tuples(
            texts(*RULES, longest=260),
            st.times(),
            st.integers(0, 10_000),
            st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2100, 1, 1))),
        ),
        pattern_in_time,
    ),
    Target(
        "webhooks",
        st.tuples(
            texts(*URLS, *INSIDE, longest=200).map(
                lambda text: text if ":" in text else f"https://{text}"
            ),
            st.lists(
                st.one_of(
                    st.sampled_from(("203.0.113.9", "93.184.216.34", "2606:2800::1", *INSIDE)),
                    st.ip_addresses().map(str),
                ),
                max_size=3,
            ).map(tuple),
        ),
        webhook,
    ),
    Target("bodies", bytes_from(JSONS, *JSON_TOKENS), body),
    Target(
        "policies",
        bytes_from([rulebook.FIRST_TEXT.encode()], *TOML).map(
            lambda raw: raw.decode("utf-8", "replace")
        ),
        policy,
        examples=10,
    ),
)
