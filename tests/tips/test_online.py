"""Links, numbers and names from ads: two copies meet, and nothing of the sender stays in them."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.tips import online, spoken, terms

WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
PALABRAS = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("HTTPS://WWW.Ads.Example:443/Ad/1/?id=5#top", "https://ads.example/Ad/1?id=5"),
        ("http://m.ads.example/Ad/1?id=5", "https://ads.example/Ad/1?id=5"),
        ("ads.example/Ad/1?id=5&utm_source=x&fbclid=1&gclid=2&igshid=3&si=4&mc_cid=5", "https://ads.example/Ad/1?id=5"),
        ("//ads.example/x", "https://ads.example/x"),
        ("http://ads.example:8080/x", "https://ads.example:8080/x"),
        ("http://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://ads.example/?b=2&a=1", "https://ads.example?a=1&b=2"),
        ("https://ads.example/#/post/1", "https://ads.example#/post/1"),
        ("https://ads.example/p?ref=1234", "https://ads.example/p?ref=1234"),
        ("https://ads.example/p?ref=homepage", "https://ads.example/p"),
        ("<https://ads.example/p>", "https://ads.example/p"),
        ("", ""),
    ],
)  # fmt: skip
def test_one_page_has_one_address(typed: str, canonical: str) -> None:
    assert online.canonical_url(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://me:secret@ads.example/p", "https://ads.example/p"),
        ("https://me%40mail.example:pw@ads.example/p", "https://ads.example/p"),
        ("https://ads.example/p?id=7&email=me@mail.example", "https://ads.example/p?id=7"),
        ("https://ads.example/p?id=7&x=me%40mail.example", "https://ads.example/p?id=7"),
        ("https://ads.example/p?session_id=99&token=abc&id=7", "https://ads.example/p?id=7"),
        ("https://ads.example/p?id=7&igsh=MyShareTag", "https://ads.example/p?id=7"),
        ("https://ads.example/p#access_token=abc", "https://ads.example/p"),
        ("https://ads.example/p#/me@mail.example", "https://ads.example/p"),
        ("https://ads.example/profile.php?uid=77", "https://ads.example/profile.php?uid=77"),
        ("https://ads.example/p?invite=joan&inviter=joan&id=7", "https://ads.example/p?id=7"),
        ("https://ads.example/p?invited_by=joan&id=7", "https://ads.example/p?id=7"),
        ("https://ads.example/p?referred_by=joan&id=7", "https://ads.example/p?id=7"),
        ("https://ads.example/p?id=7&Shared_By=joan", "https://ads.example/p?id=7"),
        ("https://ads.example/p?id=7&owner=joan", "https://ads.example/p?id=7"),
        ("https://ads.example/p?user=mia&u=mia", "https://ads.example/p?user=mia&u=mia"),
        ("https://me:pw@ads.example:99999/p", "https://ads.example:99999/p"),
        ('https://ads.example"#token=1', "https://ads.example"),
        ("https://ads.example/p;jsessionid=A1B2", "https://ads.example/p"),
        ("https://ads.example/p;v=2;JSESSIONID=A1B2/q?id=7", "https://ads.example/p;v=2/q?id=7"),
        ("https://ads.example/p?id=7;token=abc", "https://ads.example/p?id=7"),
        ("https://ads.example/#/p?token=abc", "https://ads.example/#/p"),
        ("https://ads.example/#/p?id=7&token=abc", "https://ads.example/#/p?id=7"),
    ],
)
def test_what_names_the_sender_is_taken_out(typed: str, kept: str) -> None:
    assert online.without_own_data(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("https://joan.poe:pw@ads.example/p", ["joan.poe:pw"]),
        ("https://joan@ads.example:99999/p", ["joan"]),
        ("ftp://joan:pw@ads.example/p", ["joan:pw"]),
        ("https://ads.example:8443/p?session=a1b2&id=7", ["session=a1b2"]),
        ("http://198.51.100.7/p?sid=a1b2", ["sid=a1b2"]),
        ("ads.photography/p?token=a1b2", ["token=a1b2"]),
        ("https://ads.example#access_token=a1b2", ["access_token=a1b2"]),
        ("https://ads.example/p?id=7;token=a1b2", ["token=a1b2"]),
        (
            "https://ads.example/p?id=7&amp;email=joan%40mail.example",
            ["email=joan%40mail.example"],
        ),
        ("https://ads.example/p;jsessionid=a1b2", ["jsessionid=a1b2"]),
        ("https://ads.example/@velvet?id=7#/p/1", []),
        ("he said: token=5", []),
    ],
)
def test_what_names_the_sender_is_found_in_a_sentence(typed: str, told: list[str]) -> None:
    text = f"The ad is at {typed} and she looks young."
    assert [text[start:end] for start, end in online.own_data_in(text)] == told


@pytest.mark.parametrize("typed", ["ads.example/x", "https://ads.example", "http://ads.example:8"])
def test_an_address_is_known_as_one(typed: str) -> None:
    assert online.is_url(typed)


@pytest.mark.parametrize("typed", ["", "my cousin sent it", "http://[::1", "http://x:99999/"])
def test_other_words_are_not_an_address(typed: str) -> None:
    assert not online.is_url(typed)


urls = st.builds(
    "{}{}{}/{}?{}#{}".format,
    st.sampled_from(["", "http://", "https://", "HTTP://", "//"]),
    st.sampled_from(["", "me@", "me:pw@", "a%40b.example:pw@"]),
    st.sampled_from(["ads.example", "WWW.Ads.Example", "m.ads.example:80", "bücher.example"]),
    st.text(alphabet="abcÄ/%20@.", max_size=12),
    st.text(alphabet="abc=&%@_utm.", max_size=20),
    st.text(alphabet="/!abc@.", max_size=8),
)


@given(st.one_of(urls, st.text(max_size=600)))
def test_no_address_breaks_us_and_forms_are_stable(typed: str) -> None:
    canonical = online.canonical_url(typed)
    assert online.canonical_url(canonical) == canonical
    kept = online.without_own_data(typed)
    assert online.without_own_data(kept) == kept
    assert len(canonical) <= 500
    assert len(kept) <= 500


@given(urls)
def test_credentials_and_tracking_never_survive(typed: str) -> None:
    for form in (online.canonical_url(typed), online.without_own_data(typed)):
        parts = urlsplit(form)
        assert "@" not in parts.netloc
        assert not list(online.own_data_in(form))
        assert not any(name.startswith("utm_") for name, _ in parse_qsl(parts.query))


NUMBER = "+13145550143"


@pytest.mark.parametrize(
    "typed",
    [
        "314-555-0143",
        "(314) 555.0143",
        "+1 314 555 0143",
        "1-314-555-0143",
        "314-555-0143 ext 5",
        "(3I4) 555-O143",
        "314 555 o1 4 3",
        "3 one 4 five five five 01 forty-three",
        "three-one-four 555 0143",
        "three one for five five five oh one for three",
        "threeonefour555zero143",
        "3one4five55zero143",
        "three one four, triple five, zero one four three",
        "three fourteen, five fifty five, zero one forty three",
        "tres uno cuatro 555 0143",
        "tres catorce, quinientos cincuenta y cinco, cero uno cuarenta y tres",
        "tres uno cuatro cinco cinco cinco cero uno cuatro tres",
        "Tres-Uno-Cuatro 555 01 cuarenta y tres",
        "③①④ 555 ０１４３",
        "3️⃣1️⃣4️⃣5️⃣5️⃣5️⃣0️⃣1️⃣4️⃣3️⃣",
        "3.1.4.5.5.5.0.1.4.3",
        "call 314 555 0143 or 636-555-0199",
        "tel:+13145550143",
    ],
)
def test_a_number_is_understood_however_it_is_disguised(typed: str) -> None:
    assert online.e164(typed) == NUMBER


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+52 55 5555 0143", "+525555550143"),
        ("one eight hundred 555 0143", "+18005550143"),
        ("eight hundred five five five zero one four three", "+18005550143"),
        ("seis tres seis, quinientos cincuenta y cinco, cero uno noventa y nueve", "+16365550199"),
        ("555-0143", ""),
        ("no number at all", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_other_numbers_and_no_numbers(typed: str, number: str) -> None:
    assert online.e164(typed) == number


@given(st.text(alphabet="0123456789", min_size=10, max_size=10), st.data())
def test_digits_said_in_words_are_the_digits(number: str, data: st.DataObject) -> None:
    said = " ".join(
        data.draw(st.sampled_from([digit, WORDS[int(digit)], PALABRAS[int(digit)]]))
        for digit in number
    )
    assert number in list(spoken.readings(said))


@given(
    st.one_of(st.text(max_size=300), st.text(alphabet="onetwo345 y+double hundred", max_size=200))
)
def test_no_text_breaks_the_number_reader(typed: str) -> None:
    number = online.e164(typed)
    assert online.e164(number) == number
    assert len(number) <= 16
    assert len(online.digits(typed)) <= 30


def test_an_address_may_have_as_many_parameters_as_fit() -> None:
    typed = "https://ads.example/?" + "a&" * 120 + "id=7"
    assert online.without_own_data(typed).endswith("id=7")
    assert online.canonical_url(typed)


@pytest.mark.parametrize("typed", ["http://[sweet", "https://[removed]", "https://\u2100", "//"])
def test_what_only_looks_like_an_address_has_no_host(typed: str) -> None:
    assert terms.host_of(online.canonical_url(typed)) == ""


@pytest.mark.parametrize(
    ("typed", "handle"),
    [
        ("@Sweet_Example", "sweet_example"),
        ("Sweet_Example ", "sweet_example"),
        ("https://social.example/Sweet_Example?igsh=1", "sweet_example"),
        ("social.example/@Sweet_Example/", "sweet_example"),
        ("ＳＷＥＥＴ", "sweet"),
        ("", ""),
    ],
)
def test_a_user_name_has_one_form(typed: str, handle: str) -> None:
    assert online.canonical_handle(typed) == handle


@pytest.mark.parametrize("typed", ["$ExampleTag", "exampletag", "https://pay.example/$ExampleTag"])
def test_a_payment_name_has_one_form(typed: str) -> None:
    assert online.canonical_payment_tag(typed) == "exampletag"


@given(st.text(max_size=80))
def test_forms_of_names_are_stable(typed: str) -> None:
    for form in (online.canonical_handle, online.canonical_payment_tag):
        assert form(form(typed)) == form(typed)
        assert len(form(typed)) <= 60
