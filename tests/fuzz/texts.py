"""Texts that people and attackers may send: their pieces, joined, broken and repeated."""

from collections.abc import Sequence

from hypothesis import strategies as st

# Each once looked harmless to some parser.
ODD = (
    *(
        '"',
        "'",
        "“",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "\x1b[31m",
        "\u2028",
        "\u200d",
        "\u202e",
        "\ufeff",
    ),
    *(
        "é",
        "e\u0301",
        "İ",
        "ß",
        "ﬀ",
        "½",
        "²",
        "١٢٣",
        "１２３",
        "Ⅷ",
        "中",
        "😀",
        "\ud800",
        "\U0010ffff",
    ),
    *(
        "%00",
        "%s",
        "{0}",
        "{{7*7}}",
        "{% load x %}",
        "${x}",
        "$(id)",
        "`id`",
        "=1+1",
        "+1",
        "-1",
        "@x",
    ),
    *(
        "'; DROP TABLE tipintake_tip; --",
        "\\",
        "\\'",
        "/*",
        "*/",
        "<script>",
        "</textarea>",
        "]]>",
    ),
    *("../../etc/passwd", "#panic()", '#read("/etc/passwd")', "$ x $", "*a*", "_b_", "@ref", "//"),
    *(
        "0",
        "00",
        "-0",
        "1e999",
        "NaN",
        "inf",
        "9" * 40,
        "2147483648",
        "32768",
        "-9223372036854775809",
    ),
)
PEOPLE = (
    *(
        "My name is Laura Benson",
        "call me at 314-555-0163",
        "l.benson@mail.example",
        "mi hermana Rosa",
    ),
    *(
        "he said",
        "I work at the motel",
        "room 214",
        "hab. 12-B",
        "plate AB1 C2D",
        "AB1*",
        "?B1 C2D",
    ),
    *(
        "@velvet.stl",
        "https://ads.example/p/1?utm_source=x&token=abc",
        "www.ads.example/?a=1",
        "$cash",
    ),
    *(
        "three one four five five five oh one forty-three",
        "tres uno cuatro 555 0143",
        "(314) 555.O143",
    ),
    *(
        "I-70 exit 219",
        "exit 228B off I 70",
        "mile marker 214.5",
        "salida 210 de la I-64",
        "hwy 40",
    ),
    *(
        "St. Louis County",
        "O'Fallon",
        "O Fallon, IL",
        "wentsville",
        "Lake St. Louis",
        "St. Charles Rd",
    ),
    *(
        "corner of Main and 5th",
        "63385",
        "63385-1234",
        "unincorporated",
        "outside city limits",
        "Mo",
    ),
    *(
        "203.0.113.9",
        "2001:db8::1",
        "every Friday",
        "FREQ=WEEKLY;BYDAY=FR",
        "2026-11-14T21:30",
        "I am held",
    ),
)
JOINTS = ("", " ", ", ", ". ", "\n", "-", ":")


def texts(
    *own: str, longest: int = 400, alphabet: st.SearchStrategy[str] | None = None
) -> st.SearchStrategy[str]:
    """Pieces of this parser's own language, of others', and characters without any."""
    pieces = st.one_of(
        st.sampled_from(own or PEOPLE), st.sampled_from((*own, *PEOPLE, *ODD)), st.text(max_size=6)
    )
    joined = st.builds(str.join, st.sampled_from(JOINTS), st.lists(pieces, max_size=12))
    repeated = st.builds(
        lambda piece, times, last: piece * times + last,
        pieces,
        st.integers(1, max(1, longest // 4)),
        pieces,
    )
    plain = st.text(alphabet or st.characters(), max_size=60)
    broken = st.builds(spliced, joined, joined, st.integers(0, 200), st.integers(0, 200))
    return st.one_of(joined, broken, repeated, plain).map(lambda text: text[:longest])


def spliced(one: str, other: str, at: int, to: int) -> str:
    return one[: at % (len(one) + 1)] + other[to % (len(other) + 1) :]


def bytes_from(
    seeds: Sequence[bytes], *tokens: bytes, longest: int = 1 << 20
) -> st.SearchStrategy[bytes]:
    """Files that were whole once: cut, with bytes changed, doubled, or other bytes put in."""
    edits = st.lists(
        st.tuples(
            st.sampled_from(("set", "cut", "put", "double", "drop")),
            st.integers(0, 1 << 30),
            st.one_of(st.sampled_from(tokens or (b"\xff",)), st.binary(max_size=8)),
        ),
        max_size=6,
    )
    return st.builds(
        lambda seed, done: edited(seed, done)[:longest], st.sampled_from(list(seeds)), edits
    )


def edited(seed: bytes, edits: Sequence[tuple[str, int, bytes]]) -> bytes:
    found = bytearray(seed)
    for how, where, put in edits:
        at = where % (len(found) + 1)
        if how == "set":
            found[at : at + len(put)] = put
        elif how == "cut":
            del found[at:]
        elif how == "put":
            found[at:at] = put
        elif how == "double":
            found[at:at] = found[at : at + 64]
        else:
            del found[at : at + 1 + where % 64]
    return bytes(found)
